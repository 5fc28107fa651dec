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

/// What of the values is told, from everything to nothing: those of all lines of a run, and how
/// many digits of them.
const VALUES: [Option<(bool, Option<usize>)>; 6] = [
    Some((true, None)),
    Some((true, Some(6))),
    Some((true, Some(4))),
    Some((false, Some(6))),
    Some((false, Some(4))),
    None,
];

/// Names are no shorter than this where there are many.
const NAME_LEAST: usize = 6;

/// `selected`: the chart whose values at the cursor are told, too.
pub(super) fn draw(seen: &Seen<'_>, selected: Option<&Title<'_>>, theme: &Theme, buf: &mut Buffer) {
    let area = seen.legend;
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width);
    let names: Vec<Safe> = seen
        .sources
        .iter()
        .map(|source| Safe::new(&source.overview.name))
        .collect();
    let longest = names.iter().map(Safe::width).max().unwrap_or(0);
    let reading = selected.filter(|title| title.reads());
    let first = if reading.is_some() {
        0
    } else {
        VALUES.len() - 1
    };
    let mut spans = Vec::new();
    'fitting: for told in &VALUES[first..] {
        let values = |source: &Source<'_>| match reading.zip(*told) {
            Some((title, (all, digits))) => title.of_run(theme, source.letter, all, digits),
            None => Vec::new(),
        };
        let values: Vec<Vec<Span>> = seen.sources.iter().map(values).collect();
        for cells in (NAME_LEAST.min(longest)..=longest).rev() {
            spans = legend(seen, theme, &names, &values, cells);
            if width(&spans) <= room {
                break 'fitting;
            }
        }
    }
    put_spans(buf, area.x, area.y, area.width, &spans);
}

fn legend(
    seen: &Seen<'_>,
    theme: &Theme,
    names: &[Safe],
    values: &[Vec<Span>],
    cells: usize,
) -> Vec<Span> {
    let wanted: Vec<(&Safe, usize)> = names.iter().map(|name| (name, cells)).collect();
    let names = crate::widgets::apart::cut(&wanted);
    let mut spans = Vec::new();
    for ((source, name), values) in seen.sources.iter().zip(names).zip(values) {
        if !spans.is_empty() {
            spans.push(Span::new("   ", theme.style(Role::Quiet)));
        }
        let style = strong(theme, &tone(source));
        match source.letter {
            Some(letter) => spans.push(Span::new(safe!("{letter} "), style)),
            None => spans.push(Span::new("━ ", style)),
        }
        spans.push(Span::new(name, style));
        if let Some(words) = missing(source, seen.axis) {
            spans.push(Span::new(words, theme.style(Role::Warning)));
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
