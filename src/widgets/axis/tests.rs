//! Tests of axes.

use proptest::prelude::*;

use super::*;

fn labels(axis: &Axis) -> String {
    let labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
    labels.join(" ")
}

fn vertical(lo: f64, hi: f64, lines: u16) -> String {
    labels(&Axis::vertical(lo, hi, Scale::Linear, lines))
}

fn log(lo: f64, hi: f64, lines: u16) -> String {
    labels(&Axis::vertical(lo, hi, Scale::Log, lines))
}

fn horizontal(hi: f64, kind: Labels, cells: u16) -> String {
    labels(&Axis::horizontal(Bounds::new(0.0, hi), kind, cells))
}

#[test]
fn ticks_are_round() {
    assert_eq!(vertical(0.042, 2.47, 16), "0.0 0.5 1.0 1.5 2.0 2.5");
    assert_eq!(vertical(0.13, 0.981, 8), "0.0 0.5 1.0");
    assert_eq!(vertical(-3.0, 7.2, 12), "-4 -2 0 2 4 6");
    assert_eq!(vertical(1180.0, 1222.0, 10), "1180 1190 1200 1210 1220");
    assert_eq!(vertical(40_210.0, 41_800.0, 8), "40k 40.5k 41k 41.5k");
    assert_eq!(vertical(1e-5, 9e-5, 10), "0 2e-5 4e-5 6e-5 8e-5");
    assert_eq!(vertical(2.0e6, 9.1e6, 10), "2M 4M 6M 8M 10M");
    assert_eq!(vertical(0.0, 3e20, 8), "0 1e20 2e20 3e20");
}

#[test]
fn decades_are_equally_long() {
    assert_eq!(log(1.2e-5, 1e-3, 8), "1e-5 1e-4 1e-3");
    assert_eq!(log(0.04, 2.5, 12), "0.05 0.1 0.2 0.5 1 2");
    assert_eq!(log(0.3, 2.3, 13), "0.5 1.0 1.5 2.0 2.5");
    assert_eq!(log(1.0, 9e8, 10), "1 1e2 1e4 1e6 1e8");
    assert_eq!(log(1e-300, 1e300, 10), "1e-200 1 1e200");
    let bounds = Bounds::new(1.0, 100.0);
    assert_eq!(Scale::Log.share(10.0, bounds), Some(0.5));
    assert_eq!(Scale::Log.share(0.0, bounds), None);
    assert_eq!(Scale::Log.share(-1.0, bounds), None);
}

#[test]
fn whole_numbers_and_times() {
    assert_eq!(horizontal(50.0, Labels::Whole, 80), "0 10 20 30 40 50");
    assert_eq!(horizontal(3.0, Labels::Whole, 120), "0 1 2 3");
    assert_eq!(horizontal(20_000.0, Labels::Whole, 60), "0 5k 10k 15k 20k");
    assert_eq!(horizontal(90.0, Labels::Spans, 60), "0 30s 1m 1m30");
    assert_eq!(horizontal(3600.0, Labels::Spans, 60), "0 15m 30m 45m 1h");
    assert_eq!(horizontal(20_000.0, Labels::Spans, 60), "0 2h 4h");
    assert_eq!(horizontal(200_000.0, Labels::Spans, 60), "0 12h 1d 1d12 2d");
    assert_eq!(horizontal(1e7, Labels::Spans, 60), "0 50d 100d");
    assert_eq!(
        horizontal(0.2, Labels::Spans, 60),
        "0.00s 0.05s 0.10s 0.15s 0.20s"
    );
}

#[test]
fn what_does_not_change_stands_in_the_middle() {
    let axis = Axis::vertical(0.1, 0.1, Scale::Linear, 8);
    assert_eq!(labels(&axis), "0.09 0.10 0.11");
    assert!(
        Scale::Linear
            .share(0.1, axis.bounds)
            .is_some_and(|at| (at - 0.5).abs() < 0.1)
    );
    assert_eq!(vertical(0.0, 0.0, 8), "0.0 0.5 1.0");
    assert_eq!(vertical(5e-324, 5e-324, 8), "0.0 0.5 1.0");
}

#[test]
fn bounds_move_in_steps() {
    let axis = |hi: f64| Axis::vertical(0.04, hi, Scale::Linear, 16);
    assert_eq!(axis(2.41), axis(2.49));
    let ends = |planned| -> Vec<f64> {
        let end = |at: i32| Bounds::growing(0.0, f64::from(at), planned).hi();
        let mut ends: Vec<f64> = (1..=50).map(end).collect();
        ends.dedup();
        ends
    };
    assert_eq!(
        ends(None),
        [
            1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0
        ]
    );
    // From half of the way on, the end is where it will be.
    assert_eq!(ends(Some(45.0))[ends(Some(45.0)).len() - 2..], [45.0, 50.0]);
    assert_eq!(Bounds::growing(0.0, 23.0, Some(45.0)).hi(), 45.0);
    assert_eq!(Bounds::growing(1.0, 5.0, None).lo(), 0.0);
    assert_eq!(
        Bounds::growing(900.0, 1000.0, None),
        Bounds::new(900.0, 1000.0)
    );
    assert_eq!(Bounds::growing(7.0, 7.0, None), Bounds::new(7.0, 8.0));
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -1e3..1e3_f64,
        Just(0.0),
        Just(1e308),
        Just(-1e308),
        Just(f64::MAX),
        Just(5e-324),
        Just(f64::NAN),
        Just(f64::NEG_INFINITY),
    ]
}

fn check(axis: &Axis, widest: usize) -> Result<(), TestCaseError> {
    let bounds = axis.bounds;
    prop_assert!(bounds.lo() < bounds.hi() && bounds.lo().is_finite() && bounds.hi().is_finite());
    for pair in axis.ticks.windows(2) {
        prop_assert!(pair[0].value < pair[1].value);
    }
    let mut seen: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
    seen.sort_unstable();
    seen.dedup();
    prop_assert_eq!(seen.len(), axis.ticks.len(), "{:?}", axis.ticks);
    for tick in &axis.ticks {
        prop_assert!(bounds.contains(tick.value));
        prop_assert!(tick.label.width() <= widest, "{:?}", tick);
    }
    Ok(())
}

proptest! {
    #[test]
    fn labels_differ_and_stand_within_the_bounds(
        lo in any_number(), hi in any_number(), lines in 0..200_u16, cells in 0..400_u16,
    ) {
        check(&Axis::vertical(lo, hi, Scale::Linear, lines), 15)?;
        check(&Axis::vertical(lo, hi, Scale::Log, lines), 15)?;
        let bounds = Bounds::new(lo, hi);
        for kind in [Labels::Numbers, Labels::Whole, Labels::Spans] {
            check(&Axis::horizontal(bounds, kind, cells), 17)?;
        }
        let growing = Bounds::growing(lo, hi, Some(hi));
        prop_assert!(growing.lo() < growing.hi());
    }

    #[test]
    fn ticks_leave_less_than_one_distance_at_the_ends(lo in -1e6..1e6_f64, length in 1e-3..1e9_f64, lines in 5..100_u16) {
        let axis = Axis::vertical(lo, lo + length, Scale::Linear, lines);
        let within = |value| {
            let share = Scale::Linear.share(value, axis.bounds).expect("finite");
            (-1e-6..=1.0 + 1e-6).contains(&share)
        };
        prop_assert!(within(lo) && within(lo + length));
        prop_assert!(axis.ticks.len() >= 2);
        let step = axis.ticks[1].value - axis.ticks[0].value;
        let last = axis.ticks[axis.ticks.len() - 1].value;
        prop_assert!(axis.ticks[0].value - lo < step * 1.000_001);
        prop_assert!(lo + length - last < step * 1.000_001);
        // And no tick has a whole distance without values beside it.
        prop_assert!(lo - axis.ticks[0].value < step * 1.000_001 || axis.ticks[0].value == 0.0);
        prop_assert!(last - (lo + length) < step * 1.000_001 || last == 0.0);
    }

    #[test]
    fn labels_are_equally_many_lines_apart(lo in -1e6..1e6_f64, length in 1e-3..1e9_f64, lines in 4..100_u16) {
        let axis = Axis::vertical(lo, lo + length, Scale::Linear, lines);
        let row = |value: f64| {
            let share = Scale::Linear.share(value, axis.bounds).expect("finite");
            row_of(share, u32::from(lines))
        };
        let rows: Vec<i32> = axis.ticks.iter().map(|tick| row(tick.value)).collect();
        prop_assert!(rows.len() >= if lines < 7 { 2 } else { 3 }, "{rows:?}");
        prop_assert!(rows.iter().all(|row| (0..i32::from(lines)).contains(row)));
        for pair in rows.windows(3) {
            prop_assert_eq!(pair[0] - pair[1], pair[1] - pair[2], "{:?}", &rows);
        }
        prop_assert!(rows[0] > rows[1]);
        // The middle of a line is what its label says.
        let line = (axis.bounds.hi() - axis.bounds.lo()) / f64::from(lines);
        for (tick, at) in axis.ticks.iter().zip(&rows) {
            for part in [-0.45, 0.45] {
                prop_assert_eq!(row(tick.value + part * line), *at);
            }
        }
    }

    #[test]
    fn a_logarithmic_axis_is_mostly_filled(lo in -6.0..3.0_f64, decades in 0.05..9.0_f64, lines in 8..60_u16) {
        let (lo, hi) = (10_f64.powf(lo), 10_f64.powf(lo + decades));
        let axis = Axis::vertical(lo, hi, Scale::Log, lines);
        let share = |value| Scale::Log.share(value, axis.bounds).expect("positive");
        prop_assert!(share(lo) >= -1e-9 && share(hi) <= 1.0 + 1e-9);
        let ticks = axis.ticks.len();
        prop_assert!(ticks >= 2 && ticks <= usize::from(lines), "{:?}", labels(&axis));
        prop_assert!(share(hi) - share(lo) > 0.55, "{} {}", share(lo), share(hi));
    }

    #[test]
    fn a_place_is_where_it_belongs(a in -1e9..1e9_f64, length in 1e-3..1e9_f64, share in 0.0..=1.0_f64) {
        let bounds = Bounds::new(a, a + length);
        let value = bounds.lo() + (bounds.hi() - bounds.lo()) * share;
        let found = Scale::Linear.share(value, bounds).expect("finite");
        prop_assert!((found - share).abs() < 1e-6);
    }

    #[test]
    fn the_end_is_ahead_and_not_far(hi in 1e-3..1e12_f64) {
        let end = Bounds::growing(0.0, hi, None).hi();
        prop_assert!(end >= hi * (1.0 - 1e-9) && end <= hi * 1.5 + 1e-9);
    }
}
