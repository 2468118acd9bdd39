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
        "{} of the journal could not be read. Each may be a request that made a key. What was \
         confirmed and looked unsent is treated as sent, and looked for.",
        count(lines, "line")
    );
    let mut lines = frame::sentence(theme, Role::Bad, &says, area.width);
    let says = "No key can be made until you have seen this. Look at the unfinished ones first, \
                and at the keys of the on-ramps you have used.";
    lines.extend(frame::sentence(theme, Role::Plain, says, area.width));
    let ask = "y: seen, make keys again. Enter, Esc or n: not now.";
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
pub(in crate::ui) static SCOPE: Scope = Scope::new("damage", "A damaged journal", &[&[
    command("damage.accept", "Say that you have seen it, and allow making keys again.", accept).hint("make keys again").held(Held::Ignored).bind(&[char('y')]),
    CLOSE.doc("Leave it; no key can be made.").hint("not now").bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

fn accept(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    context.run(Engine::accept_damage)
}
