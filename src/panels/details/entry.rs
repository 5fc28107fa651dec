//! One thing that can be found, read and copied: a key with its value.

use std::rc::Rc;

use super::line::{Cut, Known};
use crate::widgets::Safe;
use crate::widgets::paint::Span;

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) depth: u16,
    pub(super) key: Safe,
    /// The whole key, where only its end is shown.
    pub(super) known_as: Safe,
    /// Only a filter sees this.
    pub(super) found_by: Safe,
    pub(super) value: Span,
    /// Behind the value.
    pub(super) aside: Option<Span>,
    pub(super) cut: Cut,
    /// Instead of the value.
    pub(super) copied: Option<Safe>,
    /// Where it lies on disk.
    pub(super) path: Option<Safe>,
}

impl Entry {
    pub(super) fn of(key: Safe, value: Span) -> Self {
        Self {
            depth: 1,
            key,
            known_as: Safe::default(),
            found_by: Safe::default(),
            value,
            aside: None,
            cut: Cut::Never,
            copied: None,
            path: None,
        }
    }

    /// How many cells it takes on one line.
    pub(super) fn cells(&self) -> usize {
        let aside = self.aside.as_ref().map_or(0, Span::width);
        self.key.width() + 1 + self.value.width() + aside
    }

    /// The value, however long it is; of a number that has something else to be copied, itself.
    pub(super) fn whole(&self) -> &Safe {
        let whole = self.copied.as_ref().filter(|_| self.cut != Cut::Never);
        whole.unwrap_or(&self.value.text)
    }

    /// What can be copied of it.
    pub(super) fn known(&self) -> Rc<Known> {
        let key = if self.known_as.is_empty() {
            &self.key
        } else {
            &self.known_as
        };
        let value = self.copied.as_ref().unwrap_or(&self.value.text);
        Rc::new(Known {
            key: key.clone(),
            value: value.clone(),
            path: self.path.clone(),
        })
    }
}
