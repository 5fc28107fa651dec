//! The lines above and below the panels: the run that is shown, and the keys that matter now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Context;
use crate::commands::PanelId;
use crate::widgets::Safe;

/// What the lines say besides the run.
#[derive(Clone, Debug)]
pub struct Status {
    pub focus: PanelId,
    pub zoomed: bool,
    /// Rows that arrived while the view is paused.
    pub paused: Option<u64>,
    /// What was said last: an error, `copied …`.
    pub said: Option<Safe>,
    /// Where in the list of runs this one is: `2` of `7`.
    pub place: Option<(usize, usize)>,
    pub mouse: bool,
}

/// One or two lines about the run: the second one holds what Details would show.
pub fn draw_header(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let _ = (context, status, area, buf);
}

/// The keys that matter now, or what was said.
pub fn draw_footer(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let _ = (context, status, area, buf);
}

/// The whole screen in one line, where there is no room for more.
pub fn draw_line(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let _ = (context, status, area, buf);
}
