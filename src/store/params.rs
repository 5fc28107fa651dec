//! The parameters of a run and how they changed.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::flatten::{flatten, same, weight};
use crate::record::{ParamChange, ParamOp, Value};

const KEYS: usize = 10_000;
const EVENTS: usize = 10_000;
/// What the values in the history may weigh, in bytes.
const HISTORY_BYTES: usize = 4 << 20;

/// Parameters as flat dotted keys.
#[derive(Debug, Default)]
pub struct Params {
    pub values: BTreeMap<String, Param>,
    /// The newest changes, at most 10,000 and 4 MiB of values.
    pub history: VecDeque<ParamEvent>,
    /// Older changes that are no longer listed.
    pub dropped: u64,
    /// Keys beyond the 10,000 that are kept.
    pub hidden: u64,
    /// Another number after each change.
    pub revision: u64,
    history_bytes: usize,
    /// The sum of the hashes of all keys.
    names: u64,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub value: Value,
    /// When it got this value.
    pub changed: Option<f64>,
    /// How often it had another value before.
    pub changes: u32,
}

/// A parameter got, changed or lost its value.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamEvent {
    pub time: Option<f64>,
    pub key: String,
    pub old: Option<Value>,
    pub new: Option<Value>,
}

impl Params {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|param| &param.value)
    }

    /// The same number wherever the keys are the same, whatever their values: those of all runs of a
    /// sweep.
    pub const fn names(&self) -> u64 {
        self.names
    }

    pub(super) fn apply(&mut self, change: ParamChange) {
        self.revision += 1;
        match change.op {
            ParamOp::Set(value) => self.set(value, change.time),
            ParamOp::Extend(value) => self.extend(value, change.time),
            ParamOp::Update { key, value } => self.update(&key, value, change.time),
        }
    }

    /// Forgets all parameters and their history.
    pub(super) fn reset(&mut self) {
        *self = Self {
            revision: self.revision + 1,
            ..Self::default()
        };
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let values = self.values.iter();
        let values: usize = values
            .map(|(key, param)| key.len() + size_of::<Param>() + weight(&param.value))
            .sum();
        values + self.history_bytes + self.history.capacity() * size_of::<ParamEvent>()
    }

    /// These are all: what is not among them is removed.
    fn set(&mut self, value: Value, time: Option<f64>) {
        let mut fresh = BTreeMap::new();
        self.hidden = 0;
        for (key, value) in flatten("", value) {
            if fresh.len() < KEYS || fresh.contains_key(&key) {
                fresh.insert(key, value);
            } else {
                self.hidden += 1;
            }
        }
        if self.values.is_empty() {
            return self.begin(fresh, time);
        }
        let gone = self
            .values
            .keys()
            .filter(|key| !fresh.contains_key(*key))
            .cloned();
        for key in gone.collect::<Vec<_>>() {
            self.remove(&key, time);
        }
        for (key, value) in fresh {
            self.put(key, value, time);
        }
    }

    /// Takes the first parameters, in no more memory than they need: many runs never have others.
    fn begin(&mut self, fresh: BTreeMap<String, Value>, time: Option<f64>) {
        self.history.reserve_exact(fresh.len());
        for (key, value) in &fresh {
            self.record(ParamEvent {
                time,
                key: key.clone(),
                old: None,
                new: Some(value.clone()),
            });
        }
        let param = |value| Param {
            value,
            changed: time,
            changes: 0,
        };
        self.names = fresh.keys().map(|key| hash(key)).fold(0, u64::wrapping_add);
        self.values = fresh
            .into_iter()
            .map(|(key, value)| (key, param(value)))
            .collect();
    }

    fn extend(&mut self, value: Value, time: Option<f64>) {
        for (key, value) in flatten("", value) {
            let nothing_new = is_empty_map(&value) && self.below(&key).next().is_some();
            if !nothing_new {
                self.replace(key, value, time);
            }
        }
    }

    /// What was below the key goes, but for what the new value has again.
    fn update(&mut self, key: &str, value: Value, time: Option<f64>) {
        let fresh: BTreeMap<String, Value> = flatten(key, value).into_iter().collect();
        let gone = self
            .below(key)
            .filter(|held| !fresh.contains_key(*held))
            .cloned();
        for held in gone.collect::<Vec<_>>() {
            self.remove(&held, time);
        }
        if !fresh.contains_key(key) {
            self.remove(key, time);
        }
        for (key, value) in fresh {
            self.replace(key, value, time);
        }
    }

    /// Puts a value where a map or a scalar may have been, above or below.
    fn replace(&mut self, key: String, value: Value, time: Option<f64>) {
        let above = key.match_indices('.').map(|(at, _)| &key[..at]);
        let above: Vec<&str> = above
            .filter(|above| self.values.contains_key(*above))
            .collect();
        for above in above {
            self.remove(above, time);
        }
        for below in self.below(&key).cloned().collect::<Vec<_>>() {
            self.remove(&below, time);
        }
        self.put(key, value, time);
    }

    /// The keys below a key, without itself.
    fn below(&self, key: &str) -> impl Iterator<Item = &String> {
        // '/' follows '.' in the order of bytes.
        self.values
            .range(format!("{key}.")..format!("{key}/"))
            .map(|(key, _)| key)
    }

    fn put(&mut self, key: String, value: Value, time: Option<f64>) {
        let full = self.values.len() >= KEYS;
        match self.values.get_mut(&key) {
            Some(param) if same(&param.value, &value) => {}
            Some(param) => {
                let old = std::mem::replace(&mut param.value, value.clone());
                param.changed = time;
                param.changes = param.changes.saturating_add(1);
                self.record(ParamEvent {
                    time,
                    key,
                    old: Some(old),
                    new: Some(value),
                });
            }
            None if full => self.hidden += 1,
            None => {
                let param = Param {
                    value: value.clone(),
                    changed: time,
                    changes: 0,
                };
                self.names = self.names.wrapping_add(hash(&key));
                self.values.insert(key.clone(), param);
                self.record(ParamEvent {
                    time,
                    key,
                    old: None,
                    new: Some(value),
                });
            }
        }
    }

    fn remove(&mut self, key: &str, time: Option<f64>) {
        if let Some((key, param)) = self.values.remove_entry(key) {
            self.names = self.names.wrapping_sub(hash(&key));
            self.record(ParamEvent {
                time,
                key,
                old: Some(param.value),
                new: None,
            });
        }
    }

    fn record(&mut self, event: ParamEvent) {
        self.history_bytes += event.weight();
        self.history.push_back(event);
        while self.history.len() > EVENTS || self.history_bytes > HISTORY_BYTES {
            let Some(oldest) = self.history.pop_front() else {
                return;
            };
            self.history_bytes -= oldest.weight();
            self.dropped += 1;
        }
    }
}

impl ParamEvent {
    fn weight(&self) -> usize {
        let values = [&self.old, &self.new].into_iter().flatten();
        self.key.len() + values.map(weight).sum::<usize>()
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn is_empty_map(value: &Value) -> bool {
    matches!(value, Value::Map(entries) if entries.is_empty())
}
