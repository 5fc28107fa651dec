//! Runs beside each other: what is compared of them, and in what they differ. Worked out when
//! something changed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::{Context, Marked};
use super::facts::{Fact, told};
use super::line::Cut;
use super::params::{cut, short, whole};
use crate::insight::compare;
use crate::insight::metric::{Direction, Metric, Unit};
use crate::insight::overview::Overview;
use crate::record::{RunId, Value};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::decimal::Decimals;
use crate::widgets::theme::Role;

/// Runs beside each other.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) heads: Vec<Head>,
    pub(super) parts: Vec<Rc<Part>>,
    /// Of which parameters the part about them was made.
    params_of: Vec<(RunId, u64)>,
    base: Option<usize>,
}

/// A run at the head of its column.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) run: RunId,
    pub(super) name: Safe,
    /// Its letter and colour; the run that is shown may have none.
    pub(super) mark: Option<(char, u8)>,
    pub(super) is_baseline: bool,
    pub(super) is_best: bool,
}

/// A section of rows.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Row>,
    /// By column.
    pub(super) measures: Vec<Measure>,
}

/// What stands in one column of a part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    /// What cannot be cut: numbers with their points in one place.
    pub(super) numbers: Decimals,
    /// The widest of them.
    pub(super) longest: usize,
    /// The widest text that can be cut.
    pub(super) texts: usize,
    /// The widest difference against the baseline.
    pub(super) differences: usize,
}

/// One thing about all runs.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What a filter and a copy call it.
    pub(super) key: Safe,
    pub(super) cells: Vec<Option<Cell>>,
    /// The runs differ in it, and it is nothing in which runs always do.
    pub(super) differs: bool,
    /// Each run has its own: when it began, where it lies.
    pub(super) is_own: bool,
}

/// Where a row is: its part, and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowAt(pub(super) usize, pub(super) usize);

/// What is known of one run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) text: Safe,
    /// The whole of it, where the text is only its start.
    pub(super) whole: Option<Safe>,
    pub(super) number: Option<f64>,
    pub(super) cut: Cut,
    /// Another value than that of the baseline, or than most runs have.
    pub(super) stands_out: bool,
    /// Against the baseline.
    pub(super) difference: Option<(Safe, Role)>,
}

/// The runs that stand beside each other: the baseline, the one that is shown, those that are
/// marked. Groups are left out.
pub(super) fn runs(context: &Context<'_>) -> Vec<RunId> {
    let marked = context.marked.iter().filter(|mark| mark.group.is_none());
    let marked: Vec<RunId> = marked.map(|mark| mark.run).collect();
    let beside_shown = marked.iter().any(|run| Some(*run) != context.run);
    if !beside_shown || context.run.is_none() {
        return Vec::new();
    }
    let shown = context.run.filter(|run| !marked.contains(run));
    let mut runs: Vec<RunId> = Vec::new();
    for run in context.baseline.into_iter().chain(shown).chain(marked) {
        if !runs.contains(&run) && context.overview(run).is_some() {
            runs.push(run);
        }
    }
    if runs.len() < 2 {
        runs.clear();
    }
    runs
}

impl Table {
    /// The table of these runs; what an earlier one knows of the same parameters is taken over.
    pub(super) fn of(context: &Context<'_>, runs: &[RunId], last: Option<&Self>) -> Self {
        let known: Vec<(&Run, &Overview)> = runs
            .iter()
            .filter_map(|run| Some((context.store.run(*run)?, context.overview(*run)?)))
            .collect();
        let best = compare::best(known.iter().map(|(_, overview)| *overview));
        let best = best.filter(|_| have_one_measure(&known));
        let head = |(run, overview): &(&Run, &Overview)| {
            let own = |mark: &&Marked| mark.run == run.id && mark.group.is_none();
            let mark = context.marked.iter().find(own);
            Head {
                run: run.id,
                name: Safe::new(&overview.name),
                mark: mark.map(|mark| (mark.letter, mark.hue)),
                is_baseline: context.baseline == Some(run.id),
                is_best: best == Some(run.id),
            }
        };
        let heads: Vec<Head> = known.iter().map(head).collect();
        let base = heads.iter().position(|head| head.is_baseline);
        let params_of: Vec<(RunId, u64)> = known
            .iter()
            .map(|(run, _)| (run.id, run.params.revision))
            .collect();
        let same = last.filter(|last| last.params_of == params_of && last.base == base);
        let params = same.and_then(|last| last.parts.get(PARAMS).cloned());
        let params = params.unwrap_or_else(|| Rc::new(params_part(&known, base)));
        let parts = vec![
            Rc::new(summary_part(&known, base)),
            params,
            Rc::new(facts_part(context, &known, base)),
            Rc::new(more_part(&known, base)),
        ];
        Self {
            heads,
            parts,
            params_of,
            base,
        }
    }

    pub(super) fn row(&self, RowAt(part, row): RowAt) -> Option<(&Part, &Row)> {
        let part = self.parts.get(part)?;
        Some((part, part.rows.get(row)?))
    }

    /// In how many rows of how many the runs differ, but for those in which they always do.
    pub(super) fn differing(&self) -> (u64, u64) {
        let parts = self.parts.iter().map(|part| part.differing());
        parts.fold((0, 0), |(some, all), part| (some + part.0, all + part.1))
    }
}

/// The part that is a tree.
pub(super) const PARAMS: usize = 1;

impl Part {
    fn of(name: &'static str, rows: Vec<Row>, columns: usize) -> Self {
        let measure = |column: usize| {
            let cells = || {
                rows.iter()
                    .filter_map(move |row| row.cells[column].as_ref())
            };
            let whole = |cell: &&Cell| cell.cut == Cut::Never;
            let texts = cells().filter(|cell| !whole(cell));
            let differences = cells().filter_map(|cell| cell.difference.as_ref());
            Measure {
                numbers: Decimals::of(cells().filter(whole).map(|cell| cell.text.as_str())),
                longest: cells()
                    .filter(whole)
                    .map(|cell| cell.text.width())
                    .max()
                    .unwrap_or(0),
                texts: texts.map(|cell| cell.text.width()).max().unwrap_or(0),
                differences: differences.map(|(text, _)| text.width()).max().unwrap_or(0),
            }
        };
        let measures = (0..columns).map(measure).collect();
        Self {
            name,
            rows,
            measures,
        }
    }

    /// As [`Table::differing`].
    pub(super) fn differing(&self) -> (u64, u64) {
        let rows = || self.rows.iter().filter(|row| !row.is_own);
        let differing = rows().filter(|row| row.differs).count();
        (differing as u64, rows().count() as u64)
    }
}

impl Cell {
    pub(super) fn of(text: Safe, number: Option<f64>, cut: Cut) -> Self {
        Self {
            text,
            whole: None,
            number,
            cut,
            stands_out: false,
            difference: None,
        }
    }

    /// All of it, however long.
    pub(super) fn whole(&self) -> &Safe {
        self.whole.as_ref().unwrap_or(&self.text)
    }

    /// Numbers are the same when they are equal, however they are written.
    fn is_like(&self, other: &Self) -> bool {
        match (self.number, other.number) {
            (Some(a), Some(b)) => a == b || a.is_nan() && b.is_nan(),
            (None, None) => self.text == other.text && self.whole == other.whole,
            _ => false,
        }
    }
}

fn alike(a: Option<&Cell>, b: Option<&Cell>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.is_like(b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

impl Row {
    fn of(
        key: Safe,
        mut cells: Vec<Option<Cell>>,
        base: Option<usize>,
        measured: Measured,
    ) -> Self {
        let first = cells.first().and_then(Option::as_ref);
        let differs = cells.iter().any(|cell| !alike(cell.as_ref(), first));
        if differs {
            let usual = usual(&cells, base).map(|column| cells[column].clone());
            let base = base.and_then(|base| cells[base].as_ref()?.number);
            for cell in cells.iter_mut().flatten() {
                let is_usual = |usual: &Option<Cell>| alike(usual.as_ref(), Some(cell));
                cell.stands_out = !usual.as_ref().is_some_and(is_usual);
                let base = base.filter(|_| cell.stands_out);
                cell.difference = base.and_then(|base| difference(cell, base, measured));
            }
        }
        Self {
            key,
            cells,
            differs,
            is_own: false,
        }
    }

    fn own(self) -> Self {
        Self {
            differs: false,
            is_own: true,
            ..self
        }
    }
}

/// The column of what the others are measured against: the baseline, else one of more than half of
/// the runs, which have the same.
fn usual(cells: &[Option<Cell>], base: Option<usize>) -> Option<usize> {
    if base.is_some() {
        return base;
    }
    let count = |column: usize| {
        let own = cells[column].as_ref();
        cells
            .iter()
            .filter(|other| alike(own, other.as_ref()))
            .count()
    };
    let most = (0..cells.len()).max_by_key(|column| count(*column))?;
    (count(most) * 2 > cells.len()).then_some(most)
}

/// How a cell differs from the baseline, and how that looks.
fn difference(cell: &Cell, base: f64, (unit, direction): Measured) -> Option<(Safe, Role)> {
    let found = compare::difference_in(unit, direction, cell.number?, base)?;
    let role = match found.better {
        Some(true) => Role::Good,
        Some(false) => Role::Bad,
        None => Role::Quiet,
    };
    Some((Safe::new(&found.text), role))
}

type Known<'a> = (&'a Run, &'a Overview);

/// Whether all runs that are judged are judged by the same loss: among others none is the best.
fn have_one_measure(known: &[Known<'_>]) -> bool {
    let primaries = known
        .iter()
        .filter_map(|(_, overview)| overview.primary.as_ref());
    let mut names = primaries.map(|primary| primary.name.as_str());
    let first = names.next();
    first.is_none_or(|first| names.all(|name| compare::is_same_measure(first, name)))
}

/// What the values of a row are, and which way is better.
type Measured = (Unit, Direction);

const PLAIN: Measured = (Unit::Plain, Direction::Unknown);

/// What a line of the summary is about.
fn measured(label: &str, metric: Option<&str>) -> Measured {
    match (label, metric) {
        ("Training Time", _) => (Unit::Seconds, Direction::Unknown),
        ("Best Epoch" | "Best Step" | "Best Row", _) | (_, None) => PLAIN,
        (_, Some(name)) => {
            let metric = Metric::parse("", name);
            (metric.unit(), metric.direction())
        }
    }
}

fn summary_part(known: &[Known<'_>], base: Option<usize>) -> Part {
    let mut labels: Vec<(&str, Option<&str>)> = Vec::new();
    for line in known.iter().flat_map(|(_, overview)| &overview.summary) {
        if labels.iter().all(|(label, _)| *label != line.label) {
            labels.push((&line.label, line.metric.as_deref()));
        }
    }
    let row = |(label, metric): (&str, Option<&str>)| {
        let cell = |(_, overview): &Known<'_>| {
            let line = overview.summary.iter().find(|line| line.label == label)?;
            let text = Safe::new(&line.text);
            Some(Cell::of(text, Some(line.value), Cut::Never))
        };
        Row::of(
            Safe::new(label),
            known.iter().map(cell).collect(),
            base,
            measured(label, metric),
        )
    };
    let rows = labels.into_iter().map(row).collect();
    Part::of("Summary", rows, known.len())
}

fn params_part(known: &[Known<'_>], base: Option<usize>) -> Part {
    let all = known.iter().flat_map(|(run, _)| run.params.values.keys());
    let keys: BTreeSet<&str> = all.map(String::as_str).collect();
    let row = |key: &str| {
        let cell = |(run, _): &Known<'_>| run.params.get(key).map(value_cell);
        Row::of(
            Safe::new(key),
            known.iter().map(cell).collect(),
            base,
            PLAIN,
        )
    };
    Part::of("Params", keys.into_iter().map(row).collect(), known.len())
}

fn value_cell(value: &Value) -> Cell {
    Cell {
        whole: whole(value),
        ..Cell::of(short(value), value.as_f64(), cut(value))
    }
}

fn facts_part(context: &Context<'_>, known: &[Known<'_>], base: Option<usize>) -> Part {
    let mut rows: Vec<(Fact, Vec<Option<Cell>>)> = Vec::new();
    for (run, overview) in known {
        let facts = told(context, run, overview).into_iter();
        for (at, (fact, cell)) in facts.enumerate() {
            if at == rows.len() {
                rows.push((fact, Vec::new()));
            }
            rows[at].1.push(cell);
        }
    }
    let told = |cells: &[Option<Cell>]| cells.iter().any(Option::is_some);
    let rows = rows.into_iter().filter(|(_, cells)| told(cells));
    let row = |(fact, cells): (Fact, _)| {
        let measured = (fact.unit, Direction::Unknown);
        let row = Row::of(Safe::fixed(fact.name), cells, base, measured);
        if fact.is_own { row.own() } else { row }
    };
    Part::of("Run", rows.map(row).collect(), known.len())
}

/// What the documents of the runs say besides.
fn more_part(known: &[Known<'_>], base: Option<usize>) -> Part {
    let mut rows: BTreeMap<&str, Vec<Option<Cell>>> = BTreeMap::new();
    for (column, (run, _)) in known.iter().enumerate() {
        for (key, value) in run.facts.more.iter().take(MOST) {
            let cells = rows.entry(key).or_insert_with(|| vec![None; known.len()]);
            cells[column] = Some(value_cell(value));
        }
    }
    let row = |(key, cells): (&str, Vec<Option<Cell>>)| Row::of(Safe::new(key), cells, base, PLAIN);
    let rows = rows.into_iter().map(row).collect();
    Part::of("More", rows, known.len())
}

/// More facts of one run are not compared.
const MOST: usize = 500;
