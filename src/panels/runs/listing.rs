//! The lines of the list: runs that the filter lets through, sorted, in groups that may be closed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::grouping::Groups;
use super::order::{Entry, natural};
use super::sieve::Sieve;
use super::sort::{Keys, Sort};
use crate::widgets::Safe;

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The title of a group, and how many runs stand for it when it is closed.
    Group(usize, usize),
    /// A run, by its place in the order.
    Run(usize),
}

/// What decides how runs are listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) sieve: &'a Sieve,
    pub(super) sort: Option<&'a Sort>,
    pub(super) keys: &'a Keys,
    /// Groups have titles, even when there is but one.
    pub(super) titled: bool,
    pub(super) closed: &'a BTreeSet<Safe>,
}

/// The runs that are listed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) groups: Groups,
    titled: bool,
    /// The places of the runs in the order, as they are listed, each with its line: that of the
    /// title where the group is closed.
    shown: Vec<(usize, usize)>,
    /// By the place in the order: which of the listed runs it is.
    indices: Vec<Option<usize>>,
    pub(super) items: Vec<Item>,
}

impl Listing {
    pub(super) fn arrange(&mut self, entries: &[Entry], groups: Groups, rules: Rules<'_>) {
        self.titled = rules.titled && !groups.titles.is_empty();
        self.groups = groups;
        let passing = (0..entries.len()).filter(|place| rules.sieve.passes(&entries[*place]));
        let mut places: Vec<usize> = passing.collect();
        if let Some(sort) = rules.sort {
            let key = |place: usize| rules.keys.of(&entries[place]);
            places.sort_by(|a, b| key(*a).compare(key(*b), sort.falls, natural));
        }
        if self.titled {
            self.gather(&mut places, rules.sort.is_some());
        }
        self.lines(&places, rules);
        self.indices.clear();
        self.indices.resize(entries.len(), None);
        for (index, (place, _)) in self.shown.iter().enumerate() {
            self.indices[*place] = Some(index);
        }
    }

    /// Puts the runs of a group beside each other. Sorted runs bring their groups along: the group of
    /// the first one comes first.
    fn gather(&self, places: &mut [usize], sorted: bool) {
        let mut ranks: Vec<usize> = (0..self.groups.titles.len()).collect();
        if sorted {
            ranks.fill(usize::MAX);
            for (at, place) in places.iter().enumerate() {
                let rank = &mut ranks[self.groups.of[*place]];
                *rank = at.min(*rank);
            }
        }
        places.sort_by_key(|place| ranks[self.groups.of[*place]]);
    }

    fn lines(&mut self, places: &[usize], rules: Rules<'_>) {
        self.shown.clear();
        self.items.clear();
        let mut last = None;
        for place in places {
            let group = self.groups.of.get(*place).copied().filter(|_| self.titled);
            if let Some(group) = group.filter(|group| last != Some(*group)) {
                self.items.push(Item::Group(group, 0));
                last = Some(group);
            }
            let hidden =
                group.is_some_and(|group| rules.closed.contains(&self.groups.titles[group]));
            match self.items.last_mut() {
                Some(Item::Group(_, count)) if hidden => {
                    *count += 1;
                    self.shown.push((*place, self.items.len() - 1));
                }
                _ => {
                    self.shown.push((*place, self.items.len()));
                    self.items.push(Item::Run(*place));
                }
            }
        }
    }

    /// How many runs are listed, those of closed groups among them.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// Which of the listed runs it is, by its place in the order.
    pub(super) fn index(&self, place: usize) -> Option<usize> {
        self.indices.get(place).copied().flatten()
    }

    /// The line that a run stands on, by its place in the order.
    pub(super) fn line(&self, place: usize) -> Option<usize> {
        self.index(place).map(|index| self.shown[index].1)
    }

    /// Which of the listed runs stand on some lines, or behind the titles there.
    pub(super) fn indices(&self, lines: Range<usize>) -> Range<usize> {
        let first = |line| self.shown.partition_point(|(_, other)| *other < line);
        first(lines.start)..first(lines.end)
    }

    /// The places in the order of all listed runs.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.shown.iter().map(|(place, _)| *place)
    }

    /// The places of the runs that a line stands for.
    pub(super) fn behind(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        let indices = self.indices(line..line + 1);
        self.shown[indices].iter().map(|(place, _)| *place)
    }

    /// The place of a listed run, by its number among them.
    pub(super) fn at(&self, index: usize) -> Option<usize> {
        self.shown.get(index).map(|(place, _)| *place)
    }

    /// The run so many steps away, as far as there are any; from a run that is not listed, the next
    /// one in that direction is the first step.
    pub(super) fn neighbour(&self, from: Option<usize>, step: isize) -> Option<usize> {
        let last = self.shown.len().checked_sub(1)?;
        let Some(from) = from else {
            return self.at(if step < 0 { last } else { 0 });
        };
        let index = if let Some(index) = self.index(from) {
            index.saturating_add_signed(step)
        } else {
            // Where it would stand, were nothing sorted.
            let next = self.places().take_while(|place| *place < from).count();
            let step = if step > 0 { step - 1 } else { step };
            next.saturating_add_signed(step)
        };
        self.at(index.min(last)).filter(|place| *place != from)
    }

    /// As [`Self::neighbour`], by lines: a closed group is one step.
    pub(super) fn line_away(&self, from: Option<usize>, step: isize) -> Option<usize> {
        let Some(line) = from.and_then(|from| self.line(from)) else {
            return self.neighbour(from, step);
        };
        let stands = |line: &usize| self.behind(*line).next().is_some();
        let mut at = line;
        for _ in 0..step.unsigned_abs() {
            let next = if step > 0 {
                (at + 1..self.items.len()).find(stands)
            } else {
                (0..at).rev().find(stands)
            };
            let Some(next) = next else {
                break;
            };
            at = next;
        }
        let to = self.behind(at).next();
        to.filter(|place| at != line && Some(*place) != from)
    }

    /// Whether the groups have titles.
    pub(super) const fn group_titles(&self) -> bool {
        self.titled
    }

    /// The group of a run, by its place in the order, if groups have titles.
    pub(super) fn group_of(&self, place: usize) -> Option<usize> {
        self.groups.of.get(place).copied().filter(|_| self.titled)
    }
}
