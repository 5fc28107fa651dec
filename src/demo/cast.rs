//! Who trains what in the lab, and what becomes of it: the list of all runs.
//!
//! Times are seconds of the lab: 0 is when the demo opens.

mod params;
mod people;
mod sweeps;

#[cfg(test)]
pub(super) use people::{CIFAR, interrupted, plain_script};

use super::event::Event;
use super::language::{self, Pretraining};
use super::python::Json;
use super::random::Random;
use super::supervised::{self, Supervised};

/// The shape in which a run's files are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// A: ML-Logger.
    MlLogger,
    /// B: ml-dash 0.5.
    MlDash5,
    /// C: the current ml-dash.
    MlDash,
    /// E: a `metrics.json` with epochs.
    Epochs,
    /// L: a bare `metrics.jsonl`.
    Flat,
}

/// What a run says about itself.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) layout: Layout,
    /// Below the folder of the lab.
    pub(super) folder: String,
    pub(super) owner: &'static str,
    pub(super) project: &'static str,
    pub(super) name: String,
    pub(super) description: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) host: &'static str,
    pub(super) gpu: &'static str,
    pub(super) commit: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) about: About,
    pub(super) params: Json,
    pub(super) script: Script,
    /// Over before the demo opens: its times do not depend on the speed.
    pub(super) past: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Script {
    Supervised(Supervised),
    Pretraining(Pretraining),
    Flat(Pretraining),
}

/// All runs.
pub(super) fn cast() -> Vec<Member> {
    let mut all = people::members();
    all.extend(sweeps::members());
    all
}

impl Layout {
    /// The letter by which the program calls it.
    pub const fn letter(self) -> char {
        match self {
            Self::MlLogger => 'A',
            Self::MlDash5 => 'B',
            Self::MlDash => 'C',
            Self::Epochs => 'E',
            Self::Flat => 'L',
        }
    }
}

impl Member {
    /// When the first thing of it happens.
    pub(super) fn begins(&self) -> f64 {
        match &self.script {
            Script::Supervised(run) => run.queued.unwrap_or(run.begins),
            Script::Pretraining(run) | Script::Flat(run) => run.begins,
        }
    }

    /// Everything that happens in it.
    pub(super) fn tell(&self, seed: u64, pace: f64) -> Vec<Event> {
        let random = Random::new(seed, &self.about.folder);
        match &self.script {
            Script::Supervised(run) => supervised::tell(run, &self.params, pace, random),
            Script::Pretraining(run) => language::tell(run, &self.params, random),
            Script::Flat(run) => language::tell_flat(run, random),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_run_has_a_folder_of_its_own_and_every_layout_has_a_run() {
        let all = cast();
        let folders: BTreeSet<&str> = all.iter().map(|m| m.about.folder.as_str()).collect();
        assert_eq!(folders.len(), all.len());
        let letters: String = all
            .iter()
            .map(|member| member.about.layout)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(Layout::letter)
            .collect();
        assert_eq!(letters, "ABCEL");
        // No run lies within another.
        for a in &folders {
            let inner = format!("{a}/");
            assert!(!folders.iter().any(|b| b.starts_with(&inner)), "{a}");
        }
    }

    #[test]
    fn what_is_told_is_in_the_order_of_time_and_ends() {
        for member in cast() {
            let events = member.tell(1, 1.0);
            let name = &member.about.folder;
            assert!(events.is_sorted_by(|a, b| a.at <= b.at), "{name}");
            assert_eq!(events[0].at, member.begins(), "{name}");
            let last = events.last().map_or(0.0, |event| event.at);
            assert!(last < 3600.0, "{name} goes on for {last} s");
            assert_eq!(member.past, last < 0.0, "{name} ends at {last}");
        }
    }
}
