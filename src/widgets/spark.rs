//! The course of a few values in a few cells: low, high, and where it goes.

use super::text::Safe;

const LEVELS: usize = 4;

/// The dots of the left and the right half of a cell, from the lowest.
const DOTS: [[u32; 4]; 2] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];

/// Finite values as a line of dots in at most `cells` cells, two to a cell: each shows the mean of
/// its share of the values. Values that are all alike lie in the middle; few that lie far off
/// flatten none of the others.
pub fn line(values: &[f64], cells: usize) -> Safe {
    let dots = (2 * cells).min(values.len());
    let means: Vec<f64> = (0..dots)
        .map(|dot| mean(share(values, dot, dots)))
        .collect();
    let (low, high) = bounds(&means);
    let cell = |pair: &[f64]| {
        let dots = pair.iter().zip(DOTS);
        let bits: u32 = dots.map(|(mean, dots)| dots[level(*mean, low, high)]).sum();
        char::from_u32(0x2800 + bits).unwrap_or(' ')
    };
    let line: String = means.chunks(2).map(cell).collect();
    Safe::new(&line)
}

/// Between what lie nine tenths of the values, where there are enough of them.
fn bounds(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let off = values.len() / 9;
    let low = sorted.get(off / 2).or(sorted.first());
    let high = sorted.get(sorted.len().saturating_sub(1 + off));
    (low.copied().unwrap_or(0.0), high.copied().unwrap_or(0.0))
}

fn share(values: &[f64], dot: usize, dots: usize) -> &[f64] {
    &values[dot * values.len() / dots..(dot + 1) * values.len() / dots]
}

/// Halves first: the sum of two large values may be infinite.
fn mean(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    values.iter().map(|value| value / count).sum()
}

fn level(value: f64, low: f64, high: f64) -> usize {
    let span = high / 2.0 - low / 2.0;
    if span <= 0.0 {
        return LEVELS / 2 - 1;
    }
    let ratio = (value / 2.0 - low / 2.0) / span;
    ((ratio.max(0.0) * LEVELS as f64) as usize).min(LEVELS - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_course_is_seen() {
        let drawn = |values: &[f64], cells| line(values, cells).as_str().to_owned();
        assert_eq!(drawn(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 8), "⣀⠤⠒⠉");
        assert_eq!(drawn(&[4.0, 2.0, 1.0], 10), "⠡⡀");
        assert_eq!(drawn(&[0.0, 2.0, 4.0, 6.0], 1), "⡈");
        assert_eq!(drawn(&[3.0, 3.0], 2), "⠤");
        let steep = [900.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0];
        assert_eq!(drawn(&steep, 5), "⠉⠉⠒⠤⣀", "the first flattens nothing");
        assert_eq!(drawn(&[f64::MAX, -f64::MAX, f64::MAX], 3), "⢁⠁");
        assert_eq!([drawn(&[], 4), drawn(&[1.0], 0)], ["", ""]);
    }

    proptest! {
        #[test]
        fn it_fits(values in prop::collection::vec(-1e300..1e300_f64, 0..50), cells in 0..20_usize) {
            let line = line(&values, cells);
            prop_assert_eq!(line.width(), cells.min(values.len().div_ceil(2)));
        }
    }
}
