//! Messages that carry their own colours, as loggers for terminals write them: colours are taken
//! over, every other escape sequence is left out.

use ratatui::style::{Color, Modifier, Style};

use super::clean::Cleaner;
use super::{Cow, Safe};

/// The pieces of a message, each with the foreground colour and the weight that were asked for.
/// They are as they stand in the message: a theme makes them fit.
pub fn colored(text: &str) -> Vec<(Safe, Style)> {
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(at) = rest.find(starts_something) {
        reader.cleaner.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[reader.take(rest)..];
    }
    reader.cleaner.push_str(rest);
    reader.end_piece();
    reader.pieces
}

/// What switches a style on in a terminal: the weight and one of the terminal's own sixteen colours;
/// nothing for plain text.
pub fn switched_on(style: Style) -> String {
    const WEIGHTS: [(Modifier, u8); 4] = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
    ];
    let weights = WEIGHTS.iter();
    let weights = weights.filter(|(weight, _)| style.add_modifier.contains(*weight));
    let codes = weights.map(|(_, code)| *code);
    let codes: Vec<String> = codes
        .chain(style.fg.and_then(sixteen))
        .map(|code| code.to_string())
        .collect();
    if codes.is_empty() {
        return String::new();
    }
    format!("\x1b[{}m", codes.join(";"))
}

const fn sixteen(color: Color) -> Option<u8> {
    Some(match color {
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => return None,
    })
}

#[derive(Debug, Default)]
struct Reader {
    cleaner: Cleaner,
    style: Style,
    pieces: Vec<(Safe, Style)>,
    /// The first piece of this line.
    line: usize,
}

/// What was found at the start of a text, and how many bytes it has.
enum Found<'a> {
    Colors(&'a str, usize),
    Other(usize),
}

impl Reader {
    /// Obeys or leaves out what the text starts with; returns how many bytes that were.
    fn take(&mut self, text: &str) -> usize {
        let first = text.chars().next().unwrap_or_default();
        match first {
            '\n' => {
                self.cleaner.push_str("\n");
                self.end_piece();
                self.line = self.pieces.len();
                1
            }
            '\r' => {
                let more = text[1..].trim_start_matches('\r');
                if !more.is_empty() && !more.starts_with('\n') {
                    // The line is written over.
                    self.cleaner.take();
                    self.pieces.truncate(self.line);
                }
                text.len() - more.len()
            }
            _ => match sequence(text) {
                Found::Colors(codes, length) => {
                    self.end_piece();
                    self.style = with_codes(self.style, codes);
                    length
                }
                Found::Other(length) => length,
            },
        }
    }

    fn end_piece(&mut self) {
        let text = self.cleaner.take();
        if text.is_empty() {
            return;
        }
        let goes_on = self.line < self.pieces.len();
        match self.pieces.last_mut() {
            Some((last, style)) if goes_on && *style == self.style => {
                last.0.to_mut().push_str(&text);
            }
            _ => self.pieces.push((Safe(Cow::Owned(text)), self.style)),
        }
    }
}

fn starts_something(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\x1b' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}'..='\u{9f}'
    )
}

/// Reads the escape sequence that a text starts with. One that does not end is cut off where
/// something begins that cannot belong to it.
fn sequence(text: &str) -> Found<'_> {
    let mut chars = text.chars();
    let introducer = match chars.next() {
        Some('\x1b') => match chars.next() {
            Some(c) => c,
            None => return Found::Other(1),
        },
        Some('\u{9b}') => '[',
        _ => ']',
    };
    let body = chars.as_str();
    let start = text.len() - body.len();
    match introducer {
        '[' => control_sequence(body, start),
        ']' | 'P' | 'X' | '^' | '_' => Found::Other(start + string_length(body)),
        ' '..='/' => {
            let between = run(body, |c| matches!(c, ' '..='/'));
            let ends = body[between..].starts_with(|c| matches!(c, '0'..='~'));
            Found::Other(start + between + usize::from(ends))
        }
        '0'..='~' => Found::Other(start),
        // No sequence: what follows stays.
        c => Found::Other(start - c.len_utf8()),
    }
}

fn control_sequence(body: &str, start: usize) -> Found<'_> {
    let parameters = run(body, |c| matches!(c, '0'..='?'));
    let between = run(&body[parameters..], |c| matches!(c, ' '..='/'));
    let end = parameters + between;
    match body[end..].chars().next() {
        Some('m') if between == 0 => Found::Colors(&body[..parameters], start + end + 1),
        Some('@'..='~') => Found::Other(start + end + 1),
        _ => Found::Other(start + end),
    }
}

/// A title, a link, something for the clipboard: until its end mark, at most to the end of the line.
fn string_length(body: &str) -> usize {
    let end = body.find(['\x07', '\x1b', '\u{9c}', '\x18', '\x1a', '\n']);
    let Some(end) = end else { return body.len() };
    let rest = &body[end..];
    end + match rest.chars().next() {
        Some('\x1b') if rest.starts_with("\x1b\\") => 2,
        // Another sequence begins, or the line ends.
        Some('\x1b' | '\n') | None => 0,
        Some(mark) => mark.len_utf8(),
    }
}

fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

fn with_codes(mut style: Style, codes: &str) -> Style {
    let mut codes = codes.split(';');
    while let Some(code) = codes.next() {
        let (code, parts) = code.split_once(':').unwrap_or((code, ""));
        match code
            .parse()
            .unwrap_or(if code.is_empty() { 0 } else { u16::MAX })
        {
            0 => style = Style::new(),
            1 => style.add_modifier |= Modifier::BOLD,
            2 => style.add_modifier |= Modifier::DIM,
            3 => style.add_modifier |= Modifier::ITALIC,
            4 if parts == "0" => style.add_modifier -= Modifier::UNDERLINED,
            4 | 21 => style.add_modifier |= Modifier::UNDERLINED,
            22 => style.add_modifier -= Modifier::BOLD | Modifier::DIM,
            23 => style.add_modifier -= Modifier::ITALIC,
            24 => style.add_modifier -= Modifier::UNDERLINED,
            code @ 30..=37 => style.fg = Some(Color::Indexed((code - 30) as u8)),
            code @ 90..=97 => style.fg = Some(Color::Indexed((code - 90 + 8) as u8)),
            39 => style.fg = None,
            code @ (38 | 48 | 58) => {
                let color = if parts.is_empty() {
                    color(&mut codes)
                } else {
                    // `38:2::r:g:b` names a space of colours before the parts.
                    let parts: Vec<&str> = parts.split(':').collect();
                    let skip = usize::from(parts.len() > 4);
                    color(&mut parts[..1].iter().chain(&parts[1 + skip..]).copied())
                };
                if code == 38 {
                    style.fg = color.or(style.fg);
                }
            }
            // Backgrounds are not taken over, and what else there is changes no colour.
            _ => {}
        }
    }
    style
}

fn color<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Color> {
    let kind = parts.next()?;
    let mut part = || parts.next().and_then(|part| part.parse::<u8>().ok());
    match kind {
        "5" => part().map(Color::Indexed),
        "2" => {
            let (red, green, blue) = (part(), part(), part());
            Some(Color::Rgb(red?, green?, blue?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::must_escape;
    use super::*;

    fn plain(text: &str) -> String {
        let pieces = colored(text).into_iter();
        pieces.map(|(text, _)| text.0.into_owned()).collect()
    }

    fn styles(text: &str) -> Vec<(String, Style)> {
        let pieces = colored(text).into_iter();
        pieces
            .map(|(text, style)| (text.0.into_owned(), style))
            .collect()
    }

    #[test]
    fn what_is_switched_on_is_read_back() {
        let style = Style::new().fg(Color::LightRed);
        let both = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(switched_on(both), "\x1b[1;4;91m");
        assert_eq!(switched_on(Style::new()), "");
        assert_eq!(switched_on(Style::new().fg(Color::Rgb(1, 2, 3))), "");
        let text = format!("{}x", switched_on(both));
        let read = both.fg(Color::Indexed(9));
        assert_eq!(styles(&text), [("x".to_owned(), read)]);
    }

    #[test]
    fn colors_are_taken_over() {
        let style = Style::new();
        let told = |text: &str, style| (text.to_owned(), style);
        assert_eq!(
            styles("\x1b[32mINFO\x1b[0m ok \x1b[1;38;5;208mhot\x1b[22m x\x1b[39m\x1b[38;2;1;2;3my"),
            [
                told("INFO", style.fg(Color::Indexed(2))),
                told(" ok ", style),
                told(
                    "hot",
                    style.fg(Color::Indexed(208)).add_modifier(Modifier::BOLD)
                ),
                told(" x", style.fg(Color::Indexed(208))),
                told("y", style.fg(Color::Rgb(1, 2, 3))),
            ]
        );
        for text in [
            "\x1b[91ma",
            "\x1b[;91ma",
            "\u{9b}1;0;91ma",
            "\x1b[38:5:9ma",
            "\x1b[48;5;1;91ma",
        ] {
            assert_eq!(
                styles(text),
                [told("a", style.fg(Color::Indexed(9)))],
                "{text:?}"
            );
        }
        for text in [
            "\x1b[38:2:4:5:6ma",
            "\x1b[38:2::4:5:6ma",
            "\x1b[48;2;9;9;9;38;2;4;5;6ma",
        ] {
            assert_eq!(
                styles(text),
                [told("a", style.fg(Color::Rgb(4, 5, 6)))],
                "{text:?}"
            );
        }
        for text in [
            "\x1b[38;5ma",
            "\x1b[38;2;1;2ma",
            "\x1b[38;5;999ma",
            "\x1b[41;7;8ma",
            "\x1b[99999999ma",
        ] {
            assert_eq!(styles(text), [told("a", style)], "{text:?}");
        }
    }

    #[test]
    fn everything_else_is_left_out() {
        let table = [
            ("\x1b]0;title\x07a", "a"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
            ("\x1b]52;c;aGk=\u{9c}a", "a"),
            (
                "\x1bPq#0\x1b\\a\x1b_G\x1b\\b\x1b^x\x1b\\c\x1bXy\x1b\\d",
                "abcd",
            ),
            ("\u{9d}0;x\x07a\u{90}q\u{9c}b", "ab"),
            ("a\x1b[2Jb\x1b[?25lc\x1b[1;1Hd\x1b[3 qe", "abcde"),
            ("a\x1b(Bb\x1b7c\x1b=d\x1bMe", "abcde"),
            ("a\x1b", "a"),
            ("a\x1b[", "a"),
            ("a\x1b[31", "a"),
            ("a\x1b[31損", "a損"),
            ("a\x1b損", "a損"),
            ("a\x1b]0;never ends", "a"),
            ("a\x1b]0;never ends\nb", "a⏎b"),
            ("a\x1b]0;\x1b[32mb", "ab"),
            ("a\x07\x08\u{202e}", "a␇␈‹U+202E›"),
        ];
        for (text, left) in table {
            assert_eq!(plain(text), left, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_written_over_shows_its_last_state() {
        assert_eq!(plain(" 10%\r 50%\r\x1b[32m100%\x1b[0m\r\n"), "100%⏎");
        assert_eq!(plain("a\r\nb\r"), "a⏎b");
        assert_eq!(plain("head\n1\r2"), "head⏎2");
        assert_eq!(plain("a\r\rb"), "b");
        assert_eq!(
            styles("\x1b[31ma\rb"),
            [("b".to_owned(), Style::new().fg(Color::Indexed(1)))]
        );
    }

    proptest! {
        #[test]
        fn what_is_left_is_printable(
            text in "([\\x1b\\u{9b}\\u{9d}\\u{90}\\x07\r\n\\[\\]Pm;:0-9?a-c損\u{202e}]|\\x1b\\[[0-9;:]{0,12}m){0,40}"
        ) {
            let text = plain(&text);
            prop_assert!(text.chars().all(|c| !c.is_control() && !must_escape(c)), "{:?}", text);
        }

        #[test]
        fn text_without_sequences_is_what_it_is_elsewhere(text in "[ -~\t損é]{0,40}") {
            prop_assert_eq!(plain(&text), Safe::new(&text).0.into_owned());
        }
    }
}
