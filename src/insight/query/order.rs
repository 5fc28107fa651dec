//! Runs in the order of something that they have: `val.loss`, `lr down`.

use std::cmp::Ordering;

use super::answer::{Held, held};
use super::subject::{self, Count, Named, Subject};
use super::{Asked, Mistake};
use crate::insight::metric::Direction;

/// By what runs are put in order.
#[derive(Clone, Debug)]
pub struct Order {
    subject: Subject,
    /// The largest first.
    falling: bool,
}

impl Order {
    /// Reads a name and, behind it, `up` or `down`; without them the better comes first, as far as
    /// that is known.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let text = text.trim_end();
        let (name, falling) = match text.rsplit_once(char::is_whitespace) {
            Some((name, "up")) => (name, Some(false)),
            Some((name, "down")) => (name, Some(true)),
            _ => (text, None),
        };
        let mistake = |words: String| Mistake {
            at: 0..text.len(),
            words,
        };
        let name = name.trim();
        if name.is_empty() {
            return Err(mistake(
                "expected what to sort by, such as val.loss or lr".to_owned(),
            ));
        }
        let subject = subject::subject(name).map_err(mistake)?;
        let falling = falling.unwrap_or_else(|| is_better_higher(&subject));
        Ok(Self { subject, falling })
    }

    /// What a run has, to be compared with [`Self::compare`].
    pub fn key(&self, asked: &Asked<'_>) -> Key {
        Key(held(&self.subject, asked))
    }

    /// Runs that have no such thing come last, whichever way it goes, and before them those whose
    /// value is NaN.
    pub fn compare(&self, a: &Key, b: &Key) -> Ordering {
        let rank = |key: &Key| match &key.0 {
            Some(Held::Number(number)) if !number.is_nan() => 0,
            Some(Held::Text(_)) => 1,
            Some(Held::Number(_)) => 2,
            None => 3,
        };
        let order = match (&a.0, &b.0) {
            (Some(Held::Number(a)), Some(Held::Number(b))) => a.total_cmp(b),
            (Some(Held::Text(a)), Some(Held::Text(b))) => a.cmp(b),
            _ => Ordering::Equal,
        };
        let order = if self.falling { order.reverse() } else { order };
        rank(a).cmp(&rank(b)).then(order)
    }
}

/// What a run has, as far as runs are put in order by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Key(Option<Held>);

fn is_better_higher(subject: &Subject) -> bool {
    match subject {
        Subject::Named(named) => {
            let Named { metric, .. } = &**named;
            let direction = metric.as_ref().map(|(metric, _)| metric.direction());
            direction == Some(Direction::Up)
        }
        Subject::Count(count) => matches!(
            count,
            Count::Epoch | Count::Step | Count::Rows | Count::Progress
        ),
        _ => false,
    }
}
