//! What is known after a key was ordered, and how a lost reply is made good.
//!
//! A key can never be deleted and must never be made twice for one intent, so
//! the end of a request is judged by one table, and evidence for a key that
//! may exist is judged here, without I/O.

use std::collections::BTreeSet;

use super::{
    id::KeyId,
    key_order::{KeyOrder, OrderUse},
    service_key::{KeyUse, ServiceKey},
};

/// What may have happened at the server when a request failed.
///
/// Decided by the kind of failure alone, never by its wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing left this host: name look-up, connection or TLS failed.
    NotSent,
    /// The API answered that it did not process it (401 or 429 with its own
    /// envelope).
    NotProcessed,
    /// The API refused it (another 4xx with its own envelope).
    Refused,
    /// Everything else: it may have been carried out.
    Unknown,
}

/// What a key list says about an order whose reply was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A new key with our label, VLAN and rate on our on-ramp: ours.
    Ours(ServiceKey),
    /// New keys that could be ours though their label or rate is not what we
    /// sent: the vendor is known to lose both. A person has to say.
    Maybe(Vec<ServiceKey>),
    /// Several new keys carry all that we sent. Something sent twice.
    Several(Vec<ServiceKey>),
    /// Nothing new that could be ours, in this list. A late key may still
    /// come.
    NotSeen,
}

/// Looks for the key of `order` in `listed`, its on-ramp's keys as they are now
/// (those that name another member of its LAG included); `before` are the keys
/// that were there before it was sent.
pub fn look_for(
    order: &KeyOrder,
    before: &BTreeSet<KeyId>,
    listed: impl IntoIterator<Item = ServiceKey>,
) -> Evidence {
    let fresh = listed.into_iter().filter(|key| !before.contains(&key.id) && same_use(order, key));
    let (ours, rest): (Vec<_>, Vec<_>) =
        fresh.partition(|key| key.label == *order.label() && key.rate == Some(order.rate()));
    // A label may come back empty, or shortened to a limit nobody has published.
    let maybe = |key: &ServiceKey| {
        let label = key.label.as_str().trim_end_matches('…');
        order.label().as_str().starts_with(label)
    };
    let maybe: Vec<_> = rest.into_iter().filter(maybe).collect();
    match <[ServiceKey; 1]>::try_from(ours) {
        Ok([key]) => Evidence::Ours(key),
        Err(several) if !several.is_empty() => Evidence::Several(several),
        Err(_) if !maybe.is_empty() => Evidence::Maybe(maybe),
        Err(_) => Evidence::NotSeen,
    }
}

fn same_use(order: &KeyOrder, key: &ServiceKey) -> bool {
    match (order.usage(), key.usage) {
        (OrderUse::Single(vlan), KeyUse::Single(tag)) => tag.id() == Some(vlan),
        (OrderUse::Multi, KeyUse::Multi) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            key_order::samples::draft, on_ramp::samples::port, service_key::samples::key,
            time::Timestamp, vlan_map::VlanMap,
        },
        *,
    };

    fn order() -> KeyOrder {
        let port = port("p");
        let now = Timestamp::from_millis(0);
        draft().check(&port, &VlanMap::of(&port, &[], true, now), now).expect("legal")
    }

    fn ours(id: &str) -> ServiceKey {
        ServiceKey { label: "ACME-4471 blue".into(), ..key(id, "p", 142) }
    }

    #[test]
    fn a_new_key_that_carries_all_we_sent_is_ours() {
        let found = look_for(&order(), &BTreeSet::new(), [ours("new"), key("other", "p", 143)]);
        assert_eq!(found, Evidence::Ours(ours("new")));
    }

    #[test]
    fn a_key_that_was_there_before_is_never_taken_for_ours() {
        let before = BTreeSet::from([ours("old").id]);
        assert_eq!(look_for(&order(), &before, [ours("old")]), Evidence::NotSeen);
    }

    #[test]
    fn a_lost_label_makes_it_a_question_and_anothers_label_does_not() {
        let blank = ServiceKey { label: "".into(), ..ours("new") };
        let found = look_for(&order(), &BTreeSet::new(), [blank.clone()]);
        assert_eq!(found, Evidence::Maybe(vec![blank]));
        let short = ServiceKey { label: "ACME-44".into(), ..ours("new") };
        assert_eq!(
            look_for(&order(), &BTreeSet::new(), [short.clone()]),
            Evidence::Maybe(vec![short])
        );
        let foreign = ServiceKey { label: "BOREALIS".into(), ..ours("new") };
        assert_eq!(look_for(&order(), &BTreeSet::new(), [foreign]), Evidence::NotSeen);
    }

    #[test]
    fn two_keys_for_one_order_are_both_shown() {
        let found = look_for(&order(), &BTreeSet::new(), [ours("a"), ours("b")]);
        assert_eq!(found, Evidence::Several(vec![ours("a"), ours("b")]));
    }
}
