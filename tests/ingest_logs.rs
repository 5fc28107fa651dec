//! The text of logs, read on demand: what comes back is what a reading of the whole file brings.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memory::{Fault, MemoryDisk};
use ml_dash_top::formats::full_log_lines;
use ml_dash_top::ingest::{Files as _, LocalDisk};
use ml_dash_top::record::{
    LogAnswer, LogHit, LogPart, LogQuestion, LogRecord, Pattern, PatternTerm, RunId, Sought, Value,
};
use proptest::prelude::*;
use replay::Replay;

const RUN: &str = "run/.ml-logger.meta.json";
const LOG: &str = "run/logs.jsonl";
const BLOCK: usize = 128;

fn line(n: usize) -> String {
    let level = ["INFO", "DEBUG", "WARNING", "ERROR"][n % 4];
    format!(
        "{{\"timestamp\": {n}, \"level\": \"{level}\", \"message\": \"line {n}\", \"context\": {{\"n\": {n}}}}}\n"
    )
}

fn lines(from: usize, to: usize) -> String {
    (from..to).map(line).collect()
}

/// A run in memory, followed, with this in its log.
fn followed(log: &str) -> (MemoryDisk, Replay) {
    let disk = MemoryDisk::default();
    disk.write(RUN, b"{\"prefix\": \"a/b/run\"}");
    disk.write(LOG, log.as_bytes());
    let mut replay = Replay::follow(Arc::new(disk.clone()), &[Path::new("run")]);
    replay.wait("the log", |r| {
        r.runs.first().is_some_and(|run| run.caught_up > 0)
    });
    (disk, replay)
}

/// What the store would ask for a block.
fn part(replay: &Replay, run: usize, block: usize) -> LogPart {
    let offsets = &replay.runs[run].log_offsets;
    let first = block * BLOCK;
    LogPart {
        first: first as u64,
        lines: (offsets.len() - first).min(BLOCK) as u64,
        offset: offsets[first],
        levels: u8::MAX,
    }
}

fn parts(replay: &Replay, run: usize) -> Vec<LogPart> {
    let blocks = replay.runs[run].log_offsets.len().div_ceil(BLOCK);
    (0..blocks).map(|block| part(replay, run, block)).collect()
}

fn ask(replay: &mut Replay, run: usize, question: LogQuestion) -> LogAnswer {
    let ticket = question.ticket();
    replay.ingest.ask_log(RunId(run as u32), question);
    awaited(replay, run, ticket).pop().unwrap()
}

/// All answers with this ticket, up to the last one.
fn awaited(replay: &mut Replay, run: usize, wanted: u32) -> Vec<LogAnswer> {
    let mut found = Vec::new();
    replay.wait("an answer", |r| {
        found = r.runs[run]
            .log_answers
            .iter()
            .filter(|answer| ticket(answer) == wanted)
            .cloned()
            .collect();
        found
            .last()
            .is_some_and(|a| !matches!(a, LogAnswer::Found { done: false, .. }))
    });
    found
}

fn ticket(answer: &LogAnswer) -> u32 {
    match answer {
        LogAnswer::Lines { ticket, .. }
        | LogAnswer::Found { ticket, .. }
        | LogAnswer::Failed { ticket, .. } => *ticket,
        LogAnswer::End { .. } => 0,
    }
}

/// The whole log of a run, block by block.
fn read_all(replay: &mut Replay, run: usize, tickets: u32) -> Vec<LogRecord> {
    let mut records = Vec::new();
    for (at, part) in parts(replay, run).into_iter().enumerate() {
        let ticket = tickets + at as u32;
        match ask(replay, run, LogQuestion::Read { ticket, part }) {
            LogAnswer::Lines {
                first,
                records: some,
                ..
            } => {
                assert_eq!(first, records.len() as u64);
                records.extend(some);
            }
            other => panic!("{other:?}"),
        }
    }
    records
}

fn messages(records: &[LogRecord]) -> Vec<&str> {
    records.iter().map(|r| r.message.as_str()).collect()
}

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("line {n}")).collect()
}

/// Equal, NaN included.
fn same(left: &[LogRecord], right: &[LogRecord]) -> bool {
    format!("{left:?}") == format!("{right:?}")
}

#[test]
fn every_log_of_every_fixture_is_read_again() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for follow in [false, true] {
        let options = replay::options(&[&fixtures], follow);
        let mut replay = Replay::start(Arc::new(LocalDisk), options);
        replay.wait("all runs", |r| {
            r.scanned.is_some() && r.runs.iter().all(|run| run.caught_up > 0)
        });
        let mut logs = 0;
        for run in 0..replay.runs.len() {
            let place = replay.runs[run].place.as_ref().unwrap().path.clone();
            let paths = ["logs.jsonl", "logs/logs.jsonl"].map(|name| place.join(name));
            let Some(path) = paths.iter().find(|path| path.is_file()) else {
                continue;
            };
            let expected = full_log_lines(&fs::read(path).unwrap());
            let found = read_all(&mut replay, run, 0);
            assert!(same(&found, &expected), "{path:?}");
            logs += usize::from(!found.is_empty());
        }
        assert!(logs > 30, "{logs}");
    }
}

#[test]
fn a_log_in_several_rotated_files_is_one() {
    let (disk, mut replay) = followed(&lines(0, 200));
    disk.tick(1_000_000);
    for n in [200, 250] {
        disk.rename(format!("{LOG}.1"), format!("{LOG}.2"));
        disk.rename(LOG, format!("{LOG}.1"));
        disk.write(LOG, lines(n, n + 50).as_bytes());
        replay.wait("the next file", |r| r.runs[0].log_offsets.len() == n + 50);
        disk.tick(1_000_000);
    }
    assert_eq!(replay.runs[0].log_resets, 0);
    let found = read_all(&mut replay, 0, 0);
    assert_eq!(messages(&found), numbered(0..300));
    let question = LogQuestion::Search {
        ticket: 9,
        slot: 0,
        pattern: words(&["line", "49"]),
        parts: parts(&replay, 0),
    };
    replay.ingest.ask_log(RunId(0), question);
    assert_eq!(found_lines(&awaited(&mut replay, 0, 9)), [49, 149, 249]);
    disk.remove(format!("{LOG}.2"));
    let (part, ticket) = (part(&replay, 0, 0), 10);
    let answer = ask(&mut replay, 0, LogQuestion::Read { ticket, part });
    assert!(matches!(answer, LogAnswer::Failed { .. }), "{answer:?}");
}

#[test]
fn a_log_that_began_anew_is_read_as_it_is_now() {
    let (disk, mut replay) = followed(&lines(0, 300));
    let old = parts(&replay, 0);
    disk.tick(1_000_000);
    disk.write(LOG, lines(1000, 1010).as_bytes());
    // Whether the change was noticed by now or not: there is an answer, and it does no harm.
    for (ticket, part) in (0..).zip(old) {
        let answer = ask(&mut replay, 0, LogQuestion::Read { ticket, part });
        assert!(matches!(answer, LogAnswer::Lines { ref records, .. } if records.len() <= 128));
    }
    replay.wait("the reset", |r| {
        r.runs[0].log_resets == 1 && r.runs[0].log_offsets.len() == 10
    });
    assert_eq!(
        messages(&read_all(&mut replay, 0, 50)),
        numbered(1000..1010)
    );
}

#[test]
fn an_answer_comes_after_what_it_is_about() {
    let (disk, mut replay) = followed(&lines(0, 5));
    let part = LogPart {
        lines: 100,
        ..part(&replay, 0, 0)
    };
    disk.tick(1_000_000);
    disk.append(LOG, lines(5, 9).as_bytes());
    for ticket in 0..50 {
        let answer = ask(&mut replay, 0, LogQuestion::Read { ticket, part });
        let LogAnswer::Lines { records, .. } = answer else {
            panic!("{answer:?}");
        };
        assert!(records.len() <= replay.runs[0].log_offsets.len());
    }
}

#[test]
fn a_torn_line_is_no_line_until_it_is_whole() {
    let torn = line(3);
    let (start, end) = torn.split_at(20);
    let (disk, mut replay) = followed(&(lines(0, 3) + start));
    let part = LogPart {
        lines: 100,
        ..part(&replay, 0, 0)
    };
    let answer = ask(&mut replay, 0, LogQuestion::Read { ticket: 1, part });
    let LogAnswer::Lines { records, .. } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(messages(&records), numbered(0..3));
    disk.tick(1_000_000);
    disk.append(LOG, end.trim_end().as_bytes());
    replay.wait("the last line", |r| r.runs[0].log_offsets.len() == 4);
    assert_eq!(messages(&read_all(&mut replay, 0, 2)), numbered(0..4));
}

/// F34: what was moved away is read by its handle; what was deleted is gone, and that is said.
#[test]
fn a_log_without_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    fs::create_dir(&run).unwrap();
    fs::write(
        run.join(".ml-logger.meta.json"),
        "{\"prefix\": \"a/b/run\"}",
    )
    .unwrap();
    fs::write(run.join("logs.jsonl"), lines(0, 200)).unwrap();
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[&run]);
    replay.wait("the log", |r| {
        r.runs.first().is_some_and(|run| run.caught_up > 0)
    });
    let said = |r: &Replay, what: &str| r.runs[0].notes.iter().any(|note| note.contains(what));
    if LocalDisk.is_remote(&run) {
        println!("skipped: no file is kept open here");
        return;
    }
    let elsewhere = dir.path().join("elsewhere");
    fs::rename(run.join("logs.jsonl"), &elsewhere).unwrap();
    replay.wait("the move", |r| said(r, "moved away"));
    assert_eq!(messages(&read_all(&mut replay, 0, 0)), numbered(0..200));
    assert_eq!(messages(&read_all(&mut replay, 0, 9)), numbered(0..200));
    let (disk, mut replay) = followed(&lines(0, 10));
    disk.remove(LOG);
    replay.wait("the deletion", |r| said(r, "deleted"));
    let part = part(&replay, 0, 0);
    let answer = ask(&mut replay, 0, LogQuestion::Read { ticket: 0, part });
    let LogAnswer::Failed { error, .. } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(error, "the file is gone");
}

#[test]
fn a_log_that_cannot_be_read_says_so() {
    let (disk, mut replay) = followed(&lines(0, 10));
    let part = part(&replay, 0, 0);
    for (ticket, fault) in [
        (0, Fault::Refuse(13)),
        (1, Fault::Read(5)),
        (2, Fault::Panic),
    ] {
        disk.fault(LOG, fault);
        let answer = ask(&mut replay, 0, LogQuestion::Read { ticket, part });
        assert!(matches!(answer, LogAnswer::Failed { .. }), "{answer:?}");
        disk.heal(LOG);
    }
    let nothing = LogQuestion::Search {
        ticket: 7,
        slot: 0,
        pattern: words(&["x"]),
        parts: Vec::new(),
    };
    let answer = ask(&mut replay, 0, nothing);
    assert!(matches!(answer, LogAnswer::Found { done: true, .. }));
}

#[test]
fn a_run_without_a_log_says_so() {
    let disk = MemoryDisk::default();
    disk.write("run/metrics.jsonl", b"{\"loss\": 1}\n");
    let mut replay = Replay::once(Arc::new(disk), &[Path::new("run")]);
    let part = LogPart {
        first: 0,
        lines: 1,
        offset: 0,
        levels: u8::MAX,
    };
    let answer = ask(&mut replay, 0, LogQuestion::Read { ticket: 0, part });
    assert!(matches!(answer, LogAnswer::Failed { .. }), "{answer:?}");
}

#[test]
fn a_log_is_read_while_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    fs::create_dir(&run).unwrap();
    fs::write(
        run.join(".ml-logger.meta.json"),
        "{\"prefix\": \"a/b/run\"}",
    )
    .unwrap();
    let path: PathBuf = run.join("logs.jsonl");
    fs::write(&path, line(0)).unwrap();
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[&run]);
    replay.wait("the log", |r| {
        r.runs.first().is_some_and(|run| run.caught_up > 0)
    });
    let writer = std::thread::spawn(move || {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        for n in 1..2000 {
            let line = line(n);
            let (start, end) = line.split_at(n % line.len());
            file.write_all(start.as_bytes()).unwrap();
            file.write_all(end.as_bytes()).unwrap();
        }
    });
    let mut tickets = 0;
    while replay.runs[0].log_offsets.len() < 2000 {
        let known = replay.runs[0].log_offsets.len();
        let expected = numbered(0..known);
        let part = part(&replay, 0, (known - 1) / BLOCK);
        tickets += 1;
        let ticket = tickets;
        let answer = ask(&mut replay, 0, LogQuestion::Read { ticket, part });
        let LogAnswer::Lines { records, .. } = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(messages(&records), expected[part.first as usize..]);
        if replay.runs[0].log_offsets.len() == known {
            replay.wait("more lines", |r| r.runs[0].log_offsets.len() > known);
        }
    }
    writer.join().unwrap();
    assert_eq!(
        messages(&read_all(&mut replay, 0, 10_000)),
        numbered(0..2000)
    );
}

/// Somebody waits: the answer comes between two slices of a long load.
#[test]
fn a_question_does_not_wait_for_a_long_load() {
    let disk = MemoryDisk::default();
    let mut rows = String::new();
    for n in 0..700_000 {
        writeln!(rows, "{{\"step\": {n}, \"a\": 0.5}}").unwrap();
    }
    disk.write(LOG, lines(0, 10).as_bytes());
    disk.write(RUN, b"{\"prefix\": \"a/b/run\"}");
    disk.write("run/metrics.jsonl", rows.as_bytes());
    let mut replay = Replay::follow(Arc::new(disk), &[Path::new("run")]);
    replay.wait("the log", |r| {
        r.runs
            .first()
            .is_some_and(|run| run.log_offsets.len() == 10)
    });
    assert_eq!(replay.runs[0].caught_up, 0, "the load was too short");
    assert_eq!(messages(&read_all(&mut replay, 0, 0)), numbered(0..10));
    assert_eq!(replay.runs[0].caught_up, 0);
}

fn words(words: &[&str]) -> Pattern {
    let term = |word: &&str| PatternTerm {
        sought: Sought::Word(word.trim_start_matches('!').to_owned()),
        wanted: !word.starts_with('!'),
    };
    Pattern {
        terms: words.iter().map(term).collect(),
    }
}

fn found_lines(answers: &[LogAnswer]) -> Vec<u64> {
    let mut last = 0;
    let mut lines = Vec::new();
    for answer in answers {
        let LogAnswer::Found { hits, searched, .. } = answer else {
            panic!("{answer:?}");
        };
        assert!(hits.iter().all(|hit| (last..*searched).contains(&hit.line)));
        last = *searched;
        lines.extend(hits.iter().map(|hit| hit.line));
    }
    assert!(lines.is_sorted());
    lines
}

#[test]
fn a_search_comes_in_pieces_and_a_newer_one_ends_it() {
    let mut log = String::new();
    for n in 0..60_000 {
        log += &line(n);
    }
    let (disk, mut replay) = followed(&log);
    let search = |ticket, pattern| LogQuestion::Search {
        ticket,
        slot: u8::from(ticket == 5),
        pattern,
        parts: parts(&replay, 0),
    };
    let any = Pattern {
        terms: vec![PatternTerm {
            sought: Sought::Expression("^line [0-9]*7 n=".to_owned()),
            wanted: true,
        }],
    };
    let questions = [
        search(1, any.clone()),
        search(2, any),
        search(3, words(&["line", "59999"])),
        search(4, words(&["!line"])),
        search(5, words(&["line", "!59999"])),
    ];
    let run = RunId(0);
    // While the disk does not answer, nobody gets to the end of the first search.
    disk.fault(LOG, Fault::Hang);
    for question in [&questions[0], &questions[4], &questions[1]] {
        replay.ingest.ask_log(run, question.clone());
    }
    disk.heal(LOG);
    // That of another slot goes on.
    let others = awaited(&mut replay, 0, 5);
    assert_eq!(found_lines(&others).len(), 59_999);
    assert!(others.len() > 1, "{}", others.len());
    let answers = awaited(&mut replay, 0, 2);
    let expected: Vec<u64> = (0..60_000).filter(|n| n % 10 == 7).collect();
    assert_eq!(found_lines(&answers), expected);
    assert!(answers.len() > 1, "{}", answers.len());
    replay.ingest.ask_log(run, questions[2].clone());
    let answers = awaited(&mut replay, 0, 3);
    assert_eq!(found_lines(&answers), [59_999]);
    let LogAnswer::Found { hits, .. } = answers.last().unwrap() else {
        unreachable!()
    };
    assert_eq!(
        hits.last().unwrap().level,
        ml_dash_top::record::Level::Error
    );
    replay.ingest.ask_log(run, questions[3].clone());
    assert!(found_lines(&awaited(&mut replay, 0, 4)).is_empty());
    let last = awaited(&mut replay, 0, 1).pop();
    assert!(matches!(last, Some(LogAnswer::Failed { .. })));
    let wrong = Pattern {
        terms: vec![PatternTerm {
            sought: Sought::Expression("(".to_owned()),
            wanted: true,
        }],
    };
    let wrong = ask(&mut replay, 0, search_nothing(wrong));
    assert!(matches!(wrong, LogAnswer::Failed { .. }));
}

fn search_nothing(pattern: Pattern) -> LogQuestion {
    LogQuestion::Search {
        ticket: 99,
        slot: 0,
        pattern,
        parts: Vec::new(),
    }
}

#[test]
fn huge_texts_are_cut_and_endless_lines_passed_over() {
    let huge = "x".repeat(1 << 20);
    let endless = "y".repeat(9 << 20);
    let mut many = String::new();
    for n in 0..40_000 {
        write!(many, "\"k{n}\": {n}, ").unwrap();
    }
    let log = format!(
        "{}{{\"message\": \"{huge} needle\"}}\n{{\"message\": \"{endless}\"}}\n{}{}{}{{{many}\"message\": \"many\"}}\n",
        line(0),
        "\0".repeat(300_000),
        line(1),
        line(2),
    );
    let (_, mut replay) = followed(&log);
    let found = read_all(&mut replay, 0, 0);
    assert_eq!(found.len(), 5);
    assert_eq!(found[1].message.len(), 64 * 1024);
    assert_eq!(found[1].omitted, (1 << 20) + 7 - 64 * 1024);
    assert_eq!(found[3].message, "line 2");
    assert_eq!(found[3].omitted, 0);
    let fields = &found[4].fields;
    assert!(fields.len() > 1000 && fields.len() < 20_000);
    let number = |n: usize| &fields[n].1;
    let whole = |n: usize| matches!(number(n), Value::Number(v) if v.value == n as f64);
    assert!((0..fields.len()).all(whole), "no number is cut");
    assert!(found[4].omitted > 0);
    let question = LogQuestion::Search {
        ticket: 50,
        slot: 0,
        pattern: words(&["needle"]),
        parts: parts(&replay, 0),
    };
    replay.ingest.ask_log(RunId(0), question);
    assert_eq!(found_lines(&awaited(&mut replay, 0, 50)), [1]);
}

/// What a search must find, worked out on records that were read in full.
fn naive(records: &[LogRecord], words: &[String]) -> Vec<u64> {
    let lower = |text: &str| text.to_lowercase();
    let matches = |record: &LogRecord| {
        let mut text = record.message.clone();
        for (key, value) in &record.fields {
            let value = match value {
                Value::Text(text) => text.clone(),
                Value::Number(number) => number.text.to_string(),
                other => panic!("{other:?}"),
            };
            write!(text, " {key}={value}").unwrap();
        }
        words.iter().all(|word| lower(&text).contains(&lower(word)))
    };
    let hits = records.iter().enumerate().filter(|(_, r)| matches(r));
    hits.map(|(line, _)| line as u64).collect()
}

fn escaped(text: &str, every: bool) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if every && at % 3 == 0 || !c.is_ascii() {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        } else {
            match c {
                '"' | '\\' => write!(out, "\\{c}").unwrap(),
                '\n' => out.push_str("\\n"),
                c => out.push(c),
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Blocks that are not decoded hold nothing that a decoded one would.
    #[test]
    fn a_search_finds_what_is_there(
        texts in prop::collection::vec(("[abAB_ .=\"\\\\\nné]{0,12}", "[ab1]{1,3}", any::<bool>()), 1..300),
        words_ in prop::collection::vec("[abAB_.=1né]{1,3}", 1..3),
        odd in any::<bool>(),
    ) {
        let mut log = String::new();
        for (message, key, every) in &texts {
            let (message, key) = (escaped(message, *every), escaped(key, *every));
            let end = if odd && message.len() % 5 == 0 { "\noops\n" } else { "\n" };
            let end = if odd && message.len() % 7 == 0 { "" } else { end };
            write!(log, "{{\"message\": \"{message}\", \"{key}\": 1.50}}{end}").unwrap();
        }
        let (_, mut replay) = followed(&log);
        let records = read_all(&mut replay, 0, 0);
        prop_assert_eq!(records.len(), texts.len());
        let pattern = words(&words_.iter().map(String::as_str).collect::<Vec<_>>());
        let question = LogQuestion::Search { ticket: 900, slot: 0, pattern, parts: parts(&replay, 0) };
        replay.ingest.ask_log(RunId(0), question);
        prop_assert_eq!(found_lines(&awaited(&mut replay, 0, 900)), naive(&records, &words_));
    }
}

#[test]
fn hits_tell_their_level() {
    let (_, mut replay) = followed(&lines(0, 3));
    let question = LogQuestion::Search {
        ticket: 1,
        slot: 0,
        pattern: words(&["n=2"]),
        parts: parts(&replay, 0),
    };
    let LogAnswer::Found { hits, .. } = ask(&mut replay, 0, question) else {
        panic!("nothing was found");
    };
    let level = ml_dash_top::record::Level::Warn;
    assert_eq!(hits, [LogHit { line: 2, level }]);
}
