//! What a frame of the charts panel costs, with what must be worked out before it.
//!
//! After a row has come, charts are worked out anew and drawn. Without news they only become cells:
//! a key in another panel, a second that has passed, a line of the log.

#[path = "support/charts.rs"]
mod charts;
#[path = "support/mod.rs"]
mod support;

use std::cell::RefCell;

use charts::{Scene, Shape};
use divan::{Bencher, black_box};
use ml_dash_top::commands::{Command, ScaleName, Typed};

fn main() {
    divan::main();
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
fn one_chart(rows: u64) -> Scene {
    screen(one(rows))
}

/// The same, smoothed.
fn smoothed(rows: u64) -> Scene {
    screen(Shape {
        smoothing: 0.9,
        ..one(rows)
    })
}

/// The same on a logarithmic axis.
fn logarithmic(rows: u64) -> Scene {
    let mut scene = screen(one(rows));
    scene.typed(&Typed::YScale(ScaleName::Log));
    scene
}

/// The same with a cursor, which finds its row in every line.
fn with_cursor(rows: u64) -> Scene {
    let mut scene = screen(one(rows));
    scene.settle();
    scene.press(Command::LeapLeft);
    scene.press(Command::LeapLeft);
    scene
}

/// A part of ten million rows: its share of them in millionths.
fn window_of_10m(share: u64) -> Scene {
    let rows = 10_000_000;
    let mut scene = screen(one(rows));
    let (from, length) = (rows as f64 * 0.3, rows as f64 * share as f64 / 1e6);
    scene.typed(&Typed::Window(Some((from, from + length))));
    scene
}

/// A page of nine charts.
fn nine_charts(rows: u64) -> Scene {
    let shape = Shape {
        quantities: 9,
        ..one(rows)
    };
    let mut scene = screen(shape);
    scene.typed(&Typed::Grid(Some((3, 3))));
    scene
}

/// Four charts of a run and a group of so many, with 2,000 rows each.
fn group(runs: u64) -> Scene {
    let shape = Shape {
        quantities: 4,
        ..one(2000)
    };
    let mut scene = screen(shape).with_group(runs as u32);
    scene.typed(&Typed::Grid(Some((2, 2))));
    scene
}

/// A frame with what is worked out before it.
fn frame(scene: &mut Scene) {
    scene.refresh();
    black_box(scene.draw());
}

fn after_a_row(bencher: Bencher, mut scene: Scene) {
    scene.settle();
    let scene = RefCell::new(scene);
    bencher
        .with_inputs(|| scene.borrow_mut().row_comes())
        .bench_local_values(|()| frame(&mut scene.borrow_mut()));
}

fn without_news(bencher: Bencher, mut scene: Scene) {
    scene.settle();
    bencher.bench_local(|| frame(&mut scene));
}

/// Benches of the same scene.
macro_rules! frames {
    ($($scene:ident: $args:expr;)*) => {
        mod row {
            use divan::Bencher;
            $(
                #[divan::bench(args = $args, sample_size = 1)]
                fn $scene(bencher: Bencher, size: u64) {
                    super::after_a_row(bencher, super::$scene(size));
                }
            )*
        }

        mod still {
            use divan::Bencher;
            $(
                #[divan::bench(args = $args)]
                fn $scene(bencher: Bencher, size: u64) {
                    super::without_news(bencher, super::$scene(size));
                }
            )*
        }
    };
}

frames! {
    one_chart: [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    smoothed: [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    logarithmic: [1_000, 100_000, 10_000_000, 100_000_000];
    with_cursor: [1_000, 100_000, 10_000_000, 100_000_000];
    window_of_10m: [10, 1_000, 100_000, 500_000];
    nine_charts: [1_000, 10_000, 60_000, 100_000, 1_000_000];
    group: [8, 64];
}

/// Which charts a run has, and all else that an overview says, for so many keys.
#[divan::bench(args = [10, 100, 1_000])]
fn overview(bencher: Bencher, quantities: usize) {
    let scene = keys(quantities);
    bencher.bench_local(|| black_box(scene.overview()));
}

/// The charts alone.
#[divan::bench(args = [10, 100, 1_000])]
fn charts_of_a_run(bencher: Bencher, quantities: usize) {
    let scene = keys(quantities);
    let run = &scene.store.runs()[0];
    let all = ml_dash_top::insight::series::series(run);
    bencher.bench_local(|| black_box(ml_dash_top::insight::charts::charts(run, &all)));
}

fn keys(quantities: usize) -> Scene {
    screen(Shape {
        rows: 200,
        quantities,
        rarer: 2,
        smoothing: 0.0,
    })
}
