//! What looking closely at a series may cost, and what it asks for.

use std::ops::Range;

use ml_dash_top::record::{Change, ColumnId, RunId, StreamId};
use ml_dash_top::store::{Look, Store, Stream, Want};

use store_rows::{add_run, append, dense, send};

#[path = "support/store_rows.rs"]
mod store_rows;

const STREAM: StreamId = StreamId(0);
const SLICE: u64 = 4000;

fn looks(run: u32, columns: u32, smoothing: Option<f64>, rows: Option<&Range<u64>>) -> Vec<Look> {
    let look = |column| Look {
        run: RunId(run),
        stream: STREAM,
        column: ColumnId(column),
        smoothing,
        rows: rows.cloned(),
    };
    (0..columns).map(look).collect()
}

fn filled(budget: usize, columns: u32, rows: u64) -> Store {
    let mut store = Store::new(budget);
    add_run(&mut store, 0, columns as usize);
    for first in (0..rows).step_by(SLICE as usize) {
        append(&mut store, 0, made(first, columns));
    }
    store
}

fn made(first: u64, columns: u32) -> ml_dash_top::record::Rows {
    dense(first, SLICE as u32, columns, |row| row as f64)
}

fn stream(store: &Store, run: usize) -> &Stream {
    &store.runs()[run].streams[0]
}

/// Answers a question as ingest does: in slices that are cut to what was asked for.
fn answer(store: &mut Store, want: &Want, columns: u32) {
    let mut first = want.rows.start;
    while first < want.rows.end {
        let count = SLICE.min(want.rows.end - first);
        let rows = dense(first, count as u32, columns, |row| row as f64);
        let stream = STREAM;
        send(
            store,
            want.run.0,
            Change::Exact {
                stream,
                first,
                rows,
            },
        );
        first += count;
    }
    send(store, want.run.0, Change::ExactEnd { stream: STREAM });
}

/// Answers until nothing is asked; returns the questions.
fn answer_all(store: &mut Store, columns: u32) -> Vec<Want> {
    let mut asked = Vec::new();
    loop {
        let wants = store.wants();
        if wants.is_empty() {
            return asked;
        }
        for want in wants {
            answer(store, &want, columns);
            asked.push(want);
        }
    }
}

#[test]
fn two_million_rows_are_smoothed_in_slices_that_are_dropped() {
    let rows = 2_000_000;
    let mut store = filled(1 << 20, 2, rows);
    let before = store.heap_bytes();
    store.look(&looks(0, 2, Some(0.99), None));
    let asked = answer_all(&mut store, 2);
    // One question for both columns, as long as it holds up nobody, and then the next.
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|want| want.rows.end - want.rows.start <= 1 << 20)
    );
    let smoothed = stream(&store, 0).columns()[1].smoothed(0.99);
    let smoothed = smoothed.expect("it is looked at");
    assert!(smoothed.is_complete());
    assert_eq!(smoothed.progress(), (rows, rows));
    assert_eq!(smoothed.window(0..rows, 100).len(), 100);
    // A line that rises by 1.5 lies 99 steps of it above its average.
    let last = stream(&store, 0).smoothed_at(ColumnId(1), 0.99, rows - 1);
    let hand = (rows - 1) as f64 * 1.5 - 99.0 * 1.5;
    assert!(
        last.is_some_and(|last| (last - hand).abs() < 1e-6),
        "{last:?} {hand}"
    );
    let each = (store.heap_bytes() - before) as f64 / (2 * rows) as f64;
    assert!(
        each < 0.36 + 2.2e6 / (2 * rows) as f64,
        "{each} bytes a value"
    );
    store.look(&[]);
    assert!(
        store.heap_bytes() <= before + 4096,
        "something was not forgotten"
    );
    assert!(stream(&store, 0).columns()[1].smoothed(0.99).is_none());
}

#[test]
fn without_a_cache_new_rows_are_smoothed_as_they_come() {
    let mut store = Store::new(0);
    add_run(&mut store, 0, 1);
    store.look(&looks(0, 1, Some(0.6), None));
    for first in (0..20_000).step_by(SLICE as usize) {
        append(&mut store, 0, made(first, 1));
    }
    assert!(store.wants().is_empty());
    let told = stream(&store, 0).smoothed_at(ColumnId(0), 0.6, 19_999);
    // 0.5 a row, 1.5 rows behind.
    assert!(
        told.is_some_and(|told| (told - 9_999.5 + 0.75).abs() < 1e-9),
        "{told:?}"
    );
}

#[test]
fn what_cannot_be_read_again_is_not_asked_for_again_and_again() {
    let mut store = filled(0, 1, 8000);
    for smoothing in [0.6, 0.9] {
        store.look(&looks(0, 1, Some(smoothing), Some(&(100..200))));
        for rows in [100..200, 0..8000] {
            let asked = store.wants();
            assert_eq!(asked.len(), 1);
            assert!(asked[0].rows.start <= rows.start && asked[0].rows.end == rows.end);
            send(&mut store, 0, Change::ExactEnd { stream: STREAM });
        }
        store.look(&looks(0, 1, Some(smoothing), Some(&(100..200))));
        assert!(store.wants().is_empty());
        let smoothed = stream(&store, 0).columns()[0].smoothed(smoothing);
        assert_eq!(smoothed.map(|held| held.progress()), Some((0, 8000)));
    }
}

#[test]
fn statistics_are_asked_for_first_and_not_disturbed() {
    let mut store = filled(0, 1, 20_000);
    store.look(&looks(0, 1, Some(0.9), None));
    let smoothing = store.wants();
    // A restart at step 5,000 while the first answer is under way.
    let again = dense(20_000, SLICE as u32, 1, |row| row as f64 - 15_000.0);
    append(&mut store, 0, again);
    assert!(store.wants().is_empty(), "one question at a time");
    answer(&mut store, &smoothing[0], 1);
    let settled = |store: &Store| stream(store, 0).columns()[0].settled();
    assert!(!settled(&store));
    let settling = store.wants();
    answer(&mut store, &settling[0], 1);
    assert!(settled(&store));
    answer_all(&mut store, 1);
    let seen = stream(&store, 0);
    let superseded = seen.columns()[0].superseded();
    assert!(matches!(superseded, [rows] if *rows == (5_000..20_000)));
    assert_eq!(seen.smoothed_at(ColumnId(0), 0.9, 7_000), None);
    let smoothed = seen.columns()[0].smoothed(0.9);
    assert!(smoothed.is_some_and(|smoothed| smoothed.is_complete()));
    // From row 4,999 the series leaps to row 20,000: by 7,500.5, of which a tenth is seen.
    let leap = |row| seen.smoothed_at(ColumnId(0), 0.9, row).unwrap_or(f64::NAN);
    let by = leap(20_000) - leap(4_999);
    assert!((by - (7_500.5 + 4.5) / 10.0).abs() < 1e-6, "{by}");
}

#[test]
fn rows_that_were_read_again_stay_in_bounds() {
    let mut store = filled(1 << 20, 4, 200_000);
    for run in 1..12 {
        add_run(&mut store, run, 4);
        for first in (0..200_000).step_by(SLICE as usize) {
            append(&mut store, run, made(first, 4));
        }
    }
    let before = store.heap_bytes();
    let rows = 10_000..75_536;
    let all: Vec<Look> = (0..12)
        .flat_map(|run| looks(run, 4, None, Some(&rows)))
        .collect();
    store.look(&all);
    answer_all(&mut store, 4);
    let grown = store.heap_bytes() - before;
    assert!(grown <= (32 << 20) + 4096, "{grown}");
    let held = (0..12).filter(|run| stream(&store, *run).is_resident(75_535));
    assert!((6..12).contains(&held.count()));
    let seen = stream(&store, 0);
    assert_eq!(seen.value(ColumnId(1), 10_000), Some(15_000.0));
    assert_eq!(seen.window(ColumnId(3), rows.clone(), 65_536).len(), 65_536);
    // Moved on by a little, only what is new is read.
    store.look(&looks(0, 4, None, Some(&(11_000..76_000))));
    let asked = answer_all(&mut store, 4);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].rows, 75_536..76_000);
    // Nobody wants to see a point of each of so many rows.
    store.look(&looks(0, 4, None, Some(&(0..65_537))));
    assert!(store.wants().is_empty());
    assert!(store.heap_bytes() <= before + 4096);
}

#[test]
fn many_smoothed_series_share_the_room() {
    let mut store = filled(8 << 20, 64, 40_000);
    let before = store.heap_bytes();
    store.look(&looks(0, 64, Some(0.97), None));
    answer_all(&mut store, 64);
    let columns = stream(&store, 0).columns();
    assert!(
        columns
            .iter()
            .all(|c| c.smoothed(0.97).is_some_and(|s| s.is_complete()))
    );
    let grown = store.heap_bytes() - before;
    let pyramids = 64 * 40_000 * 2 / 5;
    assert!(grown <= (33 << 20) + pyramids, "{grown}");
    // Another weight: the first is forgotten.
    store.look(&looks(0, 64, Some(0.6), None));
    answer_all(&mut store, 64);
    assert!(store.heap_bytes() - before <= (33 << 20) + pyramids);
    assert!(stream(&store, 0).columns()[0].smoothed(0.97).is_none());
}
