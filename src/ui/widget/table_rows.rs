//! Lines of cells under headings: how every list is drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    text::{clip, width},
    theme::{Role, Theme},
};

/// One line of a list: its cells, and the role of each.
pub(in crate::ui) type Cells = Vec<(String, Role)>;

/// A column of a list: heading, width in cells (0 takes what is left), and
/// whether it holds figures.
pub(in crate::ui) type Head = (&'static str, usize, bool);

/// Draws headings and lines into `area`, which has no frame of its own. Each
/// line comes with its index; that of the `cursor` is marked, in `role`.
pub(in crate::ui) fn draw(
    theme: Theme,
    heads: &[Head],
    rows: &[(usize, Cells)],
    (cursor, role): (usize, Role),
    area: Rect,
    buffer: &mut Buffer,
) {
    if area.height == 0 {
        return;
    }
    let line = |y: u16, cells: &[(String, Role)], buffer: &mut Buffer| {
        let mut x = area.x + 2;
        for (&(_, wide, right), (text, role)) in heads.iter().zip(cells) {
            let wide = if wide == 0 { flexible(heads, area.width) } else { wide };
            let text = clip(text, wide);
            let pad = if right { wide - width(&text) } else { 0 };
            let at = x + u16::try_from(pad).unwrap_or(0);
            let room = usize::from(area.right().saturating_sub(at));
            buffer.set_stringn(at, y, &text, room, theme.style(*role));
            x += u16::try_from(wide + 1).unwrap_or(0);
        }
    };
    let titles: Cells = heads.iter().map(|head| (head.0.to_owned(), Role::Quiet)).collect();
    line(area.y, &titles, buffer);
    for (y, (index, cells)) in (area.y + 1..area.bottom()).zip(rows) {
        line(y, cells, buffer);
        if *index == cursor {
            buffer.set_stringn(area.x, y, "▸", 1, theme.style(Role::Accent));
            let first = heads.first().map_or(5, |head| head.1);
            let wide = u16::try_from(first).unwrap_or(5);
            let here = Rect { x: area.x + 2, y, width: wide, height: 1 };
            buffer.set_style(here, theme.style(role));
        }
    }
}

/// What is left for the column without a width of its own.
fn flexible(heads: &[Head], width: u16) -> usize {
    let fixed: usize = heads.iter().map(|(_, wide, _)| wide + 1).sum();
    usize::from(width).saturating_sub(fixed + 2).max(8)
}
