//! `read`: the points of one stream, read from the file again with every digit and text.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::json::{Any, Counted, Measured};
use super::options::ReadOptions;
use super::select::{self, Wanted};
use super::table::{Columns, Side};
use super::{Outcome, Stop, json, terminal};
use crate::export::points::file_of;
use crate::ingest;
use crate::insight::clock::Zone;
use crate::insight::value;
use crate::record::{FullRow, Value};
use crate::store::{Run, Stream};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// So many rows are in memory at once, however many are printed.
const PIECE: u64 = 4096;

#[derive(Debug, Serialize)]
struct Point<'a> {
    index: u64,
    step: Counted,
    time: Option<Measured>,
    data: Data<'a>,
}

/// Keys and values by their key; of a key that stands there twice, the last value counts.
#[derive(Debug)]
pub(super) struct Data<'a>(pub(super) &'a [(String, Value)]);

impl Serialize for Data<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let last: BTreeMap<&str, usize> = self
            .0
            .iter()
            .enumerate()
            .map(|(at, (key, _))| (key.as_str(), at))
            .collect();
        let counts = |at: usize, key: &str| last.get(key) == Some(&at);
        let kept = self.0.iter().enumerate();
        serializer.collect_map(
            kept.filter(|(at, (key, _))| counts(*at, key))
                .map(|(_, (key, value))| (key, Any(value))),
        )
    }
}

/// The rows that were asked for, piece by piece.
#[derive(Debug)]
struct Points<'a> {
    stream: &'a Stream,
    path: PathBuf,
    next: u64,
    end: u64,
}

pub(super) fn read(options: &ReadOptions, out: &mut dyn Write) -> Outcome {
    let wanted = Wanted::new(&options.run, &options.paths, &options.roots);
    let chosen = select::choose(&wanted, &options.common)?;
    let run = chosen.run();
    let stream = select::stream(run, &options.stream)?;
    let mut points = Points::new(run, stream, options);
    points.check()?;
    if options.json {
        as_json(&mut points, out)?;
    } else {
        as_table(&mut points, out)?;
    }
    chosen.finish()
}

fn as_json(points: &mut Points<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    out.write_all(b"{\"schema\":")?;
    json::write(out, &super::documents::SCHEMA)?;
    out.write_all(b",\"stream\":")?;
    json::write(out, &points.stream.name)?;
    out.write_all(b",\"total\":")?;
    json::write(out, &points.stream.rows())?;
    out.write_all(b",\"points\":[")?;
    let mut first = true;
    while let Some((index, rows)) = points.piece()? {
        for (row, index) in rows.iter().zip(index..) {
            if !std::mem::take(&mut first) {
                out.write_all(b",")?;
            }
            let step = Counted(row.step.unwrap_or(index as f64));
            json::write(
                out,
                &Point {
                    index,
                    step,
                    time: row.time.map(Measured),
                    data: Data(&row.data),
                },
            )?;
        }
    }
    out.write_all(b"]}\n")?;
    Ok(())
}

fn as_table(points: &mut Points<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let mut table: Option<Table> = None;
    while let Some((index, rows)) = points.piece()? {
        if let Some(table) = &table {
            table.write(index, &rows, out)?;
        } else {
            let new = Table::fit(index, &rows);
            new.header(out)?;
            new.write(index, &rows, out)?;
            table = Some(new);
        }
    }
    Ok(())
}

impl<'a> Points<'a> {
    fn new(run: &Run, stream: &'a Stream, options: &ReadOptions) -> Self {
        let total = stream.rows();
        let start = options.start.min(total);
        let count = options.limit.unwrap_or(u64::MAX);
        Self {
            stream,
            path: file_of(run, stream),
            next: start,
            end: start.saturating_add(count).min(total),
        }
    }

    /// Standard input is gone when it has been read.
    fn check(&self) -> Result<(), Stop> {
        if self.path.as_os_str() == "-" {
            let words =
                "standard input cannot be read twice; save the rows to a file and read that";
            return Err(Stop::Usage(vec![words.into()]));
        }
        Ok(())
    }

    /// The next rows and the index of the first of them.
    fn piece(&mut self) -> Result<Option<(u64, Vec<FullRow>)>, Stop> {
        if self.next >= self.end {
            return Ok(None);
        }
        let count = (self.end - self.next).min(PIECE);
        let mark = self.stream.mark_before(self.next).unwrap_or_default();
        let (skip, kind) = (self.next - mark.row, self.stream.kind);
        let files = ingest::LocalDisk;
        let read = ingest::read_full_rows(&files, &self.path, kind, mark.offset, skip, count);
        let rows = read.map_err(|error| unreadable(&self.path, &error))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let index = self.next;
        self.next += rows.len() as u64;
        Ok(Some((index, rows)))
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Stop {
    let (path, reason) = (Safe::path(path), super::reason(error));
    let words = safe!("{path}: {reason}; its rows were there a moment ago");
    Stop::Unreadable(vec![words])
}

/// The columns of the table, as wide as the first piece needs them.
#[derive(Debug)]
struct Table {
    keys: Vec<String>,
    columns: Columns,
    zone: Zone,
}

impl Table {
    fn fit(index: u64, rows: &[FullRow]) -> Self {
        let mut keys: Vec<String> = Vec::new();
        for (key, _) in rows.iter().flat_map(|row| &row.data) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        let number = |key: &String| {
            let values = rows
                .iter()
                .flat_map(|row| &row.data)
                .filter(|(k, _)| k == key);
            values
                .map(|(_, value)| value)
                .all(|v| matches!(v, Value::Number(_) | Value::Null))
        };
        let mut sides = vec![Side::Right, Side::Right, Side::Left];
        sides.extend(
            keys.iter()
                .map(|key| if number(key) { Side::Right } else { Side::Left }),
        );
        let mut table = Self {
            columns: Columns::new(&sides),
            keys,
            zone: terminal::zone(),
        };
        let title = table.titles();
        table.columns.fit(&title);
        for (row, index) in rows.iter().zip(index..) {
            let cells = table.cells(index, row);
            table.columns.fit(&cells);
        }
        table
    }

    fn titles(&self) -> Vec<Safe> {
        let fixed = ["index", "step", "time"].map(Safe::fixed);
        fixed
            .into_iter()
            .chain(self.keys.iter().map(|key| Safe::new(key)))
            .collect()
    }

    fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        self.columns.write(out, 0, &self.titles())
    }

    fn write(&self, index: u64, rows: &[FullRow], out: &mut dyn Write) -> io::Result<()> {
        for (row, index) in rows.iter().zip(index..) {
            self.columns.write(out, 0, &self.cells(index, row))?;
        }
        Ok(())
    }

    fn cells(&self, index: u64, row: &FullRow) -> Vec<Safe> {
        let number = safe!("{index}");
        let step = row.step.map_or_else(
            || number.clone(),
            |step| Safe::new(&super::number::exact(step)),
        );
        let time = row.time.map(|time| Safe::new(&self.zone.exact(time)));
        let mut cells = vec![number, step, time.unwrap_or_default()];
        for key in &self.keys {
            let value = row
                .data
                .iter()
                .rev()
                .find(|(k, _)| k == key)
                .map(|(_, value)| value);
            cells.push(
                value
                    .map(|v| Safe::new(&value::text(v)))
                    .unwrap_or_default(),
            );
        }
        // Keys that no row of the first piece had stand behind the table with their names.
        let late = row.data.iter().filter(|(key, _)| !self.keys.contains(key));
        cells.extend(late.map(|(key, value)| safe!("{key}={}", value::text(value))));
        cells
    }
}
