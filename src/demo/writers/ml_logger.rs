//! ML-Logger: three logs and a document, each written at every call.

use super::{Desk, Writer};
use crate::demo::cast::About;
use crate::demo::event::{Ending, Event, Level, Line, On, Row, Saved, What};
use crate::demo::python::{Json, map};

#[derive(Debug)]
pub(super) struct MlLogger {
    about: About,
    started: f64,
}

impl MlLogger {
    pub(super) fn new(about: &About) -> Self {
        Self {
            about: about.clone(),
            started: 0.0,
        }
    }

    fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.about.folder)
    }

    fn meta(&self, status: &str, ended: Option<f64>, at: f64, desk: &mut Desk<'_>) {
        let seconds = |at: f64| Json::Float(desk.stamps.seconds(at));
        let document = map([
            ("namespace", self.about.owner.into()),
            ("workspace", self.about.project.into()),
            ("prefix", self.about.name.as_str().into()),
            ("remote", Json::Null),
            ("experiment_id", Json::Null),
            ("readme", self.about.description.into()),
            ("charts", map([])),
            ("status", status.into()),
            ("started_at", seconds(self.started)),
            ("completed_at", ended.map_or(Json::Null, seconds)),
            ("hostname", self.about.host.into()),
            ("updated_at", seconds(at + 0.000_01)),
        ]);
        desk.rewrite(self.path(".ml-logger.meta.json"), document.page(), at);
    }

    fn record(&self, file: &str, members: Vec<(&'static str, Json)>, at: f64, desk: &mut Desk<'_>) {
        let mut all = vec![("timestamp", Json::Float(desk.stamps.seconds(at)))];
        all.extend(members);
        desk.append(self.path(file), map(all).line() + "\n", at);
    }

    fn row(&self, row: &Row, at: f64, desk: &mut Desk<'_>) {
        let prefix = match row.on {
            On::Train => "train.",
            On::Val => "val.",
            On::Whole => "",
        };
        let values = Row {
            step: None,
            ..row.clone()
        };
        let values = super::fields(&values, |key| format!("{prefix}{key}"));
        // The epoch stands beside the values and is none.
        desk.count("metrics.jsonl", &values);
        let mut members = vec![("metrics", Json::Map(values))];
        members.extend(row.step.map(|step| ("step", step.into())));
        self.record("metrics.jsonl", members, at, desk);
    }

    fn log(&self, line: Line, at: f64, desk: &mut Desk<'_>) {
        let level = match line.level {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARNING",
            Level::Error => "ERROR",
            Level::Fatal => "CRITICAL",
        };
        let mut members = vec![("level", level.into()), ("message", line.message.into())];
        if !line.fields.is_empty() {
            members.push(("context", map(line.fields)));
        }
        desk.tally.log_lines += 1;
        self.record("logs.jsonl", members, at, desk);
    }

    fn save(&self, saved: &Saved, at: f64, desk: &mut Desk<'_>) {
        let path = self.path(&format!("files/{}/{}", saved.folder, saved.name));
        desk.rewrite(path, vec![0; saved.size.min(1 << 14) as usize], at);
    }

    fn end(&self, ending: Ending, at: f64, desk: &mut Desk<'_>) {
        let status = match ending {
            Ending::Completed => "completed",
            Ending::Cancelled => "cancelled",
            Ending::Failed {
                kind,
                message,
                traceback,
            } => {
                let line = |message: String, fields| Line {
                    level: Level::Error,
                    message,
                    fields,
                };
                self.log(line(traceback, Vec::new()), at - 0.002, desk);
                let error = ("error", format!("{kind}: {message}").into());
                self.log(line("Experiment failed".to_owned(), vec![error]), at, desk);
                "failed"
            }
        };
        self.meta(status, Some(at), at, desk);
    }
}

impl Writer for MlLogger {
    fn take(&mut self, event: Event, desk: &mut Desk<'_>) {
        let at = event.at;
        match event.what {
            What::Begin | What::Reopen => {
                self.started = at;
                self.meta("running", None, at, desk);
            }
            What::Params(params) => {
                let members = vec![("operation", "set".into()), ("data", params)];
                self.record("parameters.jsonl", members, at, desk);
            }
            What::Change(changes) => {
                for (key, value) in changes {
                    let members = vec![
                        ("operation", "update".into()),
                        ("key", key.into()),
                        ("value", value),
                    ];
                    self.record("parameters.jsonl", members, at, desk);
                }
            }
            What::Row(row) => self.row(&row, at, desk),
            What::Log(line) => self.log(line, at, desk),
            What::Save(saved) => self.save(&saved, at, desk),
            What::End(ending) => self.end(ending, at, desk),
            What::Queue | What::Print(_) | What::Crash => {}
        }
    }
}
