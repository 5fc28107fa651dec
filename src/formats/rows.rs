//! Rows of numbers, whatever tracker wrote them.
//!
//! A row is an object, either flat or in an envelope that holds the numbers under `data` or
//! `metrics`. Regular lines take the fast path of [`line_shape`](super::line_shape); all others are
//! walked and interpreted here, and teach the fast path their shape.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::formats::columns::Collector;
use crate::formats::json::{Kind, Tape};
use crate::formats::line_shape::{Shapes, Use};
use crate::formats::records::{Next, Records};
use crate::formats::{Decoder, Flaw, Piece, number, time};
use crate::record::{ColumnId, FullRow, Layout, StreamKind, Value};

/// More keys than this in one stream are a mistake of the writer; they are counted, not kept.
const MAX_KEYS: usize = 2_000;
/// A longer key is no name.
const MAX_KEY_LENGTH: usize = 1_024;
/// A row of a track may hold short lists (joint angles): each element is a column.
const MAX_ELEMENTS: usize = 16;
/// Rows in one piece: few enough to stay in the processor's cache.
const MAX_ROWS: u32 = 4_096;

/// Keys that name a row's place in the training, the best first.
const STEP_KEYS: [&[u8]; 6] = [
    b"step",
    b"global_step",
    b"_step",
    b"iteration",
    b"iter",
    b"epoch",
];
/// Keys of a flat row that name its time, when they hold a moment.
const TIME_KEYS: [&[u8]; 8] = [
    b"timestamp",
    b"_timestamp",
    b"_ts",
    b"createdAt",
    b"created_at",
    b"time",
    b"ts",
    b"wall_time",
];
/// What an envelope may hold beside the numbers.
const ENVELOPE_KEYS: [&[u8]; 6] = [
    b"index",
    b"createdAt",
    b"timestamp",
    b"step",
    b"updatedAt",
    b"sequenceNumber",
];

/// A quick hash for keys. There are at most [`MAX_KEYS`], so that no choice of keys does harm.
type KeyHasher = BuildHasherDefault<KeyHash>;

#[derive(Clone, Copy, Debug, Default)]
struct KeyHash(u64);

impl Hasher for KeyHash {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// Reads rows from the bytes of one file.
#[derive(Debug)]
pub struct RowDecoder {
    kind: StreamKind,
    keys: Vec<String>,
    numbers: HashMap<String, u32, KeyHasher>,
    /// How many keys have been announced to the sink.
    announced: usize,
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

/// One row as the slow path understands it.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<(u32, Cell)>,
    /// How good the key is that names the step, the step, and its token.
    step: Option<(usize, f64, u32)>,
    time: Option<f64>,
    /// The token that holds the time.
    time_token: Option<u32>,
    /// For every token of the line that may change from row to row: what it is used for.
    uses: Vec<(u32, Use)>,
    path: String,
    flaw: Option<&'static str>,
    /// Whether another line of the same shape can be trusted to mean the same.
    regular: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Number(f64),
    Other,
}

impl RowDecoder {
    pub fn new(kind: StreamKind) -> Self {
        Self {
            kind,
            keys: Vec::new(),
            numbers: HashMap::default(),
            announced: 0,
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
            numbers: self.numbers.clone(),
            announced: self.keys.len(),
            shapes: self.shapes.clone(),
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
        let before = self.keys.len();
        let numbers = keys
            .iter()
            .map(|key| ColumnId(self.number_of(key).unwrap_or(u32::MAX)));
        let numbers = numbers.collect();
        self.announced = self.keys.len();
        (numbers, self.keys[before..].to_vec())
    }

    fn number_of(&mut self, key: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(key) {
            return Some(*number);
        }
        if self.keys.len() >= MAX_KEYS || key.len() > MAX_KEY_LENGTH {
            return None;
        }
        let number = self.keys.len() as u32;
        self.numbers.insert(key.to_owned(), number);
        self.keys.push(key.to_owned());
        Some(number)
    }

    fn emit(&mut self, sink: &mut dyn FnMut(Piece)) {
        if self.announced < self.keys.len() {
            sink(Piece::Keys(self.keys[self.announced..].to_vec()));
            self.announced = self.keys.len();
        }
        if let Some(rows) = self.collector.take() {
            sink(Piece::Rows(rows));
        }
    }

    /// Understands the record on the tape and appends it.
    fn slow(
        &mut self,
        records: &Records<'_>,
        start: usize,
        end: usize,
        sink: &mut dyn FnMut(Piece),
    ) {
        let offset = records.base + start as u64;
        let mut reader = RowReader {
            decoder: self,
            bytes: records.bytes,
            over: false,
        };
        reader.read();
        let over = reader.over;
        if over && !self.told.too_many_keys {
            self.told.too_many_keys = true;
            let reason = format!("more than {MAX_KEYS} keys; the further ones are not kept");
            sink(Piece::Flaw(Flaw { offset, reason }));
        }
        let time = self.row.time.unwrap_or(f64::NAN);
        let step = self.row.step.map_or(f64::NAN, |(_, step, _)| step);
        self.collector.begin(offset, step, time);
        for &(column, cell) in &self.row.cells {
            let fresh = match cell {
                Cell::Number(value) => self.collector.push(column, value),
                Cell::Other => self.collector.push_other(column),
            };
            if !fresh {
                self.row.regular = false;
                self.row.flaw = Some("a key appears twice; its last value counts");
            }
        }
        self.collector.end();
        if let Some(reason) = self.row.flaw {
            sink(Piece::Flaw(Flaw {
                offset,
                reason: reason.to_owned(),
            }));
        }
        if self.row.regular && !over {
            self.learn(records.bytes, start, end);
        }
    }

    /// Teaches the fast path the shape of the record that was just understood.
    fn learn(&mut self, bytes: &[u8], start: usize, end: usize) {
        if let Some((_, _, node)) = self.row.step {
            match self.row.uses.iter_mut().find(|(used, _)| *used == node) {
                Some((_, used)) => used.make_step(),
                None => return,
            }
        }
        let others = self
            .row
            .cells
            .iter()
            .filter(|(_, cell)| *cell == Cell::Other);
        let others: Vec<u32> = others.map(|(column, _)| *column).collect();
        self.shapes
            .learn(&self.tape, bytes, start..end, &self.row.uses, others);
    }

    fn hint_at_layout(&mut self, records: &Records<'_>, sink: &mut dyn FnMut(Piece)) {
        if self.told.layout {
            return;
        }
        self.told.layout = true;
        let (tape, bytes) = (&self.tape, records.bytes);
        let created = tape
            .get(bytes, 0, "createdAt")
            .map(|node| tape.raw(bytes, node));
        let enveloped = tape.get(bytes, 0, "data").is_some();
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

impl RowDecoder {
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
                    self.hint_at_layout(records, sink);
                    self.slow(records, start, end, sink);
                    at = end;
                }
                Next::Flaw {
                    at: place,
                    resume,
                    reason,
                } => {
                    sink(Piece::Flaw(Flaw {
                        offset: base + place as u64,
                        reason,
                    }));
                    at = resume;
                }
                Next::Done { consumed } => return consumed,
            }
        }
    }

    /// Decodes objects that lie anywhere in a document, each as a row.
    pub(crate) fn objects(
        &mut self,
        bytes: &[u8],
        places: &[std::ops::Range<usize>],
        sink: &mut dyn FnMut(Piece),
    ) {
        for place in places {
            let bytes = &bytes[place.clone()];
            self.collect(
                &Records {
                    bytes,
                    base: place.start as u64,
                    last: true,
                },
                sink,
            );
        }
        self.emit(sink);
    }
}

/// Interprets the record on a decoder's tape into its row.
struct RowReader<'d, 'b> {
    decoder: &'d mut RowDecoder,
    bytes: &'b [u8],
    over: bool,
}

impl RowReader<'_, '_> {
    fn read(&mut self) {
        let row = &mut self.decoder.row;
        row.cells.clear();
        row.uses.clear();
        row.path.clear();
        (row.step, row.time, row.flaw, row.regular) = (None, None, None, true);
        row.time_token = None;
        match body(&self.decoder.tape, self.bytes) {
            Some(body) => self.envelope(body),
            None => self.object(0, true),
        }
    }

    /// An envelope: numbers under `data` or `metrics`, and around them what the tracker adds.
    fn envelope(&mut self, body: usize) {
        let mut at = 1;
        while let Some((key, value)) = self.member(at, 0) {
            at = self.next(value);
            let name = self.decoder.tape.raw(self.bytes, key);
            match name {
                _ if value == body => {
                    self.object(body, false);
                }
                b"step" => self.envelope_step(value),
                b"timestamp" | b"createdAt" => self.moment(value, self.decoder.row.time.is_none()),
                _ => self.skip(value),
            }
        }
    }

    fn envelope_step(&mut self, value: usize) {
        match self.step_of(value) {
            Some(step) => {
                let quoted = self.kind(value) == Some(Kind::Text);
                let row = &mut self.decoder.row;
                row.step = Some((0, step, value as u32));
                row.uses.push((value as u32, Use::Skip));
                row.regular &= !quoted;
            }
            None if self.kind(value) == Some(Kind::Null) => self.skip(value),
            None => {
                self.decoder.row.regular = false;
                self.decoder.row.flaw =
                    Some("the step is no number; the row's number stands for it");
            }
        }
    }

    /// The members of an object as cells, their keys joined by dots.
    fn object(&mut self, object: usize, top: bool) {
        let mut at = object + 1;
        while let Some((key, value)) = self.member(at, object) {
            at = self.next(value);
            let length = self.decoder.row.path.len();
            self.push_key(key, length > 0);
            let may_be_time = self.is_own_time(top, length == 0, key);
            if !(may_be_time && self.take_time(value)) {
                // The same key could be the time in the next row.
                self.decoder.row.regular &= !may_be_time;
                self.cell(key, value, length == 0);
            }
            self.decoder.row.path.truncate(length);
        }
    }

    fn push_key(&mut self, key: usize, nested: bool) {
        let RowDecoder { row, tape, .. } = &mut *self.decoder;
        if nested {
            row.path.push('.');
        }
        if tape.node(key).is_some_and(|node| node.escaped) {
            row.path.push_str(&tape.text(self.bytes, key));
        } else {
            row.path
                .push_str(&String::from_utf8_lossy(tape.raw(self.bytes, key)));
        }
    }

    /// Whether this key can hold the time of the row: `_ts` beside the numbers of an envelope, any
    /// time key of a flat row.
    fn is_own_time(&self, top: bool, outermost: bool, key: usize) -> bool {
        let name = self.decoder.tape.raw(self.bytes, key);
        outermost && (name == b"_ts" || top && TIME_KEYS.contains(&name))
    }

    /// Takes the value as the row's time when it is a moment; `_ts` never is anything else.
    fn take_time(&mut self, value: usize) -> bool {
        let Some(node) = self.decoder.tape.node(value).copied() else {
            return false;
        };
        let is_track = self.decoder.kind == StreamKind::Track;
        let found = match node.kind {
            Kind::Number if is_track => Some(node.number),
            Kind::Number => time::from_number(node.number),
            Kind::Text => time::from_text(self.decoder.tape.raw(self.bytes, value)),
            _ => None,
        };
        if found.is_none() {
            let reserved = self.decoder.row.path == "_ts";
            if reserved {
                self.decoder.row.regular = false;
            }
            return reserved;
        }
        let used = match node.kind {
            Kind::Number if time::is_plausible(node.number) => Use::Time,
            Kind::Text if time::iso8601(self.decoder.tape.raw(self.bytes, value)).is_some() => {
                Use::Moment
            }
            _ => {
                self.decoder.row.regular = false;
                Use::Skip
            }
        };
        let row = &mut self.decoder.row;
        if row.time.is_some() {
            row.uses.push((
                value as u32,
                if node.kind == Kind::Text {
                    Use::SkipMoment
                } else {
                    Use::Skip
                },
            ));
        } else {
            row.time = found;
            row.time_token = Some(value as u32);
            row.uses.push((value as u32, used));
        }
        true
    }

    /// A time of the envelope. The finer one inside the numbers (`_ts`) goes before it.
    fn moment(&mut self, value: usize, wanted: bool) {
        let is_text = self.kind(value) == Some(Kind::Text);
        if wanted {
            if self.take_time(value) {
                return;
            }
            // The next row may have a moment here.
            self.decoder.row.regular = false;
        }
        if is_text && !wanted {
            self.decoder.row.uses.push((value as u32, Use::SkipMoment));
        } else {
            self.skip(value);
        }
    }

    fn cell(&mut self, key: usize, value: usize, outermost: bool) {
        let Some(node) = self.decoder.tape.node(value).copied() else {
            return;
        };
        match node.kind {
            Kind::Object => return self.object(value, false),
            Kind::Array if self.decoder.kind == StreamKind::Track && self.elements(value) => return,
            Kind::Array => self.skip(value),
            _ => {}
        }
        if outermost {
            self.look_for_step(key, value);
        }
        let path = std::mem::take(&mut self.decoder.row.path);
        let column = self.decoder.number_of(&path);
        self.decoder.row.path = path;
        let Some(column) = column else {
            self.over = true;
            return;
        };
        let RowDecoder { row, tape, .. } = &mut *self.decoder;
        let number = match node.kind {
            Kind::Number => Some(node.number),
            Kind::Null => Some(f64::NAN),
            Kind::Text => number::non_finite_text(tape.raw(self.bytes, value)),
            _ => None,
        };
        if matches!(node.kind, Kind::Number | Kind::Null) {
            row.uses.push((value as u32, Use::Column(column)));
        }
        // A number in quotes is part of what stays the same in a shape: it cannot be learned.
        row.regular &= node.kind != Kind::Text || number.is_none();
        row.cells
            .push((column, number.map_or(Cell::Other, Cell::Number)));
    }

    /// Takes the value as the row's step when its key names one, and a better one than before.
    fn look_for_step(&mut self, key: usize, value: usize) {
        let name = self.decoder.tape.raw(self.bytes, key);
        let Some(rank) = STEP_KEYS.iter().position(|k| *k == name) else {
            return;
        };
        let step = self.step_of(value);
        let is_number = self.kind(value) == Some(Kind::Number);
        let row = &mut self.decoder.row;
        // What cannot be the step in this row could be it in the next, and the other way round.
        row.regular &= is_number && step.is_some();
        if let Some(step) = step
            && row.step.is_none_or(|(best, _, _)| rank < best)
        {
            row.step = Some((rank, step, value as u32));
        }
    }

    /// The elements of a short list of numbers as columns `key[0]`, `key[1]`, …; false when the
    /// list is none.
    fn elements(&mut self, list: usize) -> bool {
        let tape = &self.decoder.tape;
        let elements: Vec<usize> = tape.elements(list).take(MAX_ELEMENTS + 1).collect();
        let all_numbers = elements.iter().all(|e| self.kind(*e) == Some(Kind::Number));
        if elements.is_empty() || elements.len() > MAX_ELEMENTS || !all_numbers {
            return false;
        }
        for (place, element) in elements.into_iter().enumerate() {
            let key = format!("{}[{place}]", self.decoder.row.path);
            let value = self
                .decoder
                .tape
                .node(element)
                .map_or(f64::NAN, |node| node.number);
            match self.decoder.number_of(&key) {
                Some(column) => {
                    self.decoder
                        .row
                        .uses
                        .push((element as u32, Use::Column(column)));
                    self.decoder.row.cells.push((column, Cell::Number(value)));
                }
                None => self.over = true,
            }
        }
        true
    }

    /// A finite number, or one in quotes.
    fn step_of(&self, value: usize) -> Option<f64> {
        let tape = &self.decoder.tape;
        let node = tape.node(value)?;
        let step = match node.kind {
            Kind::Number => Some(node.number),
            Kind::Text => {
                let text = tape.raw(self.bytes, value);
                let (number, end) = number::parse(text, 0)?;
                (end == text.len()).then_some(number)
            }
            _ => None,
        };
        step.filter(|step| step.is_finite())
    }

    /// The numbers inside `value` may change from row to row, but mean nothing here.
    fn skip(&mut self, value: usize) {
        for index in value..self.next(value) {
            if matches!(self.kind(index), Some(Kind::Number)) {
                self.decoder.row.uses.push((index as u32, Use::Skip));
            }
        }
    }

    fn kind(&self, index: usize) -> Option<Kind> {
        self.decoder.tape.node(index).map(|node| node.kind)
    }

    fn next(&self, index: usize) -> usize {
        self.decoder
            .tape
            .node(index)
            .map_or(index + 1, |node| node.next as usize)
    }

    fn member(&self, at: usize, object: usize) -> Option<(usize, usize)> {
        (at + 1 < self.next(object)).then_some((at, at + 1))
    }
}

/// The object that holds the numbers of an enveloped row, or `None` for a flat one.
fn body(tape: &Tape, bytes: &[u8]) -> Option<usize> {
    let mut body = None;
    for (key, value) in tape.members(0) {
        let name = tape.raw(bytes, key);
        let is_object = tape
            .node(value)
            .is_some_and(|node| node.kind == Kind::Object);
        if is_object && (name == b"data" || name == b"metrics") && body.is_none() {
            body = Some(value);
        } else if !ENVELOPE_KEYS.contains(&name) {
            return None;
        }
    }
    body
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
                rows.push(full_row(&mut decoder, bytes));
                at = end;
            }
            Next::Flaw { resume, .. } => at = resume,
            Next::Done { consumed } => return (rows, consumed),
        }
    }
    (rows, at)
}

pub(crate) fn full_row(decoder: &mut RowDecoder, bytes: &[u8]) -> FullRow {
    RowReader {
        decoder: &mut *decoder,
        bytes,
        over: false,
    }
    .read();
    let (tape, row) = (&decoder.tape, &decoder.row);
    let enveloped = body(tape, bytes);
    let mut data = Vec::new();
    for (key, value) in tape.members(enveloped.unwrap_or(0)) {
        let name = tape.text(bytes, key);
        if row.time_token == Some(value as u32) || (enveloped.is_some() && name == "_ts") {
            continue;
        }
        flatten(name, tape.value(bytes, value), &mut data);
    }
    FullRow {
        step: row.step.map(|(_, step, _)| step),
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
