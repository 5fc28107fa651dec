//! What the store costs: taking in slices of rows, smoothing them, and a chart's window at any
//! length.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use ml_dash_top::record::{
    Batch, Change, ColumnId, ColumnRows, Layout, Mark, Place, Rows, RunId, StreamId, StreamKind,
};
use ml_dash_top::store::{Bucket, Look, Store};

/// Rows in a slice, as the decoders make them.
const SLICE: u32 = 4096;
/// Slices appended in one go: a million rows, far more than stay exact.
const SLICES: u32 = 256;
const BUDGET: usize = 256 << 20;
const STREAM: StreamId = StreamId(0);
const WEIGHT: f64 = 0.97;
const LENGTHS: [u64; 6] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

fn main() {
    divan::main();
}

fn send(store: &mut Store, change: Change) {
    store.apply(Batch {
        run: RunId(0),
        change,
    });
}

fn store(columns: usize) -> Store {
    let mut store = Store::new(BUDGET);
    let place = Place {
        path: "run".into(),
        shown: "run".into(),
        below: "run".into(),
    };
    send(
        &mut store,
        Change::Found {
            place,
            layout: Layout::Flat,
        },
    );
    let (name, kind) = (String::from("train"), StreamKind::Metric);
    send(
        &mut store,
        Change::Stream {
            stream: STREAM,
            name,
            kind,
            file: "data.jsonl".into(),
        },
    );
    let keys = (0..columns).map(|at| format!("key{at}")).collect();
    send(
        &mut store,
        Change::Columns {
            stream: STREAM,
            keys,
        },
    );
    store
}

/// A falling, noisy curve.
fn curve(row: u64) -> f64 {
    let noise = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    100.0 / (1.0 + row as f64 * 1e-5) + noise as f64 * 1e-7
}

/// Rows from `first` on; column `n` of several has a value in every row whose number is `n` modulo
/// `apart`.
fn slice(first: u64, columns: u32, apart: u32, with_steps: bool) -> Rows {
    let rows = |from: u32| (from..SLICE).step_by(apart as usize);
    let column = |at: u32| {
        let (from, rising) = (if apart > 1 { at } else { 0 }, at == 1 && apart == 1);
        let values = rows(from).map(|row| first + u64::from(row));
        ColumnRows {
            id: ColumnId(at),
            rows: (apart > 1).then(|| rows(from).collect()),
            values: values
                .map(|row| if rising { row as f64 } else { curve(row) })
                .collect(),
            others: 0,
        }
    };
    let each = |scale: f64| (0..SLICE).map(move |row| (first + u64::from(row)) as f64 * scale);
    let marks = (0..SLICE).step_by(256);
    Rows {
        count: SLICE,
        steps: if with_steps {
            each(1.0).collect()
        } else {
            Vec::new()
        },
        times: if with_steps {
            each(0.37).collect()
        } else {
            Vec::new()
        },
        columns: (0..columns).map(column).collect(),
        marks: marks
            .map(|row| Mark {
                row,
                offset: (first + u64::from(row)) * 70,
            })
            .collect(),
    }
}

fn append(bencher: Bencher, columns: u32, apart: u32, with_steps: bool) {
    let values = u64::from(SLICE) * u64::from(SLICES) * u64::from(columns) / u64::from(apart);
    bencher
        .counter(ItemsCount::new(values))
        .with_inputs(|| {
            let starts = (0..SLICES).map(|at| u64::from(at) * u64::from(SLICE));
            let slices = starts.map(|first| slice(first, columns, apart, with_steps));
            (store(columns as usize), slices.collect::<Vec<_>>())
        })
        .bench_local_values(|(mut store, slices)| {
            for rows in slices {
                send(
                    &mut store,
                    Change::Rows {
                        stream: STREAM,
                        rows,
                    },
                );
            }
            store
        });
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_dense_2_columns(bencher: Bencher) {
    append(bencher, 2, 1, false);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_dense_2_columns_with_steps_and_times(bencher: Bencher) {
    append(bencher, 2, 1, true);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_4_columns_in_turn(bencher: Bencher) {
    append(bencher, 4, 4, false);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_4_columns_in_turn_with_steps_and_times(bencher: Bencher) {
    append(bencher, 4, 4, true);
}

/// Two processes that write to one file, one a step behind the other: every second row goes back.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn append_2_columns_with_steps_that_go_back(bencher: Bencher) {
    let rows = |at: u32| {
        let mut rows = slice(u64::from(at * SLICE), 2, 1, true);
        for pair in rows.steps.chunks_exact_mut(2) {
            pair[0] += 2.0;
        }
        rows
    };
    bencher
        .counter(ItemsCount::new(2 * 32 * SLICE))
        .with_inputs(|| (store(2), (0..32).map(rows).collect::<Vec<_>>()))
        .bench_local_values(|(mut store, slices)| {
            for rows in slices {
                send(
                    &mut store,
                    Change::Rows {
                        stream: STREAM,
                        rows,
                    },
                );
            }
            store
        });
}

/// One row at a time, as following a live run does.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_10_000_single_rows(bencher: Bencher) {
    let row = |at: u32| {
        let column = |id| ColumnRows {
            id: ColumnId(id),
            rows: None,
            values: vec![curve(u64::from(at))],
            others: 0,
        };
        Rows {
            count: 1,
            steps: vec![f64::from(at)],
            times: vec![f64::from(at)],
            columns: vec![column(0), column(1)],
            marks: vec![Mark {
                row: 0,
                offset: u64::from(at) * 70,
            }],
        }
    };
    bencher
        .counter(ItemsCount::new(10_000_u32))
        .with_inputs(|| (store(2), (0..10_000).map(row).collect::<Vec<_>>()))
        .bench_local_values(|(mut store, rows)| {
            for rows in rows {
                send(
                    &mut store,
                    Change::Rows {
                        stream: STREAM,
                        rows,
                    },
                );
            }
            store
        });
}

/// What is looked at: the first columns, smoothed.
fn looks(columns: u32, rows: Option<&std::ops::Range<u64>>) -> Vec<Look> {
    let look = |column| Look {
        run: RunId(0),
        stream: STREAM,
        column: ColumnId(column),
        smoothing: Some(WEIGHT),
        rows: rows.cloned(),
    };
    (0..columns).map(look).collect()
}

/// The same slice again and again: only its place differs.
fn filled(values: u64, looks: &[Look]) -> Store {
    let mut store = store(1);
    store.look(looks);
    let rows = slice(0, 1, 1, false);
    for at in 0..values.div_ceil(u64::from(SLICE)) {
        let mut rows = rows.clone();
        rows.count = SLICE.min((values - at * u64::from(SLICE)) as u32);
        send(
            &mut store,
            Change::Rows {
                stream: STREAM,
                rows,
            },
        );
    }
    store
}

/// Rows as they come, of which two columns are smoothed: less what appending them costs
/// (`append_dense_2_columns`).
#[divan::bench(sample_count = 20, sample_size = 1)]
fn append_and_smooth_2_columns(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(2 * SLICE * SLICES))
        .with_inputs(|| {
            let starts = (0..SLICES).map(|at| u64::from(at) * u64::from(SLICE));
            let mut store = store(2);
            store.look(&looks(2, None));
            let slices = starts.map(|first| slice(first, 2, 1, false));
            (store, slices.collect::<Vec<_>>())
        })
        .bench_local_values(|(mut store, slices)| {
            for rows in slices {
                send(
                    &mut store,
                    Change::Rows {
                        stream: STREAM,
                        rows,
                    },
                );
            }
            store
        });
}

/// A million rows read again, of which one column is smoothed.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn smooth_what_is_read_again(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(SLICE * SLICES))
        .with_inputs(|| {
            let mut store = filled(u64::from(SLICE) * u64::from(SLICES), &[]);
            store.look(&looks(1, None));
            let starts = (0..SLICES).map(|at| u64::from(at) * u64::from(SLICE));
            let slices = starts.map(|first| (first, slice(first, 1, 1, false)));
            (store, slices.collect::<Vec<_>>())
        })
        .bench_local_values(|(mut store, slices)| {
            for (first, rows) in slices {
                let stream = STREAM;
                send(
                    &mut store,
                    Change::Exact {
                        stream,
                        first,
                        rows,
                    },
                );
            }
            store
        });
}

/// What one frame adds when nothing changed: a page of nine charts of two series.
#[divan::bench]
fn look_again_at_18_series(bencher: Bencher) {
    let mut store = store(18);
    for at in 0..16 {
        let rows = slice(at * u64::from(SLICE), 18, 1, true);
        send(
            &mut store,
            Change::Rows {
                stream: STREAM,
                rows,
            },
        );
    }
    let looks = looks(18, Some(&(10_000..70_000)));
    store.look(&looks);
    bencher.bench_local(|| store.look(black_box(&looks)));
}

/// The whole column in 400 buckets, twice the width of a wide terminal.
#[divan::bench(args = LENGTHS)]
fn window_of_all(bencher: Bencher, values: u64) {
    let store = filled(values, &[]);
    bencher.bench_local(|| window(&store, 0, black_box(values)));
}

/// The middle tenth in 400 buckets.
#[divan::bench(args = LENGTHS)]
fn window_of_a_tenth(bencher: Bencher, values: u64) {
    let store = filled(values, &[]);
    let from = values / 20 * 9;
    bencher.bench_local(|| window(&store, from, black_box(from + values / 10)));
}

/// The newest values that are exact.
#[divan::bench]
fn window_of_60_000_exact_values(bencher: Bencher) {
    let store = filled(10_000_000, &[]);
    bencher.bench_local(|| window(&store, black_box(9_940_000), 10_000_000));
}

#[divan::bench(args = LENGTHS)]
fn smoothed_window_of_all(bencher: Bencher, values: u64) {
    let store = filled(values, &looks(1, None));
    bencher.bench_local(|| smoothed(&store, 0, black_box(values)));
}

#[divan::bench(args = LENGTHS)]
fn smoothed_window_of_a_tenth(bencher: Bencher, values: u64) {
    let store = filled(values, &looks(1, None));
    let from = values / 20 * 9;
    bencher.bench_local(|| smoothed(&store, from, black_box(from + values / 10)));
}

#[divan::bench]
fn smoothed_window_of_60_000_exact_values(bencher: Bencher) {
    let store = filled(10_000_000, &looks(1, None));
    bencher.bench_local(|| smoothed(&store, black_box(9_940_000), 10_000_000));
}

fn window(store: &Store, from: u64, to: u64) -> Option<Vec<Bucket>> {
    let stream = store.run(RunId(0))?.stream(STREAM)?;
    Some(stream.window(ColumnId(0), from..to, 400))
}

fn smoothed(store: &Store, from: u64, to: u64) -> Option<Vec<Bucket>> {
    let stream = store.run(RunId(0))?.stream(STREAM)?;
    let smoothed = stream.column_at(ColumnId(0))?.smoothed(WEIGHT)?;
    Some(smoothed.window(from..to, 400))
}
