//! Runs that appear, vanish and are marked while somebody looks at the list.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;
#[path = "support/sweep.rs"]
mod sweep;

use std::path::PathBuf;

use ml_dash_top::app::Event;
use ml_dash_top::record::{Change, Layout, Place, RunId};

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;
use sweep::swept;

/// A run is found whose name sorts before all others.
fn appear(screen: &mut Screen, name: &str) -> RunId {
    let run = RunId(screen.app.store().runs().len() as u32);
    let place = Place {
        path: PathBuf::from("/elsewhere").join(name),
        shown: name.into(),
        below: PathBuf::from("aaa").join(name),
    };
    let layout = Layout::Flat;
    let changes = vec![Change::Found { place, layout }];
    screen.event(Event::Changes { run, changes });
    screen.settle();
    run
}

#[test]
fn runs_that_appear_are_listed_and_the_cursor_stays_on_its_run() {
    let mut screen = lab(120, 40);
    screen.press("1 Enter G");
    let shown = screen.app.run();
    appear(&mut screen, "brand-new");
    assert_shows(&screen, "brand-new");
    assert_eq!(screen.app.run(), shown);
    // Sorted, too: it has no loss, and no other run gives way to it.
    screen.press(":").type_in("sort name").press("Enter");
    appear(&mut screen, "aa-newer");
    assert_eq!(screen.app.run(), shown);
    let rows: Vec<String> = lines_with(&screen, "│ ")
        .into_iter()
        .filter(|line| line.contains("aa-newer") || line.contains("brand-new"))
        .collect();
    assert!(rows[0].contains("aa-newer"), "{}", screen.text());
}

#[test]
fn a_run_that_vanishes_is_said_to_be_gone_and_keeps_its_data() {
    let mut screen = lab(160, 45);
    screen
        .press("1 /")
        .type_in("summary-rows")
        .press("Enter 1 Enter");
    let run = screen.app.run().unwrap();
    let row = |screen: &Screen| lines_with(screen, "summary-rows").pop().unwrap();
    assert_shows(&screen, "0.335");
    let changes = vec![Change::Gone];
    screen.event(Event::Changes { run, changes });
    screen.settle();
    assert!(
        row(&screen).contains("gone") && row(&screen).contains("0.335"),
        "{}",
        screen.text()
    );
    screen.press("Esc 1 /").type_in("state=gone");
    assert_shows(&screen, "1/8");
}

#[test]
fn nothing_appears_while_the_view_is_paused() {
    let mut screen = lab(120, 40);
    open_run(&mut screen, "resnet18-cifar10");
    screen.press("1 Enter p");
    appear(&mut screen, "brand-new");
    assert_hides(&screen, "brand-new");
    screen.press("/").type_in("brand");
    assert_shows(&screen, "0/8");
    screen.press("Esc p");
    assert_shows(&screen, "brand-new");
}

#[test]
fn all_listed_runs_are_marked_at_once() {
    let (_folder, mut screen) = swept(160, 45);
    screen
        .press("1 /")
        .type_in("lr-batch-sweep")
        .press("Enter 1 Enter a");
    assert_shows(&screen, "9 are marked now");
    assert_shows(&screen, "9 marked");
    for letter in 'A'..='I' {
        let row = lines_with(&screen, &format!("│{letter}"));
        assert_eq!(row.len(), 1, "{letter}: {}", screen.text());
    }
    screen.press("a");
    assert_shows(&screen, "all that are listed are marked");
    screen.press("u");
    assert_hides(&screen, "9 marked");
    // There are letters for sixteen.
    screen.press("Esc a");
    assert_shows(&screen, "16 of ");
    assert_shows(&screen, "there are no letters for the other");
}

#[test]
fn a_folded_group_of_a_filtered_list_is_one_line_in_the_charts() {
    let (_folder, mut screen) = swept(160, 45);
    screen
        .press("1 /")
        .type_in("lr-batch-sweep")
        .press("Enter :");
    screen.type_in("group lr").press("Enter 1 g o Space");
    assert_shows(&screen, "lr=0.0003");
    assert_shows(&screen, "A lr=0.0003 ×3");
}
