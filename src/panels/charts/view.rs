//! One chart → cells: title, axes, lines, markers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::lines::{Named, place_text};
use super::reduce::{Columns, Reduced, reduce};
use super::title::{Hidden, Title};
use crate::insight::axis::{Axes, XAxis};
use crate::insight::charts::{Chart, Line};
use crate::insight::metric::{Part, Split};
use crate::store::{NonFiniteKind, Run};
use crate::widgets::Safe;
use crate::widgets::axis::{Axis, Bounds, Labels, Scale, draw_below, draw_left};
use crate::widgets::paint::{Span as Words, put, put_spans};
use crate::widgets::plot::{Dots, Layer, Look, Mark, Marker, Plot, Span};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// Everything that one chart is drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) run: &'a Run,
    pub(super) axes: &'a Axes,
    pub(super) chart: &'a Chart,
    /// The charts of the page.
    pub(super) others: &'a [&'a Chart],
    pub(super) axis: XAxis,
    pub(super) x: Bounds,
    pub(super) scale: Scale,
    pub(super) selected: bool,
    /// The newest values stand elsewhere on the screen.
    pub(super) values_elsewhere: bool,
}

/// The parts of a chart's area.
#[derive(Clone, Copy, Debug)]
struct Parts {
    left: Rect,
    plot: Rect,
    below: Rect,
}

/// Plots with fewer columns have no marker, and no names at the ends of their lines.
const WIDE: u16 = 48;
/// Pieces that are looked at for the smallest positive value.
const PIECES: usize = 64;

/// The bounds of the x axis that all charts of a run share.
pub(super) fn x_bounds(axes: &Axes, kind: XAxis) -> Bounds {
    let (lo, hi) = axes.range(kind).unwrap_or((0.0, 1.0));
    Bounds::growing(lo, hi, axes.planned(kind))
}

impl View<'_> {
    pub(super) fn title(&self, theme: &Theme, room: u16) -> Vec<Words> {
        let title = Title {
            chart: self.chart,
            others: self.others,
            axis: self.axis,
            best_at: self.best_place(),
            values_elsewhere: self.values_elsewhere,
            logarithmic: self.scale == Scale::Log,
            hidden: self.hidden(),
            selected: self.selected,
        };
        title.spans(theme, room)
    }

    /// Draws the title in the first line and the chart below it.
    pub(super) fn draw_titled(&self, theme: &Theme, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let title = self.title(theme, area.width);
        put_spans(buf, area.x, area.y, area.width, &title);
        let rest = Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        };
        self.draw(theme, rest, buf);
    }

    pub(super) fn draw(&self, theme: &Theme, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.width < 2 || area.height == 0 {
            return;
        }
        let lines_below = match area.height {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        let y = self.y_axis(area.height - lines_below);
        let parts = parts(area, y.label_width(), lines_below);
        let labels = match self.axis {
            XAxis::Time | XAxis::Clock => Labels::Spans,
            XAxis::Epoch | XAxis::Step | XAxis::Row => Labels::Whole,
        };
        let x = Axis::horizontal(self.x, labels, parts.plot.width);
        draw_left(&y, theme, parts.left, buf);
        draw_below(&x, theme, parts.below, parts.left.width, buf);
        let plot = self.plot(theme, &y, parts.plot.width);
        let ticks = x.tick_cells(parts.plot.width);
        let frame = Some(&ticks[..]).filter(|_| lines_below > 1);
        plot.draw(parts.plot, frame, buf);
        if let Some(words) = self.no_numbers() {
            let width = words.width() as u16;
            let x = parts.plot.x + parts.plot.width.saturating_sub(width) / 2;
            let y = parts.plot.y + parts.plot.height / 2;
            put(buf, x, y, parts.plot.width, &words, theme.style(Role::Bad));
        }
    }

    fn y_axis(&self, lines: u16) -> Axis {
        if self.no_numbers().is_some() {
            return Axis::without_ticks();
        }
        let (lo, hi) = self.range();
        Axis::vertical(lo, hi, self.scale, lines)
    }

    /// What there is instead of numbers, if there is not one.
    fn no_numbers(&self) -> Option<Safe> {
        let lines = || self.chart.lines.iter().filter(|line| !line.band);
        if lines().any(|line| line.range.is_some()) {
            return None;
        }
        let nan = lines().any(|line| line.nan > 0);
        let infinite = lines().any(|line| line.infinite != [0, 0]);
        match (nan, infinite) {
            (true, true) => Some(Safe::fixed("only NaN and Inf")),
            (true, false) => Some(Safe::fixed("only NaN")),
            (false, true) => Some(Safe::fixed("only Inf")),
            (false, false) => None,
        }
    }

    fn plot(&self, theme: &Theme, y: &Axis, width: u16) -> Plot {
        let dots = if theme.ascii {
            Dots::Ascii
        } else {
            Dots::Braille
        };
        let columns = Columns::new(self.x, u32::from(width) * u32::from(dots.across()));
        let mut plot = Plot {
            dots,
            bounds: y.bounds,
            scale: y.scale,
            layers: Vec::new(),
            markers: Vec::new(),
            marks: Vec::new(),
            outside: Vec::new(),
            cursor: None,
        };
        let reduced: Vec<Reduced> = self
            .chart
            .lines
            .iter()
            .map(|line| self.reduce(line, columns))
            .collect();
        plot.marks = marks(theme, &reduced);
        plot.markers = self.markers(theme, columns, width);
        plot.layers = self.layers(theme, reduced, width);
        plot
    }

    fn reduce(&self, line: &Line, columns: Columns) -> Reduced {
        let along = self
            .axes
            .along(self.run, line.stream, line.column, self.axis);
        along.map_or_else(Reduced::default, |mut along| {
            reduce(self.run, line, &mut along, columns)
        })
    }

    /// Faint ones first, the validation data last.
    fn layers(&self, theme: &Theme, mut reduced: Vec<Reduced>, width: u16) -> Vec<Layer> {
        let named = Named::of(self.chart);
        let lines = &self.chart.lines;
        let mut layers = Vec::new();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.band) {
            if let Some(spans) = band(lines, &reduced, line) {
                layers.push(Layer {
                    spans,
                    look: Look::Band,
                    style: theme.faint_series(named.hue(at)),
                    name: None,
                });
            }
            let spans = std::mem::take(&mut reduced[at].superseded);
            layers.push(Layer {
                spans,
                look: Look::Faint,
                style: theme.faint_series(named.hue(at)),
                name: None,
            });
        }
        let mut order: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].band).collect();
        order.sort_by_key(|at| lines[*at].split == Some(Split::Val));
        let several = order.len() > 1 && width >= WIDE;
        let val = |at: usize| lines[at].split == Some(Split::Val);
        let mixed = order.iter().any(|at| !val(*at));
        let dotted = |at: usize| theme.is_mono() && mixed && val(at);
        for at in order {
            layers.push(Layer {
                spans: std::mem::take(&mut reduced[at].live),
                look: if dotted(at) { Look::Dotted } else { Look::Line },
                style: theme.series(named.hue(at)),
                name: named.name(at).filter(|_| several),
            });
        }
        layers.retain(|layer| !layer.spans.is_empty());
        layers
    }

    fn markers(&self, theme: &Theme, columns: Columns, width: u16) -> Vec<Marker> {
        let marker = || {
            let best = self.chart.best.as_ref().filter(|_| width >= WIDE)?;
            let place = self.best_place()?;
            let hue = Named::of(self.chart).hue(best.line);
            Some(Marker {
                column: columns.of(place)?,
                label: safe!("best {}", place_text(self.axis, place)),
                line: theme.faint_series(hue),
                words: theme.series(hue),
            })
        };
        marker().into_iter().collect()
    }

    /// Where on the axis the best point is: rows of one step or epoch are spread over it.
    fn best_place(&self) -> Option<f64> {
        let best = self.chart.best.as_ref()?;
        let line = self.chart.lines.get(best.line)?;
        let axes = self.axes;
        let mut along = axes.along(self.run, line.stream, line.column, self.axis)?;
        let place = along.place(best.row)?;
        Some(match self.axis {
            XAxis::Time | XAxis::Clock => place,
            XAxis::Epoch | XAxis::Step | XAxis::Row => place.floor(),
        })
    }

    /// The lowest and the highest value that the y axis must hold.
    fn range(&self) -> (f64, f64) {
        let ranges = || self.chart.lines.iter().filter_map(|line| line.range);
        let lo = ranges().map(|(lo, _)| lo).reduce(f64::min).unwrap_or(0.0);
        let hi = ranges().map(|(_, hi)| hi).reduce(f64::max).unwrap_or(1.0);
        if self.scale == Scale::Linear || lo > 0.0 {
            return (lo, hi);
        }
        (self.smallest_positive().unwrap_or(hi / 10.0), hi)
    }

    /// About the smallest value that has a place on a logarithmic axis.
    fn smallest_positive(&self) -> Option<f64> {
        let lowest = |line: &Line| {
            let stream = self.run.stream(line.stream)?;
            let pieces = stream.window(line.column, 0..line.end, PIECES);
            let ends = pieces.iter().flat_map(|piece| [piece.min, piece.max]);
            ends.filter(|value| *value > 0.0).reduce(f64::min)
        };
        self.chart.lines.iter().filter_map(lowest).reduce(f64::min)
    }

    /// What a logarithmic axis cannot show. Only looked for where there is such a thing.
    fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::default();
        if self.scale == Scale::Linear {
            return hidden;
        }
        let below = |line: &&Line| !line.band && line.range.is_some_and(|(lo, _)| lo <= 0.0);
        for line in self.chart.lines.iter().filter(below) {
            let Some(stream) = self.run.stream(line.stream) else {
                continue;
            };
            let values = stream.values(line.column, 0..line.end);
            hidden.count += values.filter(|(_, value)| *value <= 0.0).count() as u64;
            hidden.at_least |= stream.resident().start > 0;
        }
        hidden.count += u64::from(hidden.at_least && hidden.count == 0);
        hidden
    }
}

/// Divides a chart's area; the labels of the y axis get as much as they need.
fn parts(area: Rect, labels: u16, below: u16) -> Parts {
    let left = (labels + 1).min(area.width / 2);
    let plot = Rect {
        x: area.x + left,
        y: area.y,
        width: area.width - left,
        height: area.height - below,
    };
    Parts {
        left: Rect {
            width: left,
            x: area.x,
            ..plot
        },
        plot,
        below: Rect {
            y: plot.bottom(),
            height: below,
            ..plot
        },
    }
}

/// The area between the minimum and the maximum that belong to a mean.
fn band(lines: &[Line], reduced: &[Reduced], mean: &Line) -> Option<Vec<Span>> {
    let find = |part: Part| {
        let belongs = |line: &Line| {
            line.band
                && line.part == Some(part)
                && line.stream == mean.stream
                && line.split == mean.split
        };
        lines.iter().position(belongs).map(|at| &reduced[at].live)
    };
    mean.part.filter(|part| *part == Part::Mean)?;
    let at = lines.iter().position(|line| line == mean)?;
    let (low, high) = (find(Part::Min), find(Part::Max));
    low.or(high)?;
    // Where one of the two is not written, the area ends at the mean.
    let mean = &reduced[at].live;
    let (low, high) = (low.unwrap_or(mean), high.unwrap_or(mean));
    let mut highs = high.iter().peekable();
    let mut spans = Vec::with_capacity(low.len());
    for below in low {
        while highs.next_if(|above| above.column < below.column).is_some() {}
        if let Some(above) = highs.peek().filter(|above| above.column == below.column) {
            spans.push(Span {
                low: below.low.min(above.low),
                high: above.high.max(below.high),
                ..*below
            });
        }
    }
    Some(spans)
}

/// Signs on the frame where values are that cannot be drawn.
fn marks(theme: &Theme, reduced: &[Reduced]) -> Vec<Mark> {
    let style = theme.style(Role::Bad);
    let all = reduced.iter().flat_map(|line| &line.bad);
    all.map(|(column, kind)| {
        let (symbol, top) = match kind {
            NonFiniteKind::NaN => ('▲', false),
            NonFiniteKind::PosInf => ('▲', true),
            NonFiniteKind::NegInf => ('▼', false),
        };
        Mark {
            column: *column,
            symbol,
            top,
            style,
        }
    })
    .collect()
}
