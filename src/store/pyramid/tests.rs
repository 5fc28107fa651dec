//! The pyramid beside the values that it stands for.

use super::*;

/// Pushes values in ragged pieces, as batches of any size do.
fn build(rows: &[u64], values: &[f64], piece: usize) -> Pyramid {
    let mut pyramid = Pyramid::default();
    extend(&mut pyramid, rows, values, 0, piece);
    pyramid
}

fn extend(pyramid: &mut Pyramid, rows: &[u64], values: &[f64], from: usize, piece: usize) {
    let mut at = from;
    while at < values.len() {
        let end = (at + piece.min(pyramid.room())).min(values.len());
        pyramid.push(
            end - at,
            &Summary::of(&values[at..end]),
            rows[at],
            rows[end - 1],
        );
        at = end;
    }
}

fn noise(index: u64) -> f64 {
    (index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as f64
}

fn check(rows: &[u64], values: &[f64], pyramid: &Pyramid, window: Range<u64>, buckets: usize) {
    let found = pyramid.window(window.clone(), buckets);
    assert!(found.len() <= buckets);
    for pair in found.windows(2) {
        assert!(pair[0].rows.end <= pair[1].rows.start);
    }
    for bucket in &found {
        let inside = || {
            let held = rows.iter().zip(values);
            held.filter(|(row, value)| bucket.rows.contains(row) && value.is_finite())
        };
        let min = inside()
            .map(|(_, value)| *value)
            .fold(f64::INFINITY, f64::min);
        let max = inside()
            .map(|(_, value)| *value)
            .fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(
            (bucket.min.to_bits(), bucket.max.to_bits()),
            (min.to_bits(), max.to_bits())
        );
        let (count, sum) = inside().fold((0.0, 0.0), |(count, sum), (_, value)| {
            (count + 1.0, sum + value)
        });
        let far = min.abs().max(max.abs());
        assert!(min <= bucket.mean && bucket.mean <= max);
        assert!(
            (bucket.mean - sum / count).abs() <= 1e-12 * far,
            "{bucket:?}"
        );
    }
    let wanted = rows
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_finite());
    for (row, _) in wanted.filter(|(row, _)| window.contains(row)) {
        assert!(
            found.iter().any(|bucket| bucket.rows.contains(row)),
            "{row} is in no bucket"
        );
    }
}

#[test]
fn every_extreme_survives() {
    for (count, gap) in [
        (1, 1),
        (128, 1),
        (129, 1),
        (2048, 1),
        (2049, 1),
        (40_000, 1),
        (9_000, 3),
    ] {
        let rows: Vec<u64> = (0..count)
            .map(|index| 5 + index * gap + u64::from(gap > 1 && index > 700))
            .collect();
        let values: Vec<f64> = (0..count).map(noise).collect();
        let pyramid = build(&rows, &values, 100);
        assert_eq!(pyramid.is_dense(), gap == 1);
        let end = pyramid.last_row().unwrap() + 1;
        for (window, buckets) in [
            (0..end, 1),
            (0..end, 7),
            (0..end, 200),
            (end / 3..end / 2, 10),
            (end - 1..end + 9, 3),
            (6..7, 5),
        ] {
            check(&rows, &values, &pyramid, window, buckets);
        }
    }
}

#[test]
fn means_know_how_many_values_are_finite() {
    let rows: Vec<u64> = (0..9_000).collect();
    // From none in a block to all of it.
    let lacking = |row: u64| noise(row) as u64 % 9_000 < row;
    let values: Vec<f64> = rows
        .iter()
        .map(|&row| if lacking(row) { f64::NAN } else { noise(row) })
        .collect();
    for piece in [7, 128, 1000] {
        let pyramid = build(&rows, &values, piece);
        for (window, buckets) in [(0..9_000, 1), (0..9_000, 30), (3_000..8_999, 4)] {
            check(&rows, &values, &pyramid, window, buckets);
        }
    }
}

#[test]
fn truncated_it_goes_on_as_if_nothing_had_been() {
    for (count, gap, lacking) in [(9_000, 1, 0), (70_000, 3, 0), (9_000, 2, 5)] {
        let rows: Vec<u64> = (0..count).map(|index| index * gap).collect();
        let value = |index: u64| match index.checked_rem(lacking) {
            Some(0) => f64::NAN,
            _ => noise(index),
        };
        let values: Vec<f64> = (0..count).map(value).collect();
        let whole = build(&rows, &values, 100);
        for blocks in [0, 1, 15, 16, 17, 32, 33, 48, 69, 70, 71, 256, 512, 546] {
            let mut pyramid = build(&rows, &values, 100);
            pyramid.truncate(blocks);
            let held = (blocks * 128).min(values.len());
            assert_eq!(pyramid.values(), held as u64);
            let end = rows.get(held).map_or(u64::MAX, |row| *row);
            for bucket in pyramid.window(0..u64::MAX, 9) {
                assert!(bucket.rows.end <= end);
            }
            extend(&mut pyramid, &rows, &values, held, 100);
            for (buckets, end) in [(9, u64::MAX), (400, u64::MAX), (7, count * gap / 2)] {
                assert_eq!(
                    pyramid.window(0..end, buckets),
                    whole.window(0..end, buckets)
                );
            }
        }
    }
}

#[test]
fn nothing_finite_is_no_bucket() {
    let rows: Vec<u64> = (0..300).collect();
    let mut values = vec![f64::NAN; 300];
    values[299] = 3.0;
    let pyramid = build(&rows, &values, 300);
    assert_eq!(
        pyramid.window(0..300, 3),
        [Bucket {
            rows: 256..300,
            min: 3.0,
            max: 3.0,
            mean: 3.0,
        }]
    );
    assert!(pyramid.window(0..128, 3).is_empty());
    assert!(pyramid.window(7..7, 3).is_empty());
    assert!(pyramid.window(0..u64::MAX, 0).is_empty());
    assert!(
        Pyramid::default()
            .window(0..u64::MAX, usize::MAX)
            .is_empty()
    );
}

#[test]
fn memory_is_a_fifth_of_a_byte_a_value() {
    let mut pyramid = Pyramid::default();
    for block in 0..78_125_u64 {
        pyramid.push(
            128,
            &Summary::of(&[0.5; 128]),
            block * 128,
            block * 128 + 127,
        );
    }
    assert!(
        pyramid.heap_bytes() as f64 / 1e7 < 0.205,
        "{}",
        pyramid.heap_bytes()
    );
}

#[test]
fn values_that_are_not_positive_are_counted() {
    for (count, gap, cut) in [(1, 1, 0), (128, 1, 1), (700, 3, 2), (5000, 1, 17)] {
        let rows: Vec<u64> = (0..count).map(|at| 40 + at * gap).collect();
        let value = |at: u64| match at % 11 {
            3 => f64::NAN,
            5 => f64::NEG_INFINITY,
            // The first blocks have none at all.
            _ if at < 300 => 1.0,
            _ => noise(at) % 7.0 - 2.0,
        };
        let values: Vec<f64> = (0..count).map(value).collect();
        let mut pyramid = build(&rows, &values, 50);
        if cut > 0 {
            pyramid.truncate(cut);
            extend(&mut pyramid, &rows, &values, cut * BLOCK as usize, 128);
        }
        let plain = |window: &Range<u64>| {
            let held = rows
                .iter()
                .zip(&values)
                .filter(|(row, _)| window.contains(row));
            held.filter(|(_, value)| **value <= 0.0 && value.is_finite())
                .count() as u64
        };
        for window in [
            0..u64::MAX / 2,
            40..41,
            100..40 + count * gap,
            500..3000,
            7000..8000,
        ] {
            let (found, ends) = pyramid.not_positive(&window);
            assert!(
                ends.iter()
                    .all(|end| end.end.saturating_sub(end.start) <= 2 * BLOCK * gap)
            );
            let at_ends: u64 = ends.iter().map(plain).sum();
            assert_eq!(found + at_ends, plain(&window), "{count} {window:?}");
        }
    }
}
