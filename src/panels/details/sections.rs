//! The sections about how a run goes: its summary, its health, its error, its parameters.

use super::super::look::{self, Kind};
use super::build::Builder;
use super::entry::Entry;
use super::{changes, facts, params, told};
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::record::RunError;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// A traceback of more lines is closed at first.
const LONG_TRACEBACK: usize = 8;
const MOST_TRACEBACK: usize = 1000;

/// All sections, in the order in which they are asked for.
pub(super) fn all(builder: &mut Builder<'_>, run: &Run, overview: &Overview) {
    builder.section("Summary", "", true, |b| summary(b, overview));
    builder.section("Health", "", true, |b| health(b, overview));
    if let Some(error) = &run.facts.error {
        builder.section("Error", "", true, |b| told_error(b, error));
    }
    let count = run.params.values.len();
    let count = if count == 0 {
        String::new()
    } else {
        number::grouped(count as u64)
    };
    builder.section("Params", &count, true, |b| {
        if run.params.values.is_empty() {
            b.words("", "none were written", Role::Quiet);
        }
        params::tree(b, &run.params);
    });
    changes::section(builder, run, overview);
    builder.section("Run", "", true, |b| facts::run(b, run, overview));
    told::documents(builder, run);
    facts::files(builder, run);
    builder.section("Data", "", true, |b| facts::data(b, run, overview));
    facts::more(builder, run);
}

fn summary(builder: &mut Builder<'_>, overview: &Overview) {
    if overview.summary.is_empty() {
        builder.words("", "no rows yet", Role::Quiet);
    }
    for line in &overview.summary {
        let theme = builder.context.theme;
        let hue = line.metric.as_deref().and_then(look::hue);
        let style = match hue {
            _ if !line.value.is_finite() => theme.style(Role::Bad),
            Some(hue) if !line.label.starts_with("Best ") => theme.series(hue),
            _ => theme.style(Role::Text),
        };
        let value = Span::new(Safe::new(&line.text), style);
        builder.entry(Entry {
            known_as: Safe::new(line.metric.as_deref().unwrap_or_default()),
            ..Entry::of(Safe::new(&line.label), value)
        });
    }
    builder.align_points();
}

fn health(builder: &mut Builder<'_>, overview: &Overview) {
    let (_, role) = look::glyph(overview);
    builder.words("", &state_reason(builder, overview), role);
    let worries = look::worries(builder.context, overview);
    // The state says the one, the next section the other.
    let worries: Vec<_> = worries
        .into_iter()
        .filter(|worry| !matches!(worry.kind, Kind::Silence | Kind::Error))
        .collect();
    for worry in &worries {
        match worry.full().split_once(": ") {
            Some((what, how)) => {
                builder.words("⚠ ", what, worry.role);
                builder.words("  ", how, Role::Quiet);
            }
            None => builder.words("⚠ ", worry.full(), worry.role),
        }
    }
    if worries.is_empty() && !matches!(overview.state, State::Stalled | State::Failed) {
        builder.words("", "nothing to report", Role::Quiet);
    }
}

/// The state and how it is known.
fn state_reason(builder: &Builder<'_>, overview: &Overview) -> String {
    let silence = look::silence(builder.context, overview);
    let ago = silence.map(number::coarse_age).unwrap_or_default();
    let usual = overview.usual_gap.map(number::duration);
    let glyph = overview.state.glyph();
    let reason = match (overview.state, usual) {
        _ if overview.gone => "its folder is gone; this is what was read".to_owned(),
        (State::Waiting, _) => "waiting for the first row".to_owned(),
        (State::Running, Some(usual)) => format!("running, a row every {usual}"),
        (State::Running, None) => "running".to_owned(),
        (State::Stalled, Some(usual)) => format!("stalled: silent {ago}, usually {usual}"),
        (State::Stalled, None) => format!("stalled: silent {ago}"),
        (State::Silent, _) if ago.is_empty() => "silent: the tracker wrote no end".to_owned(),
        (State::Silent, _) => format!("silent for {ago}; the tracker wrote no end"),
        (State::Finished, _) => "finished, says the tracker".to_owned(),
        (State::Failed, _) => "failed, says the tracker".to_owned(),
        (State::Cancelled, _) => "cancelled, says the tracker".to_owned(),
    };
    format!("{glyph} {reason}")
}

fn told_error(builder: &mut Builder<'_>, error: &RunError) {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    if let Some(kind) = said(&error.kind) {
        builder.words("", &kind, Role::Bad);
    }
    if let Some(message) = said(&error.message) {
        for line in Safe::lines(&message).iter().take(MOST_TRACEBACK) {
            builder.words("", line.as_str(), Role::Text);
        }
    }
    let Some(traceback) = said(&error.traceback) else {
        return;
    };
    let lines = Safe::lines(&traceback);
    let skipped = lines.len().saturating_sub(MOST_TRACEBACK);
    let open = lines.len() <= LONG_TRACEBACK;
    builder.group_if(open, 1, "traceback", "Error.traceback", |b| {
        // The end says what happened.
        for line in &lines[skipped..] {
            b.code(line.as_str());
        }
    });
}
