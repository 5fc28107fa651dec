//! Minimum, maximum and mean of blocks of values, of blocks of blocks and so on: any window of a column
//! at any width in a few steps, without the values.

use std::ops::Range;

use super::blocks::Blocks;
use super::extent::{Bucket, Extent, Span};
use super::tally::Summary;

/// Values that one block of the lowest level stands for.
pub(super) const BLOCK: u64 = 128;
/// Blocks that one block of the next level stands for.
const FAN: usize = 16;

/// Minima, maxima and means of a column at every scale.
#[derive(Debug, Default)]
pub struct Pyramid {
    values: u64,
    first_row: u64,
    last_row: u64,
    blocks: Blocks<Span>,
    /// The row of the first value of each block, from the moment that a row has no value.
    starts: Option<Box<Blocks<u64>>>,
    /// The values that are not finite, so that it is known how many finite ones a mean stands for.
    lacking: Option<Box<Counted>>,
    /// The finite values that have no place on a logarithmic axis.
    not_positive: Option<Box<Counted>>,
    /// Whole groups of `FAN` of the level below. The last, partial group has no block yet.
    upper: Vec<Blocks<Span>>,
}

/// Values of a kind that most columns lack: kept from the moment that there is one.
#[derive(Debug, Default)]
struct Counted {
    /// One for each block that has some.
    steps: Blocks<Step>,
}

/// How many there are up to the end of a block.
#[derive(Clone, Copy, Debug)]
struct Step {
    block: usize,
    total: u64,
}

impl Pyramid {
    /// At most `buckets` pieces of the window, in order; whole blocks of 128 values, so the outer
    /// ones may reach beyond it. Pieces without a finite value are left out.
    pub fn window(&self, rows: Range<u64>, buckets: usize) -> Vec<Bucket> {
        let rows = rows.start.max(self.first_row)..rows.end.min(self.end_row());
        if rows.is_empty() || buckets == 0 || self.values == 0 {
            return Vec::new();
        }
        let end = self.blocks_before(rows.end);
        // The block that holds the first row, or the gap in front of it.
        let mut block = self.blocks_before(rows.start + 1).saturating_sub(1);
        let count = (buckets as u64)
            .min(rows.end - rows.start)
            .min((end - block) as u64)
            .max(1);
        let mut found = Vec::with_capacity(count as usize);
        for index in 1..=count {
            let until = rows.start + share(rows.end - rows.start, index, count);
            let next = if index == count {
                end
            } else {
                self.blocks_before(until).min(end)
            };
            if next <= block {
                continue;
            }
            let rows = self.start_row(block)..self.start_row(next);
            found.extend(self.extent(block..next).bucket(rows));
            block = next;
        }
        found
    }

    /// How many values are 0 or less in those blocks that lie within some rows; and the rows at both
    /// ends that are but a part of a block.
    pub(super) fn not_positive(&self, rows: &Range<u64>) -> (u64, [Range<u64>; 2]) {
        let rows = rows.start.max(self.first_row)..rows.end.min(self.end_row());
        if rows.is_empty() {
            return (0, [0..0, 0..0]);
        }
        let from = self.blocks_before(rows.start);
        let to = if rows.end == self.end_row() {
            self.blocks.len()
        } else {
            self.blocks_before(rows.end + 1).saturating_sub(1)
        };
        if from >= to {
            return (0, [rows, 0..0]);
        }
        let counted = self.not_positive.as_ref();
        let count = counted.map_or(0, |counted| counted.within(from..to));
        let ends = [
            rows.start..self.start_row(from).max(rows.start),
            self.start_row(to).min(rows.end)..rows.end,
        ];
        (count, ends)
    }

    /// The row of the first value.
    pub fn first_row(&self) -> Option<u64> {
        (self.values > 0).then_some(self.first_row)
    }

    /// The row of the last value.
    pub fn last_row(&self) -> Option<u64> {
        (self.values > 0).then_some(self.last_row)
    }

    /// Whether every row between the first and the last has a value.
    pub fn is_dense(&self) -> bool {
        self.starts.is_none()
    }

    pub(super) fn values(&self) -> u64 {
        self.values
    }

    /// How many values fit into the block that is being filled.
    pub(super) fn room(&self) -> usize {
        (BLOCK - self.values % BLOCK) as usize
    }

    /// Adds `count` values, at most `room()`, that lie in `first..=last`.
    pub(super) fn push(&mut self, count: usize, seen: &Summary, first: u64, last: u64) {
        if count == 0 {
            return;
        }
        if self.values == 0 {
            self.first_row = first;
        }
        let gapless = first == self.first_row + self.values && last - first + 1 == count as u64;
        if !gapless && self.starts.is_none() {
            let mut rows = Blocks::default();
            (0..self.blocks.len()).for_each(|block| rows.push(self.start_row(block)));
            self.starts = Some(Box::new(rows));
        }
        let begins = self.values.is_multiple_of(BLOCK);
        let open = self.blocks.len().saturating_sub(1)..self.blocks.len();
        let held = (!begins).then(|| self.extent(open));
        let kinds = [
            (&mut self.lacking, count as u64 - seen.finite),
            (&mut self.not_positive, seen.not_positive),
        ];
        for (counted, more) in kinds {
            if more > 0 {
                let block = self.blocks.len() - usize::from(!begins);
                counted.get_or_insert_default().add(more, block);
            }
        }
        let seen = Extent::of(seen);
        if begins {
            self.close_groups();
            self.blocks.push(seen.span);
            if let Some(starts) = &mut self.starts {
                starts.push(first);
            }
        } else if let Some((block, held)) = self.blocks.last_mut().zip(held) {
            *block = held.and(seen).span;
        }
        self.values += count as u64;
        self.last_row = last;
    }

    /// Forgets all but the first blocks, which are whole.
    pub(super) fn truncate(&mut self, blocks: usize) {
        if blocks >= self.blocks.len() {
            return;
        }
        self.last_row = self.start_row(blocks).saturating_sub(1);
        self.values = blocks as u64 * BLOCK;
        self.blocks.truncate(blocks);
        if let Some(starts) = &mut self.starts {
            starts.truncate(blocks);
        }
        let kinds = [&mut self.lacking, &mut self.not_positive];
        for counted in kinds.into_iter().flatten() {
            counted.truncate(blocks);
        }
        // A group is closed when the first block behind it begins.
        let mut groups = blocks.saturating_sub(1) / FAN;
        for level in &mut self.upper {
            level.truncate(groups);
            groups /= FAN;
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let starts = self
            .starts
            .as_ref()
            .map_or(0, |starts| size_of::<Blocks<u64>>() + starts.heap_bytes());
        let kinds = [&self.lacking, &self.not_positive];
        let counted: usize = kinds
            .into_iter()
            .flatten()
            .map(|counted| size_of::<Counted>() + counted.steps.heap_bytes())
            .sum();
        let upper: usize = self.upper.iter().map(Blocks::heap_bytes).sum();
        let levels = self.upper.capacity() * size_of::<Blocks<Span>>();
        self.blocks.heap_bytes() + starts + counted + upper + levels
    }

    /// Called when the last block is full: groups that became whole get their block above.
    fn close_groups(&mut self) {
        for level in 0.. {
            let len = self.level(level).len();
            if len == 0 || !len.is_multiple_of(FAN) {
                return;
            }
            let group = self.join(Extent::NONE, level, len - FAN..len);
            if level == self.upper.len() {
                self.upper.push(Blocks::default());
            }
            self.upper[level].push(group.span);
        }
    }

    /// How many blocks start before `row`.
    pub(super) fn blocks_before(&self, row: u64) -> usize {
        if let Some(starts) = &self.starts {
            return starts.partition_point(|start| *start < row);
        }
        let blocks = row.saturating_sub(self.first_row).div_ceil(BLOCK);
        blocks.min(self.blocks.len() as u64) as usize
    }

    /// The row of the first value of the block in which `row` is, or of the last one before it; no
    /// later than `row`.
    pub(super) fn start_before(&self, row: u64) -> u64 {
        let block = self.blocks_before(row.saturating_add(1)).saturating_sub(1);
        self.start_row(block).min(row)
    }

    /// The row of the first value of a block; behind the last block the end of all rows.
    pub(super) fn start_row(&self, block: usize) -> u64 {
        if block >= self.blocks.len() {
            return self.end_row();
        }
        let start = self.starts.as_ref().and_then(|starts| starts.get(block));
        start.unwrap_or(self.first_row + block as u64 * BLOCK)
    }

    fn end_row(&self) -> u64 {
        if self.values == 0 {
            0
        } else {
            self.last_row + 1
        }
    }

    /// The blocks of a level; the lowest is level 0.
    fn level(&self, level: usize) -> &Blocks<Span> {
        match level.checked_sub(1) {
            None => &self.blocks,
            Some(above) => &self.upper[above],
        }
    }

    /// The extent of some blocks: climbs to wider blocks where whole groups lie between the ends.
    fn extent(&self, blocks: Range<usize>) -> Extent {
        let (mut low, mut high) = (blocks.start, blocks.end);
        let mut extent = Extent::NONE;
        for (level, above) in self.upper.iter().map(Blocks::len).chain([0]).enumerate() {
            let (from, to) = (low.div_ceil(FAN), (high / FAN).min(above));
            if from >= to {
                return self.join(extent, level, low..high);
            }
            extent = self.join(extent, level, low..from * FAN);
            extent = self.join(extent, level, to * FAN..high);
            (low, high) = (from, to);
        }
        extent
    }

    /// Adds some blocks of a level.
    fn join(&self, extent: Extent, level: usize, blocks: Range<usize>) -> Extent {
        let size = FAN.pow(level as u32);
        let spans = self.level(level).range(blocks.clone());
        blocks.zip(spans).fold(extent, |extent, (block, span)| {
            let finite = self.finite(block * size..(block + 1) * size);
            extent.and(Extent { finite, span })
        })
    }

    /// How many finite values are in some blocks.
    fn finite(&self, blocks: Range<usize>) -> u64 {
        let values = |block: usize| (block as u64 * BLOCK).min(self.values);
        let count = values(blocks.end) - values(blocks.start);
        let lacking = self.lacking.as_ref();
        count - lacking.map_or(0, |lacking| lacking.within(blocks))
    }
}

impl Counted {
    fn add(&mut self, more: u64, block: usize) {
        match self.steps.last_mut() {
            Some(last) if last.block == block => last.total += more,
            last => {
                let total = last.map_or(0, |last| last.total) + more;
                self.steps.push(Step { block, total });
            }
        }
    }

    /// How many there are in front of a block.
    fn before(&self, block: usize) -> u64 {
        let steps = self.steps_before(block);
        let last = steps.checked_sub(1).and_then(|last| self.steps.get(last));
        last.map_or(0, |last| last.total)
    }

    fn within(&self, blocks: Range<usize>) -> u64 {
        self.before(blocks.end) - self.before(blocks.start)
    }

    fn truncate(&mut self, blocks: usize) {
        self.steps.truncate(self.steps_before(blocks));
    }

    fn steps_before(&self, block: usize) -> usize {
        self.steps.partition_point(|step| step.block < block)
    }
}

/// `total * part / whole` without overflow.
pub(super) fn share(total: u64, part: u64, whole: u64) -> u64 {
    (u128::from(total) * u128::from(part) / u128::from(whole.max(1))) as u64
}

#[cfg(test)]
mod tests;
