//! Tests of axes.

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
    // A single place stands in the middle, unless it is the beginning.
    assert_eq!(Bounds::growing(7.0, 7.0, None), Bounds::new(6.0, 8.0));
    assert_eq!(Bounds::growing(0.0, 0.0, None), Bounds::new(0.0, 1.0));
}

#[test]
fn decades_on_both_sides_of_zero() {
    let symlog =
        |lo, hi, exponent, lines| labels(&Axis::vertical(lo, hi, Scale::SymLog(exponent), lines));
    assert_eq!(symlog(-80.0, 900.0, 0, 16), "-100 -10 -1 0 1 10 100 1000");
    assert_eq!(symlog(-0.02, 0.4, -3, 24), "-0.01 -0.001 0 0.001 0.01 0.1");
    assert_eq!(symlog(-3.0, 4.0, 0, 16), "-10 -1 0 1 10");
    assert_eq!(
        symlog(-0.5, 0.8, 0, 16),
        "-0.6 -0.4 -0.2 0.0 0.2 0.4 0.6 0.8"
    );
    assert_eq!(symlog(20.0, 9000.0, 0, 16), log(20.0, 9000.0, 16));
    assert_eq!(symlog(-9000.0, -20.0, 0, 16), "-10000 -1000 -100 -10");
    assert_eq!(symlog(-1e9, 1e12, -2, 20), "-1e12 -1e7 -1e2 0 1e2 1e7 1e12");
    let (bounds, scale) = (Bounds::new(-100.0, 100.0), Scale::SymLog(0));
    let shares = [-100.0, -10.0, -1.0, 0.0, 0.5, 1.0, 10.0].map(|value| scale.share(value, bounds));
    let sixths = [0.0, 1.0, 2.0, 3.0, 3.5, 4.0, 5.0].map(|part| Some(part / 6.0));
    for (share, expected) in shares.iter().zip(sixths) {
        assert!(
            (share.unwrap_or(9.0) - expected.unwrap_or(0.0)).abs() < 1e-12,
            "{shares:?}"
        );
    }
    assert_eq!(scale.share(f64::NAN, bounds), None);
}

#[test]
fn the_linear_part_holds_what_is_near_to_zero() {
    let table = [
        ((1e-3, 900.0), -2),
        ((2.0, 900.0), 0),
        ((0.04, 0.05), -2),
        ((0.0, 5.0), -4),
        ((-3.0, -3.0), 0),
        ((0.0, 0.0), -128),
        ((1e-300, 1e308), 127),
        ((f64::NAN, f64::INFINITY), 127),
    ];
    for ((smallest, largest), exponent) in table {
        assert_eq!(
            Scale::symlog_for(smallest, largest),
            Scale::SymLog(exponent)
        );
    }
}

#[test]
fn limits_that_were_typed_are_the_ends() {
    let exact = |lo, hi, scale, lines| {
        let axis = Axis::vertical_exact(lo, hi, scale, lines);
        assert_eq!((axis.bounds.lo(), axis.bounds.hi()), (lo, hi));
        labels(&axis)
    };
    assert_eq!(
        exact(0.0, 2.5, Scale::Linear, 16),
        "0.0 0.5 1.0 1.5 2.0 2.5"
    );
    assert_eq!(
        exact(0.13, 0.177, Scale::Linear, 10),
        "0.13 0.14 0.15 0.16 0.17"
    );
    assert_eq!(
        exact(1.0, 1.000_000_001, Scale::Linear, 10),
        "1.0000000000 1.0000000005 1.0000000010"
    );
    assert_eq!(exact(0.03, 70.0, Scale::Log, 16), "0.1 1 10");
    assert_eq!(exact(-30.0, 70.0, Scale::SymLog(0), 16), "-10 -1 0 1 10");
    // A limit that has no place is none.
    let axis = Axis::vertical_exact(0.0, 50.0, Scale::Log, 16);
    assert_eq!((axis.bounds.lo(), axis.bounds.hi()), (0.005, 50.0));
    let axis = Axis::vertical_exact(-7.0, -3.0, Scale::Log, 16);
    assert_eq!((axis.bounds.lo(), axis.bounds.hi()), (0.1, 1.0));
}

#[test]
fn a_window_is_not_widened() {
    let window = |lo: f64, hi: f64, kind, cells| {
        let axis = Axis::horizontal(Bounds::exact(lo, hi), kind, cells);
        assert_eq!((axis.bounds.lo(), axis.bounds.hi()), (lo, hi));
        labels(&axis)
    };
    assert_eq!(
        window(1_000_000.0, 1_000_010.0, Labels::Whole, 80),
        "1000000 1000002 1000004 1000006 1000008 1000010"
    );
    assert_eq!(
        window(12_000.0, 13_500.0, Labels::Whole, 80),
        "12k 12.5k 13k 13.5k"
    );
    assert_eq!(window(3.2, 3.9, Labels::Whole, 80), "3.2 3.4 3.6 3.8");
    assert_eq!(window(3.2, 4.9, Labels::Whole, 80), "3.5 4.0 4.5");
    assert_eq!(window(3.2, 6.9, Labels::Whole, 80), "4 5 6");
    assert_eq!(
        window(36_000.0, 36_030.0, Labels::Spans, 80),
        "10:00:00 10:00:10 10:00:20 10:00:30"
    );
    assert_eq!(
        window(3600.0, 3601.0, Labels::Spans, 80),
        "3600.0s 3600.2s 3600.4s 3600.6s 3600.8s 3601.0s"
    );
    assert_eq!(
        window(90_000.0, 93_600.0, Labels::Spans, 80),
        "25h 25h10 25h20 25h30 25h40 25h50 26h"
    );
}

mod properties;
