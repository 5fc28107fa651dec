//! Bytes that could not be used, and remarks on the life of files; counted exactly, listed in part.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::record::Problem;

const LISTED: usize = 200;
const LISTED_PER_FILE: u64 = 100;
const NOTES: usize = 100;

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

    pub(super) fn add(&mut self, problem: Problem) {
        let count = self.files.entry(Arc::clone(&problem.file)).or_default();
        *count += 1;
        if *count <= LISTED_PER_FILE && self.list.len() < LISTED {
            self.list.push(problem);
        }
    }

    pub(super) fn clear(&mut self, file: &str) {
        if self.files.remove(file).is_some() {
            self.list.retain(|problem| &*problem.file != file);
        }
    }
}

impl Notes {
    pub(super) fn add(&mut self, note: Note) {
        if self.list.len() == NOTES {
            self.list.pop_front();
            self.dropped += 1;
        }
        self.list.push_back(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(file: &str, offset: u64) -> Problem {
        Problem {
            file: file.into(),
            offset,
            reason: "no JSON".into(),
        }
    }

    #[test]
    fn counts_all_and_lists_some() {
        let mut problems = Problems::default();
        (0..500).for_each(|offset| problems.add(problem("a", offset)));
        assert_eq!((problems.total(), problems.list().len()), (500, 100));
        (0..500).for_each(|offset| problems.add(problem("b", offset)));
        problems.add(problem("c", 0));
        assert_eq!((problems.total(), problems.list().len()), (1001, 200));
        problems.clear("a");
        problems.clear("unknown");
        assert_eq!((problems.total(), problems.list().len()), (501, 100));
        assert_eq!(problems.files().get("b"), Some(&500));
        problems.add(problem("c", 9));
        assert_eq!(problems.list().len(), 101);
    }

    #[test]
    fn old_notes_make_room() {
        let mut notes = Notes::default();
        for number in 0..130 {
            notes.add(Note {
                file: "a".into(),
                text: number.to_string(),
            });
        }
        assert_eq!((notes.list.len(), notes.dropped), (100, 30));
        assert_eq!(
            notes.list.front().map(|note| note.text.as_str()),
            Some("30")
        );
    }
}
