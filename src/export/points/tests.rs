//! Points of files that lie in memory: what is written, and what happens when they change.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::formats::{Decoder as _, Piece, RowDecoder};
use crate::ingest::{Entry, Kind, OpenFile, Stat};
use crate::record::{Batch, Change, Layout, Place, RunId};
use crate::store::Store;

/// A file of rows that are worked out when they are read.
#[derive(Clone)]
struct Rows {
    count: u64,
    row: fn(u64) -> String,
    /// All rows are padded to so many bytes.
    width: usize,
    /// How many bytes were read.
    read: Arc<AtomicU64>,
}

impl Rows {
    fn new(count: u64, width: usize, row: fn(u64) -> String) -> Self {
        Self {
            count,
            row,
            width,
            read: Arc::default(),
        }
    }

    fn bytes(&self, row: u64) -> Vec<u8> {
        let width = self.width - 1;
        format!("{:width$}\n", (self.row)(row)).into_bytes()
    }

    /// A store that has read them, and remembers only the newest rows exactly.
    fn store(&self) -> Store {
        let mut store = Store::new(1 << 16);
        let mut tell = |change| {
            let run = RunId(0);
            store.apply(Batch { run, change });
        };
        let place = Place {
            path: "runs/a".into(),
            shown: "runs/a".into(),
            below: "a".into(),
        };
        tell(Change::Found {
            place,
            layout: Layout::Flat,
        });
        let stream = StreamId(0);
        tell(Change::Stream {
            stream,
            name: "metrics.jsonl".to_owned(),
            kind: StreamKind::Metric,
            file: "metrics.jsonl".into(),
        });
        let mut decoder = RowDecoder::new(StreamKind::Metric);
        for row in 0..self.count {
            let base = row * self.width as u64;
            decoder.decode(&self.bytes(row), base, false, &mut |piece| match piece {
                Piece::Keys(keys) => tell(Change::Columns { stream, keys }),
                Piece::Rows(rows) => tell(Change::Rows { stream, rows }),
                _ => {}
            });
        }
        store
    }
}

impl OpenFile for Rows {
    fn stat(&self) -> io::Result<Stat> {
        Ok(Stat {
            kind: Kind::File,
            size: self.count * self.width as u64,
            dev: 1,
            ino: 1,
            mtime: 0,
            ctime: 0,
            nlink: 1,
            btime: None,
        })
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (row, skip) = (offset / self.width as u64, offset % self.width as u64);
        if row >= self.count {
            return Ok(0);
        }
        let bytes = self.bytes(row);
        let rest = &bytes[skip as usize..];
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn next_data(&self, offset: u64) -> io::Result<Option<u64>> {
        Ok(Some(offset))
    }
}

impl Files for Rows {
    fn list(&self, _: &Path) -> io::Result<Vec<Entry>> {
        Ok(Vec::new())
    }

    fn stat(&self, _: &Path) -> io::Result<Stat> {
        OpenFile::stat(self)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        assert_eq!(path, Path::new("runs/a/metrics.jsonl"));
        Ok(Box::new(self.clone()))
    }

    fn is_remote(&self, _: &Path) -> bool {
        false
    }
}

fn loss(row: u64) -> String {
    format!("{{\"step\": {row}, \"loss\": {row}.50}}")
}

fn selected(store: &Store, rows: Range<u64>) -> Vec<Extract> {
    let run = &store.runs()[0];
    let (column, _) = run.streams[0].column("loss").expect("the column");
    let selection = Selection {
        stream: StreamId(0),
        column,
        rows,
    };
    extracts(run, "a", &[selection])
}

fn written(extracts: &[Extract], files: &Rows) -> Result<String, Trouble> {
    let mut out = Vec::new();
    write(extracts, Table::Csv, files, &mut out)?;
    Ok(String::from_utf8(out).expect("UTF-8"))
}

#[test]
fn a_window_of_rows_has_their_places() {
    let rows = Rows::new(10_000, 40, loss);
    let store = rows.store();
    let text = written(&selected(&store, 4_095..4_098), &rows).expect("rows");
    let expected = "\
run,metric,index,step,epoch,time,value,superseded
a,loss,4095,4095,,,4095.50,false
a,loss,4096,4096,,,4096.50,false
a,loss,4097,4097,,,4097.50,false
";
    assert_eq!(text, expected);
    // Nothing of the file before the window was read but a few rows.
    assert!(rows.read.load(Ordering::Relaxed) < 10_000 * 40 / 2 + (1 << 20));
    assert!(selected(&store, 5..5).is_empty());
}

#[test]
fn what_a_restart_superseded_says_so() {
    let row = |row: u64| {
        let step = [0, 1, 2, 1, 2, 3][row as usize];
        match row {
            1 => format!("{{\"step\": {step}, \"loss\": NaN, \"epoch\": 7}}"),
            4 => "{\"loss\": 4, \"other\": 1}".to_owned(),
            _ => format!("{{\"step\": {step}, \"loss\": {row}, \"epoch\": 7}}"),
        }
    };
    let rows = Rows::new(6, 60, row);
    let text = written(&selected(&rows.store(), 0..6), &rows).expect("rows");
    let lines: Vec<&str> = text.lines().skip(1).collect();
    let expected = [
        "a,loss,0,0,7,,0,false",
        "a,loss,1,1,7,,NaN,true",
        "a,loss,2,2,7,,2,true",
        "a,loss,3,1,7,,3,false",
        "a,loss,4,,,,4,false",
        "a,loss,5,3,7,,5,false",
    ];
    assert_eq!(lines, expected);
}

/// Counts the points that go out, and how far reading is ahead of them.
struct Counting<'a> {
    rows: &'a Rows,
    points: u64,
    ahead: &'a Cell<u64>,
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let lines = bytes.split(|b| *b == b'\n').count() - 1;
        self.points += lines as u64;
        let read = self.rows.read.load(Ordering::Relaxed) / self.rows.width as u64;
        self.ahead
            .set(self.ahead.get().max(read.saturating_sub(self.points)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn points_go_out_while_the_file_is_read() {
    let rows = Rows::new(200_000, 40, loss);
    let store = rows.store();
    let extracts = selected(&store, 0..200_000);
    let ahead = Cell::new(0);
    let mut out = Counting {
        rows: &rows,
        points: 0,
        ahead: &ahead,
    };
    let points = write(&extracts, Table::Jsonl, &rows, &mut out).expect("rows");
    assert_eq!(points, 200_000);
    let bytes = ahead.get() * 40;
    assert!(bytes <= 2 << 20, "{bytes} bytes were read ahead");
}

#[test]
fn a_file_that_is_another_one_now_is_noticed() {
    let rows = Rows::new(1_000, 40, loss);
    let extracts = selected(&rows.store(), 0..1_000);
    let shorter = Rows::new(999, 40, loss);
    let other = Rows::new(2_000, 40, |row| format!("{{\"step\": {row}, \"loss\": 1}}"));
    let lacks = Rows::new(1_000, 40, |row| format!("{{\"step\": {row}, \"lr\": 1}}"));
    for files in [shorter, other, lacks] {
        let trouble = written(&extracts, &files).expect_err("it changed");
        let Trouble::File(path, error) = trouble else {
            panic!("{trouble:?}");
        };
        assert_eq!(path, Path::new("runs/a/metrics.jsonl"));
        assert_eq!(error.to_string(), "it was written anew while it was read");
    }
    // More rows behind those that were wanted are no change.
    assert!(written(&extracts, &Rows::new(1_001, 40, loss)).is_ok());
}

#[test]
fn nobody_who_reads_on_is_no_trouble_of_the_file() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let rows = Rows::new(3, 40, loss);
    let extracts = selected(&rows.store(), 0..3);
    let trouble = write(&extracts, Table::Jsonl, &rows, &mut Closed);
    assert!(
        matches!(trouble, Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    );
}
