//! The fast path: most lines of a metrics file differ from an earlier one in their numbers only.
//!
//! A shape is what stays the same (compared byte by byte) and what changes (numbers and time
//! stamps, parsed). A line that fits a known shape means what the line meant that taught it; any
//! other line is left to the slow path. Both give the same rows, bit for bit.

use std::cell::Cell;
use std::ops::Range;

use crate::formats::columns::{Collector, RowMeaning};
use crate::formats::json::{Kind, Tape};
use crate::formats::literal::{self, Literal};
use crate::formats::{number, time};

/// A writer that mixes more kinds of lines than this is read on the slow path.
const MAX_SHAPES: usize = 16;
/// After so many more lines without a known shape than with one, the fast path mostly stands aside.
const PATIENCE: u32 = 64;
/// A line with a known shape makes up for so many without one.
const WORTH: u32 = 16;
/// No more misses than this are held against a file: it may become regular.
const MOST_MISSES: u32 = 4 * PATIENCE;
/// A line with more changing places than this is not worth a shape.
const MAX_SLOTS: usize = 256;
/// Room for values is made for so many lines at once.
const ROWS_AT_ONCE: usize = 64;
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

    /// Whether a number can be used so.
    fn accepts(self, number: f64) -> bool {
        match self {
            Self::Time => time::is_plausible(number),
            _ => number.is_finite(),
        }
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
    /// Whether it holds a time stamp in quotes rather than a number.
    is_text: bool,
    /// Whether not every number will do.
    is_picky: bool,
    /// How many digits the last number had, if it was a short integer; else 0.
    digits: Cell<usize>,
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
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    known: Vec<Shape>,
    current: usize,
    /// Where the next shape is learned when there is no room.
    oldest: usize,
    /// How much more often lines had no known shape than one.
    misses: u32,
    /// The values of successive lines of one shape, slot by slot, line by line; never shortened.
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

    /// The same shapes, for another part of the file.
    pub(crate) fn fork(&self) -> Self {
        Self {
            known: self.known.clone(),
            values: Vec::new(),
            ..*self
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
            let room = max_rows - out.rows();
            let Some((shape, rows, end)) = self.find(bytes, at, room, &mut |row, at| {
                out.mark(row, base + at as u64);
            }) else {
                break;
            };
            out.append(rows, &self.values, &self.known[shape].meaning);
            self.known[self.current].follower = shape;
            self.current = shape;
            self.misses = self.misses.saturating_sub(rows.saturating_mul(WORTH));
            at = end;
        }
        at
    }

    /// A shape that fits the line at `at`, how many lines from there on have it, and where they
    /// end; their values are read. The likeliest shape is tried first.
    #[inline]
    fn find(
        &mut self,
        bytes: &[u8],
        at: usize,
        room: u32,
        mark: &mut impl FnMut(u32, usize),
    ) -> Option<(usize, u32, usize)> {
        let likely = self.known.get(self.current)?.follower;
        let (rows, end) = self.follow(likely, bytes, at, room, mark);
        if rows > 0 {
            return Some((likely, rows, end));
        }
        if self.is_hopeless() {
            return None;
        }
        // The last bytes of a buffer are often half a line: no shape can fit them.
        memchr::memchr(b'\n', &bytes[at..])?;
        let mut others = (0..self.known.len()).filter(|shape| *shape != likely);
        others.find_map(|shape| {
            let (rows, end) = self.follow(shape, bytes, at, room, mark);
            (rows > 0).then_some((shape, rows, end))
        })
    }

    /// Reads the lines from `at` on that have this shape: how many there are, and where they end.
    fn follow(
        &mut self,
        shape: usize,
        bytes: &[u8],
        mut at: usize,
        room: u32,
        mark: &mut impl FnMut(u32, usize),
    ) -> (u32, usize) {
        let shape = &self.known[shape];
        let slots = shape.slots.len();
        let (mut rows, mut from) = (0, 0);
        while rows < room {
            if self.values.len() < from + slots {
                self.values.resize(from + slots * ROWS_AT_ONCE, 0.0);
            }
            let Some(end) = shape.fit(bytes, at, &mut self.values[from..from + slots]) else {
                break;
            };
            mark(rows, at);
            rows += 1;
            from += slots;
            at = end;
        }
        (rows, at)
    }

    /// After many lines without a known shape, only now and then a line is tried and learned:
    /// a file of which hardly two lines are alike must not pay for it.
    fn is_hopeless(&self) -> bool {
        self.misses > PATIENCE && !self.misses.is_multiple_of(PATIENCE)
    }

    /// Notes that a line had no known shape; whether its shape is worth learning.
    pub(crate) fn miss(&mut self) -> bool {
        #[cfg(test)]
        if self.disabled {
            return false;
        }
        if self.misses == MOST_MISSES {
            self.misses -= PATIENCE;
        }
        self.misses += 1;
        !self.is_hopeless()
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
            let is_text = matches!(what, Use::Moment | Use::SkipMoment);
            if is_text != (node.kind == Kind::Text) {
                return None;
            }
            let behind = Literal::new(bytes.get(node.end as usize..end)?);
            let is_picky = what.is_step() || what == Use::Time;
            slots.push(Slot {
                what,
                is_text,
                is_picky,
                digits: Cell::new(0),
                behind,
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

    /// Whether the line at `at` has this shape: its values, slot by slot, and where it ends.
    #[inline]
    fn fit(&self, bytes: &[u8], at: usize, values: &mut [f64]) -> Option<usize> {
        let mut at = self.lead.end(bytes, at)?;
        for (slot, value) in self.slots.iter().zip(values) {
            if let Some((integer, end)) = slot.read_as_before(bytes, at) {
                *value = integer;
                at = end;
                continue;
            }
            let end;
            (*value, end) = slot.read(bytes, at)?;
            at = slot.behind.end(bytes, end)?;
        }
        Some(at)
    }
}

impl Slot {
    /// Reads an integer that has as many digits as the one in the line before, and what stands
    /// behind it. Most have, and then nothing must be searched and no branch goes astray.
    #[inline]
    fn read_as_before(&self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        let digits = self.digits.get();
        // One look at all that is needed costs less than one at each part of it.
        let window = bytes.get(at..)?.first_chunk::<{ 8 + literal::REACH }>()?;
        let integer = number::digits(window, 0, digits)?;
        let length = self.behind.end(window, digits)?;
        Some((integer as f64, at + length))
    }

    /// Reads the token at `at`: its value and its end. `None` leaves the line to the slow path.
    #[inline]
    fn read(&self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        if self.is_text {
            return self.read_moment(bytes, at);
        }
        if self.what == Use::Time
            && let Some(found) = time::scan_seconds(bytes, at)
        {
            return Some(found);
        }
        // What was no short integer in the line before will hardly be one now.
        let (value, end) = number::scan_general(bytes, at);
        if self.what != Use::Time {
            self.digits.set(number::digits_alone(bytes, at, end));
        }
        if end == at {
            return null(bytes, at).filter(|_| matches!(self.what, Use::Column(_)));
        }
        (!self.is_picky || self.what.accepts(value)).then_some((value, end))
    }

    fn read_moment(&self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        let end = moment_end(bytes, at)?;
        match self.what {
            Use::Moment => Some((time::iso8601(&bytes[at..end])?, end)),
            _ => Some((f64::NAN, end)),
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
