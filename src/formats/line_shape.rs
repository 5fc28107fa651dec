//! The fast path: most lines of a metrics file differ from an earlier one in their numbers only.
//!
//! A shape is what stays the same (compared byte by byte) and what changes (numbers and time
//! stamps, parsed). A line that fits a known shape means what the line meant that taught it; any
//! other line is left to the slow path. Both give the same rows, bit for bit.

use std::ops::Range;

use crate::formats::columns::Collector;
use crate::formats::json::{Kind, Tape};
use crate::formats::{number, time};

/// A writer that mixes more kinds of lines than this is read on the slow path.
const MAX_SHAPES: usize = 16;
/// A line with more changing places than this is not worth a shape.
const MAX_SLOTS: usize = 256;
/// No time stamp is longer than this.
const MAX_MOMENT: usize = 48;

/// What a changing token of a row is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// A number that means nothing here, such as an index.
    Skip,
    Column(u32),
    Step,
    StepColumn(u32),
    /// A number of seconds since 1970.
    Time,
    /// An ISO 8601 time stamp.
    Moment,
    /// A time stamp that a better one stands for.
    SkipMoment,
}

impl Use {
    pub(crate) fn make_step(&mut self) {
        *self = match *self {
            Self::Column(column) => Self::StepColumn(column),
            _ => Self::Step,
        };
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Moment)
    }
}

#[derive(Clone, Debug)]
struct Slot {
    what: Use,
    /// The bytes between this slot and the next, in the shape's text.
    behind: Range<usize>,
}

#[derive(Clone, Debug)]
struct Shape {
    /// All the bytes that stay the same, one behind the other.
    text: Vec<u8>,
    /// How much of the text stands before the first slot.
    lead: usize,
    slots: Vec<Slot>,
    /// Columns that hold something else than a number; it is part of the text.
    others: Vec<u32>,
    /// The shape that followed this one the last time: writers go round in circles.
    follower: usize,
}

/// The shapes that were learned from one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    known: Vec<Shape>,
    current: usize,
    /// Where the next shape is learned when there is no room.
    oldest: usize,
    values: Vec<f64>,
    #[cfg(test)]
    disabled: bool,
}

impl Shapes {
    #[cfg(test)]
    pub(crate) fn disabled() -> Self {
        Self {
            disabled: true,
            ..Self::default()
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Decodes lines from `at` on for as long as they have a known shape and the collector holds
    /// fewer than `max_rows`. Returns where it stopped.
    pub(crate) fn run(
        &mut self,
        bytes: &[u8],
        base: u64,
        mut at: usize,
        max_rows: u32,
        out: &mut Collector,
    ) -> usize {
        if self.known.is_empty() {
            return at;
        }
        let mut values = std::mem::take(&mut self.values);
        while out.rows() < max_rows {
            let Some((shape, end)) = self.find(bytes, at, &mut values) else {
                break;
            };
            self.known[shape].commit(base + at as u64, &values, out);
            self.known[self.current].follower = shape;
            self.current = shape;
            at = end;
        }
        self.values = values;
        at
    }

    /// The shape of the line at `at` and where the line ends. The likeliest shape is tried first.
    #[inline]
    fn find(&self, bytes: &[u8], at: usize, values: &mut [f64]) -> Option<(usize, usize)> {
        let likely = self.known[self.current].follower;
        if let Some(end) = self.known[likely].fit(bytes, at, values) {
            return Some((likely, end));
        }
        // The last bytes of a buffer are often half a line: no shape can fit them.
        memchr::memchr(b'\n', &bytes[at..])?;
        let mut others = (0..self.known.len()).filter(|shape| *shape != likely);
        others.find_map(|shape| Some((shape, self.known[shape].fit(bytes, at, values)?)))
    }

    /// Learns the shape of the line `range`, whose tokens are on the tape and used as told.
    pub(crate) fn learn(
        &mut self,
        tape: &Tape,
        bytes: &[u8],
        range: Range<usize>,
        uses: &[(u32, Use)],
        others: Vec<u32>,
    ) {
        #[cfg(test)]
        if self.disabled {
            return;
        }
        let Some(shape) = Shape::of(tape, bytes, range, uses, others) else {
            return;
        };
        if self.values.len() < shape.slots.len() {
            self.values.resize(shape.slots.len(), 0.0);
        }
        if self.known.len() < MAX_SHAPES {
            self.known.push(shape);
            self.current = self.known.len() - 1;
        } else {
            self.current = self.oldest;
            self.known[self.oldest] = shape;
            self.oldest = (self.oldest + 1) % MAX_SHAPES;
        }
        self.known[self.current].follower = self.current;
    }
}

impl Shape {
    fn of(
        tape: &Tape,
        bytes: &[u8],
        range: Range<usize>,
        uses: &[(u32, Use)],
        others: Vec<u32>,
    ) -> Option<Self> {
        let is_line = bytes.get(range.clone())?.last() == Some(&b'\n');
        if !is_line || uses.is_empty() || uses.len() > MAX_SLOTS {
            return None;
        }
        let mut text = Vec::new();
        let mut slots: Vec<Slot> = Vec::with_capacity(uses.len());
        let mut lead = 0;
        let mut at = range.start;
        for &(node, what) in uses {
            let node = tape.node(node as usize)?;
            let is_moment = matches!(what, Use::Moment | Use::SkipMoment);
            if is_moment != (node.kind == Kind::Text) || (node.start as usize) < at {
                return None;
            }
            Self::note(
                &mut slots,
                &mut text,
                &mut lead,
                &bytes[at..node.start as usize],
            );
            slots.push(Slot { what, behind: 0..0 });
            at = node.end as usize;
        }
        Self::note(&mut slots, &mut text, &mut lead, &bytes[at..range.end]);
        Some(Self {
            text,
            lead,
            slots,
            others,
            follower: 0,
        })
    }

    /// Appends bytes that stay the same behind the last slot, or before the first.
    fn note(slots: &mut [Slot], text: &mut Vec<u8>, lead: &mut usize, same: &[u8]) {
        let start = text.len();
        text.extend_from_slice(same);
        match slots.last_mut() {
            Some(slot) => slot.behind = start..text.len(),
            None => *lead = text.len(),
        }
    }

    /// Whether the line at `at` has this shape: its values and where it ends.
    #[inline]
    fn fit(&self, bytes: &[u8], at: usize, values: &mut [f64]) -> Option<usize> {
        let mut at = same(bytes, at, &self.text[..self.lead])?;
        for (slot, value) in self.slots.iter().zip(values) {
            let end;
            (*value, end) = slot.what.read(bytes, at)?;
            at = same(bytes, end, &self.text[slot.behind.clone()])?;
        }
        Some(at)
    }

    #[inline]
    fn commit(&self, offset: u64, values: &[f64], out: &mut Collector) {
        let (mut step, mut moment) = (f64::NAN, f64::NAN);
        for (slot, value) in self.slots.iter().zip(values) {
            match slot.what {
                Use::Step | Use::StepColumn(_) => step = *value,
                Use::Time | Use::Moment => moment = *value,
                _ => {}
            }
        }
        out.begin(offset, step, moment);
        for (slot, value) in self.slots.iter().zip(values) {
            if let Use::Column(column) | Use::StepColumn(column) = slot.what {
                out.push(column, *value);
            }
        }
        for column in &self.others {
            out.push_other(*column);
        }
        out.end();
    }
}

impl Use {
    /// Reads the token at `at` for this use: its value and its end. `None` leaves the line to the
    /// slow path.
    #[inline]
    fn read(self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        match self {
            Self::Column(_) => number::parse(bytes, at).or_else(|| null(bytes, at)),
            Self::Skip => number::parse(bytes, at),
            Self::Step | Self::StepColumn(_) => {
                number::parse(bytes, at).filter(|(step, _)| step.is_finite())
            }
            Self::Time => number::parse(bytes, at).filter(|(t, _)| time::is_plausible(*t)),
            Self::Moment => {
                let end = moment_end(bytes, at)?;
                Some((time::iso8601(&bytes[at..end])?, end))
            }
            Self::SkipMoment => Some((f64::NAN, moment_end(bytes, at)?)),
        }
    }
}

/// A downloaded file has null where the number was NaN.
#[cold]
fn null(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    bytes
        .get(at..)?
        .starts_with(b"null")
        .then_some((f64::NAN, at + 4))
}

/// Where the text that starts at `at` ends, if it is short and plain.
#[inline]
fn moment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let limit = bytes.len().min(at + MAX_MOMENT);
    let length = bytes
        .get(at..limit)?
        .iter()
        .position(|b| matches!(b, b'"' | b'\\' | b'\n'))?;
    (bytes[at + length] == b'"').then_some(at + length)
}

/// The end of `expected` when it stands at `at`.
#[inline]
fn same(bytes: &[u8], at: usize, expected: &[u8]) -> Option<usize> {
    let end = at + expected.len();
    (bytes.get(at..end)? == expected).then_some(end)
}
