//! The titles of groups within the list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::order::{Item, Order};
use crate::insight::number;
use crate::widgets::Safe;
use crate::widgets::apart::path_end;
use crate::widgets::paint::{Span, put_spans, put_spans_right};
use crate::widgets::theme::Role;

/// Draws the titles among these lines, each on its line of the area.
pub(super) fn draw(
    context: &Context<'_>,
    order: &Order,
    items: &[Item],
    area: Rect,
    buf: &mut Buffer,
) {
    let style = context.theme.style(Role::Quiet);
    for (item, y) in items.iter().zip(area.top()..area.bottom()) {
        let Item::Group(group, hidden) = item else {
            continue;
        };
        let (arrow, count) = if *hidden > 0 {
            ("▸ ", number::grouped(*hidden as u64))
        } else {
            ("▾ ", String::new())
        };
        let title = &order.groups[*group];
        let room = usize::from(area.width).saturating_sub(count.len() + 3);
        let title = if title.is_empty() {
            Safe::fixed("no project").elide_end(room)
        } else {
            path_end(title, room)
        };
        put_spans_right(buf, area, y, &[Span::new(Safe::new(&count), style)]);
        let spans = [Span::new(arrow, style), Span::new(title, style)];
        put_spans(buf, area.x, y, area.width, &spans);
    }
}
