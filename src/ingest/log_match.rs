//! A pattern, ready to be asked of the bytes of a log and of its lines.

use regex::Regex;

use super::log_field::Field;
use crate::formats::{LineSkimmer, LogLine};
use crate::record::{Comparison, Level, Pattern, PatternTerm, Sought, expression};

/// A pattern, ready to be asked.
pub(crate) struct Matcher {
    terms: Vec<(Asked, bool)>,
    /// What the bytes of every line hold that matches.
    quick: Option<regex::bytes::Regex>,
    /// Message and fields of the line that is asked, when a term looks at them.
    text: String,
    needs_text: bool,
    /// The levels of lines that may match, a bit each.
    levels: u8,
    skimmer: LineSkimmer,
}

/// A term, ready to be asked.
enum Asked {
    Text(Regex),
    /// A word that is found in a message alone as well.
    Word(Regex),
    Level(Comparison, Level),
    LevelWord(String),
    Field(Field),
}

impl Matcher {
    pub(crate) fn new(pattern: &Pattern) -> Result<Self, String> {
        let terms = pattern
            .terms
            .iter()
            .map(|term| Ok((Asked::new(&term.sought)?, term.wanted)))
            .collect::<Result<Vec<_>, String>>()?;
        let needs_text =
            |(asked, _): &(Asked, bool)| matches!(asked, Asked::Text(_) | Asked::Word(_));
        Ok(Self {
            needs_text: terms.iter().any(needs_text),
            terms,
            quick: quick(pattern).or_else(|| quick_level(pattern)),
            text: String::new(),
            levels: levels(pattern),
            skimmer: LineSkimmer::default(),
        })
    }

    /// Whether bytes can be looked through without being decoded.
    pub(crate) const fn is_quick(&self) -> bool {
        self.quick.is_some()
    }

    /// Where from `at` on something is that may match.
    pub(crate) fn candidate(&self, bytes: &[u8], at: usize) -> Option<usize> {
        match &self.quick {
            Some(quick) => Some(quick.find_at(bytes, at)?.start()),
            None => (at < bytes.len()).then_some(at),
        }
    }

    /// Whether none of the lines can match that have these levels at most.
    pub(crate) const fn rules_out(&self, levels: u8) -> bool {
        self.levels & levels == 0
    }

    /// Whether a regular line matches, and its level, as far as the line need not be decoded for that.
    pub(crate) fn at_once(&mut self, line: &[u8]) -> Option<(bool, Level)> {
        let (level, message) = self.skimmer.skim(line)?;
        let mut certain = true;
        for (asked, wanted) in &self.terms {
            let holds = match (asked, message) {
                (Asked::Level(is, sought), _) => Some(is.holds(&level, sought)),
                (Asked::Field(field), Some(message)) => field.holds_at_once(line, message),
                // What the message does not hold may stand in a field.
                (Asked::Word(regex), Some(message)) => regex.is_match(message).then_some(true),
                _ => None,
            };
            match holds {
                Some(holds) if holds != *wanted => return Some((false, level)),
                Some(_) => {}
                None => certain = false,
            }
        }
        certain.then_some((true, level))
    }

    pub(crate) fn matches(&mut self, line: &LogLine<'_>) -> bool {
        let quick = self.quick.as_ref();
        if quick.is_some_and(|quick| !quick.is_match(line.bytes())) {
            return false;
        }
        if self.needs_text {
            self.text.clear();
            line.words(&mut self.text);
        }
        let text = &self.text;
        let holds = |(asked, wanted): &(Asked, bool)| asked.holds(line, text) == *wanted;
        self.terms.iter().all(holds)
    }
}

impl Asked {
    fn new(sought: &Sought) -> Result<Self, String> {
        Ok(match sought {
            Sought::Word(word) => Self::Word(expression(&regex::escape(word))?),
            Sought::Expression(text) => Self::Text(expression(text)?),
            Sought::Level { is, level } => Self::Level(*is, *level),
            Sought::LevelWord(word) => Self::LevelWord(word.clone()),
            Sought::Field { key, is, value } => Self::Field(Field::new(key, *is, value)?),
        })
    }

    fn holds(&self, line: &LogLine<'_>, text: &str) -> bool {
        match self {
            Self::Text(regex) | Self::Word(regex) => regex.is_match(text),
            Self::Level(is, level) => is.holds(&line.level(), level),
            Self::LevelWord(word) => line.word().trim().eq_ignore_ascii_case(word),
            Self::Field(field) => field.holds(line),
        }
    }
}

/// An expression that the bytes of every line match whose text matches the pattern: the longest run
/// of letters and digits of a wanted word or key stands there as it is, unless it is written as
/// escapes.
fn quick(pattern: &Pattern) -> Option<regex::bytes::Regex> {
    let wanted = pattern.terms.iter().filter(|term| term.wanted);
    let words = wanted.filter_map(|term: &PatternTerm| match &term.sought {
        Sought::Word(text) => Some(text),
        Sought::Field { key, .. } => Some(key),
        _ => None,
    });
    let runs = words.flat_map(|word| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        word.split(move |c| !is_plain(c))
    });
    let longest = runs.max_by_key(|run| run.len()).filter(|r| r.len() > 1)?;
    // Letters of ASCII as escapes, and the two letters that are others of ASCII in another case.
    let regex = format!(r"{longest}|\\u00[2-7]|\\u212a|\\u017f");
    regex::bytes::RegexBuilder::new(&regex)
        .case_insensitive(true)
        .build()
        .ok()
}

/// The levels that a line must have one of, a bit each.
fn levels(pattern: &Pattern) -> u8 {
    let may_have = |level: &&Level| {
        pattern.terms.iter().all(|term| match &term.sought {
            Sought::Level { is, level: other } => is.holds(*level, other) == term.wanted,
            _ => true,
        })
    };
    let levels = Level::ALL.iter().filter(may_have);
    levels.fold(0, |bits, level| bits | level.bit())
}

/// An expression that the bytes of every line match that has one of the wanted levels, where these
/// are told by words: lines without a word that is known are info.
fn quick_level(pattern: &Pattern) -> Option<regex::bytes::Regex> {
    let wanted = pattern.terms.iter().find_map(|term| match term.sought {
        Sought::Level { is, level } if term.wanted => Some((is, level)),
        _ => None,
    });
    let (is, level) = wanted?;
    let levels = Level::ALL.iter().filter(|found| is.holds(*found, &level));
    let levels: Vec<Level> = levels.copied().collect();
    if levels.contains(&Level::Info) {
        return None;
    }
    let words: Vec<&str> = levels
        .iter()
        .flat_map(|level| level.words())
        .copied()
        .collect();
    let words = words.join("|");
    let regex = format!(
        r#"(?:level|levelname|severity|lvl)"\s*:\s*(?:"\s*(?:{words})\s*"|"?\s*[-+]?[0-9.]|"[^"]*\\)"#
    );
    regex::bytes::RegexBuilder::new(&regex)
        .case_insensitive(true)
        .unicode(false)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats;

    fn term(sought: Sought, wanted: bool) -> PatternTerm {
        PatternTerm { sought, wanted }
    }

    fn word(text: &str) -> Sought {
        Sought::Word(text.to_owned())
    }

    fn field(key: &str, is: Comparison, value: &str) -> Sought {
        let (key, value) = (key.to_owned(), value.to_owned());
        Sought::Field { key, is, value }
    }

    #[test]
    fn the_longest_run_of_a_word_is_looked_for() {
        let is_found = |terms: Vec<PatternTerm>, text: &str| {
            quick(&Pattern { terms }).map(|regex| regex.is_match(text.as_bytes()))
        };
        let some = || vec![term(word("é.loss=0"), true), term(word("!"), true)];
        assert_eq!(is_found(some(), "\"Loss\": 1"), Some(true));
        assert_eq!(is_found(some(), "\"lo ss\""), Some(false));
        assert_eq!(is_found(some(), "\\u006coss"), Some(true));
        assert_eq!(is_found(vec![term(word("a"), true)], ""), None);
        assert_eq!(is_found(vec![term(word("loss"), false)], ""), None);
        let regex = Sought::Expression("loss".to_owned());
        assert_eq!(is_found(vec![term(regex, true)], ""), None);
        let key = || vec![term(field("a.rank", Comparison::Less, "1"), true)];
        assert_eq!(is_found(key(), "{\"rank\": 0}"), Some(true));
        assert_eq!(is_found(key(), "{\"loss\": 0}"), Some(false));
    }

    #[test]
    fn levels_are_looked_for_by_their_words() {
        let pattern = |is, level| Pattern {
            terms: vec![term(Sought::Level { is, level }, true)],
        };
        let severe = pattern(Comparison::AtLeast, Level::Error);
        let quick = quick_level(&severe).expect("words");
        for (line, expected) in [
            (r#"{"level": "ERROR"}"#, true),
            (r#"{"severity" :"Critical"}"#, true),
            (r#"{"lvl": 40}"#, true),
            (r#"{"levelname": " 50 "}"#, true),
            (r#"{"level": "e\u0072ror"}"#, true),
            (r#"{"level": "INFO", "message": "an error"}"#, false),
            (r#"{"level": "errors"}"#, false),
        ] {
            assert_eq!(quick.is_match(line.as_bytes()), expected, "{line}");
        }
        assert!(quick_level(&pattern(Comparison::Less, Level::Error)).is_none());
    }

    /// Whether a line matches a term.
    fn holds(line: &str, sought: &Sought) -> bool {
        let terms = vec![term(sought.clone(), true)];
        let mut matcher = Matcher::new(&Pattern { terms }).unwrap();
        let mut found = None;
        crate::formats::read_log_lines(line.as_bytes(), 0, true, &mut |line| {
            found = Some(matcher.matches(line));
            true
        });
        found.unwrap()
    }

    #[test]
    fn fields_are_compared_as_numbers_or_words() {
        use Comparison::{AtLeast, AtMost, Different, Equal, Less, More};
        let line = r#"{"level": "NOTICE", "message": "step=12 lr: 1e-3, name=\"a b\" acc=91.5.", "metadata":
            {"loss": 0.250, "opt": {"lr": "1e-4", "name": "AdamW"}, "bad": NaN, "ok": true, "gpus": [0, 3], "été": "É"}}"#;
        let table = [
            ("loss", Equal, "0.25", true),
            ("LOSS", Equal, "25e-2", true),
            ("loss", Less, "0.25", false),
            ("loss", AtMost, "0.25", true),
            ("metadata.loss", More, "0.2", true),
            ("opt.lr", AtLeast, "0.0001", true),
            ("lr", Less, "5e-4", true),
            ("r", Less, "5e-4", false),
            ("name", Equal, "adamw", true),
            ("name", Equal, "adam", false),
            ("name", Equal, "adam*", true),
            ("name", Different, "sgd", true),
            ("name", Different, "AdamW", false),
            ("missing", Different, "x", false),
            ("bad", Equal, "nan", true),
            ("bad", Less, "1", false),
            ("ok", Equal, "true", true),
            ("gpus", Equal, "3", true),
            ("gpus", Equal, "1", false),
            ("gpus", Different, "3", false),
            ("été", Equal, "é", true),
            ("step", More, "11", true),
            ("step", Equal, "12", true),
            ("tep", Equal, "12", false),
            ("acc", More, "91", true),
            ("acc", Equal, "91.5", true),
        ];
        for (key, is, value, expected) in table {
            let found = holds(line, &field(key, is, value));
            assert_eq!(found, expected, "{key} {is:?} {value}");
        }
        assert!(holds(line, &Sought::LevelWord("notice".to_owned())));
        assert!(!holds(line, &Sought::LevelWord("info".to_owned())));
        for (is, level, expected) in [
            (Equal, Level::Info, true),
            (AtLeast, Level::Warn, false),
            (Less, Level::Error, true),
        ] {
            assert_eq!(holds(line, &Sought::Level { is, level }), expected);
        }
    }

    fn any_line() -> impl Strategy<Value = String> {
        let key = prop::sample::select(vec![
            "loss",
            "LOSS",
            "val.loss",
            "my_loss",
            "message",
            "msg",
            "context",
            "metadata",
            "level",
            "l\\u006fss",
            "timestamp",
            "n",
        ]);
        let value = prop::sample::select(vec![
            "0.25",
            "1e-3",
            "0",
            "\"0.25\"",
            "\"x\"",
            "\"ERROR\"",
            "\"warn\"",
            "{\"loss\": 1}",
            "{\"opt\": {\"loss\": 3}}",
            "[{\"loss\": 0.25}]",
            "\"loss=0.5 a\"",
            "\"a loss: 0.25.\"",
            "\"\\\"loss\\\": 3\"",
            "\"loss\"",
            "NaN",
            "true",
            "null",
            "{}",
            "1795159366.5",
        ]);
        prop::collection::vec((key, value), 0..5).prop_map(|members| {
            let members = members
                .iter()
                .map(|(key, value)| format!("\"{key}\": {value}"));
            format!("{{{}}}\n", members.collect::<Vec<_>>().join(", "))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// What is told of a line without a walk is what the walk tells, and no level is ruled out
        /// that a line has which matches.
        #[test]
        fn what_is_told_at_once_is_true(lines in prop::collection::vec(any_line(), 1..6), asked in 0_usize..9, wanted: bool) {
            use Comparison::{Different, Equal, Less};
            let sought = [
                word("loss"),
                word("a"),
                field("loss", Equal, "0.25"),
                field("loss", Different, "0.25"),
                field("loss", Less, "0.5"),
                field("val.loss", Less, "0.5"),
                field("n", Equal, "x"),
                Sought::Level { is: Comparison::AtLeast, level: Level::Warn },
                Sought::LevelWord("error".to_owned()),
            ];
            let pattern = Pattern { terms: vec![term(sought[asked].clone(), wanted)] };
            let mut matcher = Matcher::new(&pattern).expect("a pattern");
            for line in lines {
                let told = matcher.at_once(line.as_bytes());
                let (mut found, mut level) = (false, Level::Info);
                formats::read_log_lines(line.as_bytes(), 0, true, &mut |line| {
                    (found, level) = (matcher.matches(line), line.level());
                    true
                });
                // Nobody asks of a line at once that holds nothing that is looked for.
                let is_candidate = matcher.candidate(line.as_bytes(), 0).is_some();
                if let Some(told) = told.filter(|_| is_candidate) {
                    prop_assert_eq!(told, (found, level), "{}", line);
                }
                prop_assert!(!found || is_candidate, "{}", line);
                prop_assert!(!found || !matcher.rules_out(level.bit()), "{}", line);
            }
        }
    }
}
