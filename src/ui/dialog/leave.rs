//! The question before leaving while a key may exist.

use ratatui::buffer::Buffer;

use crate::ui::{model::Model, theme::Role};

use super::frame;

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Leave now?", (60, 9), Role::Warn, buffer);
    let label = model.issuing.as_ref().map_or_else(String::new, |i| i.order.label().to_string());
    let says = format!(
        "The key “{label}” may exist, and it is not known yet. This console will not find it for you after you leave."
    );
    let mut lines = frame::sentence(theme, Role::Warn, &says, area.width);
    let ask = "y: leave. Enter, Esc or n: stay. Ctrl-C again: leave at once.";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}
