//! Numbers as Python writes them, bit-exact: what is shown is what was logged.

/// The token that starts at `at`, read as a number: its value and where it ends.
///
/// Accepts what `json.dumps` can write, NaN and the infinities included. A number too large for
/// 64 bits becomes an infinity, as it does in every other reader.
#[inline]
pub(crate) fn parse(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    match bytes.get(at)? {
        b'0'..=b'9' => parse_digits(bytes, at),
        b'-' => match bytes.get(at + 1)? {
            b'0'..=b'9' => parse_digits(bytes, at),
            _ => parse_word(bytes, at),
        },
        _ => parse_word(bytes, at),
    }
}

/// Most numbers in metric files are short integers (steps, epochs, indexes): these are exact in
/// 64 bits and need no general conversion.
#[inline]
fn parse_digits(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    const EXACT_DIGITS: usize = 15;
    let mut end = at;
    let mut integer = 0u64;
    while let Some(digit) = bytes
        .get(end)
        .map(|b| b.wrapping_sub(b'0'))
        .filter(|d| *d < 10)
    {
        integer = integer.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
        if end - at > EXACT_DIGITS {
            return parse_general(bytes, at);
        }
    }
    match bytes.get(end) {
        Some(b'.' | b'e' | b'E') => parse_general(bytes, at),
        _ if end == at => parse_general(bytes, at),
        _ => Some((integer as f64, end)),
    }
}

fn parse_general(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (value, length) = fast_float2::parse_partial::<f64, _>(&bytes[at..]).ok()?;
    Some((value, at + length))
}

/// The bare words that stand for numbers that are none.
fn parse_word(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    const WORDS: [(&[u8], f64); 8] = [
        (b"NaN", f64::NAN),
        (b"Infinity", f64::INFINITY),
        (b"-Infinity", f64::NEG_INFINITY),
        (b"nan", f64::NAN),
        (b"inf", f64::INFINITY),
        (b"-inf", f64::NEG_INFINITY),
        (b"-NaN", f64::NAN),
        (b"-nan", f64::NAN),
    ];
    let rest = bytes.get(at..)?;
    let (word, value) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
    Some((*value, at + word.len()))
}

/// A number spelled as text that is none: `"NaN"`, `"Infinity"` and their kin.
pub(crate) fn non_finite_text(text: &[u8]) -> Option<f64> {
    match text {
        b"NaN" | b"nan" | b"-nan" | b"-NaN" => Some(f64::NAN),
        b"Infinity" | b"inf" | b"Inf" | b"+inf" => Some(f64::INFINITY),
        b"-Infinity" | b"-inf" | b"-Inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Whether a byte can stand directly behind a number or a word.
#[inline]
pub(crate) fn ends_token(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' | b':'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> f64 {
        let (value, end) = parse(text.as_bytes(), 0).expect(text);
        assert_eq!(end, text.len(), "{text}");
        value
    }

    #[test]
    fn spellings_of_no_number_are_kept() {
        assert!(value("NaN").is_nan() && value("nan").is_nan());
        assert_eq!(value("Infinity"), f64::INFINITY);
        assert_eq!(value("-Infinity"), f64::NEG_INFINITY);
        assert_eq!(value("1e999"), f64::INFINITY);
        assert_eq!(value("-1e999"), f64::NEG_INFINITY);
        assert_eq!(value(&"9".repeat(400)), f64::INFINITY);
    }

    #[test]
    fn edges_are_exact() {
        assert_eq!(value("-0.0").to_bits(), (-0.0f64).to_bits());
        assert_eq!(value("-0").to_bits(), (-0.0f64).to_bits());
        assert_eq!(value("1e-320"), 1e-320);
        assert_eq!(
            value("1180591620717411303424"),
            1_180_591_620_717_411_303_424.0
        );
        assert_eq!(value("9007199254740993"), 9_007_199_254_740_992.0);
        assert_eq!(parse(b"-", 0), None);
        assert_eq!(parse(b"x", 0), None);
    }

    proptest! {
        #[test]
        fn printing_and_parsing_is_identity(bits: u64) {
            let written = f64::from_bits(bits);
            prop_assume!(written.is_finite());
            prop_assert_eq!(value(&format!("{written:?}")).to_bits(), bits);
            prop_assert_eq!(value(&format!("{written:e}")).to_bits(), bits);
        }

        #[test]
        fn integers_agree_with_the_standard_library(number: i64) {
            prop_assert_eq!(value(&number.to_string()), number as f64);
        }
    }
}
