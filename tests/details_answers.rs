//! What people ask of the details, as key presses: which run is best and what differs, and what
//! changed between two restarts.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;

use std::fmt::Write as _;
use std::path::Path;

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;

const START: f64 = 1_795_100_000.0;

/// A run that was restarted twice from step 20, each time with other parameters.
fn restarted(folder: &Path) {
    let run = folder.join(".ml-logger/alice/vision/resumed");
    std::fs::create_dir_all(&run).unwrap();
    let param = |at: f64, rest: &str| format!("{{\"timestamp\": {at}, {rest}}}\n");
    let params = [
        param(
            START,
            r#""operation": "set", "data": {"lr": 0.1, "seed": 7, "model": {"depth": 18}}"#,
        ),
        param(
            START + 95.0,
            r#""operation": "update", "key": "lr", "value": 0.01"#,
        ),
        param(
            START + 95.2,
            r#""operation": "extend", "data": {"warmup": 500}"#,
        ),
        param(
            START + 195.0,
            r#""operation": "set", "data": {"lr": 0.01, "model": {"depth": 34}, "warmup": 500}"#,
        ),
    ];
    std::fs::write(run.join("parameters.jsonl"), params.concat()).unwrap();
    let mut rows = String::new();
    for (part, first) in [0, 20, 20].into_iter().enumerate() {
        for step in first..40 {
            let at = START + 1.0 + part as f64 * 100.0 + f64::from(step - first);
            let loss = 2.0 - f64::from(step) / 50.0;
            writeln!(
                rows,
                r#"{{"timestamp": {at}, "metrics": {{"loss": {loss}}}, "step": {step}}}"#
            )
            .unwrap();
        }
    }
    std::fs::write(run.join("metrics.jsonl"), rows).unwrap();
}

#[test]
fn what_changed_in_the_parameters_between_two_restarts() {
    let folder = tempfile::tempdir().unwrap();
    restarted(folder.path());
    let mut screen = Screen::of(folder.path(), 120, 60);
    screen.press("4 Enter");
    let text = screen.text();
    let at = |words: &str| {
        let found = text.find(words);
        found.unwrap_or_else(|| panic!("{words:?} is not in\n{text}"))
    };
    // The newest first, and what changed before a restart below it.
    let order = [
        "restarted at step 20",
        "7 → removed",
        "18 → 34",
        "0.1 → 0.01",
        "added: 500",
        "at first",
    ];
    let places: Vec<usize> = order.into_iter().map(at).collect();
    assert!(places.is_sorted(), "{places:?}\n{text}");
    assert_eq!(
        lines_with(&screen, "restarted at step 20").len(),
        2,
        "{text}"
    );
    assert_eq!(lines_with(&screen, "after step 39").len(), 2, "{text}");
    screen.press("/").type_in("changes warmup").press("Enter");
    assert_shows(&screen, "added: 500");
    assert_hides(&screen, "18 → 34");
    // Where every cell counts it is still said that these were restarts.
    let mut beside = Screen::of(folder.path(), 160, 60);
    beside.press("4");
    assert_eq!(
        lines_with(&beside, "restarted at").len(),
        2,
        "{}",
        beside.text()
    );
    // The charts have a mark for each restart and for each change.
    screen
        .press("Esc Esc 2 Enter :")
        .type_in("x time")
        .press("Enter");
    let axes = lines_with(&screen, "└┬");
    let marks = |sign: char| axes[0].matches(sign).count();
    assert_eq!((marks('◆'), marks('◂')), (2, 2), "{}", screen.text());
}

#[test]
fn what_differs_between_runs_is_three_keys_away() {
    let mut screen = lab(120, 40);
    open_run(&mut screen, "unet");
    screen.press("1 Space");
    open_run(&mut screen, "bert-tiny");
    screen.press("4 Enter =");
    assert_shows(&screen, "= differing only");
    assert_shows(&screen, "━ bert-tiny-sst2");
    assert_shows(&screen, "A unet-städte");
    screen.press("v");
    assert_hides(&screen, "A unet-städte");
    assert_shows(&screen, "Health");
    screen.press("v");
    assert_shows(&screen, "= differing only");
}
