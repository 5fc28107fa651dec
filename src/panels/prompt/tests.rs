//! What is seen of a line that is typed, and what a few letters find.

use insta::assert_snapshot;

use super::super::made::{Lab, drawn};
use super::*;
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

#[test]
fn a_command_is_found_by_a_few_letters() {
    assert_snapshot!("palette_level", picture(&palette("lev"), 100, 12));
    assert_snapshot!("palette_nothing", picture(&palette("zzz"), 40, 8));
}

fn filter(text: &str, error: Option<&str>, width: u16) -> (String, u16) {
    let lab = Lab::new();
    let prompt = FilterPrompt {
        edit: LineEdit::new(text),
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
    let (line, cursor) = filter("val loss", None, 60);
    assert_eq!(
        line,
        " / val loss                       Enter keep  Esc clear   12/340"
    );
    assert_eq!(cursor, 11);
    let _ = Edit::Left;
}
