//! How many dots a cell has, and which character shows them.

/// The characters that lines are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dots {
    /// Two by four dots in a cell.
    #[default]
    Braille,
    /// Three heights in a cell, in characters that every terminal has.
    Ascii,
}

impl Dots {
    /// Dots side by side in a cell.
    pub const fn across(self) -> u16 {
        match self {
            Self::Braille => 2,
            Self::Ascii => 1,
        }
    }

    /// Dots one above the other in a cell.
    pub const fn down(self) -> u16 {
        match self {
            Self::Braille => 4,
            Self::Ascii => 3,
        }
    }

    /// The bit of a dot within its cell.
    pub(super) const fn bit(self, x: u16, y: u16) -> u8 {
        match self {
            Self::Braille => match (x, y) {
                (0, 0) => 0x01,
                (0, 1) => 0x02,
                (0, 2) => 0x04,
                (0, _) => 0x40,
                (_, 0) => 0x08,
                (_, 1) => 0x10,
                (_, 2) => 0x20,
                _ => 0x80,
            },
            Self::Ascii => 1 << y,
        }
    }

    /// The character that shows these dots.
    pub(super) fn symbol(self, bits: u8) -> char {
        match self {
            Self::Braille => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
            Self::Ascii => match bits {
                0 => ' ',
                1 => '\'',
                2 => '-',
                4 => '.',
                5 => ':',
                _ => '|',
            },
        }
    }
}
