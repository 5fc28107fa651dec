//! The parameters of a run and how they changed.

use std::collections::{BTreeMap, VecDeque};

use crate::record::Value;

/// Parameters as flat dotted keys.
#[derive(Debug, Default)]
pub struct Params {
    pub values: BTreeMap<String, Param>,
    /// The newest changes, at most 10,000.
    pub history: VecDeque<ParamEvent>,
    /// Older changes that are no longer listed.
    pub dropped: u64,
    /// Keys beyond the 10,000 that are kept.
    pub hidden: u64,
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
}
