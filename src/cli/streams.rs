//! The streams of a run as a table: what each key counts, and its last, least, most and best.

use std::io::{self, Write};

use super::documents::Picture;
use super::report::title;
use super::table::{Columns, Side};
use super::{number, print};
use crate::insight::metric::Role;
use crate::insight::series::Series;
use crate::record::StreamKind;
use crate::store::{Column, Stream};
use crate::widgets::Safe;
use crate::widgets::text::safe;

const CELLS: usize = 8;
const KEY: usize = 0;
const INDENT: usize = 4;
const LEAST: usize = 16;
const TITLES: [&str; CELLS] = ["", "values", "last", "min", "max", "best", "", ""];
const LAST: usize = 2;
const BEST_AT: usize = 6;

type Row = [Safe; CELLS];

pub(super) fn write(picture: &Picture<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let run = picture.run;
    if run.streams.is_empty() {
        return Ok(());
    }
    title(
        out,
        "Streams",
        &safe!("{} · {}", run.streams.len(), rows_text(run.rows())),
    )?;
    let mut table: Vec<(Safe, Vec<Row>)> = Vec::new();
    for stream in run.metrics() {
        let own = picture
            .all
            .iter()
            .filter(|s| std::ptr::eq(s.stream, stream));
        table.push((
            heading(stream),
            own.map(|series| measured(picture, series)).collect(),
        ));
    }
    for stream in run.tracks() {
        table.push((
            heading(stream),
            stream.columns().iter().map(recorded).collect(),
        ));
    }
    write_table(table, width, out)
}

fn rows_text(rows: u64) -> String {
    let plural = if rows == 1 { "row" } else { "rows" };
    format!("{} {plural}", number::grouped(rows))
}

fn heading(stream: &Stream) -> Safe {
    let name = match stream.name.as_str() {
        "" => "(root)",
        name => name,
    };
    let kind = if stream.kind == StreamKind::Track {
        "track, "
    } else {
        ""
    };
    safe!("{name}  {kind}{}", rows_text(stream.rows()))
}

fn measured(picture: &Picture<'_>, series: &Series<'_>) -> Row {
    let mut row = recorded(series.column);
    if let Some(last) = series.last() {
        row[LAST] = Safe::new(&number::human(last));
    }
    if let Some(best) = series.best() {
        let at = number::human(series.position(picture.run, best).value);
        row[5] = Safe::new(&number::human(best.value));
        row[6] = safe!("@ {at}");
    }
    let role = match series.metric.role {
        Role::Measure => "",
        role => role.name(),
    };
    if !role.is_empty() && row[7].is_empty() {
        row[7] = role.into();
    }
    row
}

fn recorded(column: &Column) -> Row {
    let live = column.live();
    let or_none =
        |value: Option<f64>| value.map_or("–".into(), |value| Safe::new(&number::human(value)));
    [
        Safe::new(&column.key),
        Safe::new(&number::grouped(column.count().max(column.others))),
        or_none(live.last),
        or_none(live.min.map(|e| e.value)),
        or_none(live.max.map(|e| e.value)),
        Safe::default(),
        Safe::default(),
        remarks(column),
    ]
}

fn remarks(column: &Column) -> Safe {
    let mut remarks = Vec::new();
    for (name, count) in [
        ("NaN", column.nan()),
        ("Inf", column.pos_inf()),
        ("-Inf", column.neg_inf()),
    ] {
        if count > 0 {
            remarks.push(safe!("{name} ×{}", number::grouped(count)));
        }
    }
    match column.restart_count() {
        0 => {}
        1 => remarks.push("restarted".into()),
        count => remarks.push(safe!("restarted ×{}", number::grouped(count))),
    }
    match (column.others, column.count()) {
        (0, _) => {}
        (_, 0) => remarks.push("no number".into()),
        (others, _) => remarks.push(safe!("{} without a number", number::grouped(others))),
    }
    Safe::join(&remarks, ", ")
}

fn write_table(table: Vec<(Safe, Vec<Row>)>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let sides = {
        use Side::{Left, Right};
        [Left, Right, Right, Right, Right, Right, Left, Left]
    };
    let mut columns = Columns::new(&sides).close_up(BEST_AT);
    let titles = TITLES.map(Safe::fixed);
    columns.fit(&titles);
    for (_, rows) in &table {
        columns.fit_all(rows);
    }
    // Names give way to numbers.
    let room = width.saturating_sub(columns.width_without(KEY) + INDENT);
    columns.set_width(KEY, columns.width(KEY).min(room.max(LEAST)));
    columns.write(out, INDENT, &titles)?;
    for (heading, rows) in table {
        print::indented(out, 2, &heading.elide_start(width.saturating_sub(2)))?;
        for mut row in rows {
            row[KEY] = row[KEY].elide_start(columns.width(KEY));
            columns.write(out, INDENT, &row)?;
        }
    }
    Ok(())
}
