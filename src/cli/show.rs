//! `show`: everything about one run, for machines. `report` has the same for people.

use std::io::Write;

use serde::{Serialize, Serializer};

use super::documents::{Head, Picture, SCHEMA};
use super::json::{Any, Entries, Measured};
use super::options::ShowOptions;
use super::select::{self, Wanted};
use super::stream_document::StreamDoc;
use super::{Outcome, json, report, terminal};
use crate::insight::health;
use crate::insight::summary;
use crate::record::{Facts, Level, SavedFile};
use crate::store::{Logs, ParamEvent, Params, Run};

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: u32,
    run: RunDoc<'a>,
}

#[derive(Debug, Serialize)]
struct RunDoc<'a> {
    #[serde(flatten)]
    head: Head,
    problem_count: u64,
    params: ParamsDoc<'a>,
    param_changes: Vec<ChangeDoc<'a>>,
    facts: FactsDoc<'a>,
    summary: Vec<LineDoc>,
    findings: Vec<FindingDoc>,
    streams: Vec<StreamDoc<'a>>,
    logs: LogsDoc,
    files: Vec<FileDoc<'a>>,
    problems: Vec<ProblemDoc<'a>>,
    notes: Vec<NoteDoc<'a>>,
}

#[derive(Debug)]
struct ParamsDoc<'a>(&'a Params);

#[derive(Debug, Serialize)]
struct ChangeDoc<'a> {
    time: Option<Measured>,
    key: &'a str,
    /// Absent when the key was new; `null` is a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Any<'a>>,
    /// Absent when the key went away.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Any<'a>>,
}

#[derive(Debug, Serialize)]
struct FactsDoc<'a> {
    name: Option<&'a str>,
    owner: Option<&'a str>,
    project: Option<&'a str>,
    description: Option<&'a str>,
    readme: Option<&'a str>,
    tags: &'a [String],
    host: Option<&'a str>,
    status: Option<&'static str>,
    created: Option<Measured>,
    started: Option<Measured>,
    completed: Option<Measured>,
    updated: Option<Measured>,
    error: Option<ErrorDoc<'a>>,
    more: Entries<'a>,
}

#[derive(Debug, Serialize)]
struct ErrorDoc<'a> {
    kind: Option<&'a str>,
    message: Option<&'a str>,
    traceback: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct LineDoc {
    label: String,
    metric: Option<String>,
    value: Measured,
    text: String,
}

#[derive(Debug, Serialize)]
struct FindingDoc {
    kind: &'static str,
    metric: Option<String>,
    text: String,
}

#[derive(Debug, Serialize)]
struct LogsDoc {
    lines: u64,
    levels: LevelsDoc,
    first: Option<Measured>,
    last: Option<Measured>,
}

#[derive(Debug)]
struct LevelsDoc([u64; 5]);

#[derive(Debug, Serialize)]
struct FileDoc<'a> {
    path: &'a str,
    size: u64,
    time: Option<Measured>,
}

#[derive(Debug, Serialize)]
struct ProblemDoc<'a> {
    file: &'a str,
    offset: u64,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct NoteDoc<'a> {
    file: &'a str,
    text: &'a str,
}

pub(super) fn show(options: &ShowOptions, out: &mut dyn Write) -> Outcome {
    let wanted = Wanted::new(&options.run, &options.paths, &options.roots);
    let chosen = select::choose(&wanted, &options.common)?;
    let picture = Picture::of(chosen.run(), options.common.now());
    if options.json {
        json::write_line(
            out,
            &Document {
                schema: SCHEMA,
                run: RunDoc::of(&picture),
            },
        )?;
    } else {
        let reader = report::Reader {
            width: terminal::width(),
            zone: &terminal::zone(),
        };
        report::write(&picture, reader, out)?;
    }
    chosen.finish()
}

impl<'a> RunDoc<'a> {
    fn of(picture: &Picture<'a>) -> Self {
        let run = picture.run;
        let line = |l: summary::Line| LineDoc {
            label: l.label,
            metric: l.metric,
            value: Measured(l.value),
            text: l.text,
        };
        let finding = |f: health::Finding| FindingDoc {
            kind: f.kind.name(),
            metric: f.metric,
            text: f.text,
        };
        Self {
            head: picture.head(),
            problem_count: run.problems.total(),
            params: ParamsDoc(&run.params),
            param_changes: run.params.history.iter().map(ChangeDoc::of).collect(),
            facts: FactsDoc::of(&run.facts),
            summary: summary::summary(run, &picture.all, &picture.progress)
                .into_iter()
                .map(line)
                .collect(),
            findings: health::findings(run, &picture.all, picture.now)
                .into_iter()
                .map(finding)
                .collect(),
            streams: run
                .streams
                .iter()
                .map(|stream| StreamDoc::of(picture, stream))
                .collect(),
            logs: LogsDoc::of(&run.logs),
            files: run.files.iter().map(FileDoc::of).collect(),
            problems: problems(run),
            notes: run
                .notes
                .list
                .iter()
                .map(|n| NoteDoc {
                    file: &n.file,
                    text: &n.text,
                })
                .collect(),
        }
    }
}

fn problems(run: &Run) -> Vec<ProblemDoc<'_>> {
    let list = run.problems.list().iter();
    list.map(|p| ProblemDoc {
        file: &p.file,
        offset: p.offset,
        reason: &p.reason,
    })
    .collect()
}

impl Serialize for ParamsDoc<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .values
                .iter()
                .map(|(key, param)| (key, Any(&param.value))),
        )
    }
}

impl<'a> ChangeDoc<'a> {
    fn of(event: &'a ParamEvent) -> Self {
        Self {
            time: event.time.map(Measured),
            key: &event.key,
            old: event.old.as_ref().map(Any),
            new: event.new.as_ref().map(Any),
        }
    }
}

impl<'a> FactsDoc<'a> {
    fn of(facts: &'a Facts) -> Self {
        let error = facts.error.as_ref();
        Self {
            name: facts.name.as_deref(),
            owner: facts.owner.as_deref(),
            project: facts.project.as_deref(),
            description: facts.description.as_deref(),
            readme: facts.readme.as_deref(),
            tags: &facts.tags,
            host: facts.host.as_deref(),
            status: facts.status.map(report::status_name),
            created: facts.created.map(Measured),
            started: facts.started.map(Measured),
            completed: facts.completed.map(Measured),
            updated: facts.updated.map(Measured),
            error: error.map(|error| ErrorDoc {
                kind: error.kind.as_deref(),
                message: error.message.as_deref(),
                traceback: error.traceback.as_deref(),
            }),
            more: Entries(&facts.more),
        }
    }
}

impl LogsDoc {
    fn of(logs: &Logs) -> Self {
        Self {
            lines: logs.lines,
            levels: LevelsDoc(logs.levels),
            first: logs.first_time.map(Measured),
            last: logs.last_time.map(Measured),
        }
    }
}

impl Serialize for LevelsDoc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            Level::ALL
                .iter()
                .zip(self.0)
                .map(|(level, count)| (level.name(), count)),
        )
    }
}

impl<'a> FileDoc<'a> {
    fn of(file: &'a SavedFile) -> Self {
        Self {
            path: &file.path,
            size: file.size,
            time: file.time.map(Measured),
        }
    }
}
