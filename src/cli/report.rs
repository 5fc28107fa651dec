//! `show` for people: one run on one page.

use std::io::{self, Write};
use std::path::Path;

use super::documents::{Picture, name};
use super::table::{Columns, GAP, Side};
use super::{number, print};
use crate::insight::clock::Zone;
use crate::insight::value;
use crate::insight::{health, summary};
use crate::record::{Level, SavedFile, Status, Value};
use crate::store::{Param, Params, Run};
use crate::widgets::Safe;
use crate::widgets::text::safe;

const INDENT: usize = 2;
/// Names get at most this room where a value stands beside them.
const KEY: usize = 40;

/// What is known of whom the page is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    /// How many cells a line may take.
    pub(super) width: usize,
    pub(super) zone: &'a Zone,
}

pub(super) fn write(
    picture: &Picture<'_>,
    reader: Reader<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let run = picture.run;
    header(picture, reader, out)?;
    summary_table(picture, out)?;
    findings(picture, out)?;
    error(run, reader, out)?;
    facts(run, reader, out)?;
    params(&run.params, reader, out)?;
    logs(run, out)?;
    super::streams::write(picture, reader.width, out)?;
    files(run, reader, out)?;
    problems(run, out)
}

pub(super) const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Running => "running",
        Status::Completed => "completed",
        Status::Failed => "failed",
        Status::Cancelled => "cancelled",
    }
}

pub(super) fn title(out: &mut dyn Write, words: &'static str, remark: &Safe) -> io::Result<()> {
    print::empty_line(out)?;
    let between = if remark.is_empty() { "" } else { "  " };
    print::line(out, &Safe::join(&[words.into(), remark.clone()], between))
}

fn header(picture: &Picture<'_>, reader: Reader<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (run, facts) = (picture.run, &picture.run.facts);
    let (glyph, state) = (picture.state.glyph(), picture.state.name());
    print::line(out, &safe!("{}   {glyph} {state}", name(run)))?;
    let told = facts.description.as_ref().or(facts.readme.as_ref());
    if let Some(description) = told.filter(|words| !words.is_empty()) {
        print::line(out, &Safe::new(description))?;
    }
    let owner = [&facts.owner, &facts.project].into_iter().flatten();
    let owner: Vec<Safe> = owner
        .filter(|w| !w.is_empty())
        .map(|w| Safe::new(w))
        .collect();
    let tags: Vec<Safe> = facts.tags.iter().map(|tag| Safe::new(tag)).collect();
    let clock = |time: Option<f64>| time.map(|time| clock(reader, time)).unwrap_or_default();
    let ago = |at: f64| safe!("{} ago, {}", number::age(picture.now - at), clock(Some(at)));
    let lines: [(&str, Safe); 9] = [
        ("project", Safe::join(&owner, " / ")),
        ("tags", Safe::join(&tags, ", ")),
        ("path", Safe::path(&run.place.shown)),
        ("tracker", run.layout.name().into()),
        (
            "host",
            facts.host.as_deref().map(Safe::new).unwrap_or_default(),
        ),
        ("started", clock(health::started(run))),
        ("ended", clock(ended(picture))),
        (
            "last row",
            health::last_sign(run, picture.now)
                .map(ago)
                .unwrap_or_default(),
        ),
        (
            "to go",
            Safe::new(
                &picture
                    .progress
                    .eta
                    .map(number::duration)
                    .unwrap_or_default(),
            ),
        ),
    ];
    let told = lines.into_iter().filter(|(_, value)| !value.is_empty());
    let told: Vec<[Safe; 2]> = told.map(|(key, value)| [key.into(), value]).collect();
    pairs(&told, out)
}

/// Labels and what they stand for.
fn pairs(rows: &[[Safe; 2]], out: &mut dyn Write) -> io::Result<()> {
    let mut columns = Columns::new(&[Side::Left, Side::Left]);
    columns.fit_all(rows);
    rows.iter()
        .try_for_each(|row| columns.write(out, INDENT, row))
}

fn clock(reader: Reader<'_>, time: f64) -> Safe {
    Safe::new(&reader.zone.date_and_time(time))
}

fn ended(picture: &Picture<'_>) -> Option<f64> {
    use health::State;
    let ended = matches!(
        picture.state,
        State::Finished | State::Failed | State::Cancelled
    );
    picture.run.facts.completed.filter(|_| ended)
}

fn summary_table(picture: &Picture<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = summary::summary(picture.run, &picture.all, &picture.progress);
    if lines.is_empty() {
        return Ok(());
    }
    title(out, "Summary", &Safe::default())?;
    let row = |line: &summary::Line| [Safe::new(&line.label), Safe::new(&line.text)];
    pairs(&lines.iter().map(row).collect::<Vec<_>>(), out)
}

fn findings(picture: &Picture<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = health::findings(picture.run, &picture.all, picture.now);
    if findings.is_empty() {
        return Ok(());
    }
    title(out, "Health", &Safe::default())?;
    findings
        .iter()
        .try_for_each(|finding| print::indented(out, INDENT, &Safe::new(&finding.text)))
}

fn error(run: &Run, reader: Reader<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(error) = &run.facts.error else {
        return Ok(());
    };
    let words = [&error.kind, &error.message].into_iter().flatten();
    let words: Vec<Safe> = words.map(|words| Safe::new(words)).collect();
    title(out, "Error", &Safe::join(&words, ": "))?;
    let traceback = error.traceback.as_deref().unwrap_or_default();
    let room = reader.width.saturating_sub(INDENT);
    let lines = Safe::lines(traceback).into_iter();
    lines
        .filter(|line| !line.trim_end().is_empty())
        .try_for_each(|line| print::indented(out, INDENT, &line.elide_end(room)))
}

/// What else the run's documents say, as far as they say anything.
fn facts(run: &Run, reader: Reader<'_>, out: &mut dyn Write) -> io::Result<()> {
    let told = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    };
    let rows: Vec<[Safe; 2]> = run
        .facts
        .more
        .iter()
        .filter(|(_, value)| told(value))
        .map(|(key, value)| {
            [
                Safe::new(key).elide_start(KEY),
                Safe::new(&value::text(value)),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    title(out, "Facts", &Safe::default())?;
    let mut columns = Columns::new(&[Side::Left, Side::Left]);
    for [key, _] in &rows {
        columns.fit(std::slice::from_ref(key));
    }
    let room = reader.width.saturating_sub(INDENT + columns.width(0) + GAP);
    for [key, value] in rows {
        columns.write(out, INDENT, &[key, elide_value(&value, room)])?;
    }
    Ok(())
}

fn params(params: &Params, reader: Reader<'_>, out: &mut dyn Write) -> io::Result<()> {
    if params.values.is_empty() {
        return Ok(());
    }
    title(out, "Parameters", &safe!("{}", params.values.len()))?;
    let rows: Vec<[Safe; 3]> = params
        .values
        .iter()
        .map(|(key, param)| {
            let value = Safe::new(&value::text(&param.value));
            let shown = Safe::new(key).elide_start(KEY);
            [shown, value, change(params, key, param, reader)]
        })
        .collect();
    let mut columns = Columns::new(&[Side::Left, Side::Left, Side::Left]);
    // Only values with a remark behind them decide where the remarks stand.
    for [key, value, remark] in &rows {
        let value = if remark.is_empty() {
            Safe::default()
        } else {
            value.clone()
        };
        columns.fit(&[key.clone(), value, remark.clone()]);
    }
    let room = reader.width.saturating_sub(INDENT + columns.width(0) + GAP);
    for [key, value, remark] in rows {
        let value = if remark.is_empty() {
            elide_value(&value, room)
        } else {
            value
        };
        columns.write(out, INDENT, &[key, value, remark])?;
    }
    if params.hidden > 0 {
        and_more(params.hidden, out)?;
    }
    Ok(())
}

/// `was 0.001 until 2026-11-20 14:02:11`
fn change(params: &Params, key: &str, param: &Param, reader: Reader<'_>) -> Safe {
    if param.changes == 0 {
        return Safe::default();
    }
    let last = params
        .history
        .iter()
        .rev()
        .find(|event| event.key == key && event.new.is_some());
    let old = last.and_then(|event| event.old.as_ref()).map(value::text);
    let time = param.changed.map(|time| clock(reader, time));
    match (old, time) {
        (Some(old), Some(time)) => safe!("was {old} until {time}"),
        (Some(old), None) => safe!("was {old}"),
        (None, Some(time)) => safe!("changed {time}"),
        (None, None) => "changed".into(),
    }
}

/// A value that is too long for its line ends with `…`, but never within a number.
fn elide_value(value: &Safe, cells: usize) -> Safe {
    let text = value.as_str();
    let unbroken =
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !text.contains(' ');
    if value.width() <= cells || unbroken {
        return value.clone();
    }
    let (kept, rest) = value.split_at(cells.saturating_sub(1));
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if kept.as_str().ends_with(in_number) && rest.as_str().starts_with(in_number) {
        return safe!("{}…", kept.as_str().trim_end_matches(in_number));
    }
    value.elide_end(cells)
}

fn and_more(count: u64, out: &mut dyn Write) -> io::Result<()> {
    print::indented(out, INDENT, &safe!("and {} more", number::grouped(count)))
}

fn logs(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let logs = &run.logs;
    if logs.lines == 0 {
        return Ok(());
    }
    let plural = if logs.lines == 1 { "line" } else { "lines" };
    let remark = safe!("{} {plural}", number::grouped(logs.lines));
    title(out, "Logs", &remark)?;
    let levels = Level::ALL.iter().zip(logs.levels);
    let words: Vec<Safe> = levels
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| safe!("{} {}", level.name(), number::grouped(count)))
        .collect();
    print::indented(out, INDENT, &Safe::join(&words, " · "))
}

fn files(run: &Run, reader: Reader<'_>, out: &mut dyn Write) -> io::Result<()> {
    if run.files.is_empty() {
        return Ok(());
    }
    let sizes = run.files.iter().map(|file| file.size);
    let total = number::size(sizes.fold(0, u64::saturating_add));
    title(out, "Files", &safe!("{} · {total}", run.files.len()))?;
    let mut columns = Columns::new(&[Side::Left, Side::Right, Side::Left]);
    let room = reader.width.saturating_sub(INDENT + 12 + 25).max(KEY / 2);
    let row = |file: &SavedFile| {
        [
            Safe::path(Path::new(&file.path)).elide_start(room),
            Safe::new(&number::size(file.size)),
            file.time
                .map(|time| clock(reader, time))
                .unwrap_or_default(),
        ]
    };
    let rows: Vec<[Safe; 3]> = run.files.iter().map(row).collect();
    columns.fit_all(&rows);
    rows.iter()
        .try_for_each(|row| columns.write(out, INDENT, row))
}

fn problems(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let total = run.problems.total();
    if total > 0 {
        let plural = if total == 1 { "problem" } else { "problems" };
        let remark = safe!("{} {plural}", number::grouped(total));
        title(out, "Data", &remark)?;
        for problem in run.problems.list() {
            let file = Safe::path(Path::new(&*problem.file));
            let words = safe!("{file} at byte {}: {}", problem.offset, problem.reason);
            print::indented(out, INDENT, &words)?;
        }
        let listed = run.problems.list().len() as u64;
        if total > listed {
            and_more(total - listed, out)?;
        }
    }
    if !run.notes.list.is_empty() {
        title(out, "Notes", &Safe::default())?;
        for note in &run.notes.list {
            let file = Safe::path(Path::new(&*note.file));
            print::indented(out, INDENT, &safe!("{file}: {}", note.text))?;
        }
    }
    Ok(())
}
