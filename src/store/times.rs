//! When rows were written, and how far apart.

/// The finite times of a stream's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Of the first row that has one.
    pub first: Option<f64>,
    /// Of the last row that has one.
    pub last: Option<f64>,
    pub newest: Option<f64>,
}

/// How many gaps of which length lie between successive row times: one count for each power of
/// two, from a microsecond up.
#[derive(Clone, Debug)]
pub struct Gaps {
    counts: [u32; CLASSES],
}

const CLASSES: usize = 48;
/// The lowest class holds the gaps below two to this power, in seconds.
const LOWEST: i32 = -20;

impl Default for Gaps {
    fn default() -> Self {
        Self {
            counts: [0; CLASSES],
        }
    }
}

impl Times {
    /// Takes the times of further rows, and hands on every gap between neighbours.
    pub(super) fn add(&mut self, times: &[f64], gaps: &mut Gaps) {
        let finite = |time: &&f64| time.is_finite();
        let Some(&first) = times.iter().find(finite) else {
            return;
        };
        self.first.get_or_insert(first);
        let mut last = self.last.unwrap_or(first);
        let mut newest = self.newest.unwrap_or(first);
        for &time in times.iter().filter(finite) {
            gaps.add(time - last);
            newest = newest.max(time);
            last = time;
        }
        (self.last, self.newest) = (Some(last), Some(newest));
    }
}

impl Gaps {
    /// The gap that the share `quantile` (0 to 1) of all positive gaps does not exceed, within a
    /// factor of two.
    pub fn typical_gap(&self, quantile: f64) -> Option<f64> {
        let total = self.count();
        if total == 0 || quantile.is_nan() {
            return None;
        }
        let rank = quantile.clamp(0.0, 1.0) * total as f64;
        let mut below = 0.0;
        for (class, &count) in self
            .counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            let count = f64::from(count);
            if below + count >= rank || below + count >= total as f64 {
                let share = ((rank - below) / count).clamp(0.0, 1.0);
                return Some((f64::from(LOWEST) + class as f64 - 1.0 + share).exp2());
            }
            below += count;
        }
        None
    }

    /// How many positive gaps there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    fn add(&mut self, gap: f64) {
        if gap > 0.0 {
            // The exponent of the number is its logarithm; infinity lands in the last class.
            let exponent = (gap.to_bits() >> 52) as i32 - 1023;
            let class = usize::try_from(exponent - LOWEST + 1)
                .unwrap_or(0)
                .min(CLASSES - 1);
            let count = &mut self.counts[class];
            *count = count.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_finite_times() {
        let (mut times, mut gaps) = (Times::default(), Gaps::default());
        times.add(&[f64::NAN], &mut gaps);
        assert_eq!(times, Times::default());
        times.add(&[f64::NAN, 10.0, f64::INFINITY, 12.0, 11.0], &mut gaps);
        times.add(&[11.5, f64::NAN], &mut gaps);
        assert_eq!(
            times,
            Times {
                first: Some(10.0),
                last: Some(11.5),
                newest: Some(12.0)
            }
        );
        assert_eq!(gaps.count(), 2);
    }

    #[test]
    fn the_typical_gap_is_right_within_a_factor_of_two() {
        assert_eq!(Gaps::default().typical_gap(0.5), None);
        for gap in [1e-9, 1e-3, 0.9, 1.0, 60.0, 86_400.0, 1e300] {
            let mut gaps = Gaps::default();
            (0..100).for_each(|_| gaps.add(gap));
            gaps.add(0.0);
            gaps.add(-3.0);
            let known = gap.clamp(f64::from(LOWEST).exp2(), f64::from(LOWEST + 47).exp2());
            for quantile in [-1.0, 0.0, 0.5, 0.99, 1.0, f64::NAN] {
                let typical = gaps.typical_gap(quantile).unwrap_or(known);
                assert!(
                    typical >= known / 2.0001 && typical <= known * 2.0001,
                    "{gap} {typical}"
                );
            }
        }
    }

    #[test]
    fn quantiles_tell_pauses_from_the_rhythm() {
        let mut gaps = Gaps::default();
        (0..95).for_each(|_| gaps.add(1.5));
        (0..5).for_each(|_| gaps.add(600.0));
        assert!(gaps.typical_gap(0.5).is_some_and(|gap| gap < 2.0));
        assert!(gaps.typical_gap(0.99).is_some_and(|gap| gap > 500.0));
    }
}
