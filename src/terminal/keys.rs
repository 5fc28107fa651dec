//! Bytes of a keyboard → keys, clicks and pastes. Pure: time is an argument.
//!
//! A terminal sends keys, mouse reports and answers to questions through one pipe, cut anywhere. What
//! is known becomes an event; whatever else looks like a sequence is swallowed whole, and what never
//! ends is given up, so that the keyboard is never deaf.

mod sequences;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use crate::app::Mouse;
use crate::commands::{Code, Key};

/// So long may the rest of a sequence come after its ESC; then the key Esc was meant.
const ESC_PATIENCE: Duration = Duration::from_millis(50);
/// So long may the next byte of a sequence or of a character be in coming.
const PATIENCE: Duration = Duration::from_millis(100);
/// A paste may come over a slow line, and its rest must not be taken for keys.
const PASTE_PATIENCE: Duration = Duration::from_secs(1);
/// However steadily its bytes come, no answer of a terminal takes longer.
const LONGEST: Duration = Duration::from_secs(1);
/// Bytes of a control sequence; what is longer means nothing to us.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes of a paste that are kept.
const LONGEST_PASTE: usize = 64 * 1024;
const PASTE_END: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
/// CAN and SUB: what is under way is void.
const CANCEL: [u8; 2] = [0x18, 0x1a];

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Key(Key),
    Mouse(Mouse),
    Paste(String),
}

/// What is being received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC; `twice` after two of them.
    Escape {
        twice: bool,
    },
    /// Within a character of so many bytes.
    Character {
        alt: bool,
        length: usize,
    },
    /// After `ESC [`.
    Control {
        alt: bool,
    },
    /// A control sequence too long to mean anything.
    Swallow,
    /// After `ESC O`.
    Single {
        alt: bool,
    },
    /// Three bytes of an old mouse report.
    OldMouse,
    /// An answer in the form of a text: after `ESC ]`, `ESC P`, `ESC X`, `ESC ^` or `ESC _`.
    Text {
        opener: u8,
        empty: bool,
    },
    /// After an ESC within such a text.
    TextEscape,
    Paste,
}

/// Takes bytes as they come.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    state: State,
    held: Vec<u8>,
    /// When the first and the last byte of what is under way came.
    times: Option<(Instant, Instant)>,
}

impl Decoder {
    /// Takes in bytes that came now.
    pub(crate) fn feed(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<Input>) {
        for &byte in bytes {
            let was = self.state;
            self.take(byte, out);
            self.times = match (self.state, self.times) {
                (State::Ground, _) => None,
                // An ESC begins anew, whatever was before.
                (State::Escape { twice: false }, _) if byte == ESC => Some((now, now)),
                (_, Some((begun, _))) if was != State::Ground => Some((begun, now)),
                _ => Some((now, now)),
            };
        }
    }

    /// When what is under way is to be given up, unless more comes.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let (begun, last) = self.times?;
        Some(match self.state {
            State::Ground => return None,
            State::Escape { .. } => last + ESC_PATIENCE,
            State::Paste => last + PASTE_PATIENCE,
            State::Text { .. } | State::TextEscape | State::Swallow => {
                (last + PATIENCE).min(begun + LONGEST)
            }
            _ => last + PATIENCE,
        })
    }

    /// Gives up what is under way when its time is over: a lone ESC was the key of that name.
    pub(crate) fn expire(&mut self, now: Instant, out: &mut Vec<Input>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.state {
            State::Escape { twice } => {
                out.extend((0..=usize::from(twice)).map(|_| Input::Key(Key::plain(Code::Esc))));
            }
            State::Control { alt: false } if self.held.is_empty() => out.push(alt_key('[')),
            State::Single { alt: false } if self.held.is_empty() => out.push(alt_key('O')),
            State::Text {
                opener,
                empty: true,
            } => out.push(alt_key(char::from(opener))),
            State::Paste => self.end_paste(out),
            _ => {}
        }
        self.rest();
    }

    fn rest(&mut self) {
        self.state = State::Ground;
        self.held.clear();
        self.times = None;
    }

    fn begin(&mut self, state: State) {
        self.held.clear();
        self.state = state;
    }

    fn take(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.state {
            State::Ground => self.key(byte, false, out),
            State::Escape { twice } => self.after_escape(byte, twice, out),
            State::Character { alt, length } => self.character(byte, alt, length, out),
            State::Control { alt } => self.control(byte, alt, out),
            State::Single { alt } => self.single(byte, alt, out),
            State::Paste => self.paste(byte, out),
            State::OldMouse => {
                self.held.push(byte);
                if let [button, x, y] = self.held[..] {
                    out.extend(sequences::old_mouse(button, x, y));
                    self.begin(State::Ground);
                }
            }
            State::Swallow => match byte {
                ESC => self.begin(State::Escape { twice: false }),
                0x40..=0x7e => self.begin(State::Ground),
                _ if CANCEL.contains(&byte) => self.begin(State::Ground),
                _ => {}
            },
            State::Text { opener, .. } => match byte {
                ESC => self.state = State::TextEscape,
                BEL => self.begin(State::Ground),
                _ if CANCEL.contains(&byte) => self.begin(State::Ground),
                _ => {
                    self.state = State::Text {
                        opener,
                        empty: false,
                    }
                }
            },
            State::TextEscape if byte == b'\\' => self.begin(State::Ground),
            // It was never finished, and something else begins.
            State::TextEscape => {
                self.begin(State::Escape { twice: false });
                self.take(byte, out);
            }
        }
    }

    /// A byte that begins something.
    fn key(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        self.begin(State::Ground);
        let length = match byte {
            ESC => return self.begin(State::Escape { twice: false }),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                out.extend(sequences::byte_key(byte).map(|key| Input::Key(Key { alt, ..key })));
                return;
            }
        };
        self.state = State::Character { alt, length };
        self.held.push(byte);
    }

    fn after_escape(&mut self, byte: u8, twice: bool, out: &mut Vec<Input>) {
        match byte {
            b'[' => self.begin(State::Control { alt: twice }),
            b'O' => self.begin(State::Single { alt: twice }),
            ESC => {
                // The last two may still begin something.
                if twice {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                self.state = State::Escape { twice: true };
            }
            _ => {
                if twice {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                if let b']' | b'P' | b'X' | b'^' | b'_' = byte {
                    self.begin(State::Text {
                        opener: byte,
                        empty: true,
                    });
                } else {
                    self.key(byte, true, out);
                }
            }
        }
    }

    fn character(&mut self, byte: u8, alt: bool, length: usize, out: &mut Vec<Input>) {
        if !(0x80..0xc0).contains(&byte) {
            // The character before was torn; this byte is another matter.
            return self.key(byte, false, out);
        }
        self.held.push(byte);
        if self.held.len() < length {
            return;
        }
        let character = std::str::from_utf8(&self.held)
            .ok()
            .and_then(|text| text.chars().next())
            .filter(|c| !c.is_control());
        out.extend(character.map(|c| {
            Input::Key(Key {
                alt,
                ..Key::char(c)
            })
        }));
        self.begin(State::Ground);
    }

    fn control(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        match byte {
            ESC => return self.begin(State::Escape { twice: false }),
            _ if CANCEL.contains(&byte) => return self.begin(State::Ground),
            // The Linux console: ESC [ [ A
            b'[' if self.held.is_empty() => return self.held.push(byte),
            0x20..=0x3f if self.held.first() != Some(&b'[') => {
                self.held.push(byte);
                // A key of rxvt with Shift, and no answer: those have more than one number.
                let of_rxvt = byte == b'$'
                    && self.held.len() > 1
                    && self.held[..self.held.len() - 1]
                        .iter()
                        .all(u8::is_ascii_digit);
                if self.held.len() > LONGEST_SEQUENCE {
                    self.begin(State::Swallow);
                }
                if !of_rxvt {
                    return;
                }
                self.held.pop();
            }
            0x20..=0x7e => {}
            // No part of any sequence: left out, as terminals do.
            _ => return,
        }
        match (&self.held[..], byte) {
            (b"", b'M') => self.begin(State::OldMouse),
            (b"200", b'~') => self.begin(State::Paste),
            (held, last) => {
                out.extend(sequences::control(held, last, alt));
                self.begin(State::Ground);
            }
        }
    }

    fn single(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        match byte {
            ESC => self.begin(State::Escape { twice: false }),
            b'0'..=b'9' | b';' if self.held.len() < LONGEST_SEQUENCE => self.held.push(byte),
            _ => {
                out.extend(sequences::single(&self.held, byte, alt).map(Input::Key));
                self.begin(State::Ground);
            }
        }
    }

    fn paste(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.held.push(byte);
        if self.held.ends_with(PASTE_END) {
            self.held.truncate(self.held.len() - PASTE_END.len());
            self.end_paste(out);
            self.begin(State::Ground);
        } else if self.held.len() > LONGEST_PASTE + PASTE_END.len() {
            // The last bytes may be the beginning of its end.
            let extra = self.held.len() - PASTE_END.len();
            self.held.drain(LONGEST_PASTE.min(extra)..extra);
        }
    }

    fn end_paste(&mut self, out: &mut Vec<Input>) {
        self.held.truncate(LONGEST_PASTE);
        if !self.held.is_empty() {
            let text = String::from_utf8_lossy(&self.held).into_owned();
            out.push(Input::Paste(text));
        }
    }
}

fn alt_key(c: char) -> Input {
    Input::Key(Key {
        alt: true,
        ..Key::char(c)
    })
}
