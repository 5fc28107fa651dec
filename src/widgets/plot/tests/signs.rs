//! Markers and signs at the edge hide no values.

use super::*;

#[test]
fn a_marker_hides_no_values_and_shows_its_point() {
    let line = layer(
        vec![span(0, 5.0, 5.0), span(5, 5.0, 5.0)],
        Look::Line,
        Color::Blue,
    );
    let band = layer(
        vec![span(2, 1.5, 5.0), span(3, 1.5, 5.0)],
        Look::Band,
        Color::Red,
    );
    let mut plot = plot(Dots::Braille, vec![band, line]);
    for (value, expected) in [
        (5.0, ["┊", "◆", "⠡", "⣡", "┊"]),
        (2.0, ["┊", "⠒", "⠡", "◆", "┊"]),
    ] {
        plot.markers = vec![Marker {
            column: 2,
            value,
            label: Safe::fixed("best"),
            line: Style::new(),
            words: Style::new(),
        }];
        let column: Vec<String> = lines(&draw(&plot, 3, 5))
            .iter()
            .filter_map(|line| line.chars().nth(1))
            .map(String::from)
            .collect();
        assert_eq!(column, expected);
    }
}

#[test]
fn signs_at_the_edge_leave_lines_alone() {
    let line = layer(
        vec![span(0, 0.0, 0.0), span(9, 0.0, 0.0)],
        Look::Line,
        Color::Blue,
    );
    let mut plot = plot(Dots::Braille, vec![line]);
    let below = |column| Outside {
        column,
        above: false,
        style: Style::new(),
    };
    plot.outside = (0..40).chain([48]).map(below).collect();
    assert_eq!(lines(&draw(&plot, 25, 1)), ["⣀⣀⣀⣀⣀▾   ▾   ▾   ▾      ▾"]);
}
