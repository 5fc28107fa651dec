//! The worst thing that happens in a run that is not shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::{is_broken, silence};
use super::order::Order;
use crate::insight::health::State;
use crate::insight::number;
use crate::insight::overview::Overview;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put_spans};
use crate::widgets::theme::Role;

/// A run and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) run: RunId,
    /// The longest first.
    pub(super) words: Vec<String>,
    pub(super) role: Role,
}

const SIGN: Safe = Safe::fixed("⚠ ");

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
            let short = format!("silent {ago}");
            let usual = overview.usual_gap.map(number::duration);
            let long = usual.map(|usual| format!("{short}, usually {usual}"));
            (long.into_iter().chain([short]).collect(), Role::Warning)
        }
        State::Failed => {
            let long = match ago.as_str() {
                "now" => "failed just now".to_owned(),
                _ => format!("failed {ago} ago"),
            };
            (vec![long, "failed".to_owned()], Role::Bad)
        }
        _ => {
            let primary = overview.primary.as_ref();
            let value = primary.map(|p| p.last_text.clone()).unwrap_or_default();
            let place = primary.and_then(|primary| primary.broken_at);
            let long = place.map(|at| format!("{value} since {}", at.text()));
            (long.into_iter().chain([value]).collect(), Role::Bad)
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
        let name = order.name(self.run).cloned().unwrap_or_default();
        let room = usize::from(area.width).saturating_sub(SIGN.width() + 1);
        // The details leave first, and only then is the name cut.
        let mut forms = self.words.iter().map(|words| Safe::new(words));
        let fits = |words: &Safe| name.width() + words.width() <= room;
        let words = forms
            .find(fits)
            .or_else(|| self.words.last().map(|words| Safe::new(words)));
        let words = words.unwrap_or_default();
        let rest = room.saturating_sub(words.width());
        let (name, words) = if rest >= name.width().min(8) {
            (name.elide_middle(rest), words)
        } else {
            // Without the name the words say nothing.
            (name.elide_middle(room), Safe::default())
        };
        let spans = [SIGN, name, Safe::fixed(" "), words].map(|text| Span::new(text, style));
        put_spans(buf, area.x, area.y, area.width, &spans);
    }
}
