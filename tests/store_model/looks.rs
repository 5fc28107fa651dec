//! What the store tells those who look closely, beside the plain definition.

use std::ops::Range;

use ml_dash_top::record::ColumnId;
use ml_dash_top::store::{Look, Smoothed, Store, Stream};

use crate::{Model, RUN, STREAM, stream};

/// Columns and weights that are looked at.
const LOOKS: [(u32, f64); 4] = [(0, 0.6), (0, 0.97), (1, 0.9), (2, 0.5)];

/// Looks at some columns, and at some rows of them; which ones changes as rows come.
pub(crate) fn look(store: &mut Store, model: &Model) {
    store.look(&looks(model));
}

fn looks(model: &Model) -> Vec<Look> {
    let rows = model.rows.len() as u64;
    let look = |(at, (column, weight)): (u64, (u32, f64))| Look {
        run: RUN,
        stream: STREAM,
        column: ColumnId(column),
        smoothing: Some(weight),
        rows: range(rows, at),
    };
    (0..).zip(LOOKS).map(look).collect()
}

/// Now none, now the middle, now the end.
fn range(rows: u64, at: u64) -> Option<Range<u64>> {
    match (rows / 64 + at) % 3 {
        0 => None,
        1 => Some(rows / 3..(rows / 3 + 300).min(rows / 2 + 9)),
        _ => Some(rows.saturating_sub(5_000)..rows + 7),
    }
}

/// By the definition: every value that counts, in the order of the rows.
fn plain(values: &[Option<f64>], weight: f64) -> Vec<Option<f64>> {
    let finite = || values.iter().flatten().filter(|value| value.is_finite());
    let constant = finite().zip(finite().skip(1)).all(|(one, two)| one == two);
    let (mut last, mut count) = (0.0, 0);
    let next = |value: &f64| {
        if constant || !value.is_finite() {
            return *value;
        }
        last = last * weight + (1.0 - weight) * value;
        count += 1;
        last / (1.0 - f64::powi(weight, count))
    };
    let mut next = next;
    values
        .iter()
        .map(|value| value.as_ref().map(&mut next))
        .collect()
}

/// Of the numbers in the tests, which are no larger than 5,000.
fn near(one: f64, two: f64) -> bool {
    one.to_bits() == two.to_bits() || (one - two).abs() < 1e-8 || one.is_nan() && two.is_nan()
}

impl Model {
    pub(crate) fn check_looks(&self, store: &Store, answered: bool) {
        let seen = stream(store);
        for (column, weight) in LOOKS {
            self.check_smoothed(seen, ColumnId(column), weight, answered);
        }
        for look in looks(self) {
            if let (Some(rows), Some(weight), true) = (look.rows, look.smoothing, answered) {
                self.check_held(seen, look.column, &rows);
                self.check_near(seen, look.column, weight, &rows);
            }
        }
        assert!(store.heap_bytes() < 64 << 20);
    }

    fn check_smoothed(&self, seen: &Stream, id: ColumnId, weight: f64, answered: bool) {
        let column = &seen.columns()[id.0 as usize];
        let superseded = column.superseded();
        let counts = |row: u64| !superseded.iter().any(|rows| rows.contains(&row));
        let value = |(at, row): (usize, &crate::Row)| {
            let counts = row.step.is_none() || counts(at as u64);
            row.values[id.0 as usize].filter(|_| counts)
        };
        let values: Vec<_> = self.rows.iter().enumerate().map(value).collect();
        let expected = plain(&values, weight);
        let Some(smoothed) = column.smoothed(weight) else {
            panic!("it is looked at");
        };
        let (done, all) = smoothed.progress();
        assert!(done <= all && smoothed.is_complete() == (done == all));
        assert!(smoothed.is_complete() || !answered);
        let known = column.first_row().unwrap_or(0) + done;
        for row in (0..known).filter(|row| *row < 40 || row % 7 == 0 || known - row < 40) {
            let at = smoothed.at(row).or(seen.smoothed_at(id, weight, row));
            let wanted = expected[row as usize];
            match (at, wanted) {
                (Some(at), Some(wanted)) => assert!(near(at, wanted), "{row}: {at} not {wanted}"),
                (None, Some(_)) => assert!(!seen.resident().contains(&row)),
                (at, None) => assert_eq!(at, None, "row {row}"),
            }
        }
        let end = self.rows.len() as u64;
        for (rows, buckets) in [
            (0..end, 50),
            (end / 3..end / 2, 9),
            (end - end / 9..end, 30),
        ] {
            check_window(smoothed, &expected[..known as usize], rows, buckets);
        }
    }

    fn check_held(&self, seen: &Stream, id: ColumnId, rows: &Range<u64>) {
        let rows = rows.start..rows.end.min(self.rows.len() as u64);
        for row in rows.clone() {
            let held = &self.rows[row as usize];
            assert!(seen.is_resident(row));
            assert_eq!(seen.step(row), held.step);
            assert_eq!(seen.time(row), held.time);
            let value = held.values[id.0 as usize].map(f64::to_bits);
            assert_eq!(seen.value(id, row).map(f64::to_bits), value);
        }
        let held = rows.clone().filter_map(|row| {
            let value = self.rows[row as usize].values[id.0 as usize]?;
            Some((row, value.to_bits()))
        });
        let told = seen.values(id, rows.clone());
        assert!(held.eq(told.map(|(row, value)| (row, value.to_bits()))));
        for bucket in seen.window(id, rows, usize::MAX >> 8) {
            assert_eq!(bucket.rows.end - bucket.rows.start, 1, "it is not exact");
        }
    }

    /// Every value that counts is told smoothed in rows that are looked at.
    fn check_near(&self, seen: &Stream, id: ColumnId, weight: f64, rows: &Range<u64>) {
        let column = &seen.columns()[id.0 as usize];
        let superseded = column.superseded();
        for row in rows.start..rows.end.min(self.rows.len() as u64) {
            let held = &self.rows[row as usize];
            let dead = held.step.is_some() && superseded.iter().any(|rows| rows.contains(&row));
            let told = column
                .smoothed(weight)
                .and_then(|smoothed| smoothed.at(row));
            let counts = held.values[id.0 as usize].is_some() && !dead;
            assert_eq!(told.is_some(), counts, "row {row}");
        }
    }
}

fn check_window(
    smoothed: Smoothed<'_>,
    expected: &[Option<f64>],
    rows: Range<u64>,
    buckets: usize,
) {
    let found = smoothed.window(rows.clone(), buckets);
    assert!(found.len() <= buckets);
    let value = |row: u64| (*expected.get(row as usize)?).filter(|value| value.is_finite());
    for bucket in &found {
        let values = || bucket.rows.clone().filter_map(value);
        let low = values().reduce(f64::min).unwrap_or(f64::NAN);
        let high = values().reduce(f64::max).unwrap_or(f64::NAN);
        let mean = values().sum::<f64>() / values().count() as f64;
        assert!(near(bucket.min, low) && near(bucket.max, high) && near(bucket.mean, mean));
    }
    for row in rows.filter(|row| value(*row).is_some()) {
        let told = found.iter().any(|bucket| bucket.rows.contains(&row));
        assert!(told, "row {row} is in no piece");
    }
}

/// With `0.6`, by hand: the averages are 0.4 / 0.4, 1.04 / 0.64 and 1.824 / 0.784.
#[test]
fn it_is_what_was_worked_out_by_hand() {
    let told = plain(
        &[Some(1.0), Some(2.0), None, Some(f64::NAN), Some(3.0)],
        0.6,
    );
    let hand = [Some(1.0), Some(1.625), None, Some(f64::NAN)];
    let last = told[4].unwrap_or_default();
    assert_eq!(format!("{:?}", &told[..4]), format!("{hand:?}"));
    assert!((last - 2.326_530_612_244_898).abs() < 1e-15);
    assert_eq!(plain(&[Some(0.1); 3], 0.6), [Some(0.1); 3]);
}
