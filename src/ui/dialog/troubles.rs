//! What is not well: failures whole, entries that could not be read, and keys
//! that may exist and were given up on.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    domain::key_order::OrderUse,
    ui::{
        model::{Load, Model},
        text::{capital, clock, count},
        theme::Role,
    },
};

use super::frame;

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let area = frame::open(model, "What is not well", frame::SIZE, Role::Warn, buffer);
    let mut lines = vec![];
    for (what, load) in [("On-ramps", &model.products), ("Service keys", &model.keys)] {
        lines.extend(of_load(model, what, load, area.width));
    }
    for on_ramp in model.inventory.on_ramps().iter().filter(|o| o.unread > 0).take(8) {
        let says =
            format!("{}: {} of its record", on_ramp.name, count(on_ramp.unread as usize, "entry"));
        lines.extend(frame::sentence(model.theme, Role::Warn, &says, area.width));
    }
    for issuing in &model.given_up {
        let (order, at) = (&issuing.order, clock(issuing.sent_at));
        let vlan = match order.usage() {
            OrderUse::Single(vlan) => format!("VLAN {vlan}"),
            OrderUse::Multi => "multi-use".to_owned(),
        };
        let name = model.inventory.on_ramp(order.on_ramp());
        let name = name.map_or_else(|| order.on_ramp().to_string(), |o| o.name.to_string());
        let says = format!("The key {} may exist: {vlan} on {name}, sent {at}.", order.label());
        lines.extend(frame::sentence(model.theme, Role::Bad, &says, area.width));
    }
    if lines.is_empty() && model.has_inventory() {
        lines = frame::sentence(model.theme, Role::Good, "Everything was read.", area.width);
    }
    let way = way(model, area.width);
    if !way.is_empty() && lines.last().is_some_and(|line| line.width() > 0) {
        lines.push(Line::default());
    }
    lines.extend(way);
    frame::lines(&lines, area, buffer);
}

/// What stands between here and the API.
fn way(model: &Model, room: u16) -> Vec<Line<'static>> {
    let way = &model.session.way;
    let mut lines = vec![];
    if way.is_plain() {
        return lines;
    }
    let mut say = |role, text: &str| {
        lines.extend(frame::sentence(model.theme, role, text, room));
    };
    let host = &model.session.host;
    if let Some(proxy) = &way.proxy {
        say(Role::Plain, &format!("{host} is reached through the proxy {proxy}."));
    }
    if let Some(file) = &way.authority {
        say(
            Role::Warn,
            &format!("Besides the system's certificates, those of {file} are believed."),
        );
        say(Role::Quiet, "Whoever holds that authority can read all that is sent.");
    }
    lines
}

fn of_load(model: &Model, what: &str, load: &Load, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![];
    let mut say = |role, text: String| lines.extend(frame::sentence(theme, role, &text, room));
    if let Some(failure) = &load.failure {
        say(Role::Bad, format!("{what}: {}.", capital(failure.happened.as_str())));
        say(Role::Plain, failure.advice.to_string());
        if let Some(trace) = &failure.trace {
            say(Role::Quiet, format!("Trace id {trace}, for the vendor's support."));
        }
        let since = if load.read_at.is_some() { "What was read before stays. " } else { "" };
        say(Role::Accent, format!("{since}r in the view tries again."));
    }
    if !load.unread.is_empty() {
        say(
            Role::Warn,
            format!("{what}: {} could not be read:", count(load.unread.len(), "entry")),
        );
    }
    for unread in load.unread.iter().take(4) {
        say(Role::Quiet, format!("  number {}: {}", unread.position + 1, unread.why));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}
