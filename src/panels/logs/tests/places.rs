//! Levels that are switched off, the way along warnings and errors, and what is copied.

use super::super::moments::time_of;
use super::*;

/// A line a minute; some of them are worse than others.
fn bad_day() -> Vec<LogRecord> {
    let level = |line: u32| match line {
        100 | 101 | 400 => Level::Warn,
        401 | 700 => Level::Error,
        900 => Level::Fatal,
        _ => Level::Info,
    };
    let at = |line: u32| LogRecord {
        time: Some(START + f64::from(line) * 60.0),
        ..record(level(line), &format!("line {line}"))
    };
    (0..1000).map(at).collect()
}

#[test]
fn levels_are_switched_off_and_remembered() {
    let mut desk = Desk::new(bad_day(), pane(100, 10));
    desk.go(Motion::Top);
    desk.apply(Command::ToggleLevel(Level::Info));
    assert_eq!(desk.visible(), [100, 101, 400, 401, 700, 900]);
    assert!(desk.top_edge().contains("≥ warn"), "{}", desk.top_edge());
    desk.apply(Command::ToggleLevel(Level::Error));
    assert_eq!(desk.visible(), [100, 101, 400, 900]);
    assert!(
        desk.top_edge().contains("≥ warn, no error"),
        "{}",
        desk.top_edge()
    );
    desk.filter("line 4");
    assert_eq!(desk.visible(), [400]);
    desk.filter("").go(Motion::Top);
    // Only what is shown is gone to.
    let mut found = Vec::new();
    for command in [
        Command::NextProblem,
        Command::NextProblem,
        Command::NextError,
    ] {
        found.push(desk.apply(command).cursor());
    }
    assert_eq!(found, [101, 400, 900].map(Some));
    let other = desk.lab.add("vision/other");
    desk.lab.look();
    desk.lab.run = Some(other);
    desk.settle();
    assert_eq!(desk.logs.levels, Levels::from(Level::Info));
    desk.apply(Command::Floor(Level::Fatal));
    desk.apply(Command::ToggleLevel(Level::Fatal));
    assert_eq!(desk.last_said(), "nothing else is shown");
    desk.lab.run = Some(RunId(0));
    desk.settle();
    assert_eq!(
        desk.visible(),
        [100, 101, 400, 900],
        "each run has its own levels"
    );
    desk.apply(Command::ToggleLevel(Level::Warn));
    assert_eq!(desk.visible(), [900]);
}

#[test]
fn warnings_and_errors_are_gone_to_with_one_key() {
    let mut desk = Desk::new(bad_day(), pane(100, 10));
    let mut go = |command: Command, times: usize| -> Vec<Option<u64>> {
        let steps = (0..times).map(|_| desk.apply(command).cursor());
        steps.collect()
    };
    assert_eq!(go(Command::PreviousError, 3), [900, 700, 401].map(Some));
    assert_eq!(go(Command::PreviousProblem, 2), [400, 101].map(Some));
    assert_eq!(go(Command::NextError, 2), [401, 700].map(Some));
    assert_eq!(go(Command::NextProblem, 2), [900, 900].map(Some));
    assert_eq!(desk.last_said(), "no further warning or error");
}

#[test]
fn the_timeline_is_gone_along_and_clicked() {
    let mut desk = Desk::new(bad_day(), pane(106, 10));
    desk.go(Motion::Top);
    let mut found = Vec::new();
    for _ in 0..4 {
        desk.apply(Command::TimelineNext);
        found.push(desk.cursor());
    }
    // Two that are next to each other are one place.
    assert_eq!(found, [100, 400, 700, 900].map(Some));
    desk.apply(Command::TimelineNext);
    assert_eq!(desk.last_said(), "no warning or error behind this place");
    desk.apply(Command::TimelinePrevious);
    assert_eq!(desk.cursor(), Some(700));
    let edge = desk.bottom_edge();
    let marks: String = edge.chars().filter(|c| "•●✗".contains(*c)).collect();
    assert_eq!(marks, "•●●✗", "{edge}");
    let place = |mark: char| edge.chars().position(|c| c == mark).expect("a mark") as u16;
    desk.click(place('✗'), 9);
    assert_eq!(desk.cursor(), Some(900));
    desk.click(place('•') + 1, 9);
    assert_eq!(
        desk.cursor(),
        Some(100),
        "one cell beside it is near enough"
    );
    desk.click(place('•').midpoint(place('●')), 9);
    let line = desk.cursor().expect("a line");
    assert!((200..300).contains(&line), "{line}");
    assert!(!desk.logs.view.window.follow);
    desk.lab.linked = true;
    desk.apply(Command::TimelineNext);
    assert_eq!(desk.led, [START + 400.0 * 60.0], "others follow");
}

#[test]
fn without_times_the_timeline_counts_lines() {
    let records = bad_day().into_iter();
    let records = records.map(|record| LogRecord {
        time: None,
        ..record
    });
    let mut desk = Desk::new(records.collect(), pane(106, 10));
    assert!(desk.bottom_edge().contains('✗'), "{}", desk.bottom_edge());
    desk.go(Motion::Top).apply(Command::TimelineNext);
    assert_eq!(desk.cursor(), Some(100));
    let x = desk.bottom_edge().chars().position(|c| c == '✗');
    desk.click(x.expect("a mark") as u16, 9);
    assert_eq!(desk.cursor(), Some(900));
    desk.click(3, 9);
    assert!(desk.cursor().is_some_and(|line| line < 20));
}

/// The panel of a paused view stands still, its timeline too.
#[test]
fn the_timeline_stands_still_with_the_lines() {
    let mut desk = Desk::new(bad_day(), pane(106, 10));
    let (before, overviews) = (desk.bottom_edge(), desk.lab.overviews.clone());
    desk.append((0..500).map(|_| record(Level::Error, "later")).collect());
    let now = std::mem::replace(&mut desk.lab.overviews, overviews);
    desk.settle();
    assert_eq!(desk.bottom_edge(), before);
    desk.lab.overviews = now;
    desk.settle();
    assert_ne!(desk.bottom_edge(), before);
}

#[test]
fn groups_of_fields_are_folded() {
    let gpu = vec![("name", text("H100")), ("free", digits("1.5"))];
    let gpu = gpu.into_iter().map(|(key, value)| (key.to_owned(), value));
    let fields = [("step", digits("7")), ("gpu", Value::Map(gpu.collect()))];
    let records = vec![with(record(Level::Error, TRACEBACK), &fields)];
    let zoomed = Pane {
        zoomed: true,
        ..pane(70, 16)
    };
    let mut desk = Desk::new(records, zoomed);
    desk.apply(Command::Enter).go(Motion::Bottom);
    assert!(desk.picture().contains("▾ gpu"), "{}", desk.picture());
    desk.go(Motion::Left);
    assert!(
        desk.picture().contains("▸ gpu  2 fields"),
        "{}",
        desk.picture()
    );
    assert!(!desk.picture().contains("H100"));
    desk.apply(Command::Enter);
    assert!(desk.picture().contains("H100"));
    let y = desk
        .picture()
        .lines()
        .position(|line| line.contains("▾ gpu"));
    desk.click(5, y.expect("it is visible") as u16);
    assert!(!desk.picture().contains("H100"), "a click folds, too");
    desk.go(Motion::Right).go(Motion::Top).go(Motion::Right);
    assert!(desk.picture().contains("H100"));
    assert!(desk.logs.back());
}

#[test]
fn everything_of_a_line_can_be_copied() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.apply(Command::PreviousError);
    let copies = desk.logs.copies(&desk.lab.context(), desk.pane);
    let whats: Vec<&str> = copies.iter().map(|copied| copied.what.as_str()).collect();
    let all = [
        "message",
        "log record",
        "log record as JSON",
        "visible lines",
        "place in the source",
    ];
    assert_eq!(whats, all);
    assert_eq!(copies[0].lines.len(), 4);
    assert_eq!(copies[1].lines.len(), 8);
    let json = copies[2].lines[0].as_str();
    assert!(
        json.contains(r#""fields":{"step":1203,"error.kind":"RuntimeError","batch":[0.5,128]}"#)
    );
    let visible: Vec<&str> = copies[3].lines.iter().map(Safe::as_str).collect();
    assert_eq!(
        visible.len(),
        desk.visible().len() + 3,
        "the traceback is whole: {visible:#?}"
    );
    assert!(visible[0].starts_with("14:05:"), "{}", visible[0]);
    assert_eq!(copies[4].lines, [Safe::fixed("train.py:88")]);
}

#[test]
fn places_of_marks_and_lines_are_the_same() {
    let mut desk = Desk::new(bad_day(), pane(106, 10));
    desk.go(Motion::Top).apply(Command::NextError);
    let context = desk.lab.context();
    let rows = desk.logs.rows(&context).expect("a run");
    assert_eq!(time_of(&rows, 401), Some(START + 401.0 * 60.0));
    assert!(!desk.bottom_edge().contains('╋'), "the cursor is on a mark");
}
