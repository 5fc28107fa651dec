//! `list --follow`: a line whenever a run changes, until it is interrupted or nobody listens.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::documents::{Picture, SCHEMA, name};
use super::list::Item;
use super::load::{Event, Session};
use super::options::ListOptions;
use super::pick::Pick;
use super::{Done, Outcome, Stop, json, number, print, terminal};
use crate::insight::health::State;
use crate::insight::series::primary;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// A run is told at most ten times a second.
const PACE: Duration = Duration::from_millis(100);
/// The state of a run changes by itself, when nothing arrives for long.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

#[derive(Debug, Serialize)]
struct Line {
    schema: u32,
    run: Item,
}

/// What was last said about a run.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    state: Option<State>,
    changed: bool,
    /// A hash of the words, so that nothing is said twice.
    words: u64,
}

pub(super) fn follow(options: &ListOptions, out: &mut dyn Write) -> Outcome {
    let pick = Pick::of(&options.pick)?;
    let mut session = Session::start(&options.paths, true, &options.common);
    let end = options
        .duration
        .map(|seconds| Instant::now() + Duration::from_secs_f64(seconds.min(1e9)));
    let mut told: Vec<Told> = Vec::new();
    let (mut spoke, mut looked) = (Instant::now().checked_sub(PACE), Instant::now());
    let mut news = false;
    // Nothing more can come after the end of a pipe.
    let only_a_pipe = !options.paths.is_empty() && options.paths.iter().all(|path| is_pipe(path));
    loop {
        let event = session.next(Some(patience(news, end)));
        told.resize(session.store().runs().len(), Told::default());
        if let Event::Changed(id) | Event::CaughtUp(id) = event
            && let Some(run) = told.get_mut(id.0 as usize)
        {
            (run.changed, news) = (true, true);
        }
        if matches!(event, Event::Scanned) && told.is_empty() {
            print::complain(&["no runs yet; waiting for them".into()]);
        }
        if matches!(event, Event::Quiet) && terminal::nobody_listens() {
            return Ok(Done::Well);
        }
        if looked.elapsed() >= LOOK_AGAIN {
            looked = Instant::now();
            news |= mark_new_states(&session, options, &mut told);
        }
        let over = matches!(event, Event::Closed)
            || end.is_some_and(|end| Instant::now() >= end)
            || only_a_pipe
                && session
                    .store()
                    .runs()
                    .iter()
                    .any(|run| session.is_ready(run));
        if over || news && spoke.is_none_or(|at| at.elapsed() >= PACE) {
            tell(&session, options, &pick, &mut told, out)?;
            spoke = Some(Instant::now());
            // A run that is not read yet is told when it is: that is an event of its own.
            news = false;
        }
        if over {
            return session.finish();
        }
    }
}

/// How long to wait for something to happen: until what is new may be told, else until states may
/// have changed by themselves.
fn patience(news: bool, end: Option<Instant>) -> Duration {
    let patience = if news { PACE / 2 } else { LOOK_AGAIN };
    let left = end.map(|end| end.saturating_duration_since(Instant::now()));
    left.map_or(patience, |left| left.min(patience))
}

/// Only what may still run changes its state without a row.
fn mark_new_states(session: &Session, options: &ListOptions, told: &mut [Told]) -> bool {
    let now = options.common.now();
    let mut any = false;
    for (run, told) in session.store().runs().iter().zip(told) {
        let Some(former @ (State::Waiting | State::Running | State::Stalled)) = told.state else {
            continue;
        };
        if Picture::of(run, now).state != former {
            (told.changed, any) = (true, true);
        }
    }
    any
}

/// Whether a run, or an argument, is standard input.
fn is_pipe(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Runs that are still read for the first time wait until they are complete. A pipe is told at
/// once: it is complete only when its writer ends.
fn tell(
    session: &Session,
    options: &ListOptions,
    pick: &Pick,
    told: &mut [Told],
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let now = options.common.now();
    let mut spoke = false;
    for (run, told) in session.store().runs().iter().zip(told) {
        if !told.changed || !session.is_ready(run) && !is_pipe(&run.place.path) {
            continue;
        }
        if !pick.wants(run, now) {
            told.changed = false;
            continue;
        }
        let picture = Picture::of(run, now);
        let mut line = Vec::new();
        if options.json {
            json::write_line(
                &mut line,
                &Line {
                    schema: SCHEMA,
                    run: Item::of(&picture),
                },
            )?;
        } else {
            print::line(&mut line, &sentence(&picture))?;
        }
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let words = hasher.finish();
        let news = told.state.is_none() || told.words != words;
        *told = Told {
            state: Some(picture.state),
            changed: false,
            words,
        };
        if news {
            out.write_all(&line)?;
            spoke = true;
        }
    }
    if spoke {
        out.flush()?;
    }
    Ok(())
}

/// `● running  resnet50  epoch 38/50  eval/loss 0.118  best 0.112 @ 31`
fn sentence(picture: &Picture<'_>) -> Safe {
    let progress = picture.progress;
    let (unit, done) = (progress.unit.name(), number::human(progress.done));
    let mut words = vec![
        safe!("{} {}", picture.state.glyph(), picture.state.name()),
        Safe::new(&name(picture.run)),
        match progress.planned.map(number::human) {
            Some(planned) => safe!("{unit} {done}/{planned}"),
            None => safe!("{unit} {done}"),
        },
    ];
    if let Some(series) = primary(&picture.all)
        && let Some(last) = series.last()
    {
        words.push(safe!("{} {}", series.name, number::human(last)));
        if let Some(best) = series.best() {
            let at = number::human(series.position(picture.run, best).value);
            words.push(safe!("best {} @ {at}", number::human(best.value)));
        }
    }
    Safe::join(&words, "  ")
}
