//! JSON escapes inside texts.

/// Undoes JSON escapes. A lone surrogate or an unknown escape becomes a replacement character.
pub(crate) fn unescape(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &raw[at..]) {
        text.push_str(&String::from_utf8_lossy(&raw[at..at + found]));
        at += found;
        let (character, length) = unescape_one(&raw[at..]);
        text.push(character);
        at += length.min(raw.len() - at);
    }
    text.push_str(&String::from_utf8_lossy(&raw[at..]));
    text
}

/// The escape that starts with the backslash at the front: its character and length.
fn unescape_one(raw: &[u8]) -> (char, usize) {
    let simple = match raw.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unescape_unicode(raw),
        Some(&other @ (b'"' | b'\\' | b'/')) => char::from(other),
        _ => char::REPLACEMENT_CHARACTER,
    };
    (simple, 2)
}

fn unescape_unicode(raw: &[u8]) -> (char, usize) {
    let Some(first) = hex4(raw, 2) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    if !(0xd800..0xdc00).contains(&first) {
        return (
            char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER),
            6,
        );
    }
    let second = if raw.get(6..8) == Some(b"\\u") {
        hex4(raw, 8)
    } else {
        None
    };
    match second {
        Some(low @ 0xdc00..0xe000) => {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            (
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                12,
            )
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

fn hex4(raw: &[u8], at: usize) -> Option<u32> {
    let digits = raw.get(at..at + 4)?;
    digits
        .iter()
        .try_fold(0, |code, b| Some(code * 16 + char::from(*b).to_digit(16)?))
}
