//! The list beside the other panels: a line for each run, with as many of its numbers as fit.

use super::super::Context;
use super::super::look::{self, letter};
use super::Runs;
use super::listing::Item;
use super::sort::Sort;
use crate::insight::compare;
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::{Overview, Primary};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::spark;
use crate::widgets::table::{Align, Column, Table};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// In a list of fewer cells numbers take as few as they can.
const NARROW: usize = 44;
/// In one of even fewer, columns stand closer.
const TIGHT: usize = 32;
/// Cells of the sparkline.
const SPARK: usize = 8;

impl Runs {
    /// What is visible of the list.
    pub(super) fn list_view(&self, context: &Context<'_>, items: &[Item], cells: usize) -> Table {
        let column = |title: &'static str, align, least, rank| Column {
            title: title.into(),
            align,
            least,
            most: 60,
            rank,
            optional: title.is_empty(),
        };
        let least = (cells * 2 / 5).clamp(8, 24) + 2;
        let narrow = cells < NARROW;
        let mut columns = vec![
            column("name", Align::Apart, least, 0),
            column("", Align::Right, 0, 5),
            column("done", Align::Right, 5, 2),
            column("", Align::Right, 0, 7),
            column("best", Align::Point, 6, 1),
            column("age", Align::Right, 3, 4),
            column("", Align::Right, 0, 6),
        ];
        let rows = items.iter().map(|item| match item {
            Item::Group(..) => Vec::new(),
            Item::Run(place) => self.row_of_list(context, *place, narrow),
        });
        let mut rows: Vec<Vec<Vec<Span>>> = rows.collect();
        if let Some(sorted) = self.sorted_column() {
            for (row, item) in rows.iter_mut().zip(items) {
                if let Item::Run(place) = item {
                    row.insert(1, self.sorted_cell(context, &sorted, *place));
                }
            }
            // The frame says the whole name.
            let arrow = self.sort.as_ref().map_or("", Sort::arrow);
            let title = safe!("{} {arrow}", self.column_name(&sorted).elide_end(6));
            columns.insert(
                1,
                Column {
                    title,
                    align: Align::Point,
                    least: 5,
                    most: 16,
                    rank: 1,
                    optional: false,
                },
            );
        }
        Table {
            columns,
            rows,
            gap: if cells < TIGHT { 1 } else { 2 },
            fill: Some(0),
        }
    }

    /// The column by which runs are sorted, where the list has none like it.
    pub(super) fn sorted_column(&self) -> Option<compare::Column> {
        use compare::{Column, Fact};
        let listed = [
            Fact::Name,
            Fact::State,
            Fact::Done,
            Fact::Best,
            Fact::Age,
            Fact::Course,
        ];
        let sort = self.sort.as_ref()?;
        let is_listed = listed
            .into_iter()
            .any(|fact| sort.column == Column::Fact(fact));
        (!is_listed).then(|| sort.column.clone())
    }

    fn sorted_cell(
        &self,
        context: &Context<'_>,
        column: &compare::Column,
        place: usize,
    ) -> Vec<Span> {
        let Some(run) = self.id(place).and_then(|id| context.store.run(id)) else {
            return Vec::new();
        };
        let cell = self.cells.cell(column, run, &self.known, context);
        vec![Span::new(
            Safe::new(cell.text.trim()),
            context.theme.style(Role::Text),
        )]
    }

    /// The glyph and the name of a run; `role` is that of its texts.
    pub(super) fn name_cell(&self, context: &Context<'_>, place: usize) -> Vec<Span> {
        let entry = &self.order.entries[place];
        let overview = context.overview(entry.id);
        let (glyph, role) = overview.map_or(('·', Role::Quiet), look::glyph);
        let name = if context.run == Some(entry.id) {
            Role::Strong
        } else {
            overview.map_or(Role::Text, text_role)
        };
        let mut cell = vec![
            Span::new(safe!("{glyph} "), context.theme.style(role)),
            Span::new(entry.name.clone(), context.theme.style(name)),
        ];
        // The letter has taken the margin: what stands there otherwise ends the column.
        if letter(context, entry.id).is_some() {
            cell.extend(self.sign(context, entry.id));
        } else if context.baseline == Some(entry.id) && self.judge.is_best(entry.id) {
            cell.push(Span::new("★", context.theme.style(Role::Accent)));
        }
        cell
    }

    fn row_of_list(&self, context: &Context<'_>, place: usize, narrow: bool) -> Vec<Vec<Span>> {
        let theme = context.theme;
        let id = self.order.entries[place].id;
        let mut name = self.name_cell(context, place);
        let (Some(run), Some(overview)) = (context.store.run(id), context.overview(id)) else {
            let unknown = vec![Span::new("…", theme.style(Role::Quiet))];
            return vec![name, Vec::new(), unknown];
        };
        let quiet = theme.style(Role::Quiet);
        let text = theme.style(text_role(overview));
        let one = |text: String, style| vec![Span::new(Safe::new(&text), style)];
        let best = overview.primary.as_ref().map(|p| p.best_text.clone());
        let done = if narrow {
            look::done_in(&overview.progress, 6)
        } else {
            look::done(&overview.progress)
        };
        let mut remark = remark(context, overview);
        if narrow {
            // A column of its own would take the room of another one from all runs.
            let broken = overview
                .primary
                .as_ref()
                .filter(|_| look::is_broken(overview));
            let words = broken.map(|primary| primary.last_text.clone());
            name.extend(words.map(|words| Span::new(Safe::new(&words), theme.style(Role::Bad))));
            remark = remark.filter(|(_, role)| *role != Role::Bad);
        }
        let share = look::share(&overview.progress).map(look::whole_percent);
        let age = look::silence(context, overview).map(number::coarse_age);
        let primary = overview.primary.as_ref();
        let course = primary.and_then(|primary| course(run, primary, SPARK));
        vec![
            name,
            remark.map_or_else(Vec::new, |(words, role)| one(words, theme.style(role))),
            one(done, quiet),
            one(share.unwrap_or_default(), quiet),
            one(best.unwrap_or_default(), text),
            one(age.unwrap_or_default(), quiet),
            course.map_or_else(Vec::new, |course| {
                vec![Span::new(course, theme.style(Role::Quiet))]
            }),
        ]
    }
}

/// Runs that are of no interest any more are quiet.
fn text_role(overview: &Overview) -> Role {
    match overview.state {
        State::Silent | State::Cancelled => Role::Quiet,
        _ if overview.gone => Role::Quiet,
        _ => Role::Text,
    }
}

/// The newest course of the loss in a few cells.
pub(super) fn course(run: &Run, primary: &Primary, cells: usize) -> Option<Safe> {
    let stream = run.stream(primary.stream)?;
    let window = stream.window(primary.column, 0..primary.end, 2 * cells);
    let values: Vec<f64> = window.iter().map(|b| f64::midpoint(b.min, b.max)).collect();
    (values.len() > 1).then(|| spark::line(&values, cells).pad_end(cells))
}

/// What is unusual about a run, in a word or two.
fn remark(context: &Context<'_>, overview: &Overview) -> Option<(String, Role)> {
    if overview.gone {
        return Some(("gone".to_owned(), Role::Quiet));
    }
    if let Some(share) = look::reading(overview) {
        return Some((
            format!("reading {}", look::whole_percent(share)),
            Role::Quiet,
        ));
    }
    if overview.state == State::Stalled {
        let silence = look::silence(context, overview)?;
        let words = format!("silent {}", number::coarse_age(silence));
        return Some((words, Role::Warning));
    }
    if overview.state == State::Waiting {
        return Some(("waiting".to_owned(), Role::Quiet));
    }
    let words = look::non_finite(overview)?;
    Some((words, Role::Bad))
}
