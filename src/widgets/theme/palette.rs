//! The colours of every palette: those of Okabe and Ito for lines, which stay apart for people who
//! see fewer colours, and greys for what recedes.

use ratatui::style::{Color, Modifier};

use super::Hue;
use super::colors::Rgb;

/// A colour in every depth, and what stands for it without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) rgb: Rgb,
    /// The nearest of 256.
    pub(super) indexed: u8,
    /// One of 256 for the same line when it is faint: the nearest would be grey.
    pub(super) faint: u8,
    /// One of 16, or [`Color::Reset`] where the modifier does it.
    pub(super) sixteen: Color,
    pub(super) mono: Modifier,
}

#[derive(Debug)]
pub(super) struct Inks {
    /// What the terminal's own colours are taken for.
    pub(super) background: Rgb,
    pub(super) text: Rgb,
    pub(super) quiet: Ink,
    pub(super) faint: Ink,
    pub(super) border: Ink,
    pub(super) focused_border: Ink,
    pub(super) accent: Ink,
    /// The background of the line with the cursor.
    pub(super) cursor: Ink,
    pub(super) good: Ink,
    pub(super) warning: Ink,
    pub(super) bad: Ink,
    pub(super) train: Ink,
    pub(super) val: Ink,
    pub(super) test: Ink,
    /// For names of any kind; [`PURPLE`] and [`BLUE`] have their places.
    pub(super) named: [Ink; 5],
    /// For runs laid over each other: found by trying, so that those who see fewer colours can tell
    /// all pairs apart as far as eight colours allow.
    pub(super) runs: [Ink; Hue::RUNS as usize],
}

const PURPLE: usize = 1;
const BLUE: usize = 2;

const PLAIN: Modifier = Modifier::empty();
const BOLD: Modifier = Modifier::BOLD;
const DIM: Modifier = Modifier::DIM;

pub(super) const DARK: Inks = Inks {
    background: Rgb(18, 18, 18),
    text: Rgb(215, 217, 220),
    quiet: ink(138, 143, 152, Color::Reset, DIM),
    faint: ink(108, 113, 122, Color::DarkGray, DIM),
    border: ink(60, 64, 71, Color::DarkGray, DIM),
    focused_border: ink(150, 156, 166, Color::Gray, BOLD),
    accent: ink(86, 180, 233, Color::LightCyan, BOLD),
    cursor: ink(38, 46, 58, Color::Reset, PLAIN),
    good: ink(46, 184, 138, Color::Green, PLAIN),
    // Seen on white too, should a terminal be light and nobody have said so.
    warning: ink(190, 184, 0, Color::LightYellow, BOLD),
    bad: ink(240, 95, 62, Color::LightRed, BOLD),
    train: ink(86, 180, 233, Color::LightCyan, PLAIN).faint(24),
    val: ink(230, 159, 0, Color::Yellow, BOLD).faint(94),
    test: ink(0, 158, 115, Color::Green, PLAIN).faint(22),
    named: [
        ink(190, 184, 0, Color::LightYellow, PLAIN).faint(58),
        ink(204, 121, 167, Color::Magenta, PLAIN).faint(96),
        ink(80, 128, 230, Color::LightBlue, PLAIN).faint(61),
        ink(0, 158, 115, Color::Green, PLAIN).faint(22),
        ink(213, 94, 0, Color::LightRed, PLAIN).faint(88),
    ],
    runs: [
        ink(86, 180, 233, Color::LightCyan, PLAIN).faint(24),
        ink(230, 159, 0, Color::Yellow, BOLD).faint(94),
        ink(7, 128, 16, Color::Green, DIM).faint(22),
        ink(204, 70, 178, Color::Magenta, PLAIN).faint(89),
        ink(156, 140, 66, Color::LightYellow, BOLD).faint(58),
        ink(14, 91, 250, Color::LightBlue, DIM).faint(54),
        ink(230, 28, 10, Color::LightRed, PLAIN).faint(88),
        ink(29, 160, 143, Color::Cyan, BOLD).faint(23),
    ],
};

pub(super) const LIGHT: Inks = Inks {
    background: Rgb(255, 255, 255),
    text: Rgb(30, 32, 36),
    quiet: ink(90, 95, 104, Color::Reset, DIM),
    faint: ink(122, 127, 136, Color::DarkGray, DIM),
    border: ink(200, 203, 208, Color::DarkGray, DIM),
    focused_border: ink(90, 95, 104, Color::Reset, BOLD),
    accent: ink(0, 114, 178, Color::Blue, BOLD),
    cursor: ink(222, 233, 246, Color::Reset, PLAIN),
    good: ink(0, 128, 92, Color::Green, PLAIN),
    warning: ink(148, 108, 0, Color::Yellow, BOLD),
    bad: ink(190, 20, 50, Color::Red, BOLD),
    train: ink(0, 114, 178, Color::Blue, PLAIN).faint(110),
    val: ink(213, 94, 0, Color::Yellow, BOLD).faint(216),
    test: ink(0, 138, 100, Color::Green, PLAIN).faint(115),
    named: [
        ink(105, 112, 0, Color::Cyan, PLAIN).faint(143),
        ink(178, 84, 138, Color::Magenta, PLAIN).faint(182),
        ink(72, 62, 168, Color::LightBlue, PLAIN).faint(146),
        ink(0, 138, 100, Color::Green, PLAIN).faint(115),
        ink(120, 60, 20, Color::Red, PLAIN).faint(180),
    ],
    runs: [
        ink(0, 114, 178, Color::Blue, PLAIN).faint(110),
        ink(213, 94, 0, Color::Yellow, BOLD).faint(216),
        ink(4, 75, 20, Color::Green, DIM).faint(108),
        ink(244, 38, 207, Color::Magenta, PLAIN).faint(212),
        ink(149, 142, 44, Color::Reset, BOLD).faint(144),
        ink(33, 6, 253, Color::LightBlue, DIM).faint(105),
        ink(235, 16, 98, Color::Red, PLAIN).faint(211),
        ink(30, 150, 127, Color::Cyan, BOLD).faint(116),
    ],
};

pub(super) const HIGH_CONTRAST: Inks = Inks {
    background: Rgb(0, 0, 0),
    text: Rgb(255, 255, 255),
    quiet: ink(215, 218, 224, Color::Reset, PLAIN),
    faint: ink(170, 175, 184, Color::Reset, PLAIN),
    border: ink(140, 145, 154, Color::Gray, PLAIN),
    focused_border: ink(255, 255, 255, Color::White, BOLD),
    accent: ink(120, 205, 255, Color::LightCyan, BOLD),
    cursor: ink(24, 58, 104, Color::Reset, PLAIN),
    good: ink(60, 220, 160, Color::LightGreen, PLAIN),
    warning: ink(255, 240, 70, Color::LightYellow, BOLD),
    bad: ink(255, 130, 105, Color::LightRed, BOLD),
    train: ink(120, 205, 255, Color::LightCyan, PLAIN).faint(31),
    val: ink(255, 176, 0, Color::LightYellow, BOLD).faint(136),
    test: ink(20, 200, 150, Color::LightGreen, PLAIN).faint(29),
    named: [
        ink(255, 240, 70, Color::Yellow, PLAIN).faint(100),
        ink(240, 160, 205, Color::LightMagenta, PLAIN).faint(133),
        ink(150, 180, 255, Color::LightBlue, PLAIN).faint(68),
        ink(60, 220, 160, Color::LightGreen, PLAIN).faint(35),
        ink(255, 140, 70, Color::LightRed, PLAIN).faint(130),
    ],
    runs: [
        ink(120, 205, 255, Color::LightCyan, PLAIN).faint(31),
        ink(255, 176, 0, Color::Yellow, BOLD).faint(136),
        ink(14, 249, 81, Color::LightGreen, DIM).faint(28),
        ink(223, 143, 191, Color::LightMagenta, PLAIN).faint(96),
        ink(230, 216, 141, Color::LightYellow, BOLD).faint(101),
        ink(145, 121, 254, Color::LightBlue, DIM).faint(61),
        ink(253, 78, 88, Color::LightRed, PLAIN).faint(124),
        ink(35, 253, 223, Color::Cyan, BOLD).faint(30),
    ],
};

impl Ink {
    const fn faint(self, faint: u8) -> Self {
        Self { faint, ..self }
    }

    /// The same in another colour, where there are enough of them.
    pub(super) const fn with(self, rgb: Rgb) -> Self {
        let indexed = rgb.nearest_index();
        Self {
            rgb,
            indexed,
            ..self
        }
    }
}

impl Inks {
    /// The ink for a colour that somebody else chose; nothing for that of plain text.
    pub(super) fn known(&self, color: Color) -> Option<Ink> {
        let rgb = match color {
            Color::Indexed(at @ ..16) => return self.known(SIXTEEN[usize::from(at)]),
            Color::Reset | Color::Gray | Color::White => return None,
            Color::Black | Color::DarkGray => return Some(self.quiet),
            Color::Red | Color::LightRed => return Some(self.bad),
            Color::Green | Color::LightGreen => return Some(self.good),
            Color::Yellow | Color::LightYellow => return Some(self.warning),
            Color::Blue | Color::LightBlue => return Some(self.named[BLUE]),
            Color::Cyan | Color::LightCyan => return Some(self.train),
            Color::Magenta | Color::LightMagenta => return Some(self.named[PURPLE]),
            Color::Indexed(at) => Rgb::of_index(at),
            Color::Rgb(red, green, blue) => Rgb(red, green, blue),
        };
        let near = [
            self.quiet,
            self.bad,
            self.good,
            self.warning,
            self.named[BLUE],
            self.train,
            self.named[PURPLE],
        ];
        let near = near.iter().min_by_key(|ink| ink.rgb.distance(rgb))?;
        Some(near.with(self.readable(rgb)))
    }

    /// The colour, as near to that of plain text as it must be to be read.
    fn readable(&self, rgb: Rgb) -> Rgb {
        let shares = (0..=10).map(|tenths| tenths as f32 / 10.0);
        let mut mixed = shares.map(|share| rgb.mixed(self.text, share));
        // A colour of the 256 may be a little darker than the one that was meant.
        let clear = |rgb: &Rgb| {
            let index = Rgb::of_index(rgb.nearest_index());
            rgb.contrast(self.background)
                .min(index.contrast(self.background))
                >= 3.0
        };
        mixed.find(clear).unwrap_or(self.text)
    }
}

/// The first sixteen of the 256.
const SIXTEEN: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

const fn ink(red: u8, green: u8, blue: u8, sixteen: Color, mono: Modifier) -> Ink {
    let rgb = Rgb(red, green, blue);
    Ink {
        rgb,
        indexed: rgb.nearest_index(),
        faint: rgb.nearest_index(),
        sixteen,
        mono,
    }
}
