//! The table of keys. A row says where a key works, what it asks, and how that is called.

use super::{Command, Key, Motion, PanelId};
use crate::record::Level;

/// Where a binding works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Anywhere,
    Panel(PanelId),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub scope: Scope,
    /// The keys that ask for it, the one that is shown first. A command without keys is asked for
    /// by its name.
    pub keys: &'static [&'static str],
    pub command: Command,
    /// The name in the palette.
    pub name: &'static str,
    /// One or two words for the footer; empty when it is never shown there.
    pub hint: &'static str,
    /// What it does, for the help screen.
    pub words: &'static str,
}

/// Writes the table down one row a line: keys, command, name, hint, words.
macro_rules! table {
    ($($scope:expr => { $([$($key:literal),*] $command:expr, $name:literal, $hint:literal, $words:literal;)* })*) => {
        &[$($(Binding {
            scope: $scope,
            keys: &[$($key),*],
            command: $command,
            name: $name,
            hint: $hint,
            words: $words,
        }),*),*]
    };
}

use Command::{
    Alone, Back, Baseline, Best, Clip, Columns, Copy, CopyMenu, Differing, Dots, Enter,
    FewerCharts, Filter, FilterLines, Floor, Focus, FocusNext, FocusPrevious, Fold, FoldFields,
    FoldGroup, Follow, GroupBy, Help, LeapLeft, LeapRight, Link, LogTime, LowerFloor, Mark,
    MarkAll, Messages, MoreCharts, Mouse, Move, NextError, NextMatch, NextProblem, NextRun,
    OwnWindow, Palette, PanLeft, PanRight, Pause, Pin, PreviousError, PreviousMatch,
    PreviousProblem, PreviousRun, Quit, RaiseFloor, Redraw, SmoothLess, SmoothMore, Sort, Suspend,
    Tail, Theme, TimelineNext, TimelinePrevious, ToggleLevel, UnmarkAll, Whole, Wrap, XAxis,
    YScale, ZoomIn, ZoomOut,
};
use Motion::{Bottom, Down, HalfDown, HalfUp, Left, PageDown, PageUp, Right, Top, Up};
use Scope::{Anywhere, Panel};

/// Every command that can be asked for, in the order of the help screen.
pub const BINDINGS: &[Binding] = table! {
    // Going around
    Anywhere => {
        ["Tab"]              FocusNext,                 "focus next",        "focus",    "go to the next panel";
        ["Shift-Tab"]        FocusPrevious,             "focus previous",    "",         "go to the previous panel";
        ["1"]                Focus(PanelId::Runs),      "focus runs",        "",         "go to the list of runs";
        ["2"]                Focus(PanelId::Charts),    "focus charts",      "",         "go to the charts";
        ["3"]                Focus(PanelId::Logs),      "focus logs",        "",         "go to the log";
        ["4"]                Focus(PanelId::Details),   "focus details",     "",         "go to the details";
        ["Enter", "z"]       Enter,                     "zoom",              "zoom",     "one level in: the panel, then what is selected";
        ["Esc"]              Back,                      "back",              "",         "one level out; it never quits";
        ["]"]                NextRun,                   "run next",          "run",      "show the next run, from anywhere";
        ["["]                PreviousRun,               "run previous",      "",         "show the previous run, from anywhere";
    }
    // Moving
    Anywhere => {
        ["j", "Down"]        Move(Down),                "down",              "",         "move down";
        ["k", "Up"]          Move(Up),                  "up",                "",         "move up";
        ["h", "Left"]        Move(Left),                "left",              "read",     "left: the cursor of charts, the column of tables";
        ["l", "Right"]       Move(Right),               "right",             "",         "right: the cursor of charts, the column of tables";
        ["Ctrl-d"]           Move(HalfDown),            "half page down",    "",         "half a page down";
        ["Ctrl-u"]           Move(HalfUp),              "half page up",      "",         "half a page up";
        ["PgDn", "Ctrl-f"]   Move(PageDown),            "page down",         "",         "a page down";
        ["PgUp", "Ctrl-b"]   Move(PageUp),              "page up",           "",         "a page up";
        ["g", "Home"]        Move(Top),                 "top",               "",         "to the start";
        ["G", "End"]         Move(Bottom),              "bottom",            "",         "to the end";
    }
    // Finding
    Anywhere => {
        ["/"]                Filter,                    "filter",            "filter",   "show only what matches; in the log find it, as you type";
        ["n"]                NextMatch,                 "match next",        "",         "the next match in the log, NaN or Inf in charts";
        ["N"]                PreviousMatch,             "match previous",    "",         "the match before in the log, NaN or Inf in charts";
    }
    // Runs
    Panel(PanelId::Runs) => {
        ["Space"]            Mark,                      "mark",              "mark",     "mark this run, or no longer: marked runs share charts";
        ["u"]                UnmarkAll,                 "unmark all",        "",         "no run is marked any more";
        ["a"]                MarkAll,                   "mark all",          "",         "mark all runs that are listed";
        ["s"]                Sort,                      "sort",              "sort",     "sort by this column, the other way round, or not";
        ["c"]                Columns,                   "columns",           "columns",  "choose the columns of the table";
        ["b"]                GroupBy,                   "group",             "group",    "choose what runs are grouped by";
        ["o"]                FoldGroup,                 "fold group",        "",         "open or close the group";
    }
    // Charts
    Panel(PanelId::Charts) => {
        ["s"]                SmoothMore,                "smooth more",       "smooth",   "smooth the lines: 0.6, 0.9, 0.97, 0.99";
        ["S"]                SmoothLess,                "smooth less",       "",         "smooth less, then not at all";
        ["a"]                YScale,                    "y axis",            "log",      "y axis of this chart: linear, log, or both around zero";
        ["x"]                XAxis,                     "x axis",            "axis",     "what the x axis counts: epochs, steps, time";
        ["o"]                Clip,                      "clip",              "clip",     "leave outliers outside of this chart";
        ["b"]                Best,                      "best",              "best",     "the cursor to the best point";
        ["H", "Shift-Left"]  LeapLeft,                  "leap left",         "",         "the cursor ten points back";
        ["L", "Shift-Right"] LeapRight,                 "leap right",        "",         "the cursor ten points on";
        ["+", "="]           ZoomIn,                    "zoom in",           "closer",   "closer, around the cursor";
        ["-"]                ZoomOut,                   "zoom out",          "",         "farther away";
        ["(", ","]           PanLeft,                   "pan left",          "",         "the part before";
        [")", "."]           PanRight,                  "pan right",         "",         "the part after";
        ["0"]                Whole,                     "whole",             "",         "everything again, from the first to the last point";
        ["t"]                Tail,                      "tail",              "tail",     "only the newest part, and on with it";
        ["w"]                OwnWindow,                 "own window",        "",         "zoom into this chart alone, or into all";
        ["f"]                Pin,                       "pin",               "pin",      "this chart before the others";
        ["c"]                MoreCharts,                "charts more",       "more",     "more and smaller charts";
        ["C"]                FewerCharts,               "charts fewer",      "",         "fewer and larger charts";
        ["d"]                Dots,                      "dots",              "",         "draw lines with braille, half blocks, blocks or ASCII";
    }
    // Logs
    Panel(PanelId::Logs) => {
        ["&"]                FilterLines,               "filter lines",      "filter",   "show only lines that match; / searches among them";
        [">", "+"]           RaiseFloor,                "level up",          "level",    "show only more severe lines";
        ["<", "-"]           LowerFloor,                "level down",        "",         "show less severe lines, too";
        []                   Floor(Level::Debug),       "level debug",       "",         "show all lines";
        []                   Floor(Level::Info),        "level info",        "",         "show lines from info up";
        []                   Floor(Level::Warn),        "level warn",        "",         "show lines from warn up";
        []                   Floor(Level::Error),       "level error",       "",         "show lines from error up";
        []                   Floor(Level::Fatal),       "level fatal",       "",         "show only fatal lines";
        ["5"]                ToggleLevel(Level::Debug), "toggle debug",      "",         "show debug lines, or not";
        ["6"]                ToggleLevel(Level::Info),  "toggle info",       "",         "show info lines, or not";
        ["7"]                ToggleLevel(Level::Warn),  "toggle warn",       "",         "show warn lines, or not";
        ["8"]                ToggleLevel(Level::Error), "toggle error",      "",         "show error lines, or not";
        ["9"]                ToggleLevel(Level::Fatal), "toggle fatal",      "",         "show fatal lines, or not";
        ["e"]                NextProblem,               "problem next",      "problem",  "go to the next warning or error";
        ["E"]                PreviousProblem,           "problem previous",  "",         "go to the previous warning or error";
        ["x"]                NextError,                 "error next",        "",         "go to the next error";
        ["X"]                PreviousError,             "error previous",    "",         "go to the previous error";
        [")", "."]           TimelineNext,              "timeline next",     "",         "on along the timeline of warnings and errors";
        ["(", ","]           TimelinePrevious,          "timeline previous", "",         "back along the timeline of warnings and errors";
        ["Space"]            FoldFields,                "fold fields",       "",         "in a record: open or close the group of fields";
        ["F"]                Follow,                    "follow",            "follow",   "stay at the newest line, or not";
        ["w"]                Wrap,                      "wrap",              "wrap",     "wrap long lines, or cut them";
        ["t"]                LogTime,                   "log time",          "time",     "time of day, since the start, or none";
    }
    // Details
    Panel(PanelId::Details) => {
        ["Space"]            Fold,                      "fold",              "fold",     "open or close the group";
        ["="]                Differing,                 "differing",         "differ",   "of marked runs only what differs";
        ["v"]                Alone,                     "alone",             "",         "this run alone, or beside those that are marked";
    }
    // The program
    Anywhere => {
        ["y"]                Copy,                      "copy",              "copy",     "copy what is selected";
        ["Y"]                CopyMenu,                  "copy menu",         "",         "everything that can be copied here, to choose from";
        ["B"]                Baseline,                  "baseline",          "baseline", "measure all runs against this one, or no longer";
        ["m"]                Link,                      "link",              "link",     "log and charts follow each other in time, or not";
        ["p"]                Pause,                     "pause",             "pause",    "hold the view still while reading goes on";
        ["M"]                Mouse,                     "mouse",             "",         "give the mouse to the terminal, or take it back";
        ["T"]                Theme,                     "theme",             "",         "the next theme";
        ["Ctrl-l"]           Redraw,                    "redraw",            "",         "draw the screen anew";
        ["Ctrl-z"]           Suspend,                   "suspend",           "",         "back to the shell; fg comes back";
        [":"]                Palette,                   "palette",           "command",  "type a command by its name";
        ["!"]                Messages,                  "messages",          "",         "what was said about files and how they are watched";
        ["?"]                Help,                      "help",              "help",     "all keys";
        ["q", "Ctrl-c"]      Quit,                      "quit",              "quit",     "end the program";
    }
};

/// What a key asks for in a panel: the panel's own meaning before the general one.
pub fn command_for(key: Key, panel: PanelId) -> Option<Command> {
    let asks = |binding: &&Binding| {
        binding
            .keys
            .iter()
            .any(|name| Key::parse(name) == Some(key))
    };
    let of = |scope| {
        BINDINGS
            .iter()
            .filter(move |binding| binding.scope == scope)
            .find(asks)
    };
    of(Panel(panel)).or_else(|| of(Anywhere)).map(|b| b.command)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_has_a_name_that_is_read_back() {
        for binding in BINDINGS {
            for name in binding.keys {
                let key = Key::parse(name).expect(name);
                assert_eq!(key.to_string(), *name);
            }
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for panel in PanelId::ALL {
            let here = |b: &&Binding| b.scope == Anywhere || b.scope == Panel(panel);
            let mut seen = BTreeSet::new();
            for key in BINDINGS.iter().filter(here).flat_map(|b| b.keys) {
                assert!(
                    seen.insert(key),
                    "{key} means two things in {}",
                    panel.name()
                );
            }
        }
    }

    #[test]
    fn every_command_has_one_name_and_one_row() {
        let names: BTreeSet<_> = BINDINGS.iter().map(|b| b.name).collect();
        assert_eq!(names.len(), BINDINGS.len());
        let commands: BTreeSet<String> = BINDINGS
            .iter()
            .map(|b| format!("{:?}", b.command))
            .collect();
        assert_eq!(commands.len(), BINDINGS.len());
        assert!(
            BINDINGS
                .iter()
                .all(|b| !b.words.is_empty() && !b.name.is_empty())
        );
    }

    #[test]
    fn keys_ask_for_what_the_table_says() {
        let key = |name| Key::parse(name).expect(name);
        assert_eq!(command_for(key("q"), PanelId::Logs), Some(Command::Quit));
        assert_eq!(
            command_for(key("+"), PanelId::Logs),
            Some(Command::RaiseFloor)
        );
        assert_eq!(
            command_for(key("+"), PanelId::Charts),
            Some(Command::ZoomIn)
        );
        assert_eq!(command_for(key("+"), PanelId::Runs), None);
    }
}
