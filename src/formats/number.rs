//! Numbers as Python writes them, bit-exact: what is shown is what was logged.

/// Whole numbers of so many digits are exact without a general conversion.
const EXACT_DIGITS: usize = 15;

/// The token that starts at `at`, read as a number: its value and where it ends.
///
/// Accepts what `json.dumps` can write, NaN and the infinities included. A number too large for
/// 64 bits becomes an infinity, as it does in every other reader.
#[inline]
pub(crate) fn parse(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (value, end) = scan(bytes, at);
    (end > at).then_some((value, end))
}

/// As [`parse`], in two registers: where there is no number, it ends where it starts.
#[inline]
fn scan(bytes: &[u8], at: usize) -> (f64, usize) {
    // Most numbers in metric files are short integers: steps, epochs, indexes.
    let mut integer = 0u64;
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if matches!(byte, b'.' | b'e' | b'E') {
                return scan_general(bytes, at);
            }
            break;
        }
        integer = integer.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    if end == at || end - at > EXACT_DIGITS {
        return scan_general(bytes, at);
    }
    (integer as f64, end)
}

/// As [`scan`], for any number.
#[inline]
pub(crate) fn scan_general(bytes: &[u8], at: usize) -> (f64, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let digits = rest.strip_prefix(b"-").unwrap_or(rest);
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return scan_word(rest, at);
    }
    match fast_float2::parse_partial::<f64, _>(rest) {
        Ok((value, length)) => (value, at + length),
        Err(_) => (0.0, at),
    }
}

/// So many digits can be read as one machine word.
const MAX_WORD_DIGITS: usize = 7;

/// The integer of exactly `count` digits at `at`; `None` when they are not all digits. What stands
/// behind them is not looked at.
#[inline]
pub(crate) fn digits(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    if count == 0 || count > MAX_WORD_DIGITS {
        return None;
    }
    let chunk = bytes.get(at..)?.first_chunk::<8>()?;
    let values = u64::from_le_bytes(*chunk) ^ u64::from_ne_bytes([b'0'; 8]);
    // The digits move to the upper end; zeros stand before them.
    let values = values << (64 - 8 * count);
    let others = values.wrapping_add(u64::from_ne_bytes([0x76; 8])) | values;
    if others & u64::from_ne_bytes([0x80; 8]) != 0 {
        return None;
    }
    // Neighbours are joined to pairs, to fours, to one number.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul((100 << 16) + 1) >> 16;
    Some((fours & 0x0000_ffff_0000_ffff).wrapping_mul((10_000 << 32) + 1) >> 32)
}

/// The length of the token from `at` to `end`, if [`digits`] can read it; else 0.
#[inline]
pub(crate) fn digits_alone(bytes: &[u8], at: usize, end: usize) -> usize {
    let token = &bytes[at..end];
    let is_short = token.len() <= MAX_WORD_DIGITS && token.iter().all(u8::is_ascii_digit);
    if is_short { token.len() } else { 0 }
}

/// The bare words that stand for numbers that are none.
#[cold]
fn scan_word(rest: &[u8], at: usize) -> (f64, usize) {
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
    let found = WORDS.iter().find(|(word, _)| rest.starts_with(word));
    found.map_or((0.0, at), |(word, value)| (*value, at + word.len()))
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
        fn short_integers_agree(number in 0u32..100_000_000, count in 0usize..9, behind in "[ -~]{8}") {
            let text = format!("{number}{behind}");
            let expected = text.get(..count).filter(|t| !t.is_empty() && t.len() < 8 && t.bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(digits(text.as_bytes(), 0, count), expected.map(|t| t.parse().unwrap()));
        }

        #[test]
        fn integers_agree_with_the_standard_library(number: i64) {
            prop_assert_eq!(value(&number.to_string()), number as f64);
        }
    }
}
