//! The one scale of severity, and the words and numbers that trackers use for it.

/// The severity of a log line, on the one scale that all trackers are mapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// The words of trackers, of syslog, of Python, Java, .NET and Rust, with their usual short forms.
/// The first ones are those of nearly all lines.
const WORDS: [(Level, &[&str]); 5] = [
    (
        Level::Info,
        &[
            "info",
            "information",
            "informational",
            "notice",
            "success",
            "config",
            "inf",
            "i",
            "n",
        ],
    ),
    (
        Level::Debug,
        &[
            "debug", "trace", "verbose", "fine", "finer", "finest", "notset", "dbg", "trc", "vrb",
            "d", "t", "v",
        ],
    ),
    (Level::Warn, &["warn", "warning", "wrn", "w"]),
    (
        Level::Error,
        &[
            "error",
            "err",
            "exception",
            "severe",
            "failure",
            "failed",
            "e",
        ],
    ),
    (
        Level::Fatal,
        &[
            "fatal",
            "critical",
            "crit",
            "alert",
            "emergency",
            "emerg",
            "panic",
            "dpanic",
            "ftl",
            "f",
            "c",
        ],
    ),
];

impl Level {
    pub const ALL: [Self; 5] = [
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// The bit of a level in a set of levels.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// The level that a word of any tracker means, or a number in text. Nothing for words that
    /// nobody knows: they say nothing about severity.
    pub fn of_word(word: &[u8]) -> Option<Self> {
        let word = word.trim_ascii();
        let means = |name: &&str| word.eq_ignore_ascii_case(name.as_bytes());
        let known = WORDS.iter().find(|(_, names)| names.iter().any(means));
        if let Some((level, _)) = known {
            return Some(*level);
        }
        let number = std::str::from_utf8(word).ok()?.parse::<f64>();
        number.ok().filter(|n| n.is_finite()).map(Self::of_number)
    }

    /// Levels as Python's `logging` numbers them; those between two are the lower one.
    pub fn of_number(number: f64) -> Self {
        match number {
            n if n >= 50.0 => Self::Fatal,
            n if n >= 40.0 => Self::Error,
            n if n >= 30.0 => Self::Warn,
            n if n >= 20.0 => Self::Info,
            _ => Self::Debug,
        }
    }

    /// All words that mean this level.
    pub fn words(self) -> &'static [&'static str] {
        let found = WORDS.iter().find(|(level, _)| *level == self);
        found.map_or(&[], |(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_trackers_are_on_one_scale() {
        let table: [(Level, &[&str]); 5] = [
            (
                Level::Debug,
                &[
                    "TRACE", "Debug", "NOTSET", "10", "5", "0", "D", "verbose", "finest",
                ],
            ),
            (
                Level::Info,
                &[
                    "INFO", "Notice", "SUCCESS", "20", "25", " info ", "I", "inf",
                ],
            ),
            (Level::Warn, &["WARN", "WARNING", "30", "35.5", "W", "wrn"]),
            (
                Level::Error,
                &["ERROR", "err", "SEVERE", "Exception", "40", "E"],
            ),
            (
                Level::Fatal,
                &[
                    "FATAL", "CRITICAL", "crit", "ALERT", "emerg", "panic", "50", "60", "F",
                ],
            ),
        ];
        for (level, words) in table {
            for word in words {
                assert_eq!(Level::of_word(word.as_bytes()), Some(level), "{word}");
            }
            assert!(level.words().contains(&level.name()));
        }
        for word in ["", "odd", "metric", "nan", "inf inity", "\u{fffd}"] {
            assert_eq!(Level::of_word(word.as_bytes()), None, "{word}");
        }
        assert_eq!(Level::of_number(f64::NAN), Level::Debug);
    }
}
