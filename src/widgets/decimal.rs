//! Numbers one below the other with their points in one column.

/// How many cells stand before the point and from the point on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimals {
    before: usize,
    after: usize,
    /// The widest text that is no number.
    other: usize,
}

impl Decimals {
    /// Room for all of these texts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for text in texts {
            match parts(text) {
                Some((before, after)) => {
                    found.before = found.before.max(before);
                    found.after = found.after.max(after);
                }
                None => found.other = found.other.max(super::text::width(text)),
            }
        }
        found
    }

    /// How many cells the column takes.
    pub fn width(self) -> usize {
        (self.before + self.after).max(self.other)
    }

    /// How many blanks belong before and behind a text. What is no number ends where the column
    /// does.
    pub fn blanks(self, text: &str) -> (usize, usize) {
        let free = self.width().saturating_sub(super::text::width(text));
        let behind = match parts(text) {
            Some((_, after)) => self.after.saturating_sub(after).min(free),
            None => 0,
        };
        (free - behind, behind)
    }
}

/// Whether a text is a number, which can stand with its point below that of another one.
pub fn is_number(text: &str) -> bool {
    parts(text).is_some()
}

/// The cells before the point and from there on, with exponent and unit. `38/50`, `40m 12s` and
/// words are no numbers.
fn parts(text: &str) -> Option<(usize, usize)> {
    let unsigned = text.trim_start_matches(['-', '+', '<', '>', ' ']);
    let digits = unsigned.len()
        - unsigned
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    if digits == 0 {
        return None;
    }
    let before = text.len() - unsigned.len() + digits;
    let rest = &text[before..];
    let number = rest.is_empty() || rest.starts_with(['.', 'e']) || rest == " %";
    number.then(|| (before, super::text::width(rest)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn aligned(texts: &[&str]) -> Vec<String> {
        let decimals = Decimals::of(texts.iter().copied());
        texts
            .iter()
            .map(|text| {
                let (before, behind) = decimals.blanks(text);
                format!("{}{text}{}|", " ".repeat(before), " ".repeat(behind))
            })
            .collect()
    }

    #[test]
    fn points_stand_in_one_column() {
        let texts = [
            "0.0421", "12.34", "1e-4", "-7", "95.6 %", "NaN@9", "31 / 50",
        ];
        assert_eq!(
            aligned(&texts),
            [
                " 0.0421|", "12.34  |", " 1e-4  |", "-7     |", "95.6 % |", "  NaN@9|", "31 / 50|",
            ]
        );
        assert_eq!(aligned(&["3", "200"]), ["  3|", "200|"]);
        assert!(aligned(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn every_text_fills_the_column(texts in prop::collection::vec("[-0-9.e%/ a-z損]{0,9}", 0..6)) {
            let decimals = Decimals::of(texts.iter().map(String::as_str));
            for text in &texts {
                let (before, behind) = decimals.blanks(text);
                prop_assert_eq!(
                    before + super::super::text::width(text) + behind,
                    decimals.width()
                );
            }
        }
    }
}
