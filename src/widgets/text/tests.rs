//! Tests of what is shown of hostile and of wide text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

use super::*;

fn safe(text: &str) -> String {
    Safe::new(text).0.into_owned()
}

#[test]
fn control_characters_become_pictures() {
    assert_eq!(safe("\x1b]0;x\x07"), "␛]0;x␇");
    assert_eq!(safe("a\r\nb\tc\0\x7f"), "a␍⏎b    c␀␡");
    assert_eq!(safe("\u{9b}31m"), "‹U+009B›31m");
}

#[test]
fn tabulators_go_to_the_next_stop() {
    assert_eq!(safe("\ta\tab\tabc\tabcd\t."), "    a   ab  abc abcd    .");
    assert_eq!(safe("損\t."), "損  .");
}

#[test]
fn nothing_turns_the_text_round_or_hides() {
    assert_eq!(safe("loss\u{202e}53.0"), "loss‹U+202E›53.0");
    assert_eq!(
        safe("a\u{200b}b\u{feff}c\u{e0041}d\u{2069}"),
        "abcd‹U+2069›"
    );
    assert_eq!(safe("naïve 損失 🤗\u{fe0f}"), "naïve 損失 🤗");
}

#[test]
fn what_terminals_join_differently_falls_apart() {
    assert_eq!(safe("👩\u{200d}🚀"), "👩🚀");
    assert_eq!(safe("👍\u{1f3fd}"), "👍");
    assert_eq!(safe("🇩🇪"), "DE");
    assert_eq!(safe("❤\u{fe0f}"), "❤");
    assert_eq!(Safe::new("👩\u{200d}🚀").width(), 4);
    assert_eq!(safe("\u{378}\u{e000}"), "‹U+0378›\u{e000}");
}

#[test]
fn marks_do_not_pile_up() {
    let zalgo = format!("a{}b", "\u{301}".repeat(200));
    assert_eq!(safe(&zalgo), "a\u{301}\u{301}\u{301}\u{301}b");
    assert_eq!(safe("\u{301}x"), "x");
}

#[test]
fn paths_keep_what_tells_them_apart() {
    let shown = |bytes| {
        Safe::path(Path::new(OsStr::from_bytes(bytes)))
            .0
            .into_owned()
    };
    assert_eq!(shown(b"runs/\xff\x1b]0;x\x07"), "runs/\\xff\\x1b]0;x\\x07");
    assert_eq!(shown("a\u{200b}b🇩".as_bytes()), "a‹U+200B›b‹U+1F1E9›");
    assert_eq!(shown(b""), ".");
}

#[test]
fn eliding_respects_wide_characters_and_marks() {
    let elided = |text: &str, cells| {
        let text = Safe::new(text);
        [
            text.elide_start(cells),
            text.elide_middle(cells),
            text.elide_end(cells),
        ]
        .map(|text| text.0.into_owned())
    };
    assert_eq!(
        elided("ResNet50 baseline 3", 12),
        ["… baseline 3", "ResNe…line 3", "ResNet50 ba…"].map(str::to_owned)
    );
    assert_eq!(
        elided("損失損失", 4),
        ["…失", "…失", "損…"].map(str::to_owned)
    );
    assert_eq!(elided("損失", 1), ["…"; 3].map(str::to_owned));
    assert_eq!(elided("損失", 0), [""; 3].map(str::to_owned));
    assert_eq!(
        elided("ae\u{301}io", 3),
        ["…io", "a…o", "ae\u{301}…"].map(str::to_owned)
    );
}

#[test]
fn lines_wrap_at_blanks_and_around_wide_characters() {
    let wrapped = |text: &str, cells| {
        let lines = Safe::new(text).wrap(cells).into_iter();
        lines.map(|line| line.0.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        wrapped("val loss rising since 31", 9),
        ["val loss", "rising", "since 31"]
    );
    assert_eq!(
        wrapped("checkpoints/epoch_37.pt", 10),
        ["checkpoint", "s/epoch_37", ".pt"]
    );
    assert_eq!(wrapped("  indented line", 10), ["  indented", "line"]);
    assert_eq!(wrapped("a 損失損失", 5), ["a 損", "失損", "失"]);
    assert_eq!(wrapped("exactly ten", 11), ["exactly ten"]);
    assert_eq!(wrapped("one   two", 4), ["one", "two"]);
    assert_eq!(wrapped("", 4), [""]);
    assert_eq!(wrapped("x", 0), ["x"]);
}

#[test]
fn texts_of_many_lines_fall_apart() {
    let lines = Safe::lines("Traceback:\r\n\tFile \"a.py\"\n 10%\r 50%\r100%\r\n\nend\n");
    let expected = ["Traceback:", "    File \"a.py\"", "100%", "", "end"];
    assert_eq!(lines, expected.map(Safe::fixed));
    assert_eq!(Safe::lines(""), []);
}

#[test]
fn words_are_built_from_pieces() {
    let name = "run\x1b[31m";
    let told = Safe::format(format_args!("{name} has {} rows", 7));
    assert_eq!(told.as_str(), "run␛[31m has 7 rows");
    assert_eq!(Safe::format(format_args!("a\tb")).as_str(), "a   b");
    let pieces = [Safe::fixed("a"), Safe::new("b"), Safe::fixed("c")];
    assert_eq!(Safe::join(&pieces, ", ").as_str(), "a, b, c");
    assert_eq!(Safe::join(&[], ", "), Safe::default());
    let wide = Safe::fixed("損");
    assert_eq!(
        format!("[{wide:4}|{wide:>4}|{wide:^4}|{wide:1}]"),
        "[損  |  損| 損 |損]"
    );
    assert_eq!(wide.pad_start(3).then(&wide.pad_end(3)).as_str(), " 損損 ");
    let (start, rest) = Safe::new("a損b").split_at(2);
    assert_eq!([start.as_str(), rest.as_str()], ["a", "損b"]);
}

#[test]
fn what_is_copied_runs_nothing() {
    let lines = [
        Safe::new("rm -rf /\n"),
        Safe::new("\x1b[201~x"),
        Safe::default(),
    ];
    let copied = for_clipboard(&lines);
    assert_eq!(copied.as_deref(), Some("rm -rf /⏎\n␛[201~x"));
    let long = vec![Safe::new(&"損".repeat(1_000)); 50];
    assert_eq!(for_clipboard(&long), None, "half of a text is another text");
    assert_eq!(for_clipboard(&[]).as_deref(), Some(""));
}

/// Texts in which everything that needs care is frequent.
fn any_text() -> impl Strategy<Value = String> {
    let special = "[\u{0}-\u{20}\u{7f}-\u{9f}\u{300}-\u{305}\u{ad}\u{200b}-\u{200f}\u{202a}-\u{202e}\
        \u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\u{1f600}-\u{1f610}\u{fe0f}\u{0e40}-\u{0e4e}\u{915}-\u{94d}\
        \u{1100}-\u{11ff}\u{17d2}\u{1780}-\u{1790}\u{644}\u{627}損失a-c]{0,40}";
    prop_oneof![any::<String>(), special, "[ -~]{0,40}"]
}

proptest! {
    #[test]
    fn what_is_shown_is_printable(text in any_text()) {
        let out = Safe::new(&text);
        prop_assert!(out.0.chars().all(|c| !c.is_control() && !must_escape(c)));
        prop_assert_eq!(&Safe::new(out.as_str()), &out, "safe text stays as it is");
        prop_assert_eq!(&Safe::format(format_args!("{text}")), &out);
    }

    #[test]
    fn so_are_paths(bytes in any::<Vec<u8>>()) {
        let out = Safe::path(Path::new(OsStr::from_bytes(&bytes)));
        prop_assert!(out.0.chars().all(|c| !c.is_control() && !must_escape(c)));
    }

    #[test]
    fn what_is_cut_fits(text in any_text(), cells in 0..20_usize) {
        let out = Safe::new(&text);
        for cut in [out.elide_end(cells), out.elide_start(cells), out.elide_middle(cells)] {
            prop_assert!(cut.width() <= cells);
            prop_assert!(out.width() > cells || cut == out);
        }
        let (start, rest) = out.split_at(cells);
        prop_assert!(start.width() <= cells);
        prop_assert_eq!(start.then(&rest), out);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_only_blanks(text in any_text(), cells in 4..20_usize) {
        let out = Safe::new(&text);
        let lines = out.wrap(cells);
        prop_assert!(!lines.is_empty());
        for line in &lines {
            prop_assert!(line.width() <= cells, "{:?}", line);
        }
        let letters = |text: &str| text.replace(' ', "");
        let together: String = lines.iter().map(|line| letters(line.as_str())).collect();
        prop_assert_eq!(together, letters(out.as_str()));
    }

    /// One by one in a terminal, and as the buffer of the screen measures a cell.
    #[test]
    fn everybody_measures_the_same_width(text in any_text()) {
        let out = Safe::new(&text);
        let mut cells = 0;
        let mut together = String::new();
        for (atom, wide) in out.atoms() {
            prop_assert_eq!(atom.width(), usize::from(wide), "{:?}", atom);
            prop_assert!((1..=2).contains(&wide), "{:?}", atom);
            prop_assert!(atom.len() <= 20, "more than a cell of tmux holds");
            cells += usize::from(wide);
            together.push_str(atom);
        }
        prop_assert_eq!(cells, out.width());
        prop_assert_eq!(together.as_str(), out.as_str());
    }
}
