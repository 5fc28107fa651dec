//! Tests of which charts a run has.

use super::super::made::{Made, NONE, T};
use super::*;
use crate::record::Layout;

fn charts_of(made: &Made) -> Vec<Chart> {
    charts(made.run(), &made.all())
}

/// Each chart with its lines, the bands in brackets.
fn told(made: &Made) -> Vec<String> {
    let line = |line: &Line| {
        if line.band {
            format!("({})", line.name)
        } else {
            line.name.clone()
        }
    };
    let tell = |chart: &Chart| {
        let lines: Vec<String> = chart.lines.iter().map(line).collect();
        format!("{}: {}", chart.title, lines.join(" "))
    };
    charts_of(made).iter().map(tell).collect()
}

/// One stream without a name, and two rows with the same values.
fn flat(keys: &[&str]) -> Made {
    let row = vec![0.5; keys.len()];
    let rows = [(0.0, T, &row[..]), (1.0, T, &row[..])];
    Made::new(Layout::Jsonl).stream("", keys, &rows)
}

#[test]
fn splits_of_every_naming_share_a_chart() {
    for keys in [
        ["train_loss", "val_loss"],
        ["train/loss", "eval/loss"],
        ["train.loss", "valid.loss"],
        ["loss/train", "loss/dev"],
        ["trainLoss", "validationLoss"],
    ] {
        let charts = charts_of(&flat(&keys));
        assert_eq!(charts.len(), 1, "{keys:?}");
        assert_eq!(charts[0].title, "loss");
        let splits: Vec<_> = charts[0].lines.iter().map(|line| line.split).collect();
        assert_eq!(splits, [Some(Split::Train), Some(Split::Val)], "{keys:?}");
    }
    let rows: &[(f64, f64, &[f64])] = &[(0.0, T, &[1.0, 0.4]), (1.0, T, &[0.9, 0.5])];
    let streams = Made::new(Layout::Prefix)
        .stream("eval", &["loss", "accuracy"], rows)
        .stream("train", &["loss", "acc"], rows);
    let expected = [
        "loss: train/loss eval/loss",
        "accuracy: train/acc eval/accuracy",
    ];
    assert_eq!(
        told(&streams),
        expected.map(|s| s.replace("accuracy: ", "acc: "))
    );
}

#[test]
fn splits_of_every_tracker_share_a_chart() {
    let rows: &[(f64, f64, &[f64])] = &[(0.0, T, &[1.0]), (1.0, T, &[0.9])];
    let two = |layout: Layout, names: [&str; 2], key: &str| {
        Made::new(layout)
            .stream(names[0], &[key], rows)
            .stream(names[1], &[key], rows)
    };
    let one = |layout: Layout, keys: [&str; 2]| {
        let row: &[f64] = &[1.0, 0.5];
        let rows = [(0.0, T, row), (1.0, T, row)];
        Made::new(layout).stream("metrics", &keys, &rows)
    };
    let trackers = [
        // ml-dash, today and before, and as it is downloaded.
        two(Layout::Prefix, ["train", "eval"], "loss"),
        two(Layout::Folder, ["train_loss", "val_loss"], "value"),
        two(Layout::Download, ["train/loss", "val/loss"], "value"),
        two(Layout::Prefix, ["train", "valid"], "loss.mean"),
        two(Layout::Prefix, ["train.loss", "test.loss"], "mean"),
        // ML-Logger.
        one(Layout::MlLogger, ["train.loss", "val.loss"]),
        one(Layout::MlLogger, ["train_loss", "dev_loss"]),
        // The writer of one document, and flat lines.
        one(Layout::Epochs, ["train_loss", "val_loss"]),
        one(Layout::Flat, ["train/loss", "eval/loss"]),
        one(Layout::Flat, ["train/loss/mean", "eval/loss/mean"]),
        one(Layout::Jsonl, ["loss", "validation loss"]),
    ];
    for (at, made) in trackers.iter().enumerate() {
        let charts = charts_of(made);
        assert_eq!(charts.len(), 1, "{at}: {:?}", told(made));
        assert_eq!(
            (charts[0].title.as_str(), charts[0].lines.len()),
            ("loss", 2),
            "{at}"
        );
        let splits: Vec<_> = charts[0].lines.iter().map(|line| line.split).collect();
        assert_ne!(splits[0], splits[1], "{at}");
    }
}

#[test]
fn series_whose_flat_names_collide_stay_two() {
    let rows: &[(f64, f64, &[f64])] = &[(0.0, T, &[1.0]), (1.0, T, &[0.9])];
    let made = Made::new(Layout::Prefix)
        .stream("train", &["loss.mean"], rows)
        .stream("train.loss", &["mean"], rows);
    assert_eq!(told(&made), ["loss: train/loss.mean train.loss/mean"]);
}

#[test]
fn the_order_is_by_what_people_ask_first() {
    let keys = [
        "zeta",
        "gpu_util",
        "alpha",
        "samples_per_sec",
        "grad_norm",
        "lr",
        "train_accuracy",
        "val_f1",
        "val_accuracy",
        "train_aux_loss",
        "val_loss",
        "train_loss",
    ];
    let titles: Vec<String> = charts_of(&flat(&keys))
        .into_iter()
        .map(|c| c.title)
        .collect();
    let expected = [
        "loss",
        "accuracy",
        "f1",
        "lr",
        "grad_norm",
        "samples_per_sec",
        "gpu_util",
        "alpha",
        "aux_loss",
        "zeta",
    ];
    assert_eq!(titles, expected);
}

#[test]
fn summaries_are_one_chart() {
    let keys = [
        "loss.mean",
        "loss.min",
        "loss.max",
        "loss.std",
        "loss.count",
        "loss.p95",
    ];
    assert_eq!(
        told(&flat(&keys)),
        ["loss: loss.mean (loss.min) (loss.max)"]
    );
    assert_eq!(
        told(&flat(&["loss.std", "loss.max", "loss.median"])),
        ["loss: loss.median"]
    );
    assert_eq!(told(&flat(&["tokens.sum"])), ["tokens: tokens.sum"]);
    // Raw values beside summary rows are a line of their own.
    assert_eq!(
        told(&flat(&["loss", "loss.mean"])),
        ["loss: loss loss.mean"]
    );
}

#[test]
fn what_is_no_measurement_is_no_chart() {
    let keys = ["step", "epoch", "_ts", "index", "loss"];
    assert_eq!(told(&flat(&keys)), ["loss: loss"]);
    let rows: &[(f64, f64, &[f64])] = &[(0.0, T, &[0.0, 1e-3]), (1.0, T, &[1.0, 1e-4])];
    let copied: &[(f64, f64, &[f64])] = &[(0.0, T, &[0.0, 1e-3, 2.0]), (1.0, T, &[1.0, 1e-4, 1.0])];
    let made = Made::new(Layout::Prefix)
        .stream("", &["epoch", "lr"], rows)
        .stream("train", &["epoch", "lr", "loss"], copied);
    assert_eq!(told(&made), ["loss: train/loss", "lr: lr"]);
    let never: &[(f64, f64, &[f64])] = &[(0.0, T, &[1.0, NONE])];
    assert_eq!(
        told(&Made::new(Layout::Jsonl).stream("", &["loss", "x"], never)),
        ["loss: loss"]
    );
}

#[test]
fn a_learning_rate_over_two_orders_is_logarithmic() {
    let of = |key: &str, values: [f64; 2]| {
        let rows = values.map(|value| [value]);
        let rows = [(0.0, T, &rows[0][..]), (1.0, T, &rows[1][..])];
        charts_of(&Made::new(Layout::Jsonl).stream("", &[key], &rows))[0].logarithmic
    };
    assert!(of("lr", [1e-3, 1e-5]));
    assert!(of("optimizer/lr", [1e-5, 1e-3]));
    assert!(!of("lr", [1e-3, 1e-4]));
    assert!(
        !of("lr", [0.0, 1e-3]),
        "zero has no place on a logarithmic axis"
    );
    assert!(!of("loss", [1e-3, 10.0]));
}

#[test]
fn the_best_point_is_on_the_validation_data() {
    let rows: &[(f64, f64, &[f64])] = &[
        (0.0, T, &[0.1, 0.9, 0.3]),
        (1.0, T, &[0.2, 0.4, 0.8]),
        (2.0, T, &[0.05, 0.6, 0.7]),
    ];
    let keys = ["train_loss", "val_loss", "test_accuracy"];
    let charts = charts_of(&Made::new(Layout::Epochs).stream("metrics", &keys, rows));
    let best = |at: usize| {
        let best = charts[at].best.as_ref().expect("a best point");
        (
            charts[at].lines[best.line].name.as_str(),
            best.row,
            best.value,
            best.at.value,
        )
    };
    assert_eq!(best(0), ("val_loss", 1, 0.4, 1.0));
    assert_eq!(best(1), ("test_accuracy", 1, 0.8, 1.0));
    assert!(charts_of(&flat(&["weight"]))[0].best.is_none());
}

#[test]
fn values_that_are_no_numbers_are_counted() {
    let rows: &[(f64, f64, &[f64])] = &[
        (3.0, T, &[1.0]),
        (7.0, T, &[f64::INFINITY]),
        (9.0, T, &[f64::NEG_INFINITY]),
    ];
    let charts = charts_of(&Made::new(Layout::Jsonl).stream("", &["loss"], rows));
    let line = &charts[0].lines[0];
    assert_eq!(
        (line.nan, line.infinite, line.range),
        (0, [1, 1], Some((1.0, 1.0)))
    );
    assert_eq!(
        line.first_non_finite.map(Position::text),
        Some("step 7".to_owned())
    );
}
