//! The table that sums up a training: losses, the task's metrics, the best epoch, the time.

use std::collections::BTreeSet;

use super::health;
use super::metric::{Coordinate, Direction, Metric, Split};
use super::number;
use super::progress::{Counted, Progress, counts_from_one, is_duration};
use super::series::{Position, Series, loss_of, primary};
use crate::record::{Status, Value};
use crate::store::Run;

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// For people: `Val Accuracy`.
    pub label: String,
    /// The series that it is about, if it is about one.
    pub metric: Option<String>,
    pub value: f64,
    /// For people: `95.6 %`.
    pub text: String,
}

/// The best value of a series and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    pub metric: String,
    pub value: f64,
    pub at: Position,
}

impl Position {
    /// `epoch 38`, `step 1203`, `row 17`
    pub fn text(self) -> String {
        let unit = match self.unit {
            Some(Coordinate::Epoch) => "epoch",
            Some(Coordinate::Time) => "time",
            Some(Coordinate::Step) => "step",
            None => "row",
        };
        format!("{unit} {}", number::human(self.value))
    }
}

/// The best value of the loss by which the run is judged.
pub fn best(run: &Run, all: &[Series<'_>]) -> Option<Best> {
    let series = primary(all)?;
    let extreme = series.best()?;
    Some(Best {
        metric: series.name.clone(),
        value: extreme.value,
        at: series.position(run, extreme),
    })
}

pub fn summary(run: &Run, all: &[Series<'_>], progress: &Progress) -> Vec<Line> {
    let mut lines = losses(all);
    lines.extend(task_metrics(all).into_iter().filter_map(last_line));
    lines.extend(best_lines(run, all, progress));
    lines.extend(training_time(run, all));
    lines.extend(done(progress));
    lines.extend(learning_rate(all));
    lines
}

fn losses(all: &[Series<'_>]) -> Vec<Line> {
    let splits = [Some(Split::Train), Some(Split::Val), Some(Split::Test)];
    let mut found: Vec<&Series<'_>> = splits
        .into_iter()
        .filter_map(|split| loss_of(all, split))
        .collect();
    // Beside losses on splits, only a plain one without a split is worth a line.
    let alone = found.is_empty();
    found.extend(loss_of(all, None).filter(|s| alone || s.metric.is_loss()));
    found.into_iter().filter_map(last_line).collect()
}

/// The metrics that the task is about: those on the validation and test data; where there are
/// none, those without a split, else those on the training data.
fn task_metrics<'s, 'a>(all: &'s [Series<'a>]) -> Vec<&'s Series<'a>> {
    let tells = |m: &Metric| {
        m.is_measure() && m.is_line() && m.direction() != Direction::Unknown && !m.is_some_loss()
    };
    let of = |split: Option<Split>| {
        let mut names = BTreeSet::new();
        all.iter()
            .filter(|s| s.metric.split == split && tells(&s.metric) && s.column.count() > 0)
            .filter(|s| names.insert(s.metric.canonical()))
            .collect::<Vec<&'s Series<'a>>>()
    };
    let mut found = of(Some(Split::Val));
    found.extend(of(Some(Split::Test)));
    if found.is_empty() {
        found = of(None);
    }
    if found.is_empty() {
        found = of(Some(Split::Train));
    }
    found
}

fn last_line(series: &Series<'_>) -> Option<Line> {
    let value = series.last()?;
    let metric = Some(series.name.clone());
    Some(Line {
        label: series.metric.label(),
        metric,
        value,
        text: series.text(value),
    })
}

fn best_lines(run: &Run, all: &[Series<'_>], progress: &Progress) -> Vec<Line> {
    let Some((series, extreme)) = primary(all).and_then(|s| s.best().map(|best| (s, best))) else {
        return told_best(run).into_iter().collect();
    };
    let at = series.epoch(run, extreme);
    let metric = Some(series.name.clone());
    let value = Line {
        label: format!("Best {}", series.metric.label()),
        metric: metric.clone(),
        value: extreme.value,
        text: series.text(extreme.value),
    };
    let (label, counted) = match at.unit {
        // Where steps are known to be epochs, they are called so.
        Some(Coordinate::Step) if progress.unit == Counted::Epochs && at.value <= progress.done => {
            ("Best Epoch", Counted::Epochs)
        }
        Some(Coordinate::Epoch) => ("Best Epoch", Counted::Epochs),
        Some(_) => ("Best Step", Counted::Steps),
        None => ("Best Row", Counted::Rows),
    };
    let place = Line {
        label: label.to_owned(),
        metric,
        value: at.value,
        text: place_text(run, all, at.value, counted, progress),
    };
    vec![value, place]
}

/// The best epoch as the run's own documents tell it. Whether they count from 0 or 1 they do not
/// tell.
fn told_best(run: &Run) -> Option<Line> {
    let told = run.facts.more.iter().find(|(key, _)| key == "best_epoch");
    let value = told
        .and_then(|(_, value)| Value::as_f64(value))
        .filter(|v| v.is_finite())?;
    Some(Line {
        label: "Best Epoch".to_owned(),
        metric: None,
        value,
        text: number::human(value),
    })
}

/// `16 / 50`, or only the number that the file has, where counting from 0 makes the last of 50 the
/// number 49.
fn place_text(
    run: &Run,
    all: &[Series<'_>],
    value: f64,
    counted: Counted,
    progress: &Progress,
) -> String {
    let of_all = counted == Counted::Epochs
        && progress.unit == Counted::Epochs
        && counts_from_one(run, all)
        && value <= progress.done;
    let text = number::human(value);
    if of_all {
        let total = progress.planned.unwrap_or(progress.done);
        return format!("{text} / {}", number::human(total));
    }
    text
}

fn training_time(run: &Run, all: &[Series<'_>]) -> Option<Line> {
    let value = seconds_trained(run, all).filter(|v| v.is_finite() && *v >= 0.0)?;
    let text = number::duration(value);
    Some(Line {
        label: "Training Time".to_owned(),
        metric: None,
        value,
        text,
    })
}

/// From the start that the tracker tells, else the first row, to the end that it tells, else the
/// newest row. Rows without times may say how long each of them took.
fn seconds_trained(run: &Run, all: &[Series<'_>]) -> Option<f64> {
    let facts = &run.facts;
    let ended = matches!(
        facts.status,
        Some(Status::Completed | Status::Failed | Status::Cancelled)
    );
    let start = facts
        .started
        .or_else(|| health::first_time(run))
        .or(facts.created);
    let told = facts.completed.filter(|_| ended || facts.status.is_none());
    if let Some((start, end)) = start.zip(told)
        && end >= start
    {
        return Some(end - start);
    }
    if let Some((first, last)) = health::first_time(run).zip(health::last_time(run)) {
        return Some(last - start.unwrap_or(first).min(first));
    }
    let durations = all.iter().find(|s| is_duration(s))?;
    Some(durations.live().sum)
}

fn done(progress: &Progress) -> Option<Line> {
    let label = match progress.unit {
        Counted::Epochs => "Epochs",
        Counted::Steps => "Steps",
        Counted::Rows => return None,
    };
    let text = match progress.planned {
        Some(planned) => format!(
            "{} / {}",
            number::human(progress.done),
            number::human(planned)
        ),
        None => number::human(progress.done),
    };
    Some(Line {
        label: label.to_owned(),
        metric: None,
        value: progress.done,
        text,
    })
}

fn learning_rate(all: &[Series<'_>]) -> Option<Line> {
    let is_rate = |s: &&Series<'_>| {
        s.metric.is_measure()
            && s.metric.is_line()
            && s.metric.canonical() == "learning rate"
            && s.column.count() > 0
    };
    let series = all.iter().find(is_rate)?;
    let mut line = last_line(series)?;
    "Learning Rate".clone_into(&mut line.label);
    Some(line)
}
