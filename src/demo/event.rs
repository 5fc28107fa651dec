//! What happens in a run, before any tracker has given it a shape.

use super::python::Json;

/// Something that a training script tells its tracker.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// In seconds of the lab.
    pub(super) at: f64,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The run is announced, and does not train yet. Only per-epoch writers know such runs.
    Queue,
    Begin,
    /// All parameters, nested.
    Params(Json),
    /// These parameters change, under dotted names.
    Change(Vec<(&'static str, Json)>),
    Row(Row),
    Log(Line),
    /// What is printed and not logged: a progress bar.
    Print(String),
    Save(Saved),
    /// The process is gone; what it had not written yet is lost.
    Crash,
    /// The same run is opened again.
    Reopen,
    End(Ending),
}

/// Measured values.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) on: On,
    pub(super) step: Option<u64>,
    pub(super) epoch: Option<u32>,
    pub(super) values: Vec<(&'static str, f64)>,
}

/// What values were measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum On {
    Train,
    Val,
    /// No part of the data.
    Whole,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) fields: Vec<(&'static str, Json)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// A file that the run saved.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    /// `checkpoints`
    pub(super) folder: &'static str,
    pub(super) name: String,
    /// How large the tracker says that it is. What lies on disk is a stand-in.
    pub(super) size: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Ending {
    Completed,
    Cancelled,
    Failed {
        kind: &'static str,
        message: String,
        traceback: String,
    },
}

impl Event {
    pub(super) fn log(
        at: f64,
        level: Level,
        message: impl Into<String>,
        fields: impl IntoIterator<Item = (&'static str, Json)>,
    ) -> Self {
        let line = Line {
            level,
            message: message.into(),
            fields: fields.into_iter().collect(),
        };
        Self {
            at,
            what: What::Log(line),
        }
    }

    pub(super) fn save(at: f64, folder: &'static str, name: String, size: u64) -> Self {
        Self {
            at,
            what: What::Save(Saved { folder, name, size }),
        }
    }
}

/// A measured value as a script has it: a number of single precision, read as a Python float.
pub(super) fn item(value: f64) -> f64 {
    f64::from(value as f32)
}
