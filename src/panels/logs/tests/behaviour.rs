//! What commands, answers and new lines do.

use super::*;

#[test]
fn enter_fills_the_screen_first() {
    let mut desk = Desk::new(sketched(), pane(80, 10));
    let requests = desk
        .logs
        .apply(Command::Enter, &desk.lab.context(), desk.pane);
    assert_eq!(requests, [Request::Zoom(PanelId::Logs)]);
}

#[test]
fn following_until_one_scrolls() {
    let mut desk = Desk::new(sketched(), pane(80, 7));
    assert!(desk.top_edge().contains("follow"));
    desk.go(Motion::Up).go(Motion::Up);
    let before = desk.visible();
    desk.append(
        (0..87)
            .map(|n| record(Level::Info, &format!("new {n}")))
            .collect(),
    );
    desk.append((0..9).map(|_| record(Level::Debug, "quiet")).collect());
    desk.settle();
    assert_eq!(desk.visible(), before, "nothing moves");
    assert!(desk.top_edge().contains("↓ 87 new"), "{}", desk.top_edge());
    desk.go(Motion::PageDown).go(Motion::PageDown);
    assert!(desk.top_edge().contains("↓ 79 new"), "{}", desk.top_edge());
    desk.go(Motion::Bottom);
    assert!(desk.top_edge().contains("follow"));
    assert_eq!(desk.cursor(), Some(desk.records.len() as u64 - 10));
    desk.apply(Command::Follow);
    assert!(
        desk.top_edge().contains("131 of 131"),
        "{}",
        desk.top_edge()
    );
    desk.apply(Command::Follow);
    assert!(desk.top_edge().contains("follow"));
}

#[test]
fn few_errors_among_many_lines_are_found_by_the_counts() {
    let mut records: Vec<LogRecord> = (0..200_000)
        .map(|n| record(Level::Info, &format!("line {n}")))
        .collect();
    for line in [5, 100_000, 100_001, 199_000] {
        records[line].level = Level::Error;
    }
    let mut desk = Desk::new(records, pane(80, 8));
    let before = desk.asked;
    desk.apply(Command::Floor(Level::Error));
    assert_eq!(desk.visible(), [5, 100_000, 100_001, 199_000]);
    assert_eq!(desk.asked - before, 3, "blocks that hold none are not read");
    desk.apply(Command::LowerFloor).apply(Command::LowerFloor);
    desk.go(Motion::Top);
    let mut found = Vec::new();
    for _ in 0..5 {
        desk.apply(Command::NextProblem);
        found.push(desk.cursor());
    }
    let lines = [5, 100_000, 100_001, 199_000, 199_000].map(Some);
    assert_eq!(found, lines);
    assert_eq!(desk.said, [Safe::fixed("no further warning or error")]);
    desk.apply(Command::PreviousProblem);
    assert_eq!(desk.cursor(), Some(100_001));
    desk.filter("line 1").apply(Command::PreviousProblem);
    assert_eq!(desk.cursor(), Some(100_000));
    assert!(desk.asked - before < 40, "{}", desk.asked);
}

#[test]
fn the_error_before_is_found_among_lines_that_came_since_a_block_was_read() {
    let lines = |errors: &[usize], count| -> Vec<LogRecord> {
        let level = |line| {
            if errors.contains(&line) {
                Level::Error
            } else {
                Level::Info
            }
        };
        let record = |line| record(level(line), "line");
        (0..count).map(record).collect()
    };
    let mut desk = Desk::new(lines(&[168], 190), pane(80, 8));
    desk.go(Motion::Top).append(lines(&[60], 190));
    desk.go(Motion::Bottom).apply(Command::PreviousProblem);
    assert_eq!(desk.cursor(), Some(250));
    desk.apply(Command::PreviousProblem);
    assert_eq!(desk.cursor(), Some(168));
}

#[test]
fn what_was_read_stays_until_what_came_since_was_read_too() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    let before = desk.visible();
    desk.append(vec![record(Level::Info, "the newest")]);
    desk.refresh();
    assert_eq!(desk.visible(), before);
    assert!(
        desk.top_edge().contains("I 41"),
        "the counts are those of now"
    );
    let waiting = desk.questions.len();
    desk.refresh();
    assert_eq!(desk.questions.len(), waiting, "nothing is asked twice");
    desk.settle();
    assert!(desk.picture().contains("the newest"));
    let asked = desk.asked;
    desk.settle();
    assert_eq!(desk.asked, asked);
    // Whoever scrolls sees that there are lines, read or not.
    desk.go(Motion::Up);
    desk.append(vec![
        record(Level::Info, "below"),
        record(Level::Info, "bottom"),
    ]);
    desk.logs.view.window.top += 1;
    desk.refresh();
    assert!(desk.picture().contains("…"), "{}", desk.picture());
}

/// Lines come faster than they are read: there is always something to be seen.
#[test]
fn a_log_that_grows_without_end_is_seen() {
    let some = |n: usize| (0..n).map(|n| record(Level::Info, &format!("line {n}")));
    let mut desk = Desk::new(some(9).collect(), pane(80, 8));
    let mut last = 8;
    for _ in 0..20 {
        desk.append(some(300).collect());
        desk.refresh();
        let question = desk.questions.pop_front().expect("there is more to read");
        desk.answer(question);
        let end = desk.visible().pop().expect("some lines");
        assert!(end >= last);
        last = end;
    }
    assert!(last > 1000, "{last}");
}

#[test]
fn what_cannot_be_read_is_said_once() {
    let records = (0..300).map(|n| record(Level::Info, &format!("line {n}")));
    let mut desk = Desk::new(records.collect(), pane(70, 8));
    let requests = desk
        .logs
        .apply(Command::Move(Motion::Top), &desk.lab.context(), desk.pane);
    desk.take(requests);
    for question in std::mem::take(&mut desk.questions) {
        desk.give(LogAnswer::Failed {
            ticket: question.ticket(),
            error: "the file is gone\x1b]0;x\x07".to_owned(),
        });
    }
    assert!(desk.questions.is_empty(), "it is not asked at once again");
    let picture = desk.picture();
    assert_eq!(
        picture
            .matches("the log cannot be read: the file is gone")
            .count(),
        1
    );
    desk.go(Motion::Down);
    assert!(desk.picture().contains("line 1"), "it is tried again");
}

#[test]
fn why_there_is_nothing() {
    let mut desk = Desk::new(Vec::new(), pane(50, 5));
    assert!(desk.picture().contains("reading…"));
    desk.lab.tell(RunId(0), Change::CaughtUp);
    desk.lab.look();
    assert!(desk.picture().contains("no log lines yet"));
    desk.lab.run = None;
    desk.settle();
    assert!(desk.picture().contains("no run is shown"));
    let mut desk = Desk::new(sketched(), pane(50, 5));
    desk.apply(Command::Floor(Level::Fatal));
    let picture = desk.picture();
    assert!(picture.contains("lines is of level ≥ fatal"), "{picture}");
    assert!(picture.contains("< shows less severe ones"), "{picture}");
    desk.filter("epoch");
    let picture = desk.picture();
    assert!(picture.contains("lines is of level ≥ fatal"), "{picture}");
    assert!(picture.contains("of other levels match"), "{picture}");
    desk.filter("nothing like it");
    assert!(desk.picture().contains("Esc there shows all lines"));
}

#[test]
fn each_run_has_its_own_place() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.go(Motion::Top).go(Motion::Down).go(Motion::Down);
    let there = desk.cursor();
    let other = desk.lab.add("vision/other");
    desk.lab.look();
    desk.lab.run = Some(other);
    desk.settle();
    assert!(desk.picture().contains("reading…"));
    desk.lab.run = Some(RunId(0));
    desk.settle();
    assert_eq!(desk.cursor(), there);
    desk.apply(Command::Follow);
    desk.lab.run = Some(other);
    desk.settle();
    desk.lab.run = Some(RunId(0));
    desk.settle();
    assert!(desk.logs.view.window.follow);
}

#[test]
fn a_log_that_began_anew_is_another_one() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.go(Motion::Top);
    desk.lab.tell(RunId(0), Change::LogsReset);
    // Before anybody looked anew: the old counts, the new log.
    desk.refresh();
    desk.questions.clear();
    desk.picture();
    desk.logs.forget(RunId(0));
    desk.records.clear();
    desk.append(vec![record(Level::Info, "first again")]);
    desk.settle();
    assert_eq!(desk.visible(), [0]);
    assert!(desk.picture().contains("first again"));
}

/// A paused view has an old overview: lines that came since are not there yet.
#[test]
fn a_paused_view_stands_still() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    let (before, overviews) = (desk.picture(), desk.lab.overviews.clone());
    for _ in 0..3 {
        desk.append((0..99).map(|_| record(Level::Error, "later")).collect());
    }
    let now = std::mem::replace(&mut desk.lab.overviews, overviews);
    desk.settle();
    assert_eq!(desk.picture(), before);
    desk.go(Motion::Bottom);
    assert_eq!(desk.picture(), before);
    desk.lab.overviews = now;
    desk.settle();
    assert!(desk.picture().contains("E 299"), "{}", desk.top_edge());
}

#[test]
fn a_click_moves_the_cursor() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    let line = desk.visible()[2];
    desk.click(9, 3);
    assert_eq!(desk.cursor(), Some(line));
    let message = desk
        .logs
        .copy(&desk.lab.context(), desk.pane)
        .expect("read");
    assert!(desk.records[line as usize].message.contains("\x1b["));
    assert_eq!(message.lines, [Safe::fixed("red plain end")]);
}
