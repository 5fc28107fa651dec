//! When parameters changed after a run had begun.

use super::value;
use crate::record::Value;
use crate::store::{ParamEvent, Params, Run};

/// Parameters that changed at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Seconds since 1970.
    pub time: f64,
    /// `lr 0.1 → 0.01`: the last of them, in the order in which they were written.
    pub words: Vec<String>,
    /// How many others changed.
    pub others: u64,
}

/// The newest moments that are told.
const MOMENTS: usize = 100;
/// Changes of one moment that are told.
const TOLD: usize = 4;
/// Changes that are written one after the other within so many seconds are of one moment.
const TOGETHER: f64 = 1.0;
/// Values that are told have no more characters, and lists no more items.
const LONGEST: usize = 32;
const ITEMS: usize = 6;

/// Changes that were written one after the other.
#[derive(Clone, Debug)]
pub struct Together<'a> {
    /// Of the last of them.
    pub time: Option<f64>,
    /// In the order in which they were written.
    pub events: Vec<&'a ParamEvent>,
    /// These are the parameters with which the run began.
    pub is_first: bool,
}

/// All changes that are known, moment by moment, the newest first.
pub fn newest_first(params: &Params) -> impl Iterator<Item = Together<'_>> {
    let first = params.history.front().filter(|_| params.dropped == 0);
    let is_first = move |event: &ParamEvent| {
        first.is_some_and(|first| event.old.is_none() && is_together(event.time, first.time))
    };
    let mut events = params.history.iter().rev().peekable();
    std::iter::from_fn(move || {
        let last = events.next()?;
        let mut moment = Together {
            time: last.time,
            events: vec![last],
            is_first: is_first(last),
        };
        let belongs = |event: &&ParamEvent| {
            is_together(event.time, last.time) && is_first(event) == moment.is_first
        };
        while let Some(event) = events.next_if(belongs) {
            moment.events.push(event);
        }
        moment.events.reverse();
        Some(moment)
    })
}

fn is_together(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= TOGETHER,
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// The moments at which parameters changed, the oldest first. What is set before the first row, or
/// for the first time, is how the run began.
pub fn moments(run: &Run) -> Vec<Moment> {
    let starts = run.metrics().filter_map(|stream| stream.times.first);
    let Some(start) = starts.reduce(f64::min) else {
        return Vec::new();
    };
    let moment = |together: Together<'_>| {
        let time = together.time.filter(|time| *time > start)?;
        let events = together.events;
        let others = events.len().saturating_sub(TOLD);
        let words = events[others..].iter().map(|event| words(event)).collect();
        Some(Moment {
            time,
            words,
            others: others as u64,
        })
    };
    // No more are read than are told.
    let all = newest_first(&run.params).filter(|together| !together.is_first);
    let mut moments: Vec<Moment> = all.filter_map(moment).take(MOMENTS).collect();
    moments.reverse();
    moments
}

fn words(event: &ParamEvent) -> String {
    let key = &event.key;
    match (&event.old, &event.new) {
        (Some(old), Some(new)) => format!("{key} {} → {}", short(old), short(new)),
        (None, Some(new)) => format!("{key} = {}", short(new)),
        (_, None) => format!("{key} removed"),
    }
}

/// A value that is told in few words, however large it is.
fn short(value: &Value) -> String {
    match value {
        Value::Text(text) if text.chars().nth(LONGEST).is_some() => {
            let start: String = text.chars().take(LONGEST - 1).collect();
            format!("{start}…")
        }
        Value::List(items) if items.len() > ITEMS || items.iter().any(is_nested) => {
            format!("[{} items]", items.len())
        }
        Value::Map(entries) => format!("{{{} entries}}", entries.len()),
        other => value::text(other),
    }
}

fn is_nested(value: &Value) -> bool {
    match value {
        Value::List(_) | Value::Map(_) => true,
        Value::Text(text) => text.len() > LONGEST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::{Made, T};
    use super::*;
    use crate::record::{Layout, Number, ParamOp};

    fn number(value: f64) -> Value {
        let text = value.to_string().into();
        Value::Number(Number { text, value })
    }

    fn set(entries: &[(&str, Value)]) -> ParamOp {
        let owned = |(key, value): &(&str, Value)| ((*key).to_owned(), value.clone());
        ParamOp::Set(Value::Map(entries.iter().map(owned).collect()))
    }

    fn update(key: &str, value: Value) -> ParamOp {
        let key = key.to_owned();
        ParamOp::Update { key, value }
    }

    fn made() -> Made {
        let rows: &[(f64, f64, &[f64])] = &[(0.0, T, &[1.0]), (1.0, T + 60.0, &[0.5])];
        Made::new(Layout::Jsonl).stream("", &["loss"], rows)
    }

    fn told(made: &Made) -> Vec<(f64, String, u64)> {
        let told = |moment: Moment| (moment.time - T, moment.words.join(", "), moment.others);
        moments(made.run()).into_iter().map(told).collect()
    }

    #[test]
    fn how_a_run_began_is_no_change() {
        let made = made()
            .op(
                Some(T - 9.0),
                set(&[("lr", number(0.1)), ("seed", number(1.0))]),
            )
            .op(Some(T - 5.0), update("lr", number(0.2)))
            .op(None, update("lr", number(0.3)))
            .op(Some(T + 20.0), update("lr", number(0.01)))
            .op(Some(T + 20.5), update("warm.up", Value::Bool(true)))
            .op(Some(T + 50.0), set(&[("lr", number(0.01))]));
        let expected = [
            (20.5, "lr 0.3 → 0.01, warm.up = true".to_owned(), 0),
            (50.0, "seed removed, warm.up removed".to_owned(), 0),
        ];
        assert_eq!(told(&made), expected);
    }

    #[test]
    fn what_is_first_told_late_is_how_it_began() {
        let made = made().op(Some(T + 30.0), set(&[("lr", number(0.1))]));
        assert!(told(&made).is_empty());
        let made = made.op(Some(T + 40.0), update("lr", Value::Null));
        assert_eq!(told(&made), [(40.0, "lr 0.1 → null".to_owned(), 0)]);
        let rowless = Made::new(Layout::Jsonl).op(Some(T), set(&[("lr", number(0.1))]));
        assert!(told(&rowless.op(Some(T + 9.0), update("lr", number(1.0)))).is_empty());
    }

    #[test]
    fn moments_are_a_second_long_and_beginnings_stand_apart() {
        let made = made()
            .op(Some(T - 9.0), set(&[("lr", number(0.1))]))
            .op(Some(T - 8.5), update("lr", number(0.2)))
            .op(None, update("lr", number(0.3)))
            .op(None, update("seed", number(1.0)))
            .op(Some(T + 5.0), update("lr", number(0.4)))
            .op(Some(T + 5.9), update("lr", number(0.5)))
            .op(Some(T + 6.1), update("lr", number(0.6)));
        let found = newest_first(&made.run().params);
        let found: Vec<(Option<f64>, usize, bool)> = found
            .map(|moment| {
                let time = moment.time.map(|time| time - T);
                (time, moment.events.len(), moment.is_first)
            })
            .collect();
        let time = |at: f64| Some((T + at) - T);
        let expected = [
            (time(6.1), 2, false),
            (time(5.0), 1, false),
            (None, 2, false),
            (time(-8.5), 1, false),
            (time(-9.0), 1, true),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn many_changes_and_long_values_are_told_in_few_words() {
        let mut made = made().op(Some(T - 1.0), update("lr", number(0.0)));
        for at in 1..=150_u32 {
            made = made.op(
                Some(T + f64::from(at) * 10.0),
                update("lr", number(f64::from(at))),
            );
        }
        let list = Value::List(vec![number(1.0); 7]);
        for key in ["a", "b", "c", "d", "e"] {
            made = made.op(Some(T + 9999.0), update(key, list.clone()));
        }
        let made = made.op(Some(T + 20_000.0), update("a", Value::Text("x".repeat(90))));
        let told = told(&made);
        assert_eq!(told.len(), MOMENTS);
        assert_eq!(told[0].1, "lr 52 → 53");
        assert_eq!(told[MOMENTS - 2].1.matches("[7 items]").count(), 4);
        assert_eq!(told[MOMENTS - 2].2, 1);
        let long = format!("a [7 items] → {}…", "x".repeat(31));
        assert_eq!(told[MOMENTS - 1].1, long);
    }
}
