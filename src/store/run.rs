//! One training run: its streams, log, parameters and what its documents say.

use super::logs::Logs;
use super::params::Params;
use super::problems::{Note, Notes, Problems};
use super::stream::Stream;
use crate::record::{Change, Facts, Layout, Place, RunId, SavedFile, StreamId, StreamKind};

/// Everything that is known of one run.
#[derive(Debug)]
pub struct Run {
    pub id: RunId,
    pub place: Place,
    pub layout: Layout,
    pub facts: Facts,
    pub params: Params,
    pub streams: Vec<Stream>,
    pub logs: Logs,
    pub files: Vec<SavedFile>,
    pub problems: Problems,
    pub notes: Notes,
    pub reading: Reading,
    /// The run's directory is gone; what was read stays.
    pub gone: bool,
}

/// How far the reading of a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    pub read: u64,
    pub size: u64,
    /// When its newest file was last modified.
    pub modified: Option<f64>,
    /// Everything that lay on disk has been read once.
    pub caught_up: bool,
}

impl Run {
    pub(super) fn new(id: RunId, place: Place, layout: Layout) -> Self {
        Self {
            id,
            place,
            layout,
            facts: Facts::default(),
            params: Params::default(),
            streams: Vec::new(),
            logs: Logs::default(),
            files: Vec::new(),
            problems: Problems::default(),
            notes: Notes::default(),
            reading: Reading::default(),
            gone: false,
        }
    }

    /// Takes in every change but those of one stream's rows.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Found { place, layout } => {
                (self.place, self.layout, self.gone) = (place, layout, false);
            }
            Change::Layout(layout) => self.layout = layout,
            Change::Stream {
                stream,
                name,
                kind,
                file,
            } => {
                if stream.0 as usize == self.streams.len() {
                    self.streams.push(Stream::new(name, kind, file));
                }
            }
            Change::Logs(lines) => self.logs.add(&lines),
            Change::LogsReset => self.logs = Logs::default(),
            Change::Params(change) => self.params.apply(change),
            Change::ParamsReset => self.params.reset(),
            Change::Facts(facts) => self.facts = facts,
            Change::Files(files) => self.files = files,
            Change::Problem(problem) => self.problems.add(problem),
            Change::ProblemsCleared { file } => self.problems.clear(&file),
            Change::Note { file, text } => self.notes.add(Note { file, text }),
            Change::Progress {
                read,
                size,
                modified,
            } => {
                self.reading = Reading {
                    read,
                    size,
                    modified,
                    ..self.reading
                };
            }
            Change::CaughtUp => self.reading.caught_up = true,
            Change::Gone => self.gone = true,
            Change::Back => self.gone = false,
            Change::Columns { .. }
            | Change::Rows { .. }
            | Change::StreamReset { .. }
            | Change::Exact { .. }
            | Change::ExactEnd { .. } => {}
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let streams: usize = self.streams.iter().map(Stream::heap_bytes).sum();
        let table = self.streams.capacity() * size_of::<Stream>();
        streams + table + self.logs.heap_bytes() + self.params.heap_bytes()
    }

    pub fn stream(&self, id: StreamId) -> Option<&Stream> {
        self.streams.get(id.0 as usize)
    }

    pub fn metrics(&self) -> impl Iterator<Item = &Stream> {
        self.streams
            .iter()
            .filter(|stream| stream.kind == StreamKind::Metric)
    }

    pub fn tracks(&self) -> impl Iterator<Item = &Stream> {
        self.streams
            .iter()
            .filter(|stream| stream.kind == StreamKind::Track)
    }

    /// The rows of all metric streams.
    pub fn rows(&self) -> u64 {
        self.metrics().map(Stream::rows).sum()
    }

    /// The oldest time of a row or log line.
    pub fn first_time(&self) -> Option<f64> {
        let rows = self.streams.iter().filter_map(|stream| stream.times.first);
        rows.chain(self.logs.first_time).reduce(f64::min)
    }

    /// The newest time of a row or log line.
    pub fn last_time(&self) -> Option<f64> {
        let rows = self.streams.iter().filter_map(|stream| stream.times.newest);
        rows.chain(self.logs.last_time).reduce(f64::max)
    }
}
