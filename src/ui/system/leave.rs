//! The question before leaving while something is not seen to.

use ratatui::buffer::Buffer;

use crate::{
    engine::attempt::Attempt,
    ui::{
        model::{
            Model,
            command::{Held, Scope, command},
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
    let area = frame::open(model, "Quit?", (60, 12), Role::Warn, buffer);
    let mut lines = vec![];
    if let Some(one) = model.engine.active_attempt().filter(|one| Attempt::is_in_doubt(one)) {
        let label = one.standing.intent.order.label();
        let says = format!(
            "The key “{label}” may exist; the outcome is not known yet. It is recorded: the next \
             start of the console shows it first and searches again."
        );
        lines.extend(frame::sentence(theme, Role::Warn, &says, area.width));
    }
    let mut labels = model.never_copied.values();
    if let Some(first) = labels.next() {
        let more = match labels.count() {
            0 => String::new(),
            n => format!(" and {}", count(n, "more key")),
        };
        let says = format!(
            "You created {first}{more} but never copied it or read it aloud. The key stays \
             available in its on-ramp's list."
        );
        lines.extend(frame::sentence(theme, Role::Warn, &says, area.width));
    }
    let ask = "y = quit. Enter, Esc or n = stay. Ctrl-C again after 1 s = quit";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}

/// Asks before leaving while something is open.
#[derive(Debug, Clone, Copy)]
pub struct Leave;

impl Modal for Leave {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("leave", "Quitting", &[&[
    command("console.leave", "Quit anyway.", |_, _| vec![Effect::Quit]).hint("quit").held(Held::Ignored).bind(&[char('y')]),
    CLOSE.doc("Stay.").hint("stay").bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);
