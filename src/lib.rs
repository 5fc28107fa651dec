//! ml-dash-top: a terminal monitor for machine-learning training runs.
//!
//! The map of the modules, in the order in which data flows through them:
//!
//! - [`record`]: what any tracker can say: rows, log lines, parameters, run facts.
//! - [`formats`]: bytes → records. Pure; one file per tracker.
//! - [`ingest`]: files → batches. Threads, clock and file system live here.
//! - [`store`]: batches → memory. No I/O, cannot fail.
//! - [`insight`]: memory → meaning. Pure.
//! - [`cli`]: options, and the subcommands that draw no screen.
//!
//! `ARCHITECTURE.md` tells who may import whom, and why.

pub mod cli;
pub mod formats;
pub mod ingest;
pub mod insight;
pub mod record;
pub mod store;
