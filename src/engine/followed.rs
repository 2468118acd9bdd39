//! The work of this user's other consoles, by the journal that all of them share.
//!
//! The work of a running console is shown as reserved, and this console does not act on
//! it: no search, no card, no confirmation. Once that console has ended, its open work
//! is resumed like that of an earlier session.

use crate::{
    api::journal::{Followed, Others, Running},
    domain::{
        fingerprint::Fingerprint,
        intent::IntentId,
        key_usage::Remembered,
        ledger::{IntentStatus, State},
    },
};

use super::{
    attempt::{AttemptStage, Search},
    effect::Event,
    state::Engine,
};

impl Engine {
    /// Takes the new lines of other consoles.
    pub(super) fn take_followed(&mut self, followed: Followed) {
        let Followed { standings, changes, others, expected } = followed;
        for standing in standings {
            self.take_standing_of_others(standing, &others);
        }
        self.update_others(&others);
        let changes: Vec<_> = changes.iter().collect();
        if self.take_up_changes(&changes, &others) {
            self.read_both();
        }
        // What another console of this user does to a key is no news.
        for (print, values) in expected {
            self.expect(print, values);
        }
        self.judge_plans();
        self.look_where_due();
    }

    /// Takes the state of a request that another console has moved on.
    fn take_standing_of_others(&mut self, standing: IntentStatus, others: &Others) {
        let id = standing.intent.id;
        let known = self.attempt(id);
        // What this console itself is at, it knows best.
        if known.is_some_and(|one| !one.from_previous_session) {
            return;
        }
        let is_same = known.map(|one| one.standing == standing);
        if let State::Created(print) | State::Acknowledged(print) = standing.state {
            self.reserve_until_listed(&standing, print);
        }
        if standing.is_open() {
            match is_same {
                Some(true) => {}
                Some(false) => self.restage(id, standing, others),
                None => self.take_up(standing, others),
            }
            return;
        }
        if is_same.is_some() {
            self.remove_attempt(id);
            self.emit(Event::SettledByOther(standing.intent.order.label().clone()));
        }
        if standing.may_yield_late_key() {
            self.journal.settled.insert(standing.intent.tag(), standing);
        }
    }

    fn restage(&mut self, id: IntentId, standing: IntentStatus, others: &Others) {
        let now = self.now;
        let Some(one) = self.attempt_mut(id) else { return };
        one.elsewhere = writer_of(&standing, others);
        one.stage = AttemptStage::of_earlier(&standing, now);
        (one.standing, one.since, one.search) = (standing, now, Search::default());
        let is_elsewhere = one.elsewhere.is_some();
        let is_planned = self.plan.as_ref().is_some_and(|plan| plan.again && plan.is_of(id));
        if is_elsewhere && is_planned {
            self.drop_plan();
            self.emit(Event::PlanTaken(id));
        }
    }

    /// Updates the set of running consoles: open work of an ended one is searched from
    /// now on.
    pub(super) fn update_others(&mut self, others: &Others) {
        let now = self.now;
        for one in self.attempts.iter_mut().filter(|one| one.elsewhere.is_some()) {
            let writer = writer_of(&one.standing, others);
            if writer.is_none() {
                (one.stage, one.since) = (AttemptStage::of_earlier(&one.standing, now), now);
            }
            one.elsewhere = writer;
        }
    }

    /// Reserves the VLAN of a key that another console has created, and reads the list
    /// to show it.
    fn reserve_until_listed(&mut self, standing: &IntentStatus, print: Fingerprint) {
        let is_listed = self.inventory.keys().any(|key| Fingerprint::of_key(&key.id) == print);
        if is_listed || self.created_by_others.iter().any(|(_, other)| *other == print) {
            return;
        }
        let memory = Remembered::of_intent(&standing.intent, print);
        self.remembered.entry(print).or_insert(memory);
        self.created_by_others.push((standing.intent.clone(), print));
        if self.inventory.keys_known() {
            self.ask_for_keys();
        }
    }

    /// Releases keys of other consoles that are listed by now: the list reserves their
    /// VLANs.
    pub(super) fn forget_listed_of_others(&mut self) {
        let inventory = &self.inventory;
        let is_listed = |print: &Fingerprint| {
            inventory.keys().any(|key| Fingerprint::of_key(&key.id) == *print)
        };
        self.created_by_others.retain(|(_, print)| !is_listed(print));
    }

    /// Refuses to act on a request of another running console; returns whether it did.
    pub(super) fn refuse_elsewhere(&mut self, id: IntentId) -> bool {
        let running = self.attempt(id).and_then(|one| one.elsewhere.clone());
        if let Some(running) = &running {
            self.emit(Event::Elsewhere(running.to_string()));
        }
        running.is_some()
    }
}

/// Returns the console that wrote the last step of a request, if it runs.
pub(super) fn writer_of(standing: &IntentStatus, others: &Others) -> Option<Running> {
    let sender = || standing.sender.and_then(|sender| others.get(&sender));
    standing.writer.and_then(|writer| others.get(&writer)).or_else(sender).cloned()
}
