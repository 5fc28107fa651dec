//! The last line: the keys that matter now, or what was said.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Context;
use super::super::look::first_words;
use super::Status;
use crate::commands::{BINDINGS, Binding, Command, PanelId, Scope};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put};
use crate::widgets::pieces::{self, Piece};
use crate::widgets::theme::Role;

/// The keys that matter now, or what was said.
pub fn draw_footer(context: &Context<'_>, status: &Status, area: Rect, buf: &mut Buffer) {
    let area = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(2),
        ..area
    };
    if area.is_empty() {
        return;
    }
    if let Some(said) = &status.said {
        let said = first_words(said, usize::from(area.width));
        put(
            buf,
            area.x,
            area.y,
            area.width,
            &said,
            context.theme.style(Role::Text),
        );
        return;
    }
    pieces::draw(&hints(context, status), 2, area, buf);
}

fn hints(context: &Context<'_>, status: &Status) -> Vec<Piece> {
    let key = context.theme.style(Role::Strong);
    let quiet = context.theme.style(Role::Quiet);
    let hint = |rank: u8, keys: Safe, words: &'static str| {
        Piece::new(
            rank,
            vec![
                Span::new(keys, key),
                Span::new(" ", quiet),
                Span::new(words, quiet),
            ],
        )
    };
    let mut hints = Vec::new();
    if status.zoomed {
        hints.push(hint(2, Safe::new("Esc"), "back"));
    }
    let own = BINDINGS
        .iter()
        .filter(|b| b.scope == Scope::Panel(status.focus) && is_useful(b.command, context));
    let general = BINDINGS.iter().filter(|b| b.scope == Scope::Anywhere);
    let general = general.filter(|b| is_told(b.command, status));
    let (first, last): (Vec<&Binding>, Vec<&Binding>) =
        general.partition(|binding| comes_first(binding.command));
    for binding in first.into_iter().chain(own).chain(last) {
        let Some((keys, words)) = shown(binding, status) else {
            continue;
        };
        hints.push(hint(rank(binding), keys, words));
    }
    if status.mouse {
        let words = vec![Span::new("Shift-drag selects text", quiet)];
        hints.push(Piece::new(200, words).right());
    }
    hints
}

/// What brings around comes first, then what the panel does.
fn comes_first(command: Command) -> bool {
    matches!(
        command,
        Command::FocusNext | Command::Enter | Command::NextRun | Command::Filter | Command::Move(_)
    )
}

/// What keys do that work everywhere is not worth to be told everywhere.
const fn is_told(command: Command, status: &Status) -> bool {
    match command {
        Command::Move(_) => match status.focus {
            PanelId::Charts => true,
            PanelId::Runs => status.zoomed,
            PanelId::Logs | PanelId::Details => false,
        },
        Command::Link => matches!(status.focus, PanelId::Charts | PanelId::Logs),
        Command::Baseline => matches!(status.focus, PanelId::Runs),
        _ => true,
    }
}

/// Only what differs among runs can be asked for where there are several.
fn is_useful(command: Command, context: &Context<'_>) -> bool {
    command != Command::Differing || !context.marked.is_empty()
}

/// The key and the words of a hint, if there is one here.
fn shown(binding: &Binding, status: &Status) -> Option<(Safe, &'static str)> {
    let key = Safe::fixed(binding.keys.first()?);
    if binding.hint.is_empty() {
        return None;
    }
    Some(match binding.command {
        // It goes both ways.
        Command::NextRun => (Safe::new("[ ]"), binding.hint),
        Command::Enter if status.zoomed => (key, "open"),
        // What does not match stays there.
        Command::Filter if status.focus == PanelId::Logs => (key, "find"),
        // It goes both ways, too.
        Command::Move(_) if status.focus == PanelId::Runs => (Safe::new("←→"), "column"),
        Command::Move(_) => (Safe::new("←→"), binding.hint),
        Command::Pause if status.paused.is_some() => (key, "go on"),
        _ => (key, binding.hint),
    })
}

/// The higher, the sooner it is left out.
fn rank(binding: &Binding) -> u8 {
    match binding.command {
        Command::Help => 0,
        Command::Enter => 1,
        Command::FocusNext => 3,
        Command::Filter => 4,
        Command::NextRun => 5,
        Command::Quit => 6,
        // Of the many keys of the charts those with which they are read; of those of the log and of
        // the table those that find something.
        Command::Move(_) => 10,
        Command::SmoothMore | Command::FilterLines | Command::Sort => 11,
        Command::YScale | Command::NextProblem => 12,
        Command::ZoomIn => 13,
        Command::Best => 14,
        Command::Mark => 15,
        Command::XAxis => 16,
        Command::Baseline => 21,
        Command::Palette => 30,
        Command::Copy => 40,
        Command::Pause => 50,
        Command::Link => 55,
        _ if binding.scope == Scope::Anywhere => 60,
        _ => 20,
    }
}
