//! The four panels and which of them has the focus.

use ratatui::layout::{Position, Rect, Size};

use super::areas::{Areas, Division, areas};
use crate::commands::PanelId;
use crate::panels::charts::Charts;
use crate::panels::details::Details;
use crate::panels::logs::Logs;
use crate::panels::runs::Runs;
use crate::panels::{Pane, Panel};
use crate::record::Level;

/// The panels and how they lie.
#[derive(Debug)]
pub(super) struct Panes {
    pub(super) runs: Runs,
    pub(super) charts: Charts,
    pub(super) logs: Logs,
    pub(super) details: Details,
    pub(super) focus: PanelId,
    pub(super) zoomed: bool,
    /// Whether the run that is shown has a log, as far as is known.
    pub(super) has_log: bool,
    pub(super) size: Size,
}

impl Panes {
    pub(super) fn new(size: Size, level: Option<Level>) -> Self {
        Self {
            runs: Runs::default(),
            charts: Charts::default(),
            logs: level.map_or_else(Logs::default, Logs::with_floor),
            details: Details::default(),
            focus: PanelId::Charts,
            zoomed: false,
            has_log: true,
            size,
        }
    }

    pub(super) fn areas(&self) -> Areas {
        areas(self.size, self.division())
    }

    fn division(&self) -> Division {
        Division {
            focus: self.focus,
            zoomed: self.zoomed,
            has_log: self.has_log,
            runs: self.runs.rows_needed(),
        }
    }

    /// Where a panel is; without any room when it is not shown.
    pub(super) fn pane(&self, id: PanelId) -> Pane {
        let areas = self.areas();
        let only = areas.panels.iter().flatten().count() == 1;
        Pane {
            area: areas.panel(id).unwrap_or(Rect::ZERO),
            focused: id == self.focus,
            zoomed: id == self.focus && (self.zoomed || only),
            values_elsewhere: areas.header.height > 1,
        }
    }

    pub(super) fn panel(&self, id: PanelId) -> &dyn Panel {
        match id {
            PanelId::Runs => &self.runs,
            PanelId::Charts => &self.charts,
            PanelId::Logs => &self.logs,
            PanelId::Details => &self.details,
        }
    }

    pub(super) fn panel_mut(&mut self, id: PanelId) -> &mut dyn Panel {
        match id {
            PanelId::Runs => &mut self.runs,
            PanelId::Charts => &mut self.charts,
            PanelId::Logs => &mut self.logs,
            PanelId::Details => &mut self.details,
        }
    }

    pub(super) fn at(&self, position: Position) -> Option<PanelId> {
        let areas = self.areas();
        let holds = |id: &PanelId| areas.panel(*id).is_some_and(|area| area.contains(position));
        PanelId::ALL.into_iter().find(holds)
    }

    pub(super) fn is_visible(&self, id: PanelId) -> bool {
        self.areas().panel(id).is_some()
    }

    /// The next panel, or the one before. A panel that is not on the screen beside the others is
    /// passed by, unless panels are shown one at a time.
    pub(super) fn step_focus(&mut self, step: isize) {
        let beside: Vec<PanelId> = {
            let division = Division {
                focus: PanelId::Charts,
                zoomed: false,
                ..self.division()
            };
            let areas = areas(self.size, division);
            let visible = |id: &PanelId| areas.panel(*id).is_some();
            PanelId::ALL.into_iter().filter(visible).collect()
        };
        let one_at_a_time = self.zoomed || !beside.contains(&self.focus) || beside.len() == 1;
        let ring = if one_at_a_time {
            &PanelId::ALL[..]
        } else {
            &beside
        };
        let at = ring.iter().position(|id| *id == self.focus).unwrap_or(0);
        let next = (at.cast_signed() + step).rem_euclid(ring.len().cast_signed());
        self.focus = ring[next.cast_unsigned()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_know_whether_the_header_tells_the_values() {
        for (width, elsewhere) in [(60, true), (109, true), (110, false), (200, false)] {
            let mut panes = Panes::new(Size::new(width, 40), None);
            for zoomed in [false, true] {
                panes.zoomed = zoomed;
                let pane = panes.pane(PanelId::Charts);
                assert_eq!(pane.values_elsewhere, elsewhere, "{width}");
            }
        }
    }
}
