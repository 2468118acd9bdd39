//! The help overlay: the key table, as far as it is live under the overlay.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::ui::{
    keymap::{Scope, live_under_help, table::BINDINGS},
    layout,
    model::Model,
    theme::Role,
};

use super::frame;

/// The size it takes where there is room.
const SIZE: (u16, u16) = (78, 34);

pub(in crate::ui) fn draw(model: &Model, offset: usize, buffer: &mut Buffer) {
    let area = frame::open(model, "Keys that work here", SIZE, Role::Accent, buffer);
    let lines = lines(model, area.width);
    frame::lines(&lines[offset.min(lines.len())..], area, buffer);
}

/// The offset at which the last line is in view.
pub(in crate::ui) fn furthest(model: &Model) -> usize {
    let area = layout::middle(model, SIZE.0, SIZE.1);
    let lines = lines(model, area.width.saturating_sub(4)).len();
    lines.saturating_sub(usize::from(area.height.saturating_sub(2)))
}

/// Every binding that will be live, with those that do nothing now quiet.
fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![];
    for scope in live_under_help(model) {
        lines.push(Line::from(Span::styled(scope.title(), theme.style(Role::Accent))));
        for binding in BINDINGS.iter().filter(|b| b.scope == *scope) {
            let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
            let keys = format!("  {} ", crate::ui::text::pad(&keys.join(" "), 20));
            let help = theme.style(if (binding.when)(model) || *scope == Scope::Form {
                Role::Plain
            } else {
                Role::Quiet
            });
            let room = usize::from(width).saturating_sub(23);
            let mut wrapped = crate::ui::text::wrap(binding.help, room).into_iter();
            let first = wrapped.next().unwrap_or_default();
            lines.push(Line::from(vec![
                Span::styled(keys, theme.style(Role::Strong)),
                Span::styled(first, help),
            ]));
            lines.extend(wrapped.map(|l| Line::from(Span::styled(format!("{:23}{l}", ""), help))));
        }
        lines.push(Line::default());
    }
    lines.pop();
    lines
}
