//! Reference section 4.

use std::time::Duration;

use onramp::simulator::{Options, World, start};
use serde_json::{Value, json};

use crate::api_user::{ApiUser, DAY, LA2, find, provider, wish};

const PATH: &str = "/v2/service/key";

#[tokio::test]
async fn a_new_key_has_every_field_and_the_whole_on_ramp() {
    let (simulator, provider) = provider().await;
    let (status, reply) = provider.post(PATH, wish(100)).await;
    assert_eq!(status, 200);
    let key = &reply["data"];
    let text = key["key"].as_str().unwrap();
    assert_eq!(reply["message"], format!("New service key [{text}] generated"));
    assert_eq!(text.len(), 36);
    for (member, value) in [
        ("vlan", json!(100)),
        ("maxSpeed", json!(500)),
        ("productId", json!(90417)),
        ("companyId", json!(48213)),
        ("companyName", json!("QuantumGPU")),
        ("lastUsed", Value::Null),
        ("validFor", Value::Null),
        ("expired", json!(false)),
        ("valid", json!(true)),
        ("promoCode", Value::Null),
    ] {
        assert_eq!(key[member], value, "{member}");
    }
    assert_eq!(key["productDto"]["productUid"], LA2);
    assert!(key["createDate"].as_i64().unwrap().abs_diff(simulator.now()) < 60_000);
    let at_the_server = simulator.keys();
    assert!(at_the_server.iter().any(|other| other["key"] == key["key"]));
}

#[tokio::test]
async fn lists_hold_own_keys_and_a_lookup_needs_only_the_key() {
    let (simulator, provider) = provider().await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();
    let (_, all) = provider.get(PATH).await;
    assert_eq!(all["message"], "Found [16] service keys for company [48213]");
    assert!(find(&all["data"], "key", &key).get("productDto").is_none());
    let (_, here) = provider.get(&format!("{PATH}?productIdOrUid={LA2}")).await;
    let (_, by_id) = provider.get(&format!("{PATH}?productIdOrUid=90417")).await;
    assert_eq!(here["data"], by_id["data"]);
    assert_eq!(here["data"].as_array().unwrap().len(), 4);
    assert_eq!(provider.get(&format!("{PATH}?companyIdOrUid=48213")).await.1["data"], all["data"]);

    let customer = ApiUser::of_customer(&simulator, 0).await;
    assert_eq!(customer.get(PATH).await.1["data"], json!([]));
    assert_eq!(customer.get(&format!("{PATH}?companyIdOrUid=48213")).await.0, 403);
    for query in [format!("?key={key}"), format!("?key={}", &key[..8]), format!("%3Fkey={key}")] {
        let (status, found) = customer.get(&format!("{PATH}{query}")).await;
        assert_eq!(status, 200, "{query}");
        assert_eq!(found["data"]["productDto"]["productUid"], LA2);
    }
    assert_eq!(provider.get(&format!("{PATH}?key=00000000")).await.0, 404);
}

#[tokio::test]
async fn a_rate_left_out_is_the_port_speed_and_may_be_text() {
    let (_simulator, provider) = provider().await;
    let (_, reply) = provider.post(PATH, json!({"productId": 90417, "singleUse": false})).await;
    assert_eq!(reply["data"]["maxSpeed"], 10_000);
    assert_eq!(reply["data"]["active"], true);
    assert!(reply["data"]["vlan"].is_null() && reply["data"]["preApproved"].is_null());
    let body = json!({"productUid": LA2, "singleUse": true, "vlan": 300, "maxSpeed": "250"});
    assert_eq!(provider.post(PATH, body).await.1["data"]["maxSpeed"], 250);
}

#[tokio::test]
async fn a_put_resets_what_it_leaves_out() {
    let (_simulator, provider) = provider().await;
    let key = provider.new_key(100).await["key"].clone();
    let (status, reply) = provider.put_json(PATH, json!({"key": key, "productUid": LA2})).await;
    assert_eq!(status, 200);
    let data = &reply["data"];
    for member in ["description", "vlan", "preApproved", "validFor"] {
        assert!(data[member].is_null(), "{member}");
    }
    assert_eq!(data["maxSpeed"], 10_000);
    assert_eq!((&data["active"], &data["singleUse"]), (&json!(false), &json!(false)));
    assert_eq!(data["valid"], false);
    assert_eq!(data["productDto"]["productUid"], LA2);

    let mut whole = wish(101);
    whole["key"] = key;
    let (_, reply) = provider.put_json(PATH, whole.clone()).await;
    assert_eq!(reply["data"]["vlan"], 101);
    assert_eq!(reply["data"]["description"], "Customer 1");
    whole["singleUse"] = false.into();
    assert!(
        provider.put_json(PATH, whole).await.1["data"]["vlan"].is_null(),
        "multi-use has no VLAN"
    );
}

#[tokio::test]
async fn a_put_of_an_unknown_key_is_a_404_and_of_a_foreign_one_a_403() {
    let (simulator, provider) = provider().await;
    let body = json!({"key": "106e38ae-eb59-415f-ac81-526a5299851d", "productUid": LA2});
    assert_eq!(provider.put_json(PATH, body).await.0, 404);
    let key = provider.new_key(100).await["key"].clone();
    let customer = ApiUser::of_customer(&simulator, 0).await;
    assert_eq!(customer.put_json(PATH, json!({"key": key, "productUid": LA2})).await.0, 403);
    assert_eq!(customer.post(PATH, wish(100)).await.0, 403);
}

#[tokio::test]
async fn what_breaks_a_rule_is_a_400_with_text() {
    let (_simulator, provider) = provider().await;
    let (_, products) = provider.get("/v2/products").await;
    let sydney = find(&products["data"], "productName", "Sydney")["productUid"].clone();
    let mut broken = vec![];
    for (member, value) in [
        ("productUid", Value::Null),
        ("productId", json!(90417)),
        ("productUid", json!("no-such-uid")),
        ("productUid", sydney),
        ("singleUse", Value::Null),
        ("singleUse", json!("true")),
        ("singleUse", json!(false)),
        ("vlan", json!(1)),
        ("vlan", json!(4094)),
        ("vlan", json!(0)),
        ("vlan", json!(110)),
        ("vlan", json!(200)),
        ("maxSpeed", json!(-1)),
        ("maxSpeed", json!(10_001)),
        ("maxSpeed", json!("fast")),
        ("validFor", json!({"start": 2000, "end": 2000})),
        ("validFor", json!({"start": "2025-08-02T07:00:00Z"})),
        ("description", json!(7)),
    ] {
        let mut body = wish(100);
        body[member] = value;
        broken.push(body);
    }
    for body in broken {
        let (status, reply) = provider.post(PATH, body.clone()).await;
        assert_eq!(status, 400, "{body}");
        assert!(reply["data"].is_string() && reply["terms"].is_string(), "{reply}");
    }
    let no_json = provider.request("POST", PATH).body("{}").send().await.unwrap();
    assert_eq!(no_json.status(), 400);
}

#[tokio::test]
async fn a_key_expires_and_is_not_valid_before_its_time() {
    let (simulator, provider) = provider().await;
    let now = simulator.now();
    let mut body = wish(100);
    body["validFor"] = json!({"start": now + 3_600_000, "end": now + 2 * 86_400_000});
    let (_, reply) = provider.post(PATH, body).await;
    let key = reply["data"]["key"].as_str().unwrap().to_owned();
    assert_eq!(reply["data"]["valid"], false);
    let validate = format!("{PATH}/validate?key={key}");
    assert_eq!(provider.get(&validate).await.1["data"], false);
    simulator.advance(Duration::from_secs(3600));
    assert_eq!(provider.get(&validate).await.1["data"], true);
    simulator.advance(DAY * 2);
    let provider = ApiUser::of_provider(&simulator).await;
    assert_eq!(provider.get(&validate).await.1["data"], false);
    let (_, found) = provider.get(&format!("{PATH}?key={key}")).await;
    assert_eq!(found["data"]["expired"], true);
    assert_eq!(found["data"]["active"], true);
}

#[tokio::test]
async fn the_switches_for_lists_and_labels_do_what_they_say() {
    let (simulator, provider) = provider().await;
    simulator.set_switches(|switches| {
        switches.list_lag_ms = 15_000;
        switches.keep_description = false;
    });
    let made = provider.new_key(100).await;
    assert!(made["description"].is_null());
    let text = made["key"].as_str().unwrap();
    let listed = async || find(&provider.get(PATH).await.1["data"], "key", text).is_object();
    assert!(!listed().await, "the list lags");
    assert_eq!(simulator.keys().len(), 16, "but the key exists");
    simulator.advance(Duration::from_secs(15));
    assert!(listed().await);
}

#[tokio::test]
async fn reads_lag_behind_a_change_where_the_switch_says_so() {
    let (simulator, provider) = provider().await;
    simulator.set_switches(|switches| switches.change_lag_ms = 15_000);
    let mut key = wish(100);
    key["key"] = provider.new_key(100).await["key"].clone();
    key["active"] = false.into();
    let (_, changed) = provider.put_json(PATH, key.clone()).await;
    assert_eq!(changed["data"]["active"], false, "the reply does not lag");
    let text = key["key"].as_str().unwrap();
    let reads = async || {
        let one = provider.get(&format!("{PATH}?key={text}")).await.1["data"]["active"].clone();
        let list = find(&provider.get(PATH).await.1["data"], "key", text)["active"].clone();
        (one, list)
    };
    assert_eq!(reads().await, (true.into(), true.into()));
    simulator.advance(Duration::from_secs(15));
    assert_eq!(reads().await, (false.into(), false.into()));
}

#[tokio::test]
async fn key_can_be_disabled_after_its_vlan_went_to_another() {
    let (simulator, provider) = provider().await;
    let mut key = wish(100);
    key["key"] = provider.new_key(100).await["key"].clone();
    simulator.set_switches(|switches| switches.enforce_vlan = false);
    provider.new_key(100).await;
    simulator.set_switches(|switches| switches.enforce_vlan = true);
    key["active"] = false.into();
    assert_eq!(provider.put_json(PATH, key.clone()).await.0, 200);
    key["active"] = true.into();
    assert_eq!(provider.put_json(PATH, key).await.0, 400, "but not on again");
}

#[tokio::test]
async fn another_agent_makes_keys_by_the_same_rules() {
    let (simulator, provider) = provider().await;
    let key = simulator.other_agent(LA2, 100, "theirs").unwrap();
    assert_eq!(provider.get(&format!("{PATH}?key={key}")).await.1["data"]["description"], "theirs");
    let refused = simulator.other_agent(LA2, 100, "again").unwrap_err();
    assert_eq!(refused, "VLAN 100 not available on MEGAPORT service 90417");
}

#[tokio::test]
async fn a_locked_port_takes_keys_or_refuses_them_by_its_switch() {
    let mut world = World::demo();
    let port = world.services.iter_mut().find(|service| service.uid == LA2).unwrap();
    port.also.insert("locked".to_owned(), json!(true));
    let simulator = start(Options::quiet(world)).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    assert_eq!(provider.post(PATH, wish(100)).await.0, 200);
    simulator.set_switches(|switches| switches.locked_ports_take_vxcs = false);
    assert_eq!(provider.post(PATH, wish(101)).await.0, 400);
}

#[tokio::test]
async fn a_speed_of_zero_is_one_that_was_left_out() {
    let (_simulator, provider) = provider().await;
    let mut body = wish(100);
    body["maxSpeed"] = json!(0);
    let (status, reply) = provider.post(PATH, body).await;
    assert_eq!((status, &reply["data"]["maxSpeed"]), (200, &json!(10_000)), "{reply}");
}

#[tokio::test]
async fn a_key_moves_and_a_multi_use_key_has_a_vlan_by_switches() {
    let (simulator, provider) = provider().await;
    let (_, products) = provider.get("/v2/products").await;
    let la1 = find(&products["data"], "productName", "Los Angeles 1")["productUid"].clone();
    let key = provider.new_key(100).await["key"].clone();
    let mut moved = wish(150);
    (moved["key"], moved["productUid"]) = (key.clone(), la1.clone());
    let mut multi = wish(160);
    multi["singleUse"] = json!(false);
    assert_eq!(provider.put_json(PATH, moved.clone()).await.0, 400);
    assert_eq!(provider.post(PATH, multi.clone()).await.0, 400);
    simulator.set_switches(|switches| {
        (switches.keys_can_move, switches.multi_use_keys_take_vlans) = (true, true);
    });
    let (status, reply) = provider.put_json(PATH, moved).await;
    assert_eq!((status, &reply["data"]["productUid"]), (200, &la1), "{reply}");
    let (_, listed) =
        provider.get(&format!("{PATH}?productIdOrUid={}", la1.as_str().unwrap())).await;
    assert_eq!(find(&listed["data"], "key", key.as_str().unwrap())["vlan"], 150, "{listed}");
    let (status, reply) = provider.post(PATH, multi).await;
    assert_eq!((status, &reply["data"]["vlan"]), (200, &json!(160)), "{reply}");
}
