use std::time::Duration;

use proptest::prelude::*;

use super::{
    super::{
        on_ramp::{
            OnRamp,
            samples::{port, vxc},
        },
        service_key::{KeyUse, ServiceKey, Validity, samples::key},
        vxc::Vxc,
    },
    *,
};

const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A key that was made an hour ago, on VLAN 100.
fn made() -> ServiceKey {
    ServiceKey { created: Some(NOW - Duration::from_secs(3600)), ..key("k-106e38ae", "p", 100) }
}

/// A circuit on `vlan` that was ordered so long ago.
fn circuit(vlan: i64, ago: Duration) -> Vxc {
    Vxc { created: Some(NOW - ago), ..vxc("v", 500, vlan) }
}

fn with(vxcs: Vec<Vxc>) -> OnRamp {
    OnRamp { vxcs, ..port("p") }
}

fn word(key: &ServiceKey, on_ramp: &OnRamp) -> Word {
    listed(key, &Circuits::of(Some(on_ramp)), |_| false, NOW).word
}

#[test]
fn a_circuit_on_its_vlan_that_is_younger_than_the_key_means_used() {
    let on_ramp = with(vec![circuit(100, Duration::from_secs(60))]);
    let reading = listed(&made(), &Circuits::of(Some(&on_ramp)), |_| false, NOW);
    assert_eq!(reading.word, Word::Used(None));
    assert_eq!(reading.circuit().map(|one| one.name.as_str()), Some("v"));
    assert_eq!(word(&made(), &with(vec![circuit(100, 2 * DAY)])), Word::Unused, "an older one");
    assert_eq!(word(&made(), &with(vec![circuit(101, DAY / 48)])), Word::Unused, "another VLAN");
    let used = ServiceKey { last_used: Some(NOW), ..made() };
    assert_eq!(word(&used, &with(vec![])), Word::Used(None), "Megaport's word is enough");
}

#[test]
fn an_expired_window_is_megaports_to_say_whatever_our_clock_says() {
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
fn a_multi_use_key_is_used_so_often_only_where_megaport_says_that_it_was() {
    let multi = ServiceKey { usage: KeyUse::Multi, ..made() };
    let minute = Duration::from_secs(60);
    let on_ramp = with(vec![circuit(200, minute), circuit(201, minute), circuit(202, 2 * DAY)]);
    assert_eq!(word(&multi, &on_ramp), Word::MaybeUsed, "nothing says whose they are");
    let used = ServiceKey { last_used: Some(NOW), ..multi.clone() };
    assert_eq!(word(&used, &on_ramp), Word::Used(Some(2)));
    let circuits = Circuits::of(Some(&on_ramp));
    let others = |tag: VlanTag| tag == VlanTag::read(Some(200));
    assert_eq!(listed(&used, &circuits, others, NOW).word, Word::Used(Some(1)));
    assert_eq!(word(&multi, &with(vec![])), Word::Unused);
}

#[test]
fn a_key_that_left_the_list_is_used_only_where_a_circuit_says_so() {
    let memory = Remembered::of_key(&made());
    let read = |on_ramp: &OnRamp, unread| gone(&memory, &Circuits::of(Some(on_ramp)), unread);
    let matching = with(vec![circuit(100, Duration::from_secs(60))]);
    assert_eq!(read(&matching, 0).word, Word::Gone);
    assert_eq!(read(&with(vec![]), 0).word, Word::GoneUnexplained);
    let doubtful = read(&with(vec![]), 2);
    assert_eq!(doubtful.evidence, [Evidence::NotAmongTheRead(2)]);
    let half_read = OnRamp { unread: 1, ..with(vec![]) };
    assert!(read(&half_read, 0).evidence.contains(&Evidence::CircuitsUnread));
    assert_eq!(gone(&memory, &Circuits::of(None), 0).word, Word::Orphan);
}

#[test]
fn a_key_whose_on_ramp_is_gone_is_an_orphan() {
    assert_eq!(listed(&made(), &Circuits::of(None), |_| false, NOW).word, Word::Orphan);
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
        let reading = listed(&key, &Circuits::of(Some(&on_ramp)), |_| false, NOW);
        prop_assert!(!reading.evidence.is_empty());
        if reading.word.is_used() {
            let shown = last_used.is_some() || reading.circuit().is_some();
            prop_assert!(shown, "{:?}", reading);
        }
        if let Some(circuit) = reading.circuit() {
            prop_assert_eq!(circuit.vlan, VlanTag::read(Some(100)));
        }
    }
}
