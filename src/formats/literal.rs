//! Bytes that are expected to stand at a place, compared a machine word at a time.
//!
//! The fixed pieces of a line are short (10 to 30 bytes): a call of a general comparison for each
//! would cost as much as parsing the numbers between them.

const WORD: usize = 8;
/// Longer pieces are compared in general.
const MAX_WORDS: usize = 4;

/// A piece of a line that stays the same.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    bytes: Vec<u8>,
    /// The first word, as far as the piece reaches.
    first: u64,
    /// Which bytes of the first word count.
    mask: u64,
    /// Further words and where they start. The last one ends with the piece and overlaps the one
    /// before it.
    further: Vec<(usize, u64)>,
}

impl Literal {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut padded = [0; WORD];
        let length = bytes.len().min(WORD);
        padded[..length].copy_from_slice(&bytes[..length]);
        let mask = if length == WORD {
            u64::MAX
        } else {
            (1 << (8 * length)) - 1
        };
        let starts =
            (1..bytes.len().div_ceil(WORD)).map(|word| (word * WORD).min(bytes.len() - WORD));
        let further = starts.filter_map(|start| Some((start, word(bytes, start)?)));
        Self {
            first: u64::from_le_bytes(padded),
            mask,
            further: further.collect(),
            bytes: bytes.to_vec(),
        }
    }

    /// Where the piece ends, if it stands at `at`.
    #[inline]
    pub(crate) fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = at + self.bytes.len();
        let Some(first) = word(bytes, at).filter(|_| self.further.len() < MAX_WORDS) else {
            return self.end_in_general(bytes, at);
        };
        if (first ^ self.first) & self.mask != 0 {
            return None;
        }
        for (start, expected) in &self.further {
            if word(bytes, at + start)? != *expected {
                return None;
            }
        }
        Some(end)
    }

    /// For long pieces, and where there is no whole word left to read.
    #[cold]
    fn end_in_general(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = at + self.bytes.len();
        (bytes.get(at..end)? == self.bytes).then_some(end)
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..at + WORD)?.first_chunk::<WORD>()?;
    Some(u64::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_exactly_what_stands_there(text in prop::collection::vec(0u8..3, 0..60), from: prop::sample::Index, length in 0usize..44, spoil: bool) {
            let at = from.index(text.len() + 1);
            let end = text.len().min(at + length);
            let mut expected = text[at..end].to_vec();
            if spoil && let Some(last) = expected.last_mut() {
                *last ^= 1;
            }
            let stands = text[at..].starts_with(&expected);
            let literal = Literal::new(&expected);
            prop_assert_eq!(literal.end(&text, at), stands.then_some(at + expected.len()));
        }
    }
}
