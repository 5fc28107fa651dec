//! The worst thing that happens in a run that is not shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::{is_broken, safe, silence};
use super::order::Order;
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::record::RunId;
use crate::widgets::paint::{Span, put_spans};
use crate::widgets::theme::Role;

/// A run and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) run: RunId,
    pub(super) words: String,
    pub(super) role: Role,
}

/// A failure is news for this many seconds.
const NEWS: f64 = 6.0 * 3600.0;

/// The worst of what is known.
pub(super) fn worst(context: &Context<'_>) -> Option<Remark> {
    let others = context.overviews.iter().flatten();
    let others = others.filter(|overview| Some(overview.run) != context.run && !overview.gone);
    others
        .filter_map(|overview| Some((severity(context, overview)?, overview)))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, overview)| remark(context, overview))
}

/// What wastes a machine right now comes before what is over; of two, the newer one is worse.
fn severity(context: &Context<'_>, overview: &Overview) -> Option<f64> {
    let silence = silence(context, overview).unwrap_or(0.0);
    let recent = 1.0 / (1.0 + silence);
    match overview.state {
        State::Running if is_broken(overview) => Some(3.0 + recent),
        State::Stalled => Some(2.0 + recent),
        State::Failed if silence < NEWS => Some(1.0 + recent),
        _ => None,
    }
}

fn remark(context: &Context<'_>, overview: &Overview) -> Remark {
    let ago = silence(context, overview).map(number::coarse_age);
    let ago = ago.unwrap_or_default();
    let (words, role) = match overview.state {
        State::Stalled => {
            let usual = overview.usual_gap.map(number::duration);
            let usual = usual.map(|usual| format!(", usually {usual}"));
            let words = format!("silent {ago}{}", usual.unwrap_or_default());
            (words, Role::Warning)
        }
        State::Failed if ago == "now" => ("failed just now".to_owned(), Role::Bad),
        State::Failed => (format!("failed {ago} ago"), Role::Bad),
        _ => {
            let primary = overview.primary.as_ref();
            let words = primary.map(|primary| {
                let place = primary.broken_at.map(|at| format!(" since {}", at.text()));
                format!("{}{}", primary.last_text, place.unwrap_or_default())
            });
            (words.unwrap_or_default(), Role::Bad)
        }
    };
    Remark {
        run: overview.run,
        words,
        role,
    }
}

impl Remark {
    pub(super) fn draw(&self, context: &Context<'_>, order: &Order, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let style = context.theme.style(self.role);
        let words = safe(&self.words);
        let room = usize::from(area.width).saturating_sub(words.width() + 1);
        let name = order.name(self.run).cloned().unwrap_or_default();
        // Without the name the words say nothing.
        let (name, words) = if room >= name.width().min(8) {
            (name.elide_middle(room), words)
        } else {
            let name = name.elide_middle(usize::from(area.width / 2));
            let rest = usize::from(area.width).saturating_sub(name.width() + 1);
            let first = self.words.split(',').next().unwrap_or_default();
            (name, safe(first).elide_end(rest))
        };
        let spans = [
            Span::new(name, style),
            Span::new(" ", style),
            Span::new(words, style),
        ];
        put_spans(buf, area.x, area.y, area.width, &spans);
    }
}
