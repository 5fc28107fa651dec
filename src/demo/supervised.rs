//! Trainings on labelled data: epochs of steps, a validation after each of them, checkpoints, and
//! what a training script says meanwhile.

mod chatter;

use super::curve::{Curve, Schedule, Walk};
use super::event::{Ending, Event, Level, On, Row, What, item};
use super::python::Json;
use super::random::Random;

/// What is to be trained, and what becomes of it.
#[derive(Clone, Debug)]
pub(super) struct Supervised {
    /// When the run is announced, if that is not when it begins.
    pub(super) queued: Option<f64>,
    pub(super) begins: f64,
    pub(super) epochs: u32,
    /// How long an epoch takes, in seconds.
    pub(super) epoch: f64,
    pub(super) steps_per_epoch: u32,
    /// Rows of the training data in an epoch. None means that the script tells whole epochs only.
    pub(super) rows: u32,
    pub(super) batch: u32,
    pub(super) curve: Curve,
    pub(super) schedule: Schedule,
    pub(super) task: Task,
    pub(super) fate: Fate,
    /// Size of a checkpoint in bytes; one is saved every ten epochs.
    pub(super) checkpoint: Option<u64>,
    /// A progress bar and colours go into the log.
    pub(super) noisy: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Classification,
    Segmentation,
    Detection,
}

#[derive(Clone, Debug)]
pub(super) enum Fate {
    Completes,
    /// Nothing more is heard after this time.
    Hangs(f64),
    /// It ends at this time.
    Ends(f64, Ending),
}

/// A run while it is told.
struct Teller<'a> {
    run: &'a Supervised,
    random: Random,
    walk: Walk,
    events: Vec<Event>,
    train_sum: f64,
    best: (f64, u32),
}

/// Everything that happens in a run, in the order of time. `pace` is how many seconds on the wall a
/// second of the lab takes.
pub(super) fn tell(run: &Supervised, params: &Json, pace: f64, mut random: Random) -> Vec<Event> {
    let walk = Walk::new(run.curve, run.schedule, &mut random);
    let mut teller = Teller {
        run,
        random,
        walk,
        events: Vec::new(),
        train_sum: 0.0,
        best: (f64::INFINITY, 0),
    };
    teller.open(params);
    for epoch in 0..run.epochs {
        teller.epoch(epoch, pace);
    }
    teller.close()
}

impl Task {
    /// What is measured on the validation data beside the loss, from the share of right answers.
    fn measures(self, right: f64, random: &mut Random) -> Vec<(&'static str, f64)> {
        let mut near =
            |factor: f64, by: f64| (right * factor + by * random.normal()).clamp(0.0, 1.0);
        match self {
            Self::Classification => vec![
                ("accuracy", right.clamp(0.0, 1.0)),
                ("f1", near(0.992, 0.002)),
            ],
            Self::Segmentation => vec![
                ("mIoU", near(0.82, 0.003)),
                ("pixel_acc", near(1.005, 0.002)),
                ("dice", near(0.89, 0.003)),
            ],
            Self::Detection => vec![
                ("mAP", near(0.46, 0.003)),
                ("mAP_50", near(0.66, 0.004)),
                ("mAP_75", near(0.49, 0.004)),
            ],
        }
    }

    /// The same as the per-epoch writer calls it.
    fn told_per_epoch(name: &'static str) -> &'static str {
        match name {
            "accuracy" => "val_accuracy",
            "f1" => "val_f1",
            "mIoU" => "val_mIoU",
            "pixel_acc" => "val_pixel_acc",
            "dice" => "val_dice",
            "mAP" => "val_mAP",
            "mAP_50" => "val_mAP_50",
            "mAP_75" => "val_mAP_75",
            other => other,
        }
    }
}

impl Teller<'_> {
    fn push(&mut self, at: f64, what: What) {
        self.events.push(Event { at, what });
    }

    fn log<const N: usize>(
        &mut self,
        at: f64,
        level: Level,
        message: impl Into<String>,
        fields: [(&'static str, Json); N],
    ) {
        self.events.push(Event::log(at, level, message, fields));
    }

    fn open(&mut self, params: &Json) {
        let run = self.run;
        let at = run.begins;
        // Parameters that are known when the run is announced stand in that announcement.
        self.push(run.queued.unwrap_or(at), What::Params(params.clone()));
        self.events.extend(run.queued.map(|at| Event {
            at,
            what: What::Queue,
        }));
        self.push(at, What::Begin);
        if run.queued.is_none() {
            // The run is opened before anything is told to it.
            self.events.swap(0, 1);
        }
        let fields = [
            ("epochs", Json::from(run.epochs)),
            ("batch_size", run.batch.into()),
            ("device", "cuda:0".into()),
        ];
        self.log(at + 0.05, Level::Info, "Training started", fields);
        let fields = [
            ("batches", Json::from(run.steps_per_epoch)),
            ("workers", 8_u32.into()),
            ("pin_memory", true.into()),
        ];
        self.log(at + 0.2, Level::Debug, "DataLoader ready", fields);
    }

    fn epoch(&mut self, epoch: u32, pace: f64) {
        let run = self.run;
        let from = run.begins + 0.4 + f64::from(epoch) * run.epoch;
        // A seventh of an epoch goes into validation.
        let training = run.epoch * 0.86;
        self.train_sum = 0.0;
        let rows = run.rows.max(8);
        for row in 1..=rows {
            let along = f64::from(row) / f64::from(rows);
            self.train_row(epoch, along, from + training * along);
        }
        if run.noisy && epoch % 3 == 1 {
            self.progress_bar(epoch, from + training * 0.5);
        }
        self.trouble(epoch, from);
        let at = from + run.epoch * (0.97 + 0.02 * self.random.unit());
        let train = self.train_sum / f64::from(rows);
        self.validated(epoch, train, at, pace);
    }

    fn train_row(&mut self, epoch: u32, along: f64, at: f64) {
        let run = self.run;
        let share = (f64::from(epoch) + along) / f64::from(run.epochs);
        let loss = self.walk.train_loss(share, &mut self.random);
        self.train_sum += loss;
        if run.rows == 0 {
            return;
        }
        let norm = self.walk.grad_norm(share, &mut self.random);
        let right = self.walk.accuracy(share, &mut self.random);
        let right = (right + 0.012 * share + 0.01 * self.random.normal()).clamp(0.0, 1.0);
        // A batch of images goes through in a share of the epoch; the first one waits for workers.
        let usual = f64::from(run.batch * run.steps_per_epoch) / (run.epoch * 0.86 * 5.0);
        let slow = if along * f64::from(run.rows) < 1.5 {
            0.82
        } else {
            1.0
        };
        let speed = usual * slow * (1.0 + 0.015 * self.random.normal());
        let mut values = vec![("loss", item(loss))];
        if run.task == Task::Classification {
            values.push(("accuracy", item(right)));
        }
        values.extend([
            ("grad_norm", item(norm)),
            ("samples_per_s", (speed * 10.0).round() / 10.0),
        ]);
        let done = (f64::from(epoch) + along) * f64::from(run.steps_per_epoch);
        let row = Row {
            on: On::Train,
            step: Some(done.round() as u64),
            epoch: Some(epoch),
            values,
        };
        self.push(at, What::Row(row));
    }

    fn validated(&mut self, epoch: u32, train: f64, at: f64, pace: f64) {
        let run = self.run;
        let share = f64::from(epoch + 1) / f64::from(run.epochs);
        let loss = self.walk.val_loss(share, &mut self.random);
        let right = self.walk.accuracy(share, &mut self.random);
        let measures = run.task.measures(right, &mut self.random);
        let rate = self.walk.rate(f64::from(epoch) / f64::from(run.epochs));
        if loss < self.best.0 {
            self.best = (loss, epoch);
        }
        let step = u64::from(epoch + 1) * u64::from(run.steps_per_epoch);
        let row = |on, values| Row {
            on,
            step: Some(step),
            epoch: Some(epoch),
            values,
        };
        if run.rows == 0 {
            let mut values = vec![("train_loss", item(train)), ("val_loss", item(loss))];
            let named = measures.iter();
            values.extend(named.map(|(key, value)| (Task::told_per_epoch(key), item(*value))));
            let lasted = run.epoch * pace * (1.0 + 0.02 * self.random.normal());
            values.push(("lr", rate));
            values.push(("duration_s", (lasted * 1e6).round() / 1e6));
            let row = Row {
                on: On::Whole,
                step: None,
                epoch: Some(epoch + 1),
                values,
            };
            self.push(at, What::Row(row));
            return;
        }
        let mut values = vec![("loss", item(loss))];
        values.extend(measures.iter().map(|(key, value)| (*key, item(*value))));
        self.push(at, What::Row(row(On::Val, values)));
        let memory = 31.5 + 4.0 * (1.0 - (-share * 6.0).exp()) + 0.2 * self.random.normal();
        let whole = vec![
            ("lr", rate),
            ("gpu_mem_gb", (memory * 100.0).round() / 100.0),
        ];
        self.push(at + 0.000_1, What::Row(row(On::Whole, whole)));
        let fields = [
            ("train_loss", Json::Float(four_digits(train))),
            ("val_loss", Json::Float(four_digits(loss))),
        ];
        let message = format!("Epoch {}/{} complete", epoch + 1, run.epochs);
        self.log(at + 0.002, Level::Info, message, fields);
        self.saved(epoch, at + 0.01);
    }

    fn saved(&mut self, epoch: u32, at: f64) {
        let Some(size) = self.run.checkpoint.filter(|_| epoch % 10 == 9) else {
            return;
        };
        let name = format!("epoch_{}.pt", epoch + 1);
        let message = if self.run.noisy {
            format!("\u{1b}[1;32msaved\u{1b}[0m \u{1b}[36mcheckpoints/{name}\u{1b}[0m")
        } else {
            format!("Saved checkpoints/{name}")
        };
        let bytes = size + self.random.next() % 4_096;
        let fields = [
            ("best_epoch", Json::from(self.best.1)),
            ("bytes", bytes.into()),
        ];
        self.log(at + 0.02, Level::Info, message, fields);
        self.events
            .push(Event::save(at, "checkpoints", name, bytes));
    }

    fn close(mut self) -> Vec<Event> {
        let run = self.run;
        let until = match run.fate {
            Fate::Completes => f64::INFINITY,
            Fate::Hangs(at) | Fate::Ends(at, _) => at,
        };
        // What is written while something is validated comes in the order of time.
        self.events.sort_by(|a, b| a.at.total_cmp(&b.at));
        self.events.retain(|event| event.at < until);
        match &run.fate {
            Fate::Hangs(_) => {}
            Fate::Completes => {
                let at = run.begins + 0.4 + f64::from(run.epochs) * run.epoch + 0.3;
                let fields = [
                    ("best_epoch", Json::from(self.best.1)),
                    ("best_val_loss", Json::Float(four_digits(self.best.0))),
                ];
                self.log(at, Level::Info, "Training complete", fields);
                self.push(at + 0.01, What::End(Ending::Completed));
            }
            Fate::Ends(at, ending) => self.push(*at, What::End(ending.clone())),
        }
        self.events
    }
}

fn four_digits(value: f64) -> f64 {
    if value.is_finite() {
        (value * 1e4).round() / 1e4
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cast::CIFAR;

    fn told(run: &Supervised) -> Vec<Event> {
        tell(run, &Json::Null, 1.0, Random::new(1, "test"))
    }

    fn rows(events: &[Event], on: On) -> Vec<&Row> {
        let row = |event: &'_ Event| matches!(&event.what, What::Row(row) if row.on == on);
        let found = events.iter().filter(|event| row(event));
        found
            .filter_map(|event| match &event.what {
                What::Row(row) => Some(row),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn an_epoch_has_its_rows_and_one_validation() {
        let events = told(&CIFAR);
        assert!(matches!(events[0].what, What::Begin));
        let (train, val) = (rows(&events, On::Train), rows(&events, On::Val));
        assert_eq!((train.len(), val.len()), (50 * 12, 50));
        assert_eq!(rows(&events, On::Whole).len(), 50);
        assert!(train.is_sorted_by(|a, b| a.step < b.step));
        let last = train.last().expect("a row");
        assert_eq!((last.step, last.epoch), (Some(50 * 390), Some(49)));
        assert_eq!(val[0].step, Some(390));
        assert!(matches!(
            events.last().map(|e| &e.what),
            Some(What::End(Ending::Completed))
        ));
    }

    #[test]
    fn what_hangs_says_nothing_more_and_what_fails_says_so_last() {
        let hangs = told(&Supervised {
            fate: Fate::Hangs(100.0),
            ..CIFAR
        });
        assert!(hangs.iter().all(|event| event.at < 100.0));
        assert!(hangs.last().is_some_and(|event| event.at > 98.0));
        let fails = told(&Supervised {
            fate: Fate::Ends(100.0, Ending::Cancelled),
            ..CIFAR
        });
        assert_eq!(fails.len(), hangs.len() + 1);
        assert!(matches!(
            fails.last().map(|e| &e.what),
            Some(What::End(Ending::Cancelled))
        ));
    }

    #[test]
    fn a_script_of_whole_epochs_tells_one_row_each() {
        let events = told(&Supervised {
            rows: 0,
            queued: Some(-5.0),
            task: Task::Detection,
            ..CIFAR
        });
        let kinds: Vec<bool> = events
            .iter()
            .map(|e| matches!(e.what, What::Queue))
            .collect();
        assert!(kinds[1], "it is announced first");
        let whole = rows(&events, On::Whole);
        assert_eq!(whole.len(), 50);
        assert_eq!(rows(&events, On::Train).len(), 0);
        let names: Vec<&str> = whole[0].values.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "train_loss",
                "val_loss",
                "val_mAP",
                "val_mAP_50",
                "val_mAP_75",
                "lr",
                "duration_s"
            ]
        );
        assert_eq!(whole[49].epoch, Some(50));
    }

    #[test]
    fn an_explosion_is_seen_in_the_rows_and_said_in_the_log() {
        let events = told(&Supervised {
            curve: Curve {
                explodes: Some(0.5),
                ..CIFAR.curve
            },
            ..CIFAR
        });
        let nan = |row: &&Row| row.values.iter().any(|(_, value)| value.is_nan());
        assert!(
            rows(&events, On::Train)
                .iter()
                .filter(|row| nan(row))
                .count()
                > 200
        );
        let said = |event: &Event| matches!(&event.what, What::Log(line) if line.message == "loss is not finite");
        assert!(events.iter().any(said));
    }
}
