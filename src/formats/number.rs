//! Numbers as Python writes them, bit-exact: what is shown is what was logged.

/// Whole numbers of so many digits are exact without a general conversion.
const EXACT_DIGITS: usize = 15;

/// The token that starts at `at`, read as a number: its value and where it ends.
///
/// Accepts what `json.dumps` can write, NaN and the infinities included. A number too large for
/// 64 bits becomes an infinity, as it does in every other reader.
#[inline]
pub(crate) fn parse(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    // Most numbers in metric files are short integers: steps, epochs, indexes.
    let (integer, end) = digits(bytes, at);
    let length = end - at;
    if length > 0 && length <= EXACT_DIGITS && !matches!(bytes.get(end), Some(b'.' | b'e' | b'E')) {
        return Some((integer as f64, end));
    }
    if length > 0
        || bytes.get(at) == Some(&b'-') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    {
        let (value, length) = fast_float2::parse_partial::<f64, _>(&bytes[at..]).ok()?;
        return Some((value, at + length));
    }
    parse_word(bytes, at)
}

/// The end of the number at `at`, when its value does not matter.
#[inline]
pub(crate) fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let (_, end) = digits(bytes, at);
    if end > at && !matches!(bytes.get(end), Some(b'.' | b'e' | b'E')) {
        return Some(end);
    }
    parse(bytes, at).map(|(_, end)| end)
}

/// The digits at `at` as an integer, right for up to 19 of them, and where they end.
#[inline]
fn digits(bytes: &[u8], at: usize) -> (u64, usize) {
    let mut integer = 0u64;
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        integer = integer.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    (integer, end)
}

/// The bare words that stand for numbers that are none.
#[cold]
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
