//! A plain script: rows in one bare `metrics.jsonl`, and what it prints in `outputs.log`.

use super::{Desk, Writer};
use crate::demo::cast::About;
use crate::demo::event::{Event, Level, What};
use crate::demo::python::Json;

#[derive(Debug)]
pub(super) struct Flat {
    folder: String,
}

impl Flat {
    pub(super) fn new(about: &About) -> Self {
        Self {
            folder: about.folder.clone(),
        }
    }

    fn print(&self, text: String, at: f64, desk: &mut Desk<'_>) {
        desk.append(format!("{}/outputs.log", self.folder), text, at);
    }
}

impl Writer for Flat {
    fn take(&mut self, event: Event, desk: &mut Desk<'_>) {
        let at = event.at;
        match event.what {
            What::Row(row) => {
                let mut fields = super::fields(&row, str::to_owned);
                // The step comes first: that is what one looks for in such a file.
                fields.sort_by_key(|(key, _)| key != "step");
                desk.count("metrics.jsonl", &fields);
                let path = format!("{}/metrics.jsonl", self.folder);
                desk.append(path, Json::Map(fields).line() + "\n", at);
            }
            What::Log(line) => {
                let level = match line.level {
                    Level::Debug | Level::Info => "",
                    Level::Warn => "warning: ",
                    Level::Error | Level::Fatal => "error: ",
                };
                let when = desk.stamps.iso(at);
                self.print(format!("[{when}] {level}{}\n", line.message), at, desk);
            }
            What::Print(text) => self.print(text, at, desk),
            _ => {}
        }
    }
}
