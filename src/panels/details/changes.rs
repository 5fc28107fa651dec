//! How parameters changed: what, when and where along the training, the newest first.

use super::super::look;
use super::build::Builder;
use super::entry::Entry;
use super::line::Cut;
use super::params::short;
use crate::insight::axis::XAxis;
use crate::insight::changes::{self, Together};
use crate::insight::clock;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::insight::series::{self, Position};
use crate::record::{StreamId, Value};
use crate::store::{Column, ParamEvent, Run};
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// More changes are only counted.
const MOST: usize = 500;
/// Older restarts are not told here.
const MOST_RESTARTS: usize = 100;

/// What happened at one moment.
#[derive(Debug)]
struct Moment<'a> {
    time: Option<f64>,
    events: Vec<&'a ParamEvent>,
    /// These are the parameters with which the run began.
    is_first: bool,
    /// The run went on from here, where it had been before.
    restart: Option<Position>,
}

impl<'a> From<Together<'a>> for Moment<'a> {
    fn from(together: Together<'a>) -> Self {
        Self {
            time: together.time,
            events: together.events,
            is_first: together.is_first,
            restart: None,
        }
    }
}

/// Nothing is said while parameters are as they were set first.
pub(super) fn section(builder: &mut Builder<'_>, run: &Run, overview: &Overview) {
    let together = changes::newest_first(&run.params);
    let mut moments: Vec<Moment<'_>> = together.map(Moment::from).collect();
    moments.reverse();
    let later = moments.iter().filter(|moment| !moment.is_first);
    let count: u64 = later.map(|moment| moment.events.len() as u64).sum();
    let dropped = run.params.dropped;
    if count + dropped == 0 {
        return;
    }
    moments.extend(restarts(run, overview));
    in_order(&mut moments);
    builder.section("Changes", &number::grouped(count), true, |builder| {
        let mut left = MOST;
        for moment in moments.iter().rev() {
            let title = title(builder, run, overview, moment);
            if moment.restart.is_some() {
                builder.words("↻ ", &title, Role::Quiet);
                continue;
            }
            let at = moment.time.unwrap_or(f64::NAN).to_bits();
            let id = format!("Changes.{at}.{}", moment.events.len());
            builder.group_if(!moment.is_first, 1, &title, &id, |builder| {
                for event in moment.events.iter().take(left) {
                    change(builder, event, &title);
                }
            });
            left = left.saturating_sub(moment.events.len());
        }
        let listed = MOST.min(run.params.history.len());
        let others = dropped + (run.params.history.len() - listed) as u64;
        if others > 0 {
            let words = format!("and {} older changes", number::grouped(others));
            builder.words("", &words, Role::Quiet);
        }
    });
}

/// When the training began again from an earlier step: what changed since then and before it is
/// what somebody wants to know.
fn restarts<'a>(run: &'a Run, overview: &Overview) -> Vec<Moment<'a>> {
    let primary = overview.primary.as_ref();
    let stream = primary.and_then(|primary| run.stream(primary.stream));
    let Some((stream, primary)) = stream.zip(primary) else {
        return Vec::new();
    };
    let restarts = stream.column_at(primary.column).map(Column::restarts);
    let newest = restarts
        .unwrap_or_default()
        .iter()
        .rev()
        .take(MOST_RESTARTS);
    newest
        .filter_map(|restart| {
            Some(Moment {
                time: Some(stream.time_near(restart.row)?),
                events: Vec::new(),
                is_first: false,
                restart: Some(Position {
                    value: restart.step,
                    unit: Some(series::step_unit(stream)),
                }),
            })
        })
        .collect()
}

/// By time; moments without one stay behind the one that they were behind.
fn in_order(moments: &mut Vec<Moment<'_>>) {
    let mut last = f64::NEG_INFINITY;
    let mut timed: Vec<(f64, Moment<'_>)> = Vec::with_capacity(moments.len());
    for moment in moments.drain(..) {
        last = moment.time.filter(|time| !time.is_nan()).unwrap_or(last);
        timed.push((last, moment));
    }
    timed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    moments.extend(timed.into_iter().map(|(_, moment)| moment));
}

/// `14:05:19  after epoch 12`, or only the time where there is little room.
fn title(builder: &Builder<'_>, run: &Run, overview: &Overview, moment: &Moment<'_>) -> String {
    let Some(time) = moment.time.filter(|time| clock::is_date(*time)) else {
        let words = if moment.is_first {
            "at first"
        } else {
            "at an unknown time"
        };
        return words.to_owned();
    };
    let (zone, now) = (builder.context.zone, builder.context.now);
    let is_today = zone.near(time, now) == zone.hour_and_minute(time);
    let clock = if is_today {
        zone.time_of_day(time)
    } else {
        zone.date_and_time(time)
    };
    let place = match moment.restart {
        Some(at) => format!("restarted at {}", at.text()),
        None if moment.is_first => "at first".to_owned(),
        None => place(run, overview, time).unwrap_or_default(),
    };
    // It is closed at first, with its number behind it.
    let count = if moment.is_first { 6 } else { 0 };
    let short = look::start(builder.context, time);
    let titles = [format!("{clock}  {place}"), format!("{short}  {place}")];
    let fits = |title: &str| Safe::new(title).width() + count <= builder.room_of_group();
    let title = titles.iter().find(|title| fits(title));
    let title = title.unwrap_or(match moment.restart {
        // It is no group, and goes on on the next line.
        Some(_) => &titles[1],
        None => &clock,
    });
    title.trim_end().to_owned()
}

/// Where along the training a moment was: `after epoch 12`.
fn place(run: &Run, overview: &Overview, time: f64) -> Option<String> {
    let primary = overview.primary.as_ref().map(|primary| primary.stream);
    let stream = primary.unwrap_or(StreamId(0));
    let rows = 0..run.stream(stream)?.rows();
    let mut clock = overview.axes.along(run, stream, XAxis::Clock)?;
    // The row that is written at this moment comes after what was set for it.
    let next = clock.first_from(rows.clone(), time);
    if next == 0 {
        return Some("before any row".to_owned());
    }
    let told = |kind: &&XAxis| matches!(kind, XAxis::Epoch | XAxis::Step | XAxis::Row);
    let kind = *overview.axes.kinds().iter().find(told)?;
    let at = overview.axes.along(run, stream, kind)?.place(next - 1)?;
    let at = number::human((at * 100.0).round() / 100.0);
    Some(format!("after {} {at}", kind.name()))
}

fn change(builder: &mut Builder<'_>, event: &ParamEvent, title: &str) {
    let known = |value: &Option<Value>| value.as_ref().map(short);
    let words = match (known(&event.old), known(&event.new)) {
        (Some(old), Some(new)) => Safe::join(&[old, new], " → "),
        (None, Some(new)) => Safe::fixed("added: ").then(&new),
        (Some(old), None) => old.then(&Safe::fixed(" → removed")),
        (None, None) => return,
    };
    let is_short = |value: &Option<Value>| {
        !matches!(value, Some(Value::Text(_) | Value::List(_) | Value::Map(_)))
    };
    let cut = if is_short(&event.old) && is_short(&event.new) {
        Cut::Never
    } else {
        Cut::End
    };
    let style = builder.context.theme.style(Role::Text);
    builder.entry(Entry {
        depth: 3,
        found_by: Safe::new(title),
        cut,
        ..Entry::of(Safe::new(&event.key), Span::new(words, style))
    });
}
