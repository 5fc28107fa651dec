//! All keys, from the table of bindings, and a filter over them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Context;
use crate::commands::{Motion, PanelId};
use crate::widgets::filter::Filter;

/// The state of the help screen.
#[derive(Debug, Default)]
pub struct Help {
    pub filter: Filter,
    top: usize,
}

impl Help {
    pub fn go(&mut self, motion: Motion, area: Rect) {
        let _ = (motion, area);
    }

    /// `focus`: what works in this panel comes first.
    pub fn draw(&self, context: &Context<'_>, focus: PanelId, area: Rect, buf: &mut Buffer) {
        let _ = (context, focus, area, buf, self.top);
    }

    /// How many of how many rows the filter lets through.
    pub fn matches(&self) -> (u64, u64) {
        (0, 0)
    }
}
