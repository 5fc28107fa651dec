//! The margin of the list: the letters of marked runs, the best run, and the one that others are
//! measured against. Nothing moves for them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::{group_letter, letter};
use super::Runs;
use super::listing::Item;
use crate::record::RunId;
use crate::widgets::paint::{Span, put_spans};
use crate::widgets::theme::Role;

/// The margin is there in a list of so many cells.
const LEAST: u16 = 20;

impl Runs {
    /// Draws the margin of what is visible, one sign a line of the list.
    pub(super) fn draw_margin(
        &self,
        context: &Context<'_>,
        items: &[Item],
        list: Rect,
        buf: &mut Buffer,
    ) {
        if list.width < LEAST {
            return;
        }
        for (item, y) in items.iter().zip(list.top()..list.bottom()) {
            let sign = match item {
                Item::Run(place) => self
                    .id(*place)
                    .and_then(|run| letter(context, run).or_else(|| self.sign(context, run))),
                Item::Group(group, _) => {
                    let title = self.listing.groups.titles.get(*group);
                    title.and_then(|title| group_letter(context, title))
                }
            };
            if let Some(sign) = sign {
                put_spans(buf, list.x, y, 1, &[sign]);
            }
        }
    }

    /// What a run is among the others: what they are measured against, or the best of its project.
    pub(super) fn sign(&self, context: &Context<'_>, run: RunId) -> Option<Span> {
        let sign = if context.baseline == Some(run) {
            "="
        } else if self.judge.is_best(run) {
            "★"
        } else {
            return None;
        };
        Some(Span::new(sign, context.theme.style(Role::Accent)))
    }
}
