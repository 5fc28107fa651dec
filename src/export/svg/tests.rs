//! Pictures: golden ones, which were looked at, and what must hold for any figure.

use proptest::prelude::*;

use super::*;
use crate::figure::{Bad, Change, Changed, Curve, Flag, Gravity, Note, Outside, Point, Tone};
use crate::insight::axis::XAxis;
use crate::insight::metric::Split;
use crate::widgets::axis::{Bounds, Scale};
use crate::widgets::plot::Span;

fn curve(name: Option<&str>, hue: Tone, values: &[(u32, f64)]) -> Curve {
    let point = |(at, (column, value)): (usize, &(u32, f64))| Point {
        column: *column,
        value: *value,
        joined: at > 0,
    };
    Curve {
        name: name.map(str::to_owned),
        run: None,
        hue,
        split: Some(Split::Train),
        dotted: false,
        line: values.iter().enumerate().map(point).collect(),
        band: Vec::new(),
        raw: Vec::new(),
        superseded: Vec::new(),
        last: values
            .last()
            .map(|(_, value)| format!("{value}"))
            .unwrap_or_default(),
        last_is_bad: false,
        here: None,
    }
}

fn figure(title: &str, curves: Vec<Curve>, y: (f64, f64)) -> Figure {
    Figure {
        title: title.to_owned(),
        quantity: title.to_owned(),
        axis: XAxis::Step,
        x: Bounds::new(0.0, 100.0),
        y,
        limited: false,
        scale: Scale::Linear,
        columns: 100,
        curves,
        best: None,
        bad: Vec::new(),
        outside: Vec::new(),
        changes: Vec::new(),
        groups: Vec::new(),
        cursor: None,
        smoothing: 0.0,
        notes: Vec::new(),
        nothing: None,
    }
}

fn span(column: u32, low: f64, high: f64, joined: bool) -> Span {
    Span {
        column,
        low,
        high,
        joined,
    }
}

/// One chart with everything on it.
fn everything() -> Figure {
    let mut train = curve(
        Some("train"),
        Tone::Train,
        &[(0, 4.0), (30, 2.0), (60, 1.0), (80, 0.5)],
    );
    train.band = vec![
        span(0, 3.5, 4.5, false),
        span(30, 1.5, 2.5, true),
        span(80, 0.4, 0.9, true),
    ];
    train.superseded = vec![span(30, 3.0, 3.0, false), span(50, 3.2, 3.2, true)];
    let mut val = curve(Some("val"), Tone::Val, &[(10, 3.0), (50, 1.5), (90, 1.6)]);
    val.raw = vec![
        span(10, 3.0, 3.0, false),
        span(50, 1.2, 1.9, true),
        span(90, 1.6, 1.6, true),
    ];
    val.last = "NaN".to_owned();
    val.last_is_bad = true;
    let mut figure = figure("loss <&> \"α\"\u{1b}", vec![train, val], (0.4, 4.5));
    figure.best = Some(Flag {
        value: 0.5,
        column: Some(50),
        words: "best 50".to_owned(),
        told: "best 1.5 @50".to_owned(),
        hue: Tone::Val,
    });
    figure.bad = [(92, 0), (93, 0), (94, 0), (96, 1), (98, -1)]
        .map(|(column, sign)| Bad { column, sign })
        .to_vec();
    figure.outside = vec![Outside {
        column: 2,
        above: true,
    }];
    figure.changes = vec![
        Change {
            column: 30,
            what: Changed::Restart,
            words: vec!["restart at 30".to_owned()],
            others: 0,
        },
        Change {
            column: 40,
            what: Changed::Parameters,
            words: vec!["lr 0.1 → 0.01".to_owned(), "a<b \u{1b}= 1".to_owned()],
            others: 2,
        },
    ];
    figure.smoothing = 0.6;
    let note = |words: &str, grave| Note {
        words: words.to_owned(),
        short: words.to_owned(),
        grave,
    };
    figure.notes = vec![
        note("1 outside", Gravity::Hidden),
        note("NaN ×3 from step 92", Gravity::Broken),
    ];
    figure
}

fn overlaid() -> Figure {
    let run = |name: &str, run: &str, number: u8, height: f64, dotted: bool| Curve {
        run: Some(run.to_owned()),
        dotted,
        ..curve(
            Some(name),
            Tone::Run(number),
            &[(0, height), (40, height / 3.0), (70, height / 10.0)],
        )
    };
    let curves = vec![
        run(
            "B val",
            "a run with a name that is far too long for any legend of any chart",
            1,
            80.0,
            false,
        ),
        run("A train", "vit", 0, 100.0, true),
        run("A val", "vit", 0, 95.0, false),
    ];
    Figure {
        scale: Scale::Log,
        ..figure("perplexity", curves, (8.0, 100.0))
    }
}

fn nothing() -> Figure {
    Figure {
        nothing: Some("only NaN".to_owned()),
        ..figure(
            "grad_norm",
            vec![curve(None, Tone::Named("g".to_owned()), &[])],
            (0.0, 1.0),
        )
    }
}

fn small<'a>(title: &'a str, zone: &'a Zone) -> Sheet<'a> {
    Sheet {
        width: 360,
        height: 240,
        ..Sheet::new(Some(title), zone)
    }
}

#[test]
fn a_sheet_of_charts() {
    let zone = Zone::utc();
    let picture = svg(&[everything(), overlaid(), nothing()], &small("vit", &zone));
    check(&picture);
    insta::assert_snapshot!(picture);
}

#[test]
fn times_and_exact_limits_have_their_axes() {
    let zone = Zone::utc();
    let clock = Figure {
        axis: XAxis::Clock,
        x: Bounds::exact(1_795_159_560.0, 1_795_166_760.0),
        limited: true,
        ..figure(
            "loss",
            vec![curve(None, Tone::Shown, &[(0, 5.0), (99, -5.0)])],
            (-1.0, 1.0),
        )
    };
    let time = Figure {
        axis: XAxis::Time,
        x: Bounds::new(0.0, 7200.0),
        scale: Scale::SymLog(-1),
        ..figure(
            "loss",
            vec![curve(None, Tone::Test, &[(0, -50.0), (99, 50.0)])],
            (-50.0, 50.0),
        )
    };
    let picture = svg(&[clock, time], &small("", &zone));
    check(&picture);
    for label in [
        ">08:00<",
        ">1.0<",
        ">-1.0<",
        ">1h<",
        ">-10<",
        ">time of day<",
    ] {
        assert!(picture.contains(label), "{label} in {picture}");
    }
}

#[test]
fn nothing_is_a_picture_too() {
    let picture = svg(&[], &Sheet::new(None, &Zone::utc()));
    check(&picture);
    assert!(picture.lines().count() == 3, "{picture}");
}

/// That it is one well-formed element, without anything that runs or is fetched, and that nothing
/// is drawn far away.
fn check(picture: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = picture;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        assert!(!text.contains('>'), "{text}");
        let harmless = |c: char| c == '\n' || !c.is_control();
        assert!(text.chars().all(harmless), "{text:?}");
        for (at, _) in text.match_indices('&') {
            let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
            assert!(
                known.iter().any(|name| text[at..].starts_with(name)),
                "{text}"
            );
        }
        let end = tag.find('>').expect("an end");
        let (tag, behind) = (&tag[1..end], &tag[end + 1..]);
        rest = behind;
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .expect("a name");
        let known = ["svg", "rect", "g", "title", "clipPath", "text", "path"];
        assert!(known.contains(&name), "{tag}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        let attributes = tag.split('"').collect::<Vec<&str>>();
        assert!(attributes.len() % 2 == 1, "{tag}");
        assert!(
            !attributes[1..]
                .iter()
                .any(|value| value.contains("NaN") || value.contains("inf")),
            "{tag}"
        );
    }
    assert!(open.is_empty() && rest == "\n", "{open:?} {rest:?}");
}

fn values() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e3..1e3_f64,
        Just(0.0),
        Just(-1e308),
        Just(1e308),
        Just(5e-324),
        Just(f64::MIN_POSITIVE),
    ]
}

fn figures() -> impl Strategy<Value = Figure> {
    let points = prop::collection::vec((0..120_u32, values(), any::<bool>()), 0..12);
    let spans = prop::collection::vec((0..120_u32, values(), values(), any::<bool>()), 0..12);
    let scale = prop_oneof![
        Just(Scale::Linear),
        Just(Scale::Log),
        (-5..5_i8).prop_map(Scale::SymLog)
    ];
    let ends = (values(), values(), any::<bool>());
    (any::<String>(), points, spans, scale, ends, 0..200_u32).prop_map(
        |(name, points, spans, scale, (one, two, limited), columns)| {
            let mut curve = curve(Some(&name), Tone::Named(name.clone()), &[]);
            curve.line = points
                .into_iter()
                .map(|(column, value, joined)| Point {
                    column,
                    value,
                    joined,
                })
                .collect();
            curve.band = spans
                .iter()
                .map(|(column, one, two, joined)| {
                    span(*column, one.min(*two), one.max(*two), *joined)
                })
                .collect();
            curve.raw = curve.band.clone();
            curve.superseded = curve.band.clone();
            curve.run = Some(name.clone());
            let marks = curve.line.iter();
            let marks: Vec<Bad> = marks
                .map(|point| Bad {
                    column: point.column,
                    sign: 0,
                })
                .collect();
            Figure {
                scale,
                limited,
                columns,
                bad: marks,
                ..figure(
                    &name,
                    vec![curve.clone(), curve],
                    (one.min(two), one.max(two)),
                )
            }
        },
    )
}

proptest! {
    #[test]
    fn any_figure_of_any_size_is_a_picture(
        figures in prop::collection::vec(figures(), 0..4),
        width in 0..2000_u32,
        height in 0..2000_u32,
        title in any::<String>(),
    ) {
        let zone = Zone::utc();
        let sheet = Sheet { width, height, ..Sheet::new(Some(&title), &zone) };
        let picture = svg(&figures, &sheet);
        check(&picture);
        prop_assert_eq!(picture, svg(&figures, &sheet));
    }
}
