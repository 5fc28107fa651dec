//! What a training script says beside its numbers: progress bars, and what goes wrong now and then.

use super::Teller;
use crate::demo::event::{Level, item};
use crate::demo::python::Json;

impl Teller<'_> {
    /// What `tqdm` leaves in a log: many states of one line.
    pub(super) fn progress_bar(&mut self, epoch: u32, at: f64) {
        let batches = self.run.steps_per_epoch;
        let rate = f64::from(batches) / (self.run.epoch * 0.86);
        let bar = |share: f64| {
            let done = (share * f64::from(batches)) as u32;
            let blocks = "█".repeat((share * 10.0) as usize);
            let (passed, left) = (share * 47.0, (1.0 - share) * 47.0);
            format!(
                "\rEpoch {}: {:3.0}%|{blocks:<10}| {done}/{batches} [00:{passed:02.0}<00:{left:02.0}, {:.2}it/s]",
                epoch + 1,
                share * 100.0,
                rate / 5.0
            )
        };
        let message: String = [0.1, 0.35, 0.6].into_iter().map(bar).collect();
        self.log(at, Level::Debug, message, []);
    }

    /// What goes wrong now and then in every lab.
    pub(super) fn trouble(&mut self, epoch: u32, from: f64) {
        let at = from + self.run.epoch * self.random.between(0.2, 0.6);
        if self.random.happens(0.07) {
            let free = self.random.between(0.6, 1.9);
            let fields = [
                ("free_gb", Json::Float((free * 10.0).round() / 10.0)),
                ("device", 0_u32.into()),
            ];
            self.log(at, Level::Warn, "GPU memory low", fields);
        }
        if self.random.happens(0.025) {
            let worker = self.random.next() % 8;
            let message = format!("DataLoader worker {worker} exited: Connection reset by peer");
            self.log(
                at + 0.1,
                Level::Error,
                message,
                [("restarts", Json::from(1_u32))],
            );
            let message = format!("DataLoader worker {worker} restarted");
            self.log(at + 0.4, Level::Info, message, [("worker", worker.into())]);
        }
        let share = f64::from(epoch) / f64::from(self.run.epochs);
        let Some(explodes) = self.run.curve.explodes else {
            return;
        };
        if share > explodes && share < explodes + 0.07 {
            let norm = self.walk.grad_norm(share, &mut self.random);
            let fields = [("grad_norm", Json::Float(item(norm))), ("clip", Json::Null)];
            self.log(at, Level::Warn, "gradient norm above 1e3", fields);
        } else if share > explodes + 0.1 {
            let fields = [("loss", Json::Float(f64::NAN)), ("epoch", epoch.into())];
            self.log(at, Level::Error, "loss is not finite", fields);
        }
    }
}
