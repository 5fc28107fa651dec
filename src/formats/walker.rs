//! The walk over one JSON value that fills a [`Tape`].

use crate::formats::json::{Kind, Tape};
use crate::formats::number;

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// One whole value; it ends before this byte.
    Complete { end: usize },
    /// The bytes end inside the value.
    Incomplete,
    /// Not JSON, from this byte on.
    Bad { at: usize, why: &'static str },
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// The first element of an array, or its end.
    ElementOrEnd,
    /// The first key of an object, or its end.
    KeyOrEnd,
    CommaOrEnd,
}

/// A walk under way.
pub(crate) struct Walker<'t, 'b> {
    pub(crate) tape: &'t mut Tape,
    pub(crate) bytes: &'b [u8],
    pub(crate) at: usize,
}

impl Walker<'_, '_> {
    pub(crate) fn run(mut self) -> Walk {
        let mut expect = Expect::Value;
        loop {
            let byte = match self.next_byte() {
                Ok(byte) => byte,
                Err(outcome) => return outcome,
            };
            let step = match expect {
                Expect::ElementOrEnd if byte == b']' => Ok(self.end()),
                Expect::ElementOrEnd | Expect::Value => self.value(byte),
                Expect::KeyOrEnd if byte == b'}' => Ok(self.end()),
                Expect::KeyOrEnd => self.member(byte),
                Expect::CommaOrEnd => self.comma_or_end(byte),
            };
            match step {
                Ok(_) if self.tape.innermost().is_none() => return Walk::Complete { end: self.at },
                Ok(next) => expect = next,
                Err(outcome) => return outcome,
            }
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// The byte behind any space, which must be there.
    #[inline]
    fn next_byte(&mut self) -> Result<u8, Walk> {
        self.skip_space();
        self.bytes.get(self.at).copied().ok_or(Walk::Incomplete)
    }

    fn bad(&self, why: &'static str) -> Walk {
        Walk::Bad { at: self.at, why }
    }

    fn end(&mut self) -> Expect {
        self.at += 1;
        self.tape.close(Some(self.at));
        Expect::CommaOrEnd
    }

    fn comma_or_end(&mut self, byte: u8) -> Result<Expect, Walk> {
        let in_object = self.tape.innermost() == Some(Kind::Object);
        match byte {
            b',' => {
                self.at += 1;
                let byte = self.next_byte()?;
                if in_object {
                    self.member(byte)
                } else {
                    self.value(byte)
                }
            }
            b'}' if in_object => Ok(self.end()),
            b']' if !in_object => Ok(self.end()),
            _ if in_object => Err(self.bad("expected a comma or the end of the object")),
            _ => Err(self.bad("expected a comma or the end of the list")),
        }
    }

    /// A key and its value, as far as that is not a container.
    fn member(&mut self, byte: u8) -> Result<Expect, Walk> {
        if byte == b'\'' {
            return Err(self.bad("looks like a printed Python dict, not JSON"));
        }
        if byte != b'"' {
            return Err(self.bad("expected a key in double quotes"));
        }
        self.string(Kind::Key)?;
        if self.next_byte()? != b':' {
            return Err(self.bad("expected a colon behind the key"));
        }
        self.at += 1;
        let byte = self.next_byte()?;
        self.value(byte)
    }

    fn value(&mut self, byte: u8) -> Result<Expect, Walk> {
        match byte {
            b'{' if self.tape.open(Kind::Object, self.at) => {
                self.at += 1;
                Ok(Expect::KeyOrEnd)
            }
            b'[' if self.tape.open(Kind::Array, self.at) => {
                self.at += 1;
                Ok(Expect::ElementOrEnd)
            }
            b'{' | b'[' => Err(self.bad("nested deeper than 128 levels")),
            b'"' => self.string(Kind::Text),
            b't' => self.word(b"true", Kind::True),
            b'f' => self.word(b"false", Kind::False),
            b'n' if self.bytes[self.at..].starts_with(b"nu") => self.word(b"null", Kind::Null),
            b'\'' | b'T' | b'F' => Err(self.bad("looks like a printed Python dict, not JSON")),
            b'N' if self.bytes[self.at..].starts_with(b"None") => {
                Err(self.bad("looks like a printed Python dict, not JSON"))
            }
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &'static [u8], kind: Kind) -> Result<Expect, Walk> {
        let rest = &self.bytes[self.at..];
        if rest.len() < word.len() && word.starts_with(rest) {
            return Err(Walk::Incomplete);
        }
        if !rest.starts_with(word) {
            return Err(self.bad("expected a value"));
        }
        self.token(kind, self.at + word.len(), 0.0)
    }

    fn number(&mut self) -> Result<Expect, Walk> {
        match number::parse(self.bytes, self.at) {
            Some((value, end)) => self.token(Kind::Number, end, value),
            // A token that runs into the end of the bytes may go on behind it.
            None if self.token_reaches_end() => Err(Walk::Incomplete),
            None => Err(self.bad("expected a value")),
        }
    }

    fn token_reaches_end(&self) -> bool {
        let could_be_number = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        self.bytes[self.at..].iter().all(could_be_number)
    }

    /// A number or word ends where a delimiter stands; without one it may go on, or is none.
    #[inline]
    fn token(&mut self, kind: Kind, end: usize, number: f64) -> Result<Expect, Walk> {
        match self.bytes.get(end) {
            Some(byte) if number::ends_token(*byte) => {
                self.tape.push(kind, self.at, end, number);
                self.at = end;
                Ok(Expect::CommaOrEnd)
            }
            Some(_) if self.token_reaches_end() => Err(Walk::Incomplete),
            Some(_) => Err(self.bad("expected a value")),
            None => Err(Walk::Incomplete),
        }
    }

    fn string(&mut self, kind: Kind) -> Result<Expect, Walk> {
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            let Some(found) = mark_of_text(self.bytes, at) else {
                return Err(Walk::Incomplete);
            };
            at = found;
            match self.bytes[at] {
                b'"' => break,
                b'\n' => return Err(self.bad("the line ends inside a text")),
                _ => {
                    escaped = true;
                    // A line break is never hidden by a backslash: it still ends the line.
                    at += if self.bytes.get(at + 1) == Some(&b'\n') {
                        1
                    } else {
                        2
                    };
                }
            }
        }
        self.tape.push_text(kind, start, at, escaped);
        self.at = at + 1;
        Ok(Expect::CommaOrEnd)
    }
}

/// The next quote, backslash or line break at or behind `at`.
#[inline]
pub(crate) fn mark_of_text(bytes: &[u8], at: usize) -> Option<usize> {
    // Most texts are keys and short words: a general search would cost more than they are long.
    let mut near = at;
    while near < at + SHORT
        && let Some(chunk) = bytes.get(near..)?.first_chunk::<8>()
    {
        let marks = marks_in(u64::from_le_bytes(*chunk));
        if marks != 0 {
            return Some(near + marks.trailing_zeros() as usize / 8);
        }
        near += 8;
    }
    let found = memchr::memchr3(b'"', b'\\', b'\n', bytes.get(near..)?)?;
    Some(near + found)
}

/// A text of up to so many bytes is searched word by word.
const SHORT: usize = 24;

/// The lowest bit that is set belongs to the first byte that is a quote, a backslash or a line break.
#[inline]
fn marks_in(word: u64) -> u64 {
    let zeros = |word: u64| word.wrapping_sub(u64::from_ne_bytes([1; 8])) & !word;
    let of = |byte: u8| zeros(word ^ u64::from_ne_bytes([byte; 8]));
    (of(b'"') | of(b'\\') | of(b'\n')) & u64::from_ne_bytes([0x80; 8])
}
