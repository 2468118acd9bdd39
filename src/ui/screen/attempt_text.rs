//! Texts about requests to create keys.

use crate::{
    domain::{
        intent::{IntentId, Part},
        time::Timestamp,
    },
    engine::{
        attempt::{Attempt, AttemptStage},
        plan::{Check, VlanCheck},
    },
    ui::{
        model::Model,
        widget::text::{clock, span},
    },
};

/// Reports that another console works on something.
pub(in crate::ui) fn elsewhere(running: &str) -> String {
    format!("Another console is working on it: {running}.")
}

/// Describes an incomplete pair, wherever it is shown: `1 of 2` and the state of the
/// other half. `None` for a single key.
pub(in crate::ui) fn half_in_words(model: &Model, part: Option<Part>) -> Option<String> {
    let part = part?;
    let (number, of) = (part.number, part.of);
    Some(match model.engine.other_half(part) {
        None => match model.engine.created_other_half(part) {
            Some(half) => {
                let name = &half.memory.on_ramp_name;
                let listed = if half.key.is_some() { "" } else { ", and no longer listed" };
                format!("key {number} of {of}; the other one, on {name}, is created{listed}")
            }
            None => format!("key {number} of {of}; the other one is settled"),
        },
        Some(other) => {
            let name = &other.standing.intent.on_ramp_name;
            let how = match &other.stage {
                AttemptStage::Made(_) => "is created",
                AttemptStage::Waiting => "was not sent",
                AttemptStage::Writing(_) | AttemptStage::Sending => "is being sent",
                AttemptStage::NotMade(_) if other.is_refused() => "was refused",
                AttemptStage::NotMade(_) => "was not created",
                AttemptStage::Vanished => "was created",
                AttemptStage::Looking { .. }
                | AttemptStage::Maybe(_)
                | AttemptStage::Several(_) => "may exist",
            };
            format!("key {number} of {of}; the other one, on {name}, {how}")
        }
    })
}

/// Reports that a request has created no key. For the second of a pair this always
/// names the first, which exists.
pub(in crate::ui) fn not_created_in_words(model: &Model, one: &Attempt) -> String {
    let intent = &one.standing.intent;
    let Some(part) = intent.part.filter(|_| intent.completes_a_pair()) else {
        return "No key was created".to_owned();
    };
    match model.engine.created_other_half(part) {
        Some(half) => {
            let key = match &half.key {
                Some(key) => format!(" ({})", key.id.masked()),
                None => String::new(),
            };
            let name = &half.memory.on_ramp_name;
            format!("The first key, on {name}{key}, was created; the second was not")
        }
        None => "The second key was not created; the first one may exist".to_owned(),
    }
}

/// Describes how the second of a pair is sent later, with the time left until then.
pub(in crate::ui) fn how_to_complete(model: &Model, id: IntentId) -> String {
    let from = model.engine.may_be_sent_from(id);
    let when = from.map_or_else(String::new, |from| format!(", {}", from_in_words(model, from)));
    let send = model.keyed("{key:attempt.send-again}: review and send");
    let discard = model.keyed("{key:attempt.ask-reason}: close it.");
    format!("Its VLAN stays reserved. {send}{when}. {discard}")
}

/// Formats `from 14:05:10 (in 43 s)`, by the server's clock.
pub(in crate::ui) fn from_in_words(model: &Model, from: Timestamp) -> String {
    let at = from.shifted(model.engine.clock_offset());
    format!("from {} (in {})", clock(at), span(from.since(model.now())))
}

/// Explains why the second half of a pair was not sent.
pub(in crate::ui) fn why_second_stopped(model: &Model, id: IntentId) -> Option<String> {
    let side = model.engine.stopped_second(id)?;
    let vlan = match &side.vlan {
        Check::Known(VlanCheck::Taken(_)) => Some("Megaport reports its VLAN as taken".to_owned()),
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
    Some(if all.is_empty() { "it cannot be sent now".to_owned() } else { all.join("; ") })
}
