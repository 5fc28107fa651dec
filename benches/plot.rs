//! What a plot costs once its lines are reduced to the columns it has.

#[path = "support/mod.rs"]
mod support;

use divan::{Bencher, black_box};
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::axis::{Axis, Bounds, Scale};
use ml_dash_top::widgets::plot::{Cursor, Dots, Layer, Look, Marker, Plot, Span};
use ml_dash_top::widgets::theme::{Hue, Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use support::Noise;

fn main() {
    divan::main();
}

const AREA: Rect = Rect::new(0, 0, 200, 50);

/// A value in every column: around a curve that falls, and as far from it as `noise`.
fn spans(columns: u32, noise: f64, seed: u64) -> Vec<Span> {
    let mut random = Noise::new(seed);
    let span = |column: u32| {
        let at = f64::from(column) / f64::from(columns);
        let value = 0.4 + 2.0 * (-4.0 * at).exp();
        let mut away = || noise * random.next().abs();
        Span {
            column,
            low: value - away(),
            high: value + away(),
            joined: column > 0,
        }
    };
    (0..columns).map(span).collect()
}

fn line(columns: u32, seed: u64) -> Vec<Span> {
    let spans = spans(columns, 0.1, seed).into_iter();
    spans
        .map(|span| Span {
            high: span.low,
            ..span
        })
        .collect()
}

fn plot(dots: Dots, noise: f64, look: Look) -> Plot {
    let theme = Theme::default();
    let columns = u32::from(AREA.width * dots.across());
    let layer = |spans, look, style, name| Layer {
        spans,
        look,
        style,
        name: Some(Safe::fixed(name)),
    };
    Plot {
        dots,
        bounds: Bounds::new(0.0, 3.0),
        scale: Scale::Linear,
        layers: vec![
            Layer {
                name: None,
                ..layer(
                    spans(columns, noise, 1),
                    Look::Band,
                    theme.band_series(Hue::Train),
                    "",
                )
            },
            layer(line(columns, 2), look, theme.series(Hue::Train), "train"),
            layer(line(columns, 3), Look::Line, theme.series(Hue::Val), "val"),
        ],
        markers: vec![Marker {
            column: columns / 2,
            value: 0.5,
            label: Safe::fixed("best 31"),
            line: theme.faint_series(Hue::Val),
            words: theme.series(Hue::Val),
        }],
        marks: Vec::new(),
        outside: Vec::new(),
        cursor: Some(Cursor {
            column: columns / 3,
            style: theme.style(Role::Quiet),
        }),
    }
}

fn draw(bencher: Bencher, plot: &Plot) {
    let mut buf = Buffer::empty(AREA);
    bencher.bench_local(|| {
        plot.draw(AREA, None, &mut buf);
        black_box(&buf);
    });
}

/// Two lines and an area around one of them.
#[divan::bench(args = Dots::ALL)]
fn two_lines_and_a_band(bencher: Bencher, dots: Dots) {
    draw(bencher, &plot(dots, 0.5, Look::Line));
}

/// An area over most of the plot, and a dotted line.
#[divan::bench(args = Dots::ALL)]
fn much_noise(bencher: Bencher, dots: Dots) {
    draw(bencher, &plot(dots, 2.5, Look::Dotted));
}

/// Eight runs with two lines each, and names at their ends.
#[divan::bench]
fn sixteen_lines(bencher: Bencher) {
    let mut plot = plot(Dots::Braille, 0.5, Look::Line);
    let columns = u32::from(AREA.width * 2);
    let lines = (0..16_u32).map(|at| Layer {
        spans: line(columns - 6 * at, u64::from(at)),
        look: if at % 2 == 0 {
            Look::Dotted
        } else {
            Look::Line
        },
        style: Theme::default().series(Hue::Run(at as u8 / 2)),
        name: Some(Safe::fixed("A val")),
    });
    plot.layers = lines.collect();
    draw(bencher, &plot);
}

#[divan::bench(args = ["linear", "log", "symlog"])]
fn vertical_axis(bencher: Bencher, scale: &str) {
    let (lo, scale) = match scale {
        "log" => (1e-3, Scale::Log),
        "symlog" => (-40.0, Scale::symlog_for(1e-3, 900.0)),
        _ => (-40.0, Scale::Linear),
    };
    bencher.bench_local(|| black_box(Axis::vertical(lo, 900.0, scale, AREA.height)));
}

#[divan::bench]
fn clock_axis(bencher: Bencher) {
    let bounds = Bounds::exact(1.79e9, 1.79e9 + 7000.0);
    bencher.bench_local(|| black_box(Axis::clock(bounds, AREA.width, &|_| 3600.0)));
}
