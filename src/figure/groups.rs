//! Runs that are drawn as one: which of their lines belong together, and what is told of them.

use super::build::{Drawn, Plan};
use super::crowd::{Member, merged};
use super::names::{Kind, Named};
use super::reduce::{Cell, Columns};
use super::{Curve, Here, strokes};
use crate::insight::number;
use crate::widgets::axis::Scale;

/// Of how many of its runs the lines of a group are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowd {
    pub letter: Option<char>,
    pub title: String,
    pub drawn: usize,
    pub of: usize,
}

impl Crowd {
    /// `×3`, or `2 of 3` where some have nothing to draw here.
    pub fn count(&self) -> String {
        if self.drawn == self.of {
            format!("×{}", self.of)
        } else {
            format!("{} of {}", self.drawn, self.of)
        }
    }
}

impl Plan<'_> {
    /// The groups, and how many of their runs have this quantity and this axis.
    pub(super) fn crowds(&self, drawn: &[Drawn<'_>]) -> Vec<Crowd> {
        let mut has = vec![false; self.sources.len()];
        for drawn in drawn.iter().filter(|drawn| drawn.has_places) {
            has[drawn.source] = true;
        }
        let mut crowds: Vec<Crowd> = Vec::new();
        for (source, has) in self.sources.iter().zip(has) {
            let Some(group) = source.group else { continue };
            let known = crowds.last_mut();
            if let Some(crowd) = known.filter(|crowd| crowd.letter == source.letter) {
                crowd.drawn += usize::from(has);
                continue;
            }
            crowds.push(Crowd {
                letter: source.letter,
                title: group.title.to_owned(),
                drawn: usize::from(has),
                of: group.count,
            });
        }
        crowds
    }

    /// The lines that are drawn as one, by their numbers.
    pub(super) fn together(&self, drawn: &[Drawn<'_>]) -> Vec<Vec<usize>> {
        let mut found: Vec<(Option<char>, Kind<'_>, Vec<usize>)> = Vec::new();
        for (at, drawn) in drawn.iter().enumerate() {
            let source = &self.sources[drawn.source];
            if drawn.line.band || source.group.is_none() {
                continue;
            }
            let kind = Named::of(drawn.chart, source, true).kind(drawn.line);
            let same = |known: &&mut (_, _, _)| (known.0, known.1) == (source.letter, kind);
            match found.iter_mut().find(same) {
                Some((_, _, lines)) => lines.push(at),
                None => found.push((source.letter, kind, vec![at])),
            }
        }
        found.into_iter().map(|(_, _, lines)| lines).collect()
    }

    /// The mean of some lines, and the range from the lowest to the highest of them.
    pub(super) fn group_curve(
        &self,
        drawn: &[Drawn<'_>],
        lines: &[usize],
        groups: &[Crowd],
        scale: Scale,
    ) -> Curve {
        let lines = || lines.iter().map(|at| &drawn[*at]);
        let members: Vec<Member<'_>> = lines().map(|drawn| Member::of(&drawn.reduced)).collect();
        let cells = merged(&members, self.columns, scale);
        // That with most lines says best what they are called.
        let told = lines().max_by_key(|drawn| (drawn.chart.lines.len(), usize::MAX - drawn.source));
        let told = told.unwrap_or(&drawn[0]);
        let source = &self.sources[told.source];
        let named = Named::of(told.chart, source, true);
        let mut crowds = groups.iter();
        let crowd = crowds.find(|crowd| crowd.letter == source.letter);
        let dotted = named.is_dotted(told.line);
        // Two areas of one colour would not be told apart: the line that tells less has none.
        let spreads = !dotted && cells.iter().any(|cell| cell.low < cell.high);
        let newest = lines().filter_map(|drawn| drawn.line.last);
        let mut texts = lines().map(|drawn| drawn.line.last_text.as_str());
        let as_percent = texts.all(|text| text.is_empty() || text.ends_with('%'));
        let (last, last_is_bad) = mean(newest, as_percent);
        Curve {
            name: named.name(told.at),
            run: crowd.map(|crowd| format!("{} {}", crowd.title, crowd.count())),
            hue: named.tone(told.at),
            split: told.line.split,
            dotted,
            line: cells.iter().map(Cell::point).collect(),
            band: if spreads {
                strokes::spans(&cells, scale)
            } else {
                Vec::new()
            },
            raw: Vec::new(),
            superseded: Vec::new(),
            last,
            last_is_bad,
            here: self.settings.cursor.map(|place| self.among(&cells, place)),
        }
    }

    /// What is drawn at the cursor. Rows of different runs hardly ever stand at one place, so that it
    /// is the column that has a mean and not the place.
    fn among(&self, cells: &[Cell], place: f64) -> Here {
        let column = Columns::new(self.x, self.columns).of(place);
        let at = column.and_then(|column| {
            let found = cells.binary_search_by_key(&column, |cell| cell.column);
            cells.get(found.ok()?)
        });
        at.map_or(Here::NoPoint, |cell| Here::Among {
            mean: cell.mean,
            low: cell.low,
            high: cell.high,
        })
    }
}

/// The mean of the finite ones, as people read it; whether there are only others. It is a percentage
/// where all of them are read as such.
fn mean(values: impl Iterator<Item = f64>, as_percent: bool) -> (String, bool) {
    let (mut mean, mut count, mut bad) = (0.0, 0.0, None);
    for value in values {
        if value.is_finite() {
            count += 1.0;
            mean = mean * (1.0 - 1.0 / count) + value / count;
        } else {
            bad = Some(value);
        }
    }
    if count > 0.0 {
        let text = if as_percent {
            number::percent(mean)
        } else {
            number::human(mean)
        };
        return (text, false);
    }
    (bad.map(number::human).unwrap_or_default(), bad.is_some())
}
