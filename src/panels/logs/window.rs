//! Which rows of a very long list are visible, when a row may take several lines.

use crate::commands::Motion;

/// The cursor and what is visible around it. Rows are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) cursor: u64,
    /// The first visible row.
    pub(super) top: u64,
    /// So many lines of it are above the window.
    pub(super) skip: usize,
    /// It stays at the end, whatever comes.
    pub(super) follow: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            cursor: 0,
            top: 0,
            skip: 0,
            follow: true,
        }
    }
}

impl Window {
    /// Moves the cursor; the window follows when it is settled.
    pub(super) fn go(&mut self, motion: Motion, total: u64, lines: usize) {
        let page = lines.saturating_sub(1).max(1) as u64;
        let half = (lines / 2).max(1) as u64;
        let last = total.saturating_sub(1);
        self.follow = matches!(motion, Motion::Bottom);
        match motion {
            Motion::Up => self.cursor = self.cursor.saturating_sub(1),
            Motion::Down => self.cursor = (self.cursor + 1).min(last),
            Motion::HalfUp => self.back(half),
            Motion::HalfDown => self.forth(half, last),
            Motion::PageUp => self.back(page),
            Motion::PageDown => self.forth(page, last),
            Motion::Top => (self.cursor, self.top, self.skip) = (0, 0, 0),
            Motion::Bottom => self.cursor = last,
            Motion::Left | Motion::Right => {}
        }
    }

    fn back(&mut self, rows: u64) {
        self.cursor = self.cursor.saturating_sub(rows);
        (self.top, self.skip) = (self.top.saturating_sub(rows), 0);
    }

    fn forth(&mut self, rows: u64, last: u64) {
        self.cursor = (self.cursor + rows).min(last);
        (self.top, self.skip) = ((self.top + rows).min(last), 0);
    }

    /// Puts the cursor on a row, which stands where the cursor stood as far as that can be.
    pub(super) fn jump(&mut self, row: u64) {
        let above = self.cursor.saturating_sub(self.top);
        (self.cursor, self.top, self.skip) = (row, row.saturating_sub(above), 0);
        self.follow = false;
    }

    /// Goes to a row: nothing scrolls when it is in sight, else it comes to the middle.
    pub(super) fn visit(&mut self, row: u64, lines: usize) {
        let lines = lines as u64;
        if row < self.top || row >= self.top + lines {
            (self.top, self.skip) = (row.saturating_sub(lines / 2), 0);
        }
        self.cursor = row;
        self.follow = false;
    }

    /// Brings the cursor into a window of so many lines, which has no empty lines at its end unless
    /// there are too few rows. Asks for the height of no more rows than fit, nearly.
    pub(super) fn settle(&mut self, total: u64, lines: usize, height: &dyn Fn(u64) -> usize) {
        let last = total.saturating_sub(1);
        self.cursor = if self.follow {
            last
        } else {
            self.cursor.min(last)
        };
        self.top = self.top.min(last);
        if lines == 0 || total == 0 {
            return;
        }
        if self.follow {
            self.end_at(last, lines, height);
            return;
        }
        // The row may be another one, or have become lower.
        self.skip = self.skip.min(height(self.top).saturating_sub(1));
        let hides_start = self.cursor == self.top && self.skip > 0;
        if self.cursor < self.top || hides_start {
            (self.top, self.skip) = (self.cursor, 0);
        } else if !self.shows(lines, height) {
            self.end_at(self.cursor, lines, height);
        }
        if self.is_short(total, lines, height) {
            self.end_at(last, lines, height);
        }
    }

    /// Lets the window end with a row; one that is higher than the window is seen from its start.
    fn end_at(&mut self, row: u64, lines: usize, height: &dyn Fn(u64) -> usize) {
        let own = height(row);
        (self.top, self.skip) = (row, 0);
        let mut left = lines.saturating_sub(own);
        while self.top > 0 && left > 0 {
            self.top -= 1;
            let more = height(self.top);
            self.skip = more.saturating_sub(left);
            left = left.saturating_sub(more);
        }
    }

    /// Whether all of the cursor's row is visible, or as much as ever can be.
    fn shows(&self, lines: usize, height: &dyn Fn(u64) -> usize) -> bool {
        if self.cursor == self.top {
            return true;
        }
        let mut used = 0;
        for row in self.top..=self.cursor {
            used += height(row);
            if used > lines + self.skip {
                return false;
            }
        }
        true
    }

    fn is_short(&self, total: u64, lines: usize, height: &dyn Fn(u64) -> usize) -> bool {
        if self.top == 0 && self.skip == 0 {
            return false;
        }
        let mut used = 0;
        for row in self.top..total {
            used += height(row);
            if used >= lines + self.skip {
                return false;
            }
        }
        true
    }

    /// The visible rows, each with its first visible line, counted from the top of the window.
    pub(super) fn visible(
        &self,
        total: u64,
        lines: usize,
        height: &dyn Fn(u64) -> usize,
    ) -> Vec<(u64, isize)> {
        let mut at = -self.skip.cast_signed();
        let mut rows = Vec::new();
        for row in self.top..total {
            if at >= lines.cast_signed() {
                break;
            }
            rows.push((row, at));
            at += height(row).max(1).cast_signed();
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn motion() -> impl Strategy<Value = Motion> {
        prop::sample::select(vec![
            Motion::Up,
            Motion::Down,
            Motion::HalfUp,
            Motion::HalfDown,
            Motion::PageUp,
            Motion::PageDown,
            Motion::Top,
            Motion::Bottom,
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn the_cursor_is_visible_and_nothing_is_wasted(
            heights in prop::collection::vec(1..9_usize, 1..40),
            steps in prop::collection::vec((motion(), 1..12_usize, 0..40_usize), 1..30),
        ) {
            let height = |row: u64| heights[row as usize];
            let mut window = Window::default();
            for (motion, lines, total) in steps {
                let total = total.min(heights.len()) as u64;
                window.go(motion, total, lines);
                window.settle(total, lines, &height);
                let visible = window.visible(total, lines, &height);
                prop_assert_eq!(visible.is_empty(), total == 0);
                if total == 0 {
                    continue;
                }
                let (_, at) = visible.iter().find(|(row, _)| *row == window.cursor).copied()
                    .expect("the cursor is visible");
                let whole = at >= 0 && at as usize + height(window.cursor) <= lines;
                prop_assert!(whole || at == 0 && height(window.cursor) > lines);
                let used: usize = visible.iter().map(|(row, _)| height(*row)).sum();
                let all: usize = (0..total).map(height).sum();
                // The newest row is seen from its start, even when others would fill the window.
                let follows = window.follow && height(window.cursor) < lines;
                prop_assert!(used - window.skip >= lines.min(all) || !follows && window.follow);
                prop_assert!(!window.follow || window.cursor == total - 1);
            }
        }

        #[test]
        fn heights_are_asked_for_near_the_window(cursor in 0..5_000_000_u64, follow in any::<bool>()) {
            let asked = std::cell::Cell::new(0);
            let height = |_| {
                asked.set(asked.get() + 1);
                1
            };
            let mut window = Window { cursor, top: 0, skip: 0, follow };
            window.settle(5_000_000, 40, &height);
            window.visible(5_000_000, 40, &height);
            prop_assert!(asked.get() < 200, "{}", asked.get());
        }
    }

    #[test]
    fn pages_move_text_and_cursor_together() {
        let mut window = Window::default();
        let one = |_| 1;
        window.settle(100, 10, &one);
        assert_eq!((window.top, window.cursor), (90, 99));
        window.go(Motion::HalfUp, 100, 10);
        window.settle(100, 10, &one);
        assert_eq!((window.top, window.cursor), (85, 94));
        window.jump(50);
        window.settle(100, 10, &one);
        assert_eq!((window.top, window.cursor), (41, 50));
        assert!(!window.follow);
    }
}
