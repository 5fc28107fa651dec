//! The charts panel: a grid of charts on pages, or one of them alone.

mod apart;
mod empty;
mod grid;
mod lines;
mod reduce;
mod title;
mod view;

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::grid::{Density, Grid};
use self::lines::Named;
use self::view::View;
use super::{Context, Copied, Pane, Panel, Request};
use crate::commands::{Command, PanelId};
use crate::insight::axis::XAxis;
use crate::insight::charts::Chart;
use crate::insight::overview::Overview;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::axis::Scale;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, put_char, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// The state of the panel.
#[derive(Debug, Default)]
pub struct Charts {
    filter: Filter,
    /// The charts that the filter lets through, by their numbers in the overview.
    shown: Vec<usize>,
    /// Which of them is selected, and its quantity: the same one is looked for in another run.
    selected: usize,
    quantity: Option<String>,
    /// The selected chart fills the panel.
    alone: bool,
    density: Density,
    /// Nothing means: what suits the run.
    axis: Option<XAxis>,
    /// The scales that were asked for, by quantity.
    scales: BTreeMap<String, Scale>,
}

/// The charts that are seen, and where.
#[derive(Debug)]
struct Seen<'a> {
    run: &'a Run,
    overview: &'a Overview,
    charts: Vec<&'a Chart>,
    grid: Grid,
    page: Range<usize>,
    slots: Vec<Rect>,
}

/// Narrower panels give charts all of their width.
const PADDED: u16 = 40;

impl Charts {
    fn seen<'a>(&self, context: &Context<'a>, pane: Pane) -> Option<Seen<'a>> {
        let (run, overview) = context.current()?;
        let chart = |at: &usize| overview.charts.get(*at);
        let charts: Vec<&Chart> = self.shown.iter().filter_map(chart).collect();
        let last = charts.len().checked_sub(1)?;
        let within = padded(frame::inside(pane.area));
        let grid = Grid::new(within, charts.len(), self.density);
        let selected = self.selected.min(last);
        let shown = if self.alone {
            selected..selected + 1
        } else {
            grid.page(selected)
        };
        let slots = if self.alone {
            vec![within]
        } else {
            grid.slots(&shown)
        };
        Some(Seen {
            run,
            overview,
            charts,
            grid,
            page: shown,
            slots,
        })
    }

    fn axis(&self, overview: &Overview) -> XAxis {
        let kinds = overview.axes.kinds();
        let wanted = self.axis.filter(|axis| kinds.contains(axis));
        wanted
            .or_else(|| kinds.first().copied())
            .unwrap_or(XAxis::Row)
    }

    fn scale(&self, chart: &Chart) -> Scale {
        let usual = if chart.logarithmic {
            Scale::Log
        } else {
            Scale::Linear
        };
        self.scales.get(&chart.quantity).copied().unwrap_or(usual)
    }

    fn view<'a>(&self, seen: &'a Seen<'_>, at: usize, pane: Pane) -> View<'a> {
        let axis = self.axis(seen.overview);
        let chart = seen.charts[at];
        View {
            run: seen.run,
            axes: &seen.overview.axes,
            chart,
            others: &seen.charts[seen.page.clone()],
            axis,
            x: view::x_bounds(&seen.overview.axes, axis),
            scale: self.scale(chart),
            selected: pane.focused && seen.page.len() > 1 && at == self.selected,
            values_elsewhere: seen.page.len() == 1
                && pane.values_elsewhere
                && self.shown.get(at) == Some(&0),
        }
    }

    fn select(&mut self, selected: usize, context: &Context<'_>) {
        self.selected = selected;
        let chart = context.current().and_then(|(_, overview)| {
            let at = self.shown.get(selected)?;
            overview.charts.get(*at)
        });
        self.quantity = chart.map(|chart| chart.quantity.clone());
    }

    /// Finds the charts that the filter lets through, and the selected one among them.
    fn choose(&mut self, context: &Context<'_>) {
        self.shown.clear();
        let Some((_, overview)) = context.current() else {
            return;
        };
        let charts = overview.charts.iter().enumerate();
        let matching = charts.filter(|(_, chart)| lets_through(&self.filter, chart));
        self.shown.extend(matching.map(|(at, _)| at));
        let wanted = self.quantity.as_ref();
        let is_wanted = |at: &usize| Some(&overview.charts[*at].quantity) == wanted;
        let found = self.shown.iter().position(is_wanted);
        // A quantity that this run does not have may be there again in the next.
        self.selected = found.unwrap_or(0);
    }

    /// Takes the next of the axes that the run has.
    fn turn_axis(&mut self, overview: &Overview) -> Vec<Request> {
        let kinds = overview.axes.kinds();
        let now = self.axis(overview);
        if kinds.len() < 2 {
            let words = format!("this run has only {}s", now.name());
            return vec![Request::Say(Safe::new(&words))];
        }
        let at = kinds.iter().position(|kind| *kind == now).unwrap_or(0);
        self.axis = kinds.get((at + 1) % kinds.len()).copied();
        Vec::new()
    }

    fn turn_scale(&mut self, seen: &Seen<'_>) {
        let chart = seen.charts[self.selected.min(seen.charts.len() - 1)];
        let other = match self.scale(chart) {
            Scale::Linear => Scale::Log,
            Scale::Log | Scale::SymLog(_) => Scale::Linear,
        };
        self.scales.insert(chart.quantity.clone(), other);
    }

    fn frame(&self, context: &Context<'_>, pane: Pane, seen: Option<&Seen<'_>>) -> Frame {
        let theme = context.theme;
        let (quiet, name) = (theme.style(Role::Quiet), name_style(theme, pane.focused));
        let digit = Safe::new(&PanelId::Charts.digit().to_string());
        let mut frame = Frame {
            title: vec![
                Span::new(digit, theme.style(Role::Accent)),
                Span::new(" ", name),
            ],
            focused: pane.focused,
            ..Frame::default()
        };
        let Some(seen) = seen else {
            frame.title.push(Span::new(PanelId::Charts.name(), name));
            frame.right = self.filter_words(context, pane, false);
            return frame;
        };
        let mut right = self.axis(seen.overview).name().to_owned();
        let place = place_of(&seen.page, seen.charts.len());
        if seen.page.len() == 1 && seen.charts.len() > 1 {
            right = format!("{right} · {place}");
        }
        frame.right = self.filter_words(context, pane, true);
        frame.right.push(Span::new(Safe::new(&right), quiet));
        if seen.page.len() == 1 {
            let taken = 10 + width(&frame.right) as u16;
            let room = pane.area.width.saturating_sub(taken);
            let view = self.view(seen, seen.page.start, pane);
            frame.title.extend(view.title(theme, room));
        } else {
            frame.title.push(Span::new(PanelId::Charts.name(), name));
        }
        if let Some(percent) = reading(seen.overview) {
            let words = safe!("reading {percent} %");
            frame
                .bottom
                .push(Span::new(words, theme.style(Role::Accent)));
        }
        if seen.page.len() > 1 && seen.page.len() < seen.charts.len() {
            let between = if frame.bottom.is_empty() { "" } else { " · " };
            let words = safe!("{between}{place}");
            frame.bottom.push(Span::new(words, quiet));
        }
        frame
    }

    /// `/loss 1/7`, while there is a filter.
    fn filter_words(&self, context: &Context<'_>, pane: Pane, more: bool) -> Vec<Span> {
        if self.filter.is_empty() {
            return Vec::new();
        }
        let style = |role| context.theme.style(role);
        let text = Safe::new(self.filter.text()).elide_end(usize::from(pane.area.width / 4));
        let mut spans = vec![
            Span::new("/", style(Role::Accent)),
            Span::new(text, style(Role::Quiet)),
        ];
        if let Some((shown, all)) = self.matches(context) {
            let count = safe!("  {shown}/{all}");
            spans.push(Span::new(count, style(Role::Text)));
        }
        if more {
            spans.push(Span::new(" · ", style(Role::Quiet)));
        }
        spans
    }
}

impl Panel for Charts {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let theme = context.theme;
        let seen = self.seen(context, pane);
        let frame = self.frame(context, pane, seen.as_ref());
        let inside = frame::draw(&frame, theme, pane.area, buf);
        let inside = padded(inside);
        if inside.is_empty() {
            return;
        }
        let Some(seen) = seen else {
            empty::draw(context, &self.filter, inside, buf);
            return;
        };
        for (at, slot) in seen.page.clone().zip(&seen.slots) {
            let view = self.view(&seen, at, pane);
            if seen.page.len() == 1 {
                view.draw(theme, *slot, buf);
            } else {
                view.draw_titled(theme, *slot, buf);
            }
        }
        let rule = seen.grid.rule(&seen.page).filter(|_| !self.alone);
        let rule = rule.unwrap_or_default().intersection(inside);
        for x in rule.left()..rule.right() {
            put_char(buf, x, rule.y, '─', theme.style(Role::Border));
        }
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let Some(seen) = self.seen(context, pane) else {
            return Vec::new();
        };
        match command {
            Command::Move(motion) => {
                let grid = if self.alone {
                    Grid::new(Rect::ZERO, seen.charts.len(), Density::default())
                } else {
                    seen.grid
                };
                self.select(grid.after(self.selected, motion), context);
            }
            Command::Enter => {
                self.alone = true;
                self.select(self.selected, context);
            }
            Command::YScale => self.turn_scale(&seen),
            Command::XAxis => return self.turn_axis(seen.overview),
            Command::MoreCharts => {
                self.density.more();
                self.alone = false;
            }
            Command::FewerCharts => self.density.fewer(),
            _ => {}
        }
        Vec::new()
    }

    fn back(&mut self) -> bool {
        std::mem::take(&mut self.alone)
    }

    fn refresh(&mut self, context: &Context<'_>, _: Pane) -> Vec<Request> {
        self.choose(context);
        Vec::new()
    }

    fn filter(&self) -> &Filter {
        &self.filter
    }

    fn set_filter(&mut self, filter: Filter, context: &Context<'_>, _: Pane) -> Vec<Request> {
        self.filter = filter;
        self.choose(context);
        Vec::new()
    }

    fn matches(&self, context: &Context<'_>) -> Option<(u64, u64)> {
        let (_, overview) = context.current()?;
        Some((self.shown.len() as u64, overview.charts.len() as u64))
    }

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied> {
        let seen = self.seen(context, pane)?;
        let chart = seen.charts.get(self.selected)?;
        let named = Named::of(chart);
        let mut lines = Vec::new();
        let shown = chart.lines.iter().enumerate();
        for (at, line) in shown.filter(|(_, line)| !line.band && line.last.is_some()) {
            let name = named.name(at).unwrap_or_else(|| Safe::new(&chart.title));
            let value = safe!(" {}", line.last_text);
            lines.push(name.then(&value));
        }
        if let Some(best) = &chart.best {
            let words = format!("best {} @ {}", best.text, best.at.text());
            lines.push(Safe::new(&words));
        }
        Some(Copied {
            what: Safe::fixed("values of ").then(&Safe::new(&chart.title)),
            lines,
        })
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let chosen = self.seen(context, pane).and_then(|seen| {
            let slot = seen.slots.iter().position(|slot| slot.contains(at))?;
            Some(seen.page.start + slot)
        });
        if let Some(chosen) = chosen {
            self.select(chosen, context);
        }
        Vec::new()
    }
}

/// A blank at both sides, where that costs little.
fn padded(area: Rect) -> Rect {
    if area.width < PADDED {
        return area;
    }
    Rect {
        x: area.x + 1,
        width: area.width - 2,
        ..area
    }
}

fn name_style(theme: &Theme, focused: bool) -> ratatui::style::Style {
    theme.style(if focused { Role::Strong } else { Role::Quiet })
}

fn lets_through(filter: &Filter, chart: &Chart) -> bool {
    filter.is_empty()
        || filter.matches(&chart.title)
        || chart.lines.iter().any(|line| filter.matches(&line.name))
}

/// `1 of 9`, `1–4 of 9`
fn place_of(page: &Range<usize>, count: usize) -> String {
    if page.len() == 1 {
        format!("{} of {count}", page.start + 1)
    } else {
        format!("{}–{} of {count}", page.start + 1, page.end)
    }
}

/// How many percent of what lay on disk have been read, while that goes on.
fn reading(overview: &Overview) -> Option<u64> {
    let reading = overview.reading;
    let going_on = !reading.caught_up && reading.read < reading.size;
    going_on.then(|| (u128::from(reading.read) * 100 / u128::from(reading.size)) as u64)
}
