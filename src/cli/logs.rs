//! `logs`: the lines of a run's log as the screen shows them, for people and for programs.

mod pick;
mod record;

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use self::pick::{Reading, Want};
use self::record::Printer;
use super::documents::name;
use super::load::{Event, Session};
use super::options::LogsOptions;
use super::select::{self, Wanted};
use super::{Done, Outcome, Stop, print, terminal};
use crate::insight::log_filter;
use crate::record::{Level, Pattern, PatternTerm, RunId, Sought, expression};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Whether anybody still listens is looked at so often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

pub(super) fn logs(options: &LogsOptions, out: &mut dyn Write) -> Outcome {
    let want = want(options)?;
    let mut printer = Printer::new(options, out);
    let wanted = Wanted::new(&options.run, &options.paths, &options.roots);
    let mut chosen = select::choose(&wanted, &options.common)?;
    check(chosen.run())?;
    if options.follow {
        let path = chosen.run().place.path.clone();
        drop(chosen);
        return follow(&path, &want, options, &mut printer);
    }
    if chosen.run().logs.lines == 0 {
        let name = name(chosen.run());
        return Err(Stop::NotFound(vec![safe!("{name}: the run has no log")]));
    }
    let lines = 0..chosen.run().logs.lines;
    printer.leave_room(chosen.run().logs.first_time);
    let (session, id) = chosen.parts();
    let mut reading = Reading::new(session, id, &want);
    reading.print(lines, options.tail, &mut printer)?;
    chosen.finish()
}

/// Standard input is gone when it has been read.
fn check(run: &Run) -> Result<(), Stop> {
    if run.place.path.as_os_str() == "-" {
        let words = "standard input cannot be read twice; save the lines to a file and read that";
        return Err(Stop::Usage(vec![words.into()]));
    }
    Ok(())
}

/// What was asked for, or what is wrong with it.
fn want(options: &LogsOptions) -> Result<Want, Stop> {
    let mut pattern = Pattern::default();
    for text in &options.grep {
        expression(text).map_err(|words| {
            let text = Safe::new(text);
            Stop::Usage(vec![safe!("--grep '{text}': {words}")])
        })?;
        pattern.terms.push(PatternTerm {
            sought: Sought::Expression(text.clone()),
            wanted: true,
        });
    }
    if let Some(text) = &options.filter {
        let more = log_filter::parse(text).map_err(|mistake| {
            let before = Safe::new(&text[..mistake.at.start]).width();
            let marks = Safe::new(&text[mistake.at]).width().max(1);
            let marks = Safe::new(&format!("  {:before$}{:^<marks$}", "", ""));
            let words = safe!("--filter: {}", mistake.words);
            Stop::Usage(vec![words, safe!("  {}", Safe::new(text)), marks])
        })?;
        pattern.terms.extend(more.terms);
    }
    let (zone, now) = (terminal::zone(), options.common.now());
    let seconds = |moment: crate::insight::clock::Moment| moment.seconds(&zone, now);
    Ok(Want {
        pattern,
        floor: options.level.unwrap_or(Level::Debug),
        since: options.since.and_then(seconds),
        until: options.until.and_then(seconds),
    })
}

/// Prints what is there and then what comes, until it is interrupted or nobody listens.
fn follow(path: &Path, want: &Want, options: &LogsOptions, printer: &mut Printer<'_>) -> Outcome {
    let mut session = Session::start(&[path.to_path_buf()], true, &options.common);
    let id = caught_up(&mut session, path)?;
    let end = options
        .duration
        .map(|seconds| Instant::now() + Duration::from_secs_f64(seconds.min(1e9)));
    let lines = |session: &Session| session.store().run(id).map_or(0, |run| run.logs.lines);
    if lines(&session) == 0 {
        print::complain(&["the run has no log yet; waiting for it".into()]);
    }
    let (mut next, mut resets, mut tail) = (0, session.log_resets(), options.tail);
    loop {
        if resets != session.log_resets() {
            (next, resets) = (0, session.log_resets());
        }
        let all = lines(&session);
        if all > next {
            let times = session.store().run(id).and_then(|run| run.logs.first_time);
            printer.leave_room(times);
            let mut reading = Reading::new(&mut session, id, want);
            reading.print(next..all, tail.take(), printer)?;
            printer.flush()?;
            // What began anew meanwhile was not what was printed.
            next = if resets == session.log_resets() {
                all
            } else {
                0
            };
            continue;
        }
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return session.finish();
        }
        match session.next(Some(left.map_or(LOOK_AGAIN, |left| left.min(LOOK_AGAIN)))) {
            Event::Quiet if terminal::nobody_listens() => return Ok(Done::Well),
            Event::Closed => return session.finish(),
            _ => {}
        }
    }
}

/// Waits until the run at a path is read.
fn caught_up(session: &mut Session, path: &Path) -> Result<RunId, Stop> {
    session.scan();
    let itself = |run: &&Run| run.place.path == path || run.place.below.as_os_str().is_empty();
    let Some(run) = session.store().runs().iter().find(itself) else {
        return Err(session.nothing());
    };
    let id = run.id;
    session.read_only(id);
    Ok(id)
}
