//! The frame that every dialog has, and lines of facts to put into it.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Clear, Widget},
};

use crate::ui::{
    layout,
    model::Model,
    text::wrap,
    theme::{Role, Theme},
};

/// The size of the dialogs that follow one another when a key is made: each
/// covers the one before.
pub(super) const SIZE: (u16, u16) = (78, 20);

/// Clears the middle of the screen, draws a frame there and returns its
/// inside, one cell in from the frame.
pub(super) fn open(
    model: &Model,
    title: &str,
    size: (u16, u16),
    role: Role,
    buffer: &mut Buffer,
) -> Rect {
    let area = layout::middle(model, size.0, size.1);
    Clear.render(area, buffer);
    let style = model.theme.style(role);
    let name = Line::from(Span::styled(format!(" {title} "), style));
    let fence =
        Span::styled(format!("[{}]", model.session.environment), model.theme.style(Role::Fence));
    let block = Block::bordered().border_style(style).title(name);
    let block = block.title_top(Line::from(fence).right_aligned());
    let inner = block.inner(area);
    block.render(area, buffer);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Draws lines from the top of `area` down.
pub(super) fn lines(lines: &[Line<'_>], area: Rect, buffer: &mut Buffer) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
}

/// A fact with its name.
pub(super) fn fact(theme: Theme, name: &str, value: impl Into<Span<'static>>) -> Line<'static> {
    Line::from(vec![Span::styled(format!("{name:<13}"), theme.style(Role::Quiet)), value.into()])
}

/// A sentence in one role, wrapped to `room` cells.
pub(super) fn sentence(theme: Theme, role: Role, text: &str, room: u16) -> Vec<Line<'static>> {
    let style = theme.style(role);
    wrap(text, usize::from(room)).into_iter().map(|l| Line::from(Span::styled(l, style))).collect()
}

/// The words for yes and no.
pub(super) const fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
