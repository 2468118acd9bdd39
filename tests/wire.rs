//! The wire and undocumented input: damaged, hostile or merely odd. It must not panic,
//! invent or quote anything.

use onramp::{
    domain::{
        id::KeyId,
        on_ramp::{Group, OnRamp},
        readiness::Closed,
        service_key::{KeyUse, ServiceKey},
        time::Timestamp,
        units::Mbps,
        vlan::{VlanId, VlanTag},
    },
    wire::{self, List, WireError},
};
use proptest::prelude::*;

fn list(entries: &str) -> Vec<u8> {
    format!(r#"{{"message":"m","terms":"t","data":[{entries}]}}"#).into_bytes()
}

fn products(entries: &str) -> List<OnRamp> {
    wire::products::read_products(&list(entries)).expect("a list")
}

fn port(more: &str) -> String {
    format!(r#"{{"productUid":"p","productType":"MEGAPORT","companyUid":"us"{more}}}"#)
}

fn only(list: List<OnRamp>) -> OnRamp {
    <[OnRamp; 1]>::try_from(list.entries).expect("one on-ramp").into_iter().next().expect("it")
}

fn keys(entries: &str) -> List<ServiceKey> {
    wire::keys::read_keys(&list(entries)).expect("a list")
}

fn key(more: &str) -> String {
    format!(r#"{{"key":"k1","productUid":"p"{more}}}"#)
}

#[test]
fn one_entry_that_can_not_be_read_costs_itself() {
    for bad in [
        r#"{"productUid":"x","productType":"MVE","productName":"\ud800"}"#,
        r#"{"productUid":"x","productType":"MVE","portSpeed":1e999}"#,
        r#"{"productUid":"x","productType":"MVE","portSpeed":"fast"}"#,
        r#"{"productUid":"x y","productType":"MVE"}"#,
        r#"{"productUid":"x"}"#,
        "17",
        "null",
        "[[]]",
    ] {
        let other = port("").replace(r#""p""#, r#""q""#);
        let read = products(&[port(""), bad.to_owned(), other].join(","));
        let places: Vec<_> = read.unread.iter().map(|(position, _)| *position).collect();
        assert_eq!((read.entries.len(), places), (2, vec![1]), "{bad}");
    }
}

#[test]
fn why_an_entry_could_not_be_read_never_quotes_it() {
    let bad = r#"{"productUid":"canary canary","productType":"MVE"},{"canary":"\ud800"}"#;
    let text = format!("{:?}", products(bad).unread);
    assert!(!text.contains("canary"), "{text}");
    for body in [r#"{"data":[{"canary":canary}]}"#, r#"{"canary":"#, r#""canary""#] {
        let text = wire::products::read_products(body.as_bytes()).expect_err("no list").to_string();
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn a_member_that_stands_twice_does_not_fail_a_record() {
    let twice = port(r#","portSpeed":1000,"portSpeed":10000,"productName":"a","productName":"b""#);
    let one = only(products(&twice));
    assert_eq!((one.name.as_str(), one.speed.map(Mbps::get)), ("b", Some(10_000)));
    let both = port(r#","vxcpermitted":true,"vxcPermitted":false"#);
    assert_eq!(only(products(&both)).permits_vxcs, Some(false));
}

#[test]
fn byte_order_marks_bad_bytes_and_deep_nesting_are_survived() {
    let body = [b"\xef\xbb\xbf".as_slice(), &list(&port(""))].concat();
    assert_eq!(wire::products::read_products(&body).map(|list| list.entries.len()), Ok(1));
    let mut body = list(&port(r#","productName":"a?b""#));
    let place = body.iter().position(|&b| b == b'?').expect("the mark");
    body[place] = 0xff;
    assert_eq!(
        only(wire::products::read_products(&body).expect("a list")).name.as_str(),
        "a\u{fffd}b"
    );
    let deep = format!(r#","attributeTags":{}{}"#, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(products(&port(&deep)).entries.len(), 1);
}

#[test]
fn vendor_text_is_fit_for_a_screen() {
    let evil = port(r#","productName":"\u001b[2J\u202eevil\u200b","diversityZone":"\u0007""#);
    let one = only(products(&evil));
    assert_eq!(one.name.as_str(), "^[[2J<U+202E>evil<U+200B>");
    assert_eq!(one.zone.word(), "^G");
}

#[test]
fn a_circuit_that_can_not_be_read_is_counted_on_its_on_ramp() {
    let odd = [
        r#"{"productUid":"v1","bEnd":{"vlan":100}}"#,
        r#"{"productUid":"v2","bEnd":{"vlan":"12x"}}"#,
        r#"{"productUid":"v3","rateLimit":"fast"}"#,
        r#"{"productName":"\ud800"}"#,
        "7",
    ];
    let more = format!(r#","associatedVxcs":[{}],"associatedIxs":"none""#, odd.join(","));
    let one = only(products(&port(&more)));
    assert_eq!((one.vxcs.len(), one.ixs.len(), one.unread), (1, 0, 5));
}

#[test]
fn our_end_is_found_by_service_then_company_else_b_end() {
    let seen = |a: &str, b: &str| {
        let vxc = format!(
            r#"{{"productUid":"v","aEnd":{{{a}"vlan":10,"productName":"A"}},"bEnd":{{{b}"vlan":20,"productName":"B"}}}}"#
        );
        let one = only(products(&port(&format!(r#","associatedVxcs":[{vxc}]"#))));
        (one.vxcs[0].vlan.id().map(VlanId::get), one.vxcs[0].far_end.to_string())
    };
    let (on_a, on_b) = ((Some(10), "B".to_owned()), (Some(20), "A".to_owned()));
    assert_eq!(seen(r#""productUid":"p","#, r#""ownerUid":"us","#), on_a);
    assert_eq!(seen(r#""ownerUid":"us","#, r#""productUid":"p","#), on_b);
    assert_eq!(seen(r#""ownerUid":"us","#, r#""ownerUid":"them","#), on_a);
    assert_eq!(seen(r#""ownerUid":"us","#, r#""ownerUid":"us","#), on_b);
    assert_eq!(seen("", ""), on_b);
}

#[test]
fn vlans_out_of_range_are_unusual_and_legal_ones_are_kept() {
    let tag = |vlan: &str| match keys(&key(&format!(r#","singleUse":true,"vlan":{vlan}"#)))
        .entries
        .first()
        .map(|key| key.usage)
    {
        Some(KeyUse::Single(tag)) => Some(tag),
        _ => None,
    };
    assert_eq!(tag("-1"), Some(VlanTag::Untagged));
    assert_eq!((tag("0"), tag("null")), (Some(VlanTag::Unstated), Some(VlanTag::Unstated)));
    for odd in [1, 4094, 4095, 65535] {
        assert_eq!(tag(&odd.to_string()), Some(VlanTag::Unusual(odd)));
    }
    assert_eq!(tag("1099511627776"), Some(VlanTag::Unusual(i32::MAX)));
    assert_eq!(tag("\"12x\""), None, "unread, and counted");
    for legal in [2, 4093] {
        assert_eq!(tag(&legal.to_string()).and_then(VlanTag::id).map(VlanId::get), Some(legal));
    }
}

#[test]
fn a_key_that_does_not_say_how_often_is_judged_by_its_vlan() {
    let usage = |more: &str| keys(&key(more)).entries[0].usage;
    assert!(matches!(usage(r#","vlan":100"#), KeyUse::Single(_)));
    assert_eq!(usage(""), KeyUse::Multi);
    assert_eq!(usage(r#","singleUse":false,"vlan":100"#), KeyUse::Multi);
    let target = r#"{"key":"k1","productDto":{"productUid":"q"}}"#;
    assert_eq!(keys(target).entries[0].on_ramp.as_str(), "q");
}

#[test]
fn a_list_that_is_not_there_is_an_error_and_never_an_empty_one() {
    let not_there = [
        "",
        "{}",
        "[]",
        "null",
        r#"{"data":"x"}"#,
        r#"{"data":{}}"#,
        "<html>",
        r#"{"data":null}"#,
        r#"{"message":"none","terms":"t"}"#,
        r#"{"message":"Internal error","terms":"t","error":"DB"}"#,
    ];
    for body in not_there {
        let body = body.as_bytes();
        let shown = String::from_utf8_lossy(body);
        assert!(wire::keys::read_keys(body).is_err(), "{shown}");
        assert!(wire::products::read_products(body).is_err(), "{shown}");
        assert!(wire::locations::read_locations(body).is_err(), "{shown}");
        assert!(wire::events::read_outages(body).is_err(), "{shown}");
        assert!(wire::events::read_maintenance(body).is_err(), "{shown}");
        assert!(wire::telemetry::read_traffic(body).is_err(), "{shown}");
        assert!(wire::telemetry::read_line(body).is_err(), "{shown}");
        assert!(wire::vlan::read_free_vlans(body).is_err(), "{shown}");
    }
    let empty = wire::keys::read_keys(br#"{"data":[]}"#);
    assert_eq!(empty.map(|list| list.entries.len()), Ok(0));
    let trailing = [list(&key("")), b"}}trailing".to_vec()].concat();
    assert_eq!(wire::keys::read_keys(&trailing).map(|list| list.entries.len()), Ok(1));
}

#[test]
fn an_update_sends_texts_as_they_came_and_shows_none_of_them() {
    let long = "x".repeat(400);
    let body = format!(
        r#"{{"data":{{"key":"k1","productUid":"p","description":"a\u200b{long}","promoCode":"\u0007"}}}}"#
    );
    let wanted = KeyId::new("k1").expect("a key");
    let found = wire::keys::read_editable(body.as_bytes(), &wanted).expect("readable");
    let editable = found.expect("the key");
    let sent: serde_json::Value = serde_json::from_slice(&editable.body()).expect("JSON");
    assert_eq!(sent["description"], format!("a\u{200b}{long}"));
    assert_eq!(sent["promoCode"], "\u{7}");
    assert!(sent["vlan"].is_null() && sent["validFor"].is_null());
    assert!(!format!("{editable:?}").contains('\u{200b}'));
}

#[test]
fn vlan_answers_of_odd_types_are_read_or_refused() {
    let read = |data: &str| wire::vlan::read_free_vlans(format!(r#"{{"data":{data}}}"#).as_bytes());
    let ids = |data| read(data).map(|ids| ids.into_iter().map(VlanId::get).collect::<Vec<_>>());
    assert_eq!(ids(r#"["100", 101.0, 1, null, 4094]"#), Ok(vec![100, 101]));
    for odd in ["null", "true", "100", "{}"] {
        assert!(matches!(read(odd), Err(WireError::Shape(_))), "{odd}");
    }
}

/// JSON of every type, nested a little, with names the wire knows.
fn json() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "productUid",
        "productType",
        "associatedVxcs",
        "aEnd",
        "bEnd",
        "vlan",
        "rateLimit",
        "key",
        "validFor",
        "start",
        "resources",
        "interface",
        "up",
        "locationDetail",
        "portSpeed",
        "other",
        "data",
        "message",
        "access_token",
        "expires_in",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| format!("{n:e}")),
        Just("1e999".to_owned()),
        Just(r#""\ud800""#.to_owned()),
        Just(r#""MEGAPORT""#.to_owned()),
        "[a-z0-9 -]{0,8}".prop_map(|s| format!("{s:?}")),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let member = (names.clone(), inner.clone()).prop_map(|(n, v)| format!("{n:?}:{v}"));
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    })
}

/// Every reader there is, on one body.
fn read_everything(body: &[u8]) {
    let wanted = KeyId::new("k1").expect("a key");
    let _all = (
        wire::products::read_products(body),
        wire::products::read_product(body),
        wire::keys::read_keys(body),
        wire::keys::read_key(body, &wanted),
        wire::keys::read_editable(body, &wanted),
        wire::keys::read_verdict(body),
        wire::vlan::read_free_vlans(body),
        wire::token::read_token(body).is_ok(),
        wire::error_body::read_error_body(body),
        wire::error_body::read_page(body),
    );
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&body);
    }

    #[test]
    fn no_json_makes_a_reader_panic(value in json()) {
        read_everything(value.as_bytes());
        read_everything(format!(r#"{{"message":"m","data":{value}}}"#).as_bytes());
    }

    #[test]
    fn every_entry_of_a_list_is_read_skipped_or_counted(odd in json(), good in 0_usize..4) {
        let mut entries: Vec<_> =
            (0..good).map(|n| key("").replace(r#""k1""#, &format!(r#""key-{n}""#))).collect();
        entries.insert(good / 2, odd);
        let read = keys(&entries.join(","));
        prop_assert!(read.entries.len() >= good);
        prop_assert_eq!(read.entries.len() + read.unread.len(), good + 1);
    }

    #[test]
    fn a_list_that_was_cut_anywhere_is_an_error(cut in 0_usize..60) {
        let whole = list(&[key(""), key("")].join(","));
        let cut = cut.min(whole.len() - 1);
        prop_assert!(wire::keys::read_keys(&whole[..cut]).is_err());
    }

    #[test]
    fn a_moment_is_kept_to_the_millisecond(millis in 1_i64..4_102_444_800_000) {
        let read = keys(&key(&format!(r#","createDate":{millis}"#)));
        prop_assert_eq!(read.entries[0].created, Some(Timestamp::from_millis(millis)));
    }
}

#[test]
fn lag_is_known_by_aggregation_else_by_positive_lag_number() {
    let group = |more: &str| only(products(&port(more))).lag.map(|lag| lag.group);
    assert_eq!(group(r#","aggregationId":771,"lagId":5"#), Some(Group::Aggregation(771)));
    for lag_id in [r#","aggregationId":null,"lagId":5"#, r#","aggregationId":-1,"lagId":"5""#] {
        assert_eq!(group(lag_id), Some(Group::Lag(5)), "{lag_id}");
    }
    for none in ["", r#","aggregationId":-1,"lagId":0"#, r#","aggregationId":0,"lagId":-7"#] {
        assert_eq!(group(none), None, "{none}");
    }
}

#[test]
fn duplicate_entry_counts_once_and_contradictions_are_counted() {
    let one = |more: &str| port(more);
    let same = products(&format!("{},{}", one(""), one("")));
    assert_eq!((same.entries.len(), same.unread.len()), (1, 0), "the same entry twice");
    let circuit = |id: &str| format!(r#"{{"productUid":"{id}","bEnd":{{"vlan":100}}}}"#);
    let with = |ids: &[&str], more: &str| {
        let circuits: Vec<_> = ids.iter().map(|id| circuit(id)).collect();
        one(&format!(r#","associatedVxcs":[{}]{more}"#, circuits.join(",")))
    };
    let both = products(&format!("{},{}", with(&["v1"], ""), with(&["v2"], r#","locked":true"#)));
    assert_eq!(both.unread.len(), 1, "counted");
    assert!(both.unread[0].1.as_str().contains("the same productUid as entry 1"), "and said");
    let on_ramp = only(both);
    assert_eq!((on_ramp.vxcs.len(), on_ramp.locked), (2, true), "whatever may count does");
    let twice = only(products(&with(&["v1", "v1"], "")));
    assert_eq!((twice.vxcs.len(), twice.unread), (1, 0));
    let other = r#"{"productUid":"v1","bEnd":{"vlan":101}}"#;
    let differs = one(&format!(r#","associatedVxcs":[{},{other}]"#, circuit("v1")));
    let differs = only(products(&differs));
    assert_eq!((differs.vxcs.len(), differs.unread), (1, 1));
}

#[test]
fn a_key_that_is_listed_twice_is_one_key() {
    let key = |active: bool| {
        format!(
            r#"{{"key":"106e38ae-eb59-415f-ac81-526a5299851d","productUid":"p","active":{active}}}"#
        )
    };
    let read = |entries: String| wire::keys::read_keys(&list(&entries)).expect("a list");
    let same = read(format!("{},{}", key(true), key(true)));
    assert_eq!((same.entries.len(), same.unread.len()), (1, 0));
    let differs = read(format!("{},{}", key(true), key(false)));
    assert_eq!((differs.entries.len(), differs.unread.len()), (1, 1), "such a list is not whole");
    assert!(!differs.unread[0].1.as_str().contains("106e38ae"), "and quotes no key");
}

#[test]
fn services_of_other_types_are_counted_by_name() {
    let other = |kind: &str| format!(r#"{{"productUid":"x","productType":"{kind}"}}"#);
    let list = products(&[other("NAT"), other("NAT"), other("VXC"), port("")].join(","));
    let counted: Vec<_> = list.other.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    assert_eq!((list.entries.len(), counted), (1, vec![("NAT", 2), ("VXC", 1)]));
}

#[test]
fn unreadable_lock_or_permit_blocks_new_keys_with_reason() {
    for odd in [
        r#","locked":"yes""#,
        r#","adminLocked":2"#,
        r#","vxcpermitted":"maybe""#,
        r#","vxcPermitted":{"a":1}"#,
    ] {
        let one = only(products(&port(odd)));
        assert!(one.closed().contains(&Closed::FlagsUnread), "{odd}");
        assert!(!one.locked && !one.admin_locked, "and nothing is made up: {odd}");
    }
    for plain in ["", r#","locked":null"#, r#","locked":"","vxcpermitted":1"#] {
        assert!(!only(products(&port(plain))).flags_unread, "{plain}");
    }
}

#[test]
fn a_port_that_we_locked_is_warned_of_and_not_refused() {
    let live = r#","provisioningStatus":"LIVE","locked":true"#;
    let port = only(products(&port(live)));
    assert!(port.closed().is_empty() && port.warning().is_some());
    let mcr = port_of("MCR2", live);
    assert!(mcr.closed().contains(&Closed::Locked) && mcr.warning().is_none());
}

fn port_of(kind: &str, more: &str) -> OnRamp {
    only(products(&port(more).replace("MEGAPORT", kind)))
}

#[test]
fn impossible_rate_is_none_and_missing_rate_is_not_zero() {
    for odd in ["-1", "1000001", "4294967296", "99999999999"] {
        let read = products(&port(&format!(r#","portSpeed":{odd}"#)));
        assert_eq!((read.entries.len(), read.unread.len()), (0, 1), "{odd}");
        let circuit = format!(r#","associatedVxcs":[{{"productUid":"v","rateLimit":{odd}}}]"#);
        let one = only(products(&port(&circuit)));
        assert_eq!((one.vxcs.len(), one.unread), (0, 1), "{odd}");
    }
    let live = r#""provisioningStatus":"LIVE","#;
    let two = format!(
        r#","portSpeed":10000,"associatedVxcs":[{{"productUid":"v",{live}"rateLimit":null}},{{"productUid":"w",{live}"rateLimit":500}}]"#
    );
    let one = only(products(&port(&two)));
    assert_eq!((one.allocated(), one.rates_unsaid()), (Mbps::new(500), 1), "at least so much");
}

#[test]
fn a_last_use_that_is_no_number_is_a_use_at_an_unknown_time() {
    let one = |more: &str| keys(&key(more)).entries.remove(0);
    let odd = one(r#","lastUsed":"2026-11-26T10:00""#);
    assert_eq!((odd.last_used, odd.was_used()), (None, true));
    for none in ["", r#","lastUsed":null"#, r#","lastUsed":0"#] {
        assert!(!one(none).was_used(), "{none}");
    }
}

#[test]
fn event_times_are_read_in_any_form_and_failures_counted() {
    let event = |more: &str| {
        let one = format!(r#"{{"services":["2f6201d0"],"state":"Running"{more}}}"#);
        wire::events::read_outages(&list(&one)).expect("a list")
    };
    let from = |raw: &str| {
        let read = event(&format!(r#","outageId":"CSS-1","startTime":{raw}"#));
        (read.entries[0].from.map(Timestamp::as_millis), read.entries[0].unread)
    };
    for raw in [
        "1795687200",
        "1795687200000",
        r#""1795687200""#,
        r#""2026-11-26T10:00:00Z""#,
        r#""2026-11-26T12:00:00+02:00""#,
        r#""2026-11-26T10:00:00""#,
        r#""2026-11-26 10:00:00""#,
    ] {
        assert_eq!(from(raw), (Some(1_795_687_200_000), 0), "{raw}");
    }
    assert_eq!(from(r#""next Tuesday""#), (None, 1), "counted");
    assert_eq!(from("null"), (None, 0), "not reported");
    let nameless = event("");
    assert_eq!((nameless.entries.len(), nameless.unread.len()), (1, 0), "it names services");
    assert!(!wire::events::has_number(&nameless.entries[0]));
    let empty = wire::events::read_outages(&list("{}")).expect("a list");
    assert_eq!((empty.entries.len(), empty.unread.len()), (0, 1));
}

#[test]
fn json_of_unexpected_shape_differs_from_broken_json() {
    type Read = fn(&[u8]) -> Option<WireError>;
    let readers: [Read; 6] = [
        |body| wire::products::read_products(body).err(),
        |body| wire::keys::read_keys(body).err(),
        |body| wire::locations::read_locations(body).err(),
        |body| wire::events::read_outages(body).err(),
        |body| wire::telemetry::read_traffic(body).err(),
        |body| wire::keys::read_verdict(body).err(),
    ];
    for (n, read) in readers.iter().enumerate() {
        for body in ["[]", "\"x\"", "42", "null", "{\"foo\":1}"] {
            let error = read(body.as_bytes());
            assert!(matches!(error, Some(WireError::Shape(_))), "{n}: {body}: {error:?}");
        }
        for body in ["", "{", "{\"data\":", "{\"data\":[1,", "data"] {
            let error = read(body.as_bytes());
            assert!(matches!(error, Some(WireError::Syntax { .. })), "{n}: {body}: {error:?}");
        }
    }
}
