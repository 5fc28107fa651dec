//! Event → state + effects. Owns everything that changes.
//!
//! From a key press to a frame everything here is deterministic: time enters as an event, and what
//! must happen elsewhere leaves as an [`Effect`].

mod areas;
mod event;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::insight::clock::Zone;
use crate::widgets::Safe;
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
    /// What is watched, to be shown while nothing was found.
    pub watched: Vec<Safe>,
    /// Seconds since 1970.
    pub now: f64,
    pub size: Size,
}

/// The whole state of the screen.
#[derive(Debug)]
pub struct App {
    settings: Settings,
    stale: bool,
}

impl App {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            stale: true,
        }
    }

    /// Takes in what happened; returns what must happen elsewhere.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        self.stale = true;
        match event {
            Event::Key(key) if key == crate::commands::Key::char('q') => vec![Effect::Quit],
            Event::Resize(size) => {
                self.settings.size = size;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the screen may look different from what was drawn last.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Draws everything; returns where the cursor is, if it is shown.
    pub fn draw(&mut self, buf: &mut Buffer) -> Option<Position> {
        self.stale = false;
        let _: Rect = buf.area;
        None
    }
}
