//! What a few typed letters may mean.

/// How a name answers to what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The lower, the likelier: kind first, then where and how long.
    pub(super) rank: (u8, usize, usize),
    /// Where in the name the typed letters are, in bytes.
    pub(super) places: Vec<usize>,
}

/// Whether `name` may be meant, or at least what it does. Case does not count.
pub(super) fn hit(typed: &str, name: &str, words: &str) -> Option<Hit> {
    let typed = typed.trim().to_lowercase();
    let lower = name.to_lowercase();
    let found = |kind: u8, places: Vec<usize>| {
        let first = places.first().copied().unwrap_or(0);
        Some(Hit {
            rank: (kind, first, name.len()),
            places,
        })
    };
    let run = |start: usize| (start..start + typed.len()).collect::<Vec<usize>>();
    if typed.is_empty() {
        // All alike: the order of the table stays.
        return Some(Hit {
            rank: (0, 0, 0),
            places: Vec::new(),
        });
    }
    if lower == typed {
        return found(0, run(0));
    }
    if lower.starts_with(&typed) {
        return found(1, run(0));
    }
    if let Some(places) = word_starts(&typed, &lower) {
        return found(2, places);
    }
    if let Some(at) = lower.find(&typed) {
        return found(3, run(at));
    }
    if let Some(places) = subsequence(&typed, &lower) {
        return found(4, places);
    }
    words.to_lowercase().contains(&typed).then_some(Hit {
        rank: (5, 0, name.len()),
        places: Vec::new(),
    })
}

/// The typed words, or letters, are the starts of words of the name, in their order: `l w` and `lw`
/// are `level warn`.
fn word_starts(typed: &str, name: &str) -> Option<Vec<usize>> {
    let starts: Vec<(usize, &str)> = name
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .collect();
    let by_word = |typed: &[&str]| {
        let mut places = Vec::new();
        let mut rest = starts.iter();
        for part in typed {
            let (start, _) = rest.find(|(_, word)| word.starts_with(part))?;
            places.extend(*start..*start + part.len());
        }
        Some(places)
    };
    let words: Vec<&str> = typed.split_whitespace().collect();
    let letters: Vec<&str> = typed
        .char_indices()
        .map(|(at, c)| &typed[at..at + c.len_utf8()])
        .collect();
    by_word(&words).or_else(|| by_word(&letters))
}

fn subsequence(typed: &str, name: &str) -> Option<Vec<usize>> {
    let mut rest = name.char_indices();
    typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|wanted| rest.find(|(_, c)| *c == wanted).map(|(at, _)| at))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(typed: &str, name: &str) -> Option<u8> {
        hit(typed, name, "what it does").map(|hit| hit.rank.0)
    }

    #[test]
    fn the_likeliest_comes_first() {
        assert_eq!(kind("level warn", "level warn"), Some(0));
        assert_eq!(kind("lev", "level warn"), Some(1));
        assert_eq!(kind("LW", "level warn"), Some(2));
        assert_eq!(kind("l wa", "level warn"), Some(2));
        assert_eq!(kind("warn", "level warn"), Some(2));
        assert_eq!(kind("vel", "level warn"), Some(3));
        assert_eq!(kind("lvlwn", "level warn"), Some(4));
        assert_eq!(kind("does", "level warn"), Some(5));
        assert_eq!(kind("q", "level warn"), None);
        assert_eq!(
            hit("wa", "level warn", "").map(|hit| hit.places),
            Some(vec![6, 7])
        );
    }

    proptest! {
        #[test]
        fn what_is_marked_was_typed(typed in "\\PC{0,6}", name in "[a-z ]{0,16}") {
            if let Some(hit) = hit(&typed, &name, "") {
                let marked: String = hit.places.iter().filter_map(|at| name[*at..].chars().next()).collect();
                let typed: String = typed.to_lowercase().split_whitespace().collect();
                prop_assert!(marked.is_empty() || marked.replace(' ', "") == typed);
            }
        }
    }
}
