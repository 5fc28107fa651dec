//! Whose lines these are, where the charts of several runs lie over each other.

use ratatui::buffer::Buffer;

use super::lacking;
use super::seen::Seen;
use super::view::strong;
use crate::figure::{Source, Tone};
use crate::insight::axis::XAxis;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put_spans, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// Names are no shorter than this where there are many.
const NAME_LEAST: usize = 6;

pub(super) fn draw(seen: &Seen<'_>, theme: &Theme, buf: &mut Buffer) {
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
    let mut cells = longest;
    let mut spans = legend(seen, theme, &names, cells);
    while width(&spans) > room && cells > NAME_LEAST {
        cells -= 1;
        spans = legend(seen, theme, &names, cells);
    }
    put_spans(buf, area.x, area.y, area.width, &spans);
}

fn legend(seen: &Seen<'_>, theme: &Theme, names: &[Safe], cells: usize) -> Vec<Span> {
    let wanted: Vec<(&Safe, usize)> = names.iter().map(|name| (name, cells)).collect();
    let names = crate::widgets::apart::cut(&wanted);
    let mut spans = Vec::new();
    for (source, name) in seen.sources.iter().zip(names) {
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
