//! One tail over a file in memory, driven by hand.

use std::path::PathBuf;
use std::time::Duration;

use ml_dash_top::formats::{self, Decoder, Piece, RowDecoder};
use ml_dash_top::ingest::tail::{Buffer, Event, Kept, Look, Tail, Verdict};
use ml_dash_top::record::StreamKind;

use crate::memory::MemoryDisk;
use crate::replay::Stream;

/// A tail, its decoder and what came out.
pub struct Tailing {
    pub disk: MemoryDisk,
    pub tail: Tail,
    decoder: RowDecoder,
    buffer: Buffer,
    pub now: Duration,
    pub follow: bool,
    pub stream: Stream,
    pub flaws: Vec<(u64, String)>,
    pub notes: Vec<String>,
    pub troubles: Vec<String>,
    pub recovered: usize,
    pub rotations: usize,
    /// Where the file is kept open, if it is.
    pub kept: Option<Kept>,
}

impl Tailing {
    pub fn new(disk: &MemoryDisk, path: &str, follow: bool) -> Self {
        Self {
            disk: disk.clone(),
            tail: Tail::new(PathBuf::from(path)),
            decoder: RowDecoder::new(StreamKind::Metric),
            buffer: Buffer::new(),
            now: Duration::ZERO,
            follow,
            stream: Stream::default(),
            flaws: Vec::new(),
            notes: Vec::new(),
            troubles: Vec::new(),
            recovered: 0,
            rotations: 0,
            kept: None,
        }
    }

    /// What reading the file once brings.
    pub fn once(disk: &MemoryDisk, path: &str) -> Self {
        let mut tailing = Self::new(disk, path, false);
        tailing.drain();
        tailing
    }

    pub fn pass(&mut self, time: Duration) {
        self.now += time;
        self.disk.tick(time.as_nanos() as i64);
    }

    /// Looks until there is nothing more to read now.
    pub fn drain(&mut self) -> Verdict {
        for _ in 0..10_000 {
            let verdict = self.look(u64::MAX);
            if !verdict.more {
                return verdict;
            }
        }
        panic!("there is always more: {:?}", self.tail);
    }

    pub fn look(&mut self, budget: u64) -> Verdict {
        let wall = self.disk.now();
        let mut look = Look {
            files: &self.disk,
            buffer: &mut self.buffer,
            now: self.now,
            wall,
            follow: self.follow,
            budget,
            complete: formats::is_complete,
            kept: self.kept.as_ref(),
        };
        let (stream, flaws) = (&mut self.stream, &mut self.flaws);
        let mut fresh = false;
        let decoder: &mut dyn Decoder = &mut self.decoder;
        let verdict = self
            .tail
            .look(&mut look, decoder, &mut |event| match event {
                Event::Piece(Piece::Keys(keys)) => stream.keys.extend(keys),
                Event::Piece(Piece::Rows(rows)) => stream.append(&rows),
                Event::Piece(Piece::Flaw(flaw)) => flaws.push((flaw.offset, flaw.reason)),
                Event::Piece(_) => {}
                Event::Reset(reason) => {
                    stream.rows.clear();
                    stream.resets += 1;
                    flaws.clear();
                    self.notes.push(reason.to_owned());
                    fresh = true;
                }
                Event::Rotated => {
                    self.rotations += 1;
                    fresh = true;
                }
                Event::Note(text) => self.notes.push(text.to_owned()),
                Event::Trouble(text) => self.troubles.push(text),
                Event::Recovered => self.recovered += 1,
            });
        if fresh {
            self.decoder = RowDecoder::new(StreamKind::Metric);
            self.decoder.adopt(&self.stream.keys);
        }
        verdict
    }
}
