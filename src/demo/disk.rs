//! The folder of the lab, and what is done to its files. Everything is written below that folder.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{FlockOperation, flock};

use super::lab::{How, Lab, Write};

/// Tells that a folder is ours, and that what lies in it may be written anew.
pub(super) const MARKER: &str = ".ml-dash-top-demo";
pub(super) const MARK: &str = "A simulated lab of `ml-dash-top demo`: its runs are written anew when it is started here again.\n";

/// What temporary folders are called, before the number of the process and one of their own.
pub(super) const PREFIX: &str = "ml-dash-top-demo-";

/// The folder of a lab. A temporary one goes away with it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    temporary: bool,
    /// Locked as long as the folder is in use; the lock ends with the process, however it ends.
    mark: File,
}

impl Folder {
    /// A new folder that goes away in the end, readable by its owner only.
    pub(super) fn temporary() -> io::Result<Self> {
        let parent = std::env::temp_dir();
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let mut number = since.map_or(0, |since| since.subsec_nanos());
        loop {
            let name = format!("{PREFIX}{}-{number:08x}", std::process::id());
            let path = parent.join(name);
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {
                    let mark = mark(&path)?;
                    return Ok(Self {
                        path,
                        temporary: true,
                        mark,
                    });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    number = number.wrapping_add(1);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// This folder, which stays: a new one, an empty one, or one of an earlier demo.
    pub(super) fn kept(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let path = fs::canonicalize(path)?;
        let is_ours = fs::read_to_string(path.join(MARKER)).is_ok_and(|text| text == MARK);
        if is_ours {
            remove_runs(&path)?;
        } else if fs::read_dir(&path)?.next().is_some() {
            return Err(io::Error::new(
                ErrorKind::DirectoryNotEmpty,
                "the folder is not empty, and no demo made it: name a new or an empty folder",
            ));
        }
        let mark = mark(&path)?;
        Ok(Self {
            path,
            temporary: false,
            mark,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Marks a folder as ours and as used.
fn mark(folder: &Path) -> io::Result<File> {
    let mut file = File::create(folder.join(MARKER))?;
    // Where there are no locks, the number of the process must do.
    let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
    file.write_all(MARK.as_bytes())?;
    Ok(file)
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = flock(&self.mark, FlockOperation::Unlock);
            // Nobody is left to tell when this fails.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Removes what an earlier demo wrote, and nothing else.
fn remove_runs(folder: &Path) -> io::Result<()> {
    for run in Lab::folders() {
        match fs::remove_dir_all(folder.join(run)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Does to the files what was decided. `now` is the present, in seconds since 1970: files that were
/// last written before get the time that they would have.
pub(super) fn perform(folder: &Path, writes: &[Write], now: f64) -> io::Result<()> {
    /// Files written just now have the right time by themselves.
    const FRESH: f64 = 2.0;
    let mut made = PathBuf::new();
    for write in writes {
        let path = folder.join(&write.path);
        let parent = path.parent().unwrap_or(folder);
        if parent != made {
            fs::create_dir_all(parent)?;
            parent.clone_into(&mut made);
        }
        let file = perform_one(&path, write)?;
        if now - write.at > FRESH && write.at > 0.0 {
            file.set_modified(UNIX_EPOCH + Duration::from_secs_f64(write.at))?;
        }
    }
    Ok(())
}

fn perform_one(path: &Path, write: &Write) -> io::Result<File> {
    let mut options = OpenOptions::new();
    match write.how {
        How::Append => {
            let mut file = options.append(true).create(true).open(path)?;
            file.write_all(&write.bytes)?;
            Ok(file)
        }
        How::Rewrite => {
            let mut file = File::create(path)?;
            file.write_all(&write.bytes)?;
            Ok(file)
        }
        How::Replace => {
            let mut name = path.as_os_str().to_owned();
            name.push(".tmp");
            let temporary = PathBuf::from(name);
            let mut file = File::create(&temporary)?;
            file.write_all(&write.bytes)?;
            fs::rename(&temporary, path)?;
            Ok(file)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn write(path: &str, how: How, text: &str, at: f64) -> Write {
        Write {
            path: path.to_owned(),
            how,
            bytes: text.into(),
            at,
        }
    }

    #[test]
    fn files_are_appended_rewritten_and_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = 1_795_159_577.0;
        let writes = [
            write("a/b/rows.jsonl", How::Append, "1\n", now - 50.0),
            write("a/b/rows.jsonl", How::Append, "2\n", now - 40.0),
            write("a/document.json", How::Rewrite, "long text", now - 30.0),
            write("a/document.json", How::Rewrite, "short", now - 20.0),
            write("a/metrics.json", How::Replace, "{}", now - 10.0),
        ];
        perform(dir.path(), &writes, now).expect("written");
        let read = |path: &str| fs::read_to_string(dir.path().join(path)).expect("a file");
        assert_eq!(read("a/b/rows.jsonl"), "1\n2\n");
        assert_eq!(read("a/document.json"), "short");
        assert_eq!(read("a/metrics.json"), "{}");
        assert!(!dir.path().join("a/metrics.json.tmp").exists());
        let modified = |path: &str| {
            let time = dir.path().join(path).metadata().and_then(|m| m.modified());
            let since = time.expect("a time").duration_since(UNIX_EPOCH);
            since.expect("after 1970").as_secs_f64()
        };
        assert_eq!(modified("a/b/rows.jsonl"), now - 40.0);
        assert_eq!(modified("a/metrics.json"), now - 10.0);
    }

    #[test]
    fn a_temporary_folder_is_private_and_goes_away() {
        let folder = Folder::temporary().expect("a folder");
        let path = folder.path().to_owned();
        let mode = path.metadata().expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::create_dir(path.join("inner")).expect("a folder within");
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("thesis.tex"), "").expect("a file");
        let error = Folder::kept(dir.path()).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_folder_of_ours_is_written_anew_and_what_else_lies_in_it_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path().join("lab");
        drop(Folder::kept(&root).expect("a new folder"));
        let run = root.join(&Lab::folders()[0]);
        fs::create_dir_all(&run).expect("a run");
        fs::write(run.join("rows.jsonl"), "old").expect("rows");
        fs::write(root.join("notes.md"), "mine").expect("a file");
        drop(Folder::kept(&root).expect("ours"));
        assert!(!run.exists());
        assert!(root.join("notes.md").exists(), "what is kept stays");
    }
}
