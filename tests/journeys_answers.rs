//! Questions that people have about their runs, and the keys with which they find the answers.
//!
//! The sweep is that of the simulated lab, the others are the runs of the example folder.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;
#[path = "support/sweep.rs"]
mod sweep;

use std::path::Path;

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;
use sweep::swept;

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
    screen.press("1 Space 4 Enter =");
    assert_shows(&screen, "= differing only");
    // The baseline stands first, and what the other has is measured against it.
    let heads = lines_with(&screen, "= A lr3e-4-bs64");
    assert!(heads[0].contains("B lr1e-3-bs128 ★"), "{}", screen.text());
    let row = |screen: &Screen, key: &str| {
        let row = lines_with(screen, key).into_iter().next();
        let row = row.unwrap_or_else(|| panic!("{key} is not in\n{}", screen.text()));
        let words = row.split_whitespace().map(str::to_owned);
        words.filter(|word| word != "│").collect::<Vec<_>>()
    };
    let rate = ["lr", "0.0003", "0.001", "+7e-4"];
    assert_eq!(row(&screen, " lr  "), rate);
    assert_eq!(
        row(&screen, "batch_size"),
        ["batch_size", "64", "128", "+64"]
    );
    // What is alike is not listed, nor what every run has of its own.
    assert_hides(&screen, "cifar10");
    assert_hides(&screen, "started");
    screen.press("/").type_in("lr").press("Enter");
    assert_eq!(row(&screen, " lr  "), rate);
    assert_hides(&screen, "batch_size");
    screen.press("Esc 4 Enter =");
    assert_shows(&screen, "cifar10");
    assert_shows(&screen, "started");
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
fn columns_that_were_chosen_are_still_there() {
    let mut screen = lab(140, 30);
    let heads = |screen: &Screen| {
        let lines = screen.text();
        let head = lines.lines().find(|line| line.contains(" state "));
        head.unwrap_or_default().to_owned()
    };
    screen
        .press("1 Enter :")
        .type_in("columns state best")
        .press("Enter");
    let few = heads(&screen);
    assert!(few.contains("best") && !few.contains("rows"), "{few}");
    screen.press("c").type_in("machine");
    assert_shows(&screen, "Columns of the table");
    // Another filter takes back nothing that was chosen.
    screen
        .press("Tab Ctrl-u")
        .type_in("rows")
        .press("Tab Enter");
    assert_hides(&screen, "Columns of the table");
    let chosen = heads(&screen);
    for name in ["state", "best", "host", "rows"] {
        assert!(chosen.contains(name), "{name}: {chosen}");
    }
    screen.press("Esc 2 ] 3 1 Enter");
    assert_eq!(heads(&screen), chosen);
    // What is left with Esc changes nothing.
    screen.press("c").type_in("machine").press("Tab Esc Esc");
    assert_hides(&screen, "Columns of the table");
    assert_eq!(heads(&screen), chosen);
    screen.press("c").type_in("machine").press("Tab Enter");
    let without = heads(&screen);
    assert!(
        without.contains("rows") && !without.contains("host"),
        "{without}"
    );
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

/// The training loss of the last row that the tracker wrote, and its step, as they stand in the file.
fn last_loss(run: &Path) -> (String, String) {
    let rows = std::fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let last = rows.lines().last().unwrap();
    let value = |key: &str| {
        let (_, value) = last.split_once(&format!("\"{key}\": ")).unwrap();
        let end = value.find([',', '}']).unwrap();
        value[..end].to_owned()
    };
    (value("train.loss"), value("step"))
}

#[test]
fn the_last_error_with_its_traceback_and_the_metrics_at_that_moment() {
    let (folder, mut screen) = swept(160, 45);
    let (loss, step) = last_loss(&folder.path().join(".ml-logger/bob/nlp/bert-large-mnli"));
    screen.press("1 /").type_in("bert-large state=failed");
    screen.press("Enter 3 G X");
    let raised = lines_with(&screen, "torch.OutOfMemoryError");
    assert_eq!(
        raised.len(),
        2,
        "the error, and the end of the run: {raised:?}"
    );
    // One key, and the charts say how far it had come: exactly as it was written.
    assert_hides(&screen, &loss);
    screen.press("m");
    assert_shows(&screen, &format!("train {loss}"));
    assert_shows(&screen, &format!("step {step}"));
    screen.press("Enter Enter");
    let text = screen.text();
    let lines = [
        "Traceback (most recent call last):",
        "  File \"/lab/bob/nlp/finetune.py\", line 143, in fit",
        "    loss = self.training_step(batch)",
        "  File \"/lab/bob/nlp/finetune.py\", line 88, in training_step",
    ];
    let places = lines.map(|line| text.find(&format!("│ {line}  ")).expect(line));
    assert!(places.is_sorted(), "its lines are in order: {text}");
    assert_shows(&screen, "│ torch.OutOfMemoryError: CUDA out of memory.");
    screen.press("Y").type_in("place").press("Enter");
    assert!(copied(&mut screen)[0].ends_with(".py:1751"));
}

#[test]
fn what_is_typed_is_counted_as_soon_as_it_was_found() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert");
    for sign in ["/", "&"] {
        screen.press("3").press(sign).type_in("scheduler");
        let text = screen.text();
        let prompt = text.lines().last().unwrap_or_default();
        assert!(prompt.contains("1/"), "{prompt}");
        screen.press("Esc");
    }
}

#[test]
fn a_record_says_everything_about_an_error() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert");
    // The last one is that which ended it; the one before was no more than a checkpoint.
    screen.press("3 G X Enter Enter");
    assert_shows(&screen, "Could not write checkpoint");
    assert_shows(&screen, "2026-03-16 20:28:20.000  error  line 6 of 8");
    assert_shows(&screen, "errno  28");
    assert_shows(&screen, "checkpoints/epoch-21.pt");
    screen.press("y");
    let record = copied(&mut screen);
    assert_eq!(record[1], "Could not write checkpoint, retrying");
    assert!(record.contains(&"errno=28".to_owned()), "{record:?}");
}

#[test]
fn what_changed_in_the_parameters_between_two_restarts() {
    let mut screen = lab(160, 60);
    open_run(&mut screen, "resnet18-cifar10");
    screen.press("4 Enter /").type_in("lr").press("Enter");
    // What it was, what it is, and when it changed: half an hour after the start.
    assert_shows(&screen, "0.1 → 0.01");
    assert_shows(&screen, "2026-03-02 14:35:01  after epoch 29");
    assert_shows(&screen, "was 0.1 until 2026-03-02 14:35");
    // The charts have a mark there.
    screen.press("Esc Esc 2 Enter");
    let axes = lines_with(&screen, "└┬");
    assert!(
        !axes.is_empty() && axes.iter().all(|axis| axis.contains('◆')),
        "{}",
        screen.text()
    );
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
