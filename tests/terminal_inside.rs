//! What goes wrong inside: panics in any thread, aborts, file systems that hang.
//!
//! The program has no switches for that. So this test is a program of its own with the same screen:
//! it starts itself in a terminal, with a scene to play.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use memory::{Fault, MemoryDisk};
use ml_dash_top::ingest::{Options, Target};
use ml_dash_top::insight::clock::Zone;
use ml_dash_top::terminal::{self, Setup};
use ml_dash_top::widgets::Safe;
use ml_dash_top::widgets::theme::Theme;
use pty::{LEFT, PROGRAM, Pty, command};

const SCENE: &str = "SCENE";
const IN_TIME: Duration = Duration::from_secs(5);

fn disk() -> MemoryDisk {
    let disk = MemoryDisk::default();
    for name in ["good", "bad"] {
        let about = b"{\"name\": \"x\", \"prefix\": \"x\"}";
        disk.write(format!("root/{name}/experiment.json"), about);
        let row = b"{\"index\": 0, \"data\": {\"loss\": 1.5}}\n";
        disk.write(format!("root/{name}/metrics/train/data.jsonl"), row);
    }
    disk
}

/// The other side: shows the screen, and does what the scene says as soon as a key is pressed.
#[test]
#[ignore = "is started by the other tests, in a terminal"]
fn play() {
    let Ok(scene) = std::env::var(SCENE) else {
        return;
    };
    let disk = disk();
    match scene.as_str() {
        "job" => disk.fault("root/bad/metrics", Fault::Panic),
        "hang" => disk.fault("root/bad/metrics", Fault::Hang),
        _ => {}
    }
    let opened = AtomicBool::new(false);
    let clock = move || {
        // The time is asked for once before the screen is there, and then when a key comes.
        if opened.swap(true, Ordering::SeqCst) && std::fs::exists(trigger()).unwrap() {
            act(&scene);
        }
        1e9
    };
    let left = terminal::open(Setup {
        files: Arc::new(disk),
        reading: Options {
            targets: vec![Target::Path(PathBuf::from("root"))],
            follow: true,
            poll_only: true,
            threads: 2,
            ..Options::default()
        },
        theme: Theme::default(),
        zone: Zone::utc(),
        max_mem: 1 << 20,
        mouse: true,
        level: None,
        watched: vec![Safe::fixed("root")],
        clock: Box::new(clock),
        guard: Some(PathBuf::from(PROGRAM)),
    });
    let left = left.unwrap();
    println!("survived: {}", left.survived.unwrap_or_default().as_str());
    std::process::exit(i32::from(left.code));
}

fn act(scene: &str) {
    match scene {
        "main" => panic!("of \u{1b}]0;evil\u{7} words"),
        "thread" => {
            let thread = std::thread::Builder::new().name("draw".to_owned());
            let _ = thread.spawn(|| panic!("elsewhere")).unwrap().join();
        }
        "abort" => std::process::abort(),
        "overflow" => println!("{}", overflow(1)),
        _ => {}
    }
}

#[expect(unconditional_recursion, reason = "that is what it is for")]
fn overflow(depth: u64) -> u64 {
    std::hint::black_box(overflow(std::hint::black_box(depth + 1)) + 1)
}

fn trigger() -> PathBuf {
    PathBuf::from(std::env::var_os("TRIGGER").unwrap())
}

/// A terminal in which a scene is played, and what starts it.
struct Stage {
    pty: Pty,
    folder: tempfile::TempDir,
}

impl Stage {
    fn open(scene: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let this = std::env::current_exe().unwrap();
        let mut command = command(this.to_str().unwrap());
        command.args(["--exact", "play", "--ignored", "--nocapture"]);
        command.env(SCENE, scene);
        command.env("TRIGGER", folder.path().join("now"));
        let pty = Pty::start(command);
        pty.wait_for_screen();
        pty.wait_text("/2›");
        Self { pty, folder }
    }

    fn act(&mut self) {
        std::fs::write(self.folder.path().join("now"), "").unwrap();
        self.pty.press("j");
    }
}

#[test]
fn a_panic_in_any_thread_gives_the_terminal_back() {
    for (scene, thread, words) in [
        ("main", "play", "of ␛]0;evil␇ words"),
        ("thread", "draw", "elsewhere"),
    ] {
        let mut stage = Stage::open(scene);
        stage.act();
        assert_eq!(stage.pty.wait_exit().exit_code(), 101, "{scene}");
        stage.pty.check_restored();
        stage.pty.wait_text("please report");
        let said = stage.pty.seen().after(LEFT);
        assert!(
            said.contains(&format!("panic in the thread \"{thread}\" at tests/")),
            "{said}"
        );
        assert!(!said.contains('\x1b') && !said.contains('\x07'), "{said:?}");
        assert!(said.contains("evil") || said.contains(words), "{said}");
    }
}

#[test]
fn a_panic_of_one_job_costs_one_run() {
    let mut stage = Stage::open("job");
    // It is told among the facts of its run.
    stage.pty.press("4\r");
    stage.pty.wait_text("internal error");
    stage.pty.settle();
    let before = stage.pty.seen().count("panic");
    assert_eq!(before, 0, "nothing is written over the screen");
    stage.pty.quit();
    stage
        .pty
        .wait_text("survived: panic in the thread \"reader\"");
}

#[test]
fn an_abort_is_cleaned_up_after() {
    for scene in ["abort", "overflow"] {
        let mut stage = Stage::open(scene);
        // The guard is there when it has a session of its own.
        let pid = stage.pty.pid().as_raw_nonzero().to_string();
        stage.pty.wait("the guard", |_| {
            let listed = std::process::Command::new("ps")
                .args(["--no-headers", "-o", "sid=,pid=", "--ppid", &pid])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&listed.stdout).into_owned();
            let ready = |line: &str| {
                let mut words = line.split_whitespace();
                words.next() == words.next()
            };
            text.lines().any(ready).then_some(())
        });
        stage.act();
        assert!(stage.pty.wait_exit().signal().is_some(), "{scene}");
        stage.pty.check_restored();
    }
}

#[test]
fn a_worker_that_hangs_holds_no_exit_up() {
    let mut stage = Stage::open("hang");
    stage.pty.press("4\r");
    stage.pty.wait_text("does not answer");
    let begun = Instant::now();
    stage.pty.quit();
    assert!(begun.elapsed() < IN_TIME);
}
