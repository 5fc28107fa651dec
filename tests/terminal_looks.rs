//! What a terminal is sent, by what it says of itself.

#![allow(clippy::unwrap_used)]

#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use std::collections::BTreeSet;

use pty::{Pty, program};

const RUNS: &str = "demo/runs";

/// Everything that is written to a terminal with this environment, from first to last.
fn written(environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = program(&[&[RUNS][..], arguments].concat());
    for (name, value) in environment {
        command.env(name, value);
    }
    let mut pty = Pty::start(command);
    pty.wait_for_screen();
    pty.wait_text("gpt-small");
    pty.settle();
    pty.quit();
    let raw = pty.seen().raw.clone();
    String::from_utf8(raw).unwrap()
}

/// The numbers of all changes of the look.
fn looks(raw: &str) -> Vec<Vec<&str>> {
    let sequences = raw.split("\x1b[").skip(1);
    let numbers = sequences.filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
        rest[end..]
            .starts_with('m')
            .then(|| rest[..end].split(';').collect())
    });
    numbers.collect()
}

/// What kinds of looks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Attribute,
    Sixteen,
    Indexed,
    Rgb,
}

use Kind::{Attribute, Indexed, Rgb, Sixteen};

fn kinds(raw: &str) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    for look in looks(raw) {
        let mut numbers = look.iter();
        while let Some(number) = numbers.next() {
            let kind = match *number {
                "38" | "48" => {
                    let rgb = numbers.next() == Some(&"2");
                    numbers.nth(if rgb { 2 } else { 0 });
                    Some(if rgb { Rgb } else { Indexed })
                }
                "1" | "2" | "4" | "7" => Some(Attribute),
                number => {
                    let number: u8 = number.parse().unwrap_or(0);
                    matches!(number, 30..=37 | 40..=47 | 90..=107).then_some(Sixteen)
                }
            };
            kinds.extend(kind);
        }
    }
    kinds
}

#[test]
fn no_terminal_is_sent_colours_that_it_does_not_have() {
    let seen = kinds(&written(&[("COLORTERM", "truecolor")], &[]));
    assert!(seen.contains(&Rgb), "{seen:?}");
    let seen = kinds(&written(&[], &[]));
    assert!(seen.contains(&Indexed) && !seen.contains(&Rgb), "{seen:?}");
    let seen = kinds(&written(&[("TERM", "xterm")], &[]));
    assert_eq!(seen, BTreeSet::from([Attribute, Sixteen]));
}

#[test]
fn without_colours_attributes_are_left() {
    let none = BTreeSet::from([Attribute]);
    assert_eq!(kinds(&written(&[("NO_COLOR", "1")], &[])), none);
    assert_eq!(kinds(&written(&[], &["--color", "never"])), none);
    assert_eq!(kinds(&written(&[("TERM", "vt220")], &[])), none);
    let forced = kinds(&written(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(forced.contains(&Indexed), "{forced:?}");
}

#[test]
fn a_terminal_without_utf_8_is_sent_ascii() {
    for (environment, arguments) in [
        (&[("LANG", "C")][..], &[][..]),
        (&[("LC_ALL", "de_DE.ISO-8859-1")], &[]),
        (&[], &["--ascii"]),
    ] {
        let raw = written(environment, arguments);
        let other: String = raw.chars().filter(|c| !c.is_ascii()).take(20).collect();
        assert_eq!(other, "", "{environment:?}");
    }
    assert!(!written(&[], &[]).is_ascii());
}

#[test]
fn the_mouse_is_taken_only_where_it_is_wanted() {
    assert!(written(&[], &[]).contains("\x1b[?1000h"));
    let raw = written(&[], &["--no-mouse"]);
    assert!(!raw.contains("\x1b[?1000h") && !raw.contains("\x1b[?1006h"));
    let mut pty = Pty::open(&[RUNS]);
    pty.press("M");
    pty.wait("the mouse to be given back", |seen| {
        (seen.screen().mouse_protocol_mode() == vt100::MouseProtocolMode::None).then_some(())
    });
    pty.quit();
}

#[test]
fn what_can_show_no_screen_is_told_so() {
    for term in [None, Some(""), Some("dumb")] {
        let mut command = program(&[RUNS]);
        match term {
            Some(term) => command.env("TERM", term),
            None => command.env_remove("TERM"),
        }
        let pty = Pty::start(command);
        assert_eq!(pty.wait_exit().exit_code(), 2, "{term:?}");
        pty.wait_text("ml-dash-top list");
        let seen = pty.seen();
        assert!(!seen.has("\x1b"), "{}", seen.raw.escape_ascii());
    }
    let mut command = program(&[RUNS, "--force"]);
    command.env("TERM", "dumb");
    let mut pty = Pty::start(command);
    pty.wait_for_screen();
    pty.quit();
}

#[test]
fn where_there_is_no_terminal_the_runs_are_listed() {
    let output = std::process::Command::new(pty::PROGRAM)
        .arg(RUNS)
        .env("TERM", "xterm-256color")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("resnet"));
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no terminal"), "{said}");
}
