//! Rows of numbers, whatever tracker wrote them.
//!
//! Regular lines take the fast path of [`line_shape`](super::line_shape); all others are walked,
//! understood by [`row_reader`](super::row_reader), and teach the fast path their shape.

use crate::formats::columns::Collector;
use crate::formats::json::Tape;
use crate::formats::keys::Keys;
use crate::formats::line_shape::Shapes;
use crate::formats::records::{Next, Records};
use crate::formats::row_reader::{Cell, Row, RowReader};
use crate::formats::{Decoder, Flaw, Piece, time};
use crate::record::{ColumnId, FullRow, Layout, MOST_KEYS, StreamKind, Value};

/// Rows in one piece: few enough to stay in the processor's cache.
const MAX_ROWS: u32 = 4_096;

/// Reads rows from the bytes of one file.
#[derive(Debug)]
pub struct RowDecoder {
    kind: StreamKind,
    keys: Keys,
    shapes: Shapes,
    tape: Tape,
    collector: Collector,
    row: Row,
    told: Told,
}

/// What was said once and need not be said again.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    layout: bool,
    too_many_keys: bool,
}

impl RowDecoder {
    pub fn new(kind: StreamKind) -> Self {
        Self {
            kind,
            keys: Keys::default(),
            shapes: Shapes::default(),
            tape: Tape::default(),
            collector: Collector::default(),
            row: Row::default(),
            told: Told::default(),
        }
    }

    /// A decoder for a later segment of the same file, which knows the keys and shapes so far. It
    /// numbers and announces further keys by itself: translate them with [`RowDecoder::adopt`].
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            shapes: self.shapes.fork(),
            told: self.told,
            ..Self::new(self.kind)
        }
    }

    /// A decoder that never takes the fast path.
    #[cfg(test)]
    pub(crate) fn slow_only(kind: StreamKind) -> Self {
        Self {
            shapes: Shapes::disabled(),
            ..Self::new(kind)
        }
    }

    #[cfg(test)]
    pub(crate) fn shapes_learned(&self) -> usize {
        self.shapes.len()
    }

    /// How many keys are known.
    pub fn known(&self) -> u32 {
        self.keys.len() as u32
    }

    /// Takes over keys that a fork announced: their numbers here, and those that are new here.
    pub fn adopt(&mut self, keys: &[String]) -> (Vec<ColumnId>, Vec<String>) {
        let numbers = keys
            .iter()
            .map(|key| ColumnId(self.keys.number(key).unwrap_or(u32::MAX)));
        (numbers.collect(), self.keys.news().to_vec())
    }

    /// Decodes objects that lie anywhere in a document, each as a row.
    pub(crate) fn objects(
        &mut self,
        bytes: &[u8],
        places: &[std::ops::Range<usize>],
        sink: &mut dyn FnMut(Piece),
    ) {
        for place in places {
            let base = place.start as u64;
            self.collect(
                &Records {
                    bytes: &bytes[place.clone()],
                    base,
                    last: true,
                },
                sink,
            );
        }
        self.emit(sink);
    }

    /// Decodes as [`Decoder::decode`] does, but keeps the last rows for later.
    fn collect(&mut self, records: &Records<'_>, sink: &mut dyn FnMut(Piece)) -> usize {
        let Records { bytes, base, .. } = *records;
        let mut at = 0;
        loop {
            at = self
                .shapes
                .run(bytes, base, at, MAX_ROWS, &mut self.collector);
            if self.collector.rows() >= MAX_ROWS {
                self.emit(sink);
                continue;
            }
            match records.next(&mut self.tape, at) {
                Next::Record { start, end } => {
                    self.hint_at_layout(bytes, sink);
                    self.understand(records, start, end, sink);
                    at = end;
                }
                Next::Flaw { flaw, resume } => {
                    sink(Piece::Flaw(flaw));
                    at = resume;
                }
                Next::Done { consumed } => return consumed,
            }
        }
    }

    /// Understands the record on the tape, appends it, and teaches the fast path its shape.
    fn understand(
        &mut self,
        records: &Records<'_>,
        start: usize,
        end: usize,
        sink: &mut dyn FnMut(Piece),
    ) {
        let offset = records.base + start as u64;
        self.read_row(records.bytes);
        if self.row.hidden_keys > 0 && !self.told.too_many_keys {
            self.told.too_many_keys = true;
            let hidden = self.row.hidden_keys;
            let reason = format!("only {MOST_KEYS} keys are kept: this row has {hidden} more");
            sink(Piece::Flaw(Flaw { offset, reason }));
        }
        if !self.append(offset) {
            self.row.regular = false;
            self.row.flaw = Some("a key appears twice; its last value counts");
        }
        if let Some(reason) = self.row.flaw {
            sink(Piece::Flaw(Flaw {
                offset,
                reason: reason.to_owned(),
            }));
        }
        if self.row.regular && self.shapes.miss() {
            let others = self
                .row
                .cells
                .iter()
                .filter(|(_, cell)| *cell == Cell::Other);
            let others = others.map(|(column, _)| *column).collect();
            self.shapes.learn(
                &self.tape,
                records.bytes,
                start..end,
                &self.row.uses(),
                others,
            );
        }
    }

    fn read_row(&mut self, bytes: &[u8]) {
        let Self {
            kind,
            keys,
            tape,
            row,
            ..
        } = self;
        RowReader {
            kind: *kind,
            bytes,
            tape,
            keys,
            row,
        }
        .read();
    }

    /// Appends the row; false when it has a key twice.
    fn append(&mut self, offset: u64) -> bool {
        let (step, time) = (self.row.step(), self.row.time);
        self.collector
            .begin(offset, step.unwrap_or(f64::NAN), time.unwrap_or(f64::NAN));
        let mut distinct = true;
        for &(column, cell) in &self.row.cells {
            match cell {
                Cell::Number(value) => distinct &= self.collector.push(column, value),
                Cell::Other => self.collector.push_other(column),
            }
        }
        self.collector.end();
        distinct
    }

    fn emit(&mut self, sink: &mut dyn FnMut(Piece)) {
        let news = self.keys.news();
        if !news.is_empty() {
            sink(Piece::Keys(news.to_vec()));
        }
        if let Some(rows) = self.collector.take() {
            sink(Piece::Rows(rows));
        }
    }

    /// A download is told from what it copied by the decimals of its time stamps alone.
    fn hint_at_layout(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Piece)) {
        if std::mem::replace(&mut self.told.layout, true) {
            return;
        }
        let created = self
            .tape
            .get(bytes, 0, "createdAt")
            .map(|node| self.tape.raw(bytes, node));
        let enveloped = self.tape.get(bytes, 0, "data").is_some();
        if enveloped && created.is_some_and(|text| time::decimals(text) == 3) {
            sink(Piece::Layout(Layout::Download));
        }
    }
}

impl Decoder for RowDecoder {
    fn decode(
        &mut self,
        bytes: &[u8],
        base: u64,
        last: bool,
        sink: &mut dyn FnMut(Piece),
    ) -> usize {
        let consumed = self.collect(&Records { bytes, base, last }, sink);
        self.emit(sink);
        consumed
    }
}

/// Reads rows in full from bytes that start at a record, at most `limit` of them. `last` is as for
/// [`Decoder::decode`]. Returns the rows and how many bytes were consumed; the rows are exactly
/// those that [`RowDecoder`] counts.
pub fn full_rows(
    kind: StreamKind,
    bytes: &[u8],
    base: u64,
    last: bool,
    limit: usize,
) -> (Vec<FullRow>, usize) {
    let records = Records { bytes, base, last };
    let mut decoder = RowDecoder::new(kind);
    let mut rows = Vec::new();
    let mut at = 0;
    while rows.len() < limit {
        match records.next(&mut decoder.tape, at) {
            Next::Record { end, .. } => {
                decoder.read_row(bytes);
                rows.push(full_row(&decoder.tape, bytes, &decoder.row));
                at = end;
            }
            Next::Flaw { resume, .. } => at = resume,
            Next::Done { consumed } => return (rows, consumed),
        }
    }
    (rows, at)
}

/// Everything in the row but its times.
fn full_row(tape: &Tape, bytes: &[u8], row: &Row) -> FullRow {
    let mut data = Vec::new();
    let members = tape
        .members(row.body)
        .filter(|(_, value)| !row.times.contains(&(*value as u32)));
    for (key, value) in members {
        flatten(tape.text(bytes, key), tape.value(bytes, value), &mut data);
    }
    FullRow {
        step: row.step(),
        time: row.time,
        data,
    }
}

/// Maps become dotted keys; everything else is a value.
pub(crate) fn flatten(key: String, value: Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            for (inner, value) in entries {
                flatten(format!("{key}.{inner}"), value, into);
            }
        }
        value => into.push((key, value)),
    }
}
