//! What stands where runs would be: why there are none, and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::safe;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::paint::put;
use crate::widgets::theme::Role;

/// Draws the words; `filter` when there are runs that it hides.
pub(super) fn draw(context: &Context<'_>, filter: Option<&Filter>, area: Rect, buf: &mut Buffer) {
    let quiet = context.theme.style(Role::Quiet);
    let mut lines: Vec<(Safe, Role)> = Vec::new();
    if let Some(filter) = filter {
        lines.push((Safe::fixed("no run matches"), Role::Text));
        lines.push((safe(&format!("/{}", filter.text())), Role::Accent));
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
        lines.push((Safe::fixed("A run appears here as soon"), Role::Quiet));
        lines.push((Safe::fixed("as its tracker writes."), Role::Quiet));
    }
    let x = area.x + u16::from(area.width >= 20);
    let room = area.right().saturating_sub(x + 1);
    for ((text, role), y) in lines.into_iter().zip(area.top()..area.bottom()) {
        let style = if role == Role::Quiet {
            quiet
        } else {
            context.theme.style(role)
        };
        put(
            buf,
            x,
            y,
            room,
            &text.elide_middle(usize::from(room)),
            style,
        );
    }
}
