//! A table: columns as wide as what is visible in them, the least important ones left out when
//! there is no room, numbers never cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::apart;
use super::decimal::Decimals;
use super::paint::{Span, put, put_spans, put_spans_right, width};
use super::text::Safe;

/// How the texts of a column stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text, cut at its end when it must be.
    Left,
    /// Paths, cut between their parts.
    Path,
    /// Names: cut so that those of neighbouring rows still differ.
    Apart,
    Right,
    /// Numbers with their points one below the other.
    Point,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub title: Safe,
    pub align: Align,
    /// Numbers take at least this much, text may shrink to it.
    pub least: usize,
    /// Text is never wider than this. What is cut of a cell is its only piece or the second one:
    /// the first is a sign then, and what follows stands at the column's end.
    pub most: usize,
    /// The column with the highest rank is the first to be left out.
    pub rank: u8,
    /// It is left out when nothing visible has anything in it.
    pub optional: bool,
}

/// What is visible of a table: as many cells a row as there are columns.
#[derive(Clone, Debug)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Vec<Span>>>,
    /// Blank cells between columns.
    pub gap: usize,
    /// The column that takes what is left over.
    pub fill: Option<usize>,
}

/// Where a column that is shown stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub column: usize,
    pub x: usize,
    pub width: usize,
}

impl Column {
    fn shrinks(&self) -> bool {
        matches!(self.align, Align::Left | Align::Path | Align::Apart)
    }
}

impl Table {
    /// Which columns are shown within `cells`, and where.
    pub fn slots(&self, cells: usize) -> Vec<Slot> {
        let natural: Vec<usize> = (0..self.columns.len()).map(|at| self.natural(at)).collect();
        let least = |at: usize| self.least(at, natural[at]);
        // A column in which nothing is to be seen is none.
        let mut kept: Vec<usize> = (0..self.columns.len())
            .filter(|at| natural[*at] > 0)
            .collect();
        let taken = |kept: &[usize], width: &dyn Fn(usize) -> usize| {
            let gaps = kept.len().saturating_sub(1) * self.gap;
            kept.iter().map(|at| width(*at)).sum::<usize>() + gaps
        };
        while kept.len() > 1 && taken(&kept, &least) > cells {
            let worst = kept
                .iter()
                .max_by_key(|at| self.columns[**at].rank)
                .copied();
            kept.retain(|at| Some(*at) != worst);
        }
        let mut free = cells.saturating_sub(taken(&kept, &least));
        let mut slots = Vec::with_capacity(kept.len());
        let mut x = 0;
        for at in &kept {
            let more = natural[*at].saturating_sub(least(*at)).min(free);
            free -= more;
            slots.push((*at, least(*at) + more));
        }
        if let Some(filled) = slots.iter_mut().find(|(at, _)| Some(*at) == self.fill) {
            filled.1 += free;
        }
        let place = |(column, width): (usize, usize)| {
            let slot = Slot { column, x, width };
            x += width + self.gap;
            slot
        };
        slots.into_iter().map(place).collect()
    }

    /// How wide each column is at least; nothing where nothing is to be seen in it.
    pub fn least_widths(&self) -> Vec<usize> {
        let all = 0..self.columns.len();
        all.map(|at| self.least(at, self.natural(at))).collect()
    }

    /// The table with only some of its columns.
    #[must_use]
    pub fn only(mut self, kept: &[usize]) -> Self {
        let column = |at: &usize| self.columns[*at].clone();
        self.columns = kept.iter().map(column).collect();
        for row in self.rows.iter_mut().filter(|row| !row.is_empty()) {
            let cell = |at: &usize| row.get_mut(*at).map(std::mem::take).unwrap_or_default();
            *row = kept.iter().map(cell).collect();
        }
        self
    }

    fn least(&self, at: usize, natural: usize) -> usize {
        if self.columns[at].shrinks() {
            natural.min(self.columns[at].least)
        } else {
            natural
        }
    }

    /// Draws the titles on the first line of the area and a row on each line below.
    pub fn draw(&self, titles: Style, area: Rect, buf: &mut Buffer) -> Vec<Slot> {
        let area = area.intersection(buf.area);
        let slots = self.slots(usize::from(area.width));
        if area.is_empty() {
            return slots;
        }
        for slot in &slots {
            let title = Span::new(self.columns[slot.column].title.clone(), titles);
            let decimals = self.decimals(slot.column);
            let bounds = bounds(area, *slot, area.y);
            draw_cell(
                &self.columns[slot.column],
                decimals,
                &[title],
                true,
                bounds,
                buf,
            );
            let names = self.names(*slot);
            for ((row, name), y) in self.rows.iter().zip(names).zip(area.y + 1..area.bottom()) {
                let bounds = Rect { y, ..bounds };
                let column = &self.columns[slot.column];
                match row.get(slot.column) {
                    Some(cell) if column.shrinks() => draw_text(cell, &name, bounds, buf),
                    Some(cell) => draw_cell(column, decimals, cell, false, bounds, buf),
                    None => {}
                }
            }
        }
        slots
    }

    /// The texts of a column of texts, as short as they must be. Rows without cells part those
    /// that are neighbours.
    fn names(&self, slot: Slot) -> Vec<Safe> {
        let column = &self.columns[slot.column];
        let wanted = |row: &Vec<Vec<Span>>| {
            let cell = row.get(slot.column).filter(|_| column.shrinks())?;
            let cell = without_end(cell, slot.width);
            let soft = soft(cell)?;
            let others = with_gap(cell) - cell[soft].width();
            Some((cell[soft].text.clone(), slot.width.saturating_sub(others)))
        };
        let wanted: Vec<Option<(Safe, usize)>> = self.rows.iter().map(wanted).collect();
        let blocks = wanted.chunk_by(|a, b| a.is_some() == b.is_some());
        let cut = |block: &[Option<(Safe, usize)>]| {
            let names: Vec<(&Safe, usize)> = block
                .iter()
                .flatten()
                .map(|(name, cells)| (name, *cells))
                .collect();
            if column.align == Align::Apart && !names.is_empty() {
                return apart::cut(&names);
            }
            let ends = block.iter().map(|wanted| {
                let wanted = wanted.as_ref();
                wanted.map_or_else(Safe::default, |(name, cells)| match column.align {
                    Align::Path => apart::path_end(name, *cells),
                    _ => name.elide_end(*cells),
                })
            });
            ends.collect()
        };
        blocks.flat_map(cut).collect()
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &[Span]> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(column).map(Vec::as_slice))
    }

    fn decimals(&self, column: usize) -> Decimals {
        if self.columns[column].align != Align::Point {
            return Decimals::default();
        }
        Decimals::of(
            self.cells(column)
                .filter_map(|cell| single(cell).map(Safe::as_str)),
        )
    }

    fn natural(&self, at: usize) -> usize {
        let column = &self.columns[at];
        if column.optional && self.cells(at).all(|cell| width(cell) == 0) {
            return 0;
        }
        let widest = match column.align {
            Align::Point => self.decimals(at).width(),
            _ => self.cells(at).map(with_gap).max().unwrap_or(0),
        };
        let widest = widest.max(column.title.width());
        if column.shrinks() {
            widest.min(column.most)
        } else {
            widest.max(column.least)
        }
    }
}

fn bounds(area: Rect, slot: Slot, y: u16) -> Rect {
    let x = area.x.saturating_add(slot.x as u16).min(area.right());
    Rect {
        x,
        y,
        width: (slot.width as u16).min(area.right() - x),
        height: 1,
    }
}

/// The only text of a cell.
fn single(cell: &[Span]) -> Option<&Safe> {
    match cell {
        [span] => Some(&span.text),
        _ => None,
    }
}

/// The cells of a cell, with a blank before each piece that stands at its end.
fn with_gap(cell: &[Span]) -> usize {
    width(cell) + cell.len().saturating_sub(2)
}

/// A cell without what stands at its end, where that would leave next to nothing of its text.
fn without_end(cell: &[Span], cells: usize) -> &[Span] {
    const ENOUGH: usize = 8;
    match soft(cell) {
        Some(soft) if with_gap(cell) - cell[soft].width() + ENOUGH > cells => &cell[..=soft],
        _ => cell,
    }
}

/// Which piece of a cell is cut.
fn soft(cell: &[Span]) -> Option<usize> {
    cell.len().checked_sub(1).map(|last| last.min(1))
}

/// A text cut to `name`, what stands before it, and what stands at the end of the column.
fn draw_text(cell: &[Span], name: &Safe, at: Rect, buf: &mut Buffer) {
    let cell = without_end(cell, usize::from(at.width));
    let Some(soft) = soft(cell) else {
        return;
    };
    let used = put_spans(buf, at.x, at.y, at.width, &cell[..soft]);
    put(
        buf,
        at.x + used,
        at.y,
        at.width - used,
        name,
        cell[soft].style,
    );
    put_spans_right(buf, at, at.y, &cell[soft + 1..]);
}

fn draw_cell(
    column: &Column,
    decimals: Decimals,
    cell: &[Span],
    title: bool,
    at: Rect,
    buf: &mut Buffer,
) {
    let room = usize::from(at.width);
    let wanted = width(cell);
    if column.shrinks() {
        put_spans(buf, at.x, at.y, at.width, cell);
        return;
    }
    // Half a number is none.
    if wanted > room {
        return;
    }
    let behind = match single(cell).filter(|_| column.align == Align::Point && !title) {
        Some(text) => decimals.blanks(text.as_str()).1.min(room - wanted),
        None => 0,
    };
    let x = at.x + (room - wanted - behind) as u16;
    put_spans(buf, x, at.y, at.right() - x, cell);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(title: &'static str, align: Align, least: usize, rank: u8) -> Column {
        Column {
            title: title.into(),
            align,
            least,
            most: 20,
            rank,
            optional: false,
        }
    }

    fn table(rows: &[[&str; 3]]) -> Table {
        let cell = |text: &&str| vec![Span::new(Safe::new(text), Style::new())];
        Table {
            columns: vec![
                column("name", Align::Apart, 6, 0),
                column("epoch", Align::Right, 0, 2),
                column("best", Align::Point, 0, 1),
            ],
            rows: rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            gap: 2,
            fill: Some(0),
        }
    }

    fn drawn(table: &Table, width: u16) -> Vec<String> {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1 + table.rows.len() as u16));
        table.draw(Style::new(), buf.area, &mut buf);
        let cells: Vec<&str> = buf
            .content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        cells
            .chunks(usize::from(width))
            .map(<[&str]>::concat)
            .collect()
    }

    #[test]
    fn names_shrink_then_columns_leave() {
        let table = table(&[
            ["resnet50-baseline", "38/50", "0.112"],
            ["seed-1", "9", "12.5"],
        ]);
        assert_eq!(
            drawn(&table, 34),
            [
                "name                 epoch    best",
                "resnet50-baseline    38/50   0.112",
                "seed-1                   9  12.5  ",
            ]
        );
    }

    #[test]
    fn numbers_are_never_cut() {
        let table = table(&[["resnet50-baseline", "38/50", "0.112"]]);
        assert_eq!(drawn(&table, 21)[1], "res…ine  38/50  0.112");
        assert_eq!(drawn(&table, 16)[1], "resn…line  0.112");
        assert_eq!(drawn(&table, 8)[1], "res…line");
    }

    #[test]
    fn a_mark_stands_at_the_end_as_long_as_the_name_can_be_read() {
        let mut table = table(&[["", "", ""]]);
        let cell = ["● ", "lr-much-too-high", "NaN"];
        table.rows[0][0] = cell.map(|text| Span::new(text, Style::new())).to_vec();
        assert_eq!(drawn(&table, 35)[1].trim_end(), "● lr-much-too-high NaN");
        table.columns.truncate(1);
        assert_eq!(drawn(&table, 16)[1], "● lr-m…-high NaN");
        assert_eq!(drawn(&table, 12)[1], "● lr-m…-high");
    }

    proptest! {
        #[test]
        fn slots_lie_side_by_side(
            texts in prop::collection::vec("[0-9.損a-z]{0,12}", 3),
            cells in 0..60_usize,
        ) {
            let table = table(&[[&texts[0], &texts[1], &texts[2]]]);
            let slots = table.slots(cells);
            for pair in slots.windows(2) {
                prop_assert_eq!(pair[0].x + pair[0].width + 2, pair[1].x);
            }
            if slots.len() > 1 {
                let last = slots[slots.len() - 1];
                prop_assert!(last.x + last.width <= cells);
            }
        }
    }
}
