//! Runs for the benches of charts: rows made on the spot, and everything that a panel asks for.

use std::rc::Rc;

use ml_dash_top::commands::{Command, Typed};
use ml_dash_top::insight::clock::Zone;
use ml_dash_top::insight::overview::Overview;
use ml_dash_top::panels::charts::Charts;
use ml_dash_top::panels::{Context, Group, Marked, Pane, Panel as _, Request};
use ml_dash_top::record::{
    Batch, Change, ColumnId, ColumnRows, Layout, Mark, Place, Rows, RunId, StreamId, StreamKind,
};
use ml_dash_top::store::{Look, Store};
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::support::Noise;

const RUN: RunId = RunId(0);
const NOW: f64 = 1.8e9;
/// Rows in a slice, as the decoders make them.
const SLICE: u64 = 4096;

/// A run and the panel that draws it.
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) overviews: Vec<Option<Rc<Overview>>>,
    charts: Charts,
    theme: Theme,
    zone: Zone,
    pane: Pane,
    buf: Buffer,
    marked: Vec<Marked>,
    /// What the next rows are like, and how many the training data have.
    shape: Shape,
    noise: Noise,
    rows: u64,
}

/// What the rows of a run are like.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) rows: u64,
    /// Quantities, each measured on training and validation data.
    pub(crate) quantities: usize,
    /// The validation rows are a stream of their own, so much rarer, joined by their steps.
    pub(crate) rarer: u64,
    /// The weight with which lines are smoothed; 0 is not at all.
    pub(crate) smoothing: f64,
}

impl Scene {
    pub(crate) fn new(shape: Shape, width: u16, height: u16) -> Self {
        let area = Rect::new(0, 0, width, height);
        let mut scene = Self {
            store: Store::new(256 << 20),
            overviews: Vec::new(),
            charts: Charts::default(),
            theme: Theme::default(),
            zone: Zone::utc(),
            pane: Pane {
                area,
                focused: true,
                zoomed: false,
                values_elsewhere: false,
            },
            buf: Buffer::empty(area),
            marked: Vec::new(),
            shape,
            noise: Noise::new(77),
            rows: shape.rows,
        };
        scene.run(RUN);
        scene.overviews = vec![Some(Rc::new(scene.overview()))];
        if shape.smoothing > 0.0 {
            scene.typed(&Typed::Smooth(shape.smoothing));
        }
        scene
    }

    /// So many runs more, marked as one group.
    pub(crate) fn with_group(mut self, runs: u32) -> Self {
        let members: Vec<RunId> = (1..=runs).map(RunId).collect();
        for run in &members {
            self.run(*run);
        }
        let overviews = self.store.runs().iter().map(|run| Overview::of(run, NOW));
        self.overviews = overviews.map(|overview| Some(Rc::new(overview))).collect();
        self.marked = vec![Marked {
            run: members[0],
            letter: 'A',
            hue: 0,
            group: Some(Rc::new(Group {
                title: Safe::fixed("lr=0.1"),
                runs: members,
            })),
        }];
        self
    }

    /// One run and its rows.
    fn run(&mut self, run: RunId) {
        let shape = self.shape;
        let path = format!("run{}", run.0);
        let place = Place {
            path: path.clone().into(),
            shown: path.clone().into(),
            below: path.into(),
        };
        let layout = Layout::Prefix;
        self.tell(run, Change::Found { place, layout });
        self.announce(run, 0, "train", shape.quantities);
        self.announce(run, 1, "eval", shape.quantities);
        // Rows that come while somebody looks are smoothed at once.
        let all = |stream| (0..shape.quantities as u32).map(move |column| (stream, column));
        let look = |(stream, column)| Look {
            run,
            stream: StreamId(stream),
            column: ColumnId(column),
            smoothing: Some(shape.smoothing),
            rows: None,
        };
        if shape.smoothing > 0.0 {
            let looks: Vec<Look> = all(0).chain(all(1)).map(look).collect();
            self.store.look(&looks);
        }
        self.fill(run, 0, shape.rows, 1);
        self.fill(run, 1, shape.rows / shape.rarer, shape.rarer);
    }

    pub(crate) fn press(&mut self, command: Command) {
        self.with(|charts, context, pane, _| charts.apply(command, context, pane));
    }

    pub(crate) fn typed(&mut self, typed: &Typed) {
        self.with(|charts, context, pane, _| {
            charts.refresh(context, pane);
            charts.typed(typed, context, pane)
        });
    }

    pub(crate) fn overview(&self) -> Overview {
        Overview::of(&self.store.runs()[0], NOW)
    }

    /// One more row of training data, and the overview with it.
    pub(crate) fn row_comes(&mut self) {
        let rows = slice(self.rows, 1, 1, self.shape.quantities, &mut self.noise);
        self.rows += 1;
        let stream = StreamId(0);
        self.tell(RUN, Change::Rows { stream, rows });
        self.overviews[0] = Some(Rc::new(self.overview()));
    }

    /// As often as the panel asks for something.
    pub(crate) fn settle(&mut self) {
        while self.refresh() {}
    }

    /// What the app does before a frame; true when the panel asked for something.
    pub(crate) fn refresh(&mut self) -> bool {
        let requests = self.with(|charts, context, pane, _| charts.refresh(context, pane));
        for request in &requests {
            if let Request::Look(looks) = request {
                self.store.look(looks);
            }
        }
        !requests.is_empty()
    }

    /// Draws a frame, as the app does it: into an empty buffer.
    pub(crate) fn draw(&mut self) -> &Buffer {
        self.buf.reset();
        self.with(|charts, context, pane, buf| charts.draw(context, pane, buf));
        &self.buf
    }

    fn with<T>(
        &mut self,
        ask: impl FnOnce(&mut Charts, &Context<'_>, Pane, &mut Buffer) -> T,
    ) -> T {
        let context = Context {
            store: &self.store,
            overviews: &self.overviews,
            theme: &self.theme,
            now: NOW,
            zone: &self.zone,
            run: Some(RUN),
            watched: &[],
            scanned: true,
            messages: &[],
            marked: &self.marked,
            baseline: None,
            linked: false,
        };
        ask(&mut self.charts, &context, self.pane, &mut self.buf)
    }

    fn tell(&mut self, run: RunId, change: Change) {
        self.store.apply(Batch { run, change });
    }

    fn announce(&mut self, run: RunId, number: u32, name: &str, quantities: usize) {
        let stream = StreamId(number);
        let found = Change::Stream {
            stream,
            name: name.to_owned(),
            kind: StreamKind::Metric,
            file: name.into(),
        };
        self.tell(run, found);
        let quantity = |at: usize| match at {
            0 => "loss".to_owned(),
            1 => "accuracy".to_owned(),
            _ => format!("metric_{at}"),
        };
        let keys = (0..quantities).map(quantity).collect();
        self.tell(run, Change::Columns { stream, keys });
    }

    fn fill(&mut self, run: RunId, number: u32, rows: u64, apart: u64) {
        let quantities = self.shape.quantities;
        let stream = StreamId(number);
        let mut noise = Noise::new(u64::from(number + 2 * run.0) + 1);
        let mut first = 0;
        while first < rows {
            let count = SLICE.min(rows - first);
            let rows = slice(first, count, apart, quantities, &mut noise);
            self.tell(run, Change::Rows { stream, rows });
            first += count;
        }
    }
}

fn slice(first: u64, count: u64, apart: u64, quantities: usize, noise: &mut Noise) -> Rows {
    let steps: Vec<f64> = (first..first + count)
        .map(|row| (row * apart) as f64)
        .collect();
    let column = |at: usize| {
        let value = |step: &f64| 2.5 / (1.0 + step * 1e-4 + at as f64) + 0.2 * noise.next();
        ColumnRows {
            id: ColumnId(at as u32),
            rows: None,
            values: steps.iter().map(value).collect(),
            others: 0,
        }
    };
    Rows {
        count: count as u32,
        columns: (0..quantities).map(column).collect(),
        times: steps.iter().map(|step| 1.7e9 + step * 0.1).collect(),
        marks: vec![Mark {
            row: 0,
            offset: first * 70,
        }],
        steps,
    }
}
