//! What the store promises whatever comes in: bounded memory, a fair budget, no panic, and no
//! quadratic time.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use ml_dash_top::record::{
    Change, ColumnId, ColumnRows, Facts, Layout, Level, LogLines, Mark, ParamChange, ParamOp,
    Place, Problem, Rows, RunId, StreamId, StreamKind, Value,
};
use ml_dash_top::store::{Look, Store};
use proptest::prelude::*;

use store_rows::{add_run, append, dense, send};

#[path = "support/store_rows.rs"]
mod store_rows;

#[test]
fn ten_million_rows_of_value_and_epoch_take_half_a_byte_each() {
    let mut store = Store::new(1 << 20);
    add_run(&mut store, 0, 2);
    let rows = 10_000_000;
    for first in (0..rows).step_by(4000) {
        append(&mut store, 0, dense(first, 4000, 2, |row| row as f64));
    }
    let stream = &store.runs()[0].streams[0];
    assert_eq!(stream.rows(), rows);
    let each = stream.index_bytes() as f64 / rows as f64;
    println!("{each} bytes a row, steps and times included");
    assert!(each <= 0.5, "{each} bytes a row, steps and times included");
    assert!(store.heap_bytes() < rows as usize / 2 + (2 << 20));
    assert_eq!(
        stream.columns()[1].live().max.map(|max| max.row),
        Some(rows - 1)
    );
}

#[test]
fn small_runs_are_small() {
    let mut store = Store::new(1 << 30);
    for run in 0..1000 {
        add_run(&mut store, run, 2);
        append(&mut store, run, dense(0, 100, 2, |row| row as f64));
    }
    let kept: usize = store
        .runs()
        .iter()
        .map(|run| run.streams[0].index_bytes())
        .sum();
    assert!(kept < 1000 * 3000, "{} bytes a stream", kept / 1000);
}

#[test]
fn the_budget_is_shared_fairly() {
    let budget = 4 << 20;
    let mut store = Store::new(budget);
    for run in 0..20 {
        add_run(&mut store, run, 2);
    }
    append(&mut store, 19, dense(0, 500, 2, |row| row as f64));
    for round in 0..20 {
        for run in 0..19 {
            append(
                &mut store,
                run,
                dense(round * 2000, 2000, 2, |row| row as f64),
            );
            let held: usize = store
                .runs()
                .iter()
                .map(|run| run.streams[0].resident_bytes())
                .sum();
            assert!(held <= budget);
        }
    }
    let resident = |run: usize| {
        let rows = store.runs()[run].streams[0].resident();
        rows.end - rows.start
    };
    let (least, most) = (0..19)
        .map(resident)
        .fold((u64::MAX, 0), |(least, most), rows| {
            (least.min(rows), most.max(rows))
        });
    assert!(least >= 2000 && most <= 3 * least, "{least} to {most} rows");
    assert_eq!(resident(19), 500);
}

#[test]
fn single_rows_leave_few_slices() {
    let mut store = Store::new(1 << 30);
    add_run(&mut store, 0, 2);
    for row in 0..20_000 {
        append(&mut store, 0, dense(row, 1, 2, |row| row as f64));
    }
    let stream = &store.runs()[0].streams[0];
    assert_eq!(stream.resident(), 0..20_000);
    assert!(
        stream.resident_bytes() < 20_000 * 32 * 2,
        "{}",
        stream.resident_bytes()
    );
    assert_eq!(stream.value(ColumnId(1), 12_345), Some(12_345.0 * 1.5));
}

#[test]
fn one_huge_slice_leaves_its_newest_rows() {
    let mut store = Store::new(1 << 30);
    add_run(&mut store, 0, 2);
    append(&mut store, 0, dense(0, 100_000, 2, |row| row as f64));
    let stream = &store.runs()[0].streams[0];
    assert_eq!(stream.resident(), 34_464..100_000);
    assert_eq!(stream.value(ColumnId(0), 34_464), Some(34_464.0 * 0.5));
    assert_eq!(
        (stream.step(99_999), stream.value(ColumnId(0), 34_463)),
        (Some(99_999.0), None)
    );
}

/// Two processes that write to one file, one a step behind the other: every second row goes back.
#[test]
fn steps_that_go_back_all_the_time_cost_little() {
    let zigzag = |row: u64| (row / 2) as f64 + if row.is_multiple_of(2) { 1.0 } else { 0.0 };
    let far = |row: u64| {
        if row.is_multiple_of(2) {
            1e9
        } else {
            row as f64
        }
    };
    for step in [&zigzag as &dyn Fn(u64) -> f64, &far] {
        let mut store = Store::new(1 << 20);
        add_run(&mut store, 0, 2);
        for first in (0..400_000).step_by(4000) {
            append(&mut store, 0, dense(first, 4000, 2, step));
        }
        // The last rows while somebody looks closely: nothing needs to be read again for them.
        let look = Look {
            run: RunId(0),
            stream: StreamId(0),
            column: ColumnId(0),
            smoothing: Some(0.6),
            rows: None,
        };
        store.look(&[look]);
        let _ = store.wants();
        for first in (400_000..420_000).step_by(500) {
            append(&mut store, 0, dense(first, 500, 2, step));
            assert!(store.wants().is_empty());
        }
        store.look(&[]);
        let stream = &store.runs()[0].streams[0];
        assert!(stream.index_bytes() < 600_000, "{}", stream.index_bytes());
        let column = &stream.columns()[0];
        assert!(column.settled());
        assert!(column.restart_count() >= 199_999);
        assert!(column.restarts().len() <= 1024 && column.superseded().len() <= 4096);
    }
}

/// Two thousand columns, each in one row of two thousand.
#[test]
fn many_columns_in_turn_are_not_quadratic() {
    let mut store = Store::new(1 << 30);
    add_run(&mut store, 0, 2000);
    for row in 0..40_000_u32 {
        let column = ColumnRows {
            id: ColumnId(row % 2000),
            rows: None,
            values: vec![1.0],
            others: 0,
        };
        append(
            &mut store,
            0,
            Rows {
                count: 1,
                columns: vec![column],
                ..Rows::default()
            },
        );
    }
    let stream = &store.runs()[0].streams[0];
    assert!(stream.columns().iter().all(|column| column.count() == 20));
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![5 => -9.0..9.0_f64, 1 => any::<f64>(), 1 => Just(f64::NAN)]
}

/// Slices that need not hold what their type promises.
fn any_rows() -> impl Strategy<Value = Rows> {
    let numbers = || prop::collection::vec(number(), 0..12);
    let held = prop::option::of(prop::collection::vec(0..14_u32, 0..12));
    let column =
        (0..6_u32, held, numbers(), 0..3_u32).prop_map(|(id, rows, values, others)| ColumnRows {
            id: ColumnId(id),
            rows,
            values,
            others,
        });
    let mark = (any::<u32>(), any::<u64>()).prop_map(|(row, offset)| Mark { row, offset });
    let columns = prop::collection::vec(column, 0..6);
    (
        0..14_u32,
        numbers(),
        numbers(),
        columns,
        prop::collection::vec(mark, 0..3),
    )
        .prop_map(|(count, steps, times, columns, marks)| Rows {
            count,
            steps,
            times,
            columns,
            marks,
        })
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), "[a.]{0,3}".prop_map(Value::Text)];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::vec(("[ab.]{0,3}", inner), 0..4).prop_map(Value::Map),
        ]
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let stream = || (0..4_u32).prop_map(StreamId);
    let file = || prop_oneof![Just(Arc::from("a")), Just(Arc::from("b"))];
    let place = Place {
        path: PathBuf::new(),
        shown: PathBuf::new(),
        below: PathBuf::new(),
    };
    let op = prop_oneof![
        any_value().prop_map(ParamOp::Set),
        any_value().prop_map(ParamOp::Extend),
        ("[ab.]{0,4}", any_value()).prop_map(|(key, value)| ParamOp::Update { key, value }),
    ];
    let logs = prop::collection::vec(number(), 0..9).prop_map(|times| {
        Change::Logs(LogLines {
            offsets: vec![1; 5],
            levels: vec![Level::Warn; 7],
            times,
        })
    });
    prop_oneof![
        2 => Just(Change::Found { place, layout: Layout::Epochs }),
        4 => stream().prop_map(|stream| Change::Stream {
            stream, name: "s".into(), kind: StreamKind::Track, file: "f".into(),
        }),
        4 => (stream(), prop::collection::vec("[a-c]{0,2}", 0..4))
            .prop_map(|(stream, keys)| Change::Columns { stream, keys }),
        20 => (stream(), any_rows()).prop_map(|(stream, rows)| Change::Rows { stream, rows }),
        2 => stream().prop_map(|stream| Change::StreamReset { stream }),
        6 => (stream(), prop_oneof![0..60_u64, any::<u64>()], any_rows())
            .prop_map(|(stream, first, rows)| Change::Exact { stream, first, rows }),
        4 => stream().prop_map(|stream| Change::ExactEnd { stream }),
        2 => logs,
        3 => (prop::option::of(number()), op)
            .prop_map(|(time, op)| Change::Params(ParamChange { time, op })),
        1 => file().prop_map(|file| Change::Problem(Problem { file, offset: 0, reason: "r".into() })),
        1 => file().prop_map(|file| Change::ProblemsCleared { file }),
        1 => file().prop_map(|file| Change::Note { file, text: "n".into() }),
        1 => Just(Change::Facts(Facts::default())),
        1 => prop_oneof![
            Just(Change::Gone), Just(Change::Back), Just(Change::CaughtUp),
            Just(Change::LogsReset), Just(Change::ParamsReset), Just(Change::Files(Vec::new())),
        ],
    ]
}

fn any_look() -> impl Strategy<Value = Look> {
    let weight = prop_oneof![Just(0.6), Just(0.97), any::<f64>()];
    let rows = prop_oneof![Just(0..9), Just(3..60), any::<Range<u64>>()];
    (
        (0..3_u32, 0..4_u32, 0..6_u32),
        prop::option::of(weight),
        prop::option::of(rows),
    )
        .prop_map(|((run, stream, column), smoothing, rows)| Look {
            run: RunId(run),
            stream: StreamId(stream),
            column: ColumnId(column),
            smoothing,
            rows,
        })
}

/// Looks at everything that can be looked at.
fn look(store: &Store) {
    for run in store.runs() {
        let _ = (
            run.rows(),
            run.first_time(),
            run.last_time(),
            run.problems.total(),
        );
        for stream in &run.streams {
            for (id, column) in stream.columns().iter().enumerate() {
                let _ = (
                    column.live().mean(),
                    column.settled(),
                    column.non_finite().count(),
                );
                assert!(column.finite() <= column.count());
                for (start, end) in [(0, stream.rows()), (3, 9), (9, 3), (0, u64::MAX)] {
                    let rows = Range { start, end };
                    let id = ColumnId(id as u32);
                    assert!(stream.window(id, rows.clone(), 5).len() <= 5);
                    if let Some(smoothed) = column.smoothed(0.6) {
                        let (done, all) = smoothed.progress();
                        assert!(done <= all && smoothed.window(rows.clone(), 5).len() <= 5);
                    }
                    assert!(stream.values(id, rows).count() as u64 <= stream.rows());
                }
            }
            for row in [0, 5, 200, u64::MAX] {
                let _ = (
                    stream.step_near(row),
                    stream.time_near(row),
                    stream.mark_before(row),
                );
                let _ = (stream.value(ColumnId(9), row), stream.gaps.typical_gap(0.5));
                let _ = stream.smoothed_at(ColumnId(0), 0.6, row);
            }
        }
    }
    assert!(store.heap_bytes() < 1 << 24);
}

proptest! {
    #[test]
    fn nothing_panics(
        changes in prop::collection::vec((0..3_u32, any_change()), 0..120),
        looks in prop::collection::vec(prop::collection::vec(any_look(), 0..6), 1..9),
        budget in prop_oneof![Just(0_usize), 0..4000_usize],
    ) {
        let mut store = Store::new(budget);
        add_run(&mut store, 0, 3);
        for (at, (run, change)) in changes.into_iter().enumerate() {
            send(&mut store, run, change);
            store.look(&looks[at / 20 % looks.len()]);
            let _ = store.wants();
        }
        look(&store);
    }
}
