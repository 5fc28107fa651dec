//! Searching a log for a pattern, some megabytes at a time.
//!
//! Most blocks of a log do not hold the word that is searched: their bytes are looked through and
//! never decoded. The store's index says where each block starts, so nothing need be counted.

use std::io;

use regex::{Regex, RegexBuilder};

use super::log_text::{LogText, within};
use super::tail::Buffer;
use crate::formats;
use crate::record::{LogAnswer, LogHit, LogPart, LogRecord, Pattern, PatternTerm, Value};

/// More matches than this are not told: nobody reads them.
const MOST_HITS: u64 = 1 << 20;
/// Bytes that are decoded before somebody else has his turn.
const SLICE: usize = 4 * 1024 * 1024;
/// Looking through bytes is so much faster than decoding them.
const LOOK_THROUGH: usize = 8;
/// A pattern may not grow beyond this when it is compiled.
const LARGEST: usize = 1 << 20;

/// A search that goes on.
pub(crate) struct Search {
    ticket: u32,
    matcher: Matcher,
    parts: Vec<LogPart>,
    /// The first part that was not looked at.
    next: usize,
    found: u64,
}

/// A pattern, ready to be asked.
struct Matcher {
    terms: Vec<(Regex, bool)>,
    /// What the bytes of every line hold that matches.
    quick: Option<regex::bytes::Regex>,
    text: String,
}

/// What a slice of a search brought.
#[derive(Default)]
struct Slice {
    hits: Vec<LogHit>,
    cost: usize,
}

impl Search {
    pub(crate) fn new(ticket: u32, pattern: &Pattern, parts: &[LogPart]) -> Result<Self, String> {
        Ok(Self {
            ticket,
            matcher: Matcher::new(pattern)?,
            parts: parts.to_vec(),
            next: 0,
            found: 0,
        })
    }

    pub(crate) const fn ticket(&self) -> u32 {
        self.ticket
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
        let start = self.parts[self.next].offset;
        let limit = text
            .file_end(start)
            .min(start + buffer.bytes().len() as u64);
        let mut end = self.next;
        while end < self.parts.len() && self.part_end(end, text) <= limit {
            end += 1;
        }
        let group = self.next..end;
        if group.is_empty() {
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
            if let Some(quick) = &self.matcher.quick {
                let Some(place) = quick.find_at(bytes, span.start).map(|found| found.start())
                else {
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
            slice.cost += span.len();
            let (matcher, mut line) = (&mut self.matcher, part.first);
            formats::read_log_lines(&bytes[span], part.offset, true, &mut |record| {
                slice.look_at(&record, line, matcher);
                line += 1;
                line < part.first + part.lines
            });
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
        let mut line = part.first;
        let result = text.records(part, buffer, &mut |record| {
            slice.look_at(&record, line, &mut self.matcher);
            slice.cost += record.message.len();
            line += 1;
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
    fn look_at(&mut self, record: &LogRecord, line: u64, matcher: &mut Matcher) {
        if matcher.matches(record) {
            let level = record.level;
            self.hits.push(LogHit { line, level });
        }
    }
}

impl Matcher {
    fn new(pattern: &Pattern) -> Result<Self, String> {
        let compile = |term: &PatternTerm| {
            let regex = if term.is_regex {
                term.text.clone()
            } else {
                regex::escape(&term.text)
            };
            let regex = RegexBuilder::new(&regex)
                .case_insensitive(true)
                .size_limit(LARGEST)
                .build();
            Ok((regex.map_err(|error| error.to_string())?, term.wanted))
        };
        let terms = pattern.terms.iter().map(compile);
        Ok(Self {
            terms: terms.collect::<Result<_, String>>()?,
            quick: quick(pattern),
            text: String::new(),
        })
    }

    fn matches(&mut self, record: &LogRecord) -> bool {
        self.text.clear();
        self.text.push_str(&record.message);
        for (key, value) in &record.fields {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push('=');
            push_value(&mut self.text, value);
        }
        let text = &self.text;
        self.terms
            .iter()
            .all(|(regex, wanted)| regex.is_match(text) == *wanted)
    }
}

/// An expression that the bytes of every line match whose text matches the pattern: the longest run
/// of letters and digits of a wanted word stands there as it is, unless it is written as escapes.
fn quick(pattern: &Pattern) -> Option<regex::bytes::Regex> {
    let words = pattern
        .terms
        .iter()
        .filter(|term| term.wanted && !term.is_regex);
    let runs = words.flat_map(|term| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        term.text.split(move |c| !is_plain(c))
    });
    let longest = runs.max_by_key(|run| run.len()).filter(|r| r.len() > 1)?;
    // Letters of ASCII as escapes, and the two letters that are others of ASCII in another case.
    let regex = format!(r"{longest}|\\u00[2-7]|\\u212a|\\u017f");
    regex::bytes::RegexBuilder::new(&regex)
        .case_insensitive(true)
        .size_limit(LARGEST)
        .build()
        .ok()
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.text),
        Value::Text(text) => out.push_str(text),
        Value::List(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                push_value(out, value);
            }
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (at, (key, value)) in members.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(key);
                out.push('=');
                push_value(out, value);
            }
            out.push('}');
        }
    }
}
