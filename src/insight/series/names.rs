//! What the names of a run's series mean, kept from one look at the run to the next.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use crate::insight::metric::{Metric, meaningful};
use crate::record::{Layout, StreamKind};
use crate::store::{Run, Stream};

/// What the names of a run's series mean, kept from one look at the run to the next: streams may
/// have thousands of keys, and these stay what they are.
#[derive(Clone, Debug, Default)]
pub struct Names {
    layout: Option<Layout>,
    /// By stream and column.
    pub(super) metrics: Vec<Vec<Rc<Metric>>>,
    fingerprint: u64,
}

impl Names {
    /// What the columns of metric streams mean, by the numbers of stream and column.
    pub(in crate::insight) fn metrics(&self) -> impl Iterator<Item = (usize, usize, &Metric)> {
        let streams = self.metrics.iter().enumerate();
        streams.flat_map(|(stream, metrics)| {
            let columns = metrics.iter().enumerate();
            columns.map(move |(column, metric)| (stream, column, &**metric))
        })
    }

    /// The same number for names that mean the same at the same places: those of a thousand runs of
    /// one sweep.
    pub(in crate::insight) const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    pub(super) fn know_all(&self, run: &Run) -> bool {
        let known = |(metrics, stream): (&Vec<Rc<Metric>>, &Stream)| {
            stream.kind != StreamKind::Metric || metrics.len() == stream.columns().len()
        };
        self.layout == Some(run.layout)
            && self.metrics.len() == run.streams.len()
            && self.metrics.iter().zip(&run.streams).all(known)
    }

    pub(super) fn learn(&mut self, run: &Run) {
        if self.layout != Some(run.layout) {
            *self = Self::default();
            self.layout = Some(run.layout);
        }
        self.metrics.resize_with(run.streams.len(), Vec::new);
        let mut hasher = DefaultHasher::new();
        self.fingerprint.hash(&mut hasher);
        for (at, (metrics, stream)) in self.metrics.iter_mut().zip(&run.streams).enumerate() {
            if stream.kind == StreamKind::Metric {
                let begun = metrics.len();
                let fresh = &stream.columns()[metrics.len().min(stream.columns().len())..];
                let known = meaningful(run.layout, &stream.name);
                metrics.extend(fresh.iter().map(|c| Rc::new(Metric::parse(known, &c.key))));
                (at, begun, &metrics[begun..]).hash(&mut hasher);
            }
        }
        self.fingerprint = hasher.finish();
    }
}
