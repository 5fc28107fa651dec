//! From what the user named to the roots that are walked.

use std::io;
use std::path::{Path, PathBuf};

use super::discover::SEARCHED;
use super::files::{Files, Kind};

/// What the user wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A root, a project, a run, a file of rows, or a pattern that matches such.
    Path(PathBuf),
    /// Rows on standard input.
    Stdin,
}

/// Where runs are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// Everything below a path, or the file there.
    Path(PathBuf),
    /// A folder that counts only when it is a run itself.
    Itself(PathBuf),
    /// One of the places that are searched when nothing is named: it need not exist.
    Maybe(PathBuf),
    Pattern(String),
    Stdin,
}

impl Root {
    /// The path to name when something is wrong with it.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::Path(path) | Self::Itself(path) | Self::Maybe(path) => path.clone(),
            Self::Pattern(pattern) => PathBuf::from(pattern),
            Self::Stdin => PathBuf::from("-"),
        }
    }

    /// Whether it is an error when there is nothing.
    pub(crate) fn must_exist(&self) -> bool {
        matches!(self, Self::Path(_) | Self::Pattern(_))
    }
}

/// The roots for the targets, or those that are searched in `base` when there are none. `extra` is
/// a root that the environment names.
pub(crate) fn roots(
    targets: &[Target],
    base: &Path,
    extra: Option<&Path>,
    files: &dyn Files,
) -> Vec<Root> {
    if !targets.is_empty() {
        return targets
            .iter()
            .map(|target| root_of(target, files))
            .collect();
    }
    let here = base.as_os_str().is_empty() || base == Path::new(".");
    let searched = SEARCHED.iter().map(|name| {
        // As a user would write it: without a leading dot and slash.
        Root::Maybe(if here {
            PathBuf::from(name)
        } else {
            base.join(name)
        })
    });
    let itself = Root::Itself(if here {
        PathBuf::from(".")
    } else {
        base.to_owned()
    });
    // Whoever stands in a root means what lies in it.
    let within = is_a_root(base).then(|| Root::Maybe(itself.path()));
    let extra = extra.map(|path| Root::Maybe(path.to_owned()));
    std::iter::once(itself)
        .chain(searched)
        .chain(within)
        .chain(extra)
        .collect()
}

/// Whether a folder is called as trackers call their roots.
fn is_a_root(base: &Path) -> bool {
    let base = if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        base
    };
    let real = std::fs::canonicalize(base).unwrap_or_default();
    let name = real.file_name();
    name.is_some_and(|name| SEARCHED.iter().any(|root| name == *root))
}

fn root_of(target: &Target, files: &dyn Files) -> Root {
    match target {
        Target::Stdin => Root::Stdin,
        Target::Path(path) => match path.to_str() {
            Some(text) if is_pattern(text) && files.stat(path).is_err() => {
                Root::Pattern(text.to_owned())
            }
            _ => Root::Path(path.clone()),
        },
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// What a pattern matches now, sorted: folders, and files that can be runs by themselves.
pub(crate) fn matches(pattern: &str, files: &dyn Files) -> io::Result<Vec<PathBuf>> {
    let invalid = |error: glob::PatternError| io::Error::new(io::ErrorKind::InvalidInput, error);
    let paths = glob::glob(pattern).map_err(invalid)?;
    let mut found: Vec<PathBuf> = paths.filter_map(Result::ok).collect();
    found.retain(|path| match files.stat(path) {
        Ok(stat) if stat.kind == Kind::Dir => true,
        Ok(_) => path
            .extension()
            .is_some_and(|ending| ending == "jsonl" || ending == "json"),
        Err(_) => false,
    });
    found.sort();
    Ok(found)
}
