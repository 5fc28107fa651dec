//! The table that compares runs: sorting, columns, groups, the baseline, marks of many.

use insta::assert_snapshot;

use super::super::super::chooser::Chooser;
use super::super::super::made::{Lab, number, pane};
use super::super::super::{Group, Markable, Panel as _, Request, Seek};
use super::super::Runs;
use super::{names, news, picture_of, runs, zoomed};
use crate::commands::{Command, GroupName, Motion, Sorting, Typed, typing_for};
use crate::panels::Pane;
use crate::panels::chooser::Purpose;
use crate::record::{Change, RunId, Value};
use crate::widgets::Safe;

/// Nine runs of a sweep over two parameters, and one of another project.
fn sweep() -> Lab {
    let mut lab = Lab::new();
    for (at, rate) in [0.001, 0.003, 0.01].into_iter().enumerate() {
        for (batch, size) in [64.0, 128.0, 256.0].into_iter().enumerate() {
            let run = lab.add(&format!("sweep/lr{rate}-bs{size}"));
            let params = [("optimizer.lr", number(rate)), ("batch_size", number(size))];
            lab.params(run, &params, 100.0);
            lab.params(
                run,
                &[
                    ("epochs", number(5.0)),
                    ("optimizer.name", Value::Text("adamw".to_owned())),
                ],
                99.0,
            );
            let end = 0.3 + 0.05 * ((at + 2 * batch) % 5) as f64;
            let losses: Vec<(f64, f64)> = (0..5)
                .map(|e| (1.0 / f64::from(e + 1), end + 0.1 * f64::from(4 - e)))
                .collect();
            lab.train(run, &losses, 3.0, 4.0);
            lab.tell(run, Change::CaughtUp);
        }
    }
    let run = lab.add("other/alone");
    lab.train(run, &[(9.0, 8.0)], 3.0, 4.0);
    lab.run = Some(RunId(0));
    lab.look();
    lab
}

fn typed(runs: &mut Runs, lab: &Lab, pane: Pane, text: &str) -> Vec<Request> {
    let (typing, rest) = typing_for(text).expect(text);
    let typed: Typed = (typing.parse)(rest).expect(text);
    let asked = runs.typed(&typed, &lab.context(), pane);
    runs.refresh(&lab.context(), pane);
    asked
}

fn said(asked: &[Request]) -> &str {
    match asked {
        [Request::Say(words)] => words.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sweep_shows_what_was_varied() {
    let lab = sweep();
    for width in [80, 120, 160] {
        let here = zoomed(width, 16);
        let table = picture_of(&runs(&lab, here), &lab, here);
        assert_snapshot!(format!("sweep_{width}"), table);
    }
}

#[test]
fn sorting_puts_the_better_first_then_last_then_nothing() {
    let lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    let disk = names(&runs);
    let mut press = || {
        runs.apply(Command::Sort, &lab.context(), here);
        (names(&runs), picture_of(&runs, &lab, here))
    };
    let (up, table) = press();
    assert_eq!(up[0], "lr0.001-bs64");
    assert_eq!(up[9], "alone", "no groups while runs are sorted: {up:?}");
    assert_snapshot!("sorted", table);
    let (down, _) = press();
    assert_eq!((down[0].as_str(), down.len()), ("alone", 10));
    assert_eq!(press().0, disk);
}

#[test]
fn runs_are_sorted_by_what_is_typed() {
    let lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "sort batch_size down");
    assert_eq!(
        names(&runs)[..3],
        ["lr0.001-bs256", "lr0.003-bs256", "lr0.01-bs256"]
    );
    assert_eq!(names(&runs)[9], "alone", "what has none comes last");
    typed(&mut runs, &lab, here, "sort batch_size up");
    assert_eq!(names(&runs)[9], "alone", "also the other way round");
    let asked = typed(&mut runs, &lab, here, "sort nonsense");
    assert_eq!(
        said(&asked),
        "there is no column \"nonsense\": c lists all of them"
    );
    assert_eq!(names(&runs)[0], "lr0.001-bs64", "the order stays");
    typed(&mut runs, &lab, here, "sort off");
    assert_eq!(names(&runs)[0], "alone");
    let words = runs.words_after("sort", "val_");
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["val_loss", "val_loss:best", "val_loss:@best"]);
    let words = runs.words_after("columns", "best opt");
    assert_eq!((words[0].from, words[0].text.as_str()), (5, "optimizer.lr"));
}

#[test]
fn columns_are_chosen_and_remembered() {
    let lab = sweep();
    let here = zoomed(100, 16);
    let mut runs = runs(&lab, here);
    typed(
        &mut runs,
        &lab,
        here,
        "columns val_loss:best train_loss optimizer.name lr",
    );
    assert_snapshot!("chosen", picture_of(&runs, &lab, here));
    let asked = runs.apply(Command::Columns, &lab.context(), here);
    let [Request::Choose(chooser)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let chooser: &Chooser = chooser;
    assert_eq!(
        chooser.picked(),
        [0, 1, 2, 3],
        "those of the table come first"
    );
    runs.chosen(Purpose::Columns, &[1], &lab.context(), here);
    let table = picture_of(&runs, &lab, here);
    assert!(
        table.contains("train_loss") && !table.contains("adamw"),
        "{table}"
    );
    typed(&mut runs, &lab, here, "columns usual");
    assert!(picture_of(&runs, &lab, here).contains("batch_size"));
}

#[test]
fn the_cursor_goes_through_the_columns_and_brings_them_into_sight() {
    let lab = sweep();
    let here = zoomed(60, 16);
    let mut runs = runs(&lab, here);
    let mut go = |motion, times: usize| {
        for _ in 0..times {
            runs.apply(Command::Move(motion), &lab.context(), here);
        }
        runs.refresh(&lab.context(), here);
        picture_of(&runs, &lab, here)
    };
    let right = go(Motion::Right, 30);
    assert!(
        right.contains("rows") && right.contains("lr0.01-bs64"),
        "{right}"
    );
    assert!(right.contains('‹') && !right.contains("state"), "{right}");
    let left = go(Motion::Left, 30);
    assert!(left.contains("state") && left.contains('›') && !left.contains('‹'));
    assert_eq!(left, go(Motion::Left, 1));
}

#[test]
fn others_are_measured_against_the_baseline() {
    let mut lab = sweep();
    lab.baseline = Some(RunId(4));
    for width in [80, 140] {
        let here = zoomed(width, 16);
        let table = picture_of(&runs(&lab, here), &lab, here);
        assert_snapshot!(format!("baseline_{width}"), table);
    }
}

#[test]
fn groups_can_be_folded_and_marked_as_one() {
    let lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "group lr");
    runs.apply(Command::FoldGroup, &lab.context(), here);
    assert_snapshot!("grouped", picture_of(&runs, &lab, here));
    assert_snapshot!("grouped_list", picture_of(&runs, &lab, pane(40, 16)));
    let title = Safe::fixed("lr=0.001");
    let group = Group {
        title,
        runs: [0, 1, 2].map(RunId).to_vec(),
    };
    let asked = runs.apply(Command::Mark, &lab.context(), here);
    assert_eq!(asked, [Request::MarkGroup(group.clone())]);
    let asked = runs.apply(Command::MarkAll, &lab.context(), here);
    let [Request::MarkAll(all)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!((all.len(), &all[0]), (8, &Markable::Group(group)));
    assert_eq!(all[1], Markable::Run(RunId(3)));
    runs.apply(Command::FoldGroup, &lab.context(), here);
    assert!(picture_of(&runs, &lab, here).contains("lr0.001-bs64"));
    typed(&mut runs, &lab, here, "group off");
    assert_eq!(runs.listing.items.len(), 10, "no titles");
    let asked = typed(&mut runs, &lab, here, "group nonsense");
    assert_eq!(said(&asked), "no run has a parameter \"nonsense\"");
    runs.typed(&Typed::Group(GroupName::Folder), &lab.context(), here);
    assert_eq!(runs.listing.items.len(), 12);
}

#[test]
fn what_runs_are_sorted_by_is_there_whatever_was_chosen() {
    let lab = sweep();
    let (table, list) = (zoomed(100, 14), pane(40, 14));
    let mut runs = runs(&lab, table);
    typed(&mut runs, &lab, table, "columns best");
    typed(&mut runs, &lab, table, "sort batch_size");
    assert_snapshot!("sorted_by_hidden", picture_of(&runs, &lab, table));
    runs.refresh(&lab.context(), list);
    assert_snapshot!("sorted_list", picture_of(&runs, &lab, list));
    typed(&mut runs, &lab, table, "sort off");
    assert!(!picture_of(&runs, &lab, table).contains("batch_size"));
}

#[test]
fn groups_open_for_a_filter_and_can_be_folded_all_the_same() {
    let mut lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "group lr");
    runs.apply(Command::FoldGroup, &lab.context(), here);
    let lines = |runs: &Runs| runs.listing.items.len();
    assert_eq!(lines(&runs), 11, "one of four groups is one line");
    let seek = |runs: &mut Runs, lab: &Lab, text: &str| {
        runs.seek(Seek::Find, text, &lab.context(), here)
            .expect(text);
    };
    seek(&mut runs, &lab, "sweep");
    assert_eq!(lines(&runs), 12, "three groups and nine runs");
    lab.run = Some(RunId(3));
    runs.apply(Command::FoldGroup, &lab.context(), here);
    assert_eq!(lines(&runs), 9);
    let asked = runs.apply(Command::Mark, &lab.context(), here);
    let [Request::MarkGroup(group)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(group.runs, [3, 4, 5].map(RunId));
    seek(&mut runs, &lab, "");
    assert_eq!(lines(&runs), 8, "the first one is folded again, too");
}

#[test]
fn one_run_is_the_best_of_those_that_stand_beside_each_other() {
    let mut lab = sweep();
    let run = lab.add("other/second");
    lab.train(run, &[(9.0, 7.0)], 3.0, 4.0);
    lab.look();
    let here = zoomed(120, 24);
    let mut runs = runs(&lab, here);
    let stars = |runs: &Runs| picture_of(runs, &lab, here).matches('★').count();
    assert_eq!(stars(&runs), 2, "of each project");
    typed(&mut runs, &lab, here, "sort best");
    assert_eq!(stars(&runs), 1);
    typed(&mut runs, &lab, here, "group lr");
    assert_eq!(stars(&runs), 1);
    typed(&mut runs, &lab, here, "group project");
    assert_eq!(stars(&runs), 2);
}

#[test]
fn a_filter_comes_before_the_order_in_a_narrow_title() {
    let lab = sweep();
    let here = pane(40, 8);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "group optimizer.lr");
    typed(&mut runs, &lab, here, "sort best");
    runs.seek(Seek::Find, "bs64", &lab.context(), here)
        .expect("a filter");
    let picture = picture_of(&runs, &lab, here);
    let title = picture.lines().next().unwrap_or_default();
    assert!(
        title.contains("/bs64  3/10") && title.contains("by best"),
        "{title}"
    );
    assert!(!title.contains('…') && !title.contains("per"), "{title}");
    let here = pane(28, 8);
    let picture = picture_of(&runs, &lab, here);
    assert!(
        picture.contains("/…  3/10") || picture.contains("/bs64  3/10"),
        "{picture}"
    );
    let mut marked = sweep();
    marked.marked = vec![super::marked(1, 'A', 0)];
    let picture = picture_of(&runs, &marked, pane(32, 8));
    assert!(
        picture.contains("1 marked") && picture.contains("/  3/10"),
        "{picture}"
    );
}

#[test]
fn a_name_without_a_sign_is_explained() {
    let lab = sweep();
    let here = pane(60, 14);
    let mut runs = runs(&lab, here);
    let mut empty = |text: &str| {
        runs.seek(Seek::Find, text, &lab.context(), here)
            .expect(text);
        picture_of(&runs, &lab, here)
    };
    assert!(empty("sweep optimizer.lr").contains("optimizer.lr is a parameter: go on with = < >"));
    assert!(empty("val_loss").contains("val_loss is a metric: go on with = < >"));
    assert!(!empty("nonsense").contains("go on with"));
}

#[test]
fn all_runs_count_as_running_whether_somebody_looked_at_them_or_not() {
    let mut lab = sweep();
    lab.overviews = vec![None; lab.store.runs().len()];
    let here = zoomed(120, 20);
    let table = picture_of(&runs(&lab, here), &lab, here);
    assert!(table.contains("10 running   10"), "{table}");
}

#[test]
fn sorted_groups_come_in_the_order_of_their_first_runs() {
    let lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "group batch_size");
    let by = Sorting::By {
        column: "best".to_owned(),
        falling: Some(true),
    };
    runs.typed(&Typed::Sort(by), &lab.context(), here);
    assert_eq!(
        names(&runs)[0],
        "alone",
        "the worst is in a group without the parameter"
    );
    let batches: Vec<bool> = names(&runs)
        .iter()
        .map(|name| name.ends_with("bs64"))
        .collect();
    let changes = batches.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes <= 2, "a group stays together: {:?}", names(&runs));
}

#[test]
fn the_cursor_stays_on_its_run_when_values_change_the_order() {
    let mut lab = sweep();
    lab.run = Some(RunId(3));
    let here = zoomed(120, 8);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "sort best");
    let before = names(&runs);
    lab.train(RunId(3), &[(0.1, 0.001); 6], 1.0, 1.0);
    runs.refresh(&lab.context(), here);
    assert_eq!(names(&runs), before, "nothing moves before it is learned");
    news(&mut runs, &lab, here);
    assert_eq!(names(&runs)[0], "lr0.003-bs64");
    assert!(runs.visible(&lab.context(), here).contains(&RunId(3)));
    lab.tell(RunId(3), Change::Gone);
    news(&mut runs, &lab, here);
    lab.look();
    let table = picture_of(&runs, &lab, here);
    assert!(table.contains("gone"), "{table}");
}

#[test]
fn everything_can_be_copied() {
    let lab = sweep();
    let here = zoomed(120, 20);
    let mut runs = runs(&lab, here);
    typed(&mut runs, &lab, here, "columns best lr optimizer.name");
    let copies = runs.copies(&lab.context(), here);
    let lines = copies.iter().map(|copied| {
        let lines: Vec<&str> = copied.lines.iter().map(Safe::as_str).collect();
        format!("{}:\n{}", copied.what, lines.join("\n"))
    });
    let lines: Vec<String> = lines.collect();
    assert_snapshot!("copies", lines.join("\n\n").replace('\t', " → "));
}
