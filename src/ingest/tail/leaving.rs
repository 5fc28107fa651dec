//! What becomes of a file that leaves its name: deleted, moved away, or rotated.
//!
//! The name says where to look, but the file is what is read. What was written to it after the last
//! look is read to its end before the next file of that name has its turn.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::{Event, Handle, Look, Presence, Tail, Verdict};
use crate::formats::Decoder;
use crate::ingest::files::{Files, Kind, OpenFile, Stat};
use crate::ingest::trouble::is_absent;

/// How many rotated files are looked at to find the one that was read.
const MOST_TURNS: u32 = 99;
/// How many parts of a stream are remembered; rows of older ones cannot be read again.
const MOST_PARTS: usize = 1_024;

/// One file of a stream that was rotated: where it lies in the whole of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// How many bytes the files before it had.
    pub(crate) origin: u64,
    /// How many of its bytes were read.
    pub(crate) len: u64,
    file: Stat,
}

impl Tail {
    /// The name leads nowhere: reads what can be reached of the file that had it.
    pub(super) fn leave(
        &mut self,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> Verdict {
        let Some(old) = self.old_file(look) else {
            return self.absent(look, "was deleted; what was read is kept", out);
        };
        let rest = self.finish(old.as_ref(), look, decoder, out);
        let (mut moved, mut changed) = (false, false);
        if let Ok(rest) = rest {
            changed = rest.changed;
            let linked = old.stat().is_ok_and(|stat| stat.nlink > 0);
            if rest.more || linked {
                // Its writer may go on, and what comes in its place has not come yet.
                self.hold(look, old);
                moved = true;
            } else {
                // Nobody can finish its last line. What goes wrong here was lost anyway.
                let _ = self.accept_complete(look, old.as_ref(), decoder, out);
            }
            if rest.more {
                return rest;
            }
        }
        look.buffer.shrink();
        let reason = if moved {
            "was moved away; what was read is kept"
        } else {
            "was deleted; what was read is kept"
        };
        let verdict = self.absent(look, reason, out);
        Verdict {
            changed: verdict.changed || changed,
            ..verdict
        }
    }

    /// Another file has the name. When the old one was rotated away, what is left of it is read,
    /// then the files that came between, and then this one, all as one stream. `None` when this
    /// file is no successor.
    pub(super) fn turn_over(
        &mut self,
        stat: &Stat,
        file: &dyn OpenFile,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Option<Verdict>> {
        let Some(seen) = self.seen.filter(|s| look.follow && !s.is_same_file(stat)) else {
            return Ok(None);
        };
        let continues = self.offset > 0 && stat.size >= self.offset && self.still_holds(file)?;
        let rotated = if continues {
            None
        } else {
            self.rotated(look.files)
        };
        let Some((turn, path)) = rotated else {
            self.let_go(look.kept);
            return Ok(None);
        };
        let old = match look.kept.and_then(|kept| kept.take(&seen)) {
            Some(old) => old,
            None => look.files.open(&path)?,
        };
        if !seen.is_same_file(&old.stat()?) {
            // It turned again under our eyes; the next look finds it one place further.
            return Ok(Some(Verdict {
                more: true,
                ..Verdict::default()
            }));
        }
        let rest = self.finish(old.as_ref(), look, decoder, out)?;
        if rest.more {
            self.hold(look, old);
            return Ok(Some(rest));
        }
        self.close_off(look, old.as_ref(), decoder, out)?;
        look.buffer.shrink();
        let between = self.between(turn, look.files);
        Ok(Some(self.begin_next(between.unwrap_or(*stat), out)))
    }

    /// Keeps the file open that was just read, when it may be written to any moment.
    pub(super) fn hold(&mut self, look: &Look<'_>, file: Box<dyn OpenFile>) {
        if let (Some(kept), Some(stat)) = (look.kept.filter(|_| look.follow), self.seen) {
            kept.keep(stat, file);
            self.handle = Handle::Kept;
        }
    }

    /// No longer keeps the file open.
    pub(crate) fn let_go(&mut self, kept: Option<&super::Kept>) {
        if std::mem::replace(&mut self.handle, Handle::Closed) == Handle::Kept
            && let (Some(kept), Some(seen)) = (kept, self.seen)
        {
            drop(kept.take(&seen));
        }
    }

    /// The files of the stream, oldest first, up to what was read.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = self.past.clone();
        parts.extend(self.seen.map(|file| Part {
            origin: self.origin,
            len: self.offset,
            file,
        }));
        parts
    }

    /// Opens a file of the stream, under whatever name it has now.
    pub(crate) fn open_part(
        &self,
        part: &Part,
        files: &dyn Files,
    ) -> io::Result<Box<dyn OpenFile>> {
        if part.origin == self.origin {
            return files.open(&self.path);
        }
        let (_, path) = find_rotated(&self.path, &part.file, files)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "rotated away"))?;
        files.open(&path)
    }

    /// Opens a file of the stream, by the handle that is kept of it, if there is one. Nothing but the
    /// file that was read will do.
    pub(crate) fn open_text(
        &self,
        part: &Part,
        files: &dyn Files,
        kept: Option<&super::Kept>,
    ) -> io::Result<Box<dyn OpenFile>> {
        if let Some(file) = kept.and_then(|kept| kept.take(&part.file)) {
            return Ok(file);
        }
        match files.open(&self.path) {
            Ok(file) if part.file.is_same_file(&file.stat()?) => return Ok(file),
            Err(error) if !is_absent(&error) => return Err(error),
            _ => {}
        }
        let (_, path) = find_rotated(&self.path, &part.file, files)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the file is gone"))?;
        files.open(&path)
    }

    /// Gives back what [`Self::open_text`] opened: the handle of a live file is kept on.
    pub(crate) fn close_text(
        &self,
        part: &Part,
        file: Box<dyn OpenFile>,
        kept: Option<&super::Kept>,
    ) {
        let is_current = part.origin == self.origin && self.handle == Handle::Kept;
        if let Some(kept) = kept.filter(|_| is_current) {
            kept.keep(part.file, file);
        }
    }

    /// How far the stream is read, with the files that were rotated away.
    pub(crate) fn position(&self) -> u64 {
        self.origin + self.offset
    }

    /// How long the stream is, as far as is known.
    pub(crate) fn extent(&self) -> u64 {
        self.origin + self.seen.map_or(0, |stat| stat.size).max(self.offset)
    }

    /// The file has another path now; it is the same file.
    pub(crate) fn relocate(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// The file that was read, when it can still be reached.
    fn old_file(&self, look: &Look<'_>) -> Option<Box<dyn OpenFile>> {
        let seen = self.seen.filter(|_| look.follow)?;
        if self.handle == Handle::Kept
            && let Some(file) = look.kept.and_then(|kept| kept.take(&seen))
        {
            return Some(file);
        }
        if self.presence != Presence::There {
            return None;
        }
        let (_, path) = self.rotated(look.files)?;
        look.files.open(&path).ok()
    }

    fn rotated(&self, files: &dyn Files) -> Option<(u32, PathBuf)> {
        find_rotated(&self.path, self.seen.as_ref()?, files)
    }

    /// The file that was rotated away next after the one that is `turn` turns old now.
    fn between(&self, turn: u32, files: &dyn Files) -> Option<Stat> {
        let path = numbered(&self.path, turn.checked_sub(1).filter(|turn| *turn > 0)?);
        let stat = files.stat(&path).ok()?;
        // Some count upwards: then the file with the lower number is an older one.
        let newer = self.seen.is_some_and(|seen| stat.mtime >= seen.mtime);
        (stat.kind == Kind::File && newer).then_some(stat)
    }

    /// Reads on in a file that left its name.
    fn finish(
        &mut self,
        old: &dyn OpenFile,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Verdict> {
        let stat = old.stat()?;
        let same = |seen: Stat| seen.size == stat.size && seen.mtime == stat.mtime;
        if stat.size < self.offset || self.drained && self.seen.is_some_and(same) {
            return Ok(Verdict::default());
        }
        self.seen = Some(stat);
        self.read_on(look, old, decoder, out)
    }

    fn absent(
        &mut self,
        look: &Look<'_>,
        reason: &'static str,
        out: &mut dyn FnMut(Event),
    ) -> Verdict {
        let changed = self.presence == Presence::There;
        if changed {
            out(Event::Note(reason));
            self.presence = Presence::Deleted;
        }
        self.changed_at = if changed { look.now } else { self.changed_at };
        self.drained = true;
        self.trouble = None;
        Verdict {
            changed,
            ..Verdict::default()
        }
    }

    /// The stream goes on in the next file.
    fn begin_next(&mut self, next: Stat, out: &mut dyn FnMut(Event)) -> Verdict {
        self.past.extend(self.parts().last().copied());
        if self.past.len() > MOST_PARTS {
            self.past.remove(0);
        }
        let (origin, past) = (self.origin + self.offset, std::mem::take(&mut self.past));
        self.start_over(next);
        (self.origin, self.past) = (origin, past);
        self.presence = Presence::There;
        out(Event::Rotated);
        Verdict {
            more: true,
            changed: true,
            wake: None,
        }
    }
}

/// A file by what is known of it among `<name>.1`, `<name>.2`, …
fn find_rotated(path: &Path, file: &Stat, files: &dyn Files) -> Option<(u32, PathBuf)> {
    for turn in 1..=MOST_TURNS {
        let candidate = numbered(path, turn);
        if files.stat(&candidate).ok()?.is_same_file(file) {
            return Some((turn, candidate));
        }
    }
    None
}

fn numbered(path: &Path, turn: u32) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".{turn}"));
    PathBuf::from(name)
}
