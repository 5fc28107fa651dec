//! What stands where charts would be: why there are none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading;
use crate::insight::health::State;
use crate::panels::Context;
use crate::panels::watched::no_runs;
use crate::widgets::Safe;
use crate::widgets::filter::{self, Filter};
use crate::widgets::paint::{put, put_char};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// How long the bar is that shows how far reading is.
const BAR: u16 = 24;

pub(super) fn draw(context: &Context<'_>, filter: &Filter, area: Rect, buf: &mut Buffer) {
    let progress = context.current().and_then(|(_, o)| reading(o));
    let room = usize::from(area.width).max(1);
    let lines = words(context, filter, progress);
    let lines: Vec<Safe> = lines.iter().flat_map(|line| line.wrap(room)).collect();
    let height = lines.len() as u16 + u16::from(progress.is_some());
    let mut y = area.y + area.height.saturating_sub(height) / 2;
    let quiet = context.theme.style(Role::Quiet);
    for line in &lines {
        let line = line.elide_end(usize::from(area.width));
        let width = line.width() as u16;
        if y < area.bottom() {
            put(
                buf,
                area.x + (area.width - width) / 2,
                y,
                width,
                &line,
                quiet,
            );
        }
        y += 1;
    }
    if let Some(percent) = progress.filter(|_| y < area.bottom()) {
        let bar = BAR.min(area.width);
        let done = (u64::from(bar) * percent / 100) as u16;
        let start = area.x + (area.width - bar) / 2;
        for x in 0..bar {
            let (symbol, role) = if x < done {
                ('━', Role::Accent)
            } else {
                ('─', Role::Faint)
            };
            put_char(buf, start + x, y, symbol, context.theme.style(role));
        }
    }
}

fn words(context: &Context<'_>, filter: &Filter, progress: Option<u64>) -> Vec<Safe> {
    let Some((_, overview)) = context.current() else {
        if context.run.is_some() {
            return vec![Safe::fixed("reading…")];
        }
        return no_run(context);
    };
    if !overview.charts.is_empty() {
        let words = format!("no chart matches {}", filter.text());
        return vec![Safe::new(&words), Safe::fixed(filter::HINT)];
    }
    if let Some(percent) = progress {
        return vec![safe!("reading {percent} %")];
    }
    if overview.rows > 0 {
        return vec![Safe::fixed("the rows of this run hold no numbers to draw")];
    }
    if overview.gone || has_ended(overview.state) {
        return vec![Safe::fixed("this run wrote no metrics")];
    }
    vec![
        Safe::fixed("no metrics yet"),
        Safe::fixed("rows appear here as soon as the run writes them"),
    ]
}

fn no_run(context: &Context<'_>) -> Vec<Safe> {
    if !context.store.runs().is_empty() {
        return vec![Safe::fixed("no run")];
    }
    let mut lines = vec![no_runs(context)];
    if !context.watched.is_empty() {
        lines.extend([Safe::fixed(""), Safe::fixed("watched")]);
        for watched in context.watched {
            lines.push(watched.place.clone());
            lines.extend(watched.remark());
        }
    }
    lines
}

const fn has_ended(state: State) -> bool {
    match state {
        State::Waiting | State::Running | State::Stalled => false,
        State::Silent | State::Finished | State::Failed | State::Cancelled => true,
    }
}
