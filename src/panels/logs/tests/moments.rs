//! The log and another panel that follow each other in time.

use proptest::prelude::*;

use super::*;

/// A line a second, of the level that is told for its number.
fn timed(count: u64, level: impl Fn(u64) -> Level) -> Vec<LogRecord> {
    let line = |n: u64| LogRecord {
        time: Some(START + n as f64),
        ..record(level(n), &format!("line {n}"))
    };
    (0..count).map(line).collect()
}

impl Desk {
    fn follow(&mut self, moment: f64) -> &mut Self {
        let context = self.lab.context();
        let requests = self.logs.follow(moment, &context, self.pane);
        self.take(requests);
        self.settle();
        self
    }
}

#[test]
fn the_cursor_goes_to_the_line_of_a_moment() {
    let mut desk = Desk::new(timed(2_000, |_| Level::Info), pane(80, 12));
    desk.lab.linked = true;
    let before = desk.asked;
    desk.follow(START + 700.4);
    assert_eq!(desk.cursor(), Some(700));
    assert!(
        desk.asked - before <= 3,
        "{} blocks were read",
        desk.asked - before
    );
    let visible = desk.visible();
    assert!(
        visible.contains(&697) && visible.contains(&703),
        "{visible:?}"
    );
    desk.follow(START + 702.6);
    assert_eq!(desk.cursor(), Some(703));
    assert_eq!(desk.visible(), visible, "what is in sight does not scroll");
    desk.follow(START - 1e6);
    assert_eq!(desk.cursor(), Some(0));
    desk.follow(START + 1e6);
    assert_eq!(desk.cursor(), Some(1_999));
    assert!(desk.led.is_empty(), "who follows does not lead");
    assert!(desk.top_edge().contains("linked"), "{}", desk.top_edge());
}

#[test]
fn only_lines_that_are_shown_are_gone_to() {
    let error = |n: u64| {
        if n.is_multiple_of(100) {
            Level::Error
        } else {
            Level::Info
        }
    };
    let mut desk = Desk::new(timed(1_000, error), pane(80, 12));
    desk.apply(Command::Floor(Level::Error));
    desk.follow(START + 449.0);
    assert_eq!(desk.cursor(), Some(400));
    desk.follow(START + 451.0);
    assert_eq!(desk.cursor(), Some(500));
    desk.follow(START + 990.0);
    assert_eq!(desk.cursor(), Some(900), "there is none behind");
    desk.filter("line 3");
    desk.follow(START + 500.0);
    assert_eq!(desk.cursor(), Some(300));
    desk.filter("nothing like it").follow(START);
    assert_eq!(desk.cursor(), None);
}

#[test]
fn whoever_moves_the_cursor_leads_once() {
    let mut desk = Desk::new(timed(9_000, |_| Level::Info), pane(80, 12));
    desk.go(Motion::Up);
    assert!(desk.led.is_empty(), "nothing is linked");
    desk.lab.linked = true;
    desk.apply(Command::Link);
    assert_eq!(desk.led, [START + 8_998.0]);
    desk.go(Motion::Top);
    assert_eq!(desk.led[1..], [START]);
    // What was read is forgotten: enough of others are read.
    for page in 0..70 {
        desk.follow(START + f64::from(page) * 128.0);
    }
    assert_eq!(desk.led.len(), 2, "nobody moved");
    // The time of a line is known when the line was read.
    let context = desk.lab.context();
    let bottom = Command::Move(Motion::Bottom);
    let requests = desk.logs.apply(bottom, &context, desk.pane);
    desk.take(requests);
    assert_eq!(desk.led.len(), 2);
    desk.settle();
    assert_eq!(desk.led.len(), 3);
    desk.append(timed(1, |_| Level::Info));
    desk.settle();
    assert_eq!(desk.led.len(), 3, "the end is followed, and nobody moves");
}

#[test]
fn lines_without_a_time_belong_to_the_one_before_them() {
    let mut records = timed(300, |_| Level::Info);
    for (line, record) in records.iter_mut().enumerate() {
        record.time = record.time.filter(|_| line % 3 == 0);
    }
    let mut desk = Desk::new(records, pane(80, 12));
    desk.follow(START + 4.0);
    assert_eq!(desk.cursor(), Some(5), "the last line of what is nearest");
    desk.lab.linked = true;
    desk.go(Motion::Down).go(Motion::Down);
    assert_eq!(desk.led, [START + 6.0, START + 6.0]);
    let untimed = timed(20, |_| Level::Info).into_iter();
    let untimed = untimed.map(|record| LogRecord {
        time: None,
        ..record
    });
    let mut desk = Desk::new(untimed.collect(), pane(80, 12));
    desk.lab.linked = true;
    desk.follow(START + 4.0).go(Motion::Up);
    assert_eq!(desk.cursor(), Some(18), "nothing to go by");
    assert!(desk.led.is_empty());
    assert!(
        desk.top_edge().contains("linked: no times"),
        "{}",
        desk.top_edge()
    );
}

#[test]
fn a_block_that_cannot_be_read_holds_nothing_up() {
    let mut desk = Desk::new(timed(1_000, |_| Level::Info), pane(80, 12));
    let requests = desk
        .logs
        .follow(START + 300.0, &desk.lab.context(), desk.pane);
    desk.take(requests);
    while let Some(question) = desk.questions.pop_front() {
        let (ticket, error) = (question.ticket(), "gone".to_owned());
        desk.give(LogAnswer::Failed { ticket, error });
    }
    desk.refresh();
    assert!(
        desk.questions.is_empty(),
        "it is not asked for again and again"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_row_is_the_nearest_of_all(
        gaps in prop::collection::vec((0..50_u32, 0..5_usize), 1..400),
        floor in 0..5_usize,
        moments in prop::collection::vec(-100.0..10_000.0_f64, 1..8),
    ) {
        let mut at = START;
        let mut records = Vec::new();
        for (gap, level) in gaps {
            at += f64::from(gap);
            records.push(LogRecord { time: Some(at), ..record(Level::ALL[level], "x") });
        }
        let mut desk = Desk::new(records, pane(80, 12));
        desk.apply(Command::Floor(Level::ALL[floor]));
        for moment in moments {
            let moment = START + moment;
            desk.follow(moment);
            let away = |record: &LogRecord| (record.time.expect("a time") - moment).abs();
            let rows = desk.records.iter().filter(|r| r.level >= Level::ALL[floor]);
            let least = rows.map(away).min_by(f64::total_cmp);
            let found = desk.cursor().map(|line| away(&desk.records[line as usize]));
            prop_assert_eq!(found, least);
        }
    }
}
