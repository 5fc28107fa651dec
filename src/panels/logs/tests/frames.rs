//! What the panel looks like.

use insta::assert_snapshot;

use super::*;

#[test]
fn beside_the_charts() {
    let mut desk = Desk::new(
        sketched(),
        Pane {
            focused: false,
            ..pane(87, 13)
        },
    );
    assert_snapshot!("wide", desk.picture());
    desk.pane = pane(80, 7);
    desk.settle();
    desk.go(Motion::Up);
    assert_snapshot!("low", desk.picture());
    desk.pane = pane(46, 7);
    desk.settle();
    assert_snapshot!("narrow", desk.picture());
    desk.pane = pane(30, 5);
    desk.settle();
    assert_snapshot!("tiny", desk.picture());
}

#[test]
fn wrapped_lines_show_all_there_is() {
    let mut desk = Desk::new(sketched(), pane(60, 16));
    desk.apply(Command::Wrap);
    assert_snapshot!("wrapped", desk.picture());
    desk.apply(Command::LogTime);
    desk.go(Motion::HalfUp);
    assert_snapshot!("wrapped_up", desk.picture());
    desk.apply(Command::LogTime).apply(Command::Wrap);
    assert_snapshot!("without_times", desk.picture());
}

#[test]
fn a_record_fills_the_panel() {
    let zoomed = Pane {
        zoomed: true,
        ..pane(64, 16)
    };
    let mut desk = Desk::new(sketched(), zoomed);
    desk.go(Motion::Up).apply(Command::Enter);
    assert_snapshot!("record", desk.picture());
    desk.pane.area.height = 7;
    desk.go(Motion::Bottom);
    assert_snapshot!("record_end", desk.picture());
    let copied = desk
        .logs
        .copy(&desk.lab.context(), desk.pane)
        .expect("it is read");
    assert_eq!(copied.lines.len(), 8);
    assert_eq!(copied.lines[5].as_str(), "step=1203");
    desk.append(vec![record(Level::Info, "another")]);
    desk.settle();
    assert!(desk.picture().contains("error.kind"), "it stays");
    assert!(desk.logs.back() && !desk.logs.back());
    desk.settle();
    assert!(!desk.logs.view.window.follow, "one had gone up before");
    desk.go(Motion::Bottom).apply(Command::Enter);
    desk.append(vec![record(Level::Info, "one more")]);
    desk.logs.back();
    desk.settle();
    assert!(
        desk.picture().contains("one more"),
        "the end is followed again"
    );
}

#[test]
fn what_is_found_and_what_is_hidden() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.filter("epoch 3");
    assert_snapshot!("filtered", desk.picture());
    desk.search("36");
    assert_snapshot!("filtered_and_searched", desk.picture());
    desk.filter("").apply(Command::ToggleLevel(Level::Warn));
    assert_snapshot!("searched", desk.picture());
}

#[test]
fn the_timeline_says_when_it_begins_and_ends() {
    let mut desk = Desk::new(sketched(), pane(100, 9));
    desk.apply(Command::PreviousError);
    assert_snapshot!("timeline", desk.bottom_edge());
    desk.pane = pane(40, 9);
    desk.go(Motion::Top);
    assert_snapshot!("timeline_narrow", desk.bottom_edge());
    desk.pane = pane(100, 4);
    desk.settle();
    assert!(!desk.bottom_edge().contains('●'), "there is no room");
}
