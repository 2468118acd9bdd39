//! The unreadable part of the journal, and the question whether to continue.

use ratatui::buffer::Buffer;

use crate::{
    engine::{Engine, journal::Readiness},
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
        widget::{text::count, theme::Role},
    },
};

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "The journal is damaged", (66, 12), Role::Bad, buffer);
    let lines = match model.engine.journal().readiness {
        Readiness::Damaged(lines) => lines,
        _ => 0,
    };
    let says = format!(
        "{} of the journal could not be read. Each may be a request that created a key. \
         Confirmed requests that looked unsent are treated as sent, and the console searches \
         for their keys.",
        count(lines, "line")
    );
    let mut lines = frame::sentence(theme, Role::Bad, &says, area.width);
    let says = "No key can be created until you confirm that you have read this. Check the \
        unfinished requests first, and the keys of the on-ramps you have used.";
    lines.extend(frame::sentence(theme, Role::Plain, says, area.width));
    let ask = "y = I have read this; allow new keys. Enter, Esc or n = not now";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}

/// Asks whether to go on though the journal is damaged.
#[derive(Debug, Clone, Copy)]
pub struct Damage;

impl Modal for Damage {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("damage", "Damaged journal", &[&[
    command("damage.accept", "Confirm that you have read this, and allow new keys again.", accept).hint("allow new keys").held(Held::Ignored).bind(&[char('y')]),
    CLOSE.doc("Close without confirming; new keys stay disabled.").hint("not now").bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

fn accept(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    context.run(Engine::accept_damage)
}
