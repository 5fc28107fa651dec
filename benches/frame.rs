//! What a frame of the charts panel costs, and what must be worked out before it.

#[path = "support/charts.rs"]
mod charts;
#[path = "support/mod.rs"]
mod support;

use charts::{Scene, Shape};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn frame(bencher: Bencher, shape: Shape) {
    let mut scene = Scene::new(shape, 200, 50);
    bencher.bench_local(|| {
        black_box(scene.draw());
    });
}

/// One chart with two lines fills the screen.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000, 10_000_000])]
fn one_chart(bencher: Bencher, rows: u64) {
    let shape = Shape {
        rows,
        quantities: 1,
        rarer: 10,
    };
    frame(bencher, shape);
}

/// A page of many charts.
#[divan::bench(args = [1_000, 10_000, 60_000, 100_000, 1_000_000])]
fn twelve_charts(bencher: Bencher, rows: u64) {
    let shape = Shape {
        rows,
        quantities: 12,
        rarer: 10,
    };
    frame(bencher, shape);
}

/// Which charts a run has, and all else that an overview says, for so many keys.
#[divan::bench(args = [10, 100, 1_000])]
fn overview(bencher: Bencher, quantities: usize) {
    let shape = Shape {
        rows: 200,
        quantities,
        rarer: 2,
    };
    let scene = Scene::new(shape, 200, 50);
    bencher.bench_local(|| black_box(scene.overview()));
}

/// The charts alone.
#[divan::bench(args = [10, 100, 1_000])]
fn charts_of_a_run(bencher: Bencher, quantities: usize) {
    let shape = Shape {
        rows: 200,
        quantities,
        rarer: 2,
    };
    let scene = Scene::new(shape, 200, 50);
    let run = &scene.store.runs()[0];
    let all = ml_dash_top::insight::series::series(run);
    bencher.bench_local(|| black_box(ml_dash_top::insight::charts::charts(run, &all)));
}
