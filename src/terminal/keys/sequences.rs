//! What control sequences mean: the keys of xterm, rxvt, the Linux console and kitty, and the mouse.

use ratatui::layout::Position;

use super::Input;
use crate::app::{Clicked, Mouse};
use crate::commands::{Code, Key};

/// A key of one byte.
pub(super) fn byte_key(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' | b'\n' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        0x7f | 0x08 => Key::plain(Code::Backspace),
        0 => Key::ctrl(' '),
        1..=0x1a => Key::ctrl(char::from(b'a' + byte - 1)),
        0x1c..=0x1f => Key::ctrl(char::from(b'\\' + byte - 0x1c)),
        b' '..=b'~' => Key::char(char::from(byte)),
        _ => return None,
    })
}

/// `ESC [ held last`
pub(super) fn control(held: &[u8], last: u8, alt: bool) -> Option<Input> {
    match held.first() {
        Some(b'<') => return mouse(&held[1..], last),
        Some(b'[') => {
            let number = last.checked_sub(b'A').filter(|n| *n < 5)?;
            return Some(key(Code::F(number + 1), 0, alt));
        }
        // Answers to questions that nobody asked.
        Some(b'?' | b'>' | b'=') => return None,
        _ => {}
    }
    let numbers = Numbers::parse(held)?;
    let (first, modifiers) = (numbers.at(0, 0), numbers.modifiers(1));
    let code = match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P' | b'Q' | b'S' => Code::F(last - b'P' + 1),
        // Anything else is where the cursor is.
        b'R' if first <= 1 => Code::F(3),
        b'Z' => return Some(key(Code::Tab, SHIFT, alt)),
        b'a'..=b'd' if held.is_empty() => {
            return Some(key(ARROWS[usize::from(last - b'a')], SHIFT, alt));
        }
        b'~' if first == 27 => return character(numbers.at(2, 0), modifiers, alt),
        b'~' => numbered(first)?,
        b'$' => return Some(key(numbered(first)?, SHIFT, alt)),
        b'^' => return Some(key(numbered(first)?, CTRL, alt)),
        b'@' => return Some(key(numbered(first)?, CTRL | SHIFT, alt)),
        b'u' if !numbers.is_release(1) => return character(first, modifiers, alt),
        _ => return None,
    };
    (!numbers.is_release(1)).then(|| key(code, modifiers, alt))
}

/// `ESC O held last`
pub(super) fn single(held: &[u8], last: u8, alt: bool) -> Option<Key> {
    let numbers = Numbers::parse(held)?;
    // `ESC O 5 P` and `ESC O 1 ; 5 P` both say Ctrl.
    let at = usize::from(numbers.count() > 1);
    let code = match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        b'M' => Code::Enter,
        b'I' => Code::Tab,
        b'a'..=b'd' => return Some(with(ARROWS[usize::from(last - b'a')], CTRL, alt)),
        // The keypad, where it sends more than characters.
        b'j'..=b'y' => Code::Char(char::from(b'*' + (last - b'j'))),
        b'X' => Code::Char('='),
        _ => return None,
    };
    Some(with(code, numbers.modifiers(at), alt))
}

/// `ESC [ M button x y`
pub(super) fn old_mouse(button: u8, x: u8, y: u8) -> Option<Input> {
    let place = |byte: u8| u32::from(byte.saturating_sub(32));
    clicked(place(button), place(x), place(y))
}

const SHIFT: u32 = 1;
const ALT: u32 = 2;
const CTRL: u32 = 4;
const ARROWS: [Code; 4] = [Code::Up, Code::Down, Code::Right, Code::Left];

/// The numbers of a sequence: `1;5:3` is two of them, the second with a part.
struct Numbers<'a>(&'a str);

impl<'a> Numbers<'a> {
    fn parse(held: &'a [u8]) -> Option<Self> {
        let known = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b';' | b':');
        let text = std::str::from_utf8(held).ok()?;
        held.iter().all(known).then_some(Self(text))
    }

    fn count(&self) -> usize {
        self.0.split(';').count()
    }

    fn part(&self, at: usize, part: usize) -> Option<u32> {
        let number = self.0.split(';').nth(at)?.split(':').nth(part)?;
        number.parse().ok()
    }

    fn at(&self, at: usize, default: u32) -> u32 {
        self.part(at, 0).unwrap_or(default)
    }

    /// Bits: Shift, Alt, Ctrl; one more than that is sent.
    fn modifiers(&self, at: usize) -> u32 {
        self.at(at, 1).saturating_sub(1)
    }

    /// kitty can tell of keys that are let go.
    fn is_release(&self, at: usize) -> bool {
        self.part(at, 1) == Some(3)
    }
}

fn with(code: Code, modifiers: u32, alt: bool) -> Key {
    Key {
        code,
        ctrl: modifiers & CTRL != 0,
        alt: alt || modifiers & ALT != 0,
        shift: modifiers & SHIFT != 0 && !matches!(code, Code::Char(_)),
    }
}

fn key(code: Code, modifiers: u32, alt: bool) -> Input {
    Input::Key(with(code, modifiers, alt))
}

/// `ESC [ number ~`
fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F(number as u8 - 10),
        17..=21 => Code::F(number as u8 - 11),
        23..=26 => Code::F(number as u8 - 12),
        28..=29 => Code::F(number as u8 - 13),
        31..=34 => Code::F(number as u8 - 14),
        _ => return None,
    })
}

/// A key that is told by the number of its character.
fn character(number: u32, modifiers: u32, alt: bool) -> Option<Input> {
    let code = match number {
        9 => Code::Tab,
        13 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        _ => {
            let c = char::from_u32(number).filter(|c| !c.is_control())?;
            // The places where kitty tells of keys that are no characters.
            if ('\u{e000}'..='\u{f8ff}').contains(&c) {
                return None;
            }
            if modifiers & SHIFT != 0 && modifiers & CTRL == 0 {
                Code::Char(c.to_ascii_uppercase())
            } else {
                Code::Char(c)
            }
        }
    };
    Some(key(code, modifiers, alt))
}

/// `ESC [ < button ; x ; y M`, with `m` at the end when a button is let go.
fn mouse(held: &[u8], last: u8) -> Option<Input> {
    let numbers = Numbers::parse(held)?;
    if last != b'M' || numbers.count() != 3 {
        return None;
    }
    clicked(
        numbers.part(0, 0)?,
        numbers.part(1, 0)?,
        numbers.part(2, 0)?,
    )
}

/// Places are counted from 1; the bits of held Shift, Alt and Ctrl do not matter.
fn clicked(button: u32, x: u32, y: u32) -> Option<Input> {
    let clicked = match button & !0b1_1100 {
        0 => Clicked::Left,
        64 => Clicked::WheelUp,
        65 => Clicked::WheelDown,
        _ => return None,
    };
    let place = |n: u32| u16::try_from(n.checked_sub(1)?).ok();
    let at = Position::new(place(x)?, place(y)?);
    Some(Input::Mouse(Mouse { at, clicked }))
}
