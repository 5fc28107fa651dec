//! ml-dash: a folder for each stream. The current release gathers what it is told and writes it in
//! bursts; 0.5 writes at every call, over more lines.

use super::{Desk, Writer};
use crate::demo::cast::About;
use crate::demo::event::{Event, Level, Line, On, Row, Saved, What};
use crate::demo::python::{Json, map};
use crate::demo::random::Random;

/// How long the current release holds things back.
const BURST: f64 = 5.0;
/// Or until so many rows came.
const MOST_ROWS: usize = 1_000;
const MOST_LINES: usize = 100;
/// What lies on disk of a saved file.
const STAND_IN: u64 = 1_024;

#[derive(Debug)]
pub(super) struct MlDash {
    about: About,
    /// Whether this is the current release.
    current: bool,
    random: Random,
    created: f64,
    reopened: Option<f64>,
    version: u32,
    params: Vec<(String, Json)>,
    streams: Vec<Stream>,
    /// Log lines that are written, and those that are not.
    logged: u64,
    lines: Vec<(f64, Line)>,
    files: Vec<Json>,
    due: Option<f64>,
}

#[derive(Debug)]
struct Stream {
    on: On,
    name: &'static str,
    created: Option<f64>,
    written: u64,
    rows: Vec<(f64, Row)>,
}

impl MlDash {
    pub(super) fn new(about: &About, current: bool, seed: u64) -> Self {
        Self {
            about: about.clone(),
            current,
            random: Random::new(seed, &format!("{} files", about.folder)),
            created: 0.0,
            reopened: None,
            version: 0,
            params: Vec::new(),
            streams: Vec::new(),
            logged: 0,
            lines: Vec::new(),
            files: Vec::new(),
            due: None,
        }
    }

    fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.about.folder)
    }

    fn text(&self, document: &Json) -> String {
        if self.current {
            document.line()
        } else {
            document.page()
        }
    }

    /// The current release leaves a lock beside what it rewrites.
    fn lock(&self, file: &str, at: f64, desk: &mut Desk<'_>) {
        if self.current {
            desk.append(self.path(file), "", at);
        }
    }

    fn describe(&self, at: f64, desk: &mut Desk<'_>) {
        let about = &self.about;
        let place = if self.current { "prefix" } else { "folder" };
        let prefix = format!("{}/{}/{}", about.owner, about.project, about.name);
        let mut document = vec![
            ("name", about.name.as_str().into()),
            ("project", about.project.into()),
            ("description", about.description.into()),
            ("tags", about.tags.to_vec().into()),
            ("bindrs", Json::List(Vec::new())),
            (
                place,
                self.current
                    .then_some(prefix)
                    .map_or(Json::Null, Json::from),
            ),
            (
                "metadata",
                map([
                    ("host", about.host.into()),
                    ("gpu", about.gpu.into()),
                    ("commit", about.commit.into()),
                ]),
            ),
            ("created_at", desk.stamps.iso(self.created).into()),
            ("write_protected", false.into()),
        ];
        if let Some(reopened) = self.reopened {
            document.push(("updated_at", desk.stamps.iso(reopened).into()));
        }
        self.lock(".experiment.lock", at, desk);
        desk.rewrite(self.path("experiment.json"), self.text(&map(document)), at);
    }

    fn write_params(&mut self, at: f64, desk: &mut Desk<'_>) {
        self.version += 1;
        let now: Json = desk.stamps.iso(at).into();
        let mut document = vec![
            ("version", self.version.into()),
            ("data", Json::Map(self.params.clone())),
        ];
        if self.version == 1 {
            document.push(("createdAt", now.clone()));
        }
        document.push(("updatedAt", now));
        self.lock(".parameters.lock", at, desk);
        desk.rewrite(self.path("parameters.json"), self.text(&map(document)), at);
    }

    fn gather(&mut self, row: Row, at: f64) {
        let name = match row.on {
            On::Train => "train",
            On::Val => "eval",
            On::Whole => "None",
        };
        if !self.streams.iter().any(|stream| stream.on == row.on) {
            self.streams.push(Stream {
                on: row.on,
                name,
                created: None,
                written: 0,
                rows: Vec::new(),
            });
        }
        if let Some(stream) = self.streams.iter_mut().find(|stream| stream.on == row.on) {
            stream.rows.push((at, row));
        }
    }

    fn hold_or_write(&mut self, at: f64, desk: &mut Desk<'_>) {
        let rows: usize = self.streams.iter().map(|stream| stream.rows.len()).sum();
        if !self.current || rows >= MOST_ROWS || self.lines.len() >= MOST_LINES {
            self.flush(at, desk);
        }
    }

    fn write_lines(&mut self, at: f64, desk: &mut Desk<'_>) {
        if self.lines.is_empty() {
            return;
        }
        let mut text = String::new();
        for (at, line) in std::mem::take(&mut self.lines) {
            let level = match line.level {
                Level::Debug => "debug",
                Level::Info => "info",
                Level::Warn => "warn",
                Level::Error => "error",
                Level::Fatal => "fatal",
            };
            let mut record = vec![
                ("sequenceNumber", self.logged.into()),
                ("timestamp", desk.stamps.iso(at).into()),
                ("level", level.into()),
                ("message", line.message.into()),
            ];
            if !line.fields.is_empty() {
                record.push(("metadata", map(line.fields)));
            }
            text += &map(record).line();
            text.push('\n');
            self.logged += 1;
            desk.tally.log_lines += 1;
        }
        self.lock("logs/.log_sequence.lock", at, desk);
        desk.rewrite(self.path("logs/.log_sequence"), self.logged.to_string(), at);
        desk.append(self.path("logs/logs.jsonl"), text, at);
    }

    fn write_stream(&mut self, place: usize, at: f64, desk: &mut Desk<'_>) {
        let current = self.current;
        let folder = format!("{}/metrics/{}", self.about.folder, self.streams[place].name);
        let stream = &mut self.streams[place];
        let created = *stream.created.get_or_insert(at - 0.000_01);
        let mut text = String::new();
        for (told, row) in std::mem::take(&mut stream.rows) {
            let mut data = super::fields(&row, str::to_owned);
            desk.count(stream.name, &data);
            if current {
                let time = desk.stamps.seconds(told);
                data.push(("_ts".to_owned(), Json::Float(time)));
            }
            let record = map([
                ("index", stream.written.into()),
                ("data", Json::Map(data)),
                ("createdAt", desk.stamps.iso(at).into()),
            ]);
            text += &record.line();
            text.push('\n');
            stream.written += 1;
        }
        let name = stream.name;
        let metadata = map([
            ("metricId", format!("local-metric-{name}").into()),
            ("name", (name != "None").then_some(name).into()),
            ("description", Json::Null),
            ("tags", Json::List(Vec::new())),
            ("metadata", Json::Null),
            ("totalDataPoints", stream.written.into()),
            ("nextIndex", stream.written.into()),
            ("createdAt", desk.stamps.iso(created).into()),
            ("updatedAt", desk.stamps.iso(at + 0.000_19).into()),
        ]);
        if current {
            desk.append(format!("{folder}/.metadata.lock"), "", at);
        }
        desk.append(format!("{folder}/data.jsonl"), text, at);
        let metadata = self.text(&metadata);
        desk.rewrite(format!("{folder}/metadata.json"), metadata, at);
    }

    fn save(&mut self, saved: &Saved, at: f64, desk: &mut Desk<'_>) {
        let id = format!("{:016}", self.random.next() % 10_u64.pow(16));
        let about = &self.about;
        let experiment = if self.current {
            format!("{0}/{1}/{0}/{2}", about.project, about.owner, about.name)
        } else {
            format!("{}/{}", about.project, about.name)
        };
        let mut file = vec![
            ("id", id.as_str().into()),
            ("experimentId", experiment.into()),
            ("path", format!("/{}", saved.folder).into()),
            ("filename", saved.name.as_str().into()),
            ("description", Json::Null),
            ("tags", Json::List(Vec::new())),
        ];
        if self.current {
            file.push(("bindrs", Json::List(Vec::new())));
        }
        file.extend([
            ("contentType", "application/octet-stream".into()),
            ("sizeBytes", saved.size.into()),
            ("checksum", self.random.hex(64).into()),
            ("metadata", Json::Null),
            ("uploadedAt", desk.stamps.iso(at).into()),
            ("updatedAt", desk.stamps.iso(at + 0.000_01).into()),
            ("deletedAt", Json::Null),
        ]);
        if self.current {
            self.files.push(map(file));
        } else {
            self.files.insert(0, map(file));
        }
        let path = self.path(&format!("files/{}/{id}/{}", saved.folder, saved.name));
        desk.rewrite(path, vec![0; saved.size.min(STAND_IN) as usize], at);
        let index = map([("files", Json::List(self.files.clone()))]);
        self.lock("files/.files_metadata.lock", at, desk);
        let index = self.text(&index);
        desk.rewrite(self.path("files/.files_metadata.json"), index, at);
    }
}

impl Writer for MlDash {
    fn take(&mut self, event: Event, desk: &mut Desk<'_>) {
        let at = event.at;
        match event.what {
            What::Begin => {
                self.created = at;
                self.describe(at, desk);
            }
            What::Reopen => {
                self.reopened = Some(at);
                self.describe(at, desk);
            }
            What::Params(params) => {
                if let Json::Map(params) = params.flattened() {
                    self.params = params;
                }
                self.write_params(at, desk);
            }
            What::Change(changes) => {
                for (key, value) in changes {
                    match self.params.iter_mut().find(|(name, _)| name == key) {
                        Some((_, place)) => *place = value,
                        None => self.params.push((key.to_owned(), value)),
                    }
                }
                self.write_params(at, desk);
            }
            What::Row(row) => {
                self.gather(row, at);
                self.due.get_or_insert(at + BURST);
                self.hold_or_write(at, desk);
            }
            What::Log(line) => {
                self.lines.push((at, line));
                self.due.get_or_insert(at + BURST);
                self.hold_or_write(at, desk);
            }
            What::Save(saved) => self.save(&saved, at, desk),
            What::End(_) => self.flush(at, desk),
            What::Crash => {
                self.lines.clear();
                self.streams.iter_mut().for_each(|s| s.rows.clear());
                self.due = None;
            }
            What::Queue | What::Print(_) => {}
        }
    }

    fn due(&self) -> Option<f64> {
        self.due.filter(|_| self.current)
    }

    fn flush(&mut self, at: f64, desk: &mut Desk<'_>) {
        self.due = None;
        self.write_lines(at, desk);
        for place in 0..self.streams.len() {
            if !self.streams[place].rows.is_empty() {
                // One stream is written after the other.
                self.write_stream(place, at + 0.000_6 * place as f64, desk);
            }
        }
    }
}
