//! What holds for plots of anything.

use proptest::prelude::*;

use super::*;

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

fn any_dots() -> impl Strategy<Value = Dots> {
    proptest::sample::select(Dots::ALL.to_vec())
}

fn any_scale() -> impl Strategy<Value = Scale> {
    prop_oneof![
        Just(Scale::Linear),
        Just(Scale::Log),
        any::<i8>().prop_map(Scale::SymLog),
    ]
}

/// Whether a dot of a braille plot is set.
fn is_set(buf: &Buffer, column: u32, row: u32) -> bool {
    let cell = &buf[((column / 2) as u16, (row / 4) as u16)];
    let symbol = cell.symbol().chars().next().unwrap_or(' ');
    let bits = (symbol as u32).saturating_sub(0x2800) as u8;
    let above = Dots::Braille.above(column % 2);
    let row = row as usize % 4;
    bits & above[row + 1] & !above[row] != 0
}

proptest! {
    #[test]
    fn nothing_is_drawn_outside(
        x in 0..30_u16, y in 0..30_u16, width in 0..60_u16, height in 0..40_u16,
        spans in any_spans(), lo in any::<f64>(), hi in any::<f64>(), scale in any_scale(),
        dots in any_dots(), column in 0..100_u32,
    ) {
        let looks = [Look::Band, Look::Faint, Look::Line, Look::Dotted];
        let plot = Plot {
            bounds: Bounds::new(lo, hi),
            scale,
            layers: looks.map(|look| Layer {
                name: Some(Safe::fixed("name")),
                ..layer(spans.clone(), look, Color::Blue)
            }).to_vec(),
            markers: vec![Marker {
                column: 7,
                value: 3.0,
                label: Safe::fixed("best 3"),
                line: Style::new(),
                words: Style::new(),
            }],
            marks: vec![Mark { column: 3, symbol: '▲', top: false, style: Style::new() }],
            outside: [true, false].map(|above| Outside { column, above, style: Style::new() }).to_vec(),
            cursor: Some(Cursor { column, style: Style::new() }),
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
    fn every_extreme_has_its_dot(
        values in proptest::collection::vec((0.0..7.0_f64, 0.0..7.0_f64), 1..40), band: bool,
    ) {
        let spans: Vec<Span> = values.iter().enumerate()
            .map(|(at, (a, b))| span(at as u32, a.min(*b), a.max(*b))).collect();
        let look = if band { Look::Band } else { Look::Line };
        let drawn = plot(Dots::Braille, vec![layer(spans.clone(), look, Color::Blue)]);
        let buf = draw(&drawn, 20, 6);
        for span in spans {
            for value in [span.low, span.high] {
                let row = ((1.0 - value / 7.0) * 24.0 - 1e-6).max(0.0) as u32;
                prop_assert!(is_set(&buf, span.column, row));
            }
        }
    }

    #[test]
    fn an_area_is_seen_in_every_character(
        values in proptest::collection::vec((0.0..7.0_f64, 0.0..7.0_f64), 1..40), dots in any_dots(),
    ) {
        let spans: Vec<Span> = values.iter().enumerate()
            .map(|(at, (a, b))| span(at as u32, a.min(*b), a.max(*b))).collect();
        let buf = draw(&plot(dots, vec![layer(spans.clone(), Look::Band, Color::Blue)]), 40, 6);
        for span in spans {
            let x = (span.column / u32::from(dots.across())) as u16;
            for value in [span.low, span.high] {
                let y = ((1.0 - value / 7.0) * 6.0 - 1e-6).max(0.0) as u16;
                prop_assert_ne!(buf[(x, y)].symbol(), " ");
            }
        }
    }

    #[test]
    fn of_few_lines_none_has_gaps_and_of_many_each_has_its_own_cells(
        values in proptest::collection::vec((0.0..7.0_f64, 0.0..7.0_f64), 1..40),
        many in any::<bool>(),
    ) {
        let line = |pick: fn(&(f64, f64)) -> f64| -> Vec<Span> {
            let values = values.iter().map(pick).enumerate();
            values.map(|(at, value)| span(at as u32, value, value)).collect()
        };
        let (one, other) = (line(|pair| pair.0), line(|pair| pair.1));
        let drawn = |layers| draw(&plot(Dots::Braille, layers), 20, 6);
        let (blue, red) = (
            drawn(vec![layer(one.clone(), Look::Line, Color::Blue)]),
            drawn(vec![layer(other.clone(), Look::Line, Color::Red)]),
        );
        let copies = if many { 3 } else { 1 };
        let mut layers = vec![layer(one, Look::Line, Color::Blue); copies];
        layers.push(layer(other, Look::Line, Color::Red));
        let both = drawn(layers);
        let dots = |cell: &ratatui::buffer::Cell| cell.symbol().chars().next().map_or(0, |c| c as u32 & 0xff);
        for ((both, blue), red) in both.content.iter().zip(&blue.content).zip(&red.content) {
            let has_red = red.symbol() != " ";
            prop_assert_eq!(both.fg == Color::Red, has_red);
            let expected = match (has_red, many) {
                (true, true) => dots(red),
                _ if blue.symbol() == " " => dots(red),
                (true, false) => dots(blue) | dots(red),
                (false, _) => dots(blue),
            };
            prop_assert_eq!(dots(both), expected);
        }
    }
}
