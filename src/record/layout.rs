//! How a run can lie on disk.

/// How a run lies on disk, recognised by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// A: one `metrics.jsonl` of enveloped rows beside `.ml-logger.meta.json`.
    MlLogger,
    /// B: `metrics/<stream>/data.jsonl`, `experiment.json` with `folder`.
    Folder,
    /// C: as B, `experiment.json` with `prefix`.
    Prefix,
    /// D: as C, written by a download: times in milliseconds, NaN as null.
    Download,
    /// E: one `metrics.json` with an `epochs` array, replaced whole.
    Epochs,
    /// L: a bare `metrics.jsonl` of flat objects.
    Flat,
    /// J: any `.jsonl` given by name, or standard input.
    Jsonl,
}

impl Layout {
    /// The letter that names the layout in machine output.
    pub const fn letter(self) -> char {
        match self {
            Self::MlLogger => 'A',
            Self::Folder => 'B',
            Self::Prefix => 'C',
            Self::Download => 'D',
            Self::Epochs => 'E',
            Self::Flat => 'L',
            Self::Jsonl => 'J',
        }
    }

    /// The name of the layout in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MlLogger => "ML-Logger",
            Self::Folder => "ml-dash 0.5",
            Self::Prefix => "ml-dash",
            Self::Download => "ml-dash download",
            Self::Epochs => "per-epoch metrics.json",
            Self::Flat => "flat metrics.jsonl",
            Self::Jsonl => "JSONL",
        }
    }
}
