//! The two keys of a pair: one after the other, and half a pair is said.
//!
//! The yes to the plan confirms both. The second leaves by itself only right
//! after the first one's key is known, in the same session, and only if its
//! VLAN and the keys of its on-ramp, read again, still allow it. Everything
//! else stops, with the first key in hand and the second written down.

use crate::{
    api::Mode,
    domain::{
        intent::{Intent, IntentId, Part},
        ledger::{Record, State, Step},
        service_key::ServiceKey,
    },
};

use super::{
    attempt::{Attempt, Stage},
    effect::Outcome,
    plan::PlannedKey,
    state::Engine,
};

/// Writes an intent down that is not sent yet.
pub(super) fn prepared(intent: Intent) -> Record {
    let (id, at) = (intent.id, intent.prepared_at);
    Record::of(id, at, Step::Prepared(Box::new(intent)))
}

impl Engine {
    /// The other half of an intent's pair, where it is not settled.
    pub fn other_half(&self, part: Part, id: IntentId) -> Option<&Attempt> {
        self.attempts.iter().find(|one| {
            let intent = &one.standing.intent;
            intent.id != id && intent.part.is_some_and(|its| its.order == part.order)
        })
    }

    /// The first of an intent's pair, where the intent is the second and the
    /// first is neither created nor settled: until it is, the second does not
    /// leave, not even by a person's word.
    pub(super) fn first_to_settle(&self, intent: &Intent) -> Option<&Attempt> {
        let part = intent.part.filter(|part| part.number == 2)?;
        let first = self.other_half(part, intent.id)?;
        (!matches!(first.stage, Stage::Made(_) | Stage::Vanished)).then_some(first)
    }

    /// The key of a pair's first half is known: checks the second once more,
    /// which then goes by itself. The second, where it goes on.
    pub(super) fn go_on(&mut self, id: IntentId) -> Option<IntentId> {
        let one = self.attempt(id).filter(|one| !one.from_previous_session && !one.is_set_aside)?;
        let part = one.standing.intent.part.filter(|part| part.number == 1)?;
        let next = self.other_half(part, id)?;
        let intent = &next.standing.intent;
        let is_of_another_session = next.from_previous_session || intent.realm != self.realm;
        if next.stage != Stage::Waiting || is_of_another_session {
            return None;
        }
        let (next, order) = (intent.id, intent.order.clone());
        let vlan = self.ask_about(next, &order);
        self.second = Some(PlannedKey { vlan, ..PlannedKey::of(next, order) });
        // From here on the second one is at hand; the first waits to be shown.
        if let Some(first) = self.attempt_mut(id) {
            first.is_set_aside = true;
        }
        if let Some(second) = self.attempt_mut(next) {
            second.is_set_aside = false;
        }
        Some(next)
    }

    /// A check has ended: sends the second half if all of its checks are clear.
    pub(super) fn go_on_if_clear(&mut self, id: IntentId) {
        self.judge_plans();
        let Some(side) = self.second.as_ref().filter(|side| side.intent == id) else { return };
        // What is not clear stays as it is, so that it can be said why it did not go.
        if !side.is_checking() && side.clear().is_some() && self.mode == Mode::ReadWrite {
            self.second = None;
            self.hand_over(id);
        }
    }

    /// The second of a pair that did not go by itself, with what speaks against
    /// it.
    pub fn stopped_second(&self, id: IntentId) -> Option<&PlannedKey> {
        self.second.as_ref().filter(|side| side.intent == id && !side.is_checking())
    }

    /// Whether the second half is being checked once more.
    pub fn is_checking_second(&self, id: IntentId) -> bool {
        self.second.as_ref().is_some_and(|side| side.intent == id && side.is_checking())
    }

    /// The first of a pair was surely not created: the second is not sent either.
    pub(super) fn call_off_second(&mut self, first: IntentId) {
        let Some(intent) = self.attempt(first).map(|one| &one.standing.intent) else { return };
        let Some(part) = intent.part.filter(|part| part.number == 1) else { return };
        let Some(next) = self.other_half(part, first) else { return };
        if next.standing.state != State::Prepared {
            return;
        }
        let next = next.standing.intent.id;
        self.second = None;
        self.close_attempt(next, "the first key of the pair was not made");
    }

    /// The created keys of an intent's pair, itself included, by their parts.
    pub fn created_keys(&self, part: Part) -> Vec<(IntentId, ServiceKey)> {
        let created = self.attempts.iter().filter_map(|one| {
            let its = one.standing.intent.part.filter(|its| its.order == part.order)?;
            let Stage::Made(key) = &one.stage else { return None };
            Some((its.number, one.standing.intent.id, (**key).clone()))
        });
        let mut created: Vec<_> = created.collect();
        created.sort_by_key(|(number, ..)| *number);
        created.into_iter().map(|(_, id, key)| (id, key)).collect()
    }

    /// The first key of the pair whose second this is, where that second was not
    /// created or not sent: half a pair is all there is.
    pub fn first_of_half(&self, id: IntentId) -> Option<IntentId> {
        let one = self.attempt(id)?;
        let part = one.standing.intent.part.filter(|part| part.number == 2)?;
        let not_there = matches!(one.stage, Stage::NotMade(_) | Stage::Waiting);
        not_there.then(|| self.created_keys(part).into_iter().next())?.map(|(first, _)| first)
    }

    /// The second key of a pair was not created, and somebody has seen that: what
    /// was not sent stays written down.
    pub fn leave_second(&mut self, id: IntentId) -> Outcome {
        self.second = None;
        if let Some(one) = self.attempt_mut(id) {
            one.is_set_aside = true;
            if matches!(one.stage, Stage::NotMade(_)) {
                self.journal_step(id, &Step::Closed("the second of a pair was not made".into()));
                self.settle(id);
            }
        }
        self.finish()
    }
}
