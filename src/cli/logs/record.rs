//! What a line of a log looks like in a terminal, and as JSON.

use std::io::{self, IsTerminal as _, Write, stdout};

use serde::Serialize;

use crate::cli::options::{LogsOptions, When};
use crate::cli::read::Data;
use crate::cli::{Stop, json, print, terminal};
use crate::export::json::Measured;
use crate::insight::clock::Zone;
use crate::insight::value;
use crate::record::{Level, LogRecord};
use crate::widgets::Safe;
use crate::widgets::text::{colored, safe};

const LEVEL_CELLS: usize = 5;
/// The words of most levels; longer ones push their message to the right.
const LONGEST_LEVEL: usize = 10;

const FAINT: &str = "\x1b[2m";

/// A line in machine output.
#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: u32,
    line: u64,
    time: Option<Measured>,
    level: &'static str,
    /// The word of the file.
    word: &'a str,
    message: &'a str,
    fields: Data<'a>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Where lines are printed, and how.
pub(super) struct Printer<'o> {
    out: &'o mut dyn Write,
    zone: Zone,
    json: bool,
    colors: bool,
}

impl<'o> Printer<'o> {
    pub(super) fn new(options: &LogsOptions, out: &'o mut dyn Write) -> Self {
        let colors = match options.color {
            Some(When::Always) => true,
            Some(When::Never) => false,
            None | Some(When::Auto) => {
                let is_set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
                let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
                stdout().is_terminal() && !is_set("NO_COLOR") && !dumb
            }
        };
        Self {
            out,
            zone: terminal::zone(),
            json: options.json,
            colors,
        }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Prints a line and its number.
    pub(super) fn line(&mut self, (number, record): &(u64, LogRecord)) -> Result<(), Stop> {
        if self.json {
            let document = Document {
                schema: crate::cli::documents::SCHEMA,
                line: *number,
                time: record.time.map(Measured),
                level: record.level.name(),
                word: &record.word,
                message: &record.message,
                fields: Data(&record.fields),
                omitted: record.omitted,
            };
            return Ok(json::write_line(self.out, &document)?);
        }
        Ok(self.words(record)?)
    }

    /// Time, level, message and fields; further lines of the message stand below its first one.
    fn words(&mut self, record: &LogRecord) -> io::Result<()> {
        let mut line = Vec::new();
        let mut indent = LEVEL_CELLS + 1;
        if let Some(time) = record.time.filter(|time| time.is_finite()) {
            let time = Safe::new(&self.zone.date_and_time(time)).then(&Safe::fixed("  "));
            indent += time.width();
            line.push((FAINT, time));
        }
        let level = level_word(record).pad_end(LEVEL_CELLS);
        line.push((color(record.level), level));
        line.push(("", Safe::fixed(" ")));
        let mut lines = message_lines(&record.message).into_iter();
        line.push(("", lines.next().unwrap_or_default()));
        for text in lines {
            self.print(&line)?;
            let blanks = Safe::default().pad_end(if text.is_empty() { 0 } else { indent });
            line = vec![("", blanks), ("", text)];
        }
        for (key, value) in &record.fields {
            let field = Safe::new(&format!("{key}={}", value::text(value)));
            line.push((FAINT, safe!("  {field}")));
        }
        if record.omitted > 0 {
            line.push((FAINT, safe!("  … {} more bytes", record.omitted)));
        }
        self.print(&line)
    }

    fn print(&mut self, pieces: &[(&'static str, Safe)]) -> io::Result<()> {
        print::pieces(self.out, pieces, self.colors)
    }
}

/// The lines of a message. What was written over, as progress bars are, is gone.
fn message_lines(message: &str) -> Vec<Safe> {
    let last_state = |line: &str| {
        let line = line.trim_end_matches('\r');
        let pieces = colored(line.rsplit('\r').next().unwrap_or(line));
        Safe::join(pieces.iter().map(|(text, _)| text), "")
    };
    message.trim_end().split('\n').map(last_state).collect()
}

/// A level in its usual word, unless the file has one of its own.
fn level_word(record: &LogRecord) -> Safe {
    let word = record.word.trim();
    let usual = word.is_empty()
        || word.parse::<f64>().is_ok()
        || [record.level.name(), "warning", "critical"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
    if usual {
        Safe::fixed(record.level.name())
    } else {
        Safe::new(word).elide_end(LONGEST_LEVEL)
    }
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Debug => FAINT,
        Level::Info => "",
        Level::Warn => "\x1b[33m",
        Level::Error => "\x1b[31m",
        Level::Fatal => "\x1b[1;31m",
    }
}
