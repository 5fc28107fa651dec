//! What the details show, and what keys do to them.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::made::{Lab, NOW, any_area, drawn, number, pane, stays_within};
use super::*;
use crate::record::{Change, Facts, Problem, RunError, RunId, SavedFile, Value};

mod beside;

fn details(lab: &Lab, pane: Pane) -> Details {
    let mut details = Details::default();
    details.refresh(&lab.context(), pane);
    details
}

fn picture_of(details: &Details, lab: &Lab, pane: Pane) -> String {
    drawn(pane.area.width, pane.area.height, |buf| {
        details.draw(&lab.context(), pane, buf);
    })
}

fn picture(lab: &Lab, pane: Pane) -> String {
    picture_of(&details(lab, pane), lab, pane)
}

fn zoomed(width: u16, height: u16) -> Pane {
    Pane {
        zoomed: true,
        ..pane(width, height)
    }
}

fn filter(text: &str) -> Filter {
    Filter::parse(text).expect(text)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A run about which there is everything to say.
fn told() -> Lab {
    let mut lab = Lab::sketched();
    let run = RunId(5);
    let params = [
        ("model.name", text("resnet50")),
        ("model.head.classes", number(10.0)),
        ("model.head.dropout", number(0.2)),
        ("optimizer.lr", number(0.01)),
        (
            "optimizer.betas",
            Value::List(vec![number(0.9), number(0.999)]),
        ),
        ("batch_size", number(128.0)),
        (
            "data.root",
            text("/data/imagenet/ILSVRC2012/train/with/a/long/path"),
        ),
        ("data.workers", number(8.0)),
        ("alone.in.its.group", Value::Bool(true)),
    ];
    lab.params(run, &params, 90_000.0);
    lab.params(run, &[("optimizer.lr", number(0.001))], 87_000.0);
    let traceback = (0..12).map(|line| format!("  File \"train.py\", line {line}\n"));
    let facts = Facts {
        description: Some("A larger batch, to see whether it fits.".to_owned()),
        error: Some(RunError {
            kind: Some("OutOfMemoryError".to_owned()),
            message: Some("CUDA out of memory. Tried to allocate 2.50 GiB".to_owned()),
            traceback: Some(traceback.collect()),
        }),
        more: vec![("git.commit".to_owned(), text("0123abc"))],
        ..lab.store.runs()[5].facts.clone()
    };
    lab.tell(run, Change::Facts(facts));
    let file = |path: &str, size, time| SavedFile {
        path: path.to_owned(),
        size,
        time: Some(NOW - time),
    };
    lab.tell(
        run,
        Change::Files(vec![
            file("checkpoints/epoch_1.pt", 98_000_000, 90_000.0),
            file("config.json", 1_234, 60.0),
            file("checkpoints/epoch_2.pt", 98_000_000, 600.0),
        ]),
    );
    let problem = Problem {
        file: "metrics.jsonl".into(),
        offset: 1_234_567,
        reason: "no JSON object".to_owned(),
    };
    lab.tell(run, Change::Problem(problem));
    let (file, text) = ("logs.jsonl".into(), "began anew".to_owned());
    lab.tell(run, Change::Note { file, text });
    lab.run = Some(run);
    lab.look();
    lab
}

/// The line with the cursor.
fn under_cursor(details: &Details) -> String {
    let line = &details.lines[details.scroll.cursor];
    let spans = line.left.iter().chain(&line.right);
    spans
        .map(|span| span.text.as_str().trim())
        .collect::<Vec<_>>()
        .join(" ")
}

fn to(details: &mut Details, lab: &Lab, pane: Pane, wanted: &str) {
    details.go(Motion::Top, &lab.context(), pane);
    while !under_cursor(details).contains(wanted) {
        let before = details.scroll.cursor;
        details.go(Motion::Down, &lab.context(), pane);
        assert_ne!(before, details.scroll.cursor, "{wanted} is not there");
    }
}

#[test]
fn sections_beside_the_charts() {
    assert_snapshot!("panel_36", picture(&Lab::sketched(), pane(36, 30)));
    assert_snapshot!("panel_told", picture(&told(), pane(36, 66)));
}

#[test]
fn sections_on_the_whole_screen() {
    assert_snapshot!("zoomed_80", picture(&told(), zoomed(80, 24)));
    assert_snapshot!("zoomed_120", picture(&told(), zoomed(120, 40)));
    assert_snapshot!("zoomed_160", picture(&told(), zoomed(160, 45)));
}

#[test]
fn a_filter_narrows_all_sections() {
    let lab = told();
    let here = pane(36, 16);
    let mut details = details(&lab, here);
    details.set_filter(filter("optimizer"), &lab.context(), here);
    assert_snapshot!("filtered", picture_of(&details, &lab, here));
    let (shown, all) = details.matches(Seek::Find, &lab.context()).expect("a run");
    // Two parameters, how they began, and that one of them changed.
    assert_eq!(shown, 5);
    assert!(all > 20);
    details.set_filter(filter("files epoch_1"), &lab.context(), here);
    assert_eq!(
        details
            .matches(Seek::Find, &lab.context())
            .map(|(shown, _)| shown),
        Some(1)
    );
    details.set_filter(filter("nowhere"), &lab.context(), here);
    assert!(picture_of(&details, &lab, here).contains("nothing matches"));
}

#[test]
fn groups_close_and_open() {
    let lab = told();
    let here = pane(36, 40);
    let context = lab.context();
    let mut details = details(&lab, here);
    let has = |details: &Details, words: &str| {
        details.lines.iter().any(|line| {
            let spans = line.left.iter().chain(&line.right);
            spans
                .map(|span| span.text.as_str())
                .collect::<String>()
                .contains(words)
        })
    };
    assert!(has(&details, "dropout") && !has(&details, "line 3"));
    to(&mut details, &lab, here, "dropout");
    details.apply(Command::Fold, &context, here);
    assert_eq!(under_cursor(&details), "▸ head 2");
    assert!(!has(&details, "dropout"));
    details.apply(Command::Move(Motion::Right), &context, here);
    assert!(has(&details, "dropout"));
    to(&mut details, &lab, here, "traceback");
    details.apply(Command::Enter, &context, here);
    assert!(has(&details, "line 3"));
    to(&mut details, &lab, here, "Params");
    details.apply(Command::Fold, &context, here);
    assert!(!has(&details, "batch_size"));
    assert!(has(&details, "Params"));
    let matches = details.matches(Seek::Find, &context);
    details.apply(Command::Fold, &context, here);
    assert_eq!(
        details.matches(Seek::Find, &context),
        matches,
        "what is closed counts"
    );
}

#[test]
fn what_is_under_the_cursor_is_copied() {
    let lab = told();
    let here = pane(36, 40);
    let mut details = details(&lab, here);
    let mut copied = |wanted: &str| {
        to(&mut details, &lab, here, wanted);
        let copied = details.copy(&lab.context(), here)?;
        let lines: Vec<&str> = copied.lines.iter().map(Safe::as_str).collect();
        Some(format!("{}: {}", copied.what, lines.join("|")))
    };
    assert_eq!(
        copied("lr").as_deref(),
        Some("value of optimizer.lr: 0.001")
    );
    assert_eq!(
        copied("was 0.01").as_deref(),
        Some("value of optimizer.lr: 0.001")
    );
    assert_eq!(
        copied("path runs").as_deref(),
        Some("value of path: runs/vision/oom-crash")
    );
    assert_eq!(
        copied("epoch_2").as_deref(),
        Some("value of checkpoints/epoch_2.pt: checkpoints/epoch_2.pt")
    );
    let section = copied("Data").expect("a section");
    assert!(
        section.starts_with("section Data: Data| rows  17|"),
        "{section}"
    );
}

#[test]
fn another_run_starts_at_its_top() {
    let mut lab = told();
    let here = pane(36, 12);
    let mut details = details(&lab, here);
    details.apply(Command::Move(Motion::Bottom), &lab.context(), here);
    assert!(details.scroll.top > 0);
    lab.look();
    details.refresh(&lab.context(), here);
    assert!(details.scroll.top > 0, "the same run stays where it was");
    lab.run = Some(RunId(0));
    details.refresh(&lab.context(), here);
    assert_eq!(details.scroll, Scroll::default());
}

#[test]
fn a_click_goes_there_and_a_second_one_opens() {
    let lab = told();
    let here = pane(36, 66);
    let mut details = details(&lab, here);
    let line = details
        .lines
        .iter()
        .position(|l| l.left.iter().any(|s| s.text.as_str() == "model"));
    let at = Position::new(9, 1 + line.expect("a group") as u16);
    let before = details.lines.len();
    details.click(at, &lab.context(), here);
    assert_eq!(
        (details.scroll.cursor, details.lines.len()),
        (line.expect("a group"), before)
    );
    details.click(at, &lab.context(), here);
    assert_eq!(details.lines.len(), before - 4);
    details.click(Position::new(0, 0), &lab.context(), here);
}

#[test]
fn names_without_end_do_not_nest_without_end() {
    let mut lab = Lab::sketched();
    let deep = "a.".repeat(100_000);
    let keys = [
        format!("{deep}x"),
        format!("{deep}y"),
        "..".to_owned(),
        ".b".to_owned(),
    ];
    let params: Vec<(&str, Value)> = keys.iter().map(|key| (key.as_str(), number(1.0))).collect();
    lab.params(RunId(0), &params, 1.0);
    lab.look();
    let details = details(&lab, pane(36, 40));
    let depth = details.lines.iter().map(|line| line.depth).max();
    assert!(depth.is_some_and(|depth| depth < 12), "{depth:?}");
}

#[test]
fn lines_are_made_anew_only_when_something_may_be_new() {
    let mut lab = told();
    let here = pane(36, 30);
    let mut details = details(&lab, here);
    lab.params(RunId(5), &[("fresh", number(1.0))], 0.0);
    let lines = details.lines.len();
    // As while the view is paused.
    details.refresh(&lab.context(), here);
    assert_eq!(details.lines.len(), lines);
    lab.look();
    details.refresh(&lab.context(), here);
    // The parameter, and that it was added at a moment of its own.
    assert_eq!(details.lines.len(), lines + 3);
}

#[test]
fn a_value_without_room_is_opened_and_closed() {
    let lab = told();
    let here = pane(36, 66);
    let mut details = details(&lab, here);
    to(&mut details, &lab, here, "root");
    let closed = details.lines.len();
    details.apply(Command::Move(Motion::Right), &lab.context(), here);
    let picture = picture_of(&details, &lab, here);
    assert!(picture.contains("/data/imagenet/ILSVRC2012/"), "{picture}");
    assert!(details.lines.len() > closed);
    // From one of its lines it closes again; then its group does.
    details.apply(Command::Move(Motion::Down), &lab.context(), here);
    details.apply(Command::Move(Motion::Left), &lab.context(), here);
    assert_eq!(details.lines.len(), closed);
    assert!(under_cursor(&details).starts_with("root"));
    details.apply(Command::Move(Motion::Left), &lab.context(), here);
    assert!(details.lines.len() < closed);
    assert!(under_cursor(&details).contains("data"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), zoomed in any::<bool>(), moves in 0..9_usize) {
        for lab in [told(), Lab::hostile(), Lab::new()] {
            let pane = Pane { area, zoomed, ..pane(0, 0) };
            let mut details = details(&lab, pane);
            for _ in 0..moves {
                details.apply(Command::Move(Motion::PageDown), &lab.context(), pane);
            }
            prop_assert!(stays_within(area, |buf| details.draw(&lab.context(), pane, buf)));
        }
    }

    #[test]
    fn the_cursor_is_on_the_screen(
        motions in prop::collection::vec(0..10_usize, 0..15),
        width in 20..200_u16,
        height in 4..50_u16,
        zoomed in any::<bool>(),
    ) {
        const ALL: [Command; 10] = [
            Command::Move(Motion::Up), Command::Move(Motion::Down),
            Command::Move(Motion::Left), Command::Move(Motion::Right),
            Command::Move(Motion::HalfUp), Command::Move(Motion::HalfDown),
            Command::Move(Motion::PageDown), Command::Move(Motion::Top),
            Command::Move(Motion::Bottom), Command::Fold,
        ];
        let lab = told();
        let pane = Pane { zoomed, ..pane(width, height) };
        let mut details = details(&lab, pane);
        for motion in motions {
            details.apply(ALL[motion], &lab.context(), pane);
            let places = Flow::of(pane).places(&details.lines, details.scroll.top);
            prop_assert!(places.iter().any(|(at, _)| *at == details.scroll.cursor));
            prop_assert!(!details.lines[details.scroll.cursor].is_blank());
        }
    }
}

#[test]
fn another_palette_is_seen_at_once() {
    let mut lab = Lab::sketched();
    let here = pane(36, 30);
    let mut details = Details::default();
    details.refresh(&lab.context(), here);
    let colors = |details: &Details, lab: &Lab| {
        let mut buf = Buffer::empty(here.area);
        details.draw(&lab.context(), here, &mut buf);
        buf.content().iter().map(|cell| cell.fg).collect::<Vec<_>>()
    };
    lab.theme = lab.theme.next();
    details.refresh(&lab.context(), here);
    let turned = colors(&details, &lab);
    let mut fresh = Details::default();
    fresh.refresh(&lab.context(), here);
    assert_eq!(turned, colors(&fresh, &lab));
}
