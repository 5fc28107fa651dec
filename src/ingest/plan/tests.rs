//! Who is read first.

use std::path::PathBuf;

use super::*;
use crate::ingest::discover::Found;
use crate::record::{Layout, Place};

/// More of it lies on disk.
const MORE: Rest = Rest {
    more: true,
    changed: true,
    wake: None,
    caught_up: false,
    modified: 0,
};

/// A plan with so many runs and nothing to search.
fn plan(runs: usize) -> Plan {
    let plan = Plan::new(Clock::new(), true, Vec::new());
    for run in 0..runs {
        let path = PathBuf::from(format!("/runs/{run}"));
        let found = Found {
            place: Place {
                path: path.clone(),
                shown: path.clone(),
                below: path,
            },
            layout: Layout::Flat,
            inventory: Inventory::default(),
            single: false,
        };
        plan.add(RunReader::new(&found), Inventory::default(), false);
    }
    plan
}

/// Takes the next run and gives it back after a turn; its number, and whether only its beginning was
/// wanted.
fn turn(plan: &Plan, rest: &Rest) -> (u32, bool) {
    let Some(Job::Run(run, task)) = plan.next() else {
        panic!("there is no run to be read");
    };
    plan.put_back(run, task.reader, rest, true);
    (run.0, task.brief)
}

#[test]
fn what_is_seen_is_read_first_and_in_full_before_what_is_not() {
    let plan = plan(4);
    plan.focus(RunId(3));
    plan.in_sight(vec![RunId(2)]);
    let mut turns: Vec<(u32, bool)> = (0..3).map(|_| turn(&plan, &MORE)).collect();
    assert_eq!(
        turns,
        [(3, false), (3, false), (3, false)],
        "somebody looks at it"
    );
    plan.focus(RunId(9));
    turns = (0..5).map(|_| turn(&plan, &MORE)).collect();
    // The beginning of each before the rest of any; then what is on the screen.
    let expected = [(2, false), (0, true), (1, true), (2, false), (2, false)];
    assert_eq!(turns, expected);
    plan.in_sight(Vec::new());
    assert_eq!(turn(&plan, &MORE), (0, false), "all the same again");
    plan.in_sight(vec![RunId(1)]);
    assert_eq!(turn(&plan, &MORE), (1, false));
}

#[test]
fn what_is_written_now_comes_before_what_lies_on_disk() {
    let plan = plan(3);
    let live = Rest {
        more: false,
        modified: Clock::wall(),
        ..MORE
    };
    assert_eq!(turn(&plan, &live), (0, true));
    plan.update(RunId(0), Inventory::default());
    assert_eq!(turn(&plan, &live), (0, false), "it is live, 1 is new");
    assert_eq!(turn(&plan, &MORE), (1, true));
    assert_eq!(turn(&plan, &MORE), (2, true), "the rest of 1 waits");
}
