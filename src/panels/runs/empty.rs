//! What stands where runs would be: why there are none, and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::watched::no_runs;
use crate::insight::compare::Vocabulary;
use crate::insight::query::Query;
use crate::widgets::Safe;
use crate::widgets::paint::put;
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// Words, their colour, and how many cells they are set in.
type Line = (Safe, Role, u16);

/// Draws the words; `filter` when there are runs that it hides.
pub(super) fn draw(
    context: &Context<'_>,
    filter: Option<&Query>,
    unfinished: Option<&(Safe, &str)>,
    area: Rect,
    buf: &mut Buffer,
) {
    let no_match = |filter| no_match(filter, unfinished);
    let lines = filter.map_or_else(|| no_run(context), no_match);
    let x = area.x + u16::from(area.width >= 20);
    let room = area.right().saturating_sub(x + 1);
    let wrapped = lines.iter().flat_map(|(text, role, indent)| {
        let words = text.wrap(usize::from(room.saturating_sub(*indent)).max(1));
        words.into_iter().map(|words| (words, *role, *indent))
    });
    for ((words, role, indent), y) in wrapped.zip(area.top()..area.bottom()) {
        let (x, room) = (x + indent.min(room), room.saturating_sub(indent));
        put(buf, x, y, room, &words, context.theme.style(role));
    }
}

/// The name of a parameter or a metric that a filter ends with, and which of them it is: whoever
/// types `lr>=1e-3` sees nothing until the sign is there.
pub(super) fn unfinished(filter: &Query, words: &Vocabulary) -> Option<(Safe, &'static str)> {
    let last = filter.text().rsplit([' ', '(']).next()?;
    let name = last.trim_start_matches(['-', '!']);
    let is = |found: &str| {
        let rest = found.strip_suffix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['.', '/']))
    };
    if name.is_empty() {
        return None;
    }
    let what = if words.params().any(is) {
        "parameter"
    } else if words.metrics().any(|(metric, _)| is(&metric)) {
        "metric"
    } else {
        return None;
    };
    Some((Safe::new(name), what))
}

fn no_match(filter: &Query, unfinished: Option<&(Safe, &str)>) -> Vec<Line> {
    let quiet = |words| (words, Role::Quiet, 0);
    let mut lines = vec![
        (Safe::fixed("no run matches"), Role::Text, 0),
        (safe!("/{}", filter.text()), Role::Accent, 0),
    ];
    if let Some((name, what)) = unfinished {
        let words = safe!("{name} is a {what}: go on with = < >");
        lines.push((words, Role::Text, 0));
    }
    lines.extend([
        quiet(Safe::fixed("name, project, path, tag or state")),
        quiet(Safe::fixed("-word  a or b  \"two words\"")),
        quiet(Safe::fixed("lr>=1e-3  val.loss<0.2")),
        quiet(Safe::fixed("state=failed  tag:x  age<2h")),
        quiet(Safe::fixed("Tab completes")),
    ]);
    lines
}

fn no_run(context: &Context<'_>) -> Vec<Line> {
    let blank = || (Safe::fixed(""), Role::Quiet, 0);
    let watched = (Safe::fixed("watched"), Role::Quiet, 0);
    let mut lines = vec![(no_runs(context), Role::Text, 0), blank(), watched];
    for watched in context.watched {
        lines.push((watched.place.clone(), Role::Text, 2));
        let remark = watched.remark();
        lines.extend(remark.map(|words| (words, Role::Warning, 2)));
    }
    let advice = Safe::fixed("A run appears here as soon as its tracker writes.");
    lines.extend([blank(), (advice, Role::Quiet, 0)]);
    lines
}
