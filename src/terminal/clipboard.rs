//! Copying: into the buffer of tmux, else through the terminal, and only claims of what is known.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::children;
use super::look::Variable;
use crate::panels::Copied;
use crate::widgets::{Safe, text};

/// So long may tmux take.
const PATIENCE: Duration = Duration::from_millis(300);
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Where copied text can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clipboard {
    tmux: bool,
    /// The terminal may take it: it never says.
    terminal: bool,
}

/// What to do with a text.
#[derive(Debug)]
pub(crate) enum Copying {
    /// A thread does it and tells.
    Tmux {
        text: String,
        what: Safe,
    },
    /// To be written to the terminal, and then said.
    Write {
        bytes: Vec<u8>,
        said: Safe,
    },
    Refuse(Safe),
}

impl Clipboard {
    pub(crate) fn of(variable: Variable<'_>) -> Self {
        let term = variable("TERM").unwrap_or_default();
        let tmux = variable("TMUX").is_some_and(|socket| !socket.is_empty());
        let deaf = ["linux", "dumb", "vt", "screen", ""];
        let terminal = !deaf.iter().any(|name| match *name {
            "vt" | "screen" => term.starts_with(name),
            name => term == name,
        });
        Self { tmux, terminal }
    }

    /// Decides; control characters are not in there, as the text is safe.
    pub(crate) fn copy(self, copied: &Copied) -> Copying {
        let Some(text) = text::for_clipboard(&copied.lines) else {
            let limit = ": too long, at most 100 kB can be copied";
            let said = Safe::fixed("did not copy ").then(&copied.what);
            return Copying::Refuse(said.then(&Safe::fixed(limit)));
        };
        let what = copied.what.clone();
        if self.tmux {
            Copying::Tmux { text, what }
        } else {
            self.through_terminal(&text, &what)
        }
    }

    fn through_terminal(self, text: &str, what: &Safe) -> Copying {
        if !self.terminal {
            return Copying::Refuse(Safe::fixed("this terminal takes no text for a clipboard"));
        }
        let bytes = format!("\x1b]52;c;{}\x07", base64(text.as_bytes())).into_bytes();
        let said = Safe::fixed("sent ")
            .then(what)
            .then(&Safe::fixed(" to the terminal's clipboard (OSC 52)"));
        Copying::Write { bytes, said }
    }
}

/// Copies in a thread of its own and tells what became of it.
pub(crate) fn copy_to_tmux(text: String, what: Safe, tell: UnboundedSender<Safe>) {
    let copy = move || {
        // Older ones do not know how to pass it on to the terminal.
        let done = load_buffer(&["load-buffer", "-w", "-"], &text)
            || load_buffer(&["load-buffer", "-"], &text);
        let said = if done {
            Safe::fixed("copied ")
                .then(&what)
                .then(&Safe::fixed(" to the tmux buffer"))
        } else {
            Safe::fixed("tmux did not take ").then(&what)
        };
        // When the program ends nobody waits for the answer.
        let _ = tell.send(said);
    };
    // Without a thread nothing is copied and nothing is claimed.
    let _ = thread::Builder::new().name("copy".to_owned()).spawn(copy);
}

fn load_buffer(arguments: &[&str], text: &str) -> bool {
    let mut tmux = Command::new("tmux");
    tmux.args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    children::spawn(&mut tmux).is_ok_and(|child| feed(child, text.as_bytes().to_vec(), PATIENCE))
}

/// Gives a program its input and waits so long for its success.
fn feed(mut child: Child, input: Vec<u8>, patience: Duration) -> bool {
    let end = Instant::now() + patience;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that reads nothing must not hold us up.
        let write = move || drop(pipe.write_all(&input));
        let _ = thread::Builder::new().spawn(write);
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => thread::sleep(LOOK_AGAIN),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| three.get(n).map_or(0, |byte| u32::from(*byte));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for letter in 0..4 {
            let index = (bits >> (18 - 6 * letter)) & 63;
            text.push(if letter > three.len() {
                '='
            } else {
                char::from(LETTERS[index as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipboard(term: &'static str, tmux: &'static str) -> Clipboard {
        Clipboard::of(&move |name| {
            Some(match name {
                "TERM" => term.to_owned(),
                "TMUX" => tmux.to_owned(),
                _ => return None,
            })
        })
    }

    fn copied(lines: &[&str]) -> Copied {
        Copied {
            what: Safe::fixed("value of lr"),
            lines: lines.iter().map(|line| Safe::new(line)).collect(),
        }
    }

    #[test]
    fn base64_is_what_everybody_means_by_it() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("\u{ff}\u{fe}~", "w7/Dvn4="),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_terminal_is_sent_the_text_without_a_line_end() {
        let copying = clipboard("xterm-256color", "").copy(&copied(&["0.001", "x"]));
        let Copying::Write { bytes, said } = copying else {
            panic!("{copying:?}");
        };
        assert_eq!(bytes, b"\x1b]52;c;MC4wMDEKeA==\x07");
        assert_eq!(
            said.as_str(),
            "sent value of lr to the terminal's clipboard (OSC 52)"
        );
    }

    #[test]
    fn where_nothing_can_be_copied_nothing_is_claimed() {
        for term in ["linux", "dumb", "vt220", "screen-256color"] {
            let copying = clipboard(term, "").copy(&copied(&["x"]));
            assert!(matches!(copying, Copying::Refuse(_)), "{term}");
        }
        let long = "x".repeat(100_001);
        for tmux in ["", "socket"] {
            let copying = clipboard("xterm", tmux).copy(&copied(&[&long]));
            let Copying::Refuse(said) = copying else {
                panic!("{copying:?}");
            };
            assert!(said.as_str().contains("value of lr"));
        }
    }

    #[test]
    fn tmux_goes_before_its_terminal() {
        let copying = clipboard("screen-256color", "socket,1,0").copy(&copied(&["a", "b"]));
        assert!(matches!(copying, Copying::Tmux { text, .. } if text == "a\nb"));
    }

    #[test]
    fn a_program_is_not_waited_for_longer_than_that() {
        let run = |script: &str| {
            let mut shell = Command::new("sh");
            shell.args(["-c", script]).stdin(Stdio::piped());
            shell.spawn().expect("a shell")
        };
        let much = vec![b'x'; 1 << 20];
        let long = Duration::from_secs(20);
        assert!(feed(run("cat >/dev/null"), much.clone(), long));
        assert!(!feed(run("exit 1"), much.clone(), long));
        let begun = Instant::now();
        assert!(!feed(run("exec sleep 60"), much, Duration::from_millis(20)));
        assert!(begun.elapsed() < long);
    }
}
