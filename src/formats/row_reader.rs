//! What one row means: which of its tokens are numbers of which key, its step, its time.
//!
//! A row is an object, either flat or in an envelope that holds the numbers under `data` or
//! `metrics`.

use crate::formats::json::{Kind, Tape};
use crate::formats::keys::Keys;
use crate::formats::line_shape::Use;
use crate::formats::{number, time};
use crate::record::StreamKind;

/// A row of a track may hold short lists (joint angles): each element is a column.
const MAX_ELEMENTS: usize = 16;

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
/// The one key beside the numbers of an envelope that is a time, whatever it holds.
const OWN_TIME: &[u8] = b"_ts";
/// What an envelope may hold beside the numbers.
const ENVELOPE_KEYS: [&[u8]; 6] = [
    b"index",
    b"createdAt",
    b"timestamp",
    b"step",
    b"updatedAt",
    b"sequenceNumber",
];

/// One row as it was understood.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<(u32, Cell)>,
    pub(crate) time: Option<f64>,
    /// The tokens that were taken as times.
    pub(crate) times: Vec<u32>,
    /// The object that holds the numbers.
    pub(crate) body: usize,
    pub(crate) flaw: Option<&'static str>,
    /// Whether another line of the same shape can be trusted to mean the same.
    pub(crate) regular: bool,
    /// How many of its keys are not kept.
    pub(crate) hidden_keys: u32,
    step: Option<Step>,
    /// For every token that may change from row to row: what it is used for.
    uses: Vec<(u32, Use)>,
    /// The key of the value at hand, dotted.
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Number(f64),
    /// Something that is no number.
    Other,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// How good the key is that names it; 0 is the best.
    rank: usize,
    at: f64,
    token: u32,
}

impl Row {
    pub(crate) fn step(&self) -> Option<f64> {
        self.step.map(|step| step.at)
    }

    /// The token that names the step.
    pub(crate) fn step_token(&self) -> Option<u32> {
        self.step.map(|step| step.token)
    }

    /// The tokens that may change from row to row, and what each is used for besides the step.
    pub(crate) fn used(&self) -> impl Iterator<Item = (u32, Use)> {
        self.uses.iter().copied()
    }

    /// The tokens that may change from row to row, in their order, and what each is used for.
    pub(crate) fn uses(&self) -> Vec<(u32, Use)> {
        let step = self.step.map(|step| step.token);
        let uses = self.uses.iter().map(|&(token, used)| {
            (
                token,
                if step == Some(token) {
                    used.as_step()
                } else {
                    used
                },
            )
        });
        uses.collect()
    }

    fn clear(&mut self) {
        self.cells.clear();
        self.uses.clear();
        self.times.clear();
        self.path.clear();
        (self.step, self.time, self.flaw) = (None, None, None);
        (self.regular, self.hidden_keys) = (true, 0);
    }

    fn use_token(&mut self, token: usize, used: Use) {
        self.uses.push((token as u32, used));
    }
}

/// Understands the record on a tape.
pub(crate) struct RowReader<'a> {
    pub(crate) kind: StreamKind,
    pub(crate) bytes: &'a [u8],
    pub(crate) tape: &'a Tape,
    pub(crate) keys: &'a mut Keys,
    pub(crate) row: &'a mut Row,
}

impl RowReader<'_> {
    pub(crate) fn read(&mut self) {
        self.row.clear();
        let body = body(self.tape, self.bytes);
        self.row.body = body.unwrap_or(0);
        match body {
            Some(body) => self.envelope(body),
            None => self.object(0, true),
        }
    }

    /// An envelope: numbers under `data` or `metrics`, and around them what the tracker adds.
    fn envelope(&mut self, body: usize) {
        let tape = self.tape;
        for (key, value) in tape.members(0) {
            match tape.raw(self.bytes, key) {
                _ if value == body => self.object(body, false),
                b"step" => self.envelope_step(value),
                b"timestamp" | b"createdAt" => self.envelope_time(value),
                _ => self.skip(value),
            }
        }
    }

    fn envelope_step(&mut self, value: usize) {
        let kind = self.kind(value);
        if let Some(at) = self.step_of(value) {
            self.row.step = Some(Step {
                rank: 0,
                at,
                token: value as u32,
            });
            self.row.use_token(value, Use::Skip);
            self.row.regular &= kind == Some(Kind::Number);
            return;
        }
        self.row.regular = false;
        if kind != Some(Kind::Null) {
            self.row.flaw = Some("the step is no number; the row's number stands for it");
        }
    }

    /// A time of the envelope. The finer one beside the numbers goes before it.
    fn envelope_time(&mut self, value: usize) {
        if self.row.time.is_some() && self.kind(value) == Some(Kind::Text) {
            self.row.use_token(value, Use::SkipMoment);
        } else if self.row.time.is_some() {
            self.skip(value);
        } else if !self.take_time(value) {
            // The next row may have a moment here.
            self.row.regular = false;
        }
    }

    /// The members of an object as cells, their keys joined by dots.
    fn object(&mut self, object: usize, top: bool) {
        let tape = self.tape;
        let outer = self.row.path.len();
        for (key, value) in tape.members(object) {
            let name = tape.raw(self.bytes, key);
            let is_own = outer == 0 && name == OWN_TIME;
            let may_be_time = is_own || top && outer == 0 && TIME_KEYS.contains(&name);
            if may_be_time && self.take_time(value) {
                self.row.times.push(value as u32);
            } else {
                // The same key could be the time in the next row.
                self.row.regular &= !may_be_time;
                if is_own {
                    self.row.times.push(value as u32);
                } else {
                    self.cell(key, value);
                }
            }
            self.row.path.truncate(outer);
        }
    }

    /// The column of a key below the path so far; leaves the path as it is or ending with the key.
    fn column(&mut self, key: usize) -> Option<u32> {
        // The usual key stands in the bytes as it was the last time: nothing is copied.
        if self.row.path.is_empty()
            && self.tape.node(key).is_some_and(|node| !node.escaped)
            && let Some(number) = self.keys.known(self.tape.raw(self.bytes, key))
        {
            return Some(number);
        }
        self.push_key(key);
        self.keys.number(&self.row.path)
    }

    fn push_key(&mut self, key: usize) {
        if !self.row.path.is_empty() {
            self.row.path.push('.');
        }
        if self.tape.node(key).is_some_and(|node| node.escaped) {
            self.row.path.push_str(&self.tape.text(self.bytes, key));
        } else {
            let name = String::from_utf8_lossy(self.tape.raw(self.bytes, key));
            self.row.path.push_str(&name);
        }
    }

    /// Takes the value as the row's time if it is a moment. A second one is passed over.
    fn take_time(&mut self, value: usize) -> bool {
        let Some(node) = self.tape.node(value) else {
            return false;
        };
        let text = self.tape.raw(self.bytes, value);
        let found = match node.kind {
            // A track may count its seconds from anywhere.
            Kind::Number if self.kind == StreamKind::Track => Some(node.number),
            Kind::Number => time::from_number(node.number),
            Kind::Text => time::from_text(text),
            _ => None,
        };
        let Some(found) = found else { return false };
        let is_text = node.kind == Kind::Text;
        let used = match (self.row.time, is_text) {
            (Some(_), true) => Use::SkipMoment,
            (Some(_), false) => Use::Skip,
            (None, true) => Use::Moment,
            (None, false) => Use::Time,
        };
        // The fast path reads seconds and ISO 8601 only, and takes nothing else for a time.
        let is_plain = if is_text {
            time::iso8601(text).is_some()
        } else {
            time::is_plausible(node.number)
        };
        self.row.regular &= is_plain && self.row.time.is_none();
        self.row.use_token(value, used);
        self.row.time = self.row.time.or(Some(found));
        true
    }

    fn cell(&mut self, key: usize, value: usize) {
        let Some(node) = self.tape.node(value) else {
            return;
        };
        let is_outermost = self.row.path.is_empty();
        match node.kind {
            Kind::Object => {
                self.push_key(key);
                return self.object(value, false);
            }
            Kind::Array if self.kind == StreamKind::Track && self.elements(key, value) => return,
            Kind::Array => self.skip(value),
            _ => {}
        }
        if is_outermost {
            self.look_for_step(self.tape.raw(self.bytes, key), value);
        }
        let Some(column) = self.column(key) else {
            return self.hide();
        };
        let number = match node.kind {
            Kind::Number => Some(node.number),
            Kind::Null => Some(f64::NAN),
            Kind::Text => number::non_finite_text(self.tape.raw(self.bytes, value)),
            _ => None,
        };
        if matches!(node.kind, Kind::Number | Kind::Null) {
            self.row.use_token(value, Use::Column(column));
        }
        // A number in quotes is part of what stays the same in a shape: it cannot be learned.
        self.row.regular &= node.kind != Kind::Text || number.is_none();
        self.row
            .cells
            .push((column, number.map_or(Cell::Other, Cell::Number)));
    }

    fn hide(&mut self) {
        self.row.hidden_keys += 1;
        self.row.regular = false;
    }

    /// Takes the value as the row's step when its key names one, and a better one than before.
    fn look_for_step(&mut self, name: &[u8], value: usize) {
        let Some(rank) = STEP_KEYS.iter().position(|key| *key == name) else {
            return;
        };
        let step = self.step_of(value);
        // What cannot be the step in this row could be it in the next, and the other way round.
        self.row.regular &= step.is_some() && self.kind(value) == Some(Kind::Number);
        if let Some(at) = step
            && self.row.step.is_none_or(|best| rank < best.rank)
        {
            self.row.step = Some(Step {
                rank,
                at,
                token: value as u32,
            });
        }
    }

    /// The elements of a short list of numbers as columns `key[0]`, `key[1]`, …; false when the
    /// list is none.
    fn elements(&mut self, key: usize, list: usize) -> bool {
        let elements: Vec<usize> = self.tape.elements(list).take(MAX_ELEMENTS + 1).collect();
        let all_numbers = elements.iter().all(|e| self.kind(*e) == Some(Kind::Number));
        if elements.is_empty() || elements.len() > MAX_ELEMENTS || !all_numbers {
            return false;
        }
        self.push_key(key);
        for (place, element) in elements.into_iter().enumerate() {
            let Some(node) = self.tape.node(element) else {
                continue;
            };
            let key = format!("{}[{place}]", self.row.path);
            match self.keys.number(&key) {
                Some(column) => {
                    self.row.use_token(element, Use::Column(column));
                    self.row.cells.push((column, Cell::Number(node.number)));
                }
                None => self.hide(),
            }
        }
        true
    }

    /// A finite number, or one in quotes.
    fn step_of(&self, value: usize) -> Option<f64> {
        let node = self.tape.node(value)?;
        let step = match node.kind {
            Kind::Number => Some(node.number),
            Kind::Text => {
                let text = self.tape.raw(self.bytes, value);
                let (number, end) = number::parse(text, 0)?;
                (end == text.len()).then_some(number)
            }
            _ => None,
        };
        step.filter(|step| step.is_finite())
    }

    /// The numbers inside `value` may change from row to row, but mean nothing here.
    fn skip(&mut self, value: usize) {
        let end = self
            .tape
            .node(value)
            .map_or(value, |node| node.next as usize);
        for token in value..end {
            if self.kind(token) == Some(Kind::Number) {
                self.row.use_token(token, Use::Skip);
            }
        }
    }

    fn kind(&self, token: usize) -> Option<Kind> {
        self.tape.node(token).map(|node| node.kind)
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
