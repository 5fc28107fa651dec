//! Files for others: the exact points of series as tables, figures as pictures.
//!
//! [`points`] and [`svg`] make them, [`file`](mod@file) writes them where nothing may be lost.

mod choice;
pub mod file;
pub mod json;
pub mod points;
pub mod svg;
mod table;

use std::io;

use crate::widgets::Safe;
use crate::widgets::text::safe;

pub use choice::Choice;
pub use points::{Extract, Selection};
pub use table::Table;

/// Why something with a file failed, in words of people.
pub fn reason(error: &io::Error) -> Safe {
    match error.kind() {
        io::ErrorKind::NotFound => Safe::fixed("there is no such file or folder"),
        io::ErrorKind::PermissionDenied => Safe::fixed("permission denied"),
        io::ErrorKind::NotADirectory => Safe::fixed("not a folder"),
        _ => safe!("{error}"),
    }
}
