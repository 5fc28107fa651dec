//! One last pass for terminals that show ASCII only: every other character gives way to one of the
//! same width.

use ratatui::buffer::Buffer;

use super::paint::put_symbol;

/// Replaces what is not ASCII by what looks most like it.
pub fn fold(buf: &mut Buffer) {
    for y in buf.area.top()..buf.area.bottom() {
        for x in buf.area.left()..buf.area.right() {
            let Some(cell) = buf.cell((x, y)) else {
                continue;
            };
            let symbol = cell.symbol();
            if let [b' '..=b'~'] = symbol.as_bytes() {
                continue;
            }
            if symbol == "≥"
                && buf
                    .cell((x + 1, y))
                    .is_some_and(|next| next.symbol() == " ")
            {
                put_symbol(buf, x, y, '>');
                put_symbol(buf, x + 1, y, '=');
                continue;
            }
            // What a wide character covers is a cell of its own, and blank already.
            let like = symbol.chars().next().map_or(' ', like);
            put_symbol(buf, x, y, like);
        }
    }
}

/// The character of ASCII that says most of what this one says.
#[expect(
    clippy::match_same_arms,
    reason = "lines and signs are read on their own"
)]
fn like(c: char) -> char {
    match c {
        ' '..='~' => c,
        // Lines and their joints.
        '─' | '┄' | '┅' | '┈' | '┉' | '╌' | '–' | '—' | '−' | '‾' | '▃' | '▄' => {
            '-'
        }
        '━' | '═' | '▅' | '▆' => '=',
        '┆' | '┇' | '┊' | '┋' | '╎' => ':',
        '│' | '┃' | '║' | '▏' | '▎' | '▍' | '▌' | '▐' | '▋' => '|',
        '┌'..='╋' | '╭'..='╰' | '╒'..='╬' => '+',
        '▁' | '▂' => '_',
        '▇' | '█' | '▓' | '▉' | '▊' => '#',
        // States and signs: each has a letter of its own.
        '●' | '◉' | '◆' | '★' => '*',
        '◐' | '◑' | '…' | '±' | '≈' => '~',
        '○' | '◯' | '°' => 'o',
        '✓' | '✔' | '↓' => '+',
        '✗' | '✘' | '×' | '✕' => 'x',
        '⊘' | '∅' => '-',
        '⚠' | '≠' => '!',
        '↻' => '@',
        '◌' | '·' | '•' | '∙' => '.',
        '▾' | '▼' => 'v',
        '↑' | '▴' | '▲' | '\u{2400}'..='\u{2421}' => '^',
        '←' | '‹' | '◂' | '◀' | '⟨' | '≤' => '<',
        '→' | '›' | '▸' | '▶' | '⟩' | '≥' | '⏵' => '>',
        '░' | '▒' => ':',
        // Quarters of a cell, as far as they are not above.
        '▘' | '▝' => '\'',
        '▖' | '▗' => '.',
        '▞' => '/',
        '▚' => '\\',
        '▛' | '▜' | '▙' | '▟' => '#',
        'µ' | 'μ' => 'u',
        '“' | '”' | '„' | '▀' => '"',
        '‘' | '’' | '‚' => '\'',
        '⏎' | '↵' => '$',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{3000}' => ' ',
        '\u{2800}'..='\u{28ff}' => braille(c),
        _ => '?',
    }
}

/// A cell of a plot by how many of its eight dots are set, and where.
fn braille(c: char) -> char {
    let dots = (u32::from(c) - 0x2800) as u8;
    // Dots 1, 2, 4 and 5 are the upper half.
    let (upper, lower) = (
        (dots & 0b0001_1011).count_ones(),
        (dots & 0b1110_0100).count_ones(),
    );
    match (upper, lower) {
        (0, 0) => ' ',
        (_, 0) => '\'',
        (0, _) => '.',
        (1..=2, 1..=2) => ':',
        _ => '#',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::super::paint::put;
    use super::super::text::Safe;
    use super::*;

    fn folded(text: &str) -> String {
        let text = Safe::new(text);
        let mut buf = Buffer::empty(Rect::new(0, 0, text.width() as u16, 1));
        put(&mut buf, 0, 0, u16::MAX, &text, Style::new());
        fold(&mut buf);
        buf.content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn our_own_characters_have_likes() {
        let table = [
            ("┌1 Runs ─ 3 ──┐", "+1 Runs - 3 --+"),
            ("└──┴──┘├─┤┏━┓╭╯", "+--+--++-++=+++"),
            ("● ◐ ○ ✓ ✗ ⊘ ◌ ⚠", "* ~ o + x - . !"),
            ("epoch · 0.112 → 0.118 …", "epoch . 0.112 > 0.118 ~"),
            ("‹2/7› ≥ info ×4 5 µs – ↓ 87", "<2/7> >=info x4 5 us - + 87"),
            ("▸ ▾ █ ▌ │ ┊ ≥3", "> v # | | : >3"),
            ("▁▂▃▄▅▆▇█", "__--==##"),
            ("a\nb\x1b[", "a$b^["),
            ("▘▝▖▗▞▚▛▜▙▟▀▄▒", "''../\\####\"-:"),
            ("\u{2800}⠁⠒⡀⣀⠶⣿⣷", " ''..:##"),
            ("naïve", "na?ve"),
            ("損失 x", "? ?  x"),
            ("e\u{301}a", "ea"),
        ];
        for (text, expected) in table {
            assert_eq!(folded(text), expected);
        }
    }

    proptest! {
        #[test]
        fn every_cell_is_printable(text in any::<String>()) {
            let folded = folded(&text);
            prop_assert!(folded.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            prop_assert_eq!(folded.len(), Safe::new(&text).width());
        }
    }
}
