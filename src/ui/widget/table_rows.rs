//! Lines of cells under headings: how every list is drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::domain::column::{self, Align, Column};

use super::{
    text::{clip, width},
    theme::{Role, Theme},
};

/// A line of a list: its cells, and the role of each.
pub(in crate::ui) type Cells = Vec<Cell>;

/// A column of a list: heading, width in cells (0 takes what is left), and
/// whether it holds figures.
pub(in crate::ui) type Head = (&'static str, usize, bool);

/// A cell: its text, and its role.
pub(in crate::ui) type Cell = (String, Role);

/// A column of a list that is drawn here.
pub(in crate::ui) type ListColumn<R, S = R> = Column<R, Cell, S>;

/// The columns of a list that are shown on a terminal.
pub(in crate::ui) struct ShownColumn<'c, R, S = R> {
    columns: Vec<&'c ListColumn<R, S>>,
    broad: bool,
}

impl<'c, R, S> ShownColumn<'c, R, S> {
    /// Returns those of `all` that are shown, on a broad terminal or another.
    pub(in crate::ui) fn select(all: &'c [ListColumn<R, S>], broad: bool) -> Self {
        let is_shown = |column: &&ListColumn<R, S>| match column.shown {
            column::ColumnVisibility::Never => false,
            column::ColumnVisibility::Always => true,
            column::ColumnVisibility::Broad => broad,
        };
        Self { columns: all.iter().filter(is_shown).collect(), broad }
    }

    /// Returns their headings.
    pub(in crate::ui) fn heads(&self) -> Vec<Head> {
        let head = |column: &&ListColumn<R, S>| {
            let width = if self.broad { column.broad_width } else { column.width };
            (column.title, usize::from(width), column.align == Align::Right)
        };
        self.columns.iter().map(head).collect()
    }

    /// Returns the cells of a row.
    pub(in crate::ui) fn cells(&self, row: &R) -> Cells {
        self.columns.iter().filter_map(|column| Some(column.cell?(row))).collect()
    }
}

/// Builds a cell with plain text.
pub(in crate::ui) fn plain(text: impl Into<String>) -> Cell {
    (text.into(), Role::Plain)
}

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

/// Returns the width left for the column without one of its own.
fn flexible(heads: &[Head], width: u16) -> usize {
    let fixed: usize = heads.iter().map(|(_, wide, _)| wide + 1).sum();
    usize::from(width).saturating_sub(fixed + 2).max(8)
}
