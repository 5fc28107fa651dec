//! Documents that a tracker writes anew as a whole, and often while they are read.
//!
//! A writer truncates first and writes then, so an empty or cut-off document is the normal sight of
//! a moment. The last good one stays until a better one is there.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::{Files, Kind, Stat, not_regular, read_full};
use super::trouble::{is_absent, words_for};
use crate::formats::{Completeness, Document, Flaw, Piece, read_document};

/// A document that is larger than this is no document.
const LARGEST: u64 = 64 * 1024 * 1024;
/// When to look again at a document that was caught half-written.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
];
/// What was left alone for this long is no longer being written.
const SETTLED: i64 = 2_000_000_000;
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What a look at a document brought.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sight {
    /// Nothing new.
    Same,
    /// Its pieces. A flaw says what is wrong with it for good.
    Read(Vec<Piece>, Option<Flaw>),
    /// It is broken or unreadable; what was read before stays.
    Broken(Flaw),
    /// The system will not let us read it; what was read before stays.
    Unreadable(String),
    Deleted,
}

/// Following one document.
#[derive(Debug)]
pub(crate) struct Watched {
    path: PathBuf,
    kind: Document,
    seen: Option<Stat>,
    /// Whether it was ever read as a whole.
    good: bool,
    deleted: bool,
    retry: Option<(usize, Duration)>,
    trouble: Option<(Duration, Duration)>,
}

impl Watched {
    pub(crate) fn new(path: PathBuf, kind: Document) -> Self {
        Self {
            path,
            kind,
            seen: None,
            good: false,
            deleted: false,
            retry: None,
            trouble: None,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The document has another path now; it is the same file.
    pub(crate) fn relocate(&mut self, path: PathBuf) {
        self.path = path;
    }

    pub(crate) fn seen(&self) -> Option<&Stat> {
        self.seen.as_ref()
    }

    /// Whether it was caught half-written and will be looked at again in a moment.
    pub(crate) fn is_retrying(&self) -> bool {
        self.retry.is_some()
    }

    /// Look again at this time at the latest.
    pub(crate) fn wake(&self) -> Option<Duration> {
        let retry = self.retry.map(|(_, at)| at);
        retry
            .into_iter()
            .chain(self.trouble.map(|(at, _)| at))
            .min()
    }

    /// Looks at the document. `wall` is the time in nanoseconds since 1970.
    pub(crate) fn look(&mut self, files: &dyn Files, now: Duration, wall: i64) -> Sight {
        if self.trouble.is_some_and(|(at, _)| now < at) {
            return Sight::Same;
        }
        match self.try_look(files, now, wall) {
            Ok(sight) => {
                self.trouble = None;
                sight
            }
            Err(error) if is_absent(&error) => self.absent(),
            Err(error) => {
                let first = self.trouble.is_none();
                let pause = self
                    .trouble
                    .map_or(PAUSES[1], |(_, p)| (p * 2).min(LAST_RETRY));
                self.trouble = Some((now + pause, pause));
                if first {
                    Sight::Unreadable(words_for(&error, &self.path, files))
                } else {
                    Sight::Same
                }
            }
        }
    }

    fn absent(&mut self) -> Sight {
        self.retry = None;
        self.trouble = None;
        if self.seen.take().is_none() || self.deleted {
            return Sight::Same;
        }
        self.deleted = true;
        Sight::Deleted
    }

    fn try_look(&mut self, files: &dyn Files, now: Duration, wall: i64) -> io::Result<Sight> {
        let stat = files.stat(&self.path)?;
        if stat.kind != Kind::File {
            return Err(not_regular());
        }
        let due = self.trouble.is_some() || self.retry.is_some_and(|(_, at)| now >= at);
        if self.seen == Some(stat) && !due {
            return Ok(Sight::Same);
        }
        let fresh = self.seen != Some(stat);
        self.deleted = false;
        if stat.size > LARGEST {
            self.seen = Some(stat);
            self.retry = None;
            let size = stat.size / (1024 * 1024);
            return Ok(Sight::Broken(Flaw {
                offset: 0,
                reason: format!("too large for a document: {size} MiB"),
            }));
        }
        let file = files.open(&self.path)?;
        let before = file.stat()?;
        let mut bytes = vec![0; before.size.min(LARGEST) as usize];
        let got = read_full(file.as_ref(), 0, &mut bytes)?;
        bytes.truncate(got);
        // What was written while it was read is seen as a change at the next look.
        self.seen = Some(before);
        let (pieces, completeness) = read_document(self.kind, &bytes);
        Ok(self.judge(pieces, completeness, fresh, now, wall))
    }

    fn judge(
        &mut self,
        pieces: Vec<Piece>,
        completeness: Completeness,
        fresh: bool,
        now: Duration,
        wall: i64,
    ) -> Sight {
        let flaw = match completeness {
            Completeness::Whole => {
                self.good = true;
                self.retry = None;
                return Sight::Read(pieces, None);
            }
            Completeness::Empty => Flaw {
                offset: 0,
                reason: "empty".to_owned(),
            },
            Completeness::Cut(flaw) | Completeness::Bad(flaw) => flaw,
        };
        let age = self.seen.map_or(0, |stat| wall.saturating_sub(stat.mtime));
        let attempt = match self.retry {
            Some((attempt, _)) if !fresh => attempt + 1,
            _ => 0,
        };
        if age < SETTLED
            && let Some(pause) = PAUSES.get(attempt)
        {
            self.retry = Some((attempt, now + *pause));
            return Sight::Same;
        }
        self.retry = None;
        if self.good {
            Sight::Broken(flaw)
        } else {
            Sight::Read(pieces, Some(flaw))
        }
    }
}
