//! Tables of points for other programs: one line a point, in CSV or as JSON objects.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::json::{self, Digits, Measured};
use crate::formats::Spelled;
use crate::widgets::Safe;

/// What a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// As RFC 4180 has it, but lines end with a line feed alone.
    Csv,
    /// An object on each line.
    Jsonl,
}

/// One point. Of what a row does not name there is nothing.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) names: &'a Names,
    /// The number of the row in its stream.
    pub(super) index: u64,
    pub(super) step: Option<Spelled<'a>>,
    pub(super) epoch: Option<Spelled<'a>>,
    /// Seconds since 1970.
    pub(super) time: Option<f64>,
    pub(super) value: Spelled<'a>,
    /// A restart made it void.
    pub(super) superseded: bool,
}

/// The names of a run and a series as the table has them.
#[derive(Debug)]
pub(super) struct Names {
    run: String,
    metric: String,
}

/// The columns, in their order.
#[derive(Debug, Serialize)]
struct Object<'a> {
    run: &'a str,
    metric: &'a str,
    index: u64,
    step: Option<Digits<'a>>,
    epoch: Option<Digits<'a>>,
    time: Option<Measured>,
    value: Digits<'a>,
    superseded: bool,
}

const HEADER: &str = "run,metric,index,step,epoch,time,value,superseded\n";

impl Table {
    pub(super) fn begin(self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Csv => out.write_all(HEADER.as_bytes()),
            Self::Jsonl => Ok(()),
        }
    }

    pub(super) fn names(self, run: &str, metric: &str) -> Names {
        let name = |name: &str| match self {
            Self::Csv => field(name),
            Self::Jsonl => name.to_owned(),
        };
        Names {
            run: name(run),
            metric: name(metric),
        }
    }

    pub(super) fn line(self, line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Csv => csv(line, out),
            Self::Jsonl => jsonl(line, out),
        }
    }
}

fn csv(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Names { run, metric } = line.names;
    let [step, epoch] = [line.step, line.epoch].map(|place| place.map_or("".into(), plain));
    write!(out, "{run},{metric},{},{step},{epoch},", line.index)?;
    if let Some(time) = line.time {
        write!(out, "{time}")?;
    }
    let value = plain(line.value);
    writeln!(out, ",{value},{}", line.superseded)
}

fn jsonl(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    json::write_line(
        out,
        &Object {
            run: &line.names.run,
            metric: &line.names.metric,
            index: line.index,
            step: line.step.map(digits),
            epoch: line.epoch.map(digits),
            time: line.time.map(Measured),
            value: digits(line.value),
            superseded: line.superseded,
        },
    )
}

fn digits(spelled: Spelled<'_>) -> Digits<'_> {
    Digits {
        text: spelled.text,
        value: spelled.value,
    }
}

/// The digits of a number; whatever else a file may take for one is written as a number.
fn plain(spelled: Spelled<'_>) -> Cow<'_, str> {
    let is_digits = |c: u8| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b'.' | b'e' | b'E');
    match spelled.value {
        value if value.is_nan() => "NaN".into(),
        _ if spelled.text.bytes().all(is_digits) => spelled.text.into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        value => value.to_string().into(),
    }
}

/// Text as a field: harmless in a terminal, on one line, and no formula in a spreadsheet.
fn field(text: &str) -> String {
    let safe = Safe::new(text);
    let text = safe.as_str();
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = format!("{}{text}", if formula { "'" } else { "" });
    if text.contains([',', '"']) || text.trim() != text {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_harmless_and_no_formulas() {
        let table = [
            ("train/loss", "train/loss"),
            ("a, b", "\"a, b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            (" blank", "\" blank\""),
            ("two\nlines\r", "two⏎lines␍"),
            ("\x1b]0;title\x07", "␛]0;title␇"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1,A2)", "\"'@SUM(A1,A2)\""),
            ("-x", "'-x"),
            ("漢🧪", "漢🧪"),
        ];
        for (text, expected) in table {
            assert_eq!(field(text), expected);
        }
    }

    #[test]
    fn a_point_has_eight_columns() {
        let spelled = |text, value| Spelled { text, value };
        let table = [
            (spelled("0.10", 0.1), "0.10", "0.10"),
            (spelled("NaN", f64::NAN), "NaN", "\"NaN\""),
            (
                spelled("-Infinity", f64::NEG_INFINITY),
                "-Infinity",
                "\"-Infinity\"",
            ),
            (spelled("1e400", f64::INFINITY), "1e400", "\"Infinity\""),
            (spelled("1E5", 1e5), "1E5", "1E5"),
        ];
        for (value, in_csv, in_json) in table {
            let text = |table: Table| {
                let line = Line {
                    names: &table.names("run, a", "loss"),
                    index: 7,
                    step: Some(spelled("5", 5.0)),
                    epoch: None,
                    time: Some(1_795_159_590.5),
                    value,
                    superseded: true,
                };
                let mut out = Vec::new();
                table.line(&line, &mut out).expect("writing to memory");
                String::from_utf8(out).expect("UTF-8")
            };
            let csv = format!("\"run, a\",loss,7,5,,1795159590.5,{in_csv},true\n");
            assert_eq!(text(Table::Csv), csv);
            let head = r#"{"run":"run, a","metric":"loss","index":7,"step":5,"epoch":null,"time":1795159590.5,"#;
            assert_eq!(
                text(Table::Jsonl),
                format!("{head}\"value\":{in_json},\"superseded\":true}}\n")
            );
        }
    }
}
