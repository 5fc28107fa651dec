//! Words in a plot: only where nothing is drawn, and names in the order of the lines they belong to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::{Layer, Plot};
use crate::widgets::Safe;
use crate::widgets::axis::row_of;
use crate::widgets::paint::put;

/// What of a plot is free for words.
#[derive(Debug)]
pub(super) struct Spots<'a> {
    canvas: &'a Canvas,
    pub(super) area: Rect,
    taken: Vec<Rect>,
}

/// Where a line ends.
#[derive(Clone, Copy, Debug)]
struct End<'a> {
    name: &'a Safe,
    style: Style,
    /// How high, for the order.
    share: f64,
    row: u16,
    /// Where its name would begin.
    column: u16,
}

/// Places for the names of the first lines, of which this is the last one's.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// The first row below the last name.
    free: u16,
    cost: u32,
    spot: Option<(u16, u16)>,
    /// The number of the way that leads here.
    before: usize,
}

/// Lines tried above and below the end of a line to find room for its name: farther away it would be
/// taken for that of another line.
const AROUND: u16 = 2;
/// And steps to the right of it.
const BEHIND: u16 = 6;
/// What a name that is left out costs, in rows.
const LEFT_OUT: u32 = 200;
/// More names than these are a table, not labels.
const NAMES_MOST: usize = 16;
/// Names move in steps of so many cells, not with every point.
const STEP: u16 = 4;

impl<'a> Spots<'a> {
    pub(super) fn new(canvas: &'a Canvas, area: Rect) -> Self {
        Self {
            canvas,
            area,
            taken: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, spot: Rect) {
        self.taken.push(spot);
    }

    /// Whether a cell has no line and no word in it.
    pub(super) fn gives_way(&self, x: u16, y: u16) -> bool {
        self.canvas.has_no_line(x, y) && !self.is_taken(Rect::new(x, y, 1, 1))
    }

    /// Whether not even a dot of a band is in a cell.
    pub(super) fn is_empty(&self, x: u16, y: u16) -> bool {
        self.canvas.is_empty(x, y, 1)
    }

    /// Whether words have room at a place: words that touch a line are hard to tell from it.
    pub(super) fn is_free(&self, (x, y): (u16, u16), width: u16) -> bool {
        let fits = width > 0 && x.saturating_add(width) <= self.area.width && y < self.area.height;
        let from = x.saturating_sub(1);
        let until = (x.saturating_add(width) + 1).min(self.area.width);
        let spot = Rect::new(from, y, until.saturating_sub(from), 1);
        fits && self.canvas.is_empty(from, y, spot.width) && !self.is_taken(spot)
    }

    pub(super) fn write(&mut self, words: &Safe, style: Style, at: (u16, u16), buf: &mut Buffer) {
        let width = words.width() as u16;
        put(
            buf,
            self.area.x + at.0,
            self.area.y + at.1,
            width,
            words,
            style,
        );
        self.take(Rect::new(at.0, at.1, width, 1));
    }

    fn is_taken(&self, spot: Rect) -> bool {
        self.taken.iter().any(|held| held.intersects(spot))
    }

    /// Where a name could stand and what that costs: one place in each of the rows around.
    fn near(&self, end: &End<'_>) -> Vec<((u16, u16), u32)> {
        let width = end.name.width() as u16;
        let rows = end.row.saturating_sub(AROUND)..=end.row.saturating_add(AROUND);
        let place = |row: u16| {
            let aside = (0..=BEHIND).find(|aside| {
                let column = end.column.saturating_add(aside * STEP);
                self.is_free((column, row), width)
            })?;
            let away = u32::from(row.abs_diff(end.row));
            let cost = away * away + u32::from(aside * aside);
            Some(((end.column + aside * STEP, row), cost))
        };
        rows.filter_map(place).collect()
    }
}

impl Plot {
    /// Writes the names of lines behind their ends: one below the other as the ends are.
    pub(super) fn names(&self, spots: &mut Spots<'_>, buf: &mut Buffer) {
        let ends = self.layers.iter().filter_map(|l| self.end(l, spots.area));
        let mut ends: Vec<End<'_>> = ends.take(NAMES_MOST).collect();
        ends.sort_by(|a, b| b.share.total_cmp(&a.share));
        for (end, spot) in ends.iter().zip(places(&ends, spots)) {
            if let Some(spot) = spot {
                spots.write(end.name, end.style, spot, buf);
            }
        }
    }

    fn end<'a>(&self, layer: &'a Layer, area: Rect) -> Option<End<'a>> {
        let (name, last) = (layer.name.as_ref()?, layer.spans.last()?);
        let share = |value| self.scale.share(value, self.bounds);
        let (high, low) = (share(last.high), share(last.low));
        let share = high.zip(low).map(|(a, b)| f64::midpoint(a, b));
        let share = share.or(high)?.clamp(0.0, 1.0);
        let behind = (self.cell(last.column) + 2).next_multiple_of(STEP);
        Some(End {
            name,
            style: layer.style,
            share,
            row: row_of(share, u32::from(area.height)).max(0) as u16,
            column: behind.min(area.width.saturating_sub(name.width() as u16)),
        })
    }
}

/// A row for each name, from the top, as near to the ends of the lines as can be.
fn places(ends: &[End<'_>], spots: &Spots<'_>) -> Vec<Option<(u16, u16)>> {
    let mut ways = vec![Way::default()];
    let mut newest = 0..1;
    for end in ends {
        let near = spots.near(end);
        let mut next: Vec<Way> = Vec::new();
        for (before, way) in ways.iter().enumerate().skip(newest.start) {
            let free = near.iter().filter(|((_, row), _)| *row >= way.free);
            next.extend(free.map(|(spot, cost)| way.and(Some(*spot), *cost, before)));
            next.push(way.and(None, LEFT_OUT, before));
        }
        next.sort_by_key(|way| (way.free, way.cost));
        // A way that leaves less room must be cheaper.
        let mut cheapest = u32::MAX;
        next.retain(|way| {
            let is_cheaper = way.cost < cheapest;
            cheapest = cheapest.min(way.cost);
            is_cheaper
        });
        newest = ways.len()..ways.len() + next.len();
        ways.extend(next);
    }
    let best = newest.min_by_key(|at| ways[*at].cost);
    let mut spots = Vec::with_capacity(ends.len());
    let mut at = best.unwrap_or(0);
    for _ in ends {
        spots.push(ways[at].spot);
        at = ways[at].before;
    }
    spots.reverse();
    spots
}

impl Way {
    fn and(&self, spot: Option<(u16, u16)>, cost: u32, before: usize) -> Self {
        Self {
            free: spot.map_or(self.free, |(_, row)| row + 1),
            cost: self.cost + cost,
            spot,
            before,
        }
    }
}
