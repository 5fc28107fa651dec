//! A window of a column read off its exact values.

use std::ops::Range;

use super::extent::{Bucket, Extent};
use super::part::Part;
use super::pyramid::share;
use super::tally::Summary;

/// At most `buckets` pieces of `rows`, from all values in them, in order; pieces without a finite
/// value are left out.
pub(super) fn exact_window<'a>(
    parts: impl Iterator<Item = Part<'a>>,
    rows: &Range<u64>,
    buckets: usize,
) -> Vec<Bucket> {
    let length = rows.end.saturating_sub(rows.start);
    let count = (buckets as u64).min(length);
    let mut found: Vec<Bucket> = Vec::with_capacity(count as usize);
    let (mut bucket, mut until) = (0, rows.start);
    // The piece that is being filled: its rows so far, and what is in them.
    let (mut filled, mut seen) = (0, Extent::NONE);
    let mut held = rows.start..rows.start;
    for part in parts.take_while(|_| count > 0) {
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
            let (extent, end) = (
                Extent::of(&Summary::of(piece.values)),
                piece.row(piece.len() - 1) + 1,
            );
            if extent.finite == 0 {
                continue;
            }
            if filled == bucket {
                (seen, held.end) = (seen.and(extent), end);
            } else {
                found.extend(seen.bucket(held));
                (filled, seen, held) = (bucket, extent, start..end);
            }
        }
    }
    found.extend(seen.bucket(held));
    found
}
