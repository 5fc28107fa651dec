//! Choosing from a list, and how it looks.

use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::layout::Rect;

use super::super::made::{HOSTILE, Lab, any_area, drawn, stays_within};
use super::*;
use crate::widgets::theme::{Depth, Palette, Theme};

const COLUMNS: [(&str, &str); 14] = [
    ("state", "what it is doing"),
    ("progress", "epochs, steps or rows"),
    ("val.loss", "metric, last"),
    ("best val.loss", "metric, best"),
    ("best val.loss @", "metric, where it was best"),
    ("train.loss", "metric, last"),
    ("val.accuracy", "metric, last"),
    ("optimizer.lr", "parameter"),
    ("optimizer.name", "parameter"),
    ("optimizer.weight_decay", "parameter"),
    ("model.backbone.depth", "parameter"),
    ("seed", "parameter"),
    ("host", "fact"),
    ("age", "fact"),
];

fn items(count: usize) -> Vec<Choosable> {
    let item = |at: usize| {
        let (name, words) = COLUMNS[at % COLUMNS.len()];
        Choosable {
            name: Safe::new(name),
            words: Safe::new(words),
            chosen: at % 5 == 2,
        }
    };
    (0..count).map(item).collect()
}

fn many() -> Chooser {
    Chooser::many(Safe::fixed("Columns"), Purpose::Columns, items(14))
}

fn picture(chooser: &Chooser, width: u16, height: u16) -> String {
    picture_in(chooser, width, height, Theme::default())
}

fn picture_in(chooser: &Chooser, width: u16, height: u16, theme: Theme) -> String {
    let lab = Lab {
        theme,
        ..Lab::new()
    };
    drawn(width, height, |buf| {
        chooser.draw(&lab.context(), Rect::new(0, 0, width, height), buf);
        if lab.theme.ascii {
            crate::widgets::ascii::fold(buf);
        }
    })
}

fn typed(mut chooser: Chooser, text: &str) -> Chooser {
    chooser.edit(Edit::Insert(text));
    chooser
}

#[test]
fn a_list_is_in_the_middle_and_says_what_can_be_done() {
    assert_snapshot!("many", picture(&many(), 80, 24));
    assert_snapshot!("filtered", picture(&typed(many(), "val"), 80, 24));
    assert_snapshot!("nothing", picture(&typed(many(), "zzz"), 60, 20));
    assert_snapshot!("wrong", picture(&typed(many(), "/("), 60, 20));
    assert_snapshot!("low", picture(&many(), 40, 9));
    let one = Chooser::one(Safe::fixed("Group by"), Purpose::Group, items(4));
    assert_snapshot!("one", picture(&one, 70, 14));
    let mono = Theme::new(Palette::Mono, Depth::None, true);
    assert_snapshot!("ascii", picture_in(&typed(many(), "opt"), 70, 20, mono));
}

#[test]
fn many_are_chosen_one_after_the_other() {
    let mut columns = many();
    assert_eq!(columns.picked(), [2, 7, 12]);
    columns.toggle();
    columns.go(Step::By(2));
    columns.toggle();
    assert_eq!(columns.picked(), [0, 7, 12]);
    columns.go(Step::Last);
    columns.toggle();
    columns.go(Step::By(5));
    columns.toggle();
    assert_eq!(columns.picked(), [0, 7, 12]);
    columns.go(Step::Pages(-1));
    columns.toggle();
    assert_eq!(columns.picked(), [0, 3, 7, 12]);
    let mut columns = typed(columns, "weight");
    columns.toggle();
    assert_eq!(
        columns.picked(),
        [0, 3, 7, 9, 12],
        "what is hidden stays chosen"
    );
    columns.edit(Edit::DeleteAll);
    columns.toggle();
    assert_eq!(columns.picked(), [0, 3, 7, 12], "the cursor stayed on it");
}

#[test]
fn one_is_chosen_where_the_cursor_is() {
    let one = || Chooser::one(Safe::fixed("Group by"), Purpose::Group, items(9));
    let mut some = one();
    assert_eq!(some.picked(), [2], "what is so already");
    some.toggle();
    some.go(Step::First);
    assert_eq!(some.picked(), [0]);
    assert_eq!(typed(one(), "OPT wei").picked(), [] as [usize; 0]);
    assert_eq!(typed(one(), "OPT name").picked(), [8]);
    let wrong = typed(typed(one(), "/opt"), "(");
    assert_eq!(wrong.picked(), [7], "what was found before stays");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), text in "\\PC{0,30}", count in 0..60_usize, steps in -5..90_isize) {
        let lab = Lab::new();
        let mut hostile = items(count);
        hostile.push(Choosable { name: Safe::new(HOSTILE), words: Safe::new(HOSTILE), chosen: true });
        for text in [text.as_str(), "", HOSTILE, "/o"] {
            for mut chooser in [Chooser::many(Safe::new(HOSTILE), Purpose::Columns, hostile.clone()), Chooser::one(Safe::new("x"), Purpose::Copy, items(count))] {
                chooser.go(Step::By(steps));
                chooser.edit(Edit::Insert(text));
                chooser.go(Step::By(steps));
                chooser.toggle();
                let mut cursor = ratatui::layout::Position::default();
                let context = lab.context();
                prop_assert!(stays_within(area, |buf| cursor = chooser.draw(&context, area, buf)));
                prop_assert!(area.is_empty() || area.contains(cursor));
                prop_assert!(chooser.picked().iter().all(|at| *at <= count));
            }
        }
    }
}
