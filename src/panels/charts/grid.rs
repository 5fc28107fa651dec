//! Where charts are: how many fit, which of them are on a page, and who is whose neighbour.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::commands::Motion;

/// Charts on pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    area: Rect,
    count: usize,
    first: Shape,
    later: Shape,
}

/// How a page is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// The first chart takes the upper half.
    large: bool,
    columns: u16,
    rows: u16,
}

/// How many charts there should be: from one to as many as fit, or rows and columns of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Density {
    level: i8,
    sides: Option<(u16, u16)>,
}

/// Blank columns between charts.
const BETWEEN: u16 = 2;
/// Fewer lines than this hold no second row of charts.
const TALL: u16 = 20;
/// The large chart has a title, an axis, and at least ten lines for its values.
const LARGE_LEAST: u16 = 13;
/// Smaller charts than this show nothing.
const LEAST: (u16, u16) = (12, 4);

const ONE: Shape = Shape {
    large: false,
    columns: 1,
    rows: 1,
};

impl Density {
    const FEWEST: i8 = -2;
    const MOST: i8 = 2;

    /// One chart, as large as can be.
    pub(super) const ONE: Self = Self::level(Self::FEWEST);

    const fn level(level: i8) -> Self {
        Self { level, sides: None }
    }

    /// So many rows and columns.
    pub(super) const fn of(sides: (u16, u16)) -> Self {
        Self {
            level: 0,
            sides: Some(sides),
        }
    }

    pub(super) fn more(&mut self) {
        *self = Self::level((self.level + 1).min(Self::MOST));
    }

    pub(super) fn fewer(&mut self) {
        *self = Self::level((self.level - 1).max(Self::FEWEST));
    }

    /// The width and height that a small chart should have, and how many stand side by side at most.
    const fn wanted(self) -> (u16, u16, u16) {
        match self.level {
            i8::MIN..=-1 => (44, 14, 2),
            0 => (27, 10, 4),
            1 => (24, 8, 6),
            2..=i8::MAX => (24, 6, 12),
        }
    }

    /// The width that a chart should have where only one row fits.
    const fn wanted_flat(self) -> u16 {
        match self.level {
            i8::MIN..=-1 => 80,
            0 => 48,
            1 => 36,
            2..=i8::MAX => 24,
        }
    }
}

impl Shape {
    fn capacity(self) -> usize {
        usize::from(self.large) + usize::from(self.columns) * usize::from(self.rows)
    }
}

impl Grid {
    pub(super) fn new(area: Rect, count: usize, density: Density) -> Self {
        let (width, height) = (area.width, area.height);
        let (wide, tall, most) = density.wanted();
        let fitting = |wide: u16| ((width + BETWEEN) / (wide + BETWEEN)).clamp(1, most);
        let (first, later) = if let Some((rows, columns)) = density.sides {
            let shape = Shape {
                large: false,
                columns: columns.clamp(1, (width / LEAST.0).max(1)),
                rows: rows.clamp(1, (height / LEAST.1).max(1)),
            };
            (shape, shape)
        } else if density.level == Density::FEWEST {
            (ONE, ONE)
        } else if height < TALL {
            let columns = fitting(density.wanted_flat());
            let row = Shape { columns, ..ONE };
            (row, row)
        } else {
            let columns = fitting(wide);
            let later = Shape {
                large: false,
                columns,
                rows: (height / tall).max(1),
            };
            let first = Shape {
                large: true,
                rows: (height / 2 / tall).max(1),
                ..later
            };
            (
                if density.level < Density::MOST {
                    first
                } else {
                    later
                },
                later,
            )
        };
        Self {
            area,
            count,
            first,
            later,
        }
    }

    /// Rows and columns of a page.
    pub(super) const fn sides(&self) -> (u16, u16) {
        (self.later.rows, self.later.columns)
    }

    /// The charts on the page that has a chart.
    pub(super) fn page(&self, chart: usize) -> Range<usize> {
        let first = self.first.capacity().max(1);
        if chart < first {
            return 0..first.min(self.count);
        }
        let size = self.later.capacity().max(1);
        let start = first + (chart - first) / size * size;
        start.min(self.count)..(start + size).min(self.count)
    }

    /// Where each chart of a page is.
    pub(super) fn slots(&self, page: &Range<usize>) -> Vec<Rect> {
        let shape = if page.start == 0 {
            self.first
        } else {
            self.later
        };
        let count = page.len();
        if count == 0 {
            return Vec::new();
        }
        if count == 1 {
            return vec![self.area];
        }
        if !shape.large {
            return divide(self.area, count, shape.columns);
        }
        let top = self.large_height();
        let large = Rect {
            height: top,
            ..self.area
        };
        let below = Rect {
            y: self.area.y + top + 1,
            height: self.area.height.saturating_sub(top + 1),
            ..self.area
        };
        let mut slots = vec![large];
        slots.extend(divide(below, count - 1, shape.columns));
        slots
    }

    /// The line between the large chart and the small ones.
    pub(super) fn rule(&self, page: &Range<usize>) -> Option<Rect> {
        let divided = page.start == 0 && self.first.large && page.len() > 1;
        divided.then(|| Rect {
            y: self.area.y + self.large_height(),
            height: 1,
            ..self.area
        })
    }

    /// The chart that a movement leads to.
    pub(super) fn after(&self, chart: usize, motion: Motion) -> usize {
        let last = self.count.saturating_sub(1);
        let page = self.page(chart);
        let next_page = Some(page.end).filter(|next| *next <= last);
        let page_before = page.start.checked_sub(1);
        match motion {
            Motion::Up | Motion::Left => chart.saturating_sub(1),
            Motion::Down | Motion::Right => (chart + 1).min(last),
            Motion::Top => 0,
            Motion::Bottom => last,
            Motion::PageDown | Motion::HalfDown => next_page.unwrap_or(last),
            Motion::PageUp | Motion::HalfUp => page_before.map_or(0, |at| self.page(at).start),
        }
    }

    fn large_height(&self) -> u16 {
        let height = self.area.height;
        let share = if self.first.rows > 1 {
            height / 2
        } else {
            height * 3 / 5
        };
        share.clamp(LARGE_LEAST.min(height), height)
    }
}

/// Divides an area among so many charts: rows of equal charts that fill it.
fn divide(area: Rect, count: usize, columns: u16) -> Vec<Rect> {
    let columns = usize::from(columns.max(1)).min(count);
    let rows = count.div_ceil(columns);
    let columns = count.div_ceil(rows);
    let mut slots = Vec::with_capacity(count);
    for at in 0..count {
        let (row, column) = (at / columns, at % columns);
        // The charts of a last row that is not full share all of it.
        let here = columns.min(count - row * columns);
        let (x, width) = part(area.width, column, here, BETWEEN);
        let (y, height) = part(area.height, row, rows, 0);
        slots.push(Rect {
            x: area.x + x,
            y: area.y + y,
            width,
            height,
        });
    }
    slots
}

/// One of `count` equal parts with some cells between them.
fn part(length: u16, at: usize, count: usize, between: u16) -> (u16, u16) {
    let whole = usize::from(length) + usize::from(between);
    let (start, end) = (whole * at / count, whole * (at + 1) / count);
    let width = (end - start).saturating_sub(usize::from(between));
    (start as u16, width as u16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shapes(width: u16, height: u16, count: usize, density: i8) -> Vec<(u16, u16, u16, u16)> {
        let grid = Grid::new(
            Rect::new(0, 0, width, height),
            count,
            Density::level(density),
        );
        let slots = grid.slots(&grid.page(0));
        slots
            .iter()
            .map(|s| (s.x, s.y, s.width, s.height))
            .collect()
    }

    #[test]
    fn the_first_chart_is_the_largest() {
        let page = [
            (0, 0, 85, 17),
            (0, 18, 27, 11),
            (29, 18, 27, 11),
            (58, 18, 27, 11),
        ];
        assert_eq!(shapes(85, 29, 9, 0), page);
        assert_eq!(shapes(85, 29, 1, 0), [(0, 0, 85, 29)]);
        assert_eq!(shapes(85, 29, 2, 0), [(0, 0, 85, 17), (0, 18, 85, 11)]);
        assert_eq!(shapes(85, 29, 9, -2), [(0, 0, 85, 29)]);
        assert_eq!(shapes(76, 10, 9, 0), [(0, 0, 76, 10)]);
    }

    #[test]
    fn the_large_chart_has_ten_lines_or_nothing_is_below_it() {
        for height in 0..60 {
            let shapes = shapes(76, height, 9, 0);
            assert!(shapes.len() == 1 || shapes[0].3 >= 13, "{height}");
        }
        assert_eq!(shapes(76, 16, 9, 0).len(), 1);
        assert_eq!(shapes(76, 20, 9, 0)[0], (0, 0, 76, 13));
    }

    #[test]
    fn denser_grids_hold_more() {
        let counts: Vec<usize> = (-2..=2).map(|d| shapes(118, 36, 99, d).len()).collect();
        assert_eq!(counts, [1, 3, 5, 9, 24]);
    }

    #[test]
    fn movements_follow_what_is_seen() {
        let grid = Grid::new(Rect::new(0, 0, 85, 29), 9, Density::default());
        let go = |from, motion| grid.after(from, motion);
        // 0 is above 1, 2 and 3; 4 to 8 are on the next page.
        assert_eq!(
            [
                go(0, Motion::Down),
                go(0, Motion::Up),
                go(3, Motion::Up),
                go(8, Motion::Down)
            ],
            [1, 0, 2, 8]
        );
        assert_eq!([go(1, Motion::PageDown), go(5, Motion::PageUp)], [4, 0]);
        assert_eq!([go(3, Motion::Top), go(3, Motion::Bottom)], [0, 8]);
    }

    #[test]
    fn rows_and_columns_can_be_chosen() {
        let shapes = |width, height, sides| {
            let grid = Grid::new(Rect::new(0, 0, width, height), 9, Density::of(sides));
            let slots = grid.slots(&grid.page(0));
            slots
                .iter()
                .map(|s| (s.width, s.height))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            shapes(85, 30, (2, 2)),
            [(41, 15), (42, 15), (41, 15), (42, 15)]
        );
        assert_eq!(shapes(85, 30, (3, 1)), [(85, 10); 3]);
        // No smaller than what shows something.
        assert_eq!(shapes(30, 9, (12, 12)).len(), 4);
        let mut density = Density::of((3, 3));
        density.more();
        assert_eq!(density, Density::level(1));
    }

    proptest! {
        #[test]
        fn charts_stay_apart_and_inside(
            width in 0..300_u16, height in 0..120_u16, count in 0..40_usize, density in -2..=2_i8,
            sides in proptest::option::of((1..13_u16, 1..13_u16)),
        ) {
            let area = Rect::new(3, 2, width, height);
            let density = sides.map_or(Density::level(density), Density::of);
            let grid = Grid::new(area, count, density);
            let mut seen = 0;
            while seen < count {
                let page = grid.page(seen);
                prop_assert!(page.start == seen && page.end > seen);
                let slots = grid.slots(&page);
                prop_assert_eq!(slots.len(), page.len());
                for (at, slot) in slots.iter().enumerate() {
                    prop_assert!(slot.is_empty() || area.union(*slot) == area);
                    for other in &slots[..at] {
                        prop_assert!(!slot.intersects(*other));
                    }
                }
                seen = page.end;
            }
        }

        #[test]
        fn every_movement_leads_to_a_chart(
            width in 0..300_u16, height in 0..120_u16, count in 1..40_usize, from in 0..40_usize,
        ) {
            let grid = Grid::new(Rect::new(0, 0, width, height), count, Density::default());
            let from = from % count;
            for motion in [Motion::Up, Motion::Down, Motion::Left, Motion::Right, Motion::PageUp, Motion::PageDown] {
                prop_assert!(grid.after(from, motion) < count);
            }
        }
    }
}
