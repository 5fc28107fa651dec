//! The keys of one file and their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::record::MOST_KEYS;

/// A longer key is no name.
const MAX_LENGTH: usize = 1_024;

/// Keys, numbered in the order in which they appeared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    names: Vec<String>,
    numbers: HashMap<Vec<u8>, u32, BuildHasherDefault<QuickHash>>,
    /// How many were handed out by [`Keys::news`].
    told: usize,
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The number of a key that is known, as it stands in the file.
    #[inline]
    pub(crate) fn known(&self, key: &[u8]) -> Option<u32> {
        self.numbers.get(key).copied()
    }

    /// The number of a key, a new one if need be; `None` when there are too many.
    pub(crate) fn number(&mut self, key: &str) -> Option<u32> {
        if let Some(number) = self.known(key.as_bytes()) {
            return Some(number);
        }
        if self.names.len() >= MOST_KEYS || key.len() > MAX_LENGTH {
            return None;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(key.as_bytes().to_vec(), number);
        self.names.push(key.to_owned());
        Some(number)
    }

    /// The keys that appeared since the last call.
    pub(crate) fn news(&mut self) -> &[String] {
        let from = std::mem::replace(&mut self.told, self.names.len());
        &self.names[from..]
    }
}

/// A hash that is quick for short keys. There are at most [`MOST_KEYS`] of them, so that no choice of
/// keys can do harm.
#[derive(Clone, Copy, Debug, Default)]
struct QuickHash(u64);

impl QuickHash {
    fn mix(&mut self, word: u64) {
        let mixed = self.0.rotate_left(5) ^ word;
        self.0 = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for QuickHash {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().fold(bytes.len() as u64, |word, byte| {
            word << 8 | u64::from(*byte)
        });
        self.mix(rest);
    }

    /// The length, which comes first, is part of the hash anyway.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
