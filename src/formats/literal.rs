//! Bytes that are expected to stand at a place, compared a machine word at a time.
//!
//! The fixed pieces of a line are short (10 to 30 bytes): a call of a general comparison for each
//! would cost as much as parsing the numbers between them.

const WORD: usize = 8;
const WORDS: usize = 3;
/// Pieces of up to three words are compared at once, longer ones in general.
pub(crate) const REACH: usize = WORDS * WORD;

/// A piece of a line that stays the same.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    length: usize,
    /// The first words of the piece; zero behind its end.
    expected: [u64; WORDS],
    /// Which of their bytes count.
    masks: [u64; WORDS],
    /// The whole piece.
    bytes: Vec<u8>,
}

impl Literal {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut padded = [0; REACH];
        let mut counts = [0; REACH];
        let covered = bytes.len().min(REACH);
        padded[..covered].copy_from_slice(&bytes[..covered]);
        counts[..covered].fill(u8::MAX);
        Self {
            length: bytes.len(),
            expected: words(&padded),
            masks: words(&counts),
            bytes: bytes.to_vec(),
        }
    }

    /// Where the piece ends, if it stands at `at`.
    #[inline]
    pub(crate) fn end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let window = bytes.get(at..).and_then(|rest| rest.first_chunk::<REACH>());
        let Some(window) = window.filter(|_| self.length <= REACH) else {
            return self.end_in_general(bytes, at);
        };
        let found = words(window);
        let mut difference = 0;
        for ((found, expected), mask) in found.iter().zip(&self.expected).zip(&self.masks) {
            difference |= (found ^ expected) & mask;
        }
        (difference == 0).then_some(at + self.length)
    }

    /// For long pieces, and where there are not enough bytes left to read whole words.
    #[cold]
    fn end_in_general(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = at + self.length;
        (bytes.get(at..end)? == self.bytes).then_some(end)
    }
}

#[inline]
fn words(window: &[u8; REACH]) -> [u64; WORDS] {
    let (chunks, _) = window.as_chunks::<WORD>();
    std::array::from_fn(|word| u64::from_ne_bytes(chunks[word]))
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
