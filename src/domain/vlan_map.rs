//! The taken VLANs of an on-ramp, each with its reason.

use std::collections::BTreeMap;

use crate::domain::{
    on_ramp::OnRamp,
    service_key::{KeyUse, ServiceKey},
    text::SafeText,
    time::Timestamp,
    vlan::{VlanId, VlanSet, VlanTag},
};

/// The reason why a VLAN is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A VXC carries it.
    Vxc(SafeText),
    /// An IX carries it.
    Ix(SafeText),
    /// An unused service key reserves it.
    Key(SafeText),
    /// The vendor reported it when asked; the lists give no reason.
    Said,
    /// A key that may exist, because the reply to its order was lost, reserves it.
    Doubt(SafeText),
    /// A key that was ordered on it, and changed outside this host's record.
    Changed(SafeText),
    /// A key that another console of this user is at, or has just created.
    Elsewhere(SafeText),
}

impl Holder {
    /// Returns the reason in words.
    pub fn reason(&self) -> String {
        match self {
            Self::Vxc(name) => format!("circuit {name}"),
            Self::Ix(name) => format!("IX {name}"),
            Self::Key(label) if label.is_empty() => "unused key without a label".to_owned(),
            Self::Key(label) => format!("unused key {label}"),
            Self::Said => "Megaport reports it as taken, the lists do not".to_owned(),
            Self::Doubt(label) => format!("key {label}, in doubt"),
            Self::Changed(label) => format!("key {label}, its VLAN changed elsewhere"),
            Self::Elsewhere(label) => format!("key {label} of another console"),
        }
    }
}

/// The number of taken VLANs of an on-ramp, and the next free one: a [`VlanMap`]
/// without the reasons, which thousands of table rows can afford.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Vlans {
    /// Taken by circuits.
    pub used: usize,
    /// Held by unused keys only.
    pub held: usize,
    /// Not known to be taken.
    pub free: usize,
    /// The lowest free one from [`Vlans::BASE`] up, else at all.
    pub next: Option<VlanId>,
    /// Whether everything that could take one was read.
    pub certain: bool,
}

impl Vlans {
    /// The start of suggestions: lower ones are left to older habits.
    pub const BASE: VlanId = match VlanId::new(100) {
        Ok(base) => base,
        Err(_) => VlanId::FIRST,
    };

    /// Counts what [`VlanMap::new`] would collect.
    pub fn count<'a>(
        on_ramp: &OnRamp,
        keys: impl IntoIterator<Item = &'a ServiceKey>,
        keys_read: bool,
        now: Timestamp,
    ) -> Self {
        let mut taken: VlanSet = circuits(on_ramp).filter_map(VlanTag::id).collect();
        let used = taken.len();
        keys.into_iter().filter_map(|key| reserved(key, now)).for_each(|id| taken.insert(id));
        Self {
            used,
            held: taken.len() - used,
            free: VlanId::COUNT - taken.len(),
            next: suggest(&taken, Self::BASE),
            certain: is_certain(on_ramp, keys_read),
        }
    }
}

/// Returns the VLANs of the circuits of an on-ramp that have not ended.
fn circuits(on_ramp: &OnRamp) -> impl Iterator<Item = VlanTag> {
    let vxcs = on_ramp.standing_vxcs().map(|vxc| vxc.vlan);
    vxcs.chain(on_ramp.standing_ixs().map(|ix| ix.vlan))
}

/// Returns the VLAN that a key reserves.
fn reserved(key: &ServiceKey, now: Timestamp) -> Option<VlanId> {
    match key.usage {
        KeyUse::Single(tag) if key.reserves_vlan(now) => tag.id(),
        _ => None,
    }
}

/// Returns whether nothing that could take a VLAN escaped us: a circuit that does not
/// state its VLAN does.
fn is_certain(on_ramp: &OnRamp, keys_read: bool) -> bool {
    on_ramp.unread == 0 && keys_read && circuits(on_ramp).all(|vlan| vlan != VlanTag::Unstated)
}

/// Returns the lowest ID from `base` up that is not taken, else the lowest at all.
fn suggest(taken: &VlanSet, base: VlanId) -> Option<VlanId> {
    taken.next_free(base).or_else(|| taken.next_free(VlanId::FIRST))
}

/// The taken VLANs of one on-ramp.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VlanMap {
    taken: VlanSet,
    why: BTreeMap<VlanId, Holder>,
    certain: bool,
    /// Circuits and keys that carry no VLAN we know of.
    without: usize,
}

impl VlanMap {
    /// Collects the taken VLANs on `on_ramp` at `now`: its VXCs and IXs that have not
    /// ended, and those of `keys` that still reserve theirs.
    ///
    /// If a circuit and a key hold one VLAN, the circuit is named. `keys_read` is
    /// whether every key of the on-ramp could be read; a circuit that does not state
    /// its VLAN leaves doubt as well.
    pub fn new<'a>(
        on_ramp: &OnRamp,
        keys: impl IntoIterator<Item = &'a ServiceKey>,
        keys_read: bool,
        now: Timestamp,
    ) -> Self {
        let certain = is_certain(on_ramp, keys_read);
        let mut map = Self { certain, ..Self::default() };
        map.without = circuits(on_ramp).filter(|tag| tag.id().is_none()).count();
        for vxc in on_ramp.standing_vxcs() {
            map.occupy(vxc.vlan.id(), || Holder::Vxc(vxc.name.clone()));
        }
        for ix in on_ramp.standing_ixs() {
            map.occupy(ix.vlan.id(), || Holder::Ix(ix.name.clone()));
        }
        for key in keys {
            let live = key.is_multi_use() || key.reserves_vlan(now);
            map.without += usize::from(live && reserved(key, now).is_none());
            map.occupy(reserved(key, now), || Holder::Key(key.label.clone()));
        }
        map
    }

    /// Reserves `id` for `holder`.
    pub fn reserve(&mut self, id: VlanId, holder: &Holder) {
        self.occupy(Some(id), || holder.clone());
    }

    /// Reserves the whole on-ramp, for an untagged key.
    pub fn reserve_all(&mut self, holder: &Holder) {
        for id in (VlanId::FIRST.get()..=VlanId::LAST.get()).filter_map(|n| VlanId::new(n).ok()) {
            self.reserve(id, holder);
        }
    }

    /// Returns whether nothing is on the on-ramp: no circuit, and no key that could
    /// still bring one.
    pub fn is_empty(&self) -> bool {
        self.certain && self.without == 0 && self.taken.len() == 0
    }

    /// Releases `id` if only an unused key reserves it: for that key itself it is not
    /// taken.
    pub fn release(&mut self, id: VlanId) {
        if matches!(self.why.get(&id), Some(Holder::Key(_))) {
            self.why.remove(&id);
            self.taken.remove(id);
        }
    }

    /// Marks `id` as taken because the vendor reported it.
    pub fn mark_reported_taken(&mut self, id: VlanId) {
        self.occupy(Some(id), || Holder::Said);
    }

    fn occupy(&mut self, id: Option<VlanId>, holder: impl FnOnce() -> Holder) {
        if let Some(id) = id {
            self.taken.insert(id);
            self.why.entry(id).or_insert_with(holder);
        }
    }

    /// Returns why `id` is taken; `None` where nothing known takes it.
    pub fn holder(&self, id: VlanId) -> Option<&Holder> {
        self.why.get(&id)
    }

    /// Returns whether anything of this kind takes one.
    pub fn has(&self, kind: impl Fn(&Holder) -> bool) -> bool {
        self.why.values().any(kind)
    }

    /// Returns the taken IDs.
    pub const fn taken(&self) -> &VlanSet {
        &self.taken
    }

    /// Returns the number of IDs taken by circuits.
    pub fn used(&self) -> usize {
        self.why.len() - self.held()
    }

    /// Returns the number of IDs reserved by unused keys only.
    pub fn held(&self) -> usize {
        self.why.values().filter(|h| matches!(h, Holder::Key(_) | Holder::Doubt(_))).count()
    }

    /// Returns the number of free IDs.
    pub fn free(&self) -> usize {
        VlanId::COUNT - self.why.len()
    }

    /// Returns whether every record was read. While not, a free VLAN is not certain.
    pub const fn is_certain(&self) -> bool {
        self.certain
    }

    /// Returns the lowest free ID from `base` up, else the lowest free one at all.
    pub fn suggest(&self, base: VlanId) -> Option<VlanId> {
        suggest(&self.taken, base)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{on_ramp::samples::*, service_key::samples::key, status::Status},
        *,
    };

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn id(n: u16) -> VlanId {
        VlanId::new(n).expect("legal")
    }

    #[test]
    fn each_taken_vlan_says_why_and_a_circuit_speaks_before_a_key() {
        let mut port = port("p");
        port.vxcs = vec![vxc("acme", 500, 100), vxc("gone", 500, 101)];
        port.vxcs[1].status = Status::Decommissioned;
        let keys = [key("k1", "p", 100), key("k2", "p", 102)];
        let map = VlanMap::new(&port, &keys, true, NOW);
        assert_eq!(map.holder(id(100)).map(Holder::reason).as_deref(), Some("circuit acme"));
        assert_eq!(map.holder(id(101)), None, "an ended VXC frees its VLAN");
        assert_eq!(map.holder(id(102)).map(Holder::reason).as_deref(), Some("unused key a label"));
        assert_eq!((map.used(), map.held(), map.free()), (1, 1, VlanId::COUNT - 2));
        assert_eq!(map.suggest(id(100)), Some(id(101)));
        let count = Vlans::count(&port, &keys, true, NOW);
        assert_eq!((count.used, count.held, count.free), (map.used(), map.held(), map.free()));
        assert_eq!((count.next, count.certain), (map.suggest(Vlans::BASE), map.is_certain()));
    }

    #[test]
    fn suggestion_wraps_when_all_above_the_base_is_taken() {
        let mut port = port("p");
        port.vxcs = (4000..=4093).map(|n| vxc(&format!("v{n}"), 1, n)).collect();
        assert_eq!(VlanMap::new(&port, &[], true, NOW).suggest(id(4000)), Some(id(2)));
    }

    #[test]
    fn incomplete_data_makes_every_free_vlan_uncertain() {
        let mut port = port("p");
        assert!(VlanMap::new(&port, &[], true, NOW).is_certain());
        assert!(!VlanMap::new(&port, &[], false, NOW).is_certain(), "keys that were not read");
        port.vxcs = vec![vxc("v", 1, 0)];
        assert!(!VlanMap::new(&port, &[], true, NOW).is_certain(), "a VXC without a VLAN");
        port.vxcs.clear();
        port.unread = 1;
        assert!(!VlanMap::new(&port, &[], true, NOW).is_certain(), "an unread VXC");
    }
}
