//! The line that is typed into: a filter after `/`, a command after `:` with what it may become.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Context;
use crate::commands::{BINDINGS, Binding};
use crate::widgets::line_edit::LineEdit;

/// A filter that is being typed.
#[derive(Clone, Debug, Default)]
pub struct FilterPrompt {
    pub edit: LineEdit,
    /// Why the text is no filter.
    pub error: Option<String>,
    pub matches: Option<(u64, u64)>,
}

/// A command that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub edit: LineEdit,
    /// Which of the candidates is chosen.
    pub chosen: usize,
}

/// Draws the line of a filter; returns where the cursor is.
pub fn draw_filter(
    context: &Context<'_>,
    prompt: &FilterPrompt,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let _ = (context, prompt, buf);
    Position::new(area.x, area.y)
}

impl Palette {
    /// The commands that what was typed may mean, the likeliest first.
    pub fn candidates(&self) -> Vec<&'static Binding> {
        BINDINGS
            .iter()
            .filter(|b| b.name.contains(self.edit.text()))
            .collect()
    }

    pub fn complete(&mut self) {}

    pub fn move_choice(&mut self, step: isize) {
        let _ = step;
    }

    /// Draws the palette over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let _ = (context, buf);
        Position::new(area.x, area.y)
    }
}
