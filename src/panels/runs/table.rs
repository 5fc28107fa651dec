//! The table that compares runs when the panel fills the screen: a row for each run.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::look;
use super::super::{Context, Pane};
use super::Runs;
use super::cells::{is_broken, is_past};
use super::list::course;
use super::listing::Item;
use crate::insight::compare::{self, Brief, Column, Fact, Of};
use crate::insight::health::State;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::decimal::is_number;
use crate::widgets::paint::{Span, restyle};
use crate::widgets::table::{self, Align, Table};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

const SPARK: usize = 8;
/// In a table of so many cells differences stand beside the values, else instead of them.
const BESIDE: usize = 110;
/// And progress says its share, too.
const SHARES: usize = 110;

/// The table as far as it is visible.
#[derive(Debug)]
pub(super) struct View {
    pub(super) table: Table,
    /// For each column of the table that of [`super::columns::Columns::all`]; nothing for the name.
    pub(super) of: Vec<Option<usize>>,
    /// Which of those columns are visible.
    pub(super) visible: Range<usize>,
    /// How many columns are out of sight to the left and to the right.
    pub(super) left: usize,
    pub(super) right: usize,
}

/// What a column looks like.
struct Shape {
    title: Safe,
    align: Align,
    least: usize,
    most: usize,
    optional: bool,
}

impl Runs {
    /// What is visible of the table in so many cells.
    fn table(&self, context: &Context<'_>, items: &[Item], cells: usize) -> View {
        let columns = self.columns.all();
        let (whole, of) = self.whole(context, items, &columns, cells);
        let widths = whole.least_widths();
        // A column and its differences are one.
        let mut wide = vec![0; columns.len()];
        for (width, of) in widths.iter().zip(&of) {
            if let Some(of) = of.filter(|_| *width > 0) {
                wide[of] += width + whole.gap;
            }
        }
        let room = cells.saturating_sub(widths.first().copied().unwrap_or(0));
        let visible = self.window(&columns, &wide, room);
        let kept: Vec<usize> = (0..of.len())
            .filter(|at| of[*at].is_none_or(|of| visible.contains(&of)))
            .collect();
        let there = |range: Range<usize>| wide[range].iter().filter(|wide| **wide > 0).count();
        View {
            left: there(0..visible.start),
            right: there(visible.end..columns.len()),
            of: kept.iter().map(|at| of[*at]).collect(),
            table: whole.only(&kept),
            visible,
        }
    }

    /// Draws the table, the title of the column with the cursor like the cursor.
    pub(super) fn draw_table(
        &self,
        context: &Context<'_>,
        pane: Pane,
        view: &View,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let slots = view.table.draw(context.theme.style(Role::Quiet), area, buf);
        let columns = self.columns.all();
        let is_cursor = |at: usize| columns.get(at) == Some(&self.columns.cursor);
        // Differences have the same column: the first is that of the values.
        let mut slots = slots.into_iter();
        let slot = slots.find(|slot| view.of[slot.column].is_some_and(is_cursor));
        if let Some(slot) = slot.filter(|_| pane.focused) {
            let title = Rect {
                x: area.x.saturating_add(slot.x as u16),
                width: slot.width as u16,
                height: 1,
                ..area
            };
            let style = context.theme.style(Role::Cursor);
            let style = style.patch(context.theme.style(Role::Strong));
            restyle(buf, title.intersection(area), style);
        }
    }

    pub(super) fn table_view(&self, context: &Context<'_>, items: &[Item], pane: Pane) -> View {
        self.table(context, items, usize::from(self.parts(pane).titles.width))
    }

    /// The columns in which something is to be seen.
    pub(super) fn columns_there(
        &self,
        context: &Context<'_>,
        items: &[Item],
        pane: Pane,
    ) -> Vec<usize> {
        let columns = self.columns.all();
        let cells = usize::from(self.parts(pane).titles.width);
        let (whole, of) = self.whole(context, items, &columns, cells);
        let widths = whole.least_widths().into_iter().zip(of);
        let there = widths.filter(|(width, _)| *width > 0);
        let mut there: Vec<usize> = there.filter_map(|(_, of)| of).collect();
        there.dedup();
        there
    }

    /// The columns that can be seen, the one with the cursor among them.
    fn window(&self, columns: &[Column], wide: &[usize], room: usize) -> Range<usize> {
        let fits = |first: usize| {
            let mut used = 0;
            let shown = wide[first..].iter().take_while(|wide| {
                used += **wide;
                used <= room
            });
            first + shown.count()
        };
        let cursor = columns.iter().position(|c| *c == self.columns.cursor);
        let cursor = cursor.unwrap_or(0);
        let mut first = self.columns.first.min(cursor);
        while first < cursor && fits(first) <= cursor {
            first += 1;
        }
        // No room stays empty that a column fits into.
        while first > 0 && fits(first) == wide.len() && fits(first - 1) == wide.len() {
            first -= 1;
        }
        first..fits(first)
    }

    /// All columns.
    fn whole(
        &self,
        context: &Context<'_>,
        items: &[Item],
        columns: &[Column],
        cells: usize,
    ) -> (Table, Vec<Option<usize>>) {
        let base = context.baseline.and_then(|id| {
            let brief = self.known.brief(id)?;
            Some((context.store.run(id)?, brief))
        });
        let run = |item: &Item| match item {
            Item::Group(..) => None,
            Item::Run(place) => context.store.run(self.order.entries[*place].id),
        };
        let runs: Vec<Option<&Run>> = items.iter().map(run).collect();
        let names = items.iter().map(|item| match item {
            Item::Group(..) => Vec::new(),
            Item::Run(place) => vec![self.name_cell(context, *place)],
        });
        let mut rows: Vec<Vec<Vec<Span>>> = names.collect();
        let mut shapes = vec![(
            Shape {
                title: self.title(&Column::Fact(Fact::Name)),
                align: Align::Apart,
                least: (cells / 5).clamp(14, 30),
                most: 48,
                optional: false,
            },
            None,
        )];
        for (at, column) in columns.iter().enumerate() {
            let beside = base.filter(|_| column.is_measured());
            let instead = beside.filter(|_| cells < BESIDE);
            let drawn = self.column(context, column, &runs, base, instead, cells);
            shapes.push((self.shape(column, &drawn), Some(at)));
            for (row, cell) in rows.iter_mut().zip(drawn) {
                row.extend(cell);
            }
            if let Some(base) = beside.filter(|_| instead.is_none()) {
                let differences = runs
                    .iter()
                    .map(|run| run.map(|run| self.difference(context, column, run, base)));
                for (row, cell) in rows.iter_mut().zip(differences) {
                    row.extend(cell);
                }
                shapes.push((difference_shape(), Some(at)));
            }
        }
        let of = shapes.iter().map(|(_, of)| *of).collect();
        let column = |(shape, _): (Shape, _)| table::Column {
            title: shape.title,
            align: shape.align,
            least: shape.least,
            most: shape.most,
            rank: 0,
            optional: shape.optional,
        };
        let table = Table {
            columns: shapes.into_iter().map(column).collect(),
            rows,
            gap: 2,
            fill: None,
        };
        (table, of)
    }

    /// The cells of a column, one for each run; with differences instead of values, if so.
    fn column(
        &self,
        context: &Context<'_>,
        column: &Column,
        runs: &[Option<&Run>],
        base: Option<(&Run, &Brief)>,
        instead: Option<(&Run, &Brief)>,
        cells: usize,
    ) -> Vec<Option<Vec<Span>>> {
        let cell = |run: &Run| {
            if let Some(base) = instead.filter(|(base, _)| base.id != run.id) {
                let difference = self.difference(context, column, run, base);
                if !difference.is_empty() {
                    return difference;
                }
            }
            self.cell(context, column, run, base.map(|(run, _)| run), cells)
        };
        runs.iter().map(|run| run.map(cell)).collect()
    }

    fn cell(
        &self,
        context: &Context<'_>,
        column: &Column,
        run: &Run,
        base: Option<&Run>,
        cells: usize,
    ) -> Vec<Span> {
        let theme = context.theme;
        let Some(brief) = self.known.brief(run.id) else {
            let unknown = Span::new("…", theme.style(Role::Quiet));
            return Vec::from_iter((*column == Column::Fact(Fact::State)).then_some(unknown));
        };
        if *column == Column::Fact(Fact::Course) {
            let course = brief.primary.as_ref().and_then(|p| course(run, p, SPARK));
            let course = course.map(|course| Span::new(course, theme.style(Role::Quiet)));
            return course.into_iter().collect();
        }
        let held = self.cells.cell(column, run, &self.known, context);
        let mut text = held.text;
        if *column == Column::Fact(Fact::Done) && cells >= SHARES && !text.is_empty() {
            text = match look::share(&brief.progress) {
                Some(share) => format!("{text} {:>4} %", (share * 100.0 + 1e-9).floor()),
                None => format!("{text}{:7}", ""),
            };
        }
        if text.is_empty() {
            return Vec::new();
        }
        let role = match column {
            Column::Param(key) => match base {
                Some(base) => match compare::param(base, key) {
                    Some(other) if other != text => Role::Strong,
                    Some(_) => Role::Quiet,
                    None => value_role(brief),
                },
                None => value_role(brief),
            },
            _ => role(column, brief),
        };
        let best = *column == Column::Fact(Fact::Best) && self.judge.is_best(run.id);
        let role = if best { Role::Strong } else { role };
        let broken = held.value.is_some_and(|value| !value.is_finite());
        let role = if broken { Role::Bad } else { role };
        vec![Span::new(Safe::new(&text), theme.style(role))]
    }

    /// How a run differs from the one that others are measured against; nothing for that one.
    fn difference(
        &self,
        context: &Context<'_>,
        column: &Column,
        run: &Run,
        (base, base_brief): (&Run, &Brief),
    ) -> Vec<Span> {
        if run.id == base.id {
            return Vec::new();
        }
        // Losses of different names are no measure of each other.
        let loss = |brief: &Brief| brief.primary.as_ref().map(|p| p.name.clone());
        if matches!(column, Column::Fact(_))
            && self.known.brief(run.id).and_then(loss) != loss(base_brief)
        {
            return Vec::new();
        }
        let value = |run: &Run| self.cells.cell(column, run, &self.known, context).value;
        let values = value(run).zip(value(base));
        let found = values.and_then(|(value, base)| compare::difference(column, value, base));
        let Some(found) = found else {
            return Vec::new();
        };
        let role = match found.better {
            Some(true) => Role::Good,
            Some(false) => Role::Bad,
            None => Role::Quiet,
        };
        let style = context.theme.style(role);
        vec![Span::new(Safe::new(&found.text), style)]
    }

    /// The name of a column, with an arrow when runs are sorted by it.
    fn title(&self, column: &Column) -> Safe {
        let title = self.column_name(column);
        match &self.sort {
            Some(sort) if sort.column == *column => safe!("{title} {}", sort.arrow()),
            _ => title,
        }
    }

    pub(super) fn column_name(&self, column: &Column) -> Safe {
        match column {
            Column::Fact(fact) => Safe::fixed(fact.name()),
            Column::Metric(name, Of::Last) => Safe::new(name),
            Column::Metric(name, Of::Best) => safe!("best {}", Safe::new(name)),
            Column::Metric(name, Of::BestAt) => safe!("@best {}", Safe::new(name)),
            Column::Param(key) => self.short_key(key),
        }
    }

    /// The last part of a dotted key, unless another column ends like it.
    fn short_key(&self, key: &str) -> Safe {
        let end = |key: &str| key.rsplit(['.', '/']).next().map(str::to_owned);
        let short = end(key);
        let clashes = self.columns.all().iter().any(|other| {
            other.name() != key && (end(&other.name()) == short || Some(other.name()) == short)
        });
        match short {
            Some(short) if !clashes => Safe::new(&short),
            _ => Safe::new(key),
        }
    }

    fn shape(&self, column: &Column, drawn: &[Option<Vec<Span>>]) -> Shape {
        let (align, least, most, optional) = match column {
            Column::Fact(fact) => fact_shape(*fact),
            Column::Metric(_, Of::BestAt) => (Align::Right, 0, 0, false),
            Column::Metric(..) => (Align::Point, 5, 0, false),
            Column::Param(_) => {
                let mut texts = drawn.iter().flatten().flatten();
                if texts.all(|span| is_number(span.text.as_str())) {
                    (Align::Point, 0, 0, false)
                } else {
                    (Align::Left, 10, 24, false)
                }
            }
        };
        let grouped = self.listing.group_titles();
        let project = *column == Column::Fact(Fact::Project) && !self.columns.are_chosen();
        Shape {
            title: self.title(column),
            align,
            // Nothing is as wide as nothing: the groups have the projects for titles.
            least,
            most: if project && grouped { 0 } else { most },
            optional: optional && !self.columns.are_chosen(),
        }
    }
}

fn difference_shape() -> Shape {
    Shape {
        title: Safe::fixed("diff"),
        align: Align::Point,
        least: 4,
        most: 0,
        optional: false,
    }
}

/// How texts stand, at least and at most so wide, and whether the column goes when nothing is in it.
const fn fact_shape(fact: Fact) -> (Align, usize, usize, bool) {
    match fact {
        Fact::Name => (Align::Apart, 18, 48, false),
        Fact::State => (Align::Left, 9, 9, false),
        Fact::Done => (Align::Right, 5, 0, false),
        Fact::Last | Fact::Best => (Align::Point, 5, 0, false),
        Fact::BestAt | Fact::Duration => (Align::Right, 0, 0, false),
        Fact::Course => (Align::Left, SPARK, SPARK, true),
        Fact::Age => (Align::Right, 3, 0, false),
        Fact::Started => (Align::Right, 5, 0, true),
        Fact::Rows | Fact::NonFinite => (Align::Right, 0, 0, true),
        Fact::Project => (Align::Path, 16, 36, true),
        Fact::Host => (Align::Left, 14, 24, true),
        Fact::Tags => (Align::Left, 12, 40, true),
    }
}

/// Values are to be read, what explains them is quiet.
fn role(column: &Column, brief: &Brief) -> Role {
    match column {
        Column::Fact(Fact::State) if brief.gone => Role::Quiet,
        Column::Fact(Fact::State) => match brief.state {
            State::Running if is_broken(brief) => Role::Bad,
            state => look::state_role(state),
        },
        Column::Fact(Fact::NonFinite) => Role::Bad,
        Column::Fact(
            Fact::BestAt | Fact::Age | Fact::Started | Fact::Project | Fact::Host | Fact::Tags,
        )
        | Column::Metric(_, Of::BestAt) => Role::Quiet,
        _ => value_role(brief),
    }
}

/// Values of runs that are of no interest any more are quiet.
fn value_role(brief: &Brief) -> Role {
    if is_past(brief) {
        Role::Quiet
    } else {
        Role::Text
    }
}
