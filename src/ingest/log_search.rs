//! Searching a log for a pattern, some megabytes at a time.
//!
//! Most blocks of a log do not hold the word that is searched: their bytes are looked through and
//! never decoded. The store's index says where each block starts, so nothing need be counted.

use std::io;

use super::log_match::Matcher;
use super::log_text::{LogText, within};
use super::tail::Buffer;
use crate::formats::{self, LogLine};
use crate::record::{LogAnswer, LogHit, LogPart, Pattern};
use memchr::{memchr, memchr_iter, memrchr};

/// More matches than this are not told: nobody reads them.
const MOST_HITS: u64 = 1 << 20;
/// Bytes that are decoded before somebody else has his turn.
const SLICE: usize = 4 * 1024 * 1024;
/// Looking through bytes is so much faster than decoding them.
const LOOK_THROUGH: usize = 8;

/// A search that goes on.
pub(crate) struct Search {
    ticket: u32,
    slot: u8,
    matcher: Matcher,
    parts: Vec<LogPart>,
    /// The first part that was not looked at.
    next: usize,
    found: u64,
}

/// What a slice of a search brought.
#[derive(Default)]
struct Slice {
    hits: Vec<LogHit>,
    cost: usize,
}

impl Search {
    pub(crate) fn new(
        (ticket, slot): (u32, u8),
        pattern: &Pattern,
        parts: &[LogPart],
    ) -> Result<Self, String> {
        Ok(Self {
            ticket,
            slot,
            matcher: Matcher::new(pattern)?,
            parts: parts.to_vec(),
            next: 0,
            found: 0,
        })
    }

    pub(crate) const fn ticket(&self) -> u32 {
        self.ticket
    }

    pub(crate) const fn slot(&self) -> u8 {
        self.slot
    }

    /// Searches on, and says what was found.
    pub(crate) fn on(
        &mut self,
        text: &mut LogText<'_>,
        buffer: &mut Buffer,
    ) -> io::Result<LogAnswer> {
        let mut slice = Slice::default();
        let mut room = MOST_HITS.saturating_sub(self.found);
        while self.next < self.parts.len() && slice.cost < SLICE && room > 0 {
            self.group(text, buffer, &mut slice)?;
            room = MOST_HITS.saturating_sub(self.found + slice.hits.len() as u64);
        }
        self.found += slice.hits.len() as u64;
        let searched = match self.parts.get(self.next) {
            Some(part) => part.first,
            None => self.parts.last().map_or(0, |part| part.first + part.lines),
        };
        Ok(LogAnswer::Found {
            ticket: self.ticket,
            hits: slice.hits,
            searched,
            done: self.next >= self.parts.len() || room == 0,
        })
    }

    /// Searches as many parts as fit into the buffer at once, or one that does not.
    fn group(
        &mut self,
        text: &mut LogText<'_>,
        buffer: &mut Buffer,
        slice: &mut Slice,
    ) -> io::Result<()> {
        let holds_none = |part: &&LogPart| self.matcher.rules_out(part.levels);
        self.next += self.parts[self.next..]
            .iter()
            .take_while(holds_none)
            .count();
        let Some(LogPart { offset: start, .. }) = self.parts.get(self.next).copied() else {
            return Ok(());
        };
        let limit = text
            .file_end(start)
            .min(start + buffer.bytes().len() as u64);
        let mut end = self.next;
        while end < self.parts.len()
            && self.part_end(end, text) <= limit
            && !self.matcher.rules_out(self.parts[end].levels)
        {
            end += 1;
        }
        let group = self.next..end;
        if group.is_empty() {
            // It is too long, as none is ruled out here.
            let part = self.parts[self.next];
            self.next += 1;
            return self.long_part(&part, text, buffer, slice);
        }
        self.next = end;
        let length = (self.part_end(end - 1, text).saturating_sub(start)) as usize;
        let chunk = text.read(start, &mut buffer.bytes()[..length])?;
        let bytes = &buffer.bytes()[..chunk.len];
        slice.cost += bytes.len() / LOOK_THROUGH + 1;
        let mut index = group.start;
        while index < group.end {
            let part = self.parts[index];
            let span = within(part.offset..self.part_end(index, text), start, bytes.len());
            if self.matcher.is_quick() {
                let Some(place) = self.matcher.candidate(bytes, span.start) else {
                    break;
                };
                if place >= span.end {
                    // The part that holds the place; a place is never before the one it was
                    // searched from.
                    let at = start + place as u64;
                    let parts = &self.parts[index..group.end];
                    index += (parts.partition_point(|part| part.offset <= at)).max(2) - 1;
                    continue;
                }
            }
            slice.look_through(&bytes[span], &part, &mut self.matcher);
            index += 1;
        }
        Ok(())
    }

    /// Searches a part that is longer than the buffer, or of which it is not known where it ends.
    fn long_part(
        &mut self,
        part: &LogPart,
        text: &mut LogText<'_>,
        buffer: &mut Buffer,
        slice: &mut Slice,
    ) -> io::Result<()> {
        let mut number = part.first;
        let result = text.lines(part, buffer, &mut |line| {
            slice.look_at(line, number, &mut self.matcher);
            slice.cost += line.bytes().len();
            number += 1;
        });
        slice.cost += Buffer::SIZE;
        buffer.shrink();
        result
    }

    /// Where a part ends in the stream.
    fn part_end(&self, index: usize, text: &LogText<'_>) -> u64 {
        let next = self.parts.get(index + 1);
        next.map_or(text.end(), |part| part.offset)
            .max(self.parts[index].offset)
    }
}

impl Slice {
    /// Searches the bytes of a part.
    fn look_through(&mut self, bytes: &[u8], part: &LogPart, matcher: &mut Matcher) {
        if is_one_a_line(bytes, part.lines) {
            self.pick_lines(bytes, part, matcher);
            return;
        }
        self.cost += bytes.len();
        let mut number = part.first;
        formats::read_log_lines(bytes, part.offset, true, &mut |line| {
            self.look_at(line, number, matcher);
            number += 1;
            number < part.first + part.lines
        });
    }

    /// Searches bytes in which each line is a record: only those that may match are decoded.
    fn pick_lines(&mut self, bytes: &[u8], part: &LogPart, matcher: &mut Matcher) {
        let (mut at, mut number) = (0, part.first);
        while let Some(place) = matcher.candidate(bytes, at) {
            let start = memrchr(b'\n', &bytes[..place]).map_or(0, |newline| newline + 1);
            let end = memchr(b'\n', &bytes[place..]).map_or(bytes.len(), |more| place + more + 1);
            number += memchr_iter(b'\n', &bytes[at..start]).count() as u64;
            let line = &bytes[start..end];
            match matcher.at_once(line) {
                Some((true, level)) => self.hits.push(LogHit {
                    line: number,
                    level,
                }),
                Some((false, _)) => {}
                None => {
                    let base = part.offset + start as u64;
                    formats::read_log_lines(line, base, true, &mut |line| {
                        self.look_at(line, number, matcher);
                        false
                    });
                }
            }
            self.cost += end - start;
            (at, number) = (end, number + 1);
        }
    }

    fn look_at(&mut self, line: &LogLine<'_>, number: u64, matcher: &mut Matcher) {
        if matcher.matches(line) {
            self.hits.push(LogHit {
                line: number,
                level: line.level(),
            });
        }
    }
}

/// Whether bytes that hold so many records are so many lines, each of which is one. Were any line none,
/// another one would have to be two.
fn is_one_a_line(bytes: &[u8], records: u64) -> bool {
    let open_end = bytes.last().is_some_and(|last| *last != b'\n');
    let lines = memchr_iter(b'\n', bytes).count() + usize::from(open_end);
    let follows_another = |at: usize| {
        let mut before = bytes[..at].iter().rev();
        let before = before.find(|byte| !b" \t\r,[]".contains(byte));
        before == Some(&b'}')
    };
    lines as u64 == records && !memchr_iter(b'{', bytes).any(follows_another)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_records_are_told_from_others() {
        let table = [
            ("{\"a\": 1}\n{\"b\": {\"c\": [{}]}}\n", 2, true),
            ("{\"a\": 1}\n{\"b\": 2}", 2, true),
            ("{\"a\": 1}\n\n{\"b\": 2}\n", 2, false),
            ("oops\n{\"a\": 1} {\"b\": 2}\n", 2, false),
            ("oops\n{\"a\": 1},[{\"b\": 2}\n", 2, false),
            ("{\"a\":\n 1}\n{\"b\": 2}\n", 2, false),
            ("{\"a\": 1}\n", 2, false),
        ];
        for (text, records, expected) in table {
            assert_eq!(is_one_a_line(text.as_bytes(), records), expected, "{text}");
        }
    }
}
