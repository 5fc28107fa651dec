//! The title of a chart: its name and its numbers, as many as there is room for.

use std::fmt::Write as _;

use super::apart::shortened;
use super::lines::{Named, place_text};
use crate::insight::axis::XAxis;
use crate::insight::charts::{Chart, Line};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, width};
use crate::widgets::theme::{Role, Theme};

/// What a title is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Title<'a> {
    pub(super) chart: &'a Chart,
    /// The charts beside it: names are to differ.
    pub(super) others: &'a [&'a Chart],
    pub(super) axis: XAxis,
    /// Where on that axis the best point is.
    pub(super) best_at: Option<f64>,
    /// The newest values stand elsewhere on the screen.
    pub(super) values_elsewhere: bool,
    pub(super) logarithmic: bool,
    /// Values that have no place on a logarithmic axis.
    pub(super) hidden: Hidden,
    pub(super) selected: bool,
}

/// Values that are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    pub(super) count: u64,
    /// There may be more among rows that are not in memory.
    pub(super) at_least: bool,
}

/// How much is said, from everything to hardly anything.
#[expect(clippy::struct_excessive_bools, reason = "each part is there or not")]
#[derive(Clone, Copy, Debug)]
struct Parts {
    best: bool,
    /// Where the first value is that is no number.
    place: bool,
    names: bool,
    /// The last values of all lines, or of the most important one only.
    all: bool,
    scale: bool,
    values: bool,
}

const EVERYTHING: Parts = Parts {
    best: true,
    place: true,
    names: true,
    all: true,
    scale: true,
    values: true,
};

/// The least important part goes first; numbers go as a whole.
const LESS: [Parts; 8] = {
    let no_best = Parts {
        best: false,
        ..EVERYTHING
    };
    let no_place = Parts {
        place: false,
        ..no_best
    };
    let no_names = Parts {
        names: false,
        ..no_place
    };
    let one_value = Parts {
        all: false,
        ..no_names
    };
    let no_scale = Parts {
        scale: false,
        ..one_value
    };
    let no_values = Parts {
        values: false,
        ..no_scale
    };
    [
        EVERYTHING, no_best, no_place, no_names, one_value, no_scale, no_values, no_values,
    ]
};

/// A name of this many cells is still known when its middle is left out.
const NAME_LEAST: usize = 14;

impl Title<'_> {
    /// The title in at most `room` cells.
    pub(super) fn spans(&self, theme: &Theme, room: u16) -> Vec<Span> {
        let room = usize::from(room);
        let title = Safe::new(&self.chart.title).width();
        let mut style = theme.style(Role::Strong);
        if self.selected {
            style = style.patch(theme.style(Role::Cursor));
        }
        for parts in LESS {
            let rest = self.rest(theme, parts);
            let left = room.saturating_sub(width(&rest));
            if width(&rest) < room && left >= title.min(NAME_LEAST) {
                let mut spans = vec![Span::new(self.name(left), style)];
                spans.extend(rest);
                return spans;
            }
        }
        vec![Span::new(self.name(room), style)]
    }

    fn name(&self, cells: usize) -> Safe {
        let others = self.others.iter().map(|other| other.title.as_str());
        shortened(&self.chart.title, others, cells)
    }

    fn rest(&self, theme: &Theme, parts: Parts) -> Vec<Span> {
        let quiet = theme.style(Role::Quiet);
        let mut spans = Vec::new();
        if parts.scale && self.logarithmic {
            spans.push(Span::new(" log", quiet));
        }
        if parts.values && !self.values_elsewhere {
            self.values(theme, parts, &mut spans);
        }
        if parts.best {
            self.best(theme, &mut spans);
        }
        self.problems(theme, parts, &mut spans);
        spans
    }

    fn values(&self, theme: &Theme, parts: Parts, spans: &mut Vec<Span>) {
        let named = Named::of(self.chart);
        let leading = self.leading();
        for (at, line) in self.chart.lines.iter().enumerate() {
            let shown = !line.band && (parts.all || Some(at) == leading);
            if !shown || line.last_text.is_empty() {
                continue;
            }
            let style = theme.series(named.hue(at));
            let name = named.name(at).filter(|_| parts.names);
            spans.push(Span::new("  ", style));
            if let Some(name) = name {
                spans.push(Span::new(name.then(&Safe::fixed(" ")), style));
            }
            let bad = line.last.is_some_and(|last| !last.is_finite());
            let style = if bad { theme.style(Role::Bad) } else { style };
            spans.push(Span::new(Safe::new(&line.last_text), style));
        }
    }

    /// The line that tells most: the one with the best point, else the first.
    fn leading(&self) -> Option<usize> {
        let told = self.chart.best.as_ref().map(|best| best.line);
        told.or_else(|| self.chart.lines.iter().position(|line| !line.band))
    }

    fn best(&self, theme: &Theme, spans: &mut Vec<Span>) {
        let Some(best) = &self.chart.best else {
            return;
        };
        let style = theme.series(Named::of(self.chart).hue(best.line));
        let at = match self.best_at {
            Some(place) => place_text(self.axis, place),
            None => best.at.text(),
        };
        let words = format!("  best {} @{at}", best.text);
        spans.push(Span::new(Safe::new(&words), style));
    }

    fn problems(&self, theme: &Theme, parts: Parts, spans: &mut Vec<Span>) {
        let lines = || self.chart.lines.iter().filter(|line| !line.band);
        let nan: u64 = lines().map(|line| line.nan).sum();
        let infinite = |sign: usize| -> u64 { lines().map(|line| line.infinite[sign]).sum() };
        let first = lines()
            .filter_map(first_bad)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let mut words = String::new();
        for (count, name) in [(nan, "NaN"), (infinite(0), "Inf"), (infinite(1), "-Inf")] {
            if count > 0 {
                // Writing to a string cannot fail.
                let _ = write!(words, "  {name} ×{count}");
            }
        }
        if let Some((_, place)) = first.filter(|_| parts.place && !words.is_empty()) {
            words.push_str(" from ");
            words.push_str(&place);
        }
        if !words.is_empty() {
            spans.push(Span::new(Safe::new(&words), theme.style(Role::Bad)));
        }
        if self.hidden.count > 0 {
            let more = if self.hidden.at_least { "+" } else { "" };
            let words = format!("  {}{more} ≤ 0 not shown", self.hidden.count);
            spans.push(Span::new(Safe::new(&words), theme.style(Role::Warning)));
        }
    }
}

fn first_bad(line: &Line) -> Option<(f64, String)> {
    let at = line.first_non_finite?;
    Some((at.value, at.text()))
}
