//! The palette: a command by its name, or one that is typed with what it needs to know.

mod view;

use super::super::Completion;
use super::fuzzy::{self, Hit};
use crate::commands::{BINDINGS, Binding, Command, PanelId, TYPINGS, Typed, Typing, typing_for};
use crate::widgets::line_edit::{Edit, LineEdit};

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
    /// What the arguments may become, as far as the panel that they are for knows it.
    known: Vec<Completion>,
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
#[derive(Clone, Debug)]
pub(super) enum Candidate {
    Binding(&'static Binding),
    Typing(&'static Typing),
    /// A typed command, what follows it, and what that is.
    Word(&'static Typing, String, String),
}

impl Candidate {
    /// What is typed to ask for it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Binding(binding) => binding.name.to_owned(),
            // What follows can be typed at once.
            Self::Typing(typing) => format!("{} ", typing.name),
            Self::Word(typing, words, _) => format!("{} {words}", typing.name),
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

    /// The typed command whose arguments are being typed, and what was typed of them.
    pub fn arguments(&self) -> Option<(&'static Typing, &str)> {
        let (typing, _) = typing_for(self.text())?;
        let (_, rest) = self.text().trim_start().split_once(char::is_whitespace)?;
        Some((typing, rest.trim_start()))
    }

    /// Takes what the arguments may become, as the panel knows it.
    pub fn know(&mut self, known: Vec<Completion>) {
        self.known = known;
    }

    pub fn edit(&mut self, edit: Edit<'_>) {
        self.edit.apply(edit);
        self.recalled = None;
        self.begin();
    }

    /// What is typed, or the candidate that is chosen, is to be done.
    pub fn enter(&mut self) -> Answer {
        let chosen = self.candidates().into_iter().nth(self.chosen);
        let Some((typing, rest)) = typing_for(self.text()) else {
            return match chosen {
                Some(Candidate::Typing(_)) => {
                    self.complete();
                    Answer::More
                }
                Some(candidate) => done(&candidate),
                None => Answer::Unknown(self.text().to_owned()),
            };
        };
        if self.is_chosen(typing, rest)
            && let Some(candidate) = chosen
        {
            return done(&candidate);
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
            let typed = self.arguments().map_or(rest, |(_, typed)| typed);
            return arguments(typing, rest, typed, &self.known);
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
}

/// What a candidate asks for.
fn done(candidate: &Candidate) -> Answer {
    match candidate {
        Candidate::Binding(binding) => Answer::Command(binding.command),
        Candidate::Typing(_) => Answer::More,
        Candidate::Word(typing, words, _) => answer(typing, words),
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

/// The words that arguments may become, what the panel knows, and other commands whose names start
/// like that: `x axis`.
fn arguments(
    typing: &'static Typing,
    rest: &str,
    typed: &str,
    known: &[Completion],
) -> Vec<(Candidate, Hit)> {
    let whole = format!("{} {rest}", typing.name);
    let hit = || Hit {
        rank: (1, 0, whole.len()),
        places: (0..whole.len()).collect(),
    };
    let begins = |word: &&str| word.starts_with(rest) && *word != rest;
    let words = typing.words_known().filter(begins);
    let words = words.map(|word| (word.to_owned(), String::new()));
    let known = known.iter().filter_map(|completion| {
        let kept = typed.get(..completion.from)?;
        let text = format!("{kept}{}", completion.text);
        (text != rest).then(|| (text, completion.words.clone()))
    });
    let words = words.chain(known);
    let words = words.map(|(text, words)| (Candidate::Word(typing, text, words), hit()));
    let named = BINDINGS.iter().filter(|b| b.name.starts_with(&whole));
    let bindings = named.map(|binding| (Candidate::Binding(binding), hit()));
    words.chain(bindings).collect()
}

#[cfg(test)]
mod tests;
