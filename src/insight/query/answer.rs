//! What a run answers: yes, no, or that nobody knows yet.

use std::borrow::Cow;

use super::subject::{Count, Named, Part, Span, Subject, Words};
use super::text::{occurs, same};
use super::{Asked, Compare, Node, Sign, Wanted, meaning};
use crate::insight::compare::Brief;
use crate::insight::health::State;
use crate::insight::metric::{Metric, meaningful};
use crate::insight::overview::{self, Overview, Primary};
use crate::insight::progress::{Counted, Progress};
use crate::insight::{series, value};
use crate::record::{Level, StreamKind, Value};
use crate::store::{Column, Run};

/// Nothing while nobody knows.
type Known<T> = Option<T>;

pub(super) fn answer(node: &Node, asked: &Asked<'_>) -> Option<bool> {
    match node {
        Node::All(parts) => decided(parts, asked, false),
        Node::Any(parts) => decided(parts, asked, true),
        Node::Not(part) => answer(part, asked).map(|yes| !yes),
        Node::Word(word) => said(asked, |text| occurs(word, text)),
        Node::Pattern(pattern) => said(asked, |text| pattern.is_in(text)),
        Node::Compare(compare) => compared(compare, asked),
    }
}

/// One part that answers `deciding` decides; what nobody knows leaves it open.
fn decided(parts: &[Node], asked: &Asked<'_>, deciding: bool) -> Option<bool> {
    let mut sum = Some(!deciding);
    for part in parts {
        match answer(part, asked) {
            Some(yes) if yes == deciding => return Some(deciding),
            Some(_) => {}
            None => sum = None,
        }
    }
    sum
}

/// Whether it is found in the words of the run, or in what is said of its state.
fn said(asked: &Asked<'_>, is_in: impl Fn(&str) -> bool) -> Option<bool> {
    if is_in(asked.words) || asked.run.gone && is_in("gone") {
        return Some(true);
    }
    Some(is_in(asked.state()?.name()))
}

fn compared(compare: &Compare, asked: &Asked<'_>) -> Option<bool> {
    let run = asked.run;
    let words = |text: &str| Some(of_text(compare, text));
    match &compare.subject {
        Subject::State => state(compare, asked),
        Subject::Tag => {
            let mut tags = run.facts.tags.iter();
            Some(match compare.sign {
                Sign::IsNot => tags.all(|tag| of_text(compare, tag)),
                Sign::Has => tags.any(|tag| is_tag(compare, tag)),
                _ => tags.any(|tag| of_text(compare, tag)),
            })
        }
        Subject::Words(fact) => match (fact, asked.overview) {
            (Words::Name, Some(overview)) => words(&overview.name),
            (Words::Name, None) => words(&overview::name(run)),
            (Words::Project, Some(overview)) => words(&overview.project),
            (Words::Project, None) => words(&overview::project(run)),
            (Words::Path, _) => match run.place.shown.to_str() {
                Some(path) => words(path),
                None => words(&value::path(&run.place.shown)),
            },
            (Words::Host, _) => match &run.facts.host {
                Some(host) => words(host),
                None => Some(missing(compare)),
            },
        },
        Subject::Count(count) => Some(of_number(compare, counted(*count, asked)?)),
        Subject::Span(span) => Some(of_number(compare, lasted(*span, asked)?)),
        Subject::Named(named) => of_named(compare, named, asked),
    }
}

/// The start of a word is enough: it may still be typed.
fn state(compare: &Compare, asked: &Asked<'_>) -> Option<bool> {
    let is = |word: &str| match &compare.wanted {
        Wanted::Text(text) => word.starts_with(text.as_str()),
        Wanted::Pattern(pattern) => pattern.is_in(word),
        Wanted::Anything | Wanted::Number(..) => true,
    };
    let gone = asked.run.gone && is("gone");
    let yes = gone || is(asked.state()?.name());
    Some(yes != (compare.sign == Sign::IsNot))
}

/// `tag:cifar` is a whole tag, too.
fn is_tag(compare: &Compare, tag: &str) -> bool {
    match &compare.wanted {
        Wanted::Text(text) => same(text, tag),
        _ => of_text(compare, tag),
    }
}

/// What is there says nothing of the kind: only `!=` is true of it.
fn missing(compare: &Compare) -> bool {
    compare.sign == Sign::IsNot
}

fn of_text(compare: &Compare, text: &str) -> bool {
    let is = match &compare.wanted {
        Wanted::Anything => !text.is_empty(),
        Wanted::Pattern(pattern) => pattern.is_in(text),
        Wanted::Text(wanted) if compare.sign == Sign::Has => occurs(wanted, text),
        Wanted::Text(wanted) => same(wanted, text) || ends_with(text, wanted, &compare.subject),
        Wanted::Number(_, typed) => typed.eq_ignore_ascii_case(text),
    };
    is != (compare.sign == Sign::IsNot)
}

/// `vision` is the project `alice/vision`, too.
fn ends_with(text: &str, wanted: &str, subject: &Subject) -> bool {
    let is_path = matches!(subject, Subject::Words(Words::Project | Words::Path));
    let start = text.len().checked_sub(wanted.len() + 1).filter(|_| is_path);
    start.is_some_and(|start| {
        text.as_bytes()[start] == b'/' && text.get(start + 1..).is_some_and(|end| same(wanted, end))
    })
}

fn of_number(compare: &Compare, held: Option<f64>) -> bool {
    let Some(held) = held else {
        return missing(compare);
    };
    match &compare.wanted {
        Wanted::Anything => compare.sign != Sign::IsNot,
        Wanted::Number(wanted, _) => stands(held, compare.sign, *wanted),
        Wanted::Pattern(pattern) => {
            let is = pattern.is_in(&crate::insight::number::exact(held));
            is != (compare.sign == Sign::IsNot)
        }
        Wanted::Text(_) => compare.sign == Sign::IsNot,
    }
}

/// NaN is NaN here, and neither above nor below anything.
fn stands(held: f64, sign: Sign, wanted: f64) -> bool {
    let is = held == wanted || held.is_nan() && wanted.is_nan();
    match sign {
        Sign::Is | Sign::Has | Sign::Like => is,
        Sign::IsNot => !is,
        Sign::Below => held < wanted,
        Sign::AtMost => held <= wanted,
        Sign::Above => held > wanted,
        Sign::AtLeast => held >= wanted,
    }
}

fn highest_step(run: &Run) -> Option<f64> {
    let steps = run.metrics().filter_map(crate::store::Stream::max_step);
    steps.reduce(f64::max)
}

/// A number of the run, if it has one; nothing at all while nobody knows.
fn counted(count: Count, asked: &Asked<'_>) -> Known<Option<f64>> {
    let logs = &asked.run.logs;
    let level = |level: Level| logs.levels[level as usize] as f64;
    Some(match count {
        Count::Epoch => {
            let progress = asked.progress()?;
            (progress.unit == Counted::Epochs).then_some(progress.done)
        }
        Count::Progress => {
            let progress = asked.progress()?;
            let planned = progress.planned.filter(|all| *all > 0.0);
            planned.map(|all| progress.done / all)
        }
        Count::Nan => Some(asked.of(|overview| overview.nan, |brief| brief.nan)? as f64),
        Count::Infinite => Some(asked.of(|o| o.infinite, |brief| brief.infinite)? as f64),
        Count::Warnings => Some(level(Level::Warn)),
        Count::Errors => Some(level(Level::Error) + level(Level::Fatal)),
        Count::Lines => Some(logs.lines as f64),
        Count::Best => asked.primary()?.and_then(|primary| primary.best),
        Count::Last => asked.primary()?.and_then(|primary| primary.last),
        Count::Rows => Some(asked.run.rows() as f64),
        Count::Step => highest_step(asked.run),
    })
}

/// As [`counted`], in seconds.
fn lasted(span: Span, asked: &Asked<'_>) -> Known<Option<f64>> {
    let last_sign = asked.of(|overview| overview.last_sign, |brief| brief.last_sign)?;
    Some(match span {
        Span::Age => last_sign.map(|at| asked.now - at),
        Span::Duration => {
            let ended = asked.of(|overview| overview.ended, |brief| brief.ended)?;
            let started = asked.of(|overview| overview.started, |brief| brief.started)?;
            ended.or(last_sign).zip(started).map(|(to, from)| to - from)
        }
        // What does not run does not arrive.
        Span::Eta => {
            let running = asked.state()? == State::Running;
            asked.progress()?.eta.filter(|_| running)
        }
    })
}

impl<'a> Asked<'a> {
    /// What an overview says, or what is known in brief.
    fn of<T>(
        &self,
        overview: impl Fn(&'a Overview) -> T,
        brief: impl Fn(&'a Brief) -> T,
    ) -> Option<T> {
        let known = self.overview.map(overview);
        known.or_else(|| self.glance.map(|glance| brief(glance.brief)))
    }

    fn state(&self) -> Option<State> {
        self.of(|overview| overview.state, |brief| brief.state)
    }

    fn progress(&self) -> Option<&'a Progress> {
        self.of(|overview| &overview.progress, |brief| &brief.progress)
    }

    fn primary(&self) -> Known<Option<&'a Primary>> {
        self.of(|o| o.primary.as_ref(), |brief| brief.primary.as_ref())
    }

    /// The series that a name means; nothing while nobody knows.
    fn column(&self, named: &Named, wanted: &Metric) -> Known<Option<&'a Column>> {
        let run = self.run;
        if let Some(overview) = self.overview {
            return Some(named.meanings.column(wanted, &overview.names, run));
        }
        let words = self.glance?.words;
        let streams = run.streams.iter().enumerate();
        let metrics = streams
            .filter(|(_, stream)| stream.kind == StreamKind::Metric)
            .flat_map(|(at, stream)| {
                let name = meaningful(run.layout, &stream.name);
                let columns = stream.columns().iter().enumerate();
                columns.map(move |(column, of)| (at, column, words.known(name, &of.key)))
            });
        Some(meaning::column_among(wanted, metrics, run))
    }
}

/// What stands under a name.
#[derive(Clone, Copy, Debug)]
enum Found<'a> {
    Value(&'a Value),
    Number(Option<f64>),
    Nothing,
}

fn of_named(compare: &Compare, named: &Named, asked: &Asked<'_>) -> Option<bool> {
    Some(match found(named, asked, compare.sign.is_order())? {
        Found::Value(value) => of_value(compare, value),
        Found::Number(held) => of_number(compare, held),
        Found::Nothing => missing(compare),
    })
}

/// A parameter of this name, or the only one whose last parts have it; else a metric. Where more or
/// less is asked for, a parameter that is no number is not meant: `loss: mse`.
fn found<'a>(named: &Named, asked: &Asked<'a>, ordered: bool) -> Option<Found<'a>> {
    let param = named.meanings.param(&named.param, &asked.run.params);
    // Who names the data means a metric before the end of a parameter's name.
    let of_data = named.metric.as_ref().filter(|(m, _)| m.split.is_some());
    let is_whole = param.is_some_and(|param| param.is_whole);
    if let (false, Some((metric, part))) = (is_whole, of_data)
        && let Some(Some(column)) = asked.column(named, metric)
    {
        return Some(Found::Number(of_column(column, *part)));
    }
    let param = param.map(|param| param.value);
    if let Some(value) = param.filter(|value| !ordered || is_number(value)) {
        return Some(Found::Value(value));
    }
    let Some((metric, part)) = &named.metric else {
        return Some(Found::Nothing);
    };
    Some(match (asked.column(named, metric)?, param) {
        (Some(column), _) => Found::Number(of_column(column, *part)),
        (None, Some(value)) => Found::Value(value),
        (None, None) => Found::Nothing,
    })
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Text(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

/// What a run has under a name, to be put in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held {
    Number(f64),
    /// In lower case.
    Text(String),
}

pub(super) fn held(subject: &Subject, asked: &Asked<'_>) -> Option<Held> {
    let run = asked.run;
    let text = |text: &str| Some(Held::Text(text.to_lowercase()));
    let number = |number: Option<f64>| number.map(Held::Number);
    match subject {
        Subject::State if run.gone => text("gone"),
        Subject::State => text(asked.state()?.name()),
        Subject::Tag => text(&run.facts.tags.join(" ")).filter(|_| !run.facts.tags.is_empty()),
        Subject::Words(Words::Name) => text(&overview::name(run)),
        Subject::Words(Words::Project) => text(&overview::project(run)),
        Subject::Words(Words::Path) => text(&value::path(&run.place.shown)),
        Subject::Words(Words::Host) => text(run.facts.host.as_deref()?),
        Subject::Count(count) => number(counted(*count, asked)?),
        Subject::Span(span) => number(lasted(*span, asked)?),
        Subject::Named(named) => match found(named, asked, true)? {
            Found::Number(held) => number(held),
            Found::Nothing | Found::Value(Value::Null) => None,
            Found::Value(Value::Number(held)) => Some(Held::Number(held.value)),
            Found::Value(value) => {
                let words = value::text(value);
                let held = words.trim().parse().map(Held::Number).ok();
                held.or_else(|| text(&words))
            }
        },
    }
}

fn of_value(compare: &Compare, value: &Value) -> bool {
    match (value, &compare.wanted) {
        (_, Wanted::Anything) => compare.sign != Sign::IsNot,
        (Value::Number(number), Wanted::Number(..)) => of_number(compare, Some(number.value)),
        // Some writers put numbers into quotes.
        (Value::Text(text), Wanted::Number(..)) => match text.trim().parse() {
            Ok(number) => of_number(compare, Some(number)),
            Err(_) if compare.sign.is_order() => false,
            Err(_) => of_text(compare, text),
        },
        (_, Wanted::Number(..)) if compare.sign.is_order() => false,
        (Value::Text(text), _) => of_text(compare, text),
        (Value::Bool(value), _) => of_text(compare, if *value { "true" } else { "false" }),
        (Value::Null, _) => of_text(compare, "null"),
        (value, _) => {
            let text: Cow<'_, str> = Cow::Owned(value::text(value));
            of_text(compare, &text)
        }
    }
}

fn of_column(column: &Column, part: Part) -> Option<f64> {
    match part {
        Part::Last => series::last(column),
        Part::Min => column.live().min.map(|least| least.value),
        Part::Max => column.live().max.map(|most| most.value),
    }
}
