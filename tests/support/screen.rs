//! The whole screen without a terminal: real files, key presses, and what is drawn.

#![allow(dead_code, reason = "no test needs all of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ml_dash_top::app::{App, Effect, Event, Settings};
use ml_dash_top::commands::Key;
use ml_dash_top::ingest::{self, Ingest, LocalDisk, Message, Target};
use ml_dash_top::insight::clock::Zone;
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

/// Longer than any read of a fixture takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A screen on which runs are shown.
pub(crate) struct Screen {
    pub(crate) app: App,
    ingest: Ingest,
    messages: Receiver<Message>,
    size: Size,
    /// Questions about logs and exact rows that have no answer yet.
    open_questions: usize,
    /// What must happen outside and nobody here does.
    pub(crate) effects: Vec<Effect>,
}

impl Screen {
    /// Reads everything below a folder to its end.
    pub(crate) fn of(folder: &Path, width: u16, height: u16) -> Self {
        Self::with(
            &[folder.to_owned()],
            width,
            height,
            Theme::default(),
            1_795_160_000.0,
        )
    }

    pub(crate) fn with(paths: &[PathBuf], width: u16, height: u16, theme: Theme, now: f64) -> Self {
        let size = Size::new(width, height);
        let (sender, messages) = channel();
        let options = ingest::Options {
            targets: paths.iter().cloned().map(Target::Path).collect(),
            threads: 1,
            poll_only: true,
            ..ingest::Options::default()
        };
        let ingest = ingest::start(Arc::new(LocalDisk), options, move |message| {
            sender.send(message).is_ok()
        });
        let app = App::new(Settings {
            theme,
            zone: Zone::utc(),
            max_mem: 1 << 20,
            mouse: true,
            level: None,
            watched: vec![Safe::fixed("runs")],
            now,
            size,
        });
        let mut screen = Self {
            app,
            ingest,
            messages,
            size,
            open_questions: 0,
            effects: Vec::new(),
        };
        while !matches!(screen.take_message(), Message::Complete) {}
        screen.settle();
        screen
    }

    /// Presses keys, named as in the help and parted by blanks.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for name in keys.split_whitespace() {
            let key = Key::parse(name).unwrap_or_else(|| panic!("no key is called {name}"));
            self.event(Event::Key(key));
        }
        self.settle();
        self
    }

    /// Types text, character by character.
    pub(crate) fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(Event::Key(Key::char(c)));
        }
        self.settle();
        self
    }

    pub(crate) fn event(&mut self, event: Event) {
        if let Event::Resize(size) = event {
            self.size = size;
        }
        let effects = self.app.update(event);
        self.perform(effects);
    }

    /// Goes on until all questions are answered and nothing is left to be drawn.
    pub(crate) fn settle(&mut self) {
        loop {
            let effects = self.app.prepare();
            self.perform(effects);
            if self.open_questions > 0 {
                self.take_message();
            } else if !self.app.is_stale() {
                return;
            }
        }
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, self.size.width, self.size.height));
        self.app.draw(&mut buf);
        buf
    }

    /// What is on the screen, line by line.
    pub(crate) fn text(&self) -> String {
        let buf = self.buffer();
        let mut text = String::new();
        for y in 0..buf.area.height {
            let line: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Focus(run) => self.ingest.focus(run),
                Effect::InSight(runs) => self.ingest.in_sight(runs),
                Effect::Fetch(want) => {
                    self.open_questions += 1;
                    let from = want.from;
                    self.ingest
                        .fetch(want.run, want.stream, want.rows, from.row, from.offset);
                }
                Effect::AskLog(run, question) => {
                    self.open_questions += 1;
                    self.ingest.ask_log(run, question);
                }
                other => self.effects.push(other),
            }
        }
    }

    fn take_message(&mut self) -> Message {
        let message = self
            .messages
            .recv_timeout(PATIENCE)
            .expect("reading goes on");
        let event = match message.clone() {
            Message::Changes { run, changes } => {
                let answers = changes
                    .iter()
                    .filter(|c| matches!(c, ml_dash_top::record::Change::ExactEnd { .. }));
                self.open_questions -= answers.count().min(self.open_questions);
                Event::Changes { run, changes }
            }
            Message::ScanDone { .. } => Event::ScanDone,
            Message::Holds { place, holding } => Event::Holds { place, holding },
            Message::Unreadable { path, error } => Event::Unreadable { path, error },
            Message::Notice { text } => Event::Notice(text),
            Message::LogAnswer { run, answer } => {
                if is_last(&answer) {
                    self.open_questions -= 1;
                }
                Event::LogAnswer { run, answer }
            }
            Message::Complete => Event::Complete,
        };
        self.event(event);
        message
    }
}

fn is_last(answer: &ml_dash_top::record::LogAnswer) -> bool {
    !matches!(
        answer,
        ml_dash_top::record::LogAnswer::Found { done: false, .. }
    )
}
