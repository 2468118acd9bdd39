use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;

use crate::domain::{
    inventory::Seen,
    on_ramp::{
        OnRamp,
        samples::{port, vxc},
    },
    service_key::{KeyUse, ServiceKey, Validity, samples::key},
    vxc::{End, Vxc},
};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Returns a key that was created an hour ago, on VLAN 100.
fn made() -> ServiceKey {
    ServiceKey { created: Some(NOW - Duration::from_secs(3600)), ..key("k-106e38ae", "p", 100) }
}

/// Returns a circuit on `vlan` that was ordered so long ago.
fn circuit(vlan: i64, ago: Duration) -> Vxc {
    Vxc { created: Some(NOW - ago), ..vxc("v", 500, vlan) }
}

fn with(vxcs: Vec<Vxc>) -> OnRamp {
    OnRamp { vxcs, ..port("p") }
}

fn word(key: &ServiceKey, on_ramp: &OnRamp) -> Word {
    samples::reading(key, on_ramp, NOW).word
}

#[test]
fn newer_circuit_on_the_vlan_means_used() {
    let on_ramp = with(vec![circuit(100, Duration::from_secs(60))]);
    let reading = samples::reading(&made(), &on_ramp, NOW);
    assert_eq!(reading.word, Word::Used(None));
    assert_eq!(reading.circuit().map(|one| one.name.as_str()), Some("v"));
    assert_eq!(word(&made(), &with(vec![circuit(100, 2 * DAY)])), Word::Unused, "an older one");
    assert_eq!(word(&made(), &with(vec![circuit(101, DAY / 48)])), Word::Unused, "another VLAN");
    let used = ServiceKey { last_used: Some(NOW), ..made() };
    assert_eq!(word(&used, &with(vec![])), Word::Used(None), "Megaport's word is enough");
}

#[test]
fn expiry_is_decided_by_megaport_not_by_our_clock() {
    let ends = |end: Timestamp| Some(Validity { start: None, end: Some(end) });
    let over = ServiceKey { validity: ends(NOW - DAY), ..made() };
    assert_eq!(word(&over, &with(vec![])), Word::ExpiresSoon, "our clock may be wrong");
    let said = ServiceKey { expired: true, valid: Some(false), ..over };
    assert_eq!(word(&said, &with(vec![])), Word::Expired);
    let soon = ServiceKey { validity: ends(NOW + 2 * DAY), ..made() };
    assert_eq!(word(&soon, &with(vec![])), Word::ExpiresSoon);
    let later = ServiceKey { validity: ends(NOW + 4 * DAY), ..made() };
    assert_eq!(word(&later, &with(vec![])), Word::Unused);
}

#[test]
fn multi_use_count_needs_megaports_last_used() {
    let multi = ServiceKey { usage: KeyUse::Multi, ..made() };
    let minute = Duration::from_secs(60);
    let on_ramp = with(vec![circuit(200, minute), circuit(201, minute), circuit(202, 2 * DAY)]);
    assert_eq!(word(&multi, &on_ramp), Word::MaybeUsed, "nothing says whose they are");
    let used = ServiceKey { last_used: Some(NOW), ..multi.clone() };
    assert_eq!(word(&used, &on_ramp), Word::Used(Some(2)));
    let others = BTreeSet::from([VlanTag::from_wire(Some(200))]);
    let circuits = Circuits::new(Seen::Listed(&on_ramp), |tag| others.contains(&tag));
    assert_eq!(listed(&used, &circuits, NOW).word, Word::Used(Some(1)));
    assert_eq!(word(&multi, &with(vec![])), Word::Unused);
}

/// Returns the reading of a key that is no longer listed.
fn left(memory: &Remembered, seen: Seen<'_>, unread: usize) -> Reading {
    gone(memory, &Circuits::new(seen, |_| false), unread, NOW)
}

#[test]
fn unlisted_key_is_used_only_with_evidence() {
    let memory = Remembered::of_key(&made());
    let read = |on_ramp: &OnRamp, unread| left(&memory, Seen::Listed(on_ramp), unread);
    let matching = with(vec![circuit(100, Duration::from_secs(60))]);
    assert_eq!(read(&matching, 0).word, Word::Used(None));
    assert!(read(&matching, 0).circuit().is_some(), "with its circuit");
    assert_eq!(read(&with(vec![]), 0).word, Word::GoneUnexplained);
    let seen_used = Remembered { last_used: Some(NOW), ..memory.clone() };
    assert_eq!(left(&seen_used, Seen::Listed(&with(vec![])), 0).word, Word::Used(None));
    let over = Remembered { end: Some(NOW - DAY), ..memory.clone() };
    assert_eq!(left(&over, Seen::Listed(&with(vec![])), 0).word, Word::Expired);
    let doubtful = read(&with(vec![]), 2);
    assert_eq!(doubtful.word, Word::NotKnown, "it may be one that could not be read");
    assert_eq!(doubtful.evidence, [Evidence::NotAmongTheRead(2)]);
    let half_read = OnRamp { unread: 1, ..with(vec![]) };
    assert!(read(&half_read, 0).evidence.contains(&Evidence::CircuitsUnread));
}

#[test]
fn key_is_an_orphan_only_after_its_on_ramp_is_gone() {
    let memory = Remembered::of_key(&made());
    for (seen, word, says) in [
        (Seen::NotListed, Word::Orphan, Evidence::NoOnRamp),
        (Seen::Ended, Word::Orphan, Evidence::OnRampEnded),
        (Seen::NotReadYet, Word::NotKnown, Evidence::OnRampsUnread),
        (Seen::NotAmongTheRead(2), Word::NotKnown, Evidence::OnRampNotAmongTheRead(2)),
    ] {
        let reading = listed(&made(), &Circuits::new(seen, |_| false), NOW);
        assert_eq!(reading.word, word, "{seen:?}");
        assert!(reading.evidence.contains(&says), "{reading:?}");
        assert_eq!(left(&memory, seen, 0).word, word, "{seen:?}");
    }
}

#[test]
fn only_a_circuit_that_comes_to_the_on_ramp_speaks_for_a_key() {
    let minute = Duration::from_secs(60);
    let own = Vxc { our_end: End::A, ..circuit(100, minute) };
    let reading = samples::reading(&made(), &with(vec![own.clone()]), NOW);
    assert_eq!((reading.word, reading.warns()), (Word::Unused, true), "but its VLAN is lost");
    let multi = ServiceKey { usage: KeyUse::Multi, last_used: Some(NOW), ..made() };
    let three =
        with(vec![own, Vxc { our_end: End::A, ..circuit(101, minute) }, circuit(7, minute)]);
    assert_eq!(word(&multi, &three), Word::Used(Some(1)));
    let before = with(vec![circuit(100, 2 * DAY)]);
    assert!(samples::reading(&made(), &before, NOW).warns(), "somebody else has its VLAN");
}

#[test]
fn unmatched_circuit_is_shown_beside_key_for_another_vlan() {
    let on_ramp = with(vec![circuit(300, Duration::from_secs(60))]);
    let reading = samples::reading(&made(), &on_ramp, NOW);
    assert_eq!(reading.word, Word::Unused, "possible, and no more");
    let says: Vec<_> = reading.evidence.iter().map(|one| one.describe(NOW)).collect();
    let says = says.join("\n");
    assert!(
        says.contains("circuit v was ordered on VLAN 300") && says.contains("perhaps"),
        "{says}"
    );
    let others = BTreeSet::from([VlanTag::from_wire(Some(300))]);
    let of_another =
        listed(&made(), &Circuits::new(Seen::Listed(&on_ramp), |tag| others.contains(&tag)), NOW);
    assert_eq!(of_another.since(), None, "it is of the key on that VLAN");
}

#[test]
fn no_sentence_speaks_of_a_vlan_that_a_key_does_not_have() {
    for usage in [KeyUse::Multi, KeyUse::Single(VlanTag::Unstated)] {
        let key = ServiceKey { usage, ..made() };
        for vxcs in [vec![], vec![circuit(300, Duration::from_secs(60))]] {
            let reading = samples::reading(&key, &with(vxcs.clone()), NOW);
            let expected = if vxcs.is_empty() { Word::Unused } else { Word::MaybeUsed };
            assert_eq!(reading.word, expected);
            for one in &reading.evidence {
                assert!(!one.describe(NOW).contains("its VLAN"), "{one:?}");
            }
        }
    }
}

#[test]
fn key_state_follows_megaports_flags_with_every_reason() {
    let (past, later) = (NOW - DAY, NOW + 9 * DAY);
    let window = |start, end| Some(Validity { start, end });
    let off_and_over = ServiceKey { active: false, expired: true, ..made() };
    let reading = samples::reading(&off_and_over, &with(vec![]), NOW);
    assert_eq!(reading.word, Word::Inactive);
    assert!(reading.evidence.contains(&Evidence::SaidExpired), "{reading:?}");
    let said_over = ServiceKey { expired: true, validity: window(None, Some(later)), ..made() };
    let reading = samples::reading(&said_over, &with(vec![]), NOW);
    assert_eq!(reading.word, Word::Expired);
    assert!(!reading.evidence.iter().any(|one| matches!(one, Evidence::Ends(_))), "{reading:?}");
    let valid = ServiceKey { validity: window(None, Some(past)), valid: Some(true), ..made() };
    let reading = samples::reading(&valid, &with(vec![]), NOW);
    let says = reading.evidence[0].describe(NOW);
    assert!(says.contains("does not report it as expired"), "{says}");
    assert!(valid.reserves_vlan(NOW), "and it keeps its VLAN");
    let early = ServiceKey { validity: window(Some(later), None), valid: Some(false), ..made() };
    assert_eq!(word(&early, &with(vec![])), Word::Early);
    assert_eq!(word(&ServiceKey { valid: Some(true), ..early }, &with(vec![])), Word::Unused);
}

proptest! {
    #[test]
    fn used_is_never_said_without_evidence_of_use(
        last_used in any::<bool>(), active in any::<bool>(), expired in any::<bool>(),
        valid in proptest::option::of(any::<bool>()), multi in any::<bool>(),
        vlans in proptest::collection::vec((95i64..105, 0u64..7200), 0..6),
    ) {
        let usage = if multi { KeyUse::Multi } else { made().usage };
        let last_used = last_used.then_some(NOW);
        let key = ServiceKey { usage, active, expired, valid, last_used, ..made() };
        let circuits = vlans.iter().map(|(vlan, ago)| circuit(*vlan, Duration::from_secs(*ago)));
        let on_ramp = with(circuits.collect());
        let reading = samples::reading(&key, &on_ramp, NOW);
        prop_assert!(!reading.evidence.is_empty());
        if reading.word.is_used() {
            let shown = last_used.is_some() || reading.circuit().is_some();
            prop_assert!(shown, "{:?}", reading);
        }
        if let Some(circuit) = reading.circuit() {
            prop_assert_eq!(circuit.vlan, VlanTag::from_wire(Some(100)));
        }
    }
}
