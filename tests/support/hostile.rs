//! Folders full of text that would take over the terminal, if it were obeyed.

#![allow(dead_code, reason = "no test needs all of it")]

use crate::cli_support::Tree;

pub(crate) const PAYLOADS: [&str; 27] = [
    "\x1b]0;x\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;file:///etc\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]9;4;1;50\x07",
    "\x1b]777;notify;a;b\x07",
    "\u{9d}52;c;aGk=\u{9c}",
    "\x1b^p\x1b\\\x1bXs\x1b\\",
    "\x1b[?1049l\x1b[2J\x1b[H",
    "torn \x1b[38;5",
    "\ta\tb\n\x0bc",
    "👩\u{200d}🚀 ❤\u{fe0f} 🇩🇪 👍\u{1f3fd}",
    "v\u{e0101}\u{fe00}w",
    "\u{180e}\u{115f}\u{3164}\u{2060}x",
    "\u{378}\u{fdd0}\u{10ffff}",
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;aGk=\x07",
    "\x1bPq\x1b\\",
    "\x1b_G\x1b\\",
    "\u{9b}31m",
    "a\rb",
    "a\u{8}\u{7f}b",
    "loss\u{202e}53.0",
    "\u{2066}x\u{2069}\u{61c}\u{200f}",
    "z\u{200b}\u{feff}\u{ad}w",
    "t\u{e0041}\u{e007f}",
    "l\u{2028}m\u{2029}",
    "q\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// Nothing but line ends may steer the terminal.
pub(crate) fn assert_harmless(text: &str) {
    for c in text.chars() {
        let steers = c.is_control() && c != '\n';
        let hides = matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}');
        assert!(!steers && !hides, "{c:?} in {text:?}");
    }
    if text.starts_with("{\"schema\"") {
        // Documents give everything back that only looks strange.
        return;
    }
    assert!(
        !text.contains(&"\u{301}".repeat(5)),
        "marks pile up: {text:?}"
    );
    for c in text.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
            | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}');
        assert!(
            !joins,
            "the width of {c:?} depends on the terminal: {text:?}"
        );
    }
}

/// What ml-dash writes, with a payload in every field.
pub(crate) fn ml_dash() -> Tree {
    let tree = Tree::new();
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let run = format!("runs/r{at}-{}", payload.replace('/', "_"));
        let text = serde_json::Value::from(*payload);
        tree.write(
            format!("{run}/experiment.json"),
            format!(
                r#"{{"name": {text}, "project": {text}, "description": {text}, "tags": [{text}], "prefix": {text},
                    "metadata": {{{text}: {text}}}, "created_at": {text}}}"#
            ),
        );
        let doc = format!(
            r#"{{"version": 1, "data": {{{text}: {text}, "l": [{text}], "m": {{{text}: {text}}}}}}}"#
        );
        tree.write(format!("{run}/parameters.json"), doc);
        let rows = format!(
            "{{\"index\": 0, \"data\": {{{text}: 1, \"note\": {text}, \"val_loss\": 1}}}}\n{payload}\n"
        );
        tree.write(
            format!("{run}/metrics/s{}/data.jsonl", payload.replace('/', "_")),
            rows,
        );
        let log = format!(
            "{{\"sequenceNumber\": 0, \"level\": {text}, \"message\": {text}}}\n{payload}\n"
        );
        tree.write(format!("{run}/logs/logs.jsonl"), log);
        tree.write(format!("{run}/files/f{}", payload.replace('/', "_")), "x");
    }
    tree
}

/// What the other trackers write, with a payload in every field.
pub(crate) fn other_trackers() -> Tree {
    let tree = Tree::new();
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let text = serde_json::Value::from(*payload);
        let run = format!("runs/logger-{at}-");
        tree.write(
            format!("{run}/.ml-logger.meta.json"),
            format!(
                r#"{{"namespace": {text}, "workspace": {text}, "prefix": "logger-{at}-", "readme": {text},
                    "hostname": {text}, "status": "failed", "charts": {{{text}: [{text}]}}, {text}: {text}}}"#
            ),
        );
        let set = |value: &str| {
            format!(
                "{{\"timestamp\": 1795159366.5, \"operation\": \"set\", \"data\": {{{text}: {value}}}}}\n"
            )
        };
        let mut params = set(&text.to_string());
        params.push_str(&set("1"));
        params.push_str(&set(&format!("[{text}, {{{text}: {text}}}]")));
        tree.write(format!("{run}/parameters.jsonl"), params);
        tree.write(
            format!("{run}/metrics.jsonl"),
            format!(
                "{{\"timestamp\": 1795159366.5, \"metrics\": {{{text}: 1, \"t\": {text}}}, \"step\": {text}}}\n{payload}\n"
            ),
        );
        let log = format!(
            "{{\"level\": {text}, \"message\": {text}, \"context\": {{{text}: {text}}}}}\n"
        );
        tree.write(format!("{run}/logs.jsonl"), log);
        let run = format!("runs/epochs-{at}-");
        tree.write(
            format!("{run}/experiment.json"),
            format!(
                r#"{{"id": {text}, "name": "epochs-{at}-", "status": "failed", "description": {text}, "created_at": {text},
                    "hyperparameters": {{{text}: {text}}}, "best_checkpoint_path": {text},
                    "error": {{"type": {text}, "message": {text}, "traceback": {text}}}}}"#
            ),
        );
        tree.write(
            format!("{run}/metrics.json"),
            format!(r#"{{"epochs": [{{"epoch": 1, {text}: 1.0, "val_loss": 2, "note": {text}}}, {text}]}}"#),
        );
    }
    tree
}
