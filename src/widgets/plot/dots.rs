//! How many dots a cell has, and which character shows them.

/// The characters that lines are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dots {
    /// Two by four dots in a cell.
    #[default]
    Braille,
    /// One by two halves of a cell.
    Half,
    /// Two by two quarters of a cell.
    Quadrant,
    /// Three heights in a cell, in characters that every terminal has.
    Ascii,
}

/// The characters of quarters of a cell, by their bits from the upper left.
const QUADRANTS: [char; 16] = [
    ' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█',
];

impl Dots {
    pub const ALL: [Self; 4] = [Self::Braille, Self::Half, Self::Quadrant, Self::Ascii];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Braille => "braille",
            Self::Half => "half blocks",
            Self::Quadrant => "blocks",
            Self::Ascii => "ASCII",
        }
    }

    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Braille => Self::Half,
            Self::Half => Self::Quadrant,
            Self::Quadrant => Self::Ascii,
            Self::Ascii => Self::Braille,
        }
    }

    /// Dots side by side in a cell.
    #[inline]
    pub const fn across(self) -> u16 {
        match self {
            Self::Braille | Self::Quadrant => 2,
            Self::Half | Self::Ascii => 1,
        }
    }

    /// Dots one above the other in a cell.
    #[inline]
    pub const fn down(self) -> u16 {
        match self {
            Self::Braille => 4,
            Self::Half | Self::Quadrant => 2,
            Self::Ascii => 3,
        }
    }

    /// The bits of the dots above each row, in a column of a cell.
    #[inline]
    pub(super) const fn above(self, x: u32) -> &'static [u8; 5] {
        let columns: &[[u8; 5]; 2] = match self {
            Self::Braille => &[[0, 0x01, 0x03, 0x07, 0x47], [0, 0x08, 0x18, 0x38, 0xb8]],
            Self::Half => &[[0, 1, 3, 3, 3]; 2],
            Self::Quadrant => &[[0, 1, 5, 5, 5], [0, 2, 10, 10, 10]],
            Self::Ascii => &[[0, 1, 3, 7, 7]; 2],
        };
        &columns[(x % 2) as usize]
    }

    /// The cell that a row of dots is in, and the place within it.
    #[inline]
    pub(super) const fn cell_of(self, row: u32) -> (usize, usize) {
        // Divisors that are known are far quicker.
        let (cell, within) = match self {
            Self::Braille => (row / 4, row % 4),
            Self::Half | Self::Quadrant => (row / 2, row % 2),
            Self::Ascii => (row / 3, row % 3),
        };
        (cell as usize, within as usize)
    }

    /// The dots of a cell that are set where an area is filled: a quarter of them where a character
    /// can show that, for an area is not to outshine the line in it.
    pub(super) const fn sparse(self) -> u8 {
        match self {
            Self::Braille => 0x01 | 0x20,
            Self::Half | Self::Quadrant | Self::Ascii => u8::MAX,
        }
    }

    /// Whether a dot of a dotted line is there, by its number along the line.
    pub(super) const fn is_dot(self, number: u32) -> bool {
        match self {
            Self::Braille => number.is_multiple_of(3),
            Self::Quadrant => number % 4 < 2,
            Self::Half | Self::Ascii => number.is_multiple_of(2),
        }
    }

    /// The character that shows these dots of a filled area.
    pub(super) fn light(self, bits: u8) -> char {
        match self {
            Self::Braille => self.symbol(bits),
            // Blocks cannot leave dots out, and what ASCII has would be taken for lines.
            Self::Half | Self::Quadrant => '▒',
            Self::Ascii => ':',
        }
    }

    /// The character that shows these dots.
    pub(super) fn symbol(self, bits: u8) -> char {
        match self {
            Self::Braille => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
            Self::Half => [' ', '▀', '▄', '█'][usize::from(bits & 0b11)],
            Self::Quadrant => QUADRANTS[usize::from(bits & 0b1111)],
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
