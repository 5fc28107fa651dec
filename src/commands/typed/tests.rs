//! What is typed, and what is wrong with it.

use super::*;

fn typed(text: &str) -> Result<Typed, String> {
    let (typing, rest) = typing_for(text).expect("a command");
    (typing.parse)(rest)
}

#[test]
fn what_is_typed_is_read() {
    assert_eq!(typed("y 0 2.5"), Ok(Typed::YLimits(Some((0.0, 2.5)))));
    assert_eq!(
        typed("y -1e-3   1_000"),
        Ok(Typed::YLimits(Some((-1e-3, 1e3))))
    );
    assert_eq!(typed("y auto"), Ok(Typed::YLimits(None)));
    assert_eq!(
        typed("window 100 200"),
        Ok(Typed::Window(Some((100.0, 200.0))))
    );
    assert_eq!(typed("window all"), Ok(Typed::Window(None)));
    assert_eq!(typed(" smooth  0.85 "), Ok(Typed::Smooth(0.85)));
    assert_eq!(typed("smooth off"), Ok(Typed::Smooth(0.0)));
    assert_eq!(typed("x clock"), Ok(Typed::XAxis(AxisName::Clock)));
    assert_eq!(typed("scale symlog"), Ok(Typed::YScale(ScaleName::SymLog)));
    assert_eq!(typed("tail 500"), Ok(Typed::Tail(500.0)));
    assert_eq!(typed("grid 2x3"), Ok(Typed::Grid(Some((2, 3)))));
    assert_eq!(typed("grid 2 3"), Ok(Typed::Grid(Some((2, 3)))));
    assert_eq!(typed("grid auto"), Ok(Typed::Grid(None)));
    let export = |file: Option<&str>| {
        Ok(Typed::Export(Export {
            format: Format::Csv,
            file: file.map(PathBuf::from),
        }))
    };
    assert_eq!(typed("export csv"), export(None));
    assert_eq!(typed("export csv my loss.csv"), export(Some("my loss.csv")));
}

#[test]
fn what_is_wrong_is_told() {
    for (text, told) in [
        ("y 2 1", "2 is not below 1"),
        ("y 1", "expected two numbers or auto, not \"1\""),
        ("y 1 2 3", "expected two numbers or auto, not \"1 2 3\""),
        ("y one 2", "\"one\" is no number"),
        ("y 0 inf", "\"inf\" is no number"),
        ("smooth 1", "a weight is from 0 to below 1, not 1"),
        ("smooth NaN", "\"NaN\" is no number"),
        ("tail 0", "a length is above 0, not 0"),
        (
            "grid 0x3",
            "\"0x3\" is no grid: rows and columns from 1 to 12, as 2x3, or auto",
        ),
        ("export pdf", "\"pdf\" is no format: csv, jsonl, svg or txt"),
        ("scale sqrt", "\"sqrt\" is no scale: linear, log or symlog"),
    ] {
        assert_eq!(typed(text), Err(told.to_owned()), "{text}");
    }
    assert!(typing_for("y").is_none(), "it needs to know more");
    assert!(typing_for("yy 1 2").is_none());
    assert_eq!(typing_for(" y ").map(|(_, rest)| rest), Some(""));
}

#[test]
fn every_known_word_is_a_whole_argument() {
    let mut words = Vec::new();
    for typing in TYPINGS {
        for word in typing.words_known() {
            assert!((typing.parse)(word).is_ok(), "{} {word}", typing.name);
            words.push(word);
        }
    }
    assert_eq!(
        words.join(" "),
        "auto linear log symlog epoch step time clock row off all auto csv jsonl svg txt off usual project folder off"
    );
}

#[test]
fn no_name_stands_for_two_commands() {
    for typing in TYPINGS {
        let same = TYPINGS.iter().filter(|other| other.name == typing.name);
        assert_eq!(same.count(), 1, "{}", typing.name);
    }
}
