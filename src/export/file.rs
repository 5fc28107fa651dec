//! Writes a file as a whole or not at all, and never over another one unasked.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Why nothing was written.
#[derive(Debug)]
pub enum Unsaved<E> {
    /// There is a file of this name.
    Exists,
    /// The file cannot be made or written.
    File(io::Error),
    /// What was to be in it could not be had.
    Content(E),
}

/// Two names for a file while it is written are tried before it is given up.
const TRIES: u32 = 16;

/// Writes what `fill` writes into a file. It has its name only when it is complete: until then it is
/// a hidden one beside it, which goes away when something fails. A file that has the name already is
/// replaced only when `overwrite` says so, and keeps its permissions.
pub fn save<T, E>(
    path: &Path,
    overwrite: bool,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, Unsaved<E>> {
    let (path, permissions) = place(path, overwrite)?;
    let unfinished = Unfinished::beside(&path).map_err(Unsaved::File)?;
    let mut out = BufWriter::with_capacity(1 << 16, &unfinished.file);
    let filled = fill(&mut out).map_err(Unsaved::Content)?;
    out.flush().map_err(Unsaved::File)?;
    drop(out);
    if let Some(permissions) = permissions {
        fs::set_permissions(&unfinished.path, permissions).map_err(Unsaved::File)?;
    }
    if !overwrite {
        reserve(&path)?;
    }
    unfinished.finish(&path).map_err(Unsaved::File)?;
    Ok(filled)
}

/// Where the file will be, and the permissions of the one that is there.
fn place<E>(path: &Path, overwrite: bool) -> Result<(PathBuf, Option<Permissions>), Unsaved<E>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((path.to_owned(), None)),
        Err(error) => Err(Unsaved::File(error)),
        Ok(_) if !overwrite => Err(Unsaved::Exists),
        Ok(_) => {
            // A link stays a link to the file that is replaced.
            let path = fs::canonicalize(path).map_err(Unsaved::File)?;
            let there = fs::metadata(&path).map_err(Unsaved::File)?;
            if !there.is_file() {
                let words = "not a regular file: it cannot be replaced";
                return Err(Unsaved::File(io::Error::other(words)));
            }
            Ok((path, Some(there.permissions())))
        }
    }
}

/// Takes the name, unless somebody else has taken it since we looked.
fn reserve<E>(path: &Path) -> Result<(), Unsaved<E>> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Unsaved::Exists),
        Err(error) => Err(Unsaved::File(error)),
    }
}

/// A file that is being written under another name; it goes away unless it is finished.
#[derive(Debug)]
struct Unfinished {
    path: PathBuf,
    file: File,
}

impl Unfinished {
    fn beside(path: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(ErrorKind::IsADirectory, "not a file name"));
        };
        for number in 0..TRIES {
            let mut hidden = OsString::from(".");
            // A long name with more behind it would be too long.
            hidden.push(if name.len() > 200 {
                "export".as_ref()
            } else {
                name
            });
            hidden.push(format!(".{}-{number}.part", process::id()));
            let path = path.with_file_name(hidden);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { path, file }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(ErrorKind::AlreadyExists))
    }

    fn finish(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Nothing is there any more when it was finished.
        let _ = fs::remove_file(&self.path);
    }
}
