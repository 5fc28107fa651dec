//! What the y axis of a figure holds of a run that was restarted.

use super::super::count::tests::figure;
use super::super::reduce::tests::store;
use super::super::{Figure, Scaling};

/// Steps 0 to 300 with the values of the first attempt from 100 on, and again 100 to 150 with those of
/// the second.
fn restarted(first: impl Fn(f64) -> f64, scaling: Scaling) -> Figure {
    let before = (0..100)
        .map(f64::from)
        .map(|step| (step, Some(1.0 + step / 100.0)));
    let old = (100..300)
        .map(f64::from)
        .map(|step| (step, Some(first(step))));
    let new = (100..150).map(f64::from).map(|step| (step, Some(1.5)));
    let rows: Vec<_> = before.chain(old).chain(new).collect();
    figure(&store(&rows, 1 << 20), scaling, None, 100)
}

fn notes(figure: &Figure) -> Vec<&str> {
    figure
        .notes
        .iter()
        .map(|note| note.words.as_str())
        .collect()
}

#[test]
fn what_was_superseded_is_held_where_there_is_room() {
    let figure = restarted(|step| 1.0 + step / 150.0, Scaling::SymLog);
    assert!(figure.y.1 > 2.9, "{:?}", figure.y);
    assert_eq!(notes(&figure), ["symlog"]);
    assert!(figure.outside.is_empty());
    assert!(!figure.limited);
}

#[test]
fn what_would_squeeze_the_line_is_told_instead() {
    let above = restarted(|_| 1000.0, Scaling::Log);
    assert_eq!(above.y, (1.0, 1.99));
    assert_eq!(notes(&above), ["log", "superseded part above"]);
    let columns: Vec<u32> = above.outside.iter().map(|out| out.column).collect();
    assert_eq!(columns.len(), 67, "{columns:?}");
    assert!(above.outside.iter().all(|out| out.above));

    let both = restarted(|step| if step < 200.0 { 1e6 } else { 1e-6 }, Scaling::Log);
    assert_eq!(notes(&both), ["log", "superseded part above and below"]);
    // What has no place on the axis is no reason to widen it.
    let never = restarted(|_| -5.0, Scaling::Log);
    assert_eq!((never.y, notes(&never)), ((1.0, 1.99), vec!["log"]));
    // One end is held where the other one cannot be.
    let one = restarted(|step| if step < 200.0 { 1e6 } else { 0.8 }, Scaling::Log);
    assert_eq!(one.y, (0.8, 1.99));
    assert_eq!(notes(&one), ["log", "superseded part above"]);
}
