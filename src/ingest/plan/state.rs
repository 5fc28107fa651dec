//! The state behind the plan: what is queued, what is waited for, and when it is due.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::{BURST, GRID, Job, Task};
use crate::ingest::fetch::Fetch;
use crate::ingest::inventory::Inventory;
use crate::ingest::run::{Rest, RunReader};
use crate::ingest::scan::RootScan;
use crate::record::{LogQuestion, RunId};

/// How much later a second worker looks, in case that the first one is at work.
const DEPUTY: Duration = Duration::from_secs(3);

#[derive(Default)]
pub(super) struct State {
    pub(super) runs: Vec<Slot>,
    pub(super) scans: Vec<ScanSlot>,
    pub(super) ready: BTreeSet<(Rank, u32)>,
    pub(super) timers: BTreeSet<(Duration, u32)>,
    /// When those that wait for work will look by themselves.
    pub(super) alarms: Vec<Duration>,
    pub(super) focus: Option<RunId>,
    /// What is on the screen besides.
    pub(super) in_sight: BTreeSet<RunId>,
    pub(super) busy: usize,
    pub(super) completed: bool,
    pub(super) stopped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Somebody waits for an answer.
    Asked,
    Focus,
    /// On the screen.
    InSight,
    Live,
    /// Not looked at yet.
    New,
    /// On the screen, and its beginning is known.
    Next,
    Rest,
}

/// How it stands with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Reading,
    /// Somebody else reads it.
    Held,
    /// Read once, and nothing is followed.
    Done,
    /// Its folder vanished.
    Gone,
}

pub(super) struct Slot {
    /// `None` while a worker has it.
    pub(super) reader: Option<RunReader>,
    pub(super) inventory: Option<Inventory>,
    pub(super) fetches: Vec<Fetch>,
    pub(super) questions: Vec<LogQuestion>,
    pub(super) moved: Option<PathBuf>,
    pub(super) queued: Option<(Rank, u32)>,
    pub(super) timer: Option<Duration>,
    pub(super) hinted: bool,
    pub(super) rank: Rank,
    /// A part of it was read: as much as is shown of a run among many.
    pub(super) begun: bool,
    pub(super) remote: bool,
    pub(super) standing: Standing,
    pub(super) looked: Duration,
    pub(super) pause: Duration,
}

pub(super) struct ScanSlot {
    pub(super) scan: Option<Box<RootScan>>,
    pub(super) due: Option<Duration>,
    pub(super) ended: Duration,
    pub(super) cost: Duration,
    pub(super) hinted: bool,
    pub(super) first_done: bool,
}

impl State {
    /// Moves what is due to the queue.
    pub(super) fn ring(&mut self, now: Duration) {
        while let Some((due, id)) = self.timers.first().copied()
            && due <= now
        {
            self.timers.pop_first();
            if let Some(slot) = self.runs.get_mut(id as usize) {
                slot.timer = None;
            }
            self.enqueue(id);
        }
    }

    pub(super) fn take(&mut self, now: Duration) -> Option<Job> {
        // One root after the other, so that runs are numbered in the order of the arguments; a root
        // that hangs holds up nobody, because the watchdog marks it as done.
        for (index, slot) in self.scans.iter_mut().enumerate() {
            if slot.due.is_some_and(|due| due <= now)
                && let Some(scan) = slot.scan.take()
            {
                slot.due = None;
                return Some(Job::Scan(index, scan));
            }
            if !slot.first_done {
                break;
            }
        }
        let (rank, id) = self.ready.pop_first()?;
        let slot = self.runs.get_mut(id as usize)?;
        let brief = rank == Rank::New && !slot.begun;
        slot.begun = true;
        slot.queued = None;
        slot.hinted = false;
        let reader = slot.reader.take()?;
        let inventory = slot.inventory.take();
        let fetches = std::mem::take(&mut slot.fetches);
        let questions = std::mem::take(&mut slot.questions);
        let (moved, remote) = (slot.moved.take(), slot.remote);
        Some(Job::Run(
            RunId(id),
            Box::new(Task {
                reader,
                inventory,
                fetches,
                questions,
                moved,
                remote,
                brief,
            }),
        ))
    }

    /// Puts a run into the queue, at the place that it has now. A run that a worker has comes back
    /// by itself.
    pub(super) fn enqueue(&mut self, id: u32) {
        let focused = self.focus == Some(RunId(id));
        let in_sight = self.in_sight.contains(&RunId(id));
        let Some(slot) = self.runs.get_mut(id as usize) else {
            return;
        };
        if slot.reader.is_none() {
            slot.hinted = true;
            return;
        }
        if let Some(timer) = slot.timer.take() {
            self.timers.remove(&(timer, id));
        }
        if let Some(queued) = slot.queued.take() {
            self.ready.remove(&queued);
        }
        let rank = match slot.rank {
            _ if !slot.questions.is_empty() => Rank::Asked,
            _ if focused => Rank::Focus,
            Rank::Rest if in_sight => Rank::Next,
            _ if in_sight => Rank::InSight,
            rank => rank,
        };
        let place = (rank, id);
        slot.queued = Some(place);
        if slot.standing == Standing::Done {
            slot.standing = Standing::Reading;
        }
        self.ready.insert(place);
    }

    /// Gives a run that waits the place that it has now.
    pub(super) fn requeue(&mut self, run: RunId) {
        let slot = self.runs.get(run.0 as usize);
        if slot.is_some_and(|slot| slot.queued.is_some()) {
            self.enqueue(run.0);
        }
    }

    pub(super) fn set_timer(&mut self, id: u32, due: Duration) {
        let Some(slot) = self.runs.get_mut(id as usize) else {
            return;
        };
        if let Some(former) = slot.timer.replace(due) {
            self.timers.remove(&(former, id));
        }
        self.timers.insert((due, id));
    }

    pub(super) fn hint(&mut self, id: u32, now: Duration) {
        let Some(slot) = self.runs.get_mut(id as usize) else {
            return;
        };
        if slot.reader.is_none() {
            slot.hinted = true;
            return;
        }
        let soon = slot.looked + BURST;
        match slot.timer {
            _ if slot.queued.is_some() => {}
            Some(timer) if timer <= soon => {}
            _ if soon <= now => self.enqueue(id),
            _ => self.set_timer(id, soon),
        }
    }

    /// When one more worker should look by itself; `None` when others will in time.
    pub(super) fn alarm(&self) -> Option<Duration> {
        let due = self.next_due()?;
        if self.alarms_until(due) == 0 {
            return Some(due);
        }
        (self.alarms_until(due + DEPUTY) < 2).then_some(due + DEPUTY)
    }

    /// Whether nobody who waits would look in time at what is due next.
    pub(super) fn is_unwatched(&self) -> bool {
        let due = self.next_due();
        due.is_some_and(|due| self.alarms_until(due + DEPUTY) == 0)
    }

    fn alarms_until(&self, limit: Duration) -> usize {
        self.alarms.iter().filter(|alarm| **alarm <= limit).count()
    }

    fn next_due(&self) -> Option<Duration> {
        let scans = self
            .scans
            .iter()
            .filter(|slot| slot.scan.is_some())
            .filter_map(|s| s.due);
        scans.chain(self.timers.first().map(|(due, _)| *due)).min()
    }
}

impl Slot {
    /// Whether somebody wants something of the run that has not been done.
    pub(super) fn has_errands(&self) -> bool {
        self.inventory.is_some() || !self.fetches.is_empty() || !self.questions.is_empty()
    }

    /// When to look at a run again that has nothing to read now.
    pub(super) fn next_look(
        &mut self,
        rest: &Rest,
        age: Duration,
        watched: bool,
        now: Duration,
    ) -> Duration {
        // Where changes are announced, looking is only a safety net.
        let announced = watched && !self.remote;
        let longest = match age.as_secs() {
            _ if self.standing == Standing::Gone => GRID * 10,
            _ if announced => GRID * 10,
            0..600 => GRID,
            600..86_400 => GRID * 5,
            _ => GRID * 10,
        };
        let first = if announced || self.remote {
            GRID
        } else {
            GRID / 10
        };
        self.pause = if rest.changed {
            first
        } else {
            (self.pause * 2).clamp(first, longest)
        };
        let due = if self.pause < GRID * 5 {
            on_grid(now + self.pause, now)
        } else {
            together(now + self.pause, now)
        };
        let wake = rest.wake.map_or(due, |wake| wake.min(due));
        wake.max(now + Duration::from_millis(1))
    }
}

/// A point of a coarse grid near `due`: runs that are looked at rarely are looked at together.
fn together(due: Duration, now: Duration) -> Duration {
    let floor = Duration::from_secs(due.as_secs() / 5 * 5);
    if floor > now + GRID {
        floor
    } else {
        floor + GRID * 5
    }
}

/// The last point of the grid before `due`, if that is still ahead.
pub(super) fn on_grid(due: Duration, now: Duration) -> Duration {
    let floor = Duration::from_secs(due.as_secs());
    if floor > now + GRID / 4 { floor } else { due }
}
