//! One training run: its streams, log, parameters and what its documents say.

use super::logs::Logs;
use super::params::Params;
use super::problems::{Notes, Problems};
use super::stream::Stream;
use crate::record::{Facts, Layout, Place, RunId, SavedFile, StreamId, StreamKind};

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
