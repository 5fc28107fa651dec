//! What a line of a log looks like in a terminal, and as JSON.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write, stdout};

use serde::Serialize;

use crate::cli::options::{LogsOptions, When};
use crate::cli::read::Data;
use crate::cli::{Stop, json, print, terminal};
use crate::export::json::Measured;
use crate::insight::clock::Zone;
use crate::insight::log_words::{LEVEL_CELLS, LONGEST_LEVEL, level_word};
use crate::insight::value;
use crate::record::{Level, LogRecord, Value};
use crate::widgets::Safe;
use crate::widgets::text::{colored, last_state, safe, switched_on};
use crate::widgets::theme::{Depth, Palette, Theme};

const FAINT: &str = "\x1b[2m";

/// What switches the colour of a text on, and the text.
type Piece = (Cow<'static, str>, Safe);

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
    /// What a time takes with the blanks behind it; nothing while no line had one.
    time_cells: usize,
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
            time_cells: 0,
        }
    }

    /// Lines without a time stand in the same columns as those of a log that has times.
    pub(super) fn leave_room(&mut self, time: Option<f64>) {
        let text = time.map(|time| self.time(time));
        self.time_cells = text.map_or(0, |text| text.width()).max(self.time_cells);
    }

    fn time(&self, time: f64) -> Safe {
        safe!("{}  ", self.zone.date_and_time(time))
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

    /// Time, level, message and fields. Further lines of the message, and fields that have lines of
    /// their own, stand below its first line.
    fn words(&mut self, record: &LogRecord) -> io::Result<()> {
        let time = record.time.filter(|time| time.is_finite());
        self.leave_room(time);
        let time = time.map_or_else(Safe::default, |time| self.time(time));
        let time = time.pad_end(self.time_cells);
        let indent = self.time_cells + LEVEL_CELLS + 1;
        let level = Safe::new(level_word(record)).elide_end(LONGEST_LEVEL);
        let mut line: Vec<Piece> = vec![
            (FAINT.into(), time),
            (color(record.level).into(), level.pad_end(LEVEL_CELLS)),
            ("".into(), Safe::fixed(" ")),
        ];
        for (at, text) in lines_of(&record.message).enumerate() {
            if at > 0 {
                self.print(&line)?;
                line = below(indent, text);
            } else {
                line.extend(text);
            }
        }
        let mut long = Vec::new();
        for (key, value) in &record.fields {
            match value {
                Value::Text(text) if text.trim_end().contains('\n') => long.push((key, text)),
                _ => {
                    let field = Safe::new(&format!("{key}={}", value::text(value)));
                    line.push((FAINT.into(), safe!("  {field}")));
                }
            }
        }
        for (key, text) in long {
            self.print(&line)?;
            line = below(indent, vec![(FAINT.into(), safe!("{}=", Safe::new(key)))]);
            for text in lines_of(text) {
                self.print(&line)?;
                line = below(indent + 2, text);
            }
        }
        if record.omitted > 0 {
            line.push((FAINT.into(), safe!("  … {} more bytes", record.omitted)));
        }
        self.print(&line)
    }

    fn print(&mut self, pieces: &[Piece]) -> io::Result<()> {
        print::pieces(self.out, pieces, self.colors)
    }
}

/// The lines of a text in the colours that it has. What was written over, as progress bars are, is
/// gone.
fn lines_of(text: &str) -> impl Iterator<Item = Vec<Piece>> {
    // The terminal's own colours are made for its background, and these are all of them.
    let theme = Theme::new(Palette::Dark, Depth::Sixteen, false);
    let lines = text.trim_end().split('\n');
    lines.map(move |line| {
        let pieces = colored(last_state(line)).into_iter();
        pieces
            .map(|(text, style)| (switched_on(theme.tamed(style)).into(), text))
            .collect()
    })
}

/// A line below the first one, that far to the right.
fn below(indent: usize, text: Vec<Piece>) -> Vec<Piece> {
    let mut line = text;
    if !line.is_empty() {
        line.insert(0, ("".into(), Safe::default().pad_end(indent)));
    }
    line
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
