//! What words and numbers are like: where they may be torn, and what stands at a point.

use crate::widgets::Safe;

/// `0.0421`, `-12.5`: no count, no unit and no exponent.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.trim_start_matches('-');
    unsigned
        .split_once('.')
        .is_some_and(|(before, after)| digits(before) && digits(after))
}

/// Words on lines of so many cells; a number stays with what it counts.
pub(super) fn wrap_words(words: &str, cells: usize) -> Vec<Safe> {
    const BEFORE: [&str; 5] = ["epoch", "step", "row", "time", "byte"];
    const BEHIND: [&str; 13] = [
        "ms", "s", "min", "h", "d", "%", "B", "kB", "MB", "GB", "rows", "epochs", "steps",
    ];
    let bare =
        |word: &'static str, text: &str| text.trim_end_matches([',', '.', ':', ';', ')']) == word;
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let mut bound = String::with_capacity(words.len());
    for (at, word) in words.split(' ').enumerate() {
        let before = bound.rsplit([' ', BOUND]).next().unwrap_or_default();
        let together = is_number(word) && BEFORE.contains(&before)
            || is_number(before) && BEHIND.iter().any(|unit| bare(unit, word));
        if at > 0 {
            bound.push(if together { BOUND } else { ' ' });
        }
        bound.push_str(word);
    }
    let lines = Safe::new(&bound).wrap(cells.max(1)).into_iter();
    lines
        .map(|line| Safe::new(&line.as_str().replace(BOUND, " ")))
        .collect()
}

/// A path on lines of so many cells, which end where a folder does.
pub(super) fn wrap_path(path: &Safe, cells: usize) -> Vec<Safe> {
    let mut lines = vec![Safe::default()];
    for part in path.as_str().split_inclusive('/') {
        let part = Safe::new(part);
        let last = lines.last().map_or(0, Safe::width);
        if last > 0 && last + part.width() > cells {
            lines.push(Safe::default());
        }
        if let Some(line) = lines.last_mut() {
            *line = line.then(&part);
        }
    }
    let wrapped = lines.iter().flat_map(|line| line.wrap(cells.max(1)));
    wrapped.collect()
}

/// A blank at which no line ends.
const BOUND: char = '\u{a0}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        let wrapped = |words: &str, cells| {
            let lines = wrap_words(words, cells).into_iter();
            lines.map(|line| line.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            wrapped("running, a row every 116 ms", 24),
            ["running, a row every", "116 ms"]
        );
        assert_eq!(
            wrapped("Val Loss NaN from step 0", 23),
            ["Val Loss NaN from", "step 0"]
        );
        assert_eq!(
            wrapped("after 3 rows, a step", 8),
            ["after", "3 rows,", "a step"]
        );
        assert_eq!(wrapped("", 6), [""]);
    }

    #[test]
    fn a_path_is_torn_between_folders() {
        let wrapped = |path: &'static str, cells| {
            let lines = wrap_path(&Safe::fixed(path), cells).into_iter();
            lines.map(|line| line.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(wrapped("/data/runs/a-b", 9), ["/data/", "runs/a-b"]);
        assert_eq!(wrapped("/x/abcdefgh", 4), ["/x/", "abcd", "efgh"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn only_measured_values_have_points() {
        let table = [
            "0.0421", "-12.5", "7", "1e-4", "3.6e-5", "95.6 %", "24 s", ".", "1.2.3",
        ];
        let found: Vec<&str> = table.into_iter().filter(|text| is_decimal(text)).collect();
        assert_eq!(found, ["0.0421", "-12.5"]);
    }
}
