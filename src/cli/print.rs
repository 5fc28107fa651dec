//! The way out for people: lines of safe text are all that reaches the terminal.

use std::borrow::Cow;
use std::io::{self, Write, stderr};

use crate::widgets::Safe;

/// Writes a line.
pub(super) fn line(out: &mut dyn Write, words: &Safe) -> io::Result<()> {
    indented(out, 0, words)
}

/// Writes a line behind so many blanks.
pub(super) fn indented(out: &mut dyn Write, indent: usize, words: &Safe) -> io::Result<()> {
    if words.is_empty() {
        return empty_line(out);
    }
    writeln!(out, "{:indent$}{words}", "")
}

/// Writes a line in pieces, each behind what switches its colour on, if colours are wanted.
pub(super) fn pieces(
    out: &mut dyn Write,
    pieces: &[(Cow<'static, str>, Safe)],
    colors: bool,
) -> io::Result<()> {
    for (color, words) in pieces {
        if colors && !color.is_empty() && !words.is_empty() {
            write!(out, "{color}{words}\x1b[0m")?;
        } else {
            write!(out, "{words}")?;
        }
    }
    empty_line(out)
}

/// Writes a line without anything.
pub(super) fn empty_line(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)
}

/// Says on standard error what is wrong, on one line or more.
pub(super) fn complain(lines: &[Safe]) {
    let mut err = stderr().lock();
    for (at, words) in lines.iter().enumerate() {
        let name = if at == 0 { "ml-dash-top: " } else { "" };
        // Nobody is left to tell when this fails.
        let _ = writeln!(err, "{name}{words}");
    }
}

/// Passes on what the reader of the options says, line by line.
pub(super) fn repeat(words: &str) {
    let mut err = stderr().lock();
    for line in words.trim_end().lines() {
        let _ = writeln!(err, "{}", Safe::new(line));
    }
}
