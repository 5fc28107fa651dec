//! The columns of a table of runs, and how they are called.

use super::super::metric::{Direction, Metric};
use super::brief::Vocabulary;

/// What a column of the table shows of each run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Fact(Fact),
    /// A metric, by the name under which people know it.
    Metric(String, Of),
    /// A parameter, by its dotted key.
    Param(String),
}

/// What is said of every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Name,
    State,
    Done,
    /// Of the loss by which the run is judged: the newest value, the best one, and where that is.
    Last,
    Best,
    BestAt,
    /// The course of that loss.
    Course,
    Age,
    Started,
    Duration,
    Rows,
    NonFinite,
    Project,
    Host,
    Tags,
}

/// What of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Last,
    Best,
    BestAt,
}

impl Fact {
    pub const ALL: [Self; 15] = [
        Self::Name,
        Self::State,
        Self::Done,
        Self::Best,
        Self::BestAt,
        Self::Last,
        Self::Course,
        Self::Age,
        Self::Started,
        Self::Duration,
        Self::Rows,
        Self::NonFinite,
        Self::Project,
        Self::Host,
        Self::Tags,
    ];

    /// What it is called, as a title and where it is typed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Done => "done",
            Self::Last => "last",
            Self::Best => "best",
            Self::BestAt => "@best",
            Self::Course => "course",
            Self::Age => "age",
            Self::Started => "started",
            Self::Duration => "duration",
            Self::Rows => "rows",
            Self::NonFinite => "NaN/Inf",
            Self::Project => "project",
            Self::Host => "host",
            Self::Tags => "tags",
        }
    }

    /// What it is, for the list to choose from.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "name of the run",
            Self::State => "running, stalled, finished, …",
            Self::Done => "epochs or steps",
            Self::Last => "newest loss",
            Self::Best => "best loss",
            Self::BestAt => "where the best loss is",
            Self::Course => "course of the loss",
            Self::Age => "since something last happened",
            Self::Started => "when it began",
            Self::Duration => "how long it took, or takes",
            Self::Rows => "rows of metrics",
            Self::NonFinite => "values that are no numbers",
            Self::Project => "owner and project, or folder",
            Self::Host => "machine",
            Self::Tags => "tags",
        }
    }

    /// Whether the largest comes first when sorted by it.
    const fn falls(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Started | Self::Duration | Self::Rows | Self::NonFinite
        )
    }
}

impl Of {
    const ALL: [Self; 3] = [Self::Last, Self::Best, Self::BestAt];

    /// What follows the name of the metric where it is typed.
    const fn ending(self) -> &'static str {
        match self {
            Self::Last => "",
            Self::Best => ":best",
            Self::BestAt => ":@best",
        }
    }
}

impl Column {
    /// What it is called where it is typed: `best`, `val_acc:best`, `optimizer.lr`.
    pub fn name(&self) -> String {
        match self {
            Self::Fact(fact) => fact.name().to_owned(),
            Self::Metric(name, of) => format!("{name}{}", of.ending()),
            Self::Param(key) => key.clone(),
        }
    }

    /// What it is, for the list to choose from.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Fact(fact) => fact.words(),
            Self::Metric(_, Of::Last) => "metric: newest",
            Self::Metric(_, Of::Best) => "metric: best",
            Self::Metric(_, Of::BestAt) => "metric: where it is best",
            Self::Param(_) => "parameter",
        }
    }

    /// Which way is better, where that can be said.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Fact(Fact::Last | Fact::Best) => Direction::Down,
            Self::Metric(name, Of::Last | Of::Best) => direction(name),
            _ => Direction::Unknown,
        }
    }

    /// Whether the largest comes first when sorted by it: what is better does, and of facts what is
    /// looked for.
    pub fn falls(&self) -> bool {
        match self {
            Self::Fact(fact) => fact.falls(),
            Self::Metric(name, Of::Last | Of::Best) => direction(name) == Direction::Up,
            Self::Metric(_, Of::BestAt) | Self::Param(_) => false,
        }
    }

    /// Whether it holds numbers by which runs can be measured against each other.
    pub const fn is_measured(&self) -> bool {
        matches!(
            self,
            Self::Fact(Fact::Last | Fact::Best) | Self::Metric(_, Of::Last | Of::Best)
        )
    }

    /// Every column that there is, facts first.
    pub fn all(words: &Vocabulary) -> Vec<Self> {
        let mut all: Vec<Self> = Fact::ALL.into_iter().map(Self::Fact).collect();
        for (name, metric) in words.metrics() {
            // Where no way is the better one, there is no best.
            let best = metric.direction() != Direction::Unknown;
            let of = Of::ALL.into_iter().filter(|of| best || *of == Of::Last);
            all.extend(of.map(|of| Self::Metric(name.clone(), of)));
        }
        all.extend(words.params().map(|key| Self::Param(key.to_owned())));
        all
    }

    /// The column that is meant by a name: as it is called; without regard to case; or by the end of
    /// its name, where only one ends so.
    pub fn find(name: &str, all: &[Self]) -> Option<Self> {
        let lower = name.to_lowercase();
        let exact = all.iter().find(|column| column.name() == name);
        let same = |column: &&Self| column.name().to_lowercase() == lower;
        let ends = |column: &&Self| {
            let whole = column.name().to_lowercase();
            let rest = whole.strip_suffix(&lower);
            rest.is_some_and(|rest| rest.ends_with(['.', '/']))
        };
        let only = || {
            let mut found = all.iter().filter(ends);
            found.next().filter(|_| found.next().is_none())
        };
        let found = exact.or_else(|| all.iter().find(same)).or_else(only);
        found.cloned()
    }
}

/// Which way a metric of this name is better.
pub(super) fn direction(name: &str) -> Direction {
    Metric::parse("", name).direction()
}
