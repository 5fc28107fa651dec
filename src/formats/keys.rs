//! The keys of one file and their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// More keys than this in one stream are a mistake of the writer; they are counted, not kept.
pub(crate) const MAX_KEYS: usize = 2_000;
/// A longer key is no name.
const MAX_LENGTH: usize = 1_024;

/// Keys, numbered in the order in which they appeared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    names: Vec<String>,
    numbers: HashMap<String, u32, BuildHasherDefault<QuickHash>>,
    /// How many were handed out by [`Keys::news`].
    told: usize,
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The number of a key, a new one if need be; `None` when there are too many.
    pub(crate) fn number(&mut self, key: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(key) {
            return Some(*number);
        }
        if self.names.len() >= MAX_KEYS || key.len() > MAX_LENGTH {
            return None;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(key.to_owned(), number);
        self.names.push(key.to_owned());
        Some(number)
    }

    /// The keys that appeared since the last call.
    pub(crate) fn news(&mut self) -> &[String] {
        let from = std::mem::replace(&mut self.told, self.names.len());
        &self.names[from..]
    }
}

/// A hash that is quick for short keys. There are at most [`MAX_KEYS`] of them, so that no choice of
/// keys can do harm.
#[derive(Clone, Copy, Debug, Default)]
struct QuickHash(u64);

impl Hasher for QuickHash {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            let mixed = self.0.rotate_left(5) ^ u64::from_le_bytes(word);
            self.0 = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
