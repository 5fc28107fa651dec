//! The thread that writes. It is handed whole pictures, keeps only the newest, and alone waits for
//! the terminal: a frozen line never stops the keys.

use std::mem::take;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::encode::Encoder;

/// Bytes that may wait besides the picture. A terminal that takes none for long gets no more.
const MOST_WAITING: usize = 512 * 1024;
/// Buffers that are kept for the next pictures.
const MOST_SPARE: usize = 2;

/// Hands pictures over.
#[derive(Debug)]
pub(crate) struct Writer {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    slot: Mutex<Slot>,
    filled: Condvar,
    /// How long the terminal took for the last frame, in microseconds.
    took: AtomicU64,
}

/// What is to be written.
#[derive(Debug, Default)]
struct Slot {
    frame: Option<Frame>,
    /// To be written before the frame, as it is.
    other: Vec<u8>,
    /// Nobody knows what the terminal shows.
    repaint: bool,
    spare: Vec<Buffer>,
}

#[derive(Debug)]
struct Frame {
    buffer: Buffer,
    cursor: Option<Position>,
}

impl Writer {
    /// Starts the thread; each call of `write` is to be one write.
    pub(crate) fn start(write: impl FnMut(&[u8]) + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || of_thread.work(write))?;
        Ok(Self { shared })
    }

    /// An empty picture, to be drawn and shown.
    pub(crate) fn blank(&self, size: Size) -> Buffer {
        let area = Rect::new(0, 0, size.width, size.height);
        let spare = self.shared.lock().spare.pop();
        match spare {
            Some(mut buffer) => {
                buffer.resize(area);
                buffer.reset();
                buffer
            }
            None => Buffer::empty(area),
        }
    }

    /// Writes this picture, unless a newer one comes before it is its turn.
    pub(crate) fn show(&self, buffer: Buffer, cursor: Option<Position>) {
        let mut slot = self.shared.lock();
        if let Some(missed) = slot.frame.replace(Frame { buffer, cursor }) {
            slot.keep(missed.buffer);
        }
        self.shared.filled.notify_one();
    }

    /// Writes bytes that are no picture; false when too much waits already.
    pub(crate) fn send(&self, bytes: &[u8]) -> bool {
        let mut slot = self.shared.lock();
        if slot.other.len() + bytes.len() > MOST_WAITING {
            return false;
        }
        slot.other.extend_from_slice(bytes);
        self.shared.filled.notify_one();
        true
    }

    /// The next picture is written as if the terminal showed something else altogether.
    pub(crate) fn repaint(&self) {
        self.shared.lock().repaint = true;
    }

    /// How long the terminal took for the last frame.
    pub(crate) fn took(&self) -> Duration {
        Duration::from_micros(self.shared.took.load(Ordering::Relaxed))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, mut write: impl FnMut(&[u8])) {
        let mut encoder = Encoder::default();
        let mut bytes = Vec::new();
        loop {
            let (frame, repaint) = self.next(&mut bytes);
            if repaint {
                encoder.forget();
            }
            let frame = frame.map(|frame| encoder.encode(frame.buffer, frame.cursor, &mut bytes));
            if let Some(old) = frame.flatten() {
                self.lock().keep(old);
            }
            if bytes.is_empty() {
                continue;
            }
            let begun = Instant::now();
            write(&bytes);
            let took = begun.elapsed().as_micros();
            self.took.store(took as u64, Ordering::Relaxed);
            bytes.clear();
        }
    }

    /// Waits for something to write; puts what is no picture into `bytes`, which are empty.
    fn next(&self, bytes: &mut Vec<u8>) -> (Option<Frame>, bool) {
        let mut slot = self.lock();
        loop {
            let frame = slot.frame.take();
            if frame.is_some() || !slot.other.is_empty() {
                std::mem::swap(&mut slot.other, bytes);
                let repaint = frame.is_some() && take(&mut slot.repaint);
                return (frame, repaint);
            }
            slot = self
                .filled
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Slot {
    fn keep(&mut self, buffer: Buffer) {
        if self.spare.len() < MOST_SPARE {
            self.spare.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    const SIZE: Size = Size {
        width: 8,
        height: 2,
    };

    /// A writer whose writes are received, each after it was let go on.
    fn held_writer() -> (Writer, Sender<()>, Receiver<Vec<u8>>) {
        let (go, held) = channel::<()>();
        let (tell, told) = channel();
        let writer = Writer::start(move |bytes| {
            let _ = tell.send(bytes.to_vec());
            let _ = held.recv();
        });
        (writer.expect("a thread"), go, told)
    }

    fn picture(writer: &Writer, text: &str) -> Buffer {
        let mut buffer = writer.blank(SIZE);
        let blank = Buffer::empty(buffer.area);
        assert_eq!(buffer, blank, "a spare buffer is empty");
        buffer.merge(&Buffer::with_lines([text]));
        buffer
    }

    fn shows(bytes: &[u8], text: &str) -> bool {
        String::from_utf8_lossy(bytes).contains(text)
    }

    #[test]
    fn a_frozen_terminal_gets_the_newest_picture_only() {
        let (writer, go, told) = held_writer();
        assert!(writer.send(b"hello"));
        writer.show(picture(&writer, "one"), None);
        let mut first = told.recv().expect("a write");
        if first == b"hello" {
            // The thread was quicker than the picture.
            go.send(()).expect("alive");
            first = told.recv().expect("a write");
        } else {
            assert!(first.starts_with(b"hello"));
        }
        assert!(shows(&first, "one"));
        for text in ["two", "three", "four"] {
            writer.show(picture(&writer, text), None);
        }
        go.send(()).expect("alive");
        let second = told.recv().expect("a write");
        assert!(shows(&second, "four") && !shows(&second, "t"), "{second:?}");
    }

    #[test]
    fn an_equal_picture_is_not_written_unless_it_must_be() {
        let (writer, go, told) = held_writer();
        writer.show(picture(&writer, "same"), None);
        assert!(shows(&told.recv().expect("a write"), "same"));
        go.send(()).expect("alive");
        writer.show(picture(&writer, "same"), None);
        assert!(writer.send(b"!"));
        assert_eq!(told.recv().expect("a write"), b"!");
        go.send(()).expect("alive");
        writer.repaint();
        writer.show(picture(&writer, "same"), None);
        assert!(shows(&told.recv().expect("a write"), "same"));
    }

    #[test]
    fn what_waits_has_a_limit() {
        let (writer, _go, _told) = held_writer();
        let much = vec![b'x'; MOST_WAITING / 2];
        let accepted = (0..8).filter(|_| writer.send(&much)).count();
        assert!((2..=4).contains(&accepted), "{accepted}");
    }
}
