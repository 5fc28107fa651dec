//! What the lines of the details are made of: they are made anew only when it is something else.

use std::rc::Rc;

use super::super::{Context, Marked, Pane};
use super::table;
use crate::insight::overview::Overview;
use crate::record::RunId;
use crate::widgets::theme::Palette;

/// A run at one moment.
type Seen = (RunId, Rc<Overview>);

/// What lines are made of.
#[derive(Clone, Debug)]
pub(super) struct Source {
    shown: Seen,
    /// Runs beside each other; none when the one that is shown is alone.
    beside: Vec<Seen>,
    marked: Vec<Marked>,
    baseline: Option<RunId>,
    area: (u16, u16),
    zoomed: bool,
    palette: Palette,
}

impl Source {
    /// Nothing while no run is shown of which something is known.
    pub(super) fn of(context: &Context<'_>, pane: Pane, alone: bool) -> Option<Self> {
        let with = |run: RunId| Some((run, context.overviews.get(run.0 as usize)?.clone()?));
        let shown = with(context.run?)?;
        context.store.run(shown.0)?;
        let beside = if alone {
            Vec::new()
        } else {
            table::runs(context)
        };
        let beside: Vec<_> = beside.into_iter().filter_map(with).collect();
        // Alone, a run looks the same whatever is marked.
        let marked = if beside.is_empty() {
            Vec::new()
        } else {
            context.marked.to_vec()
        };
        Some(Self {
            shown,
            marked,
            baseline: context.baseline.filter(|_| !beside.is_empty()),
            beside,
            area: (pane.area.width, pane.area.height),
            zoomed: pane.zoomed,
            palette: context.theme.palette,
        })
    }

    pub(super) fn is_beside(&self) -> bool {
        !self.beside.is_empty()
    }

    pub(super) fn shown(&self) -> (RunId, &Overview) {
        (self.shown.0, &self.shown.1)
    }

    pub(super) fn runs(&self) -> Vec<RunId> {
        self.beside.iter().map(|(run, _)| *run).collect()
    }

    /// Whether the place of the cursor means nothing any more.
    pub(super) fn is_about_others(&self, next: &Self) -> bool {
        let one_other = !next.is_beside() && self.shown.0 != next.shown.0;
        self.is_beside() != next.is_beside() || one_other
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Seen, &Seen)| a.0 == b.0 && Rc::ptr_eq(&a.1, &b.1);
        let place = |source: &Self| (source.area, source.zoomed, source.palette, source.baseline);
        same((&self.shown, &other.shown))
            && self.beside.len() == other.beside.len()
            && self.beside.iter().zip(&other.beside).all(same)
            && place(self) == place(other)
            && self.marked == other.marked
    }
}
