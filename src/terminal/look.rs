//! Options and environment → the look. Pure: nothing is asked of the terminal.

use crate::widgets::theme::{Depth, Palette, Theme};

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// As the environment says.
    #[default]
    Auto,
    Always,
    Never,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub colour: Colour,
    /// Nothing means: as the background of the terminal seems to be.
    pub palette: Option<Palette>,
    pub ascii: bool,
}

/// Reads a variable of the environment.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Whether this terminal can show a screen at all: it says so by its name.
pub fn can_show(variable: Variable<'_>) -> bool {
    !matches!(value(variable, "TERM").as_str(), "" | "dumb" | "unknown")
}

/// How everything is to look.
pub fn theme(wishes: Wishes, variable: Variable<'_>) -> Theme {
    let depth = depth(wishes.colour, variable);
    let palette = match wishes.palette {
        Some(palette) => palette,
        None if depth == Depth::None => Palette::Mono,
        None if is_light(variable) => Palette::Light,
        None => Palette::Dark,
    };
    Theme::new(palette, depth, wishes.ascii || is_ascii(variable))
}

fn value(variable: Variable<'_>, name: &str) -> String {
    variable(name).unwrap_or_default()
}

fn depth(colour: Colour, variable: Variable<'_>) -> Depth {
    let is_set = |name| !value(variable, name).is_empty();
    let forced = !matches!(value(variable, "CLICOLOR_FORCE").as_str(), "" | "0");
    let unwanted = is_set("NO_COLOR") || value(variable, "CLICOLOR") == "0" && !forced;
    match colour {
        Colour::Never => Depth::None,
        Colour::Auto if unwanted => Depth::None,
        Colour::Auto if !forced => capability(variable),
        Colour::Auto | Colour::Always => capability(variable).max(Depth::Sixteen),
    }
}

/// What the terminal can show, by the names that terminals give themselves.
fn capability(variable: Variable<'_>) -> Depth {
    let term = value(variable, "TERM");
    let has = |word: &str| term.contains(word);
    let starts = |words: &[&str]| words.iter().any(|word| term.starts_with(word));
    if starts(&["vt1", "vt2", "vt3", "vt4", "vt5", "dumb", "ansi-m"])
        || term.is_empty()
        || has("-mono")
        || term.ends_with("-m")
    {
        return Depth::None;
    }
    if term == "linux" {
        return Depth::Sixteen;
    }
    // GNU screen hands on what the terminal outside of it said, but not its colours.
    let plain_screen = term.starts_with("screen") && value(variable, "TMUX").is_empty();
    let says_true = matches!(
        value(variable, "COLORTERM").to_ascii_lowercase().as_str(),
        "truecolor" | "24bit"
    );
    let known_true = has("-direct")
        || has("truecolor")
        || starts(&[
            "alacritty",
            "contour",
            "foot",
            "ghostty",
            "rio",
            "wezterm",
            "xterm-ghostty",
            "xterm-kitty",
        ])
        || matches!(
            value(variable, "TERM_PROGRAM").as_str(),
            "iTerm.app" | "vscode" | "WezTerm" | "ghostty" | "rio"
        )
        || !value(variable, "WT_SESSION").is_empty();
    if (says_true || known_true) && !plain_screen {
        Depth::True
    } else if has("256") {
        Depth::TwoHundredFiftySix
    } else {
        Depth::Sixteen
    }
}

/// `COLORFGBG=0;15`, which some terminals set: the last number is the colour behind the text.
fn is_light(variable: Variable<'_>) -> bool {
    let colours = value(variable, "COLORFGBG");
    let behind = colours.rsplit(';').next().and_then(|n| n.parse().ok());
    colours.contains(';') && matches!(behind, Some(7 | 9..=15))
}

/// A locale that is named and is not UTF-8 shows nothing else. Where none is named nobody says so:
/// containers name none, and their terminals know UTF-8. The console's font has no Braille.
fn is_ascii(variable: Variable<'_>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .map(|name| value(variable, name))
        .find(|locale| !locale.is_empty());
    let other = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        !locale.contains("utf-8") && !locale.contains("utf8")
    });
    other || value(variable, "TERM") == "linux"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `TERM=xterm LANG=C` → what a variable holds.
    fn environment(text: &'static str) -> impl Fn(&str) -> Option<String> {
        move |name| {
            let pairs = text.split_whitespace().filter_map(|p| p.split_once('='));
            pairs
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
                .next()
        }
    }

    fn seen(text: &'static str) -> Theme {
        theme(Wishes::default(), &environment(text))
    }

    #[test]
    fn colours_are_those_of_the_terminal() {
        use Depth::{None, Sixteen, True, TwoHundredFiftySix};
        let table = [
            ("TERM=xterm", Sixteen),
            ("TERM=xterm-256color", TwoHundredFiftySix),
            ("TERM=xterm-256color COLORTERM=truecolor", True),
            ("TERM=xterm COLORTERM=24bit", True),
            ("TERM=xterm COLORTERM=yes", Sixteen),
            ("TERM=xterm-kitty", True),
            ("TERM=xterm-direct", True),
            ("TERM=xterm-256color TERM_PROGRAM=iTerm.app", True),
            (
                "TERM=xterm-256color TERM_PROGRAM=Apple_Terminal",
                TwoHundredFiftySix,
            ),
            ("TERM=xterm-256color WT_SESSION=1", True),
            ("TERM=tmux-256color", TwoHundredFiftySix),
            ("TERM=screen-256color TMUX=1 COLORTERM=truecolor", True),
            (
                "TERM=screen-256color COLORTERM=truecolor",
                TwoHundredFiftySix,
            ),
            ("TERM=screen COLORTERM=truecolor", Sixteen),
            ("TERM=linux COLORTERM=truecolor", Sixteen),
            ("TERM=vt220", None),
            ("TERM=xterm-mono", None),
            ("", None),
            ("TERM=xterm-256color NO_COLOR=1", None),
            ("TERM=xterm-256color CLICOLOR=0", None),
            ("TERM=xterm-256color NO_COLOR=1 CLICOLOR_FORCE=1", None),
            (
                "TERM=xterm-256color CLICOLOR=0 CLICOLOR_FORCE=1",
                TwoHundredFiftySix,
            ),
            ("TERM=vt220 CLICOLOR_FORCE=1", Sixteen),
            ("TERM=vt220 CLICOLOR_FORCE=0", None),
        ];
        for (text, depth) in table {
            assert_eq!(seen(text).depth, depth, "{text}");
        }
    }

    #[test]
    fn options_go_before_the_environment() {
        let with = |colour, text| {
            let wishes = Wishes {
                colour,
                ..Wishes::default()
            };
            theme(wishes, &environment(text))
        };
        let always = with(Colour::Always, "TERM=vt220 NO_COLOR=1");
        assert_eq!(
            (always.depth, always.palette),
            (Depth::Sixteen, Palette::Dark)
        );
        let never = with(Colour::Never, "TERM=xterm-kitty CLICOLOR_FORCE=1");
        assert_eq!((never.depth, never.palette), (Depth::None, Palette::Mono));
        let wishes = Wishes {
            palette: Some(Palette::HighContrast),
            ascii: true,
            ..Wishes::default()
        };
        let chosen = theme(
            wishes,
            &environment("TERM=xterm COLORFGBG=0;15 LANG=C.UTF-8"),
        );
        assert_eq!(chosen.palette, Palette::HighContrast);
        assert!(chosen.ascii);
    }

    #[test]
    fn a_light_background_is_seen_where_it_is_told() {
        let table = [
            ("", Palette::Dark),
            ("COLORFGBG=0;15", Palette::Light),
            ("COLORFGBG=0;default;15", Palette::Light),
            ("COLORFGBG=0;7", Palette::Light),
            ("COLORFGBG=15;0", Palette::Dark),
            ("COLORFGBG=7;8", Palette::Dark),
            ("COLORFGBG=15;default", Palette::Dark),
            ("COLORFGBG=15", Palette::Dark),
        ];
        for (text, palette) in table {
            let wishes = Wishes {
                colour: Colour::Always,
                ..Wishes::default()
            };
            assert_eq!(theme(wishes, &environment(text)).palette, palette, "{text}");
        }
    }

    #[test]
    fn a_locale_without_utf_8_gets_ascii() {
        let table = [
            ("TERM=xterm", false),
            ("TERM=xterm LANG=en_US.UTF-8", false),
            ("TERM=xterm LANG=de_DE.utf8", false),
            ("TERM=xterm LC_CTYPE=UTF-8", false),
            ("TERM=xterm LANG=C", true),
            ("TERM=xterm LANG=en_US", true),
            ("TERM=xterm LANG=de_DE.ISO-8859-1", true),
            ("TERM=xterm LC_ALL=POSIX LANG=en_US.UTF-8", true),
            ("TERM=xterm LC_CTYPE=C LANG=en_US.UTF-8", true),
            ("TERM=xterm LC_ALL= LC_CTYPE=C.UTF-8 LANG=C", false),
            ("TERM=linux LANG=en_US.UTF-8", true),
        ];
        for (text, ascii) in table {
            assert_eq!(seen(text).ascii, ascii, "{text}");
        }
    }

    #[test]
    fn a_terminal_that_is_none_shows_nothing() {
        assert!(can_show(&environment("TERM=xterm")));
        for text in ["", "TERM=", "TERM=dumb", "TERM=unknown"] {
            assert!(!can_show(&environment(text)), "{text}");
        }
    }
}
