//! Commands that are typed with what they need to know: `:y 0 2.5`, `:export csv loss.csv`.

use std::path::PathBuf;

use super::PanelId;

/// What can be asked by typing only.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// Charts: the y axis of this chart from one value to another, or by itself again.
    YLimits(Option<(f64, f64)>),
    YScale(ScaleName),
    XAxis(AxisName),
    /// Charts: the weight of what was before, below 1; 0 smooths nothing.
    Smooth(f64),
    /// Charts: from one place along the x axis to another, or everything.
    Window(Option<(f64, f64)>),
    /// Charts: so many of the newest epochs, steps or seconds.
    Tail(f64),
    /// Charts: rows and columns, or as many as suit.
    Grid(Option<(u16, u16)>),
    Export(Export),
    /// Runs: by the column of this name.
    Sort(Sorting),
    /// Runs: the columns of the table, by their names; none means the usual ones.
    Columns(Vec<String>),
    Group(GroupName),
}

/// In which order runs are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// As they lie on disk.
    Place,
    By {
        column: String,
        /// The largest first, or the smallest; nothing: what is better.
        falling: Option<bool>,
    },
}

/// What runs are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// By nothing.
    Off,
    /// By project, as long as nobody chose.
    Project,
    Folder,
    /// By the value of this parameter.
    Param(String),
}

/// What is to be written, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub format: Format,
    /// Nothing means: a name made from those of the run and the chart.
    pub file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
    Svg,
    Txt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisName {
    Epoch,
    Step,
    Time,
    Clock,
    Row,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleName {
    Linear,
    Log,
    SymLog,
}

/// A row of the table of typed commands.
#[derive(Clone, Copy, Debug)]
pub struct Typing {
    /// The word it starts with.
    pub name: &'static str,
    /// What follows it: `LOW HIGH`.
    pub usage: &'static str,
    /// What it does.
    pub words: &'static str,
    pub panel: PanelId,
    /// Reads what follows; says what was expected instead.
    pub parse: fn(&str) -> Result<Typed, String>,
}

/// Every command that is typed with arguments.
pub const TYPINGS: &[Typing] = &[
    charts(
        "y",
        "LOW HIGH | auto",
        "limits of this chart's y axis",
        y_limits,
    ),
    charts(
        "scale",
        "linear | log | symlog",
        "y axis of this chart",
        scale,
    ),
    charts(
        "x",
        "epoch | step | time | clock | row",
        "the x axis",
        x_axis,
    ),
    charts(
        "smooth",
        "WEIGHT | off",
        "smooth the lines, from 0 to below 1",
        smooth,
    ),
    charts(
        "window",
        "FROM TO | all",
        "only what is between two places",
        window,
    ),
    charts(
        "tail",
        "LENGTH",
        "only the newest epochs, steps or seconds",
        tail,
    ),
    charts(
        "grid",
        "ROWSxCOLUMNS | auto",
        "how many charts are on a page",
        grid,
    ),
    charts(
        "export",
        "csv | jsonl | svg | txt [FILE]",
        "the charts to a file",
        export,
    ),
    runs(
        "sort",
        "COLUMN [up | down] | off",
        "sort the runs by a column",
        sort,
    ),
    runs(
        "columns",
        "COLUMNS | usual",
        "the columns of the table of runs",
        columns,
    ),
    runs(
        "group",
        "project | folder | PARAMETER | off",
        "the groups of runs",
        group,
    ),
];

/// The typed command whose name a text starts with, and what follows the name.
pub fn typing_for(text: &str) -> Option<(&'static Typing, &str)> {
    let (name, rest) = text.trim_start().split_once(char::is_whitespace)?;
    let typing = TYPINGS.iter().find(|typing| typing.name == name)?;
    Some((typing, rest.trim()))
}

const fn charts(
    name: &'static str,
    usage: &'static str,
    words: &'static str,
    parse: fn(&str) -> Result<Typed, String>,
) -> Typing {
    Typing {
        name,
        usage,
        words,
        panel: PanelId::Charts,
        parse,
    }
}

const fn runs(
    name: &'static str,
    usage: &'static str,
    words: &'static str,
    parse: fn(&str) -> Result<Typed, String>,
) -> Typing {
    Typing {
        name,
        usage,
        words,
        panel: PanelId::Runs,
        parse,
    }
}

fn y_limits(text: &str) -> Result<Typed, String> {
    limits(text, "auto").map(Typed::YLimits)
}

fn window(text: &str) -> Result<Typed, String> {
    limits(text, "all").map(Typed::Window)
}

fn scale(text: &str) -> Result<Typed, String> {
    let scale = match text {
        "linear" | "lin" => ScaleName::Linear,
        "log" => ScaleName::Log,
        "symlog" => ScaleName::SymLog,
        _ => return Err(format!("\"{text}\" is no scale: linear, log or symlog")),
    };
    Ok(Typed::YScale(scale))
}

fn x_axis(text: &str) -> Result<Typed, String> {
    let axis = match text {
        "epoch" => AxisName::Epoch,
        "step" => AxisName::Step,
        "time" => AxisName::Time,
        "clock" => AxisName::Clock,
        "row" => AxisName::Row,
        _ => {
            return Err(format!(
                "\"{text}\" is no x axis: epoch, step, time, clock or row"
            ));
        }
    };
    Ok(Typed::XAxis(axis))
}

fn smooth(text: &str) -> Result<Typed, String> {
    if text == "off" {
        return Ok(Typed::Smooth(0.0));
    }
    let weight = number(text)?;
    if (0.0..1.0).contains(&weight) {
        Ok(Typed::Smooth(weight))
    } else {
        Err(format!("a weight is from 0 to below 1, not {text}"))
    }
}

fn tail(text: &str) -> Result<Typed, String> {
    let length = number(text)?;
    if length > 0.0 {
        Ok(Typed::Tail(length))
    } else {
        Err(format!("a length is above 0, not {text}"))
    }
}

fn grid(text: &str) -> Result<Typed, String> {
    if text == "auto" {
        return Ok(Typed::Grid(None));
    }
    let count = |text: &str| {
        let count = text.trim().parse::<u16>().ok();
        count.filter(|count| (1..=MOST_CHARTS).contains(count))
    };
    let sides = text.split_once(['x', '×', ' ']);
    let sides = sides.and_then(|(rows, columns)| Some((count(rows)?, count(columns)?)));
    match sides {
        Some(sides) => Ok(Typed::Grid(Some(sides))),
        None => Err(format!(
            "\"{text}\" is no grid: rows and columns from 1 to {MOST_CHARTS}, as 2x3, or auto"
        )),
    }
}

fn export(text: &str) -> Result<Typed, String> {
    let (format, file) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let format = match format {
        "csv" => Format::Csv,
        "jsonl" => Format::Jsonl,
        "svg" => Format::Svg,
        "txt" => Format::Txt,
        _ => return Err(format!("\"{format}\" is no format: csv, jsonl, svg or txt")),
    };
    let file = Some(file.trim()).filter(|file| !file.is_empty());
    Ok(Typed::Export(Export {
        format,
        file: file.map(PathBuf::from),
    }))
}

fn sort(text: &str) -> Result<Typed, String> {
    if text == "off" {
        return Ok(Typed::Sort(Sorting::Place));
    }
    let (column, falling) = match text.rsplit_once(char::is_whitespace) {
        Some((column, "up")) => (column, Some(false)),
        Some((column, "down")) => (column, Some(true)),
        _ => (text, None),
    };
    if column.is_empty() {
        return Err("expected the name of a column".to_owned());
    }
    let column = column.trim().to_owned();
    Ok(Typed::Sort(Sorting::By { column, falling }))
}

fn columns(text: &str) -> Result<Typed, String> {
    match text {
        "" => Err("expected names of columns, or usual".to_owned()),
        "usual" => Ok(Typed::Columns(Vec::new())),
        _ => Ok(Typed::Columns(
            text.split_whitespace().map(str::to_owned).collect(),
        )),
    }
}

fn group(text: &str) -> Result<Typed, String> {
    let group = match text {
        "" => return Err("expected project, folder, a parameter, or off".to_owned()),
        "off" => GroupName::Off,
        "project" => GroupName::Project,
        "folder" => GroupName::Folder,
        _ => GroupName::Param(text.to_owned()),
    };
    Ok(Typed::Group(group))
}

/// Charts side by side, or one above the other, at most.
const MOST_CHARTS: u16 = 12;

fn limits(text: &str, none: &str) -> Result<Option<(f64, f64)>, String> {
    if text == none {
        return Ok(None);
    }
    let expected = || format!("expected two numbers or {none}, not \"{text}\"");
    let mut words = text.split_whitespace();
    let (low, high) = words.next().zip(words.next()).ok_or_else(expected)?;
    if words.next().is_some() {
        return Err(expected());
    }
    let (low, high) = (number(low)?, number(high)?);
    if low < high {
        Ok(Some((low, high)))
    } else {
        Err(format!("{low} is not below {high}"))
    }
}

/// A finite number, as people write it.
fn number(text: &str) -> Result<f64, String> {
    let number = text.replace('_', "").parse::<f64>().ok();
    let finite = number.filter(|number| number.is_finite());
    finite.ok_or_else(|| format!("\"{text}\" is no number"))
}

impl Typing {
    /// The words that it knows: `auto`, `csv`.
    pub fn words_known(&self) -> impl Iterator<Item = &'static str> {
        let forms = self.usage.split('|');
        let first = forms.filter_map(|form| form.split_whitespace().next());
        // What is written in capitals stands for something else.
        first.filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
    }
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Jsonl, Self::Svg, Self::Txt];

    /// How files in it end.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Svg => "svg",
            Self::Txt => "txt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<Typed, String> {
        let (typing, rest) = typing_for(text).expect("a command");
        (typing.parse)(rest)
    }

    #[test]
    fn what_is_typed_is_read() {
        assert_eq!(typed("y 0 2.5"), Ok(Typed::YLimits(Some((0.0, 2.5)))));
        assert_eq!(
            typed("y -1e-3   1_000"),
            Ok(Typed::YLimits(Some((-1e-3, 1e3))))
        );
        assert_eq!(typed("y auto"), Ok(Typed::YLimits(None)));
        assert_eq!(
            typed("window 100 200"),
            Ok(Typed::Window(Some((100.0, 200.0))))
        );
        assert_eq!(typed("window all"), Ok(Typed::Window(None)));
        assert_eq!(typed(" smooth  0.85 "), Ok(Typed::Smooth(0.85)));
        assert_eq!(typed("smooth off"), Ok(Typed::Smooth(0.0)));
        assert_eq!(typed("x clock"), Ok(Typed::XAxis(AxisName::Clock)));
        assert_eq!(typed("scale symlog"), Ok(Typed::YScale(ScaleName::SymLog)));
        assert_eq!(typed("tail 500"), Ok(Typed::Tail(500.0)));
        assert_eq!(typed("grid 2x3"), Ok(Typed::Grid(Some((2, 3)))));
        assert_eq!(typed("grid 2 3"), Ok(Typed::Grid(Some((2, 3)))));
        assert_eq!(typed("grid auto"), Ok(Typed::Grid(None)));
        let export = |file: Option<&str>| {
            Ok(Typed::Export(Export {
                format: Format::Csv,
                file: file.map(PathBuf::from),
            }))
        };
        assert_eq!(typed("export csv"), export(None));
        assert_eq!(typed("export csv my loss.csv"), export(Some("my loss.csv")));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, told) in [
            ("y 2 1", "2 is not below 1"),
            ("y 1", "expected two numbers or auto, not \"1\""),
            ("y 1 2 3", "expected two numbers or auto, not \"1 2 3\""),
            ("y one 2", "\"one\" is no number"),
            ("y 0 inf", "\"inf\" is no number"),
            ("smooth 1", "a weight is from 0 to below 1, not 1"),
            ("smooth NaN", "\"NaN\" is no number"),
            ("tail 0", "a length is above 0, not 0"),
            (
                "grid 0x3",
                "\"0x3\" is no grid: rows and columns from 1 to 12, as 2x3, or auto",
            ),
            ("export pdf", "\"pdf\" is no format: csv, jsonl, svg or txt"),
            ("scale sqrt", "\"sqrt\" is no scale: linear, log or symlog"),
        ] {
            assert_eq!(typed(text), Err(told.to_owned()), "{text}");
        }
        assert!(typing_for("y").is_none(), "it needs to know more");
        assert!(typing_for("yy 1 2").is_none());
        assert_eq!(typing_for(" y ").map(|(_, rest)| rest), Some(""));
    }

    #[test]
    fn every_known_word_is_a_whole_argument() {
        let mut words = Vec::new();
        for typing in TYPINGS {
            for word in typing.words_known() {
                assert!((typing.parse)(word).is_ok(), "{} {word}", typing.name);
                words.push(word);
            }
        }
        assert_eq!(
            words.join(" "),
            "auto linear log symlog epoch step time clock row off all auto csv jsonl svg txt off usual project folder off"
        );
    }

    #[test]
    fn no_name_stands_for_two_commands() {
        for typing in TYPINGS {
            let same = TYPINGS.iter().filter(|other| other.name == typing.name);
            assert_eq!(same.count(), 1, "{}", typing.name);
        }
    }
}
