//! The sections about what a run is and what lies on disk of it.

use super::super::look;
use super::build::{Builder, Entry};
use super::line::Cut;
use super::params::{cut, short};
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::record::SavedFile;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// More files, problems and facts than these are only counted.
const MOST: usize = 500;

pub(super) fn run(builder: &mut Builder<'_>, run: &Run, overview: &Overview) {
    let facts = &run.facts;
    let (zone, now) = (builder.context.zone, builder.context.now);
    if let Some(started) = overview.started {
        builder.pair("started", &zone.near(started, now), Cut::Never);
    }
    if let Some(ended) = overview.ended {
        builder.pair("ended", &zone.near(ended, now), Cut::Never);
    }
    if let Some(seconds) = look::duration(overview) {
        let key = if overview.state == State::Running {
            "running for"
        } else {
            "duration"
        };
        builder.pair(key, &number::duration(seconds), Cut::Never);
    }
    let texts = [
        ("host", &facts.host),
        ("owner", &facts.owner),
        ("project", &facts.project),
    ];
    for (key, text) in texts {
        if let Some(text) = text.as_ref().filter(|text| !text.trim().is_empty()) {
            builder.pair(key, text, Cut::Middle);
        }
    }
    if !facts.tags.is_empty() {
        builder.pair("tags", &facts.tags.join(" "), Cut::End);
    }
    builder.pair("tracker", run.layout.name(), Cut::End);
    let shown = Safe::path(&run.place.shown);
    let value = Span::new(shown, builder.context.theme.style(Role::Text));
    builder.entry(Entry {
        depth: 1,
        key: Safe::fixed("path"),
        known_as: Safe::default(),
        value,
        cut: Cut::Start,
        copied: None,
    });
    for text in [&facts.description, &facts.readme].into_iter().flatten() {
        for line in Safe::lines(text).iter().take(40) {
            builder.words("", line.as_str(), Role::Text);
        }
    }
}

pub(super) fn files(builder: &mut Builder<'_>, run: &Run) {
    if run.files.is_empty() {
        return;
    }
    let total: u64 = run.files.iter().map(|file| file.size).sum();
    let count = number::grouped(run.files.len() as u64);
    let right = format!("{count} · {}", number::size(total));
    let mut files: Vec<&SavedFile> = run.files.iter().collect();
    let time = |file: &SavedFile| file.time.unwrap_or(f64::NEG_INFINITY);
    files.sort_by(|a, b| {
        time(b)
            .total_cmp(&time(a))
            .then(b.size.cmp(&a.size))
            .then_with(|| a.path.cmp(&b.path))
    });
    builder.section("Files", &right, true, |builder| {
        for file in files.iter().take(MOST) {
            let path = Safe::new(&file.path);
            let size = builder.span(&number::size(file.size), Role::Text);
            builder.entry(Entry {
                depth: 1,
                key: path.clone(),
                known_as: Safe::default(),
                value: size,
                cut: Cut::Never,
                copied: Some(path),
            });
        }
        rest(builder, files.len());
    });
}

pub(super) fn data(builder: &mut Builder<'_>, run: &Run, overview: &Overview) {
    builder.pair("rows", &number::grouped(overview.rows), Cut::Never);
    if overview.log_lines > 0 {
        builder.pair(
            "log lines",
            &number::grouped(overview.log_lines),
            Cut::Never,
        );
    }
    if let Some(share) = look::reading(overview) {
        builder.pair("read", &look::whole_percent(share), Cut::Never);
    }
    for (key, count) in [("NaN", overview.nan), ("infinite", overview.infinite)] {
        if count > 0 {
            marked(builder, key, &number::grouped(count), Role::Bad);
        }
    }
    if overview.unmeasured > 0 {
        let text = format!("{} NaN", number::grouped(overview.unmeasured));
        builder.pair("not measured", &text, Cut::Never);
    }
    let problems = run.problems.total();
    if problems == 0 {
        builder.pair("skipped", "nothing", Cut::Never);
    } else {
        let places = if problems == 1 { "place" } else { "places" };
        let text = format!("{} {places}", number::grouped(problems));
        marked(builder, "skipped", &text, Role::Warning);
    }
    for problem in run.problems.list().iter().take(MOST) {
        let place = format!(
            "{}, byte {}: ",
            problem.file,
            number::grouped(problem.offset)
        );
        builder.words("⚠ ", &(place + &problem.reason), Role::Warning);
    }
    let listed = run.problems.list().len().min(MOST) as u64;
    if problems > listed {
        let more = format!("and {} more", number::grouped(problems - listed));
        builder.words("  ", &more, Role::Quiet);
    }
    for note in &run.notes.list {
        builder.words("· ", &format!("{}: {}", note.file, note.text), Role::Quiet);
    }
}

/// What the documents of a run say besides.
pub(super) fn more(builder: &mut Builder<'_>, run: &Run) {
    let more = &run.facts.more;
    if more.is_empty() {
        return;
    }
    let count = number::grouped(more.len() as u64);
    builder.section("More", &count, false, |builder| {
        for (key, value) in more.iter().take(MOST) {
            let style = builder.context.theme.style(Role::Text);
            builder.entry(Entry {
                depth: 1,
                key: Safe::new(key),
                known_as: Safe::default(),
                value: Span::new(short(value), style),
                cut: cut(value),
                copied: None,
            });
        }
        rest(builder, more.len());
    });
}

fn rest(builder: &mut Builder<'_>, count: usize) {
    if count > MOST {
        let words = format!("and {} more", number::grouped((count - MOST) as u64));
        builder.words("", &words, Role::Quiet);
    }
}

fn marked(builder: &mut Builder<'_>, key: &'static str, text: &str, role: Role) {
    let value = builder.span(text, role);
    builder.entry(Entry {
        depth: 1,
        key: Safe::fixed(key),
        known_as: Safe::default(),
        value,
        cut: Cut::Never,
        copied: None,
    });
}
