//! The runs of a tool that writes `metrics.json` after each epoch: one of each state.

use super::{CIFAR, DAY, Layout, Member, OUT_OF_MEMORY, about, member, past, traceback};
use crate::demo::cast::About;
use crate::demo::curve::{Curve, Schedule};
use crate::demo::event::Ending;
use crate::demo::python::{Json, map};
use crate::demo::supervised::{Fate, Supervised, Task};

const RUN: Supervised = Supervised {
    rows: 0,
    batch: 32,
    steps_per_epoch: 312,
    ..CIFAR
};

const COSINE: Schedule = Schedule::Cosine {
    from: 1e-3,
    to: 1e-6,
    warm_up: 0.1,
};

pub(super) fn members() -> Vec<Member> {
    vec![
        past(completed()),
        past(failed_yesterday()),
        past(cancelled()),
        training(),
        failing(),
        waiting(),
    ]
}

fn run(
    id: &str,
    name: &str,
    description: &'static str,
    [backbone, head]: [&str; 2],
    run: Supervised,
) -> Member {
    let params = hyperparameters(&run, backbone, head);
    let about = About {
        name: name.to_owned(),
        description,
        ..about(Layout::Epochs, "carol", "imagenet100", id)
    };
    member(about, params, run)
}

fn hyperparameters(run: &Supervised, backbone: &str, head: &str) -> Json {
    let rate = run.schedule.rate(0.1);
    map([
        ("split_name", "80-10-10".into()),
        (
            "model",
            map([
                ("backbone", backbone.into()),
                ("head", head.into()),
                ("pretrained", true.into()),
                ("freeze_backbone", false.into()),
                ("dropout", 0.2.into()),
            ]),
        ),
        (
            "hyperparameters",
            map([
                ("optimizer", "adamw".into()),
                ("learning_rate", rate.into()),
                ("weight_decay", 0.0001.into()),
                ("scheduler", "cosine".into()),
                ("warmup_epochs", 5_u32.into()),
                ("milestones", Json::List(Vec::new())),
                ("batch_size", run.batch.into()),
                ("batch_multiplier", 1_u32.into()),
                ("max_epochs", run.epochs.into()),
                ("early_stopping_patience", 10_u32.into()),
                ("loss", "cross_entropy".into()),
                ("label_smoothing", 0.1.into()),
            ]),
        ),
        (
            "augmentations",
            map([
                ("train", vec!["flip", "crop"].into()),
                ("val", Json::List(Vec::new())),
            ]),
        ),
        (
            "hardware",
            map([
                ("selected_devices", vec!["cuda:0"].into()),
                ("precision", "16-mixed".into()),
            ]),
        ),
    ])
}

const fn curve(start: f64, floor: f64, gap: f64) -> Curve {
    Curve {
        start,
        floor,
        pace: 0.45,
        gap,
        chance: 0.01,
        noise: 0.05,
        by_heart: None,
        explodes: None,
    }
}

fn out_of_memory(at: f64, file: &str, line: u32) -> Fate {
    let ending = Ending::Failed {
        kind: "OutOfMemoryError",
        message: OUT_OF_MEMORY.to_owned(),
        traceback: traceback(file, line),
    };
    Fate::Ends(at, ending)
}

fn completed() -> Member {
    let script = Supervised {
        queued: Some(-DAY - 9_000.0),
        begins: -DAY - 8_990.0,
        epoch: 64.0,
        curve: Curve {
            by_heart: Some(0.9),
            ..curve(4.6, 0.4, 0.2)
        },
        schedule: COSINE,
        ..RUN
    };
    let about = "The best of last week, for comparison";
    run(
        "exp-3ad81f55",
        "EfficientNet-B3",
        about,
        ["efficientnet_b3", "classification"],
        script,
    )
}

fn failed_yesterday() -> Member {
    let script = Supervised {
        queued: Some(-DAY + 30_000.0),
        begins: -DAY + 30_060.0,
        epoch: 118.0,
        curve: curve(4.6, 0.5, 0.2),
        schedule: COSINE,
        fate: out_of_memory(-DAY + 32_240.0, "/lab/carol/trainer/loop.py", 212),
        ..RUN
    };
    run(
        "exp-77e0c2b9",
        "ResNet-152, large images",
        "",
        ["resnet152", "classification"],
        script,
    )
}

fn cancelled() -> Member {
    let script = Supervised {
        queued: Some(-7_400.0),
        begins: -7_390.0,
        epoch: 71.0,
        curve: curve(4.6, 1.4, 0.3),
        schedule: Schedule::Constant(1e-2),
        fate: Fate::Ends(-5_900.0, Ending::Cancelled),
        ..RUN
    };
    run(
        "exp-c41f0e6d",
        "MobileNetV3, lr 1e-2",
        "",
        ["mobilenet_v3", "classification"],
        script,
    )
}

/// It completes while one looks.
fn training() -> Member {
    let script = Supervised {
        queued: Some(-140.0),
        begins: -118.0,
        epochs: 44,
        epoch: 5.0,
        curve: curve(4.6, 0.38, 0.24),
        schedule: COSINE,
        ..RUN
    };
    run(
        "exp-0b6d41ac",
        "ConvNeXt-T, ImageNet-100",
        "Label smoothing 0.1",
        ["convnext_tiny", "classification"],
        script,
    )
}

/// It fails while one looks.
fn failing() -> Member {
    let script = Supervised {
        queued: Some(-140.0),
        begins: -96.0,
        epochs: 36,
        epoch: 7.5,
        batch: 16,
        curve: curve(3.4, 0.5, 0.3),
        schedule: COSINE,
        task: Task::Detection,
        fate: out_of_memory(63.0, "/lab/carol/trainer/loop.py", 212),
        ..RUN
    };
    run(
        "exp-5e1d0b42",
        "DETR R50, 800 px",
        "Larger images than last week",
        ["resnet50", "detection"],
        script,
    )
}

/// It waits for a free GPU.
fn waiting() -> Member {
    let script = Supervised {
        queued: Some(-35.0),
        begins: 76.0,
        epochs: 60,
        epoch: 4.0,
        curve: curve(4.6, 0.42, 0.22),
        schedule: COSINE,
        ..RUN
    };
    run(
        "exp-9c2f7e10",
        "Swin-T, RandAugment",
        "Starts when a GPU is free",
        ["swin_tiny", "classification"],
        script,
    )
}
