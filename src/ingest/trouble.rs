//! What to say about files and folders that cannot be read.

use std::io;
use std::path::Path;

use super::files::Files;

/// What went wrong, without the number that the system adds.
pub(crate) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What went wrong with a path: who may not read it wants to know whom to ask.
pub(crate) fn words_for(error: &io::Error, path: &Path, files: &dyn Files) -> String {
    if error.kind() != io::ErrorKind::PermissionDenied {
        return words(error);
    }
    match files.owner(path) {
        Some(owner) => format!("no access (owner {owner})"),
        None => "no access".to_owned(),
    }
}

/// An absent file is a state, not a failure: it may come, or come back.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
