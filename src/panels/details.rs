//! Everything about one run that is no curve and no log line, in sections; and runs that are marked
//! beside each other.

mod beside;
mod build;
mod cells;
mod changes;
mod copies;
mod entry;
mod facts;
mod flow;
mod line;
mod made_of;
mod params;
mod sections;
mod table;
#[cfg(test)]
mod tests;
mod title;
mod told;
mod words;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::beside::Beside;
use self::build::{Builder, OnlyDiffering};
use self::flow::Flow;
use self::line::Line;
use self::made_of::Source;
use self::table::Table;
use super::{Context, Copied, Pane, Panel, Request, Seek, parsed};
use crate::commands::{Command, Motion};
use crate::insight::query::Mistake;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame;
use crate::widgets::paint::{put, restyle};
use crate::widgets::scroll::{Go, Scroll};
use crate::widgets::theme::Role;

/// The state of the panel.
#[derive(Debug, Default)]
pub struct Details {
    filter: Filter,
    scroll: Scroll,
    /// Groups that are not as they are by themselves: closed instead of open, or open.
    turned: BTreeSet<String>,
    lines: Vec<Line>,
    /// What the lines were made of; nothing when they must be made anew.
    made_of: Option<Source>,
    /// How many entries the filter lets through, and how many there are.
    matches: (u64, u64),
    /// The runs that the lines are about, when there are several.
    beside: Option<Beside>,
    /// One run is shown although others are marked.
    alone: bool,
    /// Of runs beside each other only the rows in which they differ.
    differing: bool,
}

impl Details {
    /// Makes the lines anew if something may look different.
    fn remake(&mut self, context: &Context<'_>, pane: Pane) {
        let Some(source) = Source::of(context, pane, self.alone) else {
            self.lines.clear();
            (self.made_of, self.beside) = (None, None);
            self.matches = (0, 0);
            return;
        };
        let last = self.made_of.as_ref();
        if last.is_some_and(|last| *last == source) {
            return;
        }
        if last.is_some_and(|last| last.is_about_others(&source)) {
            self.scroll = Scroll::default();
        }
        self.beside = source.is_beside().then(|| {
            let mut beside = self.beside.take().unwrap_or_default();
            if last.is_none_or(|last| last.shown().0 != source.shown().0) {
                beside.forget_column();
            }
            let table = Table::of(context, &source.runs(), Some(&beside.table));
            beside.show_table(table);
            beside
        });
        self.made_of = Some(source);
        self.remake_lines(context, pane);
    }

    /// As [`Self::remake`], when only other lines are to be shown of the same.
    fn remake_lines(&mut self, context: &Context<'_>, pane: Pane) {
        let Some(source) = &self.made_of else {
            return;
        };
        let cells = self.flow(pane).cells();
        let mut builder = Builder::new(context, &self.filter, &self.turned, cells);
        if let Some(beside) = &mut self.beside {
            builder.beside = Some(OnlyDiffering(self.differing));
            beside::lines(&mut builder, &beside.table);
            (self.lines, self.matches) = builder.finish();
            beside.fit(&self.lines, cells);
            return;
        }
        let (id, overview) = source.shown();
        let Some(run) = context.store.run(id) else {
            return;
        };
        builder.wraps = pane.zoomed;
        sections::all(&mut builder, run, overview);
        (self.lines, self.matches) = builder.finish();
    }

    fn flow(&self, pane: Pane) -> Flow {
        match self.beside {
            Some(_) => Flow::beside(pane),
            None => Flow::of(pane),
        }
    }

    fn show(&mut self, pane: Pane) {
        self.scroll
            .show(self.lines.len(), self.flow(pane).capacity());
        let cells = self.flow(pane).cells();
        if let Some(beside) = &mut self.beside {
            beside.reveal(cells);
        }
    }

    /// Opens or closes the group under the cursor, or the one that the line belongs to.
    fn fold(&mut self, context: &Context<'_>, pane: Pane, wanted: Option<bool>) {
        let open_group = |line: &Line| line.fold.as_ref().map(|fold| (fold.id.clone(), fold.open));
        let from = self.scroll.cursor.min(self.lines.len().saturating_sub(1));
        let depth = self.lines.get(from).map_or(0, |line| line.depth);
        // What is closed already is in a group that can be closed, too.
        let goes_up = |line: &&Line| {
            let closed = line.fold.as_ref().is_some_and(|fold| !fold.open);
            closed && !line.is_title && wanted == Some(false)
        };
        let here = self.lines.get(from).filter(|line| !goes_up(line));
        let here = here.and_then(|line| open_group(line).map(|fold| (from, fold)));
        let above = || {
            let lines = self.lines[..from.min(self.lines.len())]
                .iter()
                .enumerate()
                .rev();
            lines
                .filter(|(_, line)| line.depth < depth || line.is_title)
                .find_map(|(at, line)| open_group(line).map(|fold| (at, fold)))
        };
        let Some((at, (id, open))) = here.or_else(above) else {
            return;
        };
        if wanted.is_some_and(|wanted| wanted == open) {
            return;
        }
        if !self.turned.remove(&id) {
            self.turned.insert(id);
        }
        self.scroll.cursor = at;
        self.remake_lines(context, pane);
        self.show(pane);
    }

    fn go(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let flow = self.flow(pane);
        let rows = flow.rows().cast_signed();
        if let (Some(beside), Motion::Left | Motion::Right) = (&mut self.beside, motion) {
            let by = if motion == Motion::Left { -1 } else { 1 };
            return beside.go(by, flow.cells());
        }
        let go = match motion {
            Motion::Up => Go::By(-1),
            Motion::Down => Go::By(1),
            Motion::Left if flow.columns() > 1 => Go::By(-rows),
            Motion::Right if flow.columns() > 1 => Go::By(rows),
            Motion::Left => return self.fold(context, pane, Some(false)),
            Motion::Right => return self.fold(context, pane, Some(true)),
            Motion::HalfUp => Go::Halves(-1),
            Motion::HalfDown => Go::Halves(1),
            Motion::PageUp => Go::Halves(-2),
            Motion::PageDown => Go::Halves(2),
            Motion::Top => Go::First,
            Motion::Bottom => Go::Last,
        };
        let before = self.scroll.cursor;
        let (count, capacity) = (self.lines.len(), flow.capacity());
        self.scroll.go(go, count, capacity);
        // Blank lines are passed by.
        let step = if self.scroll.cursor < before { -1 } else { 1 };
        while self
            .lines
            .get(self.scroll.cursor)
            .is_some_and(Line::is_blank)
        {
            let at = self.scroll.cursor;
            self.scroll.go(Go::By(step), count, capacity);
            if at == self.scroll.cursor {
                break;
            }
        }
    }

    fn draw_nothing(&self, context: &Context<'_>, inside: Rect, buf: &mut Buffer) {
        let words = match (&self.made_of, context.run) {
            (Some(_), _) => "nothing matches",
            (None, Some(_)) => "reading …",
            (None, None) => "no run is chosen",
        };
        let style = context.theme.style(Role::Quiet);
        put(
            buf,
            inside.x + u16::from(inside.width > 1),
            inside.y,
            inside.width.saturating_sub(1),
            &Safe::fixed(words).elide_end(usize::from(inside.width.saturating_sub(2))),
            style,
        );
    }
}

impl Panel for Details {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let inside = frame::draw(&self.frame(context, pane), context.theme, pane.area, buf);
        if inside.is_empty() {
            return;
        }
        if self.lines.is_empty() {
            self.draw_nothing(context, inside, buf);
            return;
        }
        let flow = self.flow(pane);
        let places = flow.places(&self.lines, self.scroll.top).into_iter();
        let Some(beside) = &self.beside else {
            for (at, place) in places {
                let under_cursor = pane.focused && at == self.scroll.cursor;
                self.lines[at].draw(context.theme, under_cursor, place, buf);
            }
            return;
        };
        let heads = Flow::heads(pane).intersection(inside);
        beside.draw_heads(context.theme, context.run, pane.focused, heads, buf);
        let slots = beside.slots(flow.cells());
        for (at, place) in places {
            let line = &self.lines[at];
            if line.row.is_some() {
                beside.draw_row(context.theme, line, &slots, !self.differing, place, buf);
            } else {
                line.draw(context.theme, false, place, buf);
            }
            if pane.focused && at == self.scroll.cursor {
                restyle(buf, place, context.theme.style(Role::Cursor));
            }
        }
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        match command {
            Command::Move(motion) => self.go(motion, context, pane),
            Command::Fold | Command::Enter => self.fold(context, pane, None),
            Command::Differing => return self.turn_differing(context, pane),
            Command::Alone => return self.turn_alone(context, pane),
            _ => {}
        }
        Vec::new()
    }

    fn back(&mut self) -> bool {
        false
    }

    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.remake(context, pane);
        self.show(pane);
        Vec::new()
    }

    fn sought(&self, _: Seek) -> &str {
        self.filter.text()
    }

    fn seek(
        &mut self,
        _: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        Ok(self.set_filter(parsed(text)?, context, pane))
    }

    fn matches(&self, _: Seek, _: &Context<'_>) -> Option<(u64, u64)> {
        self.made_of.as_ref().map(|_| self.matches)
    }

    fn copy(&self, context: &Context<'_>, _: Pane) -> Option<Copied> {
        self.all_copies(context).into_iter().next()
    }

    fn copies(&self, context: &Context<'_>, _: Pane) -> Vec<Copied> {
        self.all_copies(context)
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let flow = self.flow(pane);
        if let (Some(beside), Some(x)) = (&mut self.beside, at.x.checked_sub(Flow::heads(pane).x)) {
            beside.click(x, flow.cells());
        }
        let places = flow.places(&self.lines, self.scroll.top);
        let hit =
            |(line, place): &(usize, Rect)| place.contains(at) && !self.lines[*line].is_blank();
        let Some((line, _)) = places.into_iter().find(hit) else {
            return Vec::new();
        };
        let again = self.scroll.cursor == line;
        self.scroll.cursor = line;
        if again && self.lines[line].fold.is_some() {
            self.fold(context, pane, None);
        }
        Vec::new()
    }
}

impl Details {
    fn set_filter(&mut self, filter: Filter, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.filter = filter;
        self.scroll = Scroll::default();
        self.remake_lines(context, pane);
        self.refresh(context, pane)
    }

    fn turn_differing(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        if table::runs(context).is_empty() {
            let words = "mark other runs with Space in the list of runs to see what differs";
            return vec![Request::Say(Safe::fixed(words))];
        }
        // What is asked for is seen.
        self.differing = self.alone || !self.differing;
        self.alone = false;
        self.scroll = Scroll::default();
        self.remake(context, pane);
        self.remake_lines(context, pane);
        self.refresh(context, pane)
    }

    fn turn_alone(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        if table::runs(context).is_empty() {
            let words = "no other run is marked: Space marks one in the list of runs";
            return vec![Request::Say(Safe::fixed(words))];
        }
        self.alone = !self.alone;
        self.refresh(context, pane)
    }
}
