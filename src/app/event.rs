//! What can happen to the program, and what it makes happen.

use ratatui::layout::{Position, Size};

use crate::commands::Key;
use crate::panels::{Copied, Exported};
use crate::record::{Change, Holding, LogAnswer, LogQuestion, RunId};
use crate::store::Want;
use crate::widgets::Safe;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Key(Key),
    Mouse(Mouse),
    /// Text that was pasted.
    Paste(String),
    Resize(Size),
    /// The time now, in seconds since 1970. Comes at least every few seconds.
    Clock(f64),
    /// What changed about a run.
    Changes {
        run: RunId,
        changes: Vec<Change>,
    },
    /// All runs that exist now are known.
    ScanDone,
    /// Everything was read and nothing more will come (standard input has ended).
    Complete,
    /// What a place holds in which runs are looked for.
    Holds {
        place: std::path::PathBuf,
        holding: Holding,
    },
    /// A folder or a file could not be read. Neither text is safe yet.
    Unreadable {
        path: std::path::PathBuf,
        error: String,
    },
    /// Something that the user may want to know about how files are watched.
    Notice(String),
    LogAnswer {
        run: RunId,
        answer: LogAnswer,
    },
    /// What became of [`Effect::Copy`]: `copied to the tmux buffer`, or why not.
    Copied(Safe),
    /// What became of [`Effect::Export`]: `wrote 3 200 points to loss.csv`, or why not.
    Exported(Safe),
    /// Nothing was written, because there is a file of this name. It may be asked for once more,
    /// with `overwrite`.
    ExportExists {
        path: std::path::PathBuf,
        exported: Exported,
    },
    /// The program was suspended and goes on.
    Resumed,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub at: Position,
    pub clicked: Clicked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clicked {
    Left,
    WheelUp,
    WheelDown,
}

/// What must happen outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Quit,
    Suspend,
    /// Forget what the terminal shows and draw all of it.
    Repaint,
    /// Read this run first.
    Focus(RunId),
    /// Read these before the others.
    InSight(Vec<RunId>),
    /// Read exact rows again.
    Fetch(Want),
    AskLog(RunId, LogQuestion),
    Copy(Copied),
    /// Write this to a file; over one that is there only when `overwrite` says so.
    Export {
        exported: Exported,
        overwrite: bool,
    },
    /// Take the mouse, or give it back.
    Mouse(bool),
}
