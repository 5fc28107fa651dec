//! From the time of the lab to the time on the wall, in the spellings of the trackers.

use jiff::Timestamp;

/// How the time of the lab maps to that of the wall. The lab's time is 0 when the demo opens, and
/// negative in the past that it begins with; its seconds are those of a lab at speed 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamps {
    /// The wall's time when the lab's is 0, in seconds since 1970.
    origin: f64,
    speed: f64,
}

impl Stamps {
    pub(super) const fn new(origin: f64, speed: f64) -> Self {
        Self { origin, speed }
    }

    /// Seconds since 1970, in whole microseconds.
    pub(super) fn seconds(&self, at: f64) -> f64 {
        self.microseconds(at) as f64 / 1e6
    }

    /// `2026-11-20T07:26:22.801652Z`
    pub(super) fn iso(&self, at: f64) -> String {
        Timestamp::from_microsecond(self.microseconds(at)).map_or_else(
            |_| "1970-01-01T00:00:00.000000Z".to_owned(),
            |time| time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string(),
        )
    }

    /// How long so many seconds of the lab take on the wall.
    pub(super) fn lasting(&self, seconds: f64) -> f64 {
        seconds / self.speed
    }

    fn microseconds(&self, at: f64) -> i64 {
        ((self.origin + at / self.speed) * 1e6).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spelled_as_trackers_spell_them() {
        let stamps = Stamps::new(1_795_159_577.0, 1.0);
        assert_eq!(stamps.iso(5.5), "2026-11-20T07:26:22.500000Z");
        assert_eq!(stamps.iso(0.000_25), "2026-11-20T07:26:17.000250Z");
        assert_eq!(stamps.seconds(-77.25), 1_795_159_499.75);
    }

    #[test]
    fn speed_brings_everything_nearer() {
        let stamps = Stamps::new(1_000_000_000.0, 4.0);
        assert_eq!(stamps.seconds(8.0), 1_000_000_002.0);
        assert_eq!(stamps.seconds(-8.0), 999_999_998.0);
        assert_eq!(stamps.lasting(10.0), 2.5);
    }
}
