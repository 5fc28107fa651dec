//! How things look: a style for every role, in the colours and characters that the terminal has.
//!
//! The terminal's own background stays, and its own colour is that of plain text: only the line with
//! the cursor has a background. Nothing is told by colour alone.

mod colors;
mod palette;

use ratatui::style::{Color, Modifier, Style};

use palette::{Ink, Inks};

/// Which colours are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// For a dark background.
    #[default]
    Dark,
    /// For a light background.
    Light,
    /// For a black background, with nothing quieter than it must be.
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
    /// The levels of log lines.
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// Whose line it is. Colours depend on the name and never on the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue<'a> {
    Train,
    Val,
    Test,
    Named(&'a str),
    /// One of several runs laid over each other, by its number.
    Run(u8),
}

impl Hue<'_> {
    /// So many runs have colours of their own.
    pub const RUNS: u8 = 8;

    /// The number of a run's colour, as long as no other run has it.
    pub fn of_run(name: &str) -> u8 {
        let spread = spread(name);
        // Names of a sweep differ in their last characters only, which are not in the lowest bits.
        ((spread ^ (spread >> 8)) % usize::from(Self::RUNS)) as u8
    }

    /// Red, green and blue of the line on white paper.
    pub fn on_paper(self) -> [u8; 3] {
        let paper = Theme::new(Palette::Light, Depth::True, false);
        paper.series_ink(self).rgb.parts()
    }
}

/// The look of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    /// The same terminal with the next palette.
    #[must_use]
    pub fn next(&self) -> Self {
        let at = Palette::ALL
            .iter()
            .position(|palette| *palette == self.palette);
        let next = at.map_or(0, |at| (at + 1) % Palette::ALL.len());
        Self::new(Palette::ALL[next], self.depth, self.ascii)
    }

    /// Whether nothing can be told by colour.
    pub fn is_mono(&self) -> bool {
        self.palette == Palette::Mono || self.depth == Depth::None
    }

    pub fn style(&self, role: Role) -> Style {
        let inks = self.inks();
        match role {
            Role::Text => Style::new(),
            Role::Strong | Role::CursorElsewhere => bold(Style::new()),
            Role::Quiet | Role::Info => self.ink(inks.quiet),
            Role::Faint | Role::Debug => self.ink(inks.faint),
            Role::Border => self.ink(inks.border),
            Role::FocusedBorder => self.ink(inks.focused_border),
            Role::Accent => bold(self.ink(inks.accent)),
            Role::Cursor => self.cursor(),
            Role::Match => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Good => self.ink(inks.good),
            Role::Warning => self.ink(inks.warning),
            Role::Bad => self.ink(inks.bad),
            Role::Warn => bold(self.ink(inks.warning)),
            Role::Error => bold(self.ink(inks.bad)),
            Role::Fatal => bold(self.ink(inks.bad)).add_modifier(Modifier::UNDERLINED),
        }
    }

    /// The colour of a line.
    pub fn series(&self, hue: Hue<'_>) -> Style {
        self.ink(self.series_ink(hue))
    }

    /// The same line, faint: raw values behind smooth ones, superseded parts.
    pub fn faint_series(&self, hue: Hue<'_>) -> Style {
        let ink = self.series_ink(hue);
        match self.depth {
            _ if self.is_mono() => self.ink(ink).add_modifier(Modifier::DIM),
            Depth::True => Style::new().fg(ink.rgb.mixed(self.inks().background, 0.58).into()),
            Depth::TwoHundredFiftySix => Style::new().fg(Color::Indexed(ink.faint)),
            Depth::Sixteen | Depth::None => self.ink(ink).add_modifier(Modifier::DIM),
        }
    }

    /// The area around the same line: fainter than any line, for it is wide.
    pub fn band_series(&self, hue: Hue<'_>) -> Style {
        if self.depth == Depth::True && !self.is_mono() {
            let ink = self.series_ink(hue);
            return Style::new().fg(ink.rgb.mixed(self.inks().background, 0.7).into());
        }
        self.faint_series(hue)
    }

    /// A look that a log line asked for: in the colours of this palette, and readable.
    pub fn tamed(&self, style: Style) -> Style {
        let kept = Modifier::BOLD | Modifier::DIM | Modifier::ITALIC | Modifier::UNDERLINED;
        let base = Style::new().add_modifier(style.add_modifier & kept);
        match style.fg.and_then(|color| self.inks().known(color)) {
            Some(ink) if !self.is_mono() => base.patch(self.ink(ink)),
            _ => base,
        }
    }

    fn inks(&self) -> &'static Inks {
        match self.palette {
            Palette::Light => &palette::LIGHT,
            Palette::HighContrast => &palette::HIGH_CONTRAST,
            Palette::Dark | Palette::Mono => &palette::DARK,
        }
    }

    fn series_ink(&self, hue: Hue<'_>) -> Ink {
        let inks = self.inks();
        match hue {
            Hue::Train => inks.train,
            Hue::Val => inks.val,
            Hue::Test => inks.test,
            Hue::Named(name) => inks.named[spread(name) % inks.named.len()],
            Hue::Run(number) => inks.runs[usize::from(number) % inks.runs.len()],
        }
    }

    fn cursor(&self) -> Style {
        let (ground, text) = (self.inks().cursor, self.inks().text);
        // Quiet text would be too quiet on the reversed line, and its colours too many.
        let reversed = Style::new()
            .add_modifier(Modifier::REVERSED)
            .remove_modifier(Modifier::DIM);
        match self.depth {
            _ if self.is_mono() => reversed,
            // The terminal's own colour may be made for the opposite background.
            Depth::True => Style::new().fg(text.into()).bg(ground.rgb.into()),
            Depth::TwoHundredFiftySix => Style::new()
                .fg(Color::Indexed(text.nearest_index()))
                .bg(Color::Indexed(ground.indexed)),
            Depth::Sixteen | Depth::None => reversed.fg(Color::Reset),
        }
    }

    fn ink(&self, ink: Ink) -> Style {
        let style = Style::new();
        match self.depth {
            _ if self.is_mono() => style.add_modifier(ink.mono),
            Depth::True => style.fg(ink.rgb.into()),
            Depth::TwoHundredFiftySix => style.fg(Color::Indexed(ink.indexed)),
            Depth::Sixteen if ink.sixteen == Color::Reset => style.add_modifier(ink.mono),
            Depth::Sixteen | Depth::None => style.fg(ink.sixteen),
        }
    }
}

impl Palette {
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::HighContrast, Self::Mono];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
        }
    }
}

fn bold(style: Style) -> Style {
    style.add_modifier(Modifier::BOLD)
}

/// A number that depends on the name alone, today and in every later version (FNV-1a).
fn spread(name: &str) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    // The upper half is mixed best.
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests;
