//! The runs panel.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::{Context, Copied, Pane, Panel, Request};
use crate::commands::{Command, PanelId};
use crate::record::RunId;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// The state of the panel.
#[derive(Debug, Default)]
pub struct Runs {
    filter: Filter,
}

impl Panel for Runs {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let title = Span::new(PanelId::Runs.name(), context.theme.style(Role::Quiet));
        let frame = Frame {
            title: vec![title],
            focused: pane.focused,
            ..Frame::default()
        };
        frame::draw(&frame, context.theme, pane.area, buf);
    }

    fn apply(&mut self, _: Command, _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }

    fn back(&mut self) -> bool {
        false
    }

    fn refresh(&mut self, _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }

    fn filter(&self) -> &Filter {
        &self.filter
    }

    fn set_filter(&mut self, filter: Filter, _: &Context<'_>, _: Pane) -> Vec<Request> {
        self.filter = filter;
        Vec::new()
    }

    fn matches(&self, _: &Context<'_>) -> Option<(u64, u64)> {
        None
    }

    fn copy(&self, _: &Context<'_>, _: Pane) -> Option<Copied> {
        None
    }

    fn click(&mut self, _: Position, _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }
}

impl Runs {
    /// The runs that are on the screen.
    pub fn visible(&self, context: &Context<'_>, _: Pane) -> Vec<RunId> {
        context
            .store
            .runs()
            .iter()
            .map(|run| run.id)
            .take(50)
            .collect()
    }

    /// The run so many places below `from` in the list.
    pub fn neighbour(
        &self,
        context: &Context<'_>,
        from: Option<RunId>,
        step: isize,
    ) -> Option<RunId> {
        let at = (from?.0 as usize).checked_add_signed(step)?;
        context.store.runs().get(at).map(|run| run.id)
    }

    /// Which place of how many the run that is shown has in the list.
    pub fn place(&self, context: &Context<'_>) -> Option<(usize, usize)> {
        Some((context.run?.0 as usize + 1, context.store.runs().len()))
    }
}
