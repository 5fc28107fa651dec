//! A list that grows without moving or over-allocating: what is never forgotten must stay small.

/// Items in pieces of a fixed size. Only the first piece grows, so short lists stay small too.
#[derive(Clone, Debug)]
pub(super) struct Blocks<T> {
    pieces: Vec<Vec<T>>,
    len: usize,
}

const PIECE: usize = 512;

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Copy> Blocks<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn push(&mut self, item: T) {
        if self.len.is_multiple_of(PIECE) {
            if self.len == 0 {
                self.pieces.reserve_exact(1);
            }
            self.pieces
                .push(Vec::with_capacity(if self.len == 0 { 1 } else { PIECE }));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(item);
            self.len += 1;
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<T> {
        self.pieces.get(index / PIECE)?.get(index % PIECE).copied()
    }

    pub(super) fn last(&self) -> Option<T> {
        self.pieces.last()?.last().copied()
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.pieces.last_mut()?.last_mut()
    }

    /// Drops the items from the `len`-th on.
    pub(super) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.pieces.truncate(len.div_ceil(PIECE));
        if let Some(last) = self.pieces.last_mut() {
            last.truncate(len - (len - 1) / PIECE * PIECE);
        }
        self.len = len;
    }

    /// The items of `range`, which is cut to what there is.
    pub(super) fn range(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = T> + '_ {
        (range.start..range.end.min(self.len)).filter_map(|index| self.get(index))
    }

    /// How many items from the start satisfy `before`, which must hold for none after one that
    /// fails it.
    pub(super) fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let full = self
            .pieces
            .partition_point(|piece| piece.last().is_some_and(&before));
        let rest = self
            .pieces
            .get(full)
            .map_or(0, |piece| piece.partition_point(&before));
        (full * PIECE + rest).min(self.len)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let items: usize = self.pieces.iter().map(Vec::capacity).sum();
        items * size_of::<T>() + self.pieces.capacity() * size_of::<Vec<T>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_across_pieces() {
        let mut list = Blocks::default();
        for item in 0..3 * PIECE as u64 + 7 {
            list.push(item * 2);
        }
        assert_eq!(list.len(), 3 * PIECE + 7);
        assert_eq!(list.get(PIECE), Some(2 * PIECE as u64));
        assert_eq!(list.get(list.len()), None);
        assert_eq!(list.last(), Some(2 * (3 * PIECE as u64 + 6)));
        for probe in 0..2 * list.len() as u64 + 3 {
            assert_eq!(
                list.partition_point(|item| *item < probe) as u64,
                probe.div_ceil(2).min(list.len() as u64)
            );
        }
        assert_eq!(
            list.range(PIECE - 1..PIECE + 1).collect::<Vec<_>>(),
            [2 * PIECE as u64 - 2, 2 * PIECE as u64]
        );
    }

    #[test]
    fn truncated_it_goes_on_as_if_nothing_had_been() {
        for len in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5] {
            let mut list = Blocks::default();
            (0..3 * PIECE).for_each(|item| list.push(item));
            list.truncate(len);
            assert_eq!((list.len(), list.last()), (len, len.checked_sub(1)));
            (len..=3 * PIECE).for_each(|item| list.push(item));
            assert!(list.range(0..usize::MAX).eq(0..=3 * PIECE));
        }
    }

    #[test]
    fn wastes_at_most_a_piece() {
        let mut list = Blocks::default();
        assert_eq!(list.heap_bytes(), 0);
        (0..100_000_u64).for_each(|item| list.push(item));
        assert!(list.heap_bytes() < 100_000 * 8 + PIECE * 8 + 256 * 24);
    }
}
