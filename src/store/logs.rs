//! What is kept of a log: how many lines of which level, and where every 128th starts.

/// The log of a run.
#[derive(Debug, Default)]
pub struct Logs {
    pub lines: u64,
    /// Lines of each level, in the order of `Level::ALL`.
    pub levels: [u64; 5],
    pub first_time: Option<f64>,
    /// The newest time of a line.
    pub last_time: Option<f64>,
}

/// Up to 128 lines of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogBlock {
    /// Where the first of the lines starts in the file.
    pub offset: u64,
    /// The time of the first line, NaN where unknown.
    pub time: f64,
    /// Lines of each level.
    pub levels: [u8; 5],
}

impl Logs {
    /// Lines that one block stands for (the last one may have fewer).
    pub const BLOCK: u64 = 128;

    pub fn block_count(&self) -> usize {
        0
    }

    pub fn block(&self, _index: usize) -> Option<LogBlock> {
        None
    }
}
