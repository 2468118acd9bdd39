//! The boxes of a view.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
    widgets::{Block, Widget},
};

use crate::ui::{
    model::Model,
    widget::theme::{self, Role, Theme},
};

/// Returns a bordered box with a title; bright where it has the focus.
pub(in crate::ui) fn pane(
    model: &Model,
    mut title: Line<'_>,
    focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let style = model.theme.style(if focused { Role::Accent } else { Role::Quiet });
    // The title lies on the border and would inherit its intensity. Bold and dim
    // together look different on every terminal.
    for span in &mut title.spans {
        let dim = span.style.add_modifier.contains(Modifier::DIM);
        span.style = span.style.remove_modifier(if dim { Modifier::BOLD } else { Modifier::DIM });
    }
    let block = Block::bordered().border_style(style).title(title);
    let block = block.border_set(theme::border(model.session.environment));
    let inner = block.inner(area);
    block.render(area, buffer);
    inner
}

/// Returns a title followed by a figure.
pub(in crate::ui) fn title(theme: Theme, name: &str, figure: &str, focused: bool) -> Line<'static> {
    let style = theme.style(if focused { Role::Accent } else { Role::Strong });
    let mut spans = vec![Span::styled(format!(" {name} "), style)];
    if !figure.is_empty() {
        spans.push(Span::styled(format!("{figure} "), theme.style(Role::Quiet)));
    }
    Line::from(spans)
}
