//! The end of a log that is seen while the log is being indexed.

use super::*;

const ALL: u64 = 1_000;

fn numbered(lines: std::ops::Range<u64>) -> Vec<LogRecord> {
    let level = |n: u64| Level::ALL[n as usize % 4];
    lines
        .map(|n| record(level(n), &format!("line {n}")))
        .collect()
}

/// A log of a thousand lines, of which so many are indexed.
fn indexing(known: u64) -> Desk {
    let mut desk = Desk::new(numbered(0..known), pane(80, 12));
    desk.lab.tell(
        RunId(0),
        Change::Progress {
            read: known * 100,
            size: ALL * 100,
            modified: None,
        },
    );
    desk.lab.look();
    let from = ALL - 160;
    let lines = (from..).map(|n| n * 100).zip(numbered(from..ALL));
    desk.give(LogAnswer::End {
        lines: lines.collect(),
    });
    desk.settle();
    desk
}

fn inside(desk: &Desk) -> Vec<String> {
    let picture = desk.picture();
    let lines: Vec<&str> = picture.lines().collect();
    lines[1..lines.len() - 1]
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_newest_lines_are_seen_at_once_and_stay_where_they_are() {
    let mut desk = indexing(300);
    let top = desk.top_edge();
    assert!(top.contains("≥ info   counting …"), "{top}");
    assert!(top.contains("the end, 30 % indexed  follow"), "{top}");
    let before = inside(&desk);
    assert!(before[9].contains("line 999") && before[8].contains("line 998"));
    assert!(
        before[6].contains("line 995"),
        "debug is not shown: {before:?}"
    );
    desk.append(numbered(300..900));
    desk.settle();
    assert_eq!(inside(&desk), before);
    assert!(desk.top_edge().contains("the end"));
    desk.append(numbered(900..ALL));
    desk.settle();
    assert_eq!(inside(&desk), before);
    let top = desk.top_edge();
    assert!(top.contains("I 250") && !top.contains("the end"), "{top}");
    assert_eq!(desk.cursor(), Some(999));
    assert!(desk.logs.view.window.follow);
}

#[test]
fn who_scrolls_at_the_end_goes_on_at_the_same_line() {
    let mut desk = indexing(300);
    desk.go(Motion::Up).go(Motion::Up).go(Motion::Up);
    assert!(!desk.top_edge().contains("follow"));
    let before = inside(&desk);
    desk.append(numbered(300..ALL + 50));
    desk.settle();
    // 996 is a line of debug.
    assert_eq!(desk.cursor(), Some(995));
    assert!(!desk.logs.view.window.follow);
    assert_eq!(inside(&desk), before);
}

#[test]
fn what_has_no_number_yet_is_neither_opened_nor_copied() {
    let mut desk = indexing(300);
    desk.pane.zoomed = true;
    desk.apply(Command::Enter);
    assert!(desk.logs.view.open.is_none());
    assert!(desk.last_said().contains("being indexed"));
    let copies = desk.logs.copies(&desk.lab.context(), desk.pane);
    assert!(copies.is_empty());
    desk.go(Motion::Top);
    assert_eq!(desk.visible()[0], 1, "the beginning is known");
}

#[test]
fn an_end_that_is_no_more_is_let_go() {
    let mut desk = indexing(300);
    desk.lab.tell(RunId(0), Change::CaughtUp);
    desk.lab.look();
    desk.settle();
    assert_eq!(desk.cursor(), Some(299), "the log was cut");
    let mut desk = indexing(300);
    desk.logs.forget(RunId(0));
    assert!(!desk.top_edge().contains("the end"));
}

#[test]
fn hidden_levels_are_hidden_there_too() {
    let mut desk = indexing(300);
    desk.apply(Command::Floor(Level::Error));
    let lines = inside(&desk);
    assert!(lines[9].contains("line 999") && lines[8].contains("line 995"));
    desk.apply(Command::Floor(Level::Fatal));
    assert!(!desk.top_edge().contains("the end"));
}
