//! What a place holds in which runs are looked for.

/// What was found at a place, the least telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// Nothing has this name, or matches this pattern.
    Missing,
    /// It may not be read, or cannot be.
    Unreadable,
    /// A file that holds no rows.
    NoRows,
    /// A folder without runs, and how many files of rows lie in it that belong to none.
    NoRuns {
        loose: u64,
    },
    Runs,
}

impl Holding {
    /// What two places hold that were named by one pattern.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NoRuns { loose }, Self::NoRuns { loose: more }) => Self::NoRuns {
                loose: loose + more,
            },
            _ => self.max(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Holding::{Missing, NoRows, NoRuns, Runs, Unreadable};

    #[test]
    fn what_tells_most_counts() {
        assert_eq!(Missing.and(Unreadable), Unreadable);
        assert_eq!(NoRuns { loose: 9 }.and(Runs), Runs);
        assert_eq!(
            NoRuns { loose: 2 }.and(NoRuns { loose: 3 }),
            NoRuns { loose: 5 }
        );
        assert_eq!(NoRows.and(NoRuns { loose: 0 }), NoRuns { loose: 0 });
    }
}
