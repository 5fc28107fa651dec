//! Small trees of runs in every layout, and the real binary run over them.

#![allow(dead_code)] // Every test file uses its own part of this.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Two hours after the runs.
pub(crate) const NOW: &str = "1795166766";

/// A temporary folder with runs.
pub(crate) struct Tree {
    dir: TempDir,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
        self
    }

    /// Layout C: epochs in the root stream, losses in two others; the best epoch is 2 of 4.
    pub(crate) fn prefix_run(&self, path: impl AsRef<Path>) -> &Self {
        let path = path.as_ref();
        let name = path
            .file_name()
            .map_or("run".into(), OsStr::to_string_lossy);
        let about = serde_json::json!({"name": name, "project": "vision", "tags": ["a"], "prefix": "alice/vision/run",
            "description": "A run", "metadata": null, "created_at": "2026-11-20T07:26:00.000000Z"});
        self.write(path.join("experiment.json"), about.to_string());
        self.write(
            path.join("parameters.json"),
            r#"{"version": 2, "data": {"lr": 1e-05, "max_epochs": 8, "betas": [0.9, 0.999], "seed": 12345678901234567890123, "x": NaN}}"#,
        );
        let streams = [
            (
                "None",
                [
                    r#""epoch": 0"#,
                    r#""epoch": 1"#,
                    r#""epoch": 2"#,
                    r#""epoch": 3"#,
                ],
            ),
            (
                "train",
                [
                    r#""loss": 1.50"#,
                    r#""loss": 1.0"#,
                    r#""loss": 0.5"#,
                    r#""loss": NaN"#,
                ],
            ),
            (
                "eval",
                [
                    r#""loss": 2.0, "accuracy": 0.5"#,
                    r#""loss": 1.25, "accuracy": 0.75"#,
                    r#""loss": 0.75, "accuracy": 0.875"#,
                    r#""loss": 0.8, "accuracy": 0.956"#,
                ],
            ),
        ];
        for (stream, rows) in streams {
            let mut text = String::new();
            for (at, row) in rows.iter().enumerate() {
                let time = 1_795_159_560 + at * 10;
                let _ = writeln!(
                    text,
                    r#"{{"index": {at}, "data": {{{row}, "_ts": {time}.5}}, "createdAt": "2026-11-20T07:27:00.0Z"}}"#
                );
            }
            self.write(path.join("metrics").join(stream).join("data.jsonl"), text);
        }
        self.write(
            path.join("logs/logs.jsonl"),
            concat!(
                r#"{"sequenceNumber": 0, "timestamp": "2026-11-20T07:26:01Z", "level": "info", "message": "begin"}"#,
                "\n",
                r#"{"sequenceNumber": 1, "timestamp": "2026-11-20T07:26:02Z", "level": "error", "message": "end"}"#,
                "\n",
            ),
        )
    }

    /// Layout E: three of five epochs, then it failed.
    pub(crate) fn epochs_run(&self, path: impl AsRef<Path>) -> &Self {
        let path = path.as_ref();
        self.write(
            path.join("experiment.json"),
            r#"{"id": "exp-1", "name": "Baseline 7", "status": "failed", "created_at": "2026-11-20T07:00:00Z",
                "started_at": "2026-11-20T07:00:00Z", "completed_at": "2026-11-20T07:40:12Z",
                "hyperparameters": {"max_epochs": 5}, "best_epoch": 2,
                "error": {"type": "RuntimeError", "message": "out of memory", "traceback": "Traceback"}}"#,
        );
        self.write(
            path.join("metrics.json"),
            r#"{"epochs": [
                {"epoch": 1, "train_loss": 2.0, "val_loss": 1.9, "val_accuracy": 0.3, "lr": 0.001, "duration_s": 5.0},
                {"epoch": 2, "train_loss": 1.5, "val_loss": 1.2, "val_accuracy": 0.4, "lr": 0.001, "duration_s": 5.0},
                {"epoch": 3, "train_loss": 1.0, "val_loss": 1.3, "val_accuracy": 0.5, "lr": 0.001, "duration_s": 5.0}]}"#,
        )
    }

    /// Runs the binary in this folder.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        Ran::of(self.command().args(arguments).output().expect("the binary"))
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ml-dash-top"));
        command
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env_remove("ML_DASH_DIR");
        command.env("TZ", "UTC").env("COLUMNS", "100");
        command
    }
}

/// What a run of the binary printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The one document on standard output, after the run went well.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.any_json()
    }

    pub(crate) fn any_json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}", self.out))
    }
}
