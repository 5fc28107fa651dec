//! Which part of the screen is whose, by rule.

use ratatui::layout::{Rect, Size};

use crate::commands::PanelId;

/// Where everything is. What has no room is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// One or two lines.
    pub header: Rect,
    pub panels: [Option<Rect>; 4],
    pub footer: Rect,
}

/// Divides the screen.
pub fn areas(size: Size, zoomed: Option<PanelId>) -> Areas {
    let _ = (size, zoomed);
    Areas::default()
}
