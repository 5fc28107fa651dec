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
    typing(
        PanelId::Charts,
        "y",
        "LOW HIGH | auto",
        "limits of this chart's y axis",
        y_limits,
    ),
    typing(
        PanelId::Charts,
        "scale",
        "linear | log | symlog",
        "y axis of this chart",
        scale,
    ),
    typing(
        PanelId::Charts,
        "x",
        "epoch | step | time | clock | row",
        "the x axis",
        x_axis,
    ),
    typing(
        PanelId::Charts,
        "smooth",
        "WEIGHT | off",
        "smooth the lines, from 0 to below 1",
        smooth,
    ),
    typing(
        PanelId::Charts,
        "window",
        "FROM TO | all",
        "only what is between two places",
        window,
    ),
    typing(
        PanelId::Charts,
        "tail",
        "LENGTH",
        "only the newest epochs, steps or seconds",
        tail,
    ),
    typing(
        PanelId::Charts,
        "grid",
        "ROWSxCOLUMNS | auto",
        "how many charts are on a page",
        grid,
    ),
    typing(
        PanelId::Charts,
        "export",
        "csv | jsonl | svg | txt [FILE]",
        "the charts to a file",
        export,
    ),
    typing(
        PanelId::Runs,
        "sort",
        "COLUMN [up | down] | off",
        "sort the runs by a column",
        sort,
    ),
    typing(
        PanelId::Runs,
        "columns",
        "COLUMNS | usual",
        "the columns of the table of runs",
        columns,
    ),
    typing(
        PanelId::Runs,
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

const fn typing(
    panel: PanelId,
    name: &'static str,
    usage: &'static str,
    words: &'static str,
    parse: fn(&str) -> Result<Typed, String>,
) -> Typing {
    Typing {
        name,
        usage,
        words,
        panel,
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
mod tests;
