//! ml-dash-top: a terminal monitor for machine-learning training runs.
//!
//! The map of the modules, in the order in which data flows through them:
//!
//! - [`record`]: what any tracker can say: rows, log lines, parameters, run facts.
//! - [`formats`]: bytes → records. Pure; one file per tracker.
//! - [`ingest`]: files → batches. Threads, clock and file system live here.
//! - [`store`]: batches → memory. No I/O, cannot fail.
//! - [`insight`]: memory → meaning. Pure.
//! - [`widgets`]: numbers and text → cells. Knows nothing of runs.
//! - [`commands`]: what a user can ask, and which key asks it.
//! - [`figure`]: what a chart shows, before it is known what it is drawn with.
//! - [`export`]: points → tables, figures → pictures, both → files that are never overwritten
//!   unasked.
//! - [`panels`]: state → view → cells. One file a panel.
//! - [`app`]: event → state + effects. Owns everything that changes.
//! - [`terminal`]: the real terminal and the loop: the only async code.
//! - [`demo`]: a simulated lab that writes real files.
//! - [`cli`]: options, and the subcommands that draw no screen.
//!
//! `ARCHITECTURE.md` tells who may import whom, and why.

pub mod app;
pub mod cli;
pub mod commands;
pub mod demo;
pub mod export;
pub mod figure;
pub mod formats;
pub mod ingest;
pub mod insight;
pub mod panels;
pub mod record;
pub mod store;
pub mod terminal;
pub mod widgets;
