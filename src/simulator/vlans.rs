//! VLANs: which are taken on a service, by what, and which are free.
//!
//! Reference 4.4 and 5. A VLAN is held by VXCs, IXs and keys not yet used.

use std::collections::BTreeSet;

use crate::simulator::{store::Store, switches::Switches};

/// The first VLAN a key or VXC may carry (reference 4.4).
pub(super) const FIRST_VLAN: i64 = 2;
/// The last VLAN a key or VXC may carry.
pub(super) const LAST_VLAN: i64 = 4093;
/// The value that means "untagged".
pub(super) const UNTAGGED: i64 = -1;

/// The VLANs of one service.
#[derive(Debug, Default)]
pub(super) struct Vlans {
    taken: BTreeSet<i64>,
    /// Something is attached untagged, which takes the whole service.
    pub(super) untagged: bool,
}

/// The VLANs to count.
#[derive(Debug, Clone, Copy)]
pub(super) struct VlanFilter<'a> {
    pub(super) switches: &'a Switches,
    pub(super) keys: bool,
    /// A key that is ignored, since it does not block itself.
    pub(super) except: Option<usize>,
    pub(super) now: i64,
}

impl Vlans {
    /// Collects what `service` carries.
    pub(super) fn of_service(store: &Store, service: usize, counting: VlanFilter<'_>) -> Self {
        let mut vlans = Self::default();
        for circuit in store.services[service].circuits.iter().map(|c| &store.circuits[*c]) {
            for (_, vlan) in circuit.ends.iter().filter(|(end, _)| *end == Some(service)) {
                if circuit.holds {
                    vlans.add_taken(*vlan);
                }
            }
        }
        let document = store.services[service].document.value();
        for ix in document["associatedIxs"].as_array().into_iter().flatten() {
            if ix["provisioningStatus"] != "DECOMMISSIONED" {
                vlans.add_taken(ix["vlan"].as_i64());
            }
        }
        for key in &store.services[service].keys {
            let record = &store.keys[*key];
            let idle = !record.flag("active") && !counting.switches.inactive_keys_hold_vlans;
            let live = !record.is_spent() && !record.is_expired(counting.now) && !idle;
            if counting.keys && live && counting.except != Some(*key) && record.flag("singleUse") {
                // A key for an untagged connection reserves nothing: nothing is attached yet.
                vlans.add_taken(record.number("vlan").filter(|vlan| *vlan != UNTAGGED));
            }
        }
        vlans
    }

    fn add_taken(&mut self, vlan: Option<i64>) {
        match vlan {
            Some(UNTAGGED) => self.untagged = true,
            Some(vlan) => _ = self.taken.insert(vlan),
            None => {}
        }
    }

    /// Returns whether anything is attached or reserved.
    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty() && !self.untagged
    }

    /// Returns whether `vlan` may be used.
    pub(super) fn is_free(&self, vlan: i64) -> bool {
        !self.untagged && (FIRST_VLAN..=LAST_VLAN).contains(&vlan) && !self.taken.contains(&vlan)
    }

    /// Returns the free VLANs after `vlan`, going round.
    pub(super) fn free_after(&self, vlan: i64) -> impl Iterator<Item = i64> {
        let from = vlan.clamp(FIRST_VLAN - 1, LAST_VLAN) + 1;
        (from..=LAST_VLAN).chain(FIRST_VLAN..from).filter(|vlan| self.is_free(*vlan))
    }
}
