//! The streams of a run as a table: what each key counts, and its last, least, most and best.

use std::io::{self, Write};

use super::documents::Picture;
use super::report::title;
use super::table::{Columns, Side};
use super::{number, text};
use crate::insight::metric::Role;
use crate::insight::series::Series;
use crate::store::{Column, Stream};

const CELLS: usize = 9;
const STREAM: usize = 0;
const KEY: usize = 1;
const INDENT: usize = 2;
const GAP: usize = 2;
const LEAST: usize = 8;
const TITLES: [&str; CELLS] = [
    "stream", "key", "values", "last", "min", "max", "best", "", "",
];

type Row = [String; CELLS];

pub(super) fn write(picture: &Picture<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let run = picture.run;
    if run.streams.is_empty() {
        return Ok(());
    }
    let rows = run.rows();
    let plural = if rows == 1 { "row" } else { "rows" };
    title(
        out,
        "Streams",
        &format!("{} · {} {plural}", run.streams.len(), number::grouped(rows)),
    )?;
    let mut table: Vec<Row> = vec![TITLES.map(str::to_owned)];
    for stream in run.metrics() {
        let own = picture
            .all
            .iter()
            .filter(|s| std::ptr::eq(s.stream, stream));
        add(
            &mut table,
            stream,
            own.map(|series| measured(picture, series)),
        );
    }
    for stream in run.tracks() {
        add(&mut table, stream, stream.columns().iter().map(recorded));
    }
    print(&mut table, width, out)
}

fn add(table: &mut Vec<Row>, stream: &Stream, columns: impl Iterator<Item = Row>) {
    let name = if stream.name.is_empty() {
        "(root)".to_owned()
    } else {
        text::safe(&stream.name)
    };
    let before = table.len();
    table.extend(columns);
    if before == table.len() {
        table.push(Row::default());
        table[before][2] = number::grouped(stream.rows());
    }
    // The name stands once, before the first of its keys.
    table[before][STREAM] = name;
}

fn measured(picture: &Picture<'_>, series: &Series<'_>) -> Row {
    let mut row = recorded(series.column);
    if let Some(best) = series.best() {
        row[6] = number::human(best.value);
        row[7] = format!(
            "@ {}",
            number::human(series.position(picture.run, best).value)
        );
    }
    let role = match series.metric.role {
        Role::Measure => "",
        role => role.name(),
    };
    if !role.is_empty() && row[8].is_empty() {
        role.clone_into(&mut row[8]);
    }
    row
}

fn recorded(column: &Column) -> Row {
    let live = column.live();
    let or_none = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number::human);
    [
        String::new(),
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
        (_, 0) => remarks.push("no numbers".to_owned()),
        (others, _) => remarks.push(format!("{} no numbers", number::grouped(others))),
    }
    remarks.join(", ")
}

fn print(table: &mut [Row], width: usize, out: &mut dyn Write) -> io::Result<()> {
    let right = Side::Right;
    let sides = [
        Side::Left,
        Side::Left,
        right,
        right,
        right,
        right,
        right,
        Side::Left,
        Side::Left,
    ];
    let mut columns = Columns::new(&sides);
    columns.fit_all(table);
    // Names give way to numbers: first the longer of the two columns of names.
    let numbers = columns.width_without(STREAM, GAP) - columns.width(KEY) - GAP + INDENT + GAP;
    let room = width.saturating_sub(numbers).max(2 * LEAST);
    let (stream, key) = (columns.width(STREAM), columns.width(KEY));
    if stream + key > room {
        let short = stream.min(key).min(room / 2).max(LEAST);
        let (stream, key) = if stream <= key {
            (short, room - short)
        } else {
            (room - short, short)
        };
        columns.set_width(STREAM, stream.min(columns.width(STREAM)));
        columns.set_width(KEY, key.min(columns.width(KEY)));
    }
    for row in table {
        row[STREAM] = text::elide_start(&row[STREAM], columns.width(STREAM));
        row[KEY] = text::elide_start(&row[KEY], columns.width(KEY));
        columns.write(out, INDENT, GAP, row)?;
    }
    Ok(())
}
