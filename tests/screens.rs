//! The whole screen at the sizes that people have: golden frames of real files.

#![allow(clippy::unwrap_used)]

#[path = "support/screen.rs"]
mod screen;

use std::path::PathBuf;

use ml_dash_top::widgets::theme::{Depth, Palette, Theme};
use screen::Screen;

/// A quarter of an hour after the newest row of the runs, all of which carry times.
const NOW: f64 = 1_773_735_902.0;

fn shown(width: u16, height: u16, theme: Theme, keys: &str) -> String {
    // Relative, so that no path of this machine is in the frame. The run with a log is shown.
    let runs = PathBuf::from("demo/runs/ml-dash");
    let mut screen = Screen::with(&[runs], width, height, theme, NOW);
    screen.press("[").press(keys);
    screen.text()
}

#[test]
fn every_size_looks_designed() {
    for (width, height) in [(60, 20), (80, 24), (120, 40), (160, 45), (220, 60)] {
        let name = format!("whole_{width}x{height}");
        insta::assert_snapshot!(name, shown(width, height, Theme::default(), ""));
    }
}

#[test]
fn every_panel_fills_the_screen() {
    for (key, name) in [
        ("1", "runs"),
        ("2", "charts"),
        ("3", "logs"),
        ("4", "details"),
    ] {
        let keys = format!("{key} Enter");
        insta::assert_snapshot!(
            format!("zoomed_{name}"),
            shown(120, 40, Theme::default(), &keys)
        );
    }
}

#[test]
fn what_is_too_small_is_one_line() {
    insta::assert_snapshot!("one_line", shown(39, 9, Theme::default(), ""));
}

#[test]
fn ascii_is_all_that_is_needed() {
    let theme = Theme::new(Palette::Mono, Depth::None, true);
    let text = shown(120, 40, theme, "");
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!("whole_ascii", text);
}
