//! The frame that every dialog has, and lines of facts to put into it.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Clear, Widget},
};

use crate::{
    api::account::EnvironmentKind,
    ui::{
        model::Model,
        widget::{
            text::{pad, width, wrap},
            theme::{self, Role, Theme},
        },
    },
};

use super::{account_label, layout};

/// The size of the successive dialogs for creating a key: each covers the one before.
pub(in crate::ui) const SIZE: (u16, u16) = (78, 20);

/// Clears the middle of the screen, draws a frame there and returns its
/// inside, one cell in from the frame.
pub(in crate::ui) fn open(
    model: &Model,
    title: &str,
    size: (u16, u16),
    role: Role,
    buffer: &mut Buffer,
) -> Rect {
    let room = usize::from(layout::middle(model, size.0, size.1).width);
    let label = account_label::label(model, room.saturating_sub(width(title) + 8));
    open_with(model, title, size, (model.session.environment, label), role, buffer)
}

/// Opens a dialog for another environment than the one in use.
pub(in crate::ui) fn open_at(
    model: &Model,
    title: &str,
    size: (u16, u16),
    environment: EnvironmentKind,
    role: Role,
    buffer: &mut Buffer,
) -> Rect {
    open_with(model, title, size, (environment, environment.word().to_owned()), role, buffer)
}

fn open_with(
    model: &Model,
    title: &str,
    size: (u16, u16),
    (environment, label): (EnvironmentKind, String),
    role: Role,
    buffer: &mut Buffer,
) -> Rect {
    let area = layout::middle(model, size.0, size.1);
    blank_what_reaches_in(area, buffer);
    Clear.render(area, buffer);
    let style = model.theme.style(role);
    let name = Line::from(Span::styled(format!(" {title} "), style));
    let block = Block::bordered().border_style(style).title(name);
    let block = block.border_set(theme::border(environment));
    let environment = Span::styled(format!("[{label}]"), model.theme.environment(environment));
    let block = block.title_top(Line::from(environment).right_aligned());
    block.render(area, buffer);
    inside(model, size)
}

/// Blanks the wide characters that begin left of `area` and end in it: a
/// terminal would draw them over the frame.
fn blank_what_reaches_in(area: Rect, buffer: &mut Buffer) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.y..area.bottom() {
        if let Some(cell) = buffer.cell_mut((x, y)).filter(|cell| width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// Returns the inner area of a dialog of `size`.
pub(in crate::ui) fn inside(model: &Model, size: (u16, u16)) -> Rect {
    let area = layout::middle(model, size.0, size.1);
    let (width, height) = (area.width.saturating_sub(4), area.height.saturating_sub(2));
    Rect { x: area.x + 2, y: area.y + 1, width, height }
}

/// Draws lines from the top of `area` down.
pub(in crate::ui) fn lines(lines: &[Line<'_>], area: Rect, buffer: &mut Buffer) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
}

/// The width of a fact's name in cells.
const NAME: usize = 13;

/// Returns a fact with its name; a value that is too wide goes on under itself, since
/// nothing of what will be sent may be cut off.
pub(in crate::ui) fn fact(theme: Theme, name: &str, value: &str, room: u16) -> Vec<Line<'static>> {
    let room = usize::from(room).saturating_sub(NAME).max(8);
    let fits = width(value) <= room;
    let values = if fits { vec![value.to_owned()] } else { wrap(value, room) };
    let names = [name].into_iter().chain(std::iter::repeat(""));
    let line = |(name, value): (&str, String)| {
        let name = Span::styled(pad(name, NAME), theme.style(Role::Quiet));
        Line::from(vec![name, Span::raw(value)])
    };
    names.zip(values).map(line).collect()
}

/// Returns a sentence in one role, wrapped to `room` cells.
pub(in crate::ui) fn sentence(
    theme: Theme,
    role: Role,
    text: &str,
    room: u16,
) -> Vec<Line<'static>> {
    let style = theme.style(role);
    wrap(text, usize::from(room)).into_iter().map(|l| Line::from(Span::styled(l, style))).collect()
}

/// Returns the mark of a choice out of several.
pub(in crate::ui) const fn pick(theme: Theme, yes: bool) -> &'static str {
    match (theme.ascii, yes) {
        (true, true) => "(*)",
        (true, false) => "( )",
        (false, true) => "●",
        (false, false) => "○",
    }
}

/// Returns the words for yes and no.
pub(in crate::ui) const fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
