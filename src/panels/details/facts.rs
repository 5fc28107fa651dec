//! The sections about what a run is and what lies on disk of it.

use super::super::{Context, look};
use super::build::Builder;
use super::entry::Entry;
use super::line::Cut;
use super::params::{cut, short, whole};
use super::table::Cell;
use crate::insight::clock;
use crate::insight::health::State;
use crate::insight::metric::Unit;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::record::{Problem, SavedFile};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// More files, problems and facts than these are only counted.
const MOST: usize = 500;
/// Of a file with more skipped places, only their number is shown at first.
const FEW: u64 = 20;

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
        cut: Cut::Start,
        path: Some(Safe::path(&run.place.path)),
        ..Entry::of(Safe::fixed("path"), value)
    });
}

/// What is told of every run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    /// Hardly two runs have the same.
    pub(super) is_own: bool,
}

/// What is compared of runs besides numbers and parameters: the same things of every run.
pub(super) fn told(
    context: &Context<'_>,
    run: &Run,
    overview: &Overview,
) -> [(Fact, Option<Cell>); 18] {
    let facts = &run.facts;
    let (glyph, _) = look::glyph(overview);
    let state = format!("{glyph} {}", look::state_word(overview));
    let moment = |at: Option<f64>| at.map(|at| look::start(context, at));
    let word = |text: Option<String>, cut| {
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(|text| Cell::of(Safe::new(&text), None, cut))
    };
    let counted = |count: u64| {
        let text = Safe::new(&number::grouped(count));
        Some(Cell::of(text, Some(count as f64), Cut::Never))
    };
    let some = |count: u64| counted(count).filter(|_| count > 0);
    let duration = look::duration(overview).map(|seconds| {
        let text = Safe::new(&number::duration(seconds));
        Cell::of(text, Some(seconds), Cut::Never)
    });
    let tags = (!facts.tags.is_empty()).then(|| facts.tags.join(" "));
    let path = Cell::of(Safe::path(&run.place.shown), None, Cut::Start);
    let fact = |name, is_own, unit| Fact { name, unit, is_own };
    let plain = |name| fact(name, false, Unit::Plain);
    let own = |name| fact(name, true, Unit::Plain);
    let done = word(Some(look::done(&overview.progress)), Cut::Never);
    let tracker = word(Some(run.layout.name().to_owned()), Cut::End);
    [
        (plain("state"), word(Some(state), Cut::End)),
        (plain("done"), done),
        (own("started"), word(moment(overview.started), Cut::End)),
        (own("ended"), word(moment(overview.ended), Cut::End)),
        (fact("duration", true, Unit::Seconds), duration),
        (plain("host"), word(facts.host.clone(), Cut::Middle)),
        (plain("owner"), word(facts.owner.clone(), Cut::Middle)),
        (plain("project"), word(facts.project.clone(), Cut::Middle)),
        (plain("tags"), word(tags, Cut::End)),
        (
            plain("description"),
            word(facts.description.clone(), Cut::End),
        ),
        (plain("tracker"), tracker),
        (own("rows"), counted(overview.rows)),
        (own("log lines"), some(overview.log_lines)),
        (plain("NaN"), some(overview.nan)),
        (plain("infinite"), some(overview.infinite)),
        (plain("files"), some(run.files.len() as u64)),
        (plain("skipped"), some(run.problems.total())),
        (own("path"), Some(path)),
    ]
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
    files.truncate(MOST);
    let sizes: Vec<Safe> = files
        .iter()
        .map(|file| Safe::new(&number::size(file.size)))
        .collect();
    let times: Vec<Safe> = files
        .iter()
        .map(|file| written(builder, file.time))
        .collect();
    let widest = |texts: &[Safe]| texts.iter().map(Safe::width).max().unwrap_or(0);
    let (size_cells, time_cells) = (widest(&sizes), widest(&times));
    let quiet = builder.context.theme.style(Role::Quiet);
    let gap = if builder.is_narrow() { 1 } else { 2 };
    builder.section("Files", &right, true, |builder| {
        for ((file, size), time) in files.iter().zip(&sizes).zip(&times) {
            let path = Safe::new(&file.path);
            let size = builder.span(size.pad_start(size_cells).as_str(), Role::Text);
            let time = (time_cells > 0).then(|| Span::new(time.pad_start(time_cells + gap), quiet));
            builder.entry(Entry {
                copied: Some(path.clone()),
                aside: time,
                ..Entry::of(path, size)
            });
        }
        rest(builder, run.files.len());
    });
}

/// When a file was written, in few cells.
fn written(builder: &Builder<'_>, time: Option<f64>) -> Safe {
    let time = time.filter(|time| clock::is_date(*time));
    let words = time.map(|time| look::start(builder.context, time));
    let words = words.unwrap_or_default();
    if !builder.is_narrow() {
        return Safe::new(&words);
    }
    // The day without the hour, the month without the day.
    let parts: Vec<&str> = words.split(' ').collect();
    Safe::new(&match parts.as_slice() {
        [day, month, time] if time.contains(':') => format!("{day} {month}"),
        [_, month, year] => format!("{month} {year}"),
        _ => words.clone(),
    })
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
    skipped(builder, run);
    for note in &run.notes.list {
        builder.words("· ", &format!("{}: {}", note.file, note.text), Role::Quiet);
    }
    if run.notes.dropped > 0 {
        let words = format!("and {} older remarks", number::grouped(run.notes.dropped));
        builder.words("  ", &words, Role::Quiet);
    }
}

/// Where bytes were skipped and why, file by file.
fn skipped(builder: &mut Builder<'_>, run: &Run) {
    for (file, count) in run.problems.files() {
        let listed = run.problems.list().iter();
        let listed: Vec<&Problem> = listed.filter(|problem| problem.file == *file).collect();
        let name = if *count > FEW {
            format!("{file}  {} places", number::grouped(*count))
        } else {
            file.to_string()
        };
        let id = format!("Data.{file}");
        builder.group_if(*count <= FEW, 1, &name, &id, |builder| {
            for problem in &listed {
                let place = format!("byte {}: ", number::grouped(problem.offset));
                let words = place + &problem.reason;
                let sign = Safe::fixed("⚠ ");
                builder.listed(3, &sign, &words, Role::Warning);
            }
            let more = count - listed.len() as u64;
            if more > 0 {
                let words = format!("and {} more", number::grouped(more));
                builder.listed(3, &Safe::default(), &words, Role::Quiet);
            }
        });
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
                cut: cut(value),
                copied: whole(value),
                ..Entry::of(Safe::new(key), Span::new(short(value), style))
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
    builder.entry(Entry::of(Safe::fixed(key), value));
}
