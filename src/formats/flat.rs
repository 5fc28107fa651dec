//! Flat rows: a bare `metrics.jsonl`, or any file of JSON lines that was given by name.

use crate::formats::{Evidence, Format, Role};
use crate::record::Layout;

pub(crate) const FORMAT: Format = Format {
    role: |_: &[&str]| None::<Role>,
    claim,
};

/// Whatever nobody else claims: rows without an envelope. An empty file is a run that has not
/// logged yet.
fn claim(evidence: &mut Evidence<'_>) -> Option<Layout> {
    evidence.has("metrics.jsonl").then_some(Layout::Flat)
}
