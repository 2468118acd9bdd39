//! Draws the drill-down panes.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::ui::{
    model::Model,
    screen::pane,
    state::browse::Pane,
    widget::{text::clip, theme::Role},
};

pub(in crate::ui) fn draw(model: &Model, pane: Pane, area: Rect, buffer: &mut Buffer) {
    let (theme, browse) = (model.theme, &model.browse);
    let focused = browse.focus == pane && model.modals.is_empty();
    let name = match pane {
        Pane::Country => "Country",
        Pane::Metro => "Metro",
        Pane::Region | Pane::OnRamps => "Region",
    };
    let loaded = model.engine.has_inventory();
    let figure = if loaded { browse.entries(pane).to_string() } else { String::new() };
    let inner =
        pane::pane(model, pane::title(theme, name, &figure, focused), focused, area, buffer);
    if !loaded || inner.height == 0 {
        return;
    }
    let (cursor, visible) = (browse.pane_cursor(pane), usize::from(inner.height));
    let offset = (cursor + 1).saturating_sub(visible);
    for (y, index) in (inner.y..inner.bottom()).zip(offset..=browse.entries(pane)) {
        let (name, count) = browse.entry(pane, index);
        let count = count.to_string();
        let room = usize::from(inner.width).saturating_sub(3 + count.len());
        let here = index == cursor;
        let role = match (here, count.as_str()) {
            (true, _) if focused => Role::Cursor,
            (true, _) => Role::Strong,
            (false, "0") => Role::Quiet,
            _ => Role::Plain,
        };
        let style = theme.style(role);
        let mark = if here { "▸ " } else { "  " };
        buffer.set_stringn(inner.x, y, mark, 2, theme.style(Role::Accent));
        buffer.set_stringn(inner.x + 2, y, clip(&name, room), room, style);
        let x = inner.right() - u16::try_from(count.len()).unwrap_or(0).min(inner.width);
        buffer.set_stringn(x, y, &count, count.len(), theme.style(Role::Quiet));
    }
}
