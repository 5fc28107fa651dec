//! The panel → cells: its frame, titles and legend around the charts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Charts, empty, legend};
use crate::panels::{Context, Pane};
use crate::widgets::paint::{put_char, put_spans};
use crate::widgets::theme::Role;

/// Narrower panels give charts all of their width.
const PADDED: u16 = 40;

impl Charts {
    pub(super) fn draw_in(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let theme = context.theme;
        let Some(seen) = self.seen(context, pane) else {
            let frame = self.frame(context, pane, None, None, None);
            let inside = padded(crate::widgets::frame::draw(&frame, theme, pane.area, buf));
            if !inside.is_empty() {
                empty::draw(context, &self.filter, inside, buf);
            }
            return;
        };
        let one = seen.page.len() == 1;
        let mut views = Vec::with_capacity(seen.page.len());
        for (at, slot) in seen.page.clone().zip(&seen.slots) {
            let slot = slot.intersection(buf.area);
            views.push((at, slot, seen.view(at, seen.below_title(slot))));
        }
        let alone = views.first().filter(|_| one);
        let alone = alone.map(|(at, _, view)| self.title(&seen, *at, &view.figure, pane));
        let selected = views.iter().find(|(at, _, _)| *at == seen.selected);
        let figure = selected.map(|(_, _, view)| &view.figure);
        let frame = self.frame(context, pane, Some(&seen), alone.as_ref(), figure);
        let inside = padded(crate::widgets::frame::draw(&frame, theme, pane.area, buf));
        if inside.is_empty() {
            return;
        }
        let selected = selected.map(|(at, _, view)| self.title(&seen, *at, &view.figure, pane));
        legend::draw(&seen, selected.as_ref(), theme, buf);
        for (at, slot, view) in views {
            if !one {
                let title = self.title(&seen, at, &view.figure, pane);
                let title = title.spans(theme, slot.width);
                put_spans(buf, slot.x, slot.y, slot.width, &title);
            }
            view.draw(theme, seen.dots, context.zone, buf);
        }
        let rule = seen.grid.rule(&seen.page).filter(|_| !self.alone);
        let rule = rule.unwrap_or_default().intersection(inside);
        for x in rule.left()..rule.right() {
            put_char(buf, x, rule.y, '─', theme.style(Role::Border));
        }
    }
}

/// A blank at both sides, where that costs little.
pub(super) fn padded(area: Rect) -> Rect {
    if area.width < PADDED {
        return area;
    }
    Rect {
        x: area.x + 1,
        width: area.width - 2,
        ..area
    }
}
