//! Compares lists with requests in doubt: does the key exist?
//!
//! A search has planned reads, in seconds after the doubt; each background list counts
//! as one, too. Once the planned reads are over the circuits are read, and Megaport is
//! asked about the VLAN.

use crate::{
    api::{Cause, Failure, Listing, Reply, Request, VlanAnswer, journal::Others},
    domain::{
        audit::Happened, fingerprint::Fingerprint, id::OnRampId, intent::IntentId,
        key_order::OrderUse, ledger::State, service_key::ServiceKey, tag::Tag,
    },
    engine::{
        attempt::{AttemptStage, Look},
        effect::{Origin, Outcome},
        journal::SecondKey,
        requests::Purpose,
        state::Engine,
    },
};

impl Engine {
    /// Reads the on-ramp's keys once more, to find the one whose reply was lost.
    pub fn search(&mut self, id: IntentId) -> Outcome {
        if !self.refuse_elsewhere(id) {
            self.start_look(id);
        }
        self.finish()
    }

    pub(super) fn start_look(&mut self, id: IntentId) {
        let Some(one) = self.attempt_mut(id) else { return };
        if !one.is_searchable() || one.search.asking {
            return;
        }
        one.search.asking = true;
        let request = Request::KeysOf(one.standing.intent.order.on_ramp().clone());
        self.ask(request, Purpose::Look(id));
    }

    /// Reads the remaining evidence once the planned reads are over: the circuits, and
    /// Megaport's answer about the VLAN.
    fn search_circuits_and_vlan(&mut self, id: IntentId) {
        let Some(one) = self.attempt(id) else { return };
        let AttemptStage::Looking { .. } = one.stage else { return };
        if !one.search.is_planned_out() {
            return;
        }
        let order = &one.standing.intent.order;
        let (on_ramp, usage) = (order.on_ramp().clone(), order.usage());
        let can_ask = one.search.vlan_can_be_asked;
        self.ask(Request::OnRamp(on_ramp.clone()), Purpose::LookCircuits(id));
        if let (OrderUse::Single(vlan), true) = (usage, can_ask) {
            self.ask(Request::CheckVlan(on_ramp, vlan), Purpose::LookVlan(id));
        }
    }

    /// Takes the result of a planned read of an on-ramp's keys.
    pub(super) fn take_look(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        match result {
            Ok(Reply::KeysOf(of, listing)) => self.take_looked_at(id, &of, listing),
            Ok(_) => {}
            Err(failure) => {
                let refused = failure.cause == Cause::Credentials;
                let from = self.sign_in_from.filter(|from| refused && *from > self.now);
                if let Some(one) = self.attempt_mut(id) {
                    let search = &mut one.search;
                    (search.asking, search.trouble, search.last_whole) =
                        (false, Some(failure), false);
                    // No read can succeed before then: all of them are still to come.
                    if let (Some(from), AttemptStage::Looking { since, .. }) =
                        (from, &mut one.stage)
                    {
                        (*since, search.planned) = (from, 0);
                    }
                }
                self.judge_refusal(id);
            }
        }
    }

    fn take_looked_at(&mut self, id: IntentId, of: &OnRampId, listing: Listing<ServiceKey>) {
        let Some(one) = self.attempt_mut(id) else { return };
        if one.standing.intent.order.on_ramp() != of {
            return;
        }
        let unread = listing.unread.len();
        (one.search.asking, one.search.trouble) = (false, None);
        // The keys of an unlisted on-ramp are not in the inventory, and ours may be
        // among them all the same.
        let unlisted = self.inventory.place(of).is_none();
        let apart = if unlisted { listing.entries.clone() } else { vec![] };
        self.take_keys_of(of, listing);
        let (missing, at) = (self.inventory.missing_keys_of(of), self.server_now());
        self.reconcile_attempt(id, Some(&Look { unread, missing, at, apart }));
        self.judge_refusal(id);
        self.search_circuits_and_vlan(id);
    }

    pub(super) fn take_look_at_circuits(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        let circuits = match result {
            Ok(Reply::OnRamp(on_ramp)) => {
                let known = self.inventory.place(&on_ramp.id).is_some() && on_ramp.unread == 0;
                self.take_on_ramp(*on_ramp);
                Some(known)
            }
            Ok(_) => return,
            Err(_) => None,
        };
        if let Some(one) = self.attempt_mut(id) {
            // What was not read this time is not known now.
            one.search.circuits = circuits.unwrap_or(false);
        }
        if circuits.is_some() {
            self.reconcile_attempt(id, None);
        }
    }

    pub(super) fn take_look_at_vlan(&mut self, id: IntentId, result: &Result<Reply, Failure>) {
        let is_free = match result {
            Ok(Reply::Vlan(answer)) => Some(*answer == VlanAnswer::Free),
            Ok(_) => return,
            Err(_) => None,
        };
        if let Some(one) = self.attempt_mut(id) {
            one.search.vlan_is_free = is_free;
        }
    }

    /// Takes the list of all keys: it counts as a read for every intent in doubt, and
    /// continues those whose planned reads are over.
    pub(super) fn weigh_list_of_all(&mut self) {
        if self.products.saved {
            return self.reconcile_all();
        }
        let (unread, at) = (self.keys.unread.len(), self.server_now());
        for id in self.intents() {
            let Some(one) = self.attempt(id) else { continue };
            let on_ramp = one.standing.intent.order.on_ramp();
            let missing = self.inventory.missing_keys_of(on_ramp);
            let goes_on = one.search.is_planned_out() && !one.search.asking;
            self.reconcile_attempt(id, Some(&Look { unread, missing, at, apart: vec![] }));
            if goes_on {
                self.search_circuits_and_vlan(id);
            }
        }
        self.find_surprises();
    }

    fn intents(&self) -> Vec<IntentId> {
        self.attempts.iter().map(|one| one.standing.intent.id).collect()
    }

    /// Weighs one intent against what is known of its on-ramp.
    fn reconcile_attempt(&mut self, id: IntentId, look: Option<&Look>) {
        let found = self.attempts.iter().position(|one| one.standing.intent.id == id);
        let Some(at) = found.filter(|at| self.attempts[*at].is_searchable()) else { return };
        let refused = matches!(self.attempts[at].stage, AttemptStage::NotMade(_));
        let Some(key) = self.attempts[at].reconcile(&self.inventory, look) else { return };
        let origin = match self.attempts[at].from_previous_session {
            _ if refused => Origin::Refused,
            true => Origin::Earlier,
            false => Origin::Found,
        };
        self.take_created(id, key, origin, Happened::Found);
    }

    /// Reconciles every intent in doubt with the new lists, and finds late keys of
    /// settled ones.
    pub(super) fn reconcile_all(&mut self) {
        // What an earlier session has read is no evidence.
        if !self.products.saved {
            for id in self.intents() {
                self.reconcile_attempt(id, None);
            }
        }
        self.find_surprises();
    }

    /// Finds keys of closed intents, and second ones of intents that were sent twice.
    fn find_surprises(&mut self) {
        self.journal.second.clear();
        if self.journal.settled.is_empty() {
            return;
        }
        let mut found = vec![];
        for key in self.inventory.keys().filter(|key| key.active) {
            for tag in Tag::in_label(key.label.as_str()) {
                if let Some(standing) = self.journal.settled.get(&tag) {
                    found.push((standing.intent.id, tag, key.clone()));
                }
            }
        }
        for (id, tag, key) in found {
            let Some(standing) = self.journal.settled.get(&tag) else { continue };
            let print = Fingerprint::of_key(&key.id);
            match standing.state {
                State::Acknowledged(known) if known == print => {}
                State::Acknowledged(settled) => {
                    let label = standing.intent.order.label().clone();
                    self.journal.second.push(SecondKey { label, settled, key });
                }
                _ => {
                    let origin = match standing.state {
                        State::Refused => Origin::Refused,
                        _ => Origin::Late,
                    };
                    if let Some(standing) = self.journal.settled.remove(&tag) {
                        self.take_up(standing, &Others::new());
                        self.take_created(id, key, origin, Happened::Found);
                    }
                }
            }
        }
    }
}
