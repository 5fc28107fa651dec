//! What is typed to find something: the filter of a panel, what it may go on as, and that of the
//! help.

use super::overlay::{Overlay, edit_for};
use super::{App, Effect};
use crate::commands::{Code, Command, Key, PanelId, command_for};
use crate::insight::query::{Completion, Mistake};
use crate::panels::Seek;
use crate::panels::help::Help;
use crate::panels::prompt::FilterPrompt;
use crate::widgets::filter::{self, Filter};
use crate::widgets::line_edit::Edit;

impl App {
    pub(super) fn open_filter(&mut self, panel: PanelId, seek: Seek) {
        if !self.panes.is_visible(panel) {
            self.panes.focus = panel;
        }
        let text = self.panes.panel(panel).sought(seek).to_owned();
        let mut prompt = FilterPrompt::new(seek, self.panes.panel(panel).hint(seek));
        prompt.edit.apply(Edit::Insert(&text));
        self.overlay = Overlay::Filter {
            panel,
            seek,
            prompt,
        };
        self.count_found();
    }

    /// Lets a panel find what was typed, or says what is wrong with it.
    pub(super) fn seek(
        &mut self,
        id: PanelId,
        seek: Seek,
        text: &str,
        effects: &mut Vec<Effect>,
    ) -> Option<Mistake> {
        let pane = self.panes.pane(id);
        let context = self.data.context();
        let found = self.panes.panel_mut(id).seek(seek, text, &context, pane);
        match found {
            Ok(requests) => {
                self.fulfil(requests, id, effects);
                None
            }
            Err(mistake) => Some(mistake),
        }
    }

    pub(super) fn key_in_filter(
        &mut self,
        key: Key,
        panel: PanelId,
        seek: Seek,
        mut prompt: FilterPrompt,
        effects: &mut Vec<Effect>,
    ) {
        if !self.key_in_list(key, panel, seek, &mut prompt) {
            match key.code {
                Code::Esc => {
                    self.seek(panel, seek, "", effects);
                    return;
                }
                // What is wrong can be mended.
                Code::Enter if prompt.mistake.is_none() => return,
                Code::Enter => {}
                // Looking through what is left while typing.
                Code::Up | Code::Down | Code::PageUp | Code::PageDown => {
                    if let Some(command) = command_for(key, panel) {
                        self.ask_panel(panel, command, effects);
                    }
                }
                _ => {
                    if let Some(edit) = edit_for(key, &mut [0; 4]) {
                        prompt.edit.apply(edit);
                        if prompt.is_completing() {
                            prompt.offer(self.completions(panel, seek, &prompt), false);
                        }
                    }
                }
            }
        }
        self.overlay = Overlay::Filter {
            panel,
            seek,
            prompt,
        };
        self.filter_typed(panel, seek, effects);
    }

    /// What a key does to the list of what the text may go on as; false when it is not about it.
    fn key_in_list(&self, key: Key, panel: PanelId, seek: Seek, prompt: &mut FilterPrompt) -> bool {
        match key.code {
            Code::Tab if !prompt.is_completing() => {
                prompt.offer(self.completions(panel, seek, prompt), true);
            }
            _ if !prompt.is_completing() => return false,
            Code::Tab if key.shift => prompt.step(-1),
            Code::Tab | Code::Down => prompt.step(1),
            Code::Up => prompt.step(-1),
            Code::Esc => prompt.close_list(),
            Code::Enter => {
                prompt.take();
                // Behind `state=` something must follow.
                if prompt.begun().ends_with(['=', ':']) {
                    prompt.offer(self.completions(panel, seek, prompt), false);
                }
            }
            _ => return false,
        }
        true
    }

    fn completions(&self, panel: PanelId, seek: Seek, prompt: &FilterPrompt) -> Vec<Completion> {
        let context = self.data.context();
        let panel = self.panes.panel(panel);
        panel.completions(seek, prompt.begun(), &context)
    }

    pub(super) fn paste_into_filter(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if let Overlay::Filter {
            panel,
            seek,
            prompt,
        } = &mut self.overlay
        {
            let (panel, seek) = (*panel, *seek);
            prompt.edit.apply(Edit::Insert(text));
            prompt.close_list();
            self.filter_typed(panel, seek, effects);
        }
    }

    /// The text of the filter may have changed: a wrong one is told and the old one stays.
    fn filter_typed(&mut self, panel: PanelId, seek: Seek, effects: &mut Vec<Effect>) {
        let Overlay::Filter { prompt, .. } = &self.overlay else {
            return;
        };
        let text = prompt.edit.text().to_owned();
        let mistake = if text == self.panes.panel(panel).sought(seek) {
            None
        } else {
            self.seek(panel, seek, &text, effects)
        };
        if let Overlay::Filter { prompt, .. } = &mut self.overlay {
            prompt.mistake = mistake;
        }
        self.count_found();
    }

    /// What was typed finds more when more was read, without another key.
    pub(super) fn count_found(&mut self) {
        if let Overlay::Filter {
            panel,
            seek,
            prompt,
        } = &mut self.overlay
        {
            let context = self.data.context();
            let panel = self.panes.panel(*panel);
            prompt.matches = panel.matches(*seek, &context);
            prompt.searching = panel.is_searching(*seek, &context);
        }
    }

    pub(super) fn key_in_help(&mut self, key: Key, mut help: Help, typing: Option<FilterPrompt>) {
        let Some(mut prompt) = typing else {
            let typing = match command_for(key, self.panes.focus) {
                Some(Command::Back | Command::Help | Command::Quit) => return,
                Some(Command::Filter) => Some(FilterPrompt::new(Seek::Find, filter::HINT)),
                Some(Command::Move(motion)) => {
                    help.go(motion, self.screen());
                    None
                }
                _ => None,
            };
            self.overlay = Overlay::Help { help, typing };
            return;
        };
        let typing = match key.code {
            Code::Esc => {
                help.filter = Filter::default();
                None
            }
            Code::Enter => None,
            _ => {
                if let Some(edit) = edit_for(key, &mut [0; 4]) {
                    prompt.edit.apply(edit);
                    filter_help(&mut help, &mut prompt);
                }
                Some(prompt)
            }
        };
        self.overlay = Overlay::Help { help, typing };
    }
}

/// Filters the help by what is typed; a wrong text leaves it as it is.
pub(super) fn filter_help(help: &mut Help, prompt: &mut FilterPrompt) {
    match Filter::parse(prompt.edit.text()) {
        Ok(filter) => {
            prompt.mistake = None;
            help.filter = filter;
        }
        Err(words) => {
            let at = 0..prompt.edit.text().len();
            prompt.mistake = Some(Mistake { at, words });
        }
    }
    prompt.matches = Some(help.matches());
}
