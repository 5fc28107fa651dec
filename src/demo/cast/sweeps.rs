//! Two sweeps: nine runs over learning rates and batch sizes, and, when they are done, one seed after
//! the other until the lab has enough and falls silent.

use super::people::CIFAR;
use super::{About, Layout, Member, Script};
use crate::demo::cast::params::params;
use crate::demo::curve::{Curve, Schedule};
use crate::demo::python::{Json, map};
use crate::demo::supervised::Supervised;

const RATES: [(&str, f64); 3] = [("3e-4", 3e-4), ("1e-3", 1e-3), ("3e-3", 3e-3)];
const BATCHES: [u32; 3] = [64, 128, 256];

/// How long a run of the sweep takes, and the time from one to the next.
const LASTS: f64 = 24.0;
const NEXT: f64 = 27.0;
/// The run of the sweep that trains when the demo opens, and since when.
const NOW: f64 = 3.0;
const SINCE: f64 = -13.0;

/// The seeds that follow are slower, and not without end.
const SEEDS: u32 = 16;
const FIRST_SEED: f64 = 215.0;
const NEXT_SEED: f64 = 75.0;

pub(super) fn members() -> Vec<Member> {
    let rates = RATES
        .iter()
        .flat_map(|rate| BATCHES.map(|batch| (*rate, batch)));
    let mut all: Vec<Member> = rates
        .enumerate()
        .map(|(place, ((name, rate), batch))| {
            let begins = SINCE + (place as f64 - NOW) * NEXT;
            of_sweep(&format!("lr{name}-bs{batch}"), begins, rate, batch)
        })
        .collect();
    all.extend((0..SEEDS).map(of_seed));
    all
}

fn of_sweep(name: &str, begins: f64, rate: f64, batch: u32) -> Member {
    // Small rates are slow, large ones stay coarse; large batches want large rates.
    let wanted = rate / 1e-3 * 128.0 / f64::from(batch);
    let off = wanted.log2().abs();
    let run = Supervised {
        begins,
        epochs: 20,
        epoch: LASTS / 20.0 - 0.04,
        steps_per_epoch: 50_000 / batch,
        rows: 4,
        batch,
        curve: Curve {
            pace: 0.5 + 0.12 * (1.0 / wanted).log2().max(0.0),
            floor: 0.12 + 0.035 * off,
            gap: 0.1 + 0.02 * off,
            ..CIFAR.curve
        },
        schedule: Schedule::Cosine {
            from: rate,
            to: rate / 100.0,
            warm_up: 0.05,
        },
        ..CIFAR
    };
    let about = About {
        description: "Learning rate against batch size, 20 epochs each",
        ..about("lr-batch-sweep", name)
    };
    member(about, map([("sweep", "lr-batch".into())]), run)
}

fn of_seed(seed: u32) -> Member {
    let run = Supervised {
        begins: FIRST_SEED + f64::from(seed) * NEXT_SEED,
        epochs: 30,
        epoch: 2.3,
        rows: 4,
        ..CIFAR
    };
    let about = About {
        description: "How much of it is luck?",
        ..about("seeds", &format!("seed-{seed:02}"))
    };
    member(about, map([("seed", seed.into())]), run)
}

fn about(project: &'static str, name: &str) -> About {
    About {
        layout: Layout::MlLogger,
        folder: format!(".ml-logger/alice/{project}/{name}"),
        owner: "alice",
        project,
        name: name.to_owned(),
        description: "",
        tags: &[],
        host: "gpu-05",
        gpu: "RTX 4090",
        commit: "4f2a9c1",
    }
}

fn member(about: About, extra: Json, run: Supervised) -> Member {
    let model = map([("name", "resnet18".into()), ("classes", 10_u32.into())]);
    let data = map([("name", "cifar10".into()), ("workers", 4_u32.into())]);
    Member {
        about,
        params: params(&run, model, data, extra),
        past: run.begins + LASTS < 0.0,
        script: Script::Supervised(run),
    }
}
