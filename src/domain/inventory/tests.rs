//! The contents of a snapshot, and what a new reading of a list removes from it.

use crate::domain::{on_ramp::samples::*, place::Zone, service_key::samples::key};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn id(raw: &str) -> OnRampId {
    OnRampId::new(raw).expect("legal")
}

#[test]
fn a_key_made_on_a_lag_member_belongs_to_the_lag() {
    use crate::domain::on_ramp::samples::lag_member;
    let member = |name: &str, primary| lag_member(port(name), 1, primary);
    let mut inventory = Inventory::new(vec![member("b", false), member("a", true)]);
    inventory.set_keys(vec![key("k", "b", 100)], 0, NOW);
    assert_eq!(inventory.on_ramps().len(), 1);
    assert_eq!(inventory.key_count_of(&id("a")), 1);
    assert_eq!(inventory.vlan_map(&id("b"), NOW).map(|m| m.held()), Some(1));
}

#[test]
fn a_key_that_was_moved_is_on_one_on_ramp_only() {
    let mut inventory = Inventory::new(vec![port("a"), port("b")]);
    inventory.set_keys(vec![key("k", "a", 100)], 0, NOW);
    inventory.put_key(key("k", "b", 100), NOW);
    let held = |inventory: &Inventory, on: &str| {
        let map = inventory.vlan_map(&id(on), NOW).expect("listed");
        (inventory.key_count_of(&id(on)), map.held())
    };
    assert_eq!((held(&inventory, "a"), held(&inventory, "b")), ((0, 0), (1, 1)));
}

#[test]
fn lag_member_record_adds_circuits_and_removes_none() {
    use crate::domain::on_ramp::samples::lag_member;
    let member = |name: &str, primary, vxcs: &[(&str, i64)]| {
        let mut port = lag_member(port(name), 1, primary);
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
    younger.created = Some(Timestamp::from_millis(121_000));
    assert_eq!(inventory.key_state(&younger, NOW), KeyState::Unused);
    younger.created = Some(Timestamp::from_millis(0));
    assert_eq!(inventory.key_state(&younger, NOW), KeyState::Used);
    inventory.put_key(younger, NOW);
    assert_eq!(inventory.key_count(), 1);
}

#[test]
fn free_vlans_are_certain_only_once_every_key_was_read() {
    let mut inventory = Inventory::new(vec![port("p")]);
    let certain = |inventory: &Inventory| inventory.vlan_map(&id("p"), NOW).map(|m| m.is_certain());
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

fn at(second: i64) -> Timestamp {
    NOW + std::time::Duration::from_secs(second.unsigned_abs())
}

#[test]
fn missing_key_keeps_its_vlan_until_confirmed_gone() {
    let mut inventory = Inventory::new(vec![port("p"), port("q")]);
    inventory.set_keys(vec![key("k", "p", 100), key("l", "q", 100)], 0, at(0));
    for (second, missing) in [(1, 1), (3, 1), (6, 1)] {
        let shrinkage = inventory.set_keys_of(&id("p"), vec![], 0, at(second));
        assert_eq!((shrinkage.missing, shrinkage.gone.len()), (missing, 0), "{second}");
        assert_eq!(inventory.missing_keys_of(&id("p")), 1);
        assert_eq!(inventory.missing_keys_of(&id("q")), 0);
        assert_eq!(inventory.vlan_map(&id("p"), at(second)).map(|map| map.held()), Some(1));
    }
    let shrinkage = inventory.set_keys(vec![key("l", "q", 100)], 0, at(11));
    assert_eq!((shrinkage.missing, shrinkage.unexplained), (0, 1));
    assert_eq!(shrinkage.gone[0].id.reveal(), "k");
    assert_eq!((inventory.key_count(), inventory.missing_keys()), (1, 0));
}

#[test]
fn key_leaves_after_two_readings_with_circuit_or_expiry() {
    let mut port = port("p");
    port.vxcs = vec![vxc("v", 100, 100)];
    let mut inventory = Inventory::new(vec![port]);
    let over = crate::domain::service_key::Validity { start: None, end: Some(NOW) };
    let expired = ServiceKey { validity: Some(over), ..key("m", "p", 102) };
    let used = ServiceKey { last_used: Some(NOW), ..key("l", "p", 101) };
    inventory.set_keys(vec![key("k", "p", 100), used, expired], 0, at(0));
    assert_eq!(inventory.set_keys(vec![], 0, at(1)).missing, 3);
    let shrinkage = inventory.set_keys(vec![], 0, at(6));
    assert_eq!((shrinkage.gone.len(), shrinkage.unexplained), (3, 0));
}

#[test]
fn a_list_with_unreadable_entries_takes_no_key_away() {
    let mut inventory = Inventory::new(vec![port("p")]);
    inventory.set_keys(vec![key("k", "p", 100)], 0, at(0));
    for second in 1..100 {
        assert_eq!(inventory.set_keys(vec![], 1, at(second)).missing, 1);
    }
}

#[test]
fn new_key_not_yet_listed_stays_and_lists_remain_trusted() {
    let mut inventory = Inventory::new(vec![port("p")]);
    inventory.set_keys(vec![], 0, at(0));
    inventory.put_key(key("k", "p", 100), at(0));
    assert!(inventory.is_unlisted(&key("k", "p", 100).id));
    for second in [1, 7, 13, 19] {
        assert_eq!(inventory.set_keys_of(&id("p"), vec![], 0, at(second)).missing, 0);
        assert_eq!(inventory.key_count(), 1);
    }
    inventory.set_keys(vec![key("k", "p", 100)], 0, at(20));
    assert!(!inventory.is_unlisted(&key("k", "p", 100).id));
    assert_eq!(inventory.set_keys(vec![], 0, at(21)).missing, 1, "now it was listed");
}

#[test]
fn missing_on_ramp_stays_for_three_readings() {
    let mut inventory = Inventory::new(vec![port("p"), port("q")]);
    inventory.set_keys(vec![key("k", "p", 100)], 0, at(0));
    for (second, left) in [(0, 2), (5, 2), (10, 0)] {
        let (new, shrinkage) = Inventory::read_again(inventory, vec![], 0, at(second));
        assert_eq!((new.on_ramps().len(), shrinkage.missing), (left, left), "{second}");
        assert_eq!(new.missing_on_ramps(), left);
        inventory = new;
    }
    let (new, shrinkage) = Inventory::read_again(inventory, vec![port("p")], 0, at(15));
    assert_eq!((new.on_ramps().len(), shrinkage), (1, Shrinkage::default()));
    assert_eq!(new.key_count_of(&id("p")), 1);
}

#[test]
fn reading_one_on_ramps_keys_again_leaves_the_others_alone() {
    let mut inventory = Inventory::new(vec![port("p"), port("q")]);
    inventory.set_keys(vec![key("k1", "p", 100), key("k2", "q", 100)], 0, NOW);
    for second in [0, 5, 10] {
        inventory.set_keys_of(&id("p"), vec![key("k3", "p", 101)], 0, at(second));
    }
    let ids = |on_ramp| -> Vec<_> {
        inventory.keys_of(&id(on_ramp)).map(|k| k.id.reveal().to_owned()).collect()
    };
    assert_eq!((ids("p"), ids("q")), (vec!["k3".to_owned()], vec!["k2".to_owned()]));
}

#[test]
fn missing_zone_is_the_last_known_one_and_marked() {
    let red = OnRamp { zone: Zone::Red, ..port("p") };
    let (mut inventory, _) =
        Inventory::read_again(Inventory::new(vec![red]), vec![port("p")], 0, NOW);
    assert_eq!(inventory.on_ramps()[0].zone_word(), "RED?");
    inventory.put_on_ramp(port("p"), NOW);
    assert_eq!(inventory.on_ramps()[0].zone_word(), "RED?");
    inventory.put_on_ramp(OnRamp { zone: Zone::Blue, ..port("p") }, NOW);
    assert_eq!(inventory.on_ramps()[0].zone_word(), "BLUE", "once it is said");
}
