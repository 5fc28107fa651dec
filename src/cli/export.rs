//! `export`: series of one run or several as a table, or their charts as a picture, to a file or
//! standard output.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::options::{Common, ExportOptions, FormatName, PictureOptions};
use super::select::{self, Chosen, Wanted};
use super::{Done, Outcome, Stop, picture, print};
use crate::export::file::{Unsaved, save};
use crate::export::points::{self, Trouble};
use crate::export::{Choice, Extract, Selection, Table, reason};
use crate::ingest::LocalDisk;
use crate::insight::series::{self, Series};
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
    let format = format(options, file)?;
    let mut runs = choose(options, format)?;
    let to = To {
        file,
        overwrite: options.force,
        out,
    };
    if let Some(table) = table(format) {
        no_picture(&options.picture)?;
        let extracts = extracts(&runs, &choice)?;
        let what = |points: u64| points::told(points, &extracts);
        to.write(|out| points::write(&extracts, table, &LocalDisk, out), what)?;
    } else {
        let quantities = quantities(&runs, &choice)?;
        let picture = picture::draw(&mut runs, &quantities, &options.picture, &options.common)?;
        let write = |out: &mut dyn Write| Ok(out.write_all(picture.svg.as_bytes())?);
        to.write(write, |()| picture.told())?;
    }
    finish(runs)
}

/// Where it is written to.
struct To<'a> {
    file: Option<&'a Path>,
    overwrite: bool,
    out: &'a mut dyn Write,
}

impl To<'_> {
    /// Writes everything, and says of a file what is in it.
    fn write<T>(
        self,
        write: impl FnOnce(&mut dyn Write) -> Result<T, Trouble>,
        told: impl FnOnce(T) -> Safe,
    ) -> Result<(), Stop> {
        let Some(path) = self.file else {
            write(self.out).map_err(stop)?;
            return Ok(());
        };
        let done = save(path, self.overwrite, write).map_err(|error| unsaved(path, error))?;
        let words = safe!("{} written to {}", told(done), Safe::path(path));
        Ok(print::line(self.out, &words)?)
    }
}

/// What was asked for, else what the name of the file tells.
fn format(options: &ExportOptions, file: Option<&Path>) -> Result<FormatName, Stop> {
    let ending = file
        .and_then(Path::extension)
        .map(|ending| ending.to_string_lossy());
    match (options.format, ending.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, None | Some("csv")) => Ok(FormatName::Csv),
        (None, Some("jsonl")) => Ok(FormatName::Jsonl),
        (None, Some("svg")) => Ok(FormatName::Svg),
        (None, Some(ending)) => Err(Stop::Usage(vec![safe!(
            "\".{ending}\" is no format: name one with --format: csv, jsonl or svg"
        )])),
    }
}

const fn table(format: FormatName) -> Option<Table> {
    match format {
        FormatName::Csv => Some(Table::Csv),
        FormatName::Jsonl => Some(Table::Jsonl),
        FormatName::Svg => None,
    }
}

fn no_picture(options: &PictureOptions) -> Result<(), Stop> {
    if *options == PictureOptions::default() {
        return Ok(());
    }
    let words =
        "--x, --window, --smooth and --log are for pictures: tables have every point as it is";
    Err(Stop::Usage(vec![words.into()]))
}

/// The runs in the order in which they were named, each of them once.
fn choose(options: &ExportOptions, format: FormatName) -> Result<Vec<Chosen>, Stop> {
    let common = Common {
        // A picture shows exact values where there is memory for them; a table reads them again.
        exact: format == FormatName::Svg,
        ..options.common.clone()
    };
    let mut runs: Vec<Chosen> = Vec::new();
    for run in &options.runs {
        let chosen = select::choose(&Wanted::new(run, &[], &options.roots), &common)?;
        let same = |other: &Chosen| other.run().place.path == chosen.run().place.path;
        if !runs.iter().any(same) {
            runs.push(chosen);
        }
    }
    Ok(runs)
}

/// All series of each run, after it is sure that they have what was asked for.
fn all_series<'a>(runs: &'a [Chosen], choice: &Choice) -> Result<Vec<Vec<Series<'a>>>, Stop> {
    let all: Vec<Vec<Series<'_>>> = runs.iter().map(|run| series::series(run.run())).collect();
    if let Some(text) = choice.unmet(&all) {
        return Err(nothing(text, all.iter().flatten()));
    }
    for (name, all) in names(runs).iter().zip(&all) {
        if choice.of(all).is_empty() {
            print::complain(&[safe!("{name} has none of these series")]);
        }
    }
    Ok(all)
}

/// What the series that were asked for measure.
fn quantities(runs: &[Chosen], choice: &Choice) -> Result<BTreeSet<String>, Stop> {
    let all = all_series(runs, choice)?;
    let wanted = all.iter().flat_map(|all| choice.of(all));
    Ok(wanted.map(|series| series.metric.canonical()).collect())
}

fn extracts(runs: &[Chosen], choice: &Choice) -> Result<Vec<Extract>, Stop> {
    if runs
        .iter()
        .any(|chosen| chosen.run().place.path.as_os_str() == "-")
    {
        let words = "standard input cannot be read twice; save the rows to a file and export that";
        return Err(Stop::Usage(vec![words.into()]));
    }
    let all = all_series(runs, choice)?;
    let mut extracts = Vec::new();
    for ((chosen, name), all) in runs.iter().zip(names(runs)).zip(&all) {
        let run = chosen.run();
        let wanted = choice.of(all).into_iter();
        let selections: Vec<Selection> = wanted.filter_map(|s| selection(run, s)).collect();
        extracts.extend(points::extracts(run, &name, &selections));
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

/// What runs are called in tables and pictures.
pub(super) fn names(runs: &[Chosen]) -> Vec<String> {
    let runs: Vec<&Run> = runs.iter().map(Chosen::run).collect();
    points::names(&runs)
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
    let (path, reason) = (Safe::path(path), reason(error));
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
