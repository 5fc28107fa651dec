//! The line that is typed into: a filter after `/`, a command after `:` with what it may become.

mod fuzzy;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::fuzzy::Hit;
use super::Context;
use crate::commands::{BINDINGS, Binding, Scope};
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::line_edit::LineEdit;
use crate::widgets::paint::{Span, clear, put_spans, put_spans_right, restyle, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// A filter that is being typed.
#[derive(Clone, Debug, Default)]
pub struct FilterPrompt {
    pub edit: LineEdit,
    /// Why the text is no filter.
    pub error: Option<String>,
    pub matches: Option<(u64, u64)>,
}

/// A command that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub edit: LineEdit,
    /// Which of the candidates is chosen.
    pub chosen: usize,
}

/// Draws the line of a filter; returns where the cursor is.
pub fn draw_filter(
    context: &Context<'_>,
    prompt: &FilterPrompt,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    clear(
        buf,
        Rect {
            height: area.height.min(1),
            ..area
        },
    );
    let theme = context.theme;
    let line = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(2),
        ..area
    };
    if line.is_empty() {
        return Position::new(area.x, area.y);
    }
    let typed = Safe::new(prompt.edit.text()).width() + 6;
    let room = usize::from(line.width).saturating_sub(typed);
    let told = told(theme, prompt, room.max(usize::from(line.width / 2)));
    let used = put_spans_right(buf, line, line.y, &told);
    let rest = Rect {
        width: line.width.saturating_sub(used + 2 * u16::from(used > 0)),
        ..line
    };
    draw_edit(theme, '/', &prompt.edit, rest, buf)
}

/// How many match, or what is wrong.
fn told(theme: &Theme, prompt: &FilterPrompt, cells: usize) -> Vec<Span> {
    if let Some(error) = &prompt.error {
        return vec![Span::new(
            Safe::new(error).elide_end(cells),
            theme.style(Role::Bad),
        )];
    }
    let Some((shown, all)) = prompt.matches else {
        return Vec::new();
    };
    let role = if shown == 0 {
        Role::Warning
    } else {
        Role::Text
    };
    let count = Span::new(safe!("{shown}/{all}"), theme.style(role));
    let quiet = theme.style(Role::Quiet);
    let key = theme.style(Role::Strong);
    let full = vec![
        Span::new("Enter", key),
        Span::new(" keep  ", quiet),
        Span::new("Esc", key),
        Span::new(" clear   ", quiet),
        count.clone(),
    ];
    if width(&full) <= cells {
        full
    } else {
        vec![count]
    }
}

/// Draws a sign and the text behind it; of a long text the part around the cursor.
fn draw_edit(theme: &Theme, sign: char, edit: &LineEdit, line: Rect, buf: &mut Buffer) -> Position {
    let sign = Span::new(safe!("{sign} "), theme.style(Role::Accent));
    let text = theme.style(Role::Text);
    let (before, after) = edit.parts();
    let room = usize::from(line.width).saturating_sub(sign.width() + 1);
    let before = before.elide_start(room);
    let after = after.elide_end(room.saturating_sub(before.width()) + 1);
    let cursor = sign.width() + before.width();
    let spans = [sign, Span::new(before, text), Span::new(after, text)];
    put_spans(buf, line.x, line.y, line.width, &spans);
    let x = line.x.saturating_add(cursor as u16);
    Position::new(x.min(line.right().saturating_sub(1)), line.y)
}

/// So many candidates are shown at once.
const MOST: u16 = 12;
const WIDEST: u16 = 90;

impl Palette {
    /// The commands that what was typed may mean, the likeliest first.
    pub fn candidates(&self) -> Vec<&'static Binding> {
        self.hits()
            .into_iter()
            .map(|(binding, _)| binding)
            .collect()
    }

    /// Types the rest of the chosen name.
    pub fn complete(&mut self) {
        if let Some(binding) = self.candidates().get(self.chosen) {
            self.edit = LineEdit::new(binding.name);
            self.chosen = 0;
        }
    }

    /// Chooses another candidate; behind the last one comes the first.
    pub fn move_choice(&mut self, step: isize) {
        let count = self.candidates().len().cast_signed();
        if count > 0 {
            let next = (self.chosen.cast_signed() + step).rem_euclid(count);
            self.chosen = next.cast_unsigned();
        }
    }

    /// Draws the palette over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let theme = context.theme;
        let hits = self.hits();
        let outside = bounds(area, hits.len());
        clear(buf, outside);
        let frame = Frame {
            title: vec![Span::new("Command", theme.style(Role::Strong))],
            bottom: vec![
                Span::new("Tab", theme.style(Role::Strong)),
                Span::new(" complete  ", theme.style(Role::Quiet)),
                Span::new("Enter", theme.style(Role::Strong)),
                Span::new(" do it", theme.style(Role::Quiet)),
            ],
            focused: true,
            ..Frame::default()
        };
        let inside = frame::draw(&frame, theme, outside, buf);
        if inside.is_empty() {
            return Position::new(area.x, area.y);
        }
        let inside = Rect {
            x: inside.x + u16::from(inside.width > 10),
            width: inside.width - 2 * u16::from(inside.width > 10),
            ..inside
        };
        let rows = usize::from(inside.height - 1);
        let top = (self.chosen + 1).saturating_sub(rows);
        if hits.is_empty() && rows > 0 {
            let words = Span::new("there is no such command", theme.style(Role::Quiet));
            put_spans(buf, inside.x, inside.y + 1, inside.width, &[words]);
        }
        for (at, (binding, hit)) in hits.iter().enumerate().skip(top).take(rows) {
            let row = Rect {
                y: inside.y + 1 + (at - top) as u16,
                height: 1,
                ..inside
            };
            draw_candidate(theme, binding, hit, row, buf);
            if at == self.chosen {
                restyle(buf, row, theme.style(Role::Cursor));
            }
        }
        draw_edit(theme, ':', &self.edit, inside, buf)
    }

    fn hits(&self) -> Vec<(&'static Binding, Hit)> {
        let mut hits: Vec<(&'static Binding, Hit)> = BINDINGS
            .iter()
            .filter_map(|b| Some((b, fuzzy::hit(self.edit.text(), b.name, b.words)?)))
            .collect();
        // Of equals the order of the table.
        hits.sort_by_key(|(_, hit)| hit.rank);
        hits
    }
}

fn bounds(area: Rect, hits: usize) -> Rect {
    let rows = (hits as u16).clamp(1, MOST);
    let (width, height) = (area.width.min(WIDEST), area.height.min(rows + 3));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 4,
        width,
        height,
    }
}

fn draw_candidate(theme: &Theme, binding: &Binding, hit: &Hit, row: Rect, buf: &mut Buffer) {
    const NAME: usize = 18;
    const KEY: usize = 12;
    let quiet = theme.style(Role::Quiet);
    let mut spans = named(theme, binding.name, &hit.places);
    spans.push(Span::new(
        Safe::default().pad_end(NAME.saturating_sub(width(&spans))),
        quiet,
    ));
    let key = Safe::fixed(binding.keys.first().copied().unwrap_or_default());
    spans.push(Span::new(key.pad_end(KEY), theme.style(Role::Strong)));
    let where_to = match binding.scope {
        Scope::Anywhere => Safe::fixed(binding.words),
        Scope::Panel(panel) => safe!("{}: {}", panel.name(), binding.words),
    };
    let room = usize::from(row.width).saturating_sub(width(&spans));
    spans.push(Span::new(where_to.elide_end(room), quiet));
    put_spans(buf, row.x, row.y, row.width, &spans);
}

/// A name with the letters that were typed marked in it.
fn named(theme: &Theme, name: &'static str, places: &[usize]) -> Vec<Span> {
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
