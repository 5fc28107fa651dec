//! What may happen to a stream.

use std::ops::Range;

use ml_dash_top::record::{ColumnId, ColumnRows, Mark, Rows};
use proptest::prelude::*;

pub(crate) const COLUMNS: usize = 3;

/// One row of the file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) step: Option<f64>,
    pub(crate) time: Option<f64>,
    pub(crate) values: [Option<f64>; COLUMNS],
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Append(Vec<Row>),
    /// Many dense rows with rising steps from here on: pushes older rows out of the cache.
    Bulk {
        from: f64,
        count: u32,
    },
    /// So many slices of so many rows of the next answer arrive.
    Answer {
        slice: usize,
        slices: usize,
    },
    Reset,
}

/// Dense rows with rising steps; what they hold tells their place.
pub(crate) fn bulk(from: f64, rows: Range<u32>) -> Vec<Row> {
    let row = |at: u32| {
        let value = f64::from(at.wrapping_mul(2_654_435_761) >> 20);
        let sparse = at.is_multiple_of(3).then_some(value);
        let (step, time) = (Some(from + f64::from(at)), Some(f64::from(at)));
        Row {
            step,
            time,
            values: [Some(value), sparse, None],
        }
    };
    rows.map(row).collect()
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-3..4_i32).prop_map(f64::from),
        4 => -100.0..100.0_f64,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

/// Rows whose steps mostly rise and sometimes go back, from `start` on.
fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let value = || prop::option::weighted(0.7, value());
    let leap = prop_oneof![20 => Just(1.0), 2 => Just(0.0), 1 => -40.0..40.0_f64];
    let row = (
        prop::option::weighted(0.9, leap),
        prop::option::of(0.0..9.0_f64),
        [value(), value(), value()],
    );
    (
        0.0..60.0_f64,
        prop::collection::vec(row, 1..most),
        any::<bool>(),
    )
        .prop_map(|(start, rows, stepped)| {
            let mut step = start.round();
            let rows = rows.into_iter().map(|(leap, time, values)| {
                step = (step + leap.unwrap_or(0.0)).round();
                Row {
                    step: leap.filter(|_| stepped).map(|_| step),
                    time,
                    values,
                }
            });
            rows.collect()
        })
}

pub(crate) fn small_acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        10 => rows(40).prop_map(Act::Append),
        2 => rows(700).prop_map(Act::Append),
        2 => (1..300_usize, 1..6_usize).prop_map(|(slice, slices)| Act::Answer { slice, slices }),
        1 => Just(Act::Reset),
    ];
    prop::collection::vec(act, 1..14)
}

pub(crate) fn large_acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0..30_000_u32, 1..60_000_u32).prop_map(|(from, count)| Act::Bulk { from: f64::from(from), count }),
        2 => rows(30).prop_map(Act::Append),
        2 => (500..9000_usize, 1..9_usize).prop_map(|(slice, slices)| Act::Answer { slice, slices }),
    ];
    prop::collection::vec(act, 2..9)
}

/// Rows as a decoder makes them; every row is ten bytes long.
pub(crate) fn slice(first: u64, rows: &[Row]) -> Rows {
    let known = |pick: fn(&Row) -> Option<f64>| {
        let any = rows.iter().any(|row| pick(row).is_some());
        let all = rows.iter().map(|row| pick(row).unwrap_or(f64::NAN));
        if any { all.collect() } else { Vec::new() }
    };
    let columns = (0..COLUMNS).filter_map(|at| {
        let held = || {
            rows.iter()
                .enumerate()
                .filter_map(|(row, r)| Some((row, r.values[at]?)))
        };
        let dense = held().count() == rows.len();
        let listed = held().map(|(row, _)| row as u32).collect();
        let values: Vec<f64> = held().map(|(_, value)| value).collect();
        let rows = (!dense).then_some(listed);
        (!values.is_empty()).then_some(ColumnRows {
            id: ColumnId(at as u32),
            rows,
            values,
            others: 0,
        })
    });
    let marks = (0..rows.len() as u32).step_by(256);
    Rows {
        count: rows.len() as u32,
        steps: known(|row| row.step),
        times: known(|row| row.time),
        columns: columns.collect(),
        marks: marks
            .map(|row| Mark {
                row,
                offset: (first + u64::from(row)) * 10,
            })
            .collect(),
    }
}
