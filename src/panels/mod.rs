//! State → view → cells. One file a panel; drawing changes nothing.
//!
//! What a panel shows of the data it takes from the [`Overview`]s, counts of rows and lines included:
//! they stand still while the view is paused.

pub mod charts;
pub mod details;
pub mod help;
pub mod logs;
mod look;
#[cfg(test)]
mod made;
pub mod messages;
pub mod prompt;
pub mod runs;
pub mod status;
pub mod watched;

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::messages::Message;
use self::watched::Watched;
use crate::commands::{Command, PanelId};
use crate::insight::clock::Zone;
use crate::insight::overview::Overview;
use crate::record::{LogQuestion, RunId};
use crate::store::{Run, Store};
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::theme::Theme;

/// What is known when a panel draws or answers.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub store: &'a Store,
    /// By the number of the run; a run without one has not been looked at yet.
    pub overviews: &'a [Option<Rc<Overview>>],
    pub theme: &'a Theme,
    /// Seconds since 1970.
    pub now: f64,
    pub zone: &'a Zone,
    /// The run that is shown.
    pub run: Option<RunId>,
    /// What is watched: the arguments, or the folders that were searched.
    pub watched: &'a [Watched],
    /// Whether all runs that exist now are known.
    pub scanned: bool,
    /// What was said about files, the newest last.
    pub messages: &'a [Message],
}

impl<'a> Context<'a> {
    pub fn overview(&self, run: RunId) -> Option<&'a Overview> {
        self.overviews.get(run.0 as usize)?.as_deref()
    }

    /// The run that is shown.
    pub fn current(&self) -> Option<(&'a Run, &'a Overview)> {
        let id = self.run?;
        Some((self.store.run(id)?, self.overview(id)?))
    }
}

/// Where a panel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pane {
    /// With its frame.
    pub area: Rect,
    pub focused: bool,
    /// It fills the screen.
    pub zoomed: bool,
    /// The header has a line for the newest values of the run.
    pub values_elsewhere: bool,
}

/// What a panel wants to happen elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Show this run.
    Select(RunId),
    /// Fill the screen with this panel.
    Zoom(PanelId),
    /// Read log lines.
    AskLog(RunId, LogQuestion),
    /// Say this in the footer for a while.
    Say(Safe),
}

/// What is to be copied, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// `value of lr`, `message`
    pub what: Safe,
    pub lines: Vec<Safe>,
}

/// What all panels can do.
pub trait Panel {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer);

    /// Does what was asked; a panel ignores what it does not know.
    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request>;

    /// One level out; false when the panel is at its outermost level.
    fn back(&mut self) -> bool;

    /// The data, the run that is shown, the overviews or the size may have changed.
    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request>;

    fn filter(&self) -> &Filter;

    fn set_filter(&mut self, filter: Filter, context: &Context<'_>, pane: Pane) -> Vec<Request>;

    /// How many of how many items the filter lets through; nothing while nobody knows.
    fn matches(&self, context: &Context<'_>) -> Option<(u64, u64)>;

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied>;

    /// A click within the panel.
    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request>;
}
