//! Tests of axes: which there are, and where rows lie along them.

use super::super::made::{Made, NONE, T};
use super::super::overview::Overview;
use super::*;
use crate::record::Layout;

fn axes(made: &Made) -> Axes {
    Overview::of(made.run(), T).axes
}

fn names(made: &Made) -> Vec<&'static str> {
    axes(made).kinds().iter().map(|kind| kind.name()).collect()
}

/// The places of the first rows of a stream's first column.
fn places(made: &Made, stream: u32, kind: XAxis, rows: u64) -> Vec<f64> {
    let axes = axes(made);
    let along = axes.along(made.run(), StreamId(stream), kind);
    let mut along = along.expect("a way to find places");
    (0..rows).filter_map(|row| along.place(row)).collect()
}

#[test]
fn epochs_come_before_steps_where_the_run_counts_them() {
    let rows: &[(f64, f64, &[f64])] = &[
        (0.0, T, &[1.0, 0.0]),
        (10.0, T + 5.0, &[0.9, 1.0]),
        (20.0, T + 9.0, &[0.8, 2.0]),
    ];
    let made = Made::new(Layout::Jsonl).stream("", &["loss", "epoch"], rows);
    assert_eq!(names(&made), ["epoch", "step", "time", "clock"]);
    assert_eq!(places(&made, 0, XAxis::Epoch, 3), [0.0, 1.0, 2.0]);
    assert_eq!(places(&made, 0, XAxis::Step, 3), [0.0, 10.0, 20.0]);
    assert_eq!(places(&made, 0, XAxis::Time, 3), [0.0, 5.0, 9.0]);
    assert_eq!(places(&made, 0, XAxis::Clock, 3), [T, T + 5.0, T + 9.0]);
    assert_eq!(axes(&made).range(XAxis::Clock), Some((T, T + 9.0)));
    assert_eq!(axes(&made).range(XAxis::Step), Some((0.0, 20.0)));
}

#[test]
fn rows_are_counted_where_nothing_else_is_known() {
    let rows: &[(f64, f64, &[f64])] = &[(NONE, NONE, &[1.0]), (NONE, NONE, &[2.0])];
    let made = Made::new(Layout::Jsonl).stream("", &["loss"], rows);
    assert_eq!(names(&made), ["row"]);
    assert_eq!(places(&made, 0, XAxis::Row, 2), [0.0, 1.0]);
    assert_eq!(names(&Made::new(Layout::Jsonl)), ["row"]);
}

#[test]
fn one_epoch_of_many_rows_is_no_axis_yet() {
    let rows: Vec<(f64, f64, &[f64])> = (0..9)
        .map(|at| (f64::from(at), NONE, &[1.0, 0.0][..]))
        .collect();
    let made = Made::new(Layout::Jsonl).stream("", &["loss", "epoch"], &rows);
    assert_eq!(names(&made)[0], "step");
}

#[test]
fn the_rows_of_an_epoch_are_spread_over_it() {
    let rows: Vec<[f64; 2]> = (0..10).map(|at| [1.0, f64::from(at / 4)]).collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at as f64, NONE, &row[..]))
        .collect();
    let made = Made::new(Layout::Jsonl).stream("", &["loss", "epoch"], &rows);
    let found = places(&made, 0, XAxis::Epoch, 10);
    // The last epoch has not ended: its rows stand where they will stay.
    assert_eq!(
        found,
        [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25]
    );
    assert_eq!(axes(&made).range(XAxis::Epoch), Some((0.0, 3.0)));
}

#[test]
fn rows_of_two_streams_meet_at_their_steps() {
    let train: Vec<[f64; 2]> = (0..8).map(|at| [1.0, f64::from(at / 2)]).collect();
    let train: Vec<(f64, f64, &[f64])> = train
        .iter()
        .enumerate()
        .map(|(at, row)| (at as f64 * 100.0, NONE, &row[..]))
        .collect();
    let eval: &[(f64, f64, &[f64])] = &[(200.0, NONE, &[1.0]), (650.0, NONE, &[1.0])];
    let made = Made::new(Layout::Prefix)
        .stream("train", &["loss", "epoch"], &train)
        .stream("eval", &["loss"], eval);
    assert_eq!(places(&made, 1, XAxis::Step, 2), [200.0, 650.0]);
    assert_eq!(places(&made, 1, XAxis::Epoch, 2), [1.0, 3.0]);
}

/// Eight training rows in epochs of two, a hundred steps apart.
fn eight() -> Vec<(f64, f64, &'static [f64])> {
    const EPOCHS: [[f64; 2]; 4] = [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
    let row = |at: usize| (at as f64 * 100.0, T + at as f64, &EPOCHS[at / 2][..]);
    (0..8).map(row).collect()
}

#[test]
fn validation_stands_where_its_moment_of_the_epoch_is() {
    // After all of its epoch, also where it was measured late; one that comes before any training.
    let named: &[(f64, f64, &[f64])] = &[
        (100.0, T + 1.2, &[1.0, 0.0]),
        (400.0, T + 4.2, &[1.0, 1.0]),
        (500.0, T + 5.2, &[1.0, 2.0]),
        (700.0, T + 7.2, &[1.0, 4.0]),
    ];
    let without_steps: Vec<_> = named.iter().map(|row| (NONE, row.1, row.2)).collect();
    let without_times: Vec<_> = named.iter().map(|row| (NONE, NONE, row.2)).collect();
    for eval in [named, &without_steps, &without_times] {
        let made = Made::new(Layout::Prefix)
            .stream("train", &["loss", "epoch"], &eight())
            .stream("eval", &["loss", "epoch"], eval);
        let found = places(&made, 1, XAxis::Epoch, 4);
        assert_eq!(found, [0.5, 1.5, 2.5, 4.0], "{eval:?}");
        let train = places(&made, 0, XAxis::Epoch, 8);
        assert_eq!(train, [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]);
    }
}

#[test]
fn rows_of_one_step_stand_at_one_place_of_the_epoch() {
    // One file: training, and behind it the validation of the same step.
    let rows: Vec<[f64; 3]> = (0..12)
        .map(|at| match at % 3 {
            2 => [NONE, 1.0, f64::from(at / 3)],
            _ => [1.0, NONE, f64::from(at / 3)],
        })
        .collect();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            (
                (at - at / 3 - usize::from(at % 3 == 2)) as f64,
                NONE,
                &row[..],
            )
        })
        .collect();
    let made = Made::new(Layout::Jsonl).stream("", &["loss", "val/loss", "epoch"], &rows);
    let found = places(&made, 0, XAxis::Epoch, 6);
    let third = 1.0 / 3.0;
    assert_eq!(found, [0.0, third, third, 1.0, 1.0 + third, 1.0 + third]);
}

#[test]
fn the_place_of_a_row_does_not_depend_on_what_was_asked_before() {
    let rows: Vec<[f64; 2]> = [0, 0, 0, 0, 1, 1, 2]
        .map(|epoch| [1.0, f64::from(epoch)])
        .to_vec();
    let rows: Vec<(f64, f64, &[f64])> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at as f64, NONE, &row[..]))
        .collect();
    let more: Vec<_> = rows
        .iter()
        .copied()
        .chain([(7.0, NONE, &[1.0, 2.0][..])])
        .collect();
    let made = Made::new(Layout::Jsonl).stream("", &["loss", "epoch"], &more);
    let axes = axes(&made);
    let mut along = axes
        .along(made.run(), StreamId(0), XAxis::Epoch)
        .expect("epochs");
    let single: Vec<_> = (0..8)
        .map(|row| {
            axes.along(made.run(), StreamId(0), XAxis::Epoch)?
                .place(row)
        })
        .collect();
    for row in [0, 7, 2, 6, 5, 7] {
        along.begin();
        assert_eq!(along.place(row), single[row as usize], "{row}");
    }
}

#[test]
fn epochs_of_the_root_are_joined_by_time_or_number() {
    let root: &[(f64, f64, &[f64])] = &[
        (0.0, T, &[0.0]),
        (1.0, T + 10.0, &[1.0]),
        (2.0, T + 20.0, &[2.0]),
    ];
    let near: &[(f64, f64, &[f64])] = &[
        (NONE, T + 1.0, &[1.0]),
        (NONE, T + 2.0, &[1.0]),
        (NONE, T + 9.0, &[1.0]),
        (NONE, T + 19.0, &[1.0]),
        (NONE, T + 99.0, &[1.0]),
    ];
    let made = Made::new(Layout::Prefix)
        .stream("", &["epoch"], root)
        .stream("train", &["loss"], near)
        .stream("eval", &["loss"], &near[..3]);
    assert_eq!(places(&made, 1, XAxis::Epoch, 5), [0.0, 0.0, 1.0, 2.0, 2.0]);
    assert_eq!(places(&made, 2, XAxis::Epoch, 3), [0.0, 1.0, 2.0]);
}

#[test]
fn places_never_go_back_before_they_begin_anew() {
    let rows: Vec<(f64, f64, &[f64])> = [0.0, 5.0, 3.0, 9.0]
        .map(|step| (step, NONE, &[1.0][..]))
        .to_vec();
    let made = Made::new(Layout::Jsonl).stream("", &["loss"], &rows);
    assert_eq!(places(&made, 0, XAxis::Step, 4), [0.0, 5.0, 5.0, 9.0]);
    let axes = axes(&made);
    let along = axes.along(made.run(), StreamId(0), XAxis::Step);
    let mut along = along.expect("steps");
    along.place(3);
    along.begin();
    assert_eq!(along.place(2), Some(3.0));
}

#[test]
fn times_since_the_start_of_a_recording_are_no_times_of_day() {
    let rows: &[(f64, f64, &[f64])] = &[(0.0, 0.5, &[1.0]), (1.0, 2.5, &[0.9])];
    let made = Made::new(Layout::Jsonl).stream("", &["loss"], rows);
    assert_eq!(names(&made), ["step", "time"]);
}

#[test]
fn rows_are_found_by_their_places() {
    let rows: Vec<(f64, f64, &[f64])> = [0.0, 5.0, 5.0, 9.0]
        .map(|step| (step, NONE, &[1.0][..]))
        .to_vec();
    let made = Made::new(Layout::Jsonl).stream("", &["loss"], &rows);
    let axes = axes(&made);
    let along = axes.along(made.run(), StreamId(0), XAxis::Step);
    let mut along = along.expect("steps");
    let table = [
        (-1.0, 0),
        (0.0, 0),
        (0.1, 1),
        (5.0, 1),
        (5.1, 3),
        (9.0, 3),
        (9.1, 4),
    ];
    for (place, row) in table {
        assert_eq!(along.first_from(0..4, place), row, "{place}");
    }
    assert_eq!(along.first_from(2..3, 0.0), 2);
    assert_eq!(along.first_from(2..2, 0.0), 2);
    assert_eq!(along.place(0), Some(0.0), "it begins anew");
}
