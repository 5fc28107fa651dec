//! Streams of rows for a store, as ingest would send them.

use ml_dash_top::record::{
    Batch, Change, ColumnId, ColumnRows, Layout, Mark, Place, Rows, RunId, StreamId, StreamKind,
};
use ml_dash_top::store::Store;

pub(crate) fn send(store: &mut Store, run: u32, change: Change) {
    store.apply(Batch {
        run: RunId(run),
        change,
    });
}

pub(crate) fn add_run(store: &mut Store, run: u32, columns: usize) {
    let place = Place {
        path: "r".into(),
        shown: "r".into(),
        below: "r".into(),
    };
    send(
        store,
        run,
        Change::Found {
            place,
            layout: Layout::Flat,
        },
    );
    let (stream, kind) = (StreamId(0), StreamKind::Metric);
    send(
        store,
        run,
        Change::Stream {
            stream,
            name: "s".into(),
            kind,
            file: "f".into(),
        },
    );
    let keys = (0..columns).map(|at| format!("key{at}")).collect();
    send(store, run, Change::Columns { stream, keys });
}

pub(crate) fn dense(first: u64, count: u32, columns: u32, step: impl Fn(u64) -> f64) -> Rows {
    let each = |scale: f64| (0..u64::from(count)).map(move |row| (first + row) as f64 * scale);
    let column = |id| ColumnRows {
        id: ColumnId(id),
        rows: None,
        values: each(f64::from(id) + 0.5).collect(),
        others: 0,
    };
    let marks = (0..count).step_by(256);
    Rows {
        count,
        steps: (0..u64::from(count)).map(|row| step(first + row)).collect(),
        times: each(0.1).collect(),
        columns: (0..columns).map(column).collect(),
        marks: marks
            .map(|row| Mark {
                row,
                offset: (first + u64::from(row)) * 50,
            })
            .collect(),
    }
}

pub(crate) fn append(store: &mut Store, run: u32, rows: Rows) {
    send(
        store,
        run,
        Change::Rows {
            stream: StreamId(0),
            rows,
        },
    );
}
