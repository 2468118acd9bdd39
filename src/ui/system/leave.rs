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
    let area = frame::open(model, "Leave now?", (60, 12), Role::Warn, buffer);
    let mut lines = vec![];
    if let Some(one) = model.engine.active_attempt().filter(|one| Attempt::is_in_doubt(one)) {
        let label = one.standing.intent.order.label();
        let says = format!(
            "The key “{label}” may exist, and it is not known yet. It is written down: the next \
             start of this console shows it first and looks for it again."
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
            "Made, and never copied or read aloud: {first}{more}. What was made stays in the \
             list of its on-ramp."
        );
        lines.extend(frame::sentence(theme, Role::Warn, &says, area.width));
    }
    let ask = "y: leave. Enter, Esc or n: stay. Ctrl-C again, after 1 s: leave.";
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
pub(in crate::ui) static SCOPE: Scope = Scope::new("leave", "Leaving", &[&[
    command("console.leave", "Leave all the same.", |_, _| vec![Effect::Quit]).hint("leave").held(Held::Ignored).bind(&[char('y')]),
    CLOSE.doc("Stay.").hint("stay").bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);
