//! A snapshot of the whole account: on-ramps and their keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    absence::{Absences, Shrinkage, Verdict},
    id::{KeyId, OnRampId},
    lag::{self, Lag, group_lags},
    location::{Location, complete_sites},
    on_ramp::{Disagreement, OnRamp},
    place::LocationId,
    readiness::Closed,
    service_key::{KeyState, KeyUse, ServiceKey},
    status::Status,
    text::by_name,
    time::{ReadAt, Timestamp},
    units::Mbps,
    vlan::{VlanId, VlanSet, VlanTag},
    vlan_map::{VlanMap, Vlans},
    vxc::Vxc,
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
    /// How many circuits state no rate; the sum is then a lower bound.
    pub rates_unsaid: usize,
    /// The allocation in whole percent, where a capacity is known.
    pub percent: Option<u32>,
    /// Its keys, `None` until keys were read.
    pub keys: Option<Keys>,
    /// Its VLANs, as of when the keys were read.
    pub vlans: Vlans,
    /// Why no new key can be created; empty when one can.
    pub closed: Vec<Closed>,
}

/// The number of keys on an on-ramp, by kind.
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
    /// Counts the keys that a customer could still redeem.
    pub const fn live(self) -> usize {
        self.unused + self.multi
    }
}

/// Whether an on-ramp named elsewhere is known.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// It is listed.
    Listed(&'a OnRamp),
    /// It is listed as ended.
    Ended,
    /// It is not in the list.
    NotListed,
    /// It is not among the entries of the list that could be read; so many could
    /// not.
    NotAmongTheRead(usize),
    /// No list was read in this session.
    NotReadYet,
}

/// A snapshot of the account. On-ramps are in the order of their names, their
/// VXCs in the order of their VLANs.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    on_ramps: Vec<OnRamp>,
    summaries: Vec<Summary>,
    places: BTreeMap<OnRampId, usize>,
    /// Entries of the list of on-ramps that could not be read; `None` until it was
    /// read in this session.
    unread_on_ramps: Option<usize>,
    /// On-ramps that are listed as ended.
    ended: BTreeSet<OnRampId>,
    keys: BTreeMap<KeyId, ServiceKey>,
    /// Entries of the whole list that could not be read; `None` until it was.
    unread: Option<usize>,
    /// The same count for each single on-ramp whose list is newer.
    unread_of: BTreeMap<usize, usize>,
    keys_of: BTreeMap<usize, Vec<KeyId>>,
    /// The VLANs that keys have for themselves, in their order: each row of the keys
    /// view asks for those of its on-ramp.
    vlans_of_keys: BTreeMap<usize, Vec<VlanTag>>,
    /// VLANs that more than one unused key has.
    clashes: BTreeMap<usize, BTreeSet<VlanId>>,
    /// Keys that a reply has named and no list has shown yet.
    unlisted: BTreeSet<KeyId>,
    /// Keys and on-ramps that were listed, and are not in the last list.
    absent_keys: Absences<KeyId>,
    absent_on_ramps: Absences<OnRampId>,
}

impl Inventory {
    /// Builds a snapshot from on-ramps as they were read: ended ones are left
    /// out and LAG members folded together.
    pub fn new(on_ramps: Vec<OnRamp>) -> Self {
        Self::with_unread(on_ramps, 0)
    }

    /// Creates it from a list with so many unreadable entries.
    pub fn with_unread(on_ramps: Vec<OnRamp>, unread: usize) -> Self {
        Self { unread_on_ramps: Some(unread), ..Self::saved(on_ramps) }
    }

    /// Creates it from on-ramps of an earlier session. They may have gained data since.
    pub fn saved(on_ramps: Vec<OnRamp>) -> Self {
        let (ended, standing): (Vec<_>, Vec<_>) =
            on_ramps.into_iter().partition(|one| one.status == Status::Decommissioned);
        let mut on_ramps = group_lags(standing);
        on_ramps.iter_mut().for_each(order_vxcs);
        let ended = ended.into_iter().map(|one| one.id).collect();
        Self { ended, ..Self::folded(on_ramps) }
    }

    /// Returns the snapshot that a new reading of `on_ramps` makes of `older`: its keys
    /// stay, and so does an on-ramp that the list lacks, until it is believed to be
    /// gone. `unread` more could not be read.
    pub fn read_again(
        older: Self,
        on_ramps: Vec<OnRamp>,
        unread: usize,
        at: impl Into<ReadAt>,
    ) -> (Self, Shrinkage<OnRamp>) {
        let at = at.into();
        let mut new = Self::new(on_ramps);
        let mut shrinkage = Shrinkage::default();
        let mut absences = older.absent_on_ramps.clone();
        let mut kept = vec![];
        for on_ramp in &mut new.on_ramps {
            if let Some(before) = older.on_ramp(&on_ramp.id) {
                on_ramp.keep_zone_of(before);
            }
        }
        for on_ramp in &older.on_ramps {
            if new.places.contains_key(&on_ramp.id) {
                absences.is_back(&on_ramp.id);
                continue;
            }
            match absences.is_missing(on_ramp.id.clone(), false, unread == 0, at.here) {
                Verdict::Missing => kept.push(on_ramp.clone()),
                Verdict::Gone => {
                    absences.is_back(&on_ramp.id);
                    shrinkage.gone.push(on_ramp.clone());
                }
            }
        }
        (shrinkage.unexplained, shrinkage.missing) = (shrinkage.gone.len(), kept.len());
        if !kept.is_empty() {
            // They are folded and ordered already, and no member of them is new.
            kept.append(&mut new.on_ramps);
            new = Self { ended: new.ended, ..Self::folded(kept) };
        }
        new.absent_on_ramps = absences;
        new.unread_on_ramps = Some(unread);
        new.inherit_keys(older, at.shown);
        (new, shrinkage)
    }

    /// Returns a snapshot of on-ramps of which LAG members are folded together.
    fn folded(mut on_ramps: Vec<OnRamp>) -> Self {
        on_ramps.sort_by(|a, b| {
            by_name(a.name.as_str(), b.name.as_str()).then_with(|| a.id.cmp(&b.id))
        });
        on_ramps.dedup_by(|a, b| a.id == b.id);
        let mut places = BTreeMap::new();
        for (index, on_ramp) in on_ramps.iter().enumerate() {
            let members = on_ramp.lag.iter().flat_map(Lag::ids);
            places.extend(members.chain([&on_ramp.id]).map(|id| (id.clone(), index)));
        }
        let summaries = on_ramps.iter().map(summarise).collect();
        Self { on_ramps, summaries, places, ..Self::default() }
    }

    /// Applies `keys` as the list of all keys; `unread` more could not be read. A key
    /// that was listed and is missing stays until it is believed to be gone.
    pub fn set_keys(
        &mut self,
        keys: Vec<ServiceKey>,
        unread: usize,
        at: impl Into<ReadAt>,
    ) -> Shrinkage<ServiceKey> {
        let at = at.into();
        let known = std::mem::take(&mut self.keys);
        self.keys = keys.into_iter().map(|key| (key.id.clone(), key)).collect();
        let before = known.into_values().collect();
        let shrinkage = self.keep_missing(before, unread == 0, at);
        self.unread = Some(unread);
        self.unread_of.clear();
        self.index_keys(at.shown);
        shrinkage
    }

    /// Applies `keys` as the list of one on-ramp; `unread` more could not be read. As
    /// [`Self::set_keys`] for those that are missing.
    pub fn set_keys_of(
        &mut self,
        on_ramp: &OnRampId,
        keys: Vec<ServiceKey>,
        unread: usize,
        at: impl Into<ReadAt>,
    ) -> Shrinkage<ServiceKey> {
        let at = at.into();
        let Some(place) = self.place(on_ramp) else { return Shrinkage::default() };
        let known = self.keys_of.remove(&place).unwrap_or_default();
        let before = known.iter().filter_map(|id| self.keys.remove(id)).collect();
        self.unread_of.insert(place, unread);
        for key in keys {
            self.insert(key);
        }
        let shrinkage = self.keep_missing(before, unread == 0, at);
        self.sum_up(place, at.shown);
        shrinkage
    }

    /// Restores the keys of an earlier list that the new one, applied already, lacks
    /// and that are not believed to be gone.
    fn keep_missing(
        &mut self,
        before: Vec<ServiceKey>,
        whole: bool,
        at: ReadAt,
    ) -> Shrinkage<ServiceKey> {
        let mut shrinkage = Shrinkage::default();
        for key in before {
            if self.keys.contains_key(&key.id) {
                self.unlisted.remove(&key.id);
                self.absent_keys.is_back(&key.id);
                continue;
            }
            let explained = self.explains_leaving(&key, at.shown);
            if self.unlisted.contains(&key.id) && !explained {
                self.insert(key);
                continue;
            }
            match self.absent_keys.is_missing(key.id.clone(), explained, whole, at.here) {
                Verdict::Missing => {
                    shrinkage.missing += 1;
                    self.insert(key);
                }
                Verdict::Gone => {
                    self.absent_keys.is_back(&key.id);
                    self.unlisted.remove(&key.id);
                    shrinkage.unexplained += usize::from(!explained);
                    shrinkage.gone.push(key);
                }
            }
        }
        shrinkage
    }

    /// Returns whether a key may rightly have left the list: it was used, its window is
    /// over, or a circuit came on its VLAN.
    fn explains_leaving(&self, key: &ServiceKey, now: Timestamp) -> bool {
        let used = key.was_used() || self.key_state(key, now) == KeyState::Used;
        used || key.expired || key.validity.and_then(|v| v.end).is_some_and(|end| end <= now)
    }

    /// Returns how many keys are missing from the last list and not yet believed to be
    /// gone.
    pub fn missing_keys(&self) -> usize {
        self.absent_keys.missing().count()
    }

    /// Counts the missing keys of one on-ramp: while there are any, its list is
    /// doubtful.
    pub fn missing_keys_of(&self, on_ramp: &OnRampId) -> usize {
        let place = self.place(on_ramp);
        let missing = self.absent_keys.missing().filter_map(|id| self.keys.get(id));
        missing.filter(|key| self.place(&key.on_ramp) == place).count()
    }

    /// Returns how many on-ramps are missing from the last list and not yet believed to
    /// be gone.
    pub fn missing_on_ramps(&self) -> usize {
        self.absent_on_ramps.missing().count()
    }

    /// Returns whether the on-ramp was listed, and is not in the last list.
    pub fn lacks(&self, on_ramp: &OnRampId) -> bool {
        let place = self.place(on_ramp);
        self.absent_on_ramps.missing().any(|id| place.is_some() && self.place(id) == place)
    }

    /// Returns whether a reply has named the key and no list has shown it yet.
    pub fn is_unlisted(&self, key: &KeyId) -> bool {
        self.unlisted.contains(key)
    }

    /// Adds or replaces one key, as a reply about it has it.
    pub fn put_key(&mut self, key: ServiceKey, now: Timestamp) {
        if !self.keys.contains_key(&key.id) {
            self.unlisted.insert(key.id.clone());
        }
        let place = self.place(&key.on_ramp);
        // It may have been moved: it is on one on-ramp only.
        let before = self.keys.get(&key.id).and_then(|known| self.place(&known.on_ramp));
        let before = before.filter(|before| Some(*before) != place);
        if let Some(ids) = before.and_then(|before| self.keys_of.get_mut(&before)) {
            ids.retain(|id| *id != key.id);
        }
        self.insert(key);
        for place in place.into_iter().chain(before) {
            self.sum_up(place, now);
        }
    }

    /// Fills in the place fields that the record of an on-ramp lacks; returns whether
    /// any changed.
    pub fn complete_sites(&mut self, locations: &BTreeMap<LocationId, Location>) -> bool {
        complete_sites(locations, self.on_ramps.iter_mut().map(|one| &mut one.site))
    }

    /// Applies a new record of one on-ramp, or of a member of a LAG.
    pub fn put_on_ramp(&mut self, mut on_ramp: OnRamp, now: Timestamp) {
        let Some(place) = self.place(&on_ramp.id) else { return };
        on_ramp.keep_zone_of(&self.on_ramps[place]);
        let known = &mut self.on_ramps[place];
        match (&known.lag, &on_ramp.lag) {
            (None, None) => *known = on_ramp,
            (Some(whole), Some(member)) if whole.group == member.group => match whole.apart {
                // It stays separate until a list shows otherwise.
                Some(_) => *known = apart_again(on_ramp, whole.apart),
                None => lag::renew(known, on_ramp),
            },
            // It joined a LAG, or left one: only the full list has the rest.
            _ => return,
        }
        order_vxcs(known);
        self.summaries[place] = summarise(known);
        self.sum_up(place, now);
    }

    /// Carries the keys of `older` over into a snapshot that has none yet.
    pub fn inherit_keys(&mut self, older: Self, now: Timestamp) {
        self.keys = older.keys;
        self.unlisted = older.unlisted;
        self.absent_keys = older.absent_keys;
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
        self.vlans_of_keys.clear();
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
        let mut own: Vec<_> = self.keys_at(place).filter_map(|key| key.usage.own_vlan()).collect();
        own.sort_unstable();
        own.dedup();
        if own.is_empty() {
            self.vlans_of_keys.remove(&place);
        } else {
            self.vlans_of_keys.insert(place, own);
        }
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

    /// Returns whether every key of one on-ramp could be read.
    fn are_keys_read(&self, place: usize) -> bool {
        self.unread_of.get(&place).copied().or(self.unread) == Some(0)
    }

    /// Returns the on-ramps, in the order of their names.
    pub fn on_ramps(&self) -> &[OnRamp] {
        &self.on_ramps
    }

    /// Returns the figures of the on-ramp at `index`.
    pub fn summary(&self, index: usize) -> &Summary {
        &self.summaries[index]
    }

    /// Returns the index of the on-ramp that `id` is, or is a LAG member of.
    pub fn place(&self, id: &OnRampId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Returns the on-ramp that `id` is, or is a LAG member of.
    pub fn on_ramp(&self, id: &OnRampId) -> Option<&OnRamp> {
        self.on_ramps.get(self.place(id)?)
    }

    /// Returns whether the on-ramp of this id is known.
    pub fn seen(&self, id: &OnRampId) -> Seen<'_> {
        match (self.on_ramp(id), self.unread_on_ramps) {
            (Some(on_ramp), _) => Seen::Listed(on_ramp),
            (None, None) => Seen::NotReadYet,
            (None, Some(_)) if self.ended.contains(id) => Seen::Ended,
            (None, Some(0)) => Seen::NotListed,
            (None, Some(unread)) => Seen::NotAmongTheRead(unread),
        }
    }

    /// Returns the keys of one on-ramp, newest first.
    pub fn keys_of(&self, id: &OnRampId) -> impl Iterator<Item = &ServiceKey> {
        self.place(id).into_iter().flat_map(|place| self.keys_at(place))
    }

    /// Returns whether a key of the on-ramp at `place` has a VLAN for itself.
    pub fn is_of_key(&self, place: usize, tag: VlanTag) -> bool {
        self.vlans_of_keys.get(&place).is_some_and(|tags| tags.binary_search(&tag).is_ok())
    }

    /// Returns every key, those of vanished on-ramps included.
    pub fn keys(&self) -> impl Iterator<Item = &ServiceKey> {
        self.keys.values()
    }

    /// Returns the key of this id.
    pub fn key(&self, id: &KeyId) -> Option<&ServiceKey> {
        self.keys.get(id)
    }

    /// Returns how many keys one on-ramp has.
    pub fn key_count_of(&self, id: &OnRampId) -> usize {
        self.place(id).and_then(|place| self.keys_of.get(&place)).map_or(0, Vec::len)
    }

    /// Returns VLANs shared by several unused single-use keys: the second customer to
    /// redeem one is refused.
    pub fn clashes(&self) -> impl Iterator<Item = (&OnRamp, VlanId)> {
        self.clashes.iter().flat_map(|(place, vlans)| {
            let on_ramp = &self.on_ramps[*place];
            vlans.iter().map(move |vlan| (on_ramp, *vlan))
        })
    }

    /// Returns whether the keys have been read at all.
    pub const fn keys_known(&self) -> bool {
        self.unread.is_some()
    }

    /// Returns how many keys there are, those of vanished on-ramps included.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// Returns the VLAN map of one on-ramp at `now`.
    pub fn vlan_map(&self, id: &OnRampId, now: Timestamp) -> Option<VlanMap> {
        let place = self.place(id)?;
        let (on_ramp, keys) = (&self.on_ramps[place], self.keys_at(place));
        Some(VlanMap::new(on_ramp, keys, self.are_keys_read(place), now))
    }

    /// Returns the state of `key` at `now`, with the circuits of its on-ramp as
    /// evidence of use.
    pub fn key_state(&self, key: &ServiceKey, now: Timestamp) -> KeyState {
        let taken = self.on_ramp(&key.on_ramp).map(circuits).unwrap_or_default();
        state_on(&taken, key, now)
    }
}

/// Returns a fresh record of an on-ramp that shares its LAG's number with others that
/// it cannot be one with.
fn apart_again(on_ramp: OnRamp, apart: Option<Disagreement>) -> OnRamp {
    let lag = on_ramp.lag.clone().map(|lag| Lag { apart, ..lag });
    OnRamp { lag, ..on_ramp }
}

fn order_vxcs(on_ramp: &mut OnRamp) {
    on_ramp.vxcs.sort_by(|a, b| (a.vlan, &a.name, &a.id).cmp(&(b.vlan, &b.name, &b.id)));
}

fn summarise(on_ramp: &OnRamp) -> Summary {
    Summary {
        vxcs: on_ramp.standing_vxcs().count(),
        unread: on_ramp.unread,
        allocated: on_ramp.allocated(),
        rates_unsaid: on_ramp.rates_unsaid(),
        percent: on_ramp.allocation_percent(),
        keys: None,
        vlans: Vlans::default(),
        closed: on_ramp.closed(),
    }
}

/// Returns the VXCs that may have been created from keys, by their VLANs.
fn circuits(on_ramp: &OnRamp) -> BTreeMap<VlanTag, Vec<&Vxc>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for vxc in on_ramp.standing_vxcs().filter(|vxc| vxc.comes_here()) {
        if matches!(vxc.vlan, VlanTag::Tagged(_) | VlanTag::Untagged) {
            all.entry(vxc.vlan).or_default().push(vxc);
        }
    }
    all
}

/// Returns the VLAN of a single-use key.
const fn vlan_of(key: &ServiceKey) -> Option<VlanId> {
    match key.usage {
        KeyUse::Single(tag) => tag.id(),
        KeyUse::Multi => None,
    }
}

fn state_on(circuits: &BTreeMap<VlanTag, Vec<&Vxc>>, key: &ServiceKey, now: Timestamp) -> KeyState {
    let on_its_vlan = match key.usage {
        KeyUse::Single(tag) => circuits.get(&tag),
        KeyUse::Multi => None,
    };
    let in_use = on_its_vlan.into_iter().flatten().any(|vxc| vxc.may_come_of_key(key.created));
    key.state(now, in_use)
}

#[cfg(test)]
mod tests;
