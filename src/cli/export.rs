//! `export`: the points of series of one run or several as a table, to a file or standard output.

use std::io::Write;
use std::path::Path;

use super::options::{ExportOptions, FormatName};
use super::select::{self, Chosen, Wanted};
use super::{Done, Outcome, Stop, documents, print};
use crate::export::file::{Unsaved, save};
use crate::export::points::{self, Trouble};
use crate::export::{Choice, Extract, Selection, Table};
use crate::ingest::LocalDisk;
use crate::insight::series::{self, Series};
use crate::insight::value;
use crate::record::StreamId;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// So many names are listed of what there is instead.
const LISTED: usize = 40;

pub(super) fn export(options: &ExportOptions, out: &mut dyn Write) -> Outcome {
    let choice = Choice::new(&options.metrics).map_err(|(text, reason)| {
        let text = Safe::new(&text);
        Stop::Usage(vec![safe!("\"{text}\" is no pattern: {reason}")])
    })?;
    let file = options
        .out
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    let table = table(options, file)?;
    let runs = choose(options)?;
    let extracts = extracts(&runs, &choice)?;
    let write = |out: &mut dyn Write| points::write(&extracts, table, &LocalDisk, out);
    match file {
        None => {
            write(out).map_err(stop)?;
        }
        Some(path) => {
            let count = save(path, options.force, write).map_err(|error| unsaved(path, error))?;
            print::line(out, &written(path, count, &extracts))?;
        }
    }
    finish(runs)
}

/// What was asked for, else what the name of the file tells.
fn table(options: &ExportOptions, file: Option<&Path>) -> Result<Table, Stop> {
    let ending = file
        .and_then(Path::extension)
        .map(|ending| ending.to_string_lossy());
    match (options.format, ending.as_deref()) {
        (Some(FormatName::Csv), _) | (None, None | Some("csv")) => Ok(Table::Csv),
        (Some(FormatName::Jsonl), _) | (None, Some("jsonl")) => Ok(Table::Jsonl),
        (None, Some(ending)) => Err(Stop::Usage(vec![safe!(
            "\".{ending}\" is no format: name one with --format: csv or jsonl"
        )])),
    }
}

/// The runs in the order in which they were named, each of them once.
fn choose(options: &ExportOptions) -> Result<Vec<Chosen>, Stop> {
    let mut runs: Vec<Chosen> = Vec::new();
    for run in &options.runs {
        let chosen = select::choose(&Wanted::new(run, &[], &options.roots), &options.common)?;
        let same = |other: &Chosen| other.run().place.path == chosen.run().place.path;
        if !runs.iter().any(same) {
            runs.push(chosen);
        }
    }
    Ok(runs)
}

fn extracts(runs: &[Chosen], choice: &Choice) -> Result<Vec<Extract>, Stop> {
    if runs
        .iter()
        .any(|chosen| chosen.run().place.path.as_os_str() == "-")
    {
        let words = "standard input cannot be read twice; save the rows to a file and export that";
        return Err(Stop::Usage(vec![words.into()]));
    }
    let all: Vec<Vec<Series<'_>>> = runs.iter().map(|run| series::series(run.run())).collect();
    if let Some(text) = choice.unmet(&all) {
        return Err(nothing(text, all.iter().flatten()));
    }
    let mut extracts = Vec::new();
    for (chosen, all) in runs.iter().zip(&all) {
        let (run, picked) = (chosen.run(), choice.of(all));
        if picked.is_empty() {
            print::complain(&[safe!("{} has none of these series", called(run, runs))]);
        }
        let selections = picked
            .into_iter()
            .filter_map(|series| selection(run, series));
        let selections: Vec<Selection> = selections.collect();
        extracts.extend(points::extracts(run, &called(run, runs), &selections));
    }
    Ok(extracts)
}

fn selection(run: &Run, series: &Series<'_>) -> Option<Selection> {
    let mut streams = run.streams.iter();
    let stream = streams.position(|stream| std::ptr::eq(stream, series.stream))?;
    Some(Selection {
        stream: StreamId(stream as u32),
        column: series.id,
        rows: 0..series.stream.rows(),
    })
}

/// The name of a run, or its path where another one has the same name.
fn called(run: &Run, runs: &[Chosen]) -> String {
    let name = documents::name(run);
    let same = runs
        .iter()
        .filter(|other| documents::name(other.run()) == name);
    if same.count() > 1 {
        value::path(&run.place.shown)
    } else {
        name
    }
}

fn nothing<'a>(wanted: &str, all: impl Iterator<Item = &'a Series<'a>>) -> Stop {
    let filled = all.filter(|series| series.column.count() > 0);
    let mut names: Vec<&str> = filled.map(|series| series.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let words = if names.is_empty() {
        "; there is none"
    } else {
        "; there is"
    };
    let mut lines = vec![safe!("no series is called \"{wanted}\"{words}")];
    lines.extend(names.iter().take(LISTED).map(|name| safe!("  {name}")));
    if names.len() > LISTED {
        lines.push(safe!("  and {} more", names.len() - LISTED));
    }
    Stop::NotFound(lines)
}

fn written(path: &Path, points: u64, extracts: &[Extract]) -> Safe {
    let path = Safe::path(path);
    let series: usize = extracts.iter().map(Extract::series).sum();
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    safe!(
        "{points} point{} of {series} series written to {path}",
        plural(points)
    )
}

fn stop(trouble: Trouble) -> Stop {
    match trouble {
        Trouble::Output(error) => Stop::Output(error),
        Trouble::File(path, error) => unreadable(&path, &error),
    }
}

fn unsaved(path: &Path, unsaved: Unsaved<Trouble>) -> Stop {
    match unsaved {
        Unsaved::Exists => Stop::Usage(vec![safe!(
            "{} is there already; --force replaces it",
            Safe::path(path)
        )]),
        Unsaved::File(error) | Unsaved::Content(Trouble::Output(error)) => unreadable(path, &error),
        Unsaved::Content(trouble) => stop(trouble),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Stop {
    let (path, reason) = (Safe::path(path), super::reason(error));
    Stop::Unreadable(vec![safe!("{path}: {reason}")])
}

/// Everything is said that could not be read.
fn finish(runs: Vec<Chosen>) -> Outcome {
    let mut all = Done::Well;
    for run in runs {
        if run.finish()? != Done::Well {
            all = Done::SomeUnreadable;
        }
    }
    Ok(all)
}
