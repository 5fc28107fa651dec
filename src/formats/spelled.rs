//! Chosen numbers of rows as the file spells them: every digit, for tables that others read.

use crate::formats::json::{Kind, Tape};
use crate::formats::keys::Keys;
use crate::formats::line_shape::Use;
use crate::formats::records::{Next, Records};
use crate::formats::row_reader::{Cell, Row, RowReader};
use crate::record::StreamKind;

/// Reads rows for the numbers under some keys.
#[derive(Debug)]
pub struct Speller {
    kind: StreamKind,
    keys: Keys,
    tape: Tape,
    row: Row,
    /// By the place of the key: what the row at hand has under it.
    found: Vec<Option<Found>>,
}

/// One row, as long as it is looked at.
#[derive(Debug)]
pub struct SpelledRow<'a> {
    bytes: &'a [u8],
    tape: &'a Tape,
    row: &'a Row,
    found: &'a [Option<Found>],
}

/// A number and its spelling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spelled<'a> {
    /// `0.10`, `1e-05`; what has no digits is `NaN`, `Infinity` or `-Infinity`.
    pub text: &'a str,
    pub value: f64,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    value: f64,
    /// Nothing for a number in quotes.
    token: Option<u32>,
}

impl Speller {
    pub fn new(kind: StreamKind, keys: &[String]) -> Self {
        let mut known = Keys::default();
        for key in keys {
            known.number(key);
        }
        Self {
            kind,
            keys: known,
            tape: Tape::default(),
            row: Row::default(),
            found: vec![None; keys.len()],
        }
    }

    /// Reads whole rows from `bytes`, which start at byte `base` of the file, as long as `sink` wants
    /// more, and returns how many bytes are done with. `last` is as for
    /// [`Decoder::decode`](super::Decoder::decode); the rows are those that
    /// [`RowDecoder`](super::RowDecoder) counts.
    pub fn read(
        &mut self,
        bytes: &[u8],
        base: u64,
        last: bool,
        sink: &mut dyn FnMut(&SpelledRow<'_>) -> bool,
    ) -> usize {
        let records = Records { bytes, base, last };
        let mut at = 0;
        loop {
            match records.next(&mut self.tape, at) {
                Next::Record { end, .. } => {
                    at = end;
                    self.understand(bytes);
                    let row = SpelledRow {
                        bytes,
                        tape: &self.tape,
                        row: &self.row,
                        found: &self.found,
                    };
                    if !sink(&row) {
                        return at;
                    }
                }
                Next::Flaw { resume, .. } => at = resume,
                Next::Done { consumed } => return consumed,
            }
        }
    }

    /// Reads the record on the tape. Of a key that stands there twice, the last value counts.
    fn understand(&mut self, bytes: &[u8]) {
        let Self {
            kind,
            keys,
            tape,
            row,
            found,
        } = self;
        RowReader {
            kind: *kind,
            bytes,
            tape,
            keys,
            row,
        }
        .read();
        found.fill(None);
        for &(column, cell) in &row.cells {
            if let (Some(place), Cell::Number(value)) = (found.get_mut(column as usize), cell) {
                *place = Some(Found { value, token: None });
            }
        }
        for (token, used) in row.used() {
            if let Use::Column(column) = used
                && let Some(Some(found)) = found.get_mut(column as usize)
            {
                found.token = Some(token);
            }
        }
    }
}

impl<'a> SpelledRow<'a> {
    /// The number under a key, by its place among those that were asked for.
    pub fn number(&self, key: usize) -> Option<Spelled<'a>> {
        let found = (*self.found.get(key)?)?;
        let is_number = |token: &u32| {
            let node = self.tape.node(*token as usize);
            node.is_some_and(|node| node.kind == Kind::Number && node.number == found.value)
        };
        let text = found.token.filter(is_number).and_then(|at| self.text(at));
        Some(Spelled {
            text: text.unwrap_or(word(found.value)),
            value: found.value,
        })
    }

    /// The step that the row names.
    pub fn step(&self) -> Option<Spelled<'a>> {
        let value = self.row.step()?;
        let text = self.text(self.row.step_token()?)?;
        Some(Spelled { text, value })
    }

    /// Seconds since 1970.
    pub fn time(&self) -> Option<f64> {
        self.row.time
    }

    fn text(&self, token: u32) -> Option<&'a str> {
        std::str::from_utf8(self.tape.raw(self.bytes, token as usize)).ok()
    }
}

fn word(value: f64) -> &'static str {
    match value {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Words = (Option<String>, Option<f64>, Vec<Option<String>>);

    fn rows(bytes: &[u8], keys: &[&str]) -> Vec<Words> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let mut rows = Vec::new();
        let mut speller = Speller::new(StreamKind::Metric, &keys);
        speller.read(bytes, 0, true, &mut |row| {
            let text = |at| row.number(at).map(|number| number.text.to_owned());
            let step = row.step().map(|step| step.text.to_owned());
            rows.push((step, row.time(), (0..keys.len()).map(text).collect()));
            true
        });
        rows
    }

    #[test]
    fn numbers_keep_their_spelling() {
        let bytes = concat!(
            r#"{"step": 5, "loss": 0.10, "in": {"a": 1E-3}, "note": "x"}"#,
            "\n",
            r#"{"step": "7.50", "loss": NaN, "in": {"a": null}}"#,
            "\n",
            r#"{"loss": "-inf", "loss2": 1, "in.a": 1e400}"#,
            "\n",
            r#"{"loss": 1, "loss": 2.0, "note": 3}"#,
        );
        let some = |text: &str| Some(text.to_owned());
        let expected = [
            (some("5"), None, vec![some("0.10"), some("1E-3"), None]),
            (some("7.50"), None, vec![some("NaN"), some("NaN"), None]),
            (None, None, vec![some("-Infinity"), some("1e400"), None]),
            (None, None, vec![some("2.0"), None, some("3")]),
        ];
        assert_eq!(rows(bytes.as_bytes(), &["loss", "in.a", "note"]), expected);
    }

    #[test]
    fn envelopes_have_steps_and_times() {
        let bytes =
            br#"{"timestamp": 1795159366.5, "metrics": {"loss": 2.50, "step": 3}, "step": 10}"#;
        let expected = (
            Some("10".to_owned()),
            Some(1_795_159_366.5),
            vec![Some("2.50".to_owned())],
        );
        assert_eq!(rows(bytes, &["loss"]), [expected]);
    }

    #[test]
    fn whoever_has_enough_gets_no_more() {
        let bytes = b"{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n";
        let (mut seen, mut speller) = (0, Speller::new(StreamKind::Metric, &[]));
        let done = speller.read(bytes, 0, true, &mut |_| {
            seen += 1;
            seen < 2
        });
        assert_eq!((seen, done), (2, 18));
    }
}
