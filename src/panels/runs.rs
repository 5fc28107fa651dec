//! All runs: a list beside the charts of one of them, and a table when it fills the screen.

mod edges;
mod empty;
mod groups;
mod list;
mod marks;
mod order;
mod remark;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::edges::Alive;
use self::order::{Item, Order};
use self::remark::Remark;
use super::{Context, Copied, Pane, Panel, Request, Seek};
use crate::commands::{Command, Motion, PanelId};
use crate::insight::query::{self, Completion, Mistake, Query};
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::frame;
use crate::widgets::paint::restyle;
use crate::widgets::scroll::Scroll;
use crate::widgets::theme::Role;

/// The state of the panel.
#[derive(Debug, Default)]
pub struct Runs {
    filter: Query,
    order: Order,
    /// The titles of groups whose runs are not listed.
    closed: BTreeSet<Safe>,
    scroll: Scroll,
    /// What the user chose while the filter hid it: shown again as soon as the filter lets it.
    hidden_choice: Option<RunId>,
    remark: Option<Remark>,
    alive: Alive,
}

/// The parts of the panel within its frame.
#[derive(Clone, Copy, Debug)]
struct Parts {
    titles: Rect,
    list: Rect,
    remark: Rect,
}

const FRAME_AND_TITLES: usize = 3;
/// A remark and the blank line above it.
const REMARK: usize = 2;
/// A list of so many rows has room for a remark, even when it does not show all runs.
const REMARK_FROM: usize = 10;

impl Runs {
    /// Puts the list in order, as far as the overviews that there are tell it.
    pub fn arrange(&mut self, context: &Context<'_>, pane: Pane) {
        let new = self.order.refresh(context);
        // States change without a word to the order.
        if new || !self.filter.is_empty() {
            self.order.filter(&self.filter, &self.closed, context);
        }
        self.scroll = self.scrolled(context, pane);
    }

    /// The run so many steps away in the list, if there is another one.
    pub fn neighbour(&self, _: &Context<'_>, from: Option<RunId>, step: isize) -> Option<RunId> {
        self.order.neighbour(from, step)
    }

    /// Where in the list the run that is shown is: `2` of `9`.
    pub fn place(&self, context: &Context<'_>) -> Option<(usize, usize)> {
        let index = self.order.index(context.run?)?;
        Some((index + 1, self.order.len()))
    }

    /// How many rows the list would fill with its frame, whatever is filtered or closed; nothing
    /// without runs.
    pub fn rows_needed(&self) -> Option<u16> {
        let groups = self.order.groups.len();
        let titles = if groups > 1 { groups } else { 0 };
        let rows = self.order.entries.len() + titles + FRAME_AND_TITLES + REMARK;
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        (!self.order.entries.is_empty()).then_some(rows)
    }

    /// The name that tells a run from all others of its project.
    pub fn name(&self, run: RunId) -> Option<&Safe> {
        self.order.name(run)
    }

    /// The runs whose overviews are needed to draw, and some more while a filter asks for states
    /// that nobody knows yet.
    pub fn visible(&self, context: &Context<'_>, pane: Pane) -> Vec<RunId> {
        const AT_ONCE: usize = 64;
        let lines = self.visible_lines(context, pane);
        let run = |item: Item| match item {
            Item::Run(place) => Some(self.order.entries[place].id),
            Item::Group(..) => None,
        };
        let mut runs: Vec<RunId> = lines
            .filter_map(|line| run(self.item(line, pane.zoomed)?))
            .collect();
        if !self.filter.is_empty() {
            let entries = self.order.entries.iter().map(|entry| entry.id);
            let unknown = entries.filter(|run| context.overview(*run).is_none());
            let more: Vec<RunId> = unknown.take(AT_ONCE).collect();
            runs.extend(
                more.into_iter()
                    .filter(|run| !runs.contains(run))
                    .collect::<Vec<_>>(),
            );
        }
        runs
    }

    fn item(&self, line: usize, zoomed: bool) -> Option<Item> {
        if zoomed {
            self.order.place(line).map(Item::Run)
        } else {
            self.order.items.get(line).copied()
        }
    }

    fn count(&self, zoomed: bool) -> usize {
        if zoomed {
            self.order.len()
        } else {
            self.order.items.len()
        }
    }

    fn line(&self, run: RunId, zoomed: bool) -> Option<usize> {
        if zoomed {
            self.order.index(run)
        } else {
            self.order.line(run)
        }
    }

    fn parts(&self, pane: Pane) -> Parts {
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
        let room = usize::from(below) >= REMARK_FROM.min(self.count(pane.zoomed) + REMARK);
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
    fn scrolled(&self, context: &Context<'_>, pane: Pane) -> Scroll {
        let mut scroll = self.scroll;
        let count = self.count(pane.zoomed);
        let height = usize::from(self.parts(pane).list.height);
        if let Some(line) = context.run.and_then(|run| self.line(run, pane.zoomed)) {
            let above = line.checked_sub(1).filter(|above| {
                matches!(self.item(*above, pane.zoomed), Some(Item::Group(..))) && height > 1
            });
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

    fn visible_lines(&self, context: &Context<'_>, pane: Pane) -> std::ops::Range<usize> {
        let top = self.scrolled(context, pane).top;
        let height = usize::from(self.parts(pane).list.height);
        top..(top + height).min(self.count(pane.zoomed))
    }

    fn go(&self, motion: Motion, context: &Context<'_>, pane: Pane) -> Option<RunId> {
        let height = usize::from(self.parts(pane).list.height)
            .max(2)
            .cast_signed();
        let far = self.order.len().cast_signed();
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
        if pane.zoomed {
            self.order.neighbour(context.run, step)
        } else {
            self.order.line_away(context.run, step)
        }
    }
}

impl Panel for Runs {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let inside = frame::draw(&self.frame(context, pane), context.theme, pane.area, buf);
        if inside.is_empty() {
            return;
        }
        if self.order.len() == 0 {
            let nothing = self.order.entries.is_empty();
            let filter = (!nothing).then_some(&self.filter);
            empty::draw(context, filter, inside, buf);
            return;
        }
        let parts = self.parts(pane);
        let lines = self.visible_lines(context, pane);
        let items: Vec<Item> = lines
            .clone()
            .filter_map(|line| self.item(line, pane.zoomed))
            .collect();
        let area = Rect {
            height: parts.titles.height + parts.list.height,
            ..parts.titles
        };
        let titles = context.theme.style(Role::Quiet);
        let view = if pane.zoomed {
            table::view(context, &self.order, &items)
        } else {
            list::view(context, &self.order, &items, usize::from(area.width))
        };
        view.draw(titles, area, buf);
        let titles = Rect {
            y: parts.list.y,
            height: parts.list.height,
            ..parts.titles
        };
        groups::draw(context, &self.order, &items, titles, buf);
        marks::draw(context, &self.order, &items, parts.list, buf);
        let cursor = context.run.and_then(|run| self.line(run, pane.zoomed));
        if let Some(line) = cursor.filter(|line| lines.contains(line)) {
            let row = Rect {
                y: parts.list.y + (line - lines.start) as u16,
                height: 1,
                ..parts.list
            };
            // It says which run the other panels show, whichever of them has the focus.
            let style = context.theme.style(Role::Cursor);
            restyle(buf, row.intersection(inside), style);
        }
        if let Some(remark) = &self.remark {
            remark.draw(context, &self.order, parts.remark, buf);
        }
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        match command {
            Command::Move(Motion::Left | Motion::Right) if !pane.zoomed => {
                let close = command == Command::Move(Motion::Left);
                let group = context
                    .run
                    .and_then(|run| self.order.group_of(run))
                    .cloned();
                if let Some(group) = group {
                    self.close(group, close, context, pane);
                }
                Vec::new()
            }
            Command::Move(motion) => {
                let to = self.go(motion, context, pane);
                self.hidden_choice = None;
                to.map(Request::Select).into_iter().collect()
            }
            Command::Mark => {
                let here = context
                    .run
                    .filter(|run| self.line(*run, pane.zoomed).is_some());
                vec![here.map_or(
                    Request::Say(Safe::fixed("no run is under the cursor")),
                    Request::Mark,
                )]
            }
            Command::UnmarkAll => vec![Request::UnmarkAll],
            // One level in: the run itself.
            Command::Enter if pane.zoomed && context.run.is_some() => {
                vec![Request::Zoom(PanelId::Charts)]
            }
            _ => Vec::new(),
        }
    }

    fn back(&mut self) -> bool {
        false
    }

    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.remark = remark::worst(context);
        self.alive = Alive::of(context);
        self.arrange(context, pane);
        Vec::new()
    }

    fn sought(&self, seek: Seek) -> &str {
        match seek {
            Seek::Find => self.filter.text(),
            Seek::Only => "",
        }
    }

    fn seek(
        &mut self,
        seek: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        match seek {
            Seek::Find => Ok(self.set_filter(Query::parse(text)?, context, pane)),
            Seek::Only => Ok(Vec::new()),
        }
    }

    fn matches(&self, _: Seek, _: &Context<'_>) -> Option<(u64, u64)> {
        Some((self.order.len() as u64, self.order.entries.len() as u64))
    }

    fn completions(&self, _: Seek, typed: &str, context: &Context<'_>) -> Vec<Completion> {
        query::completions(typed, context.store.runs())
    }

    fn hint(&self, _: Seek) -> &'static str {
        query::HINT
    }

    fn copy(&self, context: &Context<'_>, _: Pane) -> Option<Copied> {
        let run = context.store.run(context.run?)?;
        let name = self.order.name(run.id).cloned().unwrap_or_default();
        Some(Copied {
            what: Safe::fixed("path of ").then(&name),
            lines: vec![Safe::path(&run.place.shown)],
        })
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let list = self.parts(pane).list;
        if !list.contains(at) {
            return Vec::new();
        }
        let line = self.visible_lines(context, pane).start + usize::from(at.y - list.y);
        match self.item(line, pane.zoomed) {
            Some(Item::Run(place)) => {
                self.hidden_choice = None;
                vec![Request::Select(self.order.entries[place].id)]
            }
            Some(Item::Group(group, _)) => {
                let title = self.order.groups[group].clone();
                let close = !self.closed.contains(&title);
                self.close(title, close, context, pane);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

impl Runs {
    fn set_filter(&mut self, filter: Query, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.filter = filter;
        self.order.refresh(context);
        self.order.filter(&self.filter, &self.closed, context);
        let wanted = self.hidden_choice.or(context.run);
        let request = match wanted {
            Some(run) if self.order.index(run).is_some() => {
                self.hidden_choice = None;
                (context.run != wanted).then_some(run)
            }
            _ => {
                self.hidden_choice = wanted;
                let shown = context
                    .run
                    .is_some_and(|run| self.order.index(run).is_some());
                self.order.at(0).filter(|_| !shown)
            }
        };
        self.scroll = self.scrolled(context, pane);
        request.map(Request::Select).into_iter().collect()
    }

    /// Closes a group, or opens it.
    fn close(&mut self, group: Safe, close: bool, context: &Context<'_>, pane: Pane) {
        if close {
            self.closed.insert(group);
        } else {
            self.closed.remove(&group);
        }
        self.order.filter(&self.filter, &self.closed, context);
        self.scroll = self.scrolled(context, pane);
    }
}
