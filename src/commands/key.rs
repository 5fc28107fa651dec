//! Keys as a person names them: `j`, `Ctrl-d`, `Shift-Tab`.

use std::fmt;

/// A key press, whatever bytes the terminal sent for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
    /// Only told of keys that are no characters: `G` is a character of its own.
    pub shift: bool,
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// The names of keys that are no characters. The first of two names is the one that is shown.
const NAMES: &[(&str, Code)] = &[
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Space", Code::Char(' ')),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
];

impl Key {
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    pub const fn ctrl(c: char) -> Self {
        Self {
            ctrl: true,
            ..Self::char(c)
        }
    }

    /// Reads a name as `Display` writes it.
    pub fn parse(name: &str) -> Option<Self> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = name;
        loop {
            let (flag, after) = match rest.split_once('-') {
                Some(("Ctrl", after)) if !after.is_empty() => (&mut ctrl, after),
                Some(("Alt", after)) if !after.is_empty() => (&mut alt, after),
                Some(("Shift", after)) if !after.is_empty() => (&mut shift, after),
                _ => break,
            };
            (*flag, rest) = (true, after);
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.as_str()) {
            (Some(c), "") => Code::Char(c),
            (Some('F'), number) if number.parse::<u8>().is_ok() => Code::F(number.parse().ok()?),
            _ => NAMES.iter().find(|(known, _)| *known == rest)?.1,
        };
        Some(Self {
            code,
            ctrl,
            alt,
            shift,
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (set, name) in [
            (self.ctrl, "Ctrl-"),
            (self.alt, "Alt-"),
            (self.shift, "Shift-"),
        ] {
            if set {
                f.write_str(name)?;
            }
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(number) => write!(f, "F{number}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in [
            "j",
            "G",
            "-",
            "Ctrl-d",
            "Shift-Tab",
            "PgDn",
            "F12",
            "Space",
            "Alt-Left",
        ] {
            let key = Key::parse(name).expect(name);
            assert_eq!(key.to_string(), name);
        }
        assert_eq!(Key::parse("Ctrl-d"), Some(Key::ctrl('d')));
        assert_eq!(Key::parse("Strg-d"), None);
        assert_eq!(Key::parse(""), None);
    }
}
