//! Names, keys, values and messages that would take over the terminal, on every screen.

#![allow(clippy::unwrap_used)]

mod cli_support;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use cli_support::Tree;
use hostile::{PAYLOADS, assert_harmless};
use pty::{END, Pty, program};
use regex::Regex;

/// All that we ever say to the terminal between the way in and the way out.
fn our_own() -> Regex {
    let going = r"\x1b\[[0-9;]*[HGCK]|\r\n|\r|\x08+\n?";
    let looks = r"\x1b\[[0-9;]*m|\x1b\[2J";
    let modes = r"\x1b\[\?(2026|25)[hl]";
    Regex::new(&format!("{going}|{looks}|{modes}")).unwrap()
}

/// Walks through every run in every panel, and looks at every byte that was written for it.
fn walk(tree: &Tree, runs: usize) {
    let mut pty = Pty::start_sized(program(&[tree.path().to_str().unwrap()]), (150, 44));
    pty.wait_for_screen();
    pty.wait_text(&format!(" {runs} ─"));
    for panel in ["4\r", "3", "2", "1"] {
        pty.press(panel);
        pty.press("g");
        for _ in 0..runs {
            pty.press("]");
            pty.settle();
        }
    }
    pty.press("y");
    // Closed without Esc: what is pressed right behind that would belong to it.
    let open = [
        ("/a", "Esc clear", "\x15\r"),
        ("?", " Help ", "?"),
        ("!", " Messages ", "!"),
        (":a", " Command ", "\x7f\x7f"),
    ];
    for (keys, shown, close) in open {
        pty.press(keys);
        pty.wait_text(shown);
        pty.settle();
        pty.press(close);
        pty.settle();
    }
    let mut raw = pty.seen().raw.clone();
    // The newest picture may have come in part.
    let ends = raw
        .windows(END.len())
        .rposition(|bytes| bytes == END.as_bytes());
    raw.truncate(ends.expect("a picture") + END.len());
    let text = String::from_utf8(raw).expect("only text is written");
    let (_, shown) = text.split_once("\x1b[?2004h").expect("the way in");
    let shown = shown.replacen("\x1b[?1000h\x1b[?1006h", "", 1);
    // What is copied goes out in base64.
    let copied = Regex::new("\x1b]52;c;[A-Za-z0-9+/=]*\x07").unwrap();
    let rest = our_own().replace_all(&shown, "");
    assert_harmless(&copied.replace_all(&rest, ""));
    pty.quit();
}

#[test]
fn what_ml_dash_writes_steers_nothing() {
    walk(&hostile::ml_dash(), PAYLOADS.len());
}

#[test]
fn what_other_trackers_write_steers_nothing() {
    walk(&hostile::other_trackers(), 2 * PAYLOADS.len());
}

#[test]
fn what_is_hostile_would_be_noticed() {
    for payload in [
        "\x1b]0;x\x07",
        "\x1b[?1049l",
        "\u{9b}31m",
        "loss\u{202e}53.0",
    ] {
        let rest = our_own().replace_all(payload, "").into_owned();
        let caught = std::panic::catch_unwind(|| assert_harmless(&rest));
        assert!(caught.is_err(), "{payload:?} passes");
    }
}
