//! The way to the screen: what it needs, and what is done where there can be none.

use std::io::{IsTerminal as _, Write, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::load::target;
use super::options::{Common, LookOptions, Options, ThemeName, When};
use super::print::complain;
use super::{Done, Outcome, Stop, follow, list};
use crate::ingest::{self, LocalDisk};
use crate::insight::clock::Zone;
use crate::terminal::look::{self, Colour, Wishes};
use crate::terminal::{self, Setup, guard};
use crate::widgets::Safe;
use crate::widgets::text::safe;
use crate::widgets::theme::Palette;

const CANNOT_SHOW: &str = "TERM names no terminal that could show the screen: \
                           `ml-dash-top list` prints the runs, --force opens the screen anyway";
const KEYBOARD: &str =
    "standard input is the keyboard here; pipe rows into it: train.py | ml-dash-top -";
const NO_TERMINAL: &str =
    "standard output is no terminal: listing the runs once, as `ml-dash-top list` does";

/// Shows the runs below these paths on the screen until somebody ends it.
pub(super) fn open(paths: &[PathBuf], look: &LookOptions, common: &Common) -> Outcome {
    let variable = |name: &str| std::env::var(name).ok();
    if !look.force && !look::can_show(&variable) {
        return Err(Stop::Usage(vec![Safe::fixed(CANNOT_SHOW)]));
    }
    if paths.iter().any(|path| path == Path::new("-")) && stdin().is_terminal() {
        return Err(Stop::Usage(vec![Safe::fixed(KEYBOARD)]));
    }
    let fixed = common.now;
    let setup = Setup {
        files: Arc::new(LocalDisk),
        reading: ingest::Options {
            targets: paths.iter().map(|path| target(path)).collect(),
            follow: true,
            threads: common.threads(),
            ..ingest::Options::default()
        },
        theme: look::theme(look.wishes(), &variable),
        zone: Zone::new(TimeZone::system()),
        max_mem: common.max_mem,
        mouse: !look.no_mouse,
        level: look.level,
        watched: watched(paths),
        clock: Box::new(move || fixed.unwrap_or_else(super::terminal::now)),
        guard: guard::program(),
    };
    let left = terminal::open(setup).map_err(|error| {
        let words = safe!("the terminal: {}", super::reason(&error));
        Stop::Unreadable(vec![words])
    })?;
    if let Some(bug) = left.survived {
        complain(&[safe!(
            "something could not be read because of a bug, please report it: {bug}"
        )]);
    }
    Ok(Done::Left(left.code))
}

/// What is done without a screen: what was asked for, or a table with a hint.
pub(super) fn instead(options: &Options, out: &mut dyn Write) -> Outcome {
    let options = &options.list;
    if options.follow {
        return follow::follow(options, out);
    }
    let listed = list::list(options, out)?;
    if !options.json {
        complain(&[Safe::fixed(NO_TERMINAL)]);
    }
    Ok(listed)
}

fn watched(paths: &[PathBuf]) -> Vec<Safe> {
    if paths.is_empty() {
        ingest::SEARCHED
            .iter()
            .map(|name| Safe::path(Path::new(name)))
            .collect()
    } else {
        paths.iter().map(|path| Safe::path(path)).collect()
    }
}

impl LookOptions {
    fn wishes(&self) -> Wishes {
        Wishes {
            colour: match self.color {
                None | Some(When::Auto) => Colour::Auto,
                Some(When::Always) => Colour::Always,
                Some(When::Never) => Colour::Never,
            },
            palette: match self.theme {
                None | Some(ThemeName::Auto) => None,
                Some(ThemeName::Dark) => Some(Palette::Dark),
                Some(ThemeName::Light) => Some(Palette::Light),
                Some(ThemeName::HighContrast) => Some(Palette::HighContrast),
                Some(ThemeName::Mono) => Some(Palette::Mono),
            },
            ascii: self.ascii,
        }
    }
}
