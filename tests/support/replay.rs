//! Keeps what reading sends, in a form that tests can ask questions about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use ml_dash_top::ingest::{self, Files, Ingest, Message, Options, Target};
use ml_dash_top::record::{
    Change, Facts, Holding, Layout, LogAnswer, ParamChange, Place, Problem, RunId,
};

/// Longer than anything that a test waits for may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    pub name: String,
    pub file: PathBuf,
    pub keys: Vec<String>,
    /// One map a row, with the bits of the values so that NaN equals NaN.
    pub rows: Vec<BTreeMap<String, u64>>,
    pub resets: usize,
    pub exact: Vec<(u64, u32)>,
    exact_columns: Vec<(u32, Vec<f64>)>,
    pub exact_ends: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Run {
    pub place: Option<Place>,
    pub layout: Option<Layout>,
    pub streams: Vec<Stream>,
    pub log_offsets: Vec<u64>,
    pub log_resets: usize,
    pub log_answers: Vec<LogAnswer>,
    pub params: Vec<ParamChange>,
    pub facts: Option<Facts>,
    pub files: Vec<String>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    pub caught_up: usize,
    pub gone: bool,
    pub gone_count: usize,
    pub moves: usize,
}

/// Everything that was received so far.
pub struct Replay {
    pub runs: Vec<Run>,
    pub unreadable: Vec<(PathBuf, String)>,
    pub notices: Vec<String>,
    /// What each place was last told to hold.
    pub holdings: BTreeMap<PathBuf, Holding>,
    pub scanned: Option<usize>,
    pub complete: bool,
    receiver: Receiver<Message>,
    pub ingest: Ingest,
}

impl Replay {
    pub fn start(files: Arc<dyn Files>, options: Options) -> Self {
        let (sender, receiver) = sync_channel(64);
        let ingest = ingest::start(files, options, move |message| sender.send(message).is_ok());
        Self {
            runs: Vec::new(),
            unreadable: Vec::new(),
            notices: Vec::new(),
            holdings: BTreeMap::new(),
            scanned: None,
            complete: false,
            receiver,
            ingest,
        }
    }

    pub fn once(files: Arc<dyn Files>, targets: &[&Path]) -> Self {
        let mut replay = Self::start(files, options(targets, false));
        replay.wait("completion", |r| r.complete);
        replay
    }

    pub fn follow(files: Arc<dyn Files>, targets: &[&Path]) -> Self {
        Self::start(files, options(targets, true))
    }

    /// Receives until the condition holds.
    pub fn wait(&mut self, what: &str, mut until: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !until(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(left) {
                Ok(message) => self.apply(message),
                Err(error) => panic!("waited for {what} in vain ({error}); {:#?}", self.runs),
            }
        }
    }

    /// Whether nothing more than this comes within some time.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        match self.receiver.recv_timeout(time) {
            Ok(message) => {
                self.apply(message);
                false
            }
            Err(_) => true,
        }
    }

    pub fn run(&self, below: &str) -> &Run {
        let found = self.find(below);
        found.unwrap_or_else(|| panic!("no run {below}; there are {:?}", self.names()))
    }

    pub fn find(&self, below: &str) -> Option<&Run> {
        self.runs.iter().find(|run| {
            run.place
                .as_ref()
                .is_some_and(|p| p.below == Path::new(below))
        })
    }

    pub fn names(&self) -> Vec<String> {
        let name = |run: &Run| {
            run.place
                .as_ref()
                .map(|p| p.below.to_string_lossy().into_owned())
        };
        self.runs.iter().filter_map(name).collect()
    }

    fn apply(&mut self, message: Message) {
        match message {
            Message::Changes { run, changes } => {
                for change in changes {
                    self.change(run, change);
                }
            }
            Message::ScanDone { runs } => self.scanned = Some(runs),
            Message::Holds { place, holding } => {
                self.holdings.insert(place, holding);
            }
            Message::Unreadable { path, error } => self.unreadable.push((path, error)),
            Message::Notice { text } => self.notices.push(text),
            Message::Complete => self.complete = true,
            Message::LogAnswer { run, answer } => {
                self.runs[run.0 as usize].log_answers.push(answer);
            }
        }
    }

    fn change(&mut self, id: RunId, change: Change) {
        if let Change::Found { place, layout } = change {
            if let Some(run) = self.runs.get_mut(id.0 as usize) {
                (run.place, run.layout, run.gone) = (Some(place), Some(layout), false);
                run.moves += 1;
                return;
            }
            assert_eq!(
                self.runs.len(),
                id.0 as usize,
                "runs are announced in order"
            );
            let run = Run {
                place: Some(place),
                layout: Some(layout),
                ..Run::default()
            };
            self.runs.push(run);
            return;
        }
        let run = &mut self.runs[id.0 as usize];
        run.apply(change);
    }
}

impl Run {
    pub fn rows(&self, stream: &str) -> usize {
        self.streams
            .iter()
            .filter(|s| s.name == stream)
            .map(|s| s.rows.len())
            .sum()
    }

    pub fn stream(&self, name: &str) -> &Stream {
        self.streams
            .iter()
            .find(|s| s.name == name)
            .expect("the stream is there")
    }

    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Stream {
                stream, name, file, ..
            } => {
                assert_eq!(
                    self.streams.len(),
                    stream.0 as usize,
                    "streams are numbered in order"
                );
                self.streams.push(Stream {
                    name,
                    file,
                    ..Stream::default()
                });
            }
            Change::Columns { stream, keys } => {
                self.streams[stream.0 as usize].keys.extend(keys);
            }
            Change::Rows { stream, rows } => self.streams[stream.0 as usize].append(&rows),
            Change::StreamReset { stream } => {
                let stream = &mut self.streams[stream.0 as usize];
                stream.rows.clear();
                stream.resets += 1;
            }
            Change::Exact {
                stream,
                first,
                rows,
            } => {
                let stream = &mut self.streams[stream.0 as usize];
                stream.exact.push((first, rows.count));
                let columns = rows.columns.into_iter().map(|c| (c.id.0, c.values));
                stream.exact_columns.extend(columns);
            }
            Change::ExactEnd { stream } => self.streams[stream.0 as usize].exact_ends += 1,
            Change::Logs(lines) => self.log_offsets.extend(lines.offsets),
            Change::LogsReset => {
                self.log_offsets.clear();
                self.log_resets += 1;
            }
            Change::Params(change) => self.params.push(change),
            Change::ParamsReset => self.params.clear(),
            Change::Facts(facts) => self.facts = Some(facts),
            Change::Files(files) => self.files = files.into_iter().map(|f| f.path).collect(),
            Change::Problem(problem) => self.problems.push(problem),
            Change::ProblemsCleared { file } => self.problems.retain(|p| p.file != file),
            Change::Note { text, .. } => self.notes.push(text),
            Change::Layout(layout) => self.layout = Some(layout),
            Change::CaughtUp => self.caught_up += 1,
            Change::Gone => {
                self.gone = true;
                self.gone_count += 1;
            }
            Change::Back => self.gone = false,
            Change::Progress { read, size, .. } => assert!(read <= size, "{read} of {size}"),
            Change::Found { .. } => unreachable!("runs are found once"),
        }
    }
}

impl Stream {
    pub fn append(&mut self, rows: &ml_dash_top::record::Rows) {
        let first = self.rows.len();
        self.rows
            .resize(first + rows.count as usize, BTreeMap::new());
        assert_eq!(
            rows.marks.first().map(|mark| mark.row),
            Some(0),
            "row 0 has a mark"
        );
        for column in &rows.columns {
            let key = &self.keys[column.id.0 as usize];
            for (place, value) in column.values.iter().enumerate() {
                let row = column
                    .rows
                    .as_ref()
                    .map_or(place, |rows| rows[place] as usize);
                self.rows[first + row].insert(key.clone(), value.to_bits());
            }
        }
    }

    /// The values of one key among the rows that were read again, in the order in which they came.
    pub fn exact_values(&self, key: &str) -> Vec<f64> {
        let column = self.keys.iter().position(|known| known == key);
        self.exact_columns
            .iter()
            .filter(|(id, _)| Some(*id as usize) == column)
            .flat_map(|(_, values)| values.iter().copied())
            .collect()
    }

    /// The values of one key, row by row, where it has any.
    pub fn values(&self, key: &str) -> Vec<f64> {
        self.rows
            .iter()
            .filter_map(|row| row.get(key))
            .map(|bits| f64::from_bits(*bits))
            .collect()
    }
}

pub fn options(targets: &[&Path], follow: bool) -> Options {
    let targets = targets
        .iter()
        .map(|path| Target::Path(path.to_path_buf()))
        .collect();
    Options {
        targets,
        follow,
        threads: 2,
        extra: None,
        ..Options::default()
    }
}
