//! Event → state + effects. Owns everything that changes.
//!
//! From a key press to a frame everything here is deterministic: time enters as an event, and what
//! must happen elsewhere leaves as an [`Effect`]. [`data`] is what is known, [`panes`] how it lies
//! on the screen, [`keys`] what keys and the mouse do, [`seeking`], [`choosing`] and [`typing`] what is
//! done with what lies over the panels, [`requests`] what panels want to happen.

mod areas;
mod choice;
mod choosing;
mod data;
mod event;
mod keys;
mod link;
mod marks;
mod overlay;
mod panes;
mod requests;
mod seeking;
mod typing;
mod view;

use ratatui::layout::Size;

use self::choice::Choice;
use self::data::Data;
use self::overlay::Overlay;
use self::panes::Panes;
use crate::commands::PanelId;
use crate::insight::clock::Zone;
use crate::record::{Change, Level, RunId};
use crate::store::{Look, Store};
use crate::widgets::Safe;
use crate::widgets::text::safe;
use crate::widgets::theme::Theme;

pub use event::{Clicked, Effect, Event, Mouse};

/// What the program was started with.
#[derive(Clone, Debug)]
pub struct Settings {
    pub theme: Theme,
    pub zone: Zone,
    /// Memory for exact values, in bytes.
    pub max_mem: usize,
    pub mouse: bool,
    /// From which level on log lines are shown.
    pub level: Option<Level>,
    /// What is watched, to be shown while nothing was found.
    pub watched: Vec<Safe>,
    /// Seconds since 1970.
    pub now: f64,
    pub size: Size,
}

/// The whole state of the screen.
#[derive(Debug)]
pub struct App {
    data: Data,
    panes: Panes,
    overlay: Overlay,
    choice: Choice,
    /// What was said last, and until when it stands.
    said: Option<(Safe, f64)>,
    /// The series that the charts look at closely.
    looks: Vec<Look>,
    /// The runs that are on the screen.
    in_sight: Vec<RunId>,
    /// Commands that were typed with arguments, the newest last.
    typed: Vec<String>,
    mouse: bool,
    stale: bool,
}

/// So many seconds does the footer say what happened, unless a key is pressed.
const SAID_FOR: f64 = 8.0;

impl App {
    pub fn new(settings: Settings) -> Self {
        let Settings {
            theme,
            zone,
            max_mem,
            mouse,
            level,
            watched,
            now,
            size,
        } = settings;
        Self {
            data: Data::new(max_mem, theme, zone, watched, now),
            panes: Panes::new(size, level),
            overlay: Overlay::None,
            choice: Choice::new(now),
            said: None,
            looks: Vec::new(),
            in_sight: Vec::new(),
            typed: Vec::new(),
            mouse,
            stale: true,
        }
    }

    /// Takes in what happened; returns what must happen elsewhere.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Key(key) => self.key(key, &mut effects),
            Event::Mouse(mouse) => self.mouse(mouse, &mut effects),
            Event::Paste(text) => self.paste(&text, &mut effects),
            Event::Resize(size) => {
                self.panes.size = size;
                self.stale = true;
            }
            Event::Clock(now) => self.clock(now),
            Event::Changes { run, changes } => self.changes(run, changes, &mut effects),
            Event::ScanDone => {
                self.data.scanned = true;
                self.stale = true;
            }
            Event::Complete => self.stale = true,
            Event::Holds { place, holding } => {
                self.data.holds(&place, holding);
                self.stale = true;
            }
            Event::Unreadable { path, error } => self.tell(safe!("{}: {error}", Safe::path(&path))),
            Event::Notice(words) => self.tell(Safe::new(&words)),
            Event::LogAnswer { run, answer } => {
                let pane = self.panes.pane(PanelId::Logs);
                let context = self.data.context();
                let requests = self.panes.logs.answer(run, answer, &context, pane);
                self.stale = true;
                self.fulfil(requests, PanelId::Logs, &mut effects);
            }
            Event::Copied(words) | Event::Exported(words) => self.say(words),
            Event::ExportExists { path, exported } => self.ask_to_overwrite(&path, exported),
            Event::Resumed => {
                self.stale = true;
                effects.push(Effect::Repaint);
            }
        }
        effects
    }

    /// Whether the screen may look different from what was drawn last.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// What is known of all runs.
    pub fn store(&self) -> &Store {
        self.data.store()
    }

    /// The run that is shown.
    pub fn run(&self) -> Option<RunId> {
        self.data.run
    }

    fn clock(&mut self, now: f64) {
        let second = now.floor() != self.data.now.floor();
        if !second {
            self.data.now = now;
            return;
        }
        self.data.pass_time(now);
        if self.said.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.said = None;
        }
        self.stale = true;
    }

    fn changes(&mut self, run: RunId, changes: Vec<Change>, effects: &mut Vec<Effect>) {
        if changes.iter().any(|c| matches!(c, Change::LogsReset)) {
            self.panes.logs.forget(run);
        }
        let wants = self.data.apply(run, changes);
        effects.extend(wants.into_iter().map(Effect::Fetch));
        self.stale = true;
    }

    /// Says something about files, to be read again later.
    fn tell(&mut self, words: Safe) {
        self.data.remember(words.clone());
        self.say(words);
    }

    fn say(&mut self, words: Safe) {
        self.said = Some((words, self.data.now + SAID_FOR));
        self.stale = true;
    }

    /// Brings everything that is shown up to date with what is known: to be called before a frame
    /// is drawn.
    pub fn prepare(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(run) = self.choice.choose(&self.data) {
            self.show(run, &mut effects);
        }
        self.data.admit();
        self.stale = false;
        self.look_closely(&mut effects);
        // The list must be in order before it is known who is in sight.
        let pane = self.panes.pane(PanelId::Runs);
        let context = self.data.context();
        self.panes.runs.arrange(&context, pane);
        let visible = self.panes.runs.visible(&context, pane);
        let mut all = self.data.look_at(&visible);
        if self.data.paused.is_none() {
            all &= self.learn(&visible);
        }
        self.be_in_sight(visible, &mut effects);
        let shown = self.data.context().current();
        self.panes.has_log =
            shown.is_none_or(|(_, overview)| overview.log_lines > 0 || !overview.reading.caught_up);
        for id in PanelId::ALL {
            self.refresh(id, &mut effects);
        }
        self.count_found();
        // What is left is made for the next frame; what a panel asked for shows there, too.
        self.stale |= !all;
        effects
    }

    /// Lets the list of runs learn what is new; false when some of it is left for the next frame.
    fn learn(&mut self, visible: &[RunId]) -> bool {
        let mut news = std::mem::take(&mut self.data.news);
        let context = self.data.context();
        self.panes.runs.learn(&context, &mut news, visible);
        self.data.news = news;
        self.data.news.is_empty()
    }

    /// Has the runs that are listed on the screen, marked or measured against read before the others.
    fn be_in_sight(&mut self, listed: Vec<RunId>, effects: &mut Vec<Effect>) {
        let mut runs = listed;
        runs.extend(self.data.baseline);
        runs.extend(self.data.marks.runs());
        if self.in_sight != runs {
            effects.push(Effect::InSight(runs.clone()));
            self.in_sight = runs;
        }
    }

    fn show(&mut self, run: RunId, effects: &mut Vec<Effect>) {
        if self.data.run != Some(run) {
            self.data.run = Some(run);
            effects.push(Effect::Focus(run));
            self.stale = true;
        }
    }
}

#[cfg(test)]
mod tests;
