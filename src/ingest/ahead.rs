//! Decoding a big backlog of rows or log lines with several threads, strictly in order to the outside.
//!
//! The file is cut at newlines into segments. Each is decoded by a fork of the file's decoder; the
//! thread that owns the run hands the results on in order. A segment in which anything is odd is
//! left to the ordinary way of reading, which understands records of several lines.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use memchr::memchr;

use super::files::{Files, OpenFile, read_full};
use super::outlet::Outlet;
use super::row_file::{Reader, RowFile, Told, knowing};
use super::samples::{Overlap, WIDTH};
use super::tail::Buffer;
use crate::formats::{Decoder, LogDecoder, Piece, RowDecoder};
use crate::record::ColumnId;

/// Less than this is read faster by one thread than several can be started.
const WORTH_IT: u64 = 32 * 1024 * 1024;
/// Several of these wait for their turn in memory, decoded.
const SEGMENT: u64 = 1024 * 1024;
/// Segments in one go; then others have their turn.
const SEGMENTS: usize = 64;
/// Decoded segments that may wait for their turn, so that memory stays bounded.
const RUN_AHEAD: usize = 4;
/// A file that was odd this often is read the ordinary way.
const STRIKES: u8 = 3;
/// How much threads that decode a backlog give way to others.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Whether and from where a file may be read by several threads.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    strikes: u8,
    /// Up to here the ordinary way goes first.
    not_before: u64,
}

struct Segment {
    pieces: Vec<Piece>,
    /// How many keys the fork knew at its start; it numbered further ones by itself.
    known: u32,
    end: u64,
    heads: Vec<(u64, Vec<u8>)>,
    overlap: Overlap,
    odd: bool,
}

struct Work<'a> {
    file: &'a dyn OpenFile,
    start: u64,
    end: u64,
    size: u64,
    /// The decoder of rows; log lines need none that knows anything.
    decoder: Option<Mutex<&'a mut RowDecoder>>,
    state: Mutex<State>,
    turn: Condvar,
}

#[derive(Default)]
struct State {
    claimed: usize,
    taken: usize,
    stop: bool,
    done: BTreeMap<usize, io::Result<Segment>>,
}

/// Reads a part of the backlog when that is big. True when anything was read.
pub(crate) fn read_ahead(
    file: &mut RowFile,
    files: &dyn Files,
    threads: usize,
    out: &mut Outlet<'_>,
    told: &mut Told,
) -> bool {
    let offset = file.tail.offset();
    let backlog = file
        .tail
        .seen()
        .map_or(0, |stat| stat.size)
        .saturating_sub(offset);
    let apt = file.ahead.strikes < STRIKES && offset >= file.ahead.not_before && offset > 0;
    if backlog < WORTH_IT || !apt || threads < 2 || !file.tail.is_plain() {
        return false;
    }
    let Ok(open) = files.open(file.tail.path()) else {
        return false;
    };
    if !file.tail.continues_in(open.as_ref()).unwrap_or(false) {
        return false;
    }
    let before = file.tail.offset();
    let size = offset + backlog;
    spread(file, open.as_ref(), size, threads, out, told);
    file.tail.offset() > before
}

/// A backlog gives way to the keys and the screen of this program, to what other runs write now, and
/// to the training that is watched. Only Linux does so for one thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        // Without leave everything works, if less smoothly.
        if getpriority_process(None).is_ok_and(|niceness| niceness < NICENESS) {
            let _ = setpriority_process(None, NICENESS);
        }
    }
}

fn spread(
    file: &mut RowFile,
    open: &dyn OpenFile,
    size: u64,
    threads: usize,
    out: &mut Outlet<'_>,
    told: &mut Told,
) {
    // The decoder is lent to the work, so that the file can take what comes meanwhile.
    let mut decoder = match &mut file.reader {
        Reader::Rows(decoder, kind, _) => Some(
            decoder
                .take()
                .unwrap_or_else(|| Box::new(knowing(*kind, &file.keys))),
        ),
        Reader::Logs(_) => None,
        Reader::Params(_) => return,
    };
    let start = file.tail.offset();
    let end = size.min(start + SEGMENT * SEGMENTS as u64);
    let work = Work {
        file: open,
        start,
        end,
        size,
        decoder: decoder.as_deref_mut().map(Mutex::new),
        state: Mutex::default(),
        turn: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 0..threads.min(SEGMENTS) {
            scope.spawn(|| {
                give_way();
                work.decode();
            });
        }
        for index in 0..work.count() {
            match work.take(index) {
                Some(Ok(segment)) if !segment.odd && out.is_open() => {
                    hand_on(segment, &work, file, out, told);
                }
                Some(Ok(segment)) => {
                    file.ahead.strikes += 1;
                    file.ahead.not_before = segment.end;
                    break;
                }
                // The ordinary way will meet the same error, and say so.
                Some(Err(_)) | None => {
                    file.ahead.not_before = file.tail.offset() + SEGMENT;
                    break;
                }
            }
        }
        work.stop();
    });
    drop(work);
    if let Reader::Rows(lent, ..) = &mut file.reader {
        *lent = decoder;
    }
}

fn hand_on(
    segment: Segment,
    work: &Work<'_>,
    file: &mut RowFile,
    out: &mut Outlet<'_>,
    told: &mut Told,
) {
    let mut numbers: Vec<ColumnId> = Vec::new();
    for piece in segment.pieces {
        match (piece, &work.decoder) {
            (Piece::Keys(keys), Some(decoder)) => {
                let (ids, new) = lock(decoder).adopt(&keys);
                numbers.extend(ids);
                if !new.is_empty() {
                    file.feed(Piece::Keys(new), out, told);
                }
            }
            (Piece::Rows(mut rows), _) => {
                rows.renumber(segment.known, &numbers);
                file.feed(Piece::Rows(rows), out, told);
            }
            (other, _) => file.feed(other, out, told),
        }
    }
    file.tail
        .commit_elsewhere(segment.end, &segment.heads, &segment.overlap);
}

/// A segment that never comes must not be waited for.
struct StopOnPanic<'a, 'b>(&'a Work<'b>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

impl Work<'_> {
    fn count(&self) -> usize {
        (self.end - self.start).div_ceil(SEGMENT) as usize
    }

    fn decode(&self) {
        let _guard = StopOnPanic(self);
        let mut buffer = Buffer::new();
        while let Some(index) = self.claim() {
            let segment = self.segment(index, &mut buffer);
            buffer.shrink();
            lock(&self.state).done.insert(index, segment);
            self.turn.notify_all();
        }
    }

    fn claim(&self) -> Option<usize> {
        let mut state = lock(&self.state);
        loop {
            if state.stop || state.claimed >= self.count() {
                return None;
            }
            if state.claimed < state.taken + RUN_AHEAD {
                state.claimed += 1;
                return Some(state.claimed - 1);
            }
            state = self
                .turn
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next segment in order; `None` when it will never come.
    fn take(&self, index: usize) -> Option<io::Result<Segment>> {
        let mut state = lock(&self.state);
        loop {
            if let Some(segment) = state.done.remove(&index) {
                state.taken = index + 1;
                self.turn.notify_all();
                return Some(segment);
            }
            if state.stop {
                return None;
            }
            state = self
                .turn
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stop(&self) {
        lock(&self.state).stop = true;
        self.turn.notify_all();
    }

    fn segment(&self, index: usize, buffer: &mut Buffer) -> io::Result<Segment> {
        let nominal = self.start + SEGMENT * index as u64;
        let mut at = self.line_start(nominal, buffer)?;
        let to = self.line_start((nominal + SEGMENT).min(self.end), buffer)?;
        let (mut decoder, known): (Box<dyn Decoder>, u32) = match &self.decoder {
            Some(decoder) => {
                let decoder = lock(decoder);
                (Box::new(decoder.fork()), decoder.known())
            }
            None => (Box::new(LogDecoder::new()), 0),
        };
        let mut segment = Segment {
            pieces: Vec::new(),
            known,
            end: at,
            heads: Vec::new(),
            overlap: Overlap::default(),
            odd: false,
        };
        while at < to {
            let room = (to - at).min(buffer.bytes().len() as u64) as usize;
            let got = read_full(self.file, at, &mut buffer.bytes()[..room])?;
            let bytes = &buffer.bytes()[..got];
            let Segment { pieces, odd, .. } = &mut segment;
            let done = decoder.decode(bytes, at, false, &mut |piece| {
                *odd |= matches!(piece, Piece::Flaw(_));
                pieces.push(piece);
            });
            segment.heads.push((at, bytes[..done.min(WIDTH)].to_vec()));
            segment.overlap.advance(&bytes[..done]);
            at += done as u64;
            if segment.odd || got < room {
                break;
            }
            let whole = at + (got - done) as u64 >= to;
            if done == 0 && (whole || !buffer.grow()) {
                break;
            }
        }
        // The last line of the file may be torn; a record that crosses a cut is odd.
        segment.odd |= at < to && to < self.size;
        segment.end = if segment.odd { to } else { at };
        Ok(segment)
    }

    /// The first start of a line at or after `nominal`.
    fn line_start(&self, nominal: u64, buffer: &mut Buffer) -> io::Result<u64> {
        if nominal <= self.start {
            return Ok(self.start);
        }
        let mut at = nominal - 1;
        while at < self.size {
            // A line is short as a rule; the further it goes on, the more is read at once.
            let room = (self.size - at).min(4 * 1024 + (at + 1 - nominal)) as usize;
            let room = room.min(buffer.bytes().len());
            let got = read_full(self.file, at, &mut buffer.bytes()[..room])?;
            if let Some(end) = memchr(b'\n', &buffer.bytes()[..got]) {
                return Ok(at + end as u64 + 1);
            }
            if got == 0 {
                break;
            }
            at += got as u64;
        }
        Ok(self.size)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_gives_way_is_the_only_one() {
        let niceness = || rustix::process::getpriority_process(None).expect("a number");
        let before = niceness();
        let decoder = thread::spawn(move || {
            give_way();
            niceness()
        });
        assert_eq!(decoder.join().expect("no panic"), before.max(NICENESS));
        assert_eq!(niceness(), before);
    }
}
