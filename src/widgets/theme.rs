//! How things look: a style for every role, in the colours and characters that the terminal has.

use ratatui::style::{Color, Modifier, Style};

/// Which colours are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// For a dark background.
    #[default]
    Dark,
    /// For a light background.
    Light,
    HighContrast,
    /// No colours: bold, dim, underlined and reversed text only.
    Mono,
}

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    None,
    Sixteen,
    TwoHundredFiftySix,
    True,
}

/// What a piece of the screen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Values: what is looked for.
    Text,
    /// The most important word of a line.
    Strong,
    /// Labels, units, times: what explains values.
    Quiet,
    /// What is there only to be found when it is looked for: axes, levels without lines.
    Faint,
    Border,
    FocusedBorder,
    /// The one accent: keys, the focused panel's number.
    Accent,
    /// The line with the cursor, in the focused panel and elsewhere.
    Cursor,
    CursorElsewhere,
    /// What a filter or a search matches.
    Match,
    Good,
    Warning,
    Bad,
}

/// Whose line it is. Colours depend on the name and never on the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue<'a> {
    Train,
    Val,
    Test,
    Named(&'a str),
}

/// The look of everything.
#[derive(Clone, Debug)]
pub struct Theme {
    pub palette: Palette,
    pub depth: Depth,
    /// Only characters of ASCII are drawn.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(Palette::Dark, Depth::True, false)
    }
}

impl Theme {
    pub const fn new(palette: Palette, depth: Depth, ascii: bool) -> Self {
        Self {
            palette,
            depth,
            ascii,
        }
    }

    #[must_use]
    pub fn next(&self) -> Self {
        self.clone()
    }

    pub fn style(&self, role: Role) -> Style {
        let style = Style::new();
        match role {
            Role::Text => style,
            Role::Strong => style.add_modifier(Modifier::BOLD),
            Role::Quiet => style.fg(Color::Indexed(245)),
            Role::Faint => style.fg(Color::Indexed(240)),
            Role::Border => style.fg(Color::Indexed(238)),
            Role::FocusedBorder => style.fg(Color::Indexed(250)),
            Role::Accent => style
                .fg(Color::Rgb(86, 180, 233))
                .add_modifier(Modifier::BOLD),
            Role::Cursor => style.add_modifier(Modifier::REVERSED),
            Role::CursorElsewhere => style.add_modifier(Modifier::BOLD),
            Role::Match => style.add_modifier(Modifier::UNDERLINED),
            Role::Good => style.fg(Color::Rgb(0, 158, 115)),
            Role::Warning => style.fg(Color::Rgb(240, 228, 66)),
            Role::Bad => style.fg(Color::Rgb(213, 94, 0)),
        }
    }

    /// The colour of a line.
    pub fn series(&self, hue: Hue<'_>) -> Style {
        match hue {
            Hue::Train => Style::new().fg(Color::Rgb(86, 180, 233)),
            Hue::Val => Style::new().fg(Color::Rgb(230, 159, 0)),
            Hue::Test => Style::new().fg(Color::Rgb(0, 158, 115)),
            Hue::Named(_) => Style::new().fg(Color::Rgb(204, 121, 167)),
        }
    }

    /// The same line, faint: raw values behind smooth ones, superseded parts.
    pub fn faint_series(&self, hue: Hue<'_>) -> Style {
        self.series(hue).add_modifier(Modifier::DIM)
    }
}

impl Palette {
    pub const fn name(self) -> &'static str {
        "dark"
    }
}
