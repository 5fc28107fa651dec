//! Logs that try everything on a terminal.

use proptest::prelude::*;

use super::super::super::made::{HOSTILE, any_area, stays_within};
use super::*;

fn hostile() -> Vec<LogRecord> {
    let marks = format!("a{}b", "\u{301}".repeat(200));
    let long = "損失 ".repeat(20_000);
    let mut records = vec![
        record(Level::Info, HOSTILE),
        record(Level::Error, &marks),
        record(Level::Warn, &long),
        record(Level::Fatal, ""),
        record(Level::Debug, "\n\n\r\n\r"),
        record(Level::Info, &"\x1b[31m".repeat(9_000)),
        record(Level::Info, &"\r".repeat(9_000)),
    ];
    for (at, record) in records.iter_mut().enumerate() {
        record.word = [HOSTILE, "", "30", &long][at % 4].to_owned();
        record.time = [None, Some(f64::NAN), Some(1e300), Some(-5.0), Some(START)][at % 5];
        let deep = Value::List(vec![
            Value::Map(vec![(HOSTILE.to_owned(), Value::Null)]);
            400
        ]);
        let fields = [
            (HOSTILE, text(HOSTILE)),
            (&long[..700], deep),
            ("", Value::Bool(true)),
            ("nan", number(f64::NAN)),
        ];
        *record = with(record.clone(), &fields);
        record.omitted = 7 << 20;
    }
    records
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_is_drawn_outside_whatever_the_log_says(
        area in any_area(),
        wrap in any::<bool>(), open in any::<bool>(), times in 0..3, word in "[損]{0,2}|a?\u{301}?",
    ) {
        let mut desk = Desk::new(hostile(), Pane { area, zoomed: true, ..pane(0, 0) });
        desk.filter(&word).search(&word[..word.len() / 3 * 3]).apply(Command::Floor(Level::Debug));
        if wrap {
            desk.apply(Command::Wrap);
        }
        for _ in 0..times {
            desk.apply(Command::LogTime).go(Motion::HalfUp);
        }
        if open {
            desk.apply(Command::Enter).go(Motion::PageDown);
        }
        let within = stays_within(area, |buf| desk.logs.draw(&desk.lab.context(), desk.pane, buf));
        prop_assert!(within, "{}", desk.picture());
    }
}
