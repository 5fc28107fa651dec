//! The loop: what happens goes into the app, what it wants goes out, and what it shows is drawn.

use std::future::pending;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ratatui::layout::Size;
use rustix::process::{self, Signal as Number};
use tokio::select;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep_until;

use super::children;
use super::clipboard::{self, Clipboard, Copying};
use super::export;
use super::keys::Input;
use super::pace::Pace;
use super::reading::{Reading, Request};
use super::screen::{self, Tty};
use super::signals::{Signal, Signals};
use super::writer::Writer;
use super::{Setup, guard, input};
use crate::app::{App, Effect, Event, Settings};
use crate::ingest::Message;
use crate::insight::clock::Zone;
use crate::panels::{Copied, Exported};
use crate::record::LogAnswer;
use crate::widgets::Safe;

/// The time is told at least so often.
const TICK: Duration = Duration::from_secs(5);
/// Messages are taken in for so long before anything but keys is looked at again.
const GULP: Duration = Duration::from_millis(2);
/// The code of a program that a signal ended is this and its number.
const SIGNALLED: i32 = 128;

/// What comes next.
enum Next {
    /// Nothing: the terminal is gone.
    Input(Option<Input>),
    Signal(Signal),
    Frame,
    Tick,
    Copied(Safe),
    Exported(Event),
    /// Nothing: reading has ended.
    Message(Option<Message>),
}

/// Everything that the loop owns.
pub(crate) struct Session {
    tty: Tty,
    size: Size,
    app: App,
    pace: Pace,
    /// Draw, whatever the app says: the terminal lost what it showed.
    lost: bool,
    writer: Writer<Tty>,
    signals: Signals,
    inputs: Receiver<Input>,
    reading: Reading,
    messages: Option<Receiver<Message>>,
    clipboard: Clipboard,
    copies: (UnboundedSender<Safe>, UnboundedReceiver<Safe>),
    /// What became of files that were to be written.
    exports: (UnboundedSender<Event>, UnboundedReceiver<Event>),
    zone: Zone,
    mouse: bool,
    clock: Box<dyn Fn() -> f64>,
    ticked: Instant,
}

/// Why the loop does not simply go on.
enum Turn {
    End(u8),
    /// Stop until somebody lets us go on; the whole job when a key asked for it.
    Stop {
        job: bool,
    },
}

impl Session {
    /// Takes the terminal, shows the first picture, and only then begins to read.
    pub(crate) fn begin(setup: Setup, tty: Tty) -> io::Result<Self> {
        let signals = Signals::listen()?;
        let writer = Writer::start(tty)?;
        screen::enter(tty)?;
        let size = tty.size();
        let mut app = App::new(Settings {
            theme: setup.theme,
            zone: setup.zone.clone(),
            max_mem: setup.max_mem,
            mouse: setup.mouse,
            level: setup.level,
            watched: setup.watched,
            now: (setup.clock)(),
            size,
        });
        let mut pace = Pace::default();
        writer.send(&screen::ENTER);
        if setup.mouse {
            writer.send(screen::MOUSE_ON);
        }
        draw(&mut app, &writer, size, &mut pace);
        let inputs = input::start(tty.keys)?;
        let (reading, messages) = Reading::start(setup.files, setup.reading)?;
        start_guard(setup.guard, tty);
        let variable = |name: &str| std::env::var(name).ok();
        Ok(Self {
            tty,
            size,
            app,
            pace,
            lost: false,
            writer,
            signals,
            inputs,
            reading,
            messages: Some(messages),
            clipboard: Clipboard::of(&variable),
            copies: unbounded_channel(),
            exports: unbounded_channel(),
            zone: setup.zone,
            mouse: setup.mouse,
            clock: setup.clock,
            ticked: Instant::now(),
        })
    }

    /// Goes on until somebody ends it; returns the exit code.
    pub(crate) async fn run(mut self) -> u8 {
        loop {
            let next = self.next().await;
            match self.take(next) {
                None => {}
                Some(Turn::End(code)) => return code,
                Some(Turn::Stop { job }) => {
                    if let Some(code) = self.stop(job).await {
                        return code;
                    }
                }
            }
            if self.due().is_some_and(|due| due <= Instant::now()) {
                self.draw();
            }
        }
    }

    /// When to draw next; nothing while there is nothing to draw.
    fn due(&self) -> Option<Instant> {
        let stale = self.lost || self.app.is_stale();
        let due = || self.pace.due(self.writer.took());
        stale.then(|| due().unwrap_or(self.ticked))
    }

    /// Waits for what comes next: keys before signals before pictures before data.
    async fn next(&mut self) -> Next {
        let due = self.due();
        let frame = async {
            match due {
                Some(due) => sleep_until(due.into()).await,
                None => pending().await,
            }
        };
        let message = async {
            match &mut self.messages {
                Some(messages) => messages.recv().await,
                None => pending().await,
            }
        };
        select! {
            biased;
            input = self.inputs.recv() => Next::Input(input),
            signal = self.signals.next() => Next::Signal(signal),
            () = frame => Next::Frame,
            () = sleep_until((self.ticked + TICK).into()) => Next::Tick,
            Some(said) = self.copies.1.recv() => Next::Copied(said),
            Some(event) = self.exports.1.recv() => Next::Exported(event),
            message = message => Next::Message(message),
        }
    }

    fn take(&mut self, next: Next) -> Option<Turn> {
        if matches!(next, Next::Frame) {
            return None;
        }
        self.tick();
        match next {
            Next::Frame | Next::Tick => None,
            Next::Input(Some(input)) => self.input(input),
            Next::Input(None) => Some(Turn::End(code_of(Number::HUP.as_raw()))),
            Next::Signal(signal) => self.signal(signal),
            Next::Copied(said) => self.update(Event::Copied(said)),
            Next::Exported(event) => self.update(event),
            Next::Message(Some(message)) => self.message(message),
            Next::Message(None) => {
                self.messages = None;
                None
            }
        }
    }

    fn tick(&mut self) {
        self.ticked = Instant::now();
        let now = (self.clock)();
        self.update(Event::Clock(now));
    }

    fn input(&mut self, input: Input) -> Option<Turn> {
        self.pace.press();
        self.update(match input {
            Input::Key(key) => Event::Key(key),
            Input::Mouse(mouse) => Event::Mouse(mouse),
            Input::Paste(text) => Event::Paste(text),
        })
    }

    fn signal(&mut self, signal: Signal) -> Option<Turn> {
        match signal {
            Signal::End(number) => Some(Turn::End(code_of(number))),
            Signal::Stop => Some(Turn::Stop { job: false }),
            Signal::Continue => self.resume(),
            Signal::Resize => self.resize(),
        }
    }

    fn resize(&mut self) -> Option<Turn> {
        self.pace.press();
        self.size = self.tty.size();
        // The terminal moved what it shows, even to come back to the size that it had.
        self.writer.repaint();
        self.lost = true;
        self.update(Event::Resize(self.size))
    }

    /// Takes in a message and all that wait behind it, for a while and until a key comes.
    fn message(&mut self, first: Message) -> Option<Turn> {
        let begun = Instant::now();
        let mut message = Some(first);
        while let Some(taken) = message {
            if is_awaited(&taken) {
                self.pace.press();
            }
            if let Some(turn) = self.update(event_of(taken)) {
                return Some(turn);
            }
            message = match &mut self.messages {
                Some(messages) if begun.elapsed() < GULP && self.inputs.is_empty() => {
                    messages.try_recv().ok()
                }
                _ => None,
            };
        }
        None
    }

    /// Tells the app and does what it wants.
    fn update(&mut self, event: Event) -> Option<Turn> {
        let effects = self.app.update(event);
        self.perform(effects)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Option<Turn> {
        let mut turn = None;
        for effect in effects {
            match effect {
                Effect::Quit => return Some(Turn::End(0)),
                Effect::Suspend => turn = self.suspend(),
                Effect::Repaint => {
                    self.writer.repaint();
                    self.lost = true;
                }
                Effect::Focus(run) => self.reading.ask(Request::Focus(run)),
                Effect::InSight(runs) => self.reading.ask(Request::InSight(runs)),
                Effect::Fetch(want) => self.reading.ask(Request::Fetch(want)),
                Effect::AskLog(run, question) => self.reading.ask(Request::AskLog(run, question)),
                Effect::Copy(copied) => self.copy(&copied),
                Effect::Export {
                    exported,
                    overwrite,
                } => self.export(exported, overwrite),
                Effect::Mouse(on) => {
                    self.mouse = on;
                    self.writer.send(mouse_bytes(on));
                }
            }
        }
        turn
    }

    fn export(&mut self, exported: Exported, overwrite: bool) {
        let (app, tell) = (&self.app, self.exports.0.clone());
        export::start(
            app.store(),
            app.run(),
            &self.zone,
            exported,
            overwrite,
            tell,
        );
    }

    fn copy(&mut self, copied: &Copied) {
        let tell = &self.copies.0;
        let said = match self.clipboard.copy(copied) {
            Copying::Tmux { text, what } => {
                return clipboard::copy_to_tmux(text, what, tell.clone());
            }
            Copying::Write { bytes, said } if self.writer.send(&bytes) => said,
            Copying::Write { .. } => Safe::fixed("the terminal takes nothing at the moment"),
            Copying::Refuse(said) => said,
        };
        let _ = tell.send(said);
    }

    /// The key for it was pressed.
    fn suspend(&mut self) -> Option<Turn> {
        // Whoever leads the session has nobody behind it who could let it go on.
        let leader = process::getsid(None).ok();
        if leader == Some(process::getpgrp()) {
            let words = "there is no shell to go back to";
            self.update(Event::Notice(words.to_owned()));
            return None;
        }
        Some(Turn::Stop { job: true })
    }

    /// Gives the terminal back, stops, and takes it again; an exit code when it is not to be taken.
    async fn stop(&mut self, job: bool) -> Option<u8> {
        screen::leave();
        if job {
            // What runs before us in the pipe stops too, or the shell would wait for it. We are among
            // them, and are told by a signal, which is to be forgotten.
            let _none = children::hold();
            let _ = process::kill_current_process_group(Number::TSTP);
        }
        let _ = process::kill_process(process::getpid(), Number::STOP);
        loop {
            match self.signals.next().await {
                Signal::End(number) => return Some(code_of(number)),
                Signal::Continue => break,
                Signal::Stop | Signal::Resize => {}
            }
        }
        self.signals.forget_stop();
        match self.resume() {
            Some(Turn::End(code)) => Some(code),
            _ => None,
        }
    }

    /// Takes the terminal, which somebody else may have used.
    fn resume(&mut self) -> Option<Turn> {
        if screen::enter(self.tty).is_err() {
            return Some(Turn::End(code_of(Number::HUP.as_raw())));
        }
        self.writer.send(&screen::ENTER);
        self.writer.send(mouse_bytes(self.mouse));
        self.reading.ask(Request::LookAgain);
        let turn = self.resize();
        turn.or_else(|| self.update(Event::Resumed))
    }

    fn draw(&mut self) {
        self.lost = false;
        let effects = self.app.prepare();
        // What is shown asks to be read, never to end or to stop.
        let _ = self.perform(effects);
        draw(&mut self.app, &self.writer, self.size, &mut self.pace);
    }
}

fn draw(app: &mut App, writer: &Writer<Tty>, size: Size, pace: &mut Pace) {
    let begun = Instant::now();
    let mut buffer = writer.blank(size);
    let cursor = app.draw(&mut buffer);
    writer.show(buffer, cursor);
    pace.drawn(begun, Instant::now());
}

/// The guard costs a few milliseconds, of another thread.
fn start_guard(program: Option<PathBuf>, tty: Tty) {
    let Some(program) = program else { return };
    let _ = std::thread::Builder::new()
        .name("guard".to_owned())
        .spawn(move || guard::start(&program, tty));
}

/// Whether it is what somebody waits for who has just begun to look.
fn is_awaited(message: &Message) -> bool {
    matches!(
        message,
        Message::LogAnswer {
            answer: LogAnswer::End { .. },
            ..
        }
    )
}

fn event_of(message: Message) -> Event {
    match message {
        Message::Changes { run, changes } => Event::Changes { run, changes },
        Message::ScanDone { .. } => Event::ScanDone,
        Message::Holds { place, holding } => Event::Holds { place, holding },
        Message::Unreadable { path, error } => Event::Unreadable { path, error },
        Message::Notice { text } => Event::Notice(text),
        Message::LogAnswer { run, answer } => Event::LogAnswer { run, answer },
        Message::Complete => Event::Complete,
    }
}

fn mouse_bytes(on: bool) -> &'static [u8] {
    if on {
        screen::MOUSE_ON
    } else {
        screen::MOUSE_OFF
    }
}

fn code_of(signal: i32) -> u8 {
    (SIGNALLED + signal) as u8
}
