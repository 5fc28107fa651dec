//! `list`: one line a run, printed as the runs become complete, in the order of their paths.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::documents::{Head, Picture, SCHEMA, name};
use super::load::{Event, Session};
use super::options::ListOptions;
use super::pick::Pick;
use super::table::{Columns, Side};
use super::{Outcome, Stop, json, number, terminal};
use crate::insight::health::{self, State};
use crate::insight::progress::Counted;
use crate::insight::series::{Series, primary};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

#[derive(Debug, Serialize)]
struct Document {
    schema: u32,
    runs: Vec<Item>,
}

/// A run in machine output.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    #[serde(flatten)]
    head: Head,
    problems: u64,
}

impl Item {
    pub(super) fn of(picture: &Picture<'_>) -> Self {
        Self {
            head: picture.head(),
            problems: picture.run.problems.total(),
        }
    }
}

pub(super) fn list(options: &ListOptions, out: &mut dyn Write) -> Outcome {
    let pick = Pick::of(&options.pick)?;
    let mut session = Session::start(&options.paths, false, &options.common);
    if options.json {
        as_json(options, &pick, &mut session, out)?;
    } else if pick.is_all() {
        as_table(options, &mut session, out)?;
    } else {
        as_picked_table(options, &pick, &mut session, out)?;
    }
    let outcome = session.finish();
    match pick.found_none(session.store().runs(), options.common.now()) {
        Some(stop) if outcome.is_ok() => Err(stop),
        _ => outcome,
    }
}

fn as_json(
    options: &ListOptions,
    pick: &Pick,
    session: &mut Session,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    session.read_all();
    let now = options.common.now();
    let runs = pick
        .picked(session.store().runs(), now)
        .into_iter()
        .map(|run| Item::of(&Picture::of(run, now)))
        .collect();
    json::write_line(
        out,
        &Document {
            schema: SCHEMA,
            runs,
        },
    )?;
    Ok(())
}

/// Which runs are wanted, and which of them comes first, is known when all are read.
fn as_picked_table(
    options: &ListOptions,
    pick: &Pick,
    session: &mut Session,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    session.read_all();
    let now = options.common.now();
    let runs = session.store().runs();
    let mut table = Table::new(terminal::width());
    table.count_names(runs);
    let picked = pick.picked(runs, now).into_iter();
    let rows: Vec<Row> = picked.map(|run| table.row(run, now)).collect();
    if !rows.is_empty() {
        table.add(rows, false, out)?;
    }
    Ok(())
}

fn as_table(options: &ListOptions, session: &mut Session, out: &mut dyn Write) -> Result<(), Stop> {
    let mut table = Table::new(terminal::width());
    let begun = Instant::now();
    let (mut ready, mut printed) = (0, 0);
    loop {
        let event = session.next(Some(PATIENCE));
        let ended = matches!(event, Event::Complete | Event::Closed);
        let runs = session.store().runs();
        while runs
            .get(ready)
            .is_some_and(|run| ended || session.is_ready(run))
        {
            ready += 1;
        }
        let waited = begun.elapsed();
        let settled = session.is_scanned() && waited >= PATIENCE || waited >= LONGEST;
        if (ended || table.started || settled || ready >= SCREENFUL) && ready > printed {
            table.count_names(runs);
            if !table.started && !session.is_scanned() {
                // More names may clash than are known: one that does stands for all.
                table.by_path = table.names.values().any(|count| *count > 1);
            }
            let now = options.common.now();
            let rows = runs[printed..ready]
                .iter()
                .map(|run| table.row(run, now))
                .collect();
            table.add(rows, !ended, out)?;
            printed = ready;
        }
        if ended {
            return Ok(());
        }
    }
}

/// Nothing is printed before so many rows tell how wide the columns are, or before so long.
const SCREENFUL: usize = 24;
const PATIENCE: Duration = Duration::from_millis(150);
/// So long may it take to find all runs before those that are read are printed.
const LONGEST: Duration = Duration::from_secs(1);

const INDENT: usize = 1;
const STATE: usize = 0;
const NAME: usize = 1;
const UNIT: usize = 2;
const PROGRESS: usize = 3;
const SPLIT: usize = 4;
const BEST: usize = 5;
const BEST_AT: usize = 6;
const AGE: usize = 8;
const CELLS: usize = 10;
/// Names get at least this room, and this where more runs may follow.
const NAME_LEAST: usize = 14;
const NAME_LATER: usize = 32;
/// Remarks are written out where there is room for them.
const ROOMY: usize = 100;
const TITLES: [&str; CELLS] = [
    "  state", "run", "", "progress", "loss", "best", "", "last", "age", "",
];
const SIDES: [Side; CELLS] = {
    use Side::{Left, Right};
    [
        Left, Left, Left, Right, Left, Right, Left, Right, Right, Left,
    ]
};

type Row = [Safe; CELLS];

/// What further runs may need, so that they stand below those that are printed already.
const LATER: [&str; CELLS] = [
    "", "", "epoch", "200/200", "train", "0.12345", "@ 100", "0.12345", "12h", "",
];

/// What must not be missed: values that are no numbers, and bytes that could not be used.
fn remarks(picture: &Picture<'_>, roomy: bool) -> Safe {
    let mut remarks = Vec::new();
    let (nan, infinite) = picture.non_finite();
    let name = match (nan, infinite) {
        (_, 0) => "NaN",
        (0, _) => "Inf",
        _ if roomy => "NaN/Inf",
        _ => "NaN",
    };
    if nan + infinite > 0 {
        remarks.push(safe!("{name} ×{}", nan + infinite));
    }
    match picture.run.problems.total() {
        0 => {}
        count if !roomy => remarks.push(safe!("!{count}")),
        1 => remarks.push("1 problem".into()),
        count => remarks.push(safe!("{count} problems")),
    }
    if picture.run.gone {
        remarks.push("gone".into());
    }
    Safe::join(&remarks, if roomy { ", " } else { " " })
}

/// The table as it grows.
#[derive(Debug)]
struct Table {
    columns: Columns,
    /// How many runs have each name, and how many runs were counted.
    names: HashMap<String, usize>,
    counted: usize,
    /// All runs are shown by their path.
    by_path: bool,
    started: bool,
    room: usize,
}

impl Table {
    fn new(room: usize) -> Self {
        Self {
            columns: Columns::new(&SIDES).close_up(PROGRESS).close_up(BEST_AT),
            names: HashMap::new(),
            counted: 0,
            by_path: false,
            started: false,
            room,
        }
    }

    fn count_names(&mut self, runs: &[Run]) {
        if !self.started {
            // What was found before it was read may be called otherwise by its tracker.
            self.names.clear();
            self.counted = 0;
        }
        for run in &runs[self.counted..] {
            *self.names.entry(name(run)).or_insert(0) += 1;
        }
        self.counted = runs.len();
    }

    /// The name alone where it is the only one, else what lies below the root.
    fn name_of(&self, run: &Run) -> Safe {
        let name = name(run);
        let unique = !self.by_path && self.names.get(&name).is_none_or(|count| *count < 2);
        let harmless = Safe::new(&name);
        let below = &run.place.below;
        if unique && !harmless.trim_end().is_empty() {
            harmless
        } else if below.as_os_str().is_empty() {
            Safe::path(&run.place.shown)
        } else {
            Safe::path(below)
        }
    }

    fn row(&self, run: &Run, now: f64) -> Row {
        let picture = Picture::of(run, now);
        let (state, progress) = (picture.state, picture.progress);
        let series = primary(&picture.all);
        let best = series.and_then(|s| s.best().map(|best| (s, best)));
        // In the unit that the progress is told in, where the run knows both.
        let at = best.map(|(s, best)| match progress.unit {
            Counted::Epochs => s.epoch(run, best),
            Counted::Steps | Counted::Rows => s.position(run, best),
        });
        let split = series
            .and_then(|s| s.metric.split)
            .map_or("", |split| split.name());
        let last = series.and_then(Series::last);
        let nothing = progress.done == 0.0 && progress.planned.is_none();
        let age = health::last_sign(run, now).map(|last| number::age(now - last));
        let human = |value: f64| Safe::new(&number::human(value));
        [
            safe!("{} {}", state.glyph(), state.name()),
            self.name_of(run),
            if nothing { "" } else { progress.unit.name() }.into(),
            match progress.planned {
                Some(planned) => safe!("{}/{}", human(progress.done), human(planned)),
                None if nothing => "–".into(),
                None => human(progress.done),
            },
            split.into(),
            best.map(|(_, best)| human(best.value)).unwrap_or_default(),
            at.map(|at| safe!("@ {}", human(at.value)))
                .unwrap_or_default(),
            last.map(human).unwrap_or_default(),
            age.map_or("–".into(), |age| Safe::new(&age)),
            remarks(&picture, self.room >= ROOMY),
        ]
    }

    fn add(&mut self, rows: Vec<Row>, more: bool, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.started, true) {
            let titles = self.decide_widths(&rows, more);
            self.print(titles, out)?;
        }
        for row in rows {
            self.print(row, out)?;
        }
        out.flush()
    }

    /// Makes room for these rows and returns the titles of the columns that have anything.
    fn decide_widths(&mut self, rows: &[Row], more: bool) -> Row {
        self.columns.fit_all(rows);
        let state = State::Cancelled;
        let widest = safe!("{} {}", state.glyph(), state.name());
        self.columns.fit(&[widest]);
        if more {
            self.columns.fit(&LATER.map(Safe::fixed));
        }
        let loss = self.columns.width(BEST) > 0;
        // Where no run has a loss, the columns for it would be empty.
        let title = |at: usize| loss || matches!(at, STATE | NAME | PROGRESS | AGE);
        let titles: Row =
            std::array::from_fn(|at| Safe::fixed(if title(at) { TITLES[at] } else { "" }));
        self.columns.fit(&titles);
        for column in [UNIT, BEST_AT, SPLIT] {
            if self.columns.width_without(NAME) + NAME_LEAST + INDENT > self.room {
                self.columns.leave_out(column);
            }
        }
        let left = self
            .room
            .saturating_sub(self.columns.width_without(NAME) + INDENT);
        let later = if more { NAME_LATER } else { 0 };
        let wanted = self.columns.width(NAME).max(later);
        self.columns
            .set_width(NAME, wanted.min(left.max(NAME_LEAST)));
        titles
    }

    fn print(&self, mut row: Row, out: &mut dyn Write) -> io::Result<()> {
        let cells = self.columns.width(NAME);
        // Of a path the end tells most, of a name its start and its end.
        row[NAME] = if row[NAME].as_str().contains('/') {
            row[NAME].elide_start(cells)
        } else {
            row[NAME].elide_middle(cells)
        };
        self.columns.write(out, INDENT, &row)
    }
}
