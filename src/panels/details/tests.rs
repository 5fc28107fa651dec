//! What the details show, and what keys do to them.

use insta::assert_snapshot;

use super::super::made::{Lab, drawn, pane};
use super::*;

fn details(lab: &Lab, pane: Pane) -> Details {
    let mut details = Details::default();
    details.refresh(&lab.context(), pane);
    details
}

fn picture(lab: &Lab, pane: Pane) -> String {
    let details = details(lab, pane);
    drawn(pane.area.width, pane.area.height, |buf| {
        details.draw(&lab.context(), pane, buf);
    })
}

#[test]
fn sections_beside_the_charts() {
    assert_snapshot!("panel_36", picture(&Lab::sketched(), pane(36, 46)));
}
