//! Values of options, read from what was typed.

use crate::insight::clock::Moment;
use crate::record::Level;

/// `256M`, `1.5GiB`, `1000000` → bytes. The units count in 1024.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let wrong = || "expected a size such as 64M, 1G or 500000".to_owned();
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let unit = unit.trim().to_ascii_lowercase();
    let factor = match unit.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        "t" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = number * factor;
    if bytes.is_finite() && bytes < 1e18 {
        Ok(bytes as usize)
    } else {
        Err(wrong())
    }
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err("expected a number of seconds".to_owned()),
    }
}

pub(super) fn level(text: &str) -> Result<Level, String> {
    Level::of_word(text.as_bytes())
        .ok_or_else(|| "expected debug, info, warn, error or fatal".to_owned())
}

pub(super) fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| {
        "expected a time such as 10m, 2h, 14:05, 2026-11-20 or '2026-11-20 14:05'".to_owned()
    })
}

pub(super) fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..1.0).contains(&value) => Ok(value),
        _ => Err("expected a weight from 0 to below 1".to_owned()),
    }
}

/// `100:200`
pub(super) fn window(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let ends = text.split_once(':');
    let ends = ends.and_then(|(from, to)| Some((number(from)?, number(to)?)));
    ends.filter(|(from, to)| from < to)
        .ok_or_else(|| "expected two numbers, the lower one first, such as 100:200".to_owned())
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.1..=100.0).contains(&value) => Ok(value),
        _ => Err("expected a number from 0.1 to 100".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("1GiB"), Ok(1 << 30));
        assert_eq!(size("1.5k"), Ok(1536));
        assert_eq!(size("500000"), Ok(500_000));
        for wrong in ["", "M", "1X", "-1", "1e3", "99999999T"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
