//! What may lie over the panels: help, a filter or a command that is being typed, a question.

use crate::commands::{Code, Key, PanelId};
use crate::panels::Exported;
use crate::panels::Seek;
use crate::panels::chooser::Chooser;
use crate::panels::help::Help;
use crate::panels::messages::Messages;
use crate::panels::prompt::{FilterPrompt, Palette};
use crate::panels::question::Question;
use crate::widgets::line_edit::Edit;

/// What lies over the panels, at most one thing.
#[derive(Debug, Default)]
pub(super) enum Overlay {
    #[default]
    None,
    Help {
        help: Help,
        /// Its filter is being typed.
        typing: Option<FilterPrompt>,
    },
    Filter {
        panel: PanelId,
        seek: Seek,
        prompt: FilterPrompt,
    },
    Palette(Palette),
    Messages(Messages),
    /// Somebody chooses from a list that a panel asked for.
    Chooser {
        panel: PanelId,
        chooser: Chooser,
    },
    /// There is a file of the name that something is to be written to.
    Overwrite {
        question: Question,
        exported: Exported,
    },
}

/// What a key does to a line of text, if it does anything.
pub(super) fn edit_for(key: Key, bytes: &mut [u8; 4]) -> Option<Edit<'_>> {
    let edit = match (key.code, key.ctrl) {
        (Code::Char('a'), true) | (Code::Home, _) => Edit::Start,
        (Code::Char('e'), true) | (Code::End, _) => Edit::End,
        (Code::Char('b'), true) | (Code::Left, _) => Edit::Left,
        (Code::Char('f'), true) | (Code::Right, _) => Edit::Right,
        (Code::Char('u'), true) => Edit::DeleteToStart,
        (Code::Char('k'), true) => Edit::DeleteToEnd,
        (Code::Char('w'), true) => Edit::DeleteWord,
        (Code::Backspace, _) if key.alt => Edit::DeleteWord,
        (Code::Char('h'), true) | (Code::Backspace, _) => Edit::Backspace,
        (Code::Char('d'), true) | (Code::Delete, _) => Edit::Delete,
        (Code::Char(c), false) if !key.alt => Edit::Insert(c.encode_utf8(bytes)),
        _ => return None,
    };
    Some(edit)
}
