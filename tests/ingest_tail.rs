//! Whatever happens to a file, the tail ends up with what one reading of it would bring.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;
#[path = "support/tailing.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod tailing;

use std::time::Duration;

use memory::{Fault, MemoryDisk};
use proptest::prelude::*;
use tailing::Tailing;

const PATH: &str = "run/metrics.jsonl";

#[derive(Clone, Debug)]
enum Op {
    /// Whole lines.
    Append(usize),
    /// Some bytes of a line; the rest comes with the next one.
    Tear(usize),
    Finish,
    Truncate(usize),
    /// Written anew in place, this many lines, the first of which may stay as they are.
    Rewrite {
        lines: usize,
        keep: usize,
    },
    /// The same size, other content.
    RewriteSameSize,
    Replace {
        lines: usize,
        keep: usize,
    },
    Delete,
    Recreate(usize),
    Touch,
    /// Bytes right behind whatever is there.
    Glue(&'static str),
    Idle(u64),
    Look,
    LookAtPart,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (1..6_usize).prop_map(Op::Append),
        3 => (1..40_usize).prop_map(Op::Tear),
        2 => Just(Op::Finish),
        1 => (0..200_usize).prop_map(Op::Truncate),
        1 => (0..12_usize, 0..6_usize).prop_map(|(lines, keep)| Op::Rewrite { lines, keep }),
        1 => Just(Op::RewriteSameSize),
        1 => (0..12_usize, 0..12_usize).prop_map(|(lines, keep)| Op::Replace { lines, keep }),
        1 => Just(Op::Delete),
        1 => (0..6_usize).prop_map(Op::Recreate),
        1 => Just(Op::Touch),
        1 => prop_oneof![Just("x\n"), Just("{\"g\": 1}"), Just(" \n"), Just("\r\n")].prop_map(Op::Glue),
        2 => (1..40_u64).prop_map(|tenths| Op::Idle(tenths * 100)),
        6 => Just(Op::Look),
        1 => Just(Op::LookAtPart),
    ]
}

/// Writes rows of which no two are equal.
#[derive(Default)]
struct Writer {
    count: u64,
    pending: Vec<u8>,
}

impl Writer {
    fn line(&mut self) -> Vec<u8> {
        self.count += 1;
        let n = self.count;
        let line = match n % 4 {
            0 => format!("{{\"step\": {n}, \"loss\": {n}.5, \"note\": \"é漢🧪\"}}\n"),
            1 => format!("{{\"loss\": NaN, \"lr\": {n}}}\n"),
            2 => format!("{{\"late{}\": {n}, \"loss\": -{n}}}\n", n % 7),
            _ => format!("{{\"loss\": {n}, \"nested\": {{\"a\": {n}}}}}\n"),
        };
        line.into_bytes()
    }

    fn lines(&mut self, count: usize) -> Vec<u8> {
        (0..count).flat_map(|_| self.line()).collect()
    }
}

fn head(data: &[u8], lines: usize) -> Vec<u8> {
    data.split_inclusive(|b| *b == b'\n')
        .take(lines)
        .flatten()
        .copied()
        .collect()
}

fn apply(op: &Op, disk: &MemoryDisk, writer: &mut Writer, tailing: &mut Tailing) {
    let data = disk.data(PATH);
    match op {
        Op::Append(count) => {
            let mut bytes = std::mem::take(&mut writer.pending);
            bytes.extend(writer.lines(*count));
            disk.append(PATH, &bytes);
        }
        Op::Tear(count) => {
            if writer.pending.is_empty() {
                writer.pending = writer.line();
            }
            let count = (*count).min(writer.pending.len());
            disk.append(PATH, &writer.pending.drain(..count).collect::<Vec<u8>>());
        }
        Op::Finish => disk.append(PATH, &std::mem::take(&mut writer.pending)),
        Op::Truncate(size) => {
            if data.is_some() {
                disk.edit(PATH, |data| data.truncate(*size));
            }
        }
        Op::Rewrite { lines, keep } => {
            let mut bytes = head(&data.unwrap_or_default(), *keep);
            bytes.extend(writer.lines(*lines));
            writer.pending.clear();
            disk.write(PATH, &bytes);
        }
        Op::RewriteSameSize => {
            let size = data.map_or(0, |data| data.len());
            let mut bytes = Vec::new();
            while bytes.len() < size {
                bytes.extend(writer.line());
            }
            bytes.truncate(size);
            writer.pending.clear();
            disk.write(PATH, &bytes);
        }
        Op::Replace { lines, keep } => {
            let mut bytes = head(&data.unwrap_or_default(), *keep);
            bytes.extend(writer.lines(*lines));
            writer.pending.clear();
            disk.replace(PATH, &bytes);
        }
        Op::Delete => {
            writer.pending.clear();
            disk.remove(PATH);
        }
        Op::Recreate(lines) => {
            writer.pending.clear();
            disk.remove(PATH);
            disk.write(PATH, &writer.lines(*lines));
        }
        Op::Touch => {
            if data.is_some() {
                disk.edit(PATH, |_| {});
            }
        }
        Op::Glue(bytes) => disk.append(PATH, bytes.as_bytes()),
        Op::Idle(millis) => tailing.pass(Duration::from_millis(*millis)),
        Op::Look => {
            tailing.drain();
        }
        Op::LookAtPart => {
            tailing.look(30);
        }
    }
    disk.tick(1_000_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_as_one_reading(ops in prop::collection::vec(op(), 1..60), short in any::<bool>()) {
        let disk = MemoryDisk::default();
        if short {
            disk.fault(PATH, Fault::Short(7));
        }
        let mut writer = Writer::default();
        let mut tailing = Tailing::new(&disk, PATH, true);
        for op in &ops {
            apply(op, &disk, &mut writer, &mut tailing);
        }
        if disk.data(PATH).is_none() {
            apply(&Op::Recreate(3), &disk, &mut writer, &mut tailing);
        }
        tailing.drain();
        tailing.pass(Duration::from_secs(3));
        tailing.drain();
        let once = Tailing::once(&disk, PATH);
        prop_assert_eq!(&tailing.stream.rows, &once.stream.rows);
        prop_assert_eq!(&tailing.flaws, &once.flaws);
        // Nothing more happens to a file that lies still.
        tailing.pass(Duration::from_secs(100));
        let before = disk.calls("open");
        prop_assert!(!tailing.drain().changed);
        prop_assert_eq!(disk.calls("open"), before);
    }
}
