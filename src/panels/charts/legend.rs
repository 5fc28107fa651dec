//! Whose lines these are, where the charts of several runs lie over each other.

use ratatui::buffer::Buffer;

use super::lacking;
use super::seen::Seen;
use super::title::Title;
use super::view::strong;
use crate::figure::{Source, Tone};
use crate::insight::axis::XAxis;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put_spans, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// How much of the values is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// Those of all lines of a run, or of the most important one only.
    pub(super) all: bool,
    /// Significant digits; nothing: all of them.
    pub(super) digits: Option<usize>,
    /// From the lowest to the highest run of a group.
    pub(super) range: bool,
}

/// From everything to little; then nothing is told.
const VALUES: [Told; 6] = [
    told(true, None, true),
    told(true, Some(6), true),
    told(true, Some(4), true),
    told(false, Some(6), true),
    told(false, Some(4), true),
    told(false, Some(4), false),
];

const fn told(all: bool, digits: Option<usize>, range: bool) -> Told {
    Told { all, digits, range }
}

/// Names are no shorter than this where there are many.
const NAME_LEAST: usize = 6;

/// What has one letter: a run, or the runs of a group.
struct Entry<'a> {
    /// The run; of a group the first one.
    source: &'a Source<'a>,
    name: Safe,
    /// What stands behind the name: of how many runs the line is, or why there is none.
    behind: Option<(Safe, Role)>,
}

/// `selected`: the chart whose values at the cursor are told, too.
pub(super) fn draw(seen: &Seen<'_>, selected: Option<&Title<'_>>, theme: &Theme, buf: &mut Buffer) {
    let area = seen.legend;
    if !area.is_empty() {
        let (spans, _) = fitted(seen, selected, theme);
        put_spans(buf, area.x, area.y, area.width, &spans);
    }
}

/// Whether the values at the cursor are told here.
pub(super) fn tells(seen: &Seen<'_>, selected: &Title<'_>, theme: &Theme) -> bool {
    !seen.legend.is_empty() && fitted(seen, Some(selected), theme).1
}

/// As much as there is room for, and whether values are among it.
fn fitted(seen: &Seen<'_>, selected: Option<&Title<'_>>, theme: &Theme) -> (Vec<Span>, bool) {
    let room = usize::from(seen.legend.width);
    let entries = entries(seen, selected);
    let names: Vec<Safe> = entries.iter().map(|entry| entry.name.clone()).collect();
    let longest = names.iter().map(Safe::width).max().unwrap_or(0);
    let reading = selected.filter(|title| title.reads());
    let values = VALUES.into_iter().filter(|_| reading.is_some());
    let mut spans = Vec::new();
    for told in values.map(Some).chain([None]) {
        let values = |entry: &Entry<'_>| match reading.zip(told) {
            Some((title, told)) => title.of_run(theme, entry.source.letter, told),
            None => Vec::new(),
        };
        let values: Vec<Vec<Span>> = entries.iter().map(values).collect();
        for cells in (NAME_LEAST.min(longest)..=longest).rev() {
            spans = legend(&entries, theme, &names, &values, cells);
            if width(&spans) <= room {
                return (spans, told.is_some());
            }
        }
    }
    (spans, false)
}

/// The runs, and the groups that are drawn as one.
fn entries<'a>(seen: &'a Seen<'_>, selected: Option<&Title<'_>>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for source in &seen.sources {
        let Some(group) = source.group else {
            let missing = missing(source, seen.axis).map(|words| (words, Role::Warning));
            entries.push(Entry {
                source,
                name: Safe::new(&source.overview.name),
                behind: missing,
            });
            continue;
        };
        let last = entries.last().map(|entry| entry.source);
        if last.is_some_and(|last| last.group.is_some() && last.letter == source.letter) {
            continue;
        }
        let mut crowds = selected.iter().flat_map(|title| &title.figure.groups);
        let crowd = crowds.find(|crowd| crowd.letter == source.letter);
        let behind = crowd.map(|crowd| {
            let complete = crowd.drawn == crowd.of;
            let role = if complete { Role::Quiet } else { Role::Warning };
            (safe!(" {}", crowd.count()), role)
        });
        entries.push(Entry {
            source,
            name: Safe::new(group.title),
            behind,
        });
    }
    entries
}

fn legend(
    entries: &[Entry<'_>],
    theme: &Theme,
    names: &[Safe],
    values: &[Vec<Span>],
    cells: usize,
) -> Vec<Span> {
    let wanted: Vec<(&Safe, usize)> = names.iter().map(|name| (name, cells)).collect();
    let names = crate::widgets::apart::cut(&wanted);
    let mut spans = Vec::new();
    for ((entry, name), values) in entries.iter().zip(names).zip(values) {
        if !spans.is_empty() {
            spans.push(Span::new("   ", theme.style(Role::Quiet)));
        }
        let style = strong(theme, &tone(entry.source));
        match entry.source.letter {
            Some(letter) => spans.push(Span::new(safe!("{letter} "), style)),
            None => spans.push(Span::new("━ ", style)),
        }
        spans.push(Span::new(name, style));
        if let Some((words, role)) = &entry.behind {
            spans.push(Span::new(words.clone(), theme.style(*role)));
        }
        spans.extend(values.iter().cloned());
    }
    spans
}

fn tone(source: &Source<'_>) -> Tone {
    match source.letter {
        Some(_) => Tone::Run(source.hue),
        None => Tone::Shown,
    }
}

/// Why a run has no line.
fn missing(source: &Source<'_>, axis: XAxis) -> Option<Safe> {
    let has = source.overview.axes.range(axis).is_some();
    (!has).then(|| safe!(" no {}", lacking(axis)))
}
