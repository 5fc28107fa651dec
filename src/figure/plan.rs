//! What the x axes of figures count, and from where to where they reach.

use super::build::Plan;
use super::{Figure, Settings, Source};
use crate::insight::axis::XAxis;
use crate::widgets::axis::Bounds;

/// The charts of the first source, with the others laid over them, each in so many columns.
pub fn figures(sources: &[Source<'_>], settings: &Settings, columns: u32) -> Vec<Figure> {
    let Some(shown) = sources.first() else {
        return Vec::new();
    };
    let charts = &shown.overview.charts;
    let figure = |at: usize| {
        let chart = &charts[at];
        Plan::new(sources, settings, &chart.quantity, columns).figure(chart, at)
    };
    match &settings.only {
        None => (0..charts.len()).map(figure).collect(),
        Some(only) => only
            .iter()
            .filter_map(|wanted| charts.iter().position(|chart| chart.quantity == *wanted))
            .map(figure)
            .collect(),
    }
}

/// What the x axes count: what was asked for if the run that is shown has it, else what suits it.
pub fn x_axis(sources: &[Source<'_>], wanted: Option<XAxis>) -> XAxis {
    let Some(axes) = sources.first().map(|source| &source.overview.axes) else {
        return XAxis::Row;
    };
    let wanted = wanted.filter(|axis| axes.range(*axis).is_some());
    wanted
        .or_else(|| axes.kinds().first().copied())
        .unwrap_or(XAxis::Row)
}

/// From the first to the last place of all rows of all sources.
pub fn x_range(sources: &[Source<'_>], axis: XAxis) -> (f64, f64) {
    let ranges = sources
        .iter()
        .filter_map(|source| source.overview.axes.range(axis));
    let range = ranges.reduce(|(lo, hi), (a, b)| (lo.min(a), hi.max(b)));
    range.unwrap_or((0.0, 1.0))
}

/// The bounds of an x axis that holds everything.
pub fn x_bounds(sources: &[Source<'_>], axis: XAxis) -> Bounds {
    let (lo, hi) = x_range(sources, axis);
    let planned = sources
        .iter()
        .filter_map(|source| source.overview.axes.planned(axis));
    Bounds::growing(lo, hi, planned.reduce(f64::max))
}

impl<'a> Plan<'a> {
    /// For the charts of one quantity.
    pub fn new(
        sources: &'a [Source<'a>],
        settings: &'a Settings,
        quantity: &str,
        columns: u32,
    ) -> Self {
        let axis = x_axis(sources, settings.axis);
        let window = settings.windows.get(quantity).copied().or(settings.window);
        let x = match window {
            Some((lo, hi)) => Bounds::exact(lo, hi),
            None => x_bounds(sources, axis),
        };
        Self {
            sources,
            settings,
            axis,
            x,
            columns,
            memory: None,
        }
    }
}
