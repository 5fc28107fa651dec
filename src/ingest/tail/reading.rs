//! Reading on from the committed offset, and judging a file that lies still.

use std::io;
use std::time::Duration;

use super::{ABANDONED, Event, Look, Nul, QUIET, Retry, Tail, Verdict, skipping};
use crate::formats::{Decoder, Flaw, Piece};
use crate::ingest::files::{OpenFile, read_full};

/// What one read brought.
pub(super) enum Step {
    /// Some records were committed and more bytes are there.
    On,
    /// Everything up to the end was looked at.
    End,
    /// There is more, but not in this turn.
    Later,
    /// The bytes before the offset are not those that were read.
    Rewritten,
    /// The unterminated line that was accepted went on.
    Continued,
}

impl Tail {
    pub(super) fn read_on(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Verdict> {
        let Some(stat) = self.seen else {
            return Ok(Verdict::default());
        };
        let limit = self.offset.saturating_add(look.budget);
        let mut changed = false;
        self.drained = false;
        loop {
            let before = self.offset;
            let step = self.step(look, file, stat.size, decoder, out)?;
            changed |= self.offset != before;
            match step {
                Step::On if self.offset < limit => {}
                Step::On | Step::Later => {
                    return Ok(Verdict {
                        more: true,
                        changed,
                        wake: None,
                    });
                }
                Step::End => break,
                Step::Rewritten => return Ok(self.reset(stat, "was written anew", out)),
                Step::Continued => {
                    return Ok(self.reset(
                        stat,
                        "went on where its last line seemed complete",
                        out,
                    ));
                }
            }
        }
        self.drained = true;
        if !look.follow {
            self.last_word(look, file, decoder, out)?;
        } else if self.quiet.settled && self.torn > 0 {
            self.accept_complete(look, file, decoder, out)?;
        }
        Ok(Verdict {
            more: false,
            changed: true,
            wake: self.wake(look),
        })
    }

    /// One read and what comes of it.
    fn step(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        size: u64,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Step> {
        let known = self.overlap.len();
        let start = self.offset - known as u64;
        // Never past the size that the file system tells: on network file systems what lies there
        // is whatever the cache holds.
        let room = (size - start).min(look.buffer.bytes.len() as u64) as usize;
        let got = read_full(file, start, &mut look.buffer.bytes[..room])?;
        let bytes = &look.buffer.bytes[..got];
        if got < known || !self.overlap.matches(&bytes[..known]) {
            return Ok(Step::Rewritten);
        }
        let fresh = &bytes[known..];
        let at_end = start + got as u64 >= size || got < room;
        if fresh.is_empty() {
            self.torn = 0;
            self.nul = Nul::default();
            return Ok(Step::End);
        }
        if self.accepted {
            if !ends_line(fresh) {
                return Ok(Step::Continued);
            }
            self.accepted = false;
        }
        if self.over_long {
            return self.pass_over(look, file, got, size);
        }
        let done = decode(self, decoder, fresh, false, out);
        let done = done.min(fresh.len());
        self.torn = (fresh.len() - done) as u64;
        commit(self, &fresh[..done]);
        if done == 0 && fresh.iter().all(|byte| *byte == 0) {
            return self.pass_zeros(look, file, got, size, out);
        }
        if at_end {
            // Zeros at the end are data that is on its way, and may come without a new time.
            let zeros = self.torn > 0 && fresh.ends_with(&[0]);
            if zeros {
                self.hold_zeros(look);
            } else {
                self.nul = Nul::default();
            }
            return Ok(Step::End);
        }
        if done > 0 {
            return Ok(Step::On);
        }
        if !look.buffer.grow() {
            self.over_long = true;
            out(flaw(self.offset, "over-long line skipped".to_owned()));
        }
        Ok(Step::On)
    }

    /// Nothing changed since the last look: is it time to judge the end, or to look at zeros again?
    pub(super) fn look_at_still(
        &mut self,
        look: &mut Look<'_>,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Verdict> {
        let zeros_due = self.nul.retry.is_some_and(|retry| look.now >= retry.at);
        let quiet_due = look.follow && !self.quiet.settled && look.now >= self.changed_at + QUIET;
        if !zeros_due && !quiet_due {
            return Ok(Verdict {
                wake: self.wake(look),
                ..Verdict::default()
            });
        }
        let file = look.files.open(&self.path)?;
        if self.seen != Some(file.stat()?) {
            // It changed under our eyes; the next look takes it from the start.
            self.drained = false;
            return Ok(Verdict {
                more: true,
                ..Verdict::default()
            });
        }
        if quiet_due {
            self.quiet.settled = true;
            // Two writes within one tick of the file system's clock leave the same times.
            if let Some(stat) = self.seen.filter(|_| self.offset > 0)
                && !self.still_holds(file.as_ref())?
            {
                return Ok(self.reset(stat, "was written anew", out));
            }
        }
        let before = (self.offset, self.torn);
        if zeros_due {
            self.nul.scanned = 0;
            let verdict = self.read_on(look, file.as_ref(), decoder, out)?;
            look.buffer.shrink();
            if self.torn == 0 || verdict.more {
                return Ok(verdict);
            }
        }
        if quiet_due && self.torn > 0 {
            self.accept_complete(look, file.as_ref(), decoder, out)?;
            look.buffer.shrink();
        }
        let changed = before != (self.offset, self.torn);
        Ok(Verdict {
            more: false,
            changed,
            wake: self.wake(look),
        })
    }

    /// The end of a file that nobody will read again.
    fn last_word(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<()> {
        let age = self
            .seen
            .map_or(0, |stat| look.wall.saturating_sub(stat.mtime));
        if age >= ABANDONED.as_nanos() as i64 {
            return self.close_off(look, file, decoder, out);
        }
        // Its writer may be about to finish the line.
        if self.torn > 0 && !self.over_long {
            self.accept_complete(look, file, decoder, out)?;
        }
        Ok(())
    }

    /// Takes the torn end for what it is: nothing will follow.
    pub(super) fn close_off(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<()> {
        if self.torn == 0 || self.over_long || self.accept_complete(look, file, decoder, out)? {
            return Ok(());
        }
        if self.nul.scanned > self.offset {
            let count = self.nul.scanned - self.offset;
            out(flaw(self.offset, format!("{count} zero bytes at the end")));
            return Ok(());
        }
        let bytes = self.read_torn(look, file)?;
        let bytes = &look.buffer.bytes[..bytes];
        decode(self, decoder, bytes, true, out);
        commit(self, bytes);
        self.torn = 0;
        Ok(())
    }

    /// Takes the unterminated last line when it is a whole record.
    pub(super) fn accept_complete(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        decoder: &mut dyn Decoder,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<bool> {
        if self.torn == 0 || self.over_long || self.nul.scanned > self.offset {
            return Ok(false);
        }
        let len = self.read_torn(look, file)?;
        if len as u64 != self.torn || !(look.complete)(&look.buffer.bytes[..len]) {
            return Ok(false);
        }
        // The newline that is missing is lent, so that the decoder need not know of this case.
        if len == look.buffer.bytes.len() {
            look.buffer.bytes.push(0);
        }
        look.buffer.bytes[len] = b'\n';
        let line = &look.buffer.bytes[..=len];
        decode(self, decoder, line, false, out);
        commit(self, &look.buffer.bytes[..len]);
        self.accepted = true;
        self.torn = 0;
        Ok(true)
    }

    /// Reads the bytes that are held back to the front of the buffer.
    fn read_torn(&self, look: &mut Look<'_>, file: &dyn OpenFile) -> io::Result<usize> {
        let want = self.torn.min(skipping::LONGEST as u64) as usize;
        while look.buffer.bytes.len() < want && look.buffer.grow() {}
        read_full(file, self.offset, &mut look.buffer.bytes[..want])
    }

    /// When to look again although nothing changes.
    fn wake(&self, look: &Look<'_>) -> Option<Duration> {
        let quiet = (look.follow && !self.quiet.settled).then(|| self.changed_at + QUIET);
        let zeros = self.nul.retry.map(|retry| retry.at);
        [quiet, zeros].into_iter().flatten().min()
    }

    pub(super) fn hold_zeros(&mut self, look: &Look<'_>) {
        self.nul.retry = look.follow.then(|| Retry::after(self.nul.retry, look.now));
    }
}

/// Decodes bytes that start at the offset. Records have their place in the whole of the stream;
/// flaws are told where they lie in their file.
fn decode(
    tail: &Tail,
    decoder: &mut dyn Decoder,
    bytes: &[u8],
    last: bool,
    out: &mut dyn FnMut(Event),
) -> usize {
    decoder.decode(bytes, tail.position(), last, &mut |mut piece| {
        if let Piece::Flaw(flaw) = &mut piece {
            flaw.offset = flaw.offset.saturating_sub(tail.origin);
        }
        out(Event::Piece(piece));
    })
}

/// Moves the offset over bytes that were consumed.
pub(super) fn commit(tail: &mut Tail, bytes: &[u8]) {
    tail.samples.cover(bytes, tail.offset);
    tail.overlap.advance(bytes);
    tail.offset += bytes.len() as u64;
}

pub(super) fn flaw(offset: u64, reason: String) -> Event {
    Event::Piece(Piece::Flaw(Flaw { offset, reason }))
}

/// Whether `bytes`, which follow a line that had no newline, do nothing but end it.
fn ends_line(bytes: &[u8]) -> bool {
    let next = bytes
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    next.is_none_or(|byte| *byte == b'\n')
}
