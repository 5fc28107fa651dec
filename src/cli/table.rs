//! Aligned columns of text.

use std::io::{self, Write};

use super::print;
use crate::widgets::Safe;

/// Blanks between columns.
pub(super) const GAP: usize = 2;

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// The widths of columns, grown to what they hold.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    sides: Vec<Side>,
    gaps: Vec<usize>,
    left_out: Vec<bool>,
    widths: Vec<usize>,
}

impl Columns {
    pub(super) fn new(sides: &[Side]) -> Self {
        Self {
            gaps: vec![GAP; sides.len()],
            left_out: vec![false; sides.len()],
            sides: sides.to_vec(),
            widths: vec![0; sides.len()],
        }
    }

    /// Puts a column close to the one before it: the two are read as one.
    pub(super) fn close_up(mut self, column: usize) -> Self {
        if let Some(gap) = self.gaps.get_mut(column) {
            *gap = 1;
        }
        self
    }

    /// Leaves a column out: there is no room for it.
    pub(super) fn leave_out(&mut self, column: usize) {
        self.left_out[column] = true;
        self.widths[column] = 0;
        // What was read together with it stands alone now.
        if let Some(gap) = self.gaps.get_mut(column + 1) {
            *gap = GAP;
        }
    }

    /// Makes every column as wide as this row's cells need.
    pub(super) fn fit(&mut self, row: &[Safe]) {
        for (cells, cell) in self.widths.iter_mut().zip(row) {
            *cells = (*cells).max(cell.width());
        }
    }

    pub(super) fn fit_all<R: AsRef<[Safe]>>(&mut self, rows: &[R]) {
        for row in rows {
            self.fit(row.as_ref());
        }
    }

    pub(super) fn width(&self, column: usize) -> usize {
        self.widths.get(column).copied().unwrap_or(0)
    }

    pub(super) fn set_width(&mut self, column: usize, cells: usize) {
        if let Some(width) = self.widths.get_mut(column) {
            *width = cells;
        }
    }

    /// All columns but one, with the gaps before those that hold anything.
    pub(super) fn width_without(&self, column: usize) -> usize {
        let others = (0..self.widths.len()).filter(|at| *at != column && self.widths[*at] > 0);
        others.map(|at| self.widths[at] + self.gaps[at]).sum()
    }

    /// Writes one row. Columns without any content take no room; nothing is cut.
    pub(super) fn write(&self, out: &mut dyn Write, indent: usize, row: &[Safe]) -> io::Result<()> {
        let mut pieces: Vec<Safe> = Vec::with_capacity(2 * row.len());
        for (at, cell) in row.iter().enumerate() {
            let left_out = self.left_out.get(at).is_some_and(|out| *out);
            if left_out || self.width(at) == 0 && cell.is_empty() {
                continue;
            }
            if !pieces.is_empty() {
                let gap = self.gaps.get(at).copied().unwrap_or(GAP);
                pieces.push(Safe::default().pad_end(gap));
            }
            pieces.push(if self.sides.get(at) == Some(&Side::Right) {
                cell.pad_start(self.width(at))
            } else {
                cell.pad_end(self.width(at))
            });
        }
        print::indented(out, indent, &Safe::join(&pieces, "").trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_empty_ones_vanish() {
        let rows = [["損失", "", "0.5"], ["a", "", "12.25"]].map(|row| row.map(Safe::fixed));
        let mut columns = Columns::new(&[Side::Left, Side::Left, Side::Right]);
        let mut out = Vec::new();
        columns.fit_all(&rows);
        for row in &rows {
            columns.write(&mut out, 1, row).expect("writing to memory");
        }
        assert_eq!(
            String::from_utf8_lossy(&out),
            " 損失    0.5\n a     12.25\n"
        );
        assert_eq!(columns.width_without(0), 7);
    }
}
