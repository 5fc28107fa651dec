//! What the README says about keys and typed commands is what their tables say.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ml_dash_top::commands::{BINDINGS, Binding, PanelId, Scope, TYPINGS};

const BEGIN: &str = "<!-- keys: made from the table of bindings -->\n";
const END: &str = "<!-- end of keys -->\n";

fn rows(text: &mut String, scope: Scope) {
    let here = |binding: &&Binding| binding.scope == scope && !binding.keys.is_empty();
    for binding in BINDINGS.iter().filter(here) {
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
        let (keys, name) = (keys.join(" "), binding.name);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {keys} | {} | `:{name}` |", binding.words);
    }
}

/// The tables of keys as Markdown.
fn tables() -> String {
    let mut text = String::new();
    let scopes = [(Scope::Anywhere, "Anywhere")].into_iter();
    let panels = PanelId::ALL.map(|panel| (Scope::Panel(panel), panel.name()));
    for (scope, name) in scopes.chain(panels) {
        let mut body = String::new();
        rows(&mut body, scope);
        if !body.is_empty() {
            let _ = write!(text, "\n| {name} | | |\n|---|---|---|\n{body}");
        }
    }
    text.push_str("\n| Typed after `:` | | |\n|---|---|---|\n");
    for typing in TYPINGS {
        // Within a table a bar ends a cell.
        let usage = typing.usage.replace('|', "\\|");
        let panel = typing.panel.name();
        let _ = writeln!(
            text,
            "| `:{} {usage}` | {} | {panel} |",
            typing.name, typing.words
        );
    }
    text
}

/// With `UPDATE_README` set the tables are written anew, to be read and committed.
#[test]
fn the_keys_in_the_readme_are_those_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the tables have a begin");
    let (shown, after) = rest.split_once(END).expect("the tables have an end");
    if std::env::var_os("UPDATE_README").is_some() {
        let text = format!("{before}{BEGIN}{}\n{END}{after}", tables());
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(shown.trim(), tables().trim());
}

#[test]
fn every_key_is_in_the_tables_once() {
    let tables = tables();
    let mut keys: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for binding in BINDINGS {
        let scope = match binding.scope {
            Scope::Anywhere => "Anywhere",
            Scope::Panel(panel) => panel.name(),
        };
        for key in binding.keys {
            *keys.entry((scope, format!("`{key}`"))).or_default() += 1;
        }
    }
    assert!(keys.values().all(|count| *count == 1));
    assert!(keys.keys().all(|(_, key)| tables.contains(key)));
}
