//! Bytes that could not be used, and remarks on the life of files; counted exactly, listed in part.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::record::Problem;

/// The problems of a run.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    files: BTreeMap<Arc<str>, u64>,
}

/// A remark on the life of a file that loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub file: Arc<str>,
    pub text: String,
}

/// The newest notes.
#[derive(Debug, Default)]
pub struct Notes {
    pub list: VecDeque<Note>,
    /// Older ones that are no longer listed.
    pub dropped: u64,
}

impl Problems {
    /// How many there are, listed or not.
    pub fn total(&self) -> u64 {
        self.files.values().sum()
    }

    /// The first ones: at most 200, and at most 100 of one file.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many each file has.
    pub fn files(&self) -> &BTreeMap<Arc<str>, u64> {
        &self.files
    }
}
