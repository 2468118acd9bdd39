//! One snapshot of everything we own: on-ramps, and the keys made on them.

use std::collections::BTreeMap;

use super::{
    id::{KeyId, OnRampId},
    lag::group_lags,
    on_ramp::OnRamp,
    readiness::Closed,
    service_key::{KeyState, KeyUse, ServiceKey},
    status::Status,
    time::Timestamp,
    units::Mbps,
    vlan::VlanId,
    vlan_map::VlanMap,
};

/// The figures of one on-ramp that every table row and every sort needs,
/// worked out once per inventory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// VXCs that have not ended.
    pub vxcs: usize,
    /// The committed rates, summed.
    pub allocated: Mbps,
    /// The allocation in whole percent, where a capacity is known.
    pub percent: Option<u32>,
    /// Keys a customer could still redeem, `None` until keys were read.
    pub keys: Option<usize>,
    /// Why no new key can be made; empty when one can.
    pub closed: Vec<Closed>,
}

/// A snapshot of the account. On-ramps are in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    on_ramps: Vec<OnRamp>,
    summaries: Vec<Summary>,
    places: BTreeMap<OnRampId, usize>,
    keys: BTreeMap<KeyId, ServiceKey>,
    keys_known: bool,
    keys_of: BTreeMap<usize, Vec<KeyId>>,
}

impl Inventory {
    /// Builds a snapshot from on-ramps as they were read: ended ones are left
    /// out and LAG members folded together.
    pub fn new(on_ramps: Vec<OnRamp>) -> Self {
        let standing = on_ramps.into_iter().filter(|o| o.status != Status::Decommissioned);
        let mut on_ramps = group_lags(standing.collect());
        on_ramps.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        on_ramps.dedup_by(|a, b| a.id == b.id);
        let mut places = BTreeMap::new();
        for (index, on_ramp) in on_ramps.iter().enumerate() {
            let members = on_ramp.lag.iter().flat_map(|lag| &lag.members);
            places.extend(members.chain([&on_ramp.id]).map(|id| (id.clone(), index)));
        }
        let summaries = on_ramps.iter().map(summarise).collect();
        Self { on_ramps, summaries, places, ..Self::default() }
    }

    /// Takes over `keys` as all the keys there are.
    pub fn set_keys(&mut self, keys: Vec<ServiceKey>, now: Timestamp) {
        self.keys = keys.into_iter().map(|key| (key.id.clone(), key)).collect();
        self.keys_known = true;
        self.index_keys(now);
    }

    /// Takes over `keys` as all the keys of one on-ramp.
    pub fn set_keys_of(&mut self, on_ramp: &OnRampId, keys: Vec<ServiceKey>, now: Timestamp) {
        let replaced: Vec<_> =
            keys.iter().map(|key| &key.on_ramp).chain([on_ramp]).cloned().collect();
        self.keys.retain(|_, key| !replaced.contains(&key.on_ramp));
        self.keys.extend(keys.into_iter().map(|key| (key.id.clone(), key)));
        self.index_keys(now);
    }

    /// Adds or replaces one key.
    pub fn put_key(&mut self, key: ServiceKey, now: Timestamp) {
        self.keys.insert(key.id.clone(), key);
        self.index_keys(now);
    }

    /// Carries the keys of `older` over into a snapshot that has none yet.
    pub fn inherit_keys(&mut self, older: Self, now: Timestamp) {
        self.keys = older.keys;
        self.keys_known = older.keys_known;
        self.index_keys(now);
    }

    fn index_keys(&mut self, now: Timestamp) {
        self.keys_of.clear();
        for key in self.keys.values() {
            if let Some(&place) = self.places.get(&key.on_ramp) {
                self.keys_of.entry(place).or_default().push(key.id.clone());
            }
        }
        for place in 0..self.on_ramps.len() {
            let taken = circuits(&self.on_ramps[place]);
            let live = |key: &&ServiceKey| state_on(&taken, key, now).is_redeemable();
            let count = self.keys_at(place).filter(live).count();
            self.summaries[place].keys = self.keys_known.then_some(count);
        }
    }

    fn keys_at(&self, place: usize) -> impl Iterator<Item = &ServiceKey> {
        self.keys_of.get(&place).into_iter().flatten().filter_map(|id| self.keys.get(id))
    }

    /// The on-ramps, in the order of their names.
    pub fn on_ramps(&self) -> &[OnRamp] {
        &self.on_ramps
    }

    /// The figures of the on-ramp at `index`.
    pub fn summary(&self, index: usize) -> &Summary {
        &self.summaries[index]
    }

    /// The index of the on-ramp that `id` is, or is a LAG member of.
    pub fn place(&self, id: &OnRampId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The on-ramp that `id` is, or is a LAG member of.
    pub fn on_ramp(&self, id: &OnRampId) -> Option<&OnRamp> {
        self.on_ramps.get(self.place(id)?)
    }

    /// The keys of one on-ramp, newest first.
    pub fn keys_of(&self, id: &OnRampId) -> Vec<&ServiceKey> {
        let mut keys: Vec<_> =
            self.place(id).map(|p| self.keys_at(p).collect()).unwrap_or_default();
        keys.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        keys
    }

    /// Whether the keys have been read at all.
    pub const fn keys_known(&self) -> bool {
        self.keys_known
    }

    /// How many keys there are, those of vanished on-ramps included.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// What takes VLANs on one on-ramp at `now`.
    pub fn vlan_map(&self, id: &OnRampId, now: Timestamp) -> Option<VlanMap> {
        let place = self.place(id)?;
        Some(VlanMap::of(&self.on_ramps[place], self.keys_at(place), now))
    }

    /// The state of `key` at `now`, with the circuits of its on-ramp as
    /// evidence of use.
    pub fn key_state(&self, key: &ServiceKey, now: Timestamp) -> KeyState {
        let taken = self.on_ramp(&key.on_ramp).map(circuits).unwrap_or_default();
        state_on(&taken, key, now)
    }
}

fn summarise(on_ramp: &OnRamp) -> Summary {
    Summary {
        vxcs: on_ramp.standing_vxcs().count(),
        allocated: on_ramp.allocated(),
        percent: on_ramp.allocation_percent(),
        keys: None,
        closed: on_ramp.closed(),
    }
}

/// The VLANs that VXCs hold, with the time each was ordered.
fn circuits(on_ramp: &OnRamp) -> BTreeMap<VlanId, Option<Timestamp>> {
    on_ramp.standing_vxcs().filter_map(|vxc| Some((vxc.vlan.id()?, vxc.created))).collect()
}

fn state_on(
    circuits: &BTreeMap<VlanId, Option<Timestamp>>,
    key: &ServiceKey,
    now: Timestamp,
) -> KeyState {
    let vlan = match key.usage {
        KeyUse::Single(tag) => tag.id(),
        KeyUse::Multi => None,
    };
    // A circuit that is older than the key can not have come from it.
    let younger = |ordered: &Option<Timestamp>| match (ordered, key.created) {
        (Some(ordered), Some(made)) => *ordered >= made,
        _ => true,
    };
    let in_use = vlan.and_then(|vlan| circuits.get(&vlan)).is_some_and(younger);
    key.state(now, in_use)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{on_ramp::samples::*, service_key::samples::key},
        *,
    };

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn id(raw: &str) -> OnRampId {
        OnRampId::new(raw).expect("legal")
    }

    #[test]
    fn a_key_made_on_a_lag_member_belongs_to_the_lag() {
        use crate::domain::lag::Lag;
        let member = |name: &str, primary| {
            let mut port = port(name);
            let members = vec![port.id.clone()];
            port.lag = Some(Lag { group: 1, primary, members, member_speed: port.speed });
            port
        };
        let mut inventory = Inventory::new(vec![member("b", false), member("a", true)]);
        inventory.set_keys(vec![key("k", "b", 100)], NOW);
        assert_eq!(inventory.on_ramps().len(), 1);
        assert_eq!(inventory.keys_of(&id("a")).len(), 1);
        assert_eq!(inventory.vlan_map(&id("b"), NOW).map(|m| m.held()), Some(1));
    }

    #[test]
    fn keys_are_unknown_until_they_were_read() {
        let mut inventory = Inventory::new(vec![port("p")]);
        assert_eq!(inventory.summary(0).keys, None);
        inventory.set_keys(vec![], NOW);
        assert_eq!(inventory.summary(0).keys, Some(0));
    }

    #[test]
    fn a_circuit_older_than_the_key_is_no_evidence_of_use() {
        let mut port = port("p");
        port.vxcs = vec![vxc("v", 100, 100)];
        port.vxcs[0].created = Some(Timestamp::from_millis(0));
        let mut inventory = Inventory::new(vec![port]);
        let mut younger = key("k", "p", 100);
        younger.created = Some(Timestamp::from_millis(500));
        assert_eq!(inventory.key_state(&younger, NOW), KeyState::Unused);
        younger.created = Some(Timestamp::from_millis(0));
        assert_eq!(inventory.key_state(&younger, NOW), KeyState::Used);
        inventory.put_key(younger, NOW);
        assert_eq!(inventory.key_count(), 1);
    }

    #[test]
    fn ended_on_ramps_are_left_out() {
        let mut gone = port("gone");
        gone.status = Status::Decommissioned;
        assert_eq!(Inventory::new(vec![gone, port("here")]).on_ramps().len(), 1);
    }

    #[test]
    fn reading_one_on_ramps_keys_again_leaves_the_others_alone() {
        let mut inventory = Inventory::new(vec![port("p"), port("q")]);
        inventory.set_keys(vec![key("k1", "p", 100), key("k2", "q", 100)], NOW);
        inventory.set_keys_of(&id("p"), vec![key("k3", "p", 101)], NOW);
        let ids = |on_ramp| -> Vec<_> {
            inventory.keys_of(&id(on_ramp)).iter().map(|k| k.id.reveal().to_owned()).collect()
        };
        assert_eq!((ids("p"), ids("q")), (vec!["k3".to_owned()], vec!["k2".to_owned()]));
    }
}
