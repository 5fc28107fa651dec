//! The per-epoch writer: `metrics.json` is replaced as a whole after each epoch, `experiment.json`
//! knows the state, and a list of all experiments of the project stands beside them.

use super::{Desk, Writer};
use crate::demo::cast::About;
use crate::demo::event::{Ending, Event, Row, What};
use crate::demo::python::{Json, map};

/// A run in `experiments_index.json`.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Listed {
    id: String,
    name: String,
    created: String,
    status: &'static str,
    best: Option<f64>,
}

#[derive(Debug)]
pub(super) struct Epochs {
    about: About,
    status: &'static str,
    created: f64,
    started: Option<f64>,
    completed: Option<f64>,
    params: Json,
    rows: Vec<Json>,
    /// The epoch with the lowest validation loss, that loss, and the task's metric then.
    best: Option<Best>,
    last: Option<Row>,
    error: Json,
}

#[derive(Debug)]
struct Best {
    epoch: u32,
    loss: f64,
    metric: Option<(&'static str, f64)>,
}

impl Epochs {
    pub(super) fn new(about: &About) -> Self {
        Self {
            about: about.clone(),
            status: "created",
            created: 0.0,
            started: None,
            completed: None,
            params: map([]),
            rows: Vec::new(),
            best: None,
            last: None,
            error: Json::Null,
        }
    }

    fn id(&self) -> &str {
        self.about
            .folder
            .rsplit('/')
            .next()
            .unwrap_or(&self.about.folder)
    }

    fn replace(&self, file: &str, document: &Json, at: f64, desk: &mut Desk<'_>) {
        let path = format!("{}/{file}", self.about.folder);
        desk.append(format!("{path}.lock"), "", at);
        desk.replace(path, document.page() + "\n", at);
    }

    fn tell(&self, at: f64, desk: &mut Desk<'_>) {
        let iso = |at: Option<f64>| Json::from(at.map(|at| desk.stamps.iso(at)));
        let done = matches!(self.status, "completed" | "cancelled");
        let best = self.best.as_ref().filter(|_| done);
        let metric = best.and_then(|best| best.metric);
        let last = self.last.as_ref().filter(|_| done);
        let losses = |row: &Row| {
            let values = row
                .values
                .iter()
                .filter(|(key, _)| matches!(*key, "train_loss" | "val_loss"));
            map(values.map(|(key, value)| (*key, Json::Float(*value))))
        };
        let mut document = vec![
            ("id".to_owned(), self.id().into()),
            ("name".to_owned(), self.about.name.as_str().into()),
            ("description".to_owned(), self.about.description.into()),
            ("created_at".to_owned(), iso(Some(self.created))),
            ("status".to_owned(), self.status.into()),
            ("started_at".to_owned(), iso(self.started)),
            ("completed_at".to_owned(), iso(self.completed)),
        ];
        if let Json::Map(params) = &self.params {
            document.extend(params.iter().cloned());
        }
        let results = [
            ("best_epoch", best.map(|best| best.epoch).into()),
            ("best_checkpoint_path", Json::Null),
            (
                "best_metric",
                metric.map_or(Json::Null, |(key, value)| map([(key, value.into())])),
            ),
            ("final_metrics", last.map_or(Json::Null, losses)),
            ("error", self.error.clone()),
        ];
        document.extend(results.map(|(key, value)| (key.to_owned(), value)));
        self.replace("experiment.json", &Json::Map(document), at, desk);
        self.list(at, desk);
    }

    fn list(&self, at: f64, desk: &mut Desk<'_>) {
        let listed = Listed {
            id: self.id().to_owned(),
            name: self.about.name.clone(),
            created: desk.stamps.iso(self.created),
            status: self.status,
            best: self.best.as_ref().map(|best| best.loss),
        };
        match desk.index.iter_mut().find(|other| other.id == listed.id) {
            Some(place) => *place = listed,
            None => desk.index.push(listed),
        }
        let experiments = desk.index.iter().map(|run| {
            map([
                ("id", run.id.as_str().into()),
                ("name", run.name.as_str().into()),
                ("created_at", run.created.as_str().into()),
                ("status", run.status.into()),
                ("best_metric_value", run.best.into()),
            ])
        });
        let document = map([
            ("version", "1.0".into()),
            ("experiments", Json::List(experiments.collect())),
        ]);
        let (folder, _) = self
            .about
            .folder
            .rsplit_once('/')
            .unwrap_or(("", &self.about.folder));
        let path = format!("{folder}/experiments_index.json");
        desk.append(format!("{path}.lock"), "", at);
        desk.replace(path, document.page() + "\n", at);
    }

    fn row(&mut self, row: Row, at: f64, desk: &mut Desk<'_>) {
        let mut fields = super::fields(&row, str::to_owned);
        fields.sort_by_key(|(key, _)| key != "epoch");
        desk.count("metrics.json", &fields);
        let value_of = |key: &str| {
            let found = row.values.iter().find(|(name, _)| *name == key);
            found.map(|(_, value)| *value)
        };
        let loss = value_of("val_loss").filter(|loss| loss.is_finite());
        if let (Some(loss), Some(epoch)) = (loss, row.epoch)
            && self.best.as_ref().is_none_or(|best| loss < best.loss)
        {
            let task = |key: &str| !matches!(key, "train_loss" | "val_loss" | "lr" | "duration_s");
            let metric = row.values.iter().find(|(key, _)| task(key)).copied();
            self.best = Some(Best {
                epoch,
                loss,
                metric,
            });
        }
        self.rows.push(Json::Map(fields));
        self.last = Some(row);
        let document = map([("epochs", Json::List(self.rows.clone()))]);
        self.replace("metrics.json", &document, at, desk);
    }
}

impl Writer for Epochs {
    fn take(&mut self, event: Event, desk: &mut Desk<'_>) {
        let at = event.at;
        match event.what {
            What::Params(params) => self.params = params,
            What::Queue => {
                self.created = at;
                self.tell(at, desk);
            }
            What::Begin => {
                self.status = "training";
                self.started = Some(at);
                self.tell(at, desk);
            }
            What::Row(row) => self.row(row, at, desk),
            What::End(ending) => {
                self.completed = Some(at);
                self.status = match ending {
                    Ending::Completed => "completed",
                    Ending::Cancelled => "cancelled",
                    Ending::Failed {
                        kind,
                        message,
                        traceback,
                    } => {
                        self.error = map([
                            ("type", kind.into()),
                            ("message", message.into()),
                            ("traceback", traceback.into()),
                        ]);
                        "failed"
                    }
                };
                self.tell(at, desk);
            }
            What::Change(_)
            | What::Log(_)
            | What::Print(_)
            | What::Save(_)
            | What::Crash
            | What::Reopen => {}
        }
    }
}
