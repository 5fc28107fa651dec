//! What is written turns one picture into the other, on a terminal that was not made for us.

use std::num::NonZero;

use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;

/// Puts a symbol into a picture as `paint` does.
fn set(buffer: &mut Buffer, x: u16, y: u16, symbol: &str, style: Style) {
    let wide = symbol.width() as u16;
    for (at, text) in (x..x + wide.max(1)).zip([symbol, " "]) {
        if let Some(cell) = buffer.cell_mut((at, y)) {
            let mut drawn = Cell::default();
            drawn.merge_symbol(text, ratatui::symbols::merge::MergeStrategy::Replace);
            drawn.set_style(style);
            *cell = drawn;
        }
    }
}

fn picture(width: u16, lines: &[&str]) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, lines.len() as u16));
    for (y, line) in lines.iter().enumerate() {
        let mut x = 0;
        for c in line.chars() {
            let symbol = c.to_string();
            set(&mut buffer, x, y as u16, &symbol, Style::new());
            x += symbol.width() as u16;
        }
    }
    buffer
}

/// A terminal, and whoever writes to it.
struct Shown {
    encoder: Encoder,
    terminal: vt100::Parser,
}

impl Shown {
    fn new(area: Rect) -> Self {
        let mut terminal = vt100::Parser::new(cells(area.height), cells(area.width), 0);
        // As when the screen is taken.
        terminal.process(b"\x1b[?25l");
        Self {
            encoder: Encoder::default(),
            terminal,
        }
    }

    fn show(&mut self, next: &Buffer, cursor: Option<Position>) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encoder.encode(next.clone(), cursor, &mut bytes);
        self.terminal.process(&bytes);
        let screen = self.terminal.screen();
        assert_eq!(screen.hide_cursor(), cursor.is_none(), "{}", quoted(&bytes));
        if let Some(at) = cursor {
            assert_eq!(screen.cursor_position(), (at.y, at.x), "{}", quoted(&bytes));
        }
        for y in next.area.rows().map(|row| row.y) {
            for x in 0..next.area.width {
                if let Err(why) = self.check(next, x, y) {
                    panic!("{x},{y}: {why} after {}", quoted(&bytes));
                }
            }
        }
        bytes
    }

    fn check(&self, next: &Buffer, x: u16, y: u16) -> Result<(), String> {
        let cell = &next[(x, y)];
        let seen = self.terminal.screen().cell(y, x).ok_or("no cell")?;
        if seen.is_wide_continuation() {
            let before = next[(x - 1, y)].symbol();
            return if before.width() == 2 {
                Ok(())
            } else {
                Err(format!("half of {before}"))
            };
        }
        let fits = width(cell) <= usize::from(next.area.width - x);
        let symbol = if fits { cell.symbol() } else { " " };
        let contents = match seen.contents() {
            "" => " ",
            contents => contents,
        };
        if contents != symbol {
            return Err(format!("{contents:?} instead of {symbol:?}"));
        }
        let blank = symbol == " " && !cell.modifier.intersects(SEEN_ON_BLANKS);
        let looks = [
            (true, seen.bgcolor() == colour(cell.bg)),
            (!blank, seen.fgcolor() == colour(cell.fg)),
            (
                !blank,
                seen.bold() == cell.modifier.contains(Modifier::BOLD),
            ),
            (!blank, seen.dim() == cell.modifier.contains(Modifier::DIM)),
            (
                !blank,
                seen.italic() == cell.modifier.contains(Modifier::ITALIC),
            ),
            (
                true,
                seen.underline() == cell.modifier.contains(Modifier::UNDERLINED),
            ),
            (
                true,
                seen.inverse() == cell.modifier.contains(Modifier::REVERSED),
            ),
        ];
        match looks.iter().position(|(matters, right)| *matters && !right) {
            Some(which) => Err(format!("look {which} of {symbol:?} is wrong")),
            None => Ok(()),
        }
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("some")
}

fn quoted(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).escape_debug().to_string()
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        Color::Indexed(number) => vt100::Color::Idx(number),
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        other => panic!("{other}"),
    }
}

#[test]
fn nothing_is_written_when_nothing_changed() {
    let buffer = picture(20, &["epoch 41/200", "loss 0.02"]);
    let mut shown = Shown::new(buffer.area);
    assert!(!shown.show(&buffer, None).is_empty());
    assert_eq!(shown.show(&buffer, None), b"");
    let at = Some(Position::new(3, 1));
    assert_eq!(
        shown.show(&buffer, at),
        b"\x1b[?2026h\x1b[2;4H\x1b[?25h\x1b[?2026l"
    );
    assert_eq!(shown.show(&buffer, at), b"");
    assert_eq!(
        shown.show(&buffer, None),
        b"\x1b[?2026h\x1b[?25l\x1b[?2026l"
    );
}

#[test]
fn a_change_costs_what_it_is() {
    let mut shown = Shown::new(Rect::new(0, 0, 40, 3));
    shown.show(&picture(40, &["loss 0.0213", "", "x"]), None);
    let bytes = shown.show(&picture(40, &["loss 0.0207", "", "x"]), None);
    assert_eq!(
        quoted(&bytes),
        quoted(b"\x1b[?2026h\x1b[1;10H07\x1b[?2026l")
    );
    // Two changes: what is between them is written again where that is shorter than moving.
    let bytes = shown.show(&picture(40, &["lass 0.9207", "", "x"]), None);
    assert_eq!(
        quoted(&bytes),
        quoted(b"\x1b[?2026h\x1b[1;2Hass 0.9\x1b[?2026l").replace("ass 0.9", "a\\u{1b}[5C9")
    );
    let bytes = shown.show(&picture(40, &["lbss0.9207", "", "x"]), None);
    assert!(bytes.len() < 40, "{}", quoted(&bytes));
    // A line that ends earlier.
    let bytes = shown.show(&picture(40, &["l", "", "x"]), None);
    assert_eq!(
        quoted(&bytes),
        quoted(b"\x1b[?2026h\x1b[1;2H\x1b[K\x1b[?2026l")
    );
    // The lines below.
    let bytes = shown.show(&picture(40, &["ab", "c", "y"]), None);
    assert_eq!(
        quoted(&bytes),
        quoted(b"\x1b[?2026h\x1b[Hab\r\nc\r\ny\x1b[?2026l")
    );
}

#[test]
fn looks_are_changed_and_not_repeated() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
    let red = Style::new().fg(Color::Red);
    for (x, style) in [
        (0, red),
        (1, red.add_modifier(Modifier::BOLD)),
        (3, red),
        (4, Style::new()),
    ] {
        set(&mut buffer, x, 0, "x", style);
    }
    let bytes = Shown::new(buffer.area).show(&buffer, None);
    assert_eq!(
        quoted(&bytes),
        quoted(b"\x1b[?2026h\x1b[2J\x1b[H\x1b[31mx\x1b[1mx x\x1b[mx\x1b[?2026l")
            .replace("x x", "x \\u{1b}[22mx")
    );
}

#[test]
fn no_control_character_gets_through() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
    for (x, symbol) in [(0, "\x1b"), (1, "\u{9b}"), (2, "a\x07")] {
        set(&mut buffer, x, 0, symbol, Style::new().fg(Color::Red));
    }
    let mut bytes = Vec::new();
    Encoder::default().encode(buffer, None, &mut bytes);
    let text = String::from_utf8(bytes).expect("text").replace("\x1b[", "");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

#[test]
fn a_full_screen_is_small() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 50));
    // Denser than any screen of ours: a word of five, a gap, another colour each time.
    for y in 0..50 {
        for x in 0..200 {
            let at = usize::from(x + 7 * y);
            let symbol = ["l", "o", "s", "s", ":", " "][at % 6];
            let looks = [
                Style::new(),
                Style::new().fg(Color::Indexed(245)),
                Style::new(),
            ];
            set(&mut buffer, x, y, symbol, looks[at / 6 % 3]);
        }
    }
    let bytes = Shown::new(buffer.area).show(&buffer, None);
    assert!(bytes.len() < 20_000, "{}", bytes.len());
}

/// What is put at a place, with which look.
type Put = (u16, u16, &'static str, Style);

fn style() -> impl Strategy<Value = Style> {
    let colour = || {
        proptest::sample::select(vec![
            Color::Reset,
            Color::Red,
            Color::LightBlue,
            Color::Indexed(9),
            Color::Indexed(245),
            Color::Rgb(86, 180, 233),
        ])
    };
    let known = [
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
    ];
    let modifier = proptest::bits::u8::between(0, 5).prop_map(move |bits| {
        let chosen = known.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
        let all = chosen.fold(Modifier::empty(), |all, (_, one)| all | *one);
        // To the terminal of the test these two are one setting.
        if all.contains(Modifier::DIM) {
            all - Modifier::BOLD
        } else {
            all
        }
    });
    let plain = Just(Style::new());
    let other = (colour(), colour(), modifier)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier));
    prop_oneof![plain, other]
}

fn puts(width: u16, height: u16) -> impl Strategy<Value = Vec<Put>> {
    let symbol =
        proptest::sample::select(vec![" ", " ", "a", "b", "─", "⣿", "損", "e\u{301}", "é"]);
    proptest::collection::vec((0..width, 0..height, symbol, style()), 0..60)
}

fn drawn(area: Rect, puts: &[Put]) -> Buffer {
    let mut buffer = Buffer::empty(area);
    for (x, y, symbol, style) in puts {
        // A wide character that is half covered is none.
        if *x > 0 && buffer[(*x - 1, *y)].symbol().width() == 2 {
            set(&mut buffer, *x - 1, *y, " ", Style::new());
        }
        let after = *x + symbol.width() as u16;
        set(&mut buffer, *x, *y, symbol, *style);
        if after < area.width && symbol.width() == 2 && buffer[(after, *y)].symbol().is_empty() {
            set(&mut buffer, after, *y, " ", Style::new());
        }
    }
    buffer
}

proptest! {
    #[test]
    fn any_picture_follows_any_other(
        width in 1_u16..14,
        first in puts(14, 3),
        second in puts(14, 3),
        third in puts(14, 3),
        at in (0_u16..14, 0_u16..3),
    ) {
        let area = Rect::new(0, 0, width, 3);
        let inside = |puts: &[Put]| {
            let puts: Vec<Put> = puts.iter().filter(|put| put.0 < width).copied().collect();
            drawn(area, &puts)
        };
        let mut shown = Shown::new(area);
        shown.show(&inside(&first), None);
        let cursor = (at.0 < width).then(|| Position::new(at.0, at.1));
        shown.show(&inside(&second), cursor);
        // Most of it stays.
        shown.show(&inside(&[&second[..], &third[..third.len().min(3)]].concat()), cursor);
        shown.show(&inside(&third), None);
        prop_assert_eq!(shown.show(&inside(&third), None), b"");
    }

    #[test]
    fn any_size_is_borne(width in 0_u16..200, height in 0_u16..60) {
        let mut encoder = Encoder::default();
        let mut out = Vec::new();
        encoder.encode(Buffer::empty(Rect::new(0, 0, width, height)), None, &mut out);
        encoder.encode(Buffer::empty(Rect::new(0, 0, height, width)), Some(Position::new(width, height)), &mut out);
    }
}
