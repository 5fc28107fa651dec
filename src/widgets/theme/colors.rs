//! Colours as numbers: mixed, measured, and the nearest one of the 256 that a terminal has.

use ratatui::style::Color;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

/// The steps of the colour cube from 16 to 231.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Rgb {
    /// One of the colours from 16 to 255, which look the same everywhere.
    pub(super) const fn of_index(index: u8) -> Self {
        if index >= 232 {
            let grey = 8 + 10 * (index - 232);
            return Self(grey, grey, grey);
        }
        let at = index.saturating_sub(16);
        Self(
            STEPS[(at / 36) as usize],
            STEPS[(at / 6 % 6) as usize],
            STEPS[(at % 6) as usize],
        )
    }

    /// The nearest colour from 16 to 255.
    pub(super) const fn nearest_index(self) -> u8 {
        let cube = 16 + 36 * step(self.0) + 6 * step(self.1) + step(self.2);
        let mean = (self.0 as u16 + self.1 as u16 + self.2 as u16) / 3;
        let grey = match mean {
            0..8 => 232,
            8..=238 => 232 + ((mean - 3) / 10) as u8,
            _ => 255,
        };
        if self.distance(Self::of_index(grey)) < self.distance(Self::of_index(cube)) {
            grey
        } else {
            cube
        }
    }

    /// How far two colours are apart, good enough to find the nearest.
    pub(super) const fn distance(self, other: Self) -> u32 {
        square(self.0, other.0) * 2 + square(self.1, other.1) * 4 + square(self.2, other.2) * 3
    }

    pub(super) const fn parts(self) -> [u8; 3] {
        [self.0, self.1, self.2]
    }

    /// This colour with a share of another.
    pub(super) fn mixed(self, other: Self, share: f32) -> Self {
        let mix =
            |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    /// How bright it is, from 0 to 1, as the accessibility guidelines of the web define it.
    pub(super) fn luminance(self) -> f32 {
        let part = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// The contrast between two colours, from 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }
}

impl From<Rgb> for Color {
    fn from(Rgb(red, green, blue): Rgb) -> Self {
        Self::Rgb(red, green, blue)
    }
}

const fn square(a: u8, b: u8) -> u32 {
    let difference = a.abs_diff(b) as u32;
    difference * difference
}

const fn step(value: u8) -> u8 {
    match value {
        0..48 => 0,
        48..115 => 1,
        115..155 => 2,
        155..195 => 3,
        195..235 => 4,
        235..=255 => 5,
    }
}
