//! The one type for text that came from a file: [`Safe`], made harmless before it is shown.
//!
//! No control character, no reordering and no invisible character of somebody's data reaches the
//! terminal: a run called `ESC ] 0 ; x BEL` is shown, not obeyed.

mod ansi;
mod clean;
mod measure;

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::path::Path;

pub use ansi::{colored, switched_on};
use clean::Cleaner;
pub(super) use measure::width;

/// More than this is not put into a clipboard.
const LARGEST_COPY: usize = 100_000;

/// Text on one line that may be shown: nothing in it is obeyed by a terminal, turns the order of the
/// text round or hides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Safe(Cow<'static, str>);

impl Safe {
    /// Makes text harmless, whoever wrote it. Line ends become `⏎`, tabulators blanks.
    pub fn new(text: &str) -> Self {
        Self(Cow::Owned(clean::text(text)))
    }

    /// Words of our own.
    pub const fn fixed(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }

    /// A path; what cannot be seen in it stays visible as escapes.
    pub fn path(path: &Path) -> Self {
        Self(Cow::Owned(clean::path(path)))
    }

    /// Words with something in them, made harmless whatever it is; see [`safe!`].
    pub fn format(words: fmt::Arguments<'_>) -> Self {
        if let Some(words) = words.as_str() {
            return Self::new(words);
        }
        let mut cleaner = Cleaner::default();
        // Writing to memory cannot fail.
        let _ = cleaner.write_fmt(words);
        Self(Cow::Owned(cleaner.take()))
    }

    /// The pieces with something between them.
    pub fn join<'a>(pieces: impl IntoIterator<Item = &'a Self>, between: &'static str) -> Self {
        let mut out = String::new();
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 {
                out.push_str(between);
            }
            out.push_str(&piece.0);
        }
        Self(Cow::Owned(out))
    }

    /// The lines of a text of many: a traceback, a readme. Of a line that was written over and over,
    /// as progress bars do, the last state is left.
    pub fn lines(text: &str) -> Vec<Self> {
        text.lines()
            .map(|line| Self::new(last_state(line)))
            .collect()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many cells it takes.
    pub fn width(&self) -> usize {
        measure::width(&self.0)
    }

    /// The text in at most `cells` cells, its end replaced by `…` when it is longer.
    #[must_use]
    pub fn elide_end(&self, cells: usize) -> Self {
        Self(Cow::Owned(measure::elide_end(&self.0, cells)))
    }

    /// The text in at most `cells` cells, its start replaced by `…`: of a path, the end tells most.
    #[must_use]
    pub fn elide_start(&self, cells: usize) -> Self {
        Self(Cow::Owned(measure::elide_start(&self.0, cells)))
    }

    /// The text in at most `cells` cells, its middle replaced by `…`: names that differ only at
    /// their ends stay apart.
    #[must_use]
    pub fn elide_middle(&self, cells: usize) -> Self {
        Self(Cow::Owned(measure::elide_middle(&self.0, cells)))
    }

    /// What fits into `cells` cells, and the rest.
    pub fn split_at(&self, cells: usize) -> (Self, Self) {
        let (end, _) = measure::fitting_start(&self.0, cells);
        let (start, rest) = self.0.split_at(end);
        let owned = |text: &str| Self(Cow::Owned(text.to_owned()));
        (owned(start), owned(rest))
    }

    /// The text on as many lines of `cells` cells as it needs, cut at blanks where there are any.
    pub fn wrap(&self, cells: usize) -> Vec<Self> {
        let lines = measure::wrap(&self.0, cells).into_iter();
        lines
            .map(|(from, to)| Self(Cow::Owned(self.0[from..to].to_owned())))
            .collect()
    }

    /// Without the blanks at its end.
    #[must_use]
    pub fn trim_end(&self) -> Self {
        match &self.0 {
            Cow::Borrowed(words) => Self(Cow::Borrowed(words.trim_end())),
            Cow::Owned(words) => Self(Cow::Owned(words.trim_end().to_owned())),
        }
    }

    /// With blanks behind it, so that it takes at least `cells` cells.
    #[must_use]
    pub fn pad_end(&self, cells: usize) -> Self {
        let blanks = cells.saturating_sub(self.width());
        Self(Cow::Owned(format!("{}{:blanks$}", self.0, "")))
    }

    /// With blanks in front of it.
    #[must_use]
    pub fn pad_start(&self, cells: usize) -> Self {
        let blanks = cells.saturating_sub(self.width());
        Self(Cow::Owned(format!("{:blanks$}{}", "", self.0)))
    }

    /// This text with another behind it.
    #[must_use]
    pub fn then(&self, more: &Self) -> Self {
        Self(Cow::Owned([self.as_str(), more.as_str()].concat()))
    }

    /// The characters as they stand in cells: a letter with the marks over it, and its cells.
    pub(super) fn atoms(&self) -> impl Iterator<Item = (&str, u16)> {
        measure::atoms(&self.0)
    }
}

/// Lines for the clipboard; nothing when they are more than a clipboard takes. Whoever pastes them
/// into a shell runs nothing by it: there is no control character in them and no line end behind
/// them.
pub fn for_clipboard(lines: &[Safe]) -> Option<String> {
    let lines: Vec<&str> = lines.iter().map(Safe::as_str).collect();
    let text = lines.join("\n");
    let end = text.trim_end_matches('\n').len();
    (end <= LARGEST_COPY).then(|| text[..end].to_owned())
}

/// Whether a character must not stand in machine output as itself.
pub(crate) fn must_escape(c: char) -> bool {
    clean::must_escape(c)
}

/// What a line shows that was written over from its start several times.
pub fn last_state(line: &str) -> &str {
    let line = line.trim_end_matches('\r');
    line.rsplit('\r').next().unwrap_or(line)
}

/// Words with something in them, made harmless whatever it is: `safe!("{name} has {count} rows")`.
macro_rules! safe {
    ($($words:tt)*) => {
        $crate::widgets::Safe::format(format_args!($($words)*))
    };
}
pub(crate) use safe;

impl From<&'static str> for Safe {
    fn from(words: &'static str) -> Self {
        Self::fixed(words)
    }
}

/// Padding counts cells.
impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blanks = f.width().unwrap_or(0).saturating_sub(self.width());
        let before = match f.align() {
            None | Some(fmt::Alignment::Left) => 0,
            Some(fmt::Alignment::Right) => blanks,
            Some(fmt::Alignment::Center) => blanks / 2,
        };
        write!(f, "{:before$}", "")?;
        f.write_str(&self.0)?;
        write!(f, "{:after$}", "", after = blanks - before)
    }
}

#[cfg(test)]
mod tests;
