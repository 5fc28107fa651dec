//! The runs that are marked: each has a letter and a colour, and keeps them as long as it is marked.

use std::rc::Rc;

use crate::panels::{Group, Marked};
use crate::record::RunId;
use crate::store::Run;
use crate::widgets::theme::Hue;

/// More lines than those of so many runs are not told apart in one chart.
pub(super) const MOST: usize = 16;

/// The marked runs, in the order of their letters.
#[derive(Debug, Default)]
pub(super) struct Marks {
    all: Vec<Marked>,
}

impl Marks {
    pub(super) fn all(&self) -> &[Marked] {
        &self.all
    }

    /// All runs that are marked, those of groups among them.
    pub(super) fn runs(&self) -> impl Iterator<Item = RunId> {
        self.all.iter().flat_map(|marked| {
            let group = marked.group.as_ref();
            let runs = group.map_or(&[][..], |group| group.runs.as_slice());
            let own = runs.is_empty().then_some(marked.run);
            own.into_iter().chain(runs.iter().copied())
        })
    }

    /// Marks a run, or takes its mark away; false when there are as many as there can be.
    pub(super) fn toggle(&mut self, run: &Run) -> bool {
        let same = |marked: &Marked| marked.run == run.id && marked.group.is_none();
        self.turn(same, run, None)
    }

    /// As [`Self::toggle`], for runs that belong together, the first of which is `first`.
    pub(super) fn toggle_group(&mut self, first: &Run, group: Group) -> bool {
        let title = group.title.clone();
        let same = |marked: &Marked| {
            let group = marked.group.as_ref();
            group.is_some_and(|group| group.title == title)
        };
        self.turn(same, first, Some(Rc::new(group)))
    }

    fn turn(
        &mut self,
        same: impl Fn(&Marked) -> bool,
        run: &Run,
        group: Option<Rc<Group>>,
    ) -> bool {
        if let Some(at) = self.all.iter().position(same) {
            self.all.remove(at);
            return true;
        }
        let is_free = |letter: &char| self.all.iter().all(|marked| marked.letter != *letter);
        let Some(letter) = ('A'..='Z').take(MOST).find(is_free) else {
            return false;
        };
        let marked = Marked {
            run: run.id,
            letter,
            hue: self.free_hue(own_hue(run)),
            group,
        };
        let at = self.all.partition_point(|other| other.letter < letter);
        self.all.insert(at, marked);
        true
    }

    /// Takes all marks away; false when there were none.
    pub(super) fn clear(&mut self) -> bool {
        let some = !self.all.is_empty();
        self.all.clear();
        some
    }

    /// The first colour from this one on that as few runs have as possible.
    fn free_hue(&self, own: u8) -> u8 {
        let users = |hue: &u8| self.all.iter().filter(|marked| marked.hue == *hue).count();
        let hues = (0..Hue::RUNS).map(|step| (own + step) % Hue::RUNS);
        hues.min_by_key(users).unwrap_or(own)
    }
}

/// The colour that a run has unless another one has it already: the same on every day.
fn own_hue(run: &Run) -> u8 {
    let place = &run.place;
    let name = if place.below.as_os_str().is_empty() {
        &place.path
    } else {
        &place.below
    };
    Hue::of_run(&name.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::record::{Batch, Change, Layout, Place};
    use crate::store::Store;

    fn store(names: &[String]) -> Store {
        let mut store = Store::new(0);
        for (at, name) in names.iter().enumerate() {
            let place = Place {
                path: Path::new("/runs").join(name),
                shown: name.into(),
                below: name.into(),
            };
            let layout = Layout::Flat;
            let run = RunId(at as u32);
            let change = Change::Found { place, layout };
            store.apply(Batch { run, change });
        }
        store
    }

    fn named(count: usize) -> Store {
        let names: Vec<String> = (0..count).map(|at| format!("sweep/seed-{at}")).collect();
        store(&names)
    }

    #[test]
    fn a_letter_and_a_colour_stay_as_long_as_the_mark() {
        let store = named(4);
        let run = |at: usize| &store.runs()[at];
        let mut marks = Marks::default();
        assert!(marks.toggle(run(2)) && marks.toggle(run(0)) && marks.toggle(run(1)));
        let letters = |marks: &Marks| -> Vec<(char, u32)> {
            let all = marks.all().iter();
            all.map(|marked| (marked.letter, marked.run.0)).collect()
        };
        assert_eq!(letters(&marks), [('A', 2), ('B', 0), ('C', 1)]);
        let before = marks.all().to_vec();
        assert!(marks.toggle(run(0)));
        assert_eq!(marks.all(), [before[0].clone(), before[2].clone()]);
        assert!(marks.toggle(run(3)));
        assert_eq!(letters(&marks), [('A', 2), ('B', 3), ('C', 1)]);
        assert!(marks.clear());
        assert!(!marks.clear() && marks.all().is_empty());
    }

    #[test]
    fn a_run_has_its_own_colour_unless_another_one_has_it() {
        let store = named(40);
        let hue = |run: &Run| {
            let mut marks = Marks::default();
            marks.toggle(run);
            marks.all()[0].hue
        };
        let hues: BTreeSet<u8> = store.runs().iter().map(hue).collect();
        assert_eq!(
            hues.len(),
            usize::from(Hue::RUNS),
            "names are spread over all"
        );
        let first = &store.runs()[0];
        let same = store.runs()[1..].iter().find(|run| hue(run) == hue(first));
        let same = same.expect("two of forty have one colour");
        let mut marks = Marks::default();
        marks.toggle(first);
        marks.toggle(same);
        assert_eq!(marks.all()[0].hue, hue(first));
        assert_eq!(marks.all()[1].hue, (hue(first) + 1) % Hue::RUNS);
    }

    #[test]
    fn there_is_an_end_to_marks() {
        let store = named(MOST + 1);
        let mut marks = Marks::default();
        let told: Vec<bool> = store.runs().iter().map(|run| marks.toggle(run)).collect();
        assert_eq!(told.iter().filter(|told| **told).count(), MOST);
        assert!(!told[MOST]);
        assert!(marks.toggle(&store.runs()[3]), "one less");
        assert!(marks.toggle(&store.runs()[MOST]));
    }

    proptest! {
        #[test]
        fn letters_differ_and_colours_do_while_there_are_enough(
            names in prop::collection::btree_set("[a-c/]{1,6}", 1..20),
            toggled in prop::collection::vec(0..20_usize, 0..60),
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let store = store(&names);
            let mut marks = Marks::default();
            for at in toggled {
                let before = marks.all().to_vec();
                marks.toggle(&store.runs()[at % store.runs().len()]);
                let letters: Vec<char> = marks.all().iter().map(|m| m.letter).collect();
                prop_assert!(letters.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(letters.len() <= MOST);
                let kept = before.iter().filter(|marked| marks.all().contains(marked));
                prop_assert!(kept.count() + 1 >= before.len());
                let users = |hue| before.iter().filter(|marked| marked.hue == hue).count();
                let fewest = (0..Hue::RUNS).map(users).min().unwrap_or(0);
                let new = marks.all().iter().filter(|marked| !before.contains(marked));
                for marked in new {
                    prop_assert_eq!(users(marked.hue), fewest);
                }
            }
        }
    }
}
