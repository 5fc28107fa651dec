//! Charts of several runs → one figure.

use std::rc::Rc;

use super::extent::{Asked, Extent, Shown};
use super::memory::{Key, Memory};
use super::names::{Named, place_text};
use super::notes::{Told, notes, nothing};
use super::reduce::{Columns, Reduced, reduce};
use super::strokes;
use super::trace::Trace;
use super::{Crowd, Curve, Figure, Flag, Here, Scaling, Settings, Source};
use crate::insight::axis::XAxis;
use crate::insight::charts::{Chart, Line};
use crate::insight::metric::{Part, Split};
use crate::store::Stream;
use crate::widgets::axis::{Bounds, Scale};
use crate::widgets::plot::Span;

/// A line with everything that is drawn of it.
#[derive(Debug)]
pub(super) struct Drawn<'a> {
    pub(super) source: usize,
    pub(super) chart: &'a Chart,
    /// Its number in its chart.
    pub(super) at: usize,
    pub(super) line: &'a Line,
    stream: Option<&'a Stream>,
    /// The axis has places for its rows.
    pub(super) has_places: bool,
    pub(super) reduced: Rc<Reduced>,
    here: Option<Here>,
}

/// What one figure is made from.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    pub sources: &'a [Source<'a>],
    pub settings: &'a Settings,
    pub axis: XAxis,
    pub x: Bounds,
    pub columns: u32,
    /// Where the lines of groups are kept.
    pub memory: Option<&'a Memory>,
}

impl Drawn<'_> {
    fn shown(&self) -> Shown<'_> {
        Shown {
            line: self.line,
            stream: self.stream,
            reduced: &self.reduced,
        }
    }
}

impl<'a> Plan<'a> {
    /// The charts of one quantity; those of other runs are looked for near `at`.
    pub fn figure(&self, chart: &'a Chart, at: usize) -> Figure {
        let charts: Vec<(usize, &'a Chart)> = charts_of(self.sources, chart, at).collect();
        let columns = Columns::new(self.x, self.columns);
        let settings = self.settings;
        let quantity = &chart.quantity;
        let scaling = self.scaling(chart);
        let limits = settings.limits.get(quantity).copied();
        let clipped = settings.clipped.contains(quantity);
        let mut drawn = Vec::new();
        for (source, chart) in &charts {
            for (at, line) in chart.lines.iter().enumerate() {
                drawn.push(self.draw(*source, chart, (at, line), columns, scaling));
            }
        }
        let own_window = settings.windows.contains_key(quantity);
        let shown: Vec<Shown<'_>> = drawn.iter().map(Drawn::shown).collect();
        let asked = Asked {
            scaling,
            limits,
            clipped,
            windowed: own_window || settings.window.is_some(),
        };
        let extent = Extent::of(&shown, asked);
        let lines: Vec<&Line> = drawn.iter().map(|drawn| drawn.line).collect();
        let told = Told {
            scaling,
            limits,
            clipped,
            own_window,
            smoothed: self.smoothed(&charts),
            extent: &extent,
        };
        let pairs: Vec<(&Line, &Reduced)> = drawn.iter().map(|d| (d.line, &*d.reduced)).collect();
        let nothing = nothing(&pairs);
        let groups = self.crowds(&drawn);
        let mut bad: Vec<super::Bad> = drawn.iter().flat_map(|d| d.reduced.bad.clone()).collect();
        bad.dedup();
        Figure {
            title: chart.title.clone(),
            quantity: quantity.clone(),
            axis: self.axis,
            x: self.x,
            smoothing: settings.smoothing,
            notes: notes(&told, &lines, charts.len() == 1),
            nothing,
            y: extent.y,
            limited: extent.limited,
            scale: extent.scale,
            outside: extent.outside,
            columns: self.columns,
            bad,
            best: self.flag(chart, columns, charts.len() > 1),
            cursor: settings.cursor.and_then(|place| columns.of(place)),
            changes: self.changes(chart, columns),
            curves: self.curves(&mut drawn, &groups, extent.scale),
            groups,
        }
    }

    pub fn scaling(&self, chart: &Chart) -> Scaling {
        let usual = if chart.logarithmic {
            Scaling::Log
        } else {
            Scaling::Linear
        };
        let chosen = self.settings.scales.get(&chart.quantity);
        chosen.copied().unwrap_or(usual)
    }

    fn draw(
        &self,
        source: usize,
        chart: &'a Chart,
        (at, line): (usize, &'a Line),
        columns: Columns,
        scaling: Scaling,
    ) -> Drawn<'a> {
        let of = &self.sources[source];
        let mut drawn = Drawn {
            source,
            chart,
            at,
            line,
            stream: of.run.stream(line.stream),
            has_places: false,
            reduced: Rc::default(),
            here: self.settings.cursor.map(|_| Here::NoPoint),
        };
        // How strokes cross an edge depends on whether values are logarithms.
        let scale = if scaling == Scaling::Log {
            Scale::Log
        } else {
            Scale::Linear
        };
        let weight = if line.band {
            0.0
        } else {
            self.settings.smoothing
        };
        let memory = self.memory.filter(|_| of.group.is_some());
        let name = (of.run.id, line.stream, line.column);
        let place = (self.axis, self.x, self.columns);
        let key = Key::new(name, place, scale == Scale::Log, weight);
        if let Some(reduced) = memory.and_then(|memory| memory.find(&key)) {
            (drawn.has_places, drawn.reduced) = (true, reduced);
            return drawn;
        }
        if let Some(mut trace) = Trace::of(of, line, self.axis) {
            drawn.has_places = true;
            drawn.reduced = Rc::new(reduce(&mut trace, columns, scale, weight));
            if let Some(memory) = memory {
                memory.keep(key, &drawn.reduced);
            }
            if of.group.is_none()
                && let Some(place) = self.settings.cursor
            {
                let nth = self.settings.nth;
                drawn.here = Some(here(&mut trace, (place, nth), columns, weight));
            }
        }
        drawn
    }

    /// Faint ones and those of other runs first, the validation data last.
    fn curves(&self, drawn: &mut [Drawn<'_>], groups: &[Crowd], scale: Scale) -> Vec<Curve> {
        let order = |drawn: &Drawn<'_>| {
            let shown = drawn.source == 0;
            (shown, drawn.line.split == Some(Split::Val), drawn.source)
        };
        let together = self.together(drawn);
        let grouped = together.iter().map(|lines| {
            let first = &drawn[lines[0]];
            (order(first), self.group_curve(drawn, lines, groups, scale))
        });
        let mut curves: Vec<_> = grouped.collect();
        for at in 0..drawn.len() {
            let in_group = self.sources[drawn[at].source].group.is_some();
            if !in_group && !drawn[at].line.band {
                curves.push((order(&drawn[at]), self.curve(drawn, at, scale)));
            }
        }
        curves.sort_by_key(|(order, _)| *order);
        curves.into_iter().map(|(_, curve)| curve).collect()
    }

    fn curve(&self, drawn: &mut [Drawn<'_>], at: usize, scale: Scale) -> Curve {
        let overlaid = self.sources.len() > 1;
        let family = family(drawn, at);
        let Drawn {
            source,
            chart,
            line,
            here,
            at: number,
            ..
        } = drawn[at];
        let named = Named::of(chart, &self.sources[source], overlaid);
        let reduced = std::mem::take(&mut drawn[at].reduced);
        // What stands behind the lines of several runs would hide them.
        let (band, raw) = if source == 0 {
            behind(&reduced, family, scale)
        } else {
            (Vec::new(), Vec::new())
        };
        let points = match &reduced.smooth {
            Some(smooth) => strokes::means(smooth),
            None if reduced.few => strokes::through(&reduced.live, scale),
            None => strokes::means(&reduced.live),
        };
        Curve {
            name: named.name(number),
            run: overlaid.then(|| self.sources[source].overview.name.clone()),
            hue: named.tone(number),
            split: line.split,
            dotted: named.is_dotted(line),
            line: points,
            band,
            raw,
            superseded: strokes::spans(&reduced.superseded, scale),
            last: line.last_text.clone(),
            last_is_bad: line.last.is_some_and(|last| !last.is_finite()),
            here,
        }
    }

    fn flag(&self, chart: &Chart, columns: Columns, overlaid: bool) -> Option<Flag> {
        let best = chart.best.as_ref()?;
        let source = self.sources.first()?;
        let line = chart.lines.get(best.line)?;
        let mut trace = Trace::of(source, line, self.axis);
        let place = trace.as_mut().and_then(|trace| trace.place(best.row));
        let words = |place: f64| {
            // Rows of one step or epoch are spread over it.
            let place = match self.axis {
                XAxis::Time | XAxis::Clock => place,
                XAxis::Epoch | XAxis::Step | XAxis::Row => place.floor(),
            };
            place_text(self.axis, place, &self.settings.zone)
        };
        let at = place.map_or_else(|| best.at.text(), words);
        Some(Flag {
            column: place.and_then(|place| columns.of(place)),
            value: best.value,
            words: format!("best {at}"),
            told: format!("best {} @{at}", best.text),
            hue: Named::of(chart, source, overlaid).tone(best.line),
        })
    }

    /// How many percent of the rows have been smoothed, while that goes on.
    fn smoothed(&self, charts: &[(usize, &Chart)]) -> Option<u64> {
        let weight = self.settings.smoothing;
        if weight <= 0.0 {
            return None;
        }
        let (mut done, mut all) = (0, 0);
        for (source, chart) in charts {
            for line in chart.lines.iter().filter(|line| !line.band) {
                let (one, two) = super::smooth::progress(&self.sources[*source], line, weight);
                done += one;
                all += two;
            }
        }
        (done < all).then(|| (u128::from(done) * 100 / u128::from(all.max(1))) as u64)
    }
}

/// The chart of each source that shows the same quantity.
pub(super) fn charts_of<'a>(
    sources: &'a [Source<'a>],
    chart: &'a Chart,
    at: usize,
) -> impl Iterator<Item = (usize, &'a Chart)> {
    let others = sources.iter().enumerate().skip(1);
    let others = others.filter_map(move |(number, source)| {
        let charts = &source.overview.charts;
        // Runs of one kind have the same charts in the same order.
        let near = charts
            .get(at)
            .filter(|other| other.quantity == chart.quantity);
        let found = near.or_else(|| charts.iter().find(|c| c.quantity == chart.quantity));
        Some((number, found?))
    });
    std::iter::once((0, chart)).chain(others)
}

fn here(trace: &mut Trace<'_>, (place, nth): (f64, u32), columns: Columns, weight: f64) -> Here {
    let reach = match columns.of(place) {
        Some(column) => columns.reach(column),
        None => (place, place.next_up()),
    };
    let Some(mut found) = trace.at(place, reach) else {
        return Here::NoPoint;
    };
    if nth > 0 && found.place == place {
        // A line that has fewer points there stays at its last one.
        let stacked = trace.stacked(found, nth as usize + 1);
        found = stacked.last().copied().unwrap_or(found);
    }
    if !trace.is_resident(found.row) {
        return Here::Awaited;
    }
    match trace.stream.value(trace.id(), found.row) {
        Some(value) => Here::Value(value, trace.smoothed_at(weight, found.row)),
        None => Here::NoPoint,
    }
}

/// The area between the minimum and the maximum that belong to a mean.
fn family(drawn: &[Drawn<'_>], mean: usize) -> Option<Vec<Span>> {
    let mean = &drawn[mean];
    mean.line.part.filter(|part| *part == Part::Mean)?;
    let find = |part: Part| {
        let belongs = |other: &&Drawn<'_>| {
            other.line.band
                && other.source == mean.source
                && other.line.part == Some(part)
                && other.line.stream == mean.line.stream
                && other.line.split == mean.line.split
        };
        drawn.iter().find(belongs).map(|drawn| &drawn.reduced.live)
    };
    let (low, high) = (find(Part::Min), find(Part::Max));
    low.or(high)?;
    // Where one of the two is not written, the area ends at the mean.
    let mean = &mean.reduced.live;
    let (low, high) = (low.unwrap_or(mean), high.unwrap_or(mean));
    let mut highs = high.iter().peekable();
    let mut spans = Vec::with_capacity(low.len());
    for below in low {
        while highs.next_if(|above| above.column < below.column).is_some() {}
        if let Some(above) = highs.peek().filter(|above| above.column == below.column) {
            spans.push(Span {
                low: below.low.min(above.low),
                high: above.high.max(below.high),
                ..below.span()
            });
        }
    }
    Some(spans)
}

/// What stands behind a line: the area that its values fill, and the values themselves where a
/// smoothed line has taken their place.
fn behind(reduced: &Reduced, family: Option<Vec<Span>>, scale: Scale) -> (Vec<Span>, Vec<Span>) {
    let smooth = reduced.smooth.is_some();
    let several = reduced.live.iter().any(|cell| cell.low < cell.high) && (smooth || !reduced.few);
    let spans = || strokes::spans(&reduced.live, scale);
    match family {
        Some(family) if smooth => (family, spans()),
        Some(family) => (family, Vec::new()),
        None if several => (spans(), Vec::new()),
        None if smooth => (Vec::new(), spans()),
        None => (Vec::new(), Vec::new()),
    }
}
