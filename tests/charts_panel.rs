//! The charts panel, seen: golden frames of real and made runs, and keys pressed in it.

#![allow(clippy::unwrap_used)]

#[path = "support/chart_scene.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod chart_scene;

use std::path::Path;

use chart_scene::{Scene, text};
use insta::assert_snapshot;
use ml_dash_top::commands::Command;
use ml_dash_top::panels::{Panel as _, Request, Seek};
use ml_dash_top::record::{Change, Facts, Holding, Layout, Status};
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::theme::{Depth, Palette, Theme};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

const NAN: f64 = f64::NAN;

fn read(path: &str) -> Scene {
    Scene::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
}

/// A number in -0.5..0.5, always the same for the same argument.
fn noise(at: u64) -> f64 {
    (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / f64::from(1 << 24) - 0.5
}

/// A training of so many epochs with nine quantities.
fn training(epochs: u64) -> Scene {
    let keys = [
        "train_loss",
        "val_loss",
        "train_accuracy",
        "val_accuracy",
        "lr",
        "grad_norm",
        "val_f1",
        "samples_per_sec",
        "gpu_util",
        "duration_s",
        "weight_decay",
    ];
    let row = |epoch: u64| {
        let at = epoch as f64;
        let fall = (-at / 10.0).exp();
        [
            2.5 * fall + 0.02,
            2.3 * fall + 0.11 + 0.004 * (at - 31.0).max(0.0),
            1.0 - 0.9 * fall,
            0.96 - 0.9 * fall,
            1e-3 * (-at / 8.0).exp(),
            0.8 + 0.5 * noise(epoch),
            0.9 - 0.8 * fall,
            1200.0 + 50.0 * noise(epoch),
            0.7 + 0.01 * noise(epoch),
            4.1,
            0.05,
        ]
    };
    let rows: Vec<[f64; 11]> = (0..epochs).map(row).collect();
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, row)| (at as f64, 1.7e9 + 4.1 * at as f64, &row[..]));
    Scene::run(Layout::Epochs)
        .stream("metrics", &keys)
        .rows(rows)
}

/// One key with these values, at steps from 0 on.
fn one(key: &str, values: &[f64]) -> Scene {
    let steps: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .map(|(at, v)| (at as f64, *v))
        .collect();
    stepped(key, &steps)
}

fn stepped(key: &str, rows: &[(f64, f64)]) -> Scene {
    let values: Vec<[f64; 1]> = rows.iter().map(|row| [row.1]).collect();
    let rows = rows
        .iter()
        .zip(&values)
        .map(|(row, value)| (row.0, NAN, &value[..]));
    Scene::run(Layout::Jsonl).stream("", &[key]).rows(rows)
}

/// The style of the first cell in which a text starts.
fn style_of(buf: &Buffer, words: &str) -> ratatui::style::Style {
    let seen = text(buf);
    let (y, line) = seen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(words))
        .expect(words);
    let at = line.find(words).expect(words);
    let x = line[..at].chars().count();
    buf[(x as u16, y as u16)].style()
}

fn title(scene: &mut Scene) -> String {
    scene.text().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_run_that_goes_well() {
    assert_snapshot!(training(38).size(87, 31).focused().text());
}

#[test]
fn a_real_run_by_epochs() {
    assert_snapshot!(
        "per_epoch_120",
        read("demo/runs/per-epoch").size(120, 40).text()
    );
    assert_snapshot!(
        "per_epoch_80",
        read("demo/runs/per-epoch").size(78, 12).text()
    );
}

#[test]
fn a_run_that_diverged() {
    assert_snapshot!(read("demo/runs/ml-dash-0.5").size(100, 32).text());
}

#[test]
fn a_run_that_was_restarted() {
    assert_snapshot!(
        read("tests/fixtures/restarted/metrics.jsonl")
            .size(90, 24)
            .text()
    );
}

#[test]
fn the_other_trackers() {
    for (name, path) in [
        ("flat", "demo/runs/flat"),
        ("cartpole", "demo/runs/jsonl/cartpole.jsonl"),
        ("ml_dash", "demo/runs/ml-dash"),
        ("ml_logger", "demo/runs/ml-logger"),
    ] {
        assert_snapshot!(name, read(path).size(100, 32).text());
    }
}

#[test]
fn a_superseded_part_is_faint_and_apart() {
    let old = (0..100).map(|at| (f64::from(at), 2.0));
    let new = (50..80).map(|at| (f64::from(at), 1.0));
    let rows: Vec<(f64, f64)> = old.chain(new).collect();
    let mut scene = stepped("loss", &rows).size(44, 10);
    let buf = scene.draw();
    let seen = text(&buf);
    assert_snapshot!(seen);
    let strong = style_of(&buf, "⠒⠒");
    let y = seen.lines().position(|line| line.contains("⠒⠒")).unwrap() as u16;
    let faint = buf[(36, y)].style();
    assert_ne!(strong, faint, "the old part is another colour");
}

#[test]
fn a_learning_rate_is_logarithmic_by_itself() {
    let rates: Vec<f64> = (0..50).map(|at| 1e-3 * 0.88_f64.powi(at)).collect();
    let mut scene = one("lr", &rates).size(48, 12);
    assert_snapshot!(scene.text());
    scene.press("a a");
    assert!(!title(&mut scene).contains("log"));
    let flat: Vec<f64> = (0..50).map(|at| 1e-3 - 1e-6 * f64::from(at)).collect();
    assert!(!title(&mut one("lr", &flat).size(48, 12)).contains("log"));
}

#[test]
fn what_a_logarithmic_axis_cannot_show_is_counted() {
    let mut scene = one("loss", &[1.0, 0.1, 0.0, -2.0, 0.01, 0.0])
        .size(70, 12)
        .focused();
    scene.press("a");
    assert!(title(&mut scene).contains("loss log"), "{}", scene.text());
    assert!(
        title(&mut scene).contains("3 ≤ 0 not shown"),
        "{}",
        scene.text()
    );
}

#[test]
fn one_point_is_a_point() {
    assert_snapshot!(one("loss", &[0.7]).size(40, 9).text());
}

#[test]
fn not_a_number_is_a_gap_and_a_mark() {
    let values = [1.0, 0.9, 0.8, NAN, NAN, 0.7, 0.6, f64::INFINITY, 0.5];
    let mut scene = one("loss", &values).size(60, 10);
    let buf = scene.draw();
    assert_snapshot!(text(&buf));
    assert_eq!(style_of(&buf, "NaN ×2").fg, style_of(&buf, "▲").fg);
}

#[test]
fn nan_between_all_values_means_not_measured() {
    let sparse: Vec<f64> = (0..40)
        .map(|at| if at % 4 == 0 { 1.0 } else { NAN })
        .collect();
    let rows: Vec<[f64; 2]> = sparse.iter().map(|value| [2.0, *value]).collect();
    let rows = rows.iter().enumerate();
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &["train_loss", "val_loss"])
        .rows(rows.map(|(at, row)| (at as f64, NAN, &row[..])));
    let seen = scene.text();
    assert!(!seen.contains('▲') && !seen.contains("NaN"), "{seen}");
    // Both lines are whole.
    assert_eq!(seen.matches(&"⠒".repeat(40)).count(), 2, "{seen}");
}

#[test]
fn a_chart_without_a_number_has_no_axis_for_one() {
    let mut scene = one("loss", &[NAN, NAN, NAN]).size(50, 12);
    let seen = scene.text();
    assert!(seen.contains("only NaN"), "{seen}");
    assert!(!seen.contains("0.5") && !seen.contains('┤'), "{seen}");
    let seen = one("loss", &[NAN, f64::NEG_INFINITY]).size(50, 12).text();
    assert!(
        seen.contains("only NaN and Inf") && seen.contains("-Inf ×1"),
        "{seen}"
    );
}

#[test]
fn the_best_place_is_told_in_what_the_axis_counts() {
    let rows: Vec<[f64; 2]> = (0..40)
        .map(|at| [f64::from(at), noise(at as u64) + 1.0])
        .collect();
    let rows = rows.iter().enumerate();
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &["epoch", "val_loss"])
        .rows(rows.map(|(at, row)| (100.0 * at as f64, 1.7e9 + at as f64, &row[..])))
        .size(120, 20);
    let place = |line: &str| {
        line.split('@')
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next().map(str::to_owned))
    };
    for _ in 0..3 {
        let seen = scene.text();
        let place = place(seen.lines().next().unwrap()).unwrap();
        let words: Vec<&str> = seen
            .lines()
            .skip(1)
            .filter(|line| line.contains("best "))
            .collect();
        assert!(
            words
                .iter()
                .any(|line| line.contains(&format!("best {place}"))),
            "{place}: {seen}"
        );
        scene.press("x");
    }
}

#[test]
fn one_axis_cannot_be_turned() {
    let mut scene = one("loss", &[1.0, 0.5]);
    let said = scene.with(|charts, context, pane| charts.apply(Command::XAxis, context, pane));
    assert_eq!(said, [Request::Say(Safe::fixed("this run has only steps"))]);
}

#[test]
fn names_on_a_page_are_told_apart() {
    let key = |at: usize| format!("model/encoder/layer9/block{at}/attention/query/grad_norm");
    let keys: Vec<String> = (0..6).map(key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let row: &[f64] = &[1.0; 6];
    let rows = (0..9).map(|at| (f64::from(at), NAN, row));
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &keys)
        .rows(rows)
        .size(87, 31);
    let seen = scene.text();
    for at in 0..3 {
        assert!(seen.contains(&format!("block{at}")), "{at}: {seen}");
    }
}

#[test]
fn small_screens_tell_no_number_twice() {
    // The header of a narrow screen has the newest values of the first chart.
    let mut scene = training(38).size(80, 12);
    let name = title(&mut scene);
    assert!(name.contains("2 loss  best 0.1909 @37"), "{name}");
    scene.press("j");
    assert!(
        title(&mut scene).contains("accuracy  train"),
        "{}",
        title(&mut scene)
    );
}

#[test]
fn validation_is_dotted_without_colours() {
    let mut scene = training(38).size(87, 20);
    let dots = |scene: &mut Scene| {
        let seen = scene.text();
        let bits = |c: char| (c as u32).wrapping_sub(0x2800);
        let cells = seen.chars().filter(|c| bits(*c) < 256);
        cells.map(|c| bits(c).count_ones()).sum::<u32>()
    };
    let colored = dots(&mut scene);
    scene.theme = Theme::new(Palette::Mono, Depth::None, false);
    assert!(dots(&mut scene) < colored);
}

#[test]
fn an_ended_run_without_rows_is_not_waited_for() {
    let mut scene = Scene::run(Layout::Prefix).size(70, 6);
    scene.tell(Change::CaughtUp);
    scene.tell(Change::Facts(Facts {
        status: Some(Status::Failed),
        ..Facts::default()
    }));
    scene.refresh();
    assert!(
        scene.text().contains("this run wrote no metrics"),
        "{}",
        scene.text()
    );
}

#[test]
fn empty_panels_say_why() {
    let mut scene = Scene::new().size(70, 6);
    assert!(scene.text().contains("no run"));
    scene.watched = vec![Safe::fixed("/somewhere/runs").into()];
    assert!(scene.text().contains("/somewhere/runs"), "{}", scene.text());
    scene.watched[0].holding = Some(Holding::Missing);
    scene = scene.size(70, 9);
    assert!(scene.text().contains("does not exist: waiting for it"));
    let mut scene = Scene::run(Layout::Prefix).size(70, 6);
    assert!(
        scene.text().contains("reading…"),
        "nobody has looked at the run yet"
    );
    scene.refresh();
    assert!(
        scene
            .text()
            .contains("rows appear here as soon as the run writes them")
    );
    scene.tell(Change::Progress {
        read: 41,
        size: 100,
        modified: None,
    });
    scene.refresh();
    assert_snapshot!(scene.text());
    scene.tell(Change::CaughtUp);
    scene.refresh();
    assert!(scene.text().contains("no metrics yet"));
}

#[test]
fn a_long_load_shows_how_far_it_is() {
    let mut scene = training(20).size(87, 31);
    scene.tell(Change::Progress {
        read: 41,
        size: 100,
        modified: None,
    });
    scene.refresh();
    assert!(
        scene.text().contains("reading 41 % · 1–3 of 9"),
        "{}",
        scene.text()
    );
    scene.tell(Change::CaughtUp);
    scene.refresh();
    assert!(!scene.text().contains("reading"));
}

#[test]
fn hostile_names_are_shown_and_not_obeyed() {
    let long = format!("x{}y", "ab".repeat(250));
    let keys = [
        "\u{1b}]0;pwned\u{7}",
        "loss\u{202e}53.0",
        &long,
        "損失/🤗",
        " ",
        "",
    ];
    let row: &[f64] = &[1.0; 6];
    let rows = (0..9).map(|at| (f64::from(at), NAN, row));
    let mut scene = Scene::run(Layout::Jsonl)
        .stream("", &keys)
        .rows(rows)
        .size(87, 31);
    assert_snapshot!(scene.text());
    let everything: Vec<char> = scene.text().chars().collect();
    assert!(everything.iter().all(|c| !c.is_control() || *c == '\n'));
}

#[test]
fn summaries_are_a_line_in_a_band() {
    let keys = [
        "loss.mean",
        "loss.min",
        "loss.max",
        "loss.std",
        "loss.count",
    ];
    let row = |at: u32| {
        let mean = 2.0 * (-f64::from(at) / 10.0).exp() + 0.3;
        [mean, mean * 0.7, mean * 1.3, 0.1, 20.0]
    };
    let rows: Vec<[f64; 5]> = (0..40).map(row).collect();
    let rows = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at as f64, NAN, &row[..]));
    let scene = Scene::run(Layout::Prefix).stream("train", &keys).rows(rows);
    assert_eq!(scene.overview().charts.len(), 1);
    assert_snapshot!(scene.size(60, 14).text());
}

#[test]
fn keys_lead_from_chart_to_chart() {
    let mut scene = training(38).size(87, 31).focused();
    let selected = |scene: &mut Scene| {
        let buf = scene.draw();
        let reversed = |at: &Position| buf[*at].modifier.contains(Modifier::REVERSED);
        let colored = |at: &Position| buf[*at].bg != buf[(0, 0)].bg;
        let area = buf.area;
        let cells = area.positions().filter(|at| reversed(at) || colored(at));
        cells.map(|at| buf[at].symbol()).collect::<String>()
    };
    assert_eq!(selected(&mut scene), "loss");
    let steps = [
        ("j", "accuracy"),
        ("j", "f1"),
        ("k", "accuracy"),
        ("PgDn", "lr"),
        ("G", "weight_decay"),
        ("g", "loss"),
    ];
    for (key, chart) in steps {
        scene.press(key);
        assert_eq!(selected(&mut scene), chart, "after {key}");
    }
    scene.pane.focused = false;
    assert_eq!(
        selected(&mut scene),
        "",
        "only a focused panel shows what is selected"
    );
}

#[test]
fn one_chart_fills_the_panel_and_gives_it_back() {
    let mut scene = training(38).size(87, 31).focused();
    scene.press("j Enter");
    assert!(
        title(&mut scene).contains("2 accuracy  train"),
        "{}",
        title(&mut scene)
    );
    assert!(
        title(&mut scene).contains("x: step · 2 of 9"),
        "{}",
        title(&mut scene)
    );
    scene.press("j");
    assert!(title(&mut scene).contains("2 f1"));
    assert!(scene.charts.back());
    assert!(title(&mut scene).contains("2 Charts"));
    assert!(!scene.charts.back());
}

#[test]
fn the_x_axis_turns_through_what_the_data_have() {
    let mut scene = training(38).size(87, 31).focused();
    let mut names = Vec::new();
    for _ in 0..4 {
        names.push(
            title(&mut scene)
                .rsplit(' ')
                .nth(1)
                .unwrap_or_default()
                .to_owned(),
        );
        scene.press("x");
    }
    assert_eq!(names, ["step", "time", "clock", "step"]);
    scene.press("Enter");
    assert_snapshot!(scene.text());
}

#[test]
fn a_filter_leaves_what_it_matches() {
    let mut scene = training(38).size(87, 31);
    scene.filter("acc");
    assert!(title(&mut scene).contains("2 accuracy"));
    assert!(
        title(&mut scene).contains("/acc  1/9 · x: step"),
        "{}",
        title(&mut scene)
    );
    let matches = scene.with(|charts, context, _| charts.matches(Seek::Find, context));
    assert_eq!(matches, Some((1, 9)));
    scene.filter("nothing like it");
    assert!(scene.text().contains("no chart matches nothing like it"));
    assert!(title(&mut scene).contains("/nothing like it  0/9"));
    scene.filter("train_loss");
    assert!(
        title(&mut scene).contains("2 loss"),
        "the names of series count, too"
    );
}

#[test]
fn a_click_selects_and_a_copy_tells_the_numbers() {
    let mut scene = training(38).size(87, 31).focused();
    scene.with(|charts, context, pane| charts.click(Position::new(50, 25), context, pane));
    let copied = scene
        .with(|charts, context, pane| charts.copy(context, pane))
        .unwrap();
    assert_eq!(copied.what.as_str(), "38 points of f1");
    assert_eq!(copied.lines[0].as_str(), "step\tval");
    assert_eq!(copied.lines[1].as_str(), "0\t0.09999999999999998");
}

#[test]
fn the_same_quantity_stays_selected_when_charts_come() {
    let mut scene = training(38).size(87, 31).focused();
    scene.press("j j");
    let before = scene
        .with(|charts, context, pane| charts.copy(context, pane))
        .unwrap();
    scene = scene
        .stream("more", &["val_bleu"])
        .rows([(0.0, NAN, &[0.5][..])]);
    let after = scene
        .with(|charts, context, pane| charts.copy(context, pane))
        .unwrap();
    assert_eq!(before.what, after.what);
}

#[test]
fn a_further_row_changes_few_cells() {
    let loss = |at: u32| 2.0 / f64::from(1 + at / 40) + 0.3 * noise(u64::from(at));
    let rows: Vec<(f64, f64)> = (0..3010).map(|at| (f64::from(at), loss(at))).collect();
    let mut scene = stepped("loss", &rows).size(120, 36);
    let (mut most, mut all) = (0, 0);
    for at in 3010..3310 {
        let before = scene.draw();
        scene = scene.rows([(f64::from(at), NAN, &[loss(at)][..])]);
        let after = scene.draw();
        let plot = Rect::new(1, 1, 118, 33);
        let changed = plot
            .positions()
            .filter(|at| before[*at] != after[*at])
            .count();
        (most, all) = (most.max(changed), all + changed);
    }
    assert!(all < 300 * 8, "{all} cells for 300 rows");
    // A new best point takes the marker along.
    assert!(most < 90, "{most} cells for one row");
}

#[test]
fn no_colours_and_no_unicode_still_tell_lines_apart() {
    let mut scene = training(38).size(87, 20);
    scene.theme = Theme::new(Palette::Mono, Depth::None, true);
    let seen = scene.text();
    assert!(seen.contains("train") && seen.contains("val"));
    assert!(
        !seen.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c)),
        "{seen}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_size_and_any_values(
        x in 0..20_u16, y in 0..20_u16, width in 0..130_u16, height in 0..60_u16,
        values in proptest::collection::vec(any::<f64>(), 0..200), keys in "[hjklgGax+=0stwfob()cCd-]{0,6}",
    ) {
        let mut scene = one("val_loss", &values).focused();
        scene.pane.area = Rect::new(x, y, width, height);
        let keys: Vec<String> = keys.chars().map(String::from).collect();
        for key in &keys {
            scene.press(key);
        }
        let whole = Rect::new(0, 0, 100, 40);
        let mut buf = Buffer::empty(whole);
        scene.with(|charts, context, pane| charts.draw(context, pane, &mut buf));
        for at in whole.positions().filter(|at| !scene.pane.area.contains(*at)) {
            prop_assert_eq!(&buf[at], &ratatui::buffer::Cell::EMPTY);
        }
    }
}
