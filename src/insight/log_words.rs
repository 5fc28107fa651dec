//! Words of log lines that are the same on the screen and in print.

use crate::record::LogRecord;

/// The words of most levels take no more cells.
pub const LEVEL_CELLS: usize = 5;
/// Longer ones push their message to the right, but not further than this.
pub const LONGEST_LEVEL: usize = 10;
/// Of a word no more is looked at.
const MOST_LETTERS: usize = 32;

/// A level in its usual word, unless the file has one of its own.
pub fn level_word(record: &LogRecord) -> &str {
    let word = record.word.trim();
    let usual = word.is_empty()
        || word.parse::<f64>().is_ok()
        || [record.level.name(), "warning", "critical"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
    if usual {
        return record.level.name();
    }
    let end = word.char_indices().nth(MOST_LETTERS);
    end.map_or(word, |(end, _)| &word[..end])
}

/// Whether a traceback begins with a line.
pub fn starts_traceback(line: &str) -> bool {
    let words = "Traceback (most recent call last)";
    line.trim_start().starts_with(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Level;

    fn word(level: Level, word: &str) -> String {
        let record = LogRecord {
            time: None,
            level,
            word: word.to_owned(),
            message: String::new(),
            fields: Vec::new(),
            omitted: 0,
        };
        level_word(&record).to_owned()
    }

    #[test]
    fn usual_words_are_one_and_others_stay() {
        assert_eq!(word(Level::Warn, "WARNING"), "warn");
        assert_eq!(word(Level::Fatal, "Critical"), "fatal");
        assert_eq!(word(Level::Error, "40"), "error");
        assert_eq!(word(Level::Info, " "), "info");
        assert_eq!(word(Level::Info, "NOTICE"), "NOTICE");
        assert_eq!(word(Level::Info, "предупреждение"), "предупреждение");
        assert_eq!(word(Level::Info, &"é".repeat(99)), "é".repeat(32));
    }
}
