//! Draws runs beside each other: labels that stay, a column for each run, as many as there is room
//! for.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::build::Builder;
use super::cells::{Place, apart_texts, head_cells, head_spans, shown};
use super::line::Line;
use super::params::{Leaf, level};
use super::table::{Cell, Head, Measure, PARAMS, Part, RowAt, Table};
use crate::insight::number;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::apart;
use crate::widgets::paint::{put, put_spans, restyle, width};
use crate::widgets::theme::{Role, Theme};

/// Runs beside each other, and what of them is visible.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) table: Table,
    /// How many cells the longest label takes.
    labels: usize,
    /// The column with the cursor.
    pub(super) column: usize,
    /// Its run, if somebody chose it.
    chosen: Option<RunId>,
    /// The first column that is visible.
    first: usize,
}

/// A column where it is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    column: usize,
    x: usize,
    /// Of its values, and of the differences behind them.
    cells: usize,
    differences: usize,
    /// Points stand one below the other.
    aligned: bool,
}

impl Slot {
    fn place(self) -> Place {
        Place {
            column: self.column,
            cells: self.cells,
            aligned: self.aligned,
        }
    }
}

/// A column is no narrower.
const LEAST: usize = 4;
/// Longer numbers are rounded.
const LONGEST_NUMBER: usize = 24;
/// In an area of fewer cells everything is tight.
const NARROW: usize = 60;

/// How much of the values is shown.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// Cells of a text.
    texts: usize,
    /// Differences are shown.
    differences: bool,
    /// Points stand one below the other.
    aligned: bool,
}

const fn look(texts: usize, differences: bool, aligned: bool) -> Look {
    Look {
        texts,
        differences,
        aligned,
    }
}

/// The first that leaves room for all columns is taken.
const LOOKS: [Look; 8] = [
    look(40, true, true),
    look(28, true, true),
    look(20, true, true),
    look(14, true, true),
    look(20, false, true),
    look(14, false, true),
    look(10, false, true),
    look(8, false, false),
];

/// Where not all columns have room.
const SCROLLED: Look = look(14, false, true);

/// The lines of a table.
pub(super) fn lines(builder: &mut Builder<'_>, table: &Table) {
    for (at, part) in table.parts.iter().enumerate() {
        if part.rows.is_empty() {
            continue;
        }
        let right = differing_words(part);
        let open = part.name != "More";
        // The sign for what differs stands before it.
        let depth = 2;
        builder.section(part.name, &right, open, |builder| {
            let leaves: Vec<Leaf<'_, usize>> = part
                .rows
                .iter()
                .enumerate()
                .map(|(row, known)| (known.key.as_str(), known.key.as_str(), row))
                .collect();
            let put = |builder: &mut Builder<'_>, (name, _, row): Leaf<'_, usize>, depth| {
                builder.row(depth, name, RowAt(at, row), table);
            };
            if at == PARAMS {
                level(builder, &leaves, "Params", depth, &put);
            } else {
                for leaf in leaves {
                    put(builder, leaf, depth);
                }
            }
        });
    }
}

/// `3 of 9 differ · 4 own`: each run has its own of these
fn differing_words(part: &Part) -> String {
    let (differing, all) = part.differing();
    let own = part.rows.len() as u64 - all;
    let differing = match differing {
        0 => "all alike".to_owned(),
        some => format!(
            "{} of {} differ",
            number::grouped(some),
            number::grouped(all)
        ),
    };
    match own {
        0 => differing,
        own => format!("{differing} · {own} own"),
    }
}

impl Beside {
    /// Another table, seen as this one was.
    pub(super) fn show_table(&mut self, table: Table) {
        let heads = table.heads.iter();
        let chosen = |head: &Head| Some(head.run) == self.chosen;
        self.column = heads.clone().position(chosen).unwrap_or(0);
        self.table = table;
    }

    /// The cursor goes back to the first run.
    pub(super) fn forget_column(&mut self) {
        (self.chosen, self.column) = (None, 0);
    }

    /// Chooses the column at a place on the screen.
    pub(super) fn click(&mut self, x: u16, cells: usize) {
        if let Some(column) = self.column_at(x, cells) {
            self.choose(column);
        }
    }

    fn choose(&mut self, column: usize) {
        self.column = column;
        self.chosen = self.table.heads.get(column).map(|head| head.run);
    }

    /// Learns how long the labels are, and brings the column with the cursor into view.
    pub(super) fn fit(&mut self, lines: &[Line], cells: usize) {
        let rows = lines.iter().filter(|line| line.row.is_some());
        let long = rows.map(|line| usize::from(line.depth) + width(&line.left));
        self.labels = long.max().unwrap_or(0);
        self.reveal(cells);
    }

    /// Moves the cursor to another run.
    pub(super) fn go(&mut self, by: isize, cells: usize) {
        let last = self.table.heads.len().saturating_sub(1);
        self.choose(self.column.saturating_add_signed(by).min(last));
        self.reveal(cells);
    }

    pub(super) fn reveal(&mut self, cells: usize) {
        let last = self.table.heads.len().saturating_sub(1);
        self.column = self.column.min(last);
        self.first = self.first.min(self.column);
        while self.first < self.column && !self.range(cells).contains(&self.column) {
            self.first += 1;
        }
        // No room stays empty at the end.
        while self.first > 0 && self.from(cells, self.first - 1).1 > last {
            self.first -= 1;
        }
    }

    /// The columns that are visible.
    pub(super) fn range(&self, cells: usize) -> Range<usize> {
        let (slots, end) = self.from(cells, self.first);
        slots.first().map_or(0..0, |slot| slot.column..end)
    }

    /// Where the visible columns are.
    pub(super) fn slots(&self, cells: usize) -> Vec<Slot> {
        self.from(cells, self.first).0
    }

    /// How many cells labels take.
    fn label_cells(&self, cells: usize) -> usize {
        let most = if cells < NARROW {
            (cells * 2 / 5).max(8)
        } else {
            (cells / 3).min(40)
        };
        self.labels.min(most).max(8.min(cells))
    }

    /// The columns from one on that fit, and the number behind the last of them.
    fn from(&self, cells: usize, first: usize) -> (Vec<Slot>, usize) {
        let labels = self.label_cells(cells);
        let room = cells.saturating_sub(labels);
        let gap = gap(cells);
        let wide = |(cells, differences): &(usize, usize)| gap + cells + differences;
        let all = |look: &Look| -> Vec<(usize, usize)> {
            let columns = 0..self.table.heads.len();
            columns.map(|column| self.wide(column, *look)).collect()
        };
        let fits = |look: &&Look| all(look).iter().map(wide).sum::<usize>() <= room;
        let scrolled = if cells < NARROW {
            &LOOKS[LOOKS.len() - 1]
        } else {
            &SCROLLED
        };
        let look = LOOKS.iter().find(fits).unwrap_or(scrolled);
        let widths = all(look);
        let mut slots = Vec::new();
        let mut x = labels;
        for (column, width) in widths.into_iter().enumerate().skip(first) {
            let fits = x + wide(&width) <= cells;
            if !fits && !slots.is_empty() {
                break;
            }
            let (wanted, differences) = width;
            slots.push(Slot {
                column,
                x: x + gap,
                cells: wanted.min(cells.saturating_sub(x + gap)),
                differences,
                aligned: look.aligned,
            });
            x += wide(&width);
        }
        let end = slots.last().map_or(first, |slot| slot.column + 1);
        self.spread(&mut slots, cells.saturating_sub(x), gap);
        (slots, end)
    }

    /// Gives columns cells that are left, as many as they could use.
    fn spread(&self, slots: &mut [Slot], mut left: usize, gap: usize) {
        let wants = |slot: &Slot| {
            self.wide(slot.column, LOOKS[0])
                .0
                .saturating_sub(slot.cells)
        };
        let mut wants: Vec<usize> = slots.iter().map(wants).collect();
        while left > 0 && wants.iter().any(|wanted| *wanted > 0) {
            for (slot, wanted) in slots.iter_mut().zip(&mut wants) {
                if *wanted > 0 && left > 0 {
                    (slot.cells, *wanted, left) = (slot.cells + 1, *wanted - 1, left - 1);
                }
            }
        }
        for at in 1..slots.len() {
            let before = slots[at - 1];
            slots[at].x = before.x + before.cells + before.differences + gap;
        }
    }

    /// The cells of a column's values, and of the differences behind them.
    fn wide(&self, column: usize, look: Look) -> (usize, usize) {
        let parts = self.table.parts.iter();
        let parts = || parts.clone().filter_map(|part| part.measures.get(column));
        let most_of = |get: fn(&Measure) -> usize| parts().map(get).max().unwrap_or(0);
        let numbers = if look.aligned {
            most_of(|measure| measure.numbers.width())
        } else {
            most_of(|measure| measure.longest)
        };
        let head = self.table.heads.get(column).map_or(0, head_cells);
        let texts = most_of(|measure| measure.texts).max(head).min(look.texts);
        let behind = match most_of(|measure| measure.differences) {
            some if some > 0 && look.differences => 1 + some,
            _ => 0,
        };
        let cells = numbers.min(LONGEST_NUMBER).max(texts).max(LEAST);
        (cells, behind)
    }

    /// The names over the columns, as much of them as there is room for.
    fn names(&self, slots: &[Slot]) -> Vec<Safe> {
        let wanted = |slot: &Slot| {
            let head = self.table.heads.get(slot.column)?;
            let signs = head_cells(head) - head.name.width();
            let cells = slot.cells + slot.differences;
            Some((&head.name, cells.saturating_sub(signs)))
        };
        let wanted: Vec<(&Safe, usize)> = slots.iter().filter_map(wanted).collect();
        apart::cut(&wanted)
    }

    /// The run in whose column the cursor is, where its name is not whole.
    pub(super) fn cut_head(&self, cells: usize) -> Option<&Head> {
        let slots = self.slots(cells);
        let names = self.names(&slots);
        let head = self.table.heads.get(self.column)?;
        let mut both = slots.iter().zip(names);
        let (_, name) = both.find(|(slot, _)| slot.column == self.column)?;
        (name != head.name).then_some(head)
    }

    /// The names of the runs, over their columns.
    pub(super) fn draw_heads(
        &self,
        theme: &Theme,
        shown: Option<RunId>,
        focused: bool,
        at: Rect,
        buf: &mut Buffer,
    ) {
        let (slots, _) = self.from(usize::from(at.width), self.first);
        let room = |slot: &Slot| slot.cells + slot.differences;
        let names = self.names(&slots);
        for (slot, name) in slots.iter().zip(names) {
            let head = &self.table.heads[slot.column];
            let spans = head_spans(theme, head, name, shown);
            let taken = width(&spans);
            let x = slot.x + slot.cells.saturating_sub(taken);
            put_spans(buf, at.x + x as u16, at.y, (room(slot)) as u16, &spans);
            if focused && slot.column == self.column {
                let place = Rect::new(at.x + slot.x as u16, at.y, room(slot) as u16, 1);
                restyle(buf, place.intersection(at), theme.style(Role::Cursor));
            }
        }
    }

    /// A row: its label, and its value of every run.
    pub(super) fn draw_row(
        &self,
        theme: &Theme,
        line: &Line,
        slots: &[Slot],
        sign: bool,
        at: Rect,
        buf: &mut Buffer,
    ) {
        let Some((part, row)) = line.row.and_then(|row| self.table.row(row)) else {
            return;
        };
        let labels = self
            .label_cells(usize::from(at.width))
            .min(usize::from(at.width));
        let label = Rect {
            width: labels as u16,
            ..at
        };
        line.draw(theme, false, label, buf);
        if sign && row.differs {
            put(
                buf,
                at.x,
                at.y,
                1,
                &Safe::fixed("≠"),
                theme.style(Role::Accent),
            );
        }
        let places: Vec<Place> = slots.iter().map(|slot| slot.place()).collect();
        let texts = apart_texts(row, &places);
        for (slot, apart) in slots.iter().zip(&texts) {
            let Some(measure) = part.measures.get(slot.column) else {
                continue;
            };
            let x = at.x + slot.x as u16;
            let (text, style) = shown(theme, row, measure, slot.place(), apart.as_ref());
            put(buf, x, at.y, slot.cells as u16, &text, style);
            let cell = row.cells[slot.column].as_ref();
            let difference = cell.and_then(|cell| cell.difference.as_ref());
            if let Some((text, role)) = difference.filter(|_| slot.differences > 0) {
                let text = text.pad_start(slot.differences);
                let cells = slot.differences as u16;
                put(
                    buf,
                    x + slot.cells as u16,
                    at.y,
                    cells,
                    &text,
                    theme.style(*role),
                );
            }
        }
    }

    /// The column at a place on the screen.
    fn column_at(&self, x: u16, cells: usize) -> Option<usize> {
        let x = usize::from(x);
        let (slots, _) = self.from(cells, self.first);
        let hit = |slot: &&Slot| (slot.x..slot.x + slot.cells + slot.differences).contains(&x);
        slots.iter().find(hit).map(|slot| slot.column)
    }

    /// A line with the values of all runs, to be pasted elsewhere.
    pub(super) fn text(&self, line: &Line) -> Safe {
        let Some((part, row)) = line.row.and_then(|row| self.table.row(row)) else {
            return line.text();
        };
        let mut text = line.text().pad_end(self.labels);
        for (cell, measure) in row.cells.iter().zip(&part.measures) {
            let texts = measure.texts.min(LOOKS[0].texts);
            let cells = measure.numbers.width().max(texts).max(LEAST);
            let cell = cell.as_ref().map(Cell::whole);
            let cell = cell.cloned().unwrap_or(Safe::fixed("–"));
            text = text.then(&Safe::fixed("  ")).then(&cell.pad_start(cells));
        }
        text
    }
}

/// Blank cells before a column.
const fn gap(cells: usize) -> usize {
    if cells < NARROW { 1 } else { 2 }
}
