//! Charts that are kept from frame to frame show what is known now: whatever happens, they are drawn
//! as if nothing had been kept.

use std::collections::VecDeque;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::{App, Effect, Event, Settings};
use crate::commands::{BINDINGS, typing_for};
use crate::commands::{Code, Command, Key, PanelId, command_for};
use crate::insight::clock::Zone;
use crate::panels::{Group, Panel as _};
use crate::record::{
    Change, ColumnId, ColumnRows, Facts, Layout, Mark, Number, ParamChange, ParamOp, Place, Rows,
    RunId, StreamId, StreamKind, Value,
};
use crate::store::Want;
use crate::widgets::Safe;
use crate::widgets::theme::Theme;

const RUNS: u32 = 4;
/// Keys that runs get one after the other.
const KEYS: [&str; 4] = ["loss", "epoch", "accuracy", "grad_norm"];
/// So little that the store lets go of rows.
const MEMORY: usize = 12_000;
const START: f64 = 1_795_183_519.0;

/// What can happen.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Rows come to a stream, after a restart that goes back so far.
    Rows {
        run: u32,
        stream: u32,
        count: u32,
        back: u32,
    },
    Reset {
        run: u32,
        stream: u32,
    },
    Column {
        run: u32,
        stream: u32,
    },
    Param {
        run: u32,
    },
    Name {
        run: u32,
    },
    /// What was asked for is answered.
    Answer,
    Key(Key),
    Type(&'static str),
    Mark(u32),
    Group(u32),
    Size(u16, u16),
    Clock(f64),
}

/// The program, and what lies in its files.
struct World {
    app: App,
    /// Steps and values of all rows, by run and stream.
    files: Vec<[Vec<(f64, f64)>; 2]>,
    keys: Vec<[u32; 2]>,
    questions: VecDeque<Want>,
    now: f64,
    size: Size,
}

impl World {
    fn new() -> Self {
        let size = Size::new(120, 40);
        let mut world = Self {
            app: App::new(Settings {
                theme: Theme::default(),
                zone: Zone::utc(),
                max_mem: MEMORY,
                mouse: true,
                level: None,
                watched: Vec::new(),
                now: START,
                size,
            }),
            files: (0..RUNS).map(|_| [Vec::new(), Vec::new()]).collect(),
            keys: vec![[2, 1]; RUNS as usize],
            questions: VecDeque::new(),
            now: START,
            size,
        };
        for run in 0..RUNS {
            let path = format!("run{run}");
            let place = Place {
                path: path.clone().into(),
                shown: path.clone().into(),
                below: path.into(),
            };
            let layout = Layout::Prefix;
            world.change(run, Change::Found { place, layout });
            for (stream, name) in [(0, "train"), (1, "eval")] {
                world.change(
                    run,
                    Change::Stream {
                        stream: StreamId(stream),
                        name: name.to_owned(),
                        kind: StreamKind::Metric,
                        file: name.into(),
                    },
                );
                let keys = world.keys[run as usize][stream as usize] as usize;
                let keys = KEYS[..keys].iter().map(|key| (*key).to_owned());
                let (stream, keys) = (StreamId(stream), keys.collect());
                world.change(run, Change::Columns { stream, keys });
            }
            world.act(Act::Rows {
                run,
                stream: 0,
                count: 60,
                back: 0,
            });
            world.act(Act::Rows {
                run,
                stream: 1,
                count: 7,
                back: 0,
            });
        }
        world.prepare();
        world
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Rows {
                run,
                stream,
                count,
                back,
            } => {
                let keys = self.keys[run as usize][stream as usize];
                let file = &mut self.files[run as usize][stream as usize];
                let first = file.len();
                let last = file.last().map_or(0.0, |(step, _)| *step);
                let step = (last - f64::from(back)).max(0.0);
                for at in 1..=count {
                    let nth = file.len() as f64 + f64::from(run);
                    let value = if file.len() % 29 == 28 {
                        f64::NAN
                    } else {
                        (nth * 0.7).sin() + 3.0 / (nth + 1.0)
                    };
                    file.push((step + f64::from(at * (1 + stream * 9)), value));
                }
                let rows = rows(&file[first..], first, keys);
                self.change(
                    run,
                    Change::Rows {
                        stream: StreamId(stream),
                        rows,
                    },
                );
            }
            Act::Reset { run, stream } => {
                self.files[run as usize][stream as usize].clear();
                self.change(
                    run,
                    Change::StreamReset {
                        stream: StreamId(stream),
                    },
                );
            }
            Act::Column { run, stream } => {
                let known = &mut self.keys[run as usize][stream as usize];
                if let Some(key) = KEYS.get(*known as usize) {
                    *known += 1;
                    let (stream, keys) = (StreamId(stream), vec![(*key).to_owned()]);
                    self.change(run, Change::Columns { stream, keys });
                }
            }
            Act::Param { run } => {
                let value = self.now - START;
                let op = ParamOp::Update {
                    key: "lr".to_owned(),
                    value: Value::Number(Number {
                        text: value.to_string().into(),
                        value,
                    }),
                };
                let time = Some(START + value / 2.0);
                self.change(run, Change::Params(ParamChange { time, op }));
            }
            Act::Name { run } => {
                let name = Some(format!("named{}", self.now));
                self.change(
                    run,
                    Change::Facts(Facts {
                        name,
                        ..Facts::default()
                    }),
                );
            }
            Act::Answer => self.answer(),
            Act::Key(key) => self.event(Event::Key(key)),
            Act::Type(text) => {
                let (typing, rest) = typing_for(text).expect(text);
                let typed = (typing.parse)(rest).expect(text);
                let pane = self.app.panes.pane(PanelId::Charts);
                let context = self.app.data.context();
                let requests = self.app.panes.charts.typed(&typed, &context, pane);
                let mut effects = Vec::new();
                self.app.fulfil(requests, PanelId::Charts, &mut effects);
                self.perform(effects);
            }
            Act::Mark(run) => {
                self.app.data.mark(RunId(run));
            }
            Act::Group(run) => {
                let runs = (run..RUNS).map(RunId).collect();
                let title = Safe::new(&format!("from {run}"));
                self.app.data.mark_group(Group { title, runs });
            }
            Act::Size(width, height) => {
                self.size = Size::new(width, height);
                self.event(Event::Resize(self.size));
            }
            Act::Clock(seconds) => {
                self.now += seconds;
                self.event(Event::Clock(self.now));
            }
        }
    }

    fn answer(&mut self) {
        let Some(Want {
            run,
            stream,
            rows: wanted,
            ..
        }) = self.questions.pop_front()
        else {
            return;
        };
        let (at, of) = (run.0 as usize, stream.0 as usize);
        let file = &self.files[at][of];
        let start = (wanted.start as usize).min(file.len());
        let end = (wanted.end as usize).min(file.len());
        let exact = Change::Exact {
            stream,
            first: start as u64,
            rows: rows(&file[start..end], start, self.keys[at][of]),
        };
        self.change(run.0, exact);
        self.change(run.0, Change::ExactEnd { stream });
    }

    fn change(&mut self, run: u32, change: Change) {
        let (run, changes) = (RunId(run), vec![change]);
        self.event(Event::Changes { run, changes });
    }

    fn event(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects);
    }

    fn prepare(&mut self) {
        let effects = self.app.prepare();
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let wants = effects.into_iter().filter_map(|effect| match effect {
            Effect::Fetch(want) => Some(want),
            _ => None,
        });
        self.questions.extend(wants);
    }

    /// The charts as they are drawn, and as a panel draws them that has kept nothing.
    fn pictures(&self) -> [Buffer; 2] {
        let pane = self.app.panes.pane(PanelId::Charts);
        let context = self.app.data.context();
        let charts = &self.app.panes.charts;
        let anew = charts.without_kept();
        [charts, &anew].map(|charts| {
            let mut buf = Buffer::empty(pane.area);
            charts.draw(&context, pane, &mut buf);
            buf
        })
    }
}

/// The rows of a file from `first` on.
fn rows(rows: &[(f64, f64)], first: usize, keys: u32) -> Rows {
    let column = |key: u32| {
        let value = |at: usize, (step, value): (f64, f64)| match KEYS[key as usize] {
            "epoch" => (step / 20.0).floor(),
            "accuracy" => 1.0 - value.abs() / 4.0 + (first + at) as f64 / 1e3,
            _ => value,
        };
        let values = rows.iter().enumerate().map(|(at, row)| value(at, *row));
        ColumnRows {
            id: ColumnId(key),
            rows: None,
            values: values.collect(),
            others: 0,
        }
    };
    Rows {
        count: rows.len() as u32,
        steps: rows.iter().map(|(step, _)| *step).collect(),
        times: (first..first + rows.len())
            .map(|row| START - 9e4 + row as f64)
            .collect(),
        columns: (0..keys).map(column).collect(),
        marks: vec![Mark {
            row: 0,
            offset: first as u64 * 70,
        }],
    }
}

/// Keys of all panels that open nothing over them.
fn keys() -> Vec<Key> {
    let opens = [
        Command::Quit,
        Command::Suspend,
        Command::Filter,
        Command::FilterLines,
        Command::Help,
        Command::Messages,
        Command::Palette,
        Command::CopyMenu,
    ];
    let names = BINDINGS.iter().flat_map(|binding| binding.keys);
    let keys = names.filter_map(|name| Key::parse(name));
    keys.filter(|key| {
        command_for(*key, PanelId::Charts).is_some_and(|command| !opens.contains(&command))
    })
    .chain([Key::plain(Code::Esc)])
    .collect()
}

fn acts() -> impl Strategy<Value = Act> {
    let run = || 0..RUNS;
    let typed = [
        "smooth 0.9",
        "smooth off",
        "window 20 90",
        "window all",
        "tail 30",
        "grid 2x2",
        "grid auto",
        "scale symlog",
        "y 0 1",
        "y auto",
        "x step",
        "x time",
    ];
    prop_oneof![
        12 => prop::sample::select(keys()).prop_map(Act::Key),
        6 => (run(), 0..2_u32, prop_oneof![Just(1_u32), 1..200_u32], prop_oneof![
            3 => Just(0_u32), 1 => 1..90_u32
        ])
            .prop_map(|(run, stream, count, back)| Act::Rows { run, stream, count, back }),
        1 => (run(), 0..2_u32).prop_map(|(run, stream)| Act::Reset { run, stream }),
        1 => (run(), 0..2_u32).prop_map(|(run, stream)| Act::Column { run, stream }),
        1 => run().prop_map(|run| Act::Param { run }),
        1 => run().prop_map(|run| Act::Name { run }),
        4 => Just(Act::Answer),
        4 => prop::sample::select(typed.to_vec()).prop_map(Act::Type),
        2 => run().prop_map(Act::Mark),
        1 => run().prop_map(Act::Group),
        1 => (0..200_u16, 0..60_u16).prop_map(|(width, height)| Act::Size(width, height)),
        2 => (0.1..90.0_f64).prop_map(Act::Clock),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn charts_that_are_kept_are_those_that_would_be_drawn_anew(
        acts in prop::collection::vec((acts(), any::<bool>()), 1..60)
    ) {
        let mut world = World::new();
        for (act, at_once) in acts {
            let told = format!("{act:?}");
            world.act(act);
            if at_once {
                // Drawn before anything was brought up to date, as after a resize.
                let [kept, anew] = world.pictures();
                prop_assert_eq!(kept, anew, "at once after {}", told);
            }
            world.prepare();
            let [kept, anew] = world.pictures();
            prop_assert_eq!(kept, anew, "after {}", told);
        }
    }
}

#[test]
fn what_changes_no_chart_works_none_out() {
    let mut world = World::new();
    world.act(Act::Group(1));
    world.prepare();
    world.prepare();
    let before = world.app.panes.charts.kept();
    assert!(!before.is_empty(), "the charts are kept");
    let quiet =
        ["4", "j", "3", "k", "G", "Tab"].map(|name| Act::Key(Key::parse(name).expect(name)));
    for act in quiet
        .into_iter()
        .chain([Act::Clock(5.0), Act::Clock(0.2), Act::Clock(3600.0)])
    {
        let told = format!("{act:?}");
        world.act(act);
        world.prepare();
        assert_eq!(world.app.panes.charts.kept(), before, "{told}");
    }
    world.act(Act::Rows {
        run: 3,
        stream: 0,
        count: 1,
        back: 0,
    });
    world.prepare();
    assert_ne!(
        world.app.panes.charts.kept(),
        before,
        "a run of the group has a new row"
    );
}
