//! The keys of a whole account judged, those included that no list has any
//! more.

use std::collections::BTreeSet;

use crate::domain::{
    fingerprint::Fingerprint,
    id::OnRampId,
    inventory::Inventory,
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
    vlan::VlanTag,
};

use super::{Circuits, Reading, Remembered, gone, listed};

/// What the keys of an account are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    /// What was read of it.
    pub inventory: &'a Inventory,
    /// How many entries of the list of keys could not be read.
    pub unread: usize,
    /// The time, by the server's clock.
    pub now: Timestamp,
}

impl<'a> Survey<'a> {
    /// How a listed key stands.
    pub fn listed(&self, key: &ServiceKey) -> Reading {
        let circuits = Circuits::of(self.inventory.on_ramp(&key.on_ramp));
        let taken =
            if key.is_multi_use() { self.single_vlans(&key.on_ramp) } else { BTreeSet::new() };
        listed(key, &circuits, |tag| taken.contains(&tag), self.now)
    }

    /// How a key that no list has any more stands.
    pub fn gone(&self, memory: &Remembered) -> Reading {
        let circuits = Circuits::of(self.inventory.on_ramp(&memory.on_ramp));
        gone(memory, &circuits, self.unread)
    }

    /// Every listed key with how it stands: on-ramp by on-ramp, the newest
    /// first, and those of vanished on-ramps last.
    pub fn all_listed(&self) -> Vec<(&'a ServiceKey, Reading)> {
        let inventory = self.inventory;
        let mut all = Vec::with_capacity(inventory.key_count());
        for on_ramp in inventory.on_ramps() {
            let circuits = Circuits::of(Some(on_ramp));
            let taken = self.single_vlans(&on_ramp.id);
            for key in inventory.keys_of(&on_ramp.id) {
                all.push((key, listed(key, &circuits, |tag| taken.contains(&tag), self.now)));
            }
        }
        let nowhere = Circuits::of(None);
        for key in inventory.keys().filter(|key| inventory.place(&key.on_ramp).is_none()) {
            all.push((key, listed(key, &nowhere, |_| false, self.now)));
        }
        all
    }

    /// What of `remembered` no list has any more, with how it stands; nothing
    /// before the list was read.
    pub fn forgotten<'m>(
        &self,
        remembered: impl IntoIterator<Item = &'m Remembered>,
    ) -> Vec<(&'m Remembered, Reading)> {
        let mut wanted = remembered.into_iter().peekable();
        if !self.inventory.keys_known() || wanted.peek().is_none() {
            return vec![];
        }
        let listed: BTreeSet<_> =
            self.inventory.keys().map(|key| Fingerprint::of(&key.id)).collect();
        let left = wanted.filter(|memory| !listed.contains(&memory.print));
        left.map(|memory| (memory, self.gone(memory))).collect()
    }

    /// The VLANs of single-use keys of an on-ramp: a circuit on one of them is
    /// of that key.
    fn single_vlans(&self, on_ramp: &OnRampId) -> BTreeSet<VlanTag> {
        let tags = self.inventory.keys_of(on_ramp).filter_map(|key| match key.usage {
            KeyUse::Single(tag) => Some(tag),
            KeyUse::Multi => None,
        });
        tags.collect()
    }
}
