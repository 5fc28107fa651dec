//! What a name stands for among the names that a run has: found out once for all runs of a sweep,
//! whose names are the same, so that a question is answered without looking at any of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use crate::insight::metric::{Metric, Split};
use crate::insight::series::Names;
use crate::record::Value;
use crate::store::{Column, Params, Run};

/// Sets of names that are remembered at a time: nobody has sweeps of so many kinds.
const MOST: usize = 4_096;
/// So far the place of a parameter is reached quicker by counting than by its key.
const NEAR: usize = 64;

/// What a name was found to stand for, by the fingerprint of the names among which it was sought.
#[derive(Clone, Debug, Default)]
pub(super) struct Meanings {
    params: RefCell<HashMap<u64, Option<Rc<Place>>>>,
    metrics: RefCell<HashMap<u64, Rc<[Candidate]>>>,
}

/// Where a parameter stands among all of a run.
#[derive(Debug)]
struct Place {
    at: usize,
    key: String,
    is_whole: bool,
}

/// A parameter that a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Param<'a> {
    pub(super) value: &'a Value,
    /// The name is its whole key, not only the end of it.
    pub(super) is_whole: bool,
}

/// A series that a name may stand for.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// The lowest is meant.
    rank: u8,
    stream: usize,
    column: usize,
}

impl Meanings {
    /// The parameter of this name, or the only one whose last parts have it.
    pub(super) fn param<'a>(&self, name: &str, params: &'a Params) -> Option<Param<'a>> {
        let place = remembered(&self.params, params.names(), || {
            place(name, params).map(Rc::new)
        })?;
        let value = value_at(params, &place)?;
        Some(Param {
            value,
            is_whole: place.is_whole,
        })
    }

    /// The series that a metric means: on the data that it names. Without one the series that names
    /// none either, else the one on the validation data, the test data, the training data. Of equals
    /// the one with the most values.
    pub(super) fn column<'a>(
        &self,
        wanted: &Metric,
        names: &Names,
        run: &'a Run,
    ) -> Option<&'a Column> {
        let candidates = remembered(&self.metrics, names.fingerprint(), || {
            candidates(wanted, names.metrics())
        });
        meant(&candidates, run)
    }
}

/// As [`Meanings::column`], among names that nobody keeps: streams, columns and what they mean.
pub(super) fn column_among<'a, M: Deref<Target = Metric>>(
    wanted: &Metric,
    metrics: impl Iterator<Item = (usize, usize, M)>,
    run: &'a Run,
) -> Option<&'a Column> {
    meant(&candidates(wanted, metrics), run)
}

/// Of the lowest rank the series with the most values.
fn meant<'a>(candidates: &[Candidate], run: &'a Run) -> Option<&'a Column> {
    let mut best: Option<(u8, &Column)> = None;
    for candidate in candidates {
        let stream = run.streams.get(candidate.stream);
        let column = stream.and_then(|stream| stream.columns().get(candidate.column));
        let Some(column) = column.filter(|column| column.count() > 0) else {
            continue;
        };
        let better = |(rank, held): (u8, &Column)| {
            candidate.rank < rank || candidate.rank == rank && column.count() > held.count()
        };
        if best.is_none_or(better) {
            best = Some((candidate.rank, column));
        }
    }
    best.map(|(_, column)| column)
}

fn remembered<T: Clone>(
    known: &RefCell<HashMap<u64, T>>,
    names: u64,
    find_out: impl FnOnce() -> T,
) -> T {
    let mut known = known.borrow_mut();
    if let Some(found) = known.get(&names) {
        return found.clone();
    }
    if known.len() >= MOST {
        known.clear();
    }
    known.entry(names).or_insert_with(find_out).clone()
}

fn place(name: &str, params: &Params) -> Option<Place> {
    let keys = || params.values.keys().enumerate();
    let place = |(at, key): (usize, &String), is_whole| Place {
        at,
        key: key.clone(),
        is_whole,
    };
    if params.values.contains_key(name) {
        let whole = keys().find(|(_, key)| *key == name)?;
        return Some(place(whole, true));
    }
    let mut ends = keys().filter(|(_, key)| is_end(name, key));
    match (ends.next(), ends.next()) {
        (Some(only), None) => Some(place(only, false)),
        _ => None,
    }
}

fn value_at<'a>(params: &'a Params, place: &Place) -> Option<&'a Value> {
    if place.at >= NEAR {
        return params.get(&place.key);
    }
    let (key, param) = params.values.iter().nth(place.at)?;
    (*key == place.key).then_some(&param.value)
}

/// Whether a dotted key is this name, or ends with its parts, in any case.
fn is_end(name: &str, key: &str) -> bool {
    let Some(start) = key.len().checked_sub(name.len()) else {
        return false;
    };
    let (key, name) = (key.as_bytes(), name.as_bytes());
    (start == 0 || key[start - 1] == b'.') && key[start..].eq_ignore_ascii_case(name)
}

fn candidates<M: Deref<Target = Metric>>(
    wanted: &Metric,
    metrics: impl Iterator<Item = (usize, usize, M)>,
) -> Rc<[Candidate]> {
    let rank = |metric: &Metric| match (wanted.split, metric.split) {
        (wanted, held) if wanted == held => Some(0),
        (None, Some(Split::Val)) => Some(1),
        (None, Some(Split::Test)) => Some(2),
        (None, _) => Some(3),
        _ => None,
    };
    let is_meant = |metric: &Metric| {
        metric.is_same_quantity(wanted)
            && (metric.part == wanted.part || wanted.part.is_none() && metric.is_line())
    };
    let meant = metrics.filter_map(|(stream, column, metric)| {
        let rank = rank(&metric).filter(|_| is_meant(&metric))?;
        Some(Candidate {
            rank,
            stream,
            column,
        })
    });
    meant.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use crate::insight::made::{Made, T};
    use crate::insight::overview::Overview;
    use crate::insight::query::{Asked, Query};
    use crate::record::{Layout, Number, ParamOp, Value};

    const PARAMS: [&str; 6] = ["a.lr", "b.lr", "lr", "loss", "x.loss", "z.val.loss"];
    const METRICS: [&str; 5] = ["loss", "val_loss", "test_loss", "train/loss", "lr"];
    const QUESTIONS: [&str; 8] = [
        "lr<2",
        "lr=*",
        "loss>=3",
        "val.loss>2",
        "z.val.loss!=5",
        "best.loss<1",
        "param.loss>0",
        "no.such=*",
    ];

    fn set(keys: &[&str], filler: usize) -> ParamOp {
        let number = |at: usize| {
            let (value, text) = (at as f64, at.to_string().into());
            Value::Number(Number { text, value })
        };
        let filler = (0..filler).map(|at| (format!("f{at}.lr2"), Value::Null));
        let keys = keys.iter().enumerate();
        let keys = keys.map(|(at, key)| ((*key).to_owned(), number(at)));
        ParamOp::Set(Value::Map(keys.chain(filler).collect()))
    }

    proptest! {
        /// What is remembered of other runs, and of the same run when it had other names, makes no
        /// difference.
        #[test]
        fn every_run_is_answered_as_if_it_were_the_first(
            runs in prop::collection::vec(
                (
                    subsequence(METRICS.to_vec(), 0..=METRICS.len()),
                    prop::collection::vec(
                        (subsequence(PARAMS.to_vec(), 1..=PARAMS.len()), 0..80_usize),
                        1..4,
                    ),
                ),
                1..6,
            )
        ) {
            let read = |text: &str| Query::parse(text).expect("it is right");
            let known = QUESTIONS.map(read);
            for (metrics, sets) in runs {
                let values: Vec<f64> = (0..metrics.len()).map(|at| at as f64).collect();
                let mut made = Made::new(Layout::Flat).stream("", &metrics, &[(0.0, T, &values)]);
                for (keys, filler) in sets {
                    made = made.op(None, set(&keys, filler));
                    let overview = Overview::of(made.run(), T);
                    let asked = Asked {
                        run: made.run(),
                        overview: Some(&overview),
                        glance: None,
                        words: "",
                        now: T,
                    };
                    for (query, text) in known.iter().zip(QUESTIONS) {
                        prop_assert_eq!(query.matches(&asked), read(text).matches(&asked), "{}", text);
                    }
                }
            }
        }
    }
}
