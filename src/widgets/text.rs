//! The one type for text that came from a file: [`Safe`], made harmless before it is shown.
//!
//! No control character, no reordering and no invisible character of somebody's data reaches the
//! terminal: a run called `ESC ] 0 ; x BEL` is shown, not obeyed.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::path::Path;

use unicode_width::UnicodeWidthChar as _;

/// More marks than this over one letter are decoration that spills over other lines.
const MARKS_PER_LETTER: usize = 4;

/// Text on one line that may be shown: nothing in it is obeyed by a terminal, turns the order of the
/// text round or hides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Safe(Cow<'static, str>);

impl Safe {
    /// Makes text harmless, whoever wrote it.
    pub fn new(text: &str) -> Self {
        Self(Cow::Owned(safe(text)))
    }

    /// Words of our own.
    pub const fn fixed(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }

    /// A path; what cannot be seen in it stays visible as escapes.
    pub fn path(path: &Path) -> Self {
        Self(Cow::Owned(safe_path(path)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many cells it takes.
    pub fn width(&self) -> usize {
        width(&self.0)
    }

    /// The text in at most `cells` cells, its end replaced by `…` when it is longer.
    #[must_use]
    pub fn elide_end(&self, cells: usize) -> Self {
        Self(Cow::Owned(elide_end(&self.0, cells)))
    }

    /// The text in at most `cells` cells, its start replaced by `…`: of a path, the end tells most.
    #[must_use]
    pub fn elide_start(&self, cells: usize) -> Self {
        Self(Cow::Owned(elide_start(&self.0, cells)))
    }

    /// The text in at most `cells` cells, its middle replaced by `…`: names that differ only at
    /// their ends stay apart.
    #[must_use]
    pub fn elide_middle(&self, cells: usize) -> Self {
        Self(Cow::Owned(elide_middle(&self.0, cells)))
    }

    /// This text with another behind it.
    #[must_use]
    pub fn then(&self, more: &Self) -> Self {
        Self(Cow::Owned(format!("{}{}", self.0, more.0)))
    }
}

impl From<&'static str> for Safe {
    fn from(words: &'static str) -> Self {
        Self::fixed(words)
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Text from a file on one line: control characters as pictures, line ends as `⏎`.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut column, mut marks) = (0, 0);
    for c in text.chars() {
        match kind(c) {
            Kind::Mark if column == 0 || marks >= MARKS_PER_LETTER => {}
            Kind::Mark => {
                marks += 1;
                out.push(c);
            }
            Kind::Plain(width) => {
                (marks, column) = (0, column + width);
                out.push(c);
            }
            Kind::Control => {
                (marks, column) = (0, column + 1);
                push_control(&mut out, c, &mut column);
            }
            Kind::Reorders => {
                (marks, column) = (0, column + 8);
                push_code(&mut out, c);
            }
            Kind::Invisible => {}
        }
    }
    out
}

/// A path on one line. Bytes that are no text and characters that cannot be seen stay visible as
/// escapes, because they tell one file from another.
pub(crate) fn safe_path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        let mut marks = 0;
        for c in chunk.valid().chars() {
            marks = if matches!(kind(c), Kind::Mark) {
                marks + 1
            } else {
                0
            };
            match kind(c) {
                Kind::Plain(_) => out.push(c),
                Kind::Mark if marks <= MARKS_PER_LETTER && !out.is_empty() => out.push(c),
                Kind::Control if u32::from(c) < 0x80 => {
                    let _ = write!(out, "\\x{:02x}", u32::from(c));
                }
                Kind::Mark | Kind::Control | Kind::Reorders | Kind::Invisible => {
                    push_code(&mut out, c);
                }
            }
        }
        push_bytes(&mut out, chunk.invalid());
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

/// Whether a character must not stand in machine output as itself.
pub(crate) fn must_escape(c: char) -> bool {
    c != '\u{200c}'
        && c != '\u{200d}'
        && !matches!(kind(c), Kind::Plain(_) | Kind::Mark)
        && !is_selector(c)
}

/// How many cells a text takes that [`safe`] or [`safe_path`] returned.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The text in at most `cells` cells, its end replaced by `…` when it is longer.
pub(crate) fn elide_end(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        let more = c.width().unwrap_or(0);
        if used + more + 1 > cells {
            break;
        }
        used += more;
        out.push(c);
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

/// The text in at most `cells` cells, its start replaced by `…`: of a path, the end tells most.
pub(crate) fn elide_start(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let (mut from, mut used) = (text.len(), 0);
    for (at, c) in text.char_indices().rev() {
        let more = c.width().unwrap_or(0);
        if used + more + 1 > cells {
            break;
        }
        used += more;
        if more > 0 {
            from = at;
        }
    }
    if cells > 0 {
        format!("…{}", &text[from..])
    } else {
        String::new()
    }
}

/// The text in at most `cells` cells, its middle replaced by `…`: names that differ only at their
/// ends stay apart.
pub(crate) fn elide_middle(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let tail = elide_start(text, (cells / 2 + 1).min(cells));
    let tail = tail.trim_start_matches('…');
    elide_end(text, cells.saturating_sub(width(tail))) + tail
}

/// Text padded to `cells` with blanks behind it, or in front of it.
pub(crate) fn pad(text: &str, cells: usize, right: bool) -> String {
    let blanks = " ".repeat(cells.saturating_sub(width(text)));
    if right {
        blanks + text
    } else {
        text.to_owned() + &blanks
    }
}

enum Kind {
    /// A character that takes this many cells.
    Plain(usize),
    /// It is drawn over the letter before it.
    Mark,
    Control,
    /// It turns the order of what follows round.
    Reorders,
    Invisible,
}

fn kind(c: char) -> Kind {
    match c {
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Kind::Control,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Kind::Reorders
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Kind::Invisible,
        c if is_selector(c) => Kind::Invisible,
        c => match c.width() {
            Some(0) => Kind::Mark,
            width => Kind::Plain(width.unwrap_or(1)),
        },
    }
}

/// Variation selectors: they change how wide a character is drawn, and terminals disagree.
const fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn push_control(out: &mut String, c: char, column: &mut usize) {
    match c {
        '\t' => {
            // To the next stop of four; one cell is counted already.
            out.push(' ');
            while !column.is_multiple_of(4) {
                out.push(' ');
                *column += 1;
            }
        }
        '\n' | '\u{2028}' | '\u{2029}' => out.push('⏎'),
        '\x7f' => out.push('␡'),
        c if u32::from(c) < 0x20 => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
        c => {
            *column += 7;
            push_code(out, c);
        }
    }
}

fn push_code(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "‹U+{:04X}›", u32::from(c));
}

fn push_bytes(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(out, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(safe("\x1b]0;x\x07"), "␛]0;x␇");
        assert_eq!(safe("a\r\nb\tc\0\x7f"), "a␍⏎b    c␀␡");
        assert_eq!(safe("\u{9b}31m"), "‹U+009B›31m");
    }

    #[test]
    fn nothing_turns_the_text_round_or_hides() {
        assert_eq!(safe("loss\u{202e}53.0"), "loss‹U+202E›53.0");
        assert_eq!(
            safe("a\u{200b}b\u{feff}c\u{e0041}d\u{2069}"),
            "abcd‹U+2069›"
        );
        assert_eq!(safe("naïve 損失 🤗\u{fe0f}"), "naïve 損失 🤗");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let zalgo = format!("a{}b", "\u{301}".repeat(200));
        assert_eq!(safe(&zalgo), "a\u{301}\u{301}\u{301}\u{301}b");
        assert_eq!(safe("\u{301}x"), "x");
    }

    #[test]
    fn paths_keep_what_tells_them_apart() {
        let path = Path::new(OsStr::from_bytes(b"runs/\xff\x1b]0;x\x07"));
        assert_eq!(safe_path(path), "runs/\\xff\\x1b]0;x\\x07");
        assert_eq!(safe_path(Path::new("a\u{200b}b")), "a‹U+200B›b");
        assert_eq!(safe_path(Path::new("")), ".");
    }

    #[test]
    fn eliding_respects_wide_characters() {
        assert_eq!(elide_end("resnet50-baseline", 10), "resnet50-…");
        assert_eq!(elide_end("損失損失", 4), "損…");
        assert_eq!(elide_middle("ResNet50 baseline 3", 12), "ResNe…line 3");
        assert_eq!(elide_start("alice/vision/seed-0", 9), "…n/seed-0");
        assert_eq!(elide_start("損失損失", 4), "…失");
        assert_eq!([pad("損", 4, false), pad("1", 3, true)], ["損  ", "  1"]);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_printable(text in any::<String>(), cells in 0..20_usize) {
            let out = safe(&text);
            prop_assert!(out.chars().all(|c| !c.is_control() && !must_escape(c)));
            prop_assert!(width(&elide_end(&out, cells)) <= cells);
            prop_assert!(width(&elide_start(&out, cells)) <= cells);
            prop_assert!(width(&elide_middle(&out, cells)) <= cells);
        }

        #[test]
        fn so_are_paths(bytes in any::<Vec<u8>>()) {
            let out = safe_path(Path::new(OsStr::from_bytes(&bytes)));
            prop_assert!(out.chars().all(|c| !c.is_control() && !must_escape(c)));
        }
    }
}
