//! Which runs are best, and how the groups that are closed are doing.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::listing::{Item, Listing};
use super::order::Order;
use crate::insight::compare::{self, Brief, Judged};
use crate::record::RunId;

/// What is worked out of all listed runs, as long as nothing is new.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// The best run of those that are listed; where they are parted by project, of each project.
    best: BTreeSet<RunId>,
    /// By the number of the group.
    closed: BTreeMap<usize, Judged>,
}

impl Judge {
    pub(super) fn of(order: &Order, listing: &Listing, known: &Known, by_project: bool) -> Self {
        let brief = |place: usize| known.brief(order.entries[place].id);
        let mut projects: BTreeMap<usize, Vec<&Brief>> = BTreeMap::new();
        for place in listing.places() {
            let project = if by_project {
                order.entries[place].project
            } else {
                0
            };
            projects.entry(project).or_default().extend(brief(place));
        }
        let best = projects.into_values();
        let best = best.filter_map(|runs| compare::best_of(runs.into_iter()));
        let lines = listing.items.iter().enumerate();
        let closed = lines.filter_map(|(line, item)| match item {
            Item::Group(group, 1..) => {
                let runs = listing.behind(line).filter_map(brief);
                Some((*group, compare::judged(runs)))
            }
            _ => None,
        });
        Self {
            best: best.collect(),
            closed: closed.collect(),
        }
    }

    pub(super) fn is_best(&self, run: RunId) -> bool {
        self.best.contains(&run)
    }

    pub(super) fn group(&self, group: usize) -> Option<&Judged> {
        self.closed.get(&group)
    }
}
