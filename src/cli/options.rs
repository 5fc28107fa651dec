//! What can be asked on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  ml-dash-top                               watch the runs below the current folder
  ml-dash-top ~/vision/.dash 'runs/seed-*'  …or below a root, or those that a pattern matches
  train.py | ml-dash-top -                  watch rows from standard input
  ml-dash-top list ~/vision/.dash           the runs below a root, as a table
  ml-dash-top list 'runs/seed-*' --json     the runs that a pattern matches, for a script
  ml-dash-top list --filter 'lr>1e-3 -old' --sort val.loss    some runs, the best first
  ml-dash-top list --follow --json          one line of JSON whenever a run changes
  ml-dash-top show resnet50-baseline        the summary of one run, by its name
  ml-dash-top show .dash/alice/vision/vit   …or by its path
  ml-dash-top read vit eval --start 100     the points of the stream `eval` from number 100 on
  ml-dash-top export vit --out vit.csv      all points of a run as a table
  ml-dash-top demo                          a simulated lab, to try it on
";

const DEMO_EXAMPLES: &str = "\
Examples:
  ml-dash-top demo                    a lab that trains while you look
  ml-dash-top demo --speed 5          five times as fast
  ml-dash-top demo --keep lab         its files stay in the folder `lab`
";

const EXPORT_EXAMPLES: &str = "\
Examples:
  ml-dash-top export vit --metric 'val/*' --out val.csv   a table for pandas or a spreadsheet
  ml-dash-top export vit swin --metric loss               the losses of two runs, as CSV
  ml-dash-top export vit --format jsonl | jq .value       an object on each line
  ml-dash-top export vit swin --metric loss --smooth 0.9 --out loss.svg   both in one chart
";

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was read
  1  no run was found
  2  the command line is wrong, RUN is ambiguous, a file is there already, or the
     terminal can show no screen
  3  some files could not be read or written; standard error names them
  128 and more: a signal ended it, 130 for SIGINT, 143 for SIGTERM";

/// Watch machine-learning training runs in the terminal.
///
/// Reads what ml-dash, ML-Logger and per-epoch writers leave on disk. Nothing is
/// written there, nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(
    name = "ml-dash-top",
    version,
    args_conflicts_with_subcommands = true,
    before_long_help = EXAMPLES,
    after_long_help = EXIT_CODES,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Options {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub list: ListOptions,
    #[command(flatten)]
    pub look: LookOptions,
}

/// How the screen looks.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Screen")]
pub(super) struct LookOptions {
    /// Colours of the screen [default: after the terminal's background]
    #[arg(
        long,
        value_name = "THEME",
        value_enum,
        hide_possible_values = true,
        help = "auto, dark, light, high-contrast or mono [default: auto]"
    )]
    pub theme: Option<ThemeName>,
    /// Whether there are colours at all
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        hide_possible_values = true,
        help = "Colours: auto, always or never [default: auto]"
    )]
    pub color: Option<When>,
    /// Draw with the characters of ASCII only
    #[arg(long)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Open the screen even where TERM says that it cannot be shown
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    Auto,
    Dark,
    Light,
    HighContrast,
    Mono,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List runs: state, progress, best and last validation loss
    List(ListOptions),
    /// Show one run: summary, parameters, logs, files, data health
    Show(ShowOptions),
    /// Print the points of one stream
    Read(ReadOptions),
    /// Write series of runs as a table, or their charts as a picture
    #[command(before_long_help = EXPORT_EXAMPLES)]
    Export(ExportOptions),
    /// Open the screen on a small simulated lab: nothing else is needed
    #[command(before_long_help = DEMO_EXAMPLES)]
    Demo(DemoOptions),
}

#[derive(Args, Clone, Debug)]
pub(super) struct ListOptions {
    /// Roots, projects, runs, .jsonl files, patterns, or - for standard input
    /// [default: what is found in the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Go on and print a line whenever a run changes
    #[arg(long)]
    pub follow: bool,
    #[command(flatten)]
    pub pick: PickOptions,
    #[command(flatten)]
    pub common: Common,
    /// End --follow after so many seconds.
    #[arg(long = "for", value_name = "SECONDS", hide = true, value_parser = seconds)]
    pub duration: Option<f64>,
}

/// Which runs are listed, and in which order.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PickOptions {
    /// Only runs that match: words, 'lr>=1e-3', 'val.loss<0.2', state=failed, tag:x, -word
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// The best first, or 'COLUMN up', 'COLUMN down': a metric, a parameter, age, name
    #[arg(long, value_name = "COLUMN", conflicts_with = "follow")]
    pub sort: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ShowOptions {
    /// A run: its path, its path below a root, its name, or a part that no other run has
    pub run: OsString,
    /// Where to look for the run [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to look for the run; can be repeated
    #[arg(long = "in", value_name = "PATH")]
    pub roots: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ReadOptions {
    /// A run: its path, its path below a root, its name, or a part that no other run has
    pub run: OsString,
    /// A stream: its name or a part that no other stream has; "" is the root stream
    pub stream: String,
    /// Where to look for the run [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to look for the run; can be repeated
    #[arg(long = "in", value_name = "PATH")]
    pub roots: Vec<PathBuf>,
    /// The index of the first point, from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub start: u64,
    /// How many points at most [default: all]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ExportOptions {
    /// Runs: their paths, names, or parts that no other run has
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<OsString>,
    /// Only these series: by name (val/loss), quantity (loss) or pattern; can be repeated
    #[arg(long = "metric", value_name = "GLOB")]
    pub metrics: Vec<String>,
    /// csv, jsonl or svg [default: after the ending of FILE, else csv]
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    pub format: Option<FormatName>,
    /// Write into this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace FILE if it is there
    #[arg(long)]
    pub force: bool,
    /// Where to look for the runs [default: the current folder]; can be repeated
    #[arg(long = "in", value_name = "PATH")]
    pub roots: Vec<PathBuf>,
    #[command(flatten)]
    pub picture: PictureOptions,
    #[command(flatten)]
    pub common: Common,
}

/// What is only about pictures.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Pictures (--format svg)")]
pub(super) struct PictureOptions {
    /// What the x axis counts: epoch, step, time, clock or row
    #[arg(long, value_name = "AXIS", value_enum, hide_possible_values = true)]
    pub x: Option<AxisName>,
    /// Only what is between two places on the x axis
    #[arg(long, value_name = "FROM:TO", value_parser = window, allow_hyphen_values = true)]
    pub window: Option<(f64, f64)>,
    /// Smooth the lines: the weight of what was before, from 0 to below 1
    #[arg(long, value_name = "WEIGHT", value_parser = weight)]
    pub smooth: Option<f64>,
    /// Logarithmic y axes
    #[arg(long)]
    pub log: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    Csv,
    Jsonl,
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AxisName {
    Epoch,
    Step,
    Time,
    Clock,
    Row,
}

#[derive(Args, Clone, Debug)]
pub(super) struct DemoOptions {
    /// How many times faster than usual it trains
    #[arg(long, value_name = "X", default_value = "1", value_parser = speed)]
    pub speed: f64,
    /// The same number makes the same losses
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write into this folder and leave it there [default: a temporary folder that goes away]
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub look: LookOptions,
    /// Without a terminal: go on for so many seconds after the list.
    #[arg(long = "for", value_name = "SECONDS", hide = true, value_parser = seconds)]
    pub duration: Option<f64>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Common {
    /// Memory for exact values, e.g. 64M or 1G
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    pub max_mem: usize,
    /// Threads that read files [default: 2, or fewer where there are fewer cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Rows are looked at closely: keep as many as there is memory for.
    #[arg(skip)]
    pub exact: bool,
    /// Take this for the current time, in seconds since 1970.
    #[arg(long, value_name = "SECONDS", hide = true, value_parser = seconds)]
    pub now: Option<f64>,
}

impl Common {
    /// The current time, in seconds since 1970.
    pub(super) fn now(&self) -> f64 {
        self.now.unwrap_or_else(super::terminal::now)
    }

    pub(super) fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or(cores.min(2), usize::from)
    }
}

/// `256M`, `1.5GiB`, `1000000` → bytes. The units count in 1024.
fn size(text: &str) -> Result<usize, String> {
    let wrong = || "expected a size such as 64M, 1G or 500000".to_owned();
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let unit = unit.trim().to_ascii_lowercase();
    let factor = match unit.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        "t" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = number * factor;
    if bytes.is_finite() && bytes < 1e18 {
        Ok(bytes as usize)
    } else {
        Err(wrong())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err("expected a number of seconds".to_owned()),
    }
}

fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..1.0).contains(&value) => Ok(value),
        _ => Err("expected a weight from 0 to below 1".to_owned()),
    }
}

/// `100:200`
fn window(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let ends = text.split_once(':');
    let ends = ends.and_then(|(from, to)| Some((number(from)?, number(to)?)));
    ends.filter(|(from, to)| from < to)
        .ok_or_else(|| "expected two numbers, the lower one first, such as 100:200".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.1..=100.0).contains(&value) => Ok(value),
        _ => Err("expected a number from 0.1 to 100".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_options_are_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn short_help_fits_a_screen() {
        for name in ["", "list", "show", "read", "export", "demo"] {
            let mut command = Options::command();
            let command = command
                .find_subcommand_mut(name)
                .cloned()
                .unwrap_or_else(Options::command);
            let help = command.term_width(80).render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
        }
    }

    #[test]
    fn long_help_starts_with_examples() {
        let help = Options::command().render_long_help().to_string();
        assert!(help.starts_with("Examples:"), "{help}");
        assert!(help.contains("Exit codes:"));
    }

    #[test]
    fn no_subcommand_lists() {
        let options = Options::try_parse_from(["ml-dash-top", "runs", "--json"]).expect("valid");
        assert!(options.command.is_none());
        assert_eq!(options.list.paths, [PathBuf::from("runs")]);
        assert!(options.list.json);
    }

    #[test]
    fn sizes() {
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("1GiB"), Ok(1 << 30));
        assert_eq!(size("1.5k"), Ok(1536));
        assert_eq!(size("500000"), Ok(500_000));
        for wrong in ["", "M", "1X", "-1", "1e3", "99999999T"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
