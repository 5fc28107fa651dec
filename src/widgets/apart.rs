//! Names that are too long for their column, cut so that each still differs from the others: what
//! they share goes first.

use super::text::Safe;

/// The names, each in at most as many cells as it has.
pub fn cut(wanted: &[(&Safe, usize)]) -> Vec<Safe> {
    let names: Vec<&Safe> = wanted.iter().map(|(name, _)| *name).collect();
    let shared = shared_starts(&names);
    let mut out: Vec<Safe> = wanted
        .iter()
        .zip(&shared)
        .map(|((name, cells), shared)| with_end(name, word_start(name.as_str(), *shared), *cells))
        .collect();
    // Each round looks at what those that still look alike have in common, and shows what comes
    // behind it.
    for _ in 0..3 {
        let alike = alike(&names, &out);
        if alike.is_empty() {
            break;
        }
        for group in alike {
            let first = names[group[0]].as_str();
            let lengths = group[1..]
                .iter()
                .map(|at| common(first, names[*at].as_str()));
            let shared = lengths.min().unwrap_or(0);
            for at in group {
                let start = word_start(first, shared);
                let whole_word = from(names[at], start, wanted[at].1);
                out[at] = if out[at] == whole_word {
                    from(names[at], shared, wanted[at].1)
                } else {
                    whole_word
                };
            }
        }
    }
    // What tells some of them apart may hide what tells others apart: all of it is shown then.
    let left: Vec<usize> = alike(&names, &out).concat();
    let Some(&first) = left.first() else {
        return out;
    };
    let with_first = left
        .iter()
        .map(|at| (names[first].as_str(), names[*at].as_str()));
    let differing = with_first.filter(|(first, other)| first != other);
    let shared = differing.map(|(first, other)| common(first, other)).min();
    for at in left {
        out[at] = behind(names[at], shared.unwrap_or(0), wanted[at].1);
    }
    out
}

/// The last parts of a path, as many as fit: no name is cut but the last.
pub fn path_end(path: &Safe, cells: usize) -> Safe {
    if path.width() <= cells {
        return path.clone();
    }
    let text = path.as_str();
    let ends = text
        .match_indices('/')
        .map(|(at, _)| Safe::new(&text[at..]));
    let mut ends = ends.filter(|end| end.width() > 1);
    match ends.find(|end| end.width() < cells) {
        Some(end) => Safe::fixed("…").then(&end),
        None => path.elide_start(cells),
    }
}

/// How many bytes of each name it shares with the one that is most like it.
fn shared_starts(names: &[&Safe]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|at| names[*at]);
    let mut shared = vec![0; names.len()];
    for pair in order.windows(2) {
        let (a, b) = (names[pair[0]].as_str(), names[pair[1]].as_str());
        if a == b {
            // Nothing could tell them apart.
            continue;
        }
        let length = common(a, b);
        for at in pair {
            shared[*at] = shared[*at].max(length);
        }
    }
    shared
}

/// Different names that look the same, in groups.
fn alike(names: &[&Safe], cut: &[Safe]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|at| &cut[*at]);
    let groups = order.chunk_by(|a, b| cut[*a] == cut[*b]);
    let differ = |group: &&[usize]| group.iter().any(|at| names[*at] != names[group[0]]);
    groups.filter(differ).map(<[usize]>::to_vec).collect()
}

/// How many bytes two texts begin with that are the same.
fn common(a: &str, b: &str) -> usize {
    let pairs = a.char_indices().zip(b.chars());
    pairs
        .take_while(|((_, a), b)| a == b)
        .last()
        .map_or(0, |((at, c), _)| at + c.len_utf8())
}

/// Where the word begins in which a byte lies; `lr3e-4` and `0.5` are words.
fn word_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    let is_border = |c: char| matches!(c, '/' | '_' | ' ' | ',' | ':' | '=' | '-');
    let exponent = |end: usize| {
        let rest = before[..end].trim_end_matches('-');
        before[..end].ends_with('-') && rest.ends_with('e') && rest.len() > 1
    };
    let mut ends = before.char_indices().rev();
    ends.find(|(at, c)| is_border(*c) && !exponent(at + c.len_utf8()))
        .map_or(0, |(at, c)| at + c.len_utf8())
}

/// A name with its end from a byte on, and as much of its start as there is room for.
fn with_end(name: &Safe, start: usize, cells: usize) -> Safe {
    // Less than this of the start says nothing.
    const WORTH_IT: usize = 3;
    let wide = name.width();
    if wide <= cells {
        return name.clone();
    }
    let end = name.as_str().get(start..).filter(|_| start > 0);
    let end = end.map_or(0, super::text::width);
    if end + 1 > cells {
        return from(name, start, cells);
    }
    let tail = end.max(whole_words(name.as_str(), cells / 2));
    let (head, _) = name.split_at(cells.saturating_sub(tail + 1));
    if head.width() < WORTH_IT {
        return from(name, start, cells);
    }
    let rest = name.elide_start(tail + 1);
    head.then(&rest)
}

/// How many of the last cells of a text to show so that it begins with a word, where that is not
/// far off.
fn whole_words(text: &str, cells: usize) -> usize {
    const ENOUGH: usize = 4;
    let ends = text.match_indices(['/', '_', ' ', '-']);
    let mut ends = ends.map(|(at, _)| super::text::width(&text[at..]));
    ends.find(|end| (ENOUGH..=cells).contains(end))
        .unwrap_or(cells)
}

/// What follows a byte of a name, cut in its middle.
fn from(name: &Safe, start: usize, cells: usize) -> Safe {
    match name.as_str().get(start..) {
        Some(rest) if start > 0 && name.width() > cells => {
            let rest = Safe::new(rest);
            Safe::fixed("…")
                .elide_end(cells)
                .then(&rest.elide_middle(cells.saturating_sub(1)))
        }
        _ => name.elide_middle(cells),
    }
}

/// What follows a byte of a name, cut at its end.
fn behind(name: &Safe, start: usize, cells: usize) -> Safe {
    match name.as_str().get(start..) {
        Some(rest) if start > 0 => {
            let rest = Safe::new(rest);
            Safe::fixed("…")
                .elide_end(cells)
                .then(&rest.elide_end(cells.saturating_sub(1)))
        }
        _ => name.elide_end(cells),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut_names(names: &[&str], cells: usize) -> Vec<String> {
        let names: Vec<Safe> = names.iter().map(|name| Safe::new(name)).collect();
        let names: Vec<_> = names.iter().map(|name| (name, cells)).collect();
        cut(&names).iter().map(Safe::to_string).collect()
    }

    #[test]
    fn what_names_share_goes_first() {
        assert_eq!(
            cut_names(
                &[
                    "sweep_resnet_lr3e-2",
                    "sweep_resnet_lr3e-3",
                    "sweep_resnet_lr1e-4"
                ],
                12
            ),
            ["sweep…lr3e-2", "sweep…lr3e-3", "sweep…lr1e-4"]
        );
        assert_eq!(
            cut_names(
                &["ml-dash-0.5/edge/nan-inf", "ml-dash-0.6/edge/nan-inf"],
                14
            ),
            ["…0.5/ed…an-inf", "…0.6/ed…an-inf"]
        );
        assert_eq!(
            cut_names(&["resnet50-baseline", "resnet50-multistep", "vit"], 12),
            ["res…baseline", "…multistep", "vit"]
        );
    }

    #[test]
    fn what_tells_some_apart_does_not_hide_what_tells_others_apart() {
        assert_eq!(
            cut_names(&["x338_/a_", "x339_/a_", "x868_/a_", "x869_/a_"], 6),
            ["…338_…", "…339_…", "…868_…", "…869_…"]
        );
    }

    #[test]
    fn paths_are_cut_between_their_parts() {
        let cut = |cells| path_end(&Safe::new("projects/proj-7f3a9c21/experiments"), cells);
        let table = [
            (40, "projects/proj-7f3a9c21/experiments"),
            (33, "…/proj-7f3a9c21/experiments"),
            (26, "…/experiments"),
            (9, "…eriments"),
            (0, ""),
        ];
        for (cells, text) in table {
            assert_eq!(cut(cells).as_str(), text);
        }
        assert_eq!(path_end(&Safe::new("損失損失/"), 5).as_str(), "…失/");
    }

    #[test]
    fn what_fits_stays() {
        assert_eq!(cut_names(&["seed-1", "seed-2"], 6), ["seed-1", "seed-2"]);
        assert_eq!(cut_names(&["a-long-name-alone"], 9), ["a-lo…lone"]);
        assert_eq!(
            cut_names(&["ResNet-152, large images"], 17),
            ["ResNet-15… images"]
        );
        assert_eq!(cut_names(&["same-name", "same-name"], 6), ["sa…ame"; 2]);
        assert_eq!(cut_names(&["abc", "abd"], 0), ["", ""]);
    }

    proptest! {
        #[test]
        fn names_stay_apart(
            numbers in prop::collection::btree_set(0..1000_u32, 1..12),
            start in "[a-z/_]{0,30}", end in "[a-z/_]{0,30}", cells in 6..40_usize,
        ) {
            let names: Vec<Safe> =
                numbers.iter().map(|n| Safe::new(&format!("{start}{n:03}{end}"))).collect();
            let cut = cut(&names.iter().map(|name| (name, cells)).collect::<Vec<_>>());
            let different: std::collections::BTreeSet<&Safe> = cut.iter().collect();
            prop_assert_eq!(different.len(), names.len(), "{:?}", cut);
            prop_assert!(cut.iter().all(|name| name.width() <= cells));
        }

        #[test]
        fn any_names_fit(names in prop::collection::vec(any::<String>(), 0..6), cells in 0..20_usize) {
            let names: Vec<Safe> = names.iter().map(|name| Safe::new(name)).collect();
            let cut = cut(&names.iter().map(|name| (name, cells)).collect::<Vec<_>>());
            prop_assert_eq!(cut.len(), names.len());
            for (cut, name) in cut.iter().zip(&names) {
                prop_assert!(cut.width() <= cells);
                prop_assert!(name.width() > cells || cut == name);
            }
        }
    }
}
