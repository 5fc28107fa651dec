//! What a person chose: for all charts, and for single quantities. It stays from run to run.

use std::collections::{BTreeMap, BTreeSet};

use super::window::{Place, Window};
use crate::figure::{self, Scaling, Settings, Source};
use crate::insight::axis::XAxis;
use crate::insight::charts::Chart;
use crate::insight::clock::Zone;

/// Everything that changes how charts are drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    axis: Option<XAxis>,
    /// What the windows and the cursor count in.
    counted: Option<XAxis>,
    pub(super) smoothing: f64,
    pub(super) window: Window,
    own: BTreeMap<String, Window>,
    scales: BTreeMap<String, Scaling>,
    pub(super) limits: BTreeMap<String, (f64, f64)>,
    clipped: BTreeSet<String>,
    pub(super) cursor: Option<f64>,
    /// Of several points that stand there, how many are before the one that is read.
    pub(super) nth: u32,
}

/// Weights that are stepped through, as people know them.
const WEIGHTS: [f64; 5] = [0.0, 0.6, 0.9, 0.97, 0.99];

impl Chosen {
    /// For one frame.
    pub(super) fn settings(&self, sources: &[Source<'_>], zone: &Zone) -> Settings {
        let place = self.place(sources);
        let whole = (place.whole.lo(), place.whole.hi());
        let own = |(quantity, window): (&String, &Window)| {
            let bounds = window.between(place).unwrap_or(whole);
            (quantity.clone(), bounds)
        };
        Settings {
            axis: self.axis,
            window: self.window.between(place),
            windows: self.own.iter().map(own).collect(),
            smoothing: self.smoothing,
            scales: self.scales.clone(),
            limits: self.limits.clone(),
            clipped: self.clipped.clone(),
            only: None,
            cursor: self.cursor,
            nth: self.nth,
            zone: zone.clone(),
        }
    }

    pub(super) fn axis(&self, sources: &[Source<'_>]) -> XAxis {
        figure::x_axis(sources, self.axis)
    }

    pub(super) fn place(&self, sources: &[Source<'_>]) -> Place {
        let axis = self.axis(sources);
        Place {
            axis,
            data: figure::x_range(sources, axis),
            whole: figure::x_bounds(sources, axis),
        }
    }

    /// Forgets places that count in something else than the axis of the run that is shown now.
    pub(super) fn keep_counting(&mut self, sources: &[Source<'_>]) {
        let axis = self.axis(sources);
        if self.counted.is_some_and(|counted| counted != axis) {
            self.window = Window::Whole;
            self.own.clear();
            self.cursor = None;
            self.nth = 0;
        }
        self.counted = Some(axis);
    }

    /// Counts in something else, and shows the same rows.
    pub(super) fn turn_axis(&mut self, sources: &[Source<'_>], chart: &Chart, to: XAxis) {
        let from = self.axis(sources);
        let old = self.place(sources);
        self.axis = Some(to);
        self.counted = Some(to);
        let Some(source) = sources.first() else {
            return;
        };
        let place = |at: f64| figure::converted(source, chart, at, from, to);
        let window = |window: Window| {
            let Some((lo, hi)) = window.between(old) else {
                return Window::Whole;
            };
            match (window, place(lo), place(hi)) {
                (Window::Tail(_), Some(lo), Some(hi)) if lo < hi => Window::Tail(hi - lo),
                (_, Some(lo), Some(hi)) if lo < hi => Window::Between(lo, hi),
                _ => Window::Whole,
            }
        };
        self.window = window(self.window);
        for own in self.own.values_mut() {
            *own = window(*own);
        }
        self.cursor = self.cursor.and_then(place);
        self.nth = 0;
    }

    pub(super) fn smooth(&mut self, more: bool) {
        let now = self.smoothing;
        let next = if more {
            WEIGHTS.into_iter().find(|weight| *weight > now)
        } else {
            WEIGHTS.into_iter().rev().find(|weight| *weight < now)
        };
        self.smoothing = next.unwrap_or(now);
    }

    pub(super) fn turn_scale(&mut self, chart: &Chart, now: Scaling) {
        let next = match now {
            Scaling::Linear => Scaling::Log,
            Scaling::Log => Scaling::SymLog,
            Scaling::SymLog => Scaling::Linear,
        };
        self.scale(chart, next);
    }

    pub(super) fn scale(&mut self, chart: &Chart, scaling: Scaling) {
        self.scales.insert(chart.quantity.clone(), scaling);
    }

    pub(super) fn turn_clip(&mut self, chart: &Chart) {
        if !self.clipped.remove(&chart.quantity) {
            self.clipped.insert(chart.quantity.clone());
        }
    }

    pub(super) fn limit(&mut self, chart: &Chart, limits: Option<(f64, f64)>) {
        match limits {
            Some(limits) => self.limits.insert(chart.quantity.clone(), limits),
            None => self.limits.remove(&chart.quantity),
        };
    }

    pub(super) fn has_own_window(&self, chart: &Chart) -> bool {
        self.own.contains_key(&chart.quantity)
    }

    /// A window of its own for a chart, or that of all again.
    pub(super) fn turn_own_window(&mut self, chart: &Chart) {
        if self.own.remove(&chart.quantity).is_none() {
            self.own.insert(chart.quantity.clone(), self.window);
        }
    }

    /// The window that a chart has.
    pub(super) fn window_of(&self, chart: &Chart) -> Window {
        self.own
            .get(&chart.quantity)
            .copied()
            .unwrap_or(self.window)
    }

    /// Changes the window that a chart has: its own, or that of all.
    pub(super) fn change_window(&mut self, chart: &Chart, window: Window) {
        match self.own.get_mut(&chart.quantity) {
            Some(own) => *own = window,
            None => self.window = window,
        }
    }

    /// Everything again, on all charts.
    pub(super) fn show_whole(&mut self) {
        self.window = Window::Whole;
        self.own.clear();
    }
}
