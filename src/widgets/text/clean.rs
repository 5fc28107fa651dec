//! What becomes of every character of somebody's text: kept, shown as a picture or a code, or left
//! out.

use std::fmt::{self, Write as _};
use std::path::Path;

use unicode_width::UnicodeWidthChar as _;

/// More marks than this over one letter are decoration that spills over other lines.
const MARKS_PER_LETTER: usize = 4;
const TAB: usize = 4;

/// Makes text harmless, piece by piece; only what it lets through gets into the text it collects.
#[derive(Clone, Debug, Default)]
pub(super) struct Cleaner {
    out: String,
    /// Cells so far, for the stops of tabulators.
    column: usize,
    /// Marks over the last letter.
    marks: usize,
}

impl Cleaner {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    pub(super) fn push_str(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let plain = plain_prefix(rest);
            if plain > 0 {
                self.out.push_str(&rest[..plain]);
                self.column += plain;
                self.marks = 0;
                rest = &rest[plain..];
            }
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { return };
            self.push(c);
            rest = chars.as_str();
        }
    }

    /// What was collected since the last time; the column goes on.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    fn push(&mut self, c: char) {
        match kind(c) {
            Kind::Mark if self.column == 0 || self.marks >= MARKS_PER_LETTER => {}
            Kind::Mark => {
                self.marks += 1;
                self.out.push(c);
            }
            Kind::Plain(width) => self.add(c, width),
            Kind::Letter(letter) => self.add(letter, 1),
            Kind::Control => self.push_control(c),
            Kind::Reorders | Kind::Unknown => self.push_code(c),
            Kind::Invisible => {}
        }
    }

    fn add(&mut self, c: char, width: usize) {
        self.marks = 0;
        self.column += width;
        self.out.push(c);
    }

    fn push_control(&mut self, c: char) {
        match c {
            '\t' => {
                let blanks = TAB - self.column % TAB;
                for _ in 0..blanks {
                    self.add(' ', 1);
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' => self.add('⏎', 1),
            '\x7f' => self.add('␡', 1),
            c if u32::from(c) < 0x20 => {
                let picture = char::from_u32(0x2400 + u32::from(c));
                self.add(picture.unwrap_or('?'), 1);
            }
            c => self.push_code(c),
        }
    }

    fn push_code(&mut self, c: char) {
        let before = self.out.chars().count();
        push_code(&mut self.out, c);
        self.column += self.out.chars().count() - before;
        self.marks = 0;
    }
}

impl fmt::Write for Cleaner {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

/// Text on one line: control characters as pictures, line ends as `⏎`.
pub(super) fn text(text: &str) -> String {
    if plain_prefix(text) == text.len() {
        return text.to_owned();
    }
    let mut cleaner = Cleaner::with_capacity(text.len());
    cleaner.push_str(text);
    cleaner.take()
}

/// A path on one line. Bytes that are no text and characters that cannot be seen stay visible as
/// escapes, because they tell one file from another.
pub(super) fn path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        let mut marks = 0;
        for c in chunk.valid().chars() {
            let kind = kind(c);
            marks = if matches!(kind, Kind::Mark) {
                marks + 1
            } else {
                0
            };
            match kind {
                Kind::Plain(_) => out.push(c),
                Kind::Mark if marks <= MARKS_PER_LETTER && !out.is_empty() => out.push(c),
                Kind::Control if u32::from(c) < 0x80 => {
                    let _ = write!(out, "\\x{:02x}", u32::from(c));
                }
                _ => push_code(&mut out, c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

/// Whether a character must not stand in machine output as itself.
pub(super) fn must_escape(c: char) -> bool {
    let joins = matches!(c, '\u{200c}' | '\u{200d}') || is_selector(c) || is_skin(c);
    !joins && matches!(kind(c), Kind::Control | Kind::Reorders | Kind::Invisible)
}

enum Kind {
    /// A character that takes this many cells.
    Plain(usize),
    /// A part of a flag, which stands for this letter.
    Letter(char),
    /// It is drawn over the letter before it.
    Mark,
    Control,
    /// It turns the order of what follows round.
    Reorders,
    /// Terminals do not agree what it looks like.
    Unknown,
    Invisible,
}

fn kind(c: char) -> Kind {
    match c {
        ' '..='~' => Kind::Plain(1),
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
        c if is_selector(c) || is_skin(c) => Kind::Invisible,
        '\u{1f1e6}'..='\u{1f1ff}' => Kind::Letter(flag_letter(c)),
        c => match c.width() {
            Some(0) => Kind::Mark,
            Some(width @ 1..=2) if !is_strange(c) && !is_disputed(c) => Kind::Plain(width),
            _ => Kind::Unknown,
        },
    }
}

/// Variation selectors: they change how wide a character is drawn, and terminals disagree.
const fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Colours of skin: some terminals join them with the character before, others do not.
const fn is_skin(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Two regional indicators are a flag of two cells or two letters, depending on the terminal; the
/// letters are what all agree on.
fn flag_letter(c: char) -> char {
    char::from_u32(u32::from(c) - 0x1f1e6 + u32::from('A')).unwrap_or('?')
}

/// Characters that nobody has assigned: some terminals leave them out, others draw a box.
fn is_strange(c: char) -> bool {
    // Frequent blocks without gaps: asking for each character is slow.
    let known = matches!(c, '\u{a0}'..='\u{2ff}' | '\u{2500}'..='\u{25ff}' | '\u{2800}'..='\u{28ff}'
        | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}');
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    !known && !private && !c.is_whitespace() && c.escape_debug().len() > 1
}

/// Symbols that take one cell in older tables of characters and two in newer ones, or the reverse.
const fn is_disputed(c: char) -> bool {
    matches!(c, '\u{2630}'..='\u{2637}' | '\u{268a}'..='\u{268f}' | '\u{3248}'..='\u{324f}'
        | '\u{4dc0}'..='\u{4dff}' | '\u{1d300}'..='\u{1d356}' | '\u{1d360}'..='\u{1d376}')
}

/// How many bytes at the start are printable ASCII.
fn plain_prefix(text: &str) -> usize {
    const BLOCK: usize = 8;
    let plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let bytes = text.as_bytes();
    // Whole blocks at once, without a branch for each byte.
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK)
        && block.iter().fold(true, |all, byte| all & plain(byte))
    {
        at += BLOCK;
    }
    at + bytes[at..].iter().take_while(|byte| plain(byte)).count()
}

fn push_code(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "‹U+{:04X}›", u32::from(c));
}
