//! Which run is read next, and when a quiet one is looked at again.

mod state;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use self::state::{Rank, ScanSlot, Slot, Standing, State, on_grid};
use super::fetch::Fetch;
use super::inventory::Inventory;
use super::run::{Rest, RunReader};
use super::scan::RootScan;
use crate::record::{LogQuestion, RunId};

/// Rounding to this grid lets idle runs wake the machine together.
const GRID: Duration = Duration::from_secs(1);
/// After a look, hints of further changes wait this long, so that a burst is read in one go.
const BURST: Duration = Duration::from_millis(10);

/// Something for a worker to do.
pub(crate) enum Job {
    Scan(usize, Box<RootScan>),
    Run(RunId, Box<Task>),
}

/// How changes among the folders of a root become known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Other machines write there: looking costs others, too.
    Remote,
    /// Only by looking.
    Silent,
    /// The system tells; looking is a safety net.
    Announced,
}

/// One run, and what is to be done with it.
pub(crate) struct Task {
    pub(crate) reader: RunReader,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) fetches: Vec<Fetch>,
    pub(crate) questions: Vec<LogQuestion>,
    /// Where the run lies now, when it was moved.
    pub(crate) moved: Option<PathBuf>,
    /// Its files lie on a file system that other machines write to.
    pub(crate) remote: bool,
    /// Nobody looks at it, and nothing of it is known: its beginning is enough, others wait.
    pub(crate) brief: bool,
}

/// Time that only goes forward, and the time of day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

/// All work, shared by the workers.
pub(crate) struct Plan {
    pub(crate) clock: Clock,
    follow: bool,
    state: Mutex<State>,
    wake: Condvar,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn begun(&self) -> Instant {
        self.0
    }

    pub(crate) fn now(&self) -> Duration {
        self.0.elapsed()
    }

    /// Nanoseconds since 1970.
    pub(crate) fn wall() -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    }
}

impl Plan {
    pub(crate) fn new(clock: Clock, follow: bool, scans: Vec<RootScan>) -> Self {
        let slot = |scan| ScanSlot {
            scan: Some(Box::new(scan)),
            due: Some(Duration::ZERO),
            ended: Duration::ZERO,
            cost: Duration::ZERO,
            hinted: false,
            first_done: false,
        };
        let scans = scans.into_iter().map(slot).collect();
        let state = Mutex::new(State {
            scans,
            ..State::default()
        });
        Self {
            clock,
            follow,
            state,
            wake: Condvar::new(),
        }
    }

    /// Waits for something to do; `None` when all is over.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let now = self.clock.now();
            state.ring(now);
            if let Some(job) = state.take(now) {
                state.busy += 1;
                // Somebody must look at the clock while this one works.
                if state.is_unwatched() {
                    self.wake.notify_one();
                }
                return Some(job);
            }
            state = self.rest(state, now);
        }
    }

    /// Waits until something may be due. One worker wakes in time and another one a little later,
    /// should the first be at work then; waking them all would be for nothing.
    fn rest<'a>(&self, mut state: MutexGuard<'a, State>, now: Duration) -> MutexGuard<'a, State> {
        let Some(alarm) = state.alarm() else {
            return self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        state.alarms.push(alarm);
        let pause = alarm.saturating_sub(now).max(Duration::from_millis(1));
        let waited = self.wake.wait_timeout(state, pause);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        if let Some(mine) = state.alarms.iter().position(|other| *other == alarm) {
            state.alarms.swap_remove(mine);
        }
        state
    }

    /// Adds the next run. Runs are added in the order of their numbers.
    pub(crate) fn add(&self, reader: RunReader, inventory: Inventory, remote: bool) {
        self.enter(reader, inventory, remote, Standing::Reading);
    }

    fn enter(&self, reader: RunReader, inventory: Inventory, remote: bool, standing: Standing) {
        let mut state = self.lock();
        let id = state.runs.len() as u32;
        state.runs.push(Slot {
            reader: Some(reader),
            inventory: Some(inventory),
            fetches: Vec::new(),
            questions: Vec::new(),
            moved: None,
            queued: None,
            timer: None,
            hinted: false,
            rank: Rank::New,
            begun: false,
            remote,
            standing,
            looked: Duration::ZERO,
            pause: Duration::ZERO,
        });
        state.enqueue(id);
        self.wake.notify_one();
    }

    /// A run that somebody else reads. It keeps reading once from being complete until released.
    pub(crate) fn add_held(&self, reader: RunReader) {
        self.enter(reader, Inventory::default(), false, Standing::Held);
    }

    /// A run that somebody else read is read.
    pub(crate) fn release(&self, run: RunId) {
        self.with(run, |slot| slot.standing = Standing::Reading);
    }

    /// Takes back a run after a turn.
    pub(crate) fn put_back(&self, run: RunId, reader: RunReader, rest: &Rest, watched: bool) {
        let mut state = self.lock();
        let now = self.clock.now();
        state.busy = state.busy.saturating_sub(1);
        let follow = self.follow;
        let Some(slot) = state.runs.get_mut(run.0 as usize) else {
            return;
        };
        slot.reader = Some(reader);
        slot.looked = now;
        let age = Duration::from_nanos(Clock::wall().saturating_sub(rest.modified).max(0) as u64);
        slot.rank = if !follow {
            Rank::New
        } else if rest.more {
            // What lies on disk must not hold up what is being written now, nor those of which
            // nothing is known yet.
            Rank::Rest
        } else if age < Duration::from_secs(600) {
            Rank::Live
        } else {
            Rank::Rest
        };
        let more = rest.more || slot.has_errands();
        let hinted = std::mem::take(&mut slot.hinted);
        if more {
            state.enqueue(run.0);
        } else if slot.standing == Standing::Held {
            // Its own reader will say when it is over.
        } else if follow {
            let due = slot.next_look(rest, age, watched, now);
            let due = if hinted { due.min(now + BURST) } else { due };
            state.set_timer(run.0, due);
        } else if rest.caught_up {
            slot.standing = Standing::Done;
        } else {
            state.set_timer(run.0, rest.wake.unwrap_or(now).max(now + BURST));
        }
        self.share(&state);
    }

    /// The worker that comes back takes the next thing to do itself; others are needed for more.
    fn share(&self, state: &State) {
        if state.ready.len() > 1 {
            self.wake.notify_one();
        }
    }

    /// A worker leaves: another one must look at the clock.
    pub(crate) fn hand_over(&self) {
        self.wake.notify_one();
    }

    /// Whether any work is going on.
    pub(crate) fn is_busy(&self) -> bool {
        self.lock().busy > 0
    }

    /// The files of a run are others now.
    pub(crate) fn update(&self, run: RunId, inventory: Inventory) {
        self.with(run, |slot| {
            slot.standing = Standing::Reading;
            slot.inventory = Some(inventory);
        });
    }

    /// The run lies at another place now.
    pub(crate) fn relocate(&self, run: RunId, path: PathBuf, inventory: Inventory) {
        self.with(run, |slot| {
            slot.standing = Standing::Reading;
            slot.moved = Some(path);
            slot.inventory = Some(inventory);
        });
    }

    pub(crate) fn fetch(&self, run: RunId, fetch: Fetch) {
        self.with(run, |slot| slot.fetches.push(fetch));
    }

    /// Somebody waits for the answer in front of the screen: the run goes first.
    pub(crate) fn ask(&self, run: RunId, question: LogQuestion) {
        self.with(run, |slot| slot.questions.push(question));
    }

    fn with(&self, run: RunId, change: impl FnOnce(&mut Slot)) {
        let mut state = self.lock();
        if let Some(slot) = state.runs.get_mut(run.0 as usize) {
            change(slot);
            state.enqueue(run.0);
            self.wake_one(state);
        }
    }

    /// The folder of a run vanished: looking at it is pointless until it is back.
    pub(crate) fn gone(&self, run: RunId) {
        let mut state = self.lock();
        if let Some(slot) = state.runs.get_mut(run.0 as usize) {
            slot.standing = Standing::Gone;
        }
    }

    /// Something may have changed in these runs.
    pub(crate) fn hint(&self, runs: impl Iterator<Item = RunId>) {
        let mut state = self.lock();
        let now = self.clock.now();
        for run in runs {
            state.hint(run.0, now);
        }
        self.wake_one(state);
    }

    /// Wakes a worker that finds the state free: what it waits for twice comes later.
    fn wake_one(&self, state: MutexGuard<'_, State>) {
        drop(state);
        self.wake.notify_one();
    }

    /// Something may have changed among the folders of a root.
    pub(crate) fn hint_scan(&self, root: usize) {
        let mut state = self.lock();
        let now = self.clock.now();
        if let Some(slot) = state.scans.get_mut(root) {
            slot.hinted = true;
            let soon = (slot.ended + (slot.cost * 20).clamp(BURST * 5, GRID)).max(now);
            slot.due = slot.due.map(|due| due.min(soon));
        }
        self.wake_one(state);
    }

    /// Hints were lost, or nobody could hear them: anything may have changed anywhere.
    pub(crate) fn hint_all(&self) {
        let (runs, scans) = {
            let state = self.lock();
            (state.runs.len() as u32, state.scans.len())
        };
        self.hint((0..runs).map(RunId));
        for root in 0..scans {
            self.hint_scan(root);
        }
    }

    /// This run is looked at: it goes first.
    pub(crate) fn focus(&self, run: RunId) {
        let mut state = self.lock();
        let before = state.focus.replace(run);
        for run in before.into_iter().chain([run]) {
            state.requeue(run);
        }
    }

    /// These runs are on the screen: they go before the others.
    pub(crate) fn in_sight(&self, runs: Vec<RunId>) {
        let mut state = self.lock();
        let now: BTreeSet<RunId> = runs.into_iter().collect();
        let before = std::mem::replace(&mut state.in_sight, now.clone());
        for run in before.symmetric_difference(&now) {
            state.requeue(*run);
        }
    }

    /// Takes back a root after a scan; true when this was the last first scan of all roots.
    pub(crate) fn scanned(
        &self,
        root: usize,
        scan: Box<RootScan>,
        cost: Duration,
        reach: Reach,
    ) -> bool {
        let mut state = self.lock();
        let now = self.clock.now();
        state.busy = state.busy.saturating_sub(1);
        let follow = self.follow;
        let Some(slot) = state.scans.get_mut(root) else {
            return false;
        };
        slot.scan = Some(scan);
        slot.ended = now;
        slot.cost = cost;
        let pause = match reach {
            Reach::Remote => GRID * 10,
            Reach::Silent => (cost * 50).clamp(GRID, GRID * 10),
            Reach::Announced => (cost * 10_000).clamp(GRID * 2, GRID * 30),
        };
        let hinted = std::mem::take(&mut slot.hinted);
        let due = if hinted {
            now + (cost * 20).clamp(BURST * 5, GRID)
        } else {
            on_grid(now + pause, now)
        };
        slot.due = follow.then_some(due);
        let first = !std::mem::replace(&mut slot.first_done, true);
        if first {
            self.wake.notify_all();
        } else {
            self.share(&state);
        }
        first && state.scans.iter().all(|slot| slot.first_done)
    }

    /// A root whose scan hangs holds up the others no longer; true when it was the last one.
    pub(crate) fn abandon_scan(&self, root: usize) -> bool {
        let mut state = self.lock();
        let Some(slot) = state.scans.get_mut(root) else {
            return false;
        };
        let first = !std::mem::replace(&mut slot.first_done, true);
        self.wake.notify_all();
        first && state.scans.iter().all(|slot| slot.first_done)
    }

    /// True exactly once: when everything was read and nothing is followed.
    pub(crate) fn just_completed(&self) -> bool {
        let mut state = self.lock();
        let scanned = state.scans.iter().all(|slot| slot.first_done);
        let read = state
            .runs
            .iter()
            .all(|slot| slot.standing == Standing::Done);
        let over = !self.follow && scanned && read && state.busy == 0 && !state.completed;
        state.completed |= over;
        over
    }

    /// True exactly once: all that is not held up by a dead file system was read.
    pub(crate) fn give_up(&self, held_up: usize) -> bool {
        let mut state = self.lock();
        let idle = state.ready.is_empty() && state.timers.is_empty();
        let over = !self.follow && !state.completed && idle && state.busy <= held_up;
        state.completed |= over;
        over
    }

    pub(crate) fn runs(&self) -> usize {
        self.lock().runs.len()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
