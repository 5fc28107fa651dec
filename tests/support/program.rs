//! The built program and its machine output.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The program, ready to be given arguments, in the folder of the repository.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ml-dash-top"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    command
}

/// Runs the program, which must succeed, and parses the one document that it prints.
pub(crate) fn document<A: AsRef<OsStr>>(arguments: &[A]) -> Value {
    let output = program()
        .args(arguments)
        .output()
        .expect("the program starts");
    let shown: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
    assert!(
        output.status.success(),
        "{shown:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let parsed = serde_json::from_slice(&output.stdout);
    let document: Value = parsed.unwrap_or_else(|e| panic!("{shown:?} printed no JSON: {e}"));
    assert_eq!(document["schema"], 1, "{shown:?}");
    document
}
