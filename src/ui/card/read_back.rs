//! A key read back by the customer, checked while it is typed.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};
use tui_input::{Input, InputRequest};

use crate::{
    domain::{
        service_key::ServiceKey,
        spoken::{self, Heard},
    },
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CLOSE, CursorCell, Modal},
        },
        screen::frame,
        state::key::{
            Code::{Enter, Esc},
            plain,
        },
        widget::{text_box, theme::Role},
    },
};

/// The part of the key that was typed so far.
#[derive(Debug, Clone)]
pub struct ReadBack {
    key: ServiceKey,
    /// The typed text.
    pub input: Input,
}

impl ReadBack {
    /// Starts with nothing of `key` read back yet.
    pub fn new(key: ServiceKey) -> Self {
        Self { key, input: Input::default() }
    }

    fn heard(&self) -> Vec<Heard> {
        spoken::read_back(self.key.id.reveal(), self.input.value())
    }
}

/// Draws it and returns the position of the text cursor. The key itself stays hidden:
/// otherwise the user would type what is shown and not what is read back.
pub(in crate::ui) fn draw(model: &Model, open: &ReadBack, buffer: &mut Buffer) -> (u16, u16) {
    let theme = model.theme;
    let area = frame::open(model, "Read back", frame::SIZE, Role::Accent, buffer);
    let heard = open.heard();
    let says = "Type what the customer reads. Dashes, spaces and case are ignored.";
    frame::lines(&frame::sentence(theme, Role::Quiet, says, area.width), area, buffer);
    let row = ratatui::layout::Rect { y: area.y + 2, height: 1, ..area };
    let cursor = text_box::draw(theme, &open.input, (row.x, row.y), row.width.min(50), buffer);
    let mut lines = vec![];
    for (at, group) in spoken::groups(open.key.id.reveal()).iter().enumerate() {
        let (role, word) = match heard.get(at) {
            Some(Heard::Same) => (Role::Good, "ok"),
            Some(Heard::Wrong) => (Role::Bad, "DIFFERENT"),
            Some(Heard::SoFar) => (Role::Plain, "…"),
            Some(Heard::Nothing) | None => (Role::Quiet, "·"),
        };
        let mut spans = vec![
            Span::styled(format!("group {}  ", at + 1), theme.style(Role::Quiet)),
            Span::styled(crate::ui::widget::text::pad(word, 11), theme.style(role)),
        ];
        if heard.get(at) == Some(&Heard::Wrong) {
            let words = group.words.join(" ");
            spans.push(Span::raw(format!("should be {}: {words}", group.text)));
        }
        lines.push(Line::from(spans));
    }
    lines.push(Line::default());
    let right = heard.iter().filter(|one| **one == Heard::Same).count();
    let (role, says) = match right {
        all if all == heard.len() => (Role::Good, "All groups match.".to_owned()),
        _ if heard.contains(&Heard::Wrong) => (Role::Bad, "A group differs: repeat it.".to_owned()),
        right => (Role::Plain, format!("{right} of {} groups match so far.", heard.len())),
    };
    lines.extend(frame::sentence(theme, role, &says, area.width));
    let below =
        ratatui::layout::Rect { y: area.y + 4, height: area.height.saturating_sub(4), ..area };
    frame::lines(&lines, below, buffer);
    cursor
}

impl Modal for ReadBack {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        Some(draw(model, self, buffer))
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.input.handle(request);
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("read-back", "Read back", &[&[
    CLOSE.doc("Back to reading aloud.").hint("back").bind(&[plain(Esc), plain(Enter)]),
]]);
