//! All runs: a list beside the charts of one of them, and a table when it fills the screen.

mod ask;
mod cells;
mod columns;
mod copies;
mod edges;
mod empty;
mod grouping;
mod groups;
mod judge;
mod known;
mod list;
mod listing;
mod marks;
mod moves;
mod order;
mod remark;
mod sieve;
mod sort;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::cells::Cells;
use self::columns::{Columns, TELLING};
use self::edges::Alive;
use self::grouping::Groups;
use self::judge::Judge;
use self::known::Known;
use self::listing::{Item, Listing, Rules};
use self::order::Order;
use self::remark::Remark;
use self::sieve::Sieve;
use self::sort::{Keys, Sort};
use super::chooser::Purpose;
use super::{Context, Copied, Pane, Panel, Request, Seek};
use crate::commands::{Command, GroupName, Motion, PanelId, Typed, Typing};
use crate::insight::compare::{Column, differing};
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
    order: Order,
    known: Known,
    sieve: Sieve,
    listing: Listing,
    columns: Columns,
    cells: Cells,
    sort: Option<Sort>,
    keys: Keys,
    /// Nothing as long as nobody chose: by project, unless runs are sorted.
    grouping: Option<GroupName>,
    /// The titles of groups whose runs are not listed.
    closed: BTreeSet<Safe>,
    /// Those that were closed before there was a filter.
    closed_before: BTreeSet<Safe>,
    judge: Judge,
    scroll: Scroll,
    /// What the user chose while the filter hid it: shown again as soon as the filter lets it.
    hidden_choice: Option<RunId>,
    /// A name at the end of a filter that finds nothing, and what it is.
    unfinished: Option<(Safe, &'static str)>,
    remark: Option<Remark>,
    alive: Alive,
    /// What was offered in the list of columns and groups that was opened last.
    offered_columns: Vec<Column>,
    offered_groups: Vec<GroupName>,
    /// Something was asked that lists runs in another way.
    stale: bool,
    /// Another filter is there.
    refiltered: bool,
    /// What was known of runs and parameters when they were judged.
    judged: u64,
    params_seen: u64,
}

/// The parts of the panel within its frame.
#[derive(Clone, Copy, Debug)]
struct Parts {
    titles: Rect,
    list: Rect,
    remark: Rect,
}

const FRAME_AND_TITLES: usize = 3;

impl Runs {
    /// Learns of runs that changed, first of those that are visible; what is left for the next time
    /// stays among them. While nothing is learned the view stands still.
    pub fn learn(
        &mut self,
        context: &Context<'_>,
        changed: &mut BTreeSet<RunId>,
        visible: &[RunId],
    ) {
        self.known.learn(context, changed, visible);
    }

    /// Puts the list in order, as far as it is known.
    pub fn arrange(&mut self, context: &Context<'_>, pane: Pane) {
        let named = self.order.refresh(context);
        if named {
            self.sieve.forget();
        }
        let entries = &self.order.entries;
        let passed = self.sieve.refresh(entries, &self.known, context);
        let keyed = self
            .keys
            .refresh(self.sort.as_ref(), entries, &self.known, context);
        let by_param = matches!(self.grouping, Some(GroupName::Param(_)));
        let varied = self.params_seen != self.known.params;
        let listed = named || passed || keyed || self.stale || by_param && varied;
        if listed {
            self.list(context);
        }
        // How runs are sorted and folded does not change by what they differ.
        if named || passed || varied || self.refiltered {
            self.columns.telling = differing(&self.listed(context), TELLING);
        }
        if listed || self.judged != self.known.newest {
            let by_project = *self.groups_by() == GroupName::Project;
            self.judge = Judge::of(&self.order, &self.listing, &self.known, by_project);
        }
        self.refiltered = false;
        (self.stale, self.judged, self.params_seen) = (false, self.known.newest, self.known.params);
        self.scroll = self.scrolled(context, pane);
        let columns = if pane.zoomed {
            self.columns.all()
        } else {
            self.sorted_column().into_iter().collect()
        };
        if !columns.is_empty() {
            let runs = self.visible_runs(context, pane);
            let runs = runs.into_iter().chain(context.baseline);
            self.cells.fill(&columns, runs, &self.known, context);
        }
    }

    fn list(&mut self, context: &Context<'_>) {
        let groups = Groups::by(self.groups_by(), &self.order, context);
        let rules = Rules {
            titled: self.grouping.is_some() || groups.titles.len() > 1,
            sieve: &self.sieve,
            sort: self.sort.as_ref(),
            keys: &self.keys,
            closed: &self.closed,
        };
        self.listing.arrange(&self.order.entries, groups, rules);
        let filter = self.sieve.filter();
        let found = self.listing.len() > 0 || filter.is_empty();
        self.unfinished = if found {
            None
        } else {
            empty::unfinished(filter, &self.known.words)
        };
    }

    /// What runs are grouped by, whoever chose it.
    const fn groups_by(&self) -> &GroupName {
        match (&self.grouping, &self.sort) {
            (Some(grouping), _) => grouping,
            (None, Some(_)) => &GroupName::Off,
            (None, None) => &GroupName::Project,
        }
    }

    /// The run so many steps away in the list, if there is another one.
    pub fn neighbour(&self, _: &Context<'_>, from: Option<RunId>, step: isize) -> Option<RunId> {
        let from = from.and_then(|run| self.order.place(run));
        self.id(self.listing.neighbour(from, step)?)
    }

    /// Where in the list the run that is shown is: `2` of `9`.
    pub fn place(&self, context: &Context<'_>) -> Option<(usize, usize)> {
        let index = self.listing.index(self.order.place(context.run?)?)?;
        Some((index + 1, self.listing.len()))
    }

    /// How many rows the list would fill with its frame, whatever is filtered or closed; nothing
    /// without runs.
    pub fn rows_needed(&self) -> Option<u16> {
        let groups = self.listing.groups.titles.len();
        let titles = if groups > 1 { groups } else { 0 };
        let rows = self.order.entries.len() + titles + FRAME_AND_TITLES + moves::REMARK;
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        (!self.order.entries.is_empty()).then_some(rows)
    }

    /// The name that tells a run from all others of its project.
    pub fn name(&self, run: RunId) -> Option<&Safe> {
        self.order.name(run)
    }

    /// The runs whose overviews are needed to draw.
    pub fn visible(&self, context: &Context<'_>, pane: Pane) -> Vec<RunId> {
        self.visible_runs(context, pane)
    }
}

impl Panel for Runs {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let items = self.visible_items(context, pane);
        let listed = pane.zoomed && self.listing.len() > 0;
        let table = listed.then(|| self.table_view(context, &items, pane));
        let frame = self.frame(context, pane, table.as_ref());
        let inside = frame::draw(&frame, context.theme, pane.area, buf);
        if inside.is_empty() {
            return;
        }
        if self.listing.len() == 0 {
            let nothing = self.order.entries.is_empty();
            let filter = (!nothing).then_some(self.sieve.filter());
            let unfinished = self.unfinished.as_ref();
            empty::draw(context, filter, unfinished, inside, buf);
            return;
        }
        let parts = self.parts(pane);
        let area = Rect {
            height: parts.titles.height + parts.list.height,
            ..parts.titles
        };
        if let Some(table) = table {
            self.draw_table(context, pane, &table, area, buf);
        } else {
            let view = self.list_view(context, &items, usize::from(area.width));
            view.draw(context.theme.style(Role::Quiet), area, buf);
        }
        let titles = Rect {
            y: parts.list.y,
            height: parts.list.height,
            ..parts.titles
        };
        self.draw_groups(context, &items, titles, buf);
        self.draw_margin(context, &items, parts.list, buf);
        let lines = self.visible_lines(context, pane);
        let cursor = context.run.and_then(|run| self.line(run));
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
            Command::Move(motion @ (Motion::Left | Motion::Right)) => {
                let left = motion == Motion::Left;
                if pane.zoomed {
                    self.go_sideways(!left, context, pane);
                } else if let Some(group) = self.group_here(context) {
                    self.fold(group, left, context, pane);
                }
                Vec::new()
            }
            Command::FoldGroup => {
                let Some(group) = self.group_here(context) else {
                    let words = "there are no groups here: b makes some";
                    return vec![Request::Say(Safe::fixed(words))];
                };
                let close = !self.is_closed(group);
                self.fold(group, close, context, pane);
                Vec::new()
            }
            Command::Move(motion) => {
                let to = self.go(motion, context, pane);
                self.hidden_choice = None;
                to.map(Request::Select).into_iter().collect()
            }
            Command::Mark => self.mark_here(context),
            Command::MarkAll => self.mark_all(context),
            Command::UnmarkAll => vec![Request::UnmarkAll],
            Command::Sort => self.sort_here(context, pane),
            Command::Columns => self.ask_columns(),
            Command::GroupBy => self.ask_group(context),
            // One level in: the runs of the group, or the run itself.
            Command::Enter if pane.zoomed && self.closed_here(context).is_some() => {
                self.apply(Command::FoldGroup, context, pane)
            }
            Command::Enter if pane.zoomed && context.run.is_some() => {
                vec![Request::Zoom(PanelId::Charts)]
            }
            _ => Vec::new(),
        }
    }

    fn typed(&mut self, typed: &Typed, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        match typed {
            Typed::Sort(sorting) => self.sort_named(sorting, context, pane),
            Typed::Columns(names) => self.columns_named(names),
            Typed::Group(group) => self.group_by(group.clone(), context, pane),
            _ => Vec::new(),
        }
    }

    fn words_for(&self, typing: &Typing, typed: &str, _: &Context<'_>) -> Vec<Completion> {
        self.words_after(typing.name, typed)
    }

    fn chosen(
        &mut self,
        purpose: Purpose,
        picked: &[usize],
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        self.picked(purpose, picked, context, pane)
    }

    fn back(&mut self) -> bool {
        false
    }

    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.remark = remark::worst(context);
        self.alive = Alive::of(context, &self.known);
        self.arrange(context, pane);
        Vec::new()
    }

    fn sought(&self, _: Seek) -> &str {
        self.sieve.filter().text()
    }

    fn seek(
        &mut self,
        _: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        Ok(self.set_filter(Query::parse(text)?, context, pane))
    }

    fn matches(&self, _: Seek, _: &Context<'_>) -> Option<(u64, u64)> {
        Some((self.listing.len() as u64, self.order.entries.len() as u64))
    }

    fn completions(&self, _: Seek, typed: &str, context: &Context<'_>) -> Vec<Completion> {
        query::completions(typed, context.store.runs())
    }

    fn hint(&self, _: Seek) -> &'static str {
        query::HINT
    }

    fn copy(&self, context: &Context<'_>, _: Pane) -> Option<Copied> {
        self.path(context)
    }

    fn copies(&self, context: &Context<'_>, _: Pane) -> Vec<Copied> {
        self.all_copies(context)
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let list = self.parts(pane).list;
        if !list.contains(at) {
            return Vec::new();
        }
        let line = self.visible_lines(context, pane).start + usize::from(at.y - list.y);
        match self.item(line) {
            Some(Item::Run(place)) => {
                self.hidden_choice = None;
                self.id(place).map(Request::Select).into_iter().collect()
            }
            Some(Item::Group(group, _)) => {
                let close = !self.is_closed(group);
                self.fold(group, close, context, pane);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}
