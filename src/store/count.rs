//! How many values of a column are such and such.

use std::ops::Range;

use super::cache::Chunk;
use super::stream::Stream;
use crate::record::ColumnId;

/// How many values were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub count: u64,
    /// There may be more, in rows that are not in memory.
    pub at_least: bool,
}

impl Count {
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            at_least: self.at_least || other.at_least,
        }
    }
}

impl Stream {
    /// How many finite values of a column in these rows are such; nothing where not all of them are
    /// in memory. Takes as many steps as there are rows.
    pub fn count(
        &self,
        id: ColumnId,
        rows: &Range<u64>,
        is_such: impl Fn(f64) -> bool,
    ) -> Option<u64> {
        if !self.has_exact(id, rows) {
            return None;
        }
        let chunks = self.chunks(rows.clone());
        let parts = chunks.filter_map(|chunk: &Chunk| Some(chunk.part(id)?.within(rows)));
        let such = |value: &&f64| value.is_finite() && is_such(**value);
        Some(
            parts
                .map(|part| part.values.iter().filter(such).count() as u64)
                .sum(),
        )
    }

    /// How many values of a column in these rows are 0 or less, in a few steps.
    pub fn not_positive(&self, id: ColumnId, rows: &Range<u64>) -> Count {
        let Some(column) = self.column_at(id) else {
            return Count::default();
        };
        let (count, ends) = column.pyramid().not_positive(rows);
        let within = Count {
            count,
            at_least: false,
        };
        ends.iter().fold(within, |found, rows| {
            found.and(self.not_positive_at_end(id, rows))
        })
    }

    /// Of rows that are a part of a block.
    fn not_positive_at_end(&self, id: ColumnId, rows: &Range<u64>) -> Count {
        if rows.is_empty() {
            return Count::default();
        }
        if let Some(count) = self.count(id, rows, |value| value <= 0.0) {
            return Count {
                count,
                at_least: false,
            };
        }
        let blocks = self
            .column_at(id)
            .map(|column| column.pyramid().window(rows.clone(), 2));
        let mut blocks = blocks.iter().flatten();
        Count {
            count: 0,
            at_least: blocks.any(|block| block.min <= 0.0),
        }
    }
}
