//! One line made of pieces: when it is too narrow, the least important ones get shorter and then
//! leave, and nothing is cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{Span, put_spans, width};
use super::theme::{Role, Theme};

/// A piece of a line.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// What it may look like, the longest first, each with the rank at which it is given up: the
    /// higher, the sooner. Without a form it is not there.
    forms: Vec<(u8, Vec<Span>)>,
    right: bool,
}

impl Piece {
    pub fn new(rank: u8, spans: Vec<Span>) -> Self {
        Self {
            forms: vec![(rank, spans)],
            right: false,
        }
    }

    /// A shorter form, to be given up later than the one before.
    #[must_use]
    pub fn or(mut self, rank: u8, spans: Vec<Span>) -> Self {
        self.forms.push((rank, spans));
        self
    }

    /// It stands at the right edge.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// Which form of each piece is shown within `cells`, with `gap` cells between pieces.
pub fn fit(pieces: &[Piece], gap: usize, cells: usize) -> Vec<Option<&[Span]>> {
    let mut chosen = vec![0; pieces.len()];
    loop {
        let forms: Vec<Option<&[Span]>> = pieces
            .iter()
            .zip(&chosen)
            .map(|(piece, at)| piece.forms.get(*at).map(|(_, spans)| spans.as_slice()))
            .collect();
        let shown = forms.iter().flatten().filter(|spans| !spans.is_empty());
        let wanted: usize = shown.map(|spans| width(spans) + gap).sum();
        if wanted <= cells + gap {
            return forms;
        }
        let rank = |at: usize| pieces[at].forms.get(chosen[at]).map(|(rank, _)| *rank);
        let Some(worst) = (0..pieces.len())
            .filter(|at| rank(*at).is_some())
            .max_by_key(|at| rank(*at))
        else {
            return forms;
        };
        chosen[worst] += 1;
    }
}

/// Draws the pieces on the first line of an area.
pub fn draw(pieces: &[Piece], gap: u16, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let forms = fit(pieces, usize::from(gap), usize::from(area.width));
    let shown = |right| {
        let both = pieces.iter().zip(&forms);
        both.filter(move |(piece, _)| piece.right == right)
            .filter_map(|(_, form)| form.filter(|spans| !spans.is_empty()))
            .collect::<Vec<&[Span]>>()
    };
    let mut x = area.left();
    for spans in shown(false) {
        x += put_spans(buf, x, area.y, area.right() - x, spans) + gap;
        x = x.min(area.right());
    }
    let mut end = area.right();
    for spans in shown(true).into_iter().rev() {
        let cells = (width(spans) as u16).min(end - area.left());
        put_spans(buf, end - cells, area.y, cells, spans);
        end = (end - cells).saturating_sub(gap).max(area.left());
    }
}

/// Keys and what they do, side by side; where there is no room for all, the last of them.
pub fn hints(theme: &Theme, keys: &[(&'static str, &'static str)], cells: usize) -> Vec<Span> {
    let (key, quiet) = (theme.style(Role::Strong), theme.style(Role::Quiet));
    let mut spans: Vec<Span> = Vec::new();
    for (name, words) in keys.iter().rev() {
        let gap = if spans.is_empty() { "" } else { "  " };
        let hint = [
            Span::new(*name, key),
            Span::new(" ", quiet),
            Span::new(*words, quiet),
            Span::new(gap, quiet),
        ];
        if width(&spans) + width(&hint) > cells {
            break;
        }
        spans.splice(0..0, hint);
    }
    spans
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Style;

    use super::*;

    fn spans(text: &'static str) -> Vec<Span> {
        vec![Span::new(text, Style::new())]
    }

    fn drawn(width: u16) -> String {
        let pieces = [
            Piece::new(2, spans("resnet50-baseline")).or(1, spans("resnet50")),
            Piece::new(4, spans("epoch 38/50")).or(3, spans("38/50")),
            Piece::default(),
            Piece::new(9, spans("4.1 s/epoch")),
            Piece::new(5, spans("now")).right(),
        ];
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        draw(&pieces, 2, buf.area, &mut buf);
        buf.content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn the_least_important_leaves_first() {
        assert_eq!(
            drawn(50),
            "resnet50-baseline  epoch 38/50  4.1 s/epoch    now"
        );
        assert_eq!(drawn(46), "resnet50-baseline  epoch 38/50             now");
        assert_eq!(drawn(33), "resnet50-baseline  epoch 38/50   ");
        assert_eq!(drawn(24), "resnet50-baseline  38/50");
        assert_eq!(drawn(20), "resnet50-baseline   ");
        assert_eq!(drawn(9), "resnet50 ");
        assert_eq!(drawn(3), "   ", "nothing is cut");
    }

    proptest! {
        #[test]
        fn what_is_shown_fits(cells in 0..60_usize, gap in 0..4_usize) {
            let pieces = [
                Piece::new(7, spans("one two three")).or(3, spans("one")),
                Piece::new(5, spans("four five")).right(),
                Piece::new(5, spans("six")),
            ];
            let shown = fit(&pieces, gap, cells);
            let shown: Vec<_> = shown.into_iter().flatten().collect();
            let gaps = shown.len().saturating_sub(1) * gap;
            prop_assert!(shown.iter().map(|spans| width(spans)).sum::<usize>() + gaps <= cells);
        }
    }
}
