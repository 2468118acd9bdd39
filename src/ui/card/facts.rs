//! The facts of a card that a text for the customer can use.

use minijinja::{Value, context};

use crate::{
    domain::{
        diversity::Verdict,
        service_key::{KeyUse, ServiceKey},
        vlan::VlanTag,
    },
    ui::{model::Model, screen::zone_text},
};

use super::key_card::{Card, CardKey};

/// Until when a key is valid; empty where it has no expiry.
pub(in crate::ui) fn until(key: &ServiceKey, zone: Option<&str>) -> String {
    match key.validity.and_then(|window| window.end) {
        Some(end) => zone_text::moment(end, zone),
        None => String::new(),
    }
}

/// From when a key is valid, where that is still to come.
fn starts(model: &Model, key: &ServiceKey, zone: Option<&str>) -> String {
    let start = key.validity.and_then(|window| window.start);
    let start = start.filter(|start| *start > model.server_now());
    start.map_or_else(String::new, |start| zone_text::moment(start, zone))
}

/// When a key can be used, as the end of a sentence about one key or about both.
fn validity(model: &Model, key: &ServiceKey, zone: Option<&str>, both: bool) -> String {
    let (is, has) = if both { ("are", "have") } else { ("is", "has") };
    let (start, end) = (starts(model, key, zone), until(key, zone));
    match (start.is_empty(), end.is_empty()) {
        (true, true) => format!("{has} no expiry date"),
        (true, false) => format!("{is} valid until {end}"),
        (false, true) => format!("{is} valid from {start} and {has} no expiry date"),
        (false, false) => format!("{is} valid from {start} until {end}"),
    }
}

/// What customers read about the diversity of a pair.
const fn diversity(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::SitesAndZones(..) => {
            "The two connections end at different sites and in different diversity zones."
        }
        Verdict::Sites(..) => "The two connections end at different sites.",
        Verdict::Zones(..) => "The two connections end in different diversity zones of one site.",
        Verdict::SameZone(_) => "Please note: both connections end in the same diversity zone.",
        Verdict::SameOnRamp => "Please note: both connections end on the same device.",
        Verdict::NoZone | Verdict::NoSite => {
            "Please note: we cannot confirm that the two connections are diverse."
        }
    }
}

/// Returns the place of a card's keys: the region they share, else the metro, else the
/// first on-ramp's name.
pub(in crate::ui) fn place(model: &Model, card: &Card) -> String {
    let of = |face: &CardKey| model.engine.inventory().place(&face.key.on_ramp);
    let region = |face: &CardKey| of(face).and_then(|at| model.geography.region_of(at));
    let metro = |face: &CardKey| {
        let on_ramp = model.engine.inventory().on_ramp(&face.key.on_ramp)?;
        Some(&on_ramp.site.metro).filter(|metro| !metro.is_empty())
    };
    let shared = |name: &dyn Fn(&CardKey) -> Option<String>| {
        let mut names = card.keys.iter().map(name);
        let first = names.next()??;
        names.all(|other| other.as_ref() == Some(&first)).then_some(first)
    };
    let first = || card.keys.first().map(|face| face.key.on_ramp_name.to_string());
    shared(&|face| region(face).map(ToString::to_string))
        .or_else(|| shared(&|face| metro(face).map(ToString::to_string)))
        .or_else(first)
        .unwrap_or_default()
}

/// Returns the verdict on the two on-ramps of a whole pair.
pub(in crate::ui) fn verdict(model: &Model, card: &Card) -> Option<Verdict> {
    let [one, other] = card.keys.as_slice() else { return None };
    let on_ramp = |face: &CardKey| model.engine.inventory().on_ramp(&face.key.on_ramp);
    Some(Verdict::judge(on_ramp(one)?, on_ramp(other)?))
}

/// Returns the facts of one key.
fn key(model: &Model, card: &Card, face: &CardKey, whole: bool) -> Value {
    let key = &face.key;
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let zone = on_ramp.map(|on_ramp| on_ramp.zone.word()).filter(|word| *word != "–");
    let vlan = match key.usage {
        KeyUse::Single(tag) => tag.to_string(),
        KeyUse::Multi => String::new(),
    };
    // A disabled key is of no use to the customer: its ends tell which one is meant.
    let whole = whole && key.active;
    let text = if whole { key.id.reveal().to_owned() } else { key.id.masked() };
    context! {
        key => text,
        masked => key.id.masked(),
        label => key.label.as_str(),
        on_ramp => on_ramp.map_or(key.on_ramp_name.as_str(), |on_ramp| on_ramp.name.as_str()),
        site => on_ramp.map_or("", |on_ramp| on_ramp.site.name.as_str()),
        metro => on_ramp.map_or("", |on_ramp| on_ramp.site.metro.as_str()),
        zone => zone.unwrap_or_default(),
        vlan => vlan,
        rate => key.rate.map_or_else(|| "the on-ramp's speed".to_owned(), |rate| rate.to_string()),
        single => !key.is_multi_use(),
        untagged => key.usage == KeyUse::Single(VlanTag::Untagged),
        active => key.active,
        starts => starts(model, key, card.zone.as_deref()),
        until => until(key, card.zone.as_deref()),
    }
}

/// Returns every fact of the card; its keys whole or masked.
pub(in crate::ui) fn facts(model: &Model, card: &Card, whole: bool) -> Value {
    let whom = &card.for_whom;
    let both = [whom.customer.as_str(), whom.reference.as_str()];
    let given: Vec<_> = both.into_iter().filter(|part| !part.is_empty()).collect();
    let verdict = verdict(model, card);
    let first = card.keys.first().map(|face| &face.key);
    let keys: Vec<_> = card.keys.iter().map(|face| key(model, card, face, whole)).collect();
    context! {
        company => model.settings.delivery.company.as_str(),
        customer => whom.customer.as_str(),
        reference => whom.reference.as_str(),
        for_whom => given.join(", "),
        place => place(model, card),
        keys => keys,
        pair => card.keys.len() > 1,
        incomplete => card.pair.as_ref().is_some_and(|pair| !pair.whole),
        diverse => verdict.as_ref().is_some_and(Verdict::is_diverse),
        verdict => verdict.as_ref().map_or_else(String::new, Verdict::reason),
        diversity => verdict.as_ref().map_or("", diversity),
        validity => first.map_or_else(String::new, |key| {
            validity(model, key, card.zone.as_deref(), card.keys.len() > 1)
        }),
        disabled => card.keys.iter().all(|face| !face.key.active),
        single => first.is_some_and(|key| !key.is_multi_use()),
        approval => first.is_some_and(|key| key.pre_approved != Some(true)),
        starts => first.map_or_else(String::new, |key| starts(model, key, card.zone.as_deref())),
        until => first.map_or_else(String::new, |key| until(key, card.zone.as_deref())),
    }
}
