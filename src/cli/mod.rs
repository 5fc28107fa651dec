//! Options, the subcommands that draw no screen, and the way to the one that does.
//!
//! Every subcommand is a reader of the same store: [`load`] fills it, [`documents`] says what it
//! means, and what is printed passes through [`mod@print`] or [`json`].

mod demo;
mod documents;
mod export;
mod follow;
mod list;
mod load;
mod options;
mod pick;
mod picture;
mod print;
mod read;
mod report;
mod screen;
mod select;
mod show;
mod stream_document;
mod streams;
mod table;
mod terminal;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::export::{json, reason};
use crate::ingest::{Files as _, LocalDisk};
use crate::insight::number;
use crate::terminal::guard;
use crate::widgets::Safe;
use crate::widgets::text::safe;
use options::{Command, Options};

/// How a subcommand ended that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Well,
    /// Some files could not be read; standard error names them.
    SomeUnreadable,
    /// The screen was left, with this code.
    Left(u8),
}

/// Why a subcommand could not do what it was asked.
#[derive(Debug)]
enum Stop {
    NotFound(Vec<Safe>),
    Usage(Vec<Safe>),
    Unreadable(Vec<Safe>),
    /// Nothing more can be written: mostly because nobody listens any more.
    Output(io::Error),
}

type Outcome = Result<Done, Stop>;

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter().peekable();
    if arguments.peek().is_some_and(|name| name == guard::NAME) {
        return guard::watch();
    }
    let options = match Options::try_parse_from(arguments) {
        Ok(options) => options,
        Err(error) => return no_options(&error),
    };
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    let outcome = perform(options, &mut out);
    let flushed = out.flush();
    // What is left in the buffer after a failed write must not be tried again on the way out.
    drop(out.into_parts());
    exit_code(outcome.and_then(|done| flushed.map(|()| done).map_err(Stop::from)))
}

fn perform(options: Options, out: &mut dyn Write) -> Outcome {
    let Some(command) = options.command else {
        let list = &options.list;
        if !list.follow {
            refuse_unknown_word(&list.paths)?;
        }
        let on_screen = !list.json && !list.follow && stdout().is_terminal();
        if on_screen && (list.pick.filter.is_some() || list.pick.sort.is_some()) {
            return Err(Stop::Usage(vec![Safe::fixed(
                "--filter and --sort are for `ml-dash-top list`; on the screen press /",
            )]));
        }
        return if list.json || list.follow || !stdout().is_terminal() {
            screen::instead(&options, out)
        } else {
            screen::open(&list.paths, &options.look, &list.common)
        };
    };
    match command {
        Command::List(options) if options.follow => follow::follow(&options, out),
        Command::List(options) => list::list(&options, out),
        Command::Show(options) => show::show(&options, out),
        Command::Read(options) => read::read(&options, out),
        Command::Export(options) => export::export(&options, out),
        Command::Demo(options) => demo::demo(&options, out),
    }
}

/// Without a command the paths to list may follow at once; a word that is no path is a command
/// that does not exist.
fn refuse_unknown_word(paths: &[PathBuf]) -> Result<(), Stop> {
    let Some(first) = paths.first() else {
        return Ok(());
    };
    let bytes = first.as_os_str().as_encoded_bytes();
    let is_word = bytes.iter().all(u8::is_ascii_alphabetic);
    if !is_word || LocalDisk.stat(first).is_ok() {
        return Ok(());
    }
    let word = Safe::path(first);
    Err(Stop::Usage(vec![safe!(
        "\"{word}\" is neither a command (list, show, read, export, demo) nor a file or folder here; \
         try `ml-dash-top --help`"
    )]))
}

fn exit_code(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(Done::Well) => ExitCode::SUCCESS,
        Ok(Done::SomeUnreadable) => ExitCode::from(3),
        Ok(Done::Left(code)) => ExitCode::from(code),
        Err(Stop::NotFound(words)) => {
            print::complain(&words);
            ExitCode::from(1)
        }
        Err(Stop::Usage(words)) => {
            print::complain(&words);
            ExitCode::from(2)
        }
        Err(Stop::Unreadable(words)) => {
            print::complain(&words);
            ExitCode::from(3)
        }
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            print::complain(&[safe!("standard output: {}", reason(&error))]);
            ExitCode::from(3)
        }
    }
}

/// Help and version go to standard output; an error repeats what was typed, made harmless.
fn no_options(error: &clap::Error) -> ExitCode {
    let words = error.render().to_string();
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // Nobody is left to tell when this fails.
        let _ = stdout().write_all(words.as_bytes());
        return ExitCode::SUCCESS;
    }
    print::repeat(&words);
    ExitCode::from(2)
}
