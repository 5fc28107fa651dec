//! What a few letters find, and what is typed with arguments.

use std::path::PathBuf;

use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::super::made::{HOSTILE, Lab, any_area, drawn, lines, stays_within};
use super::*;
use crate::commands::{AxisName, Export, Format, ScaleName};
use crate::widgets::theme::Role;

fn palette(text: &str) -> Palette {
    let mut palette = Palette::default();
    palette.edit(Edit::Insert(text));
    palette
}

fn picture(palette: &Palette, width: u16, height: u16) -> String {
    let lab = Lab::new();
    drawn(width, height, |buf| {
        palette.draw(&lab.context(), Rect::new(0, 0, width, height), buf);
    })
}

/// What the first candidate types.
fn first(text: &str) -> Option<String> {
    let candidates = palette(text).candidates();
    candidates.first().map(|candidate| candidate.text())
}

fn names(palette: &Palette) -> Vec<String> {
    let candidates = palette.candidates();
    candidates
        .iter()
        .map(|candidate| candidate.text())
        .collect()
}

#[test]
fn a_command_is_found_by_a_few_letters() {
    assert_snapshot!("palette_level", picture(&palette("lev"), 100, 12));
    assert_snapshot!("palette_all", picture(&palette(""), 80, 24));
    assert_snapshot!("palette_nothing", picture(&palette("zzz"), 40, 8));
    assert_eq!(first("lw").as_deref(), Some("level warn"));
    assert_eq!(first("level w").as_deref(), Some("level warn"));
    assert_eq!(first("q").as_deref(), Some("quit"));
    assert_eq!(first("QUIT").as_deref(), Some("quit"));
    assert_eq!(first("rn").as_deref(), Some("run next"));
    assert_eq!(first("clipb"), None);
    assert_eq!(names(&palette("")).len(), BINDINGS.len() + TYPINGS.len());
}

#[test]
fn every_name_finds_its_command_first() {
    for binding in BINDINGS {
        let mut typed = palette(binding.name);
        assert_eq!(first(binding.name).as_deref(), Some(binding.name));
        assert_eq!(typed.enter(), Answer::Command(binding.command));
    }
    for typing in TYPINGS {
        let name = format!("{} ", typing.name);
        assert!(names(&palette(typing.name)).contains(&name));
    }
}

#[test]
fn tab_types_the_rest_and_arrows_choose() {
    let mut some = palette("lev");
    some.move_choice(-1);
    let count = names(&some).len();
    assert_eq!(some.chosen, count - 1);
    some.move_choice(1);
    assert_eq!(some.chosen, 0);
    some.move_choice(3);
    let chosen = names(&some)[3].clone();
    some.complete();
    assert_eq!(some.text(), chosen);
    assert_eq!(names(&some)[some.chosen], chosen);
    let mut none = palette("zzz");
    none.move_choice(1);
    none.complete();
    assert_eq!((none.chosen, none.text()), (0, "zzz"));
}

#[test]
fn the_chosen_row_is_visible_and_marked() {
    let mut all = palette("");
    all.move_choice(-1);
    let lab = Lab::new();
    let mut buf = Buffer::empty(Rect::new(0, 0, 80, 24));
    all.draw(&lab.context(), buf.area, &mut buf);
    let last = TYPINGS[TYPINGS.len() - 1];
    let lines = lines(&buf);
    let line = lines
        .iter()
        .position(|line| line.contains(last.words))
        .expect("the last row");
    let cursor = lab.theme.style(Role::Cursor);
    assert_eq!(buf[(4, line as u16)].style().bg, cursor.bg);
    assert_ne!(buf[(4, line as u16 - 1)].style().bg, cursor.bg);
}

fn typed(text: &str) -> Answer {
    palette(text).enter()
}

fn asked(typed: Typed, text: &str) -> Answer {
    let panel = PanelId::Charts;
    let text = text.to_owned();
    Answer::Typed { panel, typed, text }
}

#[test]
fn arguments_are_read_while_they_are_typed() {
    assert_snapshot!("typed_nothing", picture(&palette("scale "), 90, 12));
    assert_snapshot!("typed_word", picture(&palette("export s"), 90, 12));
    assert_snapshot!("typed_wrong", picture(&palette("y 2 1"), 90, 12));
    assert_snapshot!("typed_right", picture(&palette("y 0 2.5"), 60, 9));
    assert_snapshot!("typed_both", picture(&palette("smooth"), 90, 12));
    let limits = Typed::YLimits(Some((0.0, 2.5)));
    assert_eq!(typed("  y 0  2.5 "), asked(limits, "y 0  2.5"));
    assert_eq!(
        typed("export csv my loss.csv"),
        asked(
            Typed::Export(Export {
                format: Format::Csv,
                file: Some(PathBuf::from("my loss.csv")),
            }),
            "export csv my loss.csv"
        )
    );
    assert_eq!(typed("yy 1 2"), Answer::Unknown("yy 1 2".to_owned()));
}

#[test]
fn what_is_wrong_stays_and_is_told() {
    for text in ["y 2 1", "y ", "export pdf", "smooth 1"] {
        let mut some = palette(text);
        assert_eq!(some.enter(), Answer::More);
        assert_eq!(some.text(), text);
    }
    let mut none = palette("y ");
    assert!(!picture(&none, 90, 12).contains("needs to know more"));
    none.enter();
    assert!(picture(&none, 90, 12).contains("y needs to know more"));
    none.edit(Edit::Insert("1"));
    assert!(picture(&none, 90, 12).contains("expected two numbers or auto"));
}

#[test]
fn words_are_completed_and_chosen() {
    let scale = |scale, text| asked(Typed::YScale(scale), text);
    assert_eq!(typed("scale sy"), scale(ScaleName::SymLog, "scale symlog"));
    assert_eq!(typed("scale log"), scale(ScaleName::Log, "scale log"));
    assert_eq!(
        typed("x c"),
        asked(Typed::XAxis(AxisName::Clock), "x clock")
    );
    let mut some = palette("sca");
    assert_eq!(some.enter(), Answer::More, "a name is not enough");
    assert_eq!(some.text(), "scale ");
    some.down();
    some.down();
    assert_eq!(some.enter(), scale(ScaleName::Log, "scale log"));
    some.complete();
    assert_eq!(some.text(), "scale log");
    let mut last = palette("scale ");
    last.up();
    assert_eq!(last.enter(), scale(ScaleName::SymLog, "scale symlog"));
}

#[test]
fn names_that_start_like_a_typed_command_are_found() {
    assert_eq!(typed("x axis"), Answer::Command(Command::XAxis));
    assert_eq!(typed("x a"), Answer::Command(Command::XAxis));
    assert_eq!(typed("smooth m"), Answer::Command(Command::SmoothMore));
    assert_eq!(typed("tail"), Answer::Command(Command::Tail));
    assert_eq!(typed("tail 5"), asked(Typed::Tail(5.0), "tail 5"));
}

#[test]
fn what_was_typed_comes_back_on_an_empty_line() {
    let mut some = Palette::new(vec!["y 0 1".to_owned(), "tail 9".to_owned()]);
    assert_snapshot!(
        "past",
        picture(&some, 60, 8).lines().last().unwrap_or_default()
    );
    let mut texts = Vec::new();
    for step in [1, 1, 1, -1, -1, -1] {
        match step {
            1 => some.up(),
            _ => some.down(),
        }
        texts.push(some.text().to_owned());
    }
    assert_eq!(texts, ["tail 9", "y 0 1", "y 0 1", "tail 9", "", ""]);
    some.up();
    some.edit(Edit::Backspace);
    some.up();
    assert_eq!(some.text(), "tail ", "it is another text now");
    let mut none = Palette::default();
    none.up();
    assert_eq!((none.text(), none.chosen + 1), ("", names(&none).len()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), text in "(y |x |export |scale )?\\PC{0,30}", steps in 0..40_isize) {
        let lab = Lab::new();
        for text in [text.as_str(), "", "grid \u{202e}9", HOSTILE] {
            let mut some = palette(text);
            some.move_choice(steps);
            some.enter();
            let mut cursor = Position::default();
            let context = lab.context();
            prop_assert!(stays_within(area, |buf| cursor = some.draw(&context, area, buf)));
            prop_assert!(area.is_empty() || area.contains(cursor));
        }
    }

    #[test]
    fn any_order_of_keys_is_taken(keys in prop::collection::vec(0..9_usize, 0..40)) {
        let mut some = Palette::new(vec!["scale log".to_owned()]);
        for key in keys {
            match key {
                0 => some.up(),
                1 => some.down(),
                2 => some.complete(),
                3 => some.move_choice(-1),
                4 => { some.enter(); }
                5 => some.edit(Edit::Backspace),
                6 => some.edit(Edit::DeleteToStart),
                other => some.edit(Edit::Insert(["sc", " l"][other - 7])),
            }
            prop_assert!(some.chosen < names(&some).len().max(1));
        }
    }
}
