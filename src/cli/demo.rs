//! `demo`: a simulated lab in a folder of its own, and the screen on it.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use super::options::{DemoOptions, ListOptions, PickOptions};
use super::print::complain;
use super::{Outcome, Stop, list, reason, screen, terminal};
use crate::demo::{self, Demo};
use crate::widgets::Safe;
use crate::widgets::text::safe;

const HINT: &str = "this is the lab once, as a list: in a terminal `ml-dash-top demo` opens the screen on it \
                    and goes on; with --keep DIR its files stay";

pub(super) fn demo(options: &DemoOptions, out: &mut dyn Write) -> Outcome {
    let wanted = demo::Options {
        speed: options.speed,
        seed: options.seed,
        keep: options.keep.clone(),
    };
    let lab = demo::start(&wanted).map_err(|error| refused(options, &error))?;
    let outcome = if terminal::is_one() {
        // The screen does not wait for the files: they appear while it is drawn.
        let paths = [lab.path().to_owned()];
        screen::open(&paths, &options.look, &options.common)
    } else {
        plain(lab, options, out)
    };
    if let Some(folder) = &options.keep {
        complain(&[safe!("the lab is in {}", Safe::path(folder))]);
    }
    outcome
}

/// The list of the lab as it is when it opens.
fn plain(mut lab: Demo, options: &DemoOptions, out: &mut dyn Write) -> Outcome {
    lab.wait_for_past()
        .map_err(|error| refused(options, &error))?;
    let listed = list::list(
        &ListOptions {
            pick: PickOptions::default(),
            paths: vec![lab.path().to_owned()],
            json: false,
            follow: false,
            common: options.common.clone(),
            duration: None,
        },
        out,
    );
    complain(&[Safe::fixed(HINT)]);
    if let Some(seconds) = options.duration {
        out.flush()?;
        thread::sleep(Duration::from_secs_f64(seconds.min(1e6)));
    }
    listed
}

fn refused(options: &DemoOptions, error: &io::Error) -> Stop {
    let place = match &options.keep {
        Some(folder) => Safe::path(folder),
        None => Safe::path(&std::env::temp_dir()),
    };
    let words = vec![safe!("{place}: {}", reason(error))];
    if options.keep.is_some() {
        Stop::Usage(words)
    } else {
        Stop::Unreadable(words)
    }
}
