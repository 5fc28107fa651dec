//! NaN that only means "not measured in this row".

use crate::insight::metric::Metric;
use crate::insight::series::Series;
use crate::store::{Column, NonFiniteKind};

/// Fewer values than this among NaN are no habit.
const FEW: u64 = 8;
/// NaN that last so many times longer than usual mean something again.
const LONGER: u64 = 4;

/// Whether the writer puts NaN where it measured nothing: more often than values, between all of
/// them, and in rows that hold other metrics. Such NaN are no fault of the training.
pub fn fills_with_nan(series: &Series<'_>) -> bool {
    let column = series.column;
    let (finite, nan) = (column.finite(), column.nan());
    let a_habit = nan > finite && finite >= FEW && column.count() == finite + nan;
    a_habit && is_between(column) && has_company(series)
}

/// Whether NaN and values alternate from the first to the last row.
fn is_between(column: &Column) -> bool {
    let usual = column.nan().div_ceil(column.finite().max(1));
    let listed: Vec<u64> = column
        .non_finite()
        .filter(|bad| bad.kind == NonFiniteKind::NaN)
        .map(|bad| bad.row)
        .collect();
    let (Some(first), Some(last)) = (listed.first(), listed.last()) else {
        return false;
    };
    let (Some(start), Some(end)) = (column.first_row(), column.last_row()) else {
        return false;
    };
    // How long NaN last, one time after the other; those in the middle are not all listed.
    let mut longest = 0;
    let mut length = 1;
    for pair in listed.windows(2) {
        length = if pair[1] == pair[0] + 1 {
            length + 1
        } else {
            1
        };
        longest = longest.max(length);
    }
    let all = end.saturating_sub(start) + 1;
    let in_time = first - start.min(*first) <= all / 4 && *last >= start + all / 2;
    in_time && longest <= LONGER * usual.max(2)
}

/// Whether another metric of the same rows was measured more often.
fn has_company(series: &Series<'_>) -> bool {
    let more = |other: &&Column| {
        !std::ptr::eq(*other, series.column) && other.finite() > series.column.finite()
    };
    let mut others = series.stream.columns().iter().filter(more);
    others.any(|other| Metric::parse("", &other.key).is_measure())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::made::{Made, T};
    use crate::record::Layout;

    /// One that is in the file: another stands for a value that is not there.
    const NAN: f64 = -f64::NAN;

    /// What the rule says of the second of two keys.
    fn fills(keys: &[&str], row: impl Fn(u32) -> [f64; 2]) -> bool {
        let rows: Vec<[f64; 2]> = (0..80).map(row).collect();
        let rows: Vec<(f64, f64, &[f64])> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (at as f64, T, &row[..]))
            .collect();
        let made = Made::new(Layout::Jsonl).stream("", keys, &rows);
        let all = made.all();
        let wanted = all.iter().find(|series| series.column.key == keys[1]);
        fills_with_nan(wanted.expect("the key"))
    }

    #[test]
    fn rare_values_among_nan_are_a_habit() {
        let keys = ["train_loss", "val_loss"];
        let rare = |at: u32| if at % 4 == 0 { 1.0 } else { NAN };
        assert!(fills(&keys, |at| [1.0, rare(at)]));
        assert!(fills(&keys, |at| [1.0, rare(at + 1)]));
        // A diverged training, from the start or the middle on.
        assert!(!fills(&keys, |at| [1.0, if at < 20 { 1.0 } else { NAN }]));
        assert!(!fills(&keys, |at| [
            1.0,
            if at < 40 { rare(at) } else { NAN }
        ]));
        // Now and then is no habit, infinity is none, and nothing else was measured.
        assert!(!fills(&keys, |at| [
            1.0,
            if at % 4 == 0 { NAN } else { 1.0 }
        ]));
        let infinite = |at: u32| if at == 9 { f64::INFINITY } else { rare(at) };
        assert!(!fills(&keys, |at| [1.0, infinite(at)]));
        assert!(!fills(&["step", "loss"], |at| [f64::from(at), rare(at)]));
    }
}
