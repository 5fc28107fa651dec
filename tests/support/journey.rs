//! What somebody reads on the screen, and how they come to a run.

use std::path::Path;

use super::screen::Screen;

/// The runs of the example folder.
pub(crate) fn lab(width: u16, height: u16) -> Screen {
    Screen::of(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/runs")),
        width,
        height,
    )
}

/// The lines of the screen that hold a text.
pub(crate) fn lines_with(screen: &Screen, text: &str) -> Vec<String> {
    let lines = screen.text();
    lines
        .lines()
        .filter(|line| line.contains(text))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
pub(crate) fn assert_shows(screen: &Screen, text: &str) {
    assert!(
        !lines_with(screen, text).is_empty(),
        "{text:?} is not in\n{}",
        screen.text()
    );
}

#[track_caller]
pub(crate) fn assert_hides(screen: &Screen, text: &str) {
    assert!(
        lines_with(screen, text).is_empty(),
        "{text:?} is in\n{}",
        screen.text()
    );
}

/// Goes to the run whose name is typed.
pub(crate) fn open_run(screen: &mut Screen, name: &str) {
    screen.press("1 /").type_in(name).press("Enter g Esc 2");
    let header = screen.text().lines().next().unwrap_or_default().to_owned();
    assert!(header.contains(name), "{header}");
}
