//! What can be copied from the list: a name, a path, a row of the table, all of it.

use super::super::{Context, Copied};
use super::Runs;
use crate::insight::compare::{Column, Fact};
use crate::insight::number;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Rows that are copied at most: more no clipboard takes.
const ROWS: usize = 1000;

impl Runs {
    pub(super) fn path(&self, context: &Context<'_>) -> Option<Copied> {
        let run = context.store.run(context.run?)?;
        let name = self.order.name(run.id).cloned().unwrap_or_default();
        Some(Copied {
            what: Safe::fixed("path of ").then(&name),
            lines: vec![Safe::path(&run.place.shown)],
        })
    }

    pub(super) fn all_copies(&self, context: &Context<'_>) -> Vec<Copied> {
        let mut copies = Vec::from_iter(self.path(context));
        let columns = self.copied_columns();
        if let Some(run) = context.run.filter(|run| self.order.name(*run).is_some()) {
            let name = self.order.name(run).cloned().unwrap_or_default();
            let row = self.row(context, &columns, run);
            copies.push(Copied {
                what: Safe::fixed("name of ").then(&name),
                lines: vec![name.clone()],
            });
            let titled = columns
                .iter()
                .zip(&row)
                .filter(|(_, text)| !text.is_empty());
            let words = titled.map(|(column, text)| safe!("{} {text}", Safe::new(&column.name())));
            copies.push(Copied {
                what: Safe::fixed("row of ").then(&name),
                lines: vec![Safe::join(&words.collect::<Vec<_>>(), "  ")],
            });
            copies.push(Copied {
                what: Safe::fixed("row as JSON of ").then(&name),
                lines: vec![json(&columns, &row)],
            });
        }
        copies.extend(self.tsv(context, &columns));
        copies
    }

    /// The columns of the table that are texts.
    fn copied_columns(&self) -> Vec<Column> {
        let name = Column::Fact(Fact::Name);
        let columns = self.columns.all().into_iter();
        let columns = columns.filter(|column| *column != Column::Fact(Fact::Course));
        std::iter::once(name).chain(columns).collect()
    }

    fn row(&self, context: &Context<'_>, columns: &[Column], id: RunId) -> Vec<Safe> {
        let Some(run) = context.store.run(id) else {
            return Vec::new();
        };
        let text = |column: &Column| {
            if *column == Column::Fact(Fact::Name) {
                return self.order.name(id).cloned().unwrap_or_default();
            }
            let cell = self.cells.cell(column, run, &self.known, context);
            Safe::new(cell.text.trim())
        };
        columns.iter().map(text).collect()
    }

    /// The table as it is shown, a row for each listed run.
    fn tsv(&self, context: &Context<'_>, columns: &[Column]) -> Option<Copied> {
        let count = self.listing.len();
        let runs = self.listing.places().filter_map(|place| self.id(place));
        let titles: Vec<Safe> = columns.iter().map(|c| Safe::new(&c.name())).collect();
        let mut lines = vec![Safe::join(&titles, "\t")];
        for run in runs.take(ROWS) {
            lines.push(Safe::join(&self.row(context, columns, run), "\t"));
        }
        let what = match count {
            0 => return None,
            1..=ROWS => safe!("table of {} runs", number::grouped(count as u64)),
            _ => safe!(
                "the first {} runs of the table",
                number::grouped(ROWS as u64)
            ),
        };
        Some(Copied { what, lines })
    }
}

/// A row as an object: what is a number stays one.
fn json(columns: &[Column], row: &[Safe]) -> Safe {
    let filled = columns.iter().zip(row).filter(|(_, text)| !text.is_empty());
    let entries = filled.map(|(column, text)| {
        let text = text.as_str();
        let plain = text.strip_prefix('-').unwrap_or(text);
        let is_number = text.parse::<f64>().is_ok_and(f64::is_finite)
            && plain.starts_with(|c: char| c.is_ascii_digit())
            && !(plain.len() > 1 && plain.starts_with('0') && !plain.starts_with("0."))
            && !plain.ends_with('.');
        let value = if is_number {
            text.to_owned()
        } else {
            quoted(text)
        };
        format!("{}: {value}", quoted(&column.name()))
    });
    let entries: Vec<String> = entries.collect();
    Safe::new(&format!("{{{}}}", entries.join(", ")))
}

/// A text in quotes; what a terminal would obey is gone from it already, or goes.
fn quoted(text: &str) -> String {
    let text = Safe::new(text);
    let escaped = text.as_str().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
