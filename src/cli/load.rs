//! The loop between reading and memory: changes from the bounded channel go into the store.

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use super::options::Common;
use super::{Done, Outcome, Stop, print};
use crate::ingest::{self, Files as _, Ingest, Kind, LocalDisk, Message, Target};
use crate::record::{Batch, Change, LogAnswer, LogQuestion, RunId};
use crate::store::{Look, Run, Store};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Messages that may wait for the store. When it is full, reading pauses: the file is the queue.
const CHANNEL: usize = 32;
/// Exact rows that were asked for and do not come (their file is gone) hold nothing up for longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of exact rows that are kept: enough to settle most restarts without asking the file again.
const EXACT_ROWS: usize = 1 << 20;
/// Long enough for several messages to gather, too short to be felt.
const NAP: Duration = Duration::from_micros(200);

const HINT: &str = "name a folder that holds runs: ml-dash-top list PATH";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Changed(RunId),
    /// Everything that lay on disk of this run is in the store, and its statistics are final.
    CaughtUp(RunId),
    /// All runs that exist now are known.
    Scanned,
    /// Everything was read.
    Complete,
    /// Nothing came for a while.
    Quiet,
    /// Reading has ended.
    Closed,
}

/// Runs being read.
pub(super) struct Session {
    store: Store,
    ingest: Ingest,
    messages: Receiver<Message>,
    /// Exact rows asked for and not yet here, for each run.
    awaited: BTreeMap<RunId, usize>,
    /// What was answered about the text of logs and not yet taken.
    answers: VecDeque<LogAnswer>,
    /// How often logs began anew.
    log_resets: u64,
    unreadable: BTreeMap<PathBuf, String>,
    targets: Vec<PathBuf>,
    /// What cannot be read is said at once: the end may be far.
    follow: bool,
    scanned: bool,
    complete: bool,
    /// How long to nap before falling asleep: while messages come one after the other.
    nap: Option<Duration>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("targets", &self.targets)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Starts to read the runs below these paths; none means the current folder.
    pub(super) fn start(paths: &[PathBuf], follow: bool, common: &Common) -> Self {
        // Nobody looks closely at rows here: statistics are kept anyway, and memory that is never
        // touched need not be made.
        let budget = if common.exact {
            common.max_mem
        } else {
            common.max_mem.min(EXACT_ROWS)
        };
        let options = ingest::Options {
            targets: paths.iter().map(|path| target(path)).collect(),
            follow,
            threads: common.threads(),
            ..ingest::Options::default()
        };
        let (sender, messages) = sync_channel(CHANNEL);
        let ingest = ingest::start(Arc::new(LocalDisk), options, move |message| {
            sender.send(message).is_ok()
        });
        Self {
            store: Store::new(budget),
            ingest,
            messages,
            awaited: BTreeMap::new(),
            answers: VecDeque::new(),
            log_resets: 0,
            unreadable: BTreeMap::new(),
            targets: paths.to_vec(),
            follow,
            scanned: false,
            complete: false,
            nap: Some(NAP),
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Whether all runs that exist now are known.
    pub(super) fn is_scanned(&self) -> bool {
        self.scanned
    }

    /// Whether a run is read and no statistics of it are awaited.
    pub(super) fn is_ready(&self, run: &Run) -> bool {
        run.reading.caught_up && !self.awaited.contains_key(&run.id)
    }

    /// Waits for the next thing to happen, at most so long.
    pub(super) fn next(&mut self, patience: Option<Duration>) -> Event {
        loop {
            if self.complete && self.awaited.is_empty() {
                return Event::Complete;
            }
            let patience = if self.complete {
                Some(PATIENCE)
            } else {
                patience
            };
            let received = self.receive(patience);
            self.nap = received.is_ok().then_some(NAP);
            let message = match received {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) if self.complete => {
                    self.awaited.clear();
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => return Event::Quiet,
                Err(RecvTimeoutError::Disconnected) => return Event::Closed,
            };
            if let Some(event) = self.handle(message) {
                return event;
            }
        }
    }

    fn handle(&mut self, message: Message) -> Option<Event> {
        match message {
            Message::Changes { run, changes } => return Some(self.take(run, changes)),
            Message::ScanDone { .. } => {
                self.scanned = true;
                return Some(Event::Scanned);
            }
            Message::Unreadable { path, error } => {
                if self.follow {
                    complain_of(&path, &error);
                }
                self.unreadable.insert(path, error);
            }
            Message::Notice { text: words } => print::complain(&[Safe::new(&words)]),
            Message::Complete => self.complete = true,
            Message::LogAnswer { answer, .. } => {
                // The end that nobody asked for is not printed before the rest.
                if !matches!(answer, LogAnswer::End { .. }) {
                    self.answers.push_back(answer);
                }
            }
            // What is missing is told in other words.
            Message::Holds { .. } => {}
        }
        None
    }

    /// Asks about the text of a run's log.
    pub(super) fn ask_log(&self, id: RunId, question: LogQuestion) {
        self.ingest.ask_log(id, question);
    }

    /// Waits for what is answered next about the text of logs; nothing when reading has ended.
    pub(super) fn log_answer(&mut self, wanted: impl Fn(&LogAnswer) -> bool) -> Option<LogAnswer> {
        loop {
            if let Some(at) = self.answers.iter().position(&wanted) {
                return self.answers.remove(at);
            }
            let message = self.receive(None).ok()?;
            self.handle(message);
        }
    }

    /// How often a log began anew.
    pub(super) const fn log_resets(&self) -> u64 {
        self.log_resets
    }

    /// The next message. A receiver that falls asleep must be woken by whoever sends next, and that
    /// costs a sender more than most messages: so a short nap comes first.
    fn receive(&self, patience: Option<Duration>) -> Result<Message, RecvTimeoutError> {
        match self.messages.try_recv() {
            Err(TryRecvError::Empty) => {
                if let Some(nap) = self.nap {
                    thread::sleep(nap);
                }
            }
            Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
            Ok(message) => return Ok(message),
        }
        match patience {
            Some(patience) => self.messages.recv_timeout(patience),
            None => self
                .messages
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn take(&mut self, id: RunId, changes: Vec<Change>) -> Event {
        let (mut caught_up, mut answers) = (false, 0);
        for change in changes {
            caught_up |= matches!(change, Change::CaughtUp);
            answers += usize::from(matches!(change, Change::ExactEnd { .. }));
            self.log_resets += u64::from(matches!(change, Change::LogsReset));
            self.store.apply(Batch { run: id, change });
        }
        self.fetch();
        if answers > 0
            && let Some(count) = self.awaited.get_mut(&id)
        {
            *count = count.saturating_sub(answers);
            if *count == 0 {
                self.awaited.remove(&id);
            }
        }
        let ready = self.store.run(id).is_some_and(|run| self.is_ready(run));
        if ready && (caught_up || answers > 0) {
            Event::CaughtUp(id)
        } else {
            Event::Changed(id)
        }
    }

    /// Asks for the exact rows that the store needs again.
    fn fetch(&mut self) {
        for want in self.store.wants() {
            *self.awaited.entry(want.run).or_insert(0) += 1;
            self.ingest.fetch(
                want.run,
                want.stream,
                want.rows,
                want.from.row,
                want.from.offset,
            );
        }
    }

    /// Waits until what is looked at closely has been worked out.
    pub(super) fn look(&mut self, looks: &[Look]) {
        self.store.look(looks);
        self.fetch();
        while !self.awaited.is_empty()
            && !matches!(self.next(None), Event::Complete | Event::Closed)
        {}
    }

    /// Waits until all runs are known.
    pub(super) fn scan(&mut self) {
        while !self.scanned && !matches!(self.next(None), Event::Complete | Event::Closed) {}
    }

    /// Waits until one run is read, before all others.
    pub(super) fn read_only(&mut self, id: RunId) {
        self.ingest.focus(id);
        while !self.store.run(id).is_some_and(|run| self.is_ready(run))
            && !matches!(self.next(None), Event::Complete | Event::Closed)
        {}
    }

    /// Waits until everything is read.
    pub(super) fn read_all(&mut self) {
        while !matches!(self.next(None), Event::Complete | Event::Closed) {}
    }

    /// As [`Self::finish`], for one run: what lies elsewhere is nobody's business.
    pub(super) fn finish_one(mut self, id: RunId) -> Outcome {
        if let Some(run) = self.store.run(id) {
            self.unreadable
                .retain(|path, _| path.starts_with(&run.place.path));
        }
        self.finish()
    }

    /// Names what could not be read, or says that nothing was found, and tells how it went.
    pub(super) fn finish(&self) -> Outcome {
        for (path, error) in self.unreadable.iter().filter(|_| !self.follow) {
            complain_of(path, error);
        }
        if self.store.runs().is_empty() {
            return Err(if self.unreadable.is_empty() {
                Stop::NotFound(vec![self.nothing_found()])
            } else if self.is_all_absent() {
                Stop::NotFound(vec![safe!("no runs were found; {HINT}")])
            } else {
                Stop::Unreadable(vec!["no runs were found in what could be read".into()])
            });
        }
        if self.unreadable.is_empty() {
            Ok(Done::Well)
        } else {
            Ok(Done::SomeUnreadable)
        }
    }

    /// Why there are no runs, in one line.
    pub(super) fn nothing(&self) -> Stop {
        match self.unreadable.iter().next() {
            Some((path, error)) => Stop::Unreadable(vec![trouble(path, error)]),
            None => Stop::NotFound(vec![self.nothing_found()]),
        }
    }

    /// Whether what could not be read is not there: then nothing was found, and nothing was missed.
    fn is_all_absent(&self) -> bool {
        self.unreadable
            .keys()
            .all(|path| LocalDisk.stat(path).is_err_and(|e| e.kind() == NotFound))
    }

    fn nothing_found(&self) -> Safe {
        let searched = ingest::SEARCHED.join(", ");
        match &self.targets[..] {
            [] => {
                let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
                let here = Safe::path(&here);
                safe!("no runs in {here}: looked for a run there and for {searched}; {HINT}")
            }
            [path] if path == Path::new("-") => {
                "no rows on standard input: expected one JSON object a line".into()
            }
            [path]
                if LocalDisk
                    .stat(path)
                    .is_ok_and(|stat| stat.kind == Kind::File) =>
            {
                safe!(
                    "{} is no run: expected one JSON object a line, or a metrics.json with a list of epochs",
                    Safe::path(path)
                )
            }
            paths => {
                let paths: Vec<Safe> = paths.iter().map(|path| Safe::path(path)).collect();
                safe!(
                    "no runs in {}: looked for experiment.json, .ml-logger.meta.json, metrics.json, metrics.jsonl \
                     and metrics folders; {HINT}",
                    Safe::join(&paths, ", ")
                )
            }
        }
    }
}

/// What an argument stands for.
pub(super) fn target(path: &Path) -> Target {
    if path.as_os_str() == "-" {
        Target::Stdin
    } else {
        Target::Path(path.to_owned())
    }
}

fn complain_of(path: &Path, error: &str) {
    print::complain(&[trouble(path, error)]);
}

fn trouble(path: &Path, error: &str) -> Safe {
    safe!("{}: {error}", Safe::path(path))
}
