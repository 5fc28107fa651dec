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

#[cfg(test)]
mod tests {
    use std::fs;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::commands::Export;
    use crate::record::{Batch, Change, Layout, Place, StreamId, StreamKind};

    fn exported(file: &Path, format: Format, content: Content) -> Exported {
        Exported {
            to: Export {
                format,
                file: Some(file.to_owned()),
            },
            name: "a".to_owned(),
            content,
        }
    }

    /// What is told when it is done.
    fn told(store: &Store, exported: Exported, overwrite: bool) -> Event {
        let (tell, mut events) = unbounded_channel();
        start(store, None, &Zone::utc(), exported, overwrite, tell);
        events.blocking_recv().expect("an event")
    }

    fn words(event: Event) -> String {
        match event {
            Event::Exported(words) => words.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_text_is_written_and_what_is_there_is_asked_about() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.txt");
        let text = |text: &str| exported(&path, Format::Txt, Content::Text(text.to_owned()));
        let store = Store::new(0);
        let shown = Safe::path(&path);
        let written = words(told(&store, text("one"), false));
        assert_eq!(written, format!("wrote the charts to {shown}"));
        let asked = Event::ExportExists {
            path: path.clone(),
            exported: text("two"),
        };
        assert_eq!(told(&store, text("two"), false), asked);
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one");
        told(&store, text("two"), true);
        assert_eq!(fs::read_to_string(&path).expect("the file"), "two");
        let nowhere = exported(
            &dir.path().join("no/a.svg"),
            Format::Svg,
            Content::Figures(Vec::new()),
        );
        let failed = words(told(&store, nowhere, false));
        assert!(
            failed.ends_with("there is no such file or folder; nothing is written"),
            "{failed}"
        );
    }

    #[test]
    fn points_are_read_from_the_files_of_the_run() {
        let dir = tempfile::tempdir().expect("a folder");
        let rows = "{\"loss\": 0.10}\n{\"loss\": 1e-05}\n{\"loss\": 3}\n";
        fs::write(dir.path().join("metrics.jsonl"), rows).expect("rows");
        let mut store = Store::new(0);
        let run = RunId(0);
        let (stream, column) = (StreamId(0), crate::record::ColumnId(0));
        let place = Place {
            path: dir.path().to_owned(),
            shown: "runs/vit".into(),
            below: "vit".into(),
        };
        let rows = crate::record::Rows {
            count: 3,
            columns: vec![crate::record::ColumnRows {
                id: column,
                rows: None,
                values: vec![0.1, 1e-5, 3.0],
                others: 0,
            }],
            ..Default::default()
        };
        let facts = crate::record::Facts {
            name: Some("vit".to_owned()),
            ..Default::default()
        };
        for change in [
            Change::Found {
                place,
                layout: Layout::Flat,
            },
            Change::Facts(facts),
            Change::Stream {
                stream,
                name: "metrics.jsonl".to_owned(),
                kind: StreamKind::Metric,
                file: "metrics.jsonl".into(),
            },
            Change::Columns {
                stream,
                keys: vec!["loss".to_owned()],
            },
            Change::Rows { stream, rows },
        ] {
            store.apply(Batch { run, change });
        }
        let points = Points {
            run,
            stream,
            column,
            rows: 1..3,
        };
        let path = dir.path().join("a.csv");
        let content = Content::Points(vec![points]);
        let written = words(told(
            &store,
            exported(&path, Format::Csv, content.clone()),
            false,
        ));
        assert_eq!(
            written,
            format!("wrote 2 points of 1 series to {}", Safe::path(&path))
        );
        let expected = "\
run,metric,index,step,epoch,time,value,superseded
vit,loss,1,,,,1e-05,false
vit,loss,2,,,,3,false
";
        assert_eq!(fs::read_to_string(&path).expect("the file"), expected);
        fs::write(dir.path().join("metrics.jsonl"), "{\"loss\": 0.10}\n").expect("rows");
        let other = dir.path().join("b.csv");
        let failed = words(told(&store, exported(&other, Format::Csv, content), false));
        assert!(
            failed.contains("written anew") && !other.exists(),
            "{failed}"
        );
    }

    #[test]
    fn files_without_a_name_get_one() {
        let mut unnamed = exported(Path::new(""), Format::Jsonl, Content::Points(Vec::new()));
        unnamed.to.file = None;
        unnamed.name = "vit-loss".to_owned();
        assert_eq!(path(&unnamed), Path::new("vit-loss.jsonl"));
        let home = std::env::var_os("HOME").expect("a home");
        let at_home = exported(
            Path::new("~/a.csv"),
            Format::Csv,
            Content::Points(Vec::new()),
        );
        assert_eq!(path(&at_home), Path::new(&home).join("a.csv"));
        let tilde = exported(
            Path::new("~a/b.csv"),
            Format::Csv,
            Content::Points(Vec::new()),
        );
        assert_eq!(path(&tilde), Path::new("~a/b.csv"));
    }
}
