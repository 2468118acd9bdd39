//! The two keys of a pair: one after the other, with incomplete pairs reported.
//!
//! One confirmation covers both. The second is sent automatically only right after the
//! first one's key is known, in the same session, and only if its VLAN and the keys of
//! its on-ramp, read again, still allow it. Otherwise the pair stops with the first key
//! created and the second journaled. The second stays open, whatever its outcome, until
//! it is created or the user discards it.

use std::time::Duration;

use crate::{
    api::Mode,
    domain::{
        fingerprint::Fingerprint,
        intent::{Intent, IntentId, Part},
        key_usage::Remembered,
        ledger::{JournalStep, Record, State},
        service_key::ServiceKey,
        time::Timestamp,
    },
};

use super::{
    attempt::{Attempt, AttemptStage},
    effect::Outcome,
    plan::PlannedKey,
    state::Engine,
};

/// A key of a pair that is known to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedHalf {
    /// The stored facts of its key.
    pub memory: Remembered,
    /// Its request, if the user has not seen its key yet.
    pub intent: Option<IntentId>,
    /// The key; `None` if it is no longer listed.
    pub key: Option<ServiceKey>,
}

/// Writes an intent down that is not sent yet.
pub(super) fn prepared(intent: Intent) -> Record {
    let (id, at) = (intent.id, intent.prepared_at);
    Record::new(id, at, JournalStep::Prepared(Box::new(intent)))
}

impl Engine {
    /// Returns the other half of an intent's pair, where it is not settled.
    pub fn other_half(&self, part: Part) -> Option<&Attempt> {
        let is_other = |its: Part| its.order == part.order && its.number != part.number;
        self.attempts.iter().find(|one| one.standing.intent.part.is_some_and(is_other))
    }

    /// Returns the first of an intent's pair, if the intent is the second and the first
    /// is neither created nor settled: until it is, the second is not sent, not even on
    /// the user's confirmation.
    pub(super) fn first_to_settle(&self, intent: &Intent) -> Option<&Attempt> {
        let part = intent.part.filter(|part| part.number == 2)?;
        let first = self.other_half(part)?;
        (!matches!(first.stage, AttemptStage::Made(_) | AttemptStage::Vanished)).then_some(first)
    }

    /// Checks the second key of a pair once more when the first is known; it is then
    /// sent automatically. Returns the second, if it continues.
    pub(super) fn start_second_key(&mut self, id: IntentId) -> Option<IntentId> {
        let one = self.attempt(id).filter(|one| !one.from_previous_session && !one.is_set_aside)?;
        let part = one.standing.intent.part.filter(|part| part.number == 1)?;
        let next = self.other_half(part)?;
        let intent = &next.standing.intent;
        let is_of_another_session = next.from_previous_session || intent.realm != self.realm;
        if next.stage != AttemptStage::Waiting || is_of_another_session {
            return None;
        }
        let (next, order) = (intent.id, intent.order.clone());
        let vlan = self.start_checks(next, &order);
        self.second = Some(PlannedKey { vlan, ..PlannedKey::new(next, order) });
        // From here on the second one is active; the first waits to be shown.
        if let Some(first) = self.attempt_mut(id) {
            first.is_set_aside = true;
        }
        if let Some(second) = self.attempt_mut(next) {
            second.is_set_aside = false;
        }
        Some(next)
    }

    /// Handles the end of a check: sends the second half if all of its checks are
    /// clear.
    pub(super) fn go_on_if_clear(&mut self, id: IntentId) {
        self.judge_plans();
        let Some(side) = self.second.as_ref().filter(|side| side.intent == id) else { return };
        // An unclear check stays, so that the reason can be shown.
        if !side.is_checking() && side.clear().is_some() && self.mode == Mode::ReadWrite {
            self.second = None;
            self.hand_over(id);
        }
    }

    /// Returns the second of a pair that was not sent automatically, with the
    /// reasons against it.
    pub fn stopped_second(&self, id: IntentId) -> Option<&PlannedKey> {
        self.second.as_ref().filter(|side| side.intent == id && !side.is_checking())
    }

    /// Returns whether the second half is being checked once more.
    pub fn is_checking_second(&self, id: IntentId) -> bool {
        self.second.as_ref().is_some_and(|side| side.intent == id && side.is_checking())
    }

    /// Cancels the second of a pair whose first was surely not created.
    pub(super) fn call_off_second(&mut self, first: IntentId) {
        let Some(intent) = self.attempt(first).map(|one| &one.standing.intent) else { return };
        let Some(part) = intent.part.filter(|part| part.number == 1) else { return };
        let Some(next) = self.other_half(part) else { return };
        if next.standing.state != State::Prepared {
            return;
        }
        let next = next.standing.intent.id;
        self.second = None;
        self.close_attempt(next, "the first key of the pair was not created");
    }

    /// Returns the created keys of a pair, by their parts: those the user has not seen
    /// yet, and those seen before, in this session or an earlier one.
    pub fn created_halves(&self, part: Part) -> Vec<CreatedHalf> {
        let is_of_it =
            |memory: &&Remembered| memory.part.is_some_and(|its| its.order == part.order);
        let mut halves: Vec<_> = self
            .remembered
            .values()
            .filter(is_of_it)
            .map(|memory| {
                let created = self.attempts.iter().find_map(|one| match &one.stage {
                    AttemptStage::Made(key) if Fingerprint::of_key(&key.id) == memory.print => {
                        Some((one.standing.intent.id, (**key).clone()))
                    }
                    _ => None,
                });
                let listed = || {
                    let mut keys = self.inventory.keys_of(&memory.on_ramp);
                    keys.find(|key| Fingerprint::of_key(&key.id) == memory.print).cloned()
                };
                let (intent, key) = created.map_or((None, None), |(id, key)| (Some(id), Some(key)));
                CreatedHalf { memory: memory.clone(), intent, key: key.or_else(listed) }
            })
            .collect();
        halves.sort_by_key(|half| half.memory.part.map(|part| part.number));
        halves
    }

    /// Returns the other half of a pair, where it is known to be created.
    pub fn created_other_half(&self, part: Part) -> Option<CreatedHalf> {
        let is_other = |half: &CreatedHalf| half.memory.part != Some(part);
        self.created_halves(part).into_iter().find(is_other)
    }

    /// Returns the pair of which this is the second key, where its first one is created
    /// and it is not: half a pair is all there is.
    pub fn half_pair_of(&self, id: IntentId) -> Option<Part> {
        let one = self.attempt(id)?;
        let part = one.standing.intent.part.filter(|part| part.number == 2)?;
        let is_created = matches!(one.stage, AttemptStage::Made(_) | AttemptStage::Vanished);
        (!is_created && self.created_other_half(part).is_some()).then_some(part)
    }

    /// Leaves the second key open after the user has seen the incomplete pair: it stays
    /// journaled, to be sent later. A request that may be in flight stays active.
    pub fn leave_second(&mut self, id: IntentId) -> Outcome {
        self.second = None;
        if let Some(one) = self.attempt_mut(id)
            && matches!(one.stage, AttemptStage::NotMade(_) | AttemptStage::Waiting)
        {
            one.is_set_aside = true;
        }
        self.finish()
    }

    /// Returns from when a request may be sent, by this host's clock, where that is not
    /// now: Megaport asks for a wait, its credentials are not retried before, or its
    /// refusal is still investigated.
    pub fn may_be_sent_from(&self, id: IntentId) -> Option<Timestamp> {
        let order = &self.attempt(id)?.standing.intent.order;
        let waits = [self.wait_until, self.sign_in_from, self.held_until(order)];
        waits.into_iter().flatten().filter(|at| *at > self.now).max()
    }

    /// Returns when the remaining time of a pair's second key is redrawn.
    pub(super) fn countdown_due_in(&self) -> Option<Duration> {
        let is_open = |one: &&Attempt| one.may_be_sent() && one.standing.intent.completes_a_pair();
        let mut open = self.attempts.iter().filter(is_open);
        let counts = open.any(|one| self.may_be_sent_from(one.standing.intent.id).is_some());
        counts.then_some(Duration::from_secs(1))
    }
}
