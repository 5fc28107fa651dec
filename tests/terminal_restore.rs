//! However the screen is left, the terminal is as it was before.

#![allow(clippy::unwrap_used)]

#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use std::time::{Duration, Instant};

use pty::{LEFT, PROGRAM, Pty, command, program};
use rustix::process::{Pid, Signal};

const RUNS: &str = "demo/runs";
/// Far more than it takes, far less than a hanging program takes.
const IN_TIME: Duration = Duration::from_secs(5);

/// Mostly less than this is left between the last byte and the first of a shell.
fn in_time(begun: Instant, what: &str) {
    let took = begun.elapsed();
    assert!(took < IN_TIME, "{what} took {took:?}");
}

#[test]
fn a_quit_leaves_no_trace() {
    let mut pty = Pty::open(&[RUNS]);
    assert_eq!(
        pty.seen().screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::PressRelease
    );
    assert!(pty.seen().screen().bracketed_paste());
    let begun = Instant::now();
    pty.quit();
    in_time(begun, "a quit");
    assert_eq!(pty.seen().after(LEFT), "");
}

#[test]
fn signals_end_it_with_their_number() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        let pty = Pty::open(&[RUNS]);
        let begun = Instant::now();
        pty.send(signal);
        let status = pty.wait_exit();
        in_time(begun, "a signal");
        assert_eq!(
            (status.exit_code(), status.signal()),
            (code, None),
            "{signal:?}"
        );
        pty.check_restored();
    }
}

/// Waits until the guard of a program stands ready: it sleeps in a session of its own.
fn wait_for_guard(pty: &Pty) -> Pid {
    pty.wait("the guard", |_| {
        processes().into_iter().find_map(|process| {
            let ready = process.parent == pty.pid() && process.session == process.pid;
            (ready && process.state == 'S').then_some(process.pid)
        })
    })
}

struct Process {
    pid: Pid,
    parent: Pid,
    session: Pid,
    /// As `ps` says it: `S` sleeps, `T` is stopped.
    state: char,
}

fn processes() -> Vec<Process> {
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,sid=,stat="])
        .output()
        .expect("ps");
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let number = |word: Option<&str>| Pid::from_raw(word?.parse().ok()?);
    let process = |line: &str| {
        let mut words = line.split_whitespace();
        Some(Process {
            pid: number(words.next())?,
            parent: number(words.next())?,
            session: number(words.next())?,
            state: words.next()?.chars().next()?,
        })
    };
    text.lines().filter_map(process).collect()
}

fn is_alive(pid: Pid) -> bool {
    processes().iter().any(|process| process.pid == pid)
}

#[test]
fn a_violent_death_is_cleaned_up_after() {
    for signal in [Signal::KILL, Signal::SEGV, Signal::ABORT] {
        let pty = Pty::open(&[RUNS]);
        let guard = wait_for_guard(&pty);
        // Of SIGSEGV the first is taken for a fault that comes again when it is one.
        pty.send(signal);
        let end = pty.wait_for(Duration::from_millis(200), |seen| seen.status.clone());
        if end.is_none() {
            pty.send(signal);
        }
        assert!(pty.wait_exit().signal().is_some(), "{signal:?}");
        pty.check_restored();
        pty.wait("the guard to end", |_| (!is_alive(guard)).then_some(()));
    }
}

#[test]
fn the_guard_says_nothing_after_a_quit() {
    let mut pty = Pty::open(&[RUNS]);
    let guard = wait_for_guard(&pty);
    pty.quit();
    pty.wait("the guard to end", |_| (!is_alive(guard)).then_some(()));
    assert_eq!(pty.seen().count(LEFT), 1);
}

#[test]
fn a_frozen_terminal_holds_no_exit_up() {
    for quit in [true, false] {
        let mut pty = Pty::open(&[RUNS]);
        wait_for_guard(&pty);
        pty.freeze();
        // A picture that cannot be written.
        pty.resize(120, 40);
        let begun = Instant::now();
        if quit {
            pty.press("q");
        } else {
            pty.send(Signal::TERM);
        }
        let status = pty.wait_exit();
        in_time(begun, "the end of a frozen terminal");
        assert_eq!(status.exit_code(), if quit { 0 } else { 143 });
        assert!(!pty.seen().has(LEFT), "it was frozen");
        // When the line comes back within moments, what was left is cleaned up.
        pty.thaw();
        pty.check_restored();
    }
}

/// A shell that works for us, with the program as its child.
fn shell() -> Pty {
    let mut shell = command("bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    shell.env("PS1", "READY> ");
    shell.env("HISTFILE", "");
    shell.env("P", PROGRAM);
    let pty = Pty::start(shell);
    pty.wait_text("READY>");
    pty
}

/// Lets the shell run a command and returns what it printed.
fn ask(pty: &mut Pty, command: &str) -> String {
    // The words are put together by the shell: what is typed is seen too.
    pty.press(format!("{command}; echo E''ND$?\n"));
    pty.wait_text("END");
    let text = pty.seen().text();
    pty.press("clear\n");
    pty.wait("an empty screen", |seen| {
        let lines: Vec<_> = seen.text().lines().map(str::to_owned).collect();
        (lines == ["READY> "] || lines == ["READY>"]).then_some(())
    });
    text
}

/// The settings that the shell gives to its programs.
fn settings(pty: &mut Pty) -> String {
    let text = ask(pty, "stty -g");
    let line = text
        .lines()
        .find(|line| line.contains(':') && !line.contains("stty"));
    line.expect("settings").to_owned()
}

fn is_open(pty: &Pty) {
    pty.wait("the screen", |seen| {
        (seen.screen().alternate_screen() && seen.after("\x1b[?1049h").contains(pty::END))
            .then_some(())
    });
}

fn is_stopped(pty: &Pty) {
    pty.wait("the shell", |seen| {
        let back = !seen.screen().alternate_screen() && !seen.screen().hide_cursor();
        (back && seen.text().contains("Stopped")).then_some(())
    });
}

#[test]
fn suspended_and_called_back() {
    let mut pty = shell();
    let before = settings(&mut pty);
    pty.press("$P demo/runs\n");
    is_open(&pty);
    for by_key in [true, false] {
        if by_key {
            pty.press("\x1a");
        } else {
            let ours = processes();
            let ours = ours.iter().find(|process| process.parent == pty.pid());
            rustix::process::kill_process(ours.expect("the program").pid, Signal::TSTP).unwrap();
        }
        is_stopped(&pty);
        assert_eq!(settings(&mut pty), before);
        pty.press("fg\n");
        is_open(&pty);
        assert!(pty.seen().screen().hide_cursor());
    }
    pty.press("q");
    pty.wait("the shell", |seen| {
        (!seen.screen().alternate_screen()).then_some(())
    });
    assert_eq!(settings(&mut pty), before);
    assert!(ask(&mut pty, "jobs").contains("END0"), "no job is left");
}

#[test]
fn stopped_by_force_and_let_go() {
    let mut pty = Pty::open(&[RUNS]);
    pty.wait_text("gpt-small");
    // A program that is stopped while it writes lets nobody else write.
    pty.settle();
    let ours = pty.settings();
    pty.send(Signal::STOP);
    pty.wait("it to stop", |_| {
        let stopped = |process: &Process| process.pid == pty.pid() && process.state == 'T';
        processes().iter().any(stopped).then_some(())
    });
    // Whoever has the terminal meanwhile leaves it as he likes it.
    pty.disturb();
    pty.wait("the disturbance", |seen| {
        (!seen.screen().alternate_screen()).then_some(())
    });
    assert_ne!(pty.settings(), ours);
    pty.send(Signal::CONT);
    is_open(&pty);
    pty.wait_text("gpt-small");
    pty.wait("the settings", |_| (pty.settings() == ours).then_some(()));
    pty.quit();
}

#[test]
fn a_whole_pipe_is_suspended() {
    let mut pty = shell();
    pty.press("(while echo '{\"loss\": 1.5}'; do sleep 0.05; done) | $P -\n");
    is_open(&pty);
    pty.press("\x1a");
    is_stopped(&pty);
    assert!(ask(&mut pty, "jobs").contains("Stopped"));
    pty.press("fg\n");
    is_open(&pty);
    pty.press("q");
    pty.wait("the shell", |seen| {
        (!seen.screen().alternate_screen() && seen.text().contains("READY> ")).then_some(())
    });
}

#[test]
fn whoever_leads_the_session_is_not_suspended() {
    let mut pty = Pty::open(&[RUNS]);
    pty.press("\x1a");
    pty.wait_text("no shell");
    pty.quit();
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    let ignoring = |then: &str| {
        let mut shell = command("sh");
        shell.args(["-c", &format!("trap {then}")]);
        shell.env("P", PROGRAM);
        shell
    };
    let parentages = [
        ("the leader of the session", program(&[RUNS])),
        (
            "one that ignores SIGHUP",
            ignoring("'' HUP; exec $P demo/runs"),
        ),
        (
            "the child of one that traps it",
            ignoring(": HUP; $P demo/runs; exit 7"),
        ),
    ];
    for (who, command) in parentages {
        let mut pty = Pty::start(command);
        pty.wait_for_screen();
        let guard = (who == "the leader of the session").then(|| wait_for_guard(&pty));
        let begun = Instant::now();
        pty.hang_up();
        pty.wait_exit();
        in_time(begun, who);
        if let Some(guard) = guard {
            pty.wait("the guard to end", |_| (!is_alive(guard)).then_some(()));
        }
    }
}
