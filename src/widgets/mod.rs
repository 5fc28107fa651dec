//! Numbers and text → cells. Knows nothing of runs.
//!
//! Only four kinds of things are drawn: finite numbers, bounds with lo < hi, ratios in 0..=1, and
//! [`Safe`] text. [`text`] makes text safe, [`paint`] puts it into cells, [`theme`] says how things
//! look, [`ascii`] what is left of it in a terminal without Unicode; the others are pieces that the
//! panels are made of.

pub mod apart;
pub mod ascii;
pub mod axis;
pub mod bar;
pub mod decimal;
pub mod filter;
pub mod frame;
pub mod line_edit;
pub mod paint;
pub mod patch;
pub mod pieces;
pub mod plot;
pub mod scroll;
pub mod spark;
pub mod table;
pub mod text;
pub mod theme;

pub use text::Safe;
