//! Keys by name, any bytes, any cuts.

use proptest::prelude::*;

use super::*;
use crate::app::Clicked;

/// What came, in words: `Up`, `click 3,4`, `paste "x"`.
fn shown(inputs: &[Input]) -> String {
    let words: Vec<String> = inputs
        .iter()
        .map(|input| match input {
            Input::Key(key) => key.to_string(),
            Input::Mouse(mouse) => {
                let what = match mouse.clicked {
                    Clicked::Left => "click",
                    Clicked::WheelUp => "up",
                    Clicked::WheelDown => "down",
                };
                format!("{what} {},{}", mouse.at.x, mouse.at.y)
            }
            Input::Paste(text) => format!("paste {text:?}"),
        })
        .collect();
    words.join(" ")
}

/// Pieces, each so many milliseconds after the one before, and then a long silence.
fn typed(pieces: &[(u64, &[u8])]) -> String {
    let mut now = Instant::now();
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    for (pause, bytes) in pieces {
        let next = now + Duration::from_millis(*pause);
        // As the thread does: it wakes when it is time to give something up.
        while let Some(deadline) = decoder.deadline().filter(|deadline| *deadline <= next) {
            decoder.expire(deadline, &mut inputs);
        }
        now = next;
        decoder.feed(bytes, now, &mut inputs);
    }
    while let Some(deadline) = decoder.deadline() {
        decoder.expire(deadline, &mut inputs);
    }
    shown(&inputs)
}

fn at_once(bytes: &[u8]) -> String {
    typed(&[(0, bytes)])
}

#[test]
fn keys_of_one_byte_or_one_character() {
    assert_eq!(
        at_once(b"qG /\r\n\t\x7f\x08"),
        "q G Space / Enter Enter Tab Backspace Backspace"
    );
    assert_eq!(
        at_once(b"\x03\x1a\x00\x1c\x1f"),
        "Ctrl-c Ctrl-z Ctrl-Space Ctrl-\\ Ctrl-_"
    );
    assert_eq!(at_once("äß損👍".as_bytes()), "ä ß 損 👍");
    assert_eq!(
        at_once(b"\xff\xc3q\x80\xe6\x90j"),
        "q j",
        "torn characters are none"
    );
    assert_eq!(at_once("\u{9b}A\u{85}x".as_bytes()), "A x");
}

#[test]
fn keys_of_all_terminals() {
    let table: &[(&str, &str)] = &[
        (
            "\x1b[A \x1bOB \x1b[C \x1bOD",
            "Up Space Down Space Right Space Left",
        ),
        (
            "\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
            "Home End Home End Home End",
        ),
        ("\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PgUp PgDn"),
        (
            "\x1b[1;5A\x1b[1;2D\x1b[1;3C\x1b[5;5~",
            "Ctrl-Up Shift-Left Alt-Right Ctrl-PgUp",
        ),
        (
            "\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15~\x1b[17~\x1b[24~",
            "F1 F2 F3 F4 F5 F6 F12",
        ),
        (
            "\x1b[1;2P\x1b[15;5~\x1b[1;5R\x1b[34~",
            "Shift-F1 Ctrl-F5 Ctrl-F3 F20",
        ),
        ("\x1b[[A\x1b[[E", "F1 F5"),
        ("\x1b[Z\x1b[1;2Z", "Shift-Tab Shift-Tab"),
        // rxvt
        (
            "\x1b[a\x1b[d\x1bOa\x1bOd",
            "Shift-Up Shift-Left Ctrl-Up Ctrl-Left",
        ),
        (
            "\x1b[3$\x1b[7^\x1b[8@",
            "Shift-Delete Ctrl-Home Ctrl-Shift-End",
        ),
        // kitty, and xterm when it is asked to tell more
        (
            "\x1b[97;5u\x1b[97;2u\x1b[27u\x1b[13;5u",
            "Ctrl-a A Esc Ctrl-Enter",
        ),
        ("\x1b[27;5;99~\x1b[113;1:3u\x1b[1;1:3A\x1b[57399u", "Ctrl-c"),
        (
            "\x1bj\x1b\r\x1b\x7f\x1bä",
            "Alt-j Alt-Enter Alt-Backspace Alt-ä",
        ),
        ("\x1b\x1b[A\x1b\x1bOB", "Alt-Up Alt-Down"),
        ("\x1bOM\x1bOp\x1bOk", "Enter 0 +"),
    ];
    for (bytes, keys) in table {
        assert_eq!(at_once(bytes.as_bytes()), *keys, "{bytes:?}");
    }
}

#[test]
fn a_sequence_may_be_torn() {
    for pause in [1, 5, 20, 49] {
        assert_eq!(typed(&[(0, b"\x1b"), (pause, b"[A")]), "Up", "{pause} ms");
        assert_eq!(typed(&[(0, b"\x1b"), (pause, b"OA")]), "Up", "{pause} ms");
    }
    assert_eq!(typed(&[(0, b"\x1b"), (200, b"[A")]), "Esc [ A");
    assert_eq!(typed(&[(0, b"\x1b[1"), (90, b";5"), (90, b"A")]), "Ctrl-Up");
    assert_eq!(typed(&[(0, b"\x1b[<0;1"), (90, b"2;7M")]), "click 11,6");
    assert_eq!(typed(&[(0, b"\xe6\x90"), (90, b"\x8d")]), "損");
    assert_eq!(typed(&[(0, b"\x1b"), (10, b"\x1b"), (10, b"[A")]), "Alt-Up");
}

#[test]
fn esc_is_a_key_too() {
    assert_eq!(at_once(b"\x1b"), "Esc");
    assert_eq!(at_once(b"\x1b\x1b"), "Esc Esc");
    assert_eq!(at_once(b"\x1b\x1b\x1b"), "Esc Esc Esc");
    assert_eq!(at_once(b"\x1b\x1bj"), "Esc Alt-j");
    assert_eq!(typed(&[(0, b"\x1b"), (60, b"q")]), "Esc q");
    assert_eq!(at_once(b"\x1b["), "Alt-[");
    assert_eq!(at_once(b"\x1bO"), "Alt-O");
    assert_eq!(typed(&[(0, b"\x1b]"), (200, b"q")]), "Alt-] q");
}

#[test]
fn the_mouse() {
    assert_eq!(at_once(b"\x1b[<0;1;1M\x1b[<0;1;1m"), "click 0,0");
    assert_eq!(at_once(b"\x1b[<64;3;4M\x1b[<65;3;4M"), "up 2,3 down 2,3");
    assert_eq!(
        at_once(b"\x1b[<20;3;4M"),
        "click 2,3",
        "with Shift and Ctrl"
    );
    // Other buttons, dragging, and what is no place.
    for nothing in [
        "1;3;4",
        "2;3;4",
        "32;3;4",
        "35;3;4",
        "0;0;4",
        "0;3",
        "0;99999;1",
        "0;-3;1",
    ] {
        let bytes = format!("\x1b[<{nothing}Mq");
        assert_eq!(at_once(bytes.as_bytes()), "q", "{nothing}");
    }
    assert_eq!(at_once(b"\x1b[M !!q"), "click 0,0 q");
    assert_eq!(at_once(b"\x1b[M#!!\x1b[M`\"#"), "up 1,2");
    let far = at_once(b"\x1b[<0;65535;65535M");
    assert_eq!(far, "click 65534,65534");
}

#[test]
fn pastes_are_no_keys() {
    assert_eq!(
        at_once(b"\x1b[200~q:\r\n\x1b[A\x1b[201~j"),
        "paste \"q:\\r\\n\\u{1b}[A\" j"
    );
    assert_eq!(at_once(b"\x1b[200~\x1b[201~q"), "q", "nothing was pasted");
    let torn: &[(u64, &[u8])] = &[
        (0, b"\x1b[20"),
        (90, b"0~q"),
        (900, b"q\x1b[20"),
        (900, b"1~j"),
    ];
    assert_eq!(typed(torn), "paste \"qq\" j");
    // Its end never comes.
    assert_eq!(
        typed(&[(0, b"\x1b[200~abc"), (1100, b"q")]),
        "paste \"abc\" q"
    );
    assert_eq!(at_once(b"\x1b[201~q"), "q");
    let mut long = b"\x1b[200~".to_vec();
    long.resize(long.len() + 3 * LONGEST_PASTE, b'x');
    long.extend(b"y\x1b[201~q");
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(&long, Instant::now(), &mut inputs);
    let [Input::Paste(text), Input::Key(_)] = &inputs[..] else {
        panic!("{}", inputs.len());
    };
    assert_eq!(text.len(), LONGEST_PASTE);
    assert!(text.bytes().all(|b| b == b'x'), "its beginning is kept");
}

#[test]
fn answers_that_nobody_asked_for_are_swallowed() {
    for answer in [
        "\x1b[?2026;2$y",
        "\x1b[?1;2c",
        "\x1b[>41;354;0c",
        "\x1b[24;80R",
        "\x1b[I\x1b[O",
        "\x1b[0n",
        "\x1b[8;24;80t",
        "\x1b[4;1$y",
        "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
        "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
        "\x1bP1$r0m\x1b\\",
        "\x1bP>|tmux 3.4\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b^x\x1b\\\x1bXx\x1b\\",
        "\x1b]0;q\x18",
    ] {
        let bytes = format!("{answer}q");
        assert_eq!(at_once(bytes.as_bytes()), "q", "{answer:?}");
    }
    // One that ends in another sequence.
    assert_eq!(at_once(b"\x1b]11;rgb\x1b[Aq"), "Up q");
    assert_eq!(at_once(b"\x1b[?12\x1b[Aq"), "Up q");
    let long = format!("\x1b[{}mq", "1;".repeat(500));
    assert_eq!(at_once(long.as_bytes()), "q");
}

#[test]
fn what_never_ends_is_given_up() {
    for torn in [
        "\x1b[12",
        "\x1b[?2026",
        "\x1b]11;rgb:",
        "\x1bP1$r",
        "\x1b_G",
        "\x1b[M!",
        "\x1bO1",
    ] {
        assert_eq!(typed(&[(0, torn.as_bytes()), (110, b"q")]), "q", "{torn:?}");
    }
    // Nor does it live of the keys that are pressed in despair.
    let mut pieces: Vec<(u64, &[u8])> = vec![(0, b"\x1b]11;rgb")];
    pieces.extend([(80, &b"q"[..]); 14]);
    assert_eq!(typed(&pieces), "q q");
}

/// Bytes as terminals send them, and others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        proptest::sample::select(vec![
            &b"\x1b"[..],
            b"\x1b[",
            b"\x1bO",
            b"\x1b]",
            b"\x1bP",
            b"\x1b\\",
            b"[",
            b"M",
            b"$",
            b"~",
            b"1;5",
            b"<0;3;4",
            b"\x1b[200~",
            b"\x1b[201~",
            b"\x1b[<0;3;4M",
            "損".as_bytes(),
            b"\x1b[A",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_cut_gives_the_same_events(bytes in bytes(), cuts in proptest::collection::vec(1_usize..5, 0..60)) {
        let now = Instant::now();
        let (mut whole, mut whole_inputs) = (Decoder::default(), Vec::new());
        whole.feed(&bytes, now, &mut whole_inputs);
        let (mut torn, mut torn_inputs) = (Decoder::default(), Vec::new());
        let mut rest = &bytes[..];
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            torn.feed(piece, now, &mut torn_inputs);
            rest = after;
        }
        torn.feed(rest, now, &mut torn_inputs);
        prop_assert_eq!(whole.deadline(), torn.deadline());
        for (decoder, inputs) in [(&mut whole, &mut whole_inputs), (&mut torn, &mut torn_inputs)] {
            if let Some(deadline) = decoder.deadline() {
                decoder.expire(deadline, inputs);
            }
            prop_assert_eq!(decoder.deadline(), None);
        }
        prop_assert_eq!(whole_inputs, torn_inputs);
    }

    #[test]
    fn the_keyboard_is_never_deaf(bytes in bytes()) {
        let now = Instant::now();
        let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
        decoder.feed(&bytes, now, &mut inputs);
        decoder.expire(now + PASTE_PATIENCE, &mut inputs);
        inputs.clear();
        decoder.feed(b"q", now, &mut inputs);
        prop_assert_eq!(shown(&inputs), "q");
    }
}
