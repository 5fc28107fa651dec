//! The palette: a command by its name, or one that is typed with what it needs to know.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::Context;
use super::draw_edit;
use super::fuzzy::{self, Hit};
use crate::commands::{
    BINDINGS, Binding, Command, PanelId, Scope, TYPINGS, Typed, Typing, typing_for,
};
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::line_edit::{Edit, LineEdit};
use crate::widgets::paint::{Span, clear, put_spans, restyle, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// A command that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    edit: LineEdit,
    /// Which of the candidates is chosen.
    chosen: usize,
    /// Somebody chose it: it is not only the first.
    moved: bool,
    /// What is typed was to be done, and could not be.
    refused: bool,
    /// What was typed before, the newest last, and which of it is typed again.
    past: Vec<String>,
    recalled: Option<usize>,
}

/// What is to be done with what was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Command(Command),
    Typed {
        panel: PanelId,
        typed: Typed,
        text: String,
    },
    /// More must be typed first.
    More,
    /// There is no such command.
    Unknown(String),
}

/// What the text may become.
#[derive(Clone, Copy, Debug)]
pub(super) enum Candidate {
    Binding(&'static Binding),
    Typing(&'static Typing),
    /// A typed command and one of the words that it knows.
    Word(&'static Typing, &'static str),
}

/// So many candidates are shown at once.
const MOST: u16 = 12;
const WIDEST: u16 = 90;
/// Cells of a name, and of the keys or arguments behind it.
const NAME: usize = 18;
const KEY: usize = 12;

impl Candidate {
    /// What is typed to ask for it.
    pub(super) fn text(self) -> String {
        match self {
            Self::Binding(binding) => binding.name.to_owned(),
            // What follows can be typed at once.
            Self::Typing(typing) => format!("{} ", typing.name),
            Self::Word(typing, word) => format!("{} {word}", typing.name),
        }
    }
}

impl Palette {
    /// `past` is what was typed before, the newest last.
    pub fn new(past: Vec<String>) -> Self {
        Self {
            past,
            ..Self::default()
        }
    }

    pub fn text(&self) -> &str {
        self.edit.text()
    }

    pub fn edit(&mut self, edit: Edit<'_>) {
        self.edit.apply(edit);
        self.recalled = None;
        self.begin();
    }

    /// What is typed, or the candidate that is chosen, is to be done.
    pub fn enter(&mut self) -> Answer {
        let candidates = self.candidates();
        let chosen = candidates.get(self.chosen).copied();
        let Some((typing, rest)) = typing_for(self.text()) else {
            return match chosen {
                Some(Candidate::Typing(_)) => {
                    self.complete();
                    Answer::More
                }
                Some(candidate) => done(candidate),
                None => Answer::Unknown(self.text().to_owned()),
            };
        };
        if self.is_chosen(typing, rest)
            && let Some(candidate) = chosen
        {
            return done(candidate);
        }
        let answer = answer(typing, rest);
        self.refused = answer == Answer::More;
        answer
    }

    /// Types the rest of the candidate that is chosen.
    pub fn complete(&mut self) {
        if let Some(candidate) = self.candidates().get(self.chosen) {
            self.edit = LineEdit::new(&candidate.text());
            self.begin();
        }
    }

    /// The candidate above; on an empty line what was typed before.
    pub fn up(&mut self) {
        let older = match self.recalled {
            Some(at) => Some(at.saturating_sub(1)),
            None if self.text().is_empty() => self.past.len().checked_sub(1),
            None => None,
        };
        match older {
            Some(at) => self.recall(Some(at)),
            None => self.move_choice(-1),
        }
    }

    /// The candidate below; what was typed later, where that is looked through.
    pub fn down(&mut self) {
        match self.recalled {
            Some(at) => self.recall(Some(at + 1).filter(|at| *at < self.past.len())),
            None => self.move_choice(1),
        }
    }

    /// Chooses another candidate; behind the last one comes the first.
    pub fn move_choice(&mut self, step: isize) {
        let count = self.candidates().len().cast_signed();
        if count > 0 {
            // Where nothing is chosen yet, the first one is.
            let typing = typing_for(self.text());
            let known = typing.is_none_or(|(typing, rest)| self.is_chosen(typing, rest));
            let step = if known || step < 0 { step } else { step - 1 };
            let next = (self.chosen.cast_signed() + step).rem_euclid(count);
            self.chosen = next.cast_unsigned();
            self.moved = true;
        }
    }

    /// What was typed may mean, the likeliest first.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        self.hits().into_iter().map(|(hit, _)| hit).collect()
    }

    fn begin(&mut self) {
        (self.chosen, self.moved, self.refused) = (0, false, false);
    }

    fn recall(&mut self, at: Option<usize>) {
        let text = at.and_then(|at| self.past.get(at));
        self.edit = text.map_or_else(LineEdit::default, |text| LineEdit::new(text));
        self.recalled = at;
        self.begin();
    }

    /// Whether the chosen candidate is what is meant, and not what was typed: somebody chose it, or
    /// what was typed is the start of it and nothing else.
    fn is_chosen(&self, typing: &Typing, rest: &str) -> bool {
        self.moved || !rest.is_empty() && (typing.parse)(rest).is_err() && !self.hits().is_empty()
    }

    fn hits(&self) -> Vec<(Candidate, Hit)> {
        let text = self.text();
        if let Some((typing, rest)) = typing_for(text) {
            return arguments(typing, rest);
        }
        let binding = |b: &'static Binding| {
            let hit = fuzzy::hit(text, b.name, b.words)?;
            Some((Candidate::Binding(b), hit))
        };
        let typing = |t: &'static Typing| {
            let hit = fuzzy::hit(text, t.name, t.words)?;
            Some((Candidate::Typing(t), hit))
        };
        let bindings = BINDINGS.iter().filter_map(binding);
        let mut hits: Vec<_> = bindings.chain(TYPINGS.iter().filter_map(typing)).collect();
        // Of equals the order of the tables.
        hits.sort_by_key(|(_, hit)| hit.rank);
        hits
    }

    /// Draws the palette over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let theme = context.theme;
        let hits = self.hits();
        let typing = typing_for(self.text());
        // A typed command has a line for what it expects, and one for what is wrong.
        let told = if typing.is_some() { 2 } else { 0 };
        let outside = bounds(area, hits.len() as u16, told);
        // A blank at both sides: the words behind it end visibly.
        let around = Rect {
            x: outside.x.saturating_sub(1),
            width: outside.width.saturating_add(2),
            ..outside
        };
        clear(buf, around.intersection(area));
        let inside = frame::draw(&self.frame(theme), theme, outside, buf);
        if inside.is_empty() {
            return Position::new(area.x, area.y);
        }
        let inside = Rect {
            x: inside.x + u16::from(inside.width > 10),
            width: inside.width - 2 * u16::from(inside.width > 10),
            ..inside
        };
        let told = told.min(inside.height - 1);
        if let Some((typing, rest)) = typing {
            let lines = [usage(theme, typing), vec![self.wrong(theme, typing, rest)]];
            let rows = (inside.y + 1..=inside.y + told).zip(lines);
            for (y, line) in rows {
                put_elided(buf, Rect { y, ..inside }, line);
            }
        }
        let list = Rect {
            y: inside.y + 1 + told,
            height: inside.height - 1 - told,
            ..inside
        };
        if hits.is_empty() && typing.is_none() && list.height > 0 {
            let words = Span::new("there is no such command", theme.style(Role::Quiet));
            put_spans(buf, list.x, list.y, list.width, &[words]);
        }
        let chosen = typing.is_none_or(|(typing, rest)| self.is_chosen(typing, rest));
        self.draw_hits(theme, &hits, chosen, list, buf);
        draw_edit(theme, ':', &self.edit, inside, buf)
    }

    fn draw_hits(
        &self,
        theme: &Theme,
        hits: &[(Candidate, Hit)],
        chosen: bool,
        list: Rect,
        buf: &mut Buffer,
    ) {
        let rows = usize::from(list.height);
        let top = (self.chosen + 1).saturating_sub(rows);
        for (at, (candidate, hit)) in hits.iter().enumerate().skip(top).take(rows) {
            let row = Rect {
                y: list.y + (at - top) as u16,
                height: 1,
                ..list
            };
            put_elided(buf, row, spans(theme, *candidate, hit));
            if at == self.chosen && chosen {
                restyle(buf, row, theme.style(Role::Cursor));
            }
        }
    }

    fn frame(&self, theme: &Theme) -> Frame {
        let (key, quiet) = (theme.style(Role::Strong), theme.style(Role::Quiet));
        let mut bottom = Vec::new();
        if self.text().is_empty() && !self.past.is_empty() {
            bottom.extend([Span::new("↑", key), Span::new(" again  ", quiet)]);
        }
        bottom.extend([
            Span::new("Tab", key),
            Span::new(" complete  ", quiet),
            Span::new("Enter", key),
            Span::new(" do it", quiet),
        ]);
        Frame {
            title: vec![Span::new("Command", theme.style(Role::Strong))],
            bottom,
            focused: true,
            ..Frame::default()
        }
    }

    /// What is wrong with what follows the name, as far as that can be known yet.
    fn wrong(&self, theme: &Theme, typing: &Typing, rest: &str) -> Span {
        let error = (typing.parse)(rest).err();
        let error = error.filter(|_| self.refused || !rest.is_empty() && self.hits().is_empty());
        let words = match error {
            Some(_) if rest.is_empty() => safe!("{} needs to know more", typing.name),
            Some(error) => Safe::new(&error),
            None => Safe::default(),
        };
        let role = if self.refused {
            Role::Bad
        } else {
            Role::Warning
        };
        Span::new(words, theme.style(role))
    }
}

/// What a candidate asks for.
fn done(candidate: Candidate) -> Answer {
    match candidate {
        Candidate::Binding(binding) => Answer::Command(binding.command),
        Candidate::Typing(_) => Answer::More,
        Candidate::Word(typing, word) => answer(typing, word),
    }
}

/// What a typed command and its arguments ask for.
fn answer(typing: &Typing, rest: &str) -> Answer {
    match (typing.parse)(rest) {
        Ok(typed) => Answer::Typed {
            panel: typing.panel,
            typed,
            text: format!("{} {rest}", typing.name),
        },
        Err(_) => Answer::More,
    }
}

/// The words that arguments may become, and other commands whose names start like that: `x axis`.
fn arguments(typing: &'static Typing, rest: &str) -> Vec<(Candidate, Hit)> {
    let typed = format!("{} {rest}", typing.name);
    let hit = || Hit {
        rank: (1, 0, typed.len()),
        places: (0..typed.len()).collect(),
    };
    let begins = |word: &&str| word.starts_with(rest) && *word != rest;
    let words = typing.words_known().filter(begins);
    let words = words.map(|word| (Candidate::Word(typing, word), hit()));
    let named = BINDINGS.iter().filter(|b| b.name.starts_with(&typed));
    let bindings = named.map(|binding| (Candidate::Binding(binding), hit()));
    words.chain(bindings).collect()
}

fn bounds(area: Rect, hits: u16, told: u16) -> Rect {
    // There is always a line to say that nothing was found.
    let rows = hits.clamp(u16::from(told == 0), MOST) + told;
    let (width, height) = (area.width.min(WIDEST), area.height.min(rows + 3));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 4,
        width,
        height,
    }
}

/// Draws a line; of its last piece as much as there is room for.
fn put_elided(buf: &mut Buffer, row: Rect, mut line: Vec<Span>) {
    if let Some(mut last) = line.pop() {
        let room = usize::from(row.width).saturating_sub(width(&line));
        last.text = last.text.elide_end(room);
        line.push(last);
    }
    put_spans(buf, row.x, row.y, row.width, &line);
}

fn usage(theme: &Theme, typing: &Typing) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    vec![
        Span::new(typing.name, theme.style(Role::Strong)),
        Span::new(" ", quiet),
        Span::new(typing.usage, theme.style(Role::Text)),
        Span::new("  ", quiet),
        Span::new(typing.words, quiet),
    ]
}

fn spans(theme: &Theme, candidate: Candidate, hit: &Hit) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    let strong = theme.style(Role::Strong);
    match candidate {
        Candidate::Binding(binding) => {
            let mut spans = named(theme, binding.name, &hit.places);
            pad(theme, &mut spans, NAME);
            let key = Safe::fixed(binding.keys.first().copied().unwrap_or_default());
            spans.push(Span::new(key.pad_end(KEY), strong));
            let where_to = match binding.scope {
                Scope::Anywhere => Safe::fixed(binding.words),
                Scope::Panel(panel) => safe!("{}: {}", panel.name(), binding.words),
            };
            spans.push(Span::new(where_to, quiet));
            spans
        }
        Candidate::Typing(typing) => {
            let mut spans = named(theme, typing.name, &hit.places);
            spans.push(Span::new(" ", quiet));
            spans.push(Span::new(typing.usage, theme.style(Role::Text)));
            pad(theme, &mut spans, NAME + KEY);
            let words = safe!("{}: {}", typing.panel.name(), typing.words);
            spans.push(Span::new(words, quiet));
            spans
        }
        Candidate::Word(..) => named(theme, &candidate.text(), &hit.places),
    }
}

/// Blanks up to a column; at least one.
fn pad(theme: &Theme, spans: &mut Vec<Span>, cells: usize) {
    let blanks = cells.saturating_sub(width(spans)).max(1);
    let blanks = Safe::default().pad_end(blanks);
    spans.push(Span::new(blanks, theme.style(Role::Quiet)));
}

/// A name with the letters that were typed marked in it.
fn named(theme: &Theme, name: &str, places: &[usize]) -> Vec<Span> {
    let style = |marked| theme.style(if marked { Role::Match } else { Role::Text });
    let mut spans: Vec<(String, bool)> = Vec::new();
    for (at, c) in name.char_indices() {
        let marked = places.contains(&at);
        match spans.last_mut() {
            Some((text, same)) if *same == marked => text.push(c),
            _ => spans.push((c.to_string(), marked)),
        }
    }
    let span = |(text, marked): (String, bool)| Span::new(Safe::new(&text), style(marked));
    spans.into_iter().map(span).collect()
}

#[cfg(test)]
mod tests;
