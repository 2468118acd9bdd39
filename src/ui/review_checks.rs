//! The checks of a review: the keys of its on-ramps, the vendor's word on each
//! VLAN, and what speaks against an order by now.

use std::time::Duration;

use crate::{
    api::{Failure, Listing, Reply, Request},
    domain::{
        id::OnRampId,
        intent::IntentId,
        key_order::{Fault, KeyOrder, OrderUse},
        service_key::ServiceKey,
    },
    engine::plan::{Check, KeysBefore, PlannedKey, VlanCheck},
};

use super::{
    dialog::Dialog,
    issue::{take_keys, take_on_ramp},
    late_looks,
    model::{Model, Purpose},
    msg::Effect,
    pair_send, reconcile, vlans,
};

/// How soon a list that lacks keys is read again: a little more than it takes
/// for two readings to count as two.
const AGAIN: Duration = Duration::from_secs(6);

/// Starts the review's checks.
pub(super) fn check(model: &mut Model) -> Vec<Effect> {
    forget_checks(model);
    let now = model.now;
    let Some(Dialog::Review(review)) = model.dialogs.last_mut() else { return vec![] };
    review.checked_at = now;
    let sides: Vec<_> = review.sides.iter().map(|side| (side.intent, side.order.clone())).collect();
    let mut effects = vec![];
    for (id, order) in sides {
        let (vlan, asked) = ask_about(model, id, &order);
        effects.extend(asked);
        if let Some(side) = reviewing(model, id) {
            (side.vlan, side.before, side.faults) = (vlan, Check::Asking, vec![]);
        }
    }
    effects
}

/// Reads the keys under review again whose list lacks some that were there: two
/// readings that agree, some time apart, are believed.
pub(super) fn read_doubtful_again(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let due: Vec<_> = sides(model)
        .filter(|side| side.is_doubtful() && now.since(side.keys_read_at) >= AGAIN)
        .map(|side| (side.intent, side.order.on_ramp().clone()))
        .collect();
    let mut effects = vec![];
    for (id, on_ramp) in due {
        if let Some(side) = reviewing(model, id) {
            side.keys_read_at = now;
        }
        if !model.awaits(Purpose::ReviewKeys(id)) {
            effects.push(model.ask(Request::KeysOf(on_ramp), Purpose::ReviewKeys(id)).1);
        }
    }
    effects
}

/// In how long something about the review changes by itself.
pub(super) fn review_changes_in(model: &Model) -> Option<Duration> {
    let doubtful = sides(model).filter(|side| side.is_doubtful());
    let again = doubtful.map(|side| (side.keys_read_at + AGAIN).since(model.now));
    again.min().map(|left| left.max(Duration::from_millis(1)))
}

/// Asks for an on-ramp's keys, and about the VLAN: at the vendor or (for an MCR
/// or MVE, which it does not check) by a fresh record.
pub(super) fn ask_about(
    model: &mut Model,
    id: IntentId,
    order: &KeyOrder,
) -> (Check<VlanCheck>, Vec<Effect>) {
    let on_ramp = order.on_ramp().clone();
    let keys = Request::KeysOf(on_ramp.clone());
    let is_port = model.inventory.on_ramp(&on_ramp).is_some_and(|o| o.kind.answers_vlans());
    let (vlan, request) = match order.usage() {
        OrderUse::Multi => (Check::Known(VlanCheck::Assigned), None),
        OrderUse::Single(id) if is_port => (Check::Asking, Some(Request::CheckVlan(on_ramp, id))),
        OrderUse::Single(_) | OrderUse::Untagged => (Check::Asking, Some(Request::OnRamp(on_ramp))),
    };
    let mut effects = vec![model.ask(keys, Purpose::ReviewKeys(id)).1];
    effects.extend(request.map(|request| model.ask(request, Purpose::ReviewVlan(id)).1));
    (vlan, effects)
}

pub(super) fn forget_checks(model: &mut Model) {
    model
        .waiting
        .retain(|_, purpose| !matches!(purpose, Purpose::ReviewVlan(_) | Purpose::ReviewKeys(_)));
}

/// Takes in a reply to the review's checks.
pub(super) fn apply_check_reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    match (purpose, result) {
        (Purpose::ReviewVlan(id), result) => hear_vlan(model, id, result),
        (Purpose::ReviewKeys(id), Ok(Reply::KeysOf(of, listing))) => {
            hear_keys(model, id, &of, listing);
            let mut effects = reconcile::weigh_all(model);
            effects.extend(pair_send::checked(model, id));
            return effects;
        }
        (Purpose::ReviewKeys(id), Err(failure)) => {
            if let Some(side) = reviewing(model, id) {
                side.before = Check::Failed(failure);
            }
        }
        _ => {}
    }
    match purpose {
        Purpose::ReviewVlan(id) | Purpose::ReviewKeys(id) => pair_send::checked(model, id),
        _ => vec![],
    }
}

/// Judges a review anew: on-ramps close, and VLANs get taken, while somebody
/// reads it.
pub(super) fn judge_again(model: &mut Model) {
    let sides: Vec<_> = sides(model).map(|side| (side.intent, side.order.clone())).collect();
    for (id, order) in sides {
        let vlans = model.vlans_without(order.on_ramp(), Some(id)).unwrap_or_default();
        let on_ramp = model.inventory.on_ramp(order.on_ramp());
        let listed = on_ramp.filter(|on_ramp| !model.inventory.lacks(&on_ramp.id));
        let mut faults = order.faults(listed, &vlans);
        let end = order.validity().and_then(|window| window.end);
        faults.extend(end.filter(|end| *end <= model.server_now()).map(|_| Fault::Over));
        let held_until = late_looks::held_until(model, &order);
        if let Some(side) = reviewing(model, id) {
            (side.faults, side.held_until) = (faults, held_until);
        }
    }
}

/// The requests that are checked: in a review, and the second of a pair.
fn sides(model: &Model) -> impl Iterator<Item = &PlannedKey> {
    let under_review = model.dialogs.iter().rev().find_map(|dialog| match dialog {
        Dialog::Review(review) => Some(review.sides.as_slice()),
        _ => None,
    });
    under_review.into_iter().flatten().chain(&model.next_half)
}

/// The request that is checked for this intent: in a review, or the second of
/// a pair whose first key is made.
fn reviewing(model: &mut Model, id: IntentId) -> Option<&mut PlannedKey> {
    let under_review = model.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::Review(review) => Some(review.sides.as_mut_slice()),
        _ => None,
    });
    let mut sides = under_review.into_iter().flatten().chain(&mut model.next_half);
    sides.find(|side| side.intent == id)
}

fn hear_vlan(model: &mut Model, id: IntentId, result: Result<Reply, Failure>) {
    use crate::api::VlanAnswer::{Free, Taken};
    if let Ok(Reply::Vlan(answer)) = &result
        && let Some((on_ramp, OrderUse::Single(vlan))) =
            reviewing(model, id).map(|side| (side.order.on_ramp().clone(), side.order.usage()))
    {
        vlans::note(model, on_ramp, vlan, answer);
    }
    let check = match result {
        Ok(Reply::Vlan(Free)) => Check::Known(VlanCheck::Free),
        Ok(Reply::Vlan(Taken(others))) => Check::Known(VlanCheck::Taken(others)),
        Ok(Reply::OnRamp(on_ramp)) => {
            take_on_ramp(model, *on_ramp);
            Check::Known(VlanCheck::ReadAgain)
        }
        Err(failure) => Check::Failed(failure),
        Ok(_) => return,
    };
    if let Some(side) = reviewing(model, id) {
        side.vlan = check;
    }
    judge_again(model);
}

/// The on-ramp's keys as they are now: the ground against which a lost key
/// will be recognised, and a last check of the VLAN.
fn hear_keys(model: &mut Model, id: IntentId, of: &OnRampId, listing: Listing<ServiceKey>) {
    if reviewing(model, id).is_none_or(|side| side.order.on_ramp() != of) {
        return;
    }
    let ids = listing.entries.iter().map(|key| key.id.clone()).collect();
    let unread = listing.unread.len();
    take_keys(model, of, listing);
    let (missing, now) = (model.inventory.missing_keys_of(of), model.now);
    if let Some(side) = reviewing(model, id) {
        side.before = Check::Known(KeysBefore { ids, unread, missing });
        side.keys_read_at = now;
    }
    judge_again(model);
}
