//! Decoding: bytes in memory → columns, one core, beside what a general JSON reader takes.

mod support;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use ml_dash_top::formats::{Decoder, LogDecoder, Piece, RowDecoder};
use ml_dash_top::record::StreamKind;
use serde::Deserialize;

/// Lines in each sample: enough to leave the caches of the processor.
const LINES: usize = 200_000;
/// As much as a worker reads at once.
const READ: usize = 256 << 10;

type Make = fn(usize) -> String;

const ROWS: [(&str, Make); 5] = [
    ("indexed", support::indexed),
    ("stamped", support::stamped),
    ("enveloped", support::enveloped),
    ("flat", support::flat),
    ("irregular", support::irregular),
];

fn main() {
    divan::main();
}

fn sample(name: &str) -> String {
    let (_, make) = ROWS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a known sample");
    make(LINES)
}

/// Feeds the text as a worker would: in slices, each from where the last one was done.
fn feed(decoder: &mut dyn Decoder, text: &[u8]) -> usize {
    let (mut rows, mut done) = (0, 0);
    while done < text.len() {
        let end = text.len().min(done + READ);
        let last = end == text.len();
        done += decoder.decode(
            &text[done..end],
            done as u64,
            last,
            &mut |piece| match black_box(piece) {
                Piece::Rows(found) => rows += found.count as usize,
                Piece::Logs(found) => rows += found.offsets.len(),
                _ => {}
            },
        );
    }
    rows
}

#[divan::bench(args = ["indexed", "stamped", "enveloped", "flat", "irregular"])]
fn rows(bencher: Bencher<'_, '_>, name: &str) {
    let text = sample(name);
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| {
            let rows = feed(&mut RowDecoder::new(StreamKind::Metric), text.as_bytes());
            assert_eq!(rows, LINES);
        });
}

#[divan::bench]
fn logs(bencher: Bencher<'_, '_>) {
    let text = support::logs(LINES);
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| {
            let lines = feed(&mut LogDecoder::new(), text.as_bytes());
            assert_eq!(lines, LINES);
        });
}

#[derive(Deserialize)]
struct Indexed {
    index: u64,
    data: IndexedData,
}

#[derive(Deserialize)]
struct IndexedData {
    value: f64,
    epoch: u64,
}

#[derive(Deserialize)]
struct Stamped {
    index: u64,
    data: StampedData,
    #[serde(rename = "createdAt")]
    created_at: String,
}

#[derive(Deserialize)]
struct StampedData {
    loss: f64,
    accuracy: f64,
    #[serde(rename = "_ts")]
    time: f64,
}

/// What a program gets that knows the rows beforehand and stops at the first NaN.
#[divan::bench]
fn serde_json_typed_indexed(bencher: Bencher<'_, '_>) {
    let text = sample("indexed");
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| {
            for line in text.lines() {
                let row: Indexed = serde_json::from_str(line).expect("a valid line");
                black_box((row.index, row.data.value, row.data.epoch));
            }
        });
}

#[divan::bench]
fn serde_json_typed_stamped(bencher: Bencher<'_, '_>) {
    let text = sample("stamped");
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| {
            for line in text.lines() {
                let row: Stamped = serde_json::from_str(line).expect("a valid line");
                black_box((
                    row.index,
                    row.data.loss,
                    row.data.accuracy,
                    row.data.time,
                    row.created_at,
                ));
            }
        });
}

#[divan::bench]
fn serde_json_value_irregular(bencher: Bencher<'_, '_>) {
    let text = sample("irregular");
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| {
            for line in text.lines() {
                let row: serde_json::Value = serde_json::from_str(line).expect("a valid line");
                black_box(row);
            }
        });
}

/// The least that any reader of lines must do.
#[divan::bench]
fn count_newlines(bencher: Bencher<'_, '_>) {
    let text = sample("indexed");
    bencher
        .counter(BytesCount::of_slice(text.as_bytes()))
        .bench(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count());
}
