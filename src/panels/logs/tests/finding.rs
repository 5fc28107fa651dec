//! What `/` and `&` find: one marks and goes there, the other hides.

use super::*;

#[test]
fn a_filter_shows_what_matches() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.filter("epoch 3");
    assert_eq!(desk.matches(Seek::Only), Some((9, 44)));
    assert_eq!(desk.cursor(), Some(77));
    assert!(
        desk.top_edge().contains("&epoch 3 9  follow"),
        "{}",
        desk.top_edge()
    );
    // New lines are searched, too.
    desk.append(vec![
        record(Level::Info, "no"),
        record(Level::Info, "Epoch 37"),
    ]);
    desk.settle();
    assert_eq!(desk.matches(Seek::Only), Some((10, 46)));
    assert_eq!(desk.cursor(), Some(86), "the end is followed");
    desk.go(Motion::Up);
    desk.append(vec![
        record(Level::Info, "Epoch 38"),
        record(Level::Info, "no"),
    ]);
    desk.settle();
    assert!(desk.top_edge().contains("↓ 1 new"), "{}", desk.top_edge());
    desk.filter("");
    assert_eq!(
        desk.cursor(),
        Some(77),
        "the line stays when the filter goes"
    );
    desk.filter("nothing like it");
    assert!(desk.picture().contains("lines of level ≥ info matches"));
    assert_eq!(desk.matches(Seek::Only), Some((0, 48)));
    desk.filter("batch").apply(Command::Floor(Level::Debug));
    assert_eq!(desk.matches(Seek::Only), Some((41, 89)));
}

#[test]
fn a_search_hides_nothing() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    let rows = desk.top_edge();
    desk.search("epoch 3");
    assert_eq!(desk.matches(Seek::Find), Some((9, 9)));
    assert_eq!(desk.cursor(), Some(77), "the last one before the end");
    assert!(
        desk.top_edge().contains("/epoch 3 9/9"),
        "{}",
        desk.top_edge()
    );
    assert!(desk.visible().contains(&78), "what does not match is there");
    desk.apply(Command::PreviousMatch);
    assert_eq!(
        (desk.cursor(), desk.matches(Seek::Find)),
        (Some(76), Some((8, 9)))
    );
    desk.apply(Command::PreviousMatch)
        .apply(Command::PreviousMatch);
    assert_eq!(desk.cursor(), Some(41 + 32));
    desk.go(Motion::Top).apply(Command::PreviousMatch);
    assert_eq!(desk.last_said(), "no match before this one");
    desk.apply(Command::NextMatch);
    assert_eq!(desk.cursor(), Some(41 + 3));
    for _ in 0..9 {
        desk.apply(Command::NextMatch);
    }
    assert_eq!(
        (desk.cursor(), desk.last_said()),
        (Some(77), "no further match")
    );
    desk.search("");
    assert_eq!(desk.cursor(), Some(77), "one has moved since");
    desk.apply(Command::NextMatch);
    assert_eq!(desk.last_said(), "nothing is searched: / searches");
    desk.go(Motion::Bottom);
    assert_eq!(desk.top_edge(), rows);
}

#[test]
fn what_is_typed_is_looked_for_from_where_one_was() {
    let mut desk = Desk::new(sketched(), pane(80, 12));
    desk.go(Motion::Top).go(Motion::Down);
    let before = desk.visible();
    for (typed, line) in [
        ("e", 42),
        ("epoch 2", 43),
        ("epoch 25", 66),
        ("epoch 2", 43),
    ] {
        desk.search(typed);
        assert_eq!(desk.cursor(), Some(line), "{typed}");
    }
    desk.search("epoch 25").search("nothing like it").search("");
    assert_eq!(
        desk.cursor(),
        Some(42),
        "whoever gives it up is where they were"
    );
    assert_eq!(desk.visible(), before);
    // Who followed the end follows it again.
    desk.go(Motion::Bottom).search("epoch 25");
    assert_eq!(desk.cursor(), Some(66));
    desk.search("");
    assert!(desk.logs.view.window.follow);
}

#[test]
fn both_go_on_at_once() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.filter("epoch")
        .search("3")
        .apply(Command::ToggleLevel(Level::Debug));
    let found = |desk: &Desk| (desk.matches(Seek::Find), desk.matches(Seek::Only));
    // A search counts what the filter lets through: `worker 3` is not among them.
    assert_eq!(found(&desk), (Some((9, 9)), Some((36, 85))));
    desk.apply(Command::PreviousMatch)
        .apply(Command::PreviousMatch);
    let line = desk.cursor().expect("a match");
    assert_eq!(line, 74);
    desk.filter("");
    assert_eq!(desk.cursor(), Some(line));
    assert!(desk.matches(Seek::Find).is_some_and(|(_, all)| all > 9));
    desk.seek(Seek::Find, "one");
    desk.seek(Seek::Only, "two");
    let slot = |question: &LogQuestion| match question {
        LogQuestion::Search { slot, .. } => Some(*slot),
        LogQuestion::Read { .. } => None,
    };
    let slots: Vec<u8> = desk.questions.iter().filter_map(slot).collect();
    assert_eq!(slots, [0, 0, 1], "the filter narrows what is searched");
}

#[test]
fn a_search_tells_how_far_it_is() {
    let records = (0..1000).map(|n| record(Level::Info, &format!("line {n}")));
    let mut desk = Desk::new(records.collect(), pane(80, 8));
    desk.seek(Seek::Only, "line");
    assert!(desk.picture().contains("searching…  0 %"));
    desk.logs.go(Motion::Up, &desk.lab.context(), desk.pane);
    assert!(
        desk.logs.view.window.follow,
        "there is nothing to leave the end for"
    );
    let Some(LogQuestion::Search { ticket, parts, .. }) = desk.questions.pop_front() else {
        panic!("nothing is searched");
    };
    assert_eq!(parts.len(), 8);
    let hits = vec![LogHit {
        line: 5,
        level: Level::Info,
    }];
    desk.give(LogAnswer::Found {
        ticket,
        hits,
        searched: 256,
        done: false,
    });
    assert!(
        desk.top_edge().contains("&line 1 in 25 %"),
        "{}",
        desk.top_edge()
    );
    assert_eq!(desk.matches(Seek::Only), Some((1, 1000)), "so far");
    let searches = |desk: &Desk| desk.logs.is_searching(Seek::Only, &desk.lab.context());
    assert!(searches(&desk));
    let error = "gone".to_owned();
    desk.give(LogAnswer::Failed { ticket, error });
    assert!(desk.top_edge().contains("search failed"));
    assert!(!searches(&desk), "nothing more will come");
    // The end of an old search is no news.
    desk.filter("other");
    desk.give(LogAnswer::Found {
        ticket,
        hits: Vec::new(),
        searched: 1000,
        done: true,
    });
    assert_eq!(desk.matches(Seek::Only), Some((0, 1000)));
}

/// What is not known yet is waited for: the cursor does not go to a worse place first.
#[test]
fn the_way_to_a_match_is_known_when_it_was_found() {
    let records = (0..1000).map(|n| record(Level::Info, &format!("line {n}")));
    let mut desk = Desk::new(records.collect(), pane(80, 8));
    desk.go(Motion::PageUp);
    let before = desk.cursor();
    desk.seek(Seek::Find, "line 4");
    let question = desk.questions.pop_front();
    let Some(LogQuestion::Search { ticket, .. }) = question else {
        panic!("nothing is searched: {question:?}");
    };
    let hit = |line| LogHit {
        line,
        level: Level::Info,
    };
    let mut found = |hits: Vec<LogHit>, searched, done| {
        desk.give(LogAnswer::Found {
            ticket,
            hits,
            searched,
            done,
        });
        desk.settle();
        (desk.cursor(), desk.top_edge())
    };
    let (cursor, edge) = found(vec![hit(4), hit(40)], 500, false);
    assert_eq!(cursor, before);
    assert!(edge.contains("/line 4 2 in 50 %"), "{edge}");
    let (cursor, edge) = found(vec![], 1000, true);
    assert_eq!(cursor, Some(40), "there is none behind");
    assert!(edge.contains("/line 4 2/2"), "{edge}");
    desk.go(Motion::Top).apply(Command::NextMatch);
    assert_eq!(desk.cursor(), Some(4));
}

#[test]
fn what_is_wrong_is_told_and_the_old_one_stays() {
    let mut desk = Desk::new(sketched(), pane(80, 8));
    desk.filter("epoch 3");
    let wrong = desk
        .logs
        .seek(Seek::Only, "/(", &desk.lab.context(), desk.pane);
    assert!(wrong.is_err_and(|mistake| !mistake.words.is_empty()));
    assert_eq!(desk.logs.sought(Seek::Only), "epoch 3");
    assert_eq!(desk.matches(Seek::Only), Some((9, 44)));
}
