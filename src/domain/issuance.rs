//! Evidence about an ordered key, and the recovery from a lost reply.
//!
//! A key can never be deleted and must never be created twice for one intent, so the
//! end of a request is judged by one table, and evidence for a key that may exist is
//! judged here, without I/O.

use std::time::Duration;

use crate::domain::{
    fingerprint::Fingerprint,
    intent::{Intent, is_same_use},
    key_order::{KeyOrder, OrderUse},
    service_key::ServiceKey,
    text::SafeText,
    time::Timestamp,
    vlan::VlanTag,
    vxc::Vxc,
};

/// The possible effect at the server of a failed request.
///
/// Decided by the kind of failure alone, never by its wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing was sent: name resolution, connection or TLS failed.
    NotSent,
    /// The API answered that it did not process it (401 or 429 with its own
    /// envelope).
    NotProcessed,
    /// The API refused it (another 4xx with its own envelope).
    Refused,
    /// Everything else: it may have been carried out.
    Unknown,
}

/// The evidence of an on-ramp's keys and circuits about an intent in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A key with our tag: ours, even if other fields were lost.
    Ours(ServiceKey),
    /// Several keys with our tag. Something sent twice.
    Several(Vec<ServiceKey>),
    /// New keys that could be ours though the tag is gone: the vendor is known to lose
    /// labels. The user has to decide.
    Maybe(Vec<ServiceKey>),
    /// No key, but a new circuit on our VLAN: the customer may have used the
    /// key already, and a used key may leave the list.
    InUse(SafeText),
    /// A new key on our VLAN with a foreign label: another user was faster, and ours
    /// was probably refused.
    Foreign(ServiceKey),
    /// Nothing new that could be ours. A late key may still come.
    NotSeen,
}

/// The tolerated difference between the clocks of a record and of a request.
const SLACK: Duration = Duration::from_secs(120);

/// Judges what is on the on-ramp of `intent` now: `listed` are its keys (those
/// that name another member of its LAG included), `circuits` its VXCs.
///
/// A key with the tag is proof. A missing label is no evidence against a key,
/// since any later change of the key may have cleared it; a missing key is
/// none either, since a used one may be gone.
///
/// ```
/// # use onramp::{
/// #     domain::{intent::*, issuance::*, key_order::*, place::Zone, time::Timestamp,
/// #         units::Mbps, vlan::VlanId, vlan_map::VlanMap},
/// #     wire::{keys::read_created, products::read_product},
/// # };
/// # let port = read_product(br#"{"data": {"productUid": "la-1", "productName": "LA 1",
/// #     "productType": "MEGAPORT", "provisioningStatus": "LIVE", "portSpeed": 10000}}"#)?;
/// # let (port, now) = (port.expect("a Port"), Timestamp::from_millis(1_795_442_551_000));
/// # let (usage, vlan, rate) = (Choice::Tagged, VlanId::new(142).ok(), Ok(Mbps::new(500)));
/// # let (label, lifetime) = ("Acme 4471".into(), Lifetime::OpenEnded);
/// # let draft =
/// #     Draft { label, usage, vlan, rate, lifetime, active: true, pre_approved: false };
/// # let order = draft.check(&port, &VlanMap::new(&port, &[], true, now), now).expect("legal");
/// # let id = IntentId(1);
/// # let intent = Intent {
/// #     id,
/// #     realm: Realm::default(),
/// #     order: order.tagged(id.tag()),
/// #     on_ramp_name: port.name.clone(),
/// #     zone: Zone::Blue,
/// #     for_whom: ForWhom::default(),
/// #     before: Default::default(),
/// #     prepared_at: now,
/// #     part: None,
/// # };
/// // The reply to `intent` was lost, and the on-ramp has no key and no new circuit.
/// assert_eq!(reconcile(&intent, [], &port.vxcs), Evidence::NotSeen);
///
/// // A new key on our VLAN is listed, but it has no label: the user has to decide.
/// let reply = br#"{"data": {"key": "7f3b6a92-d0e5-4c81-a2b7-5e60c19f8d34"}}"#;
/// let mut key = read_created(reply, &intent.order)?;
/// let listed = [key.clone()];
/// assert_eq!(reconcile(&intent, listed.clone(), &port.vxcs), Evidence::Maybe(listed.into()));
///
/// // With our tag at the end of its label it is the ordered key.
/// key.label = intent.order.label().clone();
/// assert_eq!(reconcile(&intent, [key.clone()], &port.vxcs), Evidence::Ours(key));
/// # Ok::<(), onramp::wire::WireError>(())
/// ```
pub fn reconcile<'a>(
    intent: &Intent,
    listed: impl IntoIterator<Item = ServiceKey>,
    circuits: impl IntoIterator<Item = &'a Vxc>,
) -> Evidence {
    let (ours, rest): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|key| intent.tag().is_in(key.label.as_str()));
    match <[ServiceKey; 1]>::try_from(ours) {
        Ok([key]) => return Evidence::Ours(key),
        Err(several) if !several.is_empty() => return Evidence::Several(several),
        Err(_) => {}
    }
    let fresh = rest.into_iter().filter(|key| is_same_use(&intent.order, key));
    let fresh = fresh.filter(|key| is_new(intent, key.created));
    let fresh = fresh.filter(|key| !intent.before.contains(&Fingerprint::of_key(&key.id)));
    let (maybe, foreign): (Vec<_>, Vec<_>) =
        fresh.partition(|key| could_be(&intent.order, key.label.as_str()));
    if !maybe.is_empty() {
        return Evidence::Maybe(maybe);
    }
    // The VLAN was free when the order was confirmed, so this circuit is new. One of
    // our own that starts at the on-ramp was never created from a key.
    let carries = |vxc: &Vxc| match intent.order.usage() {
        OrderUse::Single(vlan) => vxc.vlan.id() == Some(vlan),
        OrderUse::Untagged => vxc.vlan == VlanTag::Untagged,
        OrderUse::Multi => false,
    };
    let mut circuits = circuits.into_iter();
    let holder =
        circuits.find(|vxc| vxc.comes_here() && carries(vxc) && is_new(intent, vxc.created));
    if let Some(vxc) = holder {
        return Evidence::InUse(vxc.name.clone());
    }
    match foreign.into_iter().next() {
        Some(key) if intent.order.usage() != OrderUse::Multi => Evidence::Foreign(key),
        _ => Evidence::NotSeen,
    }
}

/// Returns whether an object created `at` may belong to the intent.
fn is_new(intent: &Intent, at: Option<Timestamp>) -> bool {
    at.is_none_or(|at| at >= intent.prepared_at - SLACK)
}

/// Returns whether a label may be the remainder of the one that was sent: nothing, or
/// its start, shortened to an unpublished limit.
fn could_be(order: &KeyOrder, label: &str) -> bool {
    order.label().as_str().starts_with(label.trim_end_matches('…'))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            intent::samples::{THEN, intent},
            on_ramp::samples::vxc,
            service_key::samples::key,
            vxc::End,
        },
        *,
    };
    use proptest::prelude::*;

    fn made(id: &str, label: &str) -> ServiceKey {
        ServiceKey { label: label.into(), created: Some(THEN), ..key(id, "p", 142) }
    }

    fn ours(id: &str) -> ServiceKey {
        made(id, intent(1).order.label().as_str())
    }

    #[test]
    fn key_with_our_tag_is_ours_whatever_else_was_changed() {
        let renamed = made("new", &format!("Moved to Cobalt, was {}", intent(1).tag()));
        for key in [ours("new"), renamed] {
            let listed = [key.clone(), made("other", "ACME")];
            assert_eq!(reconcile(&intent(1), listed, []), Evidence::Ours(key));
        }
        let found = reconcile(&intent(2), [ours("new")], []);
        assert!(matches!(found, Evidence::Foreign(_)), "another intent's tag: {found:?}");
    }

    #[test]
    fn lost_or_shortened_label_is_a_question_foreign_one_is_not() {
        for label in ["", "ACME-44", "ACME-4471 blue #…"] {
            let key = made("new", label);
            let found = reconcile(&intent(1), [key.clone()], []);
            assert_eq!(found, Evidence::Maybe(vec![key]), "{label:?}");
        }
        let foreign = made("new", "BOREALIS");
        let found = reconcile(&intent(1), [foreign.clone()], []);
        assert_eq!(found, Evidence::Foreign(foreign));
    }

    #[test]
    fn a_key_that_was_there_before_is_never_taken_for_ours() {
        let blank = made("old", "");
        let mut intent = intent(1);
        intent.before = Intent::mistakable(&intent.order, [&blank]);
        assert_eq!(reconcile(&intent, [blank.clone()], []), Evidence::NotSeen);
        intent.before.clear();
        let older = ServiceKey { created: Some(THEN - Duration::from_secs(121)), ..blank };
        assert_eq!(reconcile(&intent, [older], []), Evidence::NotSeen, "made too early");
    }

    #[test]
    fn two_keys_with_one_tag_are_both_shown() {
        let found = reconcile(&intent(1), [ours("a"), ours("b")], []);
        assert_eq!(found, Evidence::Several(vec![ours("a"), ours("b")]));
    }

    #[test]
    fn circuit_on_our_vlan_may_be_our_key_but_a_found_key_wins() {
        let circuit = vxc("acme", 500, 142);
        let found = reconcile(&intent(1), [], [&circuit, &vxc("other", 500, 143)]);
        assert_eq!(found, Evidence::InUse("acme".into()));
        let own = Vxc { our_end: End::A, ..circuit.clone() };
        assert_eq!(reconcile(&intent(1), [], [&own]), Evidence::NotSeen, "it leaves");
        let found = reconcile(&intent(1), [ours("new")], [&circuit]);
        assert_eq!(found, Evidence::Ours(ours("new")));
        let older = Vxc { created: Some(THEN - Duration::from_secs(999)), ..circuit };
        assert_eq!(reconcile(&intent(1), [], [&older]), Evidence::NotSeen);
    }

    proptest! {
        #[test]
        fn nothing_but_the_tag_makes_a_key_ours_without_a_question(
            label in "[A-Za-z0-9# -]{0,30}", vlan in 140i64..145, minutes in -5i64..5,
        ) {
            let at = THEN.shifted(minutes * 60_000);
            let key = ServiceKey {
                label: label.as_str().into(), created: Some(at), ..key("new", "p", vlan)
            };
            let tagged = intent(1).tag().is_in(&label);
            let found = reconcile(&intent(1), [key.clone()], []);
            prop_assert_eq!(matches!(found, Evidence::Ours(_)), tagged);
            if vlan != 142 && !tagged {
                prop_assert_eq!(found, Evidence::NotSeen);
            }
        }
    }
}
