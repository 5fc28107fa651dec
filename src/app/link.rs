//! The log and the cursor of the charts follow each other in time, while they are linked.

use super::{App, Effect};
use crate::commands::{Command, PanelId};
use crate::panels::Request;
use crate::widgets::Safe;

impl App {
    /// Links the panels, or no longer; says what stands against it.
    pub(super) fn toggle_link(&mut self, effects: &mut Vec<Effect>) {
        self.data.linked = !self.data.linked;
        if !self.data.linked {
            self.say(Safe::fixed("the log and the charts go their own ways"));
            return;
        }
        let words = self.untimed().unwrap_or(
            "linked: the log and the cursor of the charts follow each other in time; m ends it",
        );
        self.say(Safe::fixed(words));
        // Whoever has the focus may lead at once.
        if leads(self.panes.focus) {
            self.ask_panel(self.panes.focus, Command::Link, effects);
        }
    }

    /// Why nothing can be followed in the run that is shown.
    fn untimed(&self) -> Option<&'static str> {
        let (run, _) = self.data.context().current()?;
        if run.logs.lines == 0 {
            return Some("linked, but this run has no log");
        }
        if run.logs.first_time.is_none() {
            return Some("linked, but the lines of this log have no times");
        }
        let timed = run.metrics().any(|stream| stream.times.first.is_some());
        (!timed).then_some("linked, but the rows of this run have no times")
    }

    /// Another panel's cursor is at a moment. Only the panel that somebody moves in leads: what
    /// moves because it follows does not lead back.
    pub(super) fn follow(&mut self, from: PanelId, moment: f64, effects: &mut Vec<Effect>) {
        let to = match from {
            PanelId::Charts => PanelId::Logs,
            PanelId::Logs => PanelId::Charts,
            PanelId::Runs | PanelId::Details => return,
        };
        if !self.data.linked || !moment.is_finite() || self.panes.focus == to {
            return;
        }
        let pane = self.panes.pane(to);
        let context = self.data.context();
        let mut requests = self.panes.panel_mut(to).follow(moment, &context, pane);
        requests.retain(|request| !matches!(request, Request::Moment(_)));
        self.stale = true;
        self.fulfil(requests, to, effects);
    }
}

/// Whether a panel has a cursor in time.
const fn leads(panel: PanelId) -> bool {
    matches!(panel, PanelId::Charts | PanelId::Logs)
}
