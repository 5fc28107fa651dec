//! What the list of runs shows, and where it moves to.

use insta::assert_snapshot;

use super::super::made::{Lab, drawn, pane};
use super::*;

fn runs(lab: &Lab, pane: Pane) -> Runs {
    let mut runs = Runs::default();
    runs.refresh(&lab.context(), pane);
    runs
}

fn picture(lab: &Lab, pane: Pane) -> String {
    let runs = runs(lab, pane);
    drawn(pane.area.width, pane.area.height, |buf| {
        runs.draw(&lab.context(), pane, buf);
    })
}

#[test]
fn a_list_beside_the_charts() {
    assert_snapshot!("list_38", picture(&Lab::sketched(), pane(38, 20)));
    assert_snapshot!("list_70", picture(&Lab::sketched(), pane(70, 14)));
    assert_snapshot!("list_22", picture(&Lab::sketched(), pane(22, 8)));
}

#[test]
fn a_table_on_the_whole_screen() {
    for (width, height) in [(80, 15), (120, 15), (160, 15)] {
        let zoomed = Pane {
            zoomed: true,
            ..pane(width, height)
        };
        assert_snapshot!(format!("table_{width}"), picture(&Lab::sketched(), zoomed));
    }
}
