//! Watching keys until the customer uses them: the schedule of checks, and their
//! results.
//!
//! Every remembered key is watched unless the user decided otherwise. One check reads
//! the list of all keys, and a few records of on-ramps in turn, since only a circuit
//! shows which customer used a key.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    api::{Failure, Reply, Request},
    domain::{
        audit::Act,
        fingerprint::Fingerprint,
        id::{ConnectionId, KeyId, OnRampId},
        key_usage::{Reading, Remembered, Survey},
        service_key::ServiceKey,
        watch::{self, Records, Until},
    },
    engine::{
        effect::{Event, Outcome},
        requests::Purpose,
        state::Engine,
    },
};

/// A watched key, as listed, with its reading.
type Watched = (Fingerprint, Option<ServiceKey>, Reading);

impl Engine {
    /// Returns the account as it was read, for judging keys by.
    pub fn survey(&self) -> Survey<'_> {
        let unread = self.keys.unread.len();
        let now = self.server_now();
        let (inventory, remembered) = (&self.inventory, &self.remembered);
        Survey { inventory, remembered, drifted: &self.drift.differences, unread, now }
    }

    /// Returns whether a key of the list is watched.
    pub fn is_watched(&self, id: &KeyId) -> bool {
        let print = Fingerprint::of_key(id);
        self.remembered.contains_key(&print) && !self.watch.off.contains(&print)
    }

    /// Watches a key of the list, or stops watching it.
    pub fn toggle_watch(&mut self, key: &ServiceKey) -> Outcome {
        let memory = Remembered::of_key(key);
        let print = memory.print;
        if self.is_watched(&key.id) {
            self.watch.off.insert(print);
        } else {
            self.watch.off.remove(&print);
            self.remembered.entry(print).or_insert(memory);
        }
        self.compare_watched();
        self.finish()
    }

    /// Returns how many watched keys have not reached their goal.
    pub fn pending_count(&self) -> usize {
        self.pending().len()
    }

    /// Returns the time until the next check; `None` where no key waits, or a check is
    /// in progress.
    pub fn look_due_in(&self) -> Option<Duration> {
        if !self.is_open || self.keys.asked.is_some() {
            return None;
        }
        let made = self.pending().into_iter().map(|key| key.created);
        let interval = watch::interval(made, self.server_now())?;
        let from = self.watch.looked.unwrap_or(self.now);
        Some((from + interval).since(self.now))
    }

    /// Returns the watched keys that are listed, and those that no longer are.
    fn watched(&self) -> Vec<Watched> {
        if !self.inventory.keys_known() {
            return vec![];
        }
        let mut judge = self.survey().judge();
        let memories = self.remembered.values().filter(|one| !self.watch.off.contains(&one.print));
        let memories: Vec<_> = memories.collect();
        let on_ramps: BTreeSet<&OnRampId> = memories.iter().map(|one| &one.on_ramp).collect();
        let listed = on_ramps.into_iter().flat_map(|id| self.inventory.keys_of(id));
        let listed: BTreeMap<_, _> =
            listed.map(|key| (Fingerprint::of_key(&key.id), key)).collect();
        let mut of = |memory: &&Remembered| match listed.get(&memory.print) {
            Some(key) => (memory.print, Some((*key).clone()), judge.listed(key)),
            None => (memory.print, None, judge.gone(memory)),
        };
        memories.iter().map(&mut of).collect()
    }

    /// Returns watched keys that have not reached their goal.
    fn pending(&self) -> Vec<ServiceKey> {
        let pending = self.watched().into_iter().filter_map(|(_, key, reading)| {
            let is_built = Until::Live.is_met(&reading);
            let waits = reading.word.waits() || reading.circuit().is_some() && !is_built;
            key.filter(|_| waits)
        });
        pending.collect()
    }

    /// Compares every watched key with its state before, and reports the news.
    pub(super) fn compare_watched(&mut self) {
        self.compare_with_expected();
        for (print, key, reading) in self.watched() {
            let before = self.watch.readings.insert(print, reading.clone());
            let news = before.and_then(|before| watch::compare(&before, &reading));
            let Some(news) = news else { continue };
            let label = key.map(|key| key.label).filter(|label| !label.is_empty());
            let memory = self.remembered.get(&print).map(|one| one.label.clone());
            let label = label.or(memory).unwrap_or_default();
            let says = news.describe().as_str().into();
            self.emit(Event::KeyNews(label.clone(), news));
            self.audit_act(Act::News { print, label, says });
        }
    }

    /// Updates the known state of a key that this engine changed itself, so that it is
    /// no news.
    pub(super) fn know_key(&mut self, key: &ServiceKey) {
        let reading = self.survey().listed(key);
        self.watch.readings.insert(Fingerprint::of_key(&key.id), reading);
    }

    /// Updates the known state of a circuit that the engine itself has answered.
    pub(super) fn know_circuit(&mut self, circuit: &ConnectionId) {
        let is_it = |reading: &Reading| reading.circuit().is_some_and(|one| one.id == *circuit);
        let known: Vec<_> = self.watched().into_iter().filter(|(.., now)| is_it(now)).collect();
        let known = known.into_iter().map(|(print, _, reading)| (print, reading));
        self.watch.readings.extend(known);
    }

    /// Does the work that time alone makes due: the next check.
    pub(super) fn look_at_watched_where_due(&mut self) {
        if self.watch.looked.is_none() && self.inventory.keys_known() {
            self.watch.looked = Some(self.now);
        }
        if self.look_due_in() == Some(Duration::ZERO) {
            self.look_at_watched();
        }
    }

    /// Reads the keys, and the records whose turn it is.
    fn look_at_watched(&mut self) {
        self.watch.looked = Some(self.now);
        let pending = self.pending();
        let waiting = pending.iter().map(|key| (&key.on_ramp, key.created));
        let records = Records::due(&self.inventory, waiting, self.server_now(), self.watch.turn);
        self.watch.turn += 1;
        self.ask_for_keys();
        match records {
            Records::All => self.ask_for_products(),
            Records::Only(ids) => {
                for id in ids {
                    self.ask(Request::OnRamp(id), Purpose::WatchOnRamp);
                }
            }
        }
    }

    /// Takes the record of an on-ramp. For an unreadable one the list has more, and the
    /// next check comes anyway.
    pub(super) fn take_watched_on_ramp(&mut self, result: Result<Reply, Failure>) {
        if let Ok(Reply::OnRamp(on_ramp)) = result {
            self.take_on_ramp(*on_ramp);
            self.tell_lists_read();
        }
    }

    /// Reports that lists were read: watched keys may have news.
    pub(super) fn tell_lists_read(&mut self) {
        self.renew_changes();
        self.compare_watched();
        self.emit(Event::ListsRead);
    }
}
