//! The runs of three people, each with a fate of its own: those on images stand here.

mod language;
mod per_epoch;

#[cfg(test)]
pub(in crate::demo) use language::{interrupted, plain_script};

use super::{About, Layout, Member, Script};
use crate::demo::cast::params::params;
use crate::demo::curve::{Curve, Schedule};
use crate::demo::event::Ending;
use crate::demo::python::{Json, map};
use crate::demo::supervised::{Fate, Supervised, Task};

const DAY: f64 = 86_400.0;
const MEBIBYTE: u64 = 1 << 20;

/// ResNet-sized images, 390 steps of 128 an epoch.
pub(in crate::demo) const CIFAR: Supervised = Supervised {
    queued: None,
    begins: 0.0,
    epochs: 50,
    epoch: 6.0,
    steps_per_epoch: 390,
    rows: 12,
    batch: 128,
    curve: Curve {
        start: 2.35,
        floor: 0.025,
        pace: 0.33,
        gap: 0.085,
        chance: 0.1,
        noise: 0.06,
        by_heart: None,
        explodes: None,
    },
    schedule: Schedule::Cosine {
        from: 1e-3,
        to: 1e-5,
        warm_up: 0.0,
    },
    task: Task::Classification,
    fate: Fate::Completes,
    checkpoint: None,
    noisy: false,
};

const OUT_OF_MEMORY: &str = "CUDA out of memory. Tried to allocate 2.44 GiB. GPU 0 has a total capacity of \
     79.15 GiB of which 1.31 GiB is free.";

pub(super) fn members() -> Vec<Member> {
    let mut all = vec![good(), yesterday(), by_heart(), hanging(), exploding()];
    all.extend(language::members());
    all.extend(per_epoch::members());
    all
}

fn about(layout: Layout, owner: &'static str, project: &'static str, name: &str) -> About {
    let folder = match layout {
        Layout::MlLogger => format!(".ml-logger/{owner}/{project}/{name}"),
        Layout::MlDash => format!(".dash/{owner}/{project}/{name}"),
        Layout::MlDash5 => format!("experiments/{project}/{name}"),
        Layout::Epochs => format!("workspace/projects/proj-7f3a9c21/experiments/{name}"),
        Layout::Flat => format!("runs/{name}"),
    };
    About {
        layout,
        folder,
        owner,
        project,
        name: name.to_owned(),
        description: "",
        tags: &[],
        host: "gpu-04",
        gpu: "A100-SXM4-80GB",
        commit: "4f2a9c1",
    }
}

fn member(about: About, params: Json, script: Supervised) -> Member {
    Member {
        about,
        params,
        script: Script::Supervised(script),
        past: false,
    }
}

fn past(mut member: Member) -> Member {
    member.past = true;
    member
}

fn cifar() -> Json {
    map([
        ("name", "cifar10".into()),
        ("root", "/data/cifar10".into()),
        ("workers", 8_u32.into()),
        ("augment", vec!["flip", "crop", "randaug"].into()),
    ])
}

fn resnet(depth: u32) -> Json {
    map([
        ("name", format!("resnet{depth}").into()),
        ("depth", depth.into()),
        ("pretrained", true.into()),
        (
            "head",
            map([("dropout", 0.2.into()), ("classes", 10_u32.into())]),
        ),
    ])
}

/// Everything is as it should be.
fn good() -> Member {
    let run = Supervised {
        begins: -110.0,
        checkpoint: Some(98 * MEBIBYTE),
        noisy: true,
        ..CIFAR
    };
    let params = params(&run, resnet(50), cifar(), map([]));
    let about = About {
        description: "ResNet-50 on CIFAR-10, cosine schedule: the baseline",
        tags: &["cifar10", "baseline"],
        ..about(Layout::MlDash, "alice", "vision", "resnet50-baseline")
    };
    member(about, params, run)
}

fn yesterday() -> Member {
    let run = Supervised {
        begins: -DAY - 2_400.0,
        epoch: 38.0,
        schedule: Schedule::Steps {
            from: 1e-3,
            at: [0.5, 0.8],
        },
        checkpoint: Some(98 * MEBIBYTE),
        ..CIFAR
    };
    let params = params(&run, resnet(50), cifar(), map([("ema", 0.999.into())]));
    let about = About {
        description: "The baseline with its learning rate lowered twice",
        tags: &["cifar10", "multistep"],
        host: "gpu-02",
        commit: "91be7d0",
        ..about(Layout::MlDash, "alice", "vision", "resnet50-multistep")
    };
    past(member(about, params, run))
}

/// Validation is best at epoch 30, then the model learns its few images by heart.
fn by_heart() -> Member {
    let run = Supervised {
        begins: -72.0,
        epochs: 72,
        epoch: 3.0,
        steps_per_epoch: 64,
        rows: 6,
        batch: 64,
        curve: Curve {
            start: 4.6,
            floor: 0.35,
            pace: 0.25,
            gap: 0.22,
            chance: 0.01,
            noise: 0.05,
            by_heart: Some(30.0 / 72.0),
            explodes: None,
        },
        schedule: Schedule::Constant(3e-4),
        ..CIFAR
    };
    let model = map([
        ("name", "vit-b16".into()),
        ("pretrained", "imagenet21k".into()),
        ("drop_path", 0.0.into()),
        (
            "head",
            map([("classes", 102_u32.into()), ("dropout", 0.0.into())]),
        ),
    ]);
    let data = map([
        ("name", "flowers102".into()),
        ("root", "/data/flowers102".into()),
        ("augment", Json::List(Vec::new())),
    ]);
    let params = params(&run, model, data, map([]));
    let about = About {
        description: "ViT-B/16 fine-tuned on a small set, no augmentation",
        tags: &["flowers102", "fine-tuning"],
        host: "gpu-01",
        ..about(Layout::MlDash5, "alice", "vision", "vit-b16-flowers")
    };
    member(about, params, run)
}

/// It says that it runs, and nothing comes.
fn hanging() -> Member {
    let run = Supervised {
        begins: -560.0,
        epochs: 80,
        epoch: 12.0,
        steps_per_epoch: 371,
        rows: 6,
        batch: 8,
        curve: Curve {
            start: 2.9,
            floor: 0.16,
            pace: 0.5,
            gap: 0.09,
            chance: 0.05,
            noise: 0.05,
            by_heart: None,
            explodes: None,
        },
        schedule: Schedule::Cosine {
            from: 1e-2,
            to: 1e-4,
            warm_up: 0.0,
        },
        task: Task::Segmentation,
        fate: Fate::Hangs(-96.0),
        ..CIFAR
    };
    let model = map([
        ("name", "unet".into()),
        ("encoder", "resnet34".into()),
        ("classes", 19_u32.into()),
    ]);
    let data = map([
        ("name", "cityscapes".into()),
        ("root", "/nfs/cityscapes".into()),
        ("crop", vec![512_i64, 1024].into()),
    ]);
    let params = params(&run, model, data, map([("seed", 2_u32.into())]));
    let about = About {
        description: "U-Net on Cityscapes, read over the network",
        host: "gpu-07",
        ..about(Layout::MlLogger, "carol", "segmentation", "unet-cityscapes")
    };
    past(member(about, params, run))
}

/// A learning rate far too high: the loss rises, becomes infinite, then is no number.
fn exploding() -> Member {
    let run = Supervised {
        begins: -62.0,
        epochs: 40,
        epoch: 4.0,
        rows: 8,
        curve: Curve {
            start: 2.31,
            floor: 0.6,
            pace: 0.6,
            gap: 0.05,
            chance: 0.1,
            noise: 0.09,
            by_heart: None,
            explodes: Some(0.55),
        },
        schedule: Schedule::Constant(0.8),
        fate: Fate::Ends(
            97.0,
            Ending::Failed {
                kind: "FloatingPointError",
                message: "loss was not finite for 12 epochs".to_owned(),
                traceback: "Traceback (most recent call last):\n  File \"/lab/bob/vision/train.py\", line 88, in <module>\n    \
                     main(parse_args())\n  File \"/lab/bob/vision/train.py\", line 61, in main\n    \
                     raise FloatingPointError(\"loss was not finite for 12 epochs\")\n\
                     FloatingPointError: loss was not finite for 12 epochs"
                    .to_owned(),
            },
        ),
        ..CIFAR
    };
    let params = params(&run, resnet(18), cifar(), map([]));
    let about = About {
        description: "How high can the learning rate go?",
        host: "gpu-09",
        ..about(Layout::MlLogger, "bob", "vision", "resnet18-lr0.8")
    };
    member(about, params, run)
}

fn traceback(file: &str, line: u32) -> String {
    format!(
        "Traceback (most recent call last):\n  File \"{file}\", line {line}, in fit\n    \
         loss = self.training_step(batch)\n  File \"{file}\", line {}, in training_step\n    \
         features = self.backbone(images)\n  \
         File \"/opt/venv/lib/python3.11/site-packages/torch/nn/modules/module.py\", line 1751, in _call_impl\n    \
         return forward_call(*args, **kwargs)\n\
         torch.OutOfMemoryError: {OUT_OF_MEMORY}",
        line - 55
    )
}
