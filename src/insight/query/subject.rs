//! What a name in a question stands for: something that every run has, a parameter, a metric.

use super::meaning::Meanings;
use crate::insight::health::State;
use crate::insight::metric::{Direction, Metric};

/// What is compared.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    State,
    Tag,
    Words(Words),
    Count(Count),
    /// Seconds.
    Span(Span),
    Named(Box<Named>),
}

/// A text that a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Name,
    Project,
    Path,
    Host,
}

/// A number that a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Epoch,
    Step,
    Rows,
    Progress,
    Nan,
    Infinite,
    Warnings,
    Errors,
    Lines,
    /// Of the loss by which runs are judged.
    Best,
    Last,
}

/// A time that a run took, or that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Age,
    Duration,
    Eta,
}

/// A parameter or a metric, by its name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) param: String,
    /// The metric and which of its values; nothing when only a parameter is meant.
    pub(super) metric: Option<(Metric, Part)>,
    pub(super) meanings: Meanings,
}

/// Which of the values of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Last,
    Min,
    Max,
}

/// What every run has: the names of it, what it is, what it is called.
pub(super) struct Fact {
    pub(super) names: &'static [&'static str],
    pub(super) subject: Subject,
    pub(super) words: &'static str,
}

const fn fact(names: &'static [&'static str], subject: Subject, words: &'static str) -> Fact {
    Fact {
        names,
        subject,
        words,
    }
}

pub(super) const FACTS: &[Fact] = &[
    fact(&["state"], Subject::State, "running, stalled, failed, gone"),
    fact(&["tag", "tags"], Subject::Tag, "a tag of the run"),
    fact(&["name"], Subject::Words(Words::Name), "its name"),
    fact(&["project"], Subject::Words(Words::Project), "its project"),
    fact(&["path"], Subject::Words(Words::Path), "where it lies"),
    fact(
        &["host"],
        Subject::Words(Words::Host),
        "the machine it runs on",
    ),
    fact(
        &["epoch", "epochs"],
        Subject::Count(Count::Epoch),
        "epochs that are done",
    ),
    fact(
        &["step", "steps"],
        Subject::Count(Count::Step),
        "the highest step",
    ),
    fact(&["rows"], Subject::Count(Count::Rows), "rows of metrics"),
    fact(
        &["progress"],
        Subject::Count(Count::Progress),
        "how much is done: 50%",
    ),
    fact(
        &["best"],
        Subject::Count(Count::Best),
        "best value of the loss it is judged by",
    ),
    fact(
        &["last"],
        Subject::Count(Count::Last),
        "newest value of that loss",
    ),
    fact(
        &["age"],
        Subject::Span(Span::Age),
        "since something happened: 10m",
    ),
    fact(
        &["duration"],
        Subject::Span(Span::Duration),
        "how long it runs: 2h",
    ),
    fact(
        &["eta"],
        Subject::Span(Span::Eta),
        "how long it still takes",
    ),
    fact(
        &["nan"],
        Subject::Count(Count::Nan),
        "how many values are NaN",
    ),
    fact(
        &["inf"],
        Subject::Count(Count::Infinite),
        "how many values are infinite",
    ),
    fact(
        &["warnings"],
        Subject::Count(Count::Warnings),
        "warnings in its log",
    ),
    fact(
        &["errors"],
        Subject::Count(Count::Errors),
        "errors in its log",
    ),
    fact(&["lines"], Subject::Count(Count::Lines), "lines of its log"),
];

/// What every run has under this name.
pub(super) fn fact_named(key: &str) -> Option<&'static Fact> {
    let called = |name: &&str| name.eq_ignore_ascii_case(key);
    FACTS.iter().find(|fact| fact.names.iter().any(&called))
}

/// What a name stands for, or why it stands for nothing.
pub(super) fn subject(key: &str) -> Result<Subject, String> {
    if let Some(fact) = fact_named(key) {
        return Ok(fact.subject.clone());
    }
    let (prefix, rest) = key.split_once('.').unwrap_or(("", key));
    let metric = Metric::parse("", rest);
    let part = match prefix.to_ascii_lowercase().as_str() {
        _ if rest.is_empty() => None,
        "last" => Some(Part::Last),
        "min" => Some(Part::Min),
        "max" => Some(Part::Max),
        "best" => Some(match metric.direction() {
            Direction::Down => Part::Min,
            Direction::Up => Part::Max,
            Direction::Unknown => {
                return Err(format!(
                    "nobody knows whether more or less of {rest} is better: min.{rest} or max.{rest}"
                ));
            }
        }),
        "param" => {
            return Ok(Subject::Named(Box::new(Named {
                param: rest.to_owned(),
                metric: None,
                meanings: Meanings::default(),
            })));
        }
        _ => None,
    };
    let metric = match part {
        Some(part) => (metric, part),
        None => (Metric::parse("", key), Part::Last),
    };
    Ok(Subject::Named(Box::new(Named {
        param: key.to_owned(),
        metric: Some(metric),
        meanings: Meanings::default(),
    })))
}

/// The words for what a run is doing, and for a run that is no longer there.
pub(super) fn state_words() -> impl Iterator<Item = &'static str> {
    State::ALL.iter().map(|state| state.name()).chain(["gone"])
}
