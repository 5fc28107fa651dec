//! What a frame of the charts panel costs, and what must be worked out before it.

#[path = "support/charts.rs"]
mod charts;
#[path = "support/mod.rs"]
mod support;

use charts::{Scene, Shape};
use divan::{Bencher, black_box};
use ml_dash_top::commands::{Command, ScaleName, Typed};

fn main() {
    divan::main();
}

fn frame(bencher: Bencher, mut scene: Scene) {
    bencher.bench_local(|| {
        black_box(scene.draw());
    });
}

const fn one(rows: u64) -> Shape {
    Shape {
        rows,
        quantities: 1,
        rarer: 10,
        smoothing: 0.0,
    }
}

fn screen(shape: Shape) -> Scene {
    Scene::new(shape, 200, 50)
}

/// One chart with two lines fills the screen.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000])]
fn one_chart(bencher: Bencher, rows: u64) {
    frame(bencher, screen(one(rows)));
}

/// The same, smoothed.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000])]
fn smoothed(bencher: Bencher, rows: u64) {
    let shape = Shape {
        smoothing: 0.9,
        ..one(rows)
    };
    frame(bencher, screen(shape));
}

/// The same on a logarithmic axis.
#[divan::bench(args = [1_000, 100_000, 10_000_000, 100_000_000])]
fn logarithmic(bencher: Bencher, rows: u64) {
    let mut scene = screen(one(rows));
    scene.typed(&Typed::YScale(ScaleName::Log));
    frame(bencher, scene);
}

/// The same with a cursor, which finds its row in every line.
#[divan::bench(args = [1_000, 100_000, 10_000_000, 100_000_000])]
fn with_cursor(bencher: Bencher, rows: u64) {
    let mut scene = screen(one(rows));
    scene.press(Command::LeapLeft);
    scene.press(Command::LeapLeft);
    frame(bencher, scene);
}

/// A part of ten million rows: its share of them in millionths.
#[divan::bench(args = [10, 1_000, 100_000, 500_000])]
fn window_of_10m(bencher: Bencher, share: u64) {
    let rows = 10_000_000;
    let mut scene = screen(one(rows));
    let (from, length) = (rows as f64 * 0.3, rows as f64 * share as f64 / 1e6);
    scene.typed(&Typed::Window(Some((from, from + length))));
    frame(bencher, scene);
}

/// A page of nine charts.
#[divan::bench(args = [1_000, 10_000, 60_000, 100_000, 1_000_000])]
fn nine_charts(bencher: Bencher, rows: u64) {
    let shape = Shape {
        quantities: 9,
        ..one(rows)
    };
    let mut scene = screen(shape);
    scene.typed(&Typed::Grid(Some((3, 3))));
    frame(bencher, scene);
}

/// Which charts a run has, and all else that an overview says, for so many keys.
#[divan::bench(args = [10, 100, 1_000])]
fn overview(bencher: Bencher, quantities: usize) {
    let shape = Shape {
        rows: 200,
        quantities,
        rarer: 2,
        smoothing: 0.0,
    };
    let scene = screen(shape);
    bencher.bench_local(|| black_box(scene.overview()));
}

/// The charts alone.
#[divan::bench(args = [10, 100, 1_000])]
fn charts_of_a_run(bencher: Bencher, quantities: usize) {
    let shape = Shape {
        rows: 200,
        quantities,
        rarer: 2,
        smoothing: 0.0,
    };
    let scene = screen(shape);
    let run = &scene.store.runs()[0];
    let all = ml_dash_top::insight::series::series(run);
    bencher.bench_local(|| black_box(ml_dash_top::insight::charts::charts(run, &all)));
}
