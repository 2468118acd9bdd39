//! One confirmed decision to create one key.

use std::{collections::BTreeSet, fmt};

use super::{
    fingerprint::Fingerprint,
    key_order::{KeyOrder, OrderUse},
    place::Zone,
    service_key::{KeyUse, ServiceKey},
    tag::Tag,
    text::SafeText,
    time::Timestamp,
    vlan::{VlanId, VlanTag},
};

pub use super::key_order::ForWhom;

/// The identity of an intent, unique on all hosts: 64 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u64);

impl IntentId {
    /// Returns the tag at the end of the label that this intent sends.
    pub fn tag(self) -> Tag {
        Tag::from_number(self.0)
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The API an intent is for: it is never sent to another one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Realm {
    /// The environment, as every frame shows it: `PRODUCTION`, `DEMO`.
    pub environment: String,
    /// The API's host.
    pub host: String,
}

/// The place of an intent in an order of several: a pair of keys in two
/// diversity zones is one order of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The order, the same number in all its parts.
    pub order: u64,
    /// The number of this part, from 1.
    pub number: u8,
    /// The number of parts.
    pub of: u8,
}

/// One confirmed decision to create one key.
///
/// It is complete: nothing of it changes between the confirmation and the
/// last attempt to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its own name.
    pub id: IntentId,
    /// The API it is for.
    pub realm: Realm,
    /// The order; its label ends with the tag.
    pub order: KeyOrder,
    /// The on-ramp's name when it was confirmed.
    pub on_ramp_name: SafeText,
    /// The on-ramp's diversity zone then.
    pub zone: Zone,
    /// For whom.
    pub for_whom: ForWhom,
    /// The keys that were there before and could be mistaken for it.
    pub before: BTreeSet<Fingerprint>,
    /// The time of its confirmation, by the server's clock.
    pub prepared_at: Timestamp,
    /// Its place in an order of several.
    pub part: Option<Part>,
}

impl Intent {
    /// The most keys [`Self::before`] remembers, newest first; older ones are
    /// recognised by their creation time.
    pub const MOST_BEFORE: usize = 64;

    /// Returns those of `keys` that could be mistaken for the key of `order`.
    pub fn mistakable<'a>(
        order: &KeyOrder,
        keys: impl IntoIterator<Item = &'a ServiceKey>,
    ) -> BTreeSet<Fingerprint> {
        let mut alike: Vec<_> = keys.into_iter().filter(|key| is_same_use(order, key)).collect();
        alike.sort_by_key(|key| std::cmp::Reverse(key.created));
        alike.truncate(Self::MOST_BEFORE);
        alike.into_iter().map(|key| Fingerprint::of_key(&key.id)).collect()
    }

    /// Returns its tag.
    pub fn tag(&self) -> Tag {
        self.id.tag()
    }

    /// Returns whether it is the second of a pair: it is sent only once the first key
    /// of the pair exists.
    pub fn completes_a_pair(&self) -> bool {
        self.part.is_some_and(|part| part.number > 1)
    }

    /// Returns the VLAN it reserves on its on-ramp; a multi-use key reserves none.
    pub const fn vlan(&self) -> Option<VlanId> {
        match self.order.usage() {
            OrderUse::Single(vlan) => Some(vlan),
            OrderUse::Multi | OrderUse::Untagged => None,
        }
    }

    /// Returns whether both want one VLAN of one on-ramp, or one of them all of it.
    pub fn collides_with(&self, other: &Self) -> bool {
        let untagged = |intent: &Self| intent.order.usage() == OrderUse::Untagged;
        let same = self.vlan().is_some() && self.vlan() == other.vlan();
        self.order.on_ramp() == other.order.on_ramp() && (same || untagged(self) || untagged(other))
    }
}

/// Returns whether `key` is used as `order` wants it: once on its VLAN, or many times.
pub(super) fn is_same_use(order: &KeyOrder, key: &ServiceKey) -> bool {
    match (order.usage(), key.usage) {
        (OrderUse::Single(vlan), KeyUse::Single(tag)) => tag.id() == Some(vlan),
        (OrderUse::Multi, KeyUse::Multi) => true,
        (OrderUse::Untagged, KeyUse::Single(tag)) => tag == VlanTag::Untagged,
        _ => false,
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::{
        super::{key_order::samples::draft, on_ramp::samples::port, vlan_map::VlanMap},
        *,
    };

    /// The confirmation time of sample intents.
    pub(crate) const THEN: Timestamp = Timestamp::from_millis(1_795_442_551_000);

    /// Returns a single-use intent on VLAN 142 of the Port `p`.
    pub(crate) fn intent(id: u64) -> Intent {
        let port = port("p");
        let order = draft().check(&port, &VlanMap::new(&port, &[], true, THEN), THEN);
        let id = IntentId(id);
        Intent {
            id,
            realm: Realm { environment: "DEMO".into(), host: "127.0.0.1:8080".into() },
            order: order.expect("legal").tagged(id.tag()),
            on_ramp_name: "Los Angeles 1".into(),
            zone: Zone::Blue,
            for_whom: ForWhom { customer: "Acme".into(), reference: "4471".into() },
            before: BTreeSet::new(),
            prepared_at: THEN,
            part: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::service_key::samples::key, samples::*, *};

    #[test]
    fn only_similar_earlier_keys_are_kept_newest_first() {
        let order = intent(1).order;
        let made = |n: u32| ServiceKey {
            created: Some(Timestamp::from_millis(i64::from(n))),
            ..key(&format!("key-{n:04}"), "p", 142)
        };
        let many: Vec<_> = (0..100).map(made).chain([key("other", "p", 143)]).collect();
        let before = Intent::mistakable(&order, &many);
        assert_eq!(before.len(), Intent::MOST_BEFORE);
        assert!(before.contains(&Fingerprint::of_key(&many[99].id)));
        assert!(!before.contains(&Fingerprint::of_key(&many[0].id)));
        assert!(!before.contains(&Fingerprint::of_key(&many[100].id)), "another VLAN");
    }
}
