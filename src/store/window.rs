//! A window of a column read off its exact values.

use std::ops::Range;

use super::cache::Cache;
use super::pyramid::{Bucket, share};
use super::tally::Summary;
use crate::record::ColumnId;

/// At most `buckets` pieces of `rows`, all of which are resident; pieces without a finite value are
/// left out.
pub(super) fn exact_window(
    cache: &Cache,
    id: ColumnId,
    rows: &Range<u64>,
    buckets: usize,
) -> Vec<Bucket> {
    let length = rows.end.saturating_sub(rows.start);
    let count = (buckets as u64).min(length);
    let mut found: Vec<Bucket> = Vec::with_capacity(count as usize);
    if count == 0 {
        return found;
    }
    let (mut bucket, mut until, mut filled) = (0, rows.start, 0);
    for part in cache
        .overlapping(rows.clone())
        .filter_map(|chunk| chunk.part(id))
    {
        let mut rest = part.within(rows);
        while rest.len() > 0 {
            let start = rest.row(0);
            while until <= start && bucket < count {
                bucket += 1;
                until = rows.start + share(length, bucket, count);
            }
            // A bucket that ends before its first row would never get on.
            let piece = rest.within(&(start..until.max(start + 1)));
            rest = rest.cut(piece.len()..rest.len());
            let (summary, end) = (Summary::of(piece.values), piece.row(piece.len() - 1) + 1);
            if summary.finite == 0 {
                continue;
            }
            match found.last_mut().filter(|_| filled == bucket) {
                Some(held) => {
                    held.rows.end = end;
                    held.min = held.min.min(summary.min);
                    held.max = held.max.max(summary.max);
                    held.mean = f64::midpoint(held.min, held.max);
                }
                None => {
                    found.push(Bucket {
                        rows: start..end,
                        min: summary.min,
                        max: summary.max,
                        mean: f64::midpoint(summary.min, summary.max),
                    });
                }
            }
            filled = bucket;
        }
    }
    found
}
