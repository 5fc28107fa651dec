//! Parameters of trainings, as deep as people nest them.

use crate::demo::curve::Schedule;
use crate::demo::python::{Json, map};
use crate::demo::supervised::Supervised;

/// What `extra` names stands for what is usual.
pub(super) fn params(run: &Supervised, model: Json, data: Json, extra: Json) -> Json {
    let (name, warm_up) = match run.schedule {
        Schedule::Cosine { warm_up, .. } => ("cosine", warm_up),
        Schedule::Steps { .. } => ("multistep", 0.0),
        Schedule::Constant(_) => ("constant", 0.0),
    };
    let peak = match run.schedule {
        Schedule::Cosine { from, .. } | Schedule::Steps { from, .. } | Schedule::Constant(from) => {
            from
        }
    };
    let mut entries = vec![
        ("epochs".to_owned(), run.epochs.into()),
        ("batch_size".to_owned(), run.batch.into()),
        ("seed".to_owned(), 1337_u32.into()),
        ("model".to_owned(), model),
        (
            "optimizer".to_owned(),
            map([
                ("type", "adamw".into()),
                ("lr", peak.into()),
                ("betas", vec![0.9, 0.999].into()),
                ("weight_decay", 0.05.into()),
            ]),
        ),
        (
            "scheduler".to_owned(),
            map([
                ("type", name.into()),
                (
                    "warmup_epochs",
                    Json::Int((warm_up * f64::from(run.epochs)).round() as i64),
                ),
            ]),
        ),
        ("data".to_owned(), data),
        ("amp".to_owned(), "bf16".into()),
    ];
    if let Json::Map(extra) = extra {
        entries.retain(|(key, _)| !extra.iter().any(|(other, _)| other == key));
        entries.extend(extra);
    }
    Json::Map(entries)
}
