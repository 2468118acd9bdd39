//! The question before leaving while a key may exist.

use ratatui::buffer::Buffer;

use crate::ui::{model::Model, theme::Role};

use super::frame;

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Leave now?", (60, 9), Role::Warn, buffer);
    let hand = model.at_hand().map(|one| one.standing.intent.order.label().to_string());
    let says = format!(
        "The key “{}” may exist, and it is not known yet. It is written down: the next start \
         of this console shows it first and looks for it again.",
        hand.unwrap_or_default()
    );
    let mut lines = frame::sentence(theme, Role::Warn, &says, area.width);
    let ask = "y: leave. Enter, Esc or n: stay. Ctrl-C again: leave at once.";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}
