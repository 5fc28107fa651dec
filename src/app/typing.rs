//! Commands that are typed by their names, and questions that are answered with a key.

use super::overlay::{Overlay, edit_for};
use super::{App, Effect};
use crate::commands::{Code, Key, PanelId, Typed};
use crate::panels::Exported;
use crate::panels::prompt::{Answer, Palette};
use crate::panels::question::Question;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// So many typed commands can be typed again with a key.
const REMEMBERED: usize = 50;

impl App {
    pub(super) fn key_in_palette(
        &mut self,
        key: Key,
        mut palette: Palette,
        effects: &mut Vec<Effect>,
    ) {
        match key.code {
            Code::Esc => return,
            Code::Enter => match palette.enter() {
                Answer::Command(command) => return self.perform(command, effects),
                Answer::Typed { panel, typed, text } => {
                    self.typed.retain(|other| *other != text);
                    self.typed.push(text);
                    let old = self.typed.len().saturating_sub(REMEMBERED);
                    self.typed.drain(..old);
                    return self.perform_typed(panel, &typed, effects);
                }
                Answer::Unknown(text) => {
                    return self.say(safe!("there is no command \"{}\"", Safe::new(&text)));
                }
                Answer::More => {}
            },
            Code::Tab if !key.shift => palette.complete(),
            Code::Tab => palette.move_choice(-1),
            Code::Down => palette.down(),
            Code::Up => palette.up(),
            // As in a shell: nothing is left to delete, so nothing is left to do.
            Code::Backspace if palette.text().is_empty() => return,
            _ => {
                if let Some(edit) = edit_for(key, &mut [0; 4]) {
                    palette.edit(edit);
                }
            }
        }
        self.overlay = Overlay::Palette(palette);
        self.palette_typed();
    }

    /// The arguments of a command may have changed: its panel knows what they may become.
    pub(super) fn palette_typed(&mut self) {
        let Overlay::Palette(palette) = &mut self.overlay else {
            return;
        };
        let context = self.data.context();
        let known = palette.arguments().map(|(typing, typed)| {
            let panel = self.panes.panel(typing.panel);
            panel.words_for(typing, typed, &context)
        });
        palette.know(known.unwrap_or_default());
    }

    /// Does what was typed about a panel, which is then to be seen.
    fn perform_typed(&mut self, panel: PanelId, typed: &Typed, effects: &mut Vec<Effect>) {
        if self.data.context().current().is_none() {
            self.say(Safe::fixed("no run is shown yet"));
            return;
        }
        if !self.panes.is_visible(panel) {
            self.panes.focus = panel;
        }
        let pane = self.panes.pane(panel);
        let context = self.data.context();
        let requests = self.panes.panel_mut(panel).typed(typed, &context, pane);
        self.fulfil(requests, panel, effects);
    }

    pub(super) fn key_in_question(
        &mut self,
        key: Key,
        question: Question,
        exported: Exported,
        effects: &mut Vec<Effect>,
    ) {
        match key.code {
            Code::Char('y' | 'Y') if !key.ctrl && !key.alt => effects.push(Effect::Export {
                exported,
                overwrite: true,
            }),
            Code::Char('n' | 'N' | 'q') | Code::Esc => {
                self.say(Safe::fixed("nothing was written"));
            }
            // Any other key may have been meant for something else.
            _ => self.overlay = Overlay::Overwrite { question, exported },
        }
    }
}
