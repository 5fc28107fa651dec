//! The title of a chart: its name and its numbers, as many as there is room for.

use ratatui::style::Style;

use super::Charts;
use super::apart::shortened;
use super::legend::Told;
use super::seen::Seen;
use super::view::{curve_name, strong};
use crate::figure::{Curve, Figure, Gravity, Here, Note, Tone};
use crate::insight::charts::Chart;
use crate::insight::metric::Split;
use crate::insight::number;
use crate::panels::Pane;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// What a title is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Title<'a> {
    pub(super) figure: &'a Figure,
    /// The charts beside it: names are to differ.
    pub(super) others: &'a [(usize, &'a Chart)],
    /// The newest values stand elsewhere on the screen.
    pub(super) values_elsewhere: bool,
    pub(super) selected: bool,
    pub(super) pinned: bool,
}

/// How much is said, from everything to hardly anything.
#[expect(clippy::struct_excessive_bools, reason = "each part is there or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    best: bool,
    /// Smoothed values behind the exact ones.
    smoothed: bool,
    /// From the lowest to the highest run, behind the mean of a group.
    range: bool,
    /// Where the first value is that is no number.
    place: bool,
    /// What lies outside or cannot be shown.
    hidden: bool,
    broken: bool,
    names: bool,
    settings: bool,
    /// The values of all lines, or of the most important one only.
    all: bool,
    /// Lines that have no point at the cursor, beside those that have one.
    absent: bool,
    /// Significant digits of a value at the cursor; nothing: all of them.
    digits: Option<usize>,
    values: bool,
}

const EVERYTHING: Parts = Parts {
    best: true,
    smoothed: true,
    range: true,
    place: true,
    hidden: true,
    broken: true,
    names: true,
    settings: true,
    all: true,
    absent: true,
    digits: None,
    values: true,
};

type Less = fn(&mut Parts);

/// The least important part goes first; numbers go as a whole.
const LESS: [Less; 7] = [
    |parts| parts.best = false,
    |parts| parts.smoothed = false,
    |parts| parts.place = false,
    |parts| parts.names = false,
    |parts| parts.settings = false,
    |parts| parts.all = false,
    |parts| parts.values = false,
];

/// Of several runs the letters are told longer than all of their lines.
const LESS_OF_SEVERAL: [Less; 7] = [
    |parts| parts.best = false,
    |parts| parts.smoothed = false,
    |parts| parts.place = false,
    |parts| parts.all = false,
    |parts| parts.settings = false,
    |parts| parts.names = false,
    |parts| parts.values = false,
];

/// Who reads wants the values and whose they are; digits rather go than values.
const LESS_OF_READING: [Less; 12] = [
    |parts| parts.place = false,
    |parts| parts.hidden = false,
    |parts| parts.settings = false,
    |parts| parts.smoothed = false,
    |parts| parts.absent = false,
    |parts| parts.range = false,
    |parts| parts.digits = Some(6),
    |parts| parts.broken = false,
    |parts| parts.all = false,
    |parts| parts.digits = Some(4),
    |parts| parts.names = false,
    |parts| parts.values = false,
];

/// A name of this many cells is still known when its middle is left out.
const NAME_LEAST: usize = 14;

impl Charts {
    pub(super) fn title<'s>(
        &self,
        seen: &'s Seen<'_>,
        at: usize,
        figure: &'s Figure,
        pane: Pane,
    ) -> Title<'s> {
        let one = seen.page.len() == 1;
        Title {
            figure,
            others: seen.on_page(),
            values_elsewhere: one
                && pane.values_elsewhere
                && self.shown.get(at) == Some(&0)
                && seen.sources.len() == 1,
            selected: pane.focused && !one && at == seen.selected,
            pinned: self.pinned.contains(&seen.charts[at].1.quantity),
        }
    }
}

impl Title<'_> {
    /// The title in at most `room` cells.
    pub(super) fn spans(&self, theme: &Theme, room: u16) -> Vec<Span> {
        self.fitted(theme, room, EVERYTHING)
    }

    /// The title where the legend tells the values.
    pub(super) fn without_values(&self, theme: &Theme, room: u16) -> Vec<Span> {
        let parts = Parts {
            values: false,
            ..EVERYTHING
        };
        self.fitted(theme, room, parts)
    }

    fn fitted(&self, theme: &Theme, room: u16, mut parts: Parts) -> Vec<Span> {
        let room = usize::from(room);
        let title = Safe::new(&self.figure.title).width();
        let mut style = theme.style(Role::Strong);
        if self.selected {
            style = style.patch(theme.style(Role::Cursor));
        }
        let star = Span::new("★ ", theme.style(Role::Accent));
        let star = Some(star).filter(|star| self.pinned && star.width() < room);
        let room = room - star.as_ref().map_or(0, Span::width);
        let several = self.figure.curves.iter().any(|curve| curve.run.is_some());
        let mut less = match (self.reads(), several) {
            (true, _) => LESS_OF_READING.iter(),
            (false, true) => LESS_OF_SEVERAL.iter(),
            (false, false) => LESS.iter(),
        };
        let rest = loop {
            let rest = self.rest(theme, parts);
            let left = room.saturating_sub(width(&rest));
            if width(&rest) < room && left >= title.min(NAME_LEAST) {
                break rest;
            }
            match less.next() {
                Some(less) => less(&mut parts),
                None => break Vec::new(),
            }
        };
        let left = room.saturating_sub(width(&rest));
        let mut spans: Vec<Span> = star.into_iter().collect();
        spans.push(Span::new(self.name(left), style));
        spans.extend(rest);
        spans
    }

    fn name(&self, cells: usize) -> Safe {
        let others = self.others.iter().map(|(_, other)| other.title.as_str());
        shortened(&self.figure.title, others, cells)
    }

    /// What one of several runs has at the cursor, for a legend.
    pub(super) fn of_run(&self, theme: &Theme, run: Option<char>, told: Told) -> Vec<Span> {
        let curves = &self.figure.curves;
        let parts = Parts {
            smoothed: false,
            range: told.range,
            digits: told.digits,
            ..EVERYTHING
        };
        let several = curves.iter().any(|curve| curve.split != curves[0].split);
        let leading = self.leading();
        let mut spans = Vec::new();
        for (at, curve) in self.in_order() {
            if letter(curve) != run || !told.all && !leading.contains(&at) {
                continue;
            }
            let style = strong(theme, &curve.hue);
            let Some((value, style)) = value(theme, curve, style, parts, false) else {
                continue;
            };
            if let Some(split) = curve.split.filter(|_| several) {
                let words = safe!(" {}", split.name());
                spans.push(Span::new(words, theme.style(Role::Quiet)));
            }
            spans.push(Span::new(" ", style));
            spans.push(Span::new(value, style));
        }
        spans
    }

    /// There is a cursor.
    pub(super) fn reads(&self) -> bool {
        self.figure.curves.iter().any(|curve| curve.here.is_some())
    }

    fn rest(&self, theme: &Theme, parts: Parts) -> Vec<Span> {
        let mut spans = Vec::new();
        let notes = |grave: Gravity| {
            let notes = self.figure.notes.iter();
            notes.filter(move |note| note.grave == grave)
        };
        if parts.settings {
            for note in notes(Gravity::Setting) {
                let words = safe!(" {}", note.words);
                spans.push(Span::new(words, theme.style(Role::Quiet)));
            }
        }
        let reading = self.reads();
        if parts.values && (reading || !self.values_elsewhere) {
            self.values(theme, parts, &mut spans);
        }
        if let Some(best) = self.figure.best.as_ref().filter(|_| parts.best && !reading) {
            let words = safe!("  {}", best.told);
            spans.push(Span::new(words, strong(theme, &best.hue)));
        }
        for (grave, role, told) in [
            (Gravity::Broken, Role::Bad, parts.broken),
            (Gravity::Hidden, Role::Warning, parts.hidden),
        ] {
            if !told {
                continue;
            }
            let words = |note: &Note| {
                let words = if parts.place {
                    &note.words
                } else {
                    &note.short
                };
                safe!("  {words}")
            };
            let words = notes(grave).map(words);
            spans.extend(words.map(|words| Span::new(words, theme.style(role))));
        }
        spans
    }

    fn values(&self, theme: &Theme, parts: Parts, spans: &mut Vec<Span>) {
        let curves = &self.figure.curves;
        let leading = self.leading();
        let somewhere = curves.iter().any(|curve| !is_absent(curve));
        let told = |at: usize, curve: &Curve| {
            let present = parts.absent || !somewhere || !is_absent(curve);
            present && (parts.all || leading.contains(&at))
        };
        let order = self.in_order().into_iter();
        let order: Vec<&Curve> = order
            .filter_map(|(at, curve)| told(at, curve).then_some(curve))
            .collect();
        let common = common_split(curves, &order).filter(|_| parts.names && !parts.all);
        if let Some(split) = common {
            let words = Safe::fixed("  ").then(&Safe::fixed(split.name()));
            spans.push(Span::new(words, theme.style(Role::Quiet)));
        }
        for (nth, curve) in order.iter().enumerate() {
            let style = strong(theme, &curve.hue);
            let Some((value, style)) = value(theme, curve, style, parts, curves.len() == 1) else {
                continue;
            };
            let gap = if nth == 0 && common.is_some() {
                " "
            } else {
                "  "
            };
            spans.push(Span::new(gap, style));
            let name = match common {
                Some(_) => letter(curve).map(|letter| Safe::new(&letter.to_string())),
                None => curve_name(curves, curve),
            };
            if let Some(name) = name.filter(|_| parts.names) {
                let style = strong(theme, &curve.hue);
                spans.push(Span::new(name.then(&Safe::fixed(" ")), style));
            }
            spans.push(Span::new(value, style));
        }
    }

    /// The lines of the run that is shown first; those of others in the order of their letters.
    fn in_order(&self) -> Vec<(usize, &Curve)> {
        let mut curves: Vec<(usize, &Curve)> = self.figure.curves.iter().enumerate().collect();
        let first = curves.last().and_then(|(_, curve)| curve.run.clone());
        if first.is_some() {
            curves.sort_by_key(|(_, curve)| {
                let other = curve.run != first;
                (other, letter(curve).filter(|_| other))
            });
        }
        curves
    }

    /// The line of each run that tells most: the validation data, or the one with the best point,
    /// else the first; one without a point at the cursor only where none has one.
    fn leading(&self) -> Vec<usize> {
        let best = self.figure.best.as_ref();
        let tells = |curve: &Curve| {
            let has_best = best.is_some_and(|best| best.hue == curve.hue);
            match curve.run {
                Some(_) => curve.split == Some(Split::Val),
                None => has_best,
            }
        };
        let order = self.in_order();
        let runs = order.chunk_by(|(_, a), (_, b)| a.run == b.run && letter(a) == letter(b));
        let of = |curves: &[(usize, &Curve)]| {
            let somewhere = curves.iter().any(|(_, curve)| !is_absent(curve));
            let present = |curve: &Curve| !somewhere || !is_absent(curve);
            let mut present = curves.iter().filter(|(_, curve)| present(curve));
            let first = present.clone().next();
            let telling = present.find(|(_, curve)| tells(curve));
            telling.or(first).map(|(at, _)| *at)
        };
        runs.filter_map(of).collect()
    }
}

/// It has no point at the cursor.
fn is_absent(curve: &Curve) -> bool {
    curve.here == Some(Here::NoPoint)
}

/// Of what data all that is told of several runs are, where there are others too.
fn common_split(curves: &[Curve], told: &[&Curve]) -> Option<Split> {
    let split = told.first()?.split?;
    let same = told.iter().all(|curve| curve.split == Some(split));
    let lettered = told.iter().all(|curve| letter(curve).is_some());
    let others = curves.iter().any(|curve| curve.split != Some(split));
    (same && lettered && others).then_some(split)
}

/// The letter of a run that is marked.
fn letter(curve: &Curve) -> Option<char> {
    match curve.hue {
        Tone::Run(_) => curve.name.as_ref()?.chars().next(),
        _ => None,
    }
}

/// The value of a line: the one at the cursor, else the newest.
fn value(
    theme: &Theme,
    curve: &Curve,
    style: Style,
    parts: Parts,
    alone: bool,
) -> Option<(Safe, Style)> {
    let quiet = theme.style(Role::Quiet);
    let bad = theme.style(Role::Bad);
    let Some(here) = curve.here else {
        let style = if curve.last_is_bad { bad } else { style };
        let words = Safe::new(&curve.last);
        return (!words.is_empty()).then_some((words, style));
    };
    Some(match here {
        Here::NoPoint if alone && parts.smoothed => (Safe::fixed("no point here"), quiet),
        Here::NoPoint => (Safe::fixed("–"), quiet),
        Here::Awaited => (Safe::fixed("…"), quiet),
        Here::Among { mean, low, high } => {
            let told = |value: f64| match parts.digits {
                Some(digits) => number::rounded(value, digits.min(4)),
                None => number::human(value),
            };
            let words = Safe::new(&told(mean));
            let range = (parts.range && low < high).then(|| (told(low), told(high)));
            let words = match range {
                Some((low, high)) => words.then(&safe!(" ({low}–{high})")),
                None => words,
            };
            (words, style)
        }
        Here::Value(value, smooth) => {
            let words = match parts.digits {
                Some(digits) => number::rounded(value, digits),
                None => number::exact(value),
            };
            let words = Safe::new(&words);
            let words = match smooth.filter(|_| parts.smoothed) {
                Some(smooth) => words.then(&safe!(" ~{}", number::human(smooth))),
                None => words,
            };
            (words, if value.is_finite() { style } else { bad })
        }
    })
}

#[cfg(test)]
mod tests;
