//! The titles of groups within the list, and what is said of closed ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::Runs;
use super::listing::Item;
use crate::insight::compare::Judged;
use crate::insight::number;
use crate::widgets::Safe;
use crate::widgets::apart::path_end;
use crate::widgets::paint::{Span, put_spans, put_spans_right, width};
use crate::widgets::theme::Role;

impl Runs {
    /// Draws the titles among these lines, each on its line of the area.
    pub(super) fn draw_groups(
        &self,
        context: &Context<'_>,
        items: &[Item],
        area: Rect,
        buf: &mut Buffer,
    ) {
        let style = context.theme.style(Role::Quiet);
        for (item, y) in items.iter().zip(area.top()..area.bottom()) {
            let Item::Group(group, hidden) = item else {
                continue;
            };
            let title = &self.listing.groups.titles[*group];
            let arrow = if *hidden > 0 { "▸ " } else { "▾ " };
            // As much of the title as tells it from others comes before what is said of it.
            let enough = title.width().clamp(8, 24);
            let room = usize::from(area.width);
            let fits = |words: &Vec<Span>| 2 + enough + 2 + width(words) <= room;
            let said = if *hidden > 0 {
                let forms = said(context, *hidden, self.judge.group(*group));
                forms.into_iter().find(fits).unwrap_or_default()
            } else {
                Vec::new()
            };
            let gap = 2 * usize::from(!said.is_empty());
            let room = room.saturating_sub(2 + gap + width(&said));
            let title = if title.is_empty() {
                Safe::fixed("no project").elide_end(room)
            } else {
                path_end(title, room)
            };
            let spans = [Span::new(arrow, style), Span::new(title, style)];
            let used = put_spans(buf, area.x, y, area.width, &spans);
            if area.width >= 90 {
                // Beside its title it is found more quickly than at the far end of a wide table.
                let at = area.x + (used + 3).max(28);
                put_spans(buf, at, y, area.right().saturating_sub(at), &said);
            } else {
                put_spans_right(buf, area, y, &said);
            }
        }
    }
}

/// What is said of a closed group, the longest first: how many runs, their best loss, the mean and
/// the worst.
fn said(context: &Context<'_>, runs: usize, judged: Option<&Judged>) -> Vec<Vec<Span>> {
    let quiet = |words: &str| Span::new(Safe::new(words), context.theme.style(Role::Quiet));
    let value = |value: f64| {
        let text = number::human(value);
        Span::new(Safe::new(&text), context.theme.style(Role::Text))
    };
    let count = number::grouped(runs as u64);
    let plain = vec![quiet(&count)];
    let Some((best, mean, worst)) = judged.and_then(Judged::range) else {
        return vec![plain];
    };
    let counted = if runs == 1 {
        "1 run".to_owned()
    } else {
        format!("{count} runs")
    };
    vec![
        vec![
            quiet(&counted),
            quiet("   best "),
            value(best),
            quiet("   mean "),
            value(mean),
            quiet("   worst "),
            value(worst),
        ],
        vec![
            quiet(&count),
            quiet("  mean "),
            value(mean),
            quiet(", "),
            value(best),
            quiet("–"),
            value(worst),
        ],
        vec![quiet(&count), quiet("  mean "), value(mean)],
        vec![quiet(&count), quiet("  "), value(best)],
        plain,
    ]
}
