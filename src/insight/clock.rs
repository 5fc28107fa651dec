//! Times as the clock on the wall shows them. Which wall is an argument.

mod moment;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use self::moment::Moment;
use super::number;

/// The time zone of the person who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    pub const fn new(zone: TimeZone) -> Self {
        Self(zone)
    }

    /// For tests and machine output.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// How many seconds its clocks are ahead of UTC at a moment.
    pub fn offset(&self, seconds: f64) -> f64 {
        let moment = Timestamp::from_second(seconds as i64);
        moment.map_or(0.0, |at| f64::from(self.0.to_offset(at).seconds()))
    }

    /// `14:05:19`
    pub fn time_of_day(&self, seconds: f64) -> String {
        self.formatted(seconds, "%H:%M:%S")
    }

    /// `14:05`
    pub fn hour_and_minute(&self, seconds: f64) -> String {
        self.formatted(seconds, "%H:%M")
    }

    /// `2026-11-20 14:05:19`
    pub fn date_and_time(&self, seconds: f64) -> String {
        self.formatted(seconds, "%Y-%m-%d %H:%M:%S")
    }

    /// `14:05` on the day of `now`, else `2026-11-18 14:05`.
    pub fn near(&self, seconds: f64, now: f64) -> String {
        let day = |time| self.formatted(time, "%Y-%m-%d");
        if day(seconds) == day(now) {
            self.hour_and_minute(seconds)
        } else {
            self.formatted(seconds, "%Y-%m-%d %H:%M")
        }
    }

    /// As [`Self::date_and_time`], with milliseconds.
    pub fn exact(&self, seconds: f64) -> String {
        self.formatted(seconds, "%Y-%m-%d %H:%M:%S%.3f")
    }

    fn formatted(&self, seconds: f64, format: &str) -> String {
        if !is_date(seconds) {
            return number::human(seconds);
        }
        let nanoseconds = (seconds * 1e9).round();
        match Timestamp::from_nanosecond(nanoseconds as i128) {
            Ok(time) => time.to_zoned(self.0.clone()).strftime(format).to_string(),
            Err(_) => number::human(seconds),
        }
    }
}

/// Whether seconds count from 1970. Times of tracks count from the start of a recording.
pub fn is_date(seconds: f64) -> bool {
    (1e8..1e11).contains(&seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_off_the_clock() {
        let zone = Zone::utc();
        assert_eq!(zone.time_of_day(1_795_159_577.79), "07:26:17");
        assert_eq!(zone.hour_and_minute(1_795_159_577.79), "07:26");
        assert_eq!(zone.date_and_time(1_795_159_577.79), "2026-11-20 07:26:17");
        assert_eq!(zone.exact(1_795_159_577.5), "2026-11-20 07:26:17.500");
        assert_eq!(zone.near(1_795_159_577.0, 1_795_162_000.0), "07:26");
        assert_eq!(
            zone.near(1_795_159_577.0, 1_795_262_000.0),
            "2026-11-20 07:26"
        );
        assert_eq!(zone.time_of_day(12.5), "12.5");
        assert_eq!(zone.time_of_day(f64::NAN), "NaN");
        assert_eq!(zone.offset(1_795_159_577.0), 0.0);
        let east = Zone::new(TimeZone::fixed(jiff::tz::offset(2)));
        assert_eq!(east.offset(1_795_159_577.0), 7200.0);
        assert_eq!(east.offset(f64::NAN), 7200.0);
    }
}
