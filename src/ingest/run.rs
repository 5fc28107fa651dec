//! One run: its files, read by one thread at a time.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::ahead::read_ahead;
use super::discover::Found;
use super::document_file::{DocumentFile, Shared};
use super::fetch::{self, Fetch};
use super::files::Files;
use super::inventory::Inventory;
use super::log_end::LogEnd;
use super::log_text::LogDesk;
use super::outlet::Outlet;
use super::row_file::{COMPLETE, Reader, RowFile, Told};
use super::saved::Saved;
use super::tail::{Buffer, Kept, Look};
use super::trouble::words;
use crate::formats::{Document, Role};
use crate::record::{Change, Layout, LogQuestion, StreamId, StreamKind};

/// What a turn of reading needs.
pub(crate) struct Turn<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) buffer: &'a mut Buffer,
    pub(crate) now: Duration,
    pub(crate) wall: i64,
    pub(crate) follow: bool,
    /// Bytes to read before the next run has its turn.
    pub(crate) budget: u64,
    /// How many threads may decode one big file.
    pub(crate) threads: usize,
    /// Where live files are kept open; not on file systems of other machines.
    pub(crate) kept: Option<&'a Kept>,
}

/// How a turn ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    /// There is more to read at once.
    pub(crate) more: bool,
    pub(crate) changed: bool,
    /// Look again at this time at the latest.
    pub(crate) wake: Option<Duration>,
    /// Everything that lay on disk has been read.
    pub(crate) caught_up: bool,
    /// The newest time of any of its files, in nanoseconds since 1970.
    pub(crate) modified: i64,
}

/// Reads one run.
pub(crate) struct RunReader {
    path: PathBuf,
    single: bool,
    layout: Layout,
    identity: (u64, u64),
    known: HashSet<PathBuf>,
    rows: Vec<RowFile>,
    documents: Vec<DocumentFile>,
    shared: Shared,
    streams: u32,
    has_log: bool,
    log_desk: LogDesk,
    log_end: LogEnd,
    saved: Option<Saved>,
    stage: Stage,
    progress: (u64, u64, i64),
    /// The file that is being read.
    at: Arc<str>,
}

/// How far the reading of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    First,
    /// Everything that lay on disk has been read once.
    CaughtUp,
    /// Reading went so wrong that nobody knows how far it is.
    GivenUp,
}

impl RunReader {
    /// A reader for a run that was announced already.
    pub(crate) fn new(found: &Found) -> Self {
        Self {
            path: found.place.path.clone(),
            single: found.single,
            layout: found.layout,
            identity: found.inventory.identity,
            known: HashSet::new(),
            rows: Vec::new(),
            documents: Vec::new(),
            shared: Shared::default(),
            streams: 0,
            has_log: false,
            log_desk: LogDesk::default(),
            log_end: LogEnd::default(),
            saved: None,
            stage: Stage::First,
            progress: (0, 0, 0),
            at: Arc::from(""),
        }
    }

    /// A run that somebody else reads: nothing is announced from here.
    pub(crate) fn held(found: &Found) -> Self {
        Self {
            stage: Stage::CaughtUp,
            ..Self::new(found)
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes note of the files that the run has now.
    pub(crate) fn update(
        &mut self,
        inventory: &Inventory,
        kept: Option<&Kept>,
        out: &mut Outlet<'_>,
    ) {
        if inventory.identity != self.identity {
            // A link now leads elsewhere, or the folder was made anew: what is not there any more
            // belongs to another run.
            self.identity = inventory.identity;
            let now: HashSet<&Path> = inventory.files.iter().map(|(p, _)| p.as_path()).collect();
            for file in self
                .rows
                .iter_mut()
                .filter(|file| !now.contains(file.below.as_path()))
            {
                file.drop_contents(kept, out);
            }
        }
        for (below, role) in &inventory.files {
            if self.known.insert(below.clone()) {
                self.add(below, role, out);
            }
        }
        if inventory.unlisted && self.saved.is_none() {
            self.saved = Some(Saved::default());
        }
    }

    /// The run's folder lies elsewhere now; all in it is what it was.
    pub(crate) fn relocate(&mut self, path: PathBuf, out: &mut Outlet<'_>) {
        for file in &mut self.rows {
            file.tail.relocate(path.join(&file.below));
        }
        for document in &mut self.documents {
            document.relocate(&path);
        }
        self.path = path;
        // What the content showed is more than what the names of files tell.
        out.change(Change::Layout(self.layout));
    }

    fn add(&mut self, below: &Path, role: &Role, out: &mut Outlet<'_>) {
        let path = if self.single {
            self.path.clone()
        } else {
            self.path.join(below)
        };
        let stream = StreamId(self.streams);
        match role {
            Role::Document(kind) => {
                let stream = (*kind == Document::Epochs).then_some(stream);
                if let Some(stream) = stream {
                    let name = below.to_string_lossy().into_owned();
                    self.announce(stream, name, StreamKind::Metric, below, out);
                }
                self.documents
                    .push(DocumentFile::new(path, below, *kind, stream));
                return;
            }
            Role::Rows { stream: name, kind } => {
                self.announce(stream, name.clone(), *kind, below, out);
            }
            Role::Logs if self.has_log => {
                // The lines of a run are one sequence; two files have no order between them.
                let name: Arc<str> = Arc::from(below.to_string_lossy().as_ref());
                out.problem(&name, 0, "a second log file is not read".to_owned());
                return;
            }
            Role::Logs => self.has_log = true,
            Role::ParamLog => {}
        }
        if let Some(reader) = Reader::for_role(role, stream) {
            self.rows.push(RowFile::new(path, below.to_owned(), reader));
        }
    }

    fn announce(
        &mut self,
        stream: StreamId,
        name: String,
        kind: StreamKind,
        below: &Path,
        out: &mut Outlet<'_>,
    ) {
        self.streams += 1;
        out.change(Change::Stream {
            stream,
            name,
            kind,
            file: below.to_owned(),
        });
    }

    /// Reads on, for about the turn's budget.
    pub(crate) fn turn(&mut self, turn: &mut Turn<'_>, out: &mut Outlet<'_>) -> Rest {
        let over = self.stage == Stage::CaughtUp && !turn.follow;
        if over || self.stage == Stage::GivenUp {
            return self.at_rest();
        }
        let mut rest = Rest::default();
        let mut told = Told::default();
        if let Some(log) = self.rows.iter().find(|file| file.is_log())
            && self.stage == Stage::First
        {
            self.log_end.tell(log, turn, out);
        }
        for document in &mut self.documents {
            self.at = Arc::clone(&document.name);
            rest.changed |= document.look(turn, &mut self.shared, out, &mut told);
        }
        self.read_rows(turn, out, &mut told, &mut rest);
        if let Some(files) = self
            .saved
            .as_mut()
            .and_then(|s| s.look(turn.files, &self.path, turn.now))
        {
            out.change(Change::Files(files));
        }
        if let Some(layout) = told
            .layout
            .filter(|layout| *layout != self.layout && !self.single)
        {
            self.layout = layout;
            out.change(Change::Layout(layout));
        }
        self.settle(turn, out, &mut rest);
        rest
    }

    fn read_rows(
        &mut self,
        turn: &mut Turn<'_>,
        out: &mut Outlet<'_>,
        told: &mut Told,
        rest: &mut Rest,
    ) {
        let mut budget = turn.budget;
        for file in &mut self.rows {
            // Should this file's look never end, what was read before it is there.
            out.flush();
            self.at = Arc::clone(&file.name);
            loop {
                if budget == 0 || !out.is_open() {
                    rest.more |= file.more;
                    break;
                }
                if read_ahead(file, turn.files, turn.threads, out, told) {
                    rest.changed = true;
                    budget = 0;
                    continue;
                }
                let before = file.tail.offset();
                let mut look = Look {
                    files: turn.files,
                    buffer: turn.buffer,
                    now: turn.now,
                    wall: turn.wall,
                    follow: turn.follow,
                    budget,
                    complete: COMPLETE,
                    kept: turn.kept,
                };
                let verdict = file.look(&mut look, out, told);
                rest.changed |= verdict.changed;
                budget = budget.saturating_sub(file.tail.offset().saturating_sub(before).max(1));
                if !verdict.more {
                    break;
                }
            }
        }
    }

    fn settle(&mut self, turn: &Turn<'_>, out: &mut Outlet<'_>, rest: &mut Rest) {
        let wakes = self.rows.iter().map(|file| file.wake);
        rest.wake = wakes
            .chain(self.documents.iter().map(|d| d.wake))
            .flatten()
            .min();
        let unsettled = self.documents.iter().any(DocumentFile::is_unsettled);
        let (read, size, modified) = self.measure();
        rest.modified = modified;
        if rest.changed && self.progress != (read, size, modified) {
            self.progress = (read, size, modified);
            let modified = (modified > 0).then(|| modified as f64 / 1e9);
            out.change(Change::Progress {
                read,
                size,
                modified,
            });
        }
        // A follower need not wait for a document that is being written; reading once must.
        rest.caught_up = !rest.more && (turn.follow || !unsettled);
        if rest.caught_up && self.stage == Stage::First {
            self.stage = Stage::CaughtUp;
            out.change(Change::CaughtUp);
        }
        if rest.caught_up && !turn.follow {
            self.forget_all_but_rows();
        }
    }

    /// A run that was read once is not read again; rows of it may still be fetched.
    fn at_rest(&self) -> Rest {
        Rest {
            caught_up: true,
            modified: self.progress.2,
            ..Rest::default()
        }
    }

    /// Thousands of runs that were read must cost next to nothing while the others are.
    fn forget_all_but_rows(&mut self) {
        self.documents.retain(DocumentFile::has_rows);
        self.documents.shrink_to_fit();
        self.rows.retain(RowFile::may_be_asked);
        self.rows.shrink_to_fit();
        self.known = HashSet::new();
        self.shared = Shared::default();
        self.saved = None;
    }

    /// Sends rows that are wanted exactly, as far as they can be had.
    pub(crate) fn fetch(&mut self, fetch: &Fetch, turn: &mut Turn<'_>, out: &mut Outlet<'_>) {
        let mut result = Ok(());
        if let Some(file) = self
            .rows
            .iter()
            .find(|file| file.stream() == Some(fetch.stream))
        {
            result = fetch::from_rows(file, fetch, turn.files, turn.buffer, out);
            if let Err(error) = &result {
                out.note(
                    &file.name,
                    &format!("cannot be read again: {}", words(error)),
                );
            }
        }
        for document in &mut self.documents {
            let path = document.watched().path().to_owned();
            if let Some((stream, table)) = document.table()
                && *stream == fetch.stream
            {
                result = fetch::from_document(table, &path, fetch, turn.files, out);
            }
        }
        // Rows that cannot be had now stay what they were: the end of the answer says so.
        drop(result);
        out.change(Change::ExactEnd {
            stream: fetch.stream,
        });
    }

    /// Answers a question about the log, or begins to.
    pub(crate) fn answer(
        &mut self,
        question: &LogQuestion,
        turn: &mut Turn<'_>,
        out: &mut Outlet<'_>,
    ) {
        let log = self.rows.iter().find(|file| file.is_log());
        self.log_desk.answer(log, question, turn, out);
    }

    /// Goes on with a search that was begun; true when it is not at its end.
    pub(crate) fn search_on(&mut self, turn: &mut Turn<'_>, out: &mut Outlet<'_>) -> bool {
        let log = self.rows.iter().find(|file| file.is_log());
        self.log_desk.search_on(log, turn, out)
    }

    /// After a panic: what was sent stays, and nothing more is read, because nobody knows what of it
    /// was sent already.
    pub(crate) fn give_up(
        &mut self,
        fetches: &[Fetch],
        questions: &[LogQuestion],
        out: &mut Outlet<'_>,
    ) -> Rest {
        let first = std::mem::replace(&mut self.stage, Stage::GivenUp) == Stage::First;
        out.internal_error(&self.at);
        self.log_desk.give_up(questions, out);
        for fetch in fetches {
            out.change(Change::ExactEnd {
                stream: fetch.stream,
            });
        }
        if first {
            out.change(Change::CaughtUp);
        }
        Rest {
            caught_up: true,
            ..Rest::default()
        }
    }

    fn measure(&self) -> (u64, u64, i64) {
        let mut sum = (0_u64, 0_u64, 0_i64);
        for file in &self.rows {
            let seen = file.tail.seen();
            sum.0 += file.tail.position();
            sum.1 += file.tail.extent();
            sum.2 = sum.2.max(seen.map_or(0, |stat| stat.mtime));
        }
        for stat in self.documents.iter().filter_map(DocumentFile::seen) {
            sum.0 += stat.size;
            sum.1 += stat.size;
            sum.2 = sum.2.max(stat.mtime);
        }
        sum
    }
}
