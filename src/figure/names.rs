//! What the lines of a chart are called, and which colours they have.

use super::{Source, Tone};
use crate::insight::axis::XAxis;
use crate::insight::charts::{Chart, Line};
use crate::insight::clock::Zone;
use crate::insight::metric::Split;
use crate::insight::number;

/// The lines of one chart, told apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    chart: &'a Chart,
    /// There is more than one line, or the only one has a split.
    several: bool,
    /// Among several runs: which of them.
    run: Option<(Option<char>, u8)>,
}

/// What tells a line from the others of its chart, whatever it is called in other runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Only,
    Split(Split),
    Named(&'a str),
}

impl<'a> Named<'a> {
    /// `overlaid`: charts of other runs lie over this one.
    pub(super) fn of(chart: &'a Chart, source: &Source<'_>, overlaid: bool) -> Self {
        let lines = || chart.lines.iter().filter(|line| !line.band);
        let split = lines().any(|line| line.split.is_some()) && !overlaid;
        Self {
            chart,
            several: lines().count() > 1 || split,
            run: overlaid.then_some((source.letter, source.hue)),
        }
    }

    /// The name of a line; nothing when there is nothing to tell it from.
    pub(super) fn name(&self, line: usize) -> Option<String> {
        let own = self.own_name(line);
        match self.run {
            Some((Some(letter), _)) => Some(match own {
                Some(own) => format!("{letter} {own}"),
                None => letter.to_string(),
            }),
            _ => own,
        }
    }

    fn own_name(&self, line: usize) -> Option<String> {
        let line = self.several.then(|| self.chart.lines.get(line))??;
        let split = line.split.filter(|split| self.is_alone(*split));
        Some(match split {
            Some(split) => split.name().to_owned(),
            None => line.name.clone(),
        })
    }

    pub(super) fn kind(&self, line: &'a Line) -> Kind<'a> {
        let lines = || self.chart.lines.iter().filter(|line| !line.band);
        match line.split.filter(|split| self.is_alone(*split)) {
            Some(split) => Kind::Split(split),
            None if lines().count() == 1 => Kind::Only,
            None => Kind::Named(&line.name),
        }
    }

    /// The colour of a line, or of the line that a band belongs to.
    pub(super) fn tone(&self, line: usize) -> Tone {
        match self.run {
            Some((Some(_), hue)) => return Tone::Run(hue),
            Some((None, _)) => return Tone::Shown,
            None => {}
        }
        let Some(line) = self.chart.lines.get(line) else {
            return Tone::Named(String::new());
        };
        match line.split.filter(|split| self.is_alone(*split)) {
            Some(Split::Train) => Tone::Train,
            Some(Split::Val) => Tone::Val,
            Some(Split::Test) => Tone::Test,
            None if line.split.is_none() && !self.several => {
                Tone::Named(self.chart.quantity.clone())
            }
            None => Tone::Named(line.name.clone()),
        }
    }

    /// Whether a line is made of dots, because its colour is that of another one of the same run.
    pub(super) fn is_dotted(&self, line: &Line) -> bool {
        let rest = |other: &&Line| !other.band && other.split != Some(Split::Train);
        self.run.is_some()
            && line.split == Some(Split::Train)
            && self.chart.lines.iter().any(|line| rest(&line))
    }

    fn is_alone(&self, split: Split) -> bool {
        let on_split = |line: &&Line| !line.band && line.split == Some(split);
        self.chart.lines.iter().filter(on_split).count() == 1
    }
}

/// A place along an axis in words: `31`, `1h 05m`, `14:05:21`.
pub fn place_text(axis: XAxis, place: f64, zone: &Zone) -> String {
    match axis {
        XAxis::Time => number::duration(place),
        XAxis::Clock => zone.time_of_day(place),
        XAxis::Epoch | XAxis::Step | XAxis::Row => number::human(place),
    }
}
