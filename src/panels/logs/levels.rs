//! Which levels of lines are shown: those from a floor up, without some that are switched off.

use crate::record::Level;
use crate::store::LogMarks;

/// Levels that are shown. The floor always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Levels {
    floor: Level,
    /// Those above the floor that are switched off, one bit each.
    hidden: u8,
}

impl Levels {
    pub(super) const fn from(floor: Level) -> Self {
        Self { floor, hidden: 0 }
    }

    pub(super) const fn floor(self) -> Level {
        self.floor
    }

    pub(super) fn shows(self, level: Level) -> bool {
        level >= self.floor && self.hidden & LogMarks::bit(level) == 0
    }

    pub(super) fn shows_all(self) -> bool {
        self == Self::from(Level::Debug)
    }

    /// The same with one level switched on or off; nothing when that was the last one.
    pub(super) fn toggled(self, level: Level) -> Option<Self> {
        let bit = LogMarks::bit(level);
        if !self.shows(level) {
            let (floor, mut hidden) = (self.floor.min(level), self.hidden & !bit);
            for between in Level::ALL {
                if between > level && between < self.floor {
                    hidden |= LogMarks::bit(between);
                }
            }
            return Some(Self { floor, hidden });
        }
        let left = Level::ALL.into_iter();
        let floor = left.filter(|l| *l != level && self.shows(*l)).min()?;
        Some(Self {
            floor,
            hidden: (self.hidden | bit) & bits_above(floor),
        })
    }

    /// The same with the floor a level higher or lower, if there is one: the floor is shown.
    pub(super) fn shifted(self, by: isize) -> Option<Self> {
        let at = (self.floor as usize).checked_add_signed(by)?;
        let floor = *Level::ALL.get(at)?;
        Some(Self {
            floor,
            hidden: self.hidden & bits_above(floor),
        })
    }

    /// Those of them that are at least this bad; nothing when none is.
    pub(super) fn at_least(self, least: Level) -> Option<Self> {
        let shown = Level::ALL.into_iter().filter(|level| self.shows(*level));
        let floor = shown.filter(|level| *level >= least).min()?;
        Some(Self {
            floor,
            hidden: self.hidden & bits_above(floor),
        })
    }

    /// How many lines are shown of so many of each level.
    pub(super) fn count<N: Copy + Into<u64>>(self, counts: &[N; 5]) -> u64 {
        let counts = Level::ALL.into_iter().zip(counts);
        counts
            .filter(|(level, _)| self.shows(*level))
            .map(|(_, count)| (*count).into())
            .sum()
    }

    /// Those above the floor that are switched off.
    pub(super) fn switched_off(self) -> impl Iterator<Item = Level> {
        let all = Level::ALL.into_iter();
        all.filter(move |level| self.hidden & LogMarks::bit(*level) != 0)
    }

    /// `info`, `info, no warn`
    pub(super) fn words(self) -> String {
        let mut words = self.floor.name().to_owned();
        for (at, level) in self.switched_off().enumerate() {
            words.push_str(if at == 0 { ", no " } else { " " });
            words.push_str(level.name());
        }
        words
    }
}

/// The bits of all levels above one.
const fn bits_above(floor: Level) -> u8 {
    0b1_1111 & !(LogMarks::bit(floor) | (LogMarks::bit(floor) - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn single_levels_are_switched_off_and_on() {
        let info = Levels::from(Level::Info);
        let no_warn = info.toggled(Level::Warn).expect("others are left");
        assert_eq!(no_warn.words(), "info, no warn");
        assert_eq!(no_warn.count(&[1_u8, 10, 100, 20, 30]), 60);
        assert_eq!(no_warn.toggled(Level::Warn), Some(info));
        let errors = no_warn.toggled(Level::Info).expect("others are left");
        assert_eq!(errors, Levels::from(Level::Error), "the floor rises");
        let debug = errors.toggled(Level::Debug).expect("it is shown");
        assert_eq!(debug.words(), "debug, no info warn");
        assert_eq!(
            debug.shifted(1).map(Levels::words).as_deref(),
            Some("info, no warn")
        );
        assert_eq!(debug.at_least(Level::Warn), Some(errors));
        let fatal = Levels::from(Level::Fatal);
        assert_eq!(
            fatal.toggled(Level::Fatal),
            None,
            "something is always shown"
        );
        assert_eq!((fatal.shifted(1), debug.shifted(-1)), (None, None));
    }

    proptest! {
        #[test]
        fn a_switch_changes_one_level_and_no_other(switches in prop::collection::vec(0..5_usize, 0..20)) {
            let mut levels = Levels::from(Level::Info);
            for switch in switches {
                let level = Level::ALL[switch];
                let before = Level::ALL.map(|level| levels.shows(level));
                let Some(after) = levels.toggled(level) else {
                    prop_assert_eq!(before.iter().filter(|shown| **shown).count(), 1);
                    continue;
                };
                levels = after;
                for other in Level::ALL {
                    let changed = levels.shows(other) != before[other as usize];
                    prop_assert_eq!(changed, other == level);
                }
                prop_assert!(levels.shows(levels.floor()));
            }
        }
    }
}
