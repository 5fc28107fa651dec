//! Series that are copies of others.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::metric::{Direction, Role, meaningful};
use super::Series;
use crate::record::Layout;
use crate::store::{Extreme, Stats};

/// Finds the keys that were copied from the root scalars into other rows: the same key is in the
/// root. A key whose name tells that it measures something is a copy only if its values are too.
pub(super) fn mark_copies(all: &mut [Series<'_>], layout: Layout) {
    let is_root = |s: &Series<'_>| {
        meaningful(layout, &s.stream.name).is_empty()
            && !s.column.key.contains(['.', '/'])
            && s.metric.is_measure()
    };
    let root: BTreeMap<String, Stats> = all
        .iter()
        .filter(|s| is_root(s))
        .map(|s| (s.column.key.clone(), s.column.live()))
        .collect();
    for series in all
        .iter_mut()
        .filter(|s| s.metric.is_measure() && !is_root(s))
    {
        let last = series
            .column
            .key
            .rsplit(['.', '/'])
            .next()
            .unwrap_or_default();
        let Some(original) = root.get(last) else {
            continue;
        };
        let known = series.metric.direction() != Direction::Unknown;
        if !known || same_values(original, &series.column.live()) {
            Rc::make_mut(&mut series.metric).role = Role::Copy;
        }
    }
}

fn same_values(a: &Stats, b: &Stats) -> bool {
    let bits = |s: &Stats| {
        let value = |e: Option<Extreme>| e.map(|e| e.value.to_bits());
        (
            s.count,
            s.first.map(f64::to_bits),
            s.last.map(f64::to_bits),
            value(s.min),
            value(s.max),
        )
    };
    // One value alone can be equal by chance.
    a.count > 1 && bits(a) == bits(b)
}
