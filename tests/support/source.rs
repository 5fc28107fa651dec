//! Rust source as the architecture rules see it: without comments, text and tests.

use std::collections::BTreeSet;
use std::path::Path;

/// One file below `src/`.
#[derive(Debug)]
pub(crate) struct Source {
    /// Relative to `src/`, with forward slashes.
    pub(crate) path: String,
    pub(crate) raw: String,
    /// The code that is compiled into the program: comments, literals and items under
    /// `#[cfg(test)]` are blank, lines stay where they are. Empty for a file of tests.
    pub(crate) code: String,
    /// Every path that a `use` declares, groups spelled out.
    pub(crate) uses: Vec<String>,
}

impl Source {
    pub(crate) fn new(path: &str, raw: &str) -> Self {
        let (code, _) = without_tests(&without_text(raw));
        let uses = declared_uses(&code);
        Self {
            path: path.to_owned(),
            raw: raw.to_owned(),
            code,
            uses,
        }
    }

    /// The top-level module: `store` for `store/run.rs`, `record` for `record.rs`.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many `super::` lead from this file to the crate's root.
    pub(crate) fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") {
            parts - 1
        } else {
            parts
        }
    }
}

/// All sources below `src`; files that only a `#[cfg(test)] mod name;` declares have no code.
pub(crate) fn read_sources(src: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut tests = BTreeSet::new();
    for path in crate::files::files_below(src) {
        let below = path
            .strip_prefix(src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let raw = std::fs::read_to_string(&path).unwrap();
        let folder = module_folder(&below);
        for name in without_tests(&without_text(&raw)).1 {
            tests.insert(format!("{folder}{name}.rs"));
            tests.insert(format!("{folder}{name}/"));
        }
        sources.push(Source::new(&below, &raw));
    }
    for source in &mut sources {
        let path = &source.path;
        if tests
            .iter()
            .any(|t| path == t || (t.ends_with('/') && path.starts_with(t.as_str())))
        {
            source.code.clear();
            source.uses.clear();
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// Where the files of the modules lie that this file declares.
fn module_folder(path: &str) -> String {
    match path.rsplit_once('/') {
        _ if matches!(path, "lib.rs" | "main.rs") => String::new(),
        Some((folder, "mod.rs")) => format!("{folder}/"),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    }
}

/// Blanks comments, text and character literals.
pub(crate) fn without_text(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => comment_end(bytes, at),
            b'"' => text_end(bytes, at),
            b'r' if !continues_word(bytes, at) => raw_text_end(bytes, at).unwrap_or(at),
            b'\'' => character_end(bytes, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            at += 1;
            continue;
        }
        code[at..end]
            .iter_mut()
            .filter(|b| **b != b'\n')
            .for_each(|b| *b = b' ');
        at = end;
    }
    String::from_utf8_lossy(&code).into_owned()
}

fn continues_word(bytes: &[u8], at: usize) -> bool {
    // `br"…"` is raw text too; any other letter before the `r` makes it part of a name.
    let before = if at > 0 && bytes[at - 1] == b'b' {
        at.checked_sub(2)
    } else {
        at.checked_sub(1)
    };
    before.is_some_and(|i| bytes[i].is_ascii_alphanumeric() || bytes[i] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(bytes.len(), |n| at + n)
}

fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn text_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(bytes.len())
}

fn raw_text_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    let start = at + 1 + hashes;
    if bytes.get(start) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let length = bytes[start + 1..]
        .windows(close.len())
        .position(|w| w == close)?;
    Some(start + 1 + length + close.len())
}

/// The end of a character literal; `None` for a lifetime.
fn character_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        return bytes[at + 3..]
            .iter()
            .position(|b| *b == b'\'')
            .map(|n| at + 4 + n);
    }
    let width = bytes[at + 1..]
        .iter()
        .skip(1)
        .take_while(|b| **b & 0xc0 == 0x80)
        .count()
        + 1;
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + 2 + width)
}

/// Blanks items under `#[cfg(test)]`; returns also the modules that such items declare elsewhere.
fn without_tests(code: &str) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut modules = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let end = item_end(rest.as_bytes(), start + MARK.len());
        let item = &rest[start + MARK.len()..end];
        if let Some(name) = item
            .trim()
            .strip_suffix(';')
            .and_then(|i| i.split_once("mod "))
        {
            modules.push(name.1.trim().to_owned());
        }
        kept.push_str(&rest[..start]);
        kept.extend(
            rest[start..end]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[end..];
    }
    kept.push_str(rest);
    (kept, modules)
}

/// The end of the item that starts at `at`: its semicolon or its closing brace.
fn item_end(code: &[u8], at: usize) -> usize {
    let mut depth = 0;
    for (i, byte) in code.iter().enumerate().skip(at) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth -= 1;
                if depth == 0 && *byte == b'}' {
                    return i + 1;
                }
            }
            b';' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    code.len()
}

/// The paths of all `use` declarations, `use a::{b, c::d}` as `a::b` and `a::c::d`.
fn declared_uses(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = code[at..].find("use ").map(|n| at + n) {
        at = start + 4;
        let word =
            start == 0 || !code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if let (true, Some(length)) = (word, code[at..].find(';')) {
            let tree: String = code[at..at + length]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            spell_out("", &tree, &mut found);
            at += length;
        }
    }
    found
}

fn spell_out(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        let path = path
            .strip_suffix("::self")
            .or_else(|| path.strip_suffix("self"))
            .unwrap_or(path);
        found.push(format!("{prefix}{path}").trim_end_matches("::").to_owned());
        return;
    };
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let prefix = format!("{prefix}{}", &tree[..open]);
    let (mut depth, mut start) = (0, 0);
    for (i, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                spell_out(&prefix, &inner[start..i], found);
                start = i + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        spell_out(&prefix, &inner[start..], found);
    }
}
