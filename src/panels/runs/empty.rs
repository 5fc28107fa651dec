//! What stands where runs would be: why there are none, and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::paint::put;
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// Draws the words; `filter` when there are runs that it hides.
pub(super) fn draw(context: &Context<'_>, filter: Option<&Filter>, area: Rect, buf: &mut Buffer) {
    let mut lines: Vec<(Safe, Role)> = Vec::new();
    if let Some(filter) = filter {
        lines.push((Safe::fixed("no run matches"), Role::Text));
        lines.push((safe!("/{}", filter.text()), Role::Accent));
        lines.push((Safe::fixed(""), Role::Quiet));
        lines.push((
            Safe::fixed("Words: name, project, path, tag, state"),
            Role::Quiet,
        ));
    } else {
        let words = if context.scanned {
            "no runs yet"
        } else {
            "looking for runs …"
        };
        lines.push((Safe::fixed(words), Role::Text));
        lines.push((Safe::fixed(""), Role::Quiet));
        lines.push((Safe::fixed("watched"), Role::Quiet));
        let watched = context.watched.iter();
        lines.extend(watched.map(|place| (Safe::fixed("  ").then(place), Role::Text)));
        lines.push((Safe::fixed(""), Role::Quiet));
        let words = "A run appears here as soon as its tracker writes.";
        lines.push((Safe::fixed(words), Role::Quiet));
    }
    let x = area.x + u16::from(area.width >= 20);
    let room = area.right().saturating_sub(x + 1);
    let wrapped = lines.iter().flat_map(|(text, role)| {
        let words = text.wrap(usize::from(room).max(1));
        words.into_iter().map(|words| (words, *role))
    });
    for ((words, role), y) in wrapped.zip(area.top()..area.bottom()) {
        put(buf, x, y, room, &words, context.theme.style(role));
    }
}
