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

const fn row(
    scope: Scope,
    keys: &'static [&'static str],
    command: Command,
    name: &'static str,
    hint: &'static str,
    words: &'static str,
) -> Binding {
    Binding {
        scope,
        keys,
        command,
        name,
        hint,
        words,
    }
}

use Scope::{Anywhere, Panel};

/// Every command that can be asked for, in the order of the help screen.
pub const BINDINGS: &[Binding] = &[
    // Going around
    row(
        Anywhere,
        &["Tab"],
        Command::FocusNext,
        "focus next",
        "focus",
        "go to the next panel",
    ),
    row(
        Anywhere,
        &["Shift-Tab"],
        Command::FocusPrevious,
        "focus previous",
        "",
        "go to the previous panel",
    ),
    row(
        Anywhere,
        &["1"],
        Command::Focus(PanelId::Runs),
        "focus runs",
        "",
        "go to the list of runs",
    ),
    row(
        Anywhere,
        &["2"],
        Command::Focus(PanelId::Charts),
        "focus charts",
        "",
        "go to the charts",
    ),
    row(
        Anywhere,
        &["3"],
        Command::Focus(PanelId::Logs),
        "focus logs",
        "",
        "go to the log",
    ),
    row(
        Anywhere,
        &["4"],
        Command::Focus(PanelId::Details),
        "focus details",
        "",
        "go to the details",
    ),
    row(
        Anywhere,
        &["Enter", "z"],
        Command::Enter,
        "zoom",
        "zoom",
        "one level in: the panel fills the screen, then what is selected",
    ),
    row(
        Anywhere,
        &["Esc"],
        Command::Back,
        "back",
        "",
        "one level out; it never quits",
    ),
    row(
        Anywhere,
        &["]"],
        Command::NextRun,
        "run next",
        "run",
        "show the next run, from anywhere",
    ),
    row(
        Anywhere,
        &["["],
        Command::PreviousRun,
        "run previous",
        "",
        "show the previous run, from anywhere",
    ),
    // Moving
    row(
        Anywhere,
        &["j", "Down"],
        Command::Move(Motion::Down),
        "down",
        "",
        "move down",
    ),
    row(
        Anywhere,
        &["k", "Up"],
        Command::Move(Motion::Up),
        "up",
        "",
        "move up",
    ),
    row(
        Anywhere,
        &["h", "Left"],
        Command::Move(Motion::Left),
        "left",
        "",
        "move left",
    ),
    row(
        Anywhere,
        &["l", "Right"],
        Command::Move(Motion::Right),
        "right",
        "",
        "move right",
    ),
    row(
        Anywhere,
        &["Ctrl-d"],
        Command::Move(Motion::HalfDown),
        "half page down",
        "",
        "half a page down",
    ),
    row(
        Anywhere,
        &["Ctrl-u"],
        Command::Move(Motion::HalfUp),
        "half page up",
        "",
        "half a page up",
    ),
    row(
        Anywhere,
        &["PgDn", "Ctrl-f"],
        Command::Move(Motion::PageDown),
        "page down",
        "",
        "a page down",
    ),
    row(
        Anywhere,
        &["PgUp", "Ctrl-b"],
        Command::Move(Motion::PageUp),
        "page up",
        "",
        "a page up",
    ),
    row(
        Anywhere,
        &["g", "Home"],
        Command::Move(Motion::Top),
        "top",
        "",
        "to the start",
    ),
    row(
        Anywhere,
        &["G", "End"],
        Command::Move(Motion::Bottom),
        "bottom",
        "",
        "to the end",
    ),
    // Finding
    row(
        Anywhere,
        &["/"],
        Command::Filter,
        "filter",
        "filter",
        "show only what matches, as you type",
    ),
    row(
        Anywhere,
        &["n"],
        Command::NextMatch,
        "match next",
        "",
        "go to the next match",
    ),
    row(
        Anywhere,
        &["N"],
        Command::PreviousMatch,
        "match previous",
        "",
        "go to the previous match",
    ),
    // Charts
    row(
        Panel(PanelId::Charts),
        &["a"],
        Command::YScale,
        "y axis",
        "axis",
        "linear or logarithmic y axis of this chart",
    ),
    row(
        Panel(PanelId::Charts),
        &["x"],
        Command::XAxis,
        "x axis",
        "x",
        "what the x axis counts: epochs, steps, time",
    ),
    row(
        Panel(PanelId::Charts),
        &["+", "="],
        Command::MoreCharts,
        "charts more",
        "more",
        "more and smaller charts",
    ),
    row(
        Panel(PanelId::Charts),
        &["-"],
        Command::FewerCharts,
        "charts fewer",
        "",
        "fewer and larger charts",
    ),
    // Logs
    row(
        Panel(PanelId::Logs),
        &[">", "+"],
        Command::RaiseFloor,
        "level up",
        "level",
        "show only more severe lines",
    ),
    row(
        Panel(PanelId::Logs),
        &["<", "-"],
        Command::LowerFloor,
        "level down",
        "",
        "show less severe lines, too",
    ),
    row(
        Panel(PanelId::Logs),
        &[],
        Command::Floor(Level::Debug),
        "level debug",
        "",
        "show all lines",
    ),
    row(
        Panel(PanelId::Logs),
        &[],
        Command::Floor(Level::Info),
        "level info",
        "",
        "show lines from info up",
    ),
    row(
        Panel(PanelId::Logs),
        &[],
        Command::Floor(Level::Warn),
        "level warn",
        "",
        "show lines from warn up",
    ),
    row(
        Panel(PanelId::Logs),
        &[],
        Command::Floor(Level::Error),
        "level error",
        "",
        "show lines from error up",
    ),
    row(
        Panel(PanelId::Logs),
        &[],
        Command::Floor(Level::Fatal),
        "level fatal",
        "",
        "show only fatal lines",
    ),
    row(
        Panel(PanelId::Logs),
        &["e"],
        Command::NextProblem,
        "problem next",
        "error",
        "go to the next warning or error",
    ),
    row(
        Panel(PanelId::Logs),
        &["E"],
        Command::PreviousProblem,
        "problem previous",
        "",
        "go to the previous warning or error",
    ),
    row(
        Panel(PanelId::Logs),
        &["F"],
        Command::Follow,
        "follow",
        "follow",
        "stay at the newest line, or not",
    ),
    row(
        Panel(PanelId::Logs),
        &["w"],
        Command::Wrap,
        "wrap",
        "wrap",
        "wrap long lines, or cut them",
    ),
    row(
        Panel(PanelId::Logs),
        &["t"],
        Command::LogTime,
        "log time",
        "time",
        "time of day, since the start, or none",
    ),
    // Details
    row(
        Panel(PanelId::Details),
        &["Space"],
        Command::Fold,
        "fold",
        "fold",
        "open or close the group",
    ),
    // The program
    row(
        Anywhere,
        &["y"],
        Command::Copy,
        "copy",
        "copy",
        "copy what is selected",
    ),
    row(
        Anywhere,
        &["p"],
        Command::Pause,
        "pause",
        "pause",
        "hold the view still while reading goes on",
    ),
    row(
        Anywhere,
        &["M"],
        Command::Mouse,
        "mouse",
        "",
        "give the mouse to the terminal, or take it back",
    ),
    row(
        Anywhere,
        &["T"],
        Command::Theme,
        "theme",
        "",
        "the next theme",
    ),
    row(
        Anywhere,
        &["Ctrl-l"],
        Command::Redraw,
        "redraw",
        "",
        "draw the screen anew",
    ),
    row(
        Anywhere,
        &["Ctrl-z"],
        Command::Suspend,
        "suspend",
        "",
        "back to the shell; fg comes back",
    ),
    row(
        Anywhere,
        &[":"],
        Command::Palette,
        "palette",
        "command",
        "type a command by its name",
    ),
    row(Anywhere, &["?"], Command::Help, "help", "help", "all keys"),
    row(
        Anywhere,
        &["q", "Ctrl-c"],
        Command::Quit,
        "quit",
        "quit",
        "end the program",
    ),
];

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
            Some(Command::MoreCharts)
        );
        assert_eq!(command_for(key("+"), PanelId::Runs), None);
    }
}
