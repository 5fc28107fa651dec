//! Numbers, durations and sizes in words: exact for machines, four digits for people.

/// The shortest text that reads back as exactly this number, spelled as Python does, so that it mostly
/// is what stands in the file: with an exponent only below 1e-4 and from 1e16 on (`1e-05`, `1e+21`).
pub fn exact(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    let Some((digits, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// The shortest text of the number rounded to so many significant digits: `0.974679`, `3000`.
pub fn rounded(value: f64, digits: usize) -> String {
    let text = format!("{value:.*e}", digits.saturating_sub(1));
    let rounded = text
        .parse()
        .ok()
        .filter(|rounded: &f64| rounded.is_finite());
    exact(rounded.unwrap_or(value))
}

/// About four significant digits, as people write them: `0.0421`, `1e-4`, `77610`.
pub fn human(value: f64) -> String {
    if !value.is_finite() {
        return match value {
            v if v.is_nan() => "NaN",
            v if v > 0.0 => "Inf",
            _ => "-Inf",
        }
        .to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e9 {
        return format!("{value:.0}");
    }
    if !(1e-3..1e7).contains(&size) {
        return scientific(value);
    }
    // The exponent of the rounded number: 9.9999 is 10.00 and must not show five digits.
    let exponent = format!("{size:.3e}")
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok());
    let exponent: i32 = exponent.unwrap_or(0);
    let decimals = usize::try_from(3 - exponent).unwrap_or(0);
    trimmed(&format!("{value:.decimals$}"))
}

/// A fraction as a percentage. It never shows more than 100 % for what is not more than 1, nor
/// 100 % for what is less, nor 0 % for what is not zero.
pub fn percent(fraction: f64) -> String {
    if !fraction.is_finite() {
        return human(fraction);
    }
    let value = fraction * 100.0;
    if fraction == 0.0 || fraction == 1.0 {
        return format!("{value:.0} %");
    }
    for decimals in 1..=6 {
        let text = format!("{value:.decimals$}");
        let round = matches!(text.trim_end_matches('0'), "100." | "0." | "-0.");
        if !round {
            return format!("{text} %");
        }
    }
    if fraction > 0.5 {
        "> 99.9 %"
    } else {
        "< 0.1 %"
    }
    .to_owned()
}

/// A span of time: `40m 12s`, `2h 05m`, `3d 04h`, `8.8 s`, `47 ms`.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "–".to_owned();
    }
    if seconds == 0.0 {
        return "0 s".to_owned();
    }
    if seconds < 1e-3 {
        return format!("{} µs", human(seconds * 1e6));
    }
    if seconds < 0.9995 {
        return format!("{:.0} ms", seconds * 1e3);
    }
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    let (minutes, hours, days) = (
        (whole / 60.0).floor(),
        (whole / 3600.0).floor(),
        (whole / 86400.0).floor(),
    );
    if minutes < 1.0 {
        format!("{whole:.0} s")
    } else if hours < 1.0 {
        format!("{minutes:.0}m {:02.0}s", whole % 60.0)
    } else if days < 1.0 {
        format!("{hours:.0}h {:02.0}m", minutes % 60.0)
    } else {
        format!("{days:.0}d {:02.0}h", hours % 24.0)
    }
}

/// How long ago, in one unit: `2s`, `6m`, `3h`, `12d`.
pub fn age(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "–".to_owned();
    }
    let seconds = seconds.max(0.0).floor();
    let units = [
        (86400.0 * 365.0, "y"),
        (86400.0, "d"),
        (3600.0, "h"),
        (60.0, "m"),
    ];
    for (size, name) in units {
        if seconds >= size {
            return format!("{:.0}{name}", (seconds / size).floor());
        }
    }
    format!("{seconds:.0}s")
}

/// How long ago, so coarsely that a screen on which nothing happens need not change: `now`, `<1m`,
/// `6m`, `3h`, `12d`.
pub fn coarse_age(seconds: f64) -> String {
    match seconds {
        s if !s.is_finite() => "–".to_owned(),
        s if s < 15.0 => "now".to_owned(),
        s if s < 60.0 => "<1m".to_owned(),
        s => age(s),
    }
}

/// A number of bytes: `24 B`, `1.2 kB`, `102 MB`.
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    for unit in ["kB", "MB", "GB", "TB", "PB"] {
        value /= 1000.0;
        if value < 999.5 || unit == "PB" {
            let decimals = usize::from(value < 9.95);
            return format!("{value:.decimals$} {unit}");
        }
    }
    format!("{bytes} B")
}

/// A count with its digits in groups of three: `1,234,567`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa)),
        None => text,
    }
}

fn trimmed(number: &str) -> String {
    if !number.contains('.') {
        return number.to_owned();
    }
    number
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fewer_digits_round_and_never_lengthen() {
        assert_eq!(rounded(0.974_679_470_062_255_9, 6), "0.974679");
        assert_eq!(rounded(-9.999_999_9, 4), "-10");
        assert_eq!(rounded(0.5, 6), "0.5");
        assert_eq!(rounded(1.234_567_8e-9, 4), "1.235e-09");
        assert_eq!(
            rounded(f64::MAX, 4),
            exact(f64::MAX),
            "rounded it is infinite"
        );
        assert_eq!(rounded(f64::NAN, 4), "NaN");
    }

    #[test]
    fn numbers_for_people_have_four_digits() {
        let table = [
            (0.042_13, "0.04213"),
            (0.118, "0.118"),
            (2.368_834_308_093_613, "2.369"),
            (6.168_375_916_970_615e-8, "6.168e-8"),
            (0.0001, "1e-4"),
            (0.001, "0.001"),
            (77610.0, "77610"),
            (9.9999, "10"),
            (999.96, "1000"),
            (123_456.7, "123457"),
            (1.5e12, "1.5e12"),
            (-0.5, "-0.5"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Inf"),
        ];
        for (value, text) in table {
            assert_eq!(human(value), text);
        }
    }

    #[test]
    fn exact_numbers_are_spelled_as_in_files() {
        let table = [
            (6000.0, "6000"),
            (100_000.0, "100000"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e16, "1e+16"),
            (1.5e21, "1.5e+21"),
            (1e300, "1e+300"),
            (0.0001, "0.0001"),
            (0.000_05, "5e-05"),
            (-1e-7, "-1e-07"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123_456_789.123_456_79, "123456789.12345679"),
            (-0.0, "-0"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in table {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn percentages_do_not_round_to_the_ends() {
        let table = [
            (0.956, "95.6 %"),
            (1.0, "100 %"),
            (0.0, "0 %"),
            (0.999_6, "99.96 %"),
            (0.999_999_999_9, "> 99.9 %"),
            (0.000_2, "0.02 %"),
            (1e-12, "< 0.1 %"),
        ];
        for (value, text) in table {
            assert_eq!(percent(value), text);
        }
    }

    #[test]
    fn spans_of_time() {
        let table = [
            (2412.0, "40m 12s"),
            (7500.0, "2h 05m"),
            (273_600.0, "3d 04h"),
            (59.6, "1m 00s"),
            (8.8, "8.8 s"),
            (9.97, "10 s"),
            (0.047, "47 ms"),
            (8.8e-5, "88 µs"),
            (0.999_9, "1.0 s"),
        ];
        for (value, text) in table {
            assert_eq!(duration(value), text);
        }
        assert_eq!(
            [age(2.9), age(360.0), age(90_000.0), age(-5.0)],
            ["2s", "6m", "1d", "0s"]
        );
        assert_eq!(
            [-5.0, 14.9, 15.0, 59.9, 60.0, 7300.0].map(coarse_age),
            ["now", "now", "<1m", "<1m", "1m", "2h"]
        );
        assert_eq!(
            [size(24), size(1234), size(102_400_000)],
            ["24 B", "1.2 kB", "102 MB"]
        );
        assert_eq!(
            [grouped(7), grouped(1234), grouped(1_234_567)],
            ["7", "1,234", "1,234,567"]
        );
    }

    proptest! {
        #[test]
        fn a_fraction_is_never_more_than_all_of_it(fraction in 0.0..=1.0_f64) {
            let text = percent(fraction);
            let number = text.trim_end_matches(" %").trim_start_matches(['<', '>', ' ']);
            let number: f64 = number.parse().expect("a number");
            prop_assert!((0.0..=100.0).contains(&number));
            prop_assert!(fraction == 1.0 || number < 100.0);
            prop_assert!(fraction == 0.0 || number > 0.0);
        }

        #[test]
        fn exact_text_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            let back: f64 = exact(value).parse().expect("a number");
            prop_assert!(back.to_bits() == value.to_bits() || value.is_nan() && back.is_nan());
        }

        #[test]
        fn people_read_about_the_same_number(value in proptest::num::f64::NORMAL) {
            let text = human(value);
            prop_assert!(text.len() <= 11, "{}", text);
            let back: f64 = text.parse().expect("a number");
            prop_assert!(((back - value) / value).abs() < 1e-3);
        }

        #[test]
        fn spans_are_short(seconds in 0.0..1e9_f64) {
            prop_assert!(duration(seconds).chars().count() <= 12);
            prop_assert!(age(seconds).len() <= 5);
        }
    }
}
