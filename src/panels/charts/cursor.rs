//! The cursor and the window: what the keys that read and zoom do.

use super::Charts;
use super::seen::Seen;
use super::window::Window;
use crate::commands::Motion;
use crate::figure::{self, Plan, Ruler};
use crate::insight::axis::XAxis;
use crate::panels::{Context, Request};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Points that a leap passes.
const LEAP: usize = 10;

impl Charts {
    /// A step to a point on the left or right; the first one enters the window from that end.
    pub(super) fn read(&mut self, right: bool, leap: bool, seen: &Seen<'_>) {
        let plan = exact_plan(seen);
        let (at, chart) = seen.chart();
        let mut ruler = Ruler::new(&plan, chart, at);
        let Some(mut place) = self.chosen.cursor else {
            let end = if right { ruler.first() } else { ruler.last() };
            self.set_cursor(end, seen);
            return;
        };
        let mut nth = self.chosen.nth;
        for _ in 0..if leap { LEAP } else { 1 } {
            // Of points at one place each is read.
            if right && nth + 1 < ruler.stacked(place) {
                nth += 1;
                continue;
            }
            if !right && nth > 0 {
                nth -= 1;
                continue;
            }
            let next = if right {
                ruler.right(place)
            } else {
                ruler.left(place)
            };
            let Some(next) = next else {
                break;
            };
            place = next;
            nth = if right { 0 } else { ruler.stacked(place) - 1 };
        }
        self.set_cursor(Some(place), seen);
        self.chosen.nth = nth;
    }

    /// To the first or the last point of the window.
    pub(super) fn read_end(&mut self, motion: Motion, seen: &Seen<'_>) {
        let plan = exact_plan(seen);
        let (at, chart) = seen.chart();
        let mut ruler = Ruler::new(&plan, chart, at);
        let end = match motion {
            Motion::Top => ruler.first(),
            _ => ruler.last(),
        };
        self.set_cursor(end, seen);
    }

    /// To the best point.
    pub(super) fn read_best(&mut self, seen: &Seen<'_>) -> Vec<Request> {
        let (_, chart) = seen.chart();
        let source = seen.source();
        let place = chart.best.as_ref().and_then(|best| {
            let line = chart.lines.get(best.line)?;
            let axes = &source.overview.axes;
            let along = axes.along(source.run, line.stream, seen.axis);
            along?.place(best.row)
        });
        if place.is_none() {
            let words = safe!("nobody knows which {} is best", chart.title);
            return vec![Request::Say(words)];
        }
        self.set_cursor(place, seen);
        Vec::new()
    }

    /// To the next value that is no number.
    pub(super) fn read_broken(&mut self, right: bool, seen: &Seen<'_>) -> Vec<Request> {
        let plan = exact_plan(seen);
        let (at, chart) = seen.chart();
        let found = Ruler::new(&plan, chart, at).broken(self.chosen.cursor, right);
        match found {
            Some(_) => {
                self.set_cursor(found, seen);
                Vec::new()
            }
            None => vec![Request::Say(Safe::fixed(
                "no further NaN or Inf in this chart",
            ))],
        }
    }

    /// Where another panel is in time.
    pub(super) fn read_moment(&mut self, moment: f64, seen: &Seen<'_>) {
        let (_, chart) = seen.chart();
        let source = seen.source();
        if source.overview.axes.range(XAxis::Clock).is_none() {
            return;
        }
        let place = figure::converted(source, chart, moment, XAxis::Clock, seen.axis);
        self.set_cursor(place, seen);
    }

    /// When the row at the cursor was written.
    pub(super) fn moment(&self, seen: &Seen<'_>) -> Option<f64> {
        let place = self.chosen.cursor?;
        let (_, chart) = seen.chart();
        let source = seen.source();
        source.overview.axes.range(XAxis::Clock)?;
        figure::converted(source, chart, place, seen.axis, XAxis::Clock)
    }

    /// Other panels that follow the cursor are told when it moved.
    pub(super) fn tell_moment(
        &self,
        before: Option<f64>,
        context: &Context<'_>,
        seen: &Seen<'_>,
    ) -> Vec<Request> {
        let moved = self.chosen.cursor != before;
        let moment = self.moment(seen).filter(|_| moved && context.linked);
        moment.map(Request::Moment).into_iter().collect()
    }

    pub(super) fn zoom(&mut self, factor: f64, seen: &Seen<'_>) {
        let place = self.chosen.place(&seen.sources);
        let cursor = self.chosen.cursor;
        self.change_window(seen, |window| window.zoomed(factor, cursor, place));
    }

    pub(super) fn pan(&mut self, share: f64, seen: &Seen<'_>) {
        let place = self.chosen.place(&seen.sources);
        self.change_window(seen, |window| window.panned(share, place));
    }

    pub(super) fn tail(&mut self, seen: &Seen<'_>) {
        let place = self.chosen.place(&seen.sources);
        self.change_window(seen, |window| window.tail(place));
    }

    pub(super) fn change_window(&mut self, seen: &Seen<'_>, change: impl FnOnce(Window) -> Window) {
        let (_, chart) = seen.chart();
        let window = change(self.chosen.window_of(chart));
        self.chosen.change_window(chart, window);
    }

    /// Puts the cursor somewhere, and the window where it is.
    fn set_cursor(&mut self, place: Option<f64>, seen: &Seen<'_>) {
        let Some(at) = place else {
            return;
        };
        self.chosen.cursor = place;
        self.chosen.nth = 0;
        let all = self.chosen.place(&seen.sources);
        self.change_window(seen, |window| window.with(at, all));
    }
}

/// With the columns that the selected chart has on the screen.
fn exact_plan<'s>(seen: &'s Seen<'_>) -> Plan<'s> {
    let plan = seen.plan(seen.selected);
    Plan {
        columns: seen.selected_view().figure.columns.max(1),
        ..plan
    }
}
