//! What must be said about a figure: what is switched on, what is not shown, what is broken.

use super::extent::Extent;
use super::reduce::Reduced;
use super::{Gravity, Note, Scaling};
use crate::insight::charts::Line;
use crate::insight::number;
use crate::store::Count;
use crate::widgets::axis::Scale;

/// What a figure's notes are about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) scaling: Scaling,
    pub(super) limits: Option<(f64, f64)>,
    pub(super) clipped: bool,
    pub(super) own_window: bool,
    /// How many percent of the rows have been smoothed, while that goes on.
    pub(super) smoothed: Option<u64>,
    pub(super) extent: &'a Extent,
}

pub(super) fn notes(told: &Told<'_>, lines: &[&Line], one_run: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut setting = |words: String| notes.push(note(&words, &words, Gravity::Setting));
    match told.scaling {
        Scaling::Linear => {}
        Scaling::Log => setting("log".to_owned()),
        Scaling::SymLog => setting("symlog".to_owned()),
    }
    if let Some((lo, hi)) = told.limits {
        setting(format!("y {} to {}", number::human(lo), number::human(hi)));
    } else if told.clipped {
        setting("clipped".to_owned());
    }
    if told.own_window {
        setting("own window".to_owned());
    }
    if let Some(percent) = told.smoothed {
        setting(format!("smoothing {percent} %"));
    }
    notes.extend(broken(lines, one_run));
    notes.extend(hidden(told.extent.beyond, "outside"));
    notes.extend(left_out(told.extent.left_out));
    if told.extent.scale == Scale::Log {
        notes.extend(hidden(told.extent.not_positive, "≤ 0 not shown"));
    }
    notes
}

/// What there is in the window instead of numbers, if there is not one.
pub(super) fn nothing(lines: &[(&Line, &Reduced)]) -> Option<String> {
    let lines = || lines.iter().filter(|(line, _)| !line.band);
    if lines().any(|(_, reduced)| !reduced.live.is_empty()) {
        return None;
    }
    let nowhere = lines().all(|(line, _)| line.range.is_none());
    let here = |sign: fn(i8) -> bool| {
        let mut bad = lines().flat_map(|(_, reduced)| &reduced.bad);
        bad.any(|bad| sign(bad.sign))
    };
    let (nan, infinite) = if nowhere {
        let nan = lines().any(|(line, _)| line.nan > 0);
        (nan, lines().any(|(line, _)| line.infinite != [0, 0]))
    } else {
        (here(|sign| sign == 0), here(|sign| sign != 0))
    };
    let words = match (nan, infinite) {
        (true, true) => "only NaN and Inf",
        (true, false) => "only NaN",
        (false, true) => "only Inf",
        (false, false) => return None,
    };
    let place = if nowhere { "" } else { " here" };
    Some(format!("{words}{place}"))
}

fn note(words: &str, short: &str, grave: Gravity) -> Note {
    Note {
        words: words.to_owned(),
        short: short.to_owned(),
        grave,
    }
}

fn hidden(hidden: Count, what: &str) -> Option<Note> {
    let count = number::grouped(hidden.count);
    let (words, short) = if hidden.at_least {
        (
            format!("at least {count} {what}"),
            format!("{count}+ {what}"),
        )
    } else {
        let words = format!("{count} {what}");
        (words.clone(), words)
    };
    (hidden.count > 0).then(|| note(&words, &short, Gravity::Hidden))
}

/// Where what a restart superseded does not fit.
fn left_out(ends: [bool; 2]) -> Option<Note> {
    let ends = match ends {
        [false, false] => return None,
        [true, false] => "below",
        [false, true] => "above",
        [true, true] => "above and below",
    };
    let words = format!("superseded part {ends}");
    Some(note(&words, &format!("superseded {ends}"), Gravity::Hidden))
}

/// `NaN ×4 from step 1203`
fn broken(lines: &[&Line], one_run: bool) -> Option<Note> {
    let lines = || lines.iter().filter(|line| !line.band);
    let nan: u64 = lines().map(|line| line.nan).sum();
    let infinite = |sign: usize| -> u64 { lines().map(|line| line.infinite[sign]).sum() };
    let counts = [(nan, "NaN"), (infinite(0), "Inf"), (infinite(1), "-Inf")];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{name} ×{count}"))
        .collect();
    let short = counts.join("  ");
    if short.is_empty() {
        return None;
    }
    let firsts = lines().filter_map(|line| line.first_non_finite);
    let first = firsts.min_by(|a, b| a.value.total_cmp(&b.value));
    let words = match first.filter(|_| one_run) {
        Some(first) => format!("{short} from {}", first.text()),
        None => short.clone(),
    };
    Some(note(&words, &short, Gravity::Broken))
}
