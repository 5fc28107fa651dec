//! Following one appended file: what is committed, what is torn, and what happened to the file.
//!
//! Pure of threads and clocks: time is an argument, so a test can replay any history. The file is
//! the queue: what the decoder did not consume stays on disk and is read again.

mod kept;
mod leaving;
mod reading;
mod skipping;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::{Files, Kind, OpenFile, Stat, read_full};
use super::samples::{Overlap, Samples, WIDTH};
use super::trouble::{is_absent, words_for};
use crate::formats::{Decoder, Piece};
pub use kept::Kept;
pub(crate) use leaving::Part;

/// How long an unfinished last line must lie still before it is taken for the last word.
const QUIET: Duration = Duration::from_secs(2);
/// How long a file of the past must have been left alone before its torn end counts as lost.
const ABANDONED: Duration = Duration::from_secs(60);
/// A file that was not written to for this long, in nanoseconds, is not kept open.
pub(crate) const LIVE: i64 = 600_000_000_000;
const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What following a file brings to light.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Piece(Piece),
    /// The file began anew, for this reason: forget everything, take a fresh decoder.
    Reset(&'static str),
    /// The file was rotated away, and the stream goes on in the next one: take a fresh decoder.
    Rotated,
    /// Something that loses nothing.
    Note(&'static str),
    /// The file cannot be read now. It is tried again.
    Trouble(String),
    /// It can be read again.
    Recovered,
}

/// The buffer that all reading of one thread goes through. New memory is the dearest thing.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
}

/// What a look at a file needs.
#[expect(
    missing_debug_implementations,
    reason = "a file system need not have one"
)]
pub struct Look<'a> {
    pub files: &'a dyn Files,
    pub buffer: &'a mut Buffer,
    /// Time that only goes forward.
    pub now: Duration,
    /// Nanoseconds since 1970, to be compared with file times.
    pub wall: i64,
    /// Whether the file is followed; otherwise this reading is the only one.
    pub follow: bool,
    /// How many bytes may be read before others have their turn.
    pub budget: u64,
    /// Whether bytes without a newline are a whole record.
    pub complete: fn(&[u8]) -> bool,
    /// Where live files are kept open, if they are.
    pub kept: Option<&'a Kept>,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// There is more to read at once.
    pub more: bool,
    /// Something was read or had happened.
    pub changed: bool,
    /// Look again at this time even when nothing changes.
    pub wake: Option<Duration>,
}

/// Following one file.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    offset: u64,
    /// How many bytes the files had that were rotated away before this one.
    origin: u64,
    past: Vec<Part>,
    handle: Handle,
    overlap: Overlap,
    samples: Samples,
    seen: Option<Stat>,
    presence: Presence,
    /// When the file last looked different.
    changed_at: Duration,
    /// Whether everything up to `seen.size` was looked at.
    drained: bool,
    /// Bytes behind `offset` that make no whole record yet.
    torn: u64,
    quiet: Quiet,
    /// Whether the last committed line had no newline.
    accepted: bool,
    /// Inside a record that is too long to be held.
    over_long: bool,
    nul: Nul,
    trouble: Option<Retry>,
}

/// Between looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handle {
    Closed,
    /// Kept open, unless too many others were read since.
    Kept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// Not seen yet.
    Awaited,
    There,
    Deleted,
}

/// What was done about a file that lies still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Quiet {
    /// The torn end was judged, the samples were compared.
    settled: bool,
}

/// Zero bytes at the end: data that is on its way, or a hole.
#[derive(Clone, Copy, Debug, Default)]
struct Nul {
    /// How far zeros have been seen; 0 when there are none.
    scanned: u64,
    retry: Option<Retry>,
}

#[derive(Clone, Copy, Debug)]
struct Retry {
    at: Duration,
    pause: Duration,
}

impl Retry {
    fn after(former: Option<Self>, now: Duration) -> Self {
        let pause = former.map_or(FIRST_RETRY, |retry| (retry.pause * 2).min(LAST_RETRY));
        Self {
            at: now + pause,
            pause,
        }
    }
}

impl Buffer {
    /// The size that all but the longest records are read with.
    pub const SIZE: usize = 256 * 1024;

    pub fn new() -> Self {
        Self {
            bytes: vec![0; Self::SIZE],
        }
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Makes room for a longer record; false when it is as long as any may be.
    pub fn grow(&mut self) -> bool {
        if self.bytes.len() >= skipping::LONGEST {
            return false;
        }
        self.bytes
            .resize((self.bytes.len() * 2).min(skipping::LONGEST), 0);
        true
    }

    pub fn shrink(&mut self) {
        if self.bytes.len() > Self::SIZE {
            self.bytes.truncate(Self::SIZE);
            self.bytes.shrink_to_fit();
        }
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Tail {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            offset: 0,
            origin: 0,
            past: Vec::new(),
            handle: Handle::Closed,
            overlap: Overlap::default(),
            samples: Samples::default(),
            seen: None,
            presence: Presence::Awaited,
            changed_at: Duration::ZERO,
            drained: false,
            torn: 0,
            quiet: Quiet::default(),
            accepted: false,
            over_long: false,
            nul: Nul::default(),
            trouble: None,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far the file is read and committed.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes behind the offset that are held back because they make no whole record.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    /// The file as it was last seen.
    pub fn seen(&self) -> Option<&Stat> {
        self.seen.as_ref()
    }

    pub fn is_deleted(&self) -> bool {
        self.presence == Presence::Deleted
    }

    /// Lets go of what only tells whether a file that goes on is still the same one.
    pub(crate) fn forget_samples(&mut self) {
        self.samples = Samples::default();
    }

    /// Whether reading is in the middle of nothing special.
    pub(crate) fn is_plain(&self) -> bool {
        let calm = self.nul.retry.is_none() && self.trouble.is_none();
        calm && !self.over_long && !self.accepted && self.origin == 0
    }

    /// Whether an open file is the one that was read, so that reading may go on in it.
    pub(crate) fn continues_in(&self, file: &dyn OpenFile) -> io::Result<bool> {
        let stat = file.stat()?;
        let same = self
            .seen
            .is_some_and(|s| s.is_same_file(&stat) && s.size <= stat.size);
        Ok(same && self.still_holds(file)?)
    }

    /// Takes note of what was read and decoded elsewhere: up to `end`, with some of the bytes and
    /// the last ones.
    pub(crate) fn commit_elsewhere(
        &mut self,
        end: u64,
        heads: &[(u64, Vec<u8>)],
        overlap: &Overlap,
    ) {
        for (offset, bytes) in heads {
            self.samples.cover(bytes, *offset);
        }
        self.overlap.advance(overlap.bytes());
        self.offset = end;
    }

    /// Looks at the file and reads on. After an [`Event::Reset`] the decoder must be a fresh one.
    pub fn look(
        &mut self,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> Verdict {
        if let Some(retry) = self.trouble.filter(|retry| look.now < retry.at) {
            return Verdict {
                wake: Some(retry.at),
                ..Verdict::default()
            };
        }
        match self.try_look(look, decoder, out) {
            Ok(verdict) => {
                if self.trouble.take().is_some() {
                    out(Event::Recovered);
                }
                verdict
            }
            Err(error) if is_absent(&error) => self.leave(look, decoder, out),
            Err(error) => self.in_trouble(look, &error, out),
        }
    }

    fn try_look(
        &mut self,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Verdict> {
        let stat = look.files.stat(&self.path)?;
        if stat.kind != Kind::File {
            return Err(super::files::not_regular());
        }
        let unchanged = self.presence == Presence::There && self.seen == Some(stat);
        if unchanged && self.drained {
            return self.look_at_still(look, decoder, out);
        }
        let file = self.reopened(look, &stat)?;
        // The name may lead elsewhere since it was asked about: the open file is what counts.
        let stat = file.stat()?;
        if let Some(verdict) = self.turn_over(&stat, file.as_ref(), look, decoder, out)? {
            return Ok(verdict);
        }
        if self.presence == Presence::Deleted {
            out(Event::Note("came back"));
        }
        self.presence = Presence::There;
        if self.seen != Some(stat) {
            self.changed_at = look.now;
            self.quiet = Quiet::default();
            self.nul = Nul::default();
        }
        if let Some(reason) = self.began_anew(&stat, file.as_ref())? {
            return Ok(self.reset(stat, reason, out));
        }
        let known = self.seen.replace(stat).is_some();
        // A file that was left alone long before it was found need not be watched for its end.
        let age = look.wall.saturating_sub(stat.mtime);
        self.quiet.settled |= !known && age > QUIET.as_nanos() as i64;
        let verdict = self.read_on(look, file.as_ref(), decoder, out);
        look.buffer.shrink();
        if age < LIVE {
            self.hold(look, file);
        }
        verdict
    }

    /// The file that has the name now: the handle that is kept of it, if it is still that one. To open
    /// it anew is announced to all who watch its folder, us among them.
    fn reopened(&self, look: &Look<'_>, now: &Stat) -> io::Result<Box<dyn OpenFile>> {
        let same = self.seen.is_some_and(|seen| seen.is_same_file(now));
        let kept = look.kept.filter(|_| same && self.handle == Handle::Kept);
        match kept.and_then(|kept| kept.take(now)) {
            Some(file) => Ok(file),
            None => look.files.open(&self.path),
        }
    }

    /// Whether this is another file than the one that was read, and how that came.
    fn began_anew(&self, stat: &Stat, file: &dyn OpenFile) -> io::Result<Option<&'static str>> {
        let Some(seen) = self.seen.filter(|_| self.offset > 0 || self.over_long) else {
            return Ok(None);
        };
        if stat.size < self.offset {
            return Ok(Some("was cut off and began anew"));
        }
        if !seen.is_same_file(stat) {
            let same = self.still_holds(file)?;
            return Ok((!same).then_some("was replaced by another file"));
        }
        let touched = seen.mtime != stat.mtime || seen.ctime != stat.ctime;
        if touched && stat.size <= seen.size && !self.still_holds(file)? {
            return Ok(Some("was written anew"));
        }
        Ok(None)
    }

    /// Whether the file holds what was read from it, as far as samples can tell.
    fn still_holds(&self, file: &dyn OpenFile) -> io::Result<bool> {
        let mut end = [0; WIDTH];
        let end = &mut end[..self.overlap.len()];
        let got = read_full(file, self.offset - end.len() as u64, end)?;
        Ok(self.overlap.matches(&end[..got]) && self.samples.still_match(file)?)
    }

    fn reset(&mut self, stat: Stat, reason: &'static str, out: &mut dyn FnMut(Event)) -> Verdict {
        self.start_over(stat);
        out(Event::Reset(reason));
        Verdict {
            more: true,
            changed: true,
            wake: None,
        }
    }

    fn start_over(&mut self, stat: Stat) {
        self.offset = 0;
        self.origin = 0;
        self.past.clear();
        self.overlap = Overlap::default();
        self.samples = Samples::default();
        self.seen = Some(stat);
        self.drained = false;
        self.torn = 0;
        self.quiet = Quiet::default();
        self.accepted = false;
        self.over_long = false;
        self.nul = Nul::default();
    }

    fn in_trouble(
        &mut self,
        look: &mut Look<'_>,
        error: &io::Error,
        out: &mut dyn FnMut(Event),
    ) -> Verdict {
        let first = self.trouble.is_none();
        let retry = Retry::after(self.trouble, look.now);
        self.trouble = Some(retry);
        self.drained = false;
        look.buffer.shrink();
        if first {
            out(Event::Trouble(words_for(error, &self.path, look.files)));
        }
        Verdict {
            more: false,
            changed: first,
            wake: Some(retry.at),
        }
    }
}
