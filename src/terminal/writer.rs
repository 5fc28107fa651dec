//! Pictures on their way to the terminal, of which only the newest counts.
//!
//! They are written at once, by whoever shows them, as long as the terminal takes them without
//! waiting. What it does not take is left to a thread that alone waits for it: a frozen line never
//! stops the keys.

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

/// Where the bytes go.
pub(crate) trait Line: Send + Sync + 'static {
    /// Writes what can be written without waiting; returns how many bytes that were.
    fn offer(&self, bytes: &[u8]) -> usize;

    /// Writes all of it, however long that takes.
    fn write(&self, bytes: &[u8]);
}

/// Writes pictures, or has them written.
#[derive(Debug)]
pub(crate) struct Writer<L> {
    shared: Arc<Shared<L>>,
}

#[derive(Debug)]
struct Shared<L> {
    line: L,
    slot: Mutex<Slot>,
    left: Condvar,
    /// How long the terminal took for the last frame, in microseconds.
    took: AtomicU64,
}

/// What is to be written.
#[derive(Debug, Default)]
struct Slot {
    encoder: Encoder,
    frame: Option<Frame>,
    /// To be written before the frame, as it is.
    other: Vec<u8>,
    /// Nobody knows what the terminal shows.
    repaint: bool,
    /// Pictures that nobody needs any more.
    used: Vec<Buffer>,
    /// Empty ones.
    spare: Vec<Buffer>,
    /// To be written before all else: what is encoded already.
    bytes: Vec<u8>,
    /// The terminal did not take all at once: the thread writes until nothing is left.
    left: bool,
}

#[derive(Debug)]
struct Frame {
    buffer: Buffer,
    cursor: Option<Position>,
}

impl<L: Line> Writer<L> {
    /// Starts the thread that waits where waiting is needed.
    pub(crate) fn start(line: L) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            line,
            slot: Mutex::default(),
            left: Condvar::new(),
            took: AtomicU64::new(0),
        });
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || of_thread.work())?;
        Ok(Self { shared })
    }

    /// An empty picture, to be drawn and shown.
    pub(crate) fn blank(&self, size: Size) -> Buffer {
        let area = Rect::new(0, 0, size.width, size.height);
        let spare = self.shared.lock().spare.pop();
        spare
            .filter(|buffer| buffer.area == area)
            .unwrap_or_else(|| Buffer::empty(area))
    }

    /// Writes this picture, unless a newer one comes before it is its turn.
    pub(crate) fn show(&self, buffer: Buffer, cursor: Option<Position>) {
        let mut slot = self.shared.lock();
        if let Some(missed) = slot.frame.replace(Frame { buffer, cursor }) {
            slot.used.push(missed.buffer);
        }
        self.shared.offer(slot);
    }

    /// Writes bytes that are no picture; false when too much waits already.
    pub(crate) fn send(&self, bytes: &[u8]) -> bool {
        let mut slot = self.shared.lock();
        let waiting = slot.bytes.len() + slot.other.len();
        if waiting + bytes.len() > MOST_WAITING {
            return false;
        }
        slot.other.extend_from_slice(bytes);
        self.shared.offer(slot);
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

impl<L: Line> Shared<L> {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what there is as far as the terminal takes it at once, and leaves the rest to the
    /// thread.
    fn offer(&self, mut slot: MutexGuard<'_, Slot>) {
        if !slot.left && slot.encode() {
            let begun = Instant::now();
            let taken = self.line.offer(&slot.bytes);
            self.took(begun);
            slot.bytes.drain(..taken);
            slot.left = !slot.bytes.is_empty();
        }
        slot.wipe();
        if slot.left {
            drop(slot);
            self.left.notify_one();
        }
    }

    /// Writes what was left, and what came meanwhile.
    fn work(&self) {
        let mut slot = self.lock();
        loop {
            slot.left &= slot.encode();
            slot.wipe();
            if !slot.left {
                slot = self.left.wait(slot).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let mut bytes = take(&mut slot.bytes);
            drop(slot);
            let begun = Instant::now();
            self.line.write(&bytes);
            self.took(begun);
            bytes.clear();
            slot = self.lock();
            slot.bytes = bytes;
        }
    }

    fn took(&self, begun: Instant) {
        let took = begun.elapsed().as_micros();
        self.took.store(took as u64, Ordering::Relaxed);
    }
}

impl Slot {
    /// Turns what waits into bytes; false when nothing is to be written.
    fn encode(&mut self) -> bool {
        self.bytes.append(&mut self.other);
        if let Some(Frame { buffer, cursor }) = self.frame.take() {
            if take(&mut self.repaint) {
                self.encoder.forget();
            }
            if let Some(old) = self.encoder.encode(buffer, cursor, &mut self.bytes) {
                self.used.push(old);
            }
        }
        !self.bytes.is_empty()
    }

    /// Empties what was shown: when it was written, so that no picture waits for it.
    fn wipe(&mut self) {
        for mut buffer in self.used.drain(..) {
            if self.spare.len() < MOST_SPARE {
                buffer.reset();
                self.spare.push(buffer);
            }
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

    /// A line that takes so many bytes at once, and the rest each time that it is let go on.
    struct Held {
        room: usize,
        go: Mutex<Receiver<()>>,
        tell: Sender<Vec<u8>>,
    }

    impl Line for Held {
        fn offer(&self, bytes: &[u8]) -> usize {
            let taken = bytes.len().min(self.room);
            if taken > 0 {
                let _ = self.tell.send(bytes[..taken].to_vec());
            }
            taken
        }

        fn write(&self, bytes: &[u8]) {
            let _ = self.tell.send(bytes.to_vec());
            let _ = self.go.lock().expect("one thread").recv();
        }
    }

    fn writer(room: usize) -> (Writer<Held>, Sender<()>, Receiver<Vec<u8>>) {
        let (let_go, go) = channel();
        let (tell, told) = channel();
        let go = Mutex::new(go);
        let writer = Writer::start(Held { room, go, tell });
        (writer.expect("a thread"), let_go, told)
    }

    /// A writer to a line that takes nothing at once.
    fn held_writer() -> (Writer<Held>, Sender<()>, Receiver<Vec<u8>>) {
        writer(0)
    }

    fn picture(writer: &Writer<Held>, text: &str) -> Buffer {
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
        assert_eq!(told.recv().expect("a write"), b"hello");
        writer.show(picture(&writer, "one"), None);
        for text in ["two", "three", "four"] {
            writer.show(picture(&writer, text), None);
        }
        go.send(()).expect("alive");
        let second = told.recv().expect("a write");
        assert!(shows(&second, "four") && !shows(&second, "t"), "{second:?}");
    }

    #[test]
    fn what_is_taken_at_once_is_written_when_it_is_shown() {
        let (writer, _go, told) = writer(usize::MAX);
        for text in ["one", "two"] {
            writer.show(picture(&writer, text), None);
            assert!(shows(&told.try_recv().expect("written"), text));
        }
    }

    #[test]
    fn what_is_not_taken_at_once_comes_before_all_that_follows() {
        let (writer, go, told) = writer(3);
        assert!(writer.send(b"hello"));
        assert_eq!(told.recv().expect("a write"), b"hel");
        assert_eq!(told.recv().expect("a write"), b"lo");
        assert!(writer.send(b"!"));
        assert!(writer.send(b"?"));
        go.send(()).expect("alive");
        assert_eq!(told.recv().expect("a write"), b"!?");
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
