//! A simulated lab that writes real files in every layout, live.
//!
//! The map, in the order in which a number gets into a file:
//!
//! - [`random`]: numbers of our own, so that a seed gives the same lab for ever.
//! - [`curve`]: the shape of a training: losses, learning rates, and where they go wrong.
//! - [`cast`]: who trains what, and what becomes of it.
//! - [`supervised`], [`language`]: a training told as [`event`]s.
//! - [`writers`]: events → what each tracker does with files, byte by byte ([`python`], [`stamps`]).
//! - [`lab`]: all runs in the order of time. Pure up to here: the time is an argument.
//! - [`disk`]: the folder, and what is done to its files; [`stale`]: folders that were left over.
//!
//! [`start`] makes the folder and one thread that goes along with the clock.

mod cast;
mod curve;
mod disk;
mod event;
mod lab;
mod language;
mod python;
mod random;
mod stale;
mod stamps;
mod supervised;
mod writers;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use disk::Folder;
pub use lab::{How, Lab, Layout, Setup, Tally, Told, Write};

/// So often the thread looks at the clock at most: what happens in between is written together.
const TICK: Duration = Duration::from_millis(50);
/// A thread that hangs in a write keeps nobody from leaving.
const PATIENCE: Duration = Duration::from_secs(1);

/// What can be asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many times faster than usual it trains.
    pub speed: f64,
    /// The same seed makes the same numbers.
    pub seed: u64,
    /// Write here, and leave it there.
    pub keep: Option<PathBuf>,
}

/// A lab that goes on until this is dropped. Its folder goes away then, unless it is to be kept.
#[derive(Debug)]
pub struct Demo {
    folder: Folder,
    /// Dropped to stop the thread.
    stop: Option<Sender<()>>,
    reports: Receiver<Report>,
    past: Option<io::Result<()>>,
}

#[derive(Debug)]
enum Report {
    /// Everything that lies in the past is written, or could not be.
    Past(io::Result<()>),
    Ended,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            speed: 1.0,
            seed: 1,
            keep: None,
        }
    }
}

/// Makes the folder and returns; the files appear a moment later, and go on.
pub fn start(options: &Options) -> io::Result<Demo> {
    let folder = match &options.keep {
        Some(path) => Folder::kept(path)?,
        None => Folder::temporary()?,
    };
    let setup = Setup {
        seed: options.seed,
        speed: options.speed,
        origin: now(),
    };
    let (stop, stopped) = channel();
    let (reporter, reports) = channel();
    let path = folder.path().to_owned();
    let sweeps = options.keep.is_none();
    thread::Builder::new()
        .name("demo".to_owned())
        .spawn(move || {
            let report = go_on(&path, setup, &stopped, |past| {
                let _ = reporter.send(Report::Past(past));
                if sweeps {
                    stale::sweep(&std::env::temp_dir());
                }
            });
            let _ = reporter.send(report);
        })?;
    Ok(Demo {
        folder,
        stop: Some(stop),
        reports,
        past: None,
    })
}

/// Writes the lab as it is at this time of its own, in one go, below this folder.
pub fn write_until(folder: &Path, setup: Setup, time: f64) -> io::Result<Lab> {
    let mut lab = Lab::new(setup);
    let writes = lab.advance(time);
    disk::perform(folder, &writes, now())?;
    Ok(lab)
}

impl Demo {
    /// The folder of the lab.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until what lies in the past is written.
    pub fn wait_for_past(&mut self) -> io::Result<()> {
        while self.past.is_none() {
            match self.reports.recv() {
                Ok(Report::Past(past)) => self.past = Some(past),
                Ok(Report::Ended) | Err(_) => {
                    return Err(io::Error::other("the lab ended before it began"));
                }
            }
        }
        self.past.take().unwrap_or(Ok(()))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.stop.take();
        let end = Instant::now() + PATIENCE;
        // Files that are written while their folder is removed would stay.
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.reports.recv_timeout(left) {
                Ok(Report::Past(_)) => {}
                Ok(Report::Ended) | Err(_) => return,
            }
        }
    }
}

/// Goes along with the clock until it is stopped, nothing more happens, or nothing can be written.
fn go_on(
    folder: &Path,
    setup: Setup,
    stopped: &Receiver<()>,
    report: impl FnOnce(io::Result<()>),
) -> Report {
    let mut lab = Lab::new(setup);
    let writes = lab.advance(0.0);
    let past = disk::perform(folder, &writes, setup.origin);
    let failed = past.is_err();
    report(past);
    drop(writes);
    while let Some(next) = lab.next_time().filter(|_| !failed) {
        // By the clock on the wall, as the times in the files: a machine that slept finds a lab that
        // went on.
        let due = (next - lab.time_at(now())) / setup.speed;
        let wait = Duration::from_secs_f64(due.clamp(0.0, 3600.0)).max(TICK);
        if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
            break;
        }
        let writes = lab.advance(lab.time_at(now()));
        // A lab on a full disk is over; what is there can still be looked at.
        if disk::perform(folder, &writes, now()).is_err() {
            break;
        }
    }
    Report::Ended
}

fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}
