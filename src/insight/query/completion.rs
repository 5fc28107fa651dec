//! What a question may go on as: names that runs have, and the values under them.

use std::collections::{BTreeMap, BTreeSet};

use super::amount;
use super::subject::{FACTS, Subject, Words, fact_named, state_words};
use super::text::quoted;
use crate::insight::metric::{meaningful, series_name};
use crate::insight::{overview, value};
use crate::store::Run;

/// What a text that is being typed may go on as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// From this byte of the text on it is replaced.
    pub from: usize,
    pub text: String,
    /// What it is: `parameter`, `metric`.
    pub words: String,
}

/// No more than these runs are asked what they have: in a long list they are much alike.
const ASKED: usize = 500;
/// Nobody looks through more than these.
const MOST: usize = 200;

/// What may stand where the text ends, the likeliest first.
pub fn completions(text: &str, runs: &[Run]) -> Vec<Completion> {
    let from = last_piece(text);
    let piece = &text[from..];
    let signs = piece.char_indices().find(|(at, c)| {
        *at > 0 && (matches!(c, '=' | '<' | '>' | '~' | '!') || *c == ':' && is_fact(&piece[..*at]))
    });
    let Some((end, _)) = signs else {
        return keys(from, piece, runs);
    };
    let start = piece[end..].find(|c| !matches!(c, '=' | '<' | '>' | '~' | '!' | ':'));
    let start = end + start.unwrap_or(piece.len() - end);
    values(from + start, &piece[..end], &piece[start..], runs)
}

fn is_fact(key: &str) -> bool {
    fact_named(key).is_some()
}

/// Where the piece begins that the text ends with: behind a blank outside of quotes, an opening
/// parenthesis, a sign for the opposite.
fn last_piece(text: &str) -> usize {
    let mut start = 0;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"') => quote = Some(c),
            (None, '(' | '-' | '!') if at == start => start = at + 1,
            (None, c) if c.is_whitespace() => start = at + c.len_utf8(),
            _ => {}
        }
    }
    start
}

/// Runs from all over the list.
fn some(runs: &[Run]) -> impl Iterator<Item = &Run> {
    runs.iter().step_by(runs.len().div_ceil(ASKED).max(1))
}

fn keys(from: usize, begun: &str, runs: &[Run]) -> Vec<Completion> {
    let mut found = Found::new(from, begun);
    for fact in FACTS {
        let sign = if matches!(fact.subject, Subject::Tag) {
            ":"
        } else {
            ""
        };
        let sign = if matches!(fact.subject, Subject::State) {
            "="
        } else {
            sign
        };
        found.add(&format!("{}{sign}", fact.names[0]), fact.words);
    }
    let mut params = BTreeSet::new();
    let mut metrics = BTreeSet::new();
    for run in some(runs) {
        params.extend(run.params.values.keys().map(String::as_str));
        metrics.extend(run.metrics().flat_map(|stream| {
            let known = meaningful(run.layout, &stream.name);
            let names = stream.columns().iter();
            names.map(move |column| series_name(known, &column.key))
        }));
    }
    for key in params {
        found.add(&quoted(key), "parameter");
    }
    for name in metrics {
        found.add(&quoted(&name), "metric");
    }
    found.ranked()
}

fn values(from: usize, key: &str, begun: &str, runs: &[Run]) -> Vec<Completion> {
    let mut found = Found::new(from, begun.trim_start_matches('"'));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |text: String| *counts.entry(text).or_default() += 1;
    match fact_named(key).map(|fact| &fact.subject) {
        Some(Subject::State) => {
            state_words().for_each(|word| found.add(word, "state"));
            return found.ranked();
        }
        Some(Subject::Tag) => {
            some(runs)
                .flat_map(|run| &run.facts.tags)
                .for_each(|tag| count(tag.clone()));
        }
        Some(Subject::Words(Words::Project)) => some(runs).map(overview::project).for_each(count),
        Some(Subject::Words(Words::Name)) => some(runs).map(overview::name).for_each(count),
        Some(Subject::Words(Words::Host)) => {
            some(runs)
                .filter_map(|run| run.facts.host.clone())
                .for_each(count);
        }
        Some(_) => return Vec::new(),
        None => {
            let ends = |held: &str| {
                held == key || held.strip_suffix(key).is_some_and(|h| h.ends_with('.'))
            };
            let held = some(runs).flat_map(|run| {
                let exact = run.params.values.get_key_value(key);
                let others = run
                    .params
                    .values
                    .iter()
                    .filter(move |(held, _)| exact.is_none() && ends(held));
                exact.into_iter().chain(others)
            });
            held.map(|(_, param)| value::text(&param.value))
                .filter(|text| text.len() < 80)
                .for_each(count);
        }
    }
    for (text, count) in counts {
        let runs = if count == 1 { "run" } else { "runs" };
        let is_number = amount::number(&text).is_some();
        let text = if is_number {
            text.into()
        } else {
            quoted(&text)
        };
        found.add(&text, &format!("{count} {runs}"));
    }
    found.ranked()
}

/// What goes on as it was begun: first what starts so, then what has it in it.
struct Found {
    from: usize,
    begun: String,
    /// What is begun is whole already: it is not to be replaced unasked.
    whole: Option<Completion>,
    all: Vec<(bool, Completion)>,
}

impl Found {
    fn new(from: usize, begun: &str) -> Self {
        Self {
            from,
            begun: begun.to_lowercase(),
            whole: None,
            all: Vec::new(),
        }
    }

    fn add(&mut self, text: &str, words: &str) {
        let lower = text.trim_start_matches('"').to_lowercase();
        if lower.contains(&self.begun) && self.all.len() < 10 * MOST {
            let completion = Completion {
                from: self.from,
                text: text.to_owned(),
                words: words.to_owned(),
            };
            if lower == self.begun {
                self.whole.get_or_insert(completion);
                return;
            }
            self.all.push((!lower.starts_with(&self.begun), completion));
        }
    }

    fn ranked(mut self) -> Vec<Completion> {
        self.all.sort_by_key(|(within, _)| *within);
        let all = self.all.into_iter().map(|(_, completion)| completion);
        let whole = self.whole.filter(|_| all.len() > 0);
        whole.into_iter().chain(all).take(MOST).collect()
    }
}
