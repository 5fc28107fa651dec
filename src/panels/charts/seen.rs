//! What of the charts is seen, and where: worked out for one frame or one key.

use std::ops::Range;
use std::rc::Rc;

use ratatui::layout::Rect;

use super::Charts;
use super::draw::padded;
use super::grid::{Density, Grid};
use super::kept::Kept;
use super::view::View;
use crate::figure::{Grouped, Memory, Plan, Settings, Source};
use crate::insight::axis::XAxis;
use crate::insight::charts::Chart;
use crate::panels::{Context, Marked, Pane};
use crate::record::RunId;
use crate::widgets::frame;
use crate::widgets::plot::Dots;
use crate::widgets::theme::Theme;

/// The charts that are seen, and where.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    /// The run that is shown, and those that are laid over it.
    pub(super) sources: Vec<Source<'a>>,
    /// All that are listed, with their numbers in the overview.
    pub(super) charts: Vec<(usize, &'a Chart)>,
    pub(super) selected: usize,
    pub(super) grid: Grid,
    pub(super) page: Range<usize>,
    pub(super) slots: Vec<Rect>,
    /// Where the legend is, if there are several runs.
    pub(super) legend: Rect,
    pub(super) settings: Settings,
    pub(super) axis: XAxis,
    pub(super) dots: Dots,
    pub(super) theme: &'a Theme,
    kept: Rc<Kept>,
    /// What is kept is of what is seen.
    holds: bool,
}

/// Of a group no more runs are drawn, nor of all groups together: a frame must stay quick. The
/// legend says of how many the mean is.
const MEMBERS_MOST: usize = 64;
const DRAWN_MOST: usize = 96;
/// With fewer lines than this there is none for a legend.
const TALL: u16 = 10;

impl Charts {
    pub(super) fn seen<'a>(&self, context: &Context<'a>, pane: Pane) -> Option<Seen<'a>> {
        let sources = sources(context)?;
        let overview = sources.first()?.overview;
        let chart = |at: &usize| Some((*at, overview.charts.get(*at)?));
        let charts: Vec<(usize, &Chart)> = self.shown.iter().filter_map(chart).collect();
        let last = charts.len().checked_sub(1)?;
        let mut within = padded(frame::inside(pane.area));
        let lines = u16::from(sources.len() > 1 && within.height >= TALL);
        let legend = Rect {
            height: lines,
            ..within
        };
        within.y += lines;
        within.height -= lines;
        let selected = self.selected.min(last);
        let (grid, shown, slots) = if self.alone {
            let grid = Grid::new(Rect::ZERO, charts.len(), Density::ONE);
            (grid, selected..selected + 1, vec![within])
        } else {
            let grid = Grid::new(within, charts.len(), self.density);
            let shown = grid.page(selected);
            let slots = grid.slots(&shown);
            (grid, shown, slots)
        };
        let (dots, theme) = (self.dots(context.theme), context.theme);
        Some(Seen {
            settings: self.chosen.settings(&sources, context.zone),
            axis: self.chosen.axis(&sources),
            dots,
            theme,
            holds: self.kept.is_of(&sources, dots, theme),
            kept: Rc::clone(&self.kept),
            selected,
            sources,
            charts,
            grid,
            page: shown,
            slots,
            legend,
        })
    }

    fn dots(&self, theme: &Theme) -> Dots {
        match self.dots {
            Some(dots) if !theme.ascii => dots,
            _ if theme.ascii => Dots::Ascii,
            _ => Dots::Braille,
        }
    }
}

impl<'a> Seen<'a> {
    pub(super) fn chart(&self) -> (usize, &'a Chart) {
        self.charts[self.selected]
    }

    /// Where a chart of the page is, without its title.
    pub(super) fn chart_area(&self, at: usize) -> Rect {
        let slot = at.checked_sub(self.page.start);
        let slot = slot.and_then(|slot| self.slots.get(slot)).copied();
        self.below_title(slot.unwrap_or(Rect::ZERO))
    }

    /// What a title leaves of a place. That of the only chart stands on the frame.
    pub(super) fn below_title(&self, slot: Rect) -> Rect {
        if self.page.len() == 1 || slot.height == 0 {
            return slot;
        }
        Rect {
            y: slot.y + 1,
            height: slot.height - 1,
            ..slot
        }
    }

    /// The selected chart.
    pub(super) fn selected_view(&self) -> Rc<View> {
        self.view(self.selected, self.chart_area(self.selected))
    }

    /// Whether nothing of what is seen must be worked out.
    pub(super) fn is_kept(&self) -> bool {
        self.holds && self.kept.has_all(self)
    }

    /// The run that is shown.
    pub(super) fn source(&self) -> &Source<'a> {
        &self.sources[0]
    }

    /// What figures of one of the listed charts are made from; `columns` as on the screen.
    pub(super) fn plan(&self, at: usize) -> Plan<'_> {
        let slot = at
            .checked_sub(self.page.start)
            .and_then(|at| self.slots.get(at));
        let cells = slot.map_or(0, |slot| slot.width);
        let columns = u32::from(cells) * u32::from(self.dots.across());
        let (_, chart) = self.charts[at];
        Plan::new(&self.sources, &self.settings, &chart.quantity, columns)
    }

    /// A chart of the page as it is drawn into an area.
    pub(super) fn view(&self, at: usize, area: Rect) -> Rc<View> {
        let kept = self.kept_view(at, area);
        kept.unwrap_or_else(|| self.view_anew(at, area, None))
    }

    /// The same, if it need not be worked out.
    pub(super) fn kept_view(&self, at: usize, area: Rect) -> Option<Rc<View>> {
        let (number, chart) = self.charts[at];
        let found = self
            .kept
            .find(number, &chart.quantity, area, &self.settings);
        found.filter(|_| self.holds)
    }

    /// The same, worked out; a memory has nothing of runs that changed.
    pub(super) fn view_anew(&self, at: usize, area: Rect, memory: Option<&Memory>) -> Rc<View> {
        let (number, chart) = self.charts[at];
        let plan = Plan {
            memory,
            ..self.plan(at)
        };
        Rc::new(View::of(&plan, chart, number, self.dots, area))
    }

    /// What was kept last.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The charts of the page.
    pub(super) fn on_page(&self) -> &[(usize, &'a Chart)] {
        &self.charts[self.page.clone()]
    }
}

/// The run that is shown and those that are marked, as far as they have been looked at. The runs of
/// a group follow each other.
pub(super) fn sources<'a>(context: &Context<'a>) -> Option<Vec<Source<'a>>> {
    let (run, overview) = context.current()?;
    let is_own = |marked: &&Marked| marked.run == run.id && marked.group.is_none();
    let own = context.marked.iter().find(is_own);
    let mut sources = vec![Source {
        run,
        overview,
        letter: own.map(|own| own.letter),
        hue: own.map_or(0, |own| own.hue),
        group: None,
    }];
    let groups = context
        .marked
        .iter()
        .filter(|marked| marked.group.is_some());
    let most = (DRAWN_MOST / groups.count().max(1)).min(MEMBERS_MOST);
    for marked in context.marked.iter().filter(|marked| !is_own(marked)) {
        let source = |run: RunId, group: Option<Grouped<'a>>| {
            Some(Source {
                run: context.store.run(run)?,
                overview: context.overview(run)?,
                letter: Some(marked.letter),
                hue: marked.hue,
                group,
            })
        };
        let Some(group) = &marked.group else {
            sources.extend(source(marked.run, None));
            continue;
        };
        let grouped = Grouped {
            title: group.title.as_str(),
            count: group.runs.len(),
        };
        let drawn = spread(&group.runs, most);
        sources.extend(drawn.filter_map(|run| source(run, Some(grouped))));
    }
    Some(sources)
}

/// At most so many runs, from all of the group.
fn spread(runs: &[RunId], most: usize) -> impl Iterator<Item = RunId> + '_ {
    let count = runs.len().min(most);
    (0..count).map(move |at| runs[at * runs.len() / count])
}
