//! The lab: all runs, and what their trackers do with files, in the order of time.
//!
//! It is pure: the time is an argument, and so is the present. However the way to a moment is cut,
//! the files are the same.

pub use super::cast::Layout;
use super::cast::{self, Member};
use super::event::Event;
use super::stamps::Stamps;
use super::writers::{self, Desk, Listed, Writer, merged};
pub use super::writers::{How, Tally, Write};

/// What makes a lab the one that it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    pub seed: u64,
    /// How many times faster than usual it trains.
    pub speed: f64,
    /// When the lab's time is 0: seconds since 1970.
    pub origin: f64,
}

/// A simulated lab.
#[derive(Debug)]
pub struct Lab {
    setup: Setup,
    runs: Vec<Run>,
    index: Vec<Listed>,
    now: f64,
}

/// What a run's files say by now.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Below the folder of the lab.
    pub folder: String,
    pub layout: Layout,
    pub tally: Tally,
}

struct Run {
    member: Member,
    stamps: Stamps,
    begins: f64,
    /// What will happen, the next last. Nothing is made up before it begins, and what happened is
    /// forgotten.
    events: Option<Vec<Event>>,
    writer: Box<dyn Writer>,
    tally: Tally,
}

impl Lab {
    pub fn new(setup: Setup) -> Self {
        let runs = cast::cast()
            .into_iter()
            .map(|member| Run::new(member, &setup));
        Self {
            setup,
            runs: runs.collect(),
            index: Vec::new(),
            now: f64::NEG_INFINITY,
        }
    }

    /// Goes on to this time and returns what is done to files until then.
    pub fn advance(&mut self, to: f64) -> Vec<Write> {
        let mut writes = Vec::new();
        while let Some((place, at)) = self.next().filter(|(_, at)| *at <= to) {
            let run = &mut self.runs[place];
            run.go_on(at, self.setup.seed, &mut writes, &mut self.index);
        }
        self.now = self.now.max(to);
        merged(writes)
    }

    /// When something happens next.
    pub fn next_time(&self) -> Option<f64> {
        self.next().map(|(_, at)| at)
    }

    /// The lab's time at this time on the wall, in seconds since 1970.
    pub fn time_at(&self, wall: f64) -> f64 {
        (wall - self.setup.origin) * self.setup.speed
    }

    /// What the files of each run say, of those that began.
    pub fn told(&self) -> Vec<Told> {
        let began = self.runs.iter().filter(|run| run.begins <= self.now);
        began
            .map(|run| Told {
                folder: run.member.about.folder.clone(),
                layout: run.member.about.layout,
                tally: run.tally.clone(),
            })
            .collect()
    }

    /// The folders of all runs that there will ever be.
    pub fn folders() -> Vec<String> {
        let folder = |member: Member| member.about.folder;
        cast::cast().into_iter().map(folder).collect()
    }

    /// The run to which something happens next, and when. Of two at the same time the first.
    fn next(&self) -> Option<(usize, f64)> {
        let times = self.runs.iter().enumerate();
        times
            .filter_map(|(place, run)| Some((place, run.next()?)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Run {
    fn new(member: Member, setup: &Setup) -> Self {
        let speed = if member.past { 1.0 } else { setup.speed };
        Self {
            stamps: Stamps::new(setup.origin, speed),
            begins: member.begins(),
            events: None,
            writer: writers::writer(&member.about, setup.seed),
            tally: Tally::default(),
            member,
        }
    }

    fn next(&self) -> Option<f64> {
        let event = match &self.events {
            None => Some(self.begins),
            Some(events) => events.last().map(|event| event.at),
        };
        match (event, self.writer.due()) {
            (Some(event), Some(due)) => Some(event.min(due)),
            (event, due) => event.or(due),
        }
    }

    /// Does what is next: what happens comes before what is only due.
    fn go_on(&mut self, at: f64, seed: u64, writes: &mut Vec<Write>, index: &mut Vec<Listed>) {
        let pace = self.stamps.lasting(1.0);
        let member = &self.member;
        let events = self.events.get_or_insert_with(|| {
            let mut events = member.tell(seed, pace);
            events.reverse();
            events
        });
        let mut desk = Desk {
            stamps: self.stamps,
            writes,
            tally: &mut self.tally,
            index,
        };
        match events.pop_if(|event| event.at <= at) {
            Some(event) => self.writer.take(event, &mut desk),
            None => self.writer.flush(at, &mut desk),
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("folder", &self.member.about.folder)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    type Files = BTreeMap<String, Vec<u8>>;

    const SETUP: Setup = Setup {
        seed: 1,
        speed: 1.0,
        origin: 1_795_159_577.0,
    };

    fn apply(files: &mut Files, writes: Vec<Write>) {
        for write in writes {
            let file = files.entry(write.path).or_default();
            match write.how {
                How::Append => file.extend_from_slice(&write.bytes),
                How::Rewrite | How::Replace => *file = write.bytes,
            }
        }
    }

    fn at_once(setup: Setup, to: f64) -> Files {
        let mut files = Files::new();
        apply(&mut files, Lab::new(setup).advance(to));
        files
    }

    #[test]
    fn the_same_seed_makes_the_same_bytes_and_another_does_not() {
        let (first, second) = (at_once(SETUP, 40.0), at_once(SETUP, 40.0));
        assert!(first == second);
        let other = at_once(Setup { seed: 2, ..SETUP }, 40.0);
        let names: Vec<_> = first
            .keys()
            .filter(|name| name.ends_with("metrics.jsonl"))
            .collect();
        assert!(names.len() >= 8);
        assert!(names.iter().all(|name| first[*name] != other[*name]));
    }

    #[test]
    fn speed_changes_times_and_no_numbers() {
        let values = |speed| {
            let mut lab = Lab::new(Setup { speed, ..SETUP });
            lab.advance(60.0);
            let told = lab.told().into_iter();
            // The per-epoch writer tells how long an epoch took.
            told.map(|mut run| {
                run.tally
                    .columns
                    .retain(|key, _| !key.ends_with("duration_s"));
                run
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(values(1.0), values(8.0));
    }

    #[test]
    fn the_lab_falls_silent() {
        let mut lab = Lab::new(SETUP);
        let mut total = 0;
        let mut runs = 0;
        for write in lab.advance(f64::MAX) {
            total += write.bytes.len();
            runs += usize::from(
                write.path.ends_with("experiment.json") || write.path.ends_with(".meta.json"),
            );
        }
        assert_eq!(lab.next_time(), None);
        assert!(runs > 30, "{runs}");
        assert!(total < 24 << 20, "{total} bytes");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn however_the_way_is_cut_the_files_are_the_same(
            cuts in prop::collection::vec(-60.0..90.0_f64, 1..40),
        ) {
            static WHOLE: LazyLock<Files> = LazyLock::new(|| at_once(SETUP, 90.0));
            let mut cuts = cuts;
            cuts.sort_by(f64::total_cmp);
            let mut lab = Lab::new(SETUP);
            let mut files = Files::new();
            for cut in cuts {
                apply(&mut files, lab.advance(cut));
            }
            apply(&mut files, lab.advance(90.0));
            prop_assert!(files == *WHOLE);
        }
    }
}
