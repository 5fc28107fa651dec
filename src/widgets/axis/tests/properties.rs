//! What holds for axes of any numbers.

use proptest::prelude::*;

use super::*;

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -1e3..1e3_f64,
        Just(0.0),
        Just(1e308),
        Just(-1e308),
        Just(f64::MAX),
        Just(5e-324),
        -1e-310..1e-310_f64,
        (-300..300_i32).prop_map(|exponent| 10_f64.powi(exponent)),
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
        exponent: i8,
    ) {
        for scale in [Scale::Linear, Scale::Log, Scale::SymLog(exponent), Scale::symlog_for(lo, hi)] {
            check(&Axis::vertical(lo, hi, scale, lines), 15)?;
            check(&Axis::vertical_exact(lo, hi, scale, lines), 22)?;
        }
        for bounds in [Bounds::new(lo, hi), Bounds::exact(lo, hi), Bounds::exact(lo, lo + lo.abs() * 1e-9)] {
            for kind in [Labels::Numbers, Labels::Whole, Labels::Spans] {
                check(&Axis::horizontal(bounds, kind, cells), 24)?;
            }
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
    fn most_of_the_height_is_filled(share in -2.0..1.0_f64, hi in 1.0..10.0_f64, lines in 7..60_u16) {
        let lo = hi * share;
        prop_assume!(lo <= 0.0 || (share > 0.2 && share < 0.99));
        let bounds = Axis::vertical(lo, hi, Scale::Linear, lines).bounds;
        let filled = (hi - lo) / (bounds.hi() - bounds.lo());
        let least = match lines {
            0..14 => 0.5,
            14..20 => 0.66,
            _ => 0.75,
        };
        prop_assert!(filled >= least, "{lo} {hi} in {lines}: {filled}");
    }

    #[test]
    fn an_axis_holds_its_values(lo in any_number(), hi in any_number(), exponent: i8, lines in 1..100_u16) {
        for scale in [Scale::Linear, Scale::SymLog(exponent)] {
            let axis = Axis::vertical(lo, hi, scale, lines);
            for value in [lo, hi].into_iter().filter(|value| value.is_finite()) {
                let share = scale.share(value, axis.bounds).expect("finite");
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&share), "{value} {share} {axis:?}");
            }
        }
    }

    #[test]
    fn limits_are_kept_and_covered(lo in -1e6..1e6_f64, length in 1e-3..1e9_f64, lines in 5..100_u16) {
        let axis = Axis::vertical_exact(lo, lo + length, Scale::Linear, lines);
        prop_assert_eq!((axis.bounds.lo(), axis.bounds.hi()), (lo, lo + length));
        prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= usize::from(lines));
        let step = axis.ticks[1].value - axis.ticks[0].value;
        prop_assert!(axis.ticks[0].value - lo < step * 1.000_001);
        prop_assert!(lo + length - axis.ticks[axis.ticks.len() - 1].value < step * 1.000_001);
    }

    #[test]
    fn a_symmetric_scale_is_symmetric_and_grows(a in -1e300..1e300_f64, b in -9.0..9.0_f64, exponent in -9..9_i8) {
        let scale = Scale::SymLog(exponent);
        let bounds = Bounds::new(-1e301, 1e301);
        for value in [a, b] {
            let [one, other] = [value, -value].map(|value| scale.share(value, bounds).expect("finite"));
            prop_assert!((one + other - 1.0).abs() < 1e-9);
        }
        let [low, high] = [a.min(b), a.max(b)].map(|value| scale.share(value, bounds));
        prop_assert!(low <= high);
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
        prop_assert!(share(hi) - share(lo) > 0.5, "{} {}", share(lo), share(hi));
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
