//! How long it takes to ask 5,000 runs a question: this happens with every key that is typed.

use std::path::PathBuf;

use divan::{Bencher, black_box};
use ml_dash_top::insight::overview::Overview;
use ml_dash_top::insight::query::{Asked, Query, completions, words};
use ml_dash_top::record::{
    Batch, Change, ColumnId, ColumnRows, Facts, Layout, Number, ParamChange, ParamOp, Place, Rows,
    RunId, StreamId, StreamKind, Value,
};
use ml_dash_top::store::Store;

const RUNS: u32 = 5_000;
const PARAMS: u32 = 30;
const NOW: f64 = 1.795e9;

fn main() {
    divan::main();
}

/// Runs of sweeps: 30 parameters, eight metrics, some tags.
fn store() -> Store {
    let mut store = Store::new(1 << 26);
    for run in 0..RUNS {
        let below = PathBuf::from(format!("vision/sweep-{}/seed-{run}", run % 50));
        let place = Place {
            path: PathBuf::from("/data/runs").join(&below),
            shown: PathBuf::from("runs").join(&below),
            below,
        };
        let mut tell = |change| {
            store.apply(Batch {
                run: RunId(run),
                change,
            });
        };
        let layout = Layout::Prefix;
        tell(Change::Found { place, layout });
        tell(Change::Facts(Facts {
            name: Some(format!("Seed-{run}")),
            project: Some("vision".to_owned()),
            tags: vec!["cifar10".to_owned(), format!("sweep-{}", run % 50)],
            ..Facts::default()
        }));
        let param = |at: u32| {
            let value = f64::from(run * at) / 1e4;
            let text = value.to_string().into();
            (
                format!("group{}.param{at}", at % 5),
                Value::Number(Number { text, value }),
            )
        };
        let op = ParamOp::Set(Value::Map((0..PARAMS).map(param).collect()));
        tell(Change::Params(ParamChange { time: None, op }));
        let stream = StreamId(0);
        tell(Change::Stream {
            stream,
            name: "val".to_owned(),
            kind: StreamKind::Metric,
            file: PathBuf::from("metrics/val/data.jsonl"),
        });
        let names = ["epoch", "loss", "acc", "f1", "ece", "nll", "mae", "auc"];
        let keys = names.map(str::to_owned).to_vec();
        tell(Change::Columns { stream, keys });
        let column = |at: usize| ColumnRows {
            id: ColumnId(at as u32),
            rows: None,
            values: vec![f64::from(run) / 1e3 + at as f64; 3],
            others: 0,
        };
        let rows = Rows {
            count: 3,
            columns: (0..names.len()).map(column).collect(),
            ..Rows::default()
        };
        tell(Change::Rows { stream, rows });
    }
    store
}

#[divan::bench(args = [
    "seed-4",
    "vision -sweep-1 cifar",
    "group1.param6>=0.1",
    "param6>=0.1",
    "val.loss<0.2",
    "best.val.acc>2 state=silent",
    "/seed-\\d+7/ or tag:sweep-3",
    "nothing=5",
])]
fn of_5_000_runs(bencher: Bencher, question: &str) {
    let store = store();
    let texts: Vec<String> = store.runs().iter().map(words).collect();
    let overviews: Vec<Overview> = store.runs().iter().map(|r| Overview::of(r, NOW)).collect();
    let query = Query::parse(question).unwrap_or_default();
    bencher.bench_local(|| {
        let runs = store.runs().iter().zip(&texts).zip(&overviews);
        let asked = runs.map(|((run, words), overview)| Asked {
            run,
            overview: Some(overview),
            glance: None,
            words,
            now: NOW,
        });
        black_box(asked.filter(|asked| query.matches(asked)).count())
    });
}

#[divan::bench(args = ["par", "param6=", "val", "tag:"])]
fn what_may_follow(bencher: Bencher, begun: &str) {
    let store = store();
    bencher.bench_local(|| black_box(completions(begun, store.runs())));
}
