//! Charts of runs as a picture.

use std::collections::BTreeSet;

use super::export::names;
use super::options::{AxisName, Common, PictureOptions};
use super::select::Chosen;
use super::{Stop, print, terminal};
use crate::export::points;
use crate::export::svg::{COLUMNS, Sheet, svg};
use crate::figure::{self, Figure, Scaling, Settings, Source};
use crate::insight::axis::XAxis;
use crate::insight::overview::Overview;
use crate::store::Look;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// A picture, and how many charts are on it.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) svg: String,
    charts: usize,
}

/// More charts than this are no picture but a book.
const MOST_CHARTS: usize = 60;

impl Picture {
    pub(super) fn told(&self) -> Safe {
        points::counted(self.charts as u64, "chart")
    }
}

/// Draws the charts of these quantities, with all runs in each of them.
pub(super) fn draw(
    runs: &mut [Chosen],
    quantities: &BTreeSet<String>,
    options: &PictureOptions,
    common: &Common,
) -> Result<Picture, Stop> {
    let now = common.now();
    let overviews: Vec<Overview> = runs
        .iter()
        .map(|run| Overview::of(run.run(), now))
        .collect();
    if let Some(weight) = options.smooth.filter(|weight| *weight > 0.0) {
        for (run, overview) in runs.iter_mut().zip(&overviews) {
            run.look(&looks(overview, quantities, weight));
        }
    }
    let runs: &[Chosen] = runs;
    let axis = axis(options.x, &overviews)?;
    let zone = terminal::zone();
    let settings = Settings {
        axis,
        window: options.window,
        smoothing: options.smooth.unwrap_or(0.0),
        scales: scales(options, quantities),
        zone: zone.clone(),
        ..Settings::default()
    };
    let all: Vec<&str> = wanted(&overviews, quantities);
    if all.len() > MOST_CHARTS {
        print::complain(&[safe!(
            "only the first {MOST_CHARTS} of {} charts are drawn; --metric chooses others",
            all.len()
        )]);
    }
    let figures: Vec<Figure> = all
        .into_iter()
        .take(MOST_CHARTS)
        .flat_map(|quantity| {
            let settings = Settings {
                only: Some(vec![quantity.to_owned()]),
                ..settings.clone()
            };
            figure::figures(&sources(runs, &overviews, quantity), &settings, COLUMNS)
        })
        .collect();
    // Several have their names beside their lines.
    let title = names(runs).pop().filter(|_| runs.len() == 1);
    Ok(Picture {
        svg: svg(&figures, &Sheet::new(title.as_deref(), &zone)),
        charts: figures.len(),
    })
}

/// The quantities in the order of the charts of the first run that has them.
fn wanted<'a>(overviews: &'a [Overview], quantities: &BTreeSet<String>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for chart in overviews.iter().flat_map(|overview| &overview.charts) {
        let quantity = chart.quantity.as_str();
        if quantities.contains(quantity) && !all.contains(&quantity) {
            all.push(quantity);
        }
    }
    all
}

/// The runs with the letters that they have in every chart; those first that have the quantity.
fn sources<'a>(runs: &'a [Chosen], overviews: &'a [Overview], quantity: &str) -> Vec<Source<'a>> {
    let several = runs.len() > 1;
    let source = |(at, (run, overview)): (usize, (&'a Chosen, &'a Overview))| Source {
        run: run.run(),
        overview,
        letter: ('A'..='Z').nth(at).filter(|_| several),
        hue: at as u8,
        group: None,
    };
    let mut sources: Vec<Source<'a>> = runs.iter().zip(overviews).enumerate().map(source).collect();
    let lacks = |s: &Source<'_>| {
        !s.overview
            .charts
            .iter()
            .any(|chart| chart.quantity == quantity)
    };
    sources.sort_by_key(lacks);
    sources
}

/// All lines of these charts, to be smoothed.
fn looks(overview: &Overview, quantities: &BTreeSet<String>, weight: f64) -> Vec<Look> {
    let charts = overview
        .charts
        .iter()
        .filter(|chart| quantities.contains(&chart.quantity));
    let lines = charts
        .take(MOST_CHARTS)
        .flat_map(|chart| &chart.lines)
        .filter(|line| !line.band);
    let look = |line: &crate::insight::charts::Line| Look {
        run: overview.run,
        stream: line.stream,
        column: line.column,
        smoothing: Some(weight),
        rows: None,
    };
    lines.map(look).collect()
}

fn scales(
    options: &PictureOptions,
    quantities: &BTreeSet<String>,
) -> std::collections::BTreeMap<String, Scaling> {
    let chosen = quantities.iter().filter(|_| options.log);
    chosen
        .map(|quantity| (quantity.clone(), Scaling::Log))
        .collect()
}

/// The axis that was asked for, if any run has it.
fn axis(wanted: Option<AxisName>, overviews: &[Overview]) -> Result<Option<XAxis>, Stop> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let axis = match wanted {
        AxisName::Epoch => XAxis::Epoch,
        AxisName::Step => XAxis::Step,
        AxisName::Time => XAxis::Time,
        AxisName::Clock => XAxis::Clock,
        AxisName::Row => XAxis::Row,
    };
    let has = |axis: XAxis| overviews.iter().any(|o| o.axes.range(axis).is_some());
    if has(axis) {
        return Ok(Some(axis));
    }
    let others = XAxis::ALL.into_iter().filter(|axis| has(*axis));
    let others: Vec<Safe> = others.map(|axis| Safe::fixed(axis.name())).collect();
    Err(Stop::Usage(vec![safe!(
        "the rows have no {}; --x can be {}",
        axis.name(),
        Safe::join(&others, ", ")
    )]))
}
