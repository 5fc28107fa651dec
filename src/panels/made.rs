//! Runs made by tests, and panels drawn into text.

use std::path::PathBuf;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::watched::Watched;
use super::{Context, Marked, Pane};
use crate::insight::clock::Zone;
use crate::insight::overview::Overview;
use crate::record::{
    Batch, Change, ColumnId, ColumnRows, Facts, Layout, Number, ParamChange, ParamOp, Place,
    Problem, Rows, RunError, RunId, SavedFile, Status, StreamId, StreamKind, Value,
};
use crate::store::Store;
use crate::widgets::Safe;
use crate::widgets::theme::Theme;

/// 2026-11-20 14:05:19
pub(super) const NOW: f64 = 1_795_183_519.0;

/// Text that tries everything on a terminal.
pub(super) const HOSTILE: &str =
    "\x1b]0;x\x07\u{9b}31m\u{202e}evil\u{200b}\n\t損失🤗\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}";

/// Everything that a context is made of.
pub(super) struct Lab {
    pub(super) store: Store,
    pub(super) overviews: Vec<Option<Rc<Overview>>>,
    pub(super) theme: Theme,
    pub(super) zone: Zone,
    pub(super) now: f64,
    pub(super) run: Option<RunId>,
    pub(super) watched: Vec<Watched>,
    pub(super) scanned: bool,
    pub(super) marked: Vec<Marked>,
    pub(super) baseline: Option<RunId>,
    pub(super) linked: bool,
}

impl Lab {
    pub(super) fn new() -> Self {
        Self {
            store: Store::new(1 << 24),
            overviews: Vec::new(),
            theme: Theme::default(),
            zone: Zone::utc(),
            now: NOW,
            run: None,
            watched: vec![Safe::fixed("runs").into()],
            scanned: true,
            marked: Vec::new(),
            baseline: None,
            linked: false,
        }
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            store: &self.store,
            overviews: &self.overviews,
            theme: &self.theme,
            now: self.now,
            zone: &self.zone,
            run: self.run,
            watched: &self.watched,
            scanned: self.scanned,
            messages: &[],
            marked: &self.marked,
            baseline: self.baseline,
            linked: self.linked,
        }
    }

    pub(super) fn tell(&mut self, run: RunId, change: Change) {
        self.store.apply(Batch { run, change });
    }

    /// A run in a folder below `runs`.
    pub(super) fn add(&mut self, below: &str) -> RunId {
        let run = RunId(self.store.runs().len() as u32);
        let place = Place {
            path: PathBuf::from("/data/runs").join(below),
            shown: PathBuf::from("runs").join(below),
            below: PathBuf::from(below),
        };
        let layout = Layout::Prefix;
        self.tell(run, Change::Found { place, layout });
        self.overviews.push(None);
        run
    }

    /// Losses of some epochs, the last one `age` seconds ago.
    pub(super) fn train(&mut self, run: RunId, losses: &[(f64, f64)], age: f64, every: f64) {
        let count = losses.len() as u32;
        let times = (0..count).map(|row| self.now - age - f64::from(count - 1 - row) * every);
        let times: Vec<f64> = times.collect();
        let keys = ["epoch", "train_loss", "val_loss"];
        let columns = [
            (0..count).map(f64::from).collect(),
            losses.iter().map(|(train, _)| *train).collect(),
            losses.iter().map(|(_, val)| *val).collect(),
        ];
        self.rows(run, &keys, columns.to_vec(), times);
    }

    pub(super) fn rows(
        &mut self,
        run: RunId,
        keys: &[&str],
        columns: Vec<Vec<f64>>,
        times: Vec<f64>,
    ) {
        let stream = StreamId(
            self.store
                .run(run)
                .map_or(0, |run| run.streams.len() as u32),
        );
        self.tell(
            run,
            Change::Stream {
                stream,
                name: String::new(),
                kind: StreamKind::Metric,
                file: PathBuf::from("metrics.jsonl"),
            },
        );
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        self.tell(run, Change::Columns { stream, keys });
        let columns = columns
            .into_iter()
            .enumerate()
            .map(|(at, values)| ColumnRows {
                id: ColumnId(at as u32),
                rows: None,
                values,
                others: 0,
            });
        let rows = Rows {
            count: times.len() as u32,
            steps: (0..times.len()).map(|row| row as f64).collect(),
            columns: columns.collect(),
            times,
            marks: Vec::new(),
        };
        self.tell(run, Change::Rows { stream, rows });
    }

    pub(super) fn params(&mut self, run: RunId, params: &[(&str, Value)], ago: f64) {
        let time = Some(self.now - ago);
        for (key, value) in params {
            let (key, value) = ((*key).to_owned(), value.clone());
            let op = ParamOp::Update { key, value };
            self.tell(run, Change::Params(ParamChange { time, op }));
        }
    }

    /// Looks at all runs anew.
    pub(super) fn look(&mut self) {
        let of = |run| Some(Rc::new(Overview::of(run, self.now)));
        self.overviews = self.store.runs().iter().map(of).collect();
    }

    /// The runs of the sketches.
    pub(super) fn sketched() -> Self {
        let mut lab = Self::new();
        let falling = |epochs: i32, best: i32, end: f64| -> Vec<(f64, f64)> {
            let loss = |at: i32| {
                let val = 2.3 * (-0.12 * f64::from(at)).exp() + end;
                let worse = 0.006 * f64::from((at - best).max(0));
                (val * 0.8 - 0.3 * end, ((val + worse) * 1e4).round() / 1e4)
            };
            (0..epochs).map(loss).collect()
        };
        let runs = [
            ("resnet50-baseline", 38, 50.0, 2.0, 4.1, None),
            ("resnet50-lr3e-4", 41, 50.0, 3.0, 4.0, None),
            ("seed-10", 50, 50.0, 9000.0, 4.0, Some(Status::Completed)),
            ("seed-2", 41, 50.0, 370.0, 4.0, None),
            ("seed-1", 50, 50.0, 7300.0, 4.0, Some(Status::Completed)),
            ("oom-crash", 17, 50.0, 86_400.0, 4.0, Some(Status::Failed)),
            ("old-scratch", 5, 0.0, 2e6, 4.0, None),
        ];
        for (name, epochs, planned, age, every, status) in runs {
            let run = lab.add(&format!("vision/{name}"));
            lab.told(run, name, "alice", "vision", status, lab.now - age);
            if planned > 0.0 {
                lab.params(run, &[("epochs", number(planned))], 90_000.0);
            }
            lab.train(run, &falling(epochs, 31, 0.09), age, every);
        }
        let run = lab.add("vision/lr-too-high");
        lab.told(run, "lr-too-high", "alice", "vision", None, NOW);
        lab.params(run, &[("epochs", number(50.0))], 900.0);
        let mut losses = falling(9, 31, 1.0);
        losses[7..].fill((f64::NAN, f64::NAN));
        lab.train(run, &losses, 3.0, 20.0);
        for name in ["bert", "gpt"] {
            let run = lab.add(&format!("nlp/{name}"));
            lab.told(run, name, "alice", "nlp", None, NOW);
            lab.train(run, &falling(20, 31, 3.0), 20.0, 30.0);
        }
        for run in 0..lab.store.runs().len() {
            lab.tell(RunId(run as u32), Change::CaughtUp);
        }
        lab.run = Some(RunId(0));
        lab.look();
        lab
    }

    /// A run whose every field tries to harm the terminal.
    pub(super) fn hostile() -> Self {
        let mut lab = Self::new();
        for below in [format!("{HOSTILE}/{HOSTILE}"), format!("x/{HOSTILE}")] {
            let run = lab.add(&below);
            lab.told(run, HOSTILE, HOSTILE, HOSTILE, Some(Status::Failed), NOW);
            let mut facts = lab.store.runs()[0].facts.clone();
            let text = || Some(HOSTILE.to_owned());
            facts.error = Some(RunError {
                kind: text(),
                message: text(),
                traceback: text(),
            });
            (facts.host, facts.description, facts.readme) = (text(), text(), text());
            facts.tags = vec![HOSTILE.to_owned()];
            facts.more = vec![(HOSTILE.to_owned(), Value::Text(HOSTILE.to_owned()))];
            lab.tell(run, Change::Facts(facts));
            let nested = format!("{HOSTILE}.{HOSTILE}");
            let value = Value::List(vec![Value::Text(HOSTILE.to_owned())]);
            lab.params(
                run,
                &[(&nested, value.clone()), (HOSTILE, number(1.0))],
                9.0,
            );
            lab.params(run, &[(&nested, Value::Null), (HOSTILE, value)], 8.0);
            let keys = [HOSTILE, "val/loss", &format!("{HOSTILE}/acc")];
            let column = vec![1.0, f64::NAN, f64::INFINITY, -1e300];
            let times = vec![NOW, NOW + 1e9, f64::NAN, 0.0];
            lab.rows(
                run,
                &keys,
                vec![column.clone(), column.clone(), column],
                times,
            );
            lab.tell(
                run,
                Change::Files(vec![SavedFile {
                    path: HOSTILE.to_owned(),
                    size: u64::MAX / 4,
                    time: Some(f64::NAN),
                }]),
            );
            lab.tell(
                run,
                Change::Problem(Problem {
                    file: HOSTILE.into(),
                    offset: u64::MAX,
                    reason: HOSTILE.to_owned(),
                }),
            );
            let (file, text) = (HOSTILE.into(), HOSTILE.to_owned());
            lab.tell(run, Change::Note { file, text });
        }
        lab.watched = vec![Safe::new(HOSTILE).into()];
        lab.run = Some(RunId(0));
        lab.look();
        lab
    }

    fn told(
        &mut self,
        run: RunId,
        name: &str,
        owner: &str,
        project: &str,
        status: Option<Status>,
        completed: f64,
    ) {
        let facts = Facts {
            name: Some(name.to_owned()),
            owner: Some(owner.to_owned()),
            project: Some(project.to_owned()),
            tags: vec!["cifar10".to_owned(), "baseline".to_owned()],
            host: Some("gpu-server-01".to_owned()),
            started: None,
            status: status.or(Some(Status::Running)),
            completed: status.map(|_| completed),
            ..Facts::default()
        };
        self.tell(run, Change::Facts(facts));
    }
}

pub(super) fn number(value: f64) -> Value {
    Value::Number(Number {
        text: value.to_string().into(),
        value,
    })
}

pub(super) const fn pane(width: u16, height: u16) -> Pane {
    Pane {
        area: Rect::new(0, 0, width, height),
        focused: true,
        zoomed: false,
        values_elsewhere: false,
    }
}

/// What `draw` draws, as lines of text.
pub(super) fn drawn(width: u16, height: u16, draw: impl FnOnce(&mut Buffer)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    draw(&mut buf);
    lines(&buf).join("\n")
}

pub(super) fn lines(buf: &Buffer) -> Vec<String> {
    let cells: Vec<&str> = buf.content().iter().map(Cell::symbol).collect();
    cells
        .chunks(usize::from(buf.area.width).max(1))
        .map(|line| {
            let mut text = String::new();
            let mut covered = 0;
            for symbol in line {
                if covered > 0 {
                    covered -= 1;
                    continue;
                }
                text.push_str(symbol);
                covered = unicode_width::UnicodeWidthStr::width(*symbol).saturating_sub(1);
            }
            text.trim_end().to_owned()
        })
        .collect()
}

/// Draws on a screen that is larger than the area, and says whether all of it stayed within it.
pub(super) fn stays_within(area: Rect, draw: impl FnOnce(&mut Buffer)) -> bool {
    let mut buf = Buffer::empty(Rect::new(0, 0, area.right() + 3, area.bottom() + 2));
    draw(&mut buf);
    is_contained(&buf, area)
}

/// Any area on any screen, and the extremes of both.
pub(super) fn any_area() -> impl Strategy<Value = Rect> {
    let some = (0..9_u16, 0..5_u16, 0..190_u16, 0..50_u16);
    let some = some.prop_map(|(x, y, width, height)| Rect::new(x, y, width, height));
    let extremes = [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (10_000, 2),
        (9, 400),
        (20, 5),
        (40, 10),
    ];
    let extremes = extremes.map(|(width, height)| Rect::new(0, 0, width, height));
    prop_oneof![4 => some, 1 => prop::sample::select(extremes.to_vec())]
}

/// Whether only cells within `area` were touched, and nothing that a terminal obeys is in them.
pub(super) fn is_contained(buf: &Buffer, area: Rect) -> bool {
    let outside = |x: u16, y: u16| !area.contains(ratatui::layout::Position::new(x, y));
    let blank = Cell::default();
    (buf.area.top()..buf.area.bottom()).all(|y| {
        (buf.area.left()..buf.area.right()).all(|x| {
            let cell = &buf[(x, y)];
            let harmless = cell
                .symbol()
                .chars()
                .all(|c| !c.is_control() && c != '\u{202e}');
            harmless && (!outside(x, y) || *cell == blank)
        })
    })
}
