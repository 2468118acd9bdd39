//! The command line that `:` opens, and the words it knows.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::ui::{
    model::{
        Model,
        command::Scope,
        modal::{CursorCell, Modal},
    },
    screen::layout,
    state::places,
    widget::theme::Role,
};

use super::mode;

/// The `:` line.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    /// The typed text.
    pub input: Input,
}

impl Modal for Prompt {
    fn scope(&self) -> &'static Scope {
        &mode::SCOPE
    }

    fn draw(&self, _: &Model, _: &mut Buffer) -> Option<CursorCell> {
        None
    }

    fn draw_over_message(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        Some(draw(model, &self.input, buffer))
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.input.handle(request);
    }
}

/// Draws it over the message line; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, input: &Input, buffer: &mut Buffer) -> (u16, u16) {
    let area = layout::areas(model).message;
    let theme = model.theme;
    let blank = " ".repeat(usize::from(area.width));
    buffer.set_stringn(area.x, area.y, &blank, usize::from(area.width), theme.style(Role::Plain));
    let typed = input.value();
    let line = format!(":{typed}");
    let room = usize::from(area.width.saturating_sub(2));
    let (end, _) = buffer.set_stringn(area.x + 1, area.y, &line, room, theme.style(Role::Strong));
    let known = model.interface.typed.iter().filter_map(|command| command.typed);
    let fits = known.filter(|one| one.words.iter().any(|word| word.starts_with(typed)));
    let mut hints: Vec<_> = fits.map(|one| format!("{} {}", one.words[0], one.help)).collect();
    if !typed.trim().is_empty() {
        let places = places::find(&places::all(&model.geography), typed).into_iter().take(3);
        hints.extend(places.map(|place| format!("→ {}", place.name)));
    }
    let room = usize::from(area.right().saturating_sub(end + 3));
    let hint = crate::ui::widget::text::clip(&hints.join("   "), room).into_owned();
    buffer.set_stringn(end + 3, area.y, &hint, room, theme.style(Role::Quiet));
    let along = u16::try_from(input.visual_cursor()).unwrap_or(0);
    (area.x + 2 + along, area.y)
}
