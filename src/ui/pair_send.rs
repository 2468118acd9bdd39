//! Sending a pair: one key after the other, and half a pair is said.
//!
//! The `y` on the review confirms both. The second leaves by itself only right
//! after the first one's key is known, in the same session, and only if its
//! VLAN and the keys of its on-ramp, read again, still allow it. Everything
//! else stops, with the first key in hand and the second written down.

use crate::{
    domain::{
        intent::{Intent, IntentId, Part},
        key_order::KeyOrder,
        ledger::{Record, State, Step},
        service_key::ServiceKey,
    },
    engine::{
        attempt::{Attempt, Stage},
        plan::{Check, PlannedKey, VlanCheck},
    },
};

use super::{
    dialog::{Dialog, review::Review},
    issue,
    model::Model,
    msg::Effect,
    pursue, review_checks,
};

/// Opens the review of two orders.
pub(super) fn review(model: &mut Model, orders: [KeyOrder; 2]) -> Vec<Effect> {
    let Some(Dialog::Pair(form)) = model.dialogs.last() else { return vec![] };
    let whom = form.key.for_whom();
    let mut sides = vec![];
    for order in orders {
        let Some(id) = issue::mint(model, order.on_ramp()) else {
            model.notice = Some("One moment: the journal is being opened.".to_owned());
            return vec![];
        };
        sides.push(PlannedKey::of(id, order.tagged(id.tag())));
    }
    issue::open_review(model, Review::of(sides, whom, model.now))
}

/// Writes an intent down that is not sent yet.
pub(super) fn prepared(intent: Intent) -> Record {
    let (id, at) = (intent.id, intent.prepared_at);
    Record::of(id, at, Step::Prepared(Box::new(intent)))
}

/// The other half of an intent's pair, where it is not settled.
pub(super) fn other_half(model: &Model, part: Part, id: IntentId) -> Option<&Attempt> {
    model.unfinished.iter().find(|one| {
        let intent = &one.standing.intent;
        intent.id != id && intent.part.is_some_and(|its| its.order == part.order)
    })
}

/// The first of an intent's pair, where the intent is the second and the first
/// is neither made nor settled: until it is, the second does not leave, not
/// even by a person's word.
pub(super) fn first_to_settle<'m>(model: &'m Model, intent: &Intent) -> Option<&'m Attempt> {
    let part = intent.part.filter(|part| part.number == 2)?;
    let first = other_half(model, part, intent.id)?;
    (!matches!(first.stage, Stage::Made(_) | Stage::Vanished)).then_some(first)
}

/// The key of a pair's first half is known: checks the second once more, which
/// then goes by itself. Whether it goes on.
pub(super) fn go_on(model: &mut Model, id: IntentId) -> Option<Vec<Effect>> {
    let one = model.attempt(id).filter(|one| !one.from_previous_session && !one.is_set_aside)?;
    let part = one.standing.intent.part.filter(|part| part.number == 1)?;
    let next = other_half(model, part, id)?;
    let intent = &next.standing.intent;
    if next.stage != Stage::Waiting || next.from_previous_session || intent.realm != model.realm() {
        return None;
    }
    let (next, order) = (intent.id, intent.order.clone());
    let mut side = PlannedKey::of(next, order.clone());
    let (vlan, effects) = review_checks::ask_about(model, next, &order);
    side.vlan = vlan;
    model.next_half = Some(side);
    // From here on the second one is at hand; the first waits to be shown.
    if let Some(first) = model.attempt_mut(id) {
        first.is_set_aside = true;
    }
    if let Some(second) = model.attempt_mut(next) {
        second.is_set_aside = false;
    }
    pursue::show(model, next);
    Some(effects)
}

/// A check of the second half has ended: sends it if all of them are clear.
pub(super) fn checked(model: &mut Model, id: IntentId) -> Vec<Effect> {
    review_checks::judge_again(model);
    let Some(side) = model.next_half.as_ref().filter(|side| side.intent == id) else {
        return vec![];
    };
    if side.is_checking() {
        return vec![];
    }
    if side.clear().is_some() && model.mode == crate::api::Mode::ReadWrite {
        model.next_half = None;
        return issue::hand_over(model, id);
    }
    // It stays as it is, so that its dialog can say why it did not go.
    vec![]
}

/// Why the second half did not go by itself, in words.
pub(super) fn why_not(model: &Model, id: IntentId) -> Option<String> {
    let side = model.next_half.as_ref().filter(|side| side.intent == id)?;
    if side.is_checking() {
        return None;
    }
    let vlan = match &side.vlan {
        Check::Known(VlanCheck::Taken(_)) => {
            Some("Megaport says that its VLAN is taken".to_owned())
        }
        Check::Failed(failure) => Some(format!("its VLAN could not be checked: {failure}")),
        _ => None,
    };
    let keys = match &side.before {
        Check::Failed(failure) => {
            Some(format!("the keys of its on-ramp could not be read: {failure}"))
        }
        _ => None,
    };
    let faults = side.faults.iter().map(ToString::to_string);
    let all: Vec<_> = vlan.into_iter().chain(keys).chain(faults).collect();
    Some(if all.is_empty() { "it may not be sent now".to_owned() } else { all.join("; ") })
}

/// Whether the second half is being checked once more.
pub(super) fn is_checking(model: &Model, id: IntentId) -> bool {
    model.next_half.as_ref().is_some_and(|side| side.intent == id && side.is_checking())
}

/// The first of a pair was surely not made: the second is not sent either.
pub(super) fn call_off(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(intent) = model.attempt(id).map(|one| &one.standing.intent) else { return vec![] };
    let Some(part) = intent.part.filter(|part| part.number == 1) else { return vec![] };
    let Some(next) = other_half(model, part, id) else { return vec![] };
    if next.standing.state != State::Prepared {
        return vec![];
    }
    let next = next.standing.intent.id;
    model.next_half = None;
    pursue::close(model, next, "the first key of the pair was not made")
}

/// The made keys of an intent's pair, itself included, by their parts.
pub(super) fn made_keys(model: &Model, part: Part) -> Vec<(IntentId, ServiceKey)> {
    let mut made: Vec<_> = model
        .unfinished
        .iter()
        .filter_map(|one| {
            let its = one.standing.intent.part.filter(|its| its.order == part.order)?;
            let Stage::Made(key) = &one.stage else { return None };
            Some((its.number, one.standing.intent.id, (**key).clone()))
        })
        .collect();
    made.sort_by_key(|(number, ..)| *number);
    made.into_iter().map(|(_, id, key)| (id, key)).collect()
}

/// What is said of half a pair, wherever it is shown: `1 of 2` and how the
/// other half stands. `None` for a single key.
pub(super) fn half_in_words(model: &Model, part: Option<Part>, id: IntentId) -> Option<String> {
    let part = part?;
    let (number, of) = (part.number, part.of);
    Some(match other_half(model, part, id) {
        None => format!("key {number} of {of}; the other one is not open any more"),
        Some(other) => {
            let name = &other.standing.intent.on_ramp_name;
            let how = match &other.stage {
                Stage::Made(_) => "is made",
                Stage::Waiting => "was not sent",
                Stage::Writing(_) | Stage::Sending => "is being sent",
                Stage::NotMade(_) if other.is_refused() => "was refused",
                Stage::NotMade(_) => "was not made",
                Stage::Vanished => "was made",
                Stage::Looking { .. } | Stage::Maybe(_) | Stage::Several(_) => "may exist",
            };
            format!("key {number} of {of}; the other one, on {name}, {how}")
        }
    })
}
