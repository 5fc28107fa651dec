//! What a title keeps while somebody reads, and what it gives up.

use super::super::legend::Told;
use super::*;
use crate::insight::axis::XAxis;
use crate::widgets::axis::{Bounds, Scale};

fn curve(name: &str, split: Split, run: Option<&str>, here: Here) -> Curve {
    let hue = match (run, split) {
        (Some(run), _) => Tone::Run(run.as_bytes()[0] % 8),
        (None, Split::Val) => Tone::Val,
        (None, _) => Tone::Train,
    };
    Curve {
        name: Some(name.to_owned()),
        run: run.map(str::to_owned),
        hue,
        split: Some(split),
        dotted: false,
        line: Vec::new(),
        band: Vec::new(),
        raw: Vec::new(),
        superseded: Vec::new(),
        last: "0.5".to_owned(),
        last_is_bad: false,
        here: Some(here),
    }
}

fn figure(title: &str, curves: Vec<Curve>) -> Figure {
    let note = |words: &str, grave| Note {
        words: words.to_owned(),
        short: words.to_owned(),
        grave,
    };
    Figure {
        title: title.to_owned(),
        quantity: title.to_owned(),
        axis: XAxis::Epoch,
        x: Bounds::new(0.0, 1.0),
        y: (0.0, 1.0),
        limited: false,
        scale: Scale::Linear,
        columns: 10,
        curves,
        best: None,
        bad: Vec::new(),
        outside: Vec::new(),
        changes: Vec::new(),
        groups: Vec::new(),
        cursor: Some(3),
        smoothing: 0.0,
        notes: vec![
            note("log", Gravity::Setting),
            note("3 outside", Gravity::Hidden),
        ],
        nothing: None,
    }
}

fn title(figure: &Figure) -> Title<'_> {
    Title {
        figure,
        others: &[],
        values_elsewhere: false,
        selected: false,
        pinned: false,
    }
}

fn text(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

fn told(figure: &Figure, room: u16) -> String {
    let theme = Theme::default();
    text(&title(figure).spans(&theme, room))
}

const VALUE: Here = Here::Value(0.974_679_470_062_255_9, Some(0.9));

#[test]
fn a_value_goes_before_the_dash_of_a_line_without_a_point() {
    let train = curve("train", Split::Train, None, VALUE);
    let val = curve("val", Split::Val, None, Here::NoPoint);
    let figure = figure("loss", vec![train, val]);
    assert_eq!(
        told(&figure, 80),
        "loss log  train 0.9746794700622559 ~0.9  val –  3 outside"
    );
    assert_eq!(
        told(&figure, 45),
        "loss  train 0.9746794700622559 ~0.9  val –"
    );
    assert_eq!(told(&figure, 38), "loss  train 0.9746794700622559  val –");
    assert_eq!(told(&figure, 31), "loss  train 0.9746794700622559");
    assert_eq!(told(&figure, 29), "loss  train 0.974679");
    assert_eq!(told(&figure, 19), "loss  train 0.9747");
    assert_eq!(told(&figure, 14), "loss  0.9747");
    assert_eq!(told(&figure, 8), "loss");
}

#[test]
fn digits_go_before_values() {
    let train = curve("train", Split::Train, None, VALUE);
    let val = curve("val", Split::Val, None, VALUE);
    let figure = figure("loss", vec![train, val]);
    assert_eq!(told(&figure, 36), "loss  train 0.974679  val 0.974679");
}

#[test]
fn of_several_runs_it_is_said_which_data_are_told() {
    let of = |run: &str, here| {
        let train = format!("{run} train");
        let val = format!("{run} val");
        [
            curve(&train, Split::Train, Some(run), VALUE),
            curve(&val, Split::Val, Some(run), here),
        ]
    };
    let curves: Vec<Curve> = [of("B", VALUE), of("A", VALUE)].concat();
    let figure = figure("loss", curves);
    assert_eq!(told(&figure, 36), "loss  val A 0.974679  B 0.974679");
    let theme = Theme::default();
    let legend = |all, digits| {
        let told = Told {
            all,
            digits,
            range: true,
        };
        text(&title(&figure).of_run(&theme, Some('B'), told))
    };
    assert_eq!(
        legend(true, None),
        " train 0.9746794700622559 val 0.9746794700622559"
    );
    assert_eq!(legend(false, Some(4)), " val 0.9747");
}
