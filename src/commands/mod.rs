//! What a user can ask, and which key asks it. One table feeds dispatch, help, footer and README.

mod bindings;
mod key;
mod typed;

pub use bindings::{BINDINGS, Binding, Scope, command_for};
pub use key::{Code, Key};
pub use typed::{
    AxisName, Export, Format, GroupName, ScaleName, Sorting, TYPINGS, Typed, Typing, typing_for,
};

use crate::record::Level;

/// One of the four panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PanelId {
    Runs,
    Charts,
    Logs,
    Details,
}

impl PanelId {
    pub const ALL: [Self; 4] = [Self::Runs, Self::Charts, Self::Logs, Self::Details];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Runs => "Runs",
            Self::Charts => "Charts",
            Self::Logs => "Logs",
            Self::Details => "Details",
        }
    }

    /// The key that goes there: `1` to `4`.
    pub const fn digit(self) -> char {
        match self {
            Self::Runs => '1',
            Self::Charts => '2',
            Self::Logs => '3',
            Self::Details => '4',
        }
    }
}

/// A movement within whatever has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    Up,
    Down,
    Left,
    Right,
    HalfUp,
    HalfDown,
    PageUp,
    PageDown,
    Top,
    Bottom,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    Quit,
    Suspend,
    Redraw,
    /// One level out: close what is open, unzoom.
    Back,
    /// One level in: zoom the panel, then what is selected in it.
    Enter,
    Focus(PanelId),
    FocusNext,
    FocusPrevious,
    NextRun,
    PreviousRun,
    Move(Motion),
    Filter,
    /// Logs: show only lines that match, apart from what is searched.
    FilterLines,
    NextMatch,
    PreviousMatch,
    Help,
    /// What was said about files.
    Messages,
    Palette,
    Pause,
    Copy,
    /// Everything that can be copied here, to choose from.
    CopyMenu,
    /// Measure all runs against the one that is shown, or no longer.
    Baseline,
    Mouse,
    /// The next theme.
    Theme,
    /// Runs: lay the charts of this run over those of the one that is shown, or no longer.
    Mark,
    UnmarkAll,
    /// Runs: mark all that are listed.
    MarkAll,
    /// Runs: sort by the column under the cursor; the other way round; as they lie on disk.
    Sort,
    /// Runs: choose the columns of the table.
    Columns,
    /// Runs: choose what they are grouped by.
    GroupBy,
    /// Runs: open or close the group.
    FoldGroup,
    /// The log follows the cursor of the charts in time, and the charts the line of the log.
    Link,
    /// Charts: the next scale of the y axis.
    YScale,
    /// Charts: what the x axis counts.
    XAxis,
    /// Charts: more and less smoothing.
    SmoothMore,
    SmoothLess,
    /// Charts: leave outliers outside.
    Clip,
    /// Charts: this one before the others.
    Pin,
    /// Charts: the cursor to the best point.
    Best,
    /// Charts: the cursor ten steps on, or back.
    LeapLeft,
    LeapRight,
    /// Charts: the window.
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    Whole,
    /// Charts: the newest part only, and on with it.
    Tail,
    /// Charts: a window of its own for this chart, or that of all.
    OwnWindow,
    /// Charts: what lines are drawn with.
    Dots,
    /// Charts: more and smaller, or fewer and larger.
    MoreCharts,
    FewerCharts,
    /// Logs: show less, or more.
    RaiseFloor,
    LowerFloor,
    Floor(Level),
    /// Logs: show lines of this level, or not, whatever the floor is.
    ToggleLevel(Level),
    NextProblem,
    PreviousProblem,
    NextError,
    PreviousError,
    /// Logs: to the next place of the timeline with warnings or errors, or the one before.
    TimelineNext,
    TimelinePrevious,
    Follow,
    Wrap,
    /// Logs: time of day, since the start, or none.
    LogTime,
    /// Logs: open or close the group of fields in a record.
    FoldFields,
    /// Details: open or close the group of parameters.
    Fold,
    /// Details: of marked runs only what differs.
    Differing,
    /// Details: the run alone, or beside those that are marked.
    Alone,
}
