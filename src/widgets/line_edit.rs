//! One line of text that is being typed.

use unicode_segmentation::UnicodeSegmentation as _;

/// More characters than this are not taken: nobody types them.
const LONGEST: usize = 1_000;

/// The text so far and where the cursor stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    /// A byte offset, always between two characters.
    cursor: usize,
}

/// What can be done to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit<'a> {
    /// Typed or pasted; control characters are left out.
    Insert(&'a str),
    /// From this byte to the cursor it becomes another text.
    Complete(usize, &'a str),
    Backspace,
    Delete,
    DeleteWord,
    DeleteAll,
    DeleteToStart,
    DeleteToEnd,
    Left,
    Right,
    Start,
    End,
}

impl LineEdit {
    pub fn new(text: &str) -> Self {
        let mut edit = Self::default();
        edit.apply(Edit::Insert(text));
        edit
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor stands, in bytes.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn apply(&mut self, edit: Edit<'_>) {
        match edit {
            Edit::Insert(text) => self.insert(text),
            Edit::Complete(from, text) => {
                if self.text.is_char_boundary(from) && from <= self.cursor {
                    self.remove(from, self.cursor);
                    self.insert(text);
                }
            }
            Edit::Backspace => self.remove(self.before(), self.cursor),
            Edit::Delete => self.remove(self.cursor, self.after()),
            Edit::DeleteWord => self.remove(self.word_start(), self.cursor),
            Edit::DeleteAll => self.remove(0, self.text.len()),
            Edit::DeleteToStart => self.remove(0, self.cursor),
            Edit::DeleteToEnd => self.text.truncate(self.cursor),
            Edit::Left => self.cursor = self.before(),
            Edit::Right => self.cursor = self.after(),
            Edit::Start => self.cursor = 0,
            Edit::End => self.cursor = self.text.len(),
        }
    }

    fn insert(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            if self.text.len() + c.len_utf8() > LONGEST {
                return;
            }
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn before(&self) -> usize {
        let last = self.text[..self.cursor].graphemes(true).next_back();
        self.cursor - last.map_or(0, str::len)
    }

    fn after(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        before
            .char_indices()
            .rfind(|(_, c)| c.is_whitespace())
            .map_or(0, |(at, c)| at + c.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_typed_and_mended() {
        let mut edit = LineEdit::new("val los\n\x1b[A");
        assert_eq!(edit.text(), "val los[A");
        edit.apply(Edit::Backspace);
        edit.apply(Edit::Backspace);
        edit.apply(Edit::Insert("s"));
        assert_eq!(edit.text(), "val loss");
        edit.apply(Edit::DeleteWord);
        assert_eq!(edit.text(), "val ");
        edit.apply(Edit::Start);
        edit.apply(Edit::Insert("é"));
        edit.apply(Edit::Left);
        edit.apply(Edit::Delete);
        assert_eq!(edit.text(), "val ");
        edit.apply(Edit::End);
        edit.apply(Edit::Complete(1, "é"));
        assert_eq!((edit.text(), edit.cursor()), ("vé", 3));
        edit.apply(Edit::Complete(2, "x"));
        assert_eq!(edit.text(), "vé", "no character is cut");
    }
}
