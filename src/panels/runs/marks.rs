//! The letters of marked runs, in the margin of the list: nothing moves for them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::{group_letter, letter};
use super::Runs;
use super::listing::Item;
use crate::widgets::paint::put_spans;

/// The margin is there in a list of so many cells.
const LEAST: u16 = 20;

/// Draws the letters of what is visible, one a line of the list.
pub(super) fn draw(
    context: &Context<'_>,
    runs: &Runs,
    items: &[Item],
    list: Rect,
    buf: &mut Buffer,
) {
    if list.width < LEAST {
        return;
    }
    for (item, y) in items.iter().zip(list.top()..list.bottom()) {
        let letter = match item {
            Item::Run(place) => runs.id(*place).and_then(|run| letter(context, run)),
            Item::Group(group, _) => {
                let title = runs.listing.groups.titles.get(*group);
                title.and_then(|title| group_letter(context, title))
            }
        };
        if let Some(letter) = letter {
            put_spans(buf, list.x, y, 1, &[letter]);
        }
    }
}
