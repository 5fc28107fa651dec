//! Whole runs and what they mean: summary, progress, health.

use super::made::{Made, NONE, T};
use super::metric::Role;
use super::progress::{self, Counted};
use super::summary;
use crate::record::Layout;

/// Epochs in the root stream, losses in two others: what `log(epoch=…, train=dict(…))` leaves.
fn nested() -> Made {
    let (mut root, mut train, mut eval) = (Vec::new(), Vec::new(), Vec::new());
    let losses = [2.0, 1.0, 0.5, 0.6, 0.7];
    for (at, loss) in losses.into_iter().enumerate() {
        let time = T + at as f64 * 10.0;
        root.push((at as f64, time, [at as f64, 0.1]));
        train.push((NONE, time, [loss / 2.0, 0.1]));
        eval.push((NONE, time, [loss, 0.9 + at as f64 / 100.0]));
    }
    let rows = |rows: &[(f64, f64, [f64; 2])]| -> Vec<(f64, f64, Vec<f64>)> {
        rows.iter()
            .map(|(step, time, values)| (*step, *time, values.to_vec()))
            .collect()
    };
    let mut made = Made::new(Layout::Prefix);
    let streams = [
        ("train", ["loss", "lr"], train),
        ("eval", ["loss", "accuracy"], eval),
        ("", ["epoch", "lr"], root),
    ];
    for (name, keys, values) in streams {
        let owned = rows(&values);
        let borrowed: Vec<(f64, f64, &[f64])> = owned
            .iter()
            .map(|(s, t, v)| (*s, *t, v.as_slice()))
            .collect();
        made = made.stream(name, &keys, &borrowed);
    }
    made
}

#[test]
fn the_epoch_of_the_best_row_is_in_the_root_stream() {
    let made = nested().param("max_epochs", 10.0);
    let best = summary::best(made.run(), &made.all()).expect("a best loss");
    assert_eq!(
        (best.metric.as_str(), best.value, best.at.value),
        ("eval/loss", 0.5, 2.0)
    );
    assert_eq!(made.progress(), (5.0, Some(10.0), Counted::Epochs));
    let expected = [
        "Train Loss: 0.35",
        "Val Loss: 0.7",
        "Val Accuracy: 94.0 %",
        "Best Val Loss: 0.5",
        "Best Epoch: 2",
        "Training Time: 40 s",
        "Epochs: 5 / 10",
        "Learning Rate: 0.1",
    ];
    assert_eq!(made.summary(), expected);
}

#[test]
fn copies_of_the_root_scalars_are_no_metrics() {
    let made = nested();
    let role = |name: &str| {
        made.all()
            .into_iter()
            .find(|s| s.name == name)
            .map(|s| s.metric.role)
    };
    assert_eq!(role("train/lr"), Some(Role::Copy));
    assert_eq!(role("lr"), Some(Role::Measure));
    assert_eq!(role("train/loss"), Some(Role::Measure));
    // The same key with other values is a metric of its own.
    let rows: [(f64, f64, &[f64]); 2] = [(0.0, T, &[1.0]), (1.0, T, &[0.5])];
    let other: [(f64, f64, &[f64]); 2] = [(0.0, T, &[1.0]), (1.0, T, &[0.7])];
    let made = Made::new(Layout::Prefix)
        .stream("", &["loss"], &rows)
        .stream("eval", &["loss"], &other);
    assert!(made.all().iter().all(|s| s.metric.role == Role::Measure));
}

#[test]
fn rows_are_joined_by_time_when_their_numbers_differ() {
    let root: Vec<(f64, f64, [f64; 1])> = (0..10)
        .map(|i| (f64::from(i), T + f64::from(i), [f64::from(i)]))
        .collect();
    let root: Vec<(f64, f64, &[f64])> = root
        .iter()
        .map(|(s, t, v)| (*s, *t, v.as_slice()))
        .collect();
    let eval: [(f64, f64, &[f64]); 2] = [(NONE, T + 4.9, &[0.5]), (NONE, T + 9.1, &[0.6])];
    let made = Made::new(Layout::Prefix)
        .stream("", &["epoch"], &root)
        .stream("eval", &["loss"], &eval);
    let best = summary::best(made.run(), &made.all()).expect("a best loss");
    assert_eq!(best.at.text(), "epoch 5");
}

#[test]
fn epochs_that_count_from_one() {
    let rows: Vec<(f64, f64, [f64; 3])> = (1..=20)
        .map(|e| (f64::from(e), NONE, [f64::from(e), 1.0 / f64::from(e), 2.0]))
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .map(|(s, t, v)| (*s, *t, v.as_slice()))
        .collect();
    let made = Made::new(Layout::Epochs)
        .stream("metrics.json", &["epoch", "val_loss", "duration_s"], &rows)
        .param("hyperparameters.max_epochs", 50.0)
        .param("hyperparameters.warmup_epochs", 5.0)
        .param("scheduler.total_steps", 7.0);
    assert_eq!(made.progress(), (20.0, Some(50.0), Counted::Epochs));
    let progress = progress::progress(made.run(), &made.all());
    assert_eq!(progress.eta, Some(60.0));
    assert_eq!(
        made.summary()[1..4],
        [
            "Best Val Loss: 0.05",
            "Best Epoch: 20 / 50",
            "Training Time: 40 s"
        ]
    );
}

#[test]
fn fractions_of_epochs_count_when_whole_unless_there_are_few() {
    let done = |epochs: &[f64]| {
        let rows: Vec<(f64, f64, &[f64])> = epochs
            .iter()
            .map(|epoch| (NONE, T, std::slice::from_ref(epoch)))
            .collect();
        let made = Made::new(Layout::Flat).stream("metrics.jsonl", &["epoch"], &rows);
        made.progress().0
    };
    assert_eq!(done(&[0.0, 0.5, 1.0, 1.5, 2.376]), 2.37);
    assert_eq!(done(&[0.0, 0.5, 1.0, 1.5, 2.0]), 2.0);
    assert_eq!(done(&[0.25, 50.75, 101.5]), 101.0);
    assert_eq!(done(&[0.0, 1.0, 2.0]), 3.0);
    assert_eq!(done(&[1.0, 2.0, 12.0]), 12.0);
    // Steps, too.
    let rows: [(f64, f64, &[f64]); 2] = [(0.5, T, &[1.0]), (101.5, T, &[1.0])];
    let made = Made::new(Layout::MlLogger).stream("metrics.jsonl", &["loss"], &rows);
    assert_eq!(made.progress(), (101.0, None, Counted::Steps));
}

#[test]
fn steps_are_told_without_what_they_are_a_part_of() {
    let rows: [(f64, f64, &[f64]); 3] = [(1.0, T, &[1.0]), (2.0, T, &[0.9]), (3.0, T, &[0.95])];
    let made = Made::new(Layout::MlLogger)
        .stream("metrics.jsonl", &["loss"], &rows)
        .param("total_steps", 4.0);
    let lines = made.summary();
    assert!(lines.contains(&"Best Step: 2".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Steps: 3 / 4".to_owned()), "{lines:?}");
}

#[test]
fn steps_and_planned_counts() {
    let rows: [(f64, f64, &[f64]); 3] = [
        (0.0, T, &[1.0]),
        (100.0, T + 1.0, &[0.9]),
        (200.0, T + 2.0, &[0.8]),
    ];
    let made = || Made::new(Layout::MlLogger).stream("metrics.jsonl", &["loss"], &rows);
    assert_eq!(made().progress(), (200.0, None, Counted::Steps));
    assert_eq!(
        made().param("total_steps", 1000.0).progress(),
        (200.0, Some(1000.0), Counted::Steps)
    );
    assert_eq!(
        made().param("max_steps", -1.0).progress(),
        (200.0, None, Counted::Steps)
    );
    // More steps than epochs: they are steps.
    assert_eq!(
        made().param("epochs", 3.0).progress(),
        (200.0, None, Counted::Steps)
    );
    // Not more steps than epochs: they may well be epochs.
    assert_eq!(
        made().param("epochs", 300.0).progress(),
        (201.0, Some(300.0), Counted::Epochs)
    );
    assert_eq!(
        made()
            .param("training.num_steps", 400.0)
            .param("eval.num_steps", 9.0)
            .progress()
            .1,
        Some(400.0)
    );
    let empty = Made::new(Layout::Prefix).param("n_epochs", 5.0);
    assert_eq!(empty.progress(), (0.0, Some(5.0), Counted::Epochs));
}

#[test]
fn the_task_decides_the_table() {
    let keys = [
        "train_loss",
        "val_loss",
        "val_mAP",
        "val_mAP_50",
        "val_r2",
        "lr",
    ];
    let rows: [(f64, f64, &[f64]); 2] = [
        (0.0, T, &[1.0, 1.2, 0.2, 0.4, 0.5, 0.1]),
        (1.0, T, &[0.9, 1.1, 0.25, 0.45, 0.6, 0.05]),
    ];
    let made = Made::new(Layout::Flat).stream("metrics.jsonl", &keys, &rows);
    let lines = made.summary();
    assert_eq!(
        lines[..5],
        [
            "Train Loss: 0.9",
            "Val Loss: 1.1",
            "Val mAP: 25.0 %",
            "Val mAP 50: 45.0 %",
            "Val R2: 0.6"
        ]
    );
    // Percentages that are logged as such stay what they are.
    let rows: [(f64, f64, &[f64]); 2] = [(0.0, T, &[12.5]), (1.0, T, &[95.6])];
    let made = Made::new(Layout::Flat).stream("metrics.jsonl", &["accuracy"], &rows);
    assert_eq!(made.summary()[0], "Accuracy: 95.6");
}

#[test]
fn the_loss_that_judges_a_run() {
    let judged = |keys: &[&str]| {
        let values: Vec<f64> = (1..).map(f64::from).take(keys.len()).collect();
        let made = Made::new(Layout::Flat).stream("metrics.jsonl", keys, &[(0.0, T, &values)]);
        summary::best(made.run(), &made.all()).map(|best| best.metric)
    };
    let table: [(&[&str], Option<&str>); 7] = [
        (&["train/loss", "val/loss", "loss"], Some("val/loss")),
        (&["train/loss", "val/ce_loss"], Some("val/ce_loss")),
        (&["train/loss", "aux loss"], Some("train/loss")),
        (&["train/loss", "loss"], Some("loss")),
        (&["test/loss", "train/loss"], Some("test/loss")),
        (&["ce_loss", "accuracy"], Some("ce_loss")),
        (&["accuracy", "loss_scale"], None),
    ];
    for (keys, expected) in table {
        assert_eq!(judged(keys).as_deref(), expected, "{keys:?}");
    }
}

#[test]
fn the_epoch_of_a_step_is_named_by_another_row_of_it() {
    let val_losses = [2.0, 0.5, 0.9];
    let rows: Vec<(f64, f64, [f64; 3])> = (0..6)
        .map(|row| {
            let epoch = row / 2;
            let values = if row % 2 == 0 {
                [1.0, epoch as f64, NONE]
            } else {
                [NONE, NONE, val_losses[epoch]]
            };
            (epoch as f64 * 390.0, T + row as f64, values)
        })
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows.iter().map(|(s, t, v)| (*s, *t, &v[..])).collect();
    let keys = ["train.loss", "epoch", "val.loss"];
    let made = Made::new(Layout::MlLogger)
        .stream("metrics.jsonl", &keys, &rows)
        .param("epochs", 3.0);
    assert!(
        made.summary().contains(&"Best Epoch: 1".to_owned()),
        "{:?}",
        made.summary()
    );
    let best = summary::best(made.run(), &made.all()).expect("a best loss");
    assert_eq!(best.at.text(), "step 390");
}
