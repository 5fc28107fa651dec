//! A cursor in a list that is longer than its window.

/// Where the cursor is and what is visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    pub cursor: usize,
    /// The first visible item.
    pub top: usize,
}

/// How far the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    By(isize),
    /// By pages: halves of the window's height.
    Halves(isize),
    First,
    Last,
}

impl Scroll {
    /// Moves the cursor within `count` items, `height` of which are visible.
    pub fn go(&mut self, go: Go, count: usize, height: usize) {
        let last = count.saturating_sub(1);
        self.cursor = match go {
            Go::By(by) => self.cursor.saturating_add_signed(by),
            Go::Halves(halves) => {
                let by = (height.max(2) / 2).cast_signed().saturating_mul(halves);
                self.cursor.saturating_add_signed(by)
            }
            Go::First => 0,
            Go::Last => last,
        }
        .min(last);
        self.show(count, height);
    }

    /// Brings the cursor into a window of this height, and leaves no empty lines at its end.
    pub fn show(&mut self, count: usize, height: usize) {
        self.cursor = self.cursor.min(count.saturating_sub(1));
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height))
            .min(count.saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_cursor_is_always_visible(
            moves in prop::collection::vec(-30..30_isize, 0..20),
            count in 0..50_usize,
            height in 1..20_usize,
        ) {
            let mut scroll = Scroll::default();
            for by in moves {
                scroll.go(Go::By(by), count, height);
                prop_assert!(count == 0 || scroll.cursor < count);
                prop_assert!((scroll.top..scroll.top + height).contains(&scroll.cursor));
                prop_assert!(scroll.top == 0 || scroll.top + height <= count);
            }
        }
    }

    #[test]
    fn pages_and_ends() {
        let mut scroll = Scroll::default();
        scroll.go(Go::Last, 100, 10);
        assert_eq!(
            scroll,
            Scroll {
                cursor: 99,
                top: 90
            }
        );
        scroll.go(Go::Halves(-1), 100, 10);
        assert_eq!(
            scroll,
            Scroll {
                cursor: 94,
                top: 90
            }
        );
        scroll.go(Go::Halves(-2), 100, 10);
        assert_eq!(
            scroll,
            Scroll {
                cursor: 84,
                top: 84
            }
        );
        scroll.go(Go::First, 100, 10);
        assert_eq!(scroll, Scroll::default());
    }
}
