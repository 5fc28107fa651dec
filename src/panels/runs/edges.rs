//! What stands on the edges of the panel: how many runs there are, how many of them are alive, and
//! which ones are visible.

use super::super::look::title;
use super::super::{Context, Pane};
use super::Runs;
use super::known::Known;
use super::table::View;
use crate::commands::PanelId;
use crate::insight::health::State;
use crate::insight::number;
use crate::widgets::Safe;
use crate::widgets::frame::Frame;
use crate::widgets::paint::{Span, width};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// How many runs are alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alive {
    running: u64,
    stalled: u64,
}

impl Alive {
    pub(super) fn of(context: &Context<'_>, known: &Known) -> Self {
        let mut alive = Self::default();
        for run in context.store.runs() {
            // What the list says of a run counts, and what is known in brief of the others.
            let overview = context.overview(run.id).map(|run| (run.state, run.gone));
            let brief = || known.brief(run.id).map(|run| (run.state, run.gone));
            let state = overview.or_else(brief).filter(|(_, gone)| !gone);
            let is = |wanted| u64::from(state.is_some_and(|(state, _)| state == wanted));
            alive.running += is(State::Running);
            alive.stalled += is(State::Stalled);
        }
        alive
    }

    /// Words in the order in which they are given up: the last first.
    fn spans(self, context: &Context<'_>) -> Vec<Vec<Span>> {
        let parts = [
            (self.running, "running", Role::Quiet),
            (self.stalled, "stalled", Role::Warning),
        ];
        let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
        parts
            .map(|(count, word, role)| {
                let words = safe!("{} {word}", number::grouped(count));
                vec![Span::new(words, context.theme.style(role))]
            })
            .collect()
    }
}

impl Runs {
    pub(super) fn frame(&self, context: &Context<'_>, pane: Pane, table: Option<&View>) -> Frame {
        let style = |role| context.theme.style(role);
        let mut title = title(context.theme, PanelId::Runs, pane.focused);
        if !context.marked.is_empty() {
            // They may be out of sight.
            let words = safe!("  {} marked", context.marked.len());
            title.push(Span::new(words, style(Role::Text)));
        }
        // The frame's own lines and blanks at both sides of each text.
        let room = usize::from(pane.area.width).saturating_sub(width(&title) + 9);
        // A filter hides runs: that comes before how they are sorted, and that before how many run.
        let filtered = !self.sieve.filter().is_empty();
        let counts = if filtered {
            width(&self.counts(context, pane, room))
        } else {
            0
        };
        let mut left = room.saturating_sub(counts);
        for words in self.order_words(context, pane) {
            if words.width() <= left {
                left -= words.width();
                title.push(words);
            }
        }
        let room = usize::from(pane.area.width).saturating_sub(width(&title) + 9);
        Frame {
            title,
            right: self.counts(context, pane, room),
            bottom: self.range(context, pane, table),
            focused: pane.focused,
        }
    }

    /// How runs are sorted and grouped, and what they are measured against.
    fn order_words(&self, context: &Context<'_>, pane: Pane) -> Vec<Span> {
        let mut words = Vec::new();
        if let Some(sort) = &self.sort {
            let column = Safe::new(&sort.column.name());
            words.push(safe!("  by {column} {}", sort.arrow()));
        }
        let grouping = self.grouping.as_ref().and_then(super::grouping::words);
        words.extend(grouping.map(|group| safe!("  per {group}")));
        let base = context.baseline.filter(|_| pane.zoomed);
        let base = base.and_then(|run| self.order.name(run));
        words.extend(base.map(|name| safe!("  against {}", name.elide_middle(24))));
        let style = context.theme.style(Role::Quiet);
        let words = words.into_iter();
        words.map(|words| Span::new(words, style)).collect()
    }

    /// What the filter lets through; without one, how many runs are alive as far as there is room.
    fn counts(&self, context: &Context<'_>, pane: Pane, room: usize) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let (shown, all) = (self.listing.len() as u64, self.order.entries.len() as u64);
        if !self.sieve.filter().is_empty() {
            let counts = format!("  {}/{}", number::grouped(shown), number::grouped(all));
            let counts = Safe::new(&counts);
            // That runs are hidden is said in any case, and by what as far as there is room.
            let cells = room.saturating_sub(counts.width() + 1);
            let text = match cells.min(usize::from(pane.area.width / 4)) {
                0..3 => Safe::default(),
                cells => Safe::new(self.sieve.filter().text()).elide_end(cells),
            };
            return vec![
                Span::new("/", style(Role::Accent)),
                Span::new(text, style(Role::Quiet)),
                Span::new(counts, style(Role::Text)),
            ];
        }
        let all = vec![Span::new(
            Safe::new(&number::grouped(all)),
            style(Role::Quiet),
        )];
        let joined = |parts: &[Vec<Span>], between: &'static str| {
            let between = [Span::new(between, style(Role::Quiet))];
            parts.join(&between[..])
        };
        let alive = self.alive.spans(context);
        let words = joined(&alive, " · ");
        let first: Vec<Vec<Span>> = alive.into_iter().take(1).collect();
        let forms = [
            joined(&[words.clone(), all.clone()], "   "),
            words.clone(),
            joined(&[first.concat(), all.clone()], "   "),
        ];
        let fitting = |form: &Vec<Span>| !words.is_empty() && width(form) <= room;
        forms.into_iter().find(fitting).unwrap_or(all)
    }

    /// `9–40 of 1,500`, unless all of them are visible.
    fn range(&self, context: &Context<'_>, pane: Pane, table: Option<&View>) -> Vec<Span> {
        let lines = self.visible_lines(context, pane);
        let hidden = table.map_or_else(Vec::new, |table| columns_hidden(context, table));
        if lines.is_empty() || lines.len() == self.listing.items.len() {
            return hidden;
        }
        let runs = self.listing.indices(lines);
        let grouped = |number: usize| number::grouped(number as u64);
        let (from, to, all) = (runs.start + 1, runs.end, self.listing.len());
        let words = format!("{}–{} of {}", grouped(from), grouped(to), grouped(all));
        let mut spans = hidden;
        if !spans.is_empty() {
            spans.push(Span::new("   ", context.theme.style(Role::Quiet)));
        }
        let style = context.theme.style(Role::Quiet);
        spans.push(Span::new(Safe::new(&words), style));
        spans
    }
}

/// `‹ 2 more columns 5 ›` when the table has more columns than are visible.
fn columns_hidden(context: &Context<'_>, table: &View) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut add = |text: &str, role| {
        spans.push(Span::new(Safe::new(text), context.theme.style(role)));
    };
    if table.left > 0 {
        add("‹ ", Role::Accent);
        add(&format!("{} ", table.left), Role::Quiet);
    }
    if table.left + table.right > 0 {
        add("more columns", Role::Quiet);
    }
    if table.right > 0 {
        add(&format!(" {}", table.right), Role::Quiet);
        add(" ›", Role::Accent);
    }
    spans
}
