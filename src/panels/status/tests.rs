//! What the lines above and below the panels say, however narrow they are.

use insta::assert_snapshot;
use ratatui::layout::Rect;

use super::super::made::{Lab, drawn};
use super::*;
use crate::record::RunId;

fn status(focus: PanelId) -> Status {
    Status {
        focus,
        zoomed: false,
        paused: None,
        said: None,
        place: Some((2, 9)),
        mouse: false,
    }
}

fn header(lab: &Lab, status: &Status, width: u16, height: u16) -> String {
    drawn(width, height, |buf| {
        draw_header(&lab.context(), status, Rect::new(0, 0, width, height), buf);
    })
}

#[test]
fn a_header_of_one_line() {
    let mut lab = Lab::sketched();
    let mut all = Vec::new();
    for run in 0..lab.store.runs().len() {
        lab.run = Some(RunId(run as u32));
        for width in [250, 160, 120] {
            all.push(header(&lab, &status(PanelId::Charts), width, 1));
        }
    }
    assert_snapshot!("header", all.join("\n"));
}

#[test]
fn a_header_of_two_lines() {
    let mut lab = Lab::sketched();
    let mut all = Vec::new();
    for run in [0, 3, 5, 7] {
        lab.run = Some(RunId(run));
        for width in [100, 80, 60, 40] {
            all.push(header(&lab, &status(PanelId::Charts), width, 2));
        }
    }
    assert_snapshot!("header_small", all.join("\n"));
}
