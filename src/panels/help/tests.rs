//! What the help screen shows, and how it moves.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::made::{Lab, any_area, drawn, stays_within};
use super::*;

fn picture(help: &Help, width: u16, height: u16) -> String {
    let lab = Lab::new();
    drawn(width, height, |buf| {
        let area = Rect::new(0, 0, width, height);
        help.draw(&lab.context(), PanelId::Logs, area, buf);
    })
}

fn filtered(text: &str) -> Help {
    Help {
        filter: Filter::parse(text).expect(text),
        top: 0,
    }
}

#[test]
fn all_keys() {
    assert_snapshot!("help_160", picture(&Help::default(), 160, 45));
    assert_snapshot!("help_80", picture(&Help::default(), 80, 24));
    assert_snapshot!("help_60", picture(&Help::default(), 60, 16));
}

#[test]
fn every_binding_can_be_found() {
    let mut help = Help::default();
    let area = Rect::new(0, 0, 80, 24);
    let mut seen = picture(&help, 80, 24);
    for _ in 0..20 {
        help.go(Motion::PageDown, area);
        seen.push_str(&picture(&help, 80, 24));
    }
    for binding in BINDINGS {
        let start: String = binding.words.chars().take(30).collect();
        assert!(seen.contains(&start), "{start}");
        for key in binding.keys {
            assert!(seen.contains(key), "{key}");
        }
    }
    for typing in TYPINGS {
        let start = format!("{}  {}", typing.usage, typing.words);
        assert!(seen.contains(&format!(":{}", typing.name)));
        assert!(seen.contains(&start), "{start}");
    }
    for (state, _) in STATES {
        assert!(seen.contains(state.name()));
    }
    assert!(seen.contains("Shift-drag"));
}

#[test]
fn nothing_is_cut_where_the_screen_is_wide_enough() {
    for (width, height) in [(80, 150), (110, 150), (160, 80), (200, 80)] {
        let text = picture(&Help::default(), width, height);
        assert!(!text.contains('…') && !text.contains('↓'), "{text}");
        let margins = text.lines().filter(|line| line.contains('│'));
        for line in margins {
            let blank = line.chars().take_while(|c| *c == ' ').count();
            assert!(blank == 0 || blank >= 8, "torn words at the side: {line}");
        }
    }
}

#[test]
fn a_title_stays_with_its_rows() {
    for height in 20..60 {
        let lines = Help::default().lines(PanelId::Charts);
        let layout = Layout::of(Rect::new(0, 0, 160, height));
        let rows = layout.rows();
        for top in 0..=layout.last_top(&lines) {
            let (shown, used) = layout.arranged(&lines, top);
            assert!(top + used <= lines.len() && shown.len() <= 2 * rows);
            let first = shown.get(rows);
            assert!(
                matches!(first, None | Some(Line::Title(_) | Line::Again(_))),
                "{first:?} of {height}"
            );
            let last = shown.get(rows - 1);
            assert!(!matches!(last, Some(Line::Title(_))));
        }
    }
}

#[test]
fn a_filter_leaves_what_matches() {
    let help = filtered("copy");
    assert_snapshot!("help_copy", picture(&help, 80, 24));
    let (shown, all) = help.matches();
    assert_eq!(shown, 2);
    assert_eq!(
        all as usize,
        BINDINGS.len() + TYPINGS.len() + STATES.len() + SIGNS.len() + FILTERS.len()
    );
    assert!(picture(&filtered("nowhere"), 80, 24).contains("no key matches"));
    assert_eq!(filtered("nowhere").matches().0, 0);
}

#[test]
fn it_scrolls_to_its_end_and_no_further() {
    let mut help = Help::default();
    let area = Rect::new(0, 0, 80, 24);
    help.go(Motion::Bottom, area);
    let end = help.top;
    help.go(Motion::PageDown, area);
    assert_eq!(help.top, end);
    assert!(!picture(&help, 80, 24).contains('↓'));
    help.go(Motion::Up, area);
    assert!(picture(&help, 80, 24).contains("↓ 1"));
    help.go(Motion::Top, area);
    assert_eq!(help.top, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), pages in 0..9_usize) {
        let lab = Lab::new();
        for mut help in [Help::default(), filtered("level"), filtered("nowhere")] {
            for _ in 0..pages {
                help.go(Motion::PageDown, area);
            }
            let context = lab.context();
            prop_assert!(stays_within(area, |buf| help.draw(&context, PanelId::Runs, area, buf)));
        }
    }
}
