//! Questions that people have about their runs, and the keys with which they find the answers.
//!
//! The sweep is that of the simulated lab, the others are the runs of the example folder.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;

use ml_dash_top::demo::{self, Setup};
use ml_dash_top::widgets::theme::Theme;
use tempfile::TempDir;

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;

const ORIGIN: f64 = 1_795_159_577.0;
/// So many seconds after its start the nine runs of the sweep are through.
const SWEPT: f64 = 220.0;

/// The simulated lab when its sweep is through.
fn swept(width: u16, height: u16) -> (TempDir, Screen) {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        seed: 1,
        speed: 1.0,
        origin: ORIGIN,
    };
    demo::write_until(folder.path(), setup, SWEPT).unwrap();
    let paths = [folder.path().to_owned()];
    let screen = Screen::with(&paths, width, height, Theme::default(), ORIGIN + SWEPT);
    (folder, screen)
}

/// The best value in a row of the table: the number behind the share of what is done.
fn measured(row: &str) -> f64 {
    let rest = row.split(" % ").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// What is copied by the newest key press.
fn copied(screen: &mut Screen) -> Vec<String> {
    match screen.effects.pop() {
        Some(ml_dash_top::app::Effect::Copy(copied)) => {
            let lines = copied.lines.iter();
            lines.map(|line| line.as_str().to_owned()).collect()
        }
        other => panic!("nothing was copied: {other:?}"),
    }
}

#[test]
fn which_of_these_nine_sweep_runs_is_best() {
    let (_folder, mut screen) = swept(160, 45);
    screen.press("1 /").type_in("lr-batch-sweep");
    assert_shows(&screen, "9/");
    screen
        .press("Enter 1 Enter :")
        .type_in("sort best")
        .press("Enter g");
    let rows: Vec<String> = lines_with(&screen, "-bs")
        .into_iter()
        .filter(|line| line.starts_with('│'))
        .collect();
    assert_eq!(rows.len(), 9, "{}", screen.text());
    // The rate and the size of batches that the lab made to go together.
    assert!(rows[0].contains("lr1e-3-bs128"), "{}", screen.text());
    assert!(rows[0].contains('★'), "the best run is marked: {}", rows[0]);
    let starred = lines_with(&screen, "★").len();
    assert_eq!(starred, 1, "{}", screen.text());
    let best: Vec<f64> = rows.iter().map(|row| measured(row)).collect();
    assert!(best.is_sorted() && best[0] < best[8], "{best:?}");
    // Against the worst one: the others say by how much they are better.
    screen.press("G B g");
    let first = lines_with(&screen, "lr1e-3-bs128").pop().unwrap();
    let better = format!("-{:.4}", best[8] - best[0]);
    let better = better.trim_end_matches('0');
    assert!(first.contains(better), "{better} is not in {first}");
    let base: Vec<String> = lines_with(&screen, "│=");
    assert_eq!(base.len(), 1, "{}", screen.text());
    assert!(measured(&base[0]) == best[8], "{}", base[0]);
}

#[test]
fn what_differs_from_the_baseline() {
    let (_folder, mut screen) = swept(160, 45);
    open_run(&mut screen, "lr3e-4-bs64");
    screen.press("B 1 Space");
    open_run(&mut screen, "lr1e-3-bs128");
    screen
        .press("1 Space 4 Enter = /")
        .type_in("lr")
        .press("Enter");
    let rates = lines_with(&screen, "0.0003");
    assert!(
        rates.iter().any(|line| line.contains("0.001")),
        "{}",
        screen.text()
    );
    screen.press("Esc 4 Enter");
    assert_hides(&screen, "cifar10");
}

#[test]
fn only_the_runs_of_a_learning_rate_are_asked_for() {
    let (_folder, mut screen) = swept(160, 45);
    screen.press("1 /").type_in("lr-batch-sweep lr>=1e-3 -bs64");
    assert_shows(&screen, "4/");
    screen.press("Enter 1 Enter");
    assert_shows(&screen, "lr3e-3-bs256");
    assert_hides(&screen, "lr3e-4-bs256");
    // A question that cannot be read says why, and the list stays as it was.
    screen.press("/").type_in(" /[");
    assert_shows(&screen, "unclosed character class");
    assert_shows(&screen, "lr3e-3-bs256");
    screen.press("Esc");
    assert_hides(&screen, "unclosed character class");
}

#[test]
fn a_name_that_nobody_remembers_is_completed() {
    let mut screen = lab(120, 40);
    screen.press("1 /").type_in("batch_");
    screen.press("Tab");
    assert_shows(&screen, "hyperparameters.batch_size");
    assert_shows(&screen, "parameter");
    screen.press("Esc");
    assert_hides(&screen, "hyperparameters.batch_size");
    screen.press("Ctrl-u").type_in("stat").press("Tab");
    // There is only one such name; what may follow it is listed next.
    assert_shows(&screen, "/ state=");
    screen.press("Tab").type_in("fai").press("Enter");
    assert_shows(&screen, "/ state=failed");
    assert_shows(&screen, "1/8");
    screen.press("Enter");
    assert_shows(&screen, "ResNet50, large images");
}

#[test]
fn why_did_it_fail() {
    let mut screen = lab(160, 45);
    screen.press("1 /").type_in("state=failed").press("Enter g");
    assert_shows(&screen, "ResNet50, large images");
    screen.press("4 Enter /").type_in("error").press("Enter");
    assert_shows(&screen, "CUDA out of memory");
    assert_shows(&screen, "Traceback");
}

#[test]
fn the_last_error_and_the_metrics_at_that_moment() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert");
    screen.press("3 G X");
    let cursor = lines_with(&screen, "Could not write checkpoint");
    let killed = lines_with(&screen, "Killed by the scheduler");
    assert!(
        !cursor.is_empty() && !killed.is_empty(),
        "{}",
        screen.text()
    );
    screen.press("g x m");
    // The cursor of the charts goes where the log is: epoch 21 of the checkpoint.
    let title = lines_with(&screen, "x: epoch");
    assert!(!title.is_empty(), "{}", screen.text());
    screen.press("3 Enter Enter");
    assert_shows(&screen, "Could not write checkpoint");
    assert_shows(&screen, "errno");
    assert_shows(&screen, "epoch-21.pt");
    screen.press("y");
    assert_eq!(
        copied(&mut screen),
        ["Could not write checkpoint, retrying"]
    );
}

#[test]
fn what_changed_in_the_parameters_between_two_restarts() {
    let mut screen = lab(160, 60);
    open_run(&mut screen, "resnet18-cifar10");
    screen.press("4 Enter /").type_in("lr").press("Enter");
    // What it was, what it is, and when it changed: half an hour after the start.
    assert_shows(&screen, "0.1");
    assert_shows(&screen, "0.01");
    assert_shows(&screen, "14:35");
}

#[test]
fn everything_that_can_be_copied_is_listed() {
    let mut screen = lab(120, 40);
    open_run(&mut screen, "bert");
    screen.press("2 b Y");
    assert_shows(&screen, "Copy");
    assert_shows(&screen, "the page as text");
    screen.type_in("points").press("Enter");
    let lines = copied(&mut screen);
    assert!(lines.len() > 10 && lines[0].contains('\t'), "{lines:?}");
    screen.press("Y");
    screen.press("Esc");
    assert_hides(&screen, "the page as text");
    assert!(screen.effects.is_empty(), "nothing was chosen");
}
