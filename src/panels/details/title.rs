//! What stands on the frame of the details: which runs, what is left out, what lies below.

use super::super::look;
use super::super::{Context, Pane};
use super::Details;
use super::cells::letter_span;
use crate::commands::PanelId;
use crate::insight::number;
use crate::widgets::Safe;
use crate::widgets::frame::Frame;
use crate::widgets::paint::Span;
use crate::widgets::text::safe;
use crate::widgets::theme::{Hue, Role};

/// Fewer cells tell nothing of a name.
const NAME_LEAST: usize = 6;

impl Details {
    pub(super) fn frame(&self, context: &Context<'_>, pane: Pane) -> Frame {
        let mut title = look::title(context.theme, PanelId::Details, pane.focused);
        title.extend(self.letters(context));
        Frame {
            title,
            right: self.left_out(context, pane),
            bottom: self.below(context, pane),
            focused: pane.focused,
        }
    }

    /// The runs beside each other: `A · B · C`.
    fn letters(&self, context: &Context<'_>) -> Vec<Span> {
        let theme = context.theme;
        let mut spans = Vec::new();
        let heads = self.beside.iter().flat_map(|beside| &beside.table.heads);
        for head in heads {
            let between = if spans.is_empty() { "  " } else { " · " };
            spans.push(Span::new(between, theme.style(Role::Quiet)));
            spans.push(match head.mark {
                Some((letter, hue)) => Span::new(safe!("{letter}"), theme.series(Hue::Run(hue))),
                None => Span::new("━", theme.style(Role::Text)),
            });
        }
        spans
    }

    /// What the filter and the key for what differs leave of it.
    fn left_out(&self, context: &Context<'_>, pane: Pane) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let mut spans = Vec::new();
        if !self.filter.is_empty() {
            let text = Safe::new(self.filter.text()).elide_end(usize::from(pane.area.width / 4));
            spans.push(Span::new("/", style(Role::Accent)));
            spans.push(Span::new(text, style(Role::Quiet)));
            spans.push(Span::new("  ", style(Role::Quiet)));
        }
        let (shown, all) = self.matches;
        let counts = safe!("{}/{}", number::grouped(shown), number::grouped(all));
        if self.differing && self.beside.is_some() {
            let words = if pane.area.width < 60 {
                " ≠ "
            } else {
                " differing only "
            };
            spans.push(Span::new("=", style(Role::Accent)));
            spans.push(Span::new(words, style(Role::Quiet)));
            spans.push(Span::new(counts, style(Role::Text)));
        } else if !self.filter.is_empty() {
            spans.push(Span::new(counts, style(Role::Text)));
        } else if let Some(beside) = &self.beside {
            let (differing, all) = beside.table.differing();
            let words = safe!("≠ {}/{}", number::grouped(differing), number::grouped(all));
            spans.push(Span::new(words, style(Role::Quiet)));
        }
        spans
    }

    fn below(&self, context: &Context<'_>, pane: Pane) -> Vec<Span> {
        let quiet = context.theme.style(Role::Quiet);
        let flow = self.flow(pane);
        let mut words = Vec::new();
        let mut spans = Vec::new();
        if let Some(beside) = &self.beside {
            let (visible, all) = (beside.range(flow.cells()), beside.table.heads.len());
            if visible.len() < all {
                let (first, last) = (visible.start + 1, visible.end);
                words.push(if pane.area.width < 60 {
                    safe!("{first}–{last}/{all}")
                } else {
                    safe!("runs {first}–{last} of {all}")
                });
            }
        }
        let below = self.lines.len();
        let below = below.saturating_sub(self.scroll.top + flow.capacity());
        if below > 0 {
            words.push(safe!("↓ {below}"));
        }
        let words = Safe::join(&words, "  ");
        let beside = self.beside.as_ref().filter(|_| pane.focused);
        if let Some(head) = beside.and_then(|beside| beside.cut_head(flow.cells())) {
            let between = if words.is_empty() { "" } else { " · " };
            let taken = 6 + words.width() + between.len() + 2;
            let room = usize::from(pane.area.width).saturating_sub(taken);
            if room >= NAME_LEAST {
                spans.push(letter_span(context.theme, head));
                let name = head.name.elide_middle(room);
                spans.push(Span::new(name, context.theme.style(Role::Text)));
                spans.push(Span::new(between, quiet));
            }
        }
        if !words.is_empty() {
            spans.push(Span::new(words, quiet));
        }
        spans
    }
}
