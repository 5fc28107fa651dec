//! What is said when the words on the command line name no run.

mod cli_support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use cli_support::{Ran, Tree};

#[test]
fn a_word_that_is_no_command_and_no_path_is_wrong_usage() {
    let tree = Tree::new();
    let ran = tree.run(["lsit"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(
        ran.err.contains("\"lsit\" is neither a command"),
        "{}",
        ran.err
    );
    // A path that is missing is another matter.
    assert_eq!(tree.run(["runs/later"]).code, Some(1));
    assert_eq!(tree.run(["list", "later"]).code, Some(1));
    tree.prefix_run("later/a");
    assert_eq!(tree.run(["later"]).code, Some(0));
}

#[test]
fn a_file_of_something_else_is_no_run() {
    let tree = Tree::new();
    tree.write("table.csv", "a,b\n1,2\n");
    for command in ["list", "show"] {
        let ran = tree.run([command, "table.csv"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
        assert!(ran.err.contains("table.csv is no run"), "{}", ran.err);
    }
    // What begins like rows, or may still become some, is taken at its word.
    tree.write("rows.txt", "{\"loss\": 1}\n")
        .write("new.log", "");
    assert_eq!(tree.run(["list", "rows.txt", "new.log"]).code, Some(0));
}

#[test]
fn a_root_that_cannot_be_read_is_not_an_empty_one() {
    let tree = Tree::new();
    let pipe = tree.path().join("rows.jsonl");
    let made = Command::new("mkfifo").arg(pipe).status();
    assert!(made.expect("mkfifo").success());
    for command in ["list", "show"] {
        let ran = tree.run([command, "rows.jsonl"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
        assert!(
            ran.err.contains("rows.jsonl: not a regular file"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_folder_without_runs_is_named() {
    let tree = Tree::new();
    tree.write("empty/notes.md", "nothing");
    let ran = tree.run(["show", "empty"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("no runs in empty"), "{}", ran.err);
}

#[test]
fn the_path_of_a_document_names_its_run_even_where_it_is_no_text() {
    let tree = Tree::new();
    let folder = OsStr::from_bytes(b"\xff\xfe");
    tree.write(
        std::path::Path::new("roots")
            .join(folder)
            .join("metrics.jsonl"),
        "{\"loss\": 1}\n",
    );
    let listed = tree.run(["list", "roots", "--json"]).json();
    let path = listed["runs"][0]["path"].as_str().expect("a path");
    assert_eq!(path, "roots/\\xff\\xfe");
    let shown = tree.run(["show", path, "--json"]).json();
    assert_eq!(shown["run"]["path"], path);
    let read = tree.run(["read", path, "metrics.jsonl", "--json"]).json();
    assert_eq!(read["total"], 1);
}

#[test]
fn whoever_stands_in_a_root_means_what_lies_in_it() {
    let tree = Tree::new();
    tree.prefix_run("w/.dash/alice/vit")
        .prefix_run("w/.dash/runs/a")
        .prefix_run("w/other/b");
    let list = |folder: &str| {
        let mut command = tree.command();
        command.current_dir(tree.path().join(folder));
        let ran = Ran::of(
            command
                .args(["list", "--json"])
                .output()
                .expect("the binary"),
        );
        let runs = ran.any_json()["runs"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let paths = runs
            .iter()
            .map(|run| run["path"].as_str().expect("a path").to_owned());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(list("w/.dash"), ["runs/a", "./alice/vit"]);
    assert_eq!(list("w"), [".dash/alice/vit", ".dash/runs/a"]);
    // Any other folder is searched for roots only.
    assert!(list("w/other").is_empty());
}
