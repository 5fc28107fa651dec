//! The streams of a run as a table: what each key counts, and its last, least, most and best.

use std::io::{self, Write};

use super::documents::Picture;
use super::report::title;
use super::table::{Columns, Side};
use super::{number, text};
use crate::insight::metric::Role;
use crate::insight::series::Series;
use crate::record::StreamKind;
use crate::store::{Column, Stream};

const CELLS: usize = 8;
const KEY: usize = 0;
const INDENT: usize = 4;
const LEAST: usize = 16;
const TITLES: [&str; CELLS] = ["", "values", "last", "min", "max", "best", "", ""];
const BEST_AT: usize = 6;

type Row = [String; CELLS];

pub(super) fn write(picture: &Picture<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let run = picture.run;
    if run.streams.is_empty() {
        return Ok(());
    }
    title(
        out,
        "Streams",
        &format!("{} · {}", run.streams.len(), rows_text(run.rows())),
    )?;
    let mut table: Vec<(String, Vec<Row>)> = Vec::new();
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
    print(table, width, out)
}

fn rows_text(rows: u64) -> String {
    let plural = if rows == 1 { "row" } else { "rows" };
    format!("{} {plural}", number::grouped(rows))
}

fn heading(stream: &Stream) -> String {
    let name = if stream.name.is_empty() {
        "(root)".to_owned()
    } else {
        text::safe(&stream.name)
    };
    let kind = if stream.kind == StreamKind::Track {
        "track, "
    } else {
        ""
    };
    format!("{name}  {kind}{}", rows_text(stream.rows()))
}

fn measured(picture: &Picture<'_>, series: &Series<'_>) -> Row {
    let mut row = recorded(series.column);
    if let Some(best) = series.best() {
        row[5] = number::human(best.value);
        row[6] = format!(
            "@ {}",
            number::human(series.position(picture.run, best).value)
        );
    }
    let role = match series.metric.role {
        Role::Measure => "",
        role => role.name(),
    };
    if !role.is_empty() && row[7].is_empty() {
        role.clone_into(&mut row[7]);
    }
    row
}

fn recorded(column: &Column) -> Row {
    let live = column.live();
    let or_none = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number::human);
    [
        text::safe(&column.key),
        number::grouped(column.count().max(column.others)),
        or_none(live.last),
        or_none(live.min.map(|e| e.value)),
        or_none(live.max.map(|e| e.value)),
        String::new(),
        String::new(),
        remarks(column),
    ]
}

fn remarks(column: &Column) -> String {
    let mut remarks = Vec::new();
    for (name, count) in [
        ("NaN", column.nan()),
        ("Inf", column.pos_inf()),
        ("-Inf", column.neg_inf()),
    ] {
        if count > 0 {
            remarks.push(format!("{name} ×{}", number::grouped(count)));
        }
    }
    match column.restart_count() {
        0 => {}
        1 => remarks.push("restarted".to_owned()),
        count => remarks.push(format!("restarted ×{}", number::grouped(count))),
    }
    match (column.others, column.count()) {
        (0, _) => {}
        (_, 0) => remarks.push("no number".to_owned()),
        (others, _) => remarks.push(format!("{} without a number", number::grouped(others))),
    }
    remarks.join(", ")
}

fn print(table: Vec<(String, Vec<Row>)>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let sides = {
        use Side::{Left, Right};
        [Left, Right, Right, Right, Right, Right, Left, Left]
    };
    let mut columns = Columns::new(&sides).close_up(BEST_AT);
    columns.fit(&TITLES);
    for (_, rows) in &table {
        columns.fit_all(rows);
    }
    // Names give way to numbers.
    let room = width.saturating_sub(columns.width_without(KEY) + INDENT);
    columns.set_width(KEY, columns.width(KEY).min(room.max(LEAST)));
    columns.write(out, INDENT, &TITLES)?;
    for (heading, rows) in table {
        writeln!(
            out,
            "  {}",
            text::elide_start(&heading, width.saturating_sub(2))
        )?;
        for mut row in rows {
            row[KEY] = text::elide_start(&row[KEY], columns.width(KEY));
            columns.write(out, INDENT, &row)?;
        }
    }
    Ok(())
}
