//! What is seen of a filter that is typed.

use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

use super::super::made::{HOSTILE, Lab, any_area, drawn, stays_within};
use super::super::{Completion, Seek};
use super::*;
use crate::insight::query::Mistake;
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

#[test]
fn what_is_wrong_is_marked_where_it_is() {
    let lab = Lab::new();
    let text = "loss lr>fast val";
    let prompt = FilterPrompt {
        edit: LineEdit::new(text),
        mistake: Some(Mistake {
            at: 8..12,
            words: "expected a number".to_owned(),
        }),
        ..FilterPrompt::new(Seek::Find, "")
    };
    let mut buf = Buffer::empty(Rect::new(0, 0, 60, 1));
    let area = buf.area;
    draw_filter(&lab.context(), &prompt, area, &mut buf);
    let bad = lab.theme.style(Role::Bad).fg;
    let marked: String = (3..3 + text.len() as u16)
        .filter(|x| buf[(*x, 0)].style().fg == bad)
        .map(|x| buf[(x, 0)].symbol().to_owned())
        .collect();
    assert_eq!(marked, "fast");
    let spans = pieces(&lab.theme, "aé\u{7}b", 1..3, Some(&(0..99)));
    assert_eq!(
        spans.len(),
        1,
        "a place that is not in the text marks nothing"
    );
}

fn completing(text: &str, names: &[(&str, &str)], from: usize) -> FilterPrompt {
    let mut prompt = FilterPrompt {
        edit: LineEdit::new(text),
        matches: Some((3, 41)),
        ..FilterPrompt::new(Seek::Find, "")
    };
    let completion = |(text, words): &(&str, &str)| Completion {
        from,
        text: (*text).to_owned(),
        words: (*words).to_owned(),
    };
    prompt.offer(names.iter().map(completion).collect(), true);
    prompt
}

const NAMES: [(&str, &str); 10] = [
    ("optimizer.lr", "parameter"),
    ("optimizer.name", "parameter"),
    ("optimizer.weight_decay", "parameter"),
    ("optimizer.betas", "parameter"),
    ("opt/loss", "metric"),
    ("opt/acc", "metric"),
    ("optical", "metric"),
    ("option.a", "parameter"),
    ("option.b", "parameter"),
    ("option.c", "parameter"),
];

fn list(prompt: &FilterPrompt, width: u16, height: u16) -> String {
    let lab = Lab::new();
    drawn(width, height, |buf| {
        let line = Rect::new(0, height - 1, width, 1);
        let cursor = draw_filter(&lab.context(), prompt, line, buf);
        draw_list(&lab.context(), prompt, buf.area, cursor, buf);
    })
}

#[test]
fn what_the_text_may_go_on_as_is_listed_above_it() {
    let mut prompt = completing("seed -opt", &NAMES, 6);
    prompt.step(2);
    assert_snapshot!("completions", list(&prompt, 80, 14));
    prompt.step(-3);
    assert_snapshot!("completions_low", list(&prompt, 30, 6));
    prompt.take();
    assert_eq!(prompt.edit.text(), "seed -option.c");
    assert!(!prompt.is_completing());
    let only = completing("seed -opt", &NAMES[..1], 6);
    assert_eq!(
        only.edit.text(),
        "seed -optimizer.lr",
        "there is nothing to choose"
    );
    let mut none = completing("zzz", &[], 0);
    none.step(1);
    none.take();
    assert_eq!((none.edit.text(), none.is_completing()), ("zzz", false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_list_leaves_its_screen(
        area in any_area(), from in 0..40_usize, steps in 0..40_isize, text in "\\PC{0,30}",
    ) {
        let lab = Lab::new();
        let hostile = [(HOSTILE, HOSTILE), ("a", "b")];
        for names in [&hostile[..], &NAMES[..]] {
            let mut prompt = completing(&text, names, from);
            prompt.step(steps);
            let y = area.bottom().saturating_sub(1).max(area.y);
            let line = Rect { y, height: area.height.min(1), ..area };
            let context = lab.context();
            let stays = stays_within(area, |buf| {
                let cursor = draw_filter(&context, &prompt, line, buf);
                draw_list(&context, &prompt, area, cursor, buf);
            });
            prop_assert!(stays);
            prompt.take();
        }
    }

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
