//! Any keys, clicks, pastes and sizes: nothing panics, and `Esc` always leads back.

#![allow(clippy::unwrap_used)]

#[path = "support/hostile_runs.rs"]
mod hostile_runs;
#[path = "support/screen.rs"]
mod screen;

use std::path::Path;

use ml_dash_top::app::{Clicked, Effect, Event, Mouse};
use ml_dash_top::commands::{BINDINGS, Code, Key};
use proptest::prelude::*;
use ratatui::layout::{Position, Size};
use tempfile::TempDir;

use screen::Screen;

/// What is typed after `/`, `&` and `:`, or into lists that are chosen from.
const PIECES: [&str; 36] = [
    "loss",
    "val",
    "lr",
    "lr>=1e-3",
    "state=",
    "tag:",
    "-",
    "or",
    " ",
    "(",
    ")",
    "\"",
    "/",
    "*",
    "[a-",
    "level>=",
    "warn",
    "rank=0",
    "sort ",
    "columns ",
    "group ",
    "folder",
    "best",
    "up",
    "y ",
    "0 1",
    "window ",
    "1:5",
    "tail 2",
    "grid 2x2",
    "smooth ",
    "level error",
    "export csv",
    "x ",
    "\u{202e}\u{301}",
    "損失",
];

/// Anything that a person and a terminal can do, but not the end of the program.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let bound: Vec<Key> = BINDINGS
        .iter()
        .flat_map(|binding| binding.keys)
        .map(|name| Key::parse(name).unwrap())
        .filter(|key| ![Key::char('q'), Key::ctrl('c')].contains(key))
        .collect();
    let size = |most: u16| (0..most, 0..most / 2).prop_map(|(w, h)| Size::new(w, h));
    let clicked = prop_oneof![
        Just(Clicked::Left),
        Just(Clicked::WheelUp),
        Just(Clicked::WheelDown)
    ];
    let one = prop_oneof![
        20 => prop::sample::select(bound).prop_map(Event::Key),
        4 => prop::sample::select(vec!['v', 'a', 'l', '.', '*', '(', ' ', '\u{202e}', '損'])
            .prop_map(|c| Event::Key(Key::char(c))),
        2 => Just(Event::Key(Key::plain(Code::Backspace))),
        2 => size(260).prop_map(Event::Resize),
        1 => Just(Event::Resize(Size::new(0, 0))),
        1 => Just(Event::Resize(Size::new(10_000, 2))),
        2 => (0..260_u16, 0..100_u16, clicked).prop_map(|(x, y, clicked)| Event::Mouse(Mouse {
            at: Position::new(x, y),
            clicked,
        })),
        1 => ".{0,20}".prop_map(Event::Paste),
        1 => (0.0..1e10_f64).prop_map(Event::Clock),
    ];
    prop_oneof![3 => one.prop_map(|event| vec![event]), 1 => typed()]
}

/// A panel, what is opened in it to be typed or chosen, some text, and how that ends.
fn typed() -> impl Strategy<Value = Vec<Event>> {
    let panel = prop::sample::select(vec!["1", "2", "3", "4"]);
    let opened = prop::sample::select(vec!["/", "&", ":", "c", "b", "Y", "?"]);
    let within = prop::sample::select(vec!["Tab", "Down", "Up", "Space", "Backspace", "Ctrl-u"]);
    let piece = prop::sample::select(PIECES.to_vec());
    let text = prop_oneof![
        3 => piece.prop_map(|text| text.chars().map(Key::char).collect::<Vec<_>>()),
        1 => within.prop_map(|name| vec![Key::parse(name).unwrap()]),
    ];
    let end = prop::sample::select(vec!["Enter", "Esc", "Tab", "Ctrl-w"]);
    let text = prop::collection::vec(text, 0..6);
    (panel, any::<bool>(), opened, text, end).prop_map(|(panel, zoomed, opened, text, end)| {
        let zoom = zoomed.then_some("Enter");
        let before = [panel].into_iter().chain(zoom).chain([opened]);
        let keys = before.chain(["end"]).flat_map(|name| match name {
            "end" => text.concat(),
            name => vec![Key::parse(name).unwrap()],
        });
        let end = Key::parse(end).unwrap();
        keys.chain([end]).map(Event::Key).collect()
    })
}

/// What was done, one thing after the other.
fn storms(most: usize) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(events(), 0..most).prop_map(|events| events.concat())
}

fn runs() -> Screen {
    Screen::of(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/runs")),
        120,
        40,
    )
}

/// Runs whose texts are meant to break the screen.
fn hostile() -> (TempDir, Screen) {
    let folder = tempfile::tempdir().unwrap();
    hostile_runs::write(folder.path());
    let screen = Screen::of(folder.path(), 120, 40);
    (folder, screen)
}

/// Does all of it. False when the program was ended: only by what was chosen from the list of
/// commands, for the keys that end it are not among the events.
fn storm(screen: &mut Screen, events: Vec<Event>) -> bool {
    let enter = Event::Key(Key::plain(Code::Enter));
    for event in events {
        let chosen = event == enter || matches!(event, Event::Mouse(_));
        screen.event(event);
        screen.settle();
        screen.buffer();
        if screen.effects.contains(&Effect::Quit) {
            assert!(chosen, "nobody asked to quit");
            return false;
        }
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_that_is_done_breaks_the_screen(events in storms(60)) {
        let mut screen = runs();
        storm(&mut screen, events);
    }

    #[test]
    fn nothing_that_files_say_breaks_the_screen(events in storms(60)) {
        let (_folder, mut screen) = hostile();
        storm(&mut screen, events);
        for cell in screen.buffer().content() {
            let hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            prop_assert!(!cell.symbol().chars().any(hostile), "{:?}", cell.symbol());
        }
    }

    #[test]
    fn escape_leads_back_from_anywhere_and_never_out(
        events in storms(40)
    ) {
        let mut screen = runs();
        if !storm(&mut screen, events) {
            return Ok(());
        }
        screen.event(Event::Resize(Size::new(160, 45)));
        for _ in 0..12 {
            screen.press("Esc");
        }
        prop_assert!(!screen.effects.contains(&Effect::Quit));
        // The focused panel has a heavy frame; a single chart stands in the title of its panel.
        let text = screen.text().replace('━', "─");
        for title in ["─ 1 Runs", "─ 2 ", "─ 3 Logs", "─ 4 Details"] {
            prop_assert!(text.contains(title), "{title} is missing in\n{text}");
        }
    }
}

#[test]
fn every_size_is_drawn() {
    let mut screen = runs();
    for width in (0..130).step_by(3).chain([200, 1_000, 10_000]) {
        for height in (0..45).step_by(2) {
            if u32::from(width) * u32::from(height) > 60_000 {
                continue;
            }
            screen.event(Event::Resize(Size::new(width, height)));
            screen.settle();
            screen.buffer();
        }
    }
}
