//! The threads that read, and the one that watches over them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::caught::catch;
use super::expand::Root;
use super::files::Files;
use super::guard::{Activity, Guarded};
use super::outlet::{Message, Outlet, Sink, tell};
use super::plan::{Clock, Job, Plan, Reach, Task};
use super::run::Turn;
use super::scan::{Ground, Registry, RootScan};
use super::stdin;
use super::tail::{Buffer, Kept};
use super::watch::Watch;
use crate::record::{Change, RunId};

/// Bytes that a run may read before others have their turn.
const SLICE: u64 = 4 * 1024 * 1024;
/// The same at first, where nobody looks: thousands of runs are known soon, and small ones as a whole.
const BRIEF: u64 = 256 * 1024;
/// A call that has been going on for this long is held up by a dead file system.
const STALLED: Duration = Duration::from_secs(2);
/// Without anything else to do, reading once does not wait longer than this for a dead one.
const HOPELESS: Duration = Duration::from_secs(10);
const MOST_EXTRA: usize = 8;

/// Everything that the threads share.
pub(crate) struct Pool {
    pub(crate) files: Arc<dyn Files>,
    pub(crate) sink: Box<Sink>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) registry: Registry,
    pub(crate) follow: bool,
    pub(crate) threads: usize,
    pub(crate) watch: Watch,
    kept: Kept,
    workers: Mutex<Vec<Arc<Post>>>,
    extra: AtomicUsize,
}

/// What one worker is at.
struct Post {
    activity: Arc<Activity>,
    work: Mutex<Option<Work>>,
    /// It hangs; another thread took its place.
    replaced: AtomicBool,
}

#[derive(Clone, Debug)]
enum Work {
    Scan(usize, PathBuf),
    Run(RunId, PathBuf),
}

impl Pool {
    pub(crate) fn new(
        files: Arc<dyn Files>,
        sink: Box<Sink>,
        plan: Arc<Plan>,
        follow: bool,
        threads: usize,
        watch: Watch,
    ) -> Self {
        Self {
            files,
            sink,
            plan,
            registry: Registry::default(),
            follow,
            threads,
            watch,
            kept: Kept::default(),
            workers: Mutex::new(Vec::new()),
            extra: AtomicUsize::new(0),
        }
    }

    /// Starts the threads. Nobody ever joins them: one may hang in a call for ever.
    pub(crate) fn start(self: &Arc<Self>, trouble: Option<&'static str>) {
        for _ in 0..self.threads {
            self.hire();
        }
        let pool = Arc::clone(self);
        spawn("watchdog", move || {
            if let Some(text) = trouble {
                (pool.sink)(Message::Notice {
                    text: text.to_owned(),
                });
            }
            pool.watch_over();
        });
    }

    fn hire(self: &Arc<Self>) {
        let post = Arc::new(Post {
            activity: Arc::new(Activity::new(self.plan.clock.begun())),
            work: Mutex::new(None),
            replaced: AtomicBool::new(false),
        });
        self.workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&post));
        let pool = Arc::clone(self);
        spawn("reader", move || pool.work(&post));
    }

    fn work(self: &Arc<Self>, post: &Post) {
        let files = Guarded::new(Arc::clone(&self.files), Arc::clone(&post.activity));
        let mut buffer = Buffer::new();
        while let Some(job) = self.plan.next() {
            match job {
                Job::Scan(index, scan) => {
                    post.begin(Work::Scan(index, scan.root().path()));
                    self.scan(index, scan, &files);
                }
                Job::Run(run, task) => {
                    post.begin(Work::Run(run, task.reader.path().to_owned()));
                    self.read(run, *task, &files, &mut buffer);
                }
            }
            post.end();
            if self.plan.just_completed() {
                (self.sink)(Message::Complete);
            }
            if post.replaced.load(Ordering::Acquire) {
                // The call came back after all; the one that took over stays.
                self.extra.fetch_sub(1, Ordering::AcqRel);
                self.plan.hand_over();
                return;
            }
        }
    }

    fn scan(self: &Arc<Self>, index: usize, mut scan: Box<RootScan>, files: &dyn Files) {
        let begun = self.plan.clock.now();
        if *scan.root() == Root::Stdin {
            self.read_stdin(index);
        } else {
            let ground = Ground {
                files,
                sink: &*self.sink,
                plan: &self.plan,
                watch: &self.watch,
                registry: &self.registry,
                follow: self.follow,
            };
            // One folder that we cannot bear must not end the search for ever.
            if catch(|| scan.scan(&ground)).is_none() {
                let path = scan.root().path();
                let error = "internal error while searching; please report".to_owned();
                (self.sink)(Message::Unreadable { path, error });
            }
        }
        let remote = scan.is_remote();
        let cost = self.plan.clock.now().saturating_sub(begun);
        if self.follow && !remote {
            match self
                .watch
                .cover(index, scan.folders().iter().map(PathBuf::as_path))
            {
                // Names may have come between the listing and the watch.
                Ok(true) => self.plan.hint_scan(index),
                Ok(false) => {}
                Err(text) => {
                    (self.sink)(Message::Notice {
                        text: text.to_owned(),
                    });
                }
            }
        }
        let reach = if remote {
            Reach::Remote
        } else if self.watch.is_trusted() {
            Reach::Announced
        } else {
            Reach::Silent
        };
        if !self.follow {
            scan.forget();
        }
        if self.plan.scanned(index, scan, cost, reach) {
            (self.sink)(Message::ScanDone {
                runs: self.plan.runs(),
            });
        }
    }

    fn read_stdin(self: &Arc<Self>, index: usize) {
        let Some(run) = self.registry.register_stdin(index, &*self.sink, &self.plan) else {
            return;
        };
        let pool = Arc::clone(self);
        spawn("stdin", move || {
            let mut out = Outlet::new(run, &*pool.sink);
            let now = || Clock::wall() as f64 / 1e9;
            let feed = || stdin::feed(std::io::stdin().lock(), now, &mut out);
            if catch(feed).is_none() {
                out.internal_error(&Arc::from(stdin::NAME));
                out.change(Change::CaughtUp);
            }
            out.close();
            pool.plan.release(run);
        });
    }

    fn read(&self, run: RunId, task: Task, files: &dyn Files, buffer: &mut Buffer) {
        let Task {
            mut reader,
            inventory,
            fetches,
            questions,
            moved,
            remote,
            brief,
        } = task;
        let mut out = Outlet::new(run, &*self.sink);
        let mut turn = Turn {
            files,
            buffer,
            now: self.plan.clock.now(),
            wall: Clock::wall(),
            follow: self.follow,
            budget: if self.follow && brief { BRIEF } else { SLICE },
            threads: self.threads,
            // A server that keeps a deleted file for us litters the folder of its owner.
            kept: (self.follow && !remote).then_some(&self.kept),
        };
        let work = || {
            if let Some(path) = moved {
                reader.relocate(path, &mut out);
            }
            if let Some(inventory) = inventory {
                reader.update(&inventory, turn.kept, &mut out);
            }
            for question in &questions {
                reader.answer(question, &mut turn, &mut out);
            }
            for fetch in &fetches {
                reader.fetch(fetch, &mut turn, &mut out);
            }
            let mut rest = reader.turn(&mut turn, &mut out);
            rest.more |= reader.search_on(&mut turn, &mut out);
            rest
        };
        // One run that we cannot read must not take the others' reader away.
        let rest = catch(work).unwrap_or_else(|| reader.give_up(&fetches, &questions, &mut out));
        if !out.close() {
            self.plan.stop();
        }
        let watched = self.watch.is_trusted();
        self.plan.put_back(run, reader, &rest, watched);
    }

    /// Looks after workers that hang in a call: the others go on, and somebody takes their place.
    fn watch_over(self: &Arc<Self>) {
        while !self.plan.is_stopped() {
            // Where nothing is going on nothing can hang, and waking for that is for nothing.
            let idle = self.follow && !self.plan.is_busy();
            thread::sleep(if idle { STALLED * 2 } else { STALLED / 2 });
            let posts = self
                .workers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let mut hopeless = Vec::new();
            for post in posts {
                let Some(since) = post.activity.stalled_for().filter(|since| *since > STALLED)
                else {
                    continue;
                };
                if since > HOPELESS {
                    hopeless.push(Arc::clone(&post));
                }
                self.replace(&post);
            }
            if !hopeless.is_empty() && self.plan.give_up(hopeless.len()) {
                for post in hopeless {
                    self.tell_hopeless(&post);
                }
                (self.sink)(Message::Complete);
            }
        }
    }

    fn replace(self: &Arc<Self>, post: &Post) {
        if post.replaced.load(Ordering::Acquire) || self.extra.load(Ordering::Acquire) >= MOST_EXTRA
        {
            return;
        }
        post.replaced.store(true, Ordering::Release);
        self.extra.fetch_add(1, Ordering::AcqRel);
        match post.work() {
            Some(Work::Run(run, _)) => {
                let text = "the file system does not answer; waiting".to_owned();
                let note = Change::Note {
                    file: Arc::from(""),
                    text,
                };
                tell(run, &*self.sink, note);
            }
            Some(Work::Scan(index, _)) if self.plan.abandon_scan(index) => {
                let runs = self.plan.runs();
                (self.sink)(Message::ScanDone { runs });
            }
            _ => {}
        }
        self.hire();
    }

    fn tell_hopeless(&self, post: &Post) {
        let Some(Work::Run(_, path) | Work::Scan(_, path)) = post.work() else {
            return;
        };
        let error = "the file system does not answer".to_owned();
        (self.sink)(Message::Unreadable { path, error });
    }
}

impl Post {
    fn begin(&self, work: Work) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = Some(work);
    }

    fn end(&self) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn work(&self) -> Option<Work> {
        self.work
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A thread that cannot be had is a worker less; reading goes on with the others.
fn spawn(name: &str, body: impl FnOnce() + Send + 'static) {
    let _ = thread::Builder::new().name(name.to_owned()).spawn(body);
}
