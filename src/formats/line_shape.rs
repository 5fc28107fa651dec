//! The fast path: most lines of a metrics file differ from an earlier one in their numbers only.
//!
//! A shape is what stays the same (compared byte by byte) and what changes (numbers and time
//! stamps, parsed). A line that fits a known shape means what the line meant that taught it; any
//! other line is left to the slow path. Both give the same rows, bit for bit.

use std::ops::Range;

use crate::formats::columns::{Collector, RowMeaning};
use crate::formats::json::{Kind, Tape};
use crate::formats::literal::Literal;
use crate::formats::{number, time};

/// A writer that mixes more kinds of lines than this is read on the slow path.
const MAX_SHAPES: usize = 16;
/// After so many lines without a known shape, the fast path mostly stands aside.
const PATIENCE: u32 = 64;
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
    /// The same token, which names the row's step.
    pub(crate) fn as_step(self) -> Self {
        match self {
            Self::Column(column) => Self::StepColumn(column),
            _ => Self::Step,
        }
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Moment)
    }

    pub(crate) fn is_step(self) -> bool {
        matches!(self, Self::Step | Self::StepColumn(_))
    }

    pub(crate) fn column(self) -> Option<u32> {
        match self {
            Self::Column(column) | Self::StepColumn(column) => Some(column),
            _ => None,
        }
    }
}

/// A place that changes from line to line, and what stands behind it.
#[derive(Clone, Debug)]
struct Slot {
    what: Use,
    behind: Literal,
}

#[derive(Clone, Debug)]
struct Shape {
    lead: Literal,
    slots: Vec<Slot>,
    meaning: RowMeaning,
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
    /// How many lines in a row had no known shape.
    misses: u32,
    /// The values of successive lines of one shape, slot by slot, line by line.
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
        while out.rows() < max_rows {
            let Some(shape) = self.find(bytes, at) else {
                break;
            };
            let room = max_rows - out.rows();
            let (rows, end) =
                self.known[shape].repeat(bytes, at, room, &mut self.values, |row, at| {
                    out.mark(row, base + at as u64);
                });
            out.append(rows, &self.values, &self.known[shape].meaning);
            self.known[self.current].follower = shape;
            self.current = shape;
            self.misses = 0;
            at = end;
        }
        at
    }

    /// A shape that fits the line at `at`. The likeliest is tried first.
    #[inline]
    fn find(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let likely = self.known.get(self.current)?.follower;
        if self.fits(likely, bytes, at) {
            return Some(likely);
        }
        if self.is_hopeless() {
            return None;
        }
        // The last bytes of a buffer are often half a line: no shape can fit them.
        memchr::memchr(b'\n', &bytes[at..])?;
        (0..self.known.len()).find(|shape| *shape != likely && self.fits(*shape, bytes, at))
    }

    /// After many lines without a known shape, only now and then a line is tried and learned:
    /// a file of which no two lines are alike must not pay for it.
    fn is_hopeless(&self) -> bool {
        self.misses > PATIENCE && !self.misses.is_multiple_of(PATIENCE)
    }

    #[inline]
    fn fits(&mut self, shape: usize, bytes: &[u8], at: usize) -> bool {
        let shape = &self.known[shape];
        self.values.resize(shape.slots.len(), 0.0);
        shape.fit(bytes, at, &mut self.values).is_some()
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
        self.misses = self.misses.wrapping_add(1);
        if self.is_hopeless() {
            return;
        }
        let Some(shape) = Shape::of(tape, bytes, range, uses, others) else {
            return;
        };
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
        let mut slots: Vec<Slot> = Vec::with_capacity(uses.len());
        let first = tape.node(uses[0].0 as usize)?.start as usize;
        for (index, &(node, what)) in uses.iter().enumerate() {
            let node = tape.node(node as usize)?;
            let end = match uses.get(index + 1) {
                Some((next, _)) => tape.node(*next as usize)?.start as usize,
                None => range.end,
            };
            let is_moment = matches!(what, Use::Moment | Use::SkipMoment);
            if is_moment != (node.kind == Kind::Text) {
                return None;
            }
            slots.push(Slot {
                what,
                behind: Literal::new(bytes.get(node.end as usize..end)?),
            });
        }
        let lead = Literal::new(bytes.get(range.start..first)?);
        let meaning = RowMeaning::of(uses, others);
        Some(Self {
            lead,
            slots,
            meaning,
            follower: 0,
        })
    }

    /// Reads lines of this shape from `at` on, at most `room` of them; the first is known to fit and
    /// its values are read already. Returns how many there are and where they end.
    fn repeat(
        &self,
        bytes: &[u8],
        at: usize,
        room: u32,
        values: &mut Vec<f64>,
        mut mark: impl FnMut(u32, usize),
    ) -> (u32, usize) {
        values.clear();
        let (mut rows, mut at) = (0, at);
        while rows < room {
            let before = values.len();
            values.resize(before + self.slots.len(), 0.0);
            let Some(end) = self.fit(bytes, at, &mut values[before..]) else {
                values.truncate(before);
                break;
            };
            mark(rows, at);
            rows += 1;
            at = end;
        }
        (rows, at)
    }

    /// Whether the line at `at` has this shape: its values, slot by slot, and where it ends.
    #[inline]
    fn fit(&self, bytes: &[u8], at: usize, values: &mut [f64]) -> Option<usize> {
        let mut at = self.lead.end(bytes, at)?;
        for (slot, value) in self.slots.iter().zip(values) {
            let end;
            (*value, end) = slot.what.read(bytes, at)?;
            at = slot.behind.end(bytes, end)?;
        }
        Some(at)
    }
}

impl Use {
    /// Reads the token at `at` for this use: its value and its end. `None` leaves the line to the
    /// slow path.
    #[inline]
    fn read(self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        match self {
            Self::Column(_) => number::parse(bytes, at).or_else(|| null(bytes, at)),
            Self::Skip => Some((f64::NAN, number::skip(bytes, at)?)),
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
    // Whole words of digits and punctuation cannot hold the end.
    let mut end = at;
    while end < at + MAX_MOMENT
        && let Some(chunk) = bytes
            .get(end..end + 8)
            .and_then(|chunk| chunk.first_chunk::<8>())
        && is_plain(u64::from_le_bytes(*chunk))
    {
        end += 8;
    }
    let limit = bytes.len().min(at + MAX_MOMENT);
    let length = bytes
        .get(end..limit)?
        .iter()
        .position(|b| matches!(b, b'"' | b'\\' | b'\n'))?;
    (bytes[end + length] == b'"').then_some(end + length)
}

/// Whether all eight bytes lie between `+` and `Z`: digits, points, colons and letters of times, but
/// no quote, no backslash and no line break.
#[inline]
fn is_plain(word: u64) -> bool {
    const PLUS: u64 = u64::from_ne_bytes([b'+'; 8]);
    const BEHIND_Z: u64 = u64::from_ne_bytes([0x7f - b'Z'; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    let below = word.wrapping_sub(PLUS) & !word;
    let above = word.wrapping_add(BEHIND_Z) | word;
    (below | above) & HIGH_BITS == 0
}
