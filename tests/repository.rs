//! What holds for the repository as a whole: its dependencies, its documents, its files.

#![allow(clippy::unwrap_used)]

#[path = "support/files.rs"]
mod files;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use files::{files_below, repository};

/// The files under version control, relative to the repository; without git, all files that are no
/// build output.
fn tracked_files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "ls-files", "-z"])
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    if let Some(output) = listed {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        return text
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .collect();
    }
    let below = |path: PathBuf| path.strip_prefix(repository()).unwrap().to_owned();
    let ours = |path: &PathBuf| !path.starts_with("target") && !path.starts_with(".git");
    files_below(repository())
        .into_iter()
        .map(below)
        .filter(ours)
        .collect()
}

const BANNED_CRATES: &[&str] = &[
    "memmap",
    "memmap2",
    "openssl",
    "openssl-sys",
    "simd-json",
    "sonic-rs",
];
fn banned_crates(lock: &str) -> Vec<&'static str> {
    let named = |name: &&&str| {
        lock.lines()
            .any(|line| line == format!("name = \"{name}\""))
    };
    BANNED_CRATES.iter().filter(named).copied().collect()
}

#[test]
fn no_banned_crate_is_locked() {
    let lock = std::fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    assert!(
        lock.contains("name = \"memchr\""),
        "this is not the lock file"
    );
    assert_eq!(banned_crates(&lock), Vec::<&str>::new());
    assert_eq!(
        banned_crates("[[package]]\nname = \"memmap2\"\nversion = \"0.9\"\n"),
        ["memmap2"]
    );
}

/// Places of somebody's machine that a text names.
fn machine_paths(text: &str) -> Vec<String> {
    // Put together here, so that this file does not catch itself.
    let roots = ["work", "root", "home"].map(|name| format!("/{name}/"));
    let inside = |text: &str, at: usize| {
        text[..at].ends_with(|c: char| c.is_alphanumeric() || ".~".contains(c))
    };
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for root in &roots {
            if line
                .match_indices(root.as_str())
                .any(|(at, _)| !inside(line, at))
            {
                found.push(format!("line {}: {root}", number + 1));
            }
        }
    }
    found
}

#[test]
fn the_commands_of_the_readme_are_those_that_the_checks_run() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let checks = std::fs::read_to_string(repository().join(".ci/run")).unwrap();
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(
            readme.contains(&format!("    {command}\n")),
            "the README lost `{command}`"
        );
    }
    assert!(checks.contains("run cargo test\n"));
    assert!(checks.contains("run cargo run --locked --release -- demo\n"));
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let mut found = Vec::new();
    let files = tracked_files();
    assert!(
        files.len() > 100,
        "the files of the repository were not found"
    );
    for path in files {
        let Ok(bytes) = std::fs::read(repository().join(&path)) else {
            continue;
        };
        for place in machine_paths(&String::from_utf8_lossy(&bytes)) {
            found.push(format!("{}: {place}", path.display()));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    assert_eq!(machine_paths(&format!("a\nsee /{}/me/x", "home")).len(), 1);
    assert_eq!(
        machine_paths("in ./framework/home of a/work/x or ~/work/x").len(),
        0
    );
}

/// What a document says in backticks.
fn quoted(document: &str) -> Vec<&str> {
    let fenced = |(part, _): &(usize, &str)| part % 2 == 0;
    let outside = document
        .split("```")
        .enumerate()
        .filter(fenced)
        .map(|(_, text)| text);
    outside
        .flat_map(|text| text.split('`').skip(1).step_by(2))
        .collect()
}

/// Paths that a document names and that do not exist.
fn missing_paths(document: &str, files: &[PathBuf]) -> Vec<String> {
    const FOLDERS: [&str; 6] = ["src/", "tests/", "benches/", "demo/", ".ci/", "fuzz/"];
    let exists = |path: &str| {
        let path = Path::new(path.trim_end_matches('/'));
        files
            .iter()
            .any(|file| file == path || file.starts_with(path))
    };
    let is_path = |text: &&str| {
        let ending = Path::new(text)
            .extension()
            .and_then(|ending| ending.to_str());
        let file = matches!(ending, Some("rs" | "md" | "toml"));
        let word = text
            .chars()
            .all(|c| c.is_alphanumeric() || "/._-".contains(c));
        word && (file || FOLDERS.iter().any(|folder| text.starts_with(folder)))
    };
    let known = |text: &&str| exists(text) || exists(&format!("src/{text}"));
    let unknown = quoted(document)
        .into_iter()
        .filter(is_path)
        .filter(|text| !known(text));
    unknown.map(str::to_owned).collect()
}

#[test]
fn documents_name_only_files_that_exist() {
    let files = tracked_files();
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "demo/README.md",
    ] {
        let text = std::fs::read_to_string(repository().join(name)).unwrap();
        assert_eq!(
            missing_paths(&text, &files),
            Vec::<String>::new(),
            "in {name}"
        );
    }
    let planted =
        "see `src/panels/mod.rs` and `store/nothing.rs`, not `metrics.jsonl` or `demo/runs`";
    let files = ["src/lib.rs", "demo/runs/a"].map(PathBuf::from);
    assert_eq!(
        missing_paths(planted, &files),
        ["src/panels/mod.rs", "store/nothing.rs"]
    );
}

/// The modules in the first column of the table whose head starts with `| module |`.
fn documented_modules(document: &str) -> BTreeSet<String> {
    let table = document
        .lines()
        .skip_while(|line| !line.starts_with("| module |"))
        .skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let first = rows.filter_map(|line| line.split('|').nth(1));
    first
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// The top-level modules below `src`, without the roots of library and program.
fn modules() -> BTreeSet<String> {
    let names = std::fs::read_dir(repository().join("src"))
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.trim_end_matches(".rs").to_owned()
        });
    names
        .filter(|name| name != "lib" && name != "main")
        .collect()
}

#[test]
fn the_documented_modules_are_those_that_exist() {
    let text = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    assert_eq!(documented_modules(&text), modules());
    let planted = "x\n| module | may import |\n|---|---|\n| `a`, `b` | `c` |\n\n| `d` | no |\n";
    assert_eq!(
        documented_modules(planted),
        ["a", "b"].map(str::to_owned).into()
    );
}

/// Relative links of a document that lead nowhere.
fn dead_links(document: &str, files: &[PathBuf]) -> Vec<String> {
    let targets = document
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.starts_with("http") && !target.starts_with('#'));
    let dead = local.filter(|target| {
        let path = Path::new(target.split('#').next().unwrap().trim_end_matches('/'));
        !files
            .iter()
            .any(|file| file == path || file.starts_with(path))
    });
    dead.map(str::to_owned).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let files = tracked_files();
    for name in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(repository().join(name)).unwrap();
        assert_eq!(dead_links(&text, &files), Vec::<String>::new(), "in {name}");
    }
    assert_eq!(dead_links("[a](gone.md), [b](#here)", &files), ["gone.md"]);
}

#[test]
fn every_layout_has_a_demo_run_that_the_demo_readme_names() {
    let readme = std::fs::read_to_string(repository().join("demo/README.md")).unwrap();
    let demo = repository().join("demo/runs");
    let mut size = 0;
    for path in files_below(&demo) {
        size += path.metadata().unwrap().len();
    }
    assert!(
        size < 400 * 1024,
        "the demo runs have grown to {size} bytes"
    );
    for entry in std::fs::read_dir(&demo).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            readme.contains(&format!("`{name}")),
            "demo/README.md says nothing of {name}"
        );
    }
}
