//! The local disk: the one real implementation of [`Files`].

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rustix::fs::{OFlags, SeekFrom};

use super::files::{Entry, Files, Kind, OpenFile, Stat, not_regular};

/// Files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDisk;

struct LocalFile(File);

impl Files for LocalDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            entries.push(Entry {
                name: entry.file_name(),
                kind: kind_of(kind),
            });
        }
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        Ok(stat_of(&fs::metadata(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        // Without O_NONBLOCK a pipe that took the file's place would hold the thread for ever.
        let flags = OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path)?;
        if !file.metadata()?.is_file() {
            return Err(not_regular());
        }
        Ok(Box::new(LocalFile(file)))
    }

    fn is_remote(&self, path: &Path) -> bool {
        // What does not exist yet lies where its nearest existing ancestor lies.
        let existing = path
            .ancestors()
            .find(|p| !p.as_os_str().is_empty() && p.exists());
        is_remote_mount(existing.unwrap_or(Path::new(".")))
    }

    fn owner(&self, path: &Path) -> Option<String> {
        // Where not even that may be asked, the folder that forbids it has the owner to ask.
        let uid = path.ancestors().find_map(|p| fs::metadata(p).ok())?.uid();
        let users = fs::read("/etc/passwd").unwrap_or_default();
        Some(name_of(uid, &String::from_utf8_lossy(&users)).unwrap_or_else(|| uid.to_string()))
    }
}

impl OpenFile for LocalFile {
    fn stat(&self) -> io::Result<Stat> {
        Ok(stat_of(&self.0.metadata()?))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(buf, offset)
    }

    fn next_data(&self, offset: u64) -> io::Result<Option<u64>> {
        match rustix::fs::seek(&self.0, SeekFrom::Data(offset)) {
            Ok(found) => Ok(Some(found)),
            Err(rustix::io::Errno::NXIO) => Ok(None),
            Err(_) => Ok(Some(offset)),
        }
    }
}

fn kind_of(kind: fs::FileType) -> Kind {
    if kind.is_file() {
        return Kind::File;
    }
    if kind.is_dir() {
        return Kind::Dir;
    }
    if kind.is_symlink() {
        return Kind::Link;
    }
    debug_assert!(
        kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
    );
    Kind::Other
}

/// The name of a user in the table of this machine; those of a directory service have none there.
fn name_of(uid: u32, users: &str) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number = fields.nth(1)?;
        (number.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

fn stat_of(meta: &fs::Metadata) -> Stat {
    let nanos =
        |seconds: i64, part: i64| seconds.saturating_mul(1_000_000_000).saturating_add(part);
    let born = meta
        .created()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    Stat {
        kind: kind_of(meta.file_type()),
        size: meta.len(),
        dev: meta.dev(),
        ino: meta.ino(),
        mtime: nanos(meta.mtime(), meta.mtime_nsec()),
        ctime: nanos(meta.ctime(), meta.ctime_nsec()),
        nlink: meta.nlink(),
        btime: born.map(|t| i64::try_from(t.as_nanos()).unwrap_or(i64::MAX)),
    }
}

/// Only file systems that are known to be local count as local: a new network file system must not
/// be trusted to announce what other machines write.
#[cfg(target_os = "linux")]
fn is_remote_mount(path: &Path) -> bool {
    const LOCAL: [u32; 12] = [
        0xEF53,      // ext2, ext3, ext4
        0x5846_5342, // xfs
        0x9123_683E, // btrfs
        0x2FC1_2FC1, // zfs
        0x0102_1994, // tmpfs
        0x8584_58F6, // ramfs
        0xF2F5_2010, // f2fs
        0xCA45_1A4E, // bcachefs
        0x3153_464A, // jfs
        0x5265_4973, // reiserfs
        0x4D44,      // vfat
        0x2011_BAB0, // exfat
    ];
    let Ok(stat) = rustix::fs::statfs(path) else {
        return true;
    };
    // The magic number is a word of another width and sign on each architecture.
    !LOCAL.contains(&(stat.f_type as u32))
}

#[cfg(not(target_os = "linux"))]
fn is_remote_mount(_path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F34: a handle that is kept must notice that its file grew, and that it lost its name.
    #[test]
    fn an_open_file_tells_what_it_is_now() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("rows.jsonl");
        fs::write(&path, "1").expect("a file");
        let open = LocalDisk.open(&path).expect("open");
        fs::write(&path, "12345").expect("a longer file");
        assert_eq!(open.stat().expect("a size").size, 5);
        fs::remove_file(&path).expect("removing");
        assert_eq!(open.stat().expect("a count").nlink, 0);
    }

    #[test]
    fn owners_have_names_or_numbers() {
        let users = "root:x:0:0:root:/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nodd\n";
        assert_eq!(name_of(1000, users).as_deref(), Some("alice"));
        assert_eq!(name_of(1001, users), None);
        let owner = LocalDisk.owner(Path::new("/proc/none/such"));
        assert!(owner.is_none_or(|owner| !owner.is_empty()));
    }

    /// F47: what is not known to be local is not trusted to announce changes.
    #[cfg(target_os = "linux")]
    #[test]
    fn only_known_file_systems_are_local() {
        assert!(is_remote_mount(Path::new("/proc")));
        assert!(is_remote_mount(Path::new("/none/such")));
        let memory = Path::new("/dev/shm");
        if rustix::fs::statfs(memory).is_ok_and(|stat| stat.f_type as u32 == 0x0102_1994) {
            assert!(!is_remote_mount(memory));
            assert!(!LocalDisk.is_remote(&memory.join("not/yet")));
        } else {
            println!("skipped: no tmpfs here");
        }
    }
}
