//! What is copied and exported: values at the cursor, the points in sight, figures, the picture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Charts;
use super::seen::Seen;
use crate::commands::{Export, Format};
use crate::figure::{Figure, Here, Plan, Ruler};
use crate::insight::axis::XAxis;
use crate::insight::number;
use crate::panels::{Content, Context, Copied, Exported, Pane, Panel as _, Points, Request};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Points of one line that are copied at most.
const POINTS_MOST: usize = 5000;
/// Bytes that are copied at most: more than this no clipboard takes.
const BYTES_MOST: usize = 90_000;
/// Columns of a figure that becomes a picture.
const PICTURE: u32 = 1000;

impl Charts {
    pub(super) fn copied(&self, context: &Context<'_>, seen: &Seen<'_>) -> Option<Copied> {
        if self.chosen.cursor.is_some() {
            return values(&seen.selected_view().figure);
        }
        points_of(context, seen)
    }

    /// What the cursor is on, the points in sight, and what is drawn.
    pub(super) fn all_copied(
        &self,
        context: &Context<'_>,
        pane: Pane,
        seen: &Seen<'_>,
    ) -> Vec<Copied> {
        let drawn = Copied {
            what: Safe::fixed("the page as text"),
            lines: Safe::lines(&self.picture(context, pane)),
        };
        let first = self.copied(context, seen);
        let points = self.chosen.cursor.and_then(|_| points_of(context, seen));
        first.into_iter().chain(points).chain([drawn]).collect()
    }

    pub(super) fn exported(
        &self,
        export: &Export,
        context: &Context<'_>,
        pane: Pane,
        seen: &Seen<'_>,
    ) -> Vec<Request> {
        let held = match export.format {
            Format::Csv | Format::Jsonl => Content::Points(points(seen)),
            Format::Svg => Content::Figures(figures(seen)),
            Format::Txt => Content::Text(self.picture(context, pane)),
        };
        let mut name = file_name(&seen.source().overview.name);
        if let [(_, chart)] = seen.on_page() {
            name = format!("{name}-{}", file_name(&chart.title));
        }
        vec![Request::Export(Exported {
            to: export.clone(),
            name,
            content: held,
        })]
    }

    /// The panel as text.
    fn picture(&self, context: &Context<'_>, pane: Pane) -> String {
        let area = Rect::new(0, 0, pane.area.width, pane.area.height);
        let mut buf = Buffer::empty(area);
        self.draw(context, Pane { area, ..pane }, &mut buf);
        let mut text = String::new();
        for y in area.top()..area.bottom() {
            let mut line = String::new();
            let mut covered = 0;
            for x in area.left()..area.right() {
                let symbol = buf[(x, y)].symbol();
                if covered == 0 {
                    line.push_str(symbol);
                    covered = Safe::new(symbol).width().max(1);
                }
                covered -= 1;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// The points of a chart that are in sight, as a table.
fn points_of(context: &Context<'_>, seen: &Seen<'_>) -> Option<Copied> {
    let plan = Plan {
        columns: PICTURE,
        ..seen.plan(seen.selected)
    };
    let (at, chart) = seen.chart();
    let mut ruler = Ruler::new(&plan, chart, at);
    let (points, complete) = ruler.points(POINTS_MOST);
    let names = ruler.names().iter().map(|name| match name {
        Some(name) => Safe::new(name),
        None => Safe::new(&chart.title),
    });
    let names: Vec<Safe> = names.collect();
    let rows = table(&points);
    if rows.is_empty() {
        return None;
    }
    let (lines, complete) = tsv(context, seen.axis, &names, &rows, complete);
    let what = if complete {
        safe!("{} points of {}", lines.len() - 1, chart.title)
    } else {
        safe!("the newest {} points of {}", lines.len() - 1, chart.title)
    };
    Some(Copied { what, lines })
}

/// The exact values at the cursor by their names; a value alone without one.
fn values(figure: &Figure) -> Option<Copied> {
    let title = Safe::new(&figure.title);
    let values = figure.curves.iter().filter_map(|curve| match curve.here {
        Some(Here::Value(value, _) | Here::Among { mean: value, .. }) => {
            Some((curve.name.as_deref(), number::exact(value)))
        }
        _ => None,
    });
    let values: Vec<(Option<&str>, String)> = values.collect();
    if let [(name, value)] = &values[..] {
        let name = name.map(|name| Safe::new(name).then(&Safe::fixed(" ")));
        let what = safe!("{}{value} of {title}", name.unwrap_or_default());
        return Some(Copied {
            what,
            lines: vec![Safe::new(value)],
        });
    }
    let line = |(name, value): &(Option<&str>, String)| {
        let name = name.map_or_else(|| title.clone(), Safe::new);
        name.then(&Safe::fixed("\t")).then(&Safe::new(value))
    };
    (!values.is_empty()).then(|| Copied {
        what: Safe::fixed("values of ").then(&title),
        lines: values.iter().map(line).collect(),
    })
}

/// A place and the value of each line there, if it has one.
type Row = (f64, Vec<Option<f64>>);

/// The points of all lines, those of one place in one row.
fn table(points: &[Vec<(f64, f64)>]) -> Vec<Row> {
    let of = |(line, points): (usize, &Vec<(f64, f64)>)| {
        let points = points
            .iter()
            .map(move |(place, value)| (*place, line, *value));
        points.collect::<Vec<_>>()
    };
    let mut all: Vec<(f64, usize, f64)> = points.iter().enumerate().flat_map(of).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<Row> = Vec::new();
    for (place, line, value) in all {
        let last = rows.last_mut();
        let last = last.filter(|(at, values)| *at == place && values[line].is_none());
        if let Some((_, values)) = last {
            values[line] = Some(value);
        } else {
            let mut values = vec![None; points.len()];
            values[line] = Some(value);
            rows.push((place, values));
        }
    }
    rows
}

/// A head and the newest rows, as many as a clipboard takes; whether these are all.
fn tsv(
    context: &Context<'_>,
    axis: XAxis,
    names: &[Safe],
    rows: &[Row],
    complete: bool,
) -> (Vec<Safe>, bool) {
    let tab = || Safe::fixed("\t");
    let head = names.iter().fold(Safe::fixed(axis.name()), |head, name| {
        head.then(&tab()).then(name)
    });
    let mut left = BYTES_MOST.saturating_sub(head.as_str().len());
    let mut lines = Vec::new();
    for (place, values) in rows.iter().rev() {
        let mut line = match axis {
            XAxis::Clock => Safe::new(&context.zone.exact(*place)),
            _ => Safe::new(&number::exact(*place)),
        };
        for value in values {
            line = line.then(&tab());
            if let Some(value) = value {
                line = line.then(&Safe::new(&number::exact(*value)));
            }
        }
        let bytes = line.as_str().len() + 1;
        if bytes > left {
            break;
        }
        left -= bytes;
        lines.push(line);
    }
    let all = complete && lines.len() == rows.len();
    lines.push(head);
    lines.reverse();
    (lines, all)
}

/// All points in the windows of the charts of the page.
fn points(seen: &Seen<'_>) -> Vec<Points> {
    let of = |at: usize| {
        let (number, chart) = seen.charts[at];
        let plan = seen.plan(at);
        let sights = Ruler::new(&plan, chart, number).in_sight(None);
        sights
            .into_iter()
            .map(|sight| Points {
                run: sight.run,
                stream: sight.line.stream,
                column: sight.line.column,
                rows: sight.rows,
            })
            .collect::<Vec<_>>()
    };
    seen.page.clone().flat_map(of).collect()
}

fn figures(seen: &Seen<'_>) -> Vec<Figure> {
    let of = |at: usize| {
        let (number, chart) = seen.charts[at];
        let plan = Plan {
            columns: PICTURE,
            ..seen.plan(at)
        };
        plan.figure(chart, number)
    };
    seen.page.clone().map(of).collect()
}

/// What of a name can stand in the name of a file.
fn file_name(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name
        .chars()
        .map(|c| if kept(c) { c } else { '-' })
        .collect();
    let name: String = name.trim_matches(['-', '.']).chars().take(60).collect();
    if name.is_empty() {
        "chart".to_owned()
    } else {
        name
    }
}
