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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use tempfile::TempDir;

    use super::*;

    type Done = Result<(), Unsaved<&'static str>>;

    fn put(path: &Path, overwrite: bool, text: &str) -> Done {
        save(path, overwrite, |out| {
            out.write_all(text.as_bytes()).map_err(|_| "output")
        })
    }

    fn names(dir: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(dir.path()).expect("a folder");
        let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> = entries
            .map(name)
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_once_and_replaced_only_when_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("loss.csv");
        put(&path, false, "one").expect("written");
        assert!(matches!(put(&path, false, "two"), Err(Unsaved::Exists)));
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one");
        let mode = Permissions::from_mode(0o640);
        fs::set_permissions(&path, mode).expect("permissions");
        put(&path, true, "three").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "three");
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(names(&dir), ["loss.csv"]);
    }

    #[test]
    fn nothing_is_left_of_a_file_that_could_not_be_completed() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("loss.csv");
        let fail = |out: &mut dyn Write| {
            let _ = out.write_all(&vec![b'x'; 1 << 20]);
            Err::<(), _>("the run is gone")
        };
        let failed = save(&path, false, fail);
        assert!(matches!(failed, Err(Unsaved::Content("the run is gone"))));
        assert!(names(&dir).is_empty());
        // What was there stays.
        put(&path, false, "one").expect("written");
        assert!(matches!(save(&path, true, fail), Err(Unsaved::Content(_))));
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one");
    }

    #[test]
    fn somebody_else_who_takes_the_name_meanwhile_keeps_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("loss.csv");
        let saved = save(&path, false, |_| {
            fs::write(&path, "theirs").map_err(|_| "output")
        });
        assert!(matches!(saved, Err(Unsaved::Exists)));
        assert_eq!(fs::read_to_string(&path).expect("the file"), "theirs");
        assert_eq!(names(&dir), ["loss.csv"]);
    }

    #[test]
    fn links_stay_links_and_only_regular_files_are_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        put(&at("real"), false, "one").expect("written");
        symlink("real", at("link")).expect("a link");
        assert!(matches!(
            put(&at("link"), false, "two"),
            Err(Unsaved::Exists)
        ));
        put(&at("link"), true, "two").expect("written");
        assert_eq!(fs::read_to_string(at("real")).expect("the file"), "two");
        assert!(
            fs::symlink_metadata(at("link"))
                .expect("the link")
                .is_symlink()
        );
        // A link to nothing is a name that is taken.
        symlink("nowhere", at("dangling")).expect("a link");
        assert!(matches!(
            put(&at("dangling"), false, "x"),
            Err(Unsaved::Exists)
        ));
        assert!(matches!(
            put(&at("dangling"), true, "x"),
            Err(Unsaved::File(_))
        ));
        for other in [dir.path(), Path::new("/dev/null")] {
            assert!(matches!(put(other, false, "x"), Err(Unsaved::Exists)));
            assert!(matches!(put(other, true, "x"), Err(Unsaved::File(_))));
        }
    }

    #[test]
    fn places_where_nothing_can_be_written_are_told() {
        let dir = tempfile::tempdir().expect("a folder");
        put(&dir.path().join("file"), false, "").expect("written");
        for (name, kind) in [
            ("no/such/folder.csv", ErrorKind::NotFound),
            ("file/below.csv", ErrorKind::NotADirectory),
        ] {
            match put(&dir.path().join(name), false, "x") {
                Err(Unsaved::File(error)) => assert_eq!(error.kind(), kind),
                other => panic!("{other:?}"),
            }
        }
        let long = "x".repeat(250);
        put(&dir.path().join(&long), false, "x").expect("a long name");
        assert_eq!(names(&dir), ["file", &long]);
    }
}
