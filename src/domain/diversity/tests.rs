use proptest::prelude::*;

use super::{
    super::{
        inventory::Inventory,
        on_ramp::samples::{port, vxc},
        place::LocationId,
        ranking::{Candidate, Rules, Want, rank},
    },
    *,
};

const RATE: Mbps = Mbps::new(500);

fn at(id: &str, site: i64, zone: Zone) -> OnRamp {
    let mut port = port(id);
    port.site.id = (site > 0).then_some(LocationId(site));
    port.zone = zone;
    port
}

fn loaded(mut port: OnRamp, sold: u32) -> OnRamp {
    port.vxcs = vec![vxc(&format!("{}-v", port.id), sold, 100)];
    port
}

fn ranking(inventory: &Inventory) -> Ranking<'_> {
    let all = inventory.on_ramps().iter().enumerate();
    let candidates = all.map(|(at, on_ramp)| Candidate::new(on_ramp, inventory.summary(at)));
    rank(candidates, Want::for_rate(RATE), Rules::default())
}

/// Returns the pairs by name and why they are diverse, or why there are none.
fn offered(on_ramps: Vec<OnRamp>, fixed: Option<&str>) -> Result<Vec<String>, NoPair> {
    let inventory = Inventory::new(on_ramps);
    let fixed = fixed.map(|id| OnRampId::new(id).expect("legal"));
    let pairs = pairs(&ranking(&inventory), fixed.as_ref())?;
    Ok(pairs.iter().map(|pair| pair.ids().map(|id| id.to_string()).join(" ")).collect())
}

#[test]
fn every_verdict_says_what_it_rests_on() {
    let (blue, red) = (|site| at("b", site, Zone::Blue), |site| at("r", site, Zone::Red));
    let none = |site| at("n", site, Zone::Unstated);
    for (one, other, word, reason) in [
        (blue(1), red(2), "DIVERSE", "different sites and zones (BLUE / RED)"),
        (blue(1), red(1), "DIVERSE", "one site, different zones (BLUE / RED)"),
        (
            red(1),
            at("o", 2, Zone::Red),
            "DIVERSE",
            "different sites; both RED (zones matter only within one site)",
        ),
        (red(1), none(2), "DIVERSE", "different sites; zones not reported"),
        (red(1), at("o", 1, Zone::Red), "NOT DIVERSE", "both are RED at one site"),
        (none(1), at("o", 1, Zone::Unstated), "UNKNOWN", "one site; zones not reported"),
        (red(1), none(1), "UNKNOWN", "one site; zones not reported"),
        (blue(0), red(2), "UNKNOWN", "a site is not reported"),
        (red(1), red(1), "NOT DIVERSE", "the same on-ramp twice"),
    ] {
        let verdict = Verdict::judge(&one, &other);
        assert_eq!((verdict.word(), verdict.reason().as_str()), (word, reason));
        assert_eq!(verdict.is_diverse(), word == "DIVERSE");
    }
}

#[test]
fn the_most_diverse_comes_before_the_least_allocated() {
    let on_ramps = vec![
        loaded(at("a", 1, Zone::Blue), 100),
        loaded(at("b", 1, Zone::Red), 100),
        loaded(at("c", 2, Zone::Red), 6_000),
        loaded(at("d", 3, Zone::Blue), 200),
    ];
    let all = offered(on_ramps.clone(), None).expect("pairs");
    assert_eq!(all, ["d b", "a c", "d c", "a d", "b c", "a b"]);
    assert_eq!(offered(on_ramps, Some("a")).expect("pairs"), ["a c", "a d", "a b"]);
}

#[test]
fn no_pair_says_why_not() {
    let says = |on_ramps, fixed| offered(on_ramps, fixed).expect_err("none").to_string();
    assert_eq!(says(vec![], None), "there is no on-ramp here");
    let mut shut = at("b", 2, Zone::Red);
    shut.permits_vxcs = Some(false);
    let two = vec![at("a", 1, Zone::Blue), shut];
    assert_eq!(
        says(two.clone(), None),
        "only 1 of 2 on-ramps here can take a key of 500 Mbps; a pair needs two"
    );
    assert!(says(two, Some("b")).starts_with("no new key on b: "));
    let same = vec![at("a", 1, Zone::Red), at("b", 1, Zone::Red), at("c", 1, Zone::Red)];
    let why =
        "no two of the 3 suitable on-ramps here are known to be diverse: both are RED at one site";
    assert_eq!(says(same, None), why);
    let unknown = vec![at("a", 1, Zone::Red), at("b", 1, Zone::Unstated)];
    assert!(says(unknown, None).ends_with("one site; zones not reported"));
}

fn any_on_ramp() -> impl Strategy<Value = OnRamp> {
    let zone = prop_oneof![Just(Zone::Blue), Just(Zone::Red), Just(Zone::Unstated)];
    (0u32..40, 0i64..4, zone, 0u32..20, any::<bool>()).prop_map(|(id, site, zone, sold, open)| {
        let mut on_ramp = loaded(at(&format!("p{id}"), site, zone), sold * 500 + 1);
        on_ramp.permits_vxcs = Some(open);
        on_ramp
    })
}

proptest! {
    #[test]
    fn offered_pairs_are_open_diverse_and_ignore_input_order(
        mut on_ramps in proptest::collection::vec(any_on_ramp(), 0..30),
    ) {
        on_ramps.sort_by(|a, b| a.id.cmp(&b.id));
        on_ramps.dedup_by(|a, b| a.id == b.id);
        let forth = offered(on_ramps.clone(), None);
        on_ramps.reverse();
        prop_assert_eq!(&forth, &offered(on_ramps.clone(), None));
        let inventory = Inventory::new(on_ramps);
        for pair in pairs(&ranking(&inventory), None).unwrap_or_default() {
            let [a, b] = pair.halves.each_ref().map(|half| &half.candidate);
            prop_assert!(a.on_ramp.id != b.on_ramp.id && pair.verdict.is_diverse());
            prop_assert!(a.summary.closed.is_empty() && b.summary.closed.is_empty());
            prop_assert_eq!(Verdict::judge(a.on_ramp, b.on_ramp), pair.verdict);
        }
    }
}
