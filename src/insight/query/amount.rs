//! Numbers as people type them: `1e-3`, `20k`, `5%`, and times: `90s`, `2h30m`.

/// `0.1`, `1e-3`, `10k`, `2M`, `50%`, `nan`, `-inf`.
pub(super) fn number(text: &str) -> Option<f64> {
    let (digits, factor) = match text.as_bytes().last()? {
        b'%' => (&text[..text.len() - 1], 0.01),
        b'k' | b'K' => (&text[..text.len() - 1], 1e3),
        b'M' => (&text[..text.len() - 1], 1e6),
        b'G' => (&text[..text.len() - 1], 1e9),
        _ => (text, 1.0),
    };
    let value: f64 = digits.parse().ok()?;
    let value = if factor == 0.01 {
        value / 100.0
    } else {
        value * factor
    };
    // `infinity` and the like are words of names as well.
    let is_word = digits.trim_start_matches(['-', '+']).len() > 3 && !value.is_finite();
    (!is_word && (factor == 1.0 || value.is_finite())).then_some(value)
}

/// `90`, `90s`, `10m`, `1.5h`, `2h30m`, `3d`, `2w`, in seconds.
pub(super) fn seconds(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return seconds.is_finite().then_some(seconds);
    }
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (count, tail) = rest.split_at(digits);
        let end = tail.find(|c: char| !c.is_ascii_alphabetic());
        let (unit, after) = tail.split_at(end.unwrap_or(tail.len()));
        let unit = match unit {
            "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            _ => return None,
        };
        sum += count.parse::<f64>().ok()? * unit;
        rest = after;
    }
    (!text.is_empty()).then_some(sum)
}
