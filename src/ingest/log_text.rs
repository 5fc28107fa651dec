//! The text of a log, read again for somebody who looks at it.
//!
//! The index that the store keeps says where lines start in the stream; here is found in which file
//! that is, under whatever name it has now.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;

use memchr::memchr;

use super::files::{Files, OpenFile, read_full};
use super::log_search::Search;
use super::outlet::Outlet;
use super::row_file::RowFile;
use super::run::Turn;
use super::tail::{Buffer, Kept, Part, Tail};
use super::trouble::words_for;
use crate::formats::{self, LogLine};
use crate::record::{LogAnswer, LogPart, LogQuestion, LogRecord, Value};

/// Lines are read by so much at first: a few dozen are asked for as a rule.
const FIRST_READ: usize = 64 * 1024;
/// Text of one record that is handed out, of its message and of its fields.
const MOST_TEXT: usize = 64 * 1024;
/// When an answer has become as long as this, records are cut much shorter.
const LONG_ANSWER: usize = 4 * 1024 * 1024;
const LESS_TEXT: usize = 4 * 1024;

/// Answers questions about the log of one run.
#[derive(Default)]
pub(crate) struct LogDesk {
    /// One for each slot, worked on in turn.
    searches: VecDeque<Search>,
}

/// The bytes of a log, in all its files.
pub(crate) struct LogText<'a> {
    tail: &'a Tail,
    files: &'a dyn Files,
    kept: Option<&'a Kept>,
    parts: Vec<Part>,
    open: Option<(Part, Box<dyn OpenFile>)>,
}

/// Bytes at the front of a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk {
    pub(crate) len: usize,
    /// Nothing follows in this file.
    pub(crate) last: bool,
    /// The file is shorter than it was.
    short: bool,
}

impl LogDesk {
    /// Answers a question, or notes what to search for.
    pub(crate) fn answer(
        &mut self,
        log: Option<&RowFile>,
        question: &LogQuestion,
        turn: &mut Turn<'_>,
        out: &mut Outlet<'_>,
    ) {
        match question {
            LogQuestion::Read { ticket, part } => {
                let answer = match read(log, part, turn) {
                    Ok(records) => LogAnswer::Lines {
                        ticket: *ticket,
                        first: part.first,
                        records,
                    },
                    Err(error) => LogAnswer::Failed {
                        ticket: *ticket,
                        error,
                    },
                };
                out.log_answer(answer);
            }
            LogQuestion::Search {
                ticket,
                slot,
                pattern,
                parts,
            } => match Search::new((*ticket, *slot), pattern, parts) {
                Ok(search) => self.begin(search, out),
                Err(error) => out.log_answer(LogAnswer::Failed {
                    ticket: *ticket,
                    error,
                }),
            },
        }
    }

    /// Takes up a search instead of the one in the same slot.
    fn begin(&mut self, search: Search, out: &mut Outlet<'_>) {
        let same = |former: &Search| former.slot() == search.slot();
        if let Some(former) = self.searches.iter().position(same)
            && let Some(former) = self.searches.remove(former)
        {
            let error = "another search was begun".to_owned();
            let ticket = former.ticket();
            out.log_answer(LogAnswer::Failed { ticket, error });
        }
        self.searches.push_back(search);
    }

    /// Searches on for about the turn's budget; true when there is more to search.
    pub(crate) fn search_on(
        &mut self,
        log: Option<&RowFile>,
        turn: &mut Turn<'_>,
        out: &mut Outlet<'_>,
    ) -> bool {
        let search = self.searches.front_mut().filter(|_| out.is_open());
        let Some(search) = search else {
            return false;
        };
        let answer = match with_text(log, turn, |text, buffer| search.on(text, buffer)) {
            Ok(answer) => answer,
            Err(error) => LogAnswer::Failed {
                ticket: search.ticket(),
                error,
            },
        };
        if matches!(&answer, LogAnswer::Found { done: false, .. }) {
            self.searches.rotate_left(1);
        } else {
            self.searches.pop_front();
        }
        out.log_answer(answer);
        !self.searches.is_empty()
    }

    /// Says that nothing will come of what was asked.
    pub(crate) fn give_up(&mut self, questions: &[LogQuestion], out: &mut Outlet<'_>) {
        let searches = self.searches.drain(..).map(|search| search.ticket());
        let tickets = questions.iter().map(LogQuestion::ticket).chain(searches);
        for ticket in tickets {
            let error = "internal error while reading; please report".to_owned();
            out.log_answer(LogAnswer::Failed { ticket, error });
        }
    }
}

fn read(
    log: Option<&RowFile>,
    part: &LogPart,
    turn: &mut Turn<'_>,
) -> Result<Vec<LogRecord>, String> {
    with_text(log, turn, |text, buffer| {
        let mut records = Vec::new();
        let mut size = 0;
        text.lines(part, buffer, &mut |line| {
            let mut record = line.record();
            let room = if size < LONG_ANSWER {
                MOST_TEXT
            } else {
                LESS_TEXT
            };
            size += shorten(&mut record, room);
            records.push(record);
        })?;
        Ok(records)
    })
}

fn with_text<T>(
    log: Option<&RowFile>,
    turn: &mut Turn<'_>,
    work: impl FnOnce(&mut LogText<'_>, &mut Buffer) -> io::Result<T>,
) -> Result<T, String> {
    let log = log.ok_or("the run has no log")?;
    let mut text = LogText {
        tail: &log.tail,
        files: turn.files,
        kept: turn.kept,
        parts: log.tail.parts(),
        open: None,
    };
    let result = work(&mut text, turn.buffer);
    text.close();
    turn.buffer.shrink();
    result.map_err(|error| words_for(&error, log.tail.path(), turn.files))
}

impl LogText<'_> {
    /// Where the text ends that the store knows of.
    pub(crate) fn end(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.origin + part.len)
    }

    /// Where the file ends that holds this byte.
    pub(crate) fn file_end(&self, at: u64) -> u64 {
        self.part(at).map_or(at, |part| part.origin + part.len)
    }

    fn part(&self, at: u64) -> Option<Part> {
        let holds = |part: &&Part| (part.origin..part.origin + part.len).contains(&at);
        self.parts.iter().find(holds).copied()
    }

    /// Fills the front of `buf` with what lies at `at`, as far as that is in one file.
    pub(crate) fn read(&mut self, at: u64, buf: &mut [u8]) -> io::Result<Chunk> {
        let Some(part) = self.part(at) else {
            return Ok(Chunk {
                len: 0,
                last: true,
                short: false,
            });
        };
        let end = part.origin + part.len;
        let room = (end - at).min(buf.len() as u64) as usize;
        let len = read_full(self.file(part)?, at - part.origin, &mut buf[..room])?;
        Ok(Chunk {
            len,
            last: at + len as u64 >= end,
            short: len < room,
        })
    }

    fn file(&mut self, part: Part) -> io::Result<&dyn OpenFile> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != part) {
            self.close();
            let file = self.tail.open_text(&part, self.files, self.kept)?;
            self.open = Some((part, file));
        }
        match &self.open {
            Some((_, file)) => Ok(file.as_ref()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn close(&mut self) {
        if let Some((part, file)) = self.open.take() {
            self.tail.close_text(&part, file, self.kept);
        }
    }

    /// Hands out these lines, as many as there are.
    pub(crate) fn lines(
        &mut self,
        lines: &LogPart,
        buffer: &mut Buffer,
        sink: &mut dyn FnMut(&LogLine<'_>),
    ) -> io::Result<()> {
        let (mut at, mut left, mut room) = (lines.offset, lines.lines, FIRST_READ);
        while left > 0 && at < self.end() {
            let room_now = room.min(buffer.bytes().len());
            let chunk = self.read(at, &mut buffer.bytes()[..room_now])?;
            room = usize::MAX;
            let bytes = &buffer.bytes()[..chunk.len];
            let done = formats::read_log_lines(bytes, at, chunk.last, &mut |line| {
                sink(line);
                left -= 1;
                left > 0
            });
            if chunk.short || chunk.len == 0 {
                break;
            }
            at += if chunk.last {
                chunk.len as u64
            } else {
                done as u64
            };
            if done > 0 || chunk.last {
                continue;
            }
            let zeros = bytes.iter().all(|byte| *byte == 0);
            let is_full = chunk.len == buffer.bytes().len();
            if zeros || is_full && !buffer.grow() {
                at = self.pass_over(at, zeros, buffer)?;
            }
        }
        Ok(())
    }

    /// Where the next record can start: behind zeros, or behind a line that is too long for one.
    fn pass_over(&mut self, from: u64, zeros: bool, buffer: &mut Buffer) -> io::Result<u64> {
        buffer.shrink();
        let (mut at, end) = (from, self.file_end(from));
        while at < end {
            let chunk = self.read(at, buffer.bytes())?;
            let bytes = &buffer.bytes()[..chunk.len];
            let found = if zeros {
                bytes.iter().position(|byte| *byte != 0)
            } else {
                memchr(b'\n', bytes).map(|newline| newline + 1)
            };
            if let Some(length) = found {
                return Ok(at + length as u64);
            }
            if chunk.len == 0 {
                break;
            }
            let empty = bytes.iter().all(|byte| *byte == 0);
            at += chunk.len as u64;
            if let Some(part) = self.part(at).filter(|_| empty) {
                let data = self.file(part)?.next_data(at - part.origin)?;
                at = data.map_or(end, |data| (part.origin + data).clamp(at, end));
            }
        }
        Ok(end)
    }
}

/// Cuts a huge record to what anybody reads; returns how many bytes of text it has then.
pub(crate) fn shorten(record: &mut LogRecord, room: usize) -> usize {
    let mut lost = cut(&mut record.message, room);
    let (mut left, mut kept) = (room, 0);
    for (key, value) in &mut record.fields {
        let full = key.len() + size(value);
        if full > left && !shrink(value, left.saturating_sub(key.len())) {
            break;
        }
        kept += 1;
        left = left.saturating_sub(key.len() + size(value));
        lost += full - (key.len() + size(value)).min(full);
    }
    let dropped = record.fields.drain(kept..);
    lost += dropped
        .map(|(key, value)| key.len() + size(&value))
        .sum::<usize>();
    record.omitted += lost as u64;
    record.message.len() + room - left
}

/// Cuts a text; returns how many bytes are lost.
fn cut(text: &mut String, room: usize) -> usize {
    let before = text.len();
    if before > room {
        let end = (0..=room).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.shrink_to_fit();
    }
    before - text.len()
}

/// Cuts a value that says something even when it is cut; false when there is no such thing.
fn shrink(value: &mut Value, room: usize) -> bool {
    match value {
        Value::Text(text) => {
            cut(text, room);
            room > 0
        }
        Value::List(values) => {
            let mut left = room;
            let fits = |value: &&Value| {
                left = left.saturating_sub(size(value) + 2);
                left > 0
            };
            let kept = values.iter().take_while(fits).count();
            values.truncate(kept);
            values.shrink_to_fit();
            kept > 0
        }
        _ => false,
    }
}

/// About how many bytes the text of a value has.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(number) => number.text.len(),
        Value::Text(text) => text.len(),
        Value::List(values) => values.iter().map(|value| size(value) + 2).sum(),
        Value::Map(members) => members.iter().map(|(k, v)| k.len() + size(v) + 4).sum(),
    }
}

/// The bytes of a range of places within a chunk that starts at `base`.
pub(crate) fn within(span: Range<u64>, base: u64, len: usize) -> Range<usize> {
    let place = |at: u64| at.saturating_sub(base).min(len as u64) as usize;
    place(span.start)..place(span.end).max(place(span.start))
}
