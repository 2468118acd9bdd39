//! Draws the model. Decides nothing and changes nothing.

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    api::Mode,
    domain::time::ReadAt,
    ui::{
        model::{Model, command::Command},
        screen::{account_label, layout, stale_text},
        stale_banner,
        system::{self},
        widget::{
            text::{self, clip, width},
            theme::Role,
        },
    },
};

use super::message_line;

/// Draws one frame.
pub fn draw(model: &Model, frame: &mut Frame) {
    let screen = frame.area();
    let buffer = frame.buffer_mut();
    if (screen.width, screen.height) != model.size {
        return; // the resize message is queued, and a frame will follow it
    }
    if !layout::fits(model) {
        too_small(screen, buffer);
        return;
    }
    let areas = layout::areas(model);
    header(model, areas.header, buffer);
    if model.has_banner() {
        stale_banner::draw(model, areas.banner, buffer);
    }
    let typing = model.view().draw(model, buffer);
    // Only the dialog on top has the keys, so only its cursor is shown.
    let cursor = model.modals.iter().map(|open| open.draw(model, buffer)).last();
    let cursor = cursor.unwrap_or(typing);
    message(model, areas.message, buffer);
    let over = model.modals.top().and_then(|top| top.draw_over_message(model, buffer));
    footer(model, areas.footer, buffer);
    model.theme.finish(buffer);
    if let Some(at) = over.or(cursor) {
        frame.set_cursor_position(at);
    }
}

/// Returns the question of the top dialog, if it asks before something is sent.
pub(in crate::ui) fn asked_before_sending(model: &Model) -> Option<Buffer> {
    let open =
        model.modals.top().filter(|open| layout::fits(model) && open.question().is_some())?;
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
    open.draw(model, &mut buffer);
    Some(buffer)
}

/// Returns when the shown data was read; both times if on-ramps and keys differ.
fn read_at(model: &Model) -> String {
    let at = |read: ReadAt| stale_text::moment(read.shown, model.server_now());
    match (model.engine.products().read_at, model.engine.keys().read_at) {
        (None, _) => String::new(),
        (Some(on_ramps), keys) if model.doubt().is_some() => {
            let what = if model.engine.products().saved { "saved" } else { "data" };
            let keys = keys.map_or_else(String::new, |keys| format!("  keys {}", at(keys)));
            format!("{what} {}{keys}", text::relative(on_ramps.here, model.now()))
        }
        (Some(on_ramps), Some(keys))
            if text::date_time(on_ramps.shown) != text::date_time(keys.shown) =>
        {
            format!("on-ramps {}  keys {}", at(on_ramps), at(keys))
        }
        (Some(on_ramps), _) => format!("data {}", at(on_ramps)),
    }
}

fn too_small(screen: Rect, buffer: &mut Buffer) {
    let (columns, rows) = layout::SMALLEST;
    let says = [
        format!("onramp needs {columns} columns by {rows} rows."),
        format!("This terminal has {} by {}.", screen.width, screen.height),
    ];
    for (y, line) in (screen.y..screen.bottom()).zip(&says) {
        buffer.set_stringn(0, y, line, usize::from(screen.width), Style::new());
    }
}

fn header(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let place = model.view().name(model);
    let read = format!("{} ", read_at(model));
    // The account takes a third of the line, so that the place and the age remain.
    let environment = format!("[{}]", account_label::label(model, usize::from(area.width) / 3));
    let (mode, role) = match model.engine.mode() {
        Mode::ReadOnly => ("RO", Role::Quiet),
        Mode::ReadWrite => ("RW", Role::Strong),
    };
    let path = &model.session.network_path;
    let proxy = if path.proxy.is_some() { " proxy" } else { "" };
    let authority = if path.authority.is_some() { " +CA" } else { "" };
    let audit = if model.engine.audit().has_problem() { " !audit" } else { "" };
    let path = width(proxy) + width(authority) + width(audit);
    let fixed = width(" ONRAMP  ") + width(&environment) + 5 + path + width(&read) + 1;
    let room = usize::from(area.width).saturating_sub(fixed);
    let line = Line::from(vec![
        Span::styled(" ONRAMP  ", theme.style(Role::Strong)),
        Span::styled(environment, theme.environment(model.session.environment)),
        Span::raw(" "),
        Span::styled(mode, theme.style(role)),
        Span::styled(proxy, theme.style(Role::Quiet)),
        Span::styled(authority, theme.style(Role::Warn)),
        Span::styled(audit, theme.style(Role::Bad)),
        Span::raw("  "),
        Span::styled(clip(&place, room).into_owned(), theme.style(Role::Strong)),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
    let wide = u16::try_from(width(&read)).unwrap_or(0).min(area.width);
    buffer.set_stringn(
        area.right() - wide,
        area.y,
        &read,
        usize::from(wide),
        theme.style(Role::Quiet),
    );
}

/// Draws the message line: the worst news first.
fn message(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (role, says) = message_line::news(model);
    let says = clip(&says, usize::from(area.width).saturating_sub(2)).into_owned();
    buffer.set_stringn(
        area.x + 1,
        area.y,
        &says,
        usize::from(area.width - 1),
        model.theme.style(role),
    );
}

/// Draws the hints that fit; the one for help always does.
fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let mut hints: Vec<(Command, String)> = vec![];
    for binding in model.working_bindings().filter(|binding| !binding.command.hint.is_empty()) {
        let Some(key) = model.shown_key(binding) else { continue };
        if !hints.iter().any(|(command, _)| command.is(&binding.command)) {
            hints.push((binding.command, key.to_string()));
        }
    }
    let wide = |(one, key): &(Command, String)| text::width(key) + text::width(one.hint) + 3;
    let is_help = |(one, _): &(Command, String)| one.is(&system::commands::HELP);
    // The last hint has no gap after it, and the first one a margin before it.
    let room = usize::from(area.width) + 1;
    while hints.iter().map(wide).sum::<usize>() > room {
        let Some(last) = hints.iter().rposition(|hint| !is_help(hint)) else { break };
        hints.remove(last);
    }
    let mut x = area.x + 1;
    for (Command { hint, .. }, key) in &hints {
        x = buffer.set_stringn(x, area.y, key, 20, theme.style(Role::Accent)).0 + 1;
        x = buffer.set_stringn(x, area.y, hint, 40, theme.style(Role::Plain)).0 + 2;
    }
}
