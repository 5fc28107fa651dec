//! Folders of demos that were killed before they could remove them.
//!
//! Only what is surely ours is removed: a real folder with our name, our mark and our rights, of a
//! process that is no more.

use std::fs::{self, File, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, geteuid, test_kill_process};

use super::disk::{MARK, MARKER, PREFIX};

/// Removes what is left below `parent`. What cannot be removed stays; nobody waits for it.
pub(super) fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let owner = entry.file_name().to_str().and_then(owner_of);
        let path = entry.path();
        if owner.is_some_and(is_dead) && is_ours(&path) {
            // A link in it, or in its place by now, is removed and never followed.
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// The process that made a folder of this name.
fn owner_of(name: &str) -> Option<Pid> {
    let (pid, number) = name.strip_prefix(PREFIX)?.split_once('-')?;
    let is_plain = |text: &str, hex| !text.is_empty() && text.chars().all(|c| c.is_digit(hex));
    let known = is_plain(pid, 10) && is_plain(number, 16) && number.len() == 8;
    known.then(|| Pid::from_raw(pid.parse().ok()?)).flatten()
}

fn is_dead(process: Pid) -> bool {
    test_kill_process(process) == Err(Errno::SRCH)
}

/// Whether a demo made the folder and nobody uses it: a process of another container cannot be seen
/// from here, but it holds the mark.
fn is_ours(folder: &Path) -> bool {
    let mine = |about: &Metadata| about.uid() == geteuid().as_raw();
    let private = |about: &Metadata| about.is_dir() && mine(about) && about.mode() & 0o777 == 0o700;
    let marker = folder.join(MARKER);
    let real = |about: &Metadata| {
        about.is_file() && mine(about) && about.len() == MARK.len() as u64 && about.nlink() == 1
    };
    fs::symlink_metadata(folder).is_ok_and(|about| private(&about))
        && fs::symlink_metadata(&marker).is_ok_and(|about| real(&about))
        && fs::read_to_string(&marker).is_ok_and(|text| text == MARK)
        && File::open(&marker).is_ok_and(|file| lock(&file))
}

fn lock(file: &File) -> bool {
    flock(file, FlockOperation::NonBlockingLockExclusive).is_ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::*;

    /// No process has so large a number.
    const DEAD: &str = "2147483646";

    fn folder(parent: &Path, pid: &str, number: &str) -> PathBuf {
        let path = parent.join(format!("{PREFIX}{pid}-{number}"));
        fs::create_dir(&path).expect("a folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("it is ours");
        fs::write(path.join(MARKER), MARK).expect("a mark");
        path
    }

    #[test]
    fn what_a_killed_demo_left_is_removed() {
        let dir = tempfile::tempdir().expect("a folder");
        let kept = dir.path().join("kept");
        fs::write(&kept, "mine").expect("a file");
        let left = folder(dir.path(), DEAD, "00c0ffee");
        fs::create_dir_all(left.join("vision/run")).expect("a run");
        symlink(&kept, left.join("vision/link")).expect("a link");
        sweep(dir.path());
        assert!(!left.exists());
        assert!(kept.exists(), "links are not followed");
        sweep(&dir.path().join("nowhere"));
    }

    #[test]
    fn everything_else_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let parent = dir.path();
        let alive = folder(parent, &std::process::id().to_string(), "00000001");
        let open = folder(parent, DEAD, "00000002");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let unmarked = folder(parent, DEAD, "00000003");
        fs::remove_file(unmarked.join(MARKER)).expect("no mark");
        let foreign = folder(parent, DEAD, "00000004");
        fs::write(foreign.join(MARKER), "another mark").expect("a mark");
        let linked = folder(parent, DEAD, "00000005");
        fs::remove_file(linked.join(MARKER)).expect("no mark");
        symlink(alive.join(MARKER), linked.join(MARKER)).expect("a link");
        let elsewhere = folder(parent, "no-number", "00000006");
        let link = parent.join(format!("{PREFIX}{DEAD}-00000007"));
        symlink(&elsewhere, &link).expect("a link");
        let used = folder(parent, DEAD, "00000008");
        let mark = File::open(used.join(MARKER)).expect("a mark");
        assert!(lock(&mark));
        let file = parent.join(format!("{PREFIX}{DEAD}-00000009"));
        fs::write(&file, MARK).expect("a file");
        let others = ["0", "-1", "+5", "99999999999", DEAD];
        let others = others.map(|pid| folder(parent, pid, "0000000a0"));
        sweep(parent);
        let these = [
            alive, open, unmarked, foreign, linked, elsewhere, used, file,
        ];
        for path in these.iter().chain(&others) {
            assert!(path.exists(), "{}", path.display());
        }
        assert!(link.is_symlink());
    }
}
