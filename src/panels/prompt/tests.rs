//! What is seen of a line that is typed, and what a few letters find.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::made::{HOSTILE, Lab, any_area, drawn, stays_within};
use super::*;
use crate::commands::Command;
use crate::widgets::line_edit::Edit;

fn palette(text: &str) -> Palette {
    Palette {
        edit: LineEdit::new(text),
        chosen: 0,
    }
}

fn picture(palette: &Palette, width: u16, height: u16) -> String {
    let lab = Lab::new();
    drawn(width, height, |buf| {
        palette.draw(&lab.context(), Rect::new(0, 0, width, height), buf);
    })
}

fn first(text: &str) -> Option<&'static str> {
    palette(text)
        .candidates()
        .first()
        .map(|binding| binding.name)
}

#[test]
fn a_command_is_found_by_a_few_letters() {
    assert_snapshot!("palette_level", picture(&palette("lev"), 100, 12));
    assert_snapshot!("palette_all", picture(&palette(""), 80, 24));
    assert_snapshot!("palette_nothing", picture(&palette("zzz"), 40, 8));
    assert_eq!(first("lw"), Some("level warn"));
    assert_eq!(first("level w"), Some("level warn"));
    assert_eq!(first("q"), Some("quit"));
    assert_eq!(first("QUIT"), Some("quit"));
    assert_eq!(first("rn"), Some("run next"));
    assert_eq!(first("clipb"), None);
    assert_eq!(palette("").candidates().len(), BINDINGS.len());
}

#[test]
fn every_name_finds_its_command_first() {
    for binding in BINDINGS {
        assert_eq!(first(binding.name), Some(binding.name));
    }
}

#[test]
fn tab_types_the_rest_and_arrows_choose() {
    let mut some = palette("lev");
    some.move_choice(-1);
    let count = some.candidates().len();
    assert_eq!(some.chosen, count - 1);
    some.move_choice(1);
    assert_eq!(some.chosen, 0);
    some.move_choice(3);
    let chosen = some.candidates()[3].name;
    some.complete();
    assert_eq!(some.edit.text(), chosen);
    assert_eq!(some.candidates()[some.chosen].name, chosen);
    let mut none = palette("zzz");
    none.move_choice(1);
    none.complete();
    assert_eq!((none.chosen, none.edit.text()), (0, "zzz"));
}

#[test]
fn the_chosen_row_is_visible_and_marked() {
    let mut all = palette("");
    all.move_choice(-1);
    let lab = Lab::new();
    let mut buf = Buffer::empty(Rect::new(0, 0, 80, 24));
    all.draw(&lab.context(), buf.area, &mut buf);
    let last = BINDINGS[BINDINGS.len() - 1];
    assert_eq!(last.command, Command::Quit);
    let lines = super::super::made::lines(&buf);
    let line = lines
        .iter()
        .position(|line| line.contains(last.words))
        .expect("the last row");
    let cursor = lab.theme.style(Role::Cursor);
    assert_eq!(buf[(4, line as u16)].style().bg, cursor.bg);
    assert_ne!(buf[(4, line as u16 - 1)].style().bg, cursor.bg);
}

fn filter(edit: LineEdit, error: Option<&str>, width: u16) -> (String, u16) {
    let lab = Lab::new();
    let prompt = FilterPrompt {
        edit,
        error: error.map(str::to_owned),
        matches: Some((12, 340)),
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
    fn nothing_leaves_its_area(area in any_area(), text in "\\PC{0,30}", steps in 0..40_isize) {
        let lab = Lab::new();
        for text in [text.as_str(), "", HOSTILE] {
            let mut some = palette(text);
            some.move_choice(steps);
            let mut cursor = Position::default();
            let context = lab.context();
            prop_assert!(stays_within(area, |buf| cursor = some.draw(&context, area, buf)));
            prop_assert!(area.is_empty() || area.contains(cursor));
            let prompt = FilterPrompt {
                edit: LineEdit::new(text),
                error: (steps % 2 == 0).then(|| HOSTILE.to_owned()),
                matches: None,
            };
            prop_assert!(stays_within(area, |buf| cursor = draw_filter(&context, &prompt, area, buf)));
            prop_assert!(area.is_empty() || area.contains(cursor));
        }
    }
}
