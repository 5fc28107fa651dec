//! How many cells safe text takes, and where it may be cut: never within what is read as one
//! character.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

/// How many cells a safe text takes. Characters are counted one by one, as terminals do it.
pub(in crate::widgets) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char_width).sum()
}

pub(super) fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The longest start of a text that takes at most `cells` cells, in bytes, and its cells.
pub(super) fn fitting_start(text: &str, cells: usize) -> (usize, usize) {
    if text.is_ascii() {
        let end = text.len().min(cells);
        return (end, end);
    }
    fitting(text.graphemes(true), cells)
}

/// The same from the end.
pub(super) fn fitting_end(text: &str, cells: usize) -> (usize, usize) {
    if text.is_ascii() {
        let end = text.len().min(cells);
        return (end, end);
    }
    fitting(text.graphemes(true).rev(), cells)
}

fn fitting<'a>(clusters: impl Iterator<Item = &'a str>, cells: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for cluster in clusters {
        let more = width(cluster);
        if used + more > cells {
            break;
        }
        used += more;
        bytes += cluster.len();
    }
    (bytes, used)
}

/// The text in at most `cells` cells, its end replaced by `…` when it is longer.
pub(super) fn elide_end(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let (end, _) = fitting_start(text, cells - 1);
    [&text[..end], "…"].concat()
}

/// The text in at most `cells` cells, its start replaced by `…`.
pub(super) fn elide_start(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let (bytes, _) = fitting_end(text, cells - 1);
    ["…", &text[text.len() - bytes..]].concat()
}

/// The text in at most `cells` cells, its middle replaced by `…`.
pub(super) fn elide_middle(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let (bytes, used) = fitting_end(text, cells / 2);
    let (end, _) = fitting_start(text, (cells - 1).saturating_sub(used));
    [&text[..end], "…", &text[text.len() - bytes..]].concat()
}

/// Where the lines of a text lie that is wrapped to `cells` cells, as byte ranges: at blanks and
/// around wide characters, else wherever the line is full.
pub(super) fn wrap(text: &str, cells: usize) -> Vec<(usize, usize)> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0);
    // Where this line may end, where the next one starts then, and what is used after that.
    let mut chance: Option<(usize, usize, usize)> = None;
    let mut after_wide = false;
    for (at, cluster, wide) in unbroken(text, cells) {
        let end = at + cluster.len();
        let blank = cluster == " ";
        if at > start && !blank && (wide > 1 || after_wide) {
            chance = Some((at, at, used));
        }
        if used + wide > cells && !blank {
            match chance.take() {
                Some((line_end, next, before)) => {
                    lines.push((start, line_end));
                    used -= before;
                    start = next;
                }
                None if at > start => {
                    lines.push((start, at));
                    (start, used) = (at, 0);
                }
                None => {}
            }
            if used + wide > cells && at > start {
                lines.push((start, at));
                (start, used) = (at, 0);
            }
        }
        used += wide;
        after_wide = wide > 1;
        if blank && at > start {
            let line_end = start + text[start..at].trim_end_matches(' ').len();
            if line_end > start {
                chance = Some((line_end, end, used));
            }
        }
    }
    let last = start + text[start..].trim_end_matches(' ').len();
    if last > start || lines.is_empty() {
        lines.push((start, last));
    }
    // Blanks in front, and a character that is wider than the line.
    let fits = |(from, to): (usize, usize)| (from, from + fitting_start(&text[from..to], cells).0);
    lines.into_iter().map(fits).collect()
}

/// What is not to be broken, where it is, and its cells: what is read as one character, unless no
/// line could hold it.
fn unbroken(text: &str, cells: usize) -> impl Iterator<Item = (usize, &str, usize)> {
    text.grapheme_indices(true).flat_map(move |(at, cluster)| {
        let wide = width(cluster);
        let whole = (wide <= cells).then_some((at, cluster, wide));
        let parts = atoms(if whole.is_none() { cluster } else { "" });
        let parts = parts.scan(at, |at, (atom, wide)| {
            let start = *at;
            *at += atom.len();
            Some((start, atom, usize::from(wide)))
        });
        whole.into_iter().chain(parts)
    })
}

/// Every character that takes cells, with the marks over it, and how many cells it takes.
pub(super) fn atoms(text: &str) -> impl Iterator<Item = (&str, u16)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, first) = chars.next()?;
        let end = if first.is_ascii() && rest.as_bytes().get(1).is_none_or(u8::is_ascii) {
            1
        } else {
            chars
                .find(|(_, c)| char_width(*c) > 0)
                .map_or(rest.len(), |(at, _)| at)
        };
        let (atom, more) = rest.split_at(end);
        rest = more;
        Some((atom, char_width(first) as u16))
    })
}
