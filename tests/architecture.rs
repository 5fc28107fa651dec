//! The rules of `ARCHITECTURE.md`, enforced. Every rule shows by a planted violation that it can
//! fail.

#![allow(clippy::unwrap_used)]

#[path = "support/files.rs"]
mod files;
#[path = "support/source.rs"]
mod source;

use std::collections::BTreeSet;

use files::repository;
use source::{Source, read_sources};

/// A row of the import table: a module, the modules it may import, and what else it may touch.
struct Module {
    name: &'static str,
    may_import: &'static [&'static str],
    may_touch: &'static [Touch],
}

/// What only some modules may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touch {
    Files,
    /// System calls on what is open, and the opening of devices.
    Descriptors,
    Threads,
    Clock,
    /// Writing JSON documents with serde.
    Json,
    JsonParsing,
    Async,
    /// Cells and the terminal.
    Screen,
    /// Other programs and the network.
    Outside,
}

use Touch::{Async, Clock, Descriptors, Files, Json, JsonParsing, Outside, Screen, Threads};

const fn module(
    name: &'static str,
    may_import: &'static [&'static str],
    may_touch: &'static [Touch],
) -> Module {
    Module {
        name,
        may_import,
        may_touch,
    }
}

/// Who may import whom, in the order of the layers. The table in `ARCHITECTURE.md` shows the same.
const MODULES: &[Module] = &[
    module("record", &[], &[]),
    module("formats", &["record"], &[Json, JsonParsing]),
    module("store", &["record"], &[]),
    module("insight", &["record", "store"], &[]),
    module(
        "ingest",
        &["record", "formats"],
        &[Files, Descriptors, Threads, Clock],
    ),
    module("widgets", &[], &[Screen]),
    module("commands", &["record"], &[]),
    module("figure", &["record", "store", "insight", "widgets"], &[]),
    module(
        "export",
        &[
            "record", "formats", "store", "insight", "ingest", "widgets", "figure",
        ],
        &[Files, Json],
    ),
    module(
        "panels",
        &[
            "record", "store", "insight", "commands", "widgets", "figure",
        ],
        &[Screen],
    ),
    module(
        "app",
        &[
            "record", "store", "insight", "commands", "panels", "widgets",
        ],
        &[Screen],
    ),
    module("demo", &[], &[Files, Descriptors, Threads, Clock, Json]),
    module(
        "terminal",
        &[
            "record", "store", "insight", "ingest", "commands", "figure", "export", "panels",
            "widgets", "app",
        ],
        &[Descriptors, Threads, Clock, Async, Screen, Outside],
    ),
    module(
        "cli",
        &[
            "record", "formats", "store", "insight", "ingest", "widgets", "commands", "figure",
            "export", "app", "terminal", "demo",
        ],
        &[Threads, Clock, Json],
    ),
    module("lib", &[], &[]),
    module("main", &["cli"], &[]),
];

/// Paths and calls that give away that code touches something.
const TRACES: &[(Touch, &[&str])] = &[
    (
        Files,
        &[
            "std::fs",
            "std::os::unix::fs",
            "fs::File",
            "File::open",
            "OpenOptions",
            "notify",
            "glob",
            "read_dir(",
            ".exists()",
            ".canonicalize()",
            ".symlink_metadata()",
            ".metadata()",
            ".try_exists()",
            ".is_file()",
            ".is_dir()",
        ],
    ),
    (Descriptors, &["rustix::fs"]),
    (
        Threads,
        &[
            "std::thread",
            "thread::spawn",
            "thread::Builder",
            "thread::scope",
            "rayon",
        ],
    ),
    (
        Clock,
        &[
            "Instant::now",
            "SystemTime::now",
            "Timestamp::now",
            "Zoned::now",
            "UNIX_EPOCH.elapsed",
        ],
    ),
    (Json, &["serde_json"]),
    (
        JsonParsing,
        &[
            "serde_json::from_",
            "serde_json::Deserializer",
            "serde_json::StreamDeserializer",
        ],
    ),
    (
        Async,
        &["async fn", "async move", "async {", ".await", "tokio"],
    ),
    (Screen, &["ratatui", "crossterm"]),
    (Outside, &["std::net", "process::Command"]),
];

const LONGEST_FILE: usize = 450;

fn row(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// Whether `word` stands in `code` on its own: not as a part of a longer name.
fn mentions(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let open_end = word.ends_with(|c| !part(c)) || word.ends_with("from_");
        !(word.starts_with(part) && before.is_some_and(part))
            && (open_end || !after.is_some_and(part))
    })
}

/// The modules of ours that a source imports or names by a path.
fn imports(source: &Source) -> BTreeSet<String> {
    let mut paths = source.uses.clone();
    let to_root = "super::".repeat(source.depth());
    for start in ["crate::", "ml_dash_top::", to_root.as_str()] {
        for (at, _) in source.code.match_indices(start) {
            let word =
                source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if !word {
                let rest = &source.code[at..];
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
                paths.push(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    }
    let from_root = |path: &String| {
        let rest = ["crate::", "ml_dash_top::", to_root.as_str()]
            .iter()
            .find_map(|start| path.strip_prefix(start))?;
        let name = rest.split("::").next().unwrap_or_default();
        (!name.is_empty() && name != "super").then(|| name.to_owned())
    };
    paths.iter().filter_map(from_root).collect()
}

fn check_imports(source: &Source) -> Vec<String> {
    let name = source.module();
    let Some(module) = row(name) else {
        return vec![format!(
            "the module `{name}` has no row in the import table"
        )];
    };
    imports(source)
        .into_iter()
        .filter(|other| other != name && !module.may_import.contains(&other.as_str()))
        .map(|other| format!("`{name}` must not import `{other}`"))
        .collect()
}

fn check_touches(source: &Source) -> Vec<String> {
    let Some(module) = row(source.module()) else {
        return Vec::new();
    };
    let mut text = source.code.clone();
    for path in &source.uses {
        text.push('\n');
        text.push_str(path);
    }
    let mut found = Vec::new();
    for (touch, traces) in TRACES
        .iter()
        .filter(|(touch, _)| !module.may_touch.contains(touch))
    {
        for trace in traces.iter().filter(|trace| mentions(&text, trace)) {
            found.push(format!(
                "`{trace}` ({touch:?}) has no place in `{}`",
                module.name
            ));
        }
    }
    found
}

fn check_unsafe(source: &Source) -> Vec<String> {
    let found = mentions(&source.code, "unsafe").then(|| "`unsafe` has no place here".to_owned());
    found.into_iter().collect()
}

fn check_unwrap(source: &Source) -> Vec<String> {
    let places = source
        .code
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(".unwrap()"));
    places
        .map(|(number, _)| format!("line {}: `unwrap()` outside tests", number + 1))
        .collect()
}

/// Text from files reaches the terminal through one door, and paths only after they were made
/// harmless.
fn check_print(source: &Source) -> Vec<String> {
    let bans = [".display()", "print!", "println!", "eprint!", "eprintln!"];
    let mut found: Vec<String> = bans
        .iter()
        .filter(|ban| mentions(&source.code, ban))
        .map(|ban| format!("`{ban}` shows what was not made harmless"))
        .collect();
    let door = source.path == "cli/print.rs";
    if source.module() == "cli" && !door {
        for macro_name in ["write!", "writeln!"] {
            if mentions(&source.code, macro_name) {
                found.push(format!("`{macro_name}` in `cli`; use `cli::print`"));
            }
        }
    }
    found
}

fn check_shape(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if !source.raw.starts_with("//! ") {
        found.push("the first line does not say what the file is for (`//! …`)".to_owned());
    }
    let lines = source.raw.lines().count();
    if lines > LONGEST_FILE {
        found.push(format!("{lines} lines, more than {LONGEST_FILE}"));
    }
    found
}

/// A rule over sources, with code that breaks it and code that only looks as if it did.
struct Rule {
    name: &'static str,
    check: fn(&Source) -> Vec<String>,
    planted: &'static [(&'static str, &'static str)],
    innocent: &'static [(&'static str, &'static str)],
}

const RULES: &[Rule] = &[
    Rule {
        name: "imports",
        check: check_imports,
        planted: &[
            ("record.rs", "use crate::store::Store;"),
            ("formats/json.rs", "use crate::{record::Rows, store};"),
            ("formats/json.rs", "fn f() { crate::ingest::start(); }"),
            ("store/run.rs", "use super::super::formats::Piece;"),
            ("store/mod.rs", "use super::formats::Piece;"),
            ("record.rs", "use super::formats::Piece;"),
            (
                "insight/metric.rs",
                "pub(crate) use crate::ingest as reading;",
            ),
            (
                "ingest/mod.rs",
                "use crate::{\n    formats::{self, Piece},\n    store::Store,\n};",
            ),
            ("main.rs", "use ml_dash_top::store::Store;"),
            ("surprise/mod.rs", "pub struct Surprise;"),
        ],
        innocent: &[
            (
                "store/run.rs",
                "// use crate::formats::Piece;\nuse super::stream::Stream;",
            ),
            (
                "store/run.rs",
                "#[cfg(test)]\nmod tests { use crate::formats::Piece; }",
            ),
            ("store/run.rs", "const HELP: &str = \"crate::formats\";"),
            (
                "formats/json.rs",
                "use crate::formats::Piece; use crate::record;",
            ),
            ("cli/list.rs", "use crate::{ingest, insight, store::Store};"),
        ],
    },
    Rule {
        name: "touches",
        check: check_touches,
        planted: &[
            ("formats/mod.rs", "use std::{fs, io};"),
            ("store/mod.rs", "fn f() { std::fs::read(\"x\"); }"),
            (
                "cli/list.rs",
                "fn f(p: &std::path::Path) -> bool { p.exists() }",
            ),
            ("cli/list.rs", "use notify::Watcher;"),
            (
                "insight/health.rs",
                "fn f() { let now = std::time::Instant::now(); }",
            ),
            (
                "store/mod.rs",
                "use std::time::SystemTime; fn f() { SystemTime::now(); }",
            ),
            ("formats/mod.rs", "use std::{sync::Arc, thread};"),
            ("store/mod.rs", "use serde_json::Value;"),
            ("ingest/tail.rs", "fn f() { serde_json::json!({}); }"),
            (
                "cli/show.rs",
                "fn f() { serde_json::from_str::<u8>(\"1\"); }",
            ),
            ("ingest/mod.rs", "pub async fn run() {}"),
            ("cli/mod.rs", "use tokio::runtime::Runtime;"),
            ("ingest/mod.rs", "use std::{net::TcpStream, process};"),
            (
                "cli/mod.rs",
                "fn f() { std::process::Command::new(\"sh\"); }",
            ),
        ],
        innocent: &[
            (
                "ingest/files.rs",
                "use std::fs::File; use std::thread; use std::time::Instant;",
            ),
            (
                "cli/list.rs",
                "use std::time::Instant; fn f() { Instant::now(); serde_json::json!({}); }",
            ),
            (
                "formats/json.rs",
                "/// Not `std::fs`.\nfn notify_all() { let global = \"std::fs\"; }",
            ),
            ("store/mod.rs", "#[cfg(test)]\nuse std::fs;\nfn f() {}"),
            (
                "insight/mod.rs",
                "#[cfg(test)]\n#[allow(dead_code)]\nmod t { use std::fs; fn f() { g(\"}\") } }",
            ),
        ],
    },
    Rule {
        name: "unsafe",
        check: check_unsafe,
        planted: &[("store/mod.rs", "fn f() { unsafe { g() } }")],
        innocent: &[(
            "store/mod.rs",
            "// unsafe\n#![forbid(unsafe_code)]\nconst A: &str = r#\"unsafe\"#;",
        )],
    },
    Rule {
        name: "unwrap",
        check: check_unwrap,
        planted: &[(
            "store/mod.rs",
            "fn f() -> u8 {\n    g()\n        .unwrap()\n}",
        )],
        innocent: &[
            (
                "store/mod.rs",
                "fn f() -> u8 { g().unwrap_or(0) } // not .unwrap()",
            ),
            (
                "store/mod.rs",
                "#[cfg(test)]\nmod tests { fn f() { g('{').unwrap(); } }",
            ),
        ],
    },
    Rule {
        name: "print",
        check: check_print,
        planted: &[
            (
                "ingest/mod.rs",
                "fn f(p: &std::path::Path) -> String { p.display().to_string() }",
            ),
            ("cli/show.rs", "fn f(name: &str) { println!(\"{name}\"); }"),
            ("terminal/mod.rs", "fn f() { eprint!(\"x\") }"),
            (
                "cli/list.rs",
                "fn f(out: &mut dyn Write, name: &str) { let _ = writeln!(out, \"{name}\"); }",
            ),
        ],
        innocent: &[
            (
                "cli/print.rs",
                "fn f(out: &mut O, words: &Safe) { writeln!(out, \"{words}\"); }",
            ),
            (
                "widgets/text.rs",
                "fn f(out: &mut String) { write!(out, \"x\"); }",
            ),
            (
                "cli/list.rs",
                "// println!\nfn f() { blueprint!(); } const A: &str = \"println!\";",
            ),
        ],
    },
    Rule {
        name: "shape",
        check: check_shape,
        planted: &[
            ("store/mod.rs", "use std::sync::Arc;\n"),
            ("store/mod.rs", "/// Not about the file.\nstruct A;\n"),
            ("store/long.rs", LONG_FILE),
        ],
        innocent: &[("store/mod.rs", "//! Batches → memory.\n")],
    },
];

/// As long as one line more than a file may have.
const LONG_FILE: &str = {
    const BYTES: [u8; LONGEST_FILE + 5] = {
        let mut bytes = [b'\n'; LONGEST_FILE + 5];
        bytes[0] = b'/';
        bytes[1] = b'/';
        bytes[2] = b'!';
        bytes[3] = b' ';
        bytes
    };
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => "",
    }
};

#[test]
fn sources_keep_every_rule() {
    let sources = read_sources(&repository().join("src"));
    assert!(sources.len() >= 8, "the sources were not found");
    let mut found = Vec::new();
    for rule in RULES {
        for source in &sources {
            for violation in (rule.check)(source) {
                found.push(format!("src/{}: {violation}", source.path));
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_rule_catches_what_is_planted_and_nothing_else() {
    for rule in RULES {
        for (path, code) in rule.planted {
            let found = (rule.check)(&Source::new(path, code));
            assert!(
                !found.is_empty(),
                "`{}` lets this pass in {path}: {code}",
                rule.name
            );
        }
        for (path, code) in rule.innocent {
            let found = (rule.check)(&Source::new(path, code));
            assert!(
                found.is_empty(),
                "`{}` in {path}: {code}\n{found:?}",
                rule.name
            );
        }
    }
}

#[test]
fn the_import_table_has_no_circle_and_no_stranger() {
    for (place, module) in MODULES.iter().enumerate() {
        for other in module.may_import {
            let above = MODULES[..place].iter().any(|m| m.name == *other);
            assert!(
                above,
                "`{}` imports `{other}`, which is not above it",
                module.name
            );
        }
    }
    for module in MODULES {
        let src = repository().join("src");
        let exists = src.join(format!("{}.rs", module.name)).exists()
            || src.join(module.name).join("mod.rs").exists();
        assert!(
            exists,
            "the import table names `{}`, which does not exist",
            module.name
        );
    }
}
