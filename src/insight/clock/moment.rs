//! Moments as people type them: `10m`, `14:05`, `2026-11-20 14:05`.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

use super::Zone;

const DAY: f64 = 86_400.0;

/// A moment that was typed. What it means depends on the present time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// So many seconds ago.
    Ago(f64),
    /// The last time that the clock showed this.
    Today(Time),
    /// A date on the wall.
    Wall(DateTime),
    /// Seconds since 1970.
    Exact(f64),
}

impl Moment {
    /// Reads a moment: `90s`, `10m`, `1h30m`, `2d`; `14:05`; a date, with a time or without; seconds
    /// since 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(seconds) = ago(text) {
            return Some(Self::Ago(seconds));
        }
        if let Ok(seconds) = text.parse::<f64>() {
            return super::is_date(seconds).then_some(Self::Exact(seconds));
        }
        if let Ok(stamp) = text.parse::<Timestamp>() {
            return Some(Self::Exact(stamp.as_nanosecond() as f64 / 1e9));
        }
        if text.contains('-') {
            return text.parse().ok().map(Self::Wall);
        }
        let hour = text.find(':')?;
        let padded = if hour == 1 {
            format!("0{text}")
        } else {
            text.to_owned()
        };
        padded.parse().ok().map(Self::Today)
    }

    /// Seconds since 1970.
    pub fn seconds(self, zone: &Zone, now: f64) -> Option<f64> {
        match self {
            Self::Ago(seconds) => Some(now - seconds),
            Self::Exact(seconds) => Some(seconds),
            Self::Wall(wall) => on_wall(wall, &zone.0),
            Self::Today(time) => {
                let present = Timestamp::from_second(now as i64).ok()?;
                let day = present.to_zoned(zone.0.clone()).date();
                let today = on_wall(day.to_datetime(time), &zone.0)?;
                if today <= now {
                    return Some(today);
                }
                on_wall(day.yesterday().ok()?.to_datetime(time), &zone.0)
            }
        }
    }
}

fn on_wall(wall: DateTime, zone: &TimeZone) -> Option<f64> {
    let zoned = wall.to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp().as_nanosecond() as f64 / 1e9)
}

/// `1h30m` in seconds.
fn ago(text: &str) -> Option<f64> {
    let (mut rest, mut sum) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3_600.0,
            "d" => DAY,
            "w" => 7.0 * DAY,
            _ => return None,
        };
        sum += number * unit;
        rest = rest[letters..].trim_start();
    }
    (!text.is_empty() && sum.is_finite()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_them() {
        let zone = Zone::new(TimeZone::fixed(jiff::tz::offset(2)));
        // 2026-11-20 07:26:17 UTC, 09:26:17 on this wall.
        let now = 1_795_159_577.0;
        let seconds = |text: &str| {
            let moment = Moment::parse(text)?;
            moment.seconds(&zone, now).map(|seconds| now - seconds)
        };
        let table = [
            ("90s", 90.0),
            ("10m", 600.0),
            ("1h 30min", 5_400.0),
            ("1.5h", 5_400.0),
            ("2d", 172_800.0),
            ("09:26", 17.0),
            ("9:26", 17.0),
            ("09:26:10", 7.0),
            ("09:27", 86_400.0 - 43.0),
            ("2026-11-20 09:26", 17.0),
            ("2026-11-20T09:26:17.5", -0.5),
            ("2026-11-20", 9.0 * 3_600.0 + 26.0 * 60.0 + 17.0),
            ("2026-11-20T07:26:17Z", 0.0),
            ("2026-11-20T08:26:17+01:00", 0.0),
            ("1795159570.5", 6.5),
        ];
        for (text, expected) in table {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for wrong in [
            "",
            "m",
            "10",
            "10x",
            "25:00",
            "2026-13-01",
            "yesterday",
            "-5m",
        ] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }
}
