//! The end of a log that is followed: what was read of it stays until what came since was read, too.

use super::window::Window;

/// Which end is seen, and which one is on its way. An end is a number of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    shown: Option<u64>,
    awaited: Option<u64>,
}

/// The windows at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) shown: Window,
    /// What is visible here must be read.
    pub(super) awaited: Window,
    pub(super) awaited_rows: u64,
}

impl Tail {
    /// The rows that are shown of so many.
    pub(super) fn rows(self, total: u64) -> u64 {
        self.shown.or(self.awaited).unwrap_or(total).min(total)
    }

    /// Moves on to the newest end that was read. However fast the log grows, one end after the other
    /// is awaited, so that there is always one to be shown.
    pub(super) fn follow(
        &mut self,
        total: u64,
        window_at: &dyn Fn(u64) -> Window,
        is_read: &dyn Fn(&Window, u64) -> bool,
    ) -> Ends {
        let ready = |end: u64| is_read(&window_at(end), end);
        if ready(total) {
            *self = Self {
                shown: Some(total),
                awaited: None,
            };
        } else {
            let there = |end: &u64| *end <= total;
            let mut awaited = self.awaited.filter(there).unwrap_or(total);
            let mut shown = self.shown.filter(there).filter(|end| ready(*end));
            if ready(awaited) {
                (shown, awaited) = (Some(awaited), total);
            }
            *self = Self {
                shown,
                awaited: Some(awaited),
            };
        }
        let awaited_rows = self.awaited.unwrap_or(total);
        Ends {
            shown: window_at(self.rows(total)),
            awaited: window_at(awaited_rows),
            awaited_rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window_at(end: u64) -> Window {
        Window {
            cursor: end.saturating_sub(1),
            top: end.saturating_sub(5),
            skip: 0,
            follow: true,
        }
    }

    /// The end that is shown and the one that is awaited, where so many rows were read.
    fn step(tail: &mut Tail, total: u64, read: u64) -> (u64, u64) {
        let ends = tail.follow(total, &window_at, &|window, _| window.cursor < read);
        assert_eq!(ends.shown, window_at(tail.rows(total)));
        (tail.rows(total), ends.awaited_rows)
    }

    #[test]
    fn what_was_read_stays_until_there_is_more() {
        let mut tail = Tail::default();
        assert_eq!(step(&mut tail, 10, 0), (10, 10));
        assert_eq!(step(&mut tail, 10, 10), (10, 10));
        assert_eq!(step(&mut tail, 14, 10), (10, 14));
        assert_eq!(step(&mut tail, 90, 10), (10, 14), "one after the other");
        assert_eq!(step(&mut tail, 99, 14), (14, 99));
        assert_eq!(step(&mut tail, 99, 99), (99, 99));
        assert_eq!(step(&mut tail, 3, 0), (3, 3), "the log is another one");
    }
}
