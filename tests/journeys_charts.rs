//! What people ask of charts, as key presses: where, how much, at which moment, compared with what.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;

use std::fmt::Write as _;
use std::path::Path;

use ml_dash_top::app::{Effect, Event};
use ml_dash_top::panels::Exported;

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;

/// A run whose learning rate grows by 0.0001 a step until its loss is no number any more, from step
/// 120 on. A step takes two seconds, and the log has a line for each.
fn diverged(folder: &Path) {
    let run = folder.join("too-far");
    std::fs::create_dir_all(run.join("metrics/train")).unwrap();
    std::fs::create_dir_all(run.join("logs")).unwrap();
    let about = r#"{"name": "too-far", "project": "vision", "bindrs": [], "folder": "vision"}"#;
    std::fs::write(run.join("experiment.json"), about).unwrap();
    let (mut rows, mut lines) = (String::new(), String::new());
    for step in 0..150 {
        let at = format!(
            "2026-03-09T09:{:02}:{:02}.000000Z",
            step / 30,
            step % 30 * 2
        );
        let lr = f64::from(step + 1) / 1e4;
        let loss = match step {
            0..120 => format!("{:.4}", 2.5 - f64::from(step) / 100.0),
            _ => "NaN".to_owned(),
        };
        let (level, words) = match step {
            120 => ("error", "loss is not finite".to_owned()),
            _ => ("info", format!("step {step} done")),
        };
        writeln!(
            rows,
            r#"{{"index": {step}, "data": {{"loss": {loss}, "lr": {lr}, "step": {step}}}, "createdAt": "{at}"}}"#
        )
        .unwrap();
        writeln!(
            lines,
            r#"{{"sequenceNumber": {step}, "timestamp": "{at}", "level": "{level}", "message": "{words}"}}"#
        )
        .unwrap();
    }
    std::fs::write(run.join("metrics/train/data.jsonl"), rows).unwrap();
    std::fs::write(run.join("logs/logs.jsonl"), lines).unwrap();
}

/// What `y` copies now.
#[track_caller]
fn copied(screen: &mut Screen) -> String {
    screen.press("y");
    match screen.effects.pop() {
        Some(Effect::Copy(copied)) => copied.lines[0].to_string(),
        other => panic!("{other:?} in\n{}", screen.text()),
    }
}

#[test]
fn where_it_diverged_with_which_learning_rate_and_what_the_log_said() {
    let folder = tempfile::tempdir().unwrap();
    diverged(folder.path());
    let mut screen = Screen::of(folder.path(), 160, 45);
    assert_shows(&screen, "NaN ×30 from step 120");
    screen.press("2 m n");
    assert_shows(&screen, "@ step 120");
    assert_shows(&screen, "linked");
    let lr = lines_with(&screen, "0.0121");
    assert!(!lr.is_empty(), "{}", screen.text());
    screen.press("3");
    assert_eq!(copied(&mut screen), "loss is not finite");
}

#[test]
fn the_charts_follow_the_line_of_the_log_and_nobody_runs_in_circles() {
    let folder = tempfile::tempdir().unwrap();
    diverged(folder.path());
    let mut screen = Screen::of(folder.path(), 160, 45);
    screen.press("3 m E");
    assert_shows(&screen, "@ step 120");
    screen.press("k k");
    assert_shows(&screen, "@ step 118");
    assert_eq!(copied(&mut screen), "step 118 done", "the log stays there");
    screen.press("2 l l l");
    assert_shows(&screen, "@ step 121");
    screen.press("3");
    assert_eq!(copied(&mut screen), "step 121 done");
    screen.press("m 2 h h 3");
    assert_shows(&screen, "@ step 119");
    assert_eq!(copied(&mut screen), "step 121 done", "not linked any more");
    screen.press("2 m 3");
    assert_eq!(
        copied(&mut screen),
        "step 119 done",
        "linking leads at once"
    );
}

#[test]
fn what_cannot_be_followed_is_said_when_panels_are_linked() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "gpt-small");
    screen.press("m");
    assert_shows(&screen, "linked, but this run has no log");
    screen.press("m");
    assert_shows(&screen, "go their own ways");
}

#[test]
fn keys_that_change_nothing_say_so() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "gpt-small");
    for key in ["-", "(", ")"] {
        screen.press("2 +");
        assert_hides(&screen, "everything is in sight");
        screen.press("0");
        screen.press(key);
        assert_shows(&screen, "everything is in sight");
    }
    screen.press(":");
    screen.type_in("grid 12x12");
    screen.press("Enter");
    assert_shows(&screen, "12x12 does not fit here: ");
    screen.press(":");
    screen.type_in("grid 2x2");
    screen.press("Enter");
    assert_hides(&screen, "does not fit here");
}

#[test]
fn what_is_an_expression_need_not_be_guessed() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "gpt-small");
    screen.press("2 /");
    assert_shows(&screen, "/… is a regular expression");
    screen.type_in("^(lr|grad)");
    assert_shows(&screen, "no chart matches ^(lr|grad)");
    assert_shows(&screen, "/… is a regular expression");
    screen.press("Ctrl-u");
    screen.type_in("/^(lr|loss)/");
    assert_hides(&screen, "no chart matches");
}

#[test]
fn two_runs_in_one_chart_have_letters_until_they_are_unmarked() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert-tiny");
    screen.press("1 Space");
    assert_shows(&screen, "1 marked");
    open_run(&mut screen, "resnet18");
    assert_hides(&screen, "B val");
    screen.press("1 Space");
    for text in [
        "2 marked",
        "A bert-tiny-sst2",
        "B resnet18-cifar10",
        "A val",
        "B val",
    ] {
        assert_shows(&screen, text);
    }
    assert!(
        screen.text().starts_with(" B resnet18"),
        "{}",
        screen.text()
    );
    // A third one is shown, and both others still lie under it.
    open_run(&mut screen, "unet");
    assert_shows(&screen, "A bert-tiny-sst2");
    open_run(&mut screen, "bert-tiny");
    screen.press("1 Space");
    assert_shows(&screen, "1 marked");
    assert_hides(&screen, "A val");
    assert_shows(&screen, "B val");
    screen.press("u");
    assert_hides(&screen, "marked");
    assert_hides(&screen, "B val");
    screen.press("u");
    assert_shows(&screen, "no run is marked");
}

#[test]
fn limits_are_typed_and_a_wrong_one_stays_to_be_mended() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "resnet18");
    assert_hides(&screen, "7.5");
    screen.press(":").type_in("y 0 7.5").press("Enter");
    assert_hides(&screen, "Command");
    assert_shows(&screen, "7.5");
    screen.press(":").type_in("y 3 1").press("Enter");
    assert_shows(&screen, "3 is not below 1");
    screen
        .press("Backspace Backspace Backspace")
        .type_in("au")
        .press("Tab Enter");
    assert_hides(&screen, "Command");
    assert_hides(&screen, "7.5");
    // What was typed comes back, the newest first.
    screen.press(": Up Up Enter");
    assert_shows(&screen, "7.5");
}

#[test]
fn what_is_typed_about_charts_is_seen_there() {
    let mut screen = lab(80, 24);
    open_run(&mut screen, "resnet18");
    screen.press("4 :").type_in("smooth 0.9").press("Enter");
    assert_shows(&screen, "smooth 0.9");
    screen.press("3 :").type_in("x axis").press("Enter");
    assert_hides(&screen, "Command");
}

/// The last export that was asked for, and whether it may write over a file.
fn export(screen: &mut Screen) -> Option<(Exported, bool)> {
    match screen.effects.pop()? {
        Effect::Export {
            exported,
            overwrite,
        } => Some((exported, overwrite)),
        _ => None,
    }
}

#[test]
fn nothing_is_written_over_a_file_without_a_yes() {
    let mut screen = lab(160, 45);
    screen
        .press(":")
        .type_in("export csv loss.csv")
        .press("Enter");
    let (exported, overwrite) = export(&mut screen).expect("an export");
    assert!(!overwrite);
    let exists = || Event::ExportExists {
        path: "loss.csv".into(),
        exported: exported.clone(),
    };
    screen.event(exists());
    assert_shows(&screen, "loss.csv exists. Write over it?");
    screen.press("Enter j q");
    assert_shows(&screen, "nothing was written");
    assert_eq!(export(&mut screen), None);
    screen.event(exists());
    screen.press("Enter j y");
    assert_eq!(export(&mut screen), Some((exported.clone(), true)));
    assert_hides(&screen, "Write over it?");
    // Who types something else does not answer by chance.
    screen.press("/").type_in("lo");
    screen.event(exists());
    screen.type_in("y").press("Enter");
    assert_hides(&screen, "Write over it?");
    assert!(screen.effects.is_empty());
}
