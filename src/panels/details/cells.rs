//! What stands in a cell of runs beside each other, and at the head of a column.

use ratatui::style::Style;

use super::line::Cut;
use super::table::{Cell, Head, Measure, Row};
use crate::insight::number;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::apart;
use crate::widgets::paint::Span;
use crate::widgets::text::safe;
use crate::widgets::theme::{Hue, Role, Theme};

/// A column, and how values stand in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) column: usize,
    pub(super) cells: usize,
    /// Points stand one below the other.
    pub(super) aligned: bool,
}

/// Longer texts are not looked through for the part in which they differ.
const LONGEST_APART: usize = 400;

/// The texts of a row in which runs differ, cut so that they still do; nothing where there is room.
pub(super) fn apart_texts(row: &Row, places: &[Place]) -> Vec<Option<Safe>> {
    let text = |place: &Place| {
        let cell = row.cells.get(place.column)?.as_ref();
        let cell = cell.filter(|cell| matches!(cell.cut, Cut::Middle | Cut::End))?;
        let text = Some(&cell.text).filter(|text| text.width() <= LONGEST_APART);
        text.map(|text| (text, place.cells))
    };
    let wanted: Vec<(&Safe, usize)> = places.iter().filter_map(text).collect();
    let fits = wanted.iter().all(|(text, cells)| text.width() <= *cells);
    if fits || !row.differs {
        return vec![None; places.len()];
    }
    let mut texts = apart::cut(&wanted).into_iter();
    let own = |place| text(place).and_then(|_| texts.next());
    places.iter().map(own).collect()
}

/// What stands in a cell, and its look; `text` instead of its own.
pub(super) fn shown(
    theme: &Theme,
    row: &Row,
    measure: &Measure,
    place: Place,
    text: Option<&Safe>,
) -> (Safe, Style) {
    let Some(cell) = row.cells.get(place.column).and_then(Option::as_ref) else {
        let none = Safe::fixed("–").pad_start(place.cells);
        return (none, theme.style(Role::Quiet));
    };
    let role = match cell.number {
        Some(number) if !number.is_finite() => Role::Bad,
        _ if cell.stands_out && row.differs => Role::Strong,
        _ if row.differs => Role::Text,
        _ => Role::Quiet,
    };
    let text = match text {
        Some(text) => text.pad_start(place.cells),
        None => placed(cell, measure, place),
    };
    (text, theme.style(role))
}

fn placed(cell: &Cell, measure: &Measure, place: Place) -> Safe {
    let (text, cells) = (&cell.text, place.cells);
    let fitted = match cell.cut {
        Cut::Never if text.width() > cells => {
            let short = cell.number.map(|number| Safe::new(&number::human(number)));
            let short = short.filter(|short| short.width() <= cells);
            short.unwrap_or(Safe::fixed("…"))
        }
        Cut::Never if place.aligned && measure.numbers.width() <= cells => {
            let (_, behind) = measure.numbers.blanks(text.as_str());
            text.pad_end(text.width() + behind)
        }
        Cut::Never => text.clone(),
        Cut::Start => apart::path_end(text, cells),
        Cut::Middle => text.elide_middle(cells),
        Cut::End => text.elide_end(cells),
    };
    fitted.pad_start(cells)
}

/// How many cells the head of a column takes.
pub(super) fn head_cells(head: &Head) -> usize {
    let signs = usize::from(head.is_baseline) + usize::from(head.is_best);
    2 + head.name.width() + 2 * signs
}

/// `A `, in the colour of the run.
pub(super) fn letter_span(theme: &Theme, head: &Head) -> Span {
    let strong = head_style(theme, head).patch(theme.style(Role::Strong));
    match head.mark {
        Some((letter, _)) => Span::new(safe!("{letter} "), strong),
        None => Span::new("━ ", strong),
    }
}

fn head_style(theme: &Theme, head: &Head) -> Style {
    match head.mark {
        Some((_, hue)) => theme.series(Hue::Run(hue)),
        None => theme.style(Role::Text),
    }
}

pub(super) fn head_spans(
    theme: &Theme,
    head: &Head,
    name: Safe,
    shown: Option<RunId>,
) -> Vec<Span> {
    let style = head_style(theme, head);
    let strong = style.patch(theme.style(Role::Strong));
    let mut spans = Vec::new();
    if head.is_baseline {
        spans.push(Span::new("= ", theme.style(Role::Accent)));
    }
    spans.push(letter_span(theme, head));
    let is_shown = shown == Some(head.run);
    spans.push(Span::new(name, if is_shown { strong } else { style }));
    if head.is_best {
        spans.push(Span::new(" ★", theme.style(Role::Good)));
    }
    spans
}
