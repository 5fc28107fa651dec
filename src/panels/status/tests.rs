//! What the lines above and below the panels say, however narrow they are.

use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::layout::Rect;

use super::super::made::{Lab, any_area, drawn, stays_within};
use super::*;
use crate::panels::Marked;
use crate::record::{Change, Facts, RunError, RunId};

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

fn footer(status: &Status, width: u16) -> String {
    let lab = Lab::new();
    drawn(width, 1, |buf| {
        draw_footer(&lab.context(), status, Rect::new(0, 0, width, 1), buf);
    })
}

fn line(lab: &Lab, width: u16) -> String {
    drawn(width, 1, |buf| {
        let area = Rect::new(0, 0, width, 1);
        draw_line(&lab.context(), &status(PanelId::Charts), area, buf);
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

#[test]
fn a_marked_run_has_its_letter_before_its_name() {
    let mut lab = Lab::sketched();
    let run = RunId(0);
    lab.marked = vec![Marked {
        run,
        letter: 'C',
        hue: 2,
        group: None,
    }];
    let all = [
        header(&lab, &status(PanelId::Charts), 120, 1),
        header(&lab, &status(PanelId::Charts), 40, 2),
        line(&lab, 38),
    ];
    assert_snapshot!("header_marked", all.join("\n"));
}

#[test]
fn what_is_not_usual_is_said() {
    let mut lab = Lab::sketched();
    let paused = Status {
        paused: Some(1240),
        ..status(PanelId::Charts)
    };
    let mut all = vec![
        header(&lab, &paused, 160, 1),
        header(&lab, &paused, 80, 2),
        header(&lab, &paused, 40, 2),
    ];
    let facts = Facts {
        error: Some(RunError {
            kind: Some("OutOfMemoryError".to_owned()),
            message: Some("CUDA out of memory. Tried to allocate 2.50 GiB".to_owned()),
            traceback: None,
        }),
        ..lab.store.runs()[5].facts.clone()
    };
    lab.tell(RunId(5), Change::Facts(facts));
    let partly = Change::Progress {
        read: 41_000_000,
        size: 100_000_000,
        modified: None,
    };
    let young = lab.add("young");
    lab.tell(young, partly);
    lab.look();
    for run in [RunId(5), young] {
        lab.run = Some(run);
        all.push(header(&lab, &status(PanelId::Charts), 160, 1));
        all.push(header(&lab, &status(PanelId::Charts), 80, 2));
    }
    lab.tell(young, Change::Gone);
    lab.look();
    all.push(header(&lab, &status(PanelId::Charts), 160, 1));
    lab.run = None;
    all.push(header(&lab, &status(PanelId::Charts), 80, 2));
    lab.scanned = false;
    all.push(header(&lab, &status(PanelId::Charts), 80, 2));
    assert_snapshot!("header_unusual", all.join("\n"));
}

#[test]
fn an_idle_header_stands_still() {
    let mut lab = Lab::sketched();
    for run in [0, 3, 4, 9] {
        lab.run = Some(RunId(run));
        let then = header(&lab, &status(PanelId::Charts), 160, 1);
        lab.now += 8.0;
        lab.look();
        assert_eq!(header(&lab, &status(PanelId::Charts), 160, 1), then);
        lab.now -= 8.0;
        lab.look();
    }
}

#[test]
fn the_keys_that_matter_here() {
    let zoomed = Status {
        zoomed: true,
        ..status(PanelId::Logs)
    };
    let with_mouse = Status {
        mouse: true,
        ..status(PanelId::Charts)
    };
    let said = Status {
        said: Some(Safe::fixed("copied path of seed-1 to the tmux buffer")),
        ..status(PanelId::Runs)
    };
    let mut all = Vec::new();
    for width in [160, 80, 40] {
        all.push(footer(&with_mouse, width));
        for panel in PanelId::ALL {
            all.push(footer(&status(panel), width));
        }
        all.push(footer(&zoomed, width));
        all.push(footer(&said, width));
    }
    assert_snapshot!("footer", all.join("\n"));
}

#[test]
fn one_line_of_words_is_enough() {
    let mut lab = Lab::sketched();
    let mut all = Vec::new();
    for run in [0, 3, 7] {
        lab.run = Some(RunId(run));
        for width in [100, 60, 39, 30, 20, 10, 5] {
            all.push(line(&lab, width));
        }
    }
    assert_snapshot!("line", all.join("\n"));
}

/// The numbers in a text, with their signs and units stripped.
fn numbers(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_ascii_digit() || c == '.';
    let words = text.split(|c: char| !inside(c));
    words
        .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), zoomed in any::<bool>(), paused in any::<Option<u64>>()) {
        for lab in [Lab::sketched(), Lab::hostile(), Lab::new()] {
            let status = Status { zoomed, paused, mouse: true, ..status(PanelId::Logs) };
            let context = lab.context();
            prop_assert!(stays_within(area, |buf| draw_header(&context, &status, area, buf)));
            prop_assert!(stays_within(area, |buf| draw_footer(&context, &status, area, buf)));
            prop_assert!(stays_within(area, |buf| draw_line(&context, &status, area, buf)));
        }
    }

    #[test]
    fn no_number_is_ever_cut(width in 0..200_u16, run in 5..10_u32) {
        let mut lab = Lab::sketched();
        lab.run = Some(RunId(run));
        // Names may be cut: there is no digit in these.
        let full = header(&lab, &status(PanelId::Charts), 400, 2);
        let full = numbers(&(full + &header(&lab, &status(PanelId::Charts), 400, 1)));
        for height in [1, 2] {
            for number in numbers(&header(&lab, &status(PanelId::Charts), width, height)) {
                prop_assert!(full.contains(&number), "{} is none of {:?}", number, full);
            }
        }
    }
}
