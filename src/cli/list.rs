//! `list`: one line a run, printed as the runs become complete, in the order of their paths.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::documents::{Head, Picture, SCHEMA, name};
use super::load::{Event, Session};
use super::options::ListOptions;
use super::table::{Columns, Side};
use super::{Outcome, Stop, json, number, terminal, text};
use crate::insight::health;
use crate::insight::series::primary;
use crate::store::Run;

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
    let mut session = Session::start(&options.paths, false, &options.common);
    if options.json {
        as_json(options, &mut session, out)?;
    } else {
        as_table(options, &mut session, out)?;
    }
    session.finish()
}

fn as_json(options: &ListOptions, session: &mut Session, out: &mut dyn Write) -> Result<(), Stop> {
    session.read_all();
    let now = options.common.now();
    let runs = session
        .store()
        .runs()
        .iter()
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

fn as_table(options: &ListOptions, session: &mut Session, out: &mut dyn Write) -> Result<(), Stop> {
    let mut table = Table::new(terminal::width());
    let (mut next, mut counted) = (0, 0);
    let mut names = HashMap::new();
    loop {
        let event = session.next(Some(PATIENCE));
        let ended = matches!(event, Event::Complete | Event::Closed);
        if matches!(event, Event::Quiet) {
            table.start(out)?;
        }
        let runs = session.store().runs();
        while let Some(run) = runs.get(next).filter(|run| ended || session.is_ready(run)) {
            if counted != runs.len() {
                counted = runs.len();
                names = count_names(runs);
            }
            table.add(
                row(run, &names, table.room >= ROOMY, options.common.now()),
                out,
            )?;
            next += 1;
        }
        if ended {
            table.start(out)?;
            return Ok(());
        }
    }
}

/// How often each name is used: a name that clashes is shown with its path.
fn count_names(runs: &[Run]) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for run in runs {
        *names.entry(name(run)).or_insert(0) += 1;
    }
    names
}

/// Rows are held back until so many of them tell how wide the columns are, or until nothing came
/// for a while.
const SCREENFUL: usize = 24;
const PATIENCE: Duration = Duration::from_millis(150);

const INDENT: usize = 1;
const STATE: usize = 0;
const NAME: usize = 1;
const PROGRESS: usize = 3;
const BEST: usize = 5;
const BEST_AT: usize = 6;
const AGE: usize = 8;
const CELLS: usize = 10;
/// Names get at least this room, and this where more runs may follow.
const NAME_LEAST: usize = 16;
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

type Row = [String; CELLS];

fn row(run: &Run, names: &HashMap<String, usize>, roomy: bool, now: f64) -> Row {
    let picture = Picture::of(run, now);
    let (state, progress) = (picture.state, picture.progress);
    let series = primary(&picture.all);
    let best = series.and_then(|s| s.best().map(|best| (s, best)));
    let at = best.map(|(s, best)| s.position(run, best));
    let split = series
        .and_then(|s| s.metric.split)
        .map_or("", |split| split.name());
    let last = series.and_then(|s| s.live().last);
    let nothing = progress.done == 0.0 && progress.planned.is_none();
    let age = health::last_sign(run, now).map(|last| number::age(now - last));
    [
        format!("{} {}", state.glyph(), state.name()),
        shown_name(run, names),
        if nothing {
            String::new()
        } else {
            progress.unit.name().to_owned()
        },
        match progress.planned {
            Some(planned) => {
                format!(
                    "{}/{}",
                    number::human(progress.done),
                    number::human(planned)
                )
            }
            None if nothing => "–".to_owned(),
            None => number::human(progress.done),
        },
        split.to_owned(),
        best.map_or_else(String::new, |(_, best)| number::human(best.value)),
        at.map_or_else(String::new, |at| format!("@ {}", number::human(at.value))),
        last.map_or_else(String::new, number::human),
        age.unwrap_or_else(|| "–".to_owned()),
        remarks(&picture, roomy),
    ]
}

/// What must not be missed: values that are no numbers, and bytes that could not be used.
fn remarks(picture: &Picture<'_>, roomy: bool) -> String {
    let mut remarks = Vec::new();
    let (nan, infinite) = picture.non_finite();
    let name = match (nan, infinite) {
        (_, 0) => "NaN",
        (0, _) => "Inf",
        _ if roomy => "NaN/Inf",
        _ => "NaN",
    };
    if nan + infinite > 0 {
        remarks.push(format!("{name} ×{}", nan + infinite));
    }
    match picture.run.problems.total() {
        0 => {}
        count if !roomy => remarks.push(format!("!{count}")),
        1 => remarks.push("1 problem".to_owned()),
        count => remarks.push(format!("{count} problems")),
    }
    if picture.run.gone {
        remarks.push("gone".to_owned());
    }
    remarks.join(if roomy { ", " } else { " " })
}

fn shown_name(run: &Run, names: &HashMap<String, usize>) -> String {
    let name = name(run);
    let unique = names.get(&name).is_none_or(|count| *count < 2);
    let below = &run.place.below;
    let harmless = text::safe(&name);
    if unique && !harmless.trim().is_empty() {
        harmless
    } else if below.as_os_str().is_empty() {
        text::safe_path(&run.place.shown)
    } else {
        text::safe_path(below)
    }
}

/// The table as it grows.
#[derive(Debug)]
struct Table {
    columns: Columns,
    /// Rows that wait for the widths to be decided.
    held: Vec<Row>,
    started: bool,
    room: usize,
}

impl Table {
    fn new(room: usize) -> Self {
        Self {
            columns: Columns::new(&SIDES).close_up(PROGRESS).close_up(BEST_AT),
            held: Vec::new(),
            started: false,
            room,
        }
    }

    fn add(&mut self, row: Row, out: &mut dyn Write) -> io::Result<()> {
        if self.started {
            self.print(row, out)?;
            return out.flush();
        }
        self.held.push(row);
        if self.held.len() >= SCREENFUL {
            self.start(out)
        } else {
            Ok(())
        }
    }

    /// Decides the widths by the rows held back, and prints them.
    fn start(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.started || self.held.is_empty() {
            return Ok(());
        }
        self.started = true;
        let titles = TITLES.map(str::to_owned);
        let held = std::mem::take(&mut self.held);
        for row in &held {
            self.columns.fit(row);
        }
        if self.columns.width(BEST) > 0 {
            self.columns.fit(&titles);
        } else {
            // No run has a loss: the columns for it would be empty.
            let kept = [STATE, NAME, PROGRESS, AGE];
            let titles: Vec<&str> = TITLES
                .iter()
                .enumerate()
                .map(|(at, t)| if kept.contains(&at) { *t } else { "" })
                .collect();
            self.columns.fit(&titles);
        }
        let left = self
            .room
            .saturating_sub(self.columns.width_without(NAME) + INDENT);
        let wanted = self.columns.width(NAME).max(if held.len() < SCREENFUL {
            0
        } else {
            NAME_LATER
        });
        self.columns
            .set_width(NAME, wanted.min(left.max(NAME_LEAST)));
        self.print(titles, out)?;
        for row in held {
            self.print(row, out)?;
        }
        out.flush()
    }

    fn print(&self, mut row: Row, out: &mut dyn Write) -> io::Result<()> {
        let cells = self.columns.width(NAME);
        // Of a path the end tells most, of a name its start and its end.
        row[NAME] = if row[NAME].contains('/') {
            text::elide_start(&row[NAME], cells)
        } else {
            text::elide_middle(&row[NAME], cells)
        };
        self.columns.write(out, INDENT, &row)
    }
}
