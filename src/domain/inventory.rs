//! One snapshot of everything we own: on-ramps, and the keys made on them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    id::{KeyId, OnRampId},
    lag::{self, group_lags},
    on_ramp::OnRamp,
    readiness::Closed,
    service_key::{KeyState, KeyUse, ServiceKey},
    status::Status,
    text::by_name,
    time::Timestamp,
    units::Mbps,
    vlan::{VlanId, VlanSet},
    vlan_map::{VlanMap, Vlans},
};

/// The figures of one on-ramp that every table row and every sort needs,
/// worked out when lists are read, not when they are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// VXCs that have not ended.
    pub vxcs: usize,
    /// VXCs and IXs of its record that could not be read.
    pub unread: u32,
    /// The committed rates, summed.
    pub allocated: Mbps,
    /// The allocation in whole percent, where a capacity is known.
    pub percent: Option<u32>,
    /// Its keys, `None` until keys were read.
    pub keys: Option<Keys>,
    /// Its VLANs, as of when the keys were read.
    pub vlans: Vlans,
    /// Why no new key can be made; empty when one can.
    pub closed: Vec<Closed>,
}

/// How many keys an on-ramp has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Keys {
    /// Single-use keys that a customer could still redeem.
    pub unused: usize,
    /// Multi-use keys that take customers.
    pub multi: usize,
    /// All of them, spent ones included.
    pub all: usize,
    /// The rates of the unused ones, summed: sold, and not yet used.
    pub outstanding: Mbps,
}

impl Keys {
    /// Keys that a customer could still redeem.
    pub const fn live(self) -> usize {
        self.unused + self.multi
    }
}

/// A snapshot of the account. On-ramps are in the order of their names, their
/// VXCs in the order of their VLANs.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    on_ramps: Vec<OnRamp>,
    summaries: Vec<Summary>,
    places: BTreeMap<OnRampId, usize>,
    keys: BTreeMap<KeyId, ServiceKey>,
    /// Entries of the whole list that could not be read; `None` until it was.
    unread: Option<usize>,
    /// The same of the lists of single on-ramps, which are younger.
    unread_of: BTreeMap<usize, usize>,
    keys_of: BTreeMap<usize, Vec<KeyId>>,
    /// VLANs that more than one unused key has.
    clashes: BTreeMap<usize, BTreeSet<VlanId>>,
}

impl Inventory {
    /// Builds a snapshot from on-ramps as they were read: ended ones are left
    /// out and LAG members folded together.
    pub fn new(on_ramps: Vec<OnRamp>) -> Self {
        let standing = on_ramps.into_iter().filter(|o| o.status != Status::Decommissioned);
        let mut on_ramps = group_lags(standing.collect());
        on_ramps.sort_by(|a, b| {
            by_name(a.name.as_str(), b.name.as_str()).then_with(|| a.id.cmp(&b.id))
        });
        on_ramps.dedup_by(|a, b| a.id == b.id);
        on_ramps.iter_mut().for_each(order_vxcs);
        let mut places = BTreeMap::new();
        for (index, on_ramp) in on_ramps.iter().enumerate() {
            let members = on_ramp.lag.iter().flat_map(|lag| &lag.members);
            places.extend(members.chain([&on_ramp.id]).map(|id| (id.clone(), index)));
        }
        let summaries = on_ramps.iter().map(summarise).collect();
        Self { on_ramps, summaries, places, ..Self::default() }
    }

    /// Takes over `keys` as all the keys there are; `unread` more could not be
    /// read.
    pub fn set_keys(&mut self, keys: Vec<ServiceKey>, unread: usize, now: Timestamp) {
        self.keys = keys.into_iter().map(|key| (key.id.clone(), key)).collect();
        self.unread = Some(unread);
        self.unread_of.clear();
        self.index_keys(now);
    }

    /// Takes over `keys` as all the keys of one on-ramp; `unread` more could
    /// not be read.
    pub fn set_keys_of(
        &mut self,
        on_ramp: &OnRampId,
        keys: Vec<ServiceKey>,
        unread: usize,
        now: Timestamp,
    ) {
        let Some(place) = self.place(on_ramp) else { return };
        for id in self.keys_of.remove(&place).unwrap_or_default() {
            self.keys.remove(&id);
        }
        self.unread_of.insert(place, unread);
        for key in keys {
            self.insert(key);
        }
        self.sum_up(place, now);
    }

    /// Adds or replaces one key.
    pub fn put_key(&mut self, key: ServiceKey, now: Timestamp) {
        let place = self.place(&key.on_ramp);
        self.insert(key);
        if let Some(place) = place {
            self.sum_up(place, now);
        }
    }

    /// Takes over a fresh record of one on-ramp, or of a member of a LAG.
    pub fn put_on_ramp(&mut self, on_ramp: OnRamp, now: Timestamp) {
        let Some(place) = self.place(&on_ramp.id) else { return };
        let known = &mut self.on_ramps[place];
        match (&known.lag, &on_ramp.lag) {
            (None, None) => *known = on_ramp,
            (Some(whole), Some(member)) if whole.group == member.group => {
                lag::renew(known, on_ramp);
            }
            // It joined a LAG, or left one: only the list of all tells the rest.
            _ => return,
        }
        order_vxcs(known);
        self.summaries[place] = summarise(known);
        self.sum_up(place, now);
    }

    /// Carries the keys of `older` over into a snapshot that has none yet.
    pub fn inherit_keys(&mut self, older: Self, now: Timestamp) {
        self.keys = older.keys;
        self.unread = older.unread;
        self.index_keys(now);
    }

    fn insert(&mut self, key: ServiceKey) {
        if let Some(place) = self.place(&key.on_ramp) {
            let ids = self.keys_of.entry(place).or_default();
            ids.retain(|id| *id != key.id);
            ids.push(key.id.clone());
        }
        self.keys.insert(key.id.clone(), key);
    }

    fn index_keys(&mut self, now: Timestamp) {
        self.keys_of.clear();
        self.clashes.clear();
        for key in self.keys.values() {
            if let Some(&place) = self.places.get(&key.on_ramp) {
                self.keys_of.entry(place).or_default().push(key.id.clone());
            }
        }
        for place in 0..self.on_ramps.len() {
            self.sum_up(place, now);
        }
    }

    /// Orders the keys of one on-ramp, newest first, and counts them.
    fn sum_up(&mut self, place: usize, now: Timestamp) {
        if let Some(ids) = self.keys_of.get_mut(&place) {
            let made = |id: &KeyId| self.keys.get(id).and_then(|key| key.created);
            ids.sort_by(|a, b| (made(b), b).cmp(&(made(a), a)));
        }
        let taken = circuits(&self.on_ramps[place]);
        let mut keys = Keys::default();
        let (mut once, mut twice) = (VlanSet::default(), BTreeSet::new());
        for key in self.keys_at(place) {
            let state = state_on(&taken, key, now);
            keys.all += 1;
            if key.is_multi_use() {
                keys.multi += usize::from(state.is_redeemable() || state == KeyState::Used);
            } else {
                keys.unused += usize::from(state.is_redeemable());
                let rate = key.rate.filter(|_| state.is_redeemable()).unwrap_or_default();
                keys.outstanding = [keys.outstanding, rate].into_iter().sum();
                if let Some(vlan) = vlan_of(key).filter(|_| state.is_redeemable()) {
                    if once.holds(vlan) {
                        twice.insert(vlan);
                    }
                    once.insert(vlan);
                }
            }
        }
        let vlans = Vlans::count(
            &self.on_ramps[place],
            self.keys_at(place),
            self.are_keys_read(place),
            now,
        );
        if twice.is_empty() {
            self.clashes.remove(&place);
        } else {
            self.clashes.insert(place, twice);
        }
        self.summaries[place].keys = self.keys_known().then_some(keys);
        self.summaries[place].vlans = vlans;
    }

    fn keys_at(&self, place: usize) -> impl Iterator<Item = &ServiceKey> {
        self.keys_of.get(&place).into_iter().flatten().filter_map(|id| self.keys.get(id))
    }

    /// Whether every key of one on-ramp could be read.
    fn are_keys_read(&self, place: usize) -> bool {
        self.unread_of.get(&place).copied().or(self.unread) == Some(0)
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
    pub fn keys_of(&self, id: &OnRampId) -> impl Iterator<Item = &ServiceKey> {
        self.place(id).into_iter().flat_map(|place| self.keys_at(place))
    }

    /// Every key, those of vanished on-ramps included.
    pub fn keys(&self) -> impl Iterator<Item = &ServiceKey> {
        self.keys.values()
    }

    /// One key.
    pub fn key(&self, id: &KeyId) -> Option<&ServiceKey> {
        self.keys.get(id)
    }

    /// How many keys one on-ramp has.
    pub fn key_count_of(&self, id: &OnRampId) -> usize {
        self.place(id).and_then(|place| self.keys_of.get(&place)).map_or(0, Vec::len)
    }

    /// VLANs that more than one unused single-use key has: whoever redeems the
    /// second one is turned away.
    pub fn clashes(&self) -> impl Iterator<Item = (&OnRamp, VlanId)> {
        self.clashes.iter().flat_map(|(place, vlans)| {
            let on_ramp = &self.on_ramps[*place];
            vlans.iter().map(move |vlan| (on_ramp, *vlan))
        })
    }

    /// Whether the keys have been read at all.
    pub const fn keys_known(&self) -> bool {
        self.unread.is_some()
    }

    /// How many keys there are, those of vanished on-ramps included.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// What takes VLANs on one on-ramp at `now`.
    pub fn vlan_map(&self, id: &OnRampId, now: Timestamp) -> Option<VlanMap> {
        let place = self.place(id)?;
        let (on_ramp, keys) = (&self.on_ramps[place], self.keys_at(place));
        Some(VlanMap::of(on_ramp, keys, self.are_keys_read(place), now))
    }

    /// The state of `key` at `now`, with the circuits of its on-ramp as
    /// evidence of use.
    pub fn key_state(&self, key: &ServiceKey, now: Timestamp) -> KeyState {
        let taken = self.on_ramp(&key.on_ramp).map(circuits).unwrap_or_default();
        state_on(&taken, key, now)
    }
}

fn order_vxcs(on_ramp: &mut OnRamp) {
    on_ramp.vxcs.sort_by(|a, b| (a.vlan, &a.name, &a.id).cmp(&(b.vlan, &b.name, &b.id)));
}

fn summarise(on_ramp: &OnRamp) -> Summary {
    Summary {
        vxcs: on_ramp.standing_vxcs().count(),
        unread: on_ramp.unread,
        allocated: on_ramp.allocated(),
        percent: on_ramp.allocation_percent(),
        keys: None,
        vlans: Vlans::default(),
        closed: on_ramp.closed(),
    }
}

/// The VLANs that VXCs hold, with the time each was ordered.
fn circuits(on_ramp: &OnRamp) -> BTreeMap<VlanId, Option<Timestamp>> {
    on_ramp.standing_vxcs().filter_map(|vxc| Some((vxc.vlan.id()?, vxc.created))).collect()
}

/// The VLAN of a single-use key.
const fn vlan_of(key: &ServiceKey) -> Option<VlanId> {
    match key.usage {
        KeyUse::Single(tag) => tag.id(),
        KeyUse::Multi => None,
    }
}

fn state_on(
    circuits: &BTreeMap<VlanId, Option<Timestamp>>,
    key: &ServiceKey,
    now: Timestamp,
) -> KeyState {
    // A circuit that is older than the key can not have come from it.
    let younger = |ordered: &Option<Timestamp>| match (ordered, key.created) {
        (Some(ordered), Some(made)) => *ordered >= made,
        _ => true,
    };
    let in_use = vlan_of(key).and_then(|vlan| circuits.get(&vlan)).is_some_and(younger);
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
        inventory.set_keys(vec![key("k", "b", 100)], 0, NOW);
        assert_eq!(inventory.on_ramps().len(), 1);
        assert_eq!(inventory.key_count_of(&id("a")), 1);
        assert_eq!(inventory.vlan_map(&id("b"), NOW).map(|m| m.held()), Some(1));
    }

    #[test]
    fn a_fresh_record_of_a_lag_member_brings_its_circuits_and_takes_none_away() {
        use crate::domain::lag::Lag;
        let member = |name: &str, primary, vxcs: &[(&str, i64)]| {
            let mut port = port(name);
            let members = vec![port.id.clone()];
            port.lag = Some(Lag { group: 1, primary, members, member_speed: port.speed });
            port.vxcs = vxcs.iter().map(|(id, vlan)| vxc(id, 500, *vlan)).collect();
            port
        };
        let mut inventory =
            Inventory::new(vec![member("b", false, &[]), member("a", true, &[("v", 100)])]);
        let speed = inventory.on_ramps()[0].speed;
        inventory.put_on_ramp(member("a", true, &[("w", 101)]), NOW);
        let circuits = inventory.on_ramps()[0].vxcs.iter().map(|vxc| vxc.id.to_string());
        let circuits: Vec<_> = circuits.collect();
        assert_eq!(circuits, ["v", "w"], "the old one may be the other member's");
        assert_eq!(inventory.on_ramps()[0].speed, speed, "it is still the whole LAG");
        inventory.put_on_ramp(port("a"), NOW);
        assert_eq!(inventory.on_ramps()[0].speed, speed, "one that left it waits for the list");
    }

    #[test]
    fn keys_are_unknown_until_they_were_read() {
        let mut inventory = Inventory::new(vec![port("p")]);
        assert_eq!(inventory.summary(0).keys, None);
        inventory.set_keys(vec![], 0, NOW);
        assert_eq!(inventory.summary(0).keys, Some(Keys::default()));
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
    fn free_vlans_are_certain_only_once_every_key_was_read() {
        let mut inventory = Inventory::new(vec![port("p")]);
        let certain =
            |inventory: &Inventory| inventory.vlan_map(&id("p"), NOW).map(|m| m.is_certain());
        assert_eq!(certain(&inventory), Some(false), "no key was read");
        inventory.set_keys(vec![], 1, NOW);
        assert_eq!(certain(&inventory), Some(false), "one could not be read");
        inventory.set_keys_of(&id("p"), vec![], 0, NOW);
        assert_eq!(certain(&inventory), Some(true), "all of this on-ramp were");
    }

    #[test]
    fn two_unused_keys_on_one_vlan_clash_until_one_is_switched_off() {
        let mut inventory = Inventory::new(vec![port("p"), port("q")]);
        let keys = [("a", "p", 100), ("b", "p", 100), ("c", "p", 101), ("d", "q", 100)];
        let keys = keys.map(|(id, on_ramp, vlan)| key(id, on_ramp, vlan));
        inventory.set_keys(keys.to_vec(), 0, NOW);
        let clashes = |inventory: &Inventory| -> Vec<_> {
            inventory.clashes().map(|(on_ramp, vlan)| (on_ramp.id.clone(), vlan.get())).collect()
        };
        assert_eq!(clashes(&inventory), [(id("p"), 100)]);
        inventory.put_key(ServiceKey { active: false, ..keys[1].clone() }, NOW);
        assert_eq!(clashes(&inventory), []);
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
        inventory.set_keys(vec![key("k1", "p", 100), key("k2", "q", 100)], 0, NOW);
        inventory.set_keys_of(&id("p"), vec![key("k3", "p", 101)], 0, NOW);
        let ids = |on_ramp| -> Vec<_> {
            inventory.keys_of(&id(on_ramp)).map(|k| k.id.reveal().to_owned()).collect()
        };
        assert_eq!((ids("p"), ids("q")), (vec!["k3".to_owned()], vec!["k2".to_owned()]));
    }
}
