//! The simulated lab when the nine runs of its sweep are through.

use ml_dash_top::demo::{self, Setup};
use ml_dash_top::widgets::theme::Theme;
use tempfile::TempDir;

use super::screen::Screen;

const ORIGIN: f64 = 1_795_159_577.0;
/// So many seconds after its start the nine runs of the sweep are through.
const SWEPT: f64 = 220.0;

/// The simulated lab when its sweep is through.
pub(crate) fn swept(width: u16, height: u16) -> (TempDir, Screen) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let setup = Setup {
        seed: 1,
        speed: 1.0,
        origin: ORIGIN,
    };
    demo::write_until(folder.path(), setup, SWEPT).expect("room for the lab");
    let paths = [folder.path().to_owned()];
    let screen = Screen::with(&paths, width, height, Theme::default(), ORIGIN + SWEPT);
    (folder, screen)
}
