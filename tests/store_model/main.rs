//! The store against a model that keeps every row: whatever comes in, both tell the same.

mod acts;
mod looks;
mod reader;

use std::ops::Range;

use ml_dash_top::record::{Batch, Change, ColumnId, Layout, Place, RunId, StreamId, StreamKind};
use ml_dash_top::store::{Column, Extreme, Store, Stream};
use proptest::prelude::*;

use self::acts::{Act, COLUMNS, Row, bulk, large_acts, slice, small_acts};
use self::reader::Reader;

const RUN: RunId = RunId(0);
const STREAM: StreamId = StreamId(0);

#[derive(Default)]
struct Model {
    rows: Vec<Row>,
}

fn store(budget: usize) -> Store {
    let mut store = Store::new(budget);
    let place = Place {
        path: "r".into(),
        shown: "r".into(),
        below: "r".into(),
    };
    send(
        &mut store,
        Change::Found {
            place,
            layout: Layout::Flat,
        },
    );
    let kind = StreamKind::Metric;
    send(
        &mut store,
        Change::Stream {
            stream: STREAM,
            name: String::new(),
            kind,
            file: "m".into(),
        },
    );
    let keys = (0..COLUMNS).map(|at| format!("k{at}")).collect();
    send(
        &mut store,
        Change::Columns {
            stream: STREAM,
            keys,
        },
    );
    store
}

fn send(store: &mut Store, change: Change) {
    store.apply(Batch { run: RUN, change });
}

fn stream(store: &Store) -> &Stream {
    &store.runs()[0].streams[0]
}

impl Model {
    /// The rows of a column that count, by the definition.
    fn live(&self, column: usize) -> (Vec<usize>, Vec<usize>) {
        let mut live: Vec<usize> = Vec::new();
        let mut restarts = Vec::new();
        let mut last: Option<f64> = None;
        for (at, row) in self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.values[column].is_some())
        {
            if let Some(step) = row.step {
                if last.is_some_and(|last| step < last) {
                    restarts.push(at);
                    live.retain(|&held| self.rows[held].step.is_none_or(|held| held < step));
                }
                last = Some(step);
            }
            live.push(at);
        }
        (live, restarts)
    }

    fn check(&self, store: &Store) {
        let seen = stream(store);
        assert_eq!(seen.rows(), self.rows.len() as u64);
        for at in 0..COLUMNS {
            self.check_column(at, &seen.columns()[at]);
        }
        self.check_exact(seen);
        self.check_times(seen);
    }

    fn check_column(&self, at: usize, column: &Column) {
        let all: Vec<f64> = self.rows.iter().filter_map(|row| row.values[at]).collect();
        let finite = all.iter().filter(|value| value.is_finite()).count() as u64;
        assert_eq!(
            (column.count(), column.finite()),
            (all.len() as u64, finite)
        );
        let nan = all.iter().filter(|value| value.is_nan()).count() as u64;
        assert_eq!(
            (column.nan(), column.pos_inf() + column.neg_inf()),
            (nan, all.len() as u64 - finite - nan)
        );
        let (live, restarts) = self.live(at);
        assert_eq!(column.restart_count(), restarts.len() as u64);
        let newest = restarts.iter().rev().zip(column.restarts().iter().rev());
        newest.for_each(|(row, seen)| assert_eq!(*row as u64, seen.row));
        if !column.settled() {
            return;
        }
        self.check_stats(at, &live, column);
        for row in (0..self.rows.len()).filter(|&row| self.rows[row].step.is_some()) {
            if self.rows[row].values[at].is_some() {
                let gone = column
                    .superseded()
                    .iter()
                    .any(|rows| rows.contains(&(row as u64)));
                assert_eq!(gone, live.binary_search(&row).is_err(), "row {row}");
            }
        }
    }

    fn check_stats(&self, at: usize, live: &[usize], column: &Column) {
        let stats = column.live();
        let value = |row: usize| self.rows[row].values[at].unwrap_or(f64::NAN);
        let same = |one: Option<f64>, two: Option<f64>| {
            assert_eq!(one.map(f64::to_bits), two.map(f64::to_bits));
        };
        let finite: Vec<usize> = live
            .iter()
            .copied()
            .filter(|&row| value(row).is_finite())
            .collect();
        assert_eq!(
            (stats.count, stats.finite),
            (live.len() as u64, finite.len() as u64)
        );
        same(stats.first, live.first().map(|&row| value(row)));
        same(stats.last, live.last().map(|&row| value(row)));
        same(stats.last_finite, finite.last().map(|&row| value(row)));
        let best = |better: fn(f64, f64) -> bool| {
            let pick = |best: usize, row: usize| {
                if better(value(row), value(best)) {
                    row
                } else {
                    best
                }
            };
            let row = finite.iter().copied().reduce(pick)?;
            Some(Extreme {
                value: value(row),
                row: row as u64,
                step: self.rows[row].step,
            })
        };
        assert_eq!(
            (stats.min, stats.max),
            (best(|a, b| a < b), best(|a, b| a > b))
        );
        let sum: f64 = finite.iter().map(|&row| value(row)).sum();
        assert!((stats.sum - sum).abs() <= 1e-9 * (1.0 + finite.len() as f64 * 100.0));
    }

    fn check_exact(&self, seen: &Stream) {
        let resident = seen.resident();
        assert_eq!(resident.end, self.rows.len() as u64);
        assert!(resident.end - resident.start <= 65_536);
        for row in resident
            .clone()
            .step_by(7)
            .chain(resident.end.saturating_sub(20)..resident.end + 2)
            .filter(|row| resident.contains(row) || !seen.is_resident(*row))
        {
            let held = self
                .rows
                .get(row as usize)
                .filter(|_| resident.contains(&row));
            assert_eq!(
                (seen.step(row), seen.time(row)),
                (held.and_then(|r| r.step), held.and_then(|r| r.time))
            );
            for at in 0..COLUMNS {
                let value = seen.value(ColumnId(at as u32), row).map(f64::to_bits);
                assert_eq!(value, held.and_then(|r| r.values[at]).map(f64::to_bits));
            }
            let mark = seen.mark_before(row).unwrap_or_default();
            assert!(mark.row <= row && mark.offset == mark.row * 10);
        }
        for at in 0..COLUMNS {
            self.check_window(seen, at, 0..resident.end, 50);
            self.check_window(seen, at, resident.end / 3..resident.end / 2, 7);
            self.check_window(seen, at, resident.end.saturating_sub(30)..resident.end, 11);
        }
    }

    fn check_window(&self, seen: &Stream, at: usize, window: Range<u64>, buckets: usize) {
        let found = seen.window(ColumnId(at as u32), window.clone(), buckets);
        assert!(found.len() <= buckets);
        let value = |row: u64| self.rows[row as usize].values[at].filter(|value| value.is_finite());
        for bucket in &found {
            let values = || bucket.rows.clone().filter_map(value);
            assert_eq!(Some(bucket.min), values().reduce(f64::min));
            assert_eq!(Some(bucket.max), values().reduce(f64::max));
            let mean = values().sum::<f64>() / values().count() as f64;
            assert!(bucket.min <= bucket.mean && bucket.mean <= bucket.max);
            assert!((bucket.mean - mean).abs() <= 1e-9, "{bucket:?} {mean}");
        }
        let mut covered = 0;
        for row in window.filter(|&row| value(row).is_some()) {
            while found
                .get(covered)
                .is_some_and(|bucket| bucket.rows.end <= row)
            {
                covered += 1;
            }
            assert!(
                found
                    .get(covered)
                    .is_some_and(|bucket| bucket.rows.contains(&row))
            );
        }
    }

    fn check_times(&self, seen: &Stream) {
        let times: Vec<f64> = self.rows.iter().filter_map(|row| row.time).collect();
        assert_eq!(
            (seen.times.first, seen.times.last),
            (times.first().copied(), times.last().copied())
        );
        assert_eq!(seen.times.newest, times.iter().copied().reduce(f64::max));
        let gaps = times.windows(2).filter(|pair| pair[1] > pair[0]).count();
        assert_eq!(seen.gaps.count(), gaps as u64);
        let steps = || self.rows.iter().filter_map(|row| row.step);
        assert_eq!(
            (seen.has_steps(), seen.last_step()),
            (steps().count() > 0, steps().next_back())
        );
        assert_eq!(seen.max_step(), steps().reduce(f64::max));
    }
}

fn run(budget: usize, acts: &[Act]) {
    run_and(budget, acts, |_, _| {}, |_, _, _| {});
}

/// The same while somebody looks closely.
fn run_and_look(budget: usize, acts: &[Act]) {
    run_and(budget, acts, looks::look, |model, store, answered| {
        model.check_looks(store, answered);
    });
}

fn run_and(
    budget: usize,
    acts: &[Act],
    look: impl Fn(&mut Store, &Model),
    check: impl Fn(&Model, &Store, bool),
) {
    let mut store = store(budget);
    let mut model = Model::default();
    let mut reader = Reader::default();
    for act in acts {
        match act {
            Act::Append(rows) => append(&mut store, &mut model, rows.clone()),
            Act::Bulk { from, count } => {
                for part in 0..*count / 500 {
                    append(
                        &mut store,
                        &mut model,
                        bulk(*from, part * 500..part * 500 + 500),
                    );
                }
            }
            Act::Answer { slice, slices } => {
                reader.answer(&mut store, &model.rows, *slice, *slices);
            }
            Act::Reset => {
                send(&mut store, Change::StreamReset { stream: STREAM });
                model.rows.clear();
                reader.reset();
            }
        }
        look(&mut store, &model);
        reader.ask(&mut store);
        model.check(&store);
        check(&model, &store, false);
    }
    while reader.answer(&mut store, &model.rows, 1000, usize::MAX) {
        look(&mut store, &model);
        reader.ask(&mut store);
    }
    assert!(stream(&store).columns().iter().all(Column::settled));
    model.check(&store);
    check(&model, &store, true);
}

fn append(store: &mut Store, model: &mut Model, rows: Vec<Row>) {
    send(
        store,
        Change::Rows {
            stream: STREAM,
            rows: slice(model.rows.len() as u64, &rows),
        },
    );
    model.rows.extend(rows);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn tells_what_the_model_tells(acts in small_acts()) {
        run(usize::MAX, &acts);
    }

    /// Nothing stays resident, so every cut needs an answer.
    #[test]
    fn tells_it_without_a_cache(acts in small_acts()) {
        run(0, &acts);
    }

    #[test]
    fn tells_it_with_little_cache(acts in small_acts()) {
        run(12_000, &acts);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn tells_it_to_those_who_look(acts in small_acts()) {
        run_and_look(usize::MAX, &acts);
    }

    #[test]
    fn tells_it_to_those_who_look_without_a_cache(acts in small_acts()) {
        run_and_look(0, &acts);
    }

    #[test]
    fn tells_it_to_those_who_look_with_little_cache(acts in small_acts()) {
        run_and_look(12_000, &acts);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn tells_it_of_long_runs(acts in large_acts()) {
        run(usize::MAX, &acts);
        run_and_look(600_000, &acts);
    }
}

/// Rows whose values tell their place, with these steps.
fn stepped(base: usize, steps: Range<u32>) -> Act {
    let row = |(at, step): (usize, u32)| {
        let value = Some((base + at) as f64 * 0.5 - 1000.0);
        Row {
            step: Some(f64::from(step)),
            time: None,
            values: [value, value, None],
        }
    };
    Act::Append(steps.enumerate().map(row).collect())
}

#[test]
fn a_segment_goes_on_after_a_restart_and_is_cut_again() {
    let acts = [
        stepped(0, 0..3000),
        stepped(3000, 2990..4990),
        stepped(5000, 2990..3500),
        stepped(6000, 3200..3210),
        stepped(7000, 10..20),
    ];
    run(usize::MAX, &acts);
    run_and_look(0, &acts);
}

#[test]
fn a_restart_outruns_an_answer() {
    let (most, rest) = (
        |slice| Act::Answer { slice, slices: 3 },
        Act::Answer {
            slice: 50,
            slices: 9,
        },
    );
    let acts = [
        stepped(0, 0..400),
        stepped(400, 300..310),
        most(90),
        stepped(500, 100..110),
        rest,
        stepped(600, 50..60),
        most(10),
        Act::Reset,
        stepped(0, 0..300),
        stepped(300, 200..210),
    ];
    run(0, &acts);
}
