//! Tests of the clock along an axis.

use proptest::prelude::*;

use super::super::Axis;
use super::*;

/// 2026-11-20 00:00 UTC, a Friday.
const FRIDAY: f64 = 1_795_132_800.0;
/// 2026-10-25 01:00 UTC: in much of Europe the clock is set back by an hour.
const BACK: f64 = 1_792_890_000.0;
/// 2026-03-29 01:00 UTC: it is set forward.
const FORWARD: f64 = 1_774_746_000.0;

fn labels(lo: f64, length: f64, cells: u16, offset: Offset<'_>) -> String {
    let axis = Axis::clock(Bounds::exact(lo, lo + length), cells, offset);
    let labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
    labels.join(" ")
}

fn utc(lo: f64, length: f64) -> String {
    labels(lo, length, 80, &|_| 0.0)
}

/// Summer time until the clock is set back, or from when it is set forward.
fn berlin(moment: f64) -> f64 {
    if (FORWARD..BACK).contains(&moment) {
        7200.0
    } else {
        3600.0
    }
}

#[test]
fn times_are_round() {
    let table = [
        (0.25, "10:00:00.0 10:00:00.1 10:00:00.2"),
        (
            10.0,
            "10:00:00 10:00:02 10:00:04 10:00:06 10:00:08 10:00:10",
        ),
        (90.0, "10:00:00 10:00:30 10:01:00 10:01:30"),
        (3600.0, "10:00 10:10 10:20 10:30 10:40 10:50 11:00"),
        (20_000.0, "10:00 11:00 12:00 13:00 14:00 15:00"),
        (100_000.0, "Fri 12:00 Fri 18:00 Nov 21 Sat 06:00 Sat 12:00"),
        (200_000.0, "Fri 12:00 Nov 21 Sat 12:00 Nov 22 Sun 12:00"),
        (500_000.0, "Nov 21 Nov 22 Nov 23 Nov 24 Nov 25 Nov 26"),
        (4e6, "Nov 23 Dec 3 Dec 13 Dec 23 Jan 2"),
        (3e7, "Jan 2027 Apr 2027 Jul 2027 Oct 2027"),
        (1e8, "2027 2028 2029 2030"),
        (1e9, "2030 2040 2050"),
    ];
    let found = table.map(|(length, _)| (length, utc(FRIDAY + 36_000.0, length)));
    let found: Vec<(f64, &str)> = found
        .iter()
        .map(|(length, labels)| (*length, labels.as_str()))
        .collect();
    assert_eq!(found, table);
}

#[test]
fn the_clock_on_the_wall_counts() {
    assert_eq!(
        labels(FRIDAY, 7200.0, 60, &|_| 5.5 * 3600.0),
        "05:30 06:00 06:30 07:00 07:30"
    );
    assert_eq!(
        labels(FRIDAY, 7200.0, 60, &|_| -3600.0),
        "23:00 23:30 Nov 20 00:30 01:00"
    );
}

#[test]
fn an_hour_is_left_out_or_there_twice() {
    assert_eq!(
        labels(BACK - 5400.0, 4.0 * 3600.0, 80, &berlin),
        "02:00 03:00 04:00"
    );
    assert_eq!(
        labels(FORWARD - 5400.0, 4.0 * 3600.0, 80, &berlin),
        "01:00 03:00 04:00 05:00"
    );
    assert_eq!(
        labels(BACK - 3.0 * DAY, 6.0 * DAY, 80, &berlin),
        "Oct 23 Oct 24 Oct 25 Oct 26 Oct 27 Oct 28"
    );
    // Every label is what the clock shows at its tick.
    for lo in [BACK - 5400.0, FORWARD - 5400.0] {
        let axis = Axis::clock(Bounds::exact(lo, lo + 14_400.0), 80, &berlin);
        for tick in &axis.ticks {
            let local = Local::of(tick.value + berlin(tick.value));
            assert_eq!(
                tick.label.as_str(),
                local.label(Step::Seconds(1800.0), false)
            );
        }
    }
}

#[test]
fn what_is_no_date_is_a_number() {
    assert_eq!(utc(-1e300, 2e300), "-1e300 -5e299 0 5e299 1e300");
    assert_eq!(
        utc(0.0, 50.0),
        "Jan 1 00:00:10 00:00:20 00:00:30 00:00:40 00:00:50"
    );
}

proptest! {
    #[test]
    fn ticks_differ_and_are_ordered(
        lo in prop_oneof![any::<f64>(), 0.0..3e9_f64], length in prop_oneof![any::<f64>(), 1e-6..1e9_f64],
        cells in 0..300_u16, ahead in -12..14_i32, change in prop_oneof![Just(0.0), Just(3600.0), Just(-3600.0)],
    ) {
        let bounds = Bounds::exact(lo, lo + length);
        let middle = f64::midpoint(bounds.lo(), bounds.hi());
        let ahead = f64::from(ahead) * 3600.0;
        let offset = |moment: f64| if moment < middle { ahead } else { ahead + change };
        let axis = Axis::clock(bounds, cells, &offset);
        prop_assert!(axis.ticks.len() <= 16, "{:?}", axis.ticks);
        for pair in axis.ticks.windows(2) {
            prop_assert!(pair[0].value < pair[1].value);
        }
        let mut seen: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), axis.ticks.len(), "{:?}", axis.ticks);
        prop_assert!(axis.ticks.iter().all(|tick| bounds.contains(tick.value)));
    }

    #[test]
    fn ticks_cover_the_time(lo in 0.0..3e9_f64, length in 1.0..1e9_f64, most in 2..12_usize) {
        let bounds = Bounds::exact(lo, lo + length);
        let found = ticks(bounds, most, &|_| 3600.0);
        prop_assert!(found.len() <= most + 1, "{found:?}");
        // The nearest larger step is at most five times as long, and days of a month are not.
        prop_assert!(found.len() * 7 >= most.saturating_sub(3), "{found:?}");
    }
}
