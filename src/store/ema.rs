//! `TensorBoard`'s exponential moving average, without the bias towards its start at zero.

/// The weight of what was before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    weight: f64,
    /// From so many values on the start at zero is too little to be told.
    settled: u64,
}

/// What is known of the values before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Ema {
    last: f64,
    /// How many finite values there were.
    count: u64,
}

impl Weight {
    /// Only what is above 0 and below 1 is a weight.
    pub(super) fn new(weight: f64) -> Option<Self> {
        let valid = weight > 0.0 && weight < 1.0;
        // One minus half a unit in the last place of a half is one.
        let settled = (-54.0 * std::f64::consts::LN_2 / weight.ln()).ceil() as u64;
        valid.then_some(Self {
            weight,
            settled: settled.saturating_add(1),
        })
    }

    pub(super) fn is(self, weight: f64) -> bool {
        self.weight.to_bits() == weight.to_bits()
    }
}

impl Ema {
    /// The average up to this value. What is not finite is told as it is, and does not count.
    pub(super) fn next(&mut self, weight: Weight, value: f64) -> f64 {
        if !value.is_finite() {
            return value;
        }
        let Weight { weight, settled } = weight;
        self.last = self.last * weight + (1.0 - weight) * value;
        self.count += 1;
        if self.count >= settled {
            return self.last;
        }
        let average = self.last / (1.0 - weight.powf(self.count as f64));
        average.clamp(f64::MIN, f64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smoothed(weight: f64, values: &[f64]) -> Vec<f64> {
        let weight = Weight::new(weight).unwrap();
        let mut ema = Ema::default();
        values
            .iter()
            .map(|value| ema.next(weight, *value))
            .collect()
    }

    #[test]
    fn by_hand() {
        let near = |seen: &[f64], hand: &[f64]| {
            assert_eq!(seen.len(), hand.len());
            for (seen, hand) in seen.iter().zip(hand) {
                assert!((seen - hand).abs() < 1e-12, "{seen} is not {hand}");
            }
        };
        // last: 0.4, 1.04, 1.824; divided by 0.4, 0.64, 0.784.
        near(
            &smoothed(0.6, &[1.0, 2.0, 3.0]),
            &[1.0, 1.625, 2.326_530_612_244_898],
        );
        // last: 2, -1, 2.5; divided by 1/2, 3/4, 7/8.
        near(
            &smoothed(0.5, &[4.0, -4.0, 6.0]),
            &[4.0, -4.0 / 3.0, 20.0 / 7.0],
        );
        near(&smoothed(0.99, &[7.0, 7.0, 7.0]), &[7.0, 7.0, 7.0]);
    }

    #[test]
    fn what_is_not_finite_passes_and_does_not_count() {
        let with = smoothed(
            0.6,
            &[f64::NAN, 1.0, f64::INFINITY, 2.0, f64::NEG_INFINITY, 3.0],
        );
        let without = smoothed(0.6, &[1.0, 2.0, 3.0]);
        assert_eq!([with[1], with[3], with[5]], without[..]);
        assert!(with[0].is_nan());
        assert_eq!([with[2], with[4]], [f64::INFINITY, f64::NEG_INFINITY]);
    }

    #[test]
    fn the_start_is_left_out_only_when_it_is_nothing() {
        for weight in [1e-300, 0.001, 0.5, 0.6, 0.97, 0.999] {
            let limit = Weight::new(weight).unwrap().settled;
            let left = 1.0 - weight.powf(limit as f64);
            assert_eq!(left, 1.0, "{weight}");
            let before = 1.0 - weight.powf(limit as f64 * 0.9);
            assert!(before < 1.0 || weight < 0.5, "{weight}");
        }
    }

    #[test]
    fn the_greatest_numbers_stay_finite() {
        for weight in [1e-9, 0.3, 0.6, 0.999_999_999, 1.0 - f64::EPSILON / 2.0] {
            for value in [f64::MAX, f64::MIN, 5e-324] {
                assert!(
                    smoothed(weight, &[value; 100])
                        .iter()
                        .all(|s| s.is_finite())
                );
                let mixed = [value, -value, value, 0.0];
                assert!(smoothed(weight, &mixed).iter().all(|s| s.is_finite()));
            }
        }
    }

    #[test]
    fn weights_are_between_zero_and_one() {
        for weight in [0.0, 1.0, -0.5, 1.5, f64::NAN, f64::INFINITY] {
            assert!(Weight::new(weight).is_none(), "{weight}");
        }
        assert!(Weight::new(0.6).is_some_and(|weight| weight.is(0.6) && !weight.is(0.61)));
    }
}
