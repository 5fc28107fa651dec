//! Fingerprints of what was read, to tell whether a file still is the one that was read.

use std::io;

use super::files::{OpenFile, read_full};

/// How many bytes one fingerprint covers.
pub(crate) const WIDTH: usize = 64;
const MOST: usize = 32;

/// The last bytes before an offset. They are read again with every read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overlap(Vec<u8>);

impl Overlap {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        self.0 == bytes
    }

    /// Moves on over `bytes`, which follow what was covered so far.
    pub(crate) fn advance(&mut self, bytes: &[u8]) {
        if bytes.len() >= WIDTH {
            self.0.clear();
            self.0.extend_from_slice(&bytes[bytes.len() - WIDTH..]);
            return;
        }
        self.0.extend_from_slice(bytes);
        let excess = self.0.len().saturating_sub(WIDTH);
        self.0.drain(..excess);
    }

    /// Moves on over `count` zero bytes that nobody needs to hold in memory.
    pub(crate) fn advance_zeros(&mut self, count: u64) {
        let zeros = [0_u8; WIDTH];
        self.advance(&zeros[..count.min(WIDTH as u64) as usize]);
    }
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    offset: u64,
    hash: u32,
    len: u8,
}

/// Up to 32 fingerprints, spread evenly over everything that was committed.
///
/// The distance doubles whenever they become too many, so small files are covered completely and
/// big ones thinly, at the same small cost.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    taken: Vec<Sample>,
    stride: u64,
    next: u64,
}

impl Default for Samples {
    fn default() -> Self {
        Self {
            taken: Vec::new(),
            stride: WIDTH as u64,
            next: 0,
        }
    }
}

impl Samples {
    /// Takes the samples that fall into `bytes`, which were committed at `base`.
    pub(crate) fn cover(&mut self, bytes: &[u8], base: u64) {
        let end = base + bytes.len() as u64;
        while self.next < end {
            let offset = self.next.max(base);
            let piece = &bytes[(offset - base) as usize..];
            let piece = &piece[..piece.len().min(WIDTH)];
            if self.taken.len() == MOST {
                self.thin_out();
            }
            self.taken.push(Sample {
                offset,
                hash: hash(piece),
                len: piece.len() as u8,
            });
            // While everything is covered, a short piece at the end of a commit must not leave the
            // rest of its window bare.
            let covering = self.stride == WIDTH as u64;
            self.next = offset
                + if covering {
                    piece.len() as u64
                } else {
                    self.stride
                };
        }
    }

    /// Whether the file still holds what was sampled.
    pub(crate) fn still_match(&self, file: &dyn OpenFile) -> io::Result<bool> {
        let mut buf = [0_u8; WIDTH];
        for sample in &self.taken {
            let want = usize::from(sample.len);
            let got = read_full(file, sample.offset, &mut buf[..want])?;
            if got != want || hash(&buf[..want]) != sample.hash {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn thin_out(&mut self) {
        let mut index = 0;
        self.taken.retain(|_| {
            index += 1;
            index % 2 == 1
        });
        self.stride *= 2;
    }
}

/// Short, eight bytes at a time, and good enough to notice a change that nobody makes on purpose.
fn hash(bytes: &[u8]) -> u32 {
    let mix = |state: u64, word: u64| {
        (state ^ word)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words.iter().fold(bytes.len() as u64, |s, word| {
        mix(s, u64::from_le_bytes(*word))
    });
    let hash = rest.iter().fold(state, |s, byte| mix(s, u64::from(*byte)));
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_stay_few_and_spread() {
        let mut samples = Samples::default();
        let chunk = vec![7_u8; 1000];
        for index in 0..5000_u64 {
            samples.cover(&chunk, index * 1000);
        }
        assert!(samples.taken.len() <= MOST && samples.taken.len() > MOST / 3);
        assert_eq!(samples.taken[0].offset, 0);
        assert!(samples.taken.last().unwrap().offset > 4_000_000);
    }

    #[test]
    fn an_overlap_holds_the_last_bytes() {
        let mut overlap = Overlap::default();
        overlap.advance(b"abc");
        overlap.advance(b"de");
        assert!(overlap.matches(b"abcde"));
        overlap.advance(&[b'x'; 63]);
        assert_eq!(overlap.len(), WIDTH);
        overlap.advance_zeros(1 << 40);
        assert!(overlap.matches(&[0; WIDTH]));
    }
}
