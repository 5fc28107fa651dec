//! State → view → cells. One file a panel; drawing changes nothing.
//!
//! What a panel shows of the data it takes from the [`Overview`]s, counts of rows and lines included:
//! they stand still while the view is paused.

pub mod charts;
pub mod chooser;
pub mod details;
pub mod help;
pub mod logs;
mod look;
#[cfg(test)]
mod made;
pub mod messages;
pub mod prompt;
pub mod question;
pub mod runs;
pub mod status;
pub mod watched;

use std::ops::Range;
use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::chooser::{Chooser, Purpose};
use self::messages::Message;
use self::watched::Watched;
use crate::commands::{Command, Export, PanelId, Typed, Typing};
use crate::figure::Figure;
use crate::insight::clock::Zone;
use crate::insight::overview::Overview;
use crate::insight::query::{Completion, Mistake};
use crate::record::{ColumnId, LogQuestion, RunId, StreamId};
use crate::store::{Look, Run, Store};
use crate::widgets::Safe;
use crate::widgets::filter::{self, Filter};
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
    /// The runs that lie over the one that is shown, in the order of their letters.
    pub marked: &'a [Marked],
    /// The run that others are measured against.
    pub baseline: Option<RunId>,
    /// The log and the cursor of the charts follow each other in time.
    pub linked: bool,
}

/// A run that is marked, or a group of runs. It has its letter and its colour everywhere, as long as
/// it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The run; of a group its first one.
    pub run: RunId,
    pub letter: char,
    /// Which of the colours of runs; no two marked runs share one while there are enough.
    pub hue: u8,
    /// Runs that have one line in the charts: their mean, and from the lowest to the highest.
    pub group: Option<Rc<Group>>,
}

/// What can be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markable {
    Run(RunId),
    Group(Group),
}

/// Runs that belong together: `lr=0.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub title: Safe,
    pub runs: Vec<RunId>,
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
    /// Mark a run, or no longer.
    Mark(RunId),
    /// Mark runs that belong together as one, or no longer.
    MarkGroup(Group),
    /// Mark these, as far as there are letters.
    MarkAll(Vec<Markable>),
    UnmarkAll,
    /// Let somebody choose from a list; the panel is told by [`Panel::chosen`].
    Choose(Chooser),
    /// The cursor is at this moment, in seconds since 1970: other panels may follow.
    Moment(f64),
    /// This is looked at closely, and nothing else.
    Look(Vec<Look>),
    /// Write this to a file.
    Export(Exported),
}

/// What is to be written to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    pub to: Export,
    /// The name of the file when none was typed, without its ending.
    pub name: String,
    pub content: Content,
}

/// What a file is to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A text that is complete.
    Text(String),
    /// Charts, of which a picture is made.
    Figures(Vec<Figure>),
    /// All points of some series: they are read from the files of the run.
    Points(Vec<Points>),
}

/// Points of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    pub run: RunId,
    pub stream: StreamId,
    pub column: ColumnId,
    /// The rows that are in the window.
    pub rows: Range<u64>,
}

/// What is typed into a panel to find something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// After `/`: only what matches is shown; in the log the lines that match are marked.
    Find,
    /// After `&`: only the lines of the log that match are shown.
    Only,
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

    /// Does what was typed; a panel ignores what it does not know.
    fn typed(&mut self, _: &Typed, _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }

    /// Another panel's cursor is at this moment, and this panel is to follow.
    fn follow(&mut self, _moment: f64, _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }

    /// What may follow a typed command for this panel, such as `:sort`, behind what was typed of it
    /// so far. The words that the command knows itself are not among it.
    fn words_for(&self, _: &Typing, _typed: &str, _: &Context<'_>) -> Vec<Completion> {
        Vec::new()
    }

    /// One level out; false when the panel is at its outermost level.
    fn back(&mut self) -> bool;

    /// The data, the run that is shown, the overviews or the size may have changed.
    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request>;

    /// What was typed to find something; empty when nothing is sought. All panels but the log know
    /// one way to seek, and are asked for no other.
    fn sought(&self, seek: Seek) -> &str;

    /// Finds what was typed. What is wrong is told, and what was sought before stays.
    fn seek(
        &mut self,
        seek: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake>;

    /// How many of how many items were found; nothing while nobody knows.
    fn matches(&self, seek: Seek, context: &Context<'_>) -> Option<(u64, u64)>;

    /// Whether more may be found, so that these numbers are not the last ones.
    fn is_searching(&self, _: Seek, _: &Context<'_>) -> bool {
        false
    }

    /// What may stand where the text ends that was typed so far.
    fn completions(&self, _: Seek, _typed: &str, _: &Context<'_>) -> Vec<Completion> {
        Vec::new()
    }

    /// What can be said about how to seek, while nothing is typed.
    fn hint(&self, _: Seek) -> &'static str {
        filter::HINT
    }

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied>;

    /// Everything that can be copied here, what [`Self::copy`] copies first.
    fn copies(&self, context: &Context<'_>, pane: Pane) -> Vec<Copied> {
        self.copy(context, pane).into_iter().collect()
    }

    /// Somebody chose from a list that this panel asked for: the numbers of what was chosen.
    fn chosen(&mut self, _: Purpose, _picked: &[usize], _: &Context<'_>, _: Pane) -> Vec<Request> {
        Vec::new()
    }

    /// A click within the panel.
    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request>;
}

/// Reads a filter of words and patterns.
fn parsed(text: &str) -> Result<Filter, Mistake> {
    Filter::parse(text).map_err(|words| Mistake {
        at: 0..text.len(),
        words,
    })
}
