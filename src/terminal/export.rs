//! Writes what charts show to a file, beside the loop: files may be slow, and points many.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::Event;
use crate::commands::Format;
use crate::export::file::{Unsaved, save};
use crate::export::points::{self, Trouble};
use crate::export::svg::{Sheet, svg};
use crate::export::{Extract, Selection, Table, reason};
use crate::figure::Figure;
use crate::ingest::LocalDisk;
use crate::insight::clock::Zone;
use crate::panels::{Content, Exported, Points};
use crate::record::RunId;
use crate::store::{Run, Store};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Everything that is needed without looking at the store again.
#[derive(Debug)]
enum Job {
    Text(String),
    Picture {
        figures: Vec<Figure>,
        title: Option<String>,
        zone: Zone,
    },
    Points(Vec<Extract>, Table),
}

/// Begins to write; what became of it is told as an event.
pub(super) fn start(
    store: &Store,
    shown: Option<RunId>,
    zone: &Zone,
    exported: Exported,
    overwrite: bool,
    tell: UnboundedSender<Event>,
) {
    let job = Job::of(store, shown, zone, &exported);
    let path = path(&exported);
    let failed = tell.clone();
    let started = thread::Builder::new()
        .name("export".to_owned())
        .spawn(move || {
            let event = match job.save(&path, overwrite) {
                Ok(words) => Event::Exported(words),
                Err(Unsaved::Exists) => Event::ExportExists { path, exported },
                Err(unsaved) => Event::Exported(trouble(&path, unsaved)),
            };
            // Nobody listens any more when the program ends.
            let _ = tell.send(event);
        });
    if let Err(error) = started {
        let _ = failed.send(Event::Exported(safe!(
            "nothing is written: {}",
            reason(&error)
        )));
    }
}

/// The file that was named, else one in the current folder.
fn path(exported: &Exported) -> PathBuf {
    let Some(path) = &exported.to.file else {
        return PathBuf::from(format!("{}.{}", exported.name, exported.to.format.name()));
    };
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match (path.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => Path::new(&home).join(below),
        _ => path.clone(),
    }
}

impl Job {
    fn of(store: &Store, shown: Option<RunId>, zone: &Zone, exported: &Exported) -> Self {
        match &exported.content {
            Content::Text(text) => Self::Text(text.clone()),
            Content::Figures(figures) => {
                let mut curves = figures.iter().flat_map(|figure| &figure.curves);
                let overlaid = curves.any(|curve| curve.run.is_some());
                let run = shown.filter(|_| !overlaid).and_then(|run| store.run(run));
                Self::Picture {
                    figures: figures.clone(),
                    title: run.map(crate::insight::overview::name),
                    zone: zone.clone(),
                }
            }
            Content::Points(points) => {
                let table = if exported.to.format == Format::Jsonl {
                    Table::Jsonl
                } else {
                    Table::Csv
                };
                Self::Points(extracts(store, points), table)
            }
        }
    }

    fn save(&self, path: &Path, overwrite: bool) -> Result<Safe, Unsaved<Trouble>> {
        let text = |text: &str| save(path, overwrite, |out| Ok(out.write_all(text.as_bytes())?));
        let what = match self {
            Self::Text(words) => {
                text(words)?;
                Safe::fixed("the charts")
            }
            Self::Picture {
                figures,
                title,
                zone,
            } => {
                text(&svg(figures, &Sheet::new(title.as_deref(), zone)))?;
                points::counted(figures.len() as u64, "chart")
            }
            Self::Points(extracts, table) => {
                let count = save(path, overwrite, |out: &mut dyn Write| {
                    points::write(extracts, *table, &LocalDisk, out)
                })?;
                points::told(count, extracts)
            }
        };
        Ok(safe!("wrote {what} to {}", Safe::path(path)))
    }
}

fn extracts(store: &Store, wanted: &[Points]) -> Vec<Extract> {
    let mut runs: Vec<&Run> = Vec::new();
    for points in wanted {
        if let Some(run) = store.run(points.run)
            && !runs.iter().any(|other| other.id == run.id)
        {
            runs.push(run);
        }
    }
    let of_run = |(run, called): (&&Run, String)| {
        let own = wanted.iter().filter(|points| points.run == run.id);
        let selections = own.map(|points| Selection {
            stream: points.stream,
            column: points.column,
            rows: points.rows.clone(),
        });
        points::extracts(run, &called, &selections.collect::<Vec<_>>())
    };
    runs.iter()
        .zip(points::names(&runs))
        .flat_map(of_run)
        .collect()
}

fn trouble(path: &Path, unsaved: Unsaved<Trouble>) -> Safe {
    let words = |path: &Path, error| {
        safe!(
            "{}: {}; nothing is written",
            Safe::path(path),
            reason(error)
        )
    };
    match unsaved {
        Unsaved::File(error) | Unsaved::Content(Trouble::Output(error)) => words(path, &error),
        Unsaved::Content(Trouble::File(file, error)) => words(&file, &error),
        Unsaved::Exists => safe!("{} is there already", Safe::path(path)),
    }
}
