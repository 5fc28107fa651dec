//! The panel without files: its questions are answered from a list of records.

mod behaviour;
mod finding;
mod frames;
mod hostile;
mod model;
mod moments;
mod places;
mod preview;

use std::collections::VecDeque;

use super::super::made::{Lab, drawn, number, pane};
use super::*;
use crate::commands::Motion;
use crate::record::{
    Change, Facts, LogHit, LogLines, LogPart, LogQuestion, LogRecord, Number, Pattern, Sought,
    Value,
};
use crate::widgets::Safe;

/// 2026-11-20 14:05:03
const START: f64 = 1_795_183_503.0;

/// A panel, a run with a log, and somebody who answers.
struct Desk {
    lab: Lab,
    records: Vec<LogRecord>,
    logs: Logs,
    pane: Pane,
    questions: VecDeque<LogQuestion>,
    asked: usize,
    said: Vec<Safe>,
    /// The moments that others are to follow.
    led: Vec<f64>,
}

fn record(level: Level, message: &str) -> LogRecord {
    LogRecord {
        time: Some(START),
        level,
        word: level.name().to_owned(),
        message: message.to_owned(),
        fields: Vec::new(),
        omitted: 0,
    }
}

fn with(mut record: LogRecord, fields: &[(&str, Value)]) -> LogRecord {
    let fields = fields.iter();
    record.fields = fields.map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    record
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn digits(text: &str) -> Value {
    Value::Number(Number {
        text: text.into(),
        value: text.parse().expect("a number"),
    })
}

impl Desk {
    fn new(records: Vec<LogRecord>, pane: Pane) -> Self {
        let mut lab = Lab::new();
        let run = lab.add("vision/resnet50");
        lab.run = Some(run);
        let started = Some(START - 60.0);
        lab.tell(
            run,
            Change::Facts(Facts {
                started,
                ..Facts::default()
            }),
        );
        let mut desk = Self {
            lab,
            records: Vec::new(),
            logs: Logs::default(),
            pane,
            questions: VecDeque::new(),
            asked: 0,
            said: Vec::new(),
            led: Vec::new(),
        };
        desk.append(records);
        desk.settle();
        desk
    }

    fn append(&mut self, records: Vec<LogRecord>) {
        let first = self.records.len() as u64;
        let lines = LogLines {
            offsets: (first..).take(records.len()).map(|n| n * 100).collect(),
            levels: records.iter().map(|record| record.level).collect(),
            times: records.iter().map(|r| r.time.unwrap_or(f64::NAN)).collect(),
        };
        self.records.extend(records);
        self.lab.tell(RunId(0), Change::Logs(lines));
        self.lab.look();
    }

    fn take(&mut self, requests: Vec<Request>) {
        for request in requests {
            match request {
                Request::AskLog(run, question) => {
                    assert_eq!(Some(run), self.lab.run);
                    self.asked += 1;
                    self.questions.push_back(question);
                }
                Request::Say(words) => self.said.push(words),
                Request::Moment(moment) => self.led.push(moment),
                other => panic!("{other:?}"),
            }
        }
    }

    fn refresh(&mut self) {
        let requests = self.logs.refresh(&self.lab.context(), self.pane);
        self.take(requests);
    }

    /// Answers everything that is asked.
    fn settle(&mut self) {
        self.refresh();
        while let Some(question) = self.questions.pop_front() {
            self.answer(question);
        }
    }

    fn answer(&mut self, question: LogQuestion) {
        match question {
            LogQuestion::Read { ticket, part } => {
                let records = self.lines(part).to_vec();
                let first = part.first;
                self.give(LogAnswer::Lines {
                    ticket,
                    first,
                    records,
                });
            }
            LogQuestion::Search {
                ticket,
                parts,
                pattern,
                ..
            } => {
                for (at, part) in parts.iter().enumerate() {
                    let lines = (part.first..).zip(self.lines(*part));
                    let matching = lines.filter(|(_, r)| is_match(&pattern, &r.message));
                    let hit = |(line, record): (u64, &LogRecord)| LogHit {
                        line,
                        level: record.level,
                    };
                    let hits = matching.map(hit).collect();
                    self.give(LogAnswer::Found {
                        ticket,
                        hits,
                        searched: part.first + part.lines,
                        done: at + 1 == parts.len(),
                    });
                }
            }
        }
    }

    fn lines(&self, part: LogPart) -> &[LogRecord] {
        assert_eq!(part.offset, part.first * 100);
        &self.records[part.first as usize..(part.first + part.lines) as usize]
    }

    fn give(&mut self, answer: LogAnswer) {
        let requests = self
            .logs
            .answer(RunId(0), answer, &self.lab.context(), self.pane);
        self.take(requests);
    }

    fn apply(&mut self, command: Command) -> &mut Self {
        let requests = self.logs.apply(command, &self.lab.context(), self.pane);
        self.take(requests);
        self.settle();
        self
    }

    fn go(&mut self, motion: Motion) -> &mut Self {
        self.apply(Command::Move(motion))
    }

    fn search(&mut self, text: &str) -> &mut Self {
        self.seek(Seek::Find, text);
        self.settle();
        self
    }

    fn filter(&mut self, text: &str) -> &mut Self {
        self.seek(Seek::Only, text);
        self.settle();
        self
    }

    fn seek(&mut self, seek: Seek, text: &str) {
        let context = self.lab.context();
        let requests = self.logs.seek(seek, text, &context, self.pane);
        self.take(requests.expect("it can be read"));
    }

    fn matches(&self, seek: Seek) -> Option<(u64, u64)> {
        self.logs.matches(seek, &self.lab.context())
    }

    fn click(&mut self, x: u16, y: u16) -> &mut Self {
        let at = Position::new(x, y);
        let requests = self.logs.click(at, &self.lab.context(), self.pane);
        self.take(requests);
        self.settle();
        self
    }

    fn last_said(&self) -> &str {
        self.said.last().map_or("", Safe::as_str)
    }

    fn picture(&self) -> String {
        let area = self.pane.area;
        drawn(area.width, area.height, |buf| {
            self.logs.draw(&self.lab.context(), self.pane, buf);
        })
    }

    fn cursor(&self) -> Option<u64> {
        let context = self.lab.context();
        let rows = self.logs.rows(&context)?;
        let (line, record) = rows.read(self.logs.view.window.cursor)?;
        assert_eq!(*record, self.records[line as usize]);
        Some(line)
    }

    /// The lines that are visible, all of which must have been read.
    fn visible(&self) -> Vec<u64> {
        let context = self.lab.context();
        let rows = self.logs.rows(&context).expect("a run");
        let lines = usize::from(view::text_area(self.pane).height);
        let look = self.logs.look(&context, self.pane);
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let shown = self.logs.shown(&rows);
        let visible = self.logs.view.window.visible(shown, lines, &height);
        let line = |(row, _)| rows.read(row).expect("it was read").0;
        visible.into_iter().map(line).collect()
    }

    fn bottom_edge(&self) -> String {
        self.picture().lines().last().unwrap_or_default().to_owned()
    }

    fn top_edge(&self) -> String {
        self.picture().lines().next().unwrap_or_default().to_owned()
    }
}

/// Whether words of a pattern are in a text, as whoever searches would say it.
fn is_match(pattern: &Pattern, text: &str) -> bool {
    let text = text.to_lowercase();
    pattern.terms.iter().all(|term| match &term.sought {
        Sought::Word(word) => text.contains(&word.to_lowercase()) == term.wanted,
        other => panic!("{other:?} is not searched here"),
    })
}

/// The log of the sketches.
fn sketched() -> Vec<LogRecord> {
    let at = |seconds: f64, record: LogRecord| LogRecord {
        time: Some(START + seconds),
        ..record
    };
    let epoch = |n: u32, train: &str, val: &str| {
        with(
            record(Level::Info, &format!("Epoch {n} complete")),
            &[("train_loss", digits(train)), ("val_loss", digits(val))],
        )
    };
    let mut records: Vec<LogRecord> = (0..41)
        .map(|n| at(-300.0, record(Level::Debug, &format!("batch {n}"))))
        .collect();
    for n in 0..34 {
        records.push(at(-200.0 + f64::from(n), epoch(n, "0.0500", "0.1200")));
    }
    let memory = with(
        record(Level::Warn, "GPU memory low"),
        &[("free_gb", digits("1.2")), ("device", digits("0"))],
    );
    let worker = with(
        record(
            Level::Error,
            "DataLoader worker 3 exited: Connection reset by peer",
        ),
        &[("restarts", digits("1"))],
    );
    let rate = with(
        record(Level::Info, "lr now 1.2e-4"),
        &[
            ("schedule", text("cosine")),
            ("lr", digits("0.00012000000000000002")),
        ],
    );
    records.extend([
        at(-9.0, rate),
        at(0.0, epoch(35, "0.0447", "0.1152")),
        at(4.0, epoch(36, "0.04401234", "0.11629999999999")),
        at(6.0, memory),
        at(10.0, worker),
        at(
            12.0,
            record(Level::Info, "step 1\rstep 2\rstep 3 100%|██| 79/79\r"),
        ),
        at(
            13.0,
            record(Level::Warn, "\x1b[31mred\x1b[0m plain \x1b]0;title\x07end"),
        ),
        at(
            13.5,
            LogRecord {
                word: "success".to_owned(),
                ..record(Level::Info, "saved")
            },
        ),
        at(
            14.0,
            with(
                record(Level::Error, TRACEBACK),
                &[
                    ("step", digits("1203")),
                    ("error.kind", text("RuntimeError")),
                    ("batch", Value::List(vec![number(0.5), number(128.0)])),
                ],
            ),
        ),
        at(
            15.0,
            with(
                record(Level::Info, "Validating"),
                &[("batches", digits("79"))],
            ),
        ),
    ]);
    records
}

const TRACEBACK: &str = "Traceback (most recent call last):\n  File \"train.py\", line 88, in step\n    loss.backward()\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 23.65 GiB total capacity)\n";
