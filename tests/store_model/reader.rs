//! What ingest does with the questions of the store: it answers each in turn, slice by slice.

use std::collections::VecDeque;

use ml_dash_top::record::Change;
use ml_dash_top::store::{Store, Want};

use crate::acts::{Row, slice};
use crate::{STREAM, send};

/// The questions that are not answered yet.
#[derive(Default)]
pub(crate) struct Reader {
    open: VecDeque<Answer>,
}

struct Answer {
    want: Want,
    /// The row to go on from.
    at: u64,
    /// The file began anew meanwhile: there is nothing to send.
    void: bool,
}

impl Reader {
    pub(crate) fn ask(&mut self, store: &mut Store) {
        for want in store.wants() {
            assert_eq!(want.from.offset, want.from.row * 10);
            assert!(want.from.row <= want.rows.start);
            self.open.push_back(Answer {
                at: want.from.row,
                want,
                void: false,
            });
        }
    }

    /// Sends slices of `size` rows, at most `slices`; false when nobody asked.
    pub(crate) fn answer(
        &mut self,
        store: &mut Store,
        rows: &[Row],
        size: usize,
        slices: usize,
    ) -> bool {
        let Some(answer) = self.open.front_mut() else {
            return false;
        };
        for _ in 0..slices {
            if answer.void || answer.at >= answer.want.rows.end {
                send(store, Change::ExactEnd { stream: STREAM });
                self.open.pop_front();
                return true;
            }
            let next = (answer.at + size as u64).min(answer.want.rows.end);
            let rows = slice(answer.at, &rows[answer.at as usize..next as usize]);
            send(
                store,
                Change::Exact {
                    stream: STREAM,
                    first: answer.at,
                    rows,
                },
            );
            answer.at = next;
        }
        true
    }

    pub(crate) fn reset(&mut self) {
        for answer in &mut self.open {
            answer.void = true;
        }
    }
}
