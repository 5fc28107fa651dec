//! When to draw. Pure: time is an argument.
//!
//! A key is answered at once, data after quiet too, and what follows on its heels; under load the
//! screen changes ten times a second, and drawing never takes more than a third of the time, however
//! slow the terminal is.

use std::time::{Duration, Instant};

/// Between two frames that answer keys.
const KEYS: Duration = Duration::from_millis(33);
/// Between a frame and the last but one when only data came: what comes after quiet often comes in
/// two parts, and the second does not wait.
const DATA: Duration = Duration::from_millis(200);
/// The times of rest for one time of drawing.
const REST: u32 = 2;

/// What was drawn when, and what waits to be drawn.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// A person did something since the last frame.
    pressed: bool,
    last_for_key: Option<Instant>,
    last: Option<Drawn>,
    /// When the frame before that was begun.
    before: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Drawn {
    begun: Instant,
    ended: Instant,
}

impl Pace {
    /// A person waits for an answer.
    pub(crate) fn press(&mut self) {
        self.pressed = true;
    }

    /// When the next frame may be drawn; nothing when at once. `writing` is how long the terminal
    /// took for the last one.
    pub(crate) fn due(&self, writing: Duration) -> Option<Instant> {
        let Drawn { begun, ended } = self.last?;
        let drawing = ended.saturating_duration_since(begun);
        if self.pressed {
            // Rest from drawing, but not from a slow terminal: there the newest frame replaces others.
            let rested = ended + drawing * REST;
            return Some(self.last_for_key.map_or(rested, |at| rested.max(at + KEYS)));
        }
        let rested = ended + drawing.max(writing) * REST;
        Some(
            self.before
                .map_or(rested, |before| rested.max(before + DATA)),
        )
    }

    pub(crate) fn drawn(&mut self, begun: Instant, ended: Instant) {
        if std::mem::take(&mut self.pressed) {
            self.last_for_key = Some(begun);
        }
        self.before = self.last.map(|last| last.begun);
        self.last = Some(Drawn { begun, ended });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const QUICK: Duration = Duration::ZERO;

    fn drawn_for(pace: &mut Pace, at: Instant, cost: Duration) {
        pace.drawn(at, at + cost);
    }

    #[test]
    fn the_first_frame_is_drawn_at_once() {
        assert_eq!(Pace::default().due(QUICK), None);
    }

    #[test]
    fn data_is_drawn_ten_times_a_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        drawn_for(&mut pace, start, MS);
        assert_eq!(pace.due(QUICK), Some(start + 3 * MS), "two at once");
        drawn_for(&mut pace, start + 3 * MS, MS);
        assert_eq!(pace.due(QUICK), Some(start + DATA));
        drawn_for(&mut pace, start + DATA, MS);
        assert_eq!(pace.due(QUICK), Some(start + 3 * MS + DATA));
    }

    #[test]
    fn a_key_does_not_wait_for_data() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        drawn_for(&mut pace, start, MS);
        pace.press();
        assert_eq!(pace.due(QUICK), Some(start + 3 * MS));
    }

    #[test]
    fn a_key_that_is_held_is_drawn_thirty_times_a_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.press();
        drawn_for(&mut pace, start, MS);
        assert_eq!(pace.due(QUICK), Some(start + 3 * MS), "it was answered");
        pace.press();
        assert_eq!(pace.due(QUICK), Some(start + KEYS));
        // A frame for data in between puts no key off.
        drawn_for(&mut pace, start + 40 * MS, MS);
        pace.press();
        assert_eq!(pace.due(QUICK), Some(start + 73 * MS));
    }

    #[test]
    fn slow_frames_leave_two_thirds_of_the_time() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        drawn_for(&mut pace, start, 80 * MS);
        assert_eq!(pace.due(QUICK), Some(start + 240 * MS));
        pace.press();
        assert_eq!(pace.due(QUICK), Some(start + 240 * MS));
    }

    #[test]
    fn a_slow_terminal_gets_less_data_but_every_key() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        drawn_for(&mut pace, start, MS);
        assert_eq!(pace.due(300 * MS), Some(start + 601 * MS));
        pace.press();
        assert_eq!(pace.due(300 * MS), Some(start + 3 * MS));
    }
}
