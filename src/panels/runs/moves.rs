//! Where things are in the panel, and where keys lead.

use ratatui::layout::Rect;

use super::super::{Context, Pane, Request};
use super::listing::Item;
use super::{Parts, Runs};
use crate::commands::Motion;
use crate::insight::query::Query;
use crate::record::RunId;
use crate::widgets::frame;
use crate::widgets::scroll::Scroll;

/// A remark and the blank line above it.
pub(super) const REMARK: usize = 2;
/// A list of so many rows has room for a remark, even when it does not show all runs.
const REMARK_FROM: usize = 10;

impl Runs {
    pub(super) fn item(&self, line: usize) -> Option<Item> {
        self.listing.items.get(line).copied()
    }

    pub(super) fn line(&self, run: RunId) -> Option<usize> {
        self.listing.line(self.order.place(run)?)
    }

    pub(super) fn id(&self, place: usize) -> Option<RunId> {
        self.order.entries.get(place).map(|entry| entry.id)
    }

    /// The group of the run that is shown, if groups have titles.
    pub(super) fn group_here(&self, context: &Context<'_>) -> Option<usize> {
        let place = self.order.place(context.run?)?;
        self.listing.index(place)?;
        self.listing.group_of(place)
    }

    /// The line of the closed group that the cursor is on.
    pub(super) fn closed_here(&self, context: &Context<'_>) -> Option<usize> {
        let line = self.line(context.run?)?;
        let closed = matches!(self.item(line), Some(Item::Group(_, 1..)));
        closed.then_some(line)
    }

    pub(super) fn parts(&self, pane: Pane) -> Parts {
        let inside = frame::inside(pane.area);
        let margin = u16::from(inside.width >= 20);
        let titles = Rect {
            x: inside.x + margin,
            width: inside.width - 2 * margin,
            height: inside.height.min(1),
            ..inside
        };
        let below = inside.height - titles.height;
        // Behind a blank line: it is no run of the list.
        let room = usize::from(below) >= REMARK_FROM.min(self.listing.items.len() + REMARK);
        let remark = u16::from(self.remark.is_some() && room && !pane.zoomed);
        Parts {
            titles,
            list: Rect {
                y: inside.y + titles.height,
                height: below - 2 * remark,
                ..inside
            },
            remark: Rect {
                y: inside.y + inside.height - remark,
                height: remark,
                ..titles
            },
        }
    }

    /// The scroll position as it must be for the run that is shown; the title of its group is
    /// visible as long as it can be.
    pub(super) fn scrolled(&self, context: &Context<'_>, pane: Pane) -> Scroll {
        let mut scroll = self.scroll;
        let count = self.listing.items.len();
        let height = usize::from(self.parts(pane).list.height);
        if let Some(line) = context.run.and_then(|run| self.line(run)) {
            let above = line
                .checked_sub(1)
                .filter(|above| matches!(self.item(*above), Some(Item::Group(..))) && height > 1);
            for cursor in above.into_iter().chain([line]) {
                scroll.cursor = cursor;
                scroll.show(count, height);
            }
        } else {
            scroll.cursor = scroll
                .cursor
                .clamp(scroll.top, scroll.top + height.max(1) - 1);
            scroll.show(count, height);
        }
        scroll
    }

    pub(super) fn visible_lines(
        &self,
        context: &Context<'_>,
        pane: Pane,
    ) -> std::ops::Range<usize> {
        let top = self.scrolled(context, pane).top;
        let height = usize::from(self.parts(pane).list.height);
        top..(top + height).min(self.listing.items.len())
    }

    pub(super) fn visible_items(&self, context: &Context<'_>, pane: Pane) -> Vec<Item> {
        let lines = self.visible_lines(context, pane);
        lines.filter_map(|line| self.item(line)).collect()
    }

    /// The runs among the visible lines.
    pub(super) fn visible_runs(&self, context: &Context<'_>, pane: Pane) -> Vec<RunId> {
        let items = self.visible_items(context, pane).into_iter();
        let run = |item| match item {
            Item::Run(place) => self.id(place),
            Item::Group(..) => None,
        };
        items.filter_map(run).collect()
    }

    pub(super) fn go(&self, motion: Motion, context: &Context<'_>, pane: Pane) -> Option<RunId> {
        let height = usize::from(self.parts(pane).list.height)
            .max(2)
            .cast_signed();
        let far = self.listing.items.len().cast_signed();
        let step = match motion {
            Motion::Up => -1,
            Motion::Down => 1,
            Motion::HalfUp => -height / 2,
            Motion::HalfDown => height / 2,
            Motion::PageUp => -height,
            Motion::PageDown => height,
            Motion::Top => -far,
            Motion::Bottom => far,
            Motion::Left | Motion::Right => return None,
        };
        let from = context.run.and_then(|run| self.order.place(run));
        let to = self.listing.line_away(from, step)?;
        self.id(to)
    }

    /// Moves the cursor of the table to the next column that is there.
    pub(super) fn go_sideways(&mut self, right: bool, context: &Context<'_>, pane: Pane) {
        let columns = self.columns.all();
        let items = self.visible_items(context, pane);
        let there = self.columns_there(context, &items, pane);
        let at = columns.iter().position(|c| *c == self.columns.cursor);
        let at = at.unwrap_or(0);
        let next = if right {
            there.iter().find(|column| **column > at)
        } else {
            there.iter().rev().find(|column| **column < at)
        };
        let next = next.or_else(|| there.first().filter(|_| !there.contains(&at)));
        if let Some(column) = next.and_then(|next| columns.get(*next)) {
            self.columns.cursor = column.clone();
        }
        self.columns.first = self.table_view(context, &items, pane).visible.start;
    }

    /// Opens a group, or closes it.
    pub(super) fn fold(&mut self, group: usize, close: bool, context: &Context<'_>, pane: Pane) {
        let Some(title) = self.listing.groups.titles.get(group).cloned() else {
            return;
        };
        if close {
            self.closed.insert(title);
        } else {
            self.closed.remove(&title);
        }
        self.stale = true;
        self.arrange(context, pane);
    }

    pub(super) fn set_filter(
        &mut self,
        filter: Query,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        // What was looked for must be seen: groups open, and are closed again without a filter.
        if self.sieve.filter().is_empty() && !filter.is_empty() {
            self.closed_before = std::mem::take(&mut self.closed);
        } else if filter.is_empty() {
            self.closed.append(&mut self.closed_before);
        } else {
            self.closed.clear();
        }
        self.sieve.set(filter);
        (self.stale, self.refiltered) = (true, true);
        self.arrange(context, pane);
        let listed = |run: RunId| {
            let place = self.order.place(run);
            place.and_then(|place| self.listing.index(place)).is_some()
        };
        let wanted = self.hidden_choice.or(context.run);
        let request = match wanted {
            Some(run) if listed(run) => {
                self.hidden_choice = None;
                (context.run != wanted).then_some(run)
            }
            _ => {
                self.hidden_choice = wanted;
                let shown = context.run.is_some_and(listed);
                let first = self.listing.at(0).and_then(|place| self.id(place));
                first.filter(|_| !shown)
            }
        };
        self.scroll = self.scrolled(context, pane);
        request.map(Request::Select).into_iter().collect()
    }

    pub(super) fn is_closed(&self, group: usize) -> bool {
        let title = self.listing.groups.titles.get(group);
        title.is_some_and(|title| self.closed.contains(title))
    }
}
