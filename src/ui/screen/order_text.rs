//! The facts of an order.

use ratatui::text::Line;

use crate::{
    domain::key_order::{KeyOrder, OrderUse},
    ui::{
        model::Model,
        screen::frame::{fact, yes_no},
        widget::text::{date_time, relative},
    },
};

/// Returns the facts that will be sent.
pub(in crate::ui) fn order_facts(model: &Model, order: &KeyOrder, room: u16) -> Vec<Line<'static>> {
    let on_ramp = model.engine.inventory().on_ramp(order.on_ramp());
    let place = on_ramp.map_or_else(
        || order.on_ramp().to_string(),
        |o| format!("{}, {}, zone {}", o.name, o.site.name, o.zone_word()),
    );
    let (usage, vlan) = match order.usage() {
        OrderUse::Single(vlan) => ("single-use", vlan.to_string()),
        OrderUse::Untagged => {
            ("single-use", "untagged: the circuit takes the whole on-ramp".to_owned())
        }
        OrderUse::Multi => ("multi-use", "assigned by Megaport".to_owned()),
    };
    let valid = match order.validity().and_then(|v| v.end) {
        Some(end) => format!("until {} ({})", date_time(end), relative(end, model.server_now())),
        None => "no expiry".to_owned(),
    };
    let facts = [
        ("on-ramp", place.as_str()),
        ("label", order.label().as_str()),
        ("type", usage),
        ("rate limit", &order.rate().to_string()),
        ("VLAN", &vlan),
        ("valid", &valid),
        ("active", yes_no(order.active())),
        ("approval", if order.pre_approved() { "automatic" } else { "by us, for each circuit" }),
    ];
    facts.iter().flat_map(|(name, value)| fact(model.theme, name, value, room)).collect()
}
