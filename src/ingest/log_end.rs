//! The end of a big log, read before all the rest: its newest lines are seen while it is indexed.

use std::io;
use std::time::Duration;

use memchr::{memchr, memchr_iter, memrchr_iter};

use super::files::{Files, read_full};
use super::log_text::shorten;
use super::outlet::Outlet;
use super::row_file::RowFile;
use super::run::Turn;
use crate::formats;
use crate::record::{LogAnswer, LogRecord};

/// With less than this before it, the end is known soon enough.
const BIG: u64 = 1 << 20;
/// What is read of the end.
const READ: usize = 64 * 1024;
/// More than fill a screen, and than stand between two places that the index knows.
const MOST_LINES: usize = 160;
/// The end of a log that grows is read again so often.
const AGAIN: Duration = Duration::from_millis(500);
/// Text of one record.
const MOST_TEXT: usize = 4 * 1024;

/// What was told of the end of a log.
#[derive(Debug, Default)]
pub(crate) struct LogEnd {
    /// How long the log was, and when.
    told: Option<(u64, Duration)>,
}

/// The end of a log.
struct End {
    size: u64,
    /// Each with the place where it starts.
    lines: Vec<(u64, LogRecord)>,
}

impl LogEnd {
    /// Tells the end of a log that is far from being indexed.
    pub(crate) fn tell(&mut self, log: &RowFile, turn: &mut Turn<'_>, out: &mut Outlet<'_>) {
        let soon = |(_, when): (u64, Duration)| turn.now < when + AGAIN;
        if !turn.follow || self.told.is_some_and(soon) || !log.tail.is_plain() {
            return;
        }
        // What cannot be read now is met again, and told, when the log is read in its order.
        let Ok(Some(End { size, lines })) = self.read(log, turn.files, turn.buffer.bytes()) else {
            return;
        };
        self.told = Some((size, turn.now));
        if !lines.is_empty() {
            out.log_answer(LogAnswer::End { lines });
        }
    }

    fn read(&self, log: &RowFile, files: &dyn Files, buffer: &mut [u8]) -> io::Result<Option<End>> {
        let file = files.open(log.tail.path())?;
        let size = file.stat()?.size;
        let known = self.told.is_some_and(|(known, _)| known == size);
        if known || size.saturating_sub(log.tail.offset()) < BIG {
            return Ok(None);
        }
        let room = READ.min(buffer.len());
        let from = size - room as u64;
        let got = read_full(file.as_ref(), from, &mut buffer[..room])?;
        let lines = last_lines(&buffer[..got], from);
        Ok(Some(End { size, lines }))
    }
}

/// The last lines in bytes that begin somewhere in a log, and where each starts; none unless each
/// of them is a record: what spans lines cannot be told from its middle.
fn last_lines(bytes: &[u8], base: u64) -> Vec<(u64, LogRecord)> {
    let mut breaks = memrchr_iter(b'\n', bytes);
    let Some(start) = breaks
        .nth(MOST_LINES)
        .or_else(|| memchr(b'\n', bytes))
        .map(|newline| newline + 1)
    else {
        return Vec::new();
    };
    let bytes = &bytes[start..];
    let base = base + start as u64;
    let (mut lines, mut at) = (Vec::new(), 0);
    let done = formats::read_log_lines(bytes, base, false, &mut |line| {
        let mut record = line.record();
        shorten(&mut record, MOST_TEXT);
        lines.push((base + at as u64, record));
        at += line.bytes().len();
        true
    });
    let breaks = memchr_iter(b'\n', &bytes[..done]).count();
    let is_regular = at == done && breaks == lines.len() && bytes[..done].ends_with(b"\n");
    if is_regular { lines } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, base: u64) -> Vec<(u64, String)> {
        let lines = last_lines(text.as_bytes(), base).into_iter();
        lines.map(|(at, record)| (at, record.message)).collect()
    }

    #[test]
    fn the_end_is_told_by_whole_lines() {
        let text = "ut\"}\n{\"msg\": \"a\"}\n{\"msg\": \"b\"}\n{\"msg\": \"tor";
        let expected = [(105, "a".to_owned()), (118, "b".to_owned())];
        assert_eq!(told(text, 100), expected);
        assert_eq!(told("{\"msg\": \"a\"", 0), []);
        assert_eq!(
            told("{\"msg\": \"a\"}\n", 0),
            [],
            "its start may be missing"
        );
    }

    #[test]
    fn what_is_not_a_record_a_line_is_not_told() {
        for text in [
            "\n{\"msg\": \"a\"}\noops\n",
            "\n{\"msg\": \"a\"}\n\n",
            "\n{\"msg\":\n \"a\"}\n",
            "\n{\"msg\": \"a\"} {\"msg\": \"b\"}\n",
            "\n  \"context\": {\"rank\": 1},\n  \"msg\": \"a\"}\n{\"msg\": \"b\"}\n",
            "\n {\"msg\": \"a\"}\n",
        ] {
            assert_eq!(told(text, 0), [], "{text}");
        }
    }

    #[test]
    fn no_more_lines_are_told_than_are_wanted() {
        let text = "{\"msg\": \"a\"}\n".repeat(1_000);
        let lines = last_lines(text.as_bytes(), 0);
        assert_eq!(lines.len(), MOST_LINES);
        assert_eq!(lines[0].0, (1_000 - MOST_LINES as u64) * 13);
    }
}
