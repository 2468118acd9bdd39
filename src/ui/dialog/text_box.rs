//! A text field as a form draws it.

use ratatui::buffer::Buffer;
use tui_input::Input;

use crate::ui::{
    text::{clip, width},
    theme::{Role, Theme},
};

/// Draws `input` into `wide` cells, brackets included; where its cursor is.
pub(super) fn draw(
    theme: Theme,
    input: &Input,
    (x, y): (u16, u16),
    wide: u16,
    buffer: &mut Buffer,
) -> (u16, u16) {
    let room = usize::from(wide.saturating_sub(2));
    let scroll = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(scroll).collect();
    let shown = clip(&shown, room).into_owned();
    brackets(theme, &shown, (x, y), wide, buffer);
    let along = u16::try_from(input.visual_cursor().saturating_sub(scroll)).unwrap_or(0);
    (x + 1 + along.min(wide.saturating_sub(2)), y)
}

/// Draws a secret of `len` characters: as many stars as fit. Where its cursor
/// is.
pub(super) fn draw_secret(
    theme: Theme,
    len: usize,
    (x, y): (u16, u16),
    wide: u16,
    buffer: &mut Buffer,
) -> (u16, u16) {
    let stars = len.min(usize::from(wide.saturating_sub(2)));
    brackets(theme, &"*".repeat(stars), (x, y), wide, buffer);
    (x + 1 + u16::try_from(stars).unwrap_or(0).min(wide.saturating_sub(2)), y)
}

fn brackets(theme: Theme, shown: &str, (x, y): (u16, u16), wide: u16, buffer: &mut Buffer) {
    let room = usize::from(wide.saturating_sub(2));
    let fill = "_".repeat(room.saturating_sub(width(shown)));
    buffer.set_stringn(x, y, "[", 1, theme.style(Role::Quiet));
    let end = buffer.set_stringn(x + 1, y, shown, room, theme.style(Role::Plain)).0;
    buffer.set_stringn(end, y, &fill, room, theme.style(Role::Quiet));
    buffer.set_stringn(x + wide - 1, y, "]", 1, theme.style(Role::Quiet));
}
