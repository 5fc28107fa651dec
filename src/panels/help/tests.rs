//! What the help screen shows, and how it moves.

use insta::assert_snapshot;

use super::super::made::{Lab, drawn};
use super::*;

fn picture(help: &Help, width: u16, height: u16) -> String {
    let lab = Lab::new();
    drawn(width, height, |buf| {
        help.draw(
            &lab.context(),
            PanelId::Logs,
            Rect::new(0, 0, width, height),
            buf,
        );
    })
}

#[test]
fn all_keys() {
    assert_snapshot!("help_160", picture(&Help::default(), 160, 45));
    assert_snapshot!("help_60", picture(&Help::default(), 60, 16));
}
