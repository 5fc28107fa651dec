//! Which part of the screen is whose, by rule.
//!
//! | width | what stands beside each other |
//! |---|---|
//! | 150 and more | runs, charts over logs, details |
//! | 110 and more | runs over details, charts over logs |
//! | 40 and more | charts over logs; the header says the rest, `1` and `4` fill the screen |
//!
//! A centre that is too low for charts and logs shows the one that has the focus. Below 40×10
//! there is one line.

use ratatui::layout::{Rect, Size};

use crate::commands::PanelId;

/// Where everything is. What has no room is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Areas {
    /// One line, or two where Details has no place beside the charts.
    pub(super) header: Rect,
    /// By [`PanelId`].
    pub(super) panels: [Option<Rect>; 4],
    pub(super) footer: Rect,
    /// There is only room for one line of words, the header.
    pub(super) is_line: bool,
}

/// The least room for panels at all.
const LEAST: Size = Size::new(40, 10);
const THREE_COLUMNS: u16 = 150;
const TWO_COLUMNS: u16 = 110;
/// Charts need ten rows and logs five to be read, besides their frames.
const CHARTS_LEAST: u16 = 10;
const LOGS_LEAST: u16 = 7;
const LOGS_MOST: u16 = 16;
/// The list of runs above Details grows by so many rows at once.
const RUNS_GROW_BY: u16 = 4;
/// Room to say that there is none.
const NO_LOGS: u16 = 3;

impl Areas {
    pub(super) const fn panel(&self, id: PanelId) -> Option<Rect> {
        self.panels[id as usize]
    }
}

/// What decides how the screen is divided, besides its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Division {
    pub(super) focus: PanelId,
    /// The panel with the focus has all of the screen between header and footer.
    pub(super) zoomed: bool,
    /// A run without a log needs no room for it.
    pub(super) has_log: bool,
    /// How many rows the list of runs would fill, its frame included; nothing while it is empty.
    pub(super) runs: Option<u16>,
}

/// Divides the screen.
pub(super) fn areas(size: Size, division: Division) -> Areas {
    let whole = Rect::new(0, 0, size.width, size.height);
    if size.width < LEAST.width || size.height < LEAST.height {
        return Areas {
            header: Rect {
                height: size.height.min(1),
                ..whole
            },
            is_line: true,
            ..Areas::default()
        };
    }
    let header = if size.width < TWO_COLUMNS { 2 } else { 1 };
    let (header, rest) = cut_rows(whole, header);
    let (body, footer) = cut_rows(rest, rest.height - 1);
    let panels = if division.zoomed {
        only(division.focus, body)
    } else {
        panels(body, division)
    };
    Areas {
        header,
        panels,
        footer,
        is_line: false,
    }
}

fn panels(body: Rect, division: Division) -> [Option<Rect>; 4] {
    if body.width >= THREE_COLUMNS {
        let side = (body.width * 6 / 25).clamp(36, 46);
        let (runs, rest) = cut_columns(body, side);
        let (centre, details) = cut_columns(rest, rest.width - side);
        let [charts, logs] = centre_of(centre, division);
        return [Some(runs), charts, logs, Some(details)];
    }
    if body.width >= TWO_COLUMNS {
        let (side, centre) = cut_columns(body, (body.width * 3 / 10).clamp(34, 38));
        let (runs, details) = cut_rows(side, runs_above_details(side.height, division.runs));
        let [charts, logs] = centre_of(centre, division);
        return [Some(runs), charts, logs, Some(details)];
    }
    if matches!(division.focus, PanelId::Runs | PanelId::Details) {
        return only(division.focus, body);
    }
    let [charts, logs] = centre_of(body, division);
    [None, charts, logs, None]
}

/// What the list needs, as long as Details keeps its part. It grows by a few rows at a time, so that
/// hardly any run that appears moves what is below.
fn runs_above_details(height: u16, needed: Option<u16>) -> u16 {
    let needed = needed.map_or(height * 2 / 5, |rows| {
        rows.checked_next_multiple_of(RUNS_GROW_BY).unwrap_or(rows)
    });
    needed.clamp(height / 4, height * 3 / 5)
}

/// Charts over logs, or the one of them that has the focus.
fn centre_of(centre: Rect, division: Division) -> [Option<Rect>; 2] {
    if centre.height < CHARTS_LEAST + LOGS_LEAST {
        return match division.focus {
            PanelId::Logs => [None, Some(centre)],
            _ => [Some(centre), None],
        };
    }
    let logs = if division.has_log {
        (centre.height * 3 / 10)
            .clamp(LOGS_LEAST, LOGS_MOST)
            .min(centre.height - CHARTS_LEAST)
    } else {
        NO_LOGS
    };
    let (charts, logs) = cut_rows(centre, centre.height - logs);
    [Some(charts), Some(logs)]
}

fn only(id: PanelId, body: Rect) -> [Option<Rect>; 4] {
    let mut panels = [None; 4];
    panels[id as usize] = Some(body);
    panels
}

fn cut_rows(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let upper = Rect {
        height: rows,
        ..area
    };
    let lower = Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    };
    (upper, lower)
}

fn cut_columns(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    let left = Rect {
        width: columns,
        ..area
    };
    let right = Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    };
    (left, right)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHARTS: Division = Division {
        focus: PanelId::Charts,
        zoomed: false,
        has_log: true,
        runs: Some(20),
    };

    fn parts(areas: &Areas) -> Vec<Rect> {
        let panels = areas.panels.into_iter().flatten();
        panels.chain([areas.header, areas.footer]).collect()
    }

    proptest! {
        #[test]
        fn every_cell_belongs_to_one_part(
            width in 0..400_u16,
            height in 0..120_u16,
            focus in prop::sample::select(&PanelId::ALL),
            zoomed in any::<bool>(),
            has_log in any::<bool>(),
            runs in any::<Option<u16>>(),
        ) {
            let size = Size::new(width, height);
            let areas = areas(size, Division { focus, zoomed, has_log, runs });
            let parts = parts(&areas);
            let cells: u32 = parts.iter().map(|part| part.area()).sum();
            if !areas.is_line {
                prop_assert_eq!(cells, u32::from(width) * u32::from(height));
                prop_assert!(areas.panel(focus).is_some());
            }
            for (at, part) in parts.iter().enumerate() {
                prop_assert!(part.right() <= width && part.bottom() <= height);
                for other in &parts[at + 1..] {
                    prop_assert!(part.intersection(*other).is_empty());
                }
            }
        }
    }

    #[test]
    fn the_list_gets_what_it_needs_and_seldom_moves() {
        let height = |runs| {
            let areas = areas(Size::new(120, 40), Division { runs, ..CHARTS });
            areas.panel(PanelId::Runs).map_or(0, |area| area.height)
        };
        assert_eq!(height(None), 15, "words need room, too");
        assert_eq!((height(Some(3)), height(Some(u16::MAX))), (9, 22));
        for needed in 9..=20 {
            assert!((needed..needed + 4).contains(&height(Some(needed))));
        }
        let moves = (0..60).filter(|n| height(Some(*n)) != height(Some(n + 1)));
        assert!(moves.count() <= 4);
    }

    #[test]
    fn small_screens_keep_the_loss_and_the_log_readable() {
        for size in [Size::new(80, 24), Size::new(60, 20)] {
            let areas = areas(size, CHARTS);
            let height = |id| areas.panel(id).map_or(0, |area| area.height);
            assert!(height(PanelId::Charts) >= 10, "{size:?}");
            assert!(height(PanelId::Logs) >= 7, "{size:?}");
            assert_eq!(areas.header.height, 2);
        }
        assert!(areas(Size::new(39, 24), CHARTS).is_line);
    }
}
