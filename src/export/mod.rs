//! Files for others: the exact points of series as tables, figures as pictures.
//!
//! [`points`] and [`svg`] make them, [`file`] writes them where nothing may be lost.

mod choice;
pub mod file;
pub mod json;
pub mod points;
pub mod svg;
mod table;

pub use choice::Choice;
pub use points::{Extract, Selection};
pub use table::Table;
