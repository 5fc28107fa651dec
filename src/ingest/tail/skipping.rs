//! Passing over what must not be held in memory: endless lines, zeros and holes.

use std::io;

use memchr::memchr;

use super::reading::{Step, commit, flaw};
use super::{Buffer, Event, Look, Nul, Tail};
use crate::ingest::files::{OpenFile, read_full};

/// A record longer than this is passed over.
pub(super) const LONGEST: usize = 8 * 1024 * 1024;

/// Where zeros end.
enum Found {
    Data(u64),
    End(u64),
    /// Not within this turn's budget; zeros so far.
    Budget(u64),
}

impl Tail {
    /// Inside an over-long line: commits up to its end, or everything that was read.
    pub(super) fn pass_over(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        got: usize,
        size: u64,
    ) -> io::Result<Step> {
        look.buffer.shrink();
        let known = self.overlap.len();
        let got = got.min(look.buffer.bytes.len());
        let fresh = &look.buffer.bytes[known..got];
        self.torn = 0;
        if let Some(end) = memchr(b'\n', fresh) {
            self.over_long = false;
            let line = &look.buffer.bytes[known..=known + end];
            commit(self, line);
            return Ok(Step::On);
        }
        let zeros = fresh.iter().all(|byte| *byte == 0);
        commit(self, &look.buffer.bytes[known..got]);
        if zeros && let Some(data) = file.next_data(self.offset)?.or(Some(size)) {
            let data = data.min(size).max(self.offset);
            self.overlap.advance_zeros(data - self.offset);
            self.offset = data;
        }
        Ok(if self.offset >= size {
            Step::End
        } else {
            Step::On
        })
    }

    /// The record begins with a whole buffer of zeros: a hole, or data that is on its way.
    pub(super) fn pass_zeros(
        &mut self,
        look: &mut Look<'_>,
        file: &dyn OpenFile,
        got: usize,
        size: u64,
        out: &mut dyn FnMut(Event),
    ) -> io::Result<Step> {
        let read_to = self.offset - self.overlap.len() as u64 + got as u64;
        let from = self.nul.scanned.max(read_to);
        match find_data(look, file, from, size)? {
            Found::Budget(scanned) => {
                self.nul.scanned = scanned;
                Ok(Step::Later)
            }
            Found::End(end) => {
                // Not written yet, as far as anybody can tell: nothing is given up.
                self.nul.scanned = end;
                self.torn = end - self.offset;
                self.hold_zeros(look);
                Ok(Step::End)
            }
            Found::Data(data) => {
                let count = data - self.offset;
                out(flaw(self.offset, format!("{count} zero bytes skipped")));
                self.overlap.advance_zeros(count);
                self.offset = data;
                self.nul = Nul::default();
                Ok(Step::On)
            }
        }
    }
}

fn find_data(look: &mut Look<'_>, file: &dyn OpenFile, from: u64, size: u64) -> io::Result<Found> {
    let limit = from.saturating_add(look.budget.max(Buffer::SIZE as u64));
    let mut at = from;
    while at < size {
        at = match file.next_data(at)? {
            Some(data) if data < size => data.max(at),
            _ => return Ok(Found::End(size)),
        };
        let room = (size - at).min(Buffer::SIZE as u64) as usize;
        let got = read_full(file, at, &mut look.buffer.bytes[..room])?;
        if let Some(first) = look.buffer.bytes[..got].iter().position(|byte| *byte != 0) {
            return Ok(Found::Data(at + first as u64));
        }
        if got == 0 {
            return Ok(Found::End(at));
        }
        at += got as u64;
        if at >= limit && at < size {
            return Ok(Found::Budget(at));
        }
    }
    Ok(Found::End(size))
}
