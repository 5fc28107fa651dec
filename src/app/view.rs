//! State → cells. Drawing changes nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::App;
use super::overlay::Overlay;
use crate::commands::PanelId;
use crate::panels::prompt;
use crate::panels::status::{self, Status};

impl App {
    /// Draws everything; returns where the cursor is, if it is shown. The buffer has the size that
    /// was told last; after a resize of which nothing was told yet only what fits is drawn.
    pub fn draw(&self, buf: &mut Buffer) -> Option<Position> {
        let cursor = self.draw_all(buf);
        if self.data.theme.ascii {
            crate::widgets::ascii::fold(buf);
        }
        cursor.filter(|at| buf.area.contains(*at))
    }

    fn draw_all(&self, buf: &mut Buffer) -> Option<Position> {
        let context = self.data.context();
        let areas = self.panes.areas();
        let status = self.status();
        if areas.is_line {
            status::draw_line(&context, &status, areas.header, buf);
            return None;
        }
        status::draw_header(&context, &status, areas.header, buf);
        for id in PanelId::ALL {
            if self.panes.is_visible(id) {
                self.panes
                    .panel(id)
                    .draw(&context, self.panes.pane(id), buf);
            }
        }
        match &self.overlay {
            Overlay::None => {
                status::draw_footer(&context, &status, areas.footer, buf);
                None
            }
            Overlay::Filter { prompt, .. } => {
                let cursor = prompt::draw_filter(&context, prompt, areas.footer, buf);
                prompt::draw_list(&context, prompt, self.screen(), cursor, buf);
                Some(cursor)
            }
            Overlay::Help { help, typing } => {
                status::draw_footer(&context, &status, areas.footer, buf);
                help.draw(&context, self.panes.focus, self.screen(), buf);
                typing
                    .as_ref()
                    .map(|prompt| prompt::draw_filter(&context, prompt, areas.footer, buf))
            }
            Overlay::Messages(messages) => {
                status::draw_footer(&context, &status, areas.footer, buf);
                messages.draw(&context, self.screen(), buf);
                None
            }
            Overlay::Overwrite { question, .. } => {
                status::draw_footer(&context, &status, areas.footer, buf);
                question.draw(&context, self.screen(), buf);
                None
            }
            Overlay::Chooser { chooser, .. } => {
                status::draw_footer(&context, &status, areas.footer, buf);
                Some(chooser.draw(&context, self.screen(), buf))
            }
            Overlay::Palette(palette) => {
                status::draw_footer(&context, &status, areas.footer, buf);
                Some(palette.draw(&context, self.screen(), buf))
            }
        }
    }

    fn status(&self) -> Status {
        Status {
            focus: self.panes.focus,
            zoomed: self.panes.pane(self.panes.focus).zoomed,
            paused: self.data.paused,
            said: self.said.as_ref().map(|(words, _)| words.clone()),
            place: self.panes.runs.place(&self.data.context()),
            mouse: self.mouse,
        }
    }
}
