//! The wire, held to the vendor's documents in `tests/contract`.

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use onramp::{
    domain::{
        country::Country,
        event::{Affected, Event, Kind as EventKind, ShortId, State, Touch},
        id::{CompanyId, KeyId, OnRampId},
        key_order::{Choice, Draft, KeyOrder, Lifetime},
        location::{LocationStatus, RoundTrips},
        on_ramp::{Group, Kind, Link, OnRamp},
        place::{LocationId, Zone},
        service_key::{KeyUse, ServiceKey, Validity},
        status::Status,
        telemetry::Series,
        text::SafeText,
        time::Timestamp,
        units::Mbps,
        vlan::{VlanId, VlanTag},
        vlan_map::VlanMap,
    },
    wire::{self, List},
};

const PORT: &str = "8611b645-ea50-46eb-b400-1c2fb858a303";
const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";
const MADE: Timestamp = Timestamp::from_millis(1_752_019_200_000);
const OVER: Timestamp = Timestamp::from_millis(1_754_611_200_000);

fn document(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    fs::read(folder.join(name).with_extension("json")).expect(name)
}

fn as_json(body: &[u8]) -> serde_json::Value {
    serde_json::from_slice(body).expect("a JSON document")
}

fn products(name: &str) -> List<OnRamp> {
    wire::products::read_products(&document(name)).expect(name)
}

fn keys(name: &str) -> List<ServiceKey> {
    wire::keys::read_keys(&document(name)).expect(name)
}

fn vlan(raw: u16) -> VlanId {
    VlanId::new(raw).expect("a legal VLAN")
}

fn key_id(raw: &str) -> KeyId {
    KeyId::new(raw).expect("a key")
}

fn why<T>(list: &List<T>) -> Vec<(usize, &str)> {
    list.unread.iter().map(|(position, why)| (*position, why.as_str())).collect()
}

/// Returns the order of `key-create-request`.
fn order() -> KeyOrder {
    let mut port = products("products").entries.swap_remove(0);
    port.vxcs.clear();
    let draft = Draft {
        label: "Customer 1, US-West, red".to_owned(),
        usage: Choice::Tagged,
        vlan: VlanId::new(100).ok(),
        rate: Ok(Mbps::new(500)),
        lifetime: Lifetime::For(Duration::from_secs(30 * 24 * 60 * 60)),
        active: true,
        pre_approved: true,
    };
    draft.check(&port, &VlanMap::new(&port, [], true, MADE), MADE).expect("a legal order")
}

#[test]
fn a_port_is_read_with_all_that_hangs_on_it() {
    let list = products("products");
    assert!(list.unread.is_empty());
    let port = &list.entries[0];
    assert_eq!(port.id.as_str(), PORT);
    assert_eq!(port.name.as_str(), "Los Angeles 2");
    assert_eq!((port.kind, port.link, &port.zone), (Kind::Port, Link::Up, &Zone::Red));
    assert_eq!(port.status, Status::Live);
    assert_eq!(port.site.id, Some(LocationId(60)));
    assert_eq!(
        (port.site.name.as_str(), port.site.metro.as_str()),
        ("CoreSite LA1", "Los Angeles")
    );
    assert_eq!(port.site.country.as_ref().map(Country::name), Some("USA"));
    assert_eq!((port.speed, port.stated_max_vxc), (Some(Mbps::new(10_000)), None));
    assert_eq!((port.permits_vxcs, port.auto_approval), (Some(true), Some(false)));
    assert_eq!((port.lag.as_ref(), port.unread), (None, 0));
    assert_eq!(port.created, Some(Timestamp::from_millis(1_751_360_400_000)));
    assert_eq!(port.terminates, None);
    let vxc = &port.vxcs[0];
    assert_eq!(vxc.id.as_str(), "c4a8f2d0-7e35-4b19-8f66-0d91b7a3e524");
    assert_eq!((vxc.vlan, vxc.rate), (VlanTag::Tagged(vlan(100)), Some(Mbps::new(500))));
    assert_eq!(vxc.far_end.as_str(), "C1 LAX edge");
    let customer = vxc.customer.as_ref().map(CompanyId::as_str);
    assert_eq!(customer, Some("e2709d35-1c48-4af2-b6d3-98f41a07c6de"));
    assert!(!vxc.awaits_approval);
}

#[test]
fn lag_members_are_read_apart_with_their_group() {
    let list = products("products");
    let [one, two] = &list.entries[1..3] else { panic!("two members") };
    let (lag, other) = (one.lag.as_ref().expect("a LAG"), two.lag.as_ref().expect("a LAG"));
    assert_eq!((lag.group, lag.primary), (Group::Aggregation(771), true));
    assert_eq!((other.group, other.primary), (Group::Aggregation(771), false));
    assert_eq!(lag.ids().collect::<Vec<_>>(), [&one.id]);
    assert_eq!(one.stated_max_vxc, Some(Mbps::new(5000)));
    assert_eq!(
        (one.ixs[0].vlan, one.ixs[0].rate),
        (VlanTag::Tagged(vlan(300)), Some(Mbps::new(1000)))
    );
    assert!(two.ixs.is_empty());
}

#[test]
fn routers_and_virtual_edges_are_read() {
    let list = products("products");
    let (mcr, mve) = (&list.entries[3], &list.entries[4]);
    assert_eq!((mcr.kind, &mcr.status), (Kind::Mcr, &Status::Configured));
    assert_eq!(
        (mcr.speed, mcr.link, mcr.permits_vxcs),
        (Some(Mbps::new(5000)), Link::Up, Some(true))
    );
    assert_eq!(mcr.site.country.as_ref().map(Country::name), Some("UK"));
    assert_eq!((mcr.lag.as_ref(), &mcr.zone), (None, &Zone::Blue));
    assert_eq!((mve.kind, mve.speed), (Kind::Mve, None));
    assert_eq!(mve.stated_max_vxc, Some(Mbps::new(10_000)));
    assert_eq!((mve.link, &mve.zone), (Link::Unknown, &Zone::Unstated), "it contradicts itself");
}

#[test]
fn every_quirk_of_a_product_is_survived() {
    let list = products("products-quirks");
    assert_eq!(why(&list), [(4, "no productUid"), (5, "no productType")]);
    let [port, mcr, sparse] = list.entries.as_slice() else { panic!("three on-ramps") };
    assert_eq!((port.kind, port.speed), (Kind::Port, Some(Mbps::new(10_000))));
    assert_eq!((port.permits_vxcs, port.link, port.unread), (Some(true), Link::Up, 1));
    assert_eq!((port.lag.as_ref(), &port.zone), (None, &Zone::Unstated));
    let seen: Vec<_> = port
        .vxcs
        .iter()
        .map(|v| (v.vlan, v.rate.map_or(0, Mbps::get), v.far_end.as_str()))
        .collect();
    let tagged = |raw| VlanTag::Tagged(vlan(raw));
    assert_eq!(
        seen,
        [
            (tagged(100), 500, "C1 LAX edge"),
            (tagged(700), 500, "London router"),
            (VlanTag::Unstated, 1000, "C2 backup"),
            (VlanTag::Untagged, 1000, ""),
            (tagged(104), 200, "C4 port"),
        ]
    );
    assert_eq!(port.vxcs[2].status, Status::Decommissioned);
    assert!(port.vxcs[4].awaits_approval && !port.vxcs[3].awaits_approval);
    assert_eq!((mcr.permits_vxcs, mcr.link, mcr.created), (None, Link::Unknown, None));
    assert_eq!(mcr.zone, Zone::Other("GREEN".into()));
    assert_eq!(mcr.site.country.as_ref().map(Country::name), Some("UK"));
    assert_eq!(
        (mcr.vxcs[0].vlan, mcr.vxcs[0].far_end.as_str()),
        (VlanTag::Unstated, "Los Angeles 2")
    );
    assert_eq!(mcr.vxcs[0].id, port.vxcs[1].id, "one VXC under both of its ends");
    assert_eq!((sparse.kind, sparse.permits_vxcs), (Kind::Mve, None));
    assert_eq!(sparse.status.word(), "UNKNOWN");
}

#[test]
fn one_product_is_read_and_what_is_no_on_ramp_is_none() {
    let one =
        wire::products::read_product(&document("product")).expect("readable").expect("a Port");
    assert_eq!(one, products("products").entries[0]);
    for name in ["product-null", "product-vxc"] {
        assert_eq!(wire::products::read_product(&document(name)), Ok(None), "{name}");
    }
}

#[test]
fn keys_are_read_with_their_nulls() {
    let list = keys("keys");
    assert!(list.unread.is_empty());
    let [single, multi] = list.entries.as_slice() else { panic!("two keys") };
    assert_eq!(single.id, key_id(KEY));
    assert_eq!(single.on_ramp.as_str(), PORT);
    assert_eq!(single.label.as_str(), "Customer 1, US-West, red");
    assert_eq!(single.usage, KeyUse::Single(VlanTag::Tagged(vlan(100))));
    assert_eq!((single.rate, single.active), (Some(Mbps::new(500)), true));
    assert_eq!(single.validity, Some(Validity { start: Some(MADE), end: Some(OVER) }));
    assert_eq!((single.expired, single.valid), (false, Some(true)));
    assert_eq!((single.pre_approved, single.last_used), (Some(true), None));
    assert_eq!((multi.usage, multi.label.as_str()), (KeyUse::Multi, ""));
    assert_eq!((multi.validity, multi.pre_approved), (None, None));
    assert!(keys("keys-empty").entries.is_empty());
}

#[test]
fn every_quirk_of_a_key_is_survived() {
    let list = keys("keys-quirks");
    let [open, odd] = list.entries.as_slice() else { panic!("two keys") };
    assert_eq!(
        why(&list),
        [(2, "no key"), (3, "no readable on-ramp"), (4, "no key"), (5, "no key")]
    );
    assert_eq!(open.usage, KeyUse::Single(VlanTag::Untagged));
    assert_eq!(open.validity.and_then(|v| v.end), None);
    assert!(open.validity.is_some() && open.expired && !open.active);
    assert_eq!(
        (open.valid, open.promo_code.as_ref().map(SafeText::as_str)),
        (Some(false), Some("SPRING"))
    );
    assert!(open.last_used.is_some());
    assert_eq!(odd.usage, KeyUse::Single(VlanTag::Tagged(vlan(2000))));
    assert_eq!((odd.rate, odd.active, odd.valid), (Some(Mbps::new(500)), true, Some(true)));
    assert_eq!((odd.pre_approved, odd.validity, odd.expired), (Some(true), None, false));
}

#[test]
fn a_look_up_is_read_in_each_of_its_shapes() {
    let listed = keys("keys").entries.swap_remove(0);
    for name in ["key", "key-array"] {
        let found = wire::keys::read_key(&document(name), &key_id(KEY));
        assert_eq!(found, Ok(Some(listed.clone())), "{name}");
        let short = wire::keys::read_key(&document(name), &key_id(&KEY[..8]));
        assert_eq!(short, Ok(Some(listed.clone())), "{name}");
    }
    for name in ["key-null", "key-absent", "keys-empty"] {
        assert_eq!(wire::keys::read_key(&document(name), &key_id(KEY)), Ok(None), "{name}");
    }
    let other = key_id("206e38ae-eb59-415f-ac81-526a5299851d");
    assert_eq!(wire::keys::read_key(&document("key"), &other), Ok(None));
}

#[test]
fn the_bodies_we_send_are_the_documents() {
    let sent = wire::key_body::create_body(&order());
    assert_eq!(as_json(&sent), as_json(&document("key-create-request")));

    let port = products("products").entries.swap_remove(0);
    let draft = Draft {
        label: " Reseller ".to_owned(),
        usage: Choice::Multi,
        vlan: VlanId::new(7).ok(),
        rate: Ok(Mbps::new(1000)),
        lifetime: Lifetime::OpenEnded,
        active: false,
        pre_approved: false,
    };
    let multi =
        draft.check(&port, &VlanMap::new(&port, [], true, MADE), MADE).expect("a legal order");
    let sent = wire::key_body::create_body(&multi);
    assert_eq!(as_json(&sent), as_json(&document("key-create-multi-request")));

    let found = wire::keys::read_editable(&document("key"), &key_id(KEY));
    let mut change = found.expect("readable").expect("the key");
    change.key.active = false;
    assert_eq!(as_json(&change.body()), as_json(&document("key-update-request")));
}

#[test]
fn replies_to_writes_are_read() {
    let made = wire::keys::read_created(&document("key-create-reply"), &order()).expect("a key");
    assert_eq!(made, keys("keys").entries[0]);
    let changed = wire::keys::read_key(&document("key-update-reply"), &key_id(KEY));
    let changed = changed.expect("readable").expect("the key");
    assert_eq!((changed.active, changed.valid), (false, Some(false)));
}

#[test]
fn verdicts_and_vlans_are_read() {
    assert_eq!(wire::keys::read_verdict(&document("key-validate")), Ok(true));
    assert_eq!(wire::keys::read_verdict(&document("key-validate-false")), Ok(false));
    let read = |name| wire::vlan::read_free_vlans(&document(name)).expect(name);
    assert_eq!(read("vlan-free"), [vlan(100)]);
    assert_eq!(read("vlan-taken"), [101, 102, 103, 104].map(vlan));
    assert_eq!(read("vlan-untagged"), []);
}

#[test]
fn tokens_and_their_errors_are_read() {
    let token = wire::token::read_token(&document("token")).expect("a token");
    assert_eq!(token.lifetime, Some(Duration::from_secs(86_400)));
    for name in ["token-error", "token-error-on-200"] {
        let refused = wire::token::read_token(&document(name)).expect_err(name);
        assert!(matches!(refused, wire::token::NoToken::Refused(_)), "{name}");
    }
}

#[test]
fn every_shape_of_error_gives_its_words() {
    let words = |name: &str| {
        let error = wire::error_body::read_error_body(&document(name));
        assert!(error.is_the_apis, "{name}");
        error.words.to_string()
    };
    assert_eq!(words("error-text"), "Validation failed: Valid B-End is required");
    assert_eq!(
        words("error-texts"),
        "Validation failed: Rate limit is too high; VLAN 100 not available on MEGAPORT service 5088"
    );
    assert_eq!(
        words("error-objects"),
        "Validation failed: field: maxSpeed; must be at least 1; field: vlan; must be 2 to 4093"
    );
    assert_eq!(words("error-object"), "Validation failed: API: Error provisioning VXC service");
    assert_eq!(words("error-true"), "Bad Request");
    assert_eq!(words("error-null"), "Forbidden");
    assert_eq!(words("error-empty"), "Bad Request");
    assert_eq!(words("error-absent"), "Too many requests");
    assert_eq!(words("error-method"), "Method Not Allowed");
    let traced = wire::error_body::read_error_body(&document("error-trace"));
    assert_eq!(traced.trace, Some("4b1d0f6e2c".into()));
    assert!(wire::error_body::read_error_body(&document("error-not-found-400")).says_not_found);
    assert!(!wire::error_body::read_error_body(&document("error-text")).says_not_found);
}

#[test]
fn the_sources_name_every_document() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let sources = fs::read_to_string(folder.join("SOURCES.md")).expect("SOURCES.md");
    let named: BTreeSet<&str> = sources.split('`').collect();
    for file in fs::read_dir(folder).expect("the documents") {
        let path = file.expect("a file").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        assert!(name == "SOURCES" || named.contains(name), "SOURCES.md does not name {name}");
    }
}

#[test]
fn the_on_ramp_of_an_identifier_is_kept_as_it_came() {
    let sparse = products("products-quirks").entries.swap_remove(2);
    assert_eq!(OnRampId::new("this-is-not-hex-at-all-zzzzzzzzzzzz"), Ok(sparse.id));
}

#[test]
fn an_approval_is_answered_with_nothing_else_in_it() {
    let sent = wire::approval::approval_body(true);
    assert_eq!(as_json(&sent), as_json(&document("vxc-approve-request")));
}

fn samples(series: &Series) -> Vec<(i64, i64)> {
    series.samples().iter().map(|(at, value)| (at.as_millis(), *value)).collect()
}

#[test]
fn traffic_is_read_in_bits_per_second() {
    let traffic = wire::telemetry::read_traffic(&document("telemetry")).unwrap();
    assert_eq!(
        samples(&traffic.inward),
        [(1_752_105_600_000, 212_400_000), (1_752_105_900_000, 230_100_000)]
    );
    assert_eq!(traffic.outward.latest().map(|(_, bits)| bits), Some(91_700_000));
    assert_eq!((traffic.configured(), traffic.unread), (Some(Mbps::new(10_000)), 0));
    assert_eq!(traffic.utilisation(None).unwrap().latest.percent(), 3);
}

#[test]
fn odd_telemetry_costs_only_itself_and_a_gap_is_no_zero() {
    let traffic = wire::telemetry::read_traffic(&document("telemetry-quirks")).unwrap();
    assert_eq!(
        samples(&traffic.inward),
        [(1_752_105_600_000, 7_500_000), (1_752_106_200_000, 5_000_000)]
    );
    assert!(traffic.outward.is_empty(), "furlongs are no traffic");
    assert_eq!(traffic.unread, 5, "three samples, a unit, an entry");
    assert_eq!(traffic.utilisation(Some(Mbps::new(1000))), None);
}

#[test]
fn light_and_errors_are_read_with_their_fractions() {
    let line = wire::telemetry::read_line(&document("telemetry-line")).unwrap();
    let newest = |series: &Series| series.latest().map(|(_, value)| value);
    assert_eq!((newest(&line.sent), newest(&line.received)), (Some(-231), Some(-540)));
    assert_eq!((line.errors(), line.unread), (Some((250, true)), 0));
}

#[test]
fn events_are_read_with_their_services() {
    let work = wire::events::read_maintenance(&document("maintenance")).unwrap();
    let work = &work.entries[0];
    assert_eq!((work.number.as_str(), work.kind), ("CSS-4821", EventKind::PlannedWork));
    assert_eq!(work.state, State::Scheduled);
    assert_eq!(work.from, Some(Timestamp::from_millis(1_754_118_000_000)));
    assert_eq!(work.until, Some(Timestamp::from_millis(1_754_132_400_000)));
    let names: Vec<_> = work.services.iter().map(ShortId::as_str).collect();
    assert_eq!((names, work.unread), (vec!["8611b645", "c4a8f2d0"], 0));
    let outages = wire::events::read_outages(&document("outage")).unwrap();
    let outage = &outages.entries[0];
    assert!(outage.is_ongoing_outage() && outage.until.is_none());
    assert_eq!(outage.notice.as_str(), "Splicing crew on site", "the last word");
}

#[test]
fn odd_events_cost_only_themselves() {
    let list = wire::events::read_maintenance(&document("maintenance-quirks")).unwrap();
    let seen: Vec<_> = list.entries.iter().map(|e| (e.kind, &e.state, e.unread)).collect();
    assert_eq!(
        seen,
        [
            (EventKind::EmergencyWork, &State::Now, 0),
            (EventKind::PlannedWork, &State::Over, 3),
            (EventKind::PlannedWork, &State::Other("Postponed".into()), 0),
        ]
    );
    assert_eq!(list.entries[1].from, None);
    assert_eq!(list.unread.len(), 2);
}

#[test]
fn event_affects_services_by_their_id_prefix() {
    let on_ramps = products("products").entries;
    let events: Vec<Event> = ["maintenance", "maintenance-quirks"]
        .iter()
        .flat_map(|name| wire::events::read_maintenance(&document(name)).unwrap().entries)
        .collect();
    let affected = Affected::match_events(&events, &on_ramps);
    let first = Touch { event: 0, itself: true, circuits: 1 };
    let other = Touch { event: 2, itself: true, circuits: 0 };
    assert_eq!(affected.touches_of(&on_ramps[0].id), [first, other]);
    assert_eq!((affected.count(0), affected.count(1)), (1, 0));
    assert!(affected.touches_of(&on_ramps[3].id).is_empty());
}

#[test]
fn a_location_is_read_with_what_is_on_sale_there() {
    let list = wire::locations::read_locations(&document("locations")).unwrap();
    let site = &list.entries[0];
    assert_eq!((site.id, site.operator.as_str()), (LocationId(60), "CoreSite"));
    assert_eq!(site.address.as_str(), "1 Example Street, Los Angeles CA 90017, USA");
    assert_eq!(site.status, LocationStatus::Active);
    let zones: Vec<_> = site.zones.iter().map(|z| (&z.zone, z.ports.len(), z.mves)).collect();
    assert_eq!(zones, [(&Zone::Blue, 2, Some(true)), (&Zone::Red, 3, Some(false))]);
    assert_eq!(site.zones[1].ports.last(), Some(&Mbps::new(100_000)));
}

#[test]
fn sparse_location_is_still_read() {
    let list = wire::locations::read_locations(&document("locations-quirks")).unwrap();
    let [bare, half] = &list.entries[..] else { panic!("two of them") };
    assert!(bare.zones.is_empty() && bare.address.is_empty() && bare.operator.is_empty());
    assert_eq!(bare.status, LocationStatus::Other("Restricted".into()));
    assert_eq!(bare.message.as_str(), "Ask first");
    assert_eq!((half.id, &half.status), (LocationId(62), &LocationStatus::Active));
    assert_eq!(half.address.as_str(), "2 Example Street, London, United Kingdom");
    assert_eq!(half.zones.len(), 1);
    assert_eq!(half.zones[0].ports, [Mbps::new(1000), Mbps::new(10_000)]);
    assert_eq!((half.zones[0].mves, list.unread.len()), (None, 2));
}

#[test]
fn round_trips_are_read_and_what_was_not_measured_is_not_zero() {
    let read = |from| {
        wire::round_trips::read_round_trips(&document("round-trips"), LocationId(from)).unwrap()
    };
    let trips = RoundTrips::new(read(60).entries);
    assert_eq!(trips.round_trip_to(LocationId(62)).unwrap().to_string(), "68.2 ms");
    assert_eq!(trips.round_trip_to(LocationId(90)).unwrap().micros, 140_000);
    assert_eq!(
        (trips.round_trip_to(LocationId(3)), trips.round_trip_to(LocationId(4))),
        (None, None)
    );
    assert_eq!(read(60).unread.len(), 2);
    assert!(read(61).entries.is_empty(), "they are from elsewhere");
}
