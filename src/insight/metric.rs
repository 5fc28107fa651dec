//! What a series is, judged by its names: the quantity, its split, its part of a summary, its role.

use super::words;
use crate::record::Layout;

/// The part of the data that a value was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Split {
    Train,
    Val,
    Test,
}

/// Which statistic of a summary cache a series holds (`loss.mean`, `loss.max`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    Mean,
    Min,
    Max,
    Std,
    Count,
    Median,
    Sum,
    P50,
    P90,
    P95,
    P99,
    First,
    Last,
}

/// A series that says where a row stands and is no measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coordinate {
    Step,
    Epoch,
    Time,
}

/// What a series is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Coordinate(Coordinate),
    /// The number that a tracker gave the row. It repeats and lies.
    Index,
    /// The same key of the root stream, copied into this row.
    Copy,
    Measure,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    Down,
    Up,
    #[default]
    Unknown,
}

/// How the values of a metric are shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Plain,
    /// A fraction that is read as a percentage as long as all its values lie in 0..=1.
    Fraction,
    Seconds,
}

/// The meaning of one series.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Metric {
    /// What is measured, without split and part: `loss`, `mAP_50`, `grad/norm`.
    pub quantity: String,
    pub split: Option<Split>,
    pub part: Option<Part>,
    pub role: Role,
    /// What its words say, worked out once: it is asked for again and again.
    canonical: String,
    direction: Direction,
    names_loss: bool,
}

/// The name of a stream as far as it has a meaning: a stream that is named after its file, or the
/// root stream, says nothing about its keys.
pub fn meaningful(layout: Layout, stream: &str) -> &str {
    match layout {
        Layout::MlLogger | Layout::Epochs | Layout::Flat | Layout::Jsonl => "",
        Layout::Folder | Layout::Prefix | Layout::Download => stream,
    }
}

/// The name under which people know a series: `eval/loss`, `train_loss`, `val.loss`. `stream` is
/// what [`meaningful`] returns.
pub fn series_name(stream: &str, key: &str) -> String {
    match (stream, key) {
        ("", key) => key.to_owned(),
        (stream, "value") => stream.to_owned(),
        (stream, key) => format!("{stream}/{key}"),
    }
}

impl Metric {
    /// Reads the names of a series. `stream` is what [`meaningful`] returns. Whether it is a copy
    /// cannot be told from its names alone: see [`super::series`].
    pub fn parse(stream: &str, key: &str) -> Self {
        let mut segments = segments(stream, key);
        let split = take_split(&mut segments);
        let part = take_part(&mut segments);
        let role = role(&segments, split);
        let quantity = segments.join("/");
        let tokens = words::tokens(&quantity);
        let expanded: Vec<&str> = tokens.iter().map(|token| words::expand(token)).collect();
        Self {
            canonical: expanded.join(" "),
            direction: words::direction(&tokens),
            names_loss: tokens.iter().any(|token| token == "loss"),
            quantity,
            split,
            part,
            role,
        }
    }

    pub fn is_measure(&self) -> bool {
        self.role == Role::Measure
    }

    /// The quantity in the spelling by which equal ones are found: `acc` and `Accuracy` are one.
    pub fn canonical(&self) -> String {
        self.canonical.clone()
    }

    /// Whether both measure the same quantity, on whatever data.
    pub(super) fn is_same_quantity(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }

    /// Whether this is the loss itself, not one of its terms.
    pub fn is_loss(&self) -> bool {
        self.is_measure() && self.is_line() && self.canonical == "loss"
    }

    /// Whether this is a loss of any kind (`ce_loss`, `loss/total`).
    pub fn is_some_loss(&self) -> bool {
        self.is_measure()
            && self.is_line()
            && self.direction() == Direction::Down
            && self.names_loss
    }

    /// Whether the series stands for its quantity: a plain value, or the mean of a summary.
    pub fn is_line(&self) -> bool {
        matches!(self.part, None | Some(Part::Mean))
    }

    pub fn direction(&self) -> Direction {
        let follows = matches!(
            self.part,
            None | Some(
                Part::Mean
                    | Part::Min
                    | Part::Max
                    | Part::Median
                    | Part::P50
                    | Part::P90
                    | Part::P95
                    | Part::P99
                    | Part::First
                    | Part::Last
            )
        );
        if self.is_measure() && follows {
            self.direction
        } else {
            Direction::Unknown
        }
    }

    pub fn unit(&self) -> Unit {
        if matches!(self.part, Some(Part::Count | Part::Std | Part::Sum)) {
            return Unit::Plain;
        }
        words::unit(&self.quantity)
    }

    /// The name for people: `Val Accuracy`, `Learning Rate`, `Train Loss max`.
    pub fn label(&self) -> String {
        let mut label = String::new();
        if let Some(split) = self.split {
            label.push_str(split.label());
        }
        for word in words::labels(&self.quantity) {
            if !label.is_empty() {
                label.push(' ');
            }
            label.push_str(&word);
        }
        if let Some(part) = self.part.filter(|part| *part != Part::Mean) {
            label.push(' ');
            label.push_str(part.name());
        }
        label
    }
}

impl Split {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Train => "Train",
            Self::Val => "Val",
            Self::Test => "Test",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Test => "test",
        }
    }

    fn of(word: &str) -> Option<Self> {
        let all = [
            ("train", Self::Train),
            ("training", Self::Train),
            ("val", Self::Val),
            ("valid", Self::Val),
            ("validation", Self::Val),
            ("eval", Self::Val),
            ("evaluation", Self::Val),
            ("dev", Self::Val),
            ("test", Self::Test),
        ];
        all.iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, split)| *split)
    }
}

impl Part {
    const ALL: [(&'static str, Self); 13] = [
        ("mean", Self::Mean),
        ("min", Self::Min),
        ("max", Self::Max),
        ("std", Self::Std),
        ("count", Self::Count),
        ("median", Self::Median),
        ("sum", Self::Sum),
        ("p50", Self::P50),
        ("p90", Self::P90),
        ("p95", Self::P95),
        ("p99", Self::P99),
        ("first", Self::First),
        ("last", Self::Last),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, part)| *part == self)
            .map_or("", |(name, _)| name)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, part)| *part)
    }
}

impl Role {
    /// The word for machine output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coordinate(Coordinate::Step) => "step",
            Self::Coordinate(Coordinate::Epoch) => "epoch",
            Self::Coordinate(Coordinate::Time) => "time",
            Self::Index => "index",
            Self::Copy => "copy",
            Self::Measure => "measure",
        }
    }
}

impl Direction {
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Down => Some("down"),
            Self::Up => Some("up"),
            Self::Unknown => None,
        }
    }
}

fn segments(stream: &str, key: &str) -> Vec<String> {
    let key = if key == "value" && !stream.is_empty() {
        ""
    } else {
        key
    };
    let whole = [stream, key]
        .into_iter()
        .flat_map(|name| name.split(['/', '.']));
    whole
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Removes the innermost name of a split and returns it. The key's own word comes before the
/// stream's: `val_loss` in a stream `train` was measured on the validation data.
fn take_split(segments: &mut Vec<String>) -> Option<Split> {
    for at in (0..segments.len()).rev() {
        // A name that is nothing but a split says what was measured, not on what.
        if segments.len() > 1
            && let Some(split) = Split::of(&segments[at])
        {
            segments.remove(at);
            return Some(split);
        }
        if let Some((split, rest)) = split_affix(&segments[at]) {
            segments[at] = rest;
            return Some(split);
        }
    }
    None
}

/// `val_loss`, `loss-val`, `valLoss`, `ValLoss` → the split and what remains.
fn split_affix(word: &str) -> Option<(Split, String)> {
    const BETWEEN: [char; 3] = ['_', '-', ' '];
    if let Some((head, rest)) = word.split_once(BETWEEN)
        && let Some(split) = Split::of(head)
        && !rest.is_empty()
    {
        return Some((split, rest.to_owned()));
    }
    if let Some((rest, tail)) = word.rsplit_once(BETWEEN)
        && let Some(split) = Split::of(tail)
        && !rest.is_empty()
    {
        return Some((split, rest.to_owned()));
    }
    let mut inner = word.char_indices().skip(1);
    let (hump, _) = inner.find(|(_, c)| c.is_ascii_uppercase())?;
    let split = Split::of(&word[..hump])?;
    let mut rest = word[hump..].to_owned();
    // `valLoss` → `loss`, but `valF1` and `valMAE` keep their capitals.
    if rest.chars().skip(1).all(|c| c.is_ascii_lowercase()) {
        rest.make_ascii_lowercase();
    }
    Some((split, rest))
}

/// Removes the name of a statistic at the end, when something remains that it is a statistic of.
fn take_part(segments: &mut Vec<String>) -> Option<Part> {
    let part = segments.last().and_then(|last| Part::of(last))?;
    if segments.len() < 2 {
        return None;
    }
    segments.pop();
    Some(part)
}

fn role(segments: &[String], split: Option<Split>) -> Role {
    let Some(last) = segments.last() else {
        return Role::Measure;
    };
    let last: String = last.to_lowercase().replace(['-', ' '], "_");
    match last.as_str() {
        "step"
        | "steps"
        | "global_step"
        | "globalstep"
        | "iteration"
        | "iterations"
        | "iter"
        | "num_steps"
        | "_step"
        | "trainer_global_step" => Role::Coordinate(Coordinate::Step),
        "epoch" | "epochs" | "current_epoch" => Role::Coordinate(Coordinate::Epoch),
        "_ts" | "ts" | "timestamp" | "_timestamp" | "createdat" | "created_at" | "wall_time"
        | "walltime" | "datetime" => Role::Coordinate(Coordinate::Time),
        // The time of training is a measurement; the time of a row is not.
        "time" if split.is_none() && segments.len() == 1 => Role::Coordinate(Coordinate::Time),
        "index" | "_index" | "sequencenumber" if segments.len() == 1 => Role::Index,
        _ => Role::Measure,
    }
}
