//! Tests of plots.

use proptest::prelude::*;
use ratatui::style::Color;

use super::*;

fn span(column: u32, low: f64, high: f64) -> Span {
    Span {
        column,
        low,
        high,
        joined: true,
    }
}

fn layer(spans: Vec<Span>, look: Look, color: Color) -> Layer {
    Layer {
        spans,
        look,
        style: Style::new().fg(color),
        name: None,
    }
}

fn plot(dots: Dots, layers: Vec<Layer>) -> Plot {
    Plot {
        dots,
        bounds: Bounds::new(0.0, 7.0),
        scale: Scale::Linear,
        layers,
        markers: Vec::new(),
        marks: Vec::new(),
        outside: Vec::new(),
        cursor: None,
    }
}

fn draw(plot: &Plot, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    plot.draw(area, None, &mut buf);
    buf
}

fn lines(buf: &Buffer) -> Vec<String> {
    let row = |y| {
        (0..buf.area.width)
            .map(|x| buf[(x, y)].symbol().to_owned())
            .collect()
    };
    (0..buf.area.height).map(row).collect()
}

fn one(spans: Vec<Span>) -> Plot {
    plot(Dots::Braille, vec![layer(spans, Look::Line, Color::Blue)])
}

#[test]
fn the_bounds_are_the_outermost_dots() {
    let plot = one(vec![
        span(0, 0.0, 0.0),
        Span {
            joined: false,
            ..span(3, 7.0, 7.0)
        },
    ]);
    assert_eq!(lines(&draw(&plot, 2, 2)), [" ⠙", "⣄ "]);
}

#[test]
fn neighbours_are_joined_by_a_stroke() {
    let plot = one(vec![span(0, 0.0, 0.0), span(1, 7.0, 7.0)]);
    assert_eq!(lines(&draw(&plot, 1, 2)), ["⢸", "⡇"]);
    let plot = one(vec![span(0, 0.0, 0.0), span(7, 7.0, 7.0)]);
    assert_eq!(lines(&draw(&plot, 4, 2)), ["  ⡠⠊", "⡠⠊  "]);
}

#[test]
fn nothing_crosses_a_gap() {
    let plot = one(vec![
        span(0, 0.0, 0.0),
        Span {
            joined: false,
            ..span(7, 7.0, 7.0)
        },
    ]);
    assert_eq!(lines(&draw(&plot, 4, 2)), ["   ⠙", "⣄   "]);
}

#[test]
fn a_span_keeps_its_lowest_and_highest_value() {
    let plot = one(vec![span(0, 1.0, 6.0)]);
    assert_eq!(
        lines(&draw(&plot, 1, 2)),
        ["⠆".replace('⠆', "⡆"), "⠇".to_owned()]
    );
}

#[test]
fn a_faint_line_never_takes_a_cell_from_a_strong_one() {
    let strong = || layer(vec![span(0, 7.0, 7.0)], Look::Line, Color::Blue);
    let faint = || layer(vec![span(0, 4.0, 4.0)], Look::Faint, Color::Red);
    for layers in [vec![strong(), faint()], vec![faint(), strong()]] {
        let buf = draw(&plot(Dots::Braille, layers), 1, 2);
        assert_eq!(buf[(0, 0)].symbol(), "⡋");
        assert_eq!(buf[(0, 0)].fg, Color::Blue);
    }
    let later = layer(vec![span(0, 6.0, 6.0)], Look::Line, Color::Red);
    let buf = draw(&plot(Dots::Braille, vec![strong(), later]), 1, 2);
    assert_eq!(
        buf[(0, 0)].fg,
        Color::Red,
        "the later line is more important"
    );
}

#[test]
fn a_band_gives_way_to_lines() {
    let band = layer(
        vec![span(0, 0.0, 7.0), span(3, 0.0, 7.0)],
        Look::Band,
        Color::Red,
    );
    let line = layer(vec![span(0, 7.0, 7.0)], Look::Line, Color::Blue);
    let buf = draw(&plot(Dots::Braille, vec![band, line]), 2, 2);
    assert_eq!(lines(&buf), ["⠋⠡", "⠡⠡"]);
}

#[test]
fn ascii_has_three_heights() {
    let spans = (0..9).map(|at| span(at, f64::from(at) * 7.0 / 8.0, f64::from(at) * 7.0 / 8.0));
    let plot = plot(
        Dots::Ascii,
        vec![layer(spans.collect(), Look::Line, Color::Blue)],
    );
    assert_eq!(
        lines(&draw(&plot, 9, 2)),
        ["    ..-''", "..-'     "].map(str::to_owned)
    );
}

#[test]
fn words_stand_where_nothing_is_drawn() {
    let mut plot = one(vec![span(0, 3.0, 3.0), span(9, 3.0, 3.0)]);
    plot.layers[0].name = Some(Safe::fixed("val"));
    plot.markers.push(Marker {
        column: 4,
        label: Safe::fixed("best 2"),
        line: Style::new(),
        words: Style::new(),
    });
    let found = lines(&draw(&plot, 12, 3));
    assert_eq!(found, ["  ┊ best 2  ", "⠤⠤⠤⠤⠤   val ", "  ┊         "]);
    // No room behind the line: above it.
    let found = lines(&draw(&plot, 5, 3));
    assert_eq!(found[1], "⠤⠤⠤⠤⠤");
}

#[test]
fn names_are_in_the_order_of_the_ends() {
    // Both lines end in the same row: the upper one's name is above.
    for upper_first in [true, false] {
        let named = |value: f64, name| Layer {
            name: Some(Safe::fixed(name)),
            ..layer(
                vec![span(0, value, value), span(3, value, value)],
                Look::Line,
                Color::Blue,
            )
        };
        let mut layers = vec![named(3.6, "upper"), named(3.4, "lower")];
        if !upper_first {
            layers.reverse();
        }
        let found = lines(&draw(&plot(Dots::Braille, layers), 12, 5));
        let at = |name: &str| found.iter().position(|line| line.contains(name));
        assert!(
            at("upper").is_some() && at("upper") < at("lower"),
            "{found:?}"
        );
    }
}

#[test]
fn words_keep_off_bands_and_marks() {
    let band = layer(
        vec![span(0, 0.0, 7.0), span(11, 0.0, 7.0)],
        Look::Band,
        Color::Red,
    );
    let mut plot = plot(Dots::Braille, vec![band]);
    plot.markers.push(Marker {
        column: 2,
        label: Safe::fixed("best"),
        line: Style::new(),
        words: Style::new(),
    });
    let found = lines(&draw(&plot, 14, 2));
    assert!(found.iter().all(|line| !line.contains("best")), "{found:?}");
    plot.layers.clear();
    plot.marks.push(Mark {
        column: 14,
        symbol: '▲',
        top: true,
        style: Style::new(),
    });
    let found = lines(&draw(&plot, 14, 2));
    assert_eq!(found, [" ┊     ▲      ", " ┊ best       "]);
}

#[test]
fn every_second_dot_tells_lines_apart_without_colour() {
    let spans = || (0..8).map(|at| span(at, 0.0, 0.0)).collect();
    let dotted = plot(
        Dots::Braille,
        vec![layer(spans(), Look::Dotted, Color::Blue)],
    );
    assert_eq!(lines(&draw(&dotted, 4, 1)), ["⡀⡀⡀⡀"]);
    // A point alone is seen wherever it is.
    let alone = plot(
        Dots::Braille,
        vec![layer(vec![span(1, 0.0, 0.0)], Look::Dotted, Color::Blue)],
    );
    assert_eq!(lines(&draw(&alone, 2, 1)), ["⣠⡀"]);
}

#[test]
fn ticks_of_the_frame_outlive_marks() {
    let mut plot = one(Vec::new());
    let mark = |column| Mark {
        column,
        symbol: '▲',
        top: false,
        style: Style::new(),
    };
    plot.marks = [0, 2, 4, 12].map(mark).to_vec();
    let mut buf = Buffer::empty(Rect::new(0, 0, 8, 2));
    let area = Rect::new(0, 0, 8, 1);
    plot.draw(area, Some(&[1, 6]), &mut buf);
    assert_eq!(lines(&buf)[1], "▲ ▲    ▲");
}

#[test]
fn marks_stand_on_the_frame() {
    let mut plot = one(Vec::new());
    for (column, top) in [(0, false), (2, true)] {
        plot.marks.push(Mark {
            column,
            symbol: '▲',
            top,
            style: Style::new(),
        });
    }
    assert_eq!(lines(&draw(&plot, 2, 2)), [" ▲", "▲ "]);
    let area = Rect::new(0, 0, 2, 2);
    let mut buf = Buffer::empty(Rect::new(0, 0, 2, 3));
    plot.draw(area, Some(&[]), &mut buf);
    assert_eq!(lines(&buf), [" ▲", "  ", "▲ "]);
}

fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    let any = (0..500_u32, any::<f64>(), any::<f64>(), any::<bool>());
    let spans = any.prop_map(|(column, low, high, joined)| Span {
        column,
        low,
        high,
        joined,
    });
    proptest::collection::vec(spans, 0..40)
}

proptest! {
    #[test]
    fn nothing_is_drawn_outside(
        x in 0..30_u16, y in 0..30_u16, width in 0..60_u16, height in 0..40_u16,
        spans in any_spans(), lo in any::<f64>(), hi in any::<f64>(), log: bool, ascii: bool,
    ) {
        let dots = if ascii { Dots::Ascii } else { Dots::Braille };
        let looks = [Look::Band, Look::Faint, Look::Line];
        let plot = Plot {
            bounds: Bounds::new(lo, hi),
            scale: if log { Scale::Log } else { Scale::Linear },
            layers: looks.map(|look| Layer {
                name: Some(Safe::fixed("name")),
                ..layer(spans.clone(), look, Color::Blue)
            }).to_vec(),
            markers: vec![Marker {
                column: 7,
                label: Safe::fixed("best 3"),
                line: Style::new(),
                words: Style::new(),
            }],
            marks: vec![Mark { column: 3, symbol: '▲', top: false, style: Style::new() }],
            ..plot(dots, Vec::new())
        };
        let whole = Rect::new(0, 0, 40, 30);
        let mut buf = Buffer::empty(whole);
        let area = Rect::new(x, y, width, height);
        plot.draw(area, None, &mut buf);
        for at in whole.positions().filter(|at| !area.contains(*at)) {
            prop_assert_eq!(&buf[at], &ratatui::buffer::Cell::EMPTY);
        }
    }

    #[test]
    fn every_extreme_has_its_dot(values in proptest::collection::vec((0.0..7.0_f64, 0.0..7.0_f64), 1..40)) {
        let spans: Vec<Span> = values.iter().enumerate()
            .map(|(at, (a, b))| span(at as u32, a.min(*b), a.max(*b))).collect();
        let buf = draw(&one(spans.clone()), 20, 6);
        let dots = |column: u32, row: u32| {
            let cell = &buf[((column / 2) as u16, (row / 4) as u16)];
            let symbol = cell.symbol().chars().next().unwrap_or(' ');
            let bits = (symbol as u32).saturating_sub(0x2800) as u8;
            bits & Dots::Braille.run(column % 2, row % 4..=row % 4) != 0
        };
        for span in spans {
            for value in [span.low, span.high] {
                let row = ((1.0 - value / 7.0) * 24.0 - 1e-6).max(0.0) as u32;
                prop_assert!(dots(span.column, row));
            }
        }
    }
}
