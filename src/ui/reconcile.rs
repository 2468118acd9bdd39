//! Holds what lists say against requests in doubt: is the key there?
//!
//! A search has looks of its own, planned in seconds after the doubt; each list
//! that is read anyway counts as one, too. Once the planned looks are over the
//! circuits are read, and Megaport is asked about the VLAN.

use crate::{
    api::{Listing, Request},
    domain::{
        audit::Happened, fingerprint::Fingerprint, id::OnRampId, intent::IntentId,
        key_order::OrderUse, ledger::State, service_key::ServiceKey, tag::Tag,
    },
    engine::attempt::{Look, Stage},
};

use super::{
    dialog::card::Origin,
    issue,
    model::{Model, Purpose},
    msg::Effect,
    pursue::{made, take_up},
    refusal,
};

/// Reads the on-ramp's keys to find the one whose reply was lost.
pub(super) fn look(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    if !issuing.can_be_looked_for() || issuing.search.asking {
        return vec![];
    }
    issuing.search.asking = true;
    let request = Request::KeysOf(issuing.standing.intent.order.on_ramp().clone());
    vec![model.ask(request, Purpose::Look(id)).1]
}

/// Once the planned looks are over, what else could tell: the circuits, and
/// the vendor's word on the VLAN.
pub(super) fn look_further(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(issuing) = model.attempt(id) else { return vec![] };
    let Stage::Looking { .. } = issuing.stage else { return vec![] };
    if !issuing.search.is_planned_out() {
        return vec![];
    }
    let order = &issuing.standing.intent.order;
    let (on_ramp, usage) = (order.on_ramp().clone(), order.usage());
    let can_ask = issuing.search.vlan_can_be_asked;
    let mut asked = vec![model.ask(Request::OnRamp(on_ramp.clone()), Purpose::LookCircuits(id)).1];
    if let (OrderUse::Single(vlan), true) = (usage, can_ask) {
        asked.push(model.ask(Request::CheckVlan(on_ramp, vlan), Purpose::LookVlan(id)).1);
    }
    asked
}

pub(super) fn hear_look(
    model: &mut Model,
    id: IntentId,
    of: &OnRampId,
    listing: Listing<ServiceKey>,
) -> Vec<Effect> {
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    if issuing.standing.intent.order.on_ramp() != of {
        return vec![];
    }
    let unread = listing.unread.len();
    let search = &mut issuing.search;
    (search.asking, search.trouble) = (false, None);
    // The keys of an on-ramp that is not listed have no place to be kept in,
    // and ours may be among them all the same.
    let unlisted = model.inventory.place(of).is_none();
    let apart = if unlisted { listing.entries.clone() } else { vec![] };
    issue::take_keys(model, of, listing);
    let (missing, at) = (model.inventory.missing_keys_of(of), model.server_now());
    let mut effects = weigh(model, id, Some(&Look { unread, missing, at, apart }));
    effects.extend(refusal::judge(model, id));
    effects.extend(look_further(model, id));
    effects
}

/// The list of all keys was read: it is a look at every intent in doubt, too,
/// and goes on with those whose planned looks are over.
pub(super) fn keys_were_read(model: &mut Model) -> Vec<Effect> {
    if model.products.saved {
        return weigh_all(model);
    }
    let (unread, at) = (model.keys.unread.len(), model.server_now());
    let ids: Vec<_> = model.unfinished.iter().map(|one| one.standing.intent.id).collect();
    let mut effects = vec![];
    for id in ids {
        let Some(one) = model.attempt(id) else { continue };
        let on_ramp = one.standing.intent.order.on_ramp();
        let missing = model.inventory.missing_keys_of(on_ramp);
        let goes_on = one.search.is_planned_out() && !one.search.asking;
        effects.extend(weigh(model, id, Some(&Look { unread, missing, at, apart: vec![] })));
        if goes_on {
            effects.extend(look_further(model, id));
        }
    }
    effects.extend(surprises(model));
    effects
}

/// Weighs one intent against what is known of its on-ramp.
pub(super) fn weigh(model: &mut Model, id: IntentId, look: Option<&Look>) -> Vec<Effect> {
    let Some(at) = model.unfinished.iter().position(|one| one.standing.intent.id == id) else {
        return vec![];
    };
    if !model.unfinished[at].can_be_looked_for() {
        return vec![];
    }
    let refused = matches!(model.unfinished[at].stage, Stage::NotMade(_));
    match model.unfinished[at].weigh(&model.inventory, look) {
        Some(key) if refused => made(model, id, key, Origin::Refused, Happened::Found),
        Some(key) if model.unfinished[at].from_previous_session => {
            made(model, id, key, Origin::Earlier, Happened::Found)
        }
        Some(key) => made(model, id, key, Origin::Found, Happened::Found),
        None => vec![],
    }
}

/// The lists were read anew: weighs every intent in doubt, and looks out for
/// keys of settled ones.
pub(super) fn weigh_all(model: &mut Model) -> Vec<Effect> {
    // What an earlier session has read is no evidence.
    if model.products.saved {
        return surprises(model);
    }
    let ids: Vec<_> = model.unfinished.iter().map(|one| one.standing.intent.id).collect();
    let mut effects: Vec<_> = ids.into_iter().flat_map(|id| weigh(model, id, None)).collect();
    effects.extend(surprises(model));
    effects
}

/// Keys of intents that were given up, or a second one of an intent that was
/// sent twice.
pub(super) fn surprises(model: &mut Model) -> Vec<Effect> {
    model.journal.second.clear();
    if model.journal.settled.is_empty() {
        return vec![];
    }
    let mut found = vec![];
    for key in model.inventory.keys().filter(|key| key.active) {
        for tag in Tag::in_label(key.label.as_str()) {
            if let Some(standing) = model.journal.settled.get(&tag) {
                found.push((standing.intent.id, tag, key.clone()));
            }
        }
    }
    let mut effects = vec![];
    for (id, tag, key) in found {
        let Some(standing) = model.journal.settled.get(&tag) else { continue };
        let print = Fingerprint::of(&key.id);
        match standing.state {
            State::Acknowledged(known) if known == print => {}
            State::Acknowledged(_) => {
                let label = key.label;
                model.journal.second.insert(id, label);
            }
            _ => {
                let standing = standing.clone();
                let origin = match standing.state {
                    State::Refused => Origin::Refused,
                    _ => Origin::Late,
                };
                model.journal.settled.remove(&tag);
                take_up(model, standing);
                effects.extend(made(model, id, key, origin, Happened::Found));
            }
        }
    }
    effects
}
