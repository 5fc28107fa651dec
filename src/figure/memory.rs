//! The lines of groups as they were reduced last: when one of many runs goes on, the others are not
//! looked at again.
//!
//! Who keeps a memory forgets the runs of which anything changed, before it is used.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::reduce::Reduced;
use crate::insight::axis::XAxis;
use crate::record::{ColumnId, RunId, StreamId};
use crate::widgets::axis::Bounds;

/// Lines of runs that have not changed since.
#[derive(Debug, Default)]
pub struct Memory {
    lines: RefCell<BTreeMap<Key, Held>>,
}

/// Which line, and what it was reduced for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    run: RunId,
    stream: StreamId,
    column: ColumnId,
    axis: XAxis,
    columns: u32,
    logarithmic: bool,
    /// From where to where the axis reaches, and the weight of smoothing, bit by bit.
    numbers: [u64; 3],
}

#[derive(Debug)]
struct Held {
    reduced: Rc<Reduced>,
    used: bool,
}

impl Memory {
    /// Nothing of this run is as it was.
    pub fn forget(&self, is_gone: impl Fn(RunId) -> bool) {
        self.lines.borrow_mut().retain(|key, _| !is_gone(key.run));
    }

    /// Forgets what was not used since this was last called.
    pub fn forget_unused(&self) {
        let mut lines = self.lines.borrow_mut();
        lines.retain(|_, held| std::mem::take(&mut held.used));
    }

    pub(super) fn find(&self, key: &Key) -> Option<Rc<Reduced>> {
        let mut lines = self.lines.borrow_mut();
        let held = lines.get_mut(key)?;
        held.used = true;
        Some(Rc::clone(&held.reduced))
    }

    pub(super) fn keep(&self, key: Key, reduced: &Rc<Reduced>) {
        let reduced = Rc::clone(reduced);
        let held = Held {
            reduced,
            used: true,
        };
        self.lines.borrow_mut().insert(key, held);
    }
}

impl Key {
    pub(super) fn new(
        (run, stream, column): (RunId, StreamId, ColumnId),
        (axis, x, columns): (XAxis, Bounds, u32),
        logarithmic: bool,
        weight: f64,
    ) -> Self {
        Self {
            run,
            stream,
            column,
            axis,
            columns,
            logarithmic,
            numbers: [x.lo(), x.hi(), weight].map(f64::to_bits),
        }
    }
}
