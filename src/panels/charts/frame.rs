//! What stands on the frame of the panel: what is switched on, where the cursor is, which page.

use std::ops::Range;

use ratatui::style::Style;

use super::seen::Seen;
use super::title::Title;
use super::{Charts, legend, reading};
use crate::commands::PanelId;
use crate::figure::{self, Figure, place_text};
use crate::insight::axis::XAxis;
use crate::insight::number;
use crate::panels::Seek;
use crate::panels::{Context, Pane, Panel as _, look};
use crate::record::MOST_KEYS;
use crate::store::Stream;
use crate::widgets::Safe;
use crate::widgets::frame::Frame;
use crate::widgets::paint::{Span, width};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

impl Charts {
    /// `title`: that of the only chart that is seen; `figure`: the selected chart.
    pub(super) fn frame(
        &self,
        context: &Context<'_>,
        pane: Pane,
        seen: Option<&Seen<'_>>,
        title: Option<&Title<'_>>,
        figure: Option<&Figure>,
    ) -> Frame {
        let theme = context.theme;
        let mut frame = Frame {
            title: look::title(theme, PanelId::Charts, pane.focused),
            focused: pane.focused,
            ..Frame::default()
        };
        let Some(seen) = seen else {
            frame.right = self.filter_words(context, pane, false);
            return frame;
        };
        frame.right = self.right(context, pane, seen, title.is_some());
        if let Some(title) = title {
            let taken = 11 + width(&frame.right) as u16;
            let room = pane.area.width.saturating_sub(taken);
            frame.title = look::digit(theme, PanelId::Charts);
            frame.title.extend(if legend::tells(seen, title, theme) {
                title.without_values(theme, room)
            } else {
                title.spans(theme, room)
            });
        }
        frame.bottom = self.bottom(context, pane, seen, figure);
        frame
    }

    /// `/loss 1/7 · x: epoch · smooth 0.6 · 100–200 of 400 · 2 of 9`
    fn right(&self, context: &Context<'_>, pane: Pane, seen: &Seen<'_>, one: bool) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let quiet = style(Role::Quiet);
        let (wide, most) = (pane.area.width >= 60, usize::from(pane.area.width) / 2);
        let mut pieces: Vec<Vec<Span>> = Vec::new();
        let filter = self.filter_words(context, pane, false);
        if !filter.is_empty() {
            pieces.push(filter);
        }
        if context.linked {
            let timed = seen.sources[0].overview.axes.range(XAxis::Clock).is_some();
            let (words, role) = if timed {
                ("linked", Role::Accent)
            } else {
                ("linked: no times", Role::Warning)
            };
            pieces.push(vec![Span::new(words, style(role))]);
        }
        pieces.push(axis_words(context, pane, seen));
        let on = |words: String| vec![Span::new(Safe::new(&words), quiet)];
        if self.chosen.smoothing > 0.0 {
            pieces.push(on(format!("smooth {}", self.chosen.smoothing)));
        }
        if let Some((lo, hi)) = seen.settings.window {
            pieces.push(on(window_words(context, seen, lo, hi)));
        }
        if one && seen.charts.len() > 1 {
            pieces.push(on(place_of(&seen.page, seen.charts.len())));
        }
        let joined = |pieces: &[Vec<Span>]| {
            let mut spans: Vec<Span> = Vec::new();
            for piece in pieces {
                if !spans.is_empty() {
                    spans.push(Span::new(" · ", quiet));
                }
                spans.extend(piece.iter().cloned());
            }
            spans
        };
        // What is told last is told on narrow screens, too.
        while pieces.len() > 1 && (width(&joined(&pieces)) > most || !wide && pieces.len() > 3) {
            pieces.remove(0);
        }
        joined(&pieces)
    }

    /// Where the cursor is, how far reading is, and which charts these are.
    fn bottom(
        &self,
        context: &Context<'_>,
        pane: Pane,
        seen: &Seen<'_>,
        figure: Option<&Figure>,
    ) -> Vec<Span> {
        let others = self.bottom_but_cursor(context, seen);
        let quiet = context.theme.style(Role::Quiet);
        let between = || Span::new(" · ", quiet);
        let taken = 6 + width(&others) + 3 * usize::from(!others.is_empty());
        let room = usize::from(pane.area.width).saturating_sub(taken);
        let words = self.cursor_words(context, seen).unwrap_or_default();
        let told = |count: usize| safe!("@ {}", words[..count].join(" · "));
        let fitting = |room: usize| {
            let mut all = (1..=words.len()).rev().map(told);
            all.find(|told| told.width() <= room)
        };
        if fitting(room).is_none() {
            return others;
        }
        // What changed here is told rather than where the cursor is on other axes.
        let left = room.saturating_sub(told(1).width() + 3);
        let beside = u32::from(seen.dots.across());
        let changed = figure.and_then(|figure| changed_words(figure, beside, left));
        let taken = changed.as_ref().map_or(0, |changed| changed.width() + 3);
        let words = fitting(room - taken).unwrap_or_default();
        let style = |role| context.theme.style(role);
        let mut spans = vec![Span::new(words, style(Role::Text))];
        if let Some(changed) = changed {
            spans.push(between());
            spans.push(Span::new(changed, style(Role::Accent)));
        }
        if !others.is_empty() {
            spans.push(between());
        }
        spans.extend(others);
        spans
    }

    fn bottom_but_cursor(&self, context: &Context<'_>, seen: &Seen<'_>) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let mut spans: Vec<Span> = Vec::new();
        let mut add = |words: Safe, style: Style| {
            if !spans.is_empty() {
                spans.push(Span::new(" · ", context.theme.style(Role::Quiet)));
            }
            spans.push(Span::new(words, style));
        };
        if let Some(percent) = reading(seen.sources[0].overview) {
            add(safe!("reading {percent} %"), style(Role::Accent));
        }
        if seen.page.len() > 1 && seen.page.len() < seen.charts.len() {
            add(
                Safe::new(&place_of(&seen.page, seen.charts.len())),
                style(Role::Quiet),
            );
        }
        if self.listed_of > seen.charts.len() && self.filter.is_empty() {
            let (listed, all) = (seen.charts.len() as u64, self.listed_of as u64);
            let words = safe!(
                "the first {} of {} charts; / finds the others",
                number::grouped(listed),
                number::grouped(all)
            );
            add(words, style(Role::Warning));
        }
        let full = |stream: &Stream| stream.columns().len() >= MOST_KEYS;
        if seen.sources[0].run.metrics().any(full) {
            // How many, and in which row, is told among the details.
            let words = safe!(
                "keys beyond {} are not read",
                number::grouped(MOST_KEYS as u64)
            );
            add(words, style(Role::Warning));
        }
        spans
    }

    /// `step 1200`, `epoch 3`, `14:05:21`: where the cursor is, along the axis that is shown first.
    fn cursor_words(&self, context: &Context<'_>, seen: &Seen<'_>) -> Option<Vec<String>> {
        let place = self.chosen.cursor?;
        let (_, chart) = seen.charts.get(self.selected)?;
        let source = &seen.sources[0];
        let axes = &source.overview.axes;
        let others = [XAxis::Step, XAxis::Epoch, XAxis::Clock];
        let others = others.into_iter().filter(|axis| *axis != seen.axis);
        let others = others.filter(|axis| axes.kinds().contains(axis));
        let text = |axis: XAxis, place: f64| {
            let place = match axis {
                XAxis::Epoch | XAxis::Step | XAxis::Row => place.floor(),
                XAxis::Time | XAxis::Clock => place,
            };
            let text = match axis {
                XAxis::Step | XAxis::Row => number::exact(place),
                _ => place_text(axis, place, context.zone),
            };
            match axis {
                XAxis::Clock => text,
                _ => format!("{} {text}", axis.name()),
            }
        };
        let mut words = vec![text(seen.axis, place)];
        if self.chosen.nth > 0 {
            words.push(format!("point {} there", self.chosen.nth + 1));
        }
        words.extend(others.filter_map(|axis| {
            let there = figure::converted(source, chart, place, seen.axis, axis)?;
            Some(text(axis, there))
        }));
        Some(words)
    }

    /// `/loss 1/7`, while there is a filter.
    fn filter_words(&self, context: &Context<'_>, pane: Pane, more: bool) -> Vec<Span> {
        if self.filter.is_empty() {
            return Vec::new();
        }
        let style = |role| context.theme.style(role);
        let text = Safe::new(self.filter.text()).elide_end(usize::from(pane.area.width / 4));
        let mut spans = vec![
            Span::new("/", style(Role::Accent)),
            Span::new(text, style(Role::Quiet)),
        ];
        if let Some((shown, all)) = self.matches(Seek::Find, context) {
            let count = safe!("  {shown}/{all}");
            spans.push(Span::new(count, style(Role::Text)));
        }
        if more {
            spans.push(Span::new(" · ", style(Role::Quiet)));
        }
        spans
    }
}

/// `◆ lr 0.1 → 0.01 · +2`: what changed at the cursor, as much as has room.
fn changed_words(figure: &Figure, beside: u32, room: usize) -> Option<Safe> {
    let near: Vec<_> = figure.changes_near(beside).collect();
    let words: Vec<&String> = near.iter().flat_map(|change| &change.words).collect();
    let others: u64 = near.iter().map(|change| change.others).sum();
    let told = |count: usize| {
        let rest = others + (words.len() - count) as u64;
        let mut told: Vec<String> = words[..count].iter().map(|w| (*w).clone()).collect();
        if rest > 0 {
            told.push(format!("+{}", number::grouped(rest)));
        }
        safe!("◆ {}", told.join(" · "))
    };
    let mut told = (0..=words.len()).rev().map(told);
    told.find(|told| told.width() <= room)
        .filter(|_| !words.is_empty())
}

/// The axis; where there is room all of them, those that the run lacks faint.
fn axis_words(context: &Context<'_>, pane: Pane, seen: &Seen<'_>) -> Vec<Span> {
    let style = |role| context.theme.style(role);
    let axes = &seen.sources[0].overview.axes;
    if !pane.zoomed || pane.area.width < 100 {
        return vec![
            Span::new("x: ", style(Role::Quiet)),
            Span::new(seen.axis.name(), style(Role::Quiet)),
        ];
    }
    let mut spans = vec![Span::new("x:", style(Role::Quiet))];
    let row_tells = axes.kinds().contains(&XAxis::Row) || seen.axis == XAxis::Row;
    for axis in XAxis::ALL
        .into_iter()
        .filter(|axis| *axis != XAxis::Row || row_tells)
    {
        let role = if axis == seen.axis {
            Role::Strong
        } else if axes.kinds().contains(&axis) {
            Role::Quiet
        } else {
            Role::Faint
        };
        let missing = role == Role::Faint;
        let words = if missing {
            safe!(" ({})", axis.name())
        } else {
            safe!(" {}", axis.name())
        };
        spans.push(Span::new(words, style(role)));
    }
    spans
}

/// `100–200 of 400`
fn window_words(context: &Context<'_>, seen: &Seen<'_>, lo: f64, hi: f64) -> String {
    let data = figure::x_range(&seen.sources, seen.axis);
    let digits = |place: f64| {
        // No more digits than tell the window.
        let unit = 10_f64.powf(((hi - lo) / 100.0).log10().floor());
        let rounded = (place / unit).round() * unit;
        if rounded.is_finite() { rounded } else { place }
    };
    let text = |place: f64| match seen.axis {
        XAxis::Time => number::duration(place.max(0.0)),
        XAxis::Clock => context.zone.time_of_day(place),
        XAxis::Epoch => number::human(digits(place)),
        XAxis::Step | XAxis::Row => number::human(place.round()),
    };
    if seen.axis == XAxis::Clock {
        return format!("{}–{}", text(lo), text(hi));
    }
    format!("{}–{} of {}", text(lo), text(hi), text(data.1))
}

/// `1 of 9`, `1–4 of 9`
fn place_of(page: &Range<usize>, count: usize) -> String {
    if page.len() == 1 {
        format!("{} of {count}", page.start + 1)
    } else {
        format!("{}–{} of {count}", page.start + 1, page.end)
    }
}
