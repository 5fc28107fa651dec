//! Memory → meaning. Pure: no files, no clock; the time is an argument.
//!
//! - [`metric`]: what a series is, by its names. [`words`] is the vocabulary.
//! - [`series`]: the series of a run, and where along the training a row stands.
//! - [`summary`]: the table of a training. [`progress`]: how far, how fast, how long still.
//! - [`health`]: whether it is alive, and what should worry its owner.
//! - [`charts`]: which charts a run has. [`axis`]: what their x axis counts. [`changes`]: when parameters changed. [`overview`]: all of this for one run, worked out once.
//! - [`compare`]: runs beside each other. [`query`]: the language in which runs are asked for.
//!   [`log_filter`]: the one in which log lines are. [`log_words`]: what lines are called.
//! - [`number`], [`clock`], [`value`]: numbers, times and values in words.

pub mod axis;
pub mod changes;
pub mod charts;
pub mod clock;
pub mod compare;
pub mod health;
pub mod log_filter;
pub mod log_words;
pub mod metric;
pub mod number;
pub mod overview;
pub mod progress;
pub mod query;
pub mod series;
pub mod summary;
pub mod value;
mod words;

#[cfg(test)]
mod made;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod tests;
