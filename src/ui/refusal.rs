//! What becomes of a refusal: it is held against the list before it is believed.
//!
//! A gateway can deliver a request twice. The first delivery created the key,
//! and the reply that arrives is the refusal of the second.

use crate::{
    api::{Cause, Mode},
    domain::{intent::IntentId, ledger::Step},
    engine::attempt::{Search, Stage, Window},
};

use super::{
    late_looks, mode,
    model::Model,
    msg::Effect,
    pair_send,
    pursue::{self, Said},
};

/// What a look that has ended says of a refusal.
pub(super) fn judge(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(issuing) = model.attempt(id) else { return vec![] };
    let Search { window, asking, last_whole, .. } = issuing.search;
    let looking = matches!(issuing.stage, Stage::Looking { .. });
    if !looking || window != Window::Refused || asking {
        return vec![];
    }
    if last_whole {
        believe(model, id)
    } else if issuing.search.is_planned_out() {
        doubt(model, id)
    } else {
        vec![]
    }
}

/// A list was read after the refusal, and has no key with the tag: it is
/// believed, and looked into in the background for a while.
fn believe(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let Stage::Looking { failure: Some(failure), since } = issuing.stage.clone() else {
        return vec![];
    };
    issuing.stage = Stage::NotMade(failure.clone());
    let intent = issuing.standing.intent.clone();
    let mut effects = pursue::note_with(model, id, &Step::Refused, Said::of(&failure));
    late_looks::after_refusal(model, &intent, since);
    // Another try would only be refused again: the key pair cannot write.
    if failure.cause == Cause::Forbidden {
        effects.extend(mode::set(model, Mode::ReadOnly, "Megaport refused this key pair a write"));
    }
    effects.extend(pair_send::call_off(model, id));
    if failure.cause == Cause::NotFound {
        effects.extend(model.refresh());
    }
    effects
}

/// No list could be read whole: the refusal is as doubtful as a lost reply.
fn doubt(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let now = model.now;
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let Stage::Looking { failure, .. } = issuing.stage.clone() else { return vec![] };
    let said = failure.as_ref().map(Said::of).unwrap_or_default();
    issuing.search = Search { trouble: issuing.search.trouble.take(), ..Search::default() };
    issuing.stage = Stage::Looking { failure, since: now };
    let mut effects = pursue::note_with(model, id, &Step::Unknown, said);
    effects.extend(pursue::tick(model));
    effects
}
