//! States and findings of whole runs.

use super::{FindingKind, State, last_sign};
use crate::insight::made::{Made, NONE, T};
use crate::insight::summary;
use crate::record::{Facts, Layout, Status};

/// A number that is none, and is there.
const N: f64 = -f64::NAN;

/// A run with one series, a row every second.
fn one(key: &str, values: &[f64]) -> Made {
    with(Made::new(Layout::MlLogger), key, values)
}

fn with(made: Made, key: &str, values: &[f64]) -> Made {
    let rows: Vec<(f64, f64, &[f64])> = values
        .iter()
        .enumerate()
        .map(|(at, value)| (at as f64, T + at as f64, std::slice::from_ref(value)))
        .collect();
    made.stream("metrics.jsonl", &[key], &rows)
}

fn status(status: Status, started: f64, completed: Option<f64>) -> Facts {
    Facts {
        status: Some(status),
        started: Some(started),
        completed,
        ..Facts::default()
    }
}

#[test]
fn states_by_rhythm() {
    let rows: Vec<(f64, f64, [f64; 1])> = (0..20)
        .map(|i| (f64::from(i), T + 10.0 * f64::from(i), [1.0]))
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .map(|(s, t, v)| (*s, *t, v.as_slice()))
        .collect();
    let made = || Made::new(Layout::Prefix).stream("train", &["loss"], &rows);
    let last = T + 190.0;
    assert_eq!(made().state(last + 25.0), State::Running);
    assert_eq!(made().state(last + 300.0), State::Stalled);
    assert_eq!(made().state(last + 7200.0), State::Silent);
    // A clock that runs ahead is no reason to call a run dead, nor a file that is newer.
    assert_eq!(made().state(last - 5.0), State::Running);
    assert_eq!(
        made().modified(last + 7100.0).state(last + 7200.0),
        State::Silent
    );
    let told = |s: Status, end: Option<f64>| made().facts(status(s, T, end)).state(last + 7200.0);
    assert_eq!(told(Status::Completed, Some(last)), State::Finished);
    assert_eq!(told(Status::Failed, Some(last)), State::Failed);
    assert_eq!(told(Status::Cancelled, None), State::Cancelled);
    // Never running for ever.
    assert_eq!(told(Status::Running, None), State::Silent);
    // Opened again: the old end counts for nothing.
    let again = made().facts(status(Status::Completed, T + 100.0, Some(T + 50.0)));
    assert_eq!(again.state(last + 5.0), State::Running);
}

#[test]
fn a_quick_writer_is_not_stalled_by_its_buffer() {
    let rows: Vec<(f64, f64, [f64; 1])> = (0..50)
        .map(|i| (f64::from(i), T + 0.01 * f64::from(i), [1.0]))
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .map(|(s, t, v)| (*s, *t, v.as_slice()))
        .collect();
    let made = Made::new(Layout::Prefix).stream("train", &["loss"], &rows);
    assert_eq!(made.state(T + 50.0), State::Running);
    assert_eq!(made.state(T + 90.0), State::Stalled);
    assert_eq!(made.state(T + 700.0), State::Silent);
}

#[test]
fn rows_without_times_are_judged_by_their_file() {
    let rows: [(f64, f64, &[f64]); 2] = [(1.0, NONE, &[1.0]), (2.0, NONE, &[0.5])];
    let made = || {
        Made::new(Layout::Flat)
            .stream("metrics.jsonl", &["loss"], &rows)
            .modified(T)
    };
    // Nothing tells how often rows come: two may be an hour apart.
    for (quiet, state) in [
        (5.0, State::Running),
        (500.0, State::Running),
        (700.0, State::Stalled),
        (7200.0, State::Silent),
    ] {
        assert_eq!(made().state(T + quiet), state, "after {quiet} s");
    }
    let young = Made::new(Layout::Prefix).modified(T);
    assert_eq!(young.state(T + 60.0), State::Waiting);
    assert_eq!(young.state(T + 7200.0), State::Silent);
    let announced = Made::new(Layout::Epochs).facts(Facts {
        status: Some(Status::Pending),
        ..Facts::default()
    });
    assert_eq!(announced.state(T), State::Waiting);
}

#[test]
fn a_copied_run_that_ended_is_as_old_as_its_end() {
    let rows: [(f64, f64, &[f64]); 1] = [(1.0, NONE, &[1.0])];
    let sign = |status: Option<Status>, completed: f64| {
        let facts = Facts {
            status,
            started: Some(T),
            completed: Some(completed),
            ..Facts::default()
        };
        let made = Made::new(Layout::Epochs)
            .stream("metrics.json", &["val_loss"], &rows)
            .facts(facts)
            .modified(T + 9000.0);
        last_sign(made.run(), T + 9500.0)
    };
    for ended in [Status::Completed, Status::Failed, Status::Cancelled] {
        assert_eq!(sign(Some(ended), T + 60.0), Some(T + 60.0));
    }
    // Nobody says that it ended, it was opened again, or the end is still to come.
    assert_eq!(sign(Some(Status::Running), T + 60.0), Some(T + 9000.0));
    assert_eq!(sign(Some(Status::Completed), T - 60.0), Some(T + 9000.0));
    assert_eq!(
        sign(Some(Status::Completed), T + 99_000.0),
        Some(T + 9000.0)
    );
}

#[test]
fn numbers_that_are_none_are_told_with_their_place() {
    let rows: [(f64, f64, &[f64]); 4] = [
        (0.0, T, &[1.0]),
        (1.0, T, &[-f64::NAN]),
        (2.0, T, &[f64::INFINITY]),
        (3.0, T, &[-f64::NAN]),
    ];
    let made = Made::new(Layout::MlLogger).stream("metrics.jsonl", &["val_loss"], &rows);
    let text = "Val Loss NaN ×2, Inf ×1 from step 1".to_owned();
    assert_eq!(made.findings(), [(FindingKind::NonFinite, text)]);
    assert_eq!(made.summary()[..2], ["Val Loss: NaN", "Best Val Loss: 1"]);
}

#[test]
fn a_rise_is_told_and_noise_is_not() {
    let losses = |f: fn(i32) -> f64| {
        let rows: Vec<(f64, f64, [f64; 1])> = (0..40).map(|i| (f64::from(i), T, [f(i)])).collect();
        let rows: Vec<(f64, f64, &[f64])> = rows
            .iter()
            .map(|(s, t, v)| (*s, *t, v.as_slice()))
            .collect();
        Made::new(Layout::MlLogger)
            .stream("metrics.jsonl", &["val_loss"], &rows)
            .findings()
    };
    let rise = losses(|i| 1.0 + (f64::from(i) - 20.0).abs() / 10.0);
    assert_eq!(
        rise,
        [(
            FindingKind::Rising,
            "Val Loss rising since step 20: 1 then, 2.9 now".to_owned()
        )]
    );
    assert_eq!(
        losses(|i| 1.0 + f64::from(i % 3) + if i == 3 { -0.5 } else { 0.0 } - f64::from(i) / 100.0),
        []
    );
    assert_eq!(losses(|i| 1.0 / f64::from(i + 1)), []);
    let spike = losses(|i| {
        if i == 30 {
            999.0
        } else {
            1.0 - f64::from(i) / 100.0
        }
    });
    assert_eq!(
        spike,
        [(
            FindingKind::Spike,
            "Val Loss spiked to 999 at step 30".to_owned()
        )]
    );
}

#[test]
fn restarts_are_told_and_the_newest_part_counts() {
    let rows: [(f64, f64, &[f64]); 5] = [
        (0.0, T, &[1.0]),
        (1.0, T, &[0.1]),
        (2.0, T, &[0.2]),
        (0.0, T, &[0.9]),
        (1.0, T, &[0.8]),
    ];
    let made = Made::new(Layout::MlLogger).stream("metrics.jsonl", &["loss"], &rows);
    let best = summary::best(made.run(), &made.all()).expect("a best loss");
    assert_eq!((best.value, best.at.value), (0.8, 1.0));
    assert_eq!(
        made.findings(),
        [(
            FindingKind::Restarted,
            "Loss restarted at step 0".to_owned()
        )]
    );
}

#[test]
fn times_from_the_future_are_told() {
    let made =
        Made::new(Layout::Jsonl).stream("rows.jsonl", &["loss"], &[(0.0, T + 3600.0, &[1.0])]);
    let text = "times are 1h 00m ahead of this clock".to_owned();
    assert_eq!(made.findings_at(T), [(FindingKind::Ahead, text)]);
    assert_eq!(made.findings_at(T + 3596.0), []);
}

#[test]
fn one_row_is_no_rhythm() {
    let made = one("loss", &[1.0]).facts(status(Status::Running, T - 1.0, None));
    assert_eq!(made.state(T + 500.0), State::Running);
    assert_eq!(made.state(T + 700.0), State::Stalled);
    assert_eq!(made.state(T + 4000.0), State::Silent);
}

#[test]
fn pauses_between_bursts_are_no_stall() {
    // Ten rows at once, then validation for three minutes, five times.
    let rows: Vec<(f64, f64, &[f64])> = (0..50)
        .map(|row| {
            let time = T + f64::from(row / 10) * 180.0 + f64::from(row % 10) * 0.1;
            (f64::from(row), time, &[1.0][..])
        })
        .collect();
    let made = Made::new(Layout::Prefix).stream("train", &["loss"], &rows);
    let last = T + 720.9;
    assert_eq!(made.state(last + 200.0), State::Running);
    assert_eq!(made.state(last + 1700.0), State::Stalled);
}

#[test]
fn nothing_is_stalled_before_it_has_been_read() {
    let values = [1.0; 20];
    let unread = || with(Made::unread(Layout::MlLogger), "loss", &values);
    let last = T + 19.0;
    assert_eq!(one("loss", &values).state(last + 300.0), State::Stalled);
    assert_eq!(unread().state(last + 300.0), State::Running);
    // The newest rows are not known yet, but when their file was last changed.
    let changed = unread().modified(last + 5000.0);
    assert_eq!(changed.state(last + 5002.0), State::Running);
    assert_eq!(changed.state(last + 9000.0), State::Silent);
}

#[test]
fn nan_between_values_is_what_was_not_measured() {
    let seldom: [&[f64]; 7] = [
        &[2.0, N, N, N, N, 1.0],
        &[2.0, N, N, N, N, 1.0, N, N, N, N],
        &[N, N, N, N, 2.0, N, N, N, N, 1.0, N],
        &[2.0, N, 1.5, N, 1.0],
        &[2.0, N, 1.5, N, 1.0, N],
        &[N, 2.0, N, 1.5, N, 1.0, N, 0.9],
        // One pause may be a little longer than the others.
        &[2.0, N, N, N, N, 1.0, N, N, N, N, N, N],
    ];
    for values in seldom {
        let made = one("val_loss", values);
        assert!(made.all()[0].measured_seldom(), "{values:?}");
        assert_eq!(made.findings(), [], "{values:?}");
        let last = values.iter().rev().find(|value| value.is_finite());
        assert_eq!(made.all()[0].last(), last.copied(), "{values:?}");
    }
    let broken: [&[f64]; 9] = [
        &[2.0, N],
        &[2.0, 1.0, N, N, N, N],
        &[N, N, N],
        &[2.0, 1.5, N, 1.0, 0.9],
        &[2.0, N, 1.5],
        &[2.0, 1.5, N, 1.2, 1.1, N, 1.0, 0.9, N, 0.8],
        // Measured seldom, and then no more.
        &[2.0, N, N, N, N, 1.0, N, N, N, N, N, N, N, N, N],
        &[2.0, N, 1.0, N, 0.5, N, N, N],
        // Diverged, and started again.
        &[2.0, 1.5, 1.2, 1.0, 0.9, N, N, N, N, N, N, 0.9, 0.8],
    ];
    for values in broken {
        let made = one("val_loss", values);
        assert!(!made.all()[0].measured_seldom(), "{values:?}");
        let kinds: Vec<FindingKind> = made.findings().iter().map(|found| found.0).collect();
        assert_eq!(kinds, [FindingKind::NonFinite], "{values:?}");
        let (last, told) = (values.last().copied(), made.all()[0].last());
        assert_eq!(told.map(f64::is_nan), last.map(f64::is_nan), "{values:?}");
    }
}

#[test]
fn infinities_at_the_very_beginning_are_no_worry() {
    const INF: f64 = f64::INFINITY;
    let behind = [2.0, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3];
    let begun = |start: &[f64]| -> Vec<f64> { start.iter().chain(&behind).copied().collect() };
    for key in ["max_grad_norm", "best_loss", "val_loss"] {
        let made = one(key, &begun(&[INF]));
        let found = made.findings();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, FindingKind::BeganInfinite);
        assert!(found[0].1.ends_with(" began with Inf ×1"), "{found:?}");
        assert_eq!(made.all()[0].infinite(), [0, 0]);
    }
    let two = begun(&[INF, INF]);
    assert_eq!(
        one("grad_norm", &two).findings()[0].0,
        FindingKind::BeganInfinite
    );
    let again: Vec<f64> = two.iter().copied().chain([INF]).collect();
    let worries: [&[f64]; 5] = [
        &again,
        &begun(&[2.0, INF]),
        &begun(&[INF, N]),
        &begun(&[INF; 3]),
        &[INF, 2.0],
    ];
    for values in worries {
        let made = one("grad_norm", values);
        assert_eq!(made.findings()[0].0, FindingKind::NonFinite, "{values:?}");
        assert_ne!(made.all()[0].infinite(), [0, 0], "{values:?}");
    }
}

#[test]
fn an_infinite_value_among_what_was_not_measured_is_told() {
    let values = [
        2.0,
        N,
        N,
        1.0,
        N,
        N,
        0.9,
        N,
        f64::INFINITY,
        N,
        0.8,
        N,
        N,
        0.7,
    ];
    let text = "Val Loss Inf once at step 8".to_owned();
    assert_eq!(
        one("val_loss", &values).findings(),
        [(FindingKind::NonFinite, text)]
    );
}

#[test]
fn the_worst_comes_first() {
    const I: f64 = f64::INFINITY;
    let keys = [
        "grad_norm",
        "scale",
        "aux_loss",
        "val_loss",
        "val/ce_loss",
        "train_loss",
    ];
    let rows: Vec<(f64, f64, [f64; 6])> = (0..40)
        .map(|row| {
            let at = f64::from(row);
            let values = [
                if row == 7 { I } else { 2.0 },
                if row == 8 { N } else { 1.0 },
                if row == 9 { N } else { 1.0 },
                1.0 + (at - 15.0).abs() / 10.0,
                if row == 30 { 900.0 } else { 1.0 },
                if row > 36 { N } else { 0.5 },
            ];
            (at, T + at, values)
        })
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows.iter().map(|(s, t, v)| (*s, *t, &v[..])).collect();
    let made = Made::new(Layout::MlLogger).stream("metrics.jsonl", &keys, &rows);
    let texts: Vec<String> = made
        .findings_at(T)
        .into_iter()
        .map(|found| found.1)
        .collect();
    let expected = [
        "Train Loss NaN ×3 from step 37",
        "Aux Loss NaN once at step 9",
        "Scale NaN once at step 8",
        "Val Loss rising since step 15: 1 then, 3.4 now",
        "Val CE Loss spiked to 900 at step 30",
        "Grad Norm Inf once at step 7",
        "times are 39 s ahead of this clock",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn findings_name_the_series_for_machines_and_people() {
    let made = one("val/loss", &[1.0, N]);
    let found = super::findings(made.run(), &made.all(), T + 9.0);
    assert_eq!(found[0].metric.as_deref(), Some("val/loss"));
    assert_eq!(found[0].text, "Val Loss NaN ×1 from step 1");
    let nameless = one("", &[1.0, N]);
    let found = super::findings(nameless.run(), &nameless.all(), T + 9.0);
    assert_eq!(found.len(), 1);
}

#[test]
fn a_noisy_loss_that_has_settled_does_not_rise() {
    let mut state = 9_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
    };
    let told = |values: &[f64]| {
        let found = one("val_loss", values).findings();
        found.iter().any(|found| found.0 == FindingKind::Rising)
    };
    let (mut false_alarms, mut missed) = (0, 0);
    for _ in 0..200 {
        let settled = |at: i32| 1.5 * (-f64::from(at) / 8.0).exp() + 0.4;
        let noisy: Vec<f64> = (0..40)
            .map(|at| settled(at) * (1.0 + 0.3 * random()))
            .collect();
        false_alarms += u32::from(told(&noisy[..20])) + u32::from(told(&noisy));
        let worse = |at: i32| settled(at) + 0.02 * f64::from((at - 20).max(0));
        let rises: Vec<f64> = (0..40)
            .map(|at| worse(at) * (1.0 + 0.05 * random()))
            .collect();
        missed += u32::from(!told(&rises));
    }
    assert!(false_alarms <= 4, "{false_alarms} of 400");
    assert!(missed <= 10, "{missed} of 200");
}

#[test]
fn few_values_are_no_trend() {
    let mut values: Vec<f64> = (0..15).map(|at| 2.0 - f64::from(at) / 10.0).collect();
    values.extend([1.0, 1.1, 1.2, 1.3, 1.4]);
    assert_eq!(one("val_loss", &values).findings(), []);
    values.extend([1.5, 1.6, 1.7, 1.8]);
    assert_eq!(one("val_loss", &values).findings().len(), 1);
}
