//! The judgement of all keys of an account, including those no longer listed.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    fingerprint::Fingerprint, id::OnRampId, inventory::Inventory, key_difference::Difference,
    service_key::ServiceKey, time::Timestamp, vlan::VlanTag,
};

use super::{Circuits, Reading, Remembered, gone, listed};

/// The data by which the keys of an account are judged.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    /// The account's on-ramps and keys as read.
    pub inventory: &'a Inventory,
    /// Keys that are remembered, whether a list has them or not.
    pub remembered: &'a BTreeMap<Fingerprint, Remembered>,
    /// The differences of listed keys that were changed outside this host's record.
    pub drifted: &'a BTreeMap<Fingerprint, Vec<Difference>>,
    /// The number of key list entries that could not be read.
    pub unread: usize,
    /// The time, by the server's clock.
    pub now: Timestamp,
}

impl<'a> Survey<'a> {
    /// Judges several keys: what is known of an on-ramp is ordered once.
    pub fn judge(&self) -> Judge<'a> {
        let mut vlans: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for memory in self.remembered.values() {
            let place = self.inventory.place(&memory.on_ramp);
            if let Some((place, tag)) = place.zip(memory.usage.own_vlan()) {
                vlans.entry(place).or_default().insert(tag);
            }
        }
        Judge { survey: *self, vlans, circuits: BTreeMap::new() }
    }

    /// Judges one listed key.
    pub fn listed(&self, key: &ServiceKey) -> Reading {
        self.judge().listed(key)
    }

    /// Judges one key that is no longer listed.
    pub fn gone(&self, memory: &Remembered) -> Reading {
        self.judge().gone(memory)
    }

    /// Returns every listed key with its reading: by on-ramp, the newest first, and
    /// those of unlisted on-ramps last.
    pub fn all_listed(&self) -> Vec<(&'a ServiceKey, Reading)> {
        let inventory = self.inventory;
        let mut judge = self.judge();
        let here = inventory.on_ramps().iter().flat_map(|one| inventory.keys_of(&one.id));
        let nowhere = inventory.keys().filter(|key| inventory.place(&key.on_ramp).is_none());
        here.chain(nowhere).map(|key| (key, judge.listed(key))).collect()
    }

    /// Returns the remembered keys that are no longer listed, with their readings; none
    /// before the list was read.
    pub fn forgotten(&self) -> Vec<(&'a Remembered, Reading)> {
        if !self.inventory.keys_known() || self.remembered.is_empty() {
            return vec![];
        }
        let listed: BTreeSet<_> =
            self.inventory.keys().map(|key| Fingerprint::of_key(&key.id)).collect();
        let left = self.remembered.values().filter(|memory| !listed.contains(&memory.print));
        let mut judge = self.judge();
        left.map(|memory| (memory, judge.gone(memory))).collect()
    }
}

/// Judges keys of one account, see [`Survey::judge`].
#[derive(Debug, Clone)]
pub struct Judge<'a> {
    survey: Survey<'a>,
    /// The VLANs of remembered keys, by the places of their on-ramps.
    vlans: BTreeMap<usize, BTreeSet<VlanTag>>,
    /// Circuits already sorted, by index of their on-ramp.
    circuits: BTreeMap<usize, Circuits<'a>>,
}

impl<'a> Judge<'a> {
    /// Judges a listed key.
    pub fn listed(&mut self, key: &ServiceKey) -> Reading {
        let Survey { now, drifted, .. } = self.survey;
        let reading = self.with_circuits(&key.on_ramp, |circuits| listed(key, circuits, now));
        // Nothing is worked out for accounts of which no key was changed.
        let differences = (!drifted.is_empty()).then(|| drifted.get(&Fingerprint::of_key(&key.id)));
        reading.with_drift(differences.flatten())
    }

    /// Judges a key that is no longer listed.
    pub fn gone(&mut self, memory: &Remembered) -> Reading {
        let Survey { unread, now, .. } = self.survey;
        self.with_circuits(&memory.on_ramp, |circuits| gone(memory, circuits, unread, now))
    }

    /// Judges by the circuits of an on-ramp. A circuit on the VLAN of a known key
    /// is of that key.
    fn with_circuits(
        &mut self,
        id: &OnRampId,
        by: impl FnOnce(&Circuits<'a>) -> Reading,
    ) -> Reading {
        let inventory = self.survey.inventory;
        let Some(place) = inventory.place(id) else {
            return by(&Circuits::new(inventory.seen(id), |_| false));
        };
        let Self { vlans, circuits, .. } = self;
        by(circuits.entry(place).or_insert_with(|| {
            let remembered = vlans.remove(&place).unwrap_or_default();
            let is_of_key = |tag| inventory.is_of_key(place, tag) || remembered.contains(&tag);
            Circuits::new(inventory.seen(id), is_of_key)
        }))
    }
}
