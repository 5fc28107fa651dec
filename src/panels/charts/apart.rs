//! Long names in few cells, so that the part stays that tells them apart.

use crate::widgets::Safe;

/// A name in at most so many cells. Where that makes it equal to one of the others, the part is
/// shown in which it differs.
pub(super) fn shortened<'a>(
    name: &str,
    others: impl Iterator<Item = &'a str>,
    cells: usize,
) -> Safe {
    let whole = Safe::new(name);
    if whole.width() <= cells {
        return whole;
    }
    let short = whole.elide_middle(cells);
    let alike = |other: &&str| *other != name && Safe::new(other).elide_middle(cells) == short;
    let rivals: Vec<&str> = others.filter(alike).collect();
    if rivals.is_empty() {
        return short;
    }
    let same = |count: fn(&str, &str) -> usize| {
        let counts = rivals.iter().map(|rival| count(name, rival));
        counts.min().unwrap_or(0)
    };
    let (start, end) = (same(same_start), name.len() - same(same_end));
    around(name, start, end.max(start), cells)
}

/// The part between two places, and as much of what is before and behind it as there is room for.
fn around(name: &str, start: usize, end: usize, cells: usize) -> Safe {
    let in_word = |c: char| c.is_alphanumeric();
    let before = name[..start].trim_end_matches(in_word);
    let behind = name[end..].trim_start_matches(in_word);
    let part = Safe::new(&name[before.len()..name.len() - behind.len()]);
    let (before, behind) = (Safe::new(before), Safe::new(behind));
    let Some(room) = cells.checked_sub(part.width() + 2) else {
        return Safe::fixed("…")
            .then(&Safe::new(&name[start..]))
            .elide_end(cells);
    };
    let room = room + 2;
    let first = before
        .width()
        .min(room / 3)
        .max(room.saturating_sub(behind.width()));
    let first = before.elide_end(first);
    let last = behind.elide_start(room - first.width());
    first.then(&part).then(&last)
}

/// How many bytes of whole characters two names have in common at their start.
fn same_start(one: &str, two: &str) -> usize {
    let pairs = one.chars().zip(two.chars());
    let same = pairs.take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

/// And at their end.
fn same_end(one: &str, two: &str) -> usize {
    let pairs = one.chars().rev().zip(two.chars().rev());
    let same = pairs.take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn short(names: &[&str], at: usize, cells: usize) -> String {
        let short = shortened(names[at], names.iter().copied(), cells);
        short.as_str().to_owned()
    }

    #[test]
    fn the_part_that_differs_is_shown() {
        let names = [
            "model/layer9/block10/attention/grad_norm",
            "model/layer9/block11/attention/grad_norm",
            "model/layer9/block2/attention/grad_norm",
        ];
        assert_eq!(short(&names, 0, 24), "mode…block10…n/grad_norm");
        assert_eq!(short(&names, 1, 14), "m…block11…norm");
        assert_eq!(short(&names, 1, 8), "…11/att…");
        assert_eq!(short(&names, 0, 60), names[0]);
        // One name alone loses its middle, as everywhere.
        assert_eq!(
            short(&names[..1], 0, 9),
            Safe::new(names[0]).elide_middle(9).as_str()
        );
    }

    proptest! {
        #[test]
        fn any_names_fit(names in proptest::collection::vec("[a-c/é\u{1b}損]{0,20}", 1..5), cells in 0..30_usize) {
            let others = || names.iter().map(String::as_str);
            for name in others() {
                prop_assert!(shortened(name, others(), cells).width() <= cells.max(0));
            }
        }
    }
}
