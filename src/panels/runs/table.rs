//! The table that compares runs when the panel fills the screen: a row for each run.

use super::super::Context;
use super::super::look;
use super::list::{course, name_cell, text_role};
use super::order::{Item, Order};
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::table::{Align, Column, Table};
use crate::widgets::theme::Role;

const SPARK: usize = 8;

/// Columns from this rank on are left out when nothing is in them.
const OPTIONAL: u8 = 8;

/// Titles, how the texts stand, at least and at most so wide, and the rank.
const COLUMNS: &[(&str, Align, usize, usize, u8)] = &[
    ("name", Align::Apart, 18, 60, 0),
    ("state", Align::Left, 9, 9, 1),
    ("done", Align::Right, 5, 0, 2),
    ("last", Align::Point, 5, 0, 4),
    ("best", Align::Point, 5, 0, 3),
    ("@best", Align::Right, 0, 0, 5),
    ("loss", Align::Left, SPARK, SPARK, 12),
    ("age", Align::Right, 3, 0, 6),
    ("started", Align::Right, 5, 0, 9),
    ("duration", Align::Right, 0, 0, 7),
    ("rows", Align::Right, 0, 0, 10),
    ("NaN/Inf", Align::Right, 0, 0, 8),
    ("project", Align::Path, 16, 36, 11),
    ("host", Align::Left, 14, 24, 13),
    ("tags", Align::Left, 12, 40, 14),
];

/// What is visible of the table.
pub(super) fn view(context: &Context<'_>, order: &Order, items: &[Item]) -> Table {
    let column =
        |(title, align, least, most, rank): &(&'static str, Align, usize, usize, u8)| Column {
            title: Safe::fixed(title),
            align: *align,
            least: *least,
            most: *most,
            rank: *rank,
            optional: *rank >= OPTIONAL,
        };
    let rows = items.iter().map(|item| match item {
        Item::Group(..) => Vec::new(),
        Item::Run(place) => row(context, order, *place),
    });
    Table {
        columns: COLUMNS.iter().map(column).collect(),
        rows: rows.collect(),
        gap: 2,
        fill: None,
    }
}

fn row(context: &Context<'_>, order: &Order, place: usize) -> Vec<Vec<Span>> {
    let entry = &order.entries[place];
    let name = name_cell(context, order, place);
    let (Some(run), Some(overview)) = (context.store.run(entry.id), context.overview(entry.id))
    else {
        let unknown = Span::new("…", context.theme.style(Role::Quiet));
        return vec![name, vec![unknown]];
    };
    let mut cells = vec![name];
    cells.extend(measured(context, run, overview));
    let quiet = context.theme.style(Role::Quiet);
    let tags = run.facts.tags.join(" ");
    let host = run.facts.host.clone().unwrap_or_default();
    let project = order.groups[entry.group].clone();
    cells.push(vec![Span::new(project, quiet)]);
    for text in [host, tags] {
        cells.push(vec![Span::new(Safe::new(&text), quiet)]);
    }
    cells
}

/// The cells from the state to the values that are no numbers.
fn measured(context: &Context<'_>, run: &Run, overview: &Overview) -> Vec<Vec<Span>> {
    let theme = context.theme;
    let (quiet, text) = (theme.style(Role::Quiet), theme.style(text_role(overview)));
    let one = |text: String, style| vec![Span::new(Safe::new(&text), style)];
    let done = look::done(&overview.progress);
    let progress = match look::share(&overview.progress) {
        Some(share) => format!("{done} {:>4} %", (share * 100.0 + 1e-9).floor()),
        None if done.is_empty() => done,
        None => format!("{done}{:7}", ""),
    };
    let primary = overview.primary.as_ref();
    let last = primary.map(|p| p.last_text.clone()).unwrap_or_default();
    let last_style = if look::is_broken(overview) {
        theme.style(Role::Bad)
    } else {
        text
    };
    let best = primary.map(|p| p.best_text.clone()).unwrap_or_default();
    let best_at = primary.and_then(|p| p.best_at).map(look::at);
    let non_finite = overview.nan + overview.infinite;
    let non_finite = if non_finite == 0 {
        String::new()
    } else {
        number::grouped(non_finite)
    };
    let state = theme.style(look::glyph(overview).1);
    let started = overview.started.map(|at| look::start(context, at));
    let duration = look::duration(overview).map(number::duration);
    let age = look::silence(context, overview).map(number::coarse_age);
    let course = course(run, overview, SPARK);
    vec![
        one(look::state_word(overview).to_owned(), state),
        one(progress, text),
        one(last, last_style),
        one(best, text),
        one(best_at.unwrap_or_default(), quiet),
        course.map_or_else(Vec::new, |course| {
            vec![Span::new(course, theme.style(Role::Quiet))]
        }),
        one(age.unwrap_or_default(), quiet),
        one(started.unwrap_or_default(), quiet),
        one(duration.unwrap_or_default(), text),
        one(number::grouped(overview.rows), text),
        one(non_finite, theme.style(Role::Bad)),
    ]
}
