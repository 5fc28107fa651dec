//! The lines above and below the panels: the run that is shown, and the keys that matter now.

mod footer;
mod header;
#[cfg(test)]
mod tests;

use crate::commands::PanelId;
use crate::widgets::Safe;

pub use self::footer::draw_footer;
pub use self::header::{draw_header, draw_line};

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
