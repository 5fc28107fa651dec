//! What is seen of a filter that is typed.

use proptest::prelude::*;

use super::super::made::{HOSTILE, Lab, any_area, drawn, stays_within};
use super::*;
use crate::widgets::line_edit::Edit;

fn mistake(words: &str) -> Mistake {
    Mistake {
        at: 0..1,
        words: words.to_owned(),
    }
}

fn filter(edit: LineEdit, error: Option<&str>, width: u16) -> (String, u16) {
    let lab = Lab::new();
    let prompt = FilterPrompt {
        edit,
        mistake: error.map(mistake),
        matches: Some((12, 340)),
        ..FilterPrompt::new(Seek::Find, "")
    };
    let mut cursor = Position::default();
    let line = drawn(width, 1, |buf| {
        cursor = draw_filter(&lab.context(), &prompt, Rect::new(0, 0, width, 1), buf);
    });
    (line, cursor.x)
}

#[test]
fn a_filter_says_what_it_finds() {
    let typed = || LineEdit::new("val loss");
    let (line, cursor) = filter(typed(), None, 60);
    assert_eq!(
        line,
        " / val loss                  Enter keep  Esc clear   12/340"
    );
    assert_eq!(cursor, 11);
    let (line, _) = filter(typed(), None, 30);
    assert_eq!(line, " / val loss            12/340");
    let (line, _) = filter(LineEdit::new("/("), Some("unclosed group"), 40);
    assert_eq!(line, " / /(                    unclosed group");
}

#[test]
fn of_a_long_line_the_part_around_the_cursor_is_seen() {
    let mut edit = LineEdit::new("one two three four five six seven eight nine");
    let (line, cursor) = filter(edit.clone(), None, 30);
    assert_eq!(line, " / …seven eight nine   12/340");
    assert_eq!(cursor, 20);
    edit.apply(Edit::Start);
    let (line, cursor) = filter(edit, None, 30);
    assert_eq!(line, " / one two three fou…  12/340");
    assert_eq!(cursor, 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), text in "\\PC{0,30}", wrong in any::<bool>()) {
        let lab = Lab::new();
        for text in [text.as_str(), "", HOSTILE] {
            let mut cursor = Position::default();
            let context = lab.context();
            let prompt = FilterPrompt {
                edit: LineEdit::new(text),
                mistake: wrong.then(|| mistake(HOSTILE)),
                ..FilterPrompt::new(Seek::Find, "")
            };
            prop_assert!(stays_within(area, |buf| cursor = draw_filter(&context, &prompt, area, buf)));
            prop_assert!(area.is_empty() || area.contains(cursor));
        }
    }
}
