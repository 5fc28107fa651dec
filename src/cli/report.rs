//! `show` for people: one run on one page.

use std::io::{self, Write};
use std::path::Path;

use super::documents::{Picture, name};
use super::table::{Columns, GAP, Side};
use super::terminal::clock;
use super::{number, text};
use crate::insight::value;
use crate::insight::{health, summary};
use crate::record::{Level, Status, Value};
use crate::store::{Param, Params, Run};

const INDENT: usize = 2;
/// Names get at most this room where a value stands beside them.
const KEY: usize = 40;

pub(super) fn write(
    picture: &Picture<'_>,
    width: usize,
    now: f64,
    out: &mut dyn Write,
) -> io::Result<()> {
    let run = picture.run;
    header(picture, now, out)?;
    summary_table(picture, out)?;
    findings(picture, out)?;
    error(run, width, out)?;
    facts(run, width, out)?;
    params(&run.params, width, out)?;
    logs(run, out)?;
    super::streams::write(picture, width, out)?;
    files(run, width, out)?;
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

pub(super) fn title(out: &mut dyn Write, words: &str, remark: &str) -> io::Result<()> {
    writeln!(out)?;
    if remark.is_empty() {
        writeln!(out, "{words}")
    } else {
        writeln!(out, "{words}  {remark}")
    }
}

fn header(picture: &Picture<'_>, now: f64, out: &mut dyn Write) -> io::Result<()> {
    let (run, facts) = (picture.run, &picture.run.facts);
    let state = picture.state;
    writeln!(
        out,
        "{}   {} {}",
        text::safe(&name(run)),
        state.glyph(),
        state.name()
    )?;
    if let Some(description) = facts
        .description
        .as_deref()
        .or(facts.readme.as_deref())
        .filter(|d| !d.is_empty())
    {
        writeln!(out, "{}", text::safe(description))?;
    }
    let mut lines: Vec<(&str, String)> = Vec::new();
    let whole = [facts.owner.as_deref(), facts.project.as_deref()];
    let owner: Vec<String> = whole
        .into_iter()
        .flatten()
        .filter(|w| !w.is_empty())
        .map(text::safe)
        .collect();
    lines.push(("project", owner.join(" / ")));
    lines.push((
        "tags",
        facts
            .tags
            .iter()
            .map(|tag| text::safe(tag))
            .collect::<Vec<_>>()
            .join(", "),
    ));
    lines.push(("path", text::safe_path(&run.place.shown)));
    lines.push(("tracker", run.layout.name().to_owned()));
    lines.push((
        "host",
        facts.host.as_deref().map(text::safe).unwrap_or_default(),
    ));
    lines.push((
        "started",
        health::started(run).map(clock).unwrap_or_default(),
    ));
    lines.push(("ended", ended(picture).map(clock).unwrap_or_default()));
    let last = health::last_sign(run, now);
    lines.push((
        "last row",
        last.map(|at| format!("{} ago, {}", number::age(now - at), clock(at)))
            .unwrap_or_default(),
    ));
    if let Some(eta) = picture.progress.eta {
        lines.push(("to go", number::duration(eta)));
    }
    let mut columns = Columns::new(&[Side::Left, Side::Left]);
    lines.retain(|(_, value)| !value.is_empty());
    let rows: Vec<[String; 2]> = lines
        .into_iter()
        .map(|(key, value)| [key.to_owned(), value])
        .collect();
    columns.fit_all(&rows);
    rows.iter()
        .try_for_each(|row| columns.write(out, INDENT, row))
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
    title(out, "Summary", "")?;
    let rows: Vec<[String; 2]> = lines
        .iter()
        .map(|line| [text::safe(&line.label), line.text.clone()])
        .collect();
    let mut columns = Columns::new(&[Side::Left, Side::Left]);
    columns.fit_all(&rows);
    rows.iter()
        .try_for_each(|row| columns.write(out, INDENT, row))
}

fn findings(picture: &Picture<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = health::findings(picture.run, &picture.all, picture.now);
    if findings.is_empty() {
        return Ok(());
    }
    title(out, "Health", "")?;
    findings
        .iter()
        .try_for_each(|finding| writeln!(out, "  {}", text::safe(&finding.text)))
}

fn error(run: &Run, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let Some(error) = &run.facts.error else {
        return Ok(());
    };
    let words: Vec<String> = [&error.kind, &error.message]
        .into_iter()
        .flatten()
        .map(|w| text::safe(w))
        .collect();
    title(out, "Error", &words.join(": "))?;
    let traceback = error.traceback.as_deref().unwrap_or_default();
    for line in traceback.lines().filter(|line| !line.trim().is_empty()) {
        writeln!(
            out,
            "  {}",
            text::elide_end(&text::safe(line), width.saturating_sub(INDENT))
        )?;
    }
    Ok(())
}

/// What else the run's documents say, as far as they say anything.
fn facts(run: &Run, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let told = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    };
    let rows: Vec<[String; 2]> = run
        .facts
        .more
        .iter()
        .filter(|(_, value)| told(value))
        .map(|(key, value)| {
            [
                text::elide_start(&text::safe(key), KEY),
                text::safe(&value::text(value)),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    title(out, "Facts", "")?;
    let mut columns = Columns::new(&[Side::Left, Side::Left]);
    for [key, _] in &rows {
        columns.fit(&[key]);
    }
    let room = width.saturating_sub(INDENT + columns.width(0) + GAP);
    for [key, value] in rows {
        columns.write(out, INDENT, &[key, elide_value(&value, room)])?;
    }
    Ok(())
}

fn params(params: &Params, width: usize, out: &mut dyn Write) -> io::Result<()> {
    if params.values.is_empty() {
        return Ok(());
    }
    title(out, "Parameters", &params.values.len().to_string())?;
    let rows: Vec<[String; 3]> = params
        .values
        .iter()
        .map(|(key, param)| {
            let shown = text::elide_start(&text::safe(key), KEY);
            [
                shown,
                text::safe(&value::text(&param.value)),
                change(params, key, param),
            ]
        })
        .collect();
    let mut columns = Columns::new(&[Side::Left, Side::Left, Side::Left]);
    // Only values with a remark behind them decide where the remarks stand.
    for [key, value, remark] in &rows {
        let value = if remark.is_empty() {
            ""
        } else {
            value.as_str()
        };
        columns.fit(&[key.as_str(), value, remark.as_str()]);
    }
    let room = width.saturating_sub(INDENT + columns.width(0) + GAP);
    for [key, value, remark] in rows {
        let value = if remark.is_empty() {
            elide_value(&value, room)
        } else {
            value
        };
        columns.write(out, INDENT, &[key, value, remark])?;
    }
    if params.hidden > 0 {
        writeln!(out, "  and {} more", number::grouped(params.hidden))?;
    }
    Ok(())
}

/// `was 0.001 until 14:02:11`
fn change(params: &Params, key: &str, param: &Param) -> String {
    if param.changes == 0 {
        return String::new();
    }
    let last = params
        .history
        .iter()
        .rev()
        .find(|event| event.key == key && event.new.is_some());
    let old = last.and_then(|event| event.old.as_ref());
    let mut words = old.map_or_else(
        || "changed".to_owned(),
        |old| format!("was {}", text::safe(&value::text(old))),
    );
    if let Some(time) = param.changed {
        words.push_str(if old.is_some() { " until " } else { " " });
        words.push_str(&clock(time));
    }
    words
}

/// A value that is too long for its line ends with `…`, but never within a number.
pub(super) fn elide_value(value: &str, cells: usize) -> String {
    if text::width(value) <= cells {
        return value.to_owned();
    }
    if value.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !value.contains(' ') {
        return value.to_owned();
    }
    let cut = text::elide_end(value, cells);
    let whole = cut.trim_end_matches('…');
    let next = value[whole.len()..].chars().next();
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if whole.ends_with(in_number) && next.is_some_and(in_number) {
        return format!("{}…", whole.trim_end_matches(in_number));
    }
    cut
}

fn logs(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let logs = &run.logs;
    if logs.lines == 0 {
        return Ok(());
    }
    let plural = if logs.lines == 1 { "line" } else { "lines" };
    title(
        out,
        "Logs",
        &format!("{} {plural}", number::grouped(logs.lines)),
    )?;
    let levels = Level::ALL
        .iter()
        .zip(logs.levels)
        .filter(|(_, count)| *count > 0);
    let words: Vec<String> = levels
        .map(|(level, count)| format!("{} {}", level.name(), number::grouped(count)))
        .collect();
    writeln!(out, "  {}", words.join(" · "))
}

fn files(run: &Run, width: usize, out: &mut dyn Write) -> io::Result<()> {
    if run.files.is_empty() {
        return Ok(());
    }
    let total = run
        .files
        .iter()
        .map(|file| file.size)
        .fold(0, u64::saturating_add);
    title(
        out,
        "Files",
        &format!("{} · {}", run.files.len(), number::size(total)),
    )?;
    let mut columns = Columns::new(&[Side::Left, Side::Right, Side::Left]);
    let room = width.saturating_sub(INDENT + 12 + 25).max(KEY / 2);
    let row = |file: &crate::record::SavedFile| {
        let path = text::elide_start(&text::safe_path(Path::new(&file.path)), room);
        [
            path,
            number::size(file.size),
            file.time.map(clock).unwrap_or_default(),
        ]
    };
    let rows: Vec<[String; 3]> = run.files.iter().map(row).collect();
    columns.fit_all(&rows);
    rows.iter()
        .try_for_each(|row| columns.write(out, INDENT, row))
}

fn problems(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let total = run.problems.total();
    if total > 0 {
        let plural = if total == 1 { "problem" } else { "problems" };
        title(out, "Data", &format!("{} {plural}", number::grouped(total)))?;
        for problem in run.problems.list() {
            let file = text::safe_path(Path::new(&*problem.file));
            writeln!(
                out,
                "  {file} at byte {}: {}",
                problem.offset,
                text::safe(&problem.reason)
            )?;
        }
        let listed = run.problems.list().len() as u64;
        if total > listed {
            writeln!(out, "  and {} more", number::grouped(total - listed))?;
        }
    }
    if !run.notes.list.is_empty() {
        title(out, "Notes", "")?;
        for note in &run.notes.list {
            writeln!(
                out,
                "  {}: {}",
                text::safe_path(Path::new(&*note.file)),
                text::safe(&note.text)
            )?;
        }
    }
    Ok(())
}
