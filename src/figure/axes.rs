//! The axes and colours of a figure for whoever draws it, of a size in cells.

use super::{Figure, Tone};
use crate::insight::axis::XAxis;
use crate::insight::clock::Zone;
use crate::widgets::axis::{Axis, Labels};
use crate::widgets::theme::Hue;

impl Figure {
    /// The x axis in so many cells; times of day are those of a zone.
    pub fn x_axis(&self, cells: u16, zone: &Zone) -> Axis {
        match self.axis {
            XAxis::Clock => Axis::clock(self.x, cells, &|at| zone.offset(at)),
            XAxis::Time => Axis::horizontal(self.x, Labels::Spans, cells),
            XAxis::Epoch | XAxis::Step | XAxis::Row => {
                Axis::horizontal(self.x, Labels::Whole, cells)
            }
        }
    }

    /// The y axis in so many lines.
    pub fn y_axis(&self, lines: u16) -> Axis {
        let (lo, hi) = self.y;
        if self.nothing.is_some() {
            Axis::without_ticks()
        } else if self.limited {
            Axis::vertical_exact(lo, hi, self.scale, lines)
        } else {
            Axis::vertical(lo, hi, self.scale, lines)
        }
    }
}

impl Tone {
    /// Nothing for the colour of text.
    pub fn hue(&self) -> Option<Hue<'_>> {
        Some(match self {
            Self::Train => Hue::Train,
            Self::Val => Hue::Val,
            Self::Test => Hue::Test,
            Self::Named(name) => Hue::Named(name),
            Self::Run(number) => Hue::Run(*number),
            Self::Shown => return None,
        })
    }
}
