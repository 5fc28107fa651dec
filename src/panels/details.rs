//! Everything about one run that is no curve and no log line, in sections.

mod build;
mod facts;
mod flow;
mod line;
mod params;
mod sections;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::build::Builder;
use self::flow::Flow;
use self::line::Line;
use super::look::title;
use super::{Context, Copied, Pane, Panel, Request, Seek, parsed};
use crate::commands::{Command, Motion, PanelId};
use crate::insight::overview::Overview;
use crate::insight::query::Mistake;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, put};
use crate::widgets::scroll::{Go, Scroll};
use crate::widgets::text::safe;
use crate::widgets::theme::{Palette, Role};

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
}

/// What lines are made of.
#[derive(Clone, Debug)]
struct Source {
    run: RunId,
    overview: Rc<Overview>,
    cells: usize,
    zoomed: bool,
    palette: Palette,
}

impl Source {
    fn is(&self, other: &Self) -> bool {
        self.run == other.run
            && Rc::ptr_eq(&self.overview, &other.overview)
            && (self.cells, self.zoomed) == (other.cells, other.zoomed)
            && self.palette == other.palette
    }
}

impl Details {
    /// Makes the lines anew if something may look different.
    fn remake(&mut self, context: &Context<'_>, pane: Pane) {
        let overview = context
            .run
            .and_then(|run| context.overviews.get(run.0 as usize)?.clone());
        let (Some(id), Some(overview)) = (context.run, overview) else {
            self.lines.clear();
            self.made_of = None;
            self.matches = (0, 0);
            return;
        };
        let source = Source {
            run: id,
            overview,
            cells: Flow::of(pane).cells(),
            zoomed: pane.zoomed,
            palette: context.theme.palette,
        };
        if self
            .made_of
            .as_ref()
            .is_some_and(|made_of| made_of.is(&source))
        {
            return;
        }
        if self
            .made_of
            .as_ref()
            .is_some_and(|made_of| made_of.run != id)
        {
            self.scroll = Scroll::default();
        }
        let Some(run) = context.store.run(id) else {
            return;
        };
        let mut builder = Builder::new(context, &self.filter, &self.turned, source.cells);
        builder.wraps = pane.zoomed;
        sections::all(&mut builder, run, &source.overview);
        (self.lines, self.matches) = builder.finish();
        self.made_of = Some(source);
    }

    fn show(&mut self, pane: Pane) {
        self.scroll
            .show(self.lines.len(), Flow::of(pane).capacity());
    }

    /// Opens or closes the group under the cursor, or the one that the line belongs to.
    fn fold(&mut self, context: &Context<'_>, pane: Pane, wanted: Option<bool>) {
        let open_group = |line: &Line| line.fold.as_ref().map(|fold| (fold.id.clone(), fold.open));
        let from = self.scroll.cursor.min(self.lines.len().saturating_sub(1));
        let depth = self.lines.get(from).map_or(0, |line| line.depth);
        let here = self
            .lines
            .get(from)
            .and_then(|line| open_group(line).map(|fold| (from, fold)));
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
        self.made_of = None;
        self.remake(context, pane);
        self.show(pane);
    }

    fn go(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let flow = Flow::of(pane);
        let rows = flow.rows().cast_signed();
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

    fn frame(&self, context: &Context<'_>, pane: Pane) -> Frame {
        let style = |role| context.theme.style(role);
        let mut right = Vec::new();
        if !self.filter.is_empty() {
            let text = Safe::new(self.filter.text()).elide_end(usize::from(pane.area.width / 4));
            let (shown, all) = self.matches;
            right.push(Span::new("/", style(Role::Accent)));
            right.push(Span::new(text, style(Role::Quiet)));
            right.push(Span::new(safe!("  {shown}/{all}"), style(Role::Text)));
        }
        let below = self
            .lines
            .len()
            .saturating_sub(self.scroll.top + Flow::of(pane).capacity());
        let bottom = if below > 0 {
            vec![Span::new(safe!("↓ {below}"), style(Role::Quiet))]
        } else {
            Vec::new()
        };
        Frame {
            title: title(context.theme, PanelId::Details, pane.focused),
            right,
            bottom,
            focused: pane.focused,
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
        let flow = Flow::of(pane);
        for (at, place) in flow.places(&self.lines, self.scroll.top) {
            let under_cursor = pane.focused && at == self.scroll.cursor;
            self.lines[at].draw(context.theme, under_cursor, place, buf);
        }
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        match command {
            Command::Move(motion) => self.go(motion, context, pane),
            Command::Fold | Command::Enter => self.fold(context, pane, None),
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
            Seek::Find => Ok(self.set_filter(parsed(text)?, context, pane)),
            Seek::Only => Ok(Vec::new()),
        }
    }

    fn matches(&self, _: Seek, _: &Context<'_>) -> Option<(u64, u64)> {
        self.made_of.as_ref().map(|_| self.matches)
    }

    fn copy(&self, _: &Context<'_>, _: Pane) -> Option<Copied> {
        let (what, text) = self.lines.get(self.scroll.cursor)?.copy.as_ref()?;
        Some(Copied {
            what: what.clone(),
            lines: vec![text.clone()],
        })
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let flow = Flow::of(pane);
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
        self.made_of = None;
        self.scroll = Scroll::default();
        self.refresh(context, pane)
    }
}
