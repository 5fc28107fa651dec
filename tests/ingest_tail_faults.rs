//! What a tail does about each fault of a file, look by look.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;
#[path = "support/tailing.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod tailing;

use std::io;
use std::path::Path;
use std::time::Duration;

use ml_dash_top::ingest::{Entry, Files, OpenFile, Stat};
use ml_dash_top::record::StreamKind;

use memory::{Fault, MemoryDisk};
use tailing::Tailing;

const PATH: &str = "run/metrics.jsonl";

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn following(disk: &MemoryDisk) -> Tailing {
    let mut tailing = Tailing::new(disk, PATH, true);
    tailing.drain();
    tailing
}

const THREE: &str =
    "{\"loss\": 1.5, \"é\": \"漢🧪\"}\n{\"loss\": NaN}\n{\"lr\": 1e-3, \"loss\": 3}\n";

/// F01, F03: whatever the cut, nothing is lost, doubled or split.
#[test]
fn a_cut_at_every_byte() {
    let disk = MemoryDisk::default();
    disk.write(PATH, THREE.as_bytes());
    let once = Tailing::once(&disk, PATH);
    assert_eq!(once.stream.rows.len(), 3);
    for cut in 0..=THREE.len() {
        for step in [1, 2, 5, THREE.len()] {
            let disk = MemoryDisk::default();
            disk.write(PATH, &THREE.as_bytes()[..cut]);
            let mut tailing = following(&disk);
            for piece in THREE.as_bytes()[cut..].chunks(step) {
                tailing.pass(ms(10));
                disk.append(PATH, piece);
                tailing.drain();
            }
            assert_eq!(
                tailing.stream.rows, once.stream.rows,
                "cut at {cut}, then by {step}"
            );
            assert_eq!(tailing.flaws, []);
            assert_eq!(tailing.stream.resets, 0);
        }
    }
}

/// F01: a torn line is neither a row nor a flaw, however long it stays.
#[test]
fn a_torn_line_waits() {
    let disk = MemoryDisk::default();
    disk.write(PATH, b"{\"a\": 1}\n{\"a\": ");
    let mut tailing = following(&disk);
    tailing.pass(ms(60_000));
    tailing.drain();
    assert_eq!((tailing.stream.rows.len(), tailing.flaws.len()), (1, 0));
    assert_eq!(tailing.tail.torn(), 6);
    disk.append(PATH, b"2}\n");
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [1.0, 2.0]);
}

/// F02: the last line of a killed writer counts once, whatever comes after it.
#[test]
fn an_unterminated_line_is_accepted_once() {
    for (later, values, resets) in [
        (&b"\n"[..], &[1.0, 2.0][..], 0),
        (b"\r\n{\"a\": 3}\n", &[1.0, 2.0, 3.0], 0),
        (b"{\"a\": 3}\n", &[1.0, 2.0, 3.0], 1),
    ] {
        let disk = MemoryDisk::default();
        disk.write(PATH, b"{\"a\": 1}\n{\"a\": 2}");
        let mut tailing = following(&disk);
        let wake = tailing.drain().wake.expect("it is looked at again");
        assert_eq!(tailing.stream.values("a"), [1.0]);
        tailing.pass(wake.saturating_sub(tailing.now + ms(1)));
        tailing.drain();
        assert_eq!(tailing.stream.values("a"), [1.0]);
        tailing.pass(ms(1));
        tailing.drain();
        assert_eq!(tailing.stream.values("a"), [1.0, 2.0]);
        disk.append(PATH, later);
        tailing.drain();
        assert_eq!(tailing.stream.values("a"), values);
        assert_eq!(tailing.stream.resets, resets);
    }
}

/// F05: zeros in front of a row.
#[test]
fn zeros_before_a_row() {
    let disk = MemoryDisk::default();
    let mut bytes = vec![0; 4096];
    bytes.extend(b"{\"a\": 1}\n");
    disk.write(PATH, &bytes);
    let tailing = following(&disk);
    assert_eq!(tailing.stream.values("a"), [1.0]);
    assert_eq!(tailing.flaws.len(), 1);
}

/// F06: zeros at the end are data that is on its way; they come without a new time.
#[test]
fn zeros_at_the_live_end_are_waited_for() {
    for zeros in [10, 700_000] {
        let disk = MemoryDisk::default();
        let mut bytes = b"{\"a\": 1}\n".to_vec();
        bytes.resize(9 + zeros, 0);
        disk.write(PATH, &bytes);
        let mut tailing = following(&disk);
        for _ in 0..8 {
            let wake = tailing.drain().wake.expect("zeros are looked at again");
            assert!(wake.saturating_sub(tailing.now) <= ms(30_000));
            tailing.pass(wake.saturating_sub(tailing.now));
        }
        assert_eq!((tailing.stream.rows.len(), tailing.flaws.len()), (1, 0));
        disk.edit_silently(PATH, |data| {
            let row = format!(
                "{{\"a\": \"{}\"}}\n{{\"a\": 2}}\n",
                "x".repeat(zeros.max(20))
            );
            let len = row.len().min(data.len() - 9);
            data[9..9 + len].copy_from_slice(&row.as_bytes()[row.len() - len..]);
            data[9] = b'\n';
        });
        tailing.pass(ms(30_000));
        tailing.drain();
        assert_eq!(
            tailing.stream.values("a").last(),
            Some(&2.0),
            "after {zeros} zeros"
        );
    }
}

/// F06: zeros are given up only when something newer follows.
#[test]
fn zeros_in_the_middle_are_skipped_and_counted() {
    for zeros in [100, 300_000, 2_000_000] {
        let disk = MemoryDisk::default();
        let mut bytes = b"{\"a\": 1}\n".to_vec();
        bytes.resize(9 + zeros, 0);
        disk.write(PATH, &bytes);
        let mut tailing = following(&disk);
        disk.append(PATH, b"{\"a\": 2}\n");
        tailing.drain();
        assert_eq!(tailing.stream.values("a"), [1.0, 2.0], "{zeros} zeros");
        assert_eq!(tailing.flaws.len(), 1, "{:?}", tailing.flaws);
        assert_eq!(tailing.flaws[0].0, 9);
    }
}

/// F13: a line that never ends is passed over; the next one is read.
#[test]
fn an_over_long_line() {
    let disk = MemoryDisk::default();
    disk.write(PATH, b"{\"a\": 1}\n");
    let mut tailing = following(&disk);
    for _ in 0..20 {
        disk.append(PATH, &vec![b'x'; 1 << 20]);
        tailing.drain();
    }
    assert_eq!(tailing.flaws, [(9, "over-long line skipped".to_owned())]);
    disk.append(PATH, b"\n{\"a\": 2}\n");
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [1.0, 2.0]);
    assert_eq!(tailing.flaws.len(), 1);
}

/// A record of several MiB is still a record.
#[test]
fn a_long_line_is_read() {
    let disk = MemoryDisk::default();
    let line = format!(
        "{{\"pad\": \"{}\", \"a\": 1}}\n{{\"a\": 2}}\n",
        "x".repeat(5 << 20)
    );
    disk.write(PATH, line.as_bytes());
    assert_eq!(following(&disk).stream.values("a"), [1.0, 2.0]);
}

/// F26: nothing is there yet, then an empty file, then data.
#[test]
fn waiting_for_a_file() {
    let disk = MemoryDisk::default();
    let mut tailing = following(&disk);
    disk.write(PATH, b"");
    tailing.drain();
    disk.append(PATH, b"{\"a\": 1}\n");
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [1.0]);
    assert_eq!((tailing.notes.len(), tailing.stream.resets), (0, 0));
}

/// F29, F30, F31, F33: the file began anew, seen at the very next look.
#[test]
fn a_file_that_begins_anew() {
    type Change = fn(&MemoryDisk);
    let changes: [(&str, Change); 5] = [
        ("cut off", |disk| disk.write(PATH, b"{\"a\": 9}\n")),
        ("longer", |disk| {
            disk.write(PATH, &b"{\"a\": 9}\n".repeat(50));
        }),
        ("same size", |disk| {
            disk.edit(PATH, |data| {
                let size = data.len();
                *data = b"{\"a\": 9}\n".repeat(size / 9);
            });
        }),
        ("deleted and made anew", |disk| {
            disk.remove(PATH);
            disk.write(PATH, &b"{\"a\": 9}\n".repeat(30));
        }),
        ("replaced", |disk| {
            disk.replace(PATH, &b"{\"a\": 9}\n".repeat(30));
        }),
    ];
    for (what, change) in changes {
        let disk = MemoryDisk::default();
        disk.write(PATH, b"{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n");
        let mut tailing = following(&disk);
        tailing.pass(ms(500));
        change(&disk);
        tailing.drain();
        let values = tailing.stream.values("a");
        assert!(
            !values.is_empty() && values.iter().all(|v| *v == 9.0),
            "{what}: {values:?}"
        );
        assert_eq!(tailing.stream.resets, 1, "{what}");
        assert_eq!(tailing.stream.keys, ["a"], "columns keep their numbers");
    }
}

/// F31: within one tick of the file system's clock, the times tell nothing.
#[test]
fn a_rewrite_that_leaves_no_trace_is_found_when_it_is_quiet() {
    let disk = MemoryDisk::default();
    disk.write(PATH, b"{\"a\": 1}\n{\"a\": 2}\n");
    let mut tailing = following(&disk);
    disk.edit_silently(PATH, |data| *data = b"{\"a\": 7}\n{\"a\": 8}\n".to_vec());
    tailing.drain();
    tailing.pass(ms(2_000));
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [7.0, 8.0]);
}

/// F32: renamed over with the same beginning, the tail goes on as if nothing was.
#[test]
fn a_replacement_that_continues() {
    let disk = MemoryDisk::default();
    let mut bytes = b"{\"a\": 0}\n".to_vec();
    disk.write(PATH, &bytes);
    let mut tailing = following(&disk);
    for n in 1..1_000 {
        bytes.extend(format!("{{\"a\": {n}}}\n").bytes());
        tailing.pass(ms(10));
        disk.replace(PATH, &bytes);
        tailing.drain();
    }
    let expected: Vec<f64> = (0..1_000).map(f64::from).collect();
    assert_eq!(tailing.stream.values("a"), expected);
    assert_eq!(tailing.stream.resets, 0);
}

/// F33: the same inode number, another file.
#[test]
fn deleted_and_made_anew_many_times() {
    let disk = MemoryDisk::default();
    let mut tailing = following(&disk);
    for n in 0..50 {
        tailing.pass(ms(10));
        disk.remove(PATH);
        disk.write(
            PATH,
            format!("{{\"a\": {n}}}\n{{\"a\": {n}.5}}\n").as_bytes(),
        );
        tailing.drain();
        let n = f64::from(n);
        assert_eq!(tailing.stream.values("a"), [n, n + 0.5]);
    }
}

/// F34: deleted, its data stays; back with the same beginning, it goes on.
#[test]
fn a_deleted_file_keeps_its_data() {
    let disk = MemoryDisk::default();
    disk.write(PATH, b"{\"a\": 1}\n");
    let mut tailing = following(&disk);
    disk.remove(PATH);
    tailing.drain();
    tailing.drain();
    assert!(tailing.tail.is_deleted());
    assert_eq!(tailing.notes.len(), 1);
    assert_eq!(tailing.stream.values("a"), [1.0]);
    disk.write(PATH, b"{\"a\": 1}\n{\"a\": 2}\n");
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [1.0, 2.0]);
    assert_eq!(tailing.stream.resets, 0);
}

/// F35: truncated by a copy, while the writer keeps its offset.
#[test]
fn a_copy_that_truncates_under_the_writer() {
    let disk = MemoryDisk::default();
    disk.write(PATH, &b"{\"a\": 1}\n".repeat(500));
    let mut tailing = following(&disk);
    disk.edit(PATH, |data| {
        let size = data.len();
        data.fill(0);
        data.truncate(size);
        data.extend(b"{\"a\": 2}\n");
    });
    tailing.drain();
    assert_eq!(tailing.stream.values("a"), [2.0]);
    assert_eq!(tailing.stream.resets, 1);
}

/// F49: errors are waited out with growing pauses; nothing that was read is lost or doubled.
#[test]
fn errors_of_the_file_system() {
    const EIO: i32 = 5;
    const ESTALE: i32 = 116;
    const EACCES: i32 = 13;
    for fault in [Fault::Read(EIO), Fault::Read(ESTALE), Fault::Refuse(EACCES)] {
        let disk = MemoryDisk::default();
        disk.write(PATH, b"{\"a\": 1}\n");
        let mut tailing = following(&disk);
        disk.append(PATH, b"{\"a\": 2}\n");
        disk.fault(PATH, fault);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let wake = tailing.drain().wake.expect("it is tried again");
            pauses.push(wake.saturating_sub(tailing.now));
            tailing.pass(wake.saturating_sub(tailing.now));
        }
        assert_eq!(
            tailing.troubles.len(),
            1,
            "it is told once: {:?}",
            tailing.troubles
        );
        assert!(
            pauses.is_sorted() && *pauses.last().unwrap() == ms(30_000),
            "{pauses:?}"
        );
        assert_eq!(tailing.stream.values("a"), [1.0]);
        disk.heal(PATH);
        tailing.pass(ms(30_000));
        tailing.drain();
        assert_eq!(tailing.recovered, 1);
        assert_eq!(tailing.stream.values("a"), [1.0, 2.0]);
        assert_eq!(tailing.stream.resets, 0);
    }
}

/// F45: what is no file is never opened.
#[test]
fn a_pipe_in_place_of_the_file() {
    for kind in [
        ml_dash_top::ingest::Kind::Other,
        ml_dash_top::ingest::Kind::Dir,
    ] {
        let disk = MemoryDisk::default();
        disk.special(PATH, kind);
        let tailing = following(&disk);
        assert_eq!(tailing.troubles, ["not a regular file"]);
        assert_eq!((disk.calls("open"), disk.calls("read")), (0, 0));
    }
}

/// F50: what lies behind the size that the file system tells is not looked at.
#[test]
fn the_size_is_the_end() {
    struct Lagging(MemoryDisk);
    struct LaggingFile(Box<dyn OpenFile>);
    impl Files for Lagging {
        fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
            self.0.list(dir)
        }
        fn stat(&self, path: &Path) -> io::Result<Stat> {
            self.0.stat(path).map(|stat| Stat { size: 12, ..stat })
        }
        fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
            Ok(Box::new(LaggingFile(self.0.open(path)?)))
        }
        fn is_remote(&self, _path: &Path) -> bool {
            true
        }
    }
    impl OpenFile for LaggingFile {
        fn stat(&self) -> io::Result<Stat> {
            self.0.stat().map(|stat| Stat { size: 12, ..stat })
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            assert!(offset + buf.len() as u64 <= 12, "read beyond the size");
            self.0.read_at(offset, buf)
        }
        fn next_data(&self, offset: u64) -> io::Result<Option<u64>> {
            self.0.next_data(offset)
        }
    }
    let disk = MemoryDisk::default();
    disk.write(PATH, b"{\"a\": 1}\n{\"a\": 2}\n");
    let lagging = Lagging(disk);
    let rows = ml_dash_top::ingest::read_full_rows(
        &lagging,
        Path::new(PATH),
        StreamKind::Metric,
        0,
        0,
        10,
    );
    assert_eq!(rows.unwrap().len(), 1);
    let replay = replay::Replay::once(std::sync::Arc::new(lagging), &[Path::new(PATH)]);
    assert_eq!(replay.runs[0].streams[0].rows.len(), 1);
}
