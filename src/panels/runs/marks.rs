//! The letters of marked runs, in the margin of the list: nothing moves for them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::letter;
use super::order::{Item, Order};
use crate::widgets::paint::put_spans;

/// The margin is there in a list of so many cells.
const LEAST: u16 = 20;

/// Draws the letters of what is visible, one a line of the list.
pub(super) fn draw(
    context: &Context<'_>,
    order: &Order,
    items: &[Item],
    list: Rect,
    buf: &mut Buffer,
) {
    if list.width < LEAST {
        return;
    }
    for (item, y) in items.iter().zip(list.top()..list.bottom()) {
        let Item::Run(place) = item else {
            continue;
        };
        if let Some(letter) = letter(context, order.entries[*place].id) {
            put_spans(buf, list.x, y, 1, &[letter]);
        }
    }
}
