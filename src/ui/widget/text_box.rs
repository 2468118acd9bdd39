//! A text field as a form draws it.

use ratatui::buffer::Buffer;
use tui_input::Input;

use super::{
    text::{clip, width},
    theme::{Role, Theme},
};

/// Draws `input` into `wide` cells, brackets included; where its cursor is.
pub(in crate::ui) fn draw(
    theme: Theme,
    input: &Input,
    (x, y): (u16, u16),
    wide: u16,
    buffer: &mut Buffer,
) -> (u16, u16) {
    let room = usize::from(wide.saturating_sub(2));
    let (shown, along) = visible(input, room);
    brackets(theme, &shown, (x, y), wide, buffer);
    (x + 1 + along.min(wide.saturating_sub(2)), y)
}

/// Returns the part of `input` visible in `room` cells, with its cursor in it, and the
/// cell of the cursor.
pub(in crate::ui) fn visible(input: &Input, room: usize) -> (String, u16) {
    let value = input.value();
    let cursor = value.char_indices().nth(input.cursor()).map_or(value.len(), |(at, _)| at);
    // As much text before the cursor as fits.
    let before = &value[..cursor];
    let starts = before.char_indices().map(|(at, _)| at).chain([cursor]);
    let start = starts.into_iter().find(|at| width(&before[*at..]) <= room).unwrap_or(cursor);
    let along = u16::try_from(width(&before[start..])).unwrap_or(u16::MAX);
    (clip(&value[start..], room).into_owned(), along)
}

/// Draws a secret of `len` characters: as many stars as fit. Where its cursor
/// is.
pub(in crate::ui) fn draw_secret(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stands_behind_what_was_typed_whatever_the_script() {
        let shown = |text: &str, room| visible(&Input::new(text.to_owned()), room);
        assert_eq!(shown("東京ab", 10), ("東京ab".to_owned(), 6));
        assert_eq!(shown("東京大手町", 7), ("大手町".to_owned(), 6), "as much as has room");
        assert_eq!(shown("🇯🇵ab", 10), ("🇯🇵ab".to_owned(), 4));
        let in_front = Input::new("東京大手町".to_owned()).with_cursor(0);
        assert_eq!(visible(&in_front, 7), ("東京大…".to_owned(), 0));
    }
}
