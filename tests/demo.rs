//! The simulated lab, read by the engine: what it wrote is what is found, and every run is what it
//! was meant to be.

mod cli_support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cli_support::{Ran, Tree};
use ml_dash_top::demo::{self, Lab, Setup, Told};
use serde_json::Value;

const ORIGIN: f64 = 1_795_159_577.0;

/// The lab at a time of its own, and what the program says about it.
struct Seen {
    tree: Tree,
    now: String,
    told: Vec<Told>,
    runs: BTreeMap<String, Value>,
}

impl Seen {
    fn at(time: f64) -> Self {
        Self::of_seed(1, time)
    }

    fn of_seed(seed: u64, time: f64) -> Self {
        let setup = Setup {
            seed,
            speed: 1.0,
            origin: ORIGIN,
        };
        let tree = Tree::new();
        let lab = demo::write_until(tree.path(), setup, time).expect("it is written");
        let now = (ORIGIN + time).to_string();
        let listed = tree.run(["list", ".", "--json", "--now", &now]);
        assert_eq!((listed.code, listed.err.as_str()), (Some(0), ""));
        let runs = listed.json()["runs"].as_array().cloned().expect("runs");
        let by_folder = |run: Value| {
            let path = run["path"].as_str().expect("a path").to_owned();
            (path.trim_start_matches("./").to_owned(), run)
        };
        Self {
            told: lab.told(),
            tree,
            now,
            runs: runs.into_iter().map(by_folder).collect(),
        }
    }

    /// The run whose folder ends like this, as `list` has it.
    fn run(&self, ending: &str) -> &Value {
        let mut found = self
            .runs
            .iter()
            .filter(|(folder, _)| folder.ends_with(ending));
        found.next().unwrap_or_else(|| panic!("no run {ending}")).1
    }

    fn show(&self, ending: &str) -> Value {
        let path = self.run(ending)["path"].as_str().expect("a path");
        let shown = self.tree.run(["show", path, "--json", "--now", &self.now]);
        assert_eq!(shown.code, Some(0), "{}", shown.err);
        shown.json()["run"].clone()
    }

    fn state(&self, ending: &str) -> &str {
        self.run(ending)["state"].as_str().expect("a state")
    }

    fn states(&self) -> BTreeSet<&str> {
        let states = self.runs.values().filter_map(|run| run["state"].as_str());
        states.collect()
    }
}

fn findings(shown: &Value) -> Vec<&str> {
    let findings = shown["findings"].as_array().expect("findings");
    findings.iter().filter_map(|f| f["kind"].as_str()).collect()
}

#[test]
fn every_run_is_read_with_exactly_what_was_written() {
    let seen = Seen::at(100.0);
    assert_eq!(seen.told.len(), seen.runs.len());
    let mut layouts = BTreeSet::new();
    for told in &seen.told {
        let folder = told.folder.as_str();
        let run = &seen.runs[folder];
        assert_eq!(run["rows"], told.tally.rows, "{folder}");
        assert_eq!(
            run["non_finite"],
            told.tally.nan + told.tally.infinite,
            "{folder}"
        );
        assert_eq!(run["problems"], 0, "{folder}");
        // A plain script prints its lines; they are no records.
        assert_eq!(run["log_lines"], told.tally.log_lines, "{folder}");
        assert_eq!(run["layout"], told.layout.letter().to_string(), "{folder}");
        layouts.insert(told.layout.letter());
        compare_columns(&seen, told);
    }
    assert_eq!(layouts.into_iter().collect::<String>(), "ABCEL");
}

/// Every finite value is there: as many in each column, with the same sum.
fn compare_columns(seen: &Seen, told: &Told) {
    let folder = &told.folder;
    let shown = seen.show(folder);
    let mut found = BTreeMap::new();
    for stream in shown["streams"].as_array().expect("streams") {
        let name = stream["name"].as_str().expect("a name");
        let name = if name.is_empty() { "None" } else { name };
        for column in stream["columns"].as_array().expect("columns") {
            let key = column["key"].as_str().expect("a key");
            found.insert(format!("{name} {key}"), column);
        }
    }
    for (name, (count, sum)) in &told.tally.columns {
        let column = found.get(name).unwrap_or_else(|| panic!("{folder} {name}"));
        assert_eq!(column["finite"], *count, "{folder} {name}");
        // Means leave out what a restart superseded.
        if column["restarts"] == 0 {
            let (mean, expected) = (column["mean"].as_f64(), sum / *count as f64);
            let error = (mean.expect("a mean") - expected).abs();
            assert!(
                error <= 1e-9 * expected.abs(),
                "{folder} {name}: {mean:?} for {expected}"
            );
        }
    }
}

#[test]
fn when_it_opens_every_state_is_there() {
    let seen = Seen::at(0.0);
    let states: Vec<&str> = seen.states().into_iter().collect();
    assert_eq!(
        states,
        [
            "cancelled",
            "failed",
            "finished",
            "running",
            "silent",
            "stalled",
            "waiting"
        ]
    );
    for (ending, state) in [
        ("resnet50-baseline", "running"),
        ("resnet50-multistep", "silent"),
        ("gpt2-small-owt", "running"),
        ("vit-b16-flowers", "running"),
        ("resnet18-lr0.8", "running"),
        ("unet-cityscapes", "stalled"),
        ("bert-base-sst2", "finished"),
        ("bert-large-mnli", "failed"),
        ("llama-160m", "running"),
        ("exp-0b6d41ac", "running"),
        ("exp-5e1d0b42", "running"),
        ("exp-9c2f7e10", "waiting"),
        ("exp-3ad81f55", "finished"),
        ("exp-77e0c2b9", "failed"),
        ("exp-c41f0e6d", "cancelled"),
    ] {
        assert_eq!(seen.state(ending), state, "{ending}");
    }
    let stalled = seen.show("unet-cityscapes");
    assert_eq!(stalled["facts"]["status"], "running");
    let good = seen.run("resnet50-baseline");
    assert_eq!(good["progress"]["planned"], 50);
    let eta = good["progress"]["eta"].as_f64().expect("an ETA");
    assert!((120.0..260.0).contains(&eta), "{eta}");
    let sweep = |state| {
        let runs = seen
            .runs
            .iter()
            .filter(|(path, _)| path.contains("lr-batch-sweep"));
        runs.filter(|(_, run)| run["state"] == state).count()
    };
    assert_eq!((sweep("finished"), sweep("running")), (3, 1));
}

#[test]
fn within_three_minutes_everything_has_gone_as_it_should() {
    let seen = Seen::at(130.0);
    let overfits = seen.show("vit-b16-flowers");
    assert_eq!(findings(&overfits), ["rising"]);
    let best = overfits["best"]["step"].as_f64().expect("a step") / 64.0;
    assert!((25.0..=34.0).contains(&best), "best at epoch {best}");

    let exploded = seen.show("resnet18-lr0.8");
    assert_eq!(exploded["state"], "failed");
    assert!(findings(&exploded).contains(&"non-finite"));
    assert!(exploded["logs"]["levels"]["error"].as_u64() > Some(2));

    let resumed = seen.show("gpt2-small-owt");
    assert_eq!(resumed["state"], "running");
    assert!(findings(&resumed).contains(&"restarted"), "{resumed}");
    assert_eq!(resumed["params"]["resume"], "checkpoints/step-4000.pt");

    let failed = seen.show("exp-5e1d0b42");
    assert_eq!(failed["state"], "failed");
    let traceback = failed["facts"]["error"]["traceback"].as_str();
    assert!(traceback.is_some_and(|text| text.starts_with("Traceback (most recent call last):\n")));

    let completed = seen.run("exp-0b6d41ac");
    assert_eq!(completed["state"], "finished");
    assert_eq!(completed["progress"]["done"], 44);
    assert_eq!(seen.state("exp-9c2f7e10"), "running");
    // The sweep is through but for its last runs.
    let swept = seen
        .runs
        .keys()
        .filter(|path| path.contains("lr-batch-sweep"));
    assert_eq!(swept.count(), 9);

    let good = seen.show("resnet50-baseline");
    assert_eq!(good["state"], "running");
    assert!(findings(&good).is_empty(), "{good}");
    assert!(
        good["files"]
            .as_array()
            .is_some_and(|files| files.len() >= 3)
    );
    let last = seen.run("resnet50-multistep");
    let loss = last["best"]["value"].as_f64().expect("a loss");
    assert!((0.05..0.2).contains(&loss), "{loss}");
}

#[test]
fn what_becomes_of_a_run_is_no_matter_of_luck() {
    for seed in 2..=5 {
        let seen = Seen::of_seed(seed, 95.0);
        let overfits = seen.show("vit-b16-flowers");
        assert_eq!(findings(&overfits), ["rising"], "seed {seed}");
        let good = seen.show("resnet50-baseline");
        assert!(findings(&good).is_empty(), "seed {seed}");
        let exploding = seen.show("resnet18-lr0.8");
        assert_eq!(exploding["state"], "running", "seed {seed}");
        assert!(findings(&exploding).contains(&"non-finite"), "seed {seed}");
        let resumed = seen.show("gpt2-small-owt");
        assert_eq!(findings(&resumed), ["restarted"], "seed {seed}");
        assert_eq!(seen.state("unet-cityscapes"), "stalled", "seed {seed}");
    }
}

#[test]
fn something_happens_every_second() {
    let setup = Setup {
        seed: 1,
        speed: 1.0,
        origin: ORIGIN,
    };
    let mut lab = Lab::new(setup);
    lab.advance(0.0);
    for second in 1..=180 {
        let writes = lab.advance(f64::from(second));
        assert!(!writes.is_empty(), "nothing in second {second}");
        assert!(
            writes.len() < 100,
            "{} files in second {second}",
            writes.len()
        );
    }
}

fn demo(tree: &Tree, arguments: &[&str]) -> Ran {
    let temp = tree.path().join("temp");
    fs::create_dir_all(&temp).expect("a folder");
    let mut command = tree.command();
    command.arg("demo").args(arguments).env("TMPDIR", temp);
    Ran::of(command.output().expect("the binary"))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").next().is_none()
}

#[test]
fn without_a_terminal_the_lab_is_listed_once_and_goes_away() {
    let tree = Tree::new();
    let ran = demo(&tree, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("resnet50-baseline"), "{}", ran.out);
    assert!(ran.out.contains("stalled"), "{}", ran.out);
    assert!(ran.err.contains("in a terminal"), "{}", ran.err);
    assert!(is_empty(&tree.path().join("temp")));
}

#[test]
fn the_same_seed_lists_the_same_numbers() {
    let tree = Tree::new();
    let losses = |seed: &str| {
        let ran = demo(&tree, &["--seed", seed]);
        let lines = ran.out.lines().filter(|line| line.contains("finished"));
        let best = |line: &str| {
            line.split_whitespace()
                .take(8)
                .collect::<Vec<_>>()
                .join(" ")
        };
        lines.map(best).collect::<Vec<_>>()
    };
    let first = losses("3");
    assert!(first.len() >= 4);
    assert_eq!(first, losses("3"));
    assert_ne!(first, losses("4"));
}

#[test]
fn a_kept_lab_stays_and_can_be_made_anew() {
    let tree = Tree::new();
    for _ in 0..2 {
        let ran = demo(&tree, &["--keep", "lab"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("the lab is in lab"), "{}", ran.err);
    }
    let listed = tree.run(["list", "lab", "--json"]).json();
    let runs = listed["runs"].as_array().expect("runs");
    assert!(runs.len() >= 19);
    assert!(runs.iter().all(|run| run["problems"] == 0));
    assert!(is_empty(&tree.path().join("temp")));
}

#[test]
fn a_folder_that_is_in_use_is_refused() {
    let tree = Tree::new();
    tree.write("mine/thesis.tex", "\\documentclass{book}");
    let ran = demo(&tree, &["--keep", "mine"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(
        ran.err.contains("mine: the folder is not empty"),
        "{}",
        ran.err
    );
    assert_eq!(
        fs::read_dir(tree.path().join("mine"))
            .expect("listed")
            .count(),
        1
    );
    let ran = demo(&tree, &["--keep", "mine/thesis.tex"]);
    assert_eq!(ran.code, Some(2));
    for speed in ["0", "-1", "1000", "NaN", "fast"] {
        assert_eq!(demo(&tree, &["--speed", speed]).code, Some(2), "{speed}");
    }
}

#[test]
fn a_lab_is_written_live_and_its_folder_goes_away_with_it() {
    let options = demo::Options {
        speed: 20.0,
        ..demo::Options::default()
    };
    let mut lab = demo::start(&options).expect("a lab");
    lab.wait_for_past().expect("written");
    let folder = lab.path().to_owned();
    let rows = folder.join("runs/llama-160m/metrics.jsonl");
    let size = || fs::metadata(&rows).map_or(0, |meta| meta.len());
    let before = size();
    assert!(before > 0);
    let begun = std::time::Instant::now();
    while size() == before && begun.elapsed().as_secs() < 20 {
        std::thread::yield_now();
    }
    assert!(size() > before, "nothing was appended");
    drop(lab);
    assert!(!folder.exists());
}
