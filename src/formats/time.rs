//! Time stamps in every unit and spelling that trackers use, as seconds since 1970.

use crate::formats::number;

/// From the year 2000 on: a number in this range is plausibly seconds since 1970.
const PLAUSIBLE: std::ops::Range<f64> = 9.5e8..1e11;

/// Whether a number of seconds is a moment of our times rather than a duration.
#[inline]
pub(crate) fn is_plausible(seconds: f64) -> bool {
    PLAUSIBLE.contains(&seconds)
}

/// A time stamp written as a number: seconds, or milli-, micro- or nanoseconds by magnitude.
#[inline]
pub(crate) fn from_number(number: f64) -> Option<f64> {
    let seconds = match number.abs() {
        x if x < 1e11 => number,
        x if x < 1e14 => number / 1e3,
        x if x < 1e17 => number / 1e6,
        _ => number / 1e9,
    };
    is_plausible(seconds).then_some(seconds)
}

/// Reads seconds since 1970 as trackers print them: ten digits, a point and up to nine digits. The
/// value and where it ends; `None` leaves any other number to the general conversion.
///
/// The sum of both parts is the nearest `f64` although each of them is rounded: so few decimals can
/// not lie so near to the middle between two `f64`s of this size that the first rounding would tip
/// the second. That takes about half the time of converting 17 digits in general.
#[inline]
pub(crate) fn scan_seconds(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    const HALF: usize = 5;
    const POWERS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    let (first, second) = (
        number::digits(bytes, at, HALF)?,
        number::digits(bytes, at + HALF, HALF)?,
    );
    let seconds = (first * 100_000 + second) as f64;
    let start = at + 2 * HALF + 1;
    if bytes.get(start - 1) != Some(&b'.') || !is_plausible(seconds) {
        return None;
    }
    let (mut fraction, mut end) = (0, start);
    while let Some(digit) = bytes
        .get(end)
        .map(|b| b.wrapping_sub(b'0'))
        .filter(|digit| *digit < 10)
    {
        fraction = fraction * 10 + u64::from(digit);
        end += 1;
        if end - start >= POWERS.len() {
            return None;
        }
    }
    let power = POWERS[end - start];
    let is_whole = end > start && !matches!(bytes.get(end), Some(b'e' | b'E' | b'.'));
    is_whole.then(|| (seconds + fraction as f64 / power, end))
}

/// A time stamp written as text: ISO 8601 with or without a zone (UTC then), or a number.
pub(crate) fn from_text(text: &[u8]) -> Option<f64> {
    iso8601(text).or_else(|| {
        let (number, end) = number::parse(text, 0)?;
        if end == text.len() {
            from_number(number)
        } else {
            None
        }
    })
}

/// `2026-11-20T07:23:50.278372Z`, with `T` or a space, any number of decimals, `Z`, `±hh:mm`,
/// `±hhmm`, `±hh` or nothing at the end.
#[inline]
pub(crate) fn iso8601(text: &[u8]) -> Option<f64> {
    if text.len() < 19
        || text[4] != b'-'
        || text[7] != b'-'
        || !matches!(text[10], b'T' | b't' | b' ')
        || text[13] != b':'
        || text[16] != b':'
    {
        return None;
    }
    let (year, month, day) = (
        two(text, 0)? * 100 + two(text, 2)?,
        two(text, 5)?,
        two(text, 8)?,
    );
    let (hour, minute, second) = (two(text, 11)?, two(text, 14)?, two(text, 17)?);
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 24
        || minute > 59
        || second > 60
    {
        return None;
    }
    let (micros, zone) = fraction(&text[19..])?;
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        - offset(zone)?;
    Some((seconds * 1_000_000 + micros) as f64 / 1e6)
}

/// How many decimals of a second an ISO 8601 time stamp carries.
pub(crate) fn decimals(text: &[u8]) -> usize {
    match text.get(19) {
        Some(b'.' | b',') => text[20..].iter().take_while(|b| b.is_ascii_digit()).count(),
        _ => 0,
    }
}

#[inline]
fn two(text: &[u8], at: usize) -> Option<i64> {
    let (tens, ones) = (
        text.get(at)?.wrapping_sub(b'0'),
        text.get(at + 1)?.wrapping_sub(b'0'),
    );
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// The decimals of a second in microseconds, and what stands behind them.
#[inline]
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(b'.' | b',') = text.first() else {
        return Some((0, text));
    };
    let mut micros = 0;
    let mut digits = 0;
    while let Some(digit) = text.get(1 + digits).filter(|b| b.is_ascii_digit()) {
        if digits < 6 {
            micros = micros * 10 + i64::from(digit - b'0');
        }
        digits += 1;
    }
    if digits == 0 {
        return None;
    }
    let missing = 6usize.saturating_sub(digits) as u32;
    Some((micros * 10i64.pow(missing), &text[1 + digits..]))
}

/// The offset of a time zone in seconds.
#[inline]
fn offset(zone: &[u8]) -> Option<i64> {
    let sign = match zone {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let minutes = match zone.len() {
        3 => 0,
        5 => two(zone, 3)?,
        6 if zone[3] == b':' => two(zone, 4)?,
        _ => return None,
    };
    Some(sign * (two(zone, 1)? * 3600 + minutes * 60))
}

/// Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap
/// day is the last of its year.
#[inline]
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_by_magnitude() {
        for number in [
            1_795_159_366.5,
            1_795_159_366_500.0,
            1_795_159_366_500_000.0,
            1_795_159_366_500_000_000.0,
        ] {
            assert_eq!(from_number(number), Some(1_795_159_366.5));
        }
        assert_eq!(from_number(1.5), None);
        assert_eq!(from_number(f64::NAN), None);
    }

    /// F25: within a century no unit is taken for another, so each number tells its own.
    #[test]
    fn units_are_told_apart_from_2001_to_2100() {
        for seconds in [978_307_200.0, 1_795_159_366.0, 4_102_444_799.0] {
            for scale in [1.0, 1e3, 1e6, 1e9] {
                assert_eq!(from_number(seconds * scale), Some(seconds), "× {scale}");
            }
        }
    }

    #[test]
    fn iso_spellings() {
        let expected = Some(1_795_159_430.278_372);
        for text in [
            "2026-11-20T07:23:50.278372Z",
            "2026-11-20 07:23:50.278372",
            "2026-11-20T08:23:50.278372+01:00",
            "2026-11-20T08:23:50.278372+0100",
            "2026-11-20T02:23:50.278372-05",
        ] {
            assert_eq!(iso8601(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(iso8601(b"2026-11-20T07:23:50Z"), Some(1_795_159_430.0));
        assert_eq!(
            iso8601(b"2026-11-20T07:23:50.278Z"),
            Some(1_795_159_430.278)
        );
        assert_eq!(iso8601(b"2026-13-20T07:23:50Z"), None);
        assert_eq!(iso8601(b"2026-11-20T07:23:50.Z"), None);
        assert_eq!(from_text(b"1795159430.5"), Some(1_795_159_430.5));
        assert_eq!(from_text(b"yesterday"), None);
    }

    proptest! {
        #[test]
        fn seconds_are_exact(seconds in 950_000_000u64..=9_999_999_999, fraction in 0u64..10_000_000_000, length in 1usize..=10) {
            let text = format!("{seconds}.{}", &format!("{fraction:010}")[10 - length..]);
            let bytes = format!("{text}, \"x\": 1}}");
            let expected = text.parse::<f64>().unwrap().to_bits();
            let scanned = scan_seconds(bytes.as_bytes(), 0).map(|(value, end)| (value.to_bits(), end));
            let fits = length <= 9 && seconds >= 1_000_000_000;
            prop_assert_eq!(scanned, fits.then_some((expected, text.len())), "{}", text);
        }

        #[test]
        fn agrees_with_a_calendar_library(micros in 0i64..4_102_444_800_000_000) {
            let stamp = jiff::Timestamp::from_microsecond(micros).unwrap();
            let text = stamp.to_string();
            prop_assert_eq!(iso8601(text.as_bytes()), Some(micros as f64 / 1e6), "{}", text);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            from_text(&bytes);
            decimals(&bytes);
        }
    }
}
