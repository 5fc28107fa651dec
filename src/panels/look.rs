//! How a run looks, wherever it is shown: its state in a colour, its numbers in words.

use super::{Context, Marked};
use crate::commands::PanelId;
use crate::insight::health::{Finding, FindingKind, State};
use crate::insight::metric::{Metric, Split};
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::insight::progress::{Counted, Progress};
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::text::safe;
use crate::widgets::theme::{Hue, Role, Theme};

/// A panel's title: `1 Runs`.
pub(super) fn title(theme: &Theme, panel: PanelId, focused: bool) -> Vec<Span> {
    let name = if focused { Role::Strong } else { Role::Quiet };
    let mut title = digit(theme, panel);
    title.push(Span::new(panel.name(), theme.style(name)));
    title
}

/// The start of a panel's title: the key that goes there.
pub(super) fn digit(theme: &Theme, panel: PanelId) -> Vec<Span> {
    let digit = Safe::new(&panel.digit().to_string());
    vec![
        Span::new(digit, theme.style(Role::Accent)),
        Span::new(" ", theme.style(Role::Quiet)),
    ]
}

pub(super) const fn state_role(state: State) -> Role {
    match state {
        State::Running => Role::Good,
        State::Stalled => Role::Warning,
        State::Failed => Role::Bad,
        State::Waiting | State::Silent | State::Finished | State::Cancelled => Role::Quiet,
    }
}

/// A state in one character and its colour: a run that goes on with a loss that is no number is not
/// well.
pub(super) fn glyph(overview: &Overview) -> (char, Role) {
    let role = match overview.state {
        State::Running if is_broken(overview) => Role::Bad,
        state => state_role(state),
    };
    (overview.state.glyph(), role)
}

/// The letter of a run that is marked, in its colour, to stand before its name.
pub(super) fn letter(context: &Context<'_>, run: RunId) -> Option<Span> {
    let mut marked = context.marked.iter();
    let marked = marked.find(|marked| marked.run == run && marked.group.is_none())?;
    Some(letter_of(context, marked))
}

/// As [`letter`], of a group by its title.
pub(super) fn group_letter(context: &Context<'_>, title: &Safe) -> Option<Span> {
    let called = |marked: &&Marked| marked.group.as_ref().is_some_and(|g| g.title == *title);
    let marked = context.marked.iter().find(called)?;
    Some(letter_of(context, marked))
}

fn letter_of(context: &Context<'_>, marked: &Marked) -> Span {
    let style = context.theme.series(Hue::Run(marked.hue));
    let style = style.patch(context.theme.style(Role::Strong));
    Span::new(safe!("{} ", marked.letter), style)
}

/// `running`, `gone`
pub(super) const fn state_word(overview: &Overview) -> &'static str {
    if overview.gone {
        "gone"
    } else {
        overview.state.name()
    }
}

/// Whether the newest value of the loss is NaN or infinite.
pub(super) fn is_broken(overview: &Overview) -> bool {
    let last = overview.primary.as_ref().and_then(|primary| primary.last);
    last.is_some_and(|value| !value.is_finite())
}

/// How far reading is, in 0..=1; nothing once everything was read.
pub(super) fn reading(overview: &Overview) -> Option<f64> {
    let reading = overview.reading;
    (!reading.caught_up && reading.size > 0)
        .then(|| (reading.read as f64 / reading.size as f64).clamp(0.0, 1.0))
}

/// A share in 0..=1 as a whole number: ` 9 %`. It is never 100 % before the end.
pub(super) fn whole_percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0 + 1e-9).floor())
}

/// `38/50`, `38`; nothing for a run without rows.
pub(super) fn done(progress: &Progress) -> String {
    match progress.planned {
        Some(planned) => format!("{}/{}", count(progress.done), count(planned)),
        None if progress.done > 0.0 => count(progress.done),
        None => String::new(),
    }
}

/// As [`done`], but a percentage where that takes more than `cells`.
pub(super) fn done_in(progress: &Progress, cells: usize) -> String {
    let done = done(progress);
    match share(progress) {
        Some(share) if done.len() > cells => whole_percent(share),
        _ => done,
    }
}

/// Which share of what was planned is done.
pub(super) fn share(progress: &Progress) -> Option<f64> {
    let planned = progress.planned.filter(|planned| *planned > 0.0)?;
    let share = progress.done / planned;
    share.is_finite().then(|| share.clamp(0.0, 1.0))
}

/// As many whole words as fit: no number is cut.
pub(super) fn first_words(text: &Safe, cells: usize) -> Safe {
    if text.width() <= cells {
        return text.clone();
    }
    let words = text.wrap(cells.saturating_sub(2).max(1)).into_iter().next();
    let words = words.unwrap_or_default().then(&Safe::fixed(" …"));
    words.elide_end(cells)
}

/// `4.1 s/epoch`, `12.3 it/s`
pub(super) fn rate(progress: &Progress) -> Option<String> {
    let rate = progress
        .rate
        .filter(|rate| rate.is_finite() && *rate > 0.0)?;
    let (one, several) = match progress.unit {
        Counted::Epochs => ("epoch", "epochs"),
        Counted::Steps => ("step", "it"),
        Counted::Rows => ("row", "rows"),
    };
    Some(if rate > 1.0 {
        format!("{}/s", short(rate) + " " + several)
    } else {
        format!("{}/{one}", number::duration(1.0 / rate))
    })
}

/// A count that may be large: `38`, `12.3k`, `1.25M`.
pub(super) fn count(value: f64) -> String {
    let (size, unit) = match value.abs() {
        v if v >= 999_950_000.0 => (1e9, "G"),
        v if v >= 999_950.0 => (1e6, "M"),
        v if v >= 10_000.0 => (1e3, "k"),
        _ => return number::human(value),
    };
    format!("{}{unit}", short(value / size))
}

/// Three digits.
fn short(value: f64) -> String {
    let decimals = match value.abs() {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `@31`, where a value stands.
pub(super) fn at(position: crate::insight::series::Position) -> String {
    format!("@{}", count(position.value))
}

/// `NaN ×4`, `Inf ×1`
pub(super) fn non_finite(overview: &Overview) -> Option<String> {
    match (overview.nan, overview.infinite) {
        (0, 0) => None,
        (0, infinite) => Some(format!("Inf ×{}", number::grouped(infinite))),
        (nan, _) => Some(format!("NaN ×{}", number::grouped(nan))),
    }
}

/// How many seconds ago something last happened.
pub(super) fn silence(context: &Context<'_>, overview: &Overview) -> Option<f64> {
    let last = overview.ended.or(overview.last_sign)?;
    let seconds = context.now - last;
    seconds.is_finite().then(|| seconds.max(0.0))
}

/// How long it took, or has taken so far.
pub(super) fn duration(overview: &Overview) -> Option<f64> {
    let end = overview.ended.or(overview.last_sign)?;
    let seconds = end - overview.started?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
}

/// When something began, in few cells: `12:33` today, `19 Nov 12:33` in the last months, else
/// `19 Nov 2024`.
pub(super) fn start(context: &Context<'_>, seconds: f64) -> String {
    const RECENT: f64 = 300.0 * 86_400.0;
    let near = context.zone.near(seconds, context.now);
    match day(&near) {
        Some((day, _, time)) if (context.now - seconds).abs() < RECENT => format!("{day} {time}"),
        Some((day, year, _)) => format!("{day} {year}"),
        None => near,
    }
}

/// `2026-11-19 12:33` → `19 Nov`, `2026`, `12:33`
fn day(text: &str) -> Option<(String, &str, &str)> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (date, time) = text.split_once(' ')?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some((
        format!("{} {month}", day.trim_start_matches('0')),
        year,
        time,
    ))
}

/// What a series is called where there is little room: `val`, `acc`, `lr`.
pub(super) fn short_label(name: &str) -> String {
    let metric = Metric::parse("", name);
    match (metric.is_some_loss(), metric.split) {
        (true, Some(split)) => return split.name().to_owned(),
        (true, None) if metric.is_loss() => return "loss".to_owned(),
        _ => {}
    }
    match metric.canonical().as_str() {
        "accuracy" => "acc".to_owned(),
        "learning rate" => "lr".to_owned(),
        _ => metric.quantity,
    }
}

/// Whose colour a series has; a learning rate belongs to no split, whatever it is called.
pub(super) fn hue(name: &str) -> Option<Hue<'_>> {
    let metric = Metric::parse("", name);
    if metric.canonical() == "learning rate" {
        return None;
    }
    Some(match metric.split? {
        Split::Train => Hue::Train,
        Split::Val => Hue::Val,
        Split::Test => Hue::Test,
    })
}

pub(super) fn split(name: &str) -> Option<Split> {
    Metric::parse("", name).split
}

/// Something that should worry the owner, in as many words as there is room for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Worry {
    pub(super) kind: Kind,
    /// The longest first.
    pub(super) words: Vec<String>,
    pub(super) role: Role,
}

/// What a worry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Silence,
    Finding,
    Log,
}

impl Worry {
    fn new(kind: Kind, role: Role, words: Vec<String>) -> Self {
        Self { kind, words, role }
    }

    pub(super) fn full(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// What should worry the owner, the worst first.
pub(super) fn worries(context: &Context<'_>, overview: &Overview) -> Vec<Worry> {
    let mut found = Vec::new();
    let error = context
        .store
        .run(overview.run)
        .and_then(|run| run.facts.error.as_ref());
    if let Some(error) = error {
        let told = [&error.kind, &error.message].into_iter().flatten();
        let told: Vec<&str> = told
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        let mut words = vec![told.join(": ")];
        words.extend(told.first().map(|kind| (*kind).to_owned()));
        words.retain(|words| !words.is_empty());
        if !words.is_empty() {
            found.push(Worry::new(Kind::Error, Role::Bad, words));
        }
    }
    if overview.state == State::Stalled
        && let Some(silence) = silence(context, overview)
    {
        found.push(stalled(overview, silence));
    }
    found.extend(overview.findings.iter().map(finding));
    found.extend(log_errors(overview));
    // What is only remarkable comes after what is bad.
    found.sort_by_key(|worry| worry.role == Role::Quiet);
    found
}

fn stalled(overview: &Overview, silence: f64) -> Worry {
    let short = format!("silent {}", number::coarse_age(silence));
    let usual = overview.usual_gap.map(number::duration);
    let long = usual.map(|usual| format!("{short}, usually {usual}"));
    Worry::new(
        Kind::Silence,
        Role::Warning,
        long.into_iter().chain([short]).collect(),
    )
}

fn finding(finding: &Finding) -> Worry {
    let mut words = vec![finding.text.clone()];
    let mut rest = finding.text.as_str();
    // What, since when, and by how much: the details go first.
    for detail in [": ", " since ", " from ", " at "] {
        if let Some((first, _)) = rest.rsplit_once(detail) {
            rest = first;
            words.push(first.to_owned());
        }
    }
    words.push(finding.kind.name().to_owned());
    Worry::new(Kind::Finding, finding_role(finding.kind), words)
}

fn log_errors(overview: &Overview) -> Option<Worry> {
    let [.., errors, fatal] = overview.levels;
    let words = match (errors, fatal) {
        (0, 0) => return None,
        (0, 1) => "1 fatal line in the log".to_owned(),
        (0, many) => format!("{} fatal lines in the log", number::grouped(many)),
        (1, 0) => "1 error in the log".to_owned(),
        (errors, fatal) => {
            format!("{} errors in the log", number::grouped(errors + fatal))
        }
    };
    Some(Worry::new(Kind::Log, Role::Bad, vec![words]))
}

const fn finding_role(kind: FindingKind) -> Role {
    match kind {
        FindingKind::NonFinite => Role::Bad,
        FindingKind::Rising | FindingKind::Spike | FindingKind::Ahead => Role::Warning,
        FindingKind::Restarted | FindingKind::BeganInfinite => Role::Quiet,
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::Lab;
    use super::*;

    fn progress(done: f64, planned: Option<f64>, rate: f64) -> Progress {
        Progress {
            done,
            planned,
            unit: Counted::Steps,
            rate: Some(rate),
            eta: None,
        }
    }

    #[test]
    fn counts_stay_short() {
        let table = [
            (0.0, "0"),
            (38.0, "38"),
            (9999.0, "9999"),
            (12_345.0, "12.3k"),
            (200_000.0, "200k"),
            (999_960.0, "1M"),
            (1_250_000.0, "1.25M"),
            (3e9, "3G"),
        ];
        for (value, text) in table {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn starts_are_short() {
        let lab = Lab::new();
        let ago = |days: f64| start(&lab.context(), lab.now - days * 86_400.0);
        assert_eq!(ago(0.1), "11:41");
        assert_eq!(ago(1.0), "19 Nov 14:05");
        assert_eq!(ago(17.0), "3 Nov 14:05");
        assert_eq!(ago(400.0), "16 Oct 2025");
        assert_eq!(day("no date"), None);
    }

    #[test]
    fn progress_in_words() {
        let some = progress(38.0, Some(50.0), 0.25);
        assert_eq!(done(&some), "38/50");
        assert_eq!(share(&some), Some(0.76));
        assert_eq!(rate(&some).as_deref(), Some("4.0 s/step"));
        let open = progress(12_345.0, None, 12.34);
        assert_eq!(done(&open), "12.3k");
        assert_eq!(share(&open), None);
        assert_eq!(rate(&open).as_deref(), Some("12.3 it/s"));
        assert_eq!(share(&progress(3.0, Some(0.0), 1.0)), None);
        assert_eq!(done(&progress(0.0, None, 1.0)), "");
        assert_eq!(whole_percent(0.999), "99 %");
    }
}
