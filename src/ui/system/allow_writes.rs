//! The question before creating keys is enabled.

use ratatui::buffer::Buffer;

use crate::{
    api::Mode,
    ui::{
        model::{
            Model,
            command::{Call, Held, Scope, command},
            context::Context,
            modal::{CLOSE, CursorCell, Modal},
            msg::Effect,
        },
        screen::frame,
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
        widget::theme::Role,
    },
};

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Allow creating keys?", (60, 9), Role::Warn, buffer);
    let session = &model.session;
    let until = model.keyed("until you quit or type {typed:writes.forbid}");
    let says = format!(
        "In {} ({}), {until}. A key cannot be deleted later; each one is still reviewed before \
         it is sent.",
        session.environment, session.host
    );
    let mut lines = frame::sentence(theme, Role::Plain, &says, area.width);
    let ask = "y = allow. Enter, Esc or n = stay read-only";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}

/// Asks before keys can be created.
#[derive(Debug, Clone, Copy)]
pub struct AllowWrites;

impl Modal for AllowWrites {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("allow-writes", "Write permission", &[&[
    command("writes.allow", "Allow creating keys until you quit or type `:ro`.", allow).hint("allow").held(Held::Ignored).bind(&[char('y')]),
    CLOSE.doc("Stay read-only.").hint("stay read-only").bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

fn allow(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    context.run(|engine| engine.set_mode(Mode::ReadWrite, "requested"))
}
