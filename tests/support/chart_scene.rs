//! A store full of runs, and the charts panel drawn from it.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ml_dash_top::commands::{Key, PanelId, command_for, typing_for};
use ml_dash_top::ingest::{self, LocalDisk, Message, Target};
use ml_dash_top::insight::clock::Zone;
use ml_dash_top::insight::overview::Overview;
use ml_dash_top::panels::charts::Charts;
use ml_dash_top::panels::watched::Watched;
use ml_dash_top::panels::{Context, Group, Marked, Pane, Panel as _, Request, Seek};
use ml_dash_top::record::{
    Batch, Change, ColumnId, ColumnRows, Layout, Mark, Number, ParamChange, ParamOp, Place, Rows,
    RunId, StreamId, StreamKind, Value,
};
use ml_dash_top::store::Store;
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Memory for exact rows.
const BUDGET: usize = 64 << 20;
const NOW: f64 = 1.9e9;

pub(crate) struct Scene {
    pub(crate) store: Store,
    overviews: Vec<Option<Rc<Overview>>>,
    pub(crate) theme: Theme,
    pub(crate) run: Option<RunId>,
    pub(crate) charts: Charts,
    pub(crate) pane: Pane,
    pub(crate) watched: Vec<Watched>,
    pub(crate) marked: Vec<Marked>,
    pub(crate) linked: bool,
    told: RunId,
    zone: Zone,
}

/// A row: its step, its time, and one value for each key; NAN is none.
pub(crate) type Row<'a> = (f64, f64, &'a [f64]);

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            store: Store::new(BUDGET),
            overviews: Vec::new(),
            theme: Theme::default(),
            run: None,
            charts: Charts::default(),
            pane: Pane {
                area: Rect::new(0, 0, 80, 24),
                focused: false,
                zoomed: false,
                values_elsewhere: true,
            },
            watched: Vec::new(),
            marked: Vec::new(),
            linked: false,
            told: RunId(0),
            zone: Zone::utc(),
        }
    }

    /// Reads all runs below a folder.
    pub(crate) fn read(path: &Path) -> Self {
        let mut scene = Self::new();
        let (sender, messages) = channel();
        let options = ingest::Options {
            targets: vec![Target::Path(path.to_owned())],
            ..ingest::Options::default()
        };
        let reading = ingest::start(Arc::new(LocalDisk), options, move |message| {
            sender.send(message).is_ok()
        });
        for message in messages {
            match message {
                Message::Changes { run, changes } => {
                    for change in changes {
                        scene.store.apply(Batch { run, change });
                    }
                }
                Message::Complete => break,
                _ => {}
            }
        }
        drop(reading);
        scene.run = Some(RunId(0));
        scene.refresh();
        scene
    }

    /// A run without rows.
    pub(crate) fn run(layout: Layout) -> Self {
        let mut scene = Self::new().another(layout, "a");
        scene.run = Some(RunId(0));
        scene
    }

    /// One more run, to which what follows is told.
    pub(crate) fn another(mut self, layout: Layout, name: &str) -> Self {
        self.told = RunId(self.store.runs().len() as u32);
        let place = Place {
            path: format!("runs/{name}").into(),
            shown: format!("runs/{name}").into(),
            below: name.into(),
        };
        self.tell(Change::Found { place, layout });
        self
    }

    pub(crate) fn tell(&mut self, change: Change) {
        let run = self.told;
        self.store.apply(Batch { run, change });
    }

    /// Adds a stream with these keys.
    pub(crate) fn stream(mut self, name: &str, keys: &[&str]) -> Self {
        let stream = StreamId(self.store.runs()[self.told.0 as usize].streams.len() as u32);
        self.tell(Change::Stream {
            stream,
            name: name.to_owned(),
            kind: StreamKind::Metric,
            file: format!("metrics/{name}/data.jsonl").into(),
        });
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        self.tell(Change::Columns { stream, keys });
        self
    }

    /// Appends rows to the last stream. A value of `NAN` is a NaN that the file holds.
    pub(crate) fn rows<'a>(mut self, rows: impl IntoIterator<Item = Row<'a>>) -> Self {
        let rows: Vec<Row<'_>> = rows.into_iter().collect();
        let streams = &self.store.runs()[self.told.0 as usize].streams;
        let (stream, keys) = (
            streams.len() - 1,
            streams[streams.len() - 1].columns().len(),
        );
        let column = |at: usize| ColumnRows {
            id: ColumnId(at as u32),
            rows: None,
            values: rows.iter().map(|row| row.2[at]).collect(),
            others: 0,
        };
        let rows = Rows {
            count: rows.len() as u32,
            steps: rows.iter().map(|row| row.0).collect(),
            times: rows.iter().map(|row| row.1).collect(),
            columns: (0..keys).map(column).collect(),
            marks: vec![Mark { row: 0, offset: 0 }],
        };
        self.tell(Change::Rows {
            stream: StreamId(stream as u32),
            rows,
        });
        self.refresh();
        self
    }

    pub(crate) fn with<R>(&mut self, ask: impl FnOnce(&mut Charts, &Context<'_>, Pane) -> R) -> R {
        let context = Context {
            store: &self.store,
            overviews: &self.overviews,
            theme: &self.theme,
            now: NOW,
            zone: &self.zone,
            run: self.run,
            watched: &self.watched,
            scanned: true,
            messages: &[],
            marked: &self.marked,
            baseline: None,
            linked: self.linked,
        };
        ask(&mut self.charts, &context, self.pane)
    }

    /// Works the overviews out anew and tells the panel.
    pub(crate) fn refresh(&mut self) {
        let overview = |run| Some(Rc::new(Overview::of(run, NOW)));
        self.overviews = self.store.runs().iter().map(overview).collect();
        self.look();
    }

    pub(crate) fn overview(&self) -> &Overview {
        self.overviews[0].as_deref().expect("there is a run")
    }

    pub(crate) fn size(mut self, width: u16, height: u16) -> Self {
        self.pane.area = Rect::new(0, 0, width, height);
        self
    }

    pub(crate) fn focused(mut self) -> Self {
        self.pane.focused = true;
        self
    }

    /// Presses keys, named and with blanks between them; returns what the panel asked for.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Request> {
        let mut requests = Vec::new();
        for name in keys.split(' ') {
            let key = Key::parse(name).expect(name);
            let command = command_for(key, PanelId::Charts).expect(name);
            requests
                .extend(self.with(|charts, context, pane| charts.apply(command, context, pane)));
            requests.extend(self.look());
        }
        requests
    }

    /// Types a command with what it needs to know.
    pub(crate) fn typed(&mut self, text: &str) -> Vec<Request> {
        let (typing, rest) = typing_for(text).expect(text);
        let typed = (typing.parse)(rest).expect(text);
        let mut requests = self.with(|charts, context, pane| charts.typed(&typed, context, pane));
        requests.extend(self.look());
        requests
    }

    /// Lets the store have what the panel looks at closely, as the program does before a frame.
    fn look(&mut self) -> Vec<Request> {
        let requests = self.with(ml_dash_top::panels::Panel::refresh);
        for request in &requests {
            if let Request::Look(looks) = request {
                self.store.look(looks);
            }
        }
        requests
    }

    /// Sets a parameter at a moment.
    pub(crate) fn param(mut self, time: f64, key: &str, value: f64) -> Self {
        let number = Number {
            text: value.to_string().into(),
            value,
        };
        let op = ParamOp::Update {
            key: key.to_owned(),
            value: Value::Number(number),
        };
        let time = Some(time);
        self.tell(Change::Params(ParamChange { time, op }));
        self.refresh();
        self
    }

    /// Marks a run.
    pub(crate) fn mark(&mut self, run: u32) {
        self.mark_as(run, None);
    }

    /// Marks runs as one.
    pub(crate) fn mark_group(&mut self, title: &str, runs: &[u32]) {
        let group = Group {
            title: Safe::new(title),
            runs: runs.iter().map(|run| RunId(*run)).collect(),
        };
        self.mark_as(runs[0], Some(Rc::new(group)));
    }

    fn mark_as(&mut self, run: u32, group: Option<Rc<Group>>) {
        let at = self.marked.len() as u8;
        self.marked.push(Marked {
            run: RunId(run),
            letter: char::from(b'A' + at),
            hue: at,
            group,
        });
        self.refresh();
    }

    pub(crate) fn filter(&mut self, text: &str) {
        let found = self.with(|charts, context, pane| charts.seek(Seek::Find, text, context, pane));
        assert!(found.is_ok(), "{text}: {found:?}");
    }

    pub(crate) fn draw(&mut self) -> Buffer {
        let mut buf = Buffer::empty(self.pane.area);
        self.with(|charts, context, pane| charts.draw(context, pane, &mut buf));
        buf
    }

    /// What is seen, without colours.
    pub(crate) fn text(&mut self) -> String {
        text(&self.draw())
    }
}

pub(crate) fn text(buf: &Buffer) -> String {
    let mut text = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let row = (buf.area.left()..buf.area.right()).map(|x| buf[(x, y)].symbol());
        text.push_str(row.collect::<String>().trim_end());
        text.push('\n');
    }
    text
}
