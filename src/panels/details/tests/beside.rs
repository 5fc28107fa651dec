//! Runs beside each other, and what keys do to them.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::super::Marked;
use super::*;

fn mark(lab: &mut Lab, runs: &[u32]) {
    let marked = runs.iter().zip('A'..).enumerate();
    lab.marked = marked
        .map(|(at, (run, letter))| Marked {
            run: RunId(*run),
            letter,
            hue: at as u8,
            group: None,
        })
        .collect();
}

/// Runs of a sweep, the first of which is shown.
fn sweep() -> Lab {
    let mut lab = Lab::sketched();
    for (run, lr, batch) in [
        (0, 0.01, 64.0),
        (1, 3e-4, 64.0),
        (2, 0.001, 128.0),
        (4, 0.01, 64.0),
    ] {
        let params = [
            ("optimizer.lr", number(lr)),
            ("optimizer.type", text("adamw")),
            ("batch_size", number(batch)),
            (
                "model.name",
                text(if run == 2 { "vit-b16" } else { "resnet50" }),
            ),
            ("model.depth", number(50.0)),
        ];
        lab.params(RunId(run), &params, 80_000.0);
    }
    lab.params(RunId(2), &[("warmup", number(500.0))], 80_000.0);
    mark(&mut lab, &[1, 2, 4]);
    lab.look();
    lab
}

fn title(details: &Details, lab: &Lab, pane: Pane) -> String {
    let picture = picture_of(details, lab, pane);
    picture.lines().next().unwrap_or_default().to_owned()
}

fn copied(details: &Details, lab: &Lab, pane: Pane) -> Vec<(String, String)> {
    let copies = details.copies(&lab.context(), pane).into_iter();
    let text = |copied: Copied| {
        let lines: Vec<&str> = copied.lines.iter().map(Safe::as_str).collect();
        (copied.what.to_string(), lines.join("\n"))
    };
    copies.map(text).collect()
}

#[test]
fn marked_runs_stand_beside_the_one_that_is_shown() {
    let mut lab = sweep();
    assert_snapshot!("beside_36", picture(&lab, pane(36, 45)));
    assert_snapshot!("beside_80", picture(&lab, zoomed(80, 24)));
    assert_snapshot!("beside_160", picture(&lab, zoomed(160, 45)));
    lab.baseline = Some(RunId(2));
    assert_snapshot!("beside_baseline", picture(&lab, zoomed(160, 24)));
}

#[test]
fn only_what_differs_is_kept() {
    let lab = sweep();
    let here = zoomed(120, 40);
    let context = lab.context();
    let mut details = details(&lab, here);
    details.apply(Command::Differing, &context, here);
    let picture = picture_of(&details, &lab, here);
    assert_snapshot!("differing", picture);
    assert!(!picture.contains("adamw") && picture.contains("vit-b16"));
    let (shown, all) = details.matches(Seek::Find, &context).expect("runs");
    let table = &details.beside.as_ref().expect("runs").table;
    assert_eq!((shown, all), table.differing());
    details.apply(Command::Differing, &context, here);
    assert!(picture_of(&details, &lab, here).contains("adamw"));
    assert!(title(&details, &lab, here).contains("━ · A · B · C"));
}

#[test]
fn one_run_alone_is_a_key_away() {
    let mut lab = sweep();
    let here = zoomed(120, 40);
    let mut details = details(&lab, here);
    details.apply(Command::Alone, &lab.context(), here);
    assert!(details.beside.is_none());
    assert!(picture_of(&details, &lab, here).contains("Health"));
    details.apply(Command::Differing, &lab.context(), here);
    assert!(
        details.beside.is_some() && details.differing,
        "what is asked for is seen"
    );
    // Neither a mark on the run itself nor a group makes a comparison.
    mark(&mut lab, &[0]);
    details.refresh(&lab.context(), here);
    assert!(details.beside.is_none());
    let said = details.apply(Command::Differing, &lab.context(), here);
    assert!(matches!(said.as_slice(), [Request::Say(_)]), "{said:?}");
}

#[test]
fn the_order_of_runs_is_baseline_shown_letters() {
    let mut lab = sweep();
    let runs = |lab: &Lab| -> Vec<u32> {
        table::runs(&lab.context())
            .into_iter()
            .map(|run| run.0)
            .collect()
    };
    assert_eq!(runs(&lab), [0, 1, 2, 4]);
    lab.run = Some(RunId(2));
    assert_eq!(
        runs(&lab),
        [1, 2, 4],
        "a marked one has its place by its letter"
    );
    lab.baseline = Some(RunId(5));
    assert_eq!(runs(&lab), [5, 1, 2, 4]);
    lab.overviews[5] = None;
    assert_eq!(runs(&lab), [1, 2, 4], "nothing is known of it yet");
    let runs_of_group = vec![RunId(3), RunId(4)];
    lab.marked[2].group = Some(std::rc::Rc::new(super::super::super::Group {
        title: Safe::fixed("seed"),
        runs: runs_of_group,
    }));
    assert_eq!(runs(&lab), [1, 2]);
}

#[test]
fn columns_without_room_are_reached() {
    let mut lab = sweep();
    mark(&mut lab, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let here = zoomed(80, 24);
    let mut details = details(&lab, here);
    let visible = |details: &Details| {
        let beside = details.beside.as_ref().expect("runs");
        (beside.column, beside.range(details.flow(here).cells()))
    };
    let (column, first) = visible(&details);
    assert!(
        column == 0 && first.start == 0 && first.end < 10,
        "{first:?}"
    );
    assert!(picture_of(&details, &lab, here).contains(&format!("runs 1–{} of 10", first.end)));
    for _ in 0..20 {
        details.apply(Command::Move(Motion::Right), &lab.context(), here);
        let (column, visible) = visible(&details);
        assert!(visible.contains(&column), "{column} {visible:?}");
    }
    assert_eq!(visible(&details).1.end, 10);
    assert!(
        picture_of(&details, &lab, here).contains("optimizer"),
        "labels stay"
    );
    // The same run stays chosen when another one is marked no longer.
    mark(&mut lab, &[2, 3, 4, 5, 6, 7, 8, 9]);
    details.refresh(&lab.context(), here);
    assert_eq!(visible(&details).0, 8);
    lab.run = Some(RunId(1));
    details.refresh(&lab.context(), here);
    assert_eq!(visible(&details).0, 0, "another run is looked at");
}

#[test]
fn a_value_is_copied_from_the_column_with_the_cursor() {
    let mut lab = sweep();
    let here = zoomed(160, 45);
    let mut details = details(&lab, here);
    to(&mut details, &lab, here, "batch_size");
    details.apply(Command::Move(Motion::Right), &lab.context(), here);
    details.apply(Command::Move(Motion::Right), &lab.context(), here);
    let copies = copied(&details, &lab, here);
    let expected = [
        ("value of batch_size", "128"),
        ("key batch_size", "batch_size"),
        ("key=value", "batch_size=128"),
    ];
    for ((what, text), (wanted, value)) in copies.iter().zip(expected) {
        assert_eq!((what.as_str(), text.as_str()), (wanted, value));
    }
    let section = &copies[3].1;
    assert!(
        section.starts_with("Params") && section.lines().count() > 5,
        "{section}"
    );
    let path = copies.iter().find(|(what, _)| what == "path of the run");
    assert_eq!(
        path.map(|(_, path)| path.as_str()),
        Some("/data/runs/vision/seed-10")
    );
    // What a run does not have is copied as nothing.
    to(&mut details, &lab, here, "warmup");
    details.apply(Command::Move(Motion::Left), &lab.context(), here);
    assert_eq!(copied(&details, &lab, here)[0].1, "");
    lab.marked.clear();
    details.refresh(&lab.context(), here);
    assert!(details.beside.is_none());
}

#[test]
fn parameters_are_compared_anew_only_when_they_changed() {
    let mut lab = sweep();
    let here = zoomed(160, 45);
    let mut details = details(&lab, here);
    let params = |details: &Details| {
        let beside = details.beside.as_ref().expect("runs");
        std::rc::Rc::clone(&beside.table.parts[table::PARAMS])
    };
    let before = params(&details);
    lab.look();
    details.refresh(&lab.context(), here);
    assert!(std::rc::Rc::ptr_eq(&before, &params(&details)));
    lab.params(RunId(1), &[("batch_size", number(32.0))], 5.0);
    lab.look();
    details.refresh(&lab.context(), here);
    let after = params(&details);
    let row = after
        .rows
        .iter()
        .find(|row| row.key.as_str() == "batch_size");
    let texts = row.expect("a row").cells.iter().flatten();
    let texts: Vec<&str> = texts.map(|cell| cell.text.as_str()).collect();
    assert_eq!(texts, ["64", "32", "128", "64"]);
    let out = row.expect("a row").cells.iter().flatten();
    let out: Vec<bool> = out.map(|cell| cell.stands_out).collect();
    assert_eq!(
        out, [true; 4],
        "no value is usual: two of four are not most"
    );
}

#[test]
fn numbers_are_equal_however_they_are_written() {
    let mut lab = sweep();
    let written = |text: &str, value| {
        let text = text.into();
        Value::Number(crate::record::Number { text, value })
    };
    lab.params(
        RunId(0),
        &[("seed", written("1", 1.0)), ("x", Value::Null)],
        5.0,
    );
    lab.params(
        RunId(1),
        &[("seed", written("1.0", 1.0)), ("x", number(1.0))],
        5.0,
    );
    mark(&mut lab, &[1]);
    lab.look();
    let details = details(&lab, zoomed(120, 40));
    let table = &details.beside.as_ref().expect("runs").table;
    let differs = |key: &str| {
        let mut rows = table.parts[table::PARAMS].rows.iter();
        rows.find(|row| row.key.as_str() == key)
            .map(|row| row.differs)
    };
    assert_eq!((differs("seed"), differs("x")), (Some(false), Some(true)));
}

#[test]
fn what_each_run_has_of_its_own_is_no_difference() {
    let mut lab = sweep();
    lab.baseline = Some(RunId(2));
    let mut details = details(&lab, zoomed(160, 45));
    let table = &details.beside.as_ref().expect("runs").table;
    let facts = &table.parts[2];
    let row = |key: &str| {
        let mut rows = facts.rows.iter();
        rows.find(|row| row.key.as_str() == key).expect("a row")
    };
    for key in ["started", "path", "rows", "duration"] {
        assert!(row(key).is_own && !row(key).differs, "{key}");
    }
    assert!(row("done").differs && !row("host").differs);
    let against = |key: &str, column: usize| {
        let cell = row(key).cells[column].as_ref();
        let difference = cell.and_then(|cell| cell.difference.clone());
        difference.map(|(text, _)| text.to_string())
    };
    // The time that it took is measured against the baseline all the same.
    assert_eq!(against("duration", 1).as_deref(), Some("-44 s"));
    assert_eq!(against("rows", 0), None);
    let here = zoomed(160, 45);
    details.apply(Command::Differing, &lab.context(), here);
    let shown = picture_of(&details, &lab, here);
    assert!(shown.contains("vit-b16") && !shown.contains("started"));
}

#[test]
fn a_row_opens_to_whole_names_and_values() {
    let mut lab = sweep();
    let long = format!("/data/{}/end-of-it", "folder/".repeat(20));
    lab.params(RunId(1), &[("data.root", text(&long))], 5.0);
    lab.look();
    let here = pane(36, 45);
    let mut details = details(&lab, here);
    to(&mut details, &lab, here, "root");
    let closed = picture_of(&details, &lab, here);
    assert!(!closed.contains("end-of-it") && !closed.contains("A resnet50-lr3e-4"));
    details.apply(Command::Enter, &lab.context(), here);
    let open = picture_of(&details, &lab, here);
    assert!(open.contains("A resnet50-lr3e-4"), "{open}");
    assert!(open.contains("end-of-it"), "{open}");
    assert!(open.contains("C seed-1  –"), "{open}");
    to(&mut details, &lab, here, "A resnet50-lr3e-4");
    assert_eq!(copied(&details, &lab, here)[0].1, long);
    to(&mut details, &lab, here, "root");
    details.apply(Command::Enter, &lab.context(), here);
    assert_eq!(picture_of(&details, &lab, here), closed);
}

#[test]
fn long_values_that_begin_alike_differ() {
    let mut lab = sweep();
    let of = |end: &str| text(&format!("{}{end}", "x".repeat(9000)));
    lab.params(RunId(0), &[("notes", of("a"))], 5.0);
    lab.params(RunId(1), &[("notes", of("b"))], 5.0);
    mark(&mut lab, &[1]);
    lab.look();
    let here = zoomed(120, 40);
    let mut details = details(&lab, here);
    let table = &details.beside.as_ref().expect("runs").table;
    let mut rows = table.parts[table::PARAMS].rows.iter();
    let row = rows.find(|row| row.key.as_str() == "notes");
    assert!(row.expect("a row").differs);
    to(&mut details, &lab, here, "notes");
    details.apply(Command::Move(Motion::Right), &lab.context(), here);
    let value = &copied(&details, &lab, here)[0].1;
    assert!(value.len() == 9001 && value.ends_with('b'));
}

#[test]
fn texts_without_room_show_where_they_differ() {
    let mut lab = sweep();
    let root = |set: &str| {
        text(&format!(
            "/data/imagenet/{set}/ILSVRC2012/train/images/all-of-it"
        ))
    };
    for (run, set) in [(0, "small"), (1, "large"), (2, "small"), (4, "tiny")] {
        lab.params(RunId(run), &[("data.root", root(set))], 5.0);
    }
    lab.look();
    let shown = picture(&lab, zoomed(80, 40));
    let row = shown.lines().find(|line| line.contains("root"));
    let row = row.expect("a row");
    for set in ["small", "large", "tiny"] {
        assert!(row.contains(set), "{set} is not in {row}");
    }
}

#[test]
fn among_runs_that_are_judged_by_different_losses_none_is_best() {
    let mut lab = sweep();
    let is_best = |lab: &Lab| {
        let details = details(lab, zoomed(120, 40));
        let beside = details.beside.expect("runs");
        beside.table.heads.iter().any(|head| head.is_best)
    };
    assert!(is_best(&lab));
    let mut other = lab.overviews[2].as_deref().expect("known").clone();
    other.primary.as_mut().expect("a loss").name = "ce_loss".to_owned();
    lab.overviews[2] = Some(std::rc::Rc::new(other));
    assert!(!is_best(&lab));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), zoomed in any::<bool>(), moves in 0..9_usize, differing: bool) {
        let mut hostile = Lab::hostile();
        mark(&mut hostile, &[1]);
        let mut many = sweep();
        mark(&mut many, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        many.baseline = Some(RunId(7));
        for lab in [hostile, many] {
            let pane = Pane { area, zoomed, ..pane(0, 0) };
            let mut details = details(&lab, pane);
            if differing {
                details.apply(Command::Differing, &lab.context(), pane);
            }
            for _ in 0..moves {
                details.apply(Command::Move(Motion::HalfDown), &lab.context(), pane);
                details.apply(Command::Move(Motion::Right), &lab.context(), pane);
            }
            prop_assert!(stays_within(area, |buf| details.draw(&lab.context(), pane, buf)));
        }
    }
}
