//! Points of series, read from the files of their run again with every digit.

use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;

use super::table::{Line, Names, Table};
use crate::formats::{Spelled, SpelledRow};
use crate::ingest::{Files, Passage, read_spelled};
use crate::insight::axis::{Axes, EpochIn};
use crate::insight::series::{self, Series};
use crate::insight::{overview, progress, value};
use crate::record::{ColumnId, StreamId, StreamKind};
use crate::store::{Column, Mark64, Run, Stream};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Which points of a run are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    pub stream: StreamId,
    pub column: ColumnId,
    pub rows: Range<u64>,
}

/// Series of one file, and all that must be known to read them: nothing in it is borrowed from the
/// store, so that a thread can take it along.
#[derive(Clone, Debug)]
pub struct Extract {
    run: String,
    path: PathBuf,
    kind: StreamKind,
    /// All rows that are wanted of any series.
    rows: Range<u64>,
    /// A row at or before the first of them, and where it starts.
    start: Mark64,
    series: Vec<Wanted>,
    epoch: Option<Epoch>,
}

#[derive(Clone, Debug)]
struct Wanted {
    metric: String,
    key: String,
    rows: Range<u64>,
    superseded: Vec<Range<u64>>,
    /// A row and its value as they are known: to notice that the file is another one now.
    known: Option<(u64, f64)>,
}

#[derive(Clone, Debug)]
enum Epoch {
    Step,
    Key(String),
}

/// Why points could not be written.
#[derive(Debug)]
pub enum Trouble {
    /// A file of a run cannot be read any more.
    File(PathBuf, io::Error),
    Output(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The names of runs, or their paths where several have the same name.
pub fn names(runs: &[&Run]) -> Vec<String> {
    let called: Vec<String> = runs.iter().map(|run| overview::name(run)).collect();
    let name = |(run, name): (&&Run, &String)| {
        if called.iter().filter(|other| *other == name).count() > 1 {
            value::path(&run.place.shown)
        } else {
            name.clone()
        }
    };
    runs.iter().zip(&called).map(name).collect()
}

/// So many points in words.
pub fn told(points: u64, extracts: &[Extract]) -> Safe {
    let series: usize = extracts.iter().map(|extract| extract.series.len()).sum();
    safe!("{} of {series} series", counted(points, "point"))
}

/// `1 chart`, `3 charts`
pub fn counted(count: u64, what: &'static str) -> Safe {
    let plural = if count == 1 { "" } else { "s" };
    safe!("{count} {what}{plural}")
}

/// The file that a stream of a run is in.
pub fn file_of(run: &Run, stream: &Stream) -> PathBuf {
    // A run that is a single file has no directory: its stream is the file.
    let place = &run.place.path;
    if stream.file.as_os_str().is_empty() || place.ends_with(&stream.file) {
        place.clone()
    } else {
        place.join(&stream.file)
    }
}

/// What must be known to read these points of a run that is called so. Those of one file are read
/// together, in the order in which its first series was named.
pub fn extracts(run: &Run, called: &str, selections: &[Selection]) -> Vec<Extract> {
    let all = series::series(run);
    let progress = progress::progress(run, &all);
    let axes = Axes::of(run, &all, progress.unit, progress.planned);
    let mut streams: Vec<StreamId> = Vec::new();
    for selection in selections {
        if !streams.contains(&selection.stream) {
            streams.push(selection.stream);
        }
    }
    let of_stream = |id: StreamId| {
        let stream = run.streams.get(id.0 as usize)?;
        let here = selections.iter().filter(|s| s.stream == id);
        let wanted = here.filter_map(|selection| {
            let name = name(&all, stream, selection.column)?;
            Some(Wanted::of(stream, selection, name))
        });
        Extract::of(run, called, stream, wanted.collect(), axes.epoch_in(id))
    };
    streams.into_iter().filter_map(of_stream).collect()
}

/// What a column is called: the name of its series, or that of its stream and its key where another
/// series has the same name.
fn name(all: &[Series<'_>], stream: &Stream, column: ColumnId) -> Option<String> {
    let key = &stream.column_at(column)?.key;
    let own = |series: &&Series<'_>| std::ptr::eq(series.stream, stream) && series.id == column;
    let own = all.iter().find(own).map(|series| &series.name);
    let same = |name: &&String| all.iter().filter(|other| other.name == **name).count() == 1;
    match own.filter(same) {
        Some(name) => Some(name.clone()),
        None => Some(format!("{}:{key}", stream.name)),
    }
}

/// Writes the points as a table; returns how many there were.
pub fn write(
    extracts: &[Extract],
    table: Table,
    files: &dyn Files,
    out: &mut dyn Write,
) -> Result<u64, Trouble> {
    table.begin(out)?;
    let mut points = 0;
    for extract in extracts {
        points += extract.write(table, files, out)?;
    }
    Ok(points)
}

impl Wanted {
    fn of(stream: &Stream, selection: &Selection, metric: String) -> Self {
        let rows = selection.rows.start..selection.rows.end.min(stream.rows());
        let column = stream.column_at(selection.column);
        let newest = column.and_then(Column::last_row);
        let newest = newest.filter(|row| rows.contains(row));
        let value = |row| Some((row, stream.value(selection.column, row)?));
        Self {
            metric,
            key: column.map(|column| column.key.clone()).unwrap_or_default(),
            known: newest.and_then(value),
            superseded: column.map(|c| c.superseded().to_vec()).unwrap_or_default(),
            rows,
        }
    }

    /// Whether a value is what is known of its row.
    fn agrees(&self, row: u64, value: Option<Spelled<'_>>) -> bool {
        let known = self.known.filter(|(at, _)| *at == row);
        match (known, value) {
            (Some((_, known)), Some(value)) => {
                known == value.value || known.is_nan() && value.value.is_nan()
            }
            (Some(_), None) => false,
            (None, _) => true,
        }
    }

    fn is_superseded(&self, row: u64) -> bool {
        let behind = self.superseded.partition_point(|rows| rows.end <= row);
        self.superseded
            .get(behind)
            .is_some_and(|rows| rows.contains(&row))
    }
}

impl Extract {
    fn of(
        run: &Run,
        called: &str,
        stream: &Stream,
        series: Vec<Wanted>,
        epoch: Option<EpochIn>,
    ) -> Option<Self> {
        let filled = || {
            series
                .iter()
                .map(|wanted| &wanted.rows)
                .filter(|rows| !rows.is_empty())
        };
        let start = filled().map(|rows| rows.start).min()?;
        let end = filled().map(|rows| rows.end).max()?;
        let epoch = epoch.and_then(|epoch| match epoch {
            EpochIn::Step => Some(Epoch::Step),
            EpochIn::Column(id) => stream.column_at(id).map(|c| Epoch::Key(c.key.clone())),
        });
        Some(Self {
            run: called.to_owned(),
            path: file_of(run, stream),
            kind: stream.kind,
            rows: start..end,
            start: stream.mark_before(start).unwrap_or_default(),
            series,
            epoch,
        })
    }

    fn write(&self, table: Table, files: &dyn Files, out: &mut dyn Write) -> Result<u64, Trouble> {
        let passage = Passage {
            path: &self.path,
            kind: self.kind,
            offset: self.start.offset,
            skip: self.rows.start - self.start.row,
        };
        let mut keys = Vec::new();
        let names = self.series.iter();
        let names = names.map(|wanted| {
            let names = table.names(&self.run, &wanted.metric);
            (wanted, place(&mut keys, &wanted.key), names)
        });
        let mut writing = Writing {
            table,
            series: names.collect(),
            epoch: match &self.epoch {
                Some(Epoch::Key(key)) => Some(place(&mut keys, key)),
                Some(Epoch::Step) | None => None,
            },
            step_is_epoch: matches!(self.epoch, Some(Epoch::Step)),
            points: 0,
        };
        let (mut index, mut stopped) = (self.rows.start, None);
        let read = read_spelled(files, &passage, &keys, &mut |row| {
            stopped = writing.row(index, row, out).err();
            index += 1;
            stopped.is_none() && index < self.rows.end
        });
        match stopped {
            Some(Stopped::Output(error)) => return Err(Trouble::Output(error)),
            Some(Stopped::Changed) => return Err(self.changed()),
            None => {}
        }
        read.map_err(|error| Trouble::File(self.path.clone(), error))?;
        if index < self.rows.end {
            return Err(self.changed());
        }
        Ok(writing.points)
    }

    fn changed(&self) -> Trouble {
        let words = "it was written anew while it was read";
        Trouble::File(self.path.clone(), io::Error::other(words))
    }
}

/// Where a key stands in a list, at the end of it if need be.
fn place(keys: &mut Vec<String>, key: &str) -> usize {
    let known = keys.iter().position(|known| known == key);
    known.unwrap_or_else(|| {
        keys.push(key.to_owned());
        keys.len() - 1
    })
}

/// The rows of one file on their way into a table.
struct Writing<'a> {
    table: Table,
    /// Which key each of them is under, and its names.
    series: Vec<(&'a Wanted, usize, Names)>,
    /// The key that holds the epoch.
    epoch: Option<usize>,
    step_is_epoch: bool,
    points: u64,
}

/// Why the rest of the rows is not written.
enum Stopped {
    Output(io::Error),
    /// This is not the row that it was.
    Changed,
}

impl Writing<'_> {
    fn row(
        &mut self,
        index: u64,
        row: &SpelledRow<'_>,
        out: &mut dyn Write,
    ) -> Result<(), Stopped> {
        let step = row.step();
        let epoch = match self.epoch {
            Some(key) => row.number(key),
            None => step.filter(|_| self.step_is_epoch),
        };
        for (wanted, key, names) in &self.series {
            if !wanted.rows.contains(&index) {
                continue;
            }
            let value = row.number(*key);
            if !wanted.agrees(index, value) {
                return Err(Stopped::Changed);
            }
            let Some(value) = value else { continue };
            let line = Line {
                names,
                index,
                step,
                epoch,
                time: row.time().filter(|time| time.is_finite()),
                value,
                // What names no step is superseded by nothing.
                superseded: step.is_some() && wanted.is_superseded(index),
            };
            self.table.line(&line, out).map_err(Stopped::Output)?;
            self.points += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
