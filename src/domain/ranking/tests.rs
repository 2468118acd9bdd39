use proptest::prelude::*;

use super::{
    super::{
        inventory::Inventory,
        on_ramp::samples::{port, vxc},
        service_key::samples::key,
    },
    *,
};

const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);
const WANT: Want = Want::for_rate(Mbps::new(500));

fn loaded(id: &str, sold: u32) -> OnRamp {
    let mut port = port(id);
    if sold > 0 {
        port.vxcs = vec![vxc(&format!("{id}-v"), sold, 100)];
    }
    port
}

fn candidates(inventory: &Inventory) -> Vec<Candidate<'_>> {
    let all = inventory.on_ramps().iter().enumerate();
    all.map(|(at, on_ramp)| Candidate::new(on_ramp, inventory.summary(at))).collect()
}

fn order(ranking: &Ranking<'_>) -> Vec<String> {
    ranking.offers.iter().map(|offer| offer.candidate.on_ramp.id.to_string()).collect()
}

fn notice(outage: bool) -> Notice {
    Notice { outage, says: "CSS-1234".into() }
}

#[test]
fn most_headroom_ranks_first_with_measured_load_if_known() {
    let inventory =
        Inventory::new(vec![loaded("a", 4_000), loaded("b", 3_000), loaded("c", 3_000)]);
    let mut all = candidates(&inventory);
    assert_eq!(order(&rank(all.clone(), WANT, Rules::default())), ["b", "c", "a"]);
    all[1].measured = Some(95);
    assert_eq!(order(&rank(all.clone(), WANT, Rules::default())), ["c", "a", "b"]);
    let ranking = rank(all, WANT, Rules { measured: 0, ..Rules::default() });
    assert_eq!(order(&ranking), ["b", "c", "a"], "a provider may not care for load");
    assert!(ranking.offers[0].reasons.contains(&Reason::Load(95)), "and is told all the same");
    assert!(ranking.offers[1].reasons.contains(&Reason::NoLoad));
}

#[test]
fn unused_keys_maintenance_and_dark_links_rank_lower() {
    let inventory = Inventory::new(vec![loaded("a", 0), loaded("b", 0)]);
    let with = |change: &dyn Fn(&mut Candidate<'_>)| {
        let mut all = candidates(&inventory);
        change(&mut all[0]);
        order(&rank(all, WANT, Rules::default()))
    };
    assert_eq!(with(&|_| {}), ["a", "b"], "equals go by name");
    assert_eq!(with(&|a| a.outstanding = Mbps::new(2_000)), ["b", "a"]);
    assert_eq!(with(&|a| a.notices = vec![notice(false)]), ["b", "a"]);
    assert_eq!(with(&|a| a.notices = vec![notice(true)]), ["b"], "an outage refuses it");
    let mut dark = loaded("a", 0);
    dark.link = Link::Down;
    let inventory = Inventory::new(vec![dark, loaded("b", 0)]);
    assert_eq!(order(&rank(candidates(&inventory), WANT, Rules::default())), ["b", "a"]);
}

#[test]
fn every_reason_against_an_on_ramp_is_given() {
    let mut port = loaded("a", 9_800);
    port.admin_locked = true;
    port.stated_max_vxc = Some(Mbps::new(100));
    port.terminates = Some(NOW);
    let inventory = Inventory::new(vec![port]);
    let rules = Rules { cap: Some(80), ..Rules::default() };
    let ranking = rank(candidates(&inventory), WANT, rules);
    assert!(ranking.offers.is_empty());
    let why: Vec<_> = ranking.refusals[0].1.iter().map(ToString::to_string).collect();
    assert_eq!(
        why,
        [
            "locked by Megaport",
            "largest circuit 100 Mbps",
            "103% allocated after this key, above your cap of 80%",
            "it ends before the key does",
        ]
    );
}

#[test]
fn an_on_ramp_whose_keys_hold_the_last_vlans_is_refused() {
    let mut port = loaded("a", 0);
    let one = vxc("v", 1, 2);
    let last = 4092;
    port.vxcs = (2..=last)
        .map(|vlan| super::super::vxc::Vxc {
            vlan: super::super::vlan::VlanTag::from_wire(Some(vlan)),
            ..one.clone()
        })
        .collect();
    let mut inventory = Inventory::new(vec![port]);
    inventory.set_keys(vec![], 0, NOW);
    assert_eq!(rank(candidates(&inventory), WANT, Rules::default()).offers.len(), 1, "one is left");
    inventory.set_keys(vec![key("k-106e38ae", "a", 4093)], 0, NOW);
    let ranking = rank(candidates(&inventory), WANT, Rules::default());
    assert_eq!(ranking.refusals[0].1, [Refusal::NoVlan]);
}

fn any_on_ramp() -> impl Strategy<Value = OnRamp> {
    (0u32..40, 0u32..24, any::<bool>(), any::<bool>()).prop_map(|(id, sold, open, known)| {
        let mut on_ramp = loaded(&format!("p{id}"), sold * 500);
        on_ramp.permits_vxcs = Some(open);
        on_ramp.speed = on_ramp.speed.filter(|_| known);
        on_ramp
    })
}

proptest! {
    #[test]
    fn ranking_is_total_and_stable_and_offers_nothing_refused(
        mut on_ramps in proptest::collection::vec(any_on_ramp(), 0..30), rate in 1u32..12_000,
        cap in proptest::option::of(50u32..150),
    ) {
        on_ramps.sort_by(|a, b| a.id.cmp(&b.id));
        on_ramps.dedup_by(|a, b| a.id == b.id);
        let inventory = Inventory::new(on_ramps);
        let (want, rules) = (Want::for_rate(Mbps::new(rate)), Rules { cap, ..Rules::default() });
        let forth = rank(candidates(&inventory), want, rules);
        let mut turned = candidates(&inventory);
        turned.reverse();
        prop_assert_eq!(order(&forth), order(&rank(turned, want, rules)));
        prop_assert_eq!(forth.offers.len() + forth.refusals.len(), inventory.on_ramps().len());
        for offer in &forth.offers {
            prop_assert!(offer.candidate.summary.closed.is_empty());
            prop_assert!(offer.candidate.on_ramp.takes(want.rate));
            prop_assert!(!offer.reasons.is_empty());
        }
        prop_assert!(forth.refusals.iter().all(|(_, why)| !why.is_empty()));
        prop_assert!(forth.offers.windows(2).all(|two| two[0].cost <= two[1].cost));
    }
}
