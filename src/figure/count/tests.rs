//! What is not shown, beside plain counting.

use proptest::prelude::*;

use super::super::reduce::tests::store;
use super::super::{Figure, Plan, Scaling, Settings, Source};
use crate::insight::overview::Overview;
use crate::store::Store;

const LIMITS: (f64, f64) = (-0.25, 0.5);

/// Rows with some value each, at steps that ascend.
fn rows(values: &[Option<f64>]) -> Vec<(f64, Option<f64>)> {
    let steps = (0..).map(f64::from);
    steps.zip(values.iter().copied()).collect()
}

pub(in super::super) fn figure(
    store: &Store,
    scaling: Scaling,
    window: Option<(f64, f64)>,
    columns: u32,
) -> Figure {
    let run = &store.runs()[0];
    let overview = Overview::of(run, 0.0);
    let source = [Source {
        run,
        overview: &overview,
        letter: None,
        hue: 0,
        group: None,
    }];
    let chart = &overview.charts[0];
    let quantity = chart.quantity.clone();
    let mut settings = Settings {
        window,
        ..Settings::default()
    };
    settings.scales.insert(quantity.clone(), scaling);
    if scaling == Scaling::Linear {
        settings.limits.insert(quantity.clone(), LIMITS);
    }
    Plan::new(&source, &settings, &quantity, columns).figure(chart, 0)
}

fn told(figure: &Figure, what: &str) -> Option<String> {
    let mut notes = figure.notes.iter();
    let note = notes.find(|note| note.words.ends_with(what))?;
    Some(note.words.clone())
}

fn counted<'v>(values: impl Iterator<Item = &'v f64>, what: &str) -> Option<String> {
    let count = values.count() as u64;
    (count > 0).then(|| format!("{} {what}", crate::insight::number::grouped(count)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn counts_are_exact_at_any_width(
        values in prop::collection::vec(
            prop_oneof![
                8 => (-1.0..1.0_f64).prop_map(Some),
                1 => Just(None),
                1 => Just(Some(f64::NAN)),
            ],
            20..1500,
        ),
        columns in 10..200_u32,
        window in prop::option::of((0.0..0.5_f64, 0.6..1.0_f64)),
    ) {
        prop_assume!(values.iter().flatten().any(|value| value.is_finite()));
        let store = store(&rows(&values), 1 << 24);
        let length = values.len() as f64;
        let window = window.map(|(from, to)| ((from * length).floor(), (to * length).floor()));
        let (from, to) = window.unwrap_or((0.0, length));
        let inside = values.iter().skip(from as usize).take((to - from) as usize + 1);
        let inside: Vec<f64> = inside.flatten().copied().collect();

        let log = figure(&store, Scaling::Log, window, columns);
        let expected = counted(inside.iter().filter(|v| **v <= 0.0), "≤ 0 not shown");
        prop_assert_eq!(told(&log, "not shown"), expected);

        let limited = figure(&store, Scaling::Linear, window, columns);
        let is_out = |v: &&f64| **v < LIMITS.0 || **v > LIMITS.1;
        prop_assert_eq!(told(&limited, "outside"), counted(inside.iter().filter(is_out), "outside"));
    }
}

#[test]
fn of_rows_that_are_gone_those_of_whole_blocks_are_counted() {
    let noise = |at: u32| f64::from(at.wrapping_mul(2_654_435_769) >> 8) / f64::from(1 << 24) - 0.1;
    let values: Vec<Option<f64>> = (0..100_000).map(|at| Some(noise(at))).collect();
    let store = store(&rows(&values), 0);
    let plain = values.iter().flatten().filter(|v| **v <= 0.0);
    for columns in [20, 90, 333] {
        let whole = figure(&store, Scaling::Log, None, columns);
        assert_eq!(
            told(&whole, "not shown"),
            counted(plain.clone(), "≤ 0 not shown")
        );
    }
    // A window that begins and ends within blocks cannot be told exactly.
    let window = figure(&store, Scaling::Log, Some((1000.0, 90_000.0)), 90);
    let words = told(&window, "not shown").expect("some are not shown");
    let count = words
        .strip_prefix("at least ")
        .and_then(|words| words.split(' ').next());
    let count: usize = count
        .expect("a number")
        .replace(',', "")
        .parse()
        .expect("a number");
    let inside = values[1000..=90_000]
        .iter()
        .flatten()
        .filter(|v| **v <= 0.0)
        .count();
    assert!(
        (inside - 256..=inside).contains(&count),
        "{count} of {inside}"
    );

    let limited = figure(&store, Scaling::Linear, None, 90);
    let words = told(&limited, "outside").expect("some are outside");
    assert!(words.starts_with("at least "), "{words}");
}
