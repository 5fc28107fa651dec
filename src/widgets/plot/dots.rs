//! How many dots a cell has, and which character shows them.

use std::ops::RangeInclusive;

/// The bits of a braille character, from the top.
const LEFT: [u8; 4] = [0x01, 0x02, 0x04, 0x40];
const RIGHT: [u8; 4] = [0x08, 0x10, 0x20, 0x80];

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
    pub const fn across(self) -> u16 {
        match self {
            Self::Braille | Self::Quadrant => 2,
            Self::Half | Self::Ascii => 1,
        }
    }

    /// Dots one above the other in a cell.
    pub const fn down(self) -> u16 {
        match self {
            Self::Braille => 4,
            Self::Half | Self::Quadrant => 2,
            Self::Ascii => 3,
        }
    }

    /// The bits of the dots from one row to another in a column of a cell.
    pub(super) fn run(self, x: u32, rows: RangeInclusive<u32>) -> u8 {
        match self {
            Self::Braille => {
                let column = if x == 0 { LEFT } else { RIGHT };
                let bits = column.iter().take(*rows.end() as usize + 1);
                bits.skip(*rows.start() as usize)
                    .fold(0, |run, bit| run | bit)
            }
            Self::Quadrant => rows.fold(0, |run, row| run | 1 << (2 * row + x)),
            Self::Half | Self::Ascii => rows.fold(0, |run, row| run | 1 << row),
        }
    }

    /// The dots of a cell that are set where an area is filled: a quarter of them where a character
    /// can show that, for an area is not to outshine the line in it.
    pub(super) const fn sparse(self) -> u8 {
        match self {
            Self::Braille => LEFT[0] | RIGHT[2],
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
