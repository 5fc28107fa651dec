//! What every palette must keep in every depth.

use super::*;
use colors::Rgb;

const PALETTES: [Palette; 4] = [
    Palette::Dark,
    Palette::Light,
    Palette::HighContrast,
    Palette::Mono,
];
const DEPTHS: [Depth; 4] = [
    Depth::None,
    Depth::Sixteen,
    Depth::TwoHundredFiftySix,
    Depth::True,
];
const ROLES: [Role; 18] = [
    Role::Text,
    Role::Strong,
    Role::Quiet,
    Role::Faint,
    Role::Border,
    Role::FocusedBorder,
    Role::Accent,
    Role::Cursor,
    Role::CursorElsewhere,
    Role::Match,
    Role::Good,
    Role::Warning,
    Role::Bad,
    Role::Debug,
    Role::Info,
    Role::Warn,
    Role::Error,
    Role::Fatal,
];
const HUES: [Hue<'_>; 14] = [
    Hue::Train,
    Hue::Val,
    Hue::Test,
    Hue::Named("lr"),
    Hue::Named("grad_norm"),
    Hue::Named("resnet50-baseline"),
    Hue::Run(0),
    Hue::Run(1),
    Hue::Run(2),
    Hue::Run(3),
    Hue::Run(4),
    Hue::Run(5),
    Hue::Run(6),
    Hue::Run(7),
];
/// Backgrounds that people have.
const BLACKISH: [Rgb; 3] = [Rgb(0, 0, 0), Rgb(18, 18, 18), Rgb(30, 30, 30)];
const WHITISH: [Rgb; 3] = [Rgb(255, 255, 255), Rgb(250, 250, 250), Rgb(253, 246, 227)];

fn backgrounds(palette: Palette) -> [Rgb; 3] {
    match palette {
        Palette::Light => WHITISH,
        _ => BLACKISH,
    }
}

fn all_styles(theme: &Theme) -> Vec<Style> {
    let roles = ROLES.iter().map(|role| theme.style(*role));
    let lines = HUES.iter().map(|hue| theme.series(*hue));
    let faint = HUES.iter().map(|hue| theme.faint_series(*hue));
    let foreign = [
        Color::Black,
        Color::LightRed,
        Color::Indexed(3),
        Color::Indexed(17),
        Color::Indexed(231),
        Color::Rgb(1, 2, 3),
        Color::Rgb(250, 251, 252),
    ];
    let foreign = foreign.map(|color| theme.tamed(Style::new().fg(color).bg(color)));
    roles.chain(lines).chain(faint).chain(foreign).collect()
}

fn rgb(color: Color) -> Rgb {
    match color {
        Color::Rgb(red, green, blue) => Rgb(red, green, blue),
        Color::Indexed(at) => Rgb::of_index(at),
        other => panic!("{other} looks different in every terminal"),
    }
}

/// What is seen of a colour without one of the three kinds of cones (Viénot, Brettel and Mollon).
fn seen_without(red_cones: bool, color: Rgb) -> [f32; 3] {
    let linear = [color.0, color.1, color.2].map(|part| (f32::from(part) / 255.0).powf(2.2));
    let shares = if red_cones {
        [0.112_38, 0.887_62, 0.004_01]
    } else {
        [0.292_75, 0.707_25, -0.022_34]
    };
    let both = shares[0] * linear[0] + shares[1] * linear[1];
    [both, both, shares[2] * (linear[0] - linear[1]) + linear[2]]
}

/// Linear red, green and blue → lightness and two coordinates of hue in which distances are felt.
fn felt(linear: [f32; 3]) -> [f32; 3] {
    let sum = |row: [f32; 3]| row.iter().zip(linear).map(|(a, b)| a * b).sum::<f32>();
    let [x, y, z] = [
        sum([0.4124, 0.3576, 0.1805]) / 0.9505,
        sum([0.2126, 0.7152, 0.0722]),
        sum([0.0193, 0.1192, 0.9505]) / 1.089,
    ]
    .map(|v| {
        if v > 0.008_856 {
            v.cbrt()
        } else {
            7.787 * v + 16.0 / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn apart(a: [f32; 3], b: [f32; 3]) -> f32 {
    let [a, b] = [felt(a), felt(b)];
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).powi(2))
        .sum::<f32>()
        .sqrt()
}

#[test]
fn no_depth_is_exceeded() {
    for palette in PALETTES {
        for depth in DEPTHS {
            let theme = Theme::new(palette, depth, false);
            for style in all_styles(&theme) {
                for color in [style.fg, style.bg].into_iter().flatten() {
                    let fits = match color {
                        Color::Reset => depth >= Depth::Sixteen,
                        Color::Rgb(..) => depth == Depth::True,
                        Color::Indexed(at) => depth == Depth::TwoHundredFiftySix && at >= 16,
                        _ => depth == Depth::Sixteen,
                    };
                    assert!(fits && !theme.is_mono(), "{color} of {theme:?}");
                }
            }
        }
    }
}

#[test]
fn only_the_cursor_has_a_background() {
    for palette in PALETTES {
        for depth in DEPTHS {
            let theme = Theme::new(palette, depth, false);
            for role in ROLES {
                let style = theme.style(role);
                let stands_out =
                    style.bg.is_some() || style.add_modifier.contains(Modifier::REVERSED);
                assert_eq!(stands_out, role == Role::Cursor, "{role:?} of {theme:?}");
            }
        }
    }
}

#[test]
fn all_text_can_be_read() {
    let boundary = |role| matches!(role, Role::Border | Role::Cursor);
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            let least = if palette == Palette::HighContrast {
                5.0
            } else {
                3.0
            };
            let roles = ROLES.iter().filter(|role| !boundary(**role));
            let roles = roles.map(|role| (format!("{role:?}"), theme.style(*role)));
            let hues = HUES
                .iter()
                .map(|hue| (format!("{hue:?}"), theme.series(*hue)));
            for (name, style) in roles.chain(hues) {
                let Some(color) = style.fg.map(rgb) else {
                    continue;
                };
                let grounds = backgrounds(palette);
                let contrast = grounds.map(|ground| color.contrast(ground));
                assert!(
                    contrast.iter().all(|c| *c >= least),
                    "{name} of {theme:?}: {contrast:?}"
                );
            }
        }
    }
}

/// A terminal whose background nobody knows is taken for a dark one.
#[test]
fn the_dark_palette_is_seen_on_white() {
    for depth in [Depth::TwoHundredFiftySix, Depth::True] {
        let theme = Theme::new(Palette::Dark, depth, false);
        let roles = ROLES.iter().filter(|role| **role != Role::Cursor);
        let roles = roles.map(|role| (format!("{role:?}"), theme.style(*role)));
        let hues = HUES
            .iter()
            .map(|hue| (format!("{hue:?}"), theme.series(*hue)));
        for (name, style) in roles.chain(hues) {
            let Some(color) = style.fg.map(rgb) else {
                continue;
            };
            let contrast = color.contrast(Rgb(255, 255, 255));
            assert!(contrast >= 2.0, "{name} of {theme:?}: {contrast}");
        }
    }
}

#[test]
fn a_warning_is_no_validation_loss() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        let theme = Theme::new(palette, Depth::True, false);
        let warning = rgb(theme.style(Role::Warning).fg.expect("a colour"));
        let val = rgb(theme.series(Hue::Val).fg.expect("a colour"));
        let linear = |Rgb(r, g, b)| [r, g, b].map(|part| (f32::from(part) / 255.0).powf(2.2));
        let apart = apart(linear(warning), linear(val));
        assert!(apart >= 20.0, "{palette:?}: {apart}");
    }
}

#[test]
fn text_stays_readable_under_the_cursor() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            let ground = rgb(theme.style(Role::Cursor).bg.expect("a background"));
            // Whatever the terminal's own colour of text is.
            let text = rgb(theme.style(Role::Cursor).fg.expect("a colour"));
            assert!(text.contrast(ground) >= 7.0);
            let quiet = rgb(theme.style(Role::Quiet).fg.expect("a colour"));
            assert!(
                quiet.contrast(ground) >= 3.0,
                "{palette:?} {depth:?} {}",
                quiet.contrast(ground)
            );
            let apart = backgrounds(palette).map(|other| ground != other);
            assert_eq!(apart, [true; 3]);
        }
    }
}

#[test]
fn a_foreign_color_can_be_read() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            for index in 0..=255 {
                let style = theme.tamed(Style::new().fg(Color::Indexed(index)).bg(Color::Red));
                assert_eq!(style.bg, None);
                let Some(color) = style.fg.map(rgb) else {
                    continue;
                };
                let contrast = color.contrast(theme.inks().background);
                assert!(contrast >= 3.0, "{index} in {theme:?}: {contrast}");
            }
        }
    }
}

#[test]
fn splits_stay_apart_for_everybody() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        let theme = Theme::new(palette, Depth::True, false);
        let [train, val, test] = [Hue::Train, Hue::Val, Hue::Test]
            .map(|hue| rgb(theme.series(hue).fg.expect("a colour")));
        for (a, b) in [(train, val), (train, test), (val, test)] {
            for red_cones in [true, false] {
                let apart = apart(seen_without(red_cones, a), seen_without(red_cones, b));
                assert!(apart >= 20.0, "{a:?} and {b:?} of {palette:?}: {apart}");
            }
        }
    }
}

#[test]
fn runs_stay_apart() {
    let runs = || (0..8).flat_map(|a| (0..a).map(move |b| (a, b)));
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            for (a, b) in runs() {
                let color = |run| rgb(theme.series(Hue::Run(run)).fg.expect("a colour"));
                let (one, other) = (color(a), color(b));
                let linear =
                    |Rgb(r, g, b)| [r, g, b].map(|part| (f32::from(part) / 255.0).powf(2.2));
                // Grey is the colour of axes and of quiet text.
                for color in [one, other] {
                    let [_, red, yellow] = felt(linear(color));
                    assert!(red.hypot(yellow) >= 25.0, "{color:?} of {theme:?} is grey");
                }
                let seen = apart(linear(one), linear(other));
                assert!(seen >= 30.0, "{a} and {b} of {theme:?}: {seen}");
                for red_cones in [true, false] {
                    let seen = apart(seen_without(red_cones, one), seen_without(red_cones, other));
                    assert!(seen >= 10.0, "{a} and {b} of {theme:?}: {seen}");
                }
            }
        }
        let few = Theme::new(palette, Depth::Sixteen, false);
        for (a, b) in runs() {
            assert_ne!(
                few.series(Hue::Run(a)),
                few.series(Hue::Run(b)),
                "{palette:?}"
            );
        }
        assert_eq!(few.series(Hue::Run(8)), few.series(Hue::Run(0)));
    }
}

#[test]
fn a_name_keeps_its_color_and_takes_nobody_elses() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::Sixteen, Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            let others = [Hue::Train, Hue::Val].map(|hue| theme.series(hue).fg);
            let mut colors = Vec::new();
            for number in 0..50 {
                let name = format!("seed-{number}");
                let color = theme.series(Hue::Named(&name)).fg;
                assert_eq!(color, theme.series(Hue::Named(&name)).fg);
                assert!(!others.contains(&color), "{name} in {theme:?}");
                if !colors.contains(&color) {
                    colors.push(color);
                }
            }
            assert_eq!(colors.len(), 5, "{theme:?}");
        }
    }
    assert_eq!(
        [spread("lr") % 5, spread("grad_norm") % 5],
        [1, 3],
        "pinned for ever"
    );
}

#[test]
fn faint_lines_recede_but_do_not_vanish() {
    for palette in [Palette::Dark, Palette::Light, Palette::HighContrast] {
        for depth in [Depth::TwoHundredFiftySix, Depth::True] {
            let theme = Theme::new(palette, depth, false);
            for hue in HUES {
                let ground = theme.inks().background;
                let contrast = |style: Style| rgb(style.fg.expect("a colour")).contrast(ground);
                let (full, faint) = (
                    contrast(theme.series(hue)),
                    contrast(theme.faint_series(hue)),
                );
                assert!(
                    faint >= 1.3 && faint <= full * 0.75,
                    "{hue:?} of {theme:?}: {full} {faint}"
                );
                let band = contrast(theme.band_series(hue));
                assert!(band >= 1.2 && band <= faint, "{hue:?} of {theme:?}: {band}");
            }
        }
    }
    let mono = Theme::new(Palette::Mono, Depth::True, false);
    assert!(
        mono.faint_series(Hue::Train)
            .add_modifier
            .contains(Modifier::DIM)
    );
}

#[test]
fn the_nearest_of_256_is_found() {
    for (color, index) in [
        (Rgb(0, 0, 0), 16),
        (Rgb(255, 255, 255), 231),
        (Rgb(86, 180, 233), 74),
        (Rgb(128, 128, 128), 244),
        (Rgb(238, 238, 238), 255),
        (Rgb(60, 64, 71), 238),
    ] {
        assert_eq!(color.nearest_index(), index, "{color:?}");
        let distance = |at: u8| Rgb::of_index(at).distance(color);
        let best = (16..=255).map(distance).min();
        assert_eq!(Some(distance(index)), best, "{color:?}");
    }
}
