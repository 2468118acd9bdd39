//! The reason for closing a key in doubt for good.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    domain::intent::IntentId,
    engine::attempt::{Attempt, AttemptStage},
    ui::{
        model::{
            Model,
            command::{Call, Scope, command},
            context::Context,
            modal::{CLOSE, CursorCell, Modal},
            msg::Effect,
        },
        screen::frame,
        state::key::{
            Code::{Enter, Esc},
            plain,
        },
        widget::{text::width, text_box, theme::Role},
    },
};

/// Draws it; where the text cursor is.
pub(in crate::ui) fn draw(
    model: &Model,
    intent: IntentId,
    input: &Input,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = model.theme;
    let area = frame::open(model, "Close this request?", (66, 11), Role::Warn, buffer);
    let one = model.engine.attempt(intent)?;
    let mut lines = frame::sentence(theme, Role::Plain, &consequence(one), area.width);
    let ask = "Reason (recorded in the journal). Enter closes the request, Esc goes back.";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
    let y = area.y + u16::try_from(lines.len()).unwrap_or(0) + 1;
    if y >= area.bottom() {
        return None;
    }
    let room = usize::from(area.width).saturating_sub(3).max(1);
    let (shown, along) = text_box::visible(input, room);
    let fill = "_".repeat(room.saturating_sub(width(&shown)));
    buffer.set_stringn(area.x, y, format!("[{shown}{fill}]"), room + 2, theme.style(Role::Plain));
    Some((area.x + 1 + along, y))
}

fn consequence(one: &Attempt) -> String {
    let label = one.standing.intent.order.label();
    match one.stage {
        AttemptStage::Waiting => format!("{label} was never sent. Its VLAN becomes free again."),
        _ => format!(
            "{label} was not found. If it still appears, it is shown again. Its VLAN becomes \
             free for other keys."
        ),
    }
}

/// Asks why a request is closed for good.
#[derive(Debug, Clone)]
pub struct Reason {
    /// The request.
    pub intent: IntentId,
    /// The typed text.
    pub input: Input,
}

impl Modal for Reason {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self.intent, &self.input, buffer)
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.input.handle(request);
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("reason", "Close in doubt", &[&[
    command("attempt.close-for-good", "Close the key in doubt with this reason.", close).hint("close it").bind(&[plain(Enter)]),
    CLOSE.doc("Go back; the key stays in doubt.").hint("back").bind(&[plain(Esc)]),
]]);

fn close(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(reason) = context.modals.on_top::<Reason>() else { return vec![] };
    let (id, why) = (reason.intent, reason.input.value().trim().to_owned());
    if why.is_empty() {
        return vec![];
    }
    context.modals_mut().pop();
    context.run(|engine| engine.close(id, &why))
}
