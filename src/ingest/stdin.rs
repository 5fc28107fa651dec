//! Rows from standard input, as a run called `-`.

use std::io::{self, Read};
use std::path::PathBuf;

use memchr::memchr;

use super::outlet::Outlet;
use super::tail::Buffer;
use super::trouble::words;
use crate::formats::{Decoder, Piece, RowDecoder};
use crate::record::{Change, StreamId, StreamKind};

/// The name of the run, of its stream, and of the argument that stands for it.
pub(crate) const NAME: &str = "-";

/// Announces the stream, reads to the end and sends what comes. Memory is bounded by the longest
/// record that is accepted. `now` is the time of day, in seconds since 1970.
pub(crate) fn feed(mut input: impl Read, now: impl Fn() -> f64, out: &mut Outlet<'_>) {
    let stream = StreamId(0);
    let (name, file) = (NAME.to_owned(), PathBuf::from(NAME));
    out.change(Change::Stream {
        stream,
        name,
        kind: StreamKind::Metric,
        file,
    });
    let mut pipe = Pipe {
        decoder: RowDecoder::new(StreamKind::Metric),
        base: 0,
        over_long: false,
    };
    let mut buffer = Buffer::new();
    let mut filled = 0;
    let mut total = 0;
    while out.is_open() {
        // More may be long in coming.
        out.flush();
        let got = match input.read(&mut buffer.bytes()[filled..]) {
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let name = NAME.into();
                out.problem(&name, total, format!("cannot be read: {}", words(&error)));
                0
            }
        };
        total += got as u64;
        filled += got;
        let last = got == 0;
        let done = pipe.take(&buffer.bytes()[..filled], last, out);
        buffer.bytes().copy_within(done..filled, 0);
        filled -= done;
        if last {
            break;
        }
        // A pipe has no time of its own; that it brings something shows that its writer lives.
        progress(total, Some(now()), out);
        if filled == buffer.bytes().len() && !buffer.grow() {
            pipe.begin_over_long(filled, out);
            filled = 0;
            buffer.shrink();
        }
    }
    // Its end is seen, which tells more than any time: nobody writes there any more.
    progress(total, None, out);
    out.change(Change::CaughtUp);
}

fn progress(total: u64, modified: Option<f64>, out: &mut Outlet<'_>) {
    out.change(Change::Progress {
        read: total,
        size: total,
        modified,
    });
}

struct Pipe {
    decoder: RowDecoder,
    base: u64,
    over_long: bool,
}

impl Pipe {
    fn take(&mut self, bytes: &[u8], last: bool, out: &mut Outlet<'_>) -> usize {
        let mut done = 0;
        if self.over_long {
            done = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
            self.over_long = done == bytes.len() && !bytes.ends_with(b"\n");
        }
        if !self.over_long {
            let base = self.base + done as u64;
            let decoder = &mut self.decoder;
            done += decoder.decode(&bytes[done..], base, last, &mut |piece| send(piece, out));
        }
        self.base += done as u64;
        done
    }

    /// What is held already belongs to a line that is too long.
    fn begin_over_long(&mut self, held: usize, out: &mut Outlet<'_>) {
        self.over_long = true;
        out.problem(&NAME.into(), self.base, "over-long line skipped".to_owned());
        self.base += held as u64;
    }
}

fn send(piece: Piece, out: &mut Outlet<'_>) {
    let stream = StreamId(0);
    match piece {
        Piece::Keys(keys) => out.change(Change::Columns { stream, keys }),
        Piece::Rows(rows) => out.change(Change::Rows { stream, rows }),
        Piece::Flaw(flaw) => out.problem(&NAME.into(), flaw.offset, flaw.reason),
        // Rows on a pipe are rows, whatever they look like.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::outlet::Message;
    use crate::record::RunId;
    use std::sync::{Arc, Mutex};

    type Seen = Arc<Mutex<Vec<Change>>>;

    /// Where changes are kept, and the sink that keeps them.
    fn keeper() -> (Seen, impl Fn(Message) -> bool + Send + Sync) {
        let seen = Seen::default();
        let keep = Arc::clone(&seen);
        let sink = move |message| {
            if let Message::Changes { changes, .. } = message {
                keep.lock().unwrap().extend(changes);
            }
            true
        };
        (seen, sink)
    }

    fn count(seen: &Seen) -> u32 {
        let seen = seen.lock().unwrap();
        let rows = seen.iter().map(|change| match change {
            Change::Rows { rows, .. } => rows.count,
            _ => 0,
        });
        rows.sum()
    }

    #[test]
    fn rows_and_an_endless_line() {
        let (seen, sink) = keeper();
        let long = io::repeat(b'x').take(9 * 1024 * 1024);
        let input = (&b"{\"a\":1}\n"[..])
            .chain(long)
            .chain(&b"\n{\"a\":2}\n{\"a\":3}"[..]);
        let mut out = Outlet::new(RunId(0), &sink);
        feed(input, || 7.0, &mut out);
        assert!(out.close());
        assert_eq!(count(&seen), 3);
        let seen = seen.lock().unwrap();
        let problems = seen.iter().filter(|c| matches!(c, Change::Problem(_)));
        assert_eq!(problems.count(), 1);
        assert_eq!(seen.last(), Some(&Change::CaughtUp));
    }

    /// A pipe that brings one row at a time, and looks at what became of those before.
    struct Slow {
        seen: Seen,
        brought: u32,
    }

    impl Read for Slow {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            assert_eq!(count(&self.seen), self.brought, "a row waits for the next");
            let times = self.seen.lock().unwrap();
            let times = times.iter().filter_map(|change| match change {
                Change::Progress { modified, .. } => Some(*modified),
                _ => None,
            });
            let last = times.fold(None, |_, time| time);
            assert_eq!(last, (self.brought > 0).then(|| f64::from(self.brought)));
            if self.brought == 3 {
                return Ok(0);
            }
            self.brought += 1;
            buf[..8].copy_from_slice(b"{\"a\":1}\n");
            Ok(8)
        }
    }

    #[test]
    fn an_open_pipe_is_alive() {
        let (seen, sink) = keeper();
        let slow = Slow {
            seen: Arc::clone(&seen),
            brought: 0,
        };
        let mut out = Outlet::new(RunId(0), &sink);
        let clock = std::cell::Cell::new(0.0);
        let now = || {
            clock.set(clock.get() + 1.0);
            clock.get()
        };
        feed(slow, now, &mut out);
        assert!(out.close());
        assert_eq!(count(&seen), 3);
    }
}
