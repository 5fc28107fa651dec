//! One document of a run, and what several of them say together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::documents::{Sight, Watched};
use super::files::Stat;
use super::outlet::{Message, Outlet};
use super::row_file::Told;
use super::run::Turn;
use super::slices::Table;
use crate::formats::{Document, Flaw, Piece};
use crate::record::{Change, Facts, ParamChange, ParamOp, StreamId, Value};

/// A document of a run.
pub(crate) struct DocumentFile {
    /// Below the run's folder.
    below: PathBuf,
    pub(crate) name: Arc<str>,
    watched: Watched,
    /// The rows of a document that is a stream at the same time.
    table: Option<(StreamId, Table)>,
    told_problem: bool,
    pub(crate) wake: Option<Duration>,
}

/// What the documents of a run say, document by document.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    facts: Vec<(Arc<str>, Facts)>,
    params: Vec<(Arc<str>, ParamChange)>,
}

impl DocumentFile {
    pub(crate) fn new(
        path: PathBuf,
        below: &Path,
        kind: Document,
        stream: Option<StreamId>,
    ) -> Self {
        Self {
            below: below.to_owned(),
            name: Arc::from(below.to_string_lossy().as_ref()),
            watched: Watched::new(path, kind),
            table: stream.map(|stream| (stream, Table::default())),
            told_problem: false,
            wake: None,
        }
    }

    /// The run lies in another folder now.
    pub(crate) fn relocate(&mut self, run: &Path) {
        self.watched.relocate(run.join(&self.below));
    }

    pub(crate) fn seen(&self) -> Option<&Stat> {
        self.watched.seen()
    }

    pub(crate) fn watched(&self) -> &Watched {
        &self.watched
    }

    /// Whether it is a stream at the same time.
    pub(crate) fn has_rows(&self) -> bool {
        self.table.is_some()
    }

    pub(crate) fn table(&mut self) -> Option<&mut (StreamId, Table)> {
        self.table.as_mut()
    }

    /// Whether it was caught half-written and will be looked at again in a moment.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.watched.is_retrying()
    }

    /// Looks at the document; true when something was new.
    pub(crate) fn look(
        &mut self,
        turn: &Turn<'_>,
        shared: &mut Shared,
        out: &mut Outlet<'_>,
        told: &mut Told,
    ) -> bool {
        let sight = self.watched.look(turn.files, turn.now, turn.wall);
        self.wake = self.watched.wake();
        match sight {
            Sight::Same => return false,
            Sight::Read(pieces, flaw) => self.take(pieces, flaw, shared, out, told),
            Sight::Broken(flaw) => self.problem(flaw, out),
            Sight::Unreadable(error) => {
                let path = self.watched.path().to_owned();
                let reason = format!("cannot be read: {error}");
                out.message(Message::Unreadable { path, error });
                self.problem(Flaw { offset: 0, reason }, out);
            }
            Sight::Deleted => out.note(&self.name, "was deleted; what was read is kept"),
        }
        true
    }

    fn problem(&mut self, flaw: Flaw, out: &mut Outlet<'_>) {
        self.void_problems(out);
        self.told_problem = true;
        out.problem(&self.name, flaw.offset, flaw.reason);
    }

    fn void_problems(&mut self, out: &mut Outlet<'_>) {
        if std::mem::take(&mut self.told_problem) {
            out.change(Change::ProblemsCleared {
                file: Arc::clone(&self.name),
            });
        }
    }

    fn take(
        &mut self,
        pieces: Vec<Piece>,
        flaw: Option<Flaw>,
        shared: &mut Shared,
        out: &mut Outlet<'_>,
        told: &mut Told,
    ) {
        self.void_problems(out);
        let rest = match &mut self.table {
            Some((stream, table)) => grow(*stream, table, pieces, &self.name, out),
            None => pieces,
        };
        for piece in rest {
            match piece {
                Piece::Facts(facts) => shared.facts(&self.name, facts, out),
                Piece::Params(change) => shared.params(&self.name, change, out),
                Piece::Files(files) => out.change(Change::Files(files)),
                Piece::Logs(lines) => out.change(Change::Logs(lines)),
                Piece::Layout(layout) => told.layout = Some(layout),
                Piece::Flaw(flaw) => self.flaw(flaw, out),
                Piece::Keys(_) | Piece::Rows(_) => {}
            }
        }
        if let Some(flaw) = flaw {
            self.flaw(flaw, out);
        }
    }

    fn flaw(&mut self, flaw: Flaw, out: &mut Outlet<'_>) {
        self.told_problem = true;
        out.problem(&self.name, flaw.offset, flaw.reason);
    }
}

/// Hands on the rows that a document has beyond those it had; the other pieces come back.
fn grow(
    stream: StreamId,
    table: &mut Table,
    pieces: Vec<Piece>,
    name: &Arc<str>,
    out: &mut Outlet<'_>,
) -> Vec<Piece> {
    let (growth, rest) = table.update(pieces);
    if growth.reset {
        out.change(Change::StreamReset { stream });
        out.note(name, "was written anew");
    }
    if !growth.keys.is_empty() {
        out.change(Change::Columns {
            stream,
            keys: growth.keys,
        });
    }
    for rows in growth.rows {
        out.change(Change::Rows { stream, rows });
    }
    rest
}

impl Shared {
    /// Facts replace what was said before, so those of all documents are sent together.
    fn facts(&mut self, name: &Arc<str>, facts: Facts, out: &mut Outlet<'_>) {
        match self.facts.iter_mut().find(|(owner, _)| owner == name) {
            Some((_, former)) if *former == facts => return,
            Some((_, former)) => *former = facts,
            None => self.facts.push((Arc::clone(name), facts)),
        }
        let all = self
            .facts
            .iter()
            .map(|(_, facts)| facts.clone())
            .reduce(joined);
        if let Some(facts) = all {
            out.change(Change::Facts(facts));
        }
    }

    /// One document's parameters are handed on as they are. Those of several are one set: each
    /// alone would wipe out the others.
    fn params(&mut self, name: &Arc<str>, change: ParamChange, out: &mut Outlet<'_>) {
        match self.params.iter_mut().find(|(owner, _)| owner == name) {
            Some((_, former)) if former.op == change.op => return,
            Some((_, former)) => *former = change.clone(),
            None => self.params.push((Arc::clone(name), change.clone())),
        }
        if self.params.len() == 1 {
            out.change(Change::Params(change));
            return;
        }
        let mut entries = Vec::new();
        for (_, change) in &self.params {
            if let ParamOp::Set(Value::Map(map)) | ParamOp::Extend(Value::Map(map)) = &change.op {
                entries.extend(map.iter().cloned());
            }
        }
        let op = ParamOp::Set(Value::Map(entries));
        out.change(Change::Params(ParamChange {
            time: change.time,
            op,
        }));
    }
}

/// What the first says, and where it is silent, what the second says.
fn joined(first: Facts, second: Facts) -> Facts {
    let mut tags = first.tags;
    tags.extend(second.tags);
    let mut more = first.more;
    more.extend(second.more);
    Facts {
        name: first.name.or(second.name),
        owner: first.owner.or(second.owner),
        project: first.project.or(second.project),
        description: first.description.or(second.description),
        readme: first.readme.or(second.readme),
        tags,
        host: first.host.or(second.host),
        status: first.status.or(second.status),
        created: first.created.or(second.created),
        started: first.started.or(second.started),
        completed: first.completed.or(second.completed),
        updated: first.updated.or(second.updated),
        error: first.error.or(second.error),
        more,
    }
}
