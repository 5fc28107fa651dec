//! Tests of plots.

use ratatui::style::Color;

use super::*;

/// Nothing is where a marker without a point points at.
const BEYOND: f64 = 99.0;

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
        assert_eq!(buf[(0, 0)].symbol(), "⠋");
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
    assert_eq!(lines(&buf), ["⠋⠩", "⣡⣡"]);
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
        value: BEYOND,
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
        value: BEYOND,
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
fn dots_tell_lines_apart_without_colour() {
    let spans = || (0..8).map(|at| span(at, 0.0, 0.0)).collect();
    let dotted = plot(
        Dots::Braille,
        vec![layer(spans(), Look::Dotted, Color::Blue)],
    );
    assert_eq!(lines(&draw(&dotted, 4, 1)), ["⡀⢀ ⡀"]);
    // However steep the line is, a third of its dots are there.
    let steep = [(0, 0.0), (1, 7.0), (2, 0.0), (3, 7.0)];
    let steep = steep.map(|(column, value)| span(column, value, value));
    let dots = |look| {
        let line = layer(steep.to_vec(), look, Color::Blue);
        let cells = lines(&draw(&plot(Dots::Braille, vec![line]), 2, 6)).concat();
        let dots = cells.chars().filter(|c| *c != ' ');
        dots.map(|c| (c as u32 & 0xff).count_ones()).sum::<u32>()
    };
    assert_eq!((dots(Look::Line), dots(Look::Dotted)), (48, 16));
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

/// Two lines and a band, with a cursor, a marker and signs.
fn composed(dots: Dots) -> Vec<String> {
    let wide = u32::from(dots.across());
    let even = |value: f64| (0..12 * wide).map(move |at| span(at, value, value));
    let mut band: Vec<Span> = (0..12 * wide).map(|at| span(at, 2.0, 4.0)).collect();
    band[5 * wide as usize].high = 6.9;
    let mut plot = plot(
        dots,
        vec![
            layer(band, Look::Band, Color::Red),
            layer(even(5.0).collect(), Look::Dotted, Color::Green),
            layer(even(3.0).collect(), Look::Line, Color::Blue),
        ],
    );
    plot.cursor = Some(Cursor {
        column: 2 * wide,
        style: Style::new(),
    });
    plot.markers.push(Marker {
        column: 7 * wide,
        value: 2.0,
        label: Safe::fixed("best"),
        line: Style::new(),
        words: Style::new(),
    });
    plot.outside = [(9, true), (10, false), (99, true)]
        .map(|(cell, above)| Outside {
            column: cell * wide,
            above,
            style: Style::new(),
        })
        .to_vec();
    lines(&draw(&plot, 14, 7))
}

#[test]
fn all_characters_tell_the_same() {
    let table = [
        (Dots::Braille, BRAILLE),
        (Dots::Half, HALF),
        (Dots::Quadrant, QUADRANT),
        (Dots::Ascii, ASCII),
    ];
    let mut dots = Dots::default();
    for (at, expected) in table {
        assert_eq!(dots, at, "one after the other");
        assert_eq!(composed(dots), expected, "{}", dots.name());
        dots = dots.next();
    }
    assert_eq!(dots, Dots::default());
}

const BRAILLE: [&str; 7] = [
    "  │  ⠁ ┊ ▴    ",
    "⡀⢀│⡀⢀⠁⡀⢀ ⡀⢀   ",
    "⣀⣀⣀⣀⣀⢁⣀⣀⣀⣀⣀⣀  ",
    "⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  ",
    "⣡⣡⣡⣡⣡⣡⣡◆⣡⣡⣡⣡  ",
    "  │    ┊ best ",
    "  │    ┊  ▾   ",
];
const HALF: [&str; 7] = [
    "  │  ▒ ┊ ▴    ",
    "▄ ▄ ▄▒▄┊▄ ▄   ",
    "▒▒▒▒▒▒▒▒▒▒▒▒  ",
    "▄▄▄▄▄▄▄▄▄▄▄▄  ",
    "▒▒▒▒▒▒▒◆▒▒▒▒  ",
    "  │    ┊ best ",
    "  │    ┊  ▾   ",
];
const QUADRANT: [&str; 7] = [
    "  │  ▒ ┊ ▴    ",
    "▄ ▄ ▄▒▄┊▄ ▄   ",
    "▒▒▒▒▒▒▒▒▒▒▒▒  ",
    "▄▄▄▄▄▄▄▄▄▄▄▄  ",
    "▒▒▒▒▒▒▒◆▒▒▒▒  ",
    "  │    ┊ best ",
    "  │    ┊  ▾   ",
];
const ASCII: [&str; 7] = [
    "  │  : ┊ ▴    ",
    ". . .:.┊. .   ",
    "::::::::::::  ",
    "............  ",
    ":::::::◆::::  ",
    "  │    ┊ best ",
    "  │    ┊  ▾   ",
];

#[test]
fn the_cursor_tints_faint_lines_and_passes_below_strong_ones() {
    let style = Style::new().fg(Color::Yellow);
    for (look, symbol, color) in [
        (Look::Faint, "⣿", Color::Yellow),
        (Look::Band, "⠩", Color::Yellow),
        (Look::Line, "⣿", Color::Blue),
    ] {
        let full = layer(
            vec![span(0, 0.0, 7.0), span(1, 0.0, 7.0)],
            look,
            Color::Blue,
        );
        let mut plot = plot(Dots::Braille, vec![full]);
        let column = 1;
        plot.cursor = Some(Cursor { column, style });
        let buf = draw(&plot, 1, 2);
        let top = &buf[(0, 0)];
        assert_eq!((top.symbol(), top.fg), (symbol, color), "{look:?}");
    }
    // It stands where a marker stands, and moves no words.
    let mut plot = one(Vec::new());
    plot.markers.push(Marker {
        column: 2,
        value: BEYOND,
        label: Safe::fixed("best"),
        line: Style::new(),
        words: Style::new(),
    });
    for (column, expected) in [(3, [" │ best", " │     "]), (8, [" ┊ best", " ┊  │  "])] {
        plot.cursor = Some(Cursor { column, style });
        assert_eq!(lines(&draw(&plot, 7, 2)), expected);
    }
    plot.cursor = Some(Cursor { column: 14, style });
    assert_eq!(lines(&draw(&plot, 7, 2)), [" ┊ best", " ┊     "]);
}

#[test]
fn many_lines_have_their_names() {
    let named = |number: u32| {
        let value = 3.0 + f64::from(number) * 0.05;
        let end = 160 - 3 * number;
        let spans = (0..end).map(|at| span(at, value, value)).collect();
        Layer {
            name: Some(Safe::new(&format!("{number:02} val"))),
            ..layer(spans, Look::Line, Color::Blue)
        }
    };
    let layers: Vec<Layer> = (0..16).map(named).collect();
    let found = lines(&draw(&plot(Dots::Braille, layers), 110, 30));
    let row = |name: String| found.iter().position(|line| line.contains(&name));
    let rows: Vec<usize> = (0..16)
        .filter_map(|at| row(format!("{at:02} val")))
        .collect();
    assert!(rows.is_sorted_by(|a, b| a > b), "in the order of the ends");
    // What would stand far from its end is left out.
    assert_eq!(rows.len(), 9, "{found:#?}");
}

mod properties;
mod signs;
