//! The fastest path for log lines: most lines differ from an earlier one in their texts and numbers
//! only, so what stands between these is compared and not read.
//!
//! A shape is learned from a regular line. A line that fits it is regular, too: the pieces between
//! its values are the same, and the values are read by the same rules. Nearly all time goes into
//! finding the ends of texts.

use std::cell::Cell;

use crate::formats::literal::{self, Literal};
use crate::formats::number;
use crate::formats::skim::{
    self, Skimmed, Slot as Place, Value, level_of_text, number_end, text_end, time_at,
};
use crate::formats::time;
use crate::formats::walker::mark_of_text;
use crate::record::Level;

/// More kinds of lines than this are rare in one log.
const MAX_SHAPES: usize = 12;
/// A line with more changing places is not worth a shape.
const MAX_SLOTS: usize = 64;
/// After so many more lines that fit no shape than fit one, few are tried and learned.
const PATIENCE: u32 = 64;
/// A line that fits makes up for so many that do not.
const WORTH: u32 = 4;

/// The shapes that were learned from one log.
#[derive(Debug, Default)]
pub(super) struct LogShapes {
    known: Vec<LogShape>,
    current: usize,
    /// Where the next shape is learned when there is no room.
    oldest: usize,
    misses: u32,
}

/// Reads single lines of a log.
#[derive(Debug, Default)]
pub struct LineSkimmer(LogShapes);

impl LineSkimmer {
    /// The level and the message of a line, if it is a regular one and nothing stands behind it.
    pub fn skim<'b>(&mut self, line: &'b [u8]) -> Option<(Level, Option<&'b str>)> {
        let skimmed = self.0.skim(line, 0).filter(|read| read.end == line.len())?;
        let message = skimmed.message.map(|(start, end)| &line[start..end]);
        let message = message.and_then(|message| std::str::from_utf8(message).ok());
        Some((skimmed.level, message))
    }
}

#[derive(Debug)]
struct LogShape {
    lead: Literal,
    slots: Vec<Slot>,
    /// The shape that followed this one the last time: writers go round in circles.
    follower: usize,
}

/// A value, and what stands behind it.
#[derive(Debug)]
struct Slot {
    value: Value,
    behind: Literal,
    /// How many digits the last number had, if it was a short and whole one; else 0.
    digits: Cell<usize>,
}

impl LogShapes {
    /// Reads the line that starts at `at`; nothing when it is not regular or not complete.
    #[inline]
    pub(super) fn skim(&mut self, bytes: &[u8], at: usize) -> Option<Skimmed> {
        let likely = self
            .known
            .get(self.current)
            .map_or(0, |shape| shape.follower);
        if let Some(line) = self
            .known
            .get(likely)
            .and_then(|shape| shape.fit(bytes, at))
        {
            self.fitted(likely);
            return Some(line);
        }
        self.skim_other(bytes, at, likely)
    }

    fn fitted(&mut self, shape: usize) {
        if let Some(former) = self.known.get_mut(self.current) {
            former.follower = shape;
        }
        self.current = shape;
        self.misses = self.misses.saturating_sub(WORTH);
    }

    fn skim_other(&mut self, bytes: &[u8], at: usize, likely: usize) -> Option<Skimmed> {
        self.misses = (self.misses + 1) % (8 * PATIENCE);
        if self.misses > PATIENCE && !self.misses.is_multiple_of(PATIENCE) {
            return skim::skim(bytes, at);
        }
        let others = self.known.iter().enumerate();
        let mut others = others.filter(|(index, _)| *index != likely);
        let found = others.find_map(|(index, shape)| Some((index, shape.fit(bytes, at)?)));
        if let Some((index, line)) = found {
            self.fitted(index);
            return Some(line);
        }
        let mut places = Vec::new();
        let line = skim::trace(bytes, at, &mut places)?;
        if let Some(shape) = LogShape::of(bytes, at..line.end, &places) {
            self.learn(shape);
        }
        Some(line)
    }

    fn learn(&mut self, shape: LogShape) {
        let index = if self.known.len() < MAX_SHAPES {
            self.known.push(shape);
            self.known.len() - 1
        } else {
            let index = self.oldest;
            self.known[index] = shape;
            self.oldest = (index + 1) % MAX_SHAPES;
            index
        };
        self.known[index].follower = index;
        if let Some(former) = self.known.get_mut(self.current) {
            former.follower = index;
        }
        self.current = index;
    }
}

impl LogShape {
    fn of(bytes: &[u8], line: std::ops::Range<usize>, places: &[Place]) -> Option<Self> {
        if places.is_empty() || places.len() > MAX_SLOTS {
            return None;
        }
        let starts = places.iter().skip(1).map(|place| place.start);
        let ends = starts.chain([line.end]);
        let slots = places.iter().zip(ends).map(|(place, end)| {
            Some(Slot {
                value: place.value,
                behind: Literal::new(bytes.get(place.end..end)?),
                digits: Cell::new(0),
            })
        });
        Some(Self {
            lead: Literal::new(bytes.get(line.start..places[0].start)?),
            slots: slots.collect::<Option<_>>()?,
            follower: 0,
        })
    }

    /// Reads the line at `at` if it has this shape. What is read is passed on in pieces: one value
    /// written word by word and copied as a whole would have to wait for each of its words.
    #[inline]
    fn fit(&self, bytes: &[u8], at: usize) -> Option<Skimmed> {
        let (mut level, mut time, mut message) = (Level::Info, f64::NAN, None);
        let mut at = self.lead.end(bytes, at)?;
        for slot in &self.slots {
            if let Some(end) = slot.end_as_before(bytes, at) {
                at = end;
                continue;
            }
            let end = match slot.value {
                Value::Text => text_end(bytes, at)?.0,
                Value::Message => {
                    let (end, escaped) = text_end(bytes, at)?;
                    message = (!escaped).then_some((at, end));
                    end
                }
                Value::Number => slot.number_end(bytes, at)?,
                Value::Level => {
                    let end = mark_of_text(bytes, at)?;
                    level = level_of_text(&bytes[at..end]);
                    end
                }
                Value::Time => {
                    let (found, end) = time_at(bytes, at)?;
                    time = found.unwrap_or(f64::NAN);
                    end
                }
                Value::Moment => {
                    let end = mark_of_text(bytes, at)?;
                    time = time::from_text(&bytes[at..end]).unwrap_or(f64::NAN);
                    end
                }
            };
            // Behind a text stands its quote, behind a number what ends it: that is compared here.
            at = slot.behind.end(bytes, end)?;
        }
        Some(Skimmed {
            end: at,
            level,
            time: (!time.is_nan()).then_some(time),
            message,
        })
    }
}

impl Slot {
    /// Reads a whole number that has as many digits as the one in the line before, and what stands
    /// behind it: most have, and then no branch goes astray.
    #[inline]
    fn end_as_before(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let digits = self.digits.get();
        let window = bytes.get(at..)?.first_chunk::<{ 8 + literal::REACH }>()?;
        number::digits(window, 0, digits)?;
        (window[0] != b'0' || digits == 1).then_some(())?;
        Some(at + self.behind.end(window, digits)?)
    }

    #[inline]
    fn number_end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = number_end(bytes, at)?;
        self.digits.set(number::digits_alone(bytes, at, end));
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 3] = [
        "{\"ts\": 1795159366.25, \"level\": \"INFO\", \"msg\": \"a\", \"n\": [1, -2.5e3]}\n",
        "{\"ts\": 1795159367.50, \"level\": \"ERROR\", \"msg\": \"b \\\" c\", \"n\": [0, 7]}\n",
        "{\"ts\": 1795159368.75, \"level\": \"warn\", \"msg\": \"\", \"n\": [12345678901, 0.5]}\n",
    ];

    #[test]
    fn lines_of_one_shape_are_read_with_it() {
        let mut shapes = LogShapes::default();
        for line in LINES {
            let line = line.as_bytes();
            assert_eq!(shapes.skim(line, 0), skim::skim(line, 0));
            assert!(
                shapes
                    .skim(line, 0)
                    .is_some_and(|read| read.end == line.len())
            );
        }
        assert_eq!(shapes.known.len(), 1);
        let fit = |line: &str| {
            shapes.known[0]
                .fit(line.as_bytes(), 0)
                .map(|line| line.level)
        };
        assert_eq!(fit(LINES[1]), Some(Level::Error));
        for spoiled in [
            ("7]", "07]"),
            ("7]", "7.]"),
            ("7]", "]"),
            ("\"b", "b"),
            ("}\n", "} \n"),
            ("7]", "7"),
            (" c\"", " c"),
        ] {
            let line = LINES[1].replacen(spoiled.0, spoiled.1, 1);
            assert_eq!(fit(&line), None, "{line}");
            assert_eq!(skim::skim(line.as_bytes(), 0), None, "{line}");
        }
    }

    #[test]
    fn a_log_of_many_kinds_of_lines_costs_few_shapes() {
        let mut shapes = LogShapes::default();
        for kind in 0..1_000 {
            let line = format!("{{\"k{kind}\": \"x\"}}\n");
            assert_eq!(
                shapes.skim(line.as_bytes(), 0).map(|line| line.end),
                Some(line.len())
            );
        }
        assert_eq!(shapes.known.len(), MAX_SHAPES);
    }
}
