//! What the list of runs shows, and where it moves to.

mod comparing;

use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::style::Modifier;

use super::super::made::{HOSTILE, Lab, any_area, drawn, pane, stays_within};
use super::super::watched::Watched;
use super::order::natural;
use super::*;
use crate::insight::overview::Overview;
use crate::insight::query::Asked;
use crate::panels::Marked;
use crate::record::{Change, Facts, Holding};
use crate::widgets::theme::Hue;

fn runs(lab: &Lab, pane: Pane) -> Runs {
    let mut runs = Runs::default();
    news(&mut runs, lab, pane);
    runs
}

/// Lets the panel learn of everything that may have changed.
fn news(runs: &mut Runs, lab: &Lab, pane: Pane) {
    let mut changed = (0..lab.store.runs().len() as u32).map(RunId).collect();
    while {
        runs.learn(&lab.context(), &mut changed, &[]);
        !changed.is_empty()
    } {}
    runs.refresh(&lab.context(), pane);
}

fn picture(lab: &Lab, pane: Pane) -> String {
    picture_of(&runs(lab, pane), lab, pane)
}

fn picture_of(runs: &Runs, lab: &Lab, pane: Pane) -> String {
    drawn(pane.area.width, pane.area.height, |buf| {
        runs.draw(&lab.context(), pane, buf);
    })
}

fn zoomed(width: u16, height: u16) -> Pane {
    Pane {
        zoomed: true,
        ..pane(width, height)
    }
}

fn filter(text: &str) -> Query {
    Query::parse(text).expect(text)
}

/// The names in the list, from the top.
fn names(runs: &Runs) -> Vec<String> {
    let places = runs.listing.places();
    places
        .filter_map(|place| runs.id(place))
        .filter_map(|run| Some(runs.name(run)?.to_string()))
        .collect()
}

#[test]
fn a_list_beside_the_charts() {
    assert_snapshot!("list_38", picture(&Lab::sketched(), pane(38, 20)));
    assert_snapshot!("list_34", picture(&Lab::sketched(), pane(34, 17)));
    assert_snapshot!("list_70", picture(&Lab::sketched(), pane(70, 14)));
    assert_snapshot!("list_22", picture(&Lab::sketched(), pane(22, 8)));
}

#[test]
fn the_list_says_how_much_room_it_needs() {
    let lab = Lab::sketched();
    let mut runs = runs(&lab, pane(38, 40));
    // Ten runs of two projects, their titles, a frame, the titles of the columns, and a remark.
    assert_eq!(runs.rows_needed(), Some(10 + 2 + 3 + 2));
    runs.set_filter(filter("seed"), &lab.context(), pane(38, 40));
    assert_eq!(runs.rows_needed(), Some(17), "what is typed moves no panel");
    let all = picture(&lab, pane(38, 17));
    for words in ["old-scratch", "gpt", "⚠"] {
        assert!(all.contains(words), "{words}: {all}");
    }
    assert_eq!(Runs::default().rows_needed(), None);
}

#[test]
fn a_table_on_the_whole_screen() {
    for (width, height) in [(80, 15), (120, 15), (160, 15), (250, 15)] {
        let pane = zoomed(width, height);
        assert_snapshot!(format!("table_{width}"), picture(&Lab::sketched(), pane));
    }
}

#[test]
fn an_empty_list_says_why() {
    let mut lab = Lab::new();
    assert_snapshot!("empty", picture(&lab, pane(38, 10)));
    lab.scanned = false;
    assert!(picture(&lab, pane(38, 10)).contains("looking for runs"));
    lab.scanned = true;
    lab.watched[0].holding = Some(Holding::Missing);
    let mut loose = Watched::from(Safe::fixed("logs"));
    loose.holding = Some(Holding::NoRuns { loose: 6 });
    lab.watched.push(loose);
    assert_snapshot!("nothing_there", picture(&lab, pane(38, 14)));
    let lab = Lab::sketched();
    let mut runs = runs(&lab, pane(38, 8));
    runs.set_filter(filter("nowhere"), &lab.context(), pane(38, 8));
    assert_snapshot!("nothing_matches", picture_of(&runs, &lab, pane(38, 8)));
}

#[test]
fn states_and_broken_losses_are_told_by_signs_and_colours() {
    let lab = Lab::sketched();
    let mut buf = Buffer::empty(pane(38, 20).area);
    runs(&lab, pane(38, 20)).draw(&lab.context(), pane(38, 20), &mut buf);
    let color = |role| lab.theme.style(role).fg;
    let glyph = |name: &str| {
        let line = super::super::made::lines(&buf)
            .iter()
            .position(|line| line.contains(name))
            .expect(name);
        &buf[(2, line as u16)]
    };
    for (name, symbol, role) in [
        ("seed-2", "◐", Role::Warning),
        ("seed-1 ", "✓", Role::Quiet),
        ("oom-crash", "✗", Role::Bad),
        ("lr-too-high", "●", Role::Bad),
        ("bert", "●", Role::Good),
    ] {
        assert_eq!(glyph(name).symbol(), symbol);
        assert_eq!(glyph(name).style().fg, color(role), "{name}");
    }
    let shown = glyph("resnet50-base");
    assert_eq!(shown.style().bg, lab.theme.style(Role::Cursor).bg);
    assert!(buf[(4, 9)].modifier.contains(Modifier::BOLD));
}

#[test]
fn runs_are_ordered_as_people_count() {
    let mut sorted = [
        "seed-10", "seed-2", "Seed-3", "seed-02", "seed", "2", "10", "損10", "損9", "v1.10",
        "v1.9", "v0.01", "v0.003",
    ];
    sorted.sort_by(|a, b| natural(a, b));
    assert_eq!(
        sorted,
        [
            "2", "10", "Seed-3", "seed", "seed-02", "seed-2", "seed-10", "v0.003", "v0.01", "v1.9",
            "v1.10", "損9", "損10"
        ]
    );
}

#[test]
fn equal_names_are_told_apart_by_their_paths() {
    let mut lab = Lab::new();
    for below in ["lr1/train", "lr2/train", "a/x", "b/x", "b/y"] {
        let run = lab.add(below);
        let facts = Facts {
            project: Some("p".to_owned()),
            ..Facts::default()
        };
        lab.tell(run, Change::Facts(facts));
    }
    let runs = runs(&lab, pane(30, 10));
    assert_eq!(names(&runs), ["a/x", "b/x", "y", "lr1/train", "lr2/train"]);
    assert_eq!(runs.listing.items.len(), 5, "one project needs no title");
}

#[test]
fn steps_go_through_what_the_filter_lets_through() {
    let lab = Lab::sketched();
    let context = lab.context();
    let mut runs = runs(&lab, pane(38, 20));
    let id = |name: &str| {
        let known = (0..10).map(RunId);
        known
            .clone()
            .find(|run| runs.name(*run).is_some_and(|n| n.as_str() == name))
    };
    let (seed1, seed2, seed10) = (id("seed-1"), id("seed-2"), id("seed-10"));
    let (bert, baseline) = (id("bert"), id("resnet50-baseline"));
    assert_eq!(runs.place(&context), Some((6, 10)));
    runs.set_filter(filter("seed"), &context, pane(38, 20));
    assert_eq!(runs.neighbour(&context, seed1, 1), seed2);
    assert_eq!(runs.neighbour(&context, seed1, 9), seed10);
    assert_eq!(runs.neighbour(&context, seed10, 1), None);
    assert_eq!(runs.neighbour(&context, seed2, -1), seed1);
    assert_eq!(runs.neighbour(&context, None, 1), seed1);
    assert_eq!(runs.neighbour(&context, bert, 1), seed1);
    assert_eq!(runs.neighbour(&context, bert, 2), seed2);
    assert_eq!(
        runs.neighbour(&context, baseline, -1),
        seed1,
        "nothing is above"
    );
    assert_eq!(runs.matches(Seek::Find, &context), Some((3, 10)));
    assert_eq!(runs.place(&context), None);
}

#[test]
fn a_filter_shows_what_it_finds_and_gives_back_what_was_shown() {
    let mut lab = Lab::sketched();
    let here = pane(38, 20);
    let mut runs = runs(&lab, here);
    let typed = |runs: &mut Runs, lab: &mut Lab, text: &str| {
        let requests = runs.set_filter(filter(text), &lab.context(), here);
        for request in requests {
            if let Request::Select(run) = request {
                lab.run = Some(run);
            }
        }
        lab.run.and_then(|run| runs.name(run)).map(Safe::to_string)
    };
    let mut shown = |text| typed(&mut runs, &mut lab, text);
    assert_eq!(shown("resnet50").as_deref(), Some("resnet50-baseline"));
    assert_eq!(shown("seed").as_deref(), Some("seed-1"));
    assert_eq!(shown("seed 2").as_deref(), Some("seed-2"));
    assert_eq!(shown("").as_deref(), Some("resnet50-baseline"));
    assert_eq!(shown("stalled").as_deref(), Some("seed-2"));
    assert_eq!(shown("nlp gpt").as_deref(), Some("gpt"));
    assert_eq!(shown("nowhere").as_deref(), Some("gpt"), "something stays");
}

#[test]
fn the_cursor_stays_on_its_run_when_others_appear() {
    let mut lab = Lab::sketched();
    let here = pane(38, 9);
    let mut runs = runs(&lab, here);
    let line = |runs: &Runs, lab: &Lab| {
        let picture = picture_of(runs, lab, here);
        picture
            .lines()
            .position(|line| line.contains("resnet50-baseline"))
    };
    assert!(line(&runs, &lab).is_some());
    for number in 0..30 {
        let run = lab.add(&format!("a/before-{number}"));
        lab.tell(run, Change::CaughtUp);
    }
    lab.look();
    runs.refresh(&lab.context(), here);
    assert!(line(&runs, &lab).is_some());
}

#[test]
fn a_click_chooses_a_run_and_nothing_else() {
    let lab = Lab::sketched();
    let here = pane(38, 20);
    let mut runs = runs(&lab, here);
    let mut click = |y| runs.click(Position::new(5, y), &lab.context(), here);
    assert_eq!(click(3), [Request::Select(RunId(8))]);
    assert_eq!([click(0), click(1), click(15)], [[], [], []]);
    assert_eq!(click(2), [], "a title opens and closes");
    assert_eq!(runs.listing.items.len(), 10);
    runs.click(Position::new(5, 2), &lab.context(), here);
    assert_eq!(runs.listing.items.len(), 12);
}

#[test]
fn a_closed_group_is_one_line_and_one_step() {
    let mut lab = Lab::sketched();
    let here = pane(34, 17);
    let mut runs = runs(&lab, here);
    let mut press = |lab: &mut Lab, motion| {
        let asked = runs.apply(Command::Move(motion), &lab.context(), here);
        if let [Request::Select(run)] = asked[..] {
            lab.run = Some(run);
        }
        runs.refresh(&lab.context(), here);
        picture_of(&runs, lab, here)
    };
    press(&mut lab, Motion::Left);
    assert_snapshot!("closed", press(&mut lab, Motion::Up));
    assert_eq!(lab.run, Some(RunId(9)), "the last run above the group");
    press(&mut lab, Motion::Down);
    assert_eq!(lab.run, Some(RunId(7)), "the first run of the group");
    press(&mut lab, Motion::Down);
    assert_eq!(lab.run, Some(RunId(7)), "nothing is below the group");
    let open = press(&mut lab, Motion::Right);
    assert!(open.contains("▾ alice/vision") && open.contains("seed-10"));
}

fn marked(run: u32, letter: char, hue: u8) -> Marked {
    let run = RunId(run);
    Marked {
        run,
        letter,
        hue,
        group: None,
    }
}

#[test]
fn marked_runs_have_letters_in_their_colours() {
    let mut lab = Lab::sketched();
    lab.marked = vec![marked(0, 'A', 3), marked(8, 'B', 5)];
    assert_snapshot!("marked_list", picture(&lab, pane(38, 20)));
    assert_snapshot!("marked_table", picture(&lab, zoomed(100, 15)));
    let mut buf = Buffer::empty(pane(38, 20).area);
    runs(&lab, pane(38, 20)).draw(&lab.context(), pane(38, 20), &mut buf);
    for marked in &lab.marked {
        let letter = marked.letter.to_string();
        let mut rows = (1..19).filter(|y| buf[(1, *y)].symbol() == letter);
        let row = rows.next().expect("its letter");
        let color = lab.theme.series(Hue::Run(marked.hue)).fg;
        assert_eq!(buf[(1, row)].style().fg, color, "also under the cursor");
    }
}

#[test]
fn space_marks_the_run_under_the_cursor() {
    let lab = Lab::sketched();
    let here = pane(38, 20);
    let mut runs = runs(&lab, here);
    let mut ask = |command| runs.apply(command, &lab.context(), here);
    assert_eq!(ask(Command::Mark), [Request::Mark(RunId(0))]);
    assert_eq!(ask(Command::UnmarkAll), [Request::UnmarkAll]);
    runs.set_filter(filter("nowhere"), &lab.context(), here);
    let asked = runs.apply(Command::Mark, &lab.context(), here);
    let nothing = Safe::fixed("no run is under the cursor");
    assert_eq!(asked, [Request::Say(nothing)]);
}

#[test]
fn what_is_copied_is_the_path() {
    let lab = Lab::sketched();
    let copied = runs(&lab, pane(38, 20)).copy(&lab.context(), pane(38, 20));
    let copied = copied.expect("a run is shown");
    assert_eq!(copied.what.as_str(), "path of resnet50-baseline");
    assert_eq!(copied.lines, [Safe::fixed("runs/vision/resnet50-baseline")]);
}

#[test]
fn five_thousand_runs_cost_what_is_visible() {
    let mut lab = Lab::new();
    for number in 0..5000 {
        lab.add(&format!("p{}/run-{number}", number % 7));
    }
    lab.run = Some(RunId(2500));
    let here = pane(38, 30);
    let mut runs = runs(&lab, here);
    let visible = runs.visible(&lab.context(), here);
    assert!((20..=30).contains(&visible.len()), "{}", visible.len());
    assert!(visible.contains(&RunId(2500)));
    let lines = runs.visible_lines(&lab.context(), here);
    assert!(lines.len() <= 30);
    let picture = picture_of(&runs, &lab, here);
    assert!(
        picture.contains("run-2500") && picture.contains('…'),
        "{picture}"
    );
    // What is known in brief answers a filter: nobody needs to look at all of them closely.
    for text in ["!failed", "state=running", "age<1h epoch!=7", "-loss<3"] {
        runs.set_filter(filter(text), &lab.context(), here);
        let asked = runs.visible(&lab.context(), here).len();
        assert!(asked <= 30, "{text}: {asked}");
        let whole = Overview::of(&lab.store.runs()[0], lab.now);
        let words = query::words(&lab.store.runs()[0]);
        let passes = filter(text).matches(&Asked {
            run: &lab.store.runs()[0],
            overview: Some(&whole),
            glance: None,
            words: &words,
            now: lab.now,
        });
        let expected = if passes { 5000 } else { 0 };
        assert_eq!(runs.listing.len(), expected, "{text}");
    }
}

fn random(lab: &Lab, text: &str, area: Rect, zoomed: bool) -> bool {
    let pane = Pane {
        area,
        zoomed,
        ..pane(0, 0)
    };
    let mut runs = runs(lab, pane);
    runs.set_filter(filter(text), &lab.context(), pane);
    stays_within(area, |buf| runs.draw(&lab.context(), pane, buf))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_leaves_its_area(area in any_area(), zoomed in any::<bool>()) {
        prop_assert!(random(&Lab::sketched(), "", area, zoomed));
        prop_assert!(random(&Lab::hostile(), "", area, zoomed));
        prop_assert!(random(&Lab::hostile(), "nowhere", area, zoomed));
        prop_assert!(random(&Lab::new(), "", area, zoomed));
    }

    #[test]
    fn the_run_that_is_shown_is_on_the_screen(
        motions in prop::collection::vec(0..8_usize, 0..12),
        height in 4..30_u16,
        zoomed in any::<bool>(),
    ) {
        const ALL: [Motion; 8] = [
            Motion::Up, Motion::Down, Motion::HalfUp, Motion::HalfDown,
            Motion::PageUp, Motion::PageDown, Motion::Top, Motion::Bottom,
        ];
        let mut lab = Lab::sketched();
        let pane = Pane { zoomed, ..pane(60, height) };
        let mut runs = runs(&lab, pane);
        for motion in motions {
            let asked = runs.apply(Command::Move(ALL[motion]), &lab.context(), pane);
            if let [Request::Select(run)] = asked[..] {
                lab.run = Some(run);
            }
            runs.refresh(&lab.context(), pane);
            let visible = runs.visible(&lab.context(), pane);
            prop_assert!(visible.contains(&lab.run.expect("a run")));
        }
    }

    #[test]
    fn the_order_is_one(texts in prop::collection::vec("[a-b0-2.]{0,4}", 3)) {
        let [a, b, c] = [&texts[0], &texts[1], &texts[2]];
        prop_assert_eq!(natural(a, b), natural(b, a).reverse());
        prop_assert_eq!(natural(a, b).is_eq(), a == b);
        if natural(a, b).is_le() && natural(b, c).is_le() {
            prop_assert!(natural(a, c).is_le());
        }
    }
}

#[test]
fn hostile_names_stay_apart_and_harmless() {
    let lab = Lab::hostile();
    let text = picture(&lab, pane(60, 10));
    assert!(!text.contains('\x1b') && HOSTILE.contains('\x1b'));
    assert_ne!(
        names(&runs(&lab, pane(60, 10)))[0],
        names(&runs(&lab, pane(60, 10)))[1]
    );
}
