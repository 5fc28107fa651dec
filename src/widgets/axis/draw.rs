//! Axes → cells: a thin line with ticks, and quiet labels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ticks::Tick;
use super::{Axis, Bounds, Scale, row_of};
use crate::widgets::paint::{put, put_char};
use crate::widgets::theme::{Role, Theme};

/// The blanks between two labels of a horizontal axis.
const APART: u16 = 2;

/// Draws a vertical axis at the right edge of `area`: labels, right-aligned, and the line.
pub fn draw_left(axis: &Axis, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let (quiet, faint) = (theme.style(Role::Quiet), theme.style(Role::Faint));
    let line = area.right() - 1;
    for y in area.top()..area.bottom() {
        put_char(buf, line, y, '│', faint);
    }
    let mut taken = None;
    for tick in axis.ticks.iter().rev() {
        let Some(share) = axis.scale.share(tick.value, axis.bounds) else {
            continue;
        };
        let row = row_of(share.clamp(0.0, 1.0), u32::from(area.height));
        let y = area.top() + (row.max(0) as u16).min(area.height - 1);
        if taken.is_some_and(|above| y <= above) {
            continue;
        }
        put_char(buf, line, y, '┤', faint);
        let (room, width) = (area.width - 1, tick.label.width() as u16);
        if width <= room {
            put(buf, line - width, y, width, &tick.label, quiet);
            taken = Some(y);
        }
    }
}

/// Draws a horizontal axis below a plot: the line with ticks, if `area` has two lines, and labels.
/// The plot above starts at `area.x`; labels may stand left of that by up to `spare` cells.
pub fn draw_below(axis: &Axis, theme: &Theme, area: Rect, spare: u16, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let (quiet, faint) = (theme.style(Role::Quiet), theme.style(Role::Faint));
    if area.height > 1 {
        if let Some(corner) = area.x.checked_sub(1).filter(|_| spare > 0) {
            put_char(buf, corner, area.y, '└', faint);
        }
        for x in area.left()..area.right() {
            put_char(buf, x, area.y, '─', faint);
        }
        for tick in &axis.ticks {
            let x = area.x + cell(tick, axis.bounds, area.width);
            put_char(buf, x, area.y, '┬', faint);
        }
    }
    let y = area.bottom() - 1;
    let mut free = area.x.saturating_sub(spare);
    for tick in &axis.ticks {
        let width = tick.label.width() as u16;
        let centre = area.x + cell(tick, axis.bounds, area.width);
        let start = centre.saturating_sub(width / 2).max(free);
        let start = start.min(area.right().saturating_sub(width)).max(free);
        if start + width <= area.right() {
            put(buf, start, y, width, &tick.label, quiet);
            free = start + width + APART;
        }
    }
}

/// Whether all labels have room side by side.
pub(super) fn have_room(ticks: &[Tick], bounds: Bounds, cells: u16) -> bool {
    let mut free = 0;
    for tick in ticks {
        let width = tick.label.width() as u16;
        let centre = cell(tick, bounds, cells);
        let wanted = centre.saturating_sub(width / 2);
        let wanted = wanted.min(cells.saturating_sub(width));
        if wanted < free || wanted + width > cells {
            return false;
        }
        free = wanted + width + APART;
    }
    true
}

/// The cell in which a tick of a horizontal axis is.
pub(super) fn cell(tick: &Tick, bounds: Bounds, cells: u16) -> u16 {
    let share = Scale::Linear.share(tick.value, bounds).unwrap_or(0.0);
    let at = (share.clamp(0.0, 1.0) * f64::from(cells) + 1e-6).floor() as u16;
    at.min(cells.saturating_sub(1))
}
