//! Data for the benches, made on the spot and alike in every run.

#![allow(dead_code, reason = "each bench uses the part that it needs")]

use std::fmt::Write as _;

/// A small generator of numbers that look measured: all 17 digits, always the same ones.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number in 0..1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The loss of a training that goes well, with noise.
fn loss(row: usize, rows: usize, noise: &mut Noise) -> f64 {
    let progress = row as f64 / rows as f64;
    0.05 + 2.3 * (-6.0 * progress).exp() + 0.15 * (noise.next() - 0.5)
}

/// ml-dash without time stamps: `{"index": i, "data": {"value": v, "epoch": e}}`.
pub(crate) fn indexed(rows: usize) -> String {
    let mut noise = Noise::new(1);
    let per_epoch = rows.div_ceil(100);
    lines(rows, 72, |text, row| {
        let value = loss(row, rows, &mut noise);
        writeln!(
            text,
            "{{\"index\": {row}, \"data\": {{\"value\": {value:?}, \"epoch\": {}}}}}",
            row / per_epoch
        )
    })
}

/// ml-dash as it writes today: two metrics, `_ts` and the time of the flush.
pub(crate) fn stamped(rows: usize) -> String {
    let mut noise = Noise::new(2);
    lines(rows, 160, |text, row| {
        let (value, accuracy) = (loss(row, rows, &mut noise), noise.next());
        let time = 1_795_159_535.0 + row as f64 * 0.137 + noise.next() / 100.0;
        writeln!(
            text,
            "{{\"index\": {row}, \"data\": {{\"loss\": {value:?}, \"accuracy\": {accuracy:?}, \"_ts\": {time:?}}}, \
             \"createdAt\": \"2026-11-20T07:{:02}:{:02}.{:06}Z\"}}",
            row / 60 % 60,
            row % 60,
            row % 1_000_000,
        )
    })
}

/// ML-Logger: `{"timestamp": t, "metrics": {…}, "step": i}`.
pub(crate) fn enveloped(rows: usize) -> String {
    let mut noise = Noise::new(3);
    lines(rows, 120, |text, row| {
        let (value, accuracy) = (loss(row, rows, &mut noise), noise.next());
        let time = 1_795_159_366.0 + row as f64 * 0.05 + noise.next() / 100.0;
        writeln!(
            text,
            "{{\"timestamp\": {time:?}, \"metrics\": {{\"train.loss\": {value:?}, \"train.accuracy\": {accuracy:?}}}, \"step\": {row}}}"
        )
    })
}

/// Flat rows: `{"train/loss": v, "epoch": i, "eval/loss": w}`, with NaN where nothing was evaluated.
pub(crate) fn flat(rows: usize) -> String {
    let mut noise = Noise::new(4);
    lines(rows, 80, |text, row| {
        let value = loss(row, rows, &mut noise);
        if row % 5 == 0 {
            let eval = value + noise.next() / 10.0;
            writeln!(
                text,
                "{{\"train/loss\": {value:?}, \"epoch\": {row}, \"eval/loss\": {eval:?}}}"
            )
        } else {
            writeln!(
                text,
                "{{\"train/loss\": {value:?}, \"epoch\": {row}, \"eval/loss\": NaN}}"
            )
        }
    })
}

/// Rows of which no two neighbours are alike: keys change their order and their number.
pub(crate) fn irregular(rows: usize) -> String {
    let mut noise = Noise::new(5);
    lines(rows, 120, |text, row| {
        let mut keys: Vec<usize> = (0..8).filter(|_| noise.next() < 0.6).collect();
        if !keys.is_empty() {
            let turn = (noise.next() * keys.len() as f64) as usize;
            keys.rotate_left(turn);
        }
        let members = keys
            .iter()
            .map(|key| format!("\"metric_{key}\": {:?}", noise.next()));
        let members: Vec<String> = members.collect();
        writeln!(
            text,
            "{{\"index\": {row}, \"data\": {{{}}}}}",
            members.join(", ")
        )
    })
}

/// Log lines of several kinds, as ML-Logger writes them.
pub(crate) fn logs(rows: usize) -> String {
    const LEVELS: [&str; 8] = [
        "DEBUG", "INFO", "INFO", "INFO", "INFO", "INFO", "WARNING", "ERROR",
    ];
    let mut noise = Noise::new(6);
    lines(rows, 160, |text, row| {
        let time = 1_795_159_366.0 + row as f64 * 0.1;
        let level = LEVELS[(noise.next() * 8.0) as usize];
        let value = noise.next();
        let message = match row % 4 {
            0 => format!("step {row} loss={value:.6} tokens/s={row}"),
            1 => format!("Saved checkpoint to /data/checkpoints/run-{row}/model.safetensors (took {value:.2}s)"),
            2 => format!("GPU memory allocated {row} MiB; fragmentation {value:.3}"),
            _ => "Traceback (most recent call last): File \\\"train.py\\\"\\nRuntimeError: out of memory".to_owned(),
        };
        writeln!(
            text,
            "{{\"timestamp\": {time:.3}, \"level\": \"{level}\", \"message\": \"{message}\", \
             \"context\": {{\"rank\": {}, \"step\": {row}}}}}",
            row % 8
        )
    })
}

fn lines(
    rows: usize,
    width: usize,
    mut line: impl FnMut(&mut String, usize) -> std::fmt::Result,
) -> String {
    let mut text = String::with_capacity(rows * width);
    for row in 0..rows {
        line(&mut text, row).expect("writing to a string cannot fail");
    }
    text
}
