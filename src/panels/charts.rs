//! The charts panel: a grid of charts on pages, or one of them alone.

mod apart;
mod chosen;
mod copy;
mod cursor;
mod draw;
mod empty;
mod frame;
mod grid;
mod kept;
mod legend;
mod looks;
mod seen;
mod title;
mod view;
mod window;

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use self::chosen::Chosen;
use self::grid::Density;
use self::kept::Kept;
use self::seen::Seen;
use self::window::Window;
use super::{Context, Copied, Pane, Panel, Request, Seek, parsed};
use crate::commands::{AxisName, Command, Motion, ScaleName, Typed};
use crate::figure::Scaling;
use crate::insight::axis::XAxis;
use crate::insight::charts::Chart;
use crate::insight::overview::Overview;
use crate::insight::query::Mistake;
use crate::store::Look;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::plot::Dots;
use crate::widgets::text::safe;
use crate::widgets::theme::Theme;

/// The state of the panel.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    filter: Filter,
    /// The charts that are listed, by their numbers in the overview: what the filter lets through,
    /// those that are pinned first.
    shown: Vec<usize>,
    /// How many they would be if they were not too many.
    listed_of: usize,
    /// Which of them is selected, and its quantity: the same one is looked for in another run.
    selected: usize,
    quantity: Option<String>,
    /// The selected chart fills the panel.
    alone: bool,
    density: Density,
    /// Quantities that come before the others.
    pinned: Vec<String>,
    chosen: Chosen,
    /// What lines are drawn with.
    dots: Option<Dots>,
    /// What was last said to be looked at closely.
    looked: Vec<Look>,
    /// The charts of the last frame.
    kept: Rc<Kept>,
}

/// More charts than this are listed only when somebody filters them.
const LISTED_MOST: usize = 1000;
/// The share of a window that one key pans.
const PANNED: f64 = 0.5;

impl Charts {
    fn select(&mut self, selected: usize, seen: &Seen<'_>) {
        self.selected = selected;
        let chart = seen.charts.get(selected);
        self.quantity = chart.map(|(_, chart)| chart.quantity.clone());
    }

    /// Finds the charts that the filter lets through, and the selected one among them.
    fn choose(&mut self, context: &Context<'_>) {
        self.shown.clear();
        self.listed_of = 0;
        let Some((_, overview)) = context.current() else {
            return;
        };
        if let Some(sources) = seen::sources(context) {
            self.chosen.keep_counting(&sources);
        }
        let charts = overview.charts.iter().enumerate();
        let matching = charts.filter(|(_, chart)| lets_through(&self.filter, chart));
        self.shown.extend(matching.map(|(at, _)| at));
        let pinned = |at: &usize| !self.pinned.contains(&overview.charts[*at].quantity);
        if !self.pinned.is_empty() {
            self.shown.sort_by_key(pinned);
        }
        self.listed_of = self.shown.len();
        if self.filter.is_empty() {
            self.shown.truncate(LISTED_MOST);
        }
        let wanted = self.quantity.as_ref();
        let is_wanted = |at: &usize| Some(&overview.charts[*at].quantity) == wanted;
        let found = self.shown.iter().position(is_wanted);
        // A quantity that this run does not have may be there again in the next.
        self.selected = found.unwrap_or(0);
    }

    /// Takes the next of the axes that the run has.
    fn turn_axis(&mut self, seen: &Seen<'_>) -> Vec<Request> {
        let kinds = seen.source().overview.axes.kinds();
        let now = seen.axis;
        if kinds.len() < 2 {
            let words = safe!("this run has only {}s", now.name());
            return vec![Request::Say(words)];
        }
        let next = kinds.iter().position(|kind| *kind == now);
        let next = next.map_or(0, |at| (at + 1) % kinds.len());
        self.chosen
            .turn_axis(&seen.sources, seen.chart().1, kinds[next]);
        Vec::new()
    }

    fn pin(&mut self, context: &Context<'_>, seen: &Seen<'_>) {
        let quantity = &seen.chart().1.quantity;
        let before = self.pinned.len();
        self.pinned.retain(|pinned| pinned != quantity);
        if self.pinned.len() == before {
            self.pinned.push(quantity.clone());
        }
        self.quantity = Some(quantity.clone());
        self.choose(context);
    }

    fn go(&mut self, motion: Motion, seen: &Seen<'_>) {
        let reading = self.chosen.cursor.is_some();
        match motion {
            Motion::Left => self.read(false, false, seen),
            Motion::Right => self.read(true, false, seen),
            Motion::Top | Motion::Bottom if reading => self.read_end(motion, seen),
            _ => {
                let next = seen.grid.after(seen.selected, motion);
                self.select(next, seen);
            }
        }
    }

    fn perform(
        &mut self,
        command: Command,
        context: &Context<'_>,
        seen: &Seen<'_>,
    ) -> Vec<Request> {
        let (_, chart) = seen.chart();
        let whole = self.chosen.window_of(chart) == Window::Whole;
        match command {
            Command::ZoomOut | Command::PanLeft | Command::PanRight if whole => {
                return vec![Request::Say(Safe::fixed("everything is in sight"))];
            }
            Command::Move(motion) => self.go(motion, seen),
            Command::LeapLeft => self.read(false, true, seen),
            Command::LeapRight => self.read(true, true, seen),
            Command::Best => return self.read_best(seen),
            Command::NextMatch => return self.read_broken(true, seen),
            Command::PreviousMatch => return self.read_broken(false, seen),
            Command::Enter => {
                self.alone = true;
                self.select(seen.selected, seen);
            }
            Command::YScale => {
                let now = seen.plan(seen.selected).scaling(chart);
                self.chosen.turn_scale(chart, now);
            }
            Command::XAxis => return self.turn_axis(seen),
            Command::SmoothMore => self.chosen.smooth(true),
            Command::SmoothLess => self.chosen.smooth(false),
            Command::Clip => self.chosen.turn_clip(chart),
            Command::ZoomIn => self.zoom(0.5, seen),
            Command::ZoomOut => self.zoom(2.0, seen),
            Command::PanLeft => self.pan(-PANNED, seen),
            Command::PanRight => self.pan(PANNED, seen),
            Command::Tail => self.tail(seen),
            Command::Whole => self.chosen.show_whole(),
            Command::OwnWindow => self.chosen.turn_own_window(chart),
            Command::Pin => self.pin(context, seen),
            Command::Dots => return self.turn_dots(context.theme, seen),
            Command::MoreCharts => {
                self.density.more();
                self.alone = false;
            }
            Command::FewerCharts => self.density.fewer(),
            _ => {}
        }
        Vec::new()
    }

    /// Says how many charts there are instead of more than fit.
    fn fewer_than(
        &self,
        sides: Option<(u16, u16)>,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        let fitting = self.seen(context, pane).map(|seen| seen.grid.sides());
        let Some((wanted, fitting)) = sides.zip(fitting).filter(|(a, b)| a != b) else {
            return Vec::new();
        };
        let words = safe!(
            "{}x{} does not fit here: {}x{}",
            wanted.0,
            wanted.1,
            fitting.0,
            fitting.1
        );
        vec![Request::Say(words)]
    }

    fn turn_dots(&mut self, theme: &Theme, seen: &Seen<'_>) -> Vec<Request> {
        if theme.ascii {
            return vec![Request::Say(Safe::fixed("only ASCII is drawn here"))];
        }
        let next = seen.dots.next();
        self.dots = Some(next);
        vec![Request::Say(safe!("lines of {}", next.name()))]
    }
}

impl Panel for Charts {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        self.draw_in(context, pane, buf);
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let Some(seen) = self.seen(context, pane) else {
            return Vec::new();
        };
        // Who has just been linked is told where the cursor is.
        let before = self.chosen.cursor.filter(|_| command != Command::Link);
        let mut requests = self.perform(command, context, &seen);
        requests.extend(self.tell_moment(before, context, &seen));
        requests
    }

    fn typed(&mut self, typed: &Typed, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let Some(seen) = self.seen(context, pane) else {
            return vec![Request::Say(Safe::fixed("there is no chart"))];
        };
        let (_, chart) = seen.chart();
        match typed {
            Typed::YLimits(limits) => self.chosen.limit(chart, *limits),
            Typed::YScale(name) => self.chosen.scale(chart, scaling(*name)),
            Typed::XAxis(name) => {
                let axis = x_axis(*name);
                if seen.source().overview.axes.range(axis).is_none() {
                    let words = safe!("this run has no {}", lacking(axis));
                    return vec![Request::Say(words)];
                }
                self.chosen.turn_axis(&seen.sources, chart, axis);
            }
            Typed::Smooth(weight) => self.chosen.smoothing = weight.clamp(0.0, 0.999_999),
            Typed::Window(None) => self.chosen.show_whole(),
            Typed::Window(Some((lo, hi))) => {
                self.change_window(&seen, |_| Window::Between(*lo, *hi));
            }
            Typed::Tail(length) => self.change_window(&seen, |_| Window::Tail(*length)),
            Typed::Grid(sides) => {
                self.density = sides.map_or_else(Density::default, Density::of);
                self.alone = false;
                return self.fewer_than(*sides, context, pane);
            }
            Typed::Export(export) => return self.exported(export, context, pane, &seen),
            Typed::Sort(_) | Typed::Columns(_) | Typed::Group(_) => {}
        }
        Vec::new()
    }

    fn follow(&mut self, moment: f64, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        if let Some(seen) = self.seen(context, pane) {
            self.read_moment(moment, &seen);
        }
        Vec::new()
    }

    fn back(&mut self) -> bool {
        self.chosen.cursor.take().is_some() || std::mem::take(&mut self.alone)
    }

    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.choose(context);
        let seen = self.seen(context, pane);
        let Some(seen) = seen.filter(|_| !pane.area.is_empty()) else {
            self.kept = Rc::default();
            return self.look(None);
        };
        if seen.is_kept() {
            return Vec::new();
        }
        let requests = self.look(Some(&seen));
        if requests.is_empty() {
            // What is looked at from now on may be known better before this frame is drawn.
            self.kept = Rc::new(Kept::of(&seen, context));
        }
        requests
    }

    fn sought(&self, _: Seek) -> &str {
        self.filter.text()
    }

    fn seek(
        &mut self,
        _: Seek,
        text: &str,
        context: &Context<'_>,
        _: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        self.filter = parsed(text)?;
        self.choose(context);
        Ok(Vec::new())
    }

    fn matches(&self, _: Seek, context: &Context<'_>) -> Option<(u64, u64)> {
        let (_, overview) = context.current()?;
        Some((self.shown.len() as u64, overview.charts.len() as u64))
    }

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied> {
        let seen = self.seen(context, pane)?;
        self.copied(context, &seen)
    }

    fn copies(&self, context: &Context<'_>, pane: Pane) -> Vec<Copied> {
        let seen = self.seen(context, pane);
        seen.map_or_else(Vec::new, |seen| self.all_copied(context, pane, &seen))
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        if let Some(seen) = self.seen(context, pane)
            && let Some(slot) = seen.slots.iter().position(|slot| slot.contains(at))
        {
            self.select(seen.page.start + slot, &seen);
        }
        Vec::new()
    }
}

fn lets_through(filter: &Filter, chart: &Chart) -> bool {
    filter.is_empty()
        || filter.matches(&chart.title)
        || chart.lines.iter().any(|line| filter.matches(&line.name))
}

const fn scaling(name: ScaleName) -> Scaling {
    match name {
        ScaleName::Linear => Scaling::Linear,
        ScaleName::Log => Scaling::Log,
        ScaleName::SymLog => Scaling::SymLog,
    }
}

const fn x_axis(name: AxisName) -> XAxis {
    match name {
        AxisName::Epoch => XAxis::Epoch,
        AxisName::Step => XAxis::Step,
        AxisName::Time => XAxis::Time,
        AxisName::Clock => XAxis::Clock,
        AxisName::Row => XAxis::Row,
    }
}

const fn lacking(axis: XAxis) -> &'static str {
    match axis {
        XAxis::Epoch => "epochs",
        XAxis::Step => "steps",
        XAxis::Time | XAxis::Clock => "times",
        XAxis::Row => "rows",
    }
}

/// How many percent of what lay on disk have been read, while that goes on.
fn reading(overview: &Overview) -> Option<u64> {
    let reading = overview.reading;
    let going_on = !reading.caught_up && reading.read < reading.size;
    going_on.then(|| (u128::from(reading.read) * 100 / u128::from(reading.size)) as u64)
}
