//! What comes from a terminal: keys in pieces, answers, pastes, sizes.

#![allow(clippy::unwrap_used)]

#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use std::time::{Duration, Instant};

use pty::{BEGIN, END, Pty, command, program};

const RUNS: &str = "demo/runs";

#[test]
fn keys_work_after_any_answer() {
    for garbage in [
        "\x1b[?2026;2$y",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1b]11;rgb:0000/0000/0000\x07",
        "\x1b[?62;22c",
        "\x1bP>|term 1.0\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\u{9b}\u{90}\u{0}",
    ] {
        let mut pty = Pty::open(&[RUNS]);
        pty.press(garbage);
        pty.quit();
    }
}

#[test]
fn keys_work_after_what_never_ends() {
    let mut pty = Pty::open(&[RUNS]);
    pty.press("\x1b]52;c;");
    // It is not told when it is given up: so keys are pressed until one is heard.
    let end = Instant::now() + Duration::from_secs(20);
    while pty
        .wait_for(Duration::from_millis(30), |seen| seen.status.clone())
        .is_none()
    {
        assert!(Instant::now() < end, "the keyboard is deaf");
        pty.press("q");
    }
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.check_restored();
}

#[test]
fn a_torn_key_is_one_key() {
    let mut pty = Pty::open(&[RUNS]);
    // The help can be opened, and closed by Esc alone.
    pty.press("?");
    pty.wait_text("Help");
    let opened = pty.seen().text();
    pty.press("\x1b");
    pty.press("[B");
    pty.settle();
    assert!(
        pty.seen().text().contains("Help"),
        "Esc was half of a key: {opened}"
    );
    pty.press("\x1b");
    pty.wait("the help to close", |seen| {
        (!seen.text().contains("Help")).then_some(())
    });
    pty.quit();
}

#[test]
fn what_is_pasted_is_not_pressed() {
    let mut pty = Pty::open(&[RUNS]);
    pty.press("\x1b[200~q\r:quit\rq\x1b[201~");
    pty.settle();
    assert_eq!(
        pty.seen()
            .status
            .as_ref()
            .map(portable_pty::ExitStatus::exit_code),
        None
    );
    pty.quit();
}

#[test]
fn any_size_and_any_number_of_them() {
    let mut pty = Pty::open(&[RUNS]);
    let sizes = [
        (0, 0),
        (1, 1),
        (10_000, 2),
        (20, 5),
        (2, 400),
        (0, 30),
        (160, 45),
    ];
    for turn in 0..20 {
        for (width, height) in sizes {
            pty.resize(width, height + turn % 2);
        }
    }
    pty.resize(100, 30);
    pty.settle();
    let seen = pty.seen();
    assert!(!seen.has("\x1b[6n"));
    drop(seen);
    pty.quit();
}

#[test]
fn a_picture_is_written_whole_and_asks_nothing() {
    let mut pty = Pty::open(&[RUNS]);
    pty.settle();
    pty.press("j");
    pty.settle();
    pty.quit();
    let seen = pty.seen();
    let raw = String::from_utf8_lossy(&seen.raw).into_owned();
    // Frames neither overlap nor stay open; the one END more is of the way out.
    let mut open = false;
    for (at, _) in raw.match_indices("\x1b[?2026") {
        let begins = raw[at..].starts_with(BEGIN);
        assert!(begins || raw[at..].starts_with(END));
        assert!(!(begins && open), "a picture within a picture");
        open = begins;
    }
    assert_eq!(raw.matches(END).count(), raw.matches(BEGIN).count() + 1);
    for question in [
        "\x1b[c",
        "\x1b[>c",
        "\x1b[6n",
        "\x1b[5n",
        "\x1b[>q",
        "$p",
        "\x1b]11;?",
        "\x1b]10;?",
        "\x1b[?u",
        "\x1bP+q",
    ] {
        assert!(!raw.contains(question), "{question:?}");
    }
}

#[test]
fn nothing_is_written_when_nothing_happens() {
    let mut pty = Pty::open(&[RUNS, "--now", "1795166766"]);
    // As much as there is to read is read.
    pty.wait("quiet", |seen| {
        seen.text().contains("gpt-small").then_some(())
    });
    pty.settle();
    let more = |than: usize| move |seen: &pty::Seen| (seen.raw.len() > than).then_some(());
    let mut bytes = pty.seen().raw.len();
    while pty.wait_for(Duration::from_secs(1), more(bytes)).is_some() {
        bytes = pty.seen().raw.len();
        assert!(bytes < 1_000_000, "it never ends");
    }
    // Longer than the loop sleeps between two looks at the clock.
    assert_eq!(pty.wait_for(Duration::from_secs(7), more(bytes)), None);
    pty.quit();
}

#[test]
fn keys_come_from_the_terminal_when_input_does_not() {
    let mut shell = command("sh");
    shell.args(["-c", "exec $P demo/runs </dev/null"]);
    shell.env("P", pty::PROGRAM);
    let mut pty = Pty::start(shell);
    pty.wait_for_screen();
    pty.quit();
    let mut shell = command("sh");
    shell.args([
        "-c",
        "printf '{\"loss\": 1.5}\\n{\"loss\": 1.25}\\n' | $P -",
    ]);
    shell.env("P", pty::PROGRAM);
    let mut pty = Pty::start(shell);
    pty.wait_text("1.25");
    pty.quit();
}

#[test]
fn the_keyboard_is_no_file_of_rows() {
    let pty = Pty::start(program(&["-"]));
    assert_eq!(pty.wait_exit().exit_code(), 2);
    pty.wait_text("keyboard");
    assert!(!pty.seen().has("\x1b"));
}

#[test]
fn copied_text_goes_through_the_terminal_or_nowhere() {
    let copy = |term: &str| {
        let mut command = program(&[RUNS]);
        command.env("TERM", term);
        let mut pty = Pty::start(command);
        pty.wait_for_screen();
        pty.wait_text("gpt-small");
        pty.press("1y");
        pty
    };
    let mut pty = copy("xterm-256color");
    pty.wait_text("to the terminal's clipboard (OSC 52)");
    let after = pty.seen().after("\x1b]52;c;");
    let end = after.find('\x07').expect("an end");
    assert!(end > 4 && end % 4 == 0, "{after:?}");
    pty.quit();
    let mut pty = copy("vt220");
    pty.wait_text("takes no text");
    assert!(!pty.seen().has("\x1b]52"));
    pty.quit();
}
