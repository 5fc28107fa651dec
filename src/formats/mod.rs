//! Bytes → records. Pure: nothing here opens a file, reads a clock or fails.
//!
//! A decoder gets bytes and hands out [`Piece`]s. What it cannot read becomes a [`Flaw`] with its
//! place and reason, and reading goes on behind it.

use std::path::Path;

use crate::record::{Facts, Layout, LogLines, ParamChange, Rows, SavedFile, StreamKind};

/// Something that a decoder found in the bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Keys that no row of this file had before; they get the next free column numbers.
    Keys(Vec<String>),
    Rows(Rows),
    Logs(LogLines),
    Params(ParamChange),
    Facts(Facts),
    Files(Vec<SavedFile>),
    /// The rows show that the layout is another than the file names told.
    Layout(Layout),
    Flaw(Flaw),
}

/// Bytes that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub offset: u64,
    pub reason: String,
}

/// How a file of a run is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Rows of numbers, appended line by line.
    Rows { stream: String, kind: StreamKind },
    /// Log lines, appended.
    Logs,
    /// Operations on parameters, appended.
    ParamLog,
    /// A document that is written anew as a whole.
    Document(Document),
}

/// Documents that trackers rewrite as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// `experiment.json`, of either schema.
    Experiment,
    /// `.ml-logger.meta.json`.
    LoggerMeta,
    /// `parameters.json`.
    Parameters,
    /// `metrics.json` with an `epochs` array; also the stream `metrics.json`.
    Epochs,
    /// `files/.files_metadata.json`.
    FilesIndex,
}

/// Reads the bytes of an appended file piece by piece.
pub trait Decoder: Send {
    /// Decodes whole records from `bytes`, which start at byte `base` of the file, and returns how
    /// many bytes are done with. The rest belongs to a record that is not complete yet: call again
    /// with it and what follows. `last` says that nothing will follow: then everything is consumed,
    /// and an incomplete record is a flaw.
    fn decode(&mut self, bytes: &[u8], base: u64, last: bool, sink: &mut dyn FnMut(Piece))
    -> usize;
}

/// How much of a document could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    Whole,
    /// Nothing but white space: caught between truncation and rewrite, or never written.
    Empty,
    /// It ends too early: what lies before the cut was read.
    Cut(Flaw),
    /// It is no such document.
    Bad(Flaw),
}

/// The role of a file by its path relative to the run's directory, or `None` for a file that says
/// nothing about a run. Lock files, temporary files and the like have no role.
pub fn role(_below_run: &Path) -> Option<Role> {
    None
}

/// The layout of a directory that holds these files (paths relative to it, those with a role), or
/// `None` when they do not make a run. `peek` returns the first bytes of a file (64 KiB are
/// enough); it is asked only where names alone do not tell.
pub fn recognise(_files: &[&Path], _peek: &mut dyn FnMut(&Path) -> Vec<u8>) -> Option<Layout> {
    None
}

/// Reads a whole document. Its pieces are what could be read, also when it is cut off.
pub fn read_document(_kind: Document, _bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    (Vec::new(), Completeness::Empty)
}

/// Whether `bytes`, the end of a file without a newline, are one complete JSON object.
pub fn is_complete(_bytes: &[u8]) -> bool {
    false
}
