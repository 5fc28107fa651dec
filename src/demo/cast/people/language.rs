//! The runs on text: a pre-training that is killed and resumed, a plain script, two fine-tunings.

use super::{
    CIFAR, DAY, Layout, MEBIBYTE, Member, OUT_OF_MEMORY, Script, about, member, past, traceback,
};
use crate::demo::cast::About;
use crate::demo::cast::params::params;
use crate::demo::curve::{Curve, Schedule};
use crate::demo::event::Ending;
use crate::demo::language::{Pretraining, Resumed};
use crate::demo::python::{Json, map};
use crate::demo::supervised::{Fate, Supervised};

pub(super) fn members() -> Vec<Member> {
    vec![
        resumed(),
        flat(),
        finished_language(),
        out_of_memory_in_the_log(),
    ]
}

/// The pre-training that is killed and resumed.
pub(in crate::demo) fn interrupted() -> Pretraining {
    Pretraining {
        begins: -430.0,
        every: 1.0,
        stride: 10,
        steps: 8_000,
        evaluate: 25,
        curve: Curve {
            start: 10.9,
            floor: 2.95,
            pace: 0.3,
            gap: 0.06,
            chance: 0.0,
            noise: 0.012,
            by_heart: None,
            explodes: None,
        },
        schedule: Schedule::Cosine {
            from: 6e-4,
            to: 6e-5,
            warm_up: 0.06,
        },
        resumed: Some(Resumed {
            killed: 21.0,
            again: 38.0,
            from_step: 4_000,
        }),
        tokens_per_s: 412_000.0,
    }
}

fn resumed() -> Member {
    let params = map([
        ("max_steps", 8_000_u32.into()),
        ("seed", 42_u32.into()),
        (
            "model",
            map([
                ("name", "gpt2-small".into()),
                ("layers", 12_u32.into()),
                ("heads", 12_u32.into()),
                ("hidden", 768_u32.into()),
                ("context", 1024_u32.into()),
                (
                    "attention",
                    map([("flash", true.into()), ("dropout", 0.0.into())]),
                ),
            ]),
        ),
        (
            "optimizer",
            map([
                ("type", "adamw".into()),
                ("lr", 6e-4.into()),
                ("betas", vec![0.9, 0.95].into()),
                ("weight_decay", 0.1.into()),
                ("grad_clip", 1.0.into()),
            ]),
        ),
        (
            "scheduler",
            map([("type", "cosine".into()), ("warmup_steps", 480_u32.into())]),
        ),
        (
            "data",
            map([
                ("name", "openwebtext".into()),
                ("tokens_per_step", 491_520_u32.into()),
            ]),
        ),
        ("resume", Json::Null),
    ]);
    let about = About {
        description: "GPT-2 small on OpenWebText, 4 GPUs",
        tags: &["pre-training", "ddp"],
        host: "gpu-11",
        gpu: "4x H100",
        commit: "d07c3ee",
        ..about(Layout::MlDash, "bob", "nlp", "gpt2-small-owt")
    };
    Member {
        about,
        params,
        script: Script::Pretraining(interrupted()),
        past: false,
    }
}

/// A script that uses no tracker.
pub(in crate::demo) fn plain_script() -> Pretraining {
    Pretraining {
        begins: -600.0,
        every: 1.0,
        stride: 5,
        steps: 6_000,
        evaluate: 40,
        curve: Curve {
            start: 10.4,
            floor: 3.2,
            pace: 0.35,
            gap: 0.05,
            chance: 0.0,
            noise: 0.015,
            by_heart: None,
            explodes: None,
        },
        schedule: Schedule::Cosine {
            from: 3e-3,
            to: 3e-4,
            warm_up: 0.03,
        },
        resumed: None,
        tokens_per_s: 151_000.0,
    }
}

fn flat() -> Member {
    Member {
        about: about(Layout::Flat, "", "", "llama-160m"),
        params: Json::Null,
        script: Script::Flat(plain_script()),
        past: false,
    }
}

fn finished_language() -> Member {
    let run = Supervised {
        begins: -DAY + 9_000.0,
        epochs: 12,
        epoch: 210.0,
        steps_per_epoch: 1_052,
        rows: 40,
        batch: 64,
        curve: Curve {
            start: 0.71,
            floor: 0.1,
            pace: 0.3,
            gap: 0.09,
            chance: 0.5,
            noise: 0.07,
            by_heart: Some(0.75),
            explodes: None,
        },
        schedule: Schedule::Cosine {
            from: 3e-5,
            to: 0.0,
            warm_up: 0.1,
        },
        checkpoint: Some(2 * MEBIBYTE),
        ..CIFAR
    };
    let about = About {
        description: "BERT base on SST-2",
        host: "gpu-02",
        ..about(Layout::MlLogger, "bob", "nlp", "bert-base-sst2")
    };
    past(member(about, bert(&run, "bert-base-uncased"), run))
}

fn bert(run: &Supervised, name: &str) -> Json {
    let model = map([("name", name.into()), ("max_length", 128_u32.into())]);
    let data = map([("name", "glue/sst2".into()), ("workers", 4_u32.into())]);
    params(run, model, data, map([]))
}

fn out_of_memory_in_the_log() -> Member {
    let run = Supervised {
        begins: -DAY + 20_000.0,
        epochs: 10,
        epoch: 900.0,
        steps_per_epoch: 6_136,
        rows: 40,
        batch: 256,
        fate: Fate::Ends(
            -DAY + 21_960.0,
            Ending::Failed {
                kind: "torch.OutOfMemoryError",
                message: OUT_OF_MEMORY.to_owned(),
                traceback: traceback("/lab/bob/nlp/finetune.py", 143),
            },
        ),
        curve: Curve {
            start: 1.1,
            floor: 0.3,
            pace: 0.4,
            gap: 0.08,
            chance: 0.33,
            noise: 0.07,
            by_heart: None,
            explodes: None,
        },
        ..CIFAR
    };
    let about = About {
        description: "BERT large on MNLI, batch of 256",
        host: "gpu-02",
        ..about(Layout::MlLogger, "bob", "nlp", "bert-large-mnli")
    };
    past(member(about, bert(&run, "bert-large-uncased"), run))
}
