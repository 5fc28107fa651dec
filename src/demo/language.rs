//! Language models that count steps: one that is killed and resumed from a checkpoint, and a plain
//! script that prints everything it can measure.

use super::curve::{Curve, Schedule, Walk};
use super::event::{Ending, Event, Level, On, Row, What, item};
use super::python::Json;
use super::random::{Drift, Random};

/// A pre-training, and what interrupts it.
#[derive(Clone, Debug)]
pub(super) struct Pretraining {
    pub(super) begins: f64,
    /// Seconds between two rows.
    pub(super) every: f64,
    /// Steps between two rows.
    pub(super) stride: u64,
    pub(super) steps: u64,
    /// Rows between two evaluations.
    pub(super) evaluate: u64,
    pub(super) curve: Curve,
    pub(super) schedule: Schedule,
    /// When it is killed and when it goes on, and from which step.
    pub(super) resumed: Option<Resumed>,
    pub(super) tokens_per_s: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Resumed {
    pub(super) killed: f64,
    pub(super) again: f64,
    pub(super) from_step: u64,
}

/// What is known of the machine that trains.
struct Machine {
    load: Drift,
    heat: f64,
}

/// A run that its tracker keeps in streams.
pub(super) fn tell(run: &Pretraining, params: &Json, mut random: Random) -> Vec<Event> {
    let mut walk = Walk::new(run.curve, run.schedule, &mut random);
    let mut events = vec![
        Event {
            at: run.begins,
            what: What::Begin,
        },
        Event {
            at: run.begins,
            what: What::Params(params.clone()),
        },
        Event::log(
            run.begins + 0.1,
            Level::Info,
            "Training started",
            [("world_size", Json::from(4_u32))],
        ),
    ];
    let (mut at, mut step) = (run.begins + 2.0, 0);
    let mut resumed = run.resumed;
    while step < run.steps {
        at += run.every;
        step += run.stride;
        if let Some(again) = resumed.filter(|again| at >= again.killed) {
            interrupt(&again, &mut events);
            (at, step, resumed) = (again.again + 3.0, again.from_step, None);
            continue;
        }
        let share = step as f64 / run.steps as f64;
        let loss = walk.train_loss(share, &mut random);
        let norm = walk.grad_norm(share, &mut random);
        let speed = run.tokens_per_s * (1.0 + 0.012 * random.normal());
        let values = vec![
            ("loss", item(loss)),
            ("grad_norm", item(norm)),
            ("lr", walk.rate(share)),
            ("tokens_per_s", speed.round()),
        ];
        events.push(row(at, On::Train, step, values));
        let number = step / run.stride;
        if number.is_multiple_of(run.evaluate) {
            evaluated(
                &mut walk,
                share,
                step,
                at + 0.4 * run.every,
                &mut random,
                &mut events,
            );
        }
        if number.is_multiple_of(run.evaluate * 2) {
            let name = format!("step-{step}.pt");
            events.push(Event::save(
                at + 0.6 * run.every,
                "checkpoints",
                name,
                497_774_208,
            ));
        }
    }
    events.push(Event::log(
        at + 0.8,
        Level::Info,
        "Training complete",
        [("step", Json::from(step))],
    ));
    events.push(Event {
        at: at + 0.9,
        what: What::End(Ending::Completed),
    });
    events
}

fn row(at: f64, on: On, step: u64, values: Vec<(&'static str, f64)>) -> Event {
    let row = Row {
        on,
        step: Some(step),
        epoch: None,
        values,
    };
    Event {
        at,
        what: What::Row(row),
    }
}

fn evaluated(
    walk: &mut Walk,
    share: f64,
    step: u64,
    at: f64,
    random: &mut Random,
    events: &mut Vec<Event>,
) {
    let loss = walk.val_loss(share, random);
    let values = vec![("loss", item(loss)), ("perplexity", item(loss.exp()))];
    events.push(row(at, On::Val, step, values));
    let message = format!(
        "step {step}: eval loss {loss:.4}, perplexity {:.2}",
        loss.exp()
    );
    let fields = [("tokens_seen", Json::from(step * 491_520))];
    events.push(Event::log(at + 0.01, Level::Info, message, fields));
}

/// The rows behind the checkpoint are written a second time.
fn interrupt(again: &Resumed, events: &mut Vec<Event>) {
    let at = again.killed;

    let step = again.from_step;
    let checkpoint = format!("checkpoints/step-{step}.pt");
    events.extend([
        // It is held back and lost, as the rows of the last seconds are.
        Event::log(
            at + 0.1,
            Level::Fatal,
            "Watchdog caught collective operation timeout",
            [],
        ),
        Event {
            at: at + 0.2,
            what: What::Crash,
        },
        Event {
            at: again.again,
            what: What::Reopen,
        },
        Event {
            at: again.again + 0.1,
            what: What::Change(vec![("resume", checkpoint.as_str().into())]),
        },
        Event::log(
            again.again + 0.2,
            Level::Error,
            "previous attempt ended without a word: NCCL watchdog timeout",
            [
                ("rank", Json::from(3_u32)),
                ("timeout_ms", 600_000_u32.into()),
            ],
        ),
        Event::log(
            again.again + 1.5,
            Level::Warn,
            format!("Resumed from {checkpoint}"),
            [("step", Json::from(step)), ("attempt", 2_u32.into())],
        ),
    ]);
}

/// A run of a plain script: a row is all that can be measured at the time.
pub(super) fn tell_flat(run: &Pretraining, mut random: Random) -> Vec<Event> {
    let mut walk = Walk::new(run.curve, run.schedule, &mut random);
    let mut machine = Machine {
        load: Drift::new(0.7),
        heat: 41.0,
    };
    let mut events = vec![Event::log(run.begins, Level::Info, "loading 4 shards", [])];
    let mut at = run.begins + 2.0;
    for number in 1..=run.steps / run.stride {
        at += run.every;
        let step = number * run.stride;
        let share = step as f64 / run.steps as f64;
        let loss = walk.train_loss(share, &mut random);
        let norm = walk.grad_norm(share, &mut random);
        // Now and then the loader does not keep up: everything waits.
        let waits = random.happens(0.02);
        let speed =
            run.tokens_per_s * if waits { 0.61 } else { 1.0 } * (1.0 + 0.01 * random.normal());
        let mut values = vec![
            ("train/loss", item(loss)),
            ("train/grad_norm", item(norm)),
            ("train/lr", walk.rate(share)),
            ("train/tokens_per_s", speed.round()),
            ("train/tokens", step as f64 * 32_768.0),
        ];
        machine.measure(waits, &mut values, &mut random);
        if number.is_multiple_of(run.evaluate) {
            let loss = walk.val_loss(share, &mut random);
            values.push(("eval/loss", item(loss)));
            values.push(("eval/perplexity", item(loss.exp())));
        }
        events.push(row(at, On::Whole, step, values));
        if number.is_multiple_of(20) {
            let bar = format!(
                "\r{:3.0}%|{:<20}| {step}/{}",
                share * 100.0,
                "█".repeat((share * 20.0) as usize),
                run.steps
            );
            events.push(Event {
                at: at + 0.01,
                what: What::Print(bar),
            });
        }
    }
    events.push(Event::log(at + 1.0, Level::Info, "done", []));
    events
}

impl Machine {
    fn measure(&mut self, waits: bool, values: &mut Vec<(&'static str, f64)>, random: &mut Random) {
        let load = self.load.next(random);
        let busy = if waits { 57.0 } else { 97.0 } + 1.2 * load;
        self.heat += 0.12 * (0.74 * busy - self.heat) + 0.2 * random.normal();
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        values.extend([
            ("gpu/util", busy.clamp(0.0, 100.0).round()),
            ("gpu/mem_gb", tenth(61.4 + 0.1 * load)),
            (
                "gpu/power_w",
                tenth(310.0 * busy / 100.0 + 6.0 * random.normal()),
            ),
            ("gpu/temp_c", tenth(self.heat)),
            ("cpu/util", tenth(23.0 + 4.0 * load.abs())),
            ("ram_gb", tenth(118.0 + 0.4 * load)),
            (
                "data/wait_ms",
                tenth(if waits { 412.0 } else { 3.0 } + 2.0 * random.unit()),
            ),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cast;

    fn steps(events: &[Event], on: On) -> Vec<u64> {
        let step = |event: &Event| match &event.what {
            What::Row(row) if row.on == on => row.step,
            _ => None,
        };
        events.iter().filter_map(step).collect()
    }

    #[test]
    fn a_resumed_run_goes_back_once_to_its_checkpoint() {
        let run = cast::interrupted();
        let events = tell(&run, &Json::Null, Random::new(1, "test"));
        assert!(events.is_sorted_by(|a, b| a.at <= b.at));
        let steps = steps(&events, On::Train);
        let back: Vec<&[u64]> = steps.windows(2).filter(|pair| pair[1] <= pair[0]).collect();
        let resumed = run.resumed.expect("it is resumed");
        assert_eq!(back.len(), 1, "{back:?}");
        assert_eq!(back[0][1], resumed.from_step + run.stride);
        assert_eq!(steps.last(), Some(&run.steps));
        // The checkpoint that it resumes from was saved.
        let name = format!("step-{}.pt", resumed.from_step);
        let saved = |event: &Event| matches!(&event.what, What::Save(saved) if saved.name == name);
        assert!(events.iter().any(saved));
    }

    #[test]
    fn a_plain_script_measures_fourteen_things() {
        let run = cast::plain_script();
        let events = tell_flat(&run, Random::new(1, "test"));
        assert!(events.is_sorted_by(|a, b| a.at <= b.at));
        let most = events.iter().map(|event| match &event.what {
            What::Row(row) => row.values.len(),
            _ => 0,
        });
        assert_eq!(most.max(), Some(14));
    }
}
