//! What keys, the mouse and the clipboard do.

use ratatui::layout::Rect;

use super::overlay::Overlay;
use super::seeking::filter_help;
use super::{App, Clicked, Effect, Mouse};
use crate::commands::{Command, Key, Motion, PanelId, command_for};
use crate::panels::Seek;
use crate::panels::help::Help;
use crate::panels::messages::Messages;
use crate::panels::prompt::Palette;
use crate::widgets::Safe;
use crate::widgets::line_edit::Edit;
use crate::widgets::text::safe;

/// Lines that one notch of the wheel scrolls.
const NOTCH: usize = 3;

impl App {
    pub(super) fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.said = None;
        self.stale = true;
        if self.data.run.is_some() {
            // Somebody is looking: the run stays.
            self.choice.settle();
        }
        // Nothing that is open may keep anybody from leaving.
        if key == Key::ctrl('c') {
            effects.push(Effect::Quit);
            return;
        }
        if matches!(command_for(key, self.panes.focus), Some(Command::Suspend)) {
            effects.push(Effect::Suspend);
            return;
        }
        match std::mem::take(&mut self.overlay) {
            Overlay::None => {
                if let Some(command) = command_for(key, self.panes.focus) {
                    self.perform(command, effects);
                }
            }
            Overlay::Help { help, typing } => self.key_in_help(key, help, typing),
            Overlay::Filter {
                panel,
                seek,
                prompt,
            } => self.key_in_filter(key, panel, seek, prompt, effects),
            Overlay::Chooser { panel, chooser } => {
                self.key_in_chooser(key, panel, chooser, effects);
            }
            Overlay::Palette(palette) => self.key_in_palette(key, palette, effects),
            Overlay::Messages(messages) => self.key_in_messages(key, messages),
            Overlay::Overwrite { question, exported } => {
                self.key_in_question(key, question, exported, effects);
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str, effects: &mut Vec<Effect>) {
        self.stale = true;
        match &mut self.overlay {
            Overlay::Palette(palette) => {
                palette.edit(Edit::Insert(text));
                self.palette_typed();
            }
            Overlay::Filter { .. } => self.paste_into_filter(text, effects),
            Overlay::Chooser { chooser, .. } => chooser.edit(Edit::Insert(text)),
            Overlay::Help {
                help,
                typing: Some(prompt),
            } => {
                prompt.edit.apply(Edit::Insert(text));
                filter_help(help, prompt);
            }
            // Text that is pasted where none is typed is no row of commands.
            Overlay::Help { .. }
            | Overlay::Messages(_)
            | Overlay::Overwrite { .. }
            | Overlay::None => {}
        }
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, effects: &mut Vec<Effect>) {
        if !matches!(self.overlay, Overlay::None) {
            return;
        }
        let Some(id) = self.panes.at(mouse.at) else {
            return;
        };
        self.stale = true;
        let wheel = match mouse.clicked {
            Clicked::WheelUp => Motion::Up,
            Clicked::WheelDown => Motion::Down,
            Clicked::Left => {
                self.panes.focus = id;
                let pane = self.panes.pane(id);
                let context = self.data.context();
                let requests = self.panes.panel_mut(id).click(mouse.at, &context, pane);
                self.fulfil(requests, id, effects);
                return;
            }
        };
        for _ in 0..NOTCH {
            self.ask_panel(id, Command::Move(wheel), effects);
        }
    }

    /// Does what was asked.
    pub(super) fn perform(&mut self, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Quit => effects.push(Effect::Quit),
            Command::Suspend => effects.push(Effect::Suspend),
            Command::Redraw => effects.push(Effect::Repaint),
            Command::Back => self.back(effects),
            Command::Enter => self.enter(effects),
            Command::Focus(panel) => self.panes.focus = panel,
            Command::FocusNext => self.panes.step_focus(1),
            Command::FocusPrevious => self.panes.step_focus(-1),
            Command::NextRun => self.step_run(1, effects),
            Command::PreviousRun => self.step_run(-1, effects),
            Command::Filter => self.open_filter(self.panes.focus, Seek::Find),
            Command::FilterLines => self.open_filter(PanelId::Logs, Seek::Only),
            Command::Help => {
                self.overlay = Overlay::Help {
                    help: Help::default(),
                    typing: None,
                }
            }
            Command::Messages => self.overlay = Overlay::Messages(Messages::default()),
            Command::Palette => self.overlay = Overlay::Palette(Palette::new(self.typed.clone())),
            Command::Pause => {
                self.data.paused = match self.data.paused {
                    Some(_) => None,
                    None => Some(0),
                }
            }
            Command::Copy => self.copy(effects),
            Command::CopyMenu => self.open_copy_menu(effects),
            Command::Baseline => self.turn_baseline(),
            Command::Link => self.toggle_link(effects),
            Command::Mouse => {
                self.mouse = !self.mouse;
                effects.push(Effect::Mouse(self.mouse));
                self.say(Safe::fixed(if self.mouse {
                    "the mouse clicks and scrolls here; M gives it back"
                } else {
                    "the mouse belongs to the terminal; M takes it"
                }));
            }
            Command::Theme => {
                let theme = &self.data.theme;
                self.data.theme = theme.next();
                self.say(safe!("theme: {}", self.data.theme.palette.name()));
            }
            _ => self.ask_panel(self.owner(command), command, effects),
        }
    }

    /// The panel that a command is about: its own, whatever has the focus.
    fn owner(&self, command: Command) -> PanelId {
        use crate::commands::{BINDINGS, Scope};
        let row = BINDINGS.iter().find(|binding| binding.command == command);
        match row.map(|binding| binding.scope) {
            Some(Scope::Panel(panel)) => panel,
            _ => self.panes.focus,
        }
    }

    pub(super) fn ask_panel(&mut self, id: PanelId, command: Command, effects: &mut Vec<Effect>) {
        let pane = self.panes.pane(id);
        let context = self.data.context();
        let requests = self.panes.panel_mut(id).apply(command, &context, pane);
        self.fulfil(requests, id, effects);
    }

    /// One level in: the panel fills the screen, then what is selected in it.
    fn enter(&mut self, effects: &mut Vec<Effect>) {
        if self.panes.pane(self.panes.focus).zoomed {
            self.ask_panel(self.panes.focus, Command::Enter, effects);
        } else {
            self.panes.zoomed = true;
        }
    }

    /// One level out, and never further than to the four panels.
    fn back(&mut self, effects: &mut Vec<Effect>) {
        let focus = self.panes.focus;
        if self.panes.panel_mut(focus).back() {
            return;
        }
        let sought = |seek: &Seek| !self.panes.panel(focus).sought(*seek).is_empty();
        if let Some(seek) = [Seek::Find, Seek::Only].into_iter().find(sought) {
            self.seek(focus, seek, "", effects);
        } else if self.panes.zoomed {
            self.panes.zoomed = false;
        } else if self.panes.pane(focus).zoomed && focus != PanelId::Charts {
            // It fills a small screen: the charts are what was there before.
            self.panes.focus = PanelId::Charts;
        }
    }

    fn step_run(&mut self, step: isize, effects: &mut Vec<Effect>) {
        let context = self.data.context();
        if let Some(run) = self.panes.runs.neighbour(&context, self.data.run, step) {
            self.choice.settle();
            self.show(run, effects);
        }
    }

    fn key_in_messages(&mut self, key: Key, mut messages: Messages) {
        match command_for(key, self.panes.focus) {
            Some(Command::Back | Command::Messages | Command::Quit) => return,
            Some(Command::Move(motion)) => {
                messages.go(motion, &self.data.context(), self.screen());
            }
            _ => {}
        }
        self.overlay = Overlay::Messages(messages);
    }

    pub(super) fn screen(&self) -> Rect {
        Rect::new(0, 0, self.panes.size.width, self.panes.size.height)
    }
}
