//! Charts that were worked out before a frame, kept as long as what they were worked out from is the
//! same: a frame without news works nothing out.
//!
//! Who draws looks here first, and works out itself what does not hold any more: so a chart can be
//! late to be kept, but what is drawn is never old.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use ratatui::layout::Rect;

#[cfg(test)]
use super::Charts;
use super::seen::Seen;
use super::view::View;
use crate::figure::{Grouped, Memory, Settings, Source};
use crate::insight::overview::Overview;
use crate::panels::Context;
use crate::record::RunId;
use crate::store::Stream;
use crate::widgets::plot::Dots;
use crate::widgets::theme::Theme;

/// The charts of a page, and everything that they depend on.
#[derive(Debug, Default)]
pub(super) struct Kept {
    sources: Vec<Known>,
    settings: Settings,
    look: Option<(Dots, Theme)>,
    page: Range<usize>,
    selected: usize,
    views: Vec<Held>,
    /// Lines of the runs in `sources`, as these were.
    memory: Rc<Memory>,
}

/// A chart in its place.
#[derive(Debug)]
struct Held {
    /// Its number in the overview.
    number: usize,
    area: Rect,
    view: Rc<View>,
}

/// A run as it was.
#[derive(Debug)]
struct Known {
    run: RunId,
    overview: Rc<Overview>,
    /// Those of its streams.
    revisions: Vec<u64>,
    letter: Option<char>,
    hue: u8,
    group: Option<(String, usize)>,
}

impl Kept {
    /// Keeps all charts of the page; those that hold are not worked out anew.
    pub(super) fn of(seen: &Seen<'_>, context: &Context<'_>) -> Self {
        let known = |source: &Source<'_>| Known::of(source, context);
        let Some(sources) = seen.sources.iter().map(known).collect() else {
            return Self::default();
        };
        let memory = Rc::clone(&seen.kept().memory);
        let same = seen.kept().unchanged(&seen.sources);
        memory.forget(|run| !same.contains(&run));
        let mut news = false;
        let mut held = |at: usize| {
            let area = seen.chart_area(at);
            let view = if let Some(view) = seen.kept_view(at, area) {
                // What changes again and again is not worth it.
                view.keep_cells(seen.theme, seen.dots, context.zone);
                view
            } else {
                news = true;
                seen.view_anew(at, area, Some(&memory))
            };
            Held {
                number: seen.charts[at].0,
                area,
                view,
            }
        };
        let views = seen.page.clone().map(&mut held).collect();
        if news {
            memory.forget_unused();
        }
        Self {
            sources,
            settings: seen.settings.clone(),
            look: Some((seen.dots, seen.theme.clone())),
            page: seen.page.clone(),
            selected: seen.selected,
            views,
            memory,
        }
    }

    /// Whether charts of these runs are what they were, drawn as they are drawn now.
    pub(super) fn is_of(&self, sources: &[Source<'_>], dots: Dots, theme: &Theme) -> bool {
        let same = |(known, source): (&Known, &Source<'_>)| known.is(source);
        let look = self.look.as_ref();
        look.is_some_and(|(d, t)| *d == dots && t == theme)
            && self.sources.len() == sources.len()
            && self.sources.iter().zip(sources).all(same)
    }

    /// The runs that are as they were.
    fn unchanged(&self, sources: &[Source<'_>]) -> BTreeSet<RunId> {
        let known: BTreeMap<RunId, &Known> = self.sources.iter().map(|k| (k.run, k)).collect();
        let same = |source: &&Source<'_>| {
            let known = known.get(&source.run.id);
            known.is_some_and(|known| known.has_same_data(source))
        };
        sources.iter().filter(same).map(|s| s.run.id).collect()
    }

    /// Whether everything that is seen is kept, and nothing else is asked for. It must be known that
    /// [`Self::is_of`] holds.
    pub(super) fn has_all(&self, seen: &Seen<'_>) -> bool {
        let same = |(known, source): (&Known, &Source<'_>)| known.is_this(source.overview);
        (self.selected, &self.page) == (seen.selected, &seen.page)
            && self.settings == seen.settings
            && self.sources.iter().zip(&seen.sources).all(same)
            && seen.page.clone().all(|at| {
                let (number, chart) = seen.charts[at];
                let found = self.find(number, &chart.quantity, seen.chart_area(at), &seen.settings);
                found.is_some_and(|view| view.has_cells())
            })
    }

    /// A chart in its place, if it holds. It must be known that [`Self::is_of`] holds.
    pub(super) fn find(
        &self,
        number: usize,
        quantity: &str,
        area: Rect,
        settings: &Settings,
    ) -> Option<Rc<View>> {
        let is_it = |held: &&Held| (held.number, held.area) == (number, area);
        let held = self.views.iter().find(is_it)?;
        let same = self.settings.same_for(settings, quantity);
        same.then(|| Rc::clone(&held.view))
    }
}

#[cfg(test)]
impl Charts {
    /// The same panel, which has kept nothing.
    pub(crate) fn without_kept(&self) -> Self {
        Self {
            kept: Rc::default(),
            ..self.clone()
        }
    }

    /// What is kept: others as soon as one of them was worked out anew.
    pub(crate) fn kept(&self) -> Vec<*const ()> {
        let views = self.kept.views.iter();
        views.map(|held| Rc::as_ptr(&held.view).cast()).collect()
    }
}

impl Known {
    fn of(source: &Source<'_>, context: &Context<'_>) -> Option<Self> {
        let run = source.run.id;
        let overview = context.overviews.get(run.0 as usize)?.as_ref()?;
        let streams = source.run.streams.iter();
        let group = source.group;
        Some(Self {
            run,
            overview: Rc::clone(overview),
            revisions: streams.map(Stream::revision).collect(),
            letter: source.letter,
            hue: source.hue,
            group: group.map(|Grouped { title, count }| (title.to_owned(), count)),
        })
    }

    fn is(&self, source: &Source<'_>) -> bool {
        let Source {
            run,
            overview: _,
            letter,
            hue,
            group,
        } = *source;
        let held = self.group.as_ref();
        let held = held.map(|(title, count)| Grouped {
            title,
            count: *count,
        });
        (self.run, self.letter, self.hue, held) == (run.id, letter, hue, group)
            && self.has_same_data(source)
    }

    /// Whether all is the same that is drawn of the run, whatever it is called beside others.
    fn has_same_data(&self, source: &Source<'_>) -> bool {
        let Source { run, overview, .. } = *source;
        self.run == run.id
            && self
                .revisions
                .iter()
                .copied()
                .eq(run.streams.iter().map(Stream::revision))
            && (self.is_this(overview) || draws_the_same(&self.overview, overview))
    }

    fn is_this(&self, overview: &Overview) -> bool {
        std::ptr::eq(&raw const *self.overview, overview)
    }
}

/// Whether all is the same that figures are made from. A running run is looked at anew each second,
/// and mostly only its age is another.
fn draws_the_same(one: &Overview, other: &Overview) -> bool {
    one.name == other.name
        && one.axes == other.axes
        && one.changes == other.changes
        && one.charts == other.charts
}
