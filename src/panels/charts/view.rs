//! One figure → cells: axes, lines, markers.

use std::cell::OnceCell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::apart::shortened;
use crate::figure::{Changed, Curve, Figure, Plan, Scaling, Tone};
use crate::insight::charts::Chart;
use crate::insight::clock::Zone;
use crate::insight::metric::Split;
use crate::widgets::Safe;
use crate::widgets::axis::{Axis, Scale, draw_below, draw_left};
use crate::widgets::paint::put;
use crate::widgets::patch::Patch;
use crate::widgets::plot::{Cursor, Dots, Layer, Look, Mark, Marker, Outside, Plot, Span};
use crate::widgets::theme::{Role, Theme};

/// A chart that has been worked out for its place on the screen.
#[derive(Debug)]
pub(super) struct View {
    pub(super) figure: Figure,
    area: Rect,
    y: Axis,
    parts: Parts,
    /// What it looks like, as soon as it was drawn to be kept.
    cells: OnceCell<Patch>,
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
/// Names at the ends of lines are no longer than this: their middle is left out.
const LONGEST: usize = 18;

impl View {
    /// Works a chart out for an area without its title.
    pub(super) fn of(plan: &Plan<'_>, chart: &Chart, at: usize, dots: Dots, area: Rect) -> Self {
        let below = match area.height {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        let lines = area.height - below;
        let labels = likely_axis(plan, chart, lines).label_width();
        let work_out = |labels: u16| {
            let parts = parts(area, labels, below);
            let columns = u32::from(parts.plot.width) * u32::from(dots.across());
            let figure = Plan { columns, ..*plan }.figure(chart, at);
            let y = figure.y_axis(lines);
            Self {
                figure,
                area,
                y,
                parts,
                cells: OnceCell::new(),
            }
        };
        let view = work_out(labels);
        // A window may have values that need longer labels; shorter ones move nothing.
        let wanted = view.y.label_width();
        if wanted > labels {
            return work_out(wanted);
        }
        view
    }

    pub(super) fn draw(&self, theme: &Theme, dots: Dots, zone: &Zone, buf: &mut Buffer) {
        match self.cells.get() {
            Some(cells) => cells.put(buf),
            None => self.draw_anew(theme, dots, zone, buf),
        }
    }

    /// Draws it once for all frames that follow, which must be drawn with the same.
    pub(super) fn keep_cells(&self, theme: &Theme, dots: Dots, zone: &Zone) {
        self.cells.get_or_init(|| {
            let mut buf = Buffer::empty(self.area);
            self.draw_anew(theme, dots, zone, &mut buf);
            Patch::of(&buf)
        });
    }

    pub(super) fn has_cells(&self) -> bool {
        self.cells.get().is_some()
    }

    fn draw_anew(&self, theme: &Theme, dots: Dots, zone: &Zone, buf: &mut Buffer) {
        let Parts { left, plot, below } = self.parts;
        if plot.is_empty() {
            return;
        }
        let x = self.figure.x_axis(plot.width, zone);
        draw_left(&self.y, theme, left, buf);
        draw_below(&x, theme, below, left.width, buf);
        let ticks = x.tick_cells(plot.width);
        let frame = Some(&ticks[..]).filter(|_| below.height > 1);
        self.plot(theme, dots).draw(plot, frame, buf);
        if let Some(words) = &self.figure.nothing {
            let words = Safe::new(words).elide_end(usize::from(plot.width));
            let width = words.width() as u16;
            let x = plot.x + (plot.width - width) / 2;
            let y = plot.y + plot.height / 2;
            put(buf, x, y, width, &words, theme.style(Role::Bad));
        }
    }

    fn plot(&self, theme: &Theme, dots: Dots) -> Plot {
        let figure = &self.figure;
        let wide = self.parts.plot.width >= WIDE;
        // Of marks in one cell the last is seen: a value that is no number is the worst.
        let framed = self.parts.below.height > 1;
        let changes = figure.changes.iter().filter(|_| framed);
        let changes = changes.map(|change| Mark {
            column: change.column,
            symbol: match change.what {
                Changed::Parameters => '◆',
                Changed::Restart => '◂',
            },
            top: false,
            style: theme.style(Role::Accent),
        });
        let bad = theme.style(Role::Bad);
        let marks = figure.bad.iter().map(|bad_at| Mark {
            column: bad_at.column,
            symbol: if bad_at.sign < 0 { '▼' } else { '▲' },
            top: bad_at.sign > 0,
            style: bad,
        });
        let warning = theme.style(Role::Warning);
        let outside = figure.outside.iter().map(|out| Outside {
            column: out.column,
            above: out.above,
            style: warning,
        });
        let marker = || {
            let best = figure.best.as_ref().filter(|_| wide)?;
            Some(Marker {
                column: best.column?,
                value: best.value,
                label: Safe::new(&best.words),
                line: faint(theme, &best.hue),
                words: strong(theme, &best.hue),
            })
        };
        let cursor = figure.cursor.map(|column| Cursor {
            column,
            style: theme.style(Role::Quiet),
        });
        Plot {
            dots,
            bounds: self.y.bounds,
            scale: self.y.scale,
            layers: layers(theme, &figure.curves, wide),
            markers: marker().into_iter().collect(),
            marks: changes.chain(marks).collect(),
            outside: outside.collect(),
            cursor,
        }
    }
}

/// The y axis, as far as it is known before anything is worked out: its labels say how wide the plot
/// is.
fn likely_axis(plan: &Plan<'_>, chart: &Chart, lines: u16) -> Axis {
    let ranges = chart.lines.iter().filter_map(|line| line.range);
    let Some((lo, hi)) = ranges.reduce(|(lo, hi), (a, b)| (lo.min(a), hi.max(b))) else {
        return Axis::without_ticks();
    };
    match plan.scaling(chart) {
        Scaling::Linear => Axis::vertical(lo, hi, Scale::Linear, lines),
        Scaling::Log if lo > 0.0 => Axis::vertical(lo, hi, Scale::Log, lines),
        Scaling::Log => Axis::vertical(hi.abs() * 1e-3, hi.abs(), Scale::Log, lines),
        Scaling::SymLog => {
            let largest = lo.abs().max(hi.abs());
            Axis::vertical(lo, hi, Scale::symlog_for(largest * 1e-3, largest), lines)
        }
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

/// Faint ones first, the most important last.
fn layers(theme: &Theme, curves: &[Curve], wide: bool) -> Vec<Layer> {
    let mut layers = Vec::with_capacity(curves.len() * 2);
    for curve in curves {
        let mut behind = |spans: &[Span], look: Look, style: Style| {
            layers.push(Layer {
                spans: spans.to_vec(),
                look,
                style,
                name: None,
            });
        };
        let line = faint(theme, &curve.hue);
        behind(&curve.band, Look::Band, area(theme, &curve.hue));
        behind(&curve.superseded, Look::Faint, line);
        behind(&curve.raw, Look::Faint, line);
    }
    let several = curves.len() > 1 && wide;
    let is_val = |curve: &Curve| curve.split == Some(Split::Val);
    let mixed = theme.is_mono() && curves.iter().any(|curve| !is_val(curve));
    let overlaid = curves.iter().any(|curve| curve.run.is_some());
    for curve in curves {
        let spans = curve.line.iter().map(|point| Span {
            column: point.column,
            low: point.value,
            high: point.value,
            joined: point.joined,
        });
        let dotted = curve.dotted || mixed && !overlaid && is_val(curve);
        layers.push(Layer {
            spans: spans.collect(),
            look: if dotted { Look::Dotted } else { Look::Line },
            style: strong(theme, &curve.hue),
            name: curve_name(curves, curve).filter(|_| several),
        });
    }
    layers.retain(|layer| !layer.spans.is_empty());
    layers
}

/// What a line is called, short and apart from the others.
pub(super) fn curve_name(curves: &[Curve], curve: &Curve) -> Option<Safe> {
    let name = curve.name.as_deref()?;
    let others = curves.iter().filter_map(|other| other.name.as_deref());
    Some(shortened(name, others, LONGEST))
}

pub(super) fn strong(theme: &Theme, tone: &Tone) -> Style {
    match tone.hue() {
        Some(hue) => theme.series(hue),
        None => theme.style(Role::Strong),
    }
}

/// The area behind a line is wide: it is fainter than any line.
fn area(theme: &Theme, tone: &Tone) -> Style {
    match tone.hue() {
        Some(hue) => theme.band_series(hue),
        None => theme.style(Role::Faint),
    }
}

fn faint(theme: &Theme, tone: &Tone) -> Style {
    match tone.hue() {
        Some(hue) => theme.faint_series(hue),
        None => theme.style(Role::Faint),
    }
}
