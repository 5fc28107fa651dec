//! What the charts show of runs that are marked as one, and of parameters that changed on the way.

#![allow(clippy::unwrap_used)]

#[path = "support/chart_scene.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod chart_scene;

use std::collections::BTreeMap;

use chart_scene::Scene;
use insta::assert_snapshot;
use ml_dash_top::figure::Figure;
use ml_dash_top::panels::{Content, Panel as _, Request};
use ml_dash_top::record::Layout;
use ml_dash_top::widgets::theme::{Depth, Palette, Theme};

const START: f64 = 1.795e9;

/// Appends a run with a validation every tenth step; `height` says how good it is.
fn trained(scene: Scene, count: usize, height: f64) -> Scene {
    let fall = |at: usize| (-(at as f64) / 60.0).exp();
    let train: Vec<[f64; 1]> = (0..count).map(|at| [2.0 * fall(at) + height]).collect();
    let val: Vec<[f64; 1]> = train.iter().map(|row| [row[0] + 0.3]).collect();
    let time = |at: usize| START + at as f64;
    let train = train.iter().enumerate();
    let val = val.iter().enumerate().step_by(10);
    scene
        .stream("train", &["loss"])
        .rows(train.map(|(at, row)| (at as f64, time(at), &row[..])))
        .stream("eval", &["loss"])
        .rows(val.map(|(at, row)| (at as f64, time(at), &row[..])))
}

/// A run that is shown, three seeds of `lr=0.1`, and two of `lr=0.01`, one of them shorter.
fn sweep() -> Scene {
    let mut scene = trained(Scene::run(Layout::Prefix), 200, 0.5);
    for (name, count, height) in [
        ("seed-1", 200, 1.0),
        ("seed-2", 200, 1.2),
        ("seed-3", 150, 1.6),
        ("low-1", 200, 0.1),
        ("low-2", 200, 0.3),
    ] {
        scene = trained(scene.another(Layout::Prefix, name), count, height);
    }
    scene
}

fn marked() -> Scene {
    let mut scene = sweep();
    scene.mark_group("lr=0.1", &[1, 2, 3]);
    scene.mark_group("lr=0.01", &[4, 5]);
    scene
}

/// The charts of the page as a picture has them.
fn pictured(scene: &mut Scene) -> Vec<Figure> {
    let requests = scene.typed("export svg");
    let Some(Request::Export(exported)) = requests.into_iter().next() else {
        panic!("nothing is exported");
    };
    let Content::Figures(figures) = exported.content else {
        panic!("no figures");
    };
    figures
}

#[test]
fn a_group_is_a_mean_in_its_range() {
    assert_snapshot!("groups_80", marked().size(80, 24).text());
    assert_snapshot!("groups_160", marked().size(160, 45).text());
    let mut ascii = marked().size(80, 24);
    ascii.theme = Theme::new(Palette::Mono, Depth::None, true);
    assert_snapshot!("groups_ascii", ascii.text());
}

#[test]
fn the_cursor_reads_the_mean_and_the_range_of_a_group() {
    let mut scene = marked().size(160, 45);
    scene.press("Right Right Right");
    assert_snapshot!("groups_cursor", scene.text());
    let legend = scene.text();
    let legend = legend.lines().nth(1).unwrap();
    assert!(legend.contains("A lr=0.1 ×3"), "{legend}");
    // A chart that is alone has its title beside the legend: what the one tells the other does not.
    assert_eq!(scene.text().matches("3.201 (2.934–3.534)").count(), 1);
    let mut narrow = marked().size(80, 24);
    narrow.press("Enter Right");
    let text = narrow.text();
    // 2 + height + 0.3 of the three seeds: 3.3, 3.5 and 3.9.
    assert!(text.contains("A lr=0.1 ×3 val 3.567 (3.3–3.9)"), "{text}");
}

#[test]
fn a_mean_of_percentages_is_one() {
    let rated = |scene: Scene, rate: f64| {
        let row = [rate];
        let rows = (0..9).map(|at| (f64::from(at), START + f64::from(at), &row[..]));
        scene.stream("eval", &["accuracy"]).rows(rows)
    };
    let mut scene = rated(Scene::run(Layout::Prefix), 0.5);
    for (name, rate) in [("low", 0.8), ("high", 0.9)] {
        scene = rated(scene.another(Layout::Prefix, name), rate);
    }
    let mut scene = scene.size(120, 30);
    scene.mark_group("both", &[1, 2]);
    let text = scene.text();
    assert!(text.contains("50.0 %") && text.contains("85.0 %"), "{text}");
}

#[test]
fn runs_that_lack_the_quantity_are_counted() {
    let mut scene = sweep()
        .another(Layout::Jsonl, "other")
        .stream("", &["reward"])
        .rows([(0.0, START, &[1.0][..])])
        .size(120, 30);
    scene.mark_group("mixed", &[1, 6, 2]);
    let text = scene.text();
    assert!(text.contains("A mixed 2 of 3"), "{text}");
}

#[test]
fn a_run_that_is_shown_is_drawn_beside_its_group() {
    let mut scene = sweep().size(120, 30);
    scene.mark_group("all", &[0, 1]);
    let text = scene.text();
    let legend = text.lines().nth(1).unwrap();
    assert!(
        legend.contains("━ a") && legend.contains("A all ×2"),
        "{legend}"
    );
}

#[test]
fn a_group_of_one_is_drawn_as_the_run() {
    let mut scene = sweep().size(100, 30);
    scene.mark(1);
    scene.mark_group("seed-1", &[1]);
    let figures = pictured(&mut scene);
    let line = |name: &str| {
        let mut curves = figures[0].curves.iter();
        let curve = curves.find(|curve| curve.name.as_deref() == Some(name));
        let line = curve.unwrap().line.iter();
        line.map(|point| (point.column, point.value))
            .collect::<BTreeMap<u32, f64>>()
    };
    for (own, group) in [("A val", "B val"), ("A train", "B train")] {
        let group = line(group);
        for (column, value) in line(own) {
            assert_eq!(
                group[&column].to_bits(),
                value.to_bits(),
                "{own} at {column}"
            );
        }
    }
}

#[test]
fn of_many_runs_some_are_drawn_and_it_is_said() {
    let mut scene = trained(Scene::run(Layout::Prefix), 20, 0.5);
    for at in 0..100 {
        scene = trained(scene.another(Layout::Prefix, &format!("m{at}")), 20, 1.0);
    }
    let runs: Vec<u32> = (1..=100).collect();
    let mut scene = scene.size(120, 30);
    scene.mark_group("many", &runs);
    assert!(scene.text().contains("A many 64 of 100"));
}

#[test]
fn long_runs_have_a_mean_all_along() {
    let rows = |scene: Scene, value: f64| {
        let row = [value];
        let rows = (0..40_000).map(|at| (f64::from(at), START + f64::from(at), &row[..]));
        scene.stream("", &["loss"]).rows(rows)
    };
    let mut scene = rows(Scene::run(Layout::Jsonl), 5.0);
    for (name, value) in [("low", 1.0), ("high", 3.0)] {
        scene = rows(scene.another(Layout::Jsonl, name), value);
    }
    let mut scene = scene.size(120, 30);
    scene.mark_group("both", &[1, 2]);
    let figures = pictured(&mut scene);
    let mut curves = figures[0].curves.iter();
    let curve = curves.find(|curve| !curve.band.is_empty()).unwrap();
    assert!(curve.line.len() > 990, "{}", curve.line.len());
    assert!(curve.line.iter().all(|point| point.value == 2.0));
    assert!(curve.line.iter().skip(1).all(|point| point.joined));
    assert!(
        curve
            .band
            .iter()
            .all(|span| (span.low, span.high) == (1.0, 3.0))
    );
}

#[test]
fn values_of_a_group_that_are_no_numbers_are_marked() {
    let mut scene = sweep()
        .another(Layout::Prefix, "broken")
        .stream("train", &["loss"])
        .rows((0..40).map(|at| {
            let row: &[f64] = if at < 30 { &[1.0] } else { &[f64::NAN] };
            (f64::from(at), START + f64::from(at), row)
        }))
        .size(120, 30);
    scene.mark_group("some", &[1, 6]);
    let text = scene.text();
    assert!(text.contains('▲') && text.contains("NaN ×10"), "{text}");
}

#[test]
fn a_smoothed_group_is_the_mean_of_smoothed_runs() {
    let mut scene = marked().size(120, 30);
    let plain = scene.text();
    scene.press("s s");
    let smooth = scene.text();
    assert_ne!(plain, smooth);
    scene.press("Right Right Right Right");
    assert!(scene.text().contains("smooth 0.9"));
}

#[test]
fn a_picture_shows_a_group_as_the_screen_does() {
    let mut scene = marked().size(120, 30);
    let figures = pictured(&mut scene);
    let curves = &figures[0].curves;
    let mut told: Vec<(String, String, bool)> = curves
        .iter()
        .map(|curve| {
            let run = curve.run.clone().unwrap();
            let name = curve.name.clone().unwrap();
            (name, run, !curve.band.is_empty())
        })
        .collect();
    told.sort();
    let of = |name: &str, run: &str, band: bool| (name.to_owned(), run.to_owned(), band);
    assert_eq!(told[0], of("A train", "lr=0.1 ×3", false));
    assert_eq!(told[1], of("A val", "lr=0.1 ×3", true));
    assert_eq!(told[2], of("B train", "lr=0.01 ×2", false));
    assert_eq!(told.len(), 6);
}

#[test]
fn copied_points_are_those_of_the_runs() {
    let mut scene = sweep().size(120, 30);
    scene.mark_group("both", &[1, 2]);
    scene.press("Enter");
    let copied = scene.with(|charts, context, pane| charts.copy(context, pane).unwrap());
    let head = copied.lines[0].as_str();
    assert!(head.contains("A val seed-1\tA train seed-2"), "{head}");
}

/// A run whose learning rate falls on the way, and that is set back once.
fn changing() -> Scene {
    let scene = Scene::run(Layout::Prefix)
        .param(START - 5.0, "lr", 0.1)
        .param(START - 4.0, "batch", 32.0);
    let row = |at: u32, step: u32| (f64::from(step), START + 10.0 * f64::from(at));
    let steps = (0..60).chain(50..100).enumerate();
    let rows: Vec<(f64, f64, [f64; 1])> = steps
        .map(|(at, step)| {
            let (step, time) = row(at as u32, step);
            (step, time, [100.0 / (step + 10.0)])
        })
        .collect();
    scene
        .stream("train", &["loss"])
        .rows(
            rows.iter()
                .map(|(step, time, row)| (*step, *time, &row[..])),
        )
        .param(START + 205.0, "lr", 0.01)
        .param(START + 205.2, "batch", 64.0)
        .param(START + 802.0, "lr", 0.001)
}

/// The x axis of the first chart.
fn axis(text: &str) -> &str {
    let mut lines = text.lines();
    let is_axis = |line: &&str| line.contains('└') && line.contains('┬');
    lines.find(is_axis).unwrap()
}

#[test]
fn changes_of_parameters_are_marked_on_the_axis() {
    assert_snapshot!("changes_80", changing().size(80, 24).text());
    assert_snapshot!("changes_160", changing().size(160, 45).text());
    let text = changing().size(80, 24).text();
    let axis = axis(&text);
    assert_eq!(axis.matches('◆').count(), 2, "{axis}");
    assert_eq!(axis.matches('◂').count(), 1, "{axis}");
}

#[test]
fn the_cursor_says_what_changed() {
    let mut scene = changing().size(80, 24);
    let below = |scene: &mut Scene| scene.text().lines().last().unwrap().to_owned();
    scene.typed("x step");
    scene.press("Right");
    assert!(!below(&mut scene).contains('◆'));
    // Step 21 is the first one that was written after the change.
    for _ in 0..21 {
        scene.press("Right");
    }
    let told = below(&mut scene);
    let expected = "@ step 21 · 11:10:10 · ◆ lr 0.1 → 0.01 · batch 32 → 64";
    assert!(told.contains(expected), "{told}");
    let mut narrow = scene.size(44, 24);
    let told = below(&mut narrow);
    assert!(told.contains("◆ lr 0.1 → 0.01 · +1"), "{told}");
}

#[test]
fn changes_lie_where_they_were_in_time() {
    let mut scene = changing().size(80, 24);
    scene.typed("x time");
    assert_snapshot!("changes_time", scene.text());
}

#[test]
fn other_runs_have_no_marks_on_the_axis() {
    let scene = changing();
    let mut scene = trained(scene.another(Layout::Prefix, "plain"), 60, 1.0).size(80, 24);
    scene.run = Some(ml_dash_top::record::RunId(1));
    scene.mark(0);
    let text = scene.text();
    assert!(!axis(&text).contains('◆'), "{text}");
}
