//! The forms in which the keys of a card are copied.

use serde_json::{Value, json};

use crate::{
    domain::service_key::KeyUse,
    ui::{
        model::Model,
        widget::text::{count, date_time},
    },
};

use super::{
    key_card::{Card, CardKey},
    template,
};

/// Returns the text that `y` copies: a single key alone, the keys of a pair each with
/// its on-ramp. An incomplete pair says so.
pub(in crate::ui) fn usual(model: &Model, card: &Card) -> Result<String, String> {
    if card.is_of_a_pair() { lines(model, card) } else { keys(model, card) }
}

/// Returns the keys alone, one a line.
#[expect(clippy::unnecessary_wraps, reason = "one of several forms, and one of them can fail")]
pub(in crate::ui) fn keys(_: &Model, card: &Card) -> Result<String, String> {
    let keys: Vec<_> = card.keys.iter().map(|face| face.key.id.reveal()).collect();
    Ok(keys.join("\n"))
}

/// Returns each key with its on-ramp.
#[expect(clippy::unnecessary_wraps, reason = "one of several forms, and one of them can fail")]
pub(in crate::ui) fn lines(model: &Model, card: &Card) -> Result<String, String> {
    let mut lines = vec![];
    if card.pair.as_ref().is_some_and(|pair| !pair.whole) {
        lines.push("HALF PAIR: 1 of 2 keys".to_owned());
    }
    lines.extend(card.keys.iter().map(|face| line(model, face)));
    Ok(lines.join("\n"))
}

fn line(model: &Model, face: &CardKey) -> String {
    let key = &face.key;
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
    let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
    let vlan = match key.usage {
        KeyUse::Single(tag) => format!(", VLAN {tag}"),
        KeyUse::Multi => String::new(),
    };
    format!("{}  {name} ({zone}{vlan})", key.id.reveal())
}

/// Returns the text for the customer, as the card shows it.
pub(in crate::ui) fn template_text(model: &Model, card: &Card) -> Result<String, String> {
    template::fill(model, card, true)
}

/// Returns the keys and what is known of them, for another program.
#[expect(clippy::unnecessary_wraps, reason = "one of several forms, and one of them can fail")]
pub(in crate::ui) fn json(model: &Model, card: &Card) -> Result<String, String> {
    let keys: Vec<_> = card.keys.iter().map(|face| object(model, face)).collect();
    let whom = &card.for_whom;
    let made = count(card.keys.len(), "key");
    let complete = card.pair.as_ref().is_none_or(|pair| pair.whole);
    let all = json!({
        "customer": whom.customer,
        "reference": whom.reference,
        "complete": complete,
        "made": made,
        "keys": keys,
    });
    Ok(format!("{all:#}"))
}

fn object(model: &Model, face: &CardKey) -> Value {
    let key = &face.key;
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let vlan = match key.usage {
        KeyUse::Single(tag) => tag.id().map(crate::domain::vlan::VlanId::get),
        KeyUse::Multi => None,
    };
    let end = key.validity.and_then(|window| window.end);
    json!({
        "key": key.id.reveal(),
        "label": key.label.as_str(),
        "on_ramp": on_ramp.map_or(key.on_ramp_name.as_str(), |on_ramp| on_ramp.name.as_str()),
        "on_ramp_uid": key.on_ramp.as_str(),
        "site": on_ramp.map(|on_ramp| on_ramp.site.name.as_str()),
        "zone": on_ramp.map(|on_ramp| on_ramp.zone.word()),
        "single_use": !key.is_multi_use(),
        "vlan": vlan,
        "rate_mbps": key.rate.map(crate::domain::units::Mbps::get),
        "active": key.active,
        "valid_until": end.map(date_time),
    })
}
