//! What the charts answer: cursor, window, smoothing, scales, outliers, several runs, copies.

#![allow(clippy::unwrap_used)]

#[path = "support/chart_scene.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod chart_scene;

use chart_scene::{Scene, text};
use insta::assert_snapshot;
use ml_dash_top::figure::{Settings, Source, figures};
use ml_dash_top::panels::{Content, Panel as _, Request, Seek};
use ml_dash_top::record::{Layout, RunId};
use ml_dash_top::widgets::theme::{Depth, Palette, Theme};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const NAN: f64 = f64::NAN;
const START: f64 = 1.795e9;

/// A number in -0.5..0.5, always the same for the same argument.
fn noise(at: u64) -> f64 {
    (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / f64::from(1 << 24) - 0.5
}

/// One key with these values, at steps from 0 on.
fn one(key: &str, values: &[f64]) -> Scene {
    let values: Vec<[f64; 1]> = values.iter().map(|value| [*value]).collect();
    let rows = values.iter().enumerate();
    Scene::run(Layout::Jsonl)
        .stream("", &[key])
        .rows(rows.map(|(at, value)| (at as f64, START + 2.0 * at as f64, &value[..])))
}

/// So many steps, and a validation every tenth.
fn steps(scene: Scene, count: u64, better: f64) -> Scene {
    let row = |at: u64| {
        let fall = (-(at as f64) / (count as f64 / 4.0)).exp();
        let val = 2.0 * fall + 0.5 - better + 0.1 * noise(at);
        [
            2.2 * fall + 0.3 - better + 0.4 * noise(at),
            val,
            1e-3 * fall,
        ]
    };
    let rows: Vec<[f64; 3]> = (0..count).map(row).collect();
    let train: Vec<[f64; 2]> = rows.iter().map(|row| [row[0], row[2]]).collect();
    let time = |at: usize| START + 0.5 * at as f64;
    let train = train.iter().enumerate();
    let val: Vec<(usize, [f64; 1])> = rows
        .iter()
        .enumerate()
        .step_by(10)
        .map(|(at, row)| (at, [row[1]]))
        .collect();
    scene
        .stream("train", &["loss", "lr"])
        .rows(train.map(|(at, row)| (at as f64, time(at), &row[..])))
        .stream("eval", &["loss"])
        .rows(
            val.iter()
                .map(|(at, row)| (*at as f64, time(*at), &row[..])),
        )
}

fn long() -> Scene {
    steps(Scene::run(Layout::Prefix), 2000, 0.0).focused()
}

fn first_line(scene: &mut Scene) -> String {
    scene.text().lines().next().unwrap_or_default().to_owned()
}

fn last_line(scene: &mut Scene) -> String {
    scene.text().lines().last().unwrap_or_default().to_owned()
}

fn copied(scene: &mut Scene) -> (String, Vec<String>) {
    let copied = scene.with(|charts, context, pane| charts.copy(context, pane));
    let copied = copied.expect("something to copy");
    let lines = copied.lines.iter().map(|line| line.as_str().to_owned());
    (copied.what.as_str().to_owned(), lines.collect())
}

#[test]
fn several_points_in_a_column_are_a_mean_in_a_band() {
    assert_snapshot!(long().size(90, 24).text());
}

#[test]
fn smoothing_leaves_the_raw_line_faint_behind() {
    let values: Vec<f64> = (0..60).map(|at| 1.0 + noise(at)).collect();
    let mut scene = one("loss", &values).size(70, 16).focused();
    let asked = scene.press("s s");
    assert!(
        asked
            .iter()
            .any(|request| matches!(request, Request::Look(looks)
        if looks[0].smoothing == Some(0.9)))
    );
    assert_snapshot!(scene.text());
    scene.press("S S");
    assert!(!scene.text().contains("smooth"));
    scene.typed("smooth 0.42");
    assert!(first_line(&mut scene).contains("smooth 0.42"));
}

#[test]
fn a_cursor_reads_exact_values_on_all_charts() {
    let mut scene = long().size(100, 30);
    scene.press("Right L L L");
    assert_snapshot!(scene.text());
    assert!(scene.charts.back());
    assert!(!last_line(&mut scene).contains('@'));
}

#[test]
fn the_digits_at_the_cursor_are_those_of_the_file() {
    let mut scene = one("loss", &[0.1, 0.123_456_789_012_345_66, 1e-7]).size(60, 10);
    scene.press("Left Left");
    assert!(
        first_line(&mut scene).contains("0.12345678901234566"),
        "{}",
        scene.text()
    );
    assert!(
        last_line(&mut scene).contains("@ step 1"),
        "{}",
        scene.text()
    );
    assert_eq!(
        copied(&mut scene),
        (
            "0.12345678901234566 of loss".to_owned(),
            vec!["0.12345678901234566".to_owned()]
        )
    );
    scene.press("Left Left Left");
    assert!(
        last_line(&mut scene).contains("@ step 0"),
        "it stays at the first point"
    );
    scene.press("G");
    assert!(first_line(&mut scene).contains("1e-07"));
}

#[test]
fn points_at_one_place_are_read_one_after_the_other() {
    let epochs = [0.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let rows = epochs.iter().enumerate();
    let rows: Vec<[f64; 2]> = rows.map(|(at, epoch)| [*epoch, 9.0 - at as f64]).collect();
    let times = rows.iter().enumerate();
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &["epoch", "loss"])
        .rows(times.map(|(at, row)| (NAN, START + at as f64, &row[..])))
        .size(100, 24);
    scene.typed("x epoch");
    let read = |scene: &mut Scene, keys: &str| {
        scene.press(keys);
        (
            copied(scene).1[0].clone(),
            last_line(scene).contains("point"),
        )
    };
    let expected = [
        ("9", false),
        ("8", false),
        ("7", false),
        ("6", true),
        ("5", true),
        ("4", false),
    ];
    for (value, told) in expected {
        assert_eq!(read(&mut scene, "Right"), (value.to_owned(), told));
    }
    for (value, told) in expected.iter().rev().skip(1) {
        assert_eq!(read(&mut scene, "Left"), ((*value).to_owned(), *told));
    }
}

#[test]
fn there_is_no_point_where_there_is_none() {
    let mut scene = long().size(200, 30).focused();
    // Every step has a column of its own now, and a validation only every tenth.
    scene.typed("window 100 160");
    scene.press("Right Right Right Right");
    let seen = scene.text();
    assert!(seen.contains("val –"), "{seen}");
    assert!(last_line(&mut scene).contains("@ step 103"), "{seen}");
    scene.press("L");
    assert!(last_line(&mut scene).contains("@ step 113"));
    scene.press("Left Left Left");
    assert!(!scene.text().contains("val –"), "{}", scene.text());
}

#[test]
fn a_window_that_holds_no_number_says_so() {
    let values: Vec<f64> = (0..40).map(|at| if at < 20 { 1.0 } else { NAN }).collect();
    let mut scene = one("loss", &values).size(60, 12).focused();
    scene.typed("window 25 35");
    let seen = scene.text();
    assert!(
        seen.contains("only NaN here") && !seen.contains("0.5"),
        "{seen}"
    );
    scene.typed("window 15 35");
    assert!(!scene.text().contains("only NaN"), "{}", scene.text());
}

#[test]
fn along_epochs_the_cursor_reads_the_rows_of_one_moment() {
    // Four epochs of 20 rows, each with its own number as loss; validation after its epoch.
    let train: Vec<[f64; 2]> = (0..80)
        .map(|at| [f64::from(at), f64::from(at / 20)])
        .collect();
    let eval: Vec<[f64; 2]> = (0..4)
        .map(|at| [1001.0 + f64::from(at), f64::from(at)])
        .collect();
    let mut scene = Scene::run(Layout::Prefix)
        .stream("train", &["loss", "epoch"])
        .rows(
            train
                .iter()
                .enumerate()
                .map(|(at, row)| (at as f64, START + at as f64, &row[..])),
        )
        .stream("eval", &["loss", "epoch"])
        .rows(eval.iter().enumerate().map(|(at, row)| {
            let step = at * 20 + 19;
            (step as f64, START + step as f64 + 0.3, &row[..])
        }))
        .size(120, 20)
        .focused();
    scene.press("Left");
    for epoch in (0..4).rev() {
        let step = epoch * 20 + 19;
        let (title, frame) = (first_line(&mut scene), last_line(&mut scene));
        let seen = scene.text();
        assert!(title.contains(&format!("train {step} ")), "{seen}");
        assert!(title.contains(&format!("val {}", 1001 + epoch)), "{seen}");
        assert!(
            frame.contains(&format!("@ epoch {epoch} · step {step}")),
            "{seen}"
        );
        scene.press(["Left"; 20].join(" ").as_str());
    }
}

#[test]
fn a_window_is_zoomed_around_the_cursor_and_y_follows() {
    let mut scene = long().size(80, 20);
    scene.press("Enter Right L L L L + + +");
    assert_snapshot!(scene.text());
    assert!(first_line(&mut scene).contains("of 1999"));
    scene.press("- - - -");
    assert!(
        !first_line(&mut scene).contains("of 1999"),
        "that is everything"
    );
}

#[test]
fn one_key_leads_back_to_everything() {
    let mut scene = long().size(80, 20);
    let whole = scene.text();
    scene.press("+ + ) w + ( t t");
    assert_ne!(scene.text(), whole);
    scene.press("0");
    assert_eq!(scene.text(), whole);
}

#[test]
fn a_tail_follows_what_comes() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let mut scene = one("loss", &values).size(90, 14).focused();
    scene.typed("tail 20");
    assert!(
        first_line(&mut scene).contains("80–100 of 99"),
        "{}",
        scene.text()
    );
    let more: Vec<[f64; 1]> = (100..140).map(|at| [f64::from(at)]).collect();
    let more = more.iter().enumerate();
    let mut scene = scene.rows(more.map(|(at, row)| (100.0 + at as f64, NAN, &row[..])));
    assert!(
        first_line(&mut scene).contains("of 139"),
        "{}",
        scene.text()
    );
    assert!(scene.text().contains("140"), "{}", scene.text());
    scene.press("t");
    assert!(
        first_line(&mut scene).contains("129–"),
        "half as long: {}",
        scene.text()
    );
}

#[test]
fn a_chart_may_have_a_window_of_its_own() {
    let mut scene = long().size(100, 30);
    scene.press("w + +");
    assert_snapshot!(scene.text());
    scene.press("w");
    assert!(!scene.text().contains("own window"));
}

#[test]
fn outliers_are_left_outside_and_counted() {
    let mut values: Vec<f64> = (0..60).map(|at| 1.0 + 0.3 * noise(at)).collect();
    values[20] = 90.0;
    let mut scene = one("grad_norm", &values).size(70, 14).focused();
    scene.press("o");
    assert_snapshot!(scene.text());
    scene.press("o");
    assert!(!scene.text().contains("outside"));
}

#[test]
fn limits_are_typed() {
    let values: Vec<f64> = (0..60).map(|at| f64::from(at) / 10.0).collect();
    let mut scene = one("loss", &values).size(70, 14).focused();
    scene.typed("y 0 2.5");
    assert_snapshot!(scene.text());
    scene.typed("y auto");
    assert!(!scene.text().contains("outside"));
}

#[test]
fn both_signs_have_a_logarithmic_axis() {
    let values: Vec<f64> = (0..80)
        .map(|at| 1e4 * f64::from(at - 40).powi(3) / 64e3)
        .collect();
    let mut scene = one("reward", &values).size(70, 18).focused();
    scene.press("a");
    assert!(
        first_line(&mut scene).contains("≤ 0 not shown"),
        "{}",
        scene.text()
    );
    scene.press("a");
    assert_snapshot!(scene.text());
    scene.typed("scale linear");
    assert!(!first_line(&mut scene).contains("log"));
}

#[test]
fn the_time_of_day_is_an_axis() {
    let mut scene = long().size(100, 20);
    scene.typed("x clock");
    assert_snapshot!(scene.text());
    let said = one("loss", &[1.0, 0.5]).typed("x epoch");
    let words = said.iter().find_map(|request| match request {
        Request::Say(words) => Some(words.as_str().to_owned()),
        _ => None,
    });
    assert_eq!(words.as_deref(), Some("this run has no epochs"));
}

#[test]
fn axes_that_the_run_lacks_are_in_brackets() {
    let mut scene = long().size(120, 20);
    scene.pane.zoomed = true;
    assert!(
        first_line(&mut scene).contains("x: (epoch) step time clock"),
        "{}",
        scene.text()
    );
}

#[test]
fn another_axis_shows_the_same_rows() {
    let mut scene = long().size(100, 20);
    scene.typed("window 500 1000");
    scene.press("Right G");
    let before = copied(&mut scene);
    scene.typed("x time");
    assert!(
        first_line(&mut scene).contains("4m 10s–8m 20s"),
        "{}",
        scene.text()
    );
    assert_eq!(copied(&mut scene), before);
}

#[test]
fn the_best_point_comes_into_sight() {
    let mut scene = long().size(100, 20);
    scene.typed("window 0 100");
    scene.press("b");
    let best = scene.overview().charts[0].best.clone().unwrap();
    assert!(
        last_line(&mut scene).contains(&format!("@ step {}", best.at.value)),
        "{}",
        scene.text()
    );
    assert!(
        copied(&mut scene)
            .1
            .iter()
            .any(|line| *line == format!("val\t{}", best.value))
    );
}

#[test]
fn broken_values_are_found() {
    let mut values = vec![1.0; 50];
    values[20] = NAN;
    values[40] = f64::INFINITY;
    let mut scene = one("loss", &values).size(80, 12).focused();
    scene.press("n");
    assert!(last_line(&mut scene).contains("@ step 20"));
    assert!(
        first_line(&mut scene).contains("loss  NaN"),
        "{}",
        scene.text()
    );
    scene.press("n");
    assert!(last_line(&mut scene).contains("@ step 40"));
    let said = scene.press("n");
    assert!(
        said.iter()
            .any(|request| matches!(request, Request::Say(_)))
    );
    scene.press("N");
    assert!(last_line(&mut scene).contains("@ step 20"));
}

#[test]
fn the_cursor_and_the_log_follow_each_other() {
    let mut scene = long().size(80, 20);
    let moments = |requests: Vec<Request>| -> Vec<f64> {
        let moments = requests.into_iter().filter_map(|request| match request {
            Request::Moment(moment) => Some(moment),
            _ => None,
        });
        moments.collect()
    };
    assert!(moments(scene.press("Right")).is_empty(), "nobody follows");
    scene.linked = true;
    let last = moments(scene.press("G"));
    assert_eq!(last, [START + 0.5 * 1999.0]);
    scene.with(|charts, context, pane| charts.follow(START + 100.2, context, pane));
    assert!(
        last_line(&mut scene).contains("@ step 200"),
        "{}",
        scene.text()
    );
}

#[test]
fn pinned_charts_come_first() {
    let mut scene = long().size(90, 30);
    scene.press("j f");
    let seen = scene.text();
    assert!(
        seen.find("★ lr").unwrap() < seen.find("loss").unwrap(),
        "{seen}"
    );
    scene.press("f");
    assert!(!scene.text().contains('★'));
}

#[test]
fn a_grid_is_typed() {
    let keys: Vec<String> = (0..9).map(|at| format!("metric_{at}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let row: Vec<f64> = (0..9).map(f64::from).collect();
    let rows = (0..20).map(|at| (f64::from(at), NAN, &row[..]));
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &keys)
        .rows(rows)
        .size(90, 24);
    scene.typed("grid 2x2");
    assert_snapshot!(scene.text());
    assert!(last_line(&mut scene).contains("1–4 of 9"));
    scene.typed("grid 1x1");
    assert!(first_line(&mut scene).contains("1 of 9"));
}

#[test]
fn lines_are_drawn_with_other_characters() {
    let values: Vec<f64> = (0..60).map(|at| (f64::from(at) / 8.0).sin()).collect();
    let mut scene = one("loss", &values).size(50, 10).focused();
    for name in ["half", "blocks", "ascii"] {
        scene.press("d");
        assert_snapshot!(name, scene.text());
    }
}

#[test]
fn marked_runs_lie_over_the_one_that_is_shown() {
    let scene = steps(Scene::run(Layout::Prefix), 400, 0.0);
    let scene = steps(scene.another(Layout::Prefix, "better-run"), 300, 0.2);
    let rows: Vec<[f64; 1]> = (0..50).map(|at| [1.5 - f64::from(at) / 100.0]).collect();
    let scene = scene
        .another(Layout::Jsonl, "without-steps")
        .stream("", &["loss"]);
    let mut scene = scene
        .rows(rows.iter().map(|row| (NAN, NAN, &row[..])))
        .size(110, 30);
    scene.mark(1);
    scene.mark(2);
    assert_snapshot!(scene.text());
    scene.press("Enter Left");
    assert_snapshot!("overlay_alone", scene.text());
    let seen = scene.text();
    assert!(seen.contains("B without-steps no steps"), "{seen}");
    scene.press("g");
    let copy = copied(&mut scene).1;
    assert!(
        copy.iter().any(|line| line.starts_with("train\t")),
        "{copy:?}"
    );
    scene.theme = Theme::new(Palette::Mono, Depth::None, true);
    assert!(
        scene.text().contains("A val"),
        "letters tell runs apart without colour"
    );
}

#[test]
fn the_points_in_sight_are_copied_as_a_table() {
    let mut scene = long().size(80, 20);
    scene.typed("window 10 12");
    let (what, lines) = copied(&mut scene);
    assert_eq!(what, "3 points of loss");
    assert_eq!(lines[0], "step\ttrain\tval");
    let fields: Vec<&str> = lines[1].split('\t').collect();
    assert_eq!((fields.len(), fields[0]), (3, "10"));
    assert!(fields[1].parse::<f64>().is_ok() && fields[2].parse::<f64>().is_ok());
    assert!(
        lines[2].ends_with('\t'),
        "no validation there: {:?}",
        lines[2]
    );
    scene.typed("window all");
    let values: Vec<f64> = (0..20_000).map(|at| 1.0 / 3.0 + f64::from(at)).collect();
    let (what, lines) = copied(&mut one("loss", &values).size(80, 20));
    assert!(what.starts_with("the newest "), "{what}");
    assert!(lines.iter().map(|line| line.len() + 1).sum::<usize>() < 100_000);
    assert!(lines.last().unwrap().starts_with("19999\t"));
}

#[test]
fn what_is_seen_is_exported() {
    let mut scene = long().size(100, 30);
    let exported = |requests: Vec<Request>| {
        let exported = requests.into_iter().find_map(|request| match request {
            Request::Export(exported) => Some(exported),
            _ => None,
        });
        exported.expect("an export")
    };
    scene.typed("window 500 1000");
    let csv = exported(scene.typed("export csv my.csv"));
    let Content::Points(points) = csv.content else {
        panic!("points")
    };
    // Two charts: the loss of two splits, and the learning rate.
    assert_eq!(points.len(), 3);
    assert_eq!(
        (points[0].run, points[0].rows.clone()),
        (RunId(0), 500..1001)
    );
    assert_eq!(points[1].rows, 50..101);
    assert_eq!(csv.name, "a");
    scene.press("Enter");
    let svg = exported(scene.typed("export svg"));
    let Content::Figures(figures) = svg.content else {
        panic!("figures")
    };
    assert_eq!((figures.len(), figures[0].columns), (1, 1000));
    assert_eq!(svg.name, "a-loss");
    let txt = exported(scene.typed("export txt"));
    assert_eq!(txt.content, Content::Text(scene.text()));
}

/// A run with so many metrics.
fn many(count: usize) -> Scene {
    let keys: Vec<String> = (0..count).map(|at| format!("metric_{at}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let row = vec![1.0; count];
    let rows = (0..3).map(|at| (f64::from(at), NAN, &row[..]));
    let scene = Scene::run(Layout::Jsonl).stream("", &keys).rows(rows);
    scene.size(120, 30)
}

#[test]
fn many_metrics_are_capped_and_it_is_said() {
    let mut scene = many(1_999);
    let line = last_line(&mut scene);
    assert!(line.contains("the first 1,000 of 1,999 charts; / finds the others"));
    assert!(!line.contains("not read"), "{line}");
    scene.filter("metric_99*");
    let matches = scene.with(|charts, context, _| charts.matches(Seek::Find, context));
    assert_eq!(matches, Some((11, 1_999)));
    scene.filter("");
    let line = last_line(&mut many(2_000));
    assert!(line.contains("the first 1,000 of 2,000 charts"), "{line}");
    assert!(line.contains("keys beyond 2,000 are not read"), "{line}");
}

#[test]
fn figures_are_made_without_a_screen() {
    let scene = long();
    let source = Source {
        run: &scene.store.runs()[0],
        overview: scene.overview(),
        letter: None,
        hue: 0,
        group: None,
    };
    let settings = Settings {
        only: Some(vec!["learning rate".to_owned(), "nothing".to_owned()]),
        ..Settings::default()
    };
    let found = figures(&[source], &settings, 300);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].title.as_str(), found[0].columns), ("lr", 300));
    let points = &found[0].curves[0].line;
    assert!(points.len() > 250 && points.iter().all(|point| point.column < 300));
    assert_eq!(figures(&[source], &Settings::default(), 300).len(), 2);
    assert!(figures(&[], &Settings::default(), 300).is_empty());
}

/// Data that break charts.
fn hostile_values() -> impl Strategy<Value = Vec<f64>> {
    let special = prop::sample::select(vec![
        0.0,
        -0.0,
        NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e308,
        -1e308,
        5e-324,
        -5e-324,
        1.0,
    ]);
    let value = prop_oneof![2 => any::<f64>(), 2 => special, 3 => -1.0..1.0_f64];
    let constant = (value.clone(), 1..40_usize).prop_map(|(value, count)| vec![value; count]);
    prop_oneof![3 => prop::collection::vec(value, 1..60), 1 => constant]
}

/// Steps that go on, go back, repeat or are none.
fn hostile_steps() -> impl Strategy<Value = Vec<f64>> {
    let any_step = prop_oneof![Just(NAN), 0.0..9.0_f64, any::<f64>()].boxed();
    prop_oneof![
        3 => Just((0..60).map(f64::from).collect::<Vec<f64>>()),
        1 => Just(vec![3.0; 60]),
        1 => Just((0..60).map(|at| f64::from(60 - at)).collect::<Vec<f64>>()),
        2 => prop::collection::vec(any_step, 60),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_data_and_no_keys_break_a_chart(
        values in hostile_values(), steps in hostile_steps(),
        keys in prop::collection::vec(prop::sample::select(vec![
            "Left", "Right", "H", "L", "+", "-", "(", ")", "t", "w", "0", "b", "g", "G", "s", "S",
            "a", "x", "o", "f", "c", "C", "d", "n", "N", "Enter", "j", "k",
        ]), 0..24),
        width in 0..130_u16, height in 0..50_u16,
    ) {
        let rows: Vec<[f64; 2]> = values.iter().map(|value| [*value, value / 2.0]).collect();
        let rows = rows.iter().zip(&steps).enumerate();
        let rows = rows.map(|(at, (row, step))| (*step, START + at as f64, &row[..]));
        let mut scene = Scene::run(Layout::Jsonl).stream("", &["val_loss", "lr"]).rows(rows).focused();
        scene.pane.area = Rect::new(3, 2, width, height);
        for key in keys {
            scene.press(key);
            let whole = Rect::new(0, 0, 100, 40);
            let mut buf = Buffer::empty(whole);
            scene.with(|charts, context, pane| charts.draw(context, pane, &mut buf));
            for at in whole.positions().filter(|at| !scene.pane.area.contains(*at)) {
                prop_assert_eq!(&buf[at], &ratatui::buffer::Cell::EMPTY);
            }
            scene.with(|charts, context, pane| charts.copy(context, pane));
            prop_assert!(!text(&buf).contains("inf"));
        }
    }
}
