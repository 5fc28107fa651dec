//! A few runs whose every name, value and message is meant to break a screen.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Escapes, directions, widths and lengths, as they stand within the quotes of JSON.
const TEXTS: [&str; 8] = [
    r"\u001b[2J\u001b]0;owned\u0007",
    r"\u202egnp.exe \u2066x",
    r"a\rb\r 50%|#####     | 5/10\r100%|##########| 10/10",
    r"損失の平均値 👩‍👩‍👧‍👦 e\u0301\u0301\u0301",
    r"line one\nline two\n\tindented\r\n",
    r"\u0000\u009b31m\ufeff\u200b",
    r#"-(x or lr>=1e-3) state=\",=: & / :quit"#,
    "",
];

/// Writes runs with logs, parameters that change, tags and metrics of such names.
pub(crate) fn write(folder: &Path) {
    let long = "x.".repeat(300);
    let texts = || TEXTS.into_iter().chain([long.as_str()]);
    for run in 0..4 {
        let folder = folder.join(format!("h\u{202e}os\u{1b}[31mtile 損-{run}"));
        fs::create_dir_all(&folder).unwrap();
        let meta = format!(
            r#"{{"prefix": "{}", "name": "{}"}}"#,
            TEXTS[run],
            TEXTS[run + 1]
        );
        fs::write(folder.join(".ml-logger.meta.json"), meta).unwrap();
        let (mut metrics, mut logs, mut params) = (String::new(), String::new(), String::new());
        for (at, text) in texts().enumerate() {
            let time = 1_795_159_000 + 10 * at;
            let _ = writeln!(
                metrics,
                r#"{{"timestamp": {time}, "step": {at}, "metrics": {{"loss": 0.{at}{run}, "val.loss": NaN, "{text}": -Infinity}}}}"#
            );
            for level in ["INFO", "WARNING", "ERROR", text] {
                let _ = writeln!(
                    logs,
                    r#"{{"timestamp": {time}, "level": "{level}", "message": "{text}", "context": {{"{text}": {{"rank": "{text}"}}}}}}"#
                );
            }
            let _ = writeln!(
                params,
                r#"{{"timestamp": {time}, "operation": "extend", "data": {{"{text}": "{text}", "lr": {at}e-{run}, "a": {{"{text}.lr": [{run}, "{text}"]}}}}}}"#
            );
        }
        fs::write(folder.join("metrics.jsonl"), metrics).unwrap();
        fs::write(folder.join("logs.jsonl"), logs).unwrap();
        fs::write(folder.join("parameters.jsonl"), params).unwrap();
    }
}
