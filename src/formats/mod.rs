//! Bytes → records. Pure: nothing here opens a file, reads a clock or fails.
//!
//! A decoder gets bytes and hands out [`Piece`]s. What it cannot read becomes a [`Flaw`] with its
//! place and reason, and reading goes on behind it. A tracker is one file here, one line in
//! [`FORMATS`] and one folder of fixtures.

mod columns;
mod documents;
mod epochs;
mod escapes;
mod flat;
mod json;
mod keys;
mod line_shape;
mod literal;
mod log_line;
mod log_shape;
mod logs;
mod ml_dash;
mod ml_logger;
mod number;
mod params;
mod records;
mod row_reader;
mod rows;
mod skim;
mod spelled;
#[cfg(test)]
mod tests;
mod time;
mod walker;

use std::path::{Component, Path, PathBuf};

pub use epochs::STREAM as EPOCHS_STREAM;
pub use log_line::{
    FieldValue, LogLine, full_log_lines, is_part_of_line, number_in, read_log_lines,
};
pub use log_shape::LineSkimmer;
pub use logs::LogDecoder;
pub use params::ParamDecoder;
pub use rows::{RowDecoder, full_rows};
pub use spelled::{Spelled, SpelledRow, Speller};

use crate::record::{Facts, Layout, LogLines, ParamChange, Rows, SavedFile, StreamKind, Value};

/// One tracker: which files it writes, and how a directory of its is told from others.
struct Format {
    /// The role of a file, by the parts of its path below the run.
    role: fn(&[&str]) -> Option<Role>,
    /// The layout of a directory, if it is one of this tracker's.
    claim: fn(&mut Evidence<'_>) -> Option<Layout>,
}

/// All trackers, those with the surest marks first.
const FORMATS: [Format; 4] = [
    epochs::FORMAT,
    ml_logger::FORMAT,
    ml_dash::FORMAT,
    flat::FORMAT,
];

/// Something that a decoder found in the bytes.
#[expect(
    clippy::large_enum_variant,
    reason = "pieces are handed on one by one, never stored"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Keys that no row of this file had before; they get the next free column numbers.
    Keys(Vec<String>),
    Rows(Rows),
    Logs(LogLines),
    Params(ParamChange),
    Facts(Facts),
    Files(Vec<SavedFile>),
    /// The content shows that the layout is another than the file names told.
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
    /// `metrics.json` with an `epochs` array; also the stream [`EPOCHS_STREAM`].
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

/// What there is to judge a directory by.
struct Evidence<'a> {
    files: &'a [&'a Path],
    peek: &'a mut dyn FnMut(&Path) -> Vec<u8>,
}

impl Evidence<'_> {
    fn has(&self, file: &str) -> bool {
        self.files.contains(&Path::new(file))
    }

    /// The first file below one of these directories.
    fn first_in(&self, directories: &[&str]) -> Option<PathBuf> {
        let found = self
            .files
            .iter()
            .find(|file| directories.iter().any(|dir| file.starts_with(dir)));
        found.map(|file| file.to_path_buf())
    }

    /// The object that a file starts with, as far as it was looked at.
    fn first_object(&mut self, file: impl AsRef<Path>) -> Option<Value> {
        let file = file.as_ref();
        if !self.files.contains(&file) {
            return None;
        }
        let bytes = (self.peek)(file);
        let mut tape = json::Tape::default();
        let records = records::Records {
            bytes: &bytes,
            base: 0,
            last: true,
        };
        let mut at = 0;
        while let records::Next::Flaw { resume, .. } = records.next(&mut tape, at) {
            at = resume;
        }
        // Only the start of a long document was looked at: what it shows is enough.
        let whole = matches!(records.next(&mut tape, at), records::Next::Record { .. });
        if whole {
            Some(tape.value(&bytes, 0))
        } else {
            documents::Parsed::of(&bytes).root
        }
    }
}

/// The role of a file by its path relative to the run's directory, or `None` for a file that says
/// nothing about a run. Lock files, temporary files and the like have no role.
pub fn role(below_run: &Path) -> Option<Role> {
    let parts: Vec<_> = below_run.components().collect();
    let names = parts.iter().map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let names: Vec<_> = names.collect::<Option<_>>()?;
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    FORMATS.iter().find_map(|format| (format.role)(&names))
}

/// The layout of a directory that holds these files (paths relative to it, those with a role), or
/// `None` when they do not make a run. `peek` returns the first bytes of a file (64 KiB are
/// enough); it is asked only where names alone do not tell.
pub fn recognise(files: &[&Path], peek: &mut dyn FnMut(&Path) -> Vec<u8>) -> Option<Layout> {
    let mut evidence = Evidence { files, peek };
    FORMATS
        .iter()
        .find_map(|format| (format.claim)(&mut evidence))
}

/// The decoder for an appended file, or `None` for a document.
pub fn decoder_for(role: &Role) -> Option<Box<dyn Decoder>> {
    match role {
        Role::Rows { kind, .. } => Some(Box::new(RowDecoder::new(*kind))),
        Role::Logs => Some(Box::new(LogDecoder::new())),
        Role::ParamLog => Some(Box::new(ParamDecoder::new())),
        Role::Document(_) => None,
    }
}

/// Reads a whole document. Its pieces are what could be read, also when it is cut off.
pub fn read_document(kind: Document, bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    match kind {
        Document::Experiment => ml_dash::experiment(bytes),
        Document::LoggerMeta => ml_logger::meta(bytes),
        Document::Parameters => params::document(bytes),
        Document::Epochs => epochs::metrics(bytes),
        Document::FilesIndex => ml_dash::files(bytes),
    }
}

/// Whether `bytes`, the end of a file without a newline, are one complete JSON object.
pub fn is_complete(bytes: &[u8]) -> bool {
    let records = records::Records {
        bytes,
        base: 1,
        last: true,
    };
    let mut tape = json::Tape::default();
    matches!(records.next(&mut tape, 0), records::Next::Record { end, .. } if end == bytes.len())
}
