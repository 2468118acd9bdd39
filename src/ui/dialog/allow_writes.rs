//! The question before keys can be made.

use ratatui::buffer::Buffer;

use crate::ui::{model::Model, theme::Role};

use super::frame;

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Allow making keys?", (60, 9), Role::Warn, buffer);
    let session = &model.session;
    let says = format!(
        "In {} ({}), until you leave or type :ro. A key can never be deleted, and each one \
         is still reviewed before it is sent.",
        session.fence, session.host
    );
    let mut lines = frame::sentence(theme, Role::Plain, &says, area.width);
    let ask = "y: allow it. Enter, Esc or n: stay read-only.";
    lines.extend(frame::sentence(theme, Role::Accent, ask, area.width));
    frame::lines(&lines, area, buffer);
}
