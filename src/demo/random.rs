//! Random numbers of our own: the same seed gives the same lab for ever.

/// A `SplitMix64` generator. Each run has its own, so that no run changes the numbers of another.
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: u64,
}

/// Noise that remembers: what is high stays high for a while, as the noise of training does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drift {
    value: f64,
    /// How much of the former value remains, from 0 to 1.
    keep: f64,
}

impl Random {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        // FNV-1a
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut random = Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hash,
        };
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0, below 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Mean 0, deviation 1, never beyond 6: a sum of twelve, which needs no library of functions.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// So many hexadecimal digits, as a checksum has them.
    pub(super) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            let sixteen = format!("{:016x}", self.next());
            text.push_str(&sixteen);
        }
        text.truncate(digits);
        text
    }
}

impl Drift {
    pub(super) const fn new(keep: f64) -> Self {
        Self { value: 0.0, keep }
    }

    /// The next value: mean 0, deviation 1.
    pub(super) fn next(&mut self, random: &mut Random) -> f64 {
        let fresh = (1.0 - self.keep * self.keep).sqrt();
        self.value = self.keep * self.value + fresh * random.normal();
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_name_make_a_sequence_of_their_own() {
        let first = |seed, name| Random::new(seed, name).next();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }

    #[test]
    fn values_spread_as_they_should() {
        let mut random = Random::new(7, "spread");
        let drawn: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
        assert!((0..1000).all(|_| (3.0..5.0).contains(&random.between(3.0, 5.0))));
        assert_eq!(random.hex(64).len(), 64);
    }

    #[test]
    fn drift_remembers_and_stays_within_bounds() {
        let mut random = Random::new(7, "drift");
        let mut drift = Drift::new(0.9);
        let values: Vec<f64> = (0..20_000).map(|_| drift.next(&mut random)).collect();
        let variance = values.iter().map(|v| v * v).sum::<f64>() / 20_000.0;
        let along = values.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / 20_000.0;
        assert!((variance - 1.0).abs() < 0.1, "{variance}");
        assert!((along / variance - 0.9).abs() < 0.03, "{along}");
    }
}
