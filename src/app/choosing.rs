//! Lists to choose from: what panels ask for, and what can be copied.

use super::overlay::{Overlay, edit_for};
use super::{App, Effect};
use crate::commands::{Code, Key, PanelId};
use crate::panels::chooser::{Choosable, Chooser, Purpose, Step};
use crate::widgets::Safe;
use crate::widgets::line_edit::Edit;
use crate::widgets::text::safe;

impl App {
    pub(super) fn key_in_chooser(
        &mut self,
        key: Key,
        panel: PanelId,
        mut chooser: Chooser,
        effects: &mut Vec<Effect>,
    ) {
        match key.code {
            Code::Esc if chooser.is_filtered() => chooser.edit(Edit::DeleteAll),
            Code::Esc => return,
            Code::Enter => return self.choose(panel, &chooser, effects),
            Code::Up => chooser.go(Step::By(-1)),
            Code::Tab if key.shift => chooser.go(Step::By(-1)),
            Code::PageDown => chooser.go(Step::Pages(1)),
            Code::PageUp => chooser.go(Step::Pages(-1)),
            Code::Home => chooser.go(Step::First),
            Code::End => chooser.go(Step::Last),
            Code::Tab if chooser.takes_many() => {
                chooser.toggle();
                chooser.go(Step::By(1));
            }
            Code::Tab | Code::Down => chooser.go(Step::By(1)),
            Code::Char(' ') if chooser.takes_many() && !chooser.is_filtered() => chooser.toggle(),
            _ => {
                if let Some(edit) = edit_for(key, &mut [0; 4]) {
                    chooser.edit(edit);
                }
            }
        }
        self.overlay = Overlay::Chooser { panel, chooser };
    }

    /// Does what was chosen.
    fn choose(&mut self, panel: PanelId, chooser: &Chooser, effects: &mut Vec<Effect>) {
        let picked = chooser.picked();
        if picked.is_empty() && !chooser.takes_many() {
            return self.say(Safe::fixed("nothing was chosen"));
        }
        if chooser.purpose == Purpose::Copy {
            return self.copy_picked(panel, &picked, effects);
        }
        let pane = self.panes.pane(panel);
        let context = self.data.context();
        let chosen_in = self.panes.panel_mut(panel);
        let requests = chosen_in.chosen(chooser.purpose, &picked, &context, pane);
        self.fulfil(requests, panel, effects);
    }

    pub(super) fn copy(&mut self, effects: &mut Vec<Effect>) {
        let focus = self.panes.focus;
        let pane = self.panes.pane(focus);
        match self.panes.panel(focus).copy(&self.data.context(), pane) {
            Some(copied) => effects.push(Effect::Copy(copied)),
            None => self.say(Safe::fixed("there is nothing to copy here")),
        }
    }

    pub(super) fn open_copy_menu(&mut self, effects: &mut Vec<Effect>) {
        let panel = self.panes.focus;
        let pane = self.panes.pane(panel);
        let copies = self.panes.panel(panel).copies(&self.data.context(), pane);
        if copies.len() < 2 {
            return self.copy(effects);
        }
        let items = copies.into_iter().map(|copied| Choosable {
            words: match &copied.lines[..] {
                [] => Safe::default(),
                [line] => line.clone(),
                [first, rest @ ..] => safe!("{first} … {} lines", rest.len() + 1),
            },
            name: copied.what,
            chosen: false,
        });
        let title = Safe::fixed("Copy");
        let chooser = Chooser::one(title, Purpose::Copy, items.collect());
        self.overlay = Overlay::Chooser { panel, chooser };
    }

    fn copy_picked(&mut self, panel: PanelId, picked: &[usize], effects: &mut Vec<Effect>) {
        let pane = self.panes.pane(panel);
        let mut copies = self.panes.panel(panel).copies(&self.data.context(), pane);
        if let Some(at) = picked.first().filter(|at| **at < copies.len()) {
            effects.push(Effect::Copy(copies.swap_remove(*at)));
        }
    }

    pub(super) fn turn_baseline(&mut self) {
        let Some(run) = self.data.run else {
            return self.say(Safe::fixed("no run is shown yet"));
        };
        self.data.toggle_baseline(run);
    }
}
