//! The only place that splits the screen.
//!
//! Pure, and used by both drawing and updating (page sizes), so that nothing
//! has to be fed back from drawing.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::ui::{
    model::{Model, context::Context},
    state::{browse::Pane, on_ramp::List},
};

/// The smallest terminal the console draws on, in columns and rows.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Returns whether the terminal is large enough to draw on.
pub const fn fits(model: &Model) -> bool {
    model.size.0 >= SMALLEST.0 && model.size.1 >= SMALLEST.1
}

/// The areas of a view's parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    /// Name, environment, place, time of the data.
    pub header: Rect,
    /// The banner about doubtful data; empty without doubt.
    pub banner: Rect,
    /// Everything between that and the message line.
    pub body: Rect,
    /// The drill-down panes that fit, outermost first.
    pub panes: Vec<(Pane, Rect)>,
    /// The on-ramp table.
    pub table: Rect,
    /// The details of the on-ramp under the cursor; may be empty.
    pub detail: Rect,
    /// Messages, and the state of the data.
    pub message: Rect,
    /// The keys that work now.
    pub footer: Rect,
}

/// Splits the whole screen.
pub fn areas(model: &Model) -> Areas {
    let screen = Rect::new(0, 0, model.size.0, model.size.1);
    let line = Constraint::Length(1);
    let rows = [line, Constraint::Length(banner(model)), Constraint::Min(0), line, line];
    let [header, banner, body, message, footer] = Layout::vertical(rows).areas(screen);
    let tall = screen.height >= 30;
    let [upper, bottom] = split_off(body, if tall { 10 } else { 0 });
    let (shown, widths) = if model.browse.flat {
        (&[][..], &[][..])
    } else {
        shown_panes(model.browse.focus, screen.width)
    };
    let constraints = widths.iter().map(|&w| Constraint::Length(w)).chain([Constraint::Min(0)]);
    let columns = Layout::horizontal(constraints).split(upper);
    let panes = shown.iter().copied().zip(columns.iter().copied()).collect();
    let right = columns.last().copied().unwrap_or(upper);
    let beside = if !tall && screen.height >= 20 { 10 } else { 0 };
    let [table, below] = split_off(right, beside);
    let detail = if tall { bottom } else { below };
    Areas { header, banner, body, panes, table, detail, message, footer }
}

/// Returns the lines of the banner.
fn banner(model: &Model) -> u16 {
    u16::from(model.has_banner())
}

fn split_off(area: Rect, lines: u16) -> [Rect; 2] {
    Layout::vertical([Constraint::Min(0), Constraint::Length(lines)]).areas(area)
}

/// Returns the drill-down panes that fit and their widths: three from 110 columns, two
/// from 84, else the one that matters to the focus.
fn shown_panes(focus: Pane, columns: u16) -> (&'static [Pane], &'static [u16]) {
    match (columns, focus) {
        (110.., _) => (&Pane::DRILL, &[16, 18, 17]),
        (84.., Pane::Country) => (&Pane::DRILL[..2], &[16, 16]),
        (84.., _) => (&Pane::DRILL[1..], &[16, 16]),
        (_, Pane::Country) => (&Pane::DRILL[..1], &[16]),
        (_, Pane::Metro) => (&Pane::DRILL[1..2], &[16]),
        (_, Pane::Region | Pane::OnRamps) => (&Pane::DRILL[2..], &[16]),
    }
}

/// Returns the number of on-ramps the table shows: its height less frame and heading.
pub fn table_rows(model: &Model) -> usize {
    usize::from(areas(model).table.height.saturating_sub(3))
}

/// Returns the areas of the on-ramp page: its facts and two lists. The focused list
/// gets more lines.
pub fn visit(body: Rect, focus: List) -> [Rect; 3] {
    let (circuits, keys) = match focus {
        List::Circuits => (Constraint::Fill(2), Constraint::Fill(1)),
        List::Keys => (Constraint::Fill(1), Constraint::Fill(2)),
    };
    if body.width >= 110 {
        // Wide enough for a uid on one line, so that it can be selected whole.
        let [left, right] =
            Layout::horizontal([Constraint::Length(49), Constraint::Min(0)]).areas(body);
        let [circuits, keys] = Layout::vertical([circuits, keys]).areas(right);
        [left, circuits, keys]
    } else {
        let facts = if body.height >= 20 { 9 } else { 5 };
        Layout::vertical([Constraint::Length(facts), circuits, keys]).areas(body)
    }
}

/// Returns the lines on a page of the focused list.
pub fn page(model: &Model) -> usize {
    let areas = areas(model);
    let lines = match &model.visit {
        Some(open) => {
            let [_, circuits, keys] = visit(areas.body, open.list);
            let list = if open.list == List::Circuits { circuits } else { keys };
            list.height.saturating_sub(3)
        }
        None if model.browse.focus == Pane::OnRamps => areas.table.height.saturating_sub(3),
        None => areas.panes.first().map_or(1, |(_, pane)| pane.height.saturating_sub(2)),
    };
    usize::from(lines.max(1))
}

/// Returns a dialog of `columns` by `rows`, or what the screen has, in the middle of
/// the body: header, messages and key hints stay readable. Where only slivers would be
/// left beside it, it takes the whole width.
pub fn middle(model: &Model, columns: u16, rows: u16) -> Rect {
    let above = 1 + banner(model);
    let (screen, room) = (model.size.0, model.size.1.saturating_sub(above + 2));
    let width = if screen < columns + 8 { screen } else { columns };
    let height = rows.min(room);
    Rect::new((screen - width) / 2, above + (room - height) / 2, width, height)
}

/// Scrolls the table so that its cursor is on the screen.
pub(in crate::ui) fn keep_cursor_in_view(context: &mut Context<'_>) {
    let (page, cursor) = (table_rows(context), context.browse.pane_cursor(Pane::OnRamps));
    let offset = &mut context.browse_mut().0.offset;
    *offset = (*offset).clamp((cursor + 1).saturating_sub(page.max(1)), cursor);
}
