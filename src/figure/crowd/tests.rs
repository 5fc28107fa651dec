//! Tests of the mean of several lines.

use proptest::prelude::*;

use super::*;

const COLUMNS: u32 = 24;

/// A line through some columns: the value, how far beyond it the column reaches, and whether a gap
/// is before it.
type Points = Vec<(u32, f64, f64, bool)>;

fn reduced(points: &[(u32, f64, f64, bool)], few: bool) -> Reduced {
    let cell = |(at, (column, mean, around, gap)): (usize, &(u32, f64, f64, bool))| Cell {
        column: *column,
        low: mean - around,
        high: mean + around,
        mean: *mean,
        rows: 3,
        joined: at > 0 && !gap,
    };
    Reduced {
        live: points.iter().enumerate().map(cell).collect(),
        few,
        ..Reduced::default()
    }
}

fn merge(lines: &[Reduced]) -> Vec<Cell> {
    let members: Vec<Member<'_>> = lines.iter().map(Member::of).collect();
    merged(&members, COLUMNS, Scale::Linear)
}

fn at(cells: &[Cell], column: u32) -> Option<&Cell> {
    cells.iter().find(|cell| cell.column == column)
}

fn plain(points: &[(u32, f64)]) -> Reduced {
    let points: Points = points.iter().map(|(c, v)| (*c, *v, 0.0, false)).collect();
    reduced(&points, true)
}

#[test]
fn a_sparse_run_counts_between_its_points() {
    let often = plain(&[(0, 2.0), (1, 2.0), (2, 2.0), (3, 2.0), (4, 2.0)]);
    let seldom = plain(&[(0, 4.0), (4, 8.0)]);
    let told: Vec<(f64, f64, f64)> = merge(&[often, seldom])
        .iter()
        .map(|cell| (cell.mean, cell.low, cell.high))
        .collect();
    let expected = [
        (3.0, 2.0, 4.0),
        (3.5, 2.0, 5.0),
        (4.0, 2.0, 6.0),
        (4.5, 2.0, 7.0),
        (5.0, 2.0, 8.0),
    ];
    assert_eq!(told, expected);
}

#[test]
fn nothing_is_made_up_beyond_the_ends_of_a_run_and_in_its_gaps() {
    let short = plain(&[(1, 4.0), (2, 4.0)]);
    let broken = reduced(&[(0, 2.0, 0.0, false), (4, 2.0, 0.0, true)], true);
    let cells = merge(&[short, broken]);
    let told: Vec<(u32, f64, u64, bool)> = cells
        .iter()
        .map(|cell| (cell.column, cell.mean, cell.rows, cell.joined))
        .collect();
    let expected = [
        (0, 2.0, 1, false),
        (1, 4.0, 1, false),
        (2, 4.0, 1, true),
        (4, 2.0, 1, false),
    ];
    assert_eq!(told, expected);
    assert!(merge(&[]).is_empty());
}

#[test]
fn a_run_counts_once_however_often_it_is_written() {
    let mut dense = plain(&[(0, 1.0)]);
    dense.live[0].rows = 10_000;
    let cells = merge(&[dense, plain(&[(0, 3.0)])]);
    assert_eq!((cells[0].mean, cells[0].rows), (2.0, 2));
}

#[test]
fn the_smoothed_line_of_each_run_is_taken() {
    let mut one = plain(&[(0, 1.0)]);
    one.smooth = Some(plain(&[(0, 5.0)]).live);
    let cells = merge(&[one, plain(&[(0, 3.0)])]);
    assert_eq!(
        (cells[0].low, cells[0].mean, cells[0].high),
        (3.0, 4.0, 5.0)
    );
}

#[test]
fn the_largest_numbers_have_a_mean() {
    let cells = merge(&[
        plain(&[(0, f64::MAX)]),
        plain(&[(0, f64::MAX)]),
        plain(&[(0, -f64::MAX)]),
    ]);
    assert!(cells[0].mean.is_finite() && cells[0].mean > 0.0);
}

fn points() -> impl Strategy<Value = Points> {
    let point = (-1e6..1e6_f64, 0.0..10.0_f64, prop::bool::weighted(0.2));
    prop::collection::btree_map(0..COLUMNS, point, 0..12).prop_map(|points| {
        let points = points.into_iter();
        points
            .map(|(column, (value, around, gap))| (column, value, around, gap))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_mean_lies_in_the_range_and_the_range_around_every_line(
        lines in prop::collection::vec((points(), any::<bool>()), 0..6),
    ) {
        let lines: Vec<Reduced> = lines.iter().map(|(points, few)| reduced(points, *few)).collect();
        let cells = merge(&lines);
        prop_assert!(cells.windows(2).all(|pair| pair[0].column < pair[1].column));
        for cell in &cells {
            prop_assert!(cell.low <= cell.mean && cell.mean <= cell.high);
            prop_assert!(cell.column < COLUMNS && cell.rows as usize <= lines.len());
        }
        for line in &lines {
            for own in &line.live {
                let cell = at(&cells, own.column).expect("the run has a value here");
                prop_assert!(cell.low <= own.mean && own.mean <= cell.high);
                if line.few {
                    prop_assert!(cell.low <= own.low && own.high <= cell.high);
                }
            }
        }
    }

    #[test]
    fn one_run_alone_gives_its_own_line(points in points(), few: bool) {
        let line = reduced(&points, few);
        let cells = merge(std::slice::from_ref(&line));
        for (at_, own) in line.live.iter().enumerate() {
            let cell = at(&cells, own.column).expect("the run has a value here");
            prop_assert_eq!(cell.mean.to_bits(), own.mean.to_bits());
            prop_assert_eq!(cell.joined, own.joined && at_ > 0);
        }
        // What is between its points lies on the strokes that join them.
        for pair in line.live.windows(2) {
            let between = cells.iter().filter(|c| c.column > pair[0].column && c.column < pair[1].column);
            for cell in between {
                prop_assert!(pair[1].joined);
                let share = f64::from(cell.column - pair[0].column) / f64::from(pair[1].column - pair[0].column);
                let expected = pair[0].mean * (1.0 - share) + pair[1].mean * share;
                prop_assert!((cell.mean - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_order_of_the_runs_does_not_matter(lines in prop::collection::vec(points(), 2..6), turn in 1..5_usize) {
        let mut lines: Vec<Reduced> = lines.iter().map(|points| reduced(points, true)).collect();
        let one = merge(&lines);
        let turn = turn % lines.len();
        lines.rotate_left(turn);
        let other = merge(&lines);
        prop_assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!((one.column, one.low, one.high, one.rows, one.joined),
                (other.column, other.low, other.high, other.rows, other.joined));
            prop_assert!((one.mean - other.mean).abs() <= 1e-8 * one.mean.abs().max(1.0) * 1e3);
        }
    }
}
