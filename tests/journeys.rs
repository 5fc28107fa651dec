//! What people do, as sentences: a question, the keys that they press, what they read.
//!
//! The runs are those of the example folder; nothing is written to them any more.

#![allow(clippy::unwrap_used)]

#[path = "support/journey.rs"]
mod journey;
#[path = "support/screen.rs"]
mod screen;

use ml_dash_top::app::{Effect, Event};
use ratatui::layout::Size;

use journey::{assert_hides, assert_shows, lab, lines_with, open_run};
use screen::Screen;

#[test]
fn four_panels_are_there_and_the_charts_have_the_focus() {
    let screen = lab(160, 45);
    for title in ["1 Runs", "2 Charts", "3 Logs", "4 Details"] {
        assert_shows(&screen, title);
    }
}

#[test]
fn going_from_run_to_run_works_from_anywhere() {
    let mut screen = lab(160, 45);
    for focus in ["1", "2", "3", "4"] {
        screen.press(focus);
        let first = screen.app.run();
        screen.press("]");
        assert_ne!(screen.app.run(), first, "from panel {focus}");
        screen.press("[");
        assert_eq!(screen.app.run(), first, "from panel {focus}");
    }
}

#[test]
fn a_panel_fills_the_screen_and_comes_back() {
    let mut screen = lab(160, 45);
    screen.press("3 Enter");
    assert_shows(&screen, "3 Logs");
    assert_hides(&screen, "1 Runs");
    screen.press("Esc");
    assert_shows(&screen, "1 Runs");
    screen.press("Esc Esc Esc");
    assert!(screen.effects.is_empty(), "Esc never quits");
    assert_shows(&screen, "1 Runs");
}

#[test]
fn on_a_small_screen_runs_and_details_fill_it() {
    let mut screen = lab(80, 24);
    assert_hides(&screen, "1 Runs");
    screen.press("1");
    assert_shows(&screen, "1 Runs");
    assert_hides(&screen, "─ 2 ");
    screen.press("Esc");
    assert_hides(&screen, "1 Runs");
    screen.press("4");
    assert_shows(&screen, "4 Details");
}

#[test]
fn the_learning_rate_of_the_run_that_failed_is_found_by_filtering() {
    let mut screen = lab(160, 45);
    screen.press("4 /").type_in("lr");
    let matches = lines_with(&screen, "lr");
    assert!(!matches.is_empty());
    screen.press("Esc");
    assert_shows(&screen, "Summary");
}

#[test]
fn a_wrong_filter_is_told_and_the_old_one_stays() {
    let mut screen = lab(160, 45);
    screen.press("1 /").type_in("/(");
    assert_shows(&screen, "unclosed group");
    screen.press("Esc");
    assert_hides(&screen, "unclosed group");
}

#[test]
fn the_help_names_every_key_and_can_be_filtered() {
    let mut screen = lab(220, 60);
    screen.press("?");
    assert_shows(&screen, "half a page down");
    screen.press("/").type_in("wrap").press("Enter");
    assert_shows(&screen, "wrap long lines");
    assert_hides(&screen, "half a page down");
    screen.press("Esc Esc");
    assert_shows(&screen, "4 Details");
}

#[test]
fn commands_can_be_typed_by_their_names() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert");
    screen.press(":").type_in("level err").press("Enter");
    assert_shows(&screen, "≥ error");
    screen.press(":").type_in("focus det").press("Enter Enter");
    assert_hides(&screen, "1 Runs");
    screen.press(":").type_in("no such thing").press("Enter");
    assert_shows(&screen, "no such thing");
    screen.press(":").type_in("quit").press("Enter");
    assert_eq!(screen.effects, [Effect::Quit]);
}

#[test]
fn the_level_floor_moves_by_key_and_the_counts_stay() {
    let mut screen = lab(160, 45);
    open_run(&mut screen, "bert");
    screen.press("3 > >");
    let floor = lines_with(&screen, "3 Logs").remove(0);
    assert!(floor.contains("≥ "), "{floor}");
    screen.press("< < < <");
    assert_shows(&screen, "≥ debug");
}

#[test]
fn what_is_pasted_is_no_row_of_commands() {
    let mut screen = lab(160, 45);
    screen.event(Event::Paste("q:quit\n".to_owned()));
    assert!(screen.effects.is_empty());
    screen.press(":");
    screen.event(Event::Paste("quit\x1b]0;x\x07".to_owned()));
    assert!(screen.text().contains("quit]0;x"), "{}", screen.text());
}

#[test]
fn the_mouse_is_given_back_and_taken_again() {
    let mut screen = lab(160, 45);
    screen.press("M");
    assert_eq!(screen.effects.pop(), Some(Effect::Mouse(false)));
    screen.press("M");
    assert_eq!(screen.effects.pop(), Some(Effect::Mouse(true)));
}

#[test]
fn a_paused_view_stands_still_while_reading_goes_on() {
    use ml_dash_top::record::{Change, Rows, StreamId};
    let mut screen = lab(160, 45);
    screen.press("p");
    let before = screen.text();
    assert!(before.contains("PAUSED"), "{before}");
    let run = screen.app.run().unwrap();
    let rows = Rows {
        count: 7,
        ..Rows::default()
    };
    let changes = vec![Change::Rows {
        stream: StreamId(0),
        rows,
    }];
    screen.event(Event::Changes { run, changes });
    screen.settle();
    assert_shows(&screen, "PAUSED +7");
    let charts = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(charts(&screen.text()), charts(&before));
    screen.press("p");
    assert_hides(&screen, "PAUSED");
}

#[test]
fn every_size_keeps_what_matters() {
    let mut screen = lab(220, 60);
    for (width, height) in [(220, 60), (160, 45), (120, 40), (80, 24), (60, 20)] {
        screen.event(Event::Resize(Size::new(width, height)));
        screen.settle();
        assert_shows(&screen, "loss");
        assert_shows(&screen, "3 Logs");
        assert_shows(&screen, "help");
    }
    screen.event(Event::Resize(Size::new(38, 9)));
    screen.settle();
    let text = screen.text();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
}

#[test]
fn nothing_to_show_says_where_it_looked() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen::of(folder.path(), 120, 40);
    assert_shows(&screen, "no runs");
    assert_shows(&screen, "runs");
}

#[test]
fn what_was_said_about_files_can_be_read_again() {
    let mut screen = lab(160, 45);
    screen.press("!");
    assert_shows(&screen, "nothing was said about files");
    screen.press("Esc");
    screen.event(Event::Unreadable {
        path: "runs/locked".into(),
        error: "permission denied\x1b]0;x\x07".to_owned(),
    });
    screen.event(Event::Clock(1_795_160_100.0));
    screen.settle();
    assert_hides(&screen, "permission denied");
    screen.press("!");
    assert_shows(&screen, "runs/locked: permission denied␛]0;x␇");
    screen.press("q");
    assert!(screen.effects.is_empty(), "q closes the list");
    assert_hides(&screen, "permission denied");
}

#[test]
fn runs_that_come_while_the_view_is_paused_are_shown_afterwards() {
    use ml_dash_top::record::{Change, Layout, Place, RunId};
    let mut screen = lab(160, 45);
    screen.press("p");
    let before = screen.text();
    let place = Place {
        path: "runs/new-one".into(),
        shown: "runs/new-one".into(),
        below: "new-one".into(),
    };
    // The number after the last one that is known.
    let changes = vec![Change::Found {
        place,
        layout: Layout::Flat,
    }];
    for run in 0..64 {
        let changes = changes.clone();
        screen.event(Event::Changes {
            run: RunId(run),
            changes: if run < 8 { Vec::new() } else { changes },
        });
    }
    screen.settle();
    assert_eq!(screen.text(), before);
    screen.press("p 1 /").type_in("new-one");
    assert_shows(&screen, "new-one");
}
