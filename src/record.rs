//! What any tracker can say: rows of numbers, log lines, parameters and facts about a run.
//!
//! Everything between the files and the store is expressed in these types. They know nothing of
//! JSON, files, clocks or screens.

mod holding;
mod layout;
mod level;
mod pattern;

use std::path::PathBuf;
use std::sync::Arc;

pub use holding::Holding;
pub use layout::Layout;
pub use level::Level;
pub use pattern::{Comparison, Pattern, PatternTerm, Sought, expression};

/// More keys than this in one stream are a mistake of the writer; they are counted, not kept.
pub const MOST_KEYS: usize = 2_000;

/// A run, numbered in the order in which runs were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub u32);

/// A stream of rows within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub u32);

/// A key within one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u32);

/// Any value a tracker can write, as Python writes JSON: NaN and infinities included.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// A number together with the digits that the file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub text: Box<str>,
    pub value: f64,
}

impl Value {
    /// The value under `key`, when this is a map that has it. The last of equal keys wins.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.value),
            _ => None,
        }
    }
}

/// A slice of one stream, column by column.
///
/// Rows are numbered from 0 within the slice; where it lies in the stream is for the store to know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub count: u32,
    /// The step that each row names itself, NaN where a row names none; empty when none does.
    pub steps: Vec<f64>,
    /// Seconds since 1970 for each row, NaN where unknown; empty when none is known.
    pub times: Vec<f64>,
    pub columns: Vec<ColumnRows>,
    /// Where some of the rows start in the file, ascending: the first row and every so many after.
    pub marks: Vec<Mark>,
}

/// The numbers of one key in a slice of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRows {
    pub id: ColumnId,
    /// The rows that hold the values, ascending; `None` when every row of the slice does.
    pub rows: Option<Vec<u32>>,
    pub values: Vec<f64>,
    /// How many rows held something that is no number (text, a list, a truth value).
    pub others: u32,
}

/// Row `row` of a slice starts at byte `offset` of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub row: u32,
    pub offset: u64,
}

/// A slice of a log: what must be known of every line. The text stays in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogLines {
    pub offsets: Vec<u64>,
    pub levels: Vec<Level>,
    /// Seconds since 1970, NaN where unknown.
    pub times: Vec<f64>,
}

/// One log record read in full.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRecord {
    pub time: Option<f64>,
    pub level: Level,
    /// The word that the file uses for the level.
    pub word: String,
    pub message: String,
    /// Structured fields, in the order of the file.
    pub fields: Vec<(String, Value)>,
    /// Bytes of text that were left out, because there were too many to be shown.
    pub omitted: u64,
}

/// One row read in full: every key, numbers with the digits of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct FullRow {
    pub step: Option<f64>,
    pub time: Option<f64>,
    /// Flattened to dotted keys; lists stay lists.
    pub data: Vec<(String, Value)>,
}

/// A change of parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamOp {
    /// These are all the parameters, whatever was before.
    Set(Value),
    /// Merge deeply into what is there.
    Extend(Value),
    /// Put one value at a dotted path.
    Update { key: String, value: Value },
}

/// A change of parameters and when it happened (seconds since 1970).
#[derive(Clone, Debug, PartialEq)]
pub struct ParamChange {
    pub time: Option<f64>,
    pub op: ParamOp,
}

/// What the tracker itself says about the state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Announced, not begun.
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// What a tracker says about a run besides numbers and logs. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub name: Option<String>,
    pub owner: Option<String>,
    pub project: Option<String>,
    pub description: Option<String>,
    pub readme: Option<String>,
    pub tags: Vec<String>,
    pub host: Option<String>,
    pub status: Option<Status>,
    pub created: Option<f64>,
    pub started: Option<f64>,
    pub completed: Option<f64>,
    pub updated: Option<f64>,
    pub error: Option<RunError>,
    /// Everything else that the run's own documents say, as flat dotted keys in file order.
    pub more: Vec<(String, Value)>,
}

/// Why a run failed, in the words of its tracker.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunError {
    pub kind: Option<String>,
    pub message: Option<String>,
    pub traceback: Option<String>,
}

/// A file that a run saved beside its metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedFile {
    /// Relative to the run's folder of files, without a leading slash.
    pub path: String,
    pub size: u64,
    pub time: Option<f64>,
}

/// Bytes that could not be used: where they lie and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the run's directory.
    pub file: Arc<str>,
    pub offset: u64,
    pub reason: String,
}

/// What kind of stream it is. Only metric streams count towards the rows of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    Metric,
    Track,
}

/// Where a run was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The run's directory, or its file for a single file. Raw, never to be printed as it is.
    pub path: PathBuf,
    /// The argument as given joined with what lies below it: the `path` of machine output.
    pub shown: PathBuf,
    /// What lies below the root: the identity of the run within it.
    pub below: PathBuf,
}

/// One message from reading to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub run: RunId,
    pub change: Change,
}

/// What changed about a run.
#[expect(
    clippy::large_enum_variant,
    reason = "changes are moved once, from a channel to the store"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A run appeared: the first change of every run. Sent again when its folder was moved; what was
    /// read of it stays.
    Found { place: Place, layout: Layout },
    /// Reading showed that the layout is another than was thought.
    Layout(Layout),
    /// A stream appeared. Streams are numbered 0, 1, 2, … within the run. `file` is relative to the
    /// run's directory.
    Stream {
        stream: StreamId,
        name: String,
        kind: StreamKind,
        file: PathBuf,
    },
    /// Keys appeared in a stream; the first of them has the next free number.
    Columns { stream: StreamId, keys: Vec<String> },
    /// Rows were appended to a stream.
    Rows { stream: StreamId, rows: Rows },
    /// The stream's file began anew: forget its rows (its columns keep their numbers).
    StreamReset { stream: StreamId },
    /// Exact rows that the store asked for (`Store::wants`), from row `first` on.
    Exact {
        stream: StreamId,
        first: u64,
        rows: Rows,
    },
    /// All exact rows of the range that was asked for have been sent, or cannot be had.
    ExactEnd { stream: StreamId },
    /// Log lines were appended.
    Logs(LogLines),
    /// The log file began anew.
    LogsReset,
    /// Parameters changed.
    Params(ParamChange),
    /// The parameter file began anew: forget parameters and their history.
    ParamsReset,
    /// The run's documents say this now; it replaces what they said before.
    Facts(Facts),
    /// The files that the run saved; replaces the former list.
    Files(Vec<SavedFile>),
    /// Bytes that could not be used.
    Problem(Problem),
    /// The problems of one file are void: it was read anew, or is whole again.
    ProblemsCleared { file: Arc<str> },
    /// A remark on the life of a file that loses nothing (it began anew, was deleted, came back).
    Note { file: Arc<str>, text: String },
    /// How far the reading of this run is, in bytes, and when its newest file was last modified.
    Progress {
        read: u64,
        size: u64,
        modified: Option<f64>,
    },
    /// Everything that lay on disk has been read once.
    CaughtUp,
    /// The run's directory is gone; what was read stays.
    Gone,
    /// It is back.
    Back,
}

/// What somebody wants to know of a run's log beyond what the store keeps of it.
///
/// The ticket comes back with every answer. Whoever asks gives each question another one, so that
/// answers to questions that are void by now are told from those that are awaited. Every question
/// has exactly one last answer: any but [`LogAnswer::Found`] that is not `done`.
#[derive(Clone, Debug, PartialEq)]
pub enum LogQuestion {
    /// These lines in full.
    Read { ticket: u32, part: LogPart },
    /// Which of these lines a pattern matches. A later search makes an earlier one of the same slot
    /// fail; those of other slots go on.
    Search {
        ticket: u32,
        slot: u8,
        pattern: Pattern,
        /// Ascending and without a gap, so that each ends where the next one starts.
        parts: Vec<LogPart>,
    },
}

/// Lines of a log that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPart {
    /// The number of the first line, counted from 0.
    pub first: u64,
    pub lines: u64,
    /// Where the first line starts, in bytes from the start of the log.
    pub offset: u64,
    /// The levels that its lines have at most, a bit each: see [`Level::bit`].
    pub levels: u8,
}

/// The answer to a [`LogQuestion`].
#[derive(Clone, Debug, PartialEq)]
pub enum LogAnswer {
    /// The lines from number `first` on, as many as could be read. The texts of huge ones are cut.
    Lines {
        ticket: u32,
        first: u64,
        records: Vec<LogRecord>,
    },
    /// Lines that match, ascending, each once; all lines before number `searched` were looked at.
    /// There may be any number of these until one is `done`; that one has not looked at every line
    /// when there were too many matches.
    Found {
        ticket: u32,
        hits: Vec<LogHit>,
        searched: u64,
        done: bool,
    },
    /// Nobody asked: the last lines of a log that is still to be indexed, and where each starts, in
    /// bytes from the start of the log. Newer ones stand for them.
    End { lines: Vec<(u64, LogRecord)> },
    /// It could not be read.
    Failed { ticket: u32, error: String },
}

/// A line that a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHit {
    pub line: u64,
    pub level: Level,
}

impl LogQuestion {
    pub const fn ticket(&self) -> u32 {
        match self {
            Self::Read { ticket, .. } | Self::Search { ticket, .. } => *ticket,
        }
    }
}
