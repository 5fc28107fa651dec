//! What stands in a cell of the table: of metrics and parameters kept as long as the run does not
//! change, of facts worked out as they are drawn.

use std::collections::BTreeMap;

use super::super::Context;
use super::super::look;
use super::known::Known;
use crate::insight::compare::{self, Brief, Column, Fact, Of};
use crate::insight::{health, number, overview};
use crate::record::RunId;
use crate::store::Run;

/// The text of a cell, and the number that it stands for, if it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) value: Option<f64>,
}

/// Cells of metrics and parameters.
#[derive(Debug, Default)]
pub(super) struct Cells {
    columns: Vec<Column>,
    /// With the stamp of what was known of the run.
    runs: BTreeMap<RunId, (u64, Vec<Option<Cell>>)>,
}

/// Cells of so many runs are kept.
const KEPT: usize = 1024;

impl Cells {
    /// Fills the cells of some runs, where something changed.
    pub(super) fn fill(
        &mut self,
        columns: &[Column],
        runs: impl Iterator<Item = RunId>,
        known: &Known,
        context: &Context<'_>,
    ) {
        if self.columns != columns {
            self.columns = columns.to_vec();
            self.runs.clear();
        }
        if self.runs.len() > KEPT {
            self.runs.clear();
        }
        for id in runs {
            let stamp = known.stamp(id);
            let held = self.runs.get(&id);
            if held.is_some_and(|(seen, _)| *seen == stamp) {
                continue;
            }
            if let Some(run) = context.store.run(id) {
                let cells = columns.iter().map(|column| of_files(column, run));
                self.runs.insert(id, (stamp, cells.collect()));
            }
        }
    }

    /// What stands in a column for a run.
    pub(super) fn cell(
        &self,
        column: &Column,
        run: &Run,
        known: &Known,
        context: &Context<'_>,
    ) -> Cell {
        if let Column::Fact(fact) = column {
            let brief = known.brief(run.id);
            return brief.map_or_else(Cell::default, |brief| of_fact(*fact, run, brief, context));
        }
        let at = self.columns.iter().position(|other| other == column);
        let held = at.zip(self.runs.get(&run.id));
        match held.and_then(|(at, (_, cells))| cells.get(at)) {
            Some(cell) => cell.clone().unwrap_or_default(),
            None => of_files(column, run).unwrap_or_default(),
        }
    }
}

/// What the files of a run say.
fn of_files(column: &Column, run: &Run) -> Option<Cell> {
    match column {
        Column::Fact(_) => None,
        Column::Metric(name, of) => {
            let found = compare::measured(run, name, *of)?;
            let text = match (of, found.at) {
                (Of::BestAt, at) => look::at(at?),
                _ => found.text,
            };
            let value = (*of != Of::BestAt).then_some(found.value);
            Some(Cell { text, value })
        }
        Column::Param(key) => Some(Cell {
            text: compare::param(run, key)?,
            value: None,
        }),
    }
}

fn of_fact(fact: Fact, run: &Run, brief: &Brief, context: &Context<'_>) -> Cell {
    let primary = brief.primary.as_ref();
    let measured = |text: Option<&String>, value: Option<f64>| Cell {
        text: text.cloned().unwrap_or_default(),
        value,
    };
    let text = match fact {
        Fact::Name | Fact::Course => None,
        Fact::State if brief.gone => Some("gone".to_owned()),
        Fact::State => Some(brief.state.name().to_owned()),
        Fact::Done => Some(look::done(&brief.progress)),
        Fact::Last => {
            return measured(primary.map(|p| &p.last_text), primary.and_then(|p| p.last));
        }
        Fact::Best => {
            return measured(primary.map(|p| &p.best_text), primary.and_then(|p| p.best));
        }
        Fact::BestAt => primary.and_then(|primary| primary.best_at).map(look::at),
        Fact::Age => {
            let age = brief.last_moment().map(|at| (context.now - at).max(0.0));
            age.map(number::coarse_age)
        }
        Fact::Started => brief.started.map(|at| look::start(context, at)),
        Fact::Duration => brief.duration().map(number::duration),
        Fact::Rows => Some(number::grouped(brief.rows)),
        Fact::NonFinite => (brief.non_finite() > 0).then(|| number::grouped(brief.non_finite())),
        Fact::Project => Some(overview::project(run)),
        Fact::Host => run.facts.host.clone(),
        Fact::Tags => Some(run.facts.tags.join(" ")),
    };
    Cell {
        text: text.unwrap_or_default(),
        value: None,
    }
}

/// Whether the newest value of the loss is NaN or infinite.
pub(super) fn is_broken(brief: &Brief) -> bool {
    let last = brief.primary.as_ref().and_then(|primary| primary.last);
    last.is_some_and(|value| !value.is_finite())
}

/// A run that is of no interest any more.
pub(super) fn is_past(brief: &Brief) -> bool {
    brief.gone
        || matches!(
            brief.state,
            health::State::Silent | health::State::Cancelled
        )
}
