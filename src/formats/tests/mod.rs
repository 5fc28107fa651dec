//! What must hold for every format: any cut of the bytes gives the same records, no bytes panic,
//! and the fast path means what the slow path means.

use proptest::prelude::*;

use super::*;
use crate::record::{ColumnId, Level};

mod facts;

/// Everything that pieces say, independent of how they were cut: rows one by one.
#[derive(Debug, Default, PartialEq)]
struct Said {
    rows: Vec<Vec<(String, Option<u64>)>>,
    steps: Vec<Option<u64>>,
    times: Vec<Option<u64>>,
    offsets_of_logs: Vec<u64>,
    levels: Vec<Level>,
    params: usize,
    flaws: Vec<Flaw>,
}

fn bits(value: Option<&f64>) -> Option<u64> {
    let value = value.filter(|value| !value.is_nan())?;
    Some(value.to_bits())
}

impl Said {
    fn hear(&mut self, keys: &mut Vec<String>, piece: Piece) {
        match piece {
            Piece::Keys(new) => keys.extend(new),
            Piece::Rows(rows) => self.hear_rows(keys, &rows),
            Piece::Logs(lines) => {
                self.offsets_of_logs.extend(&lines.offsets);
                self.levels.extend(&lines.levels);
                self.times.extend(lines.times.iter().map(|t| bits(Some(t))));
            }
            Piece::Params(_) => self.params += 1,
            Piece::Flaw(flaw) => self.flaws.push(flaw),
            Piece::Facts(_) | Piece::Files(_) | Piece::Layout(_) => {}
        }
    }

    fn hear_rows(&mut self, keys: &[String], rows: &Rows) {
        let first = self.rows.len();
        self.rows.resize(first + rows.count as usize, Vec::new());
        for column in &rows.columns {
            let key = &keys[column.id.0 as usize];
            let places: Vec<u32> = column
                .rows
                .clone()
                .unwrap_or_else(|| (0..rows.count).collect());
            assert_eq!(places.len(), column.values.len());
            for (place, value) in places.iter().zip(&column.values) {
                // NaN is noted apart from nothing, but its bits carry no meaning.
                let bits = if value.is_nan() {
                    None
                } else {
                    Some(value.to_bits())
                };
                self.rows[first + *place as usize].push((key.clone(), bits));
            }
        }
        for row in 0..rows.count as usize {
            self.rows[first + row].sort();
            self.steps.push(bits(rows.steps.get(row)));
            self.times.push(bits(rows.times.get(row)));
        }
    }
}

/// Feeds `bytes` as a file that grows to each of `cuts` in turn and is whole at the end.
fn read(mut decoder: impl Decoder, bytes: &[u8], cuts: &[usize]) -> Said {
    let (mut said, mut keys) = (Said::default(), Vec::new());
    let mut done = 0;
    for cut in cuts.iter().copied().chain([bytes.len()]) {
        let last = cut == bytes.len();
        let slice = &bytes[done.min(cut)..cut];
        done += decoder.decode(slice, done as u64, last, &mut |piece| {
            said.hear(&mut keys, piece);
        });
    }
    assert_eq!(done, bytes.len(), "everything is consumed in the end");
    said
}

const SAMPLES: [&str; 9] = [
    "{\"timestamp\": 1795159366.492525, \"metrics\": {\"train.loss\": 2.3688, \"n\": 1}, \"step\": 0}\n{\"timestamp\": 1795159366.5, \"metrics\": {\"val.loss\": NaN}, \"step\": 1}\n",
    "{\"index\": 0, \"data\": {\"value\": 0.5, \"step\": 1, \"epoch\": 1}, \"createdAt\": \"2026-11-20T07:23:50.278372Z\"}\n{\"index\": 1, \"data\": {\"value\": -0.0, \"step\": 2, \"epoch\": 1}, \"createdAt\": \"2026-11-20T07:23:50.5Z\"}\n",
    "{\"index\": 0, \"data\": {\"loss\": 2.3688, \"note\": \"\\udcff é漢🧪\", \"_ts\": 1795159535.2468207}, \"createdAt\": \"2026-11-20T07:26:22.801652Z\"}\n",
    "{\"train/loss\": 2.37, \"epoch\": 0, \"eval/loss\": Infinity}\r\n{\"train/loss\": null, \"epoch\": 1, \"eval/loss\": -Infinity}\r\n",
    "{\n  \"timestamp\": 1795159366.5,\n  \"metrics\": {\n    \"loss\": 1.5\n  }\n}\n{\n  \"timestamp\": 1795159367.5,\n  \"metrics\": {\n    \"loss\": 1.25\n  }\n}\n",
    "[{\"loss\": 1}, {\"loss\": 2}]\nnonsense\n{'a': 1}\n17\n\u{feff}{\"loss\": 3}{\"loss\": 4}\n",
    "{\"timestamp\": 0.1, \"q\": [0.1, 0.2], \"cam.pos\": [1.0, 2.0], \"cam.n\": 1.0}\n",
    "{\"sequenceNumber\": 13, \"timestamp\": \"2026-11-20T07:23:50Z\", \"level\": \"warn\", \"message\": \"a\\nb\", \"metadata\": {\"n\": {\"a\": [1, NaN]}}}\n{\"level\": \"ERROR\", \"message\": \"}{\"}\n",
    "{\"timestamp\": 1.0, \"operation\": \"set\", \"data\": {\"lr\": 0.1}}\n{\"operation\": \"update\", \"key\": \"a.b\", \"value\": {\"c\": Infinity}}\n{\"operation\": \"dance\"}\n",
];

/// Every cut of every sample, at every byte, by every decoder.
#[test]
fn any_cut_gives_the_same_records() {
    for sample in SAMPLES {
        let bytes = sample.as_bytes();
        let all: Vec<usize> = (0..=bytes.len()).collect();
        let decoders: [fn() -> Box<dyn Decoder>; 4] = [
            || Box::new(RowDecoder::new(StreamKind::Metric)),
            || Box::new(RowDecoder::new(StreamKind::Track)),
            || Box::new(LogDecoder::new()),
            || Box::new(ParamDecoder::new()),
        ];
        for decoder in decoders {
            let whole = read_boxed(decoder(), bytes, &[]);
            assert_eq!(
                read_boxed(decoder(), bytes, &all),
                whole,
                "byte by byte: {sample}"
            );
            for cut in 0..=bytes.len() {
                assert_eq!(
                    read_boxed(decoder(), bytes, &[cut]),
                    whole,
                    "cut at {cut}: {sample}"
                );
            }
        }
    }
}

struct Boxed(Box<dyn Decoder>);

impl Decoder for Boxed {
    fn decode(
        &mut self,
        bytes: &[u8],
        base: u64,
        last: bool,
        sink: &mut dyn FnMut(Piece),
    ) -> usize {
        self.0.decode(bytes, base, last, sink)
    }
}

fn read_boxed(decoder: Box<dyn Decoder>, bytes: &[u8], cuts: &[usize]) -> Said {
    read(Boxed(decoder), bytes, cuts)
}

/// Lines as trackers write them, with odd values strewn in; many share a shape, some do not.
fn any_line() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        6 => any::<f64>().prop_map(|v| format!("{v:?}").replace("inf", "Infinity")),
        4 => any::<i32>().prop_map(|v| v.to_string()),
        2 => (0u32..50).prop_map(|v| v.to_string()),
        1 => Just("NaN".to_owned()),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just("\"NaN\"".to_owned()),
        1 => Just("\"text\"".to_owned()),
        1 => Just("1795159366.25".to_owned()),
        1 => Just("1e400".to_owned()),
        1 => Just("[1, 2.5]".to_owned()),
        1 => Just("{\"x\": 1}".to_owned()),
        1 => Just("\"2026-11-20T07:23:50.278372Z\"".to_owned()),
        1 => Just("1.5x".to_owned()),
    ];
    let shape = prop::sample::select(vec![
        "{\"index\": @, \"data\": {\"value\": @, \"epoch\": @}}\n",
        "{\"index\": @, \"data\": {\"loss\": @, \"_ts\": @}, \"createdAt\": @}\n",
        "{\"timestamp\": @, \"metrics\": {\"loss\": @}, \"step\": @}\n",
        "{\"timestamp\": @, \"data\": {\"loss\": @}}\n",
        "{\"train/loss\": @, \"step\": @, \"epoch\": @}\n",
        "{\"time\": @, \"loss\": @, \"loss\": @}\n",
        "{\"data\": {\"step\": @, \"a\": {\"b\": @}}, \"createdAt\": \"2026-11-20T07:23:50.278372Z\"}\r\n",
        "{\"loss\": @\n",
    ]);
    (shape, prop::collection::vec(value, 4)).prop_map(|(shape, values)| {
        let mut values = values.into_iter();
        shape
            .chars()
            .map(|c| {
                if c == '@' {
                    values.next().unwrap_or_default()
                } else {
                    c.into()
                }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_fast_path_agrees_with_the_slow_one(lines in prop::collection::vec(any_line(), 1..40), track: bool) {
        let kind = if track { StreamKind::Track } else { StreamKind::Metric };
        let text = lines.concat();
        let fast = read(RowDecoder::new(kind), text.as_bytes(), &[]);
        let slow = read(RowDecoder::slow_only(kind), text.as_bytes(), &[]);
        prop_assert_eq!(fast, slow, "{}", text);
    }

    #[test]
    fn full_rows_are_the_rows_that_were_counted(lines in prop::collection::vec(any_line(), 1..40)) {
        let text = lines.concat();
        let counted = read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &[]);
        let (full, consumed) = full_rows(StreamKind::Metric, text.as_bytes(), 0, true, usize::MAX);
        prop_assert_eq!(consumed, text.len());
        prop_assert_eq!(full.len(), counted.rows.len());
        for (row, step) in full.iter().zip(&counted.steps) {
            prop_assert_eq!(bits(row.step.as_ref()), *step);
        }
    }

    #[test]
    fn random_cuts_give_the_same_records(
        lines in prop::collection::vec(any_line(), 1..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let text = lines.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.sort_unstable();
        let whole = read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &[]);
        prop_assert_eq!(read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &cuts), whole, "{}", text);
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, last: bool) {
        for role in ["metrics.jsonl", "logs.jsonl", "parameters.jsonl"] {
            let role = role_of(role);
            let mut decoder = decoder_for(&role).unwrap();
            decoder.decode(&bytes, 0, last, &mut |_| {});
        }
        for document in DOCUMENTS {
            read_document(document, &bytes);
        }
        full_rows(StreamKind::Track, &bytes, 0, last, 100);
        full_log_lines(&bytes);
        is_complete(&bytes);
        recognise(&[Path::new("experiment.json"), Path::new("metrics.json")], &mut |_| bytes.clone());
    }

    #[test]
    fn a_fork_and_its_origin_agree(lines in prop::collection::vec(any_line(), 2..40), split: prop::sample::Index) {
        // A cut-off line at the seam would be read otherwise: the caller never splits there.
        let whole = |line: &&String| line.matches('{').count() == line.matches('}').count();
        let lines: Vec<&String> = lines.iter().filter(whole).collect();
        let text: String = lines.iter().map(|line| line.as_str()).collect();
        let at: usize = lines[..split.index(lines.len() + 1)].iter().map(|line| line.len()).sum();
        let mut said = Said::default();
        let mut keys = Vec::new();
        let mut origin = RowDecoder::new(StreamKind::Metric);
        origin.decode(&text.as_bytes()[..at], 0, true, &mut |piece| said.hear(&mut keys, piece));
        let known = origin.known();
        let mut fork = origin.fork();
        let (mut pieces, mut announced) = (Vec::new(), Vec::new());
        fork.decode(&text.as_bytes()[at..], at as u64, true, &mut |piece| match piece {
            Piece::Keys(new) => announced.extend(new),
            piece => pieces.push(piece),
        });
        let (map, new): (Vec<ColumnId>, Vec<String>) = origin.adopt(&announced);
        keys.extend(new);
        for mut piece in pieces {
            if let Piece::Rows(rows) = &mut piece {
                rows.renumber(known, &map);
            }
            said.hear(&mut keys, piece);
        }
        prop_assert_eq!(said, read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &[]));
    }
}

const DOCUMENTS: [Document; 5] = [
    Document::Experiment,
    Document::LoggerMeta,
    Document::Parameters,
    Document::Epochs,
    Document::FilesIndex,
];

fn role_of(path: &str) -> Role {
    role(Path::new(path)).unwrap_or_else(|| panic!("{path} has no role"))
}
