//! The shape of a training: how losses fall, learning rates decay, and where it goes wrong.

use super::random::{Drift, Random};

/// How the learning rate goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Schedule {
    /// From one to the other along half a cosine, after a linear warm-up over this share of it all.
    Cosine {
        from: f64,
        to: f64,
        warm_up: f64,
    },
    /// A tenth of it after each of these shares: plateaus, and a fall after each of them.
    Steps {
        from: f64,
        at: [f64; 2],
    },
    Constant(f64),
}

/// What is typical for a model on its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    /// The loss of guessing.
    pub(super) start: f64,
    /// What it can come down to.
    pub(super) floor: f64,
    /// After this share of the training most of the way is done.
    pub(super) pace: f64,
    /// Between training and validation loss in the end.
    pub(super) gap: f64,
    /// The share of right answers of guessing.
    pub(super) chance: f64,
    /// Relative noise of one row of training.
    pub(super) noise: f64,
    /// From this share on the model learns its data by heart.
    pub(super) by_heart: Option<f64>,
    /// From this share on the loss explodes.
    pub(super) explodes: Option<f64>,
}

/// A training that goes along a curve.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    curve: Curve,
    schedule: Schedule,
    /// What training and validation have in common.
    shared: Drift,
    train: Drift,
    val: Drift,
}

impl Schedule {
    /// The learning rate after this share of the training.
    pub(super) fn rate(&self, share: f64) -> f64 {
        match *self {
            Self::Cosine { from, to, warm_up } => {
                if share < warm_up {
                    return from * (0.02 + 0.98 * share / warm_up);
                }
                let along = ((share - warm_up) / (1.0 - warm_up)).clamp(0.0, 1.0);
                to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * along).cos())
            }
            Self::Steps { from, at } => {
                let passed = at.iter().filter(|at| share >= **at);
                passed.fold(from, |rate, _| rate * 0.1)
            }
            Self::Constant(rate) => rate,
        }
    }

    fn peak(&self) -> f64 {
        match *self {
            Self::Cosine { from, .. } | Self::Steps { from, .. } | Self::Constant(from) => from,
        }
    }

    /// How large the steps are now, compared with the largest.
    fn heat(&self, share: f64) -> f64 {
        self.rate(share) / self.peak()
    }
}

impl Walk {
    pub(super) fn new(curve: Curve, schedule: Schedule, random: &mut Random) -> Self {
        // No two trainings come out the same.
        let luck = |random: &mut Random| (0.07 * random.normal()).exp();
        let curve = Curve {
            floor: curve.floor * luck(random),
            gap: curve.gap * luck(random),
            pace: curve.pace * luck(random),
            ..curve
        };
        Self {
            curve,
            schedule,
            shared: Drift::new(0.8),
            train: Drift::new(0.55),
            val: Drift::new(0.3),
        }
    }

    pub(super) fn rate(&self, share: f64) -> f64 {
        self.schedule.rate(share)
    }

    pub(super) fn train_loss(&mut self, share: f64, random: &mut Random) -> f64 {
        let common = self.shared.next(random);
        let noise = self.train.next(random);
        let heat = 0.35 + 0.65 * self.schedule.heat(share);
        let base = self.learnt(share) - self.by_heart(share) * 0.12;
        let loss = base.max(self.curve.floor * 0.25)
            * (1.0 + self.curve.noise * heat * (0.5 * common + noise));
        explode(loss.max(0.0), self.exploded(share))
    }

    pub(super) fn val_loss(&mut self, share: f64, random: &mut Random) -> f64 {
        let common = self.shared.next(random);
        let noise = self.val.next(random);
        let heat = 0.35 + 0.65 * self.schedule.heat(share);
        let opened = 1.0 - (-3.0 * share / self.curve.pace.max(0.2)).exp();
        let base = self.learnt(share) + self.curve.gap * opened + self.by_heart(share);
        let loss = base * (1.0 + 0.6 * self.curve.noise * heat * (0.5 * common + noise));
        explode(loss.max(0.0), self.exploded(share))
    }

    /// The norm of the gradients: high while the model is new, noisy, and the first to explode.
    pub(super) fn grad_norm(&mut self, share: f64, random: &mut Random) -> f64 {
        let young = 1.6 * (-share / 0.04).exp();
        let usual = 0.55 + 0.5 * self.schedule.heat(share) + young;
        let norm = usual * (0.28 * random.normal()).exp();
        let over = self.exploded(share + 0.03);
        explode(norm, over.map(|over| over * 1.4))
    }

    /// The share of right answers at this validation loss, as far as it comes from what was learnt.
    pub(super) fn accuracy(&mut self, share: f64, random: &mut Random) -> f64 {
        if self.exploded(share).is_some_and(|over| over > 0.25) {
            return (self.curve.chance + 0.004 * random.normal()).clamp(0.0, 1.0);
        }
        let opened = 1.0 - (-3.0 * share / self.curve.pace.max(0.2)).exp();
        let loss = self.learnt(share) + 0.6 * self.curve.gap * opened;
        self.right(loss) + 0.004 * random.normal()
    }

    /// The loss without noise: it falls as far as steps were taken, and what large steps stir up
    /// settles when they become small.
    fn learnt(&self, share: f64) -> f64 {
        let curve = &self.curve;
        let warm_up = match self.schedule {
            Schedule::Cosine { warm_up, .. } => warm_up,
            Schedule::Steps { .. } | Schedule::Constant(_) => 0.0,
        };
        let steps = (share - 0.6 * share.min(warm_up)).max(0.0);
        let left = (-(steps / (0.45 * curve.pace)).powf(0.8)).exp();
        let stirred = 0.09 * (1.0 - left) * self.schedule.heat(share);
        curve.floor + (curve.start - curve.floor) * (left + stirred)
    }

    fn by_heart(&self, share: f64) -> f64 {
        let beyond = self
            .curve
            .by_heart
            .map_or(0.0, |from| share - from)
            .max(0.0);
        (self.curve.start - self.curve.floor) * 0.5 * beyond.powf(1.05)
    }

    /// The share of right answers that usually goes with a cross-entropy.
    fn right(&self, loss: f64) -> f64 {
        let relative = (loss / self.curve.start).clamp(0.0, 1.5);
        let chance = self.curve.chance;
        chance + (0.995 - chance) * (-2.1 * relative.powf(1.4)).exp()
    }

    /// How far beyond the start of the explosion, as a share of the training.
    fn exploded(&self, share: f64) -> Option<f64> {
        let over = self.curve.explodes.map(|from| (share - from) * 10.0)?;
        (over > 0.0).then_some(over)
    }
}

/// First it doubles, then it is infinite, then it is no number any more.
fn explode(value: f64, over: Option<f64>) -> f64 {
    match over {
        None => value,
        Some(over) if over > 1.0 => f64::NAN,
        Some(over) if over > 0.93 => f64::INFINITY,
        Some(over) => value * (over * over * 16.0).exp(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve = Curve {
        start: 2.35,
        floor: 0.03,
        pace: 0.5,
        gap: 0.1,
        chance: 0.1,
        noise: 0.05,
        by_heart: None,
        explodes: None,
    };
    const COSINE: Schedule = Schedule::Cosine {
        from: 1e-3,
        to: 1e-5,
        warm_up: 0.0,
    };

    fn val_losses(curve: Curve, schedule: Schedule) -> Vec<f64> {
        let mut random = Random::new(1, "curve");
        let mut walk = Walk::new(curve, schedule, &mut random);
        (1..=50)
            .map(|epoch| walk.val_loss(f64::from(epoch) / 50.0, &mut random))
            .collect()
    }

    fn best(losses: &[f64]) -> usize {
        let finite = losses.iter().enumerate().filter(|(_, l)| l.is_finite());
        let best = finite.min_by(|a, b| a.1.total_cmp(b.1));
        best.expect("a loss").0 + 1
    }

    #[test]
    fn schedules_start_and_end_where_they_say() {
        assert!((COSINE.rate(0.0) - 1e-3).abs() < 1e-12);
        assert!((COSINE.rate(1.0) - 1e-5).abs() < 1e-12);
        let warm = Schedule::Cosine {
            from: 1.0,
            to: 0.0,
            warm_up: 0.1,
        };
        assert!(warm.rate(0.0) < 0.05 && warm.rate(0.05) < 0.6);
        assert!((warm.rate(0.1) - 1.0).abs() < 1e-12);
        let steps = Schedule::Steps {
            from: 0.1,
            at: [0.5, 0.75],
        };
        assert!((steps.rate(0.6) - 0.01).abs() < 1e-12);
        assert!((steps.rate(0.9) - 0.001).abs() < 1e-12);
    }

    #[test]
    fn a_good_training_is_best_towards_its_end() {
        let losses = val_losses(CURVE, COSINE);
        assert!(losses[0] > 1.2 && losses[49] < 0.25, "{losses:?}");
        assert!(best(&losses) >= 38, "{losses:?}");
    }

    #[test]
    fn learning_by_heart_is_best_where_it_begins() {
        let curve = Curve {
            by_heart: Some(0.5),
            ..CURVE
        };
        let losses = val_losses(curve, Schedule::Constant(1e-3));
        assert!((20..=32).contains(&best(&losses)), "{losses:?}");
        assert!(losses[49] > 1.5 * losses[best(&losses) - 1]);
    }

    #[test]
    fn an_explosion_rises_then_is_infinite_then_nothing() {
        let curve = Curve {
            explodes: Some(0.5),
            ..CURVE
        };
        let losses = val_losses(curve, COSINE);
        assert!(losses[23].is_finite());
        assert!(losses[28] > losses[23]);
        assert!(losses[31].is_nan() && losses[49].is_nan());
    }

    #[test]
    fn accuracy_follows_what_was_learnt() {
        let mut random = Random::new(1, "accuracy");
        let mut walk = Walk::new(CURVE, COSINE, &mut random);
        let early = walk.accuracy(0.02, &mut random);
        let late = walk.accuracy(1.0, &mut random);
        assert!((0.1..0.5).contains(&early), "{early}");
        assert!((0.9..1.0).contains(&late), "{late}");
    }
}
