//! Tests of reduction: what survives of a column, and what is joined.

use proptest::prelude::*;

use super::super::Source;
use super::*;
use crate::insight::axis::XAxis;
use crate::insight::overview::Overview;
use crate::record::{
    Batch, Change, ColumnId, ColumnRows, Layout, Mark, Place, Rows, RunId, StreamId, StreamKind,
};
use crate::store::Store;

/// A run with one column; rows without a value are left out.
pub(in super::super) fn store(rows: &[(f64, Option<f64>)], budget: usize) -> Store {
    let mut store = Store::new(budget);
    let mut tell = |change| {
        store.apply(Batch {
            run: RunId(0),
            change,
        });
    };
    let place = Place {
        path: "a".into(),
        shown: "a".into(),
        below: "a".into(),
    };
    let layout = Layout::Jsonl;
    tell(Change::Found { place, layout });
    let stream = StreamId(0);
    tell(Change::Stream {
        stream,
        name: String::new(),
        kind: StreamKind::Metric,
        file: "a".into(),
    });
    let keys = vec!["loss".to_owned()];
    tell(Change::Columns { stream, keys });
    for chunk in rows.chunks(1000) {
        let held = |(at, row): (usize, &(f64, Option<f64>))| Some((at as u32, row.1?));
        let (held, values) = chunk.iter().enumerate().filter_map(held).unzip();
        let column = ColumnRows {
            id: ColumnId(0),
            rows: Some(held),
            values,
            others: 0,
        };
        let rows = Rows {
            count: chunk.len() as u32,
            steps: chunk.iter().map(|row| row.0).collect(),
            times: Vec::new(),
            columns: vec![column],
            marks: vec![Mark { row: 0, offset: 0 }],
        };
        tell(Change::Rows { stream, rows });
    }
    store
}

fn reduced(store: &Store, bounds: Bounds, count: u32) -> Reduced {
    let run = &store.runs()[0];
    let overview = Overview::of(run, 0.0);
    let source = Source {
        run,
        overview: &overview,
        letter: None,
        hue: 0,
        group: None,
    };
    let line = &overview.charts[0].lines[0];
    let trace = Trace::of(&source, line, XAxis::Step);
    let mut trace = trace.expect("the rows have steps");
    reduce(&mut trace, Columns::new(bounds, count), Scale::Linear, 0.0)
}

fn plain(values: &[f64]) -> Vec<(f64, Option<f64>)> {
    let rows = values.iter().enumerate();
    rows.map(|(at, value)| (at as f64, Some(*value))).collect()
}

#[test]
fn restarts_are_apart_and_never_joined() {
    let steps = (0..60).chain(30..50).chain(40..70);
    let rows: Vec<(f64, Option<f64>)> = steps.map(|step| (f64::from(step), Some(1.0))).collect();
    let found = reduced(&store(&rows, 1 << 20), Bounds::new(0.0, 100.0), 100);
    let columns = |spans: &[Cell]| -> Vec<u32> { spans.iter().map(|s| s.column).collect() };
    assert_eq!(columns(&found.live), (0..70).collect::<Vec<_>>());
    assert_eq!(
        columns(&found.superseded),
        (30..60).chain(40..50).collect::<Vec<_>>()
    );
    let breaks = |spans: &[Cell]| -> Vec<u32> {
        spans
            .iter()
            .filter(|s| !s.joined)
            .map(|s| s.column)
            .collect()
    };
    assert_eq!(breaks(&found.live), [0, 30, 40]);
    assert_eq!(breaks(&found.superseded), [30, 40]);
}

#[test]
fn a_gap_is_where_a_value_is_no_number() {
    let found = reduced(
        &store(
            &plain(&[1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 4.0]),
            1 << 20,
        ),
        Bounds::new(0.0, 10.0),
        10,
    );
    let joined: Vec<(u32, bool)> = found.live.iter().map(|s| (s.column, s.joined)).collect();
    assert_eq!(joined, [(0, false), (1, true), (3, false), (5, false)]);
    let bad: Vec<(u32, i8)> = found.bad.iter().map(|bad| (bad.column, bad.sign)).collect();
    assert_eq!(bad, [(2, 0), (4, 1)]);
}

#[test]
fn two_writers_of_one_file_are_one_line() {
    // Each of 4,000 rows but the first of a pair goes back by one step.
    let step = |at: u32| f64::from(at / 2 + 2 * (1 - at % 2));
    let rows: Vec<(f64, Option<f64>)> = (0..4000).map(|at| (step(at), Some(1.0))).collect();
    let found = reduced(&store(&rows, 1 << 24), Bounds::new(0.0, 2000.0), 100);
    assert!(found.live.len() >= 99, "{}", found.live.len());
    assert!(found.live.len() + found.superseded.len() <= 400);
}

#[test]
fn strokes_lead_out_of_a_window() {
    let rows = plain(&[0.0, 1.0, 2.0, 3.0, 4.0]);
    let store = store(&rows, 1 << 20);
    let values = |bounds| {
        let found = reduced(&store, bounds, 10);
        let cell = |c: &Cell| (c.column, c.mean, c.joined);
        found.live.iter().map(cell).collect::<Vec<_>>()
    };
    assert_eq!(
        values(Bounds::exact(1.5, 2.5)),
        [(0, 1.5, false), (5, 2.0, true), (9, 2.5, true)]
    );
    // Between two points there is still the stroke that joins them.
    assert_eq!(
        values(Bounds::exact(2.25, 2.75)),
        [(0, 2.25, false), (9, 2.75, true)]
    );
    assert_eq!(values(Bounds::exact(4.5, 5.5)), []);
    assert_eq!(
        values(Bounds::exact(3.5, 5.5)),
        [(0, 3.5, false), (2, 4.0, true)]
    );
}

#[test]
fn strokes_of_rare_values_lead_out_of_a_window() {
    // One value in 5,000 rows, which are the steps of other columns.
    let value = |at: u32| (at % 5000 == 4999).then(|| f64::from(at));
    let rows: Vec<_> = (0..20_000).map(|at| (f64::from(at), value(at))).collect();
    let store = store(&rows, 1 << 24);
    let values = |lo: f64, hi: f64, count: u32| {
        let found = reduced(&store, Bounds::exact(lo, hi), count);
        let cell = |c: &Cell| (c.column, c.mean.round(), c.joined);
        found.live.iter().map(cell).collect::<Vec<_>>()
    };
    let through = vec![(0, 7500.0, false), (4, 9999.0, true), (9, 12_500.0, true)];
    assert_eq!(values(7500.0, 12_500.0, 10), through);
    assert_eq!(
        values(6000.0, 6100.0, 10),
        [(0, 6000.0, false), (9, 6100.0, true)]
    );
    assert_eq!(
        values(6000.0, 6100.0, 500),
        [(0, 6000.0, false), (499, 6100.0, true)]
    );
    assert_eq!(
        values(10.0, 20.0, 10),
        [],
        "nothing is before the first value"
    );
}

#[test]
fn restarts_one_behind_the_other_are_told_apart() {
    let steps = (0..60).chain(20..50).chain(0..70);
    let rows: Vec<(f64, Option<f64>)> = steps.map(|step| (f64::from(step), Some(1.0))).collect();
    let found = reduced(&store(&rows, 1 << 20), Bounds::new(0.0, 100.0), 100);
    let columns: Vec<u32> = found.superseded.iter().map(|cell| cell.column).collect();
    assert_eq!(columns, (0..60).chain(20..50).collect::<Vec<_>>());
    let apart = found.superseded.iter().filter(|cell| !cell.joined);
    assert_eq!(apart.map(|cell| cell.column).collect::<Vec<_>>(), [0, 20]);
}

#[test]
fn a_column_has_the_mean_of_its_values() {
    let values: Vec<f64> = (0..1000).map(|at| f64::from(at % 10)).collect();
    let found = reduced(
        &store(&plain(&values), 1 << 20),
        Bounds::new(0.0, 1000.0),
        10,
    );
    for cell in &found.live {
        assert!((cell.mean - 4.5).abs() < 0.2, "{cell:?}");
        assert_eq!((cell.low, cell.high), (0.0, 9.0));
    }
    let huge = [1e308, 1e308, -1e308, 1e308];
    let found = reduced(&store(&plain(&huge), 1 << 20), Bounds::new(0.0, 8.0), 1);
    assert!(
        (found.live[0].mean / 1e308 - 0.5).abs() < 1e-9,
        "{:?}",
        found.live
    );
}

#[test]
fn rows_beyond_memory_cost_no_more() {
    let values: Vec<f64> = (0..200_000).map(|at| f64::from(at % 977)).collect();
    let rows = plain(&values);
    let found = reduced(&store(&rows, 1 << 16), Bounds::new(0.0, 200_000.0), 200);
    assert!(
        (195..=201).contains(&found.live.len()),
        "{}",
        found.live.len()
    );
    let high = found.live.iter().map(|span| span.high).fold(0.0, f64::max);
    assert_eq!(high, 976.0);
}

proptest! {
    #[test]
    fn the_extremes_of_every_column_survive(
        values in proptest::collection::vec(proptest::option::weighted(0.8, -1e3..1e3_f64), 1..3000),
        count in 1..200_u32,
    ) {
        let rows: Vec<(f64, Option<f64>)> =
            values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
        prop_assume!(values.iter().any(Option::is_some));
        let bounds = Bounds::new(0.0, values.len() as f64);
        let columns = Columns::new(bounds, count);
        let found = reduced(&store(&rows, 1 << 24), bounds, count);
        prop_assert!(found.live.windows(2).all(|pair| pair[0].column < pair[1].column));
        // Whole pieces of rows belong to the column in which their first row is.
        let holds = |column: u32, value: f64| {
            let near = found.live.iter().filter(|s| s.column.abs_diff(column) <= 1);
            near.clone().any(|s| s.low <= value && value <= s.high)
        };
        for (at, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            let column = columns.of(at as f64).expect("within");
            prop_assert!(holds(column, *value));
        }
        let all = || values.iter().flatten().copied();
        let low = found.live.iter().map(|s| s.low).fold(f64::INFINITY, f64::min);
        let high = found.live.iter().map(|s| s.high).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(low, all().fold(f64::INFINITY, f64::min));
        prop_assert_eq!(high, all().fold(f64::NEG_INFINITY, f64::max));
    }

    #[test]
    fn the_extremes_of_any_window_survive(
        values in proptest::collection::vec(-1e3..1e3_f64, 2..3000),
        count in 1..200_u32, from in 0.0..1.0_f64, length in 0.01..1.0_f64,
    ) {
        let rows = plain(&values);
        let all = values.len() as f64;
        let bounds = Bounds::exact(from * all, (from + length) * all);
        let columns = Columns::new(bounds, count);
        let found = reduced(&store(&rows, 1 << 24), bounds, count);
        for (at, value) in values.iter().enumerate() {
            let Some(column) = columns.of(at as f64) else { continue };
            let near = found.live.iter().filter(|s| s.column.abs_diff(column) <= 1);
            let held = near.clone().any(|s| s.low <= *value && *value <= s.high);
            prop_assert!(held, "{at}");
        }
    }

    #[test]
    fn any_numbers_in_any_order(
        rows in proptest::collection::vec((any::<f64>(), proptest::option::of(any::<f64>())), 1..300),
        count in 0..100_u32, lo in any::<f64>(), hi in any::<f64>(),
    ) {
        let rows: Vec<_> = rows.into_iter().chain([(1.0, Some(1.0))]).collect();
        let found = reduced(&store(&rows, 1 << 20), Bounds::new(lo, hi), count);
        for span in found.live.iter().chain(&found.superseded) {
            prop_assert!(span.column < count && span.low <= span.high && span.low.is_finite());
            prop_assert!(span.low <= span.mean && span.mean <= span.high);
        }
    }
}
