//! From what happens in a run to what its tracker does with files. One file a tracker.
//!
//! - [`ml_dash`]: layouts B and C.
//! - [`ml_logger`]: layout A.
//! - [`epochs`]: layout E.
//! - [`flat`]: layout L.

mod epochs;
mod flat;
mod ml_dash;
mod ml_logger;

use std::collections::BTreeMap;

use super::cast::{About, Layout};
use super::event::{Event, Row};
use super::python::Json;
use super::stamps::Stamps;

/// Something done to one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Below the folder of the lab, with `/` between the parts.
    pub path: String,
    pub how: How,
    pub bytes: Vec<u8>,
    /// When the tracker did it, in seconds since 1970.
    pub at: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Append,
    /// Truncated, and written anew in place.
    Rewrite,
    /// A temporary file is renamed over it.
    Replace,
}

/// What the files of a run say, counted while they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub rows: u64,
    pub log_lines: u64,
    pub nan: u64,
    pub infinite: u64,
    /// How many finite values each column has, and their sum. The key is the stream as its folder
    /// is called, a space, and the name in the row.
    pub columns: BTreeMap<String, (u64, f64)>,
}

/// Where writers put what they do.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    pub(super) stamps: Stamps,
    pub(super) writes: &'a mut Vec<Write>,
    pub(super) tally: &'a mut Tally,
    /// The runs of the per-epoch writer, which keeps a list of them beside them.
    pub(super) index: &'a mut Vec<epochs::Listed>,
}

/// A tracker in the process of one run.
pub(super) trait Writer: Send {
    fn take(&mut self, event: Event, desk: &mut Desk<'_>);

    /// When something that is held back will be written.
    fn due(&self) -> Option<f64> {
        None
    }

    fn flush(&mut self, _at: f64, _desk: &mut Desk<'_>) {}
}

pub(super) use epochs::Listed;

/// The tracker of a run.
pub(super) fn writer(about: &About, seed: u64) -> Box<dyn Writer> {
    match about.layout {
        Layout::MlLogger => Box::new(ml_logger::MlLogger::new(about)),
        Layout::MlDash5 => Box::new(ml_dash::MlDash::new(about, false, seed)),
        Layout::MlDash => Box::new(ml_dash::MlDash::new(about, true, seed)),
        Layout::Epochs => Box::new(epochs::Epochs::new(about)),
        Layout::Flat => Box::new(flat::Flat::new(about)),
    }
}

impl Desk<'_> {
    fn append(&mut self, path: String, text: impl Into<Vec<u8>>, at: f64) {
        self.write(path, How::Append, text, at);
    }

    fn rewrite(&mut self, path: String, text: impl Into<Vec<u8>>, at: f64) {
        self.write(path, How::Rewrite, text, at);
    }

    fn replace(&mut self, path: String, text: impl Into<Vec<u8>>, at: f64) {
        self.write(path, How::Replace, text, at);
    }

    fn write(&mut self, path: String, how: How, bytes: impl Into<Vec<u8>>, at: f64) {
        self.writes.push(Write {
            path,
            how,
            bytes: bytes.into(),
            at: self.stamps.seconds(at),
        });
    }

    /// Counts a row that is written now.
    fn count(&mut self, stream: &str, values: &[(String, Json)]) {
        self.tally.rows += 1;
        for (key, value) in values {
            let Json::Float(value) = value else {
                continue;
            };
            if value.is_nan() {
                self.tally.nan += 1;
            } else if value.is_infinite() {
                self.tally.infinite += 1;
            } else {
                let column = self.tally.columns.entry(format!("{stream} {key}"));
                let (count, sum) = column.or_default();
                (*count, *sum) = (*count + 1, *sum + value);
            }
        }
    }
}

/// Merges what is done to the same file one after the other: the past is written at once, and nobody
/// saw how it came about.
pub(super) fn merged(writes: Vec<Write>) -> Vec<Write> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut merged: Vec<Write> = Vec::new();
    for write in writes {
        let Some(place) = places.get(&write.path) else {
            places.insert(write.path.clone(), merged.len());
            merged.push(write);
            continue;
        };
        let former = &mut merged[*place];
        former.at = write.at;
        if write.how == How::Append {
            former.bytes.extend_from_slice(&write.bytes);
        } else {
            (former.how, former.bytes) = (write.how, write.bytes);
        }
    }
    merged
}

/// The values of a row under these names, then where it stands.
fn fields(row: &Row, name: impl Fn(&str) -> String) -> Vec<(String, Json)> {
    let mut fields: Vec<(String, Json)> = row
        .values
        .iter()
        .map(|(key, value)| (name(key), Json::Float(*value)))
        .collect();
    if let Some(step) = row.step {
        fields.push(("step".to_owned(), step.into()));
    }
    if let Some(epoch) = row.epoch {
        fields.push(("epoch".to_owned(), epoch.into()));
    }
    fields
}
