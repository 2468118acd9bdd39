//! Reference section 9: the customer's side.

use std::time::Duration;

use onramp::simulator::{Options, Simulator, World, start};
use serde_json::{Value, json};

use crate::api_user::{ApiUser, CUSTOMER_PORT, LA2, find, provider};

const BUY: &str = "/v4/networkdesign/buy";

fn design(key: &str) -> Value {
    json!([{"productUid": CUSTOMER_PORT, "associatedVxcs": [{
        "productName": "Customer 1 to GPU cloud", "rateLimit": 500, "term": 1, "shutdown": false,
        "serviceKey": key, "aEnd": {"vlan": 555}, "bEnd": {"productUid": LA2, "vlan": 100}}]}])
}

fn wrapped(design: &Value) -> Value {
    json!({"networkDesign": design, "discountCodes": []})
}

async fn vxc(provider: &ApiUser, uid: &str, port: &str) -> Value {
    let (_, products) = provider.get("/v2/products").await;
    let port = find(&products["data"], "productUid", port).clone();
    find(&port["associatedVxcs"], "productUid", uid).clone()
}

#[tokio::test]
async fn redeemed_key_is_spent_and_its_vxc_is_in_both_companies() {
    let options =
        Options { provisioning: Duration::from_secs(60), ..Options::quiet(World::demo()) };
    let simulator = start(options).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    let customer = ApiUser::of_customer(&simulator, 0).await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();

    let (status, reply) = customer.post("/v3/networkdesign/validate", design(&key)).await;
    assert_eq!((status, reply["message"].as_str()), (200, Some("Validation passed")));
    let (status, reply) = customer.post(BUY, wrapped(&design(&key))).await;
    assert_eq!(status, 200, "{reply}");
    let order = &reply["data"][0];
    assert_eq!((&order["payerVlanId"], &order["nonPayerVlanId"]), (&json!(555), &json!(100)));
    assert_eq!(order["fullyApproved"], true);
    assert_eq!(order["nonPayerCompanyName"], "QuantumGPU");
    let uid = order["vxcJTechnicalServiceUid"].as_str().unwrap();
    assert_eq!(reply["message"], format!("VXC [{uid}] created. "));

    for expected in ["DEPLOYABLE", "CONFIGURED", "LIVE"] {
        let ours = vxc(&provider, uid, LA2).await;
        assert_eq!(ours["provisioningStatus"], expected);
        assert_eq!(ours, vxc(&customer, uid, CUSTOMER_PORT).await);
        simulator.advance(Duration::from_secs(60));
    }
    let live = vxc(&provider, uid, LA2).await;
    assert_eq!((&live["up"], &live["resources"]["vll"]["up"]), (&json!(true), &json!(1)));
    assert_eq!((&live["aEnd"]["vlan"], &live["bEnd"]["vlan"]), (&json!(555), &json!(100)));
    assert_eq!(live["aEnd"]["ownerUid"], "e2709d35-1c48-4af2-b6d3-98f41a07c6de");

    let (_, found) = provider.get(&format!("/v2/service/key?key={key}")).await;
    assert!(found["data"]["lastUsed"].is_i64());
    let state = ["valid", "active"].map(|member| found["data"][member].clone());
    assert_eq!(state, [json!(false), json!(true)]);
    let (status, reply) = customer.post("/v3/networkdesign/buy", design(&key)).await;
    assert_eq!((status, &reply["data"]), (400, &json!("The service key has been used")));
}

#[tokio::test]
async fn a_key_that_was_used_once_is_spent_though_nothing_says_when() {
    let (simulator, provider) = provider().await;
    simulator.set_switches(|switches| switches.last_used_stays_null = true);
    let customer = ApiUser::of_customer(&simulator, 0).await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();
    assert_eq!(customer.post(BUY, wrapped(&design(&key))).await.0, 200);
    let (_, found) = provider.get(&format!("/v2/service/key?key={key}")).await;
    assert_eq!(found["data"]["lastUsed"], Value::Null);
    assert_eq!(customer.post(BUY, wrapped(&design(&key))).await.0, 400);
}

#[tokio::test]
async fn circuit_is_changed_and_cancelled_by_the_owner_of_an_end() {
    let (simulator, provider) = provider().await;
    let customer = ApiUser::of_customer(&simulator, 0).await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();
    let (_, reply) = customer.post(BUY, wrapped(&design(&key))).await;
    let uid = reply["data"][0]["vxcJTechnicalServiceUid"].as_str().unwrap().to_owned();
    simulator.advance(Duration::from_secs(60));
    let path = format!("/v3/product/vxc/{uid}");
    let (status, reply) =
        customer.put_json(&path, json!({"rateLimit": 300, "shutdown": true, "name": "new"})).await;
    assert_eq!(status, 200, "{reply}");
    let ours = vxc(&provider, &uid, LA2).await;
    assert_eq!((&ours["rateLimit"], &ours["productName"]), (&json!(300), &json!("new")));
    assert_eq!((&ours["shutdown"], &ours["up"]), (&json!(true), &json!(false)));
    assert_eq!(ours["provisioningStatus"], "LIVE", "the state of the order");
    for wrong in [json!({}), json!({"rateLimit": 0}), json!({"isApproved": true})] {
        assert!(customer.put_json(&path, wrong.clone()).await.0 >= 400, "{wrong}");
    }
    let stranger = ApiUser::of_customer(&simulator, 1).await;
    assert_eq!(stranger.put_json(&path, json!({"shutdown": false})).await.0, 403);
    let cancel = format!("/v3/product/{uid}/action/CANCEL_NOW");
    let (status, reply) = customer.post(&cancel, json!({})).await;
    assert_eq!((status, reply.get("data")), (200, None), "{reply}");
    let (_, one) = provider.get(&format!("/v2/product/{uid}")).await;
    assert_eq!(one["data"]["provisioningStatus"], "DECOMMISSIONED");
    assert_eq!(one["data"]["bEnd"]["vlan"], Value::Null);
}

#[tokio::test]
async fn used_keys_vanish_from_lists_by_switch() {
    let (simulator, provider) = provider().await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();
    simulator.set_switches(|switches| switches.used_keys_vanish = true);
    let listed =
        async || find(&provider.get("/v2/service/key").await.1["data"], "key", &key).clone();
    assert!(listed().await.is_object());
    simulator.redeem(&key).unwrap();
    assert!(listed().await.is_null());
    let (_, check) = provider.get(&format!("/v2/product/port/{LA2}/vlan?vlan=100")).await;
    assert_ne!(check["data"], json!([100]), "the VXC holds the VLAN now");
    assert_eq!(simulator.redeem(&key), Err("The service key has been used".to_owned()));
}

#[tokio::test]
async fn an_order_that_breaks_a_rule_is_a_400() {
    let (simulator, provider) = provider().await;
    let customer = ApiUser::of_customer(&simulator, 0).await;
    let key = provider.new_key(100).await["key"].as_str().unwrap().to_owned();
    for (pointer, value) in [
        ("/0/productUid", json!(LA2)),
        ("/0/associatedVxcs", json!([])),
        ("/0/associatedVxcs/0/productName", json!("")),
        ("/0/associatedVxcs/0/rateLimit", json!(0)),
        ("/0/associatedVxcs/0/rateLimit", json!(501)),
        ("/0/associatedVxcs/0/term", json!(7)),
        ("/0/associatedVxcs/0/serviceKey", json!("106e38ae-eb59-415f-ac81-526a5299851d")),
        ("/0/associatedVxcs/0/aEnd/vlan", json!(123)),
        ("/0/associatedVxcs/0/aEnd/vlan", json!(-1)),
        ("/0/associatedVxcs/0/bEnd/productUid", json!(CUSTOMER_PORT)),
    ] {
        let mut design = design(&key);
        *design.pointer_mut(pointer).unwrap() = value;
        let (status, reply) = customer.post(BUY, wrapped(&design)).await;
        assert_eq!(status, 400, "{pointer} {reply}");
        assert_eq!(reply["message"], "Validation failed");
    }
    let inactive = json!({"key": key, "productUid": LA2, "singleUse": true, "vlan": 100});
    assert_eq!(provider.put_json("/v2/service/key", inactive).await.0, 200);
    let (_, reply) = customer.post(BUY, wrapped(&design(&key))).await;
    assert_eq!(reply["data"], "The service key is not active");
}

#[tokio::test]
async fn a_multi_use_key_gives_each_connection_the_next_free_vlan() {
    let (simulator, provider) = provider().await;
    let wish = json!({"productUid": LA2, "singleUse": false, "maxSpeed": 100, "preApproved": true});
    let (_, reply) = provider.post("/v2/service/key", wish).await;
    let key = reply["data"]["key"].as_str().unwrap();
    simulator.redeem(key).unwrap();
    simulator.redeem(key).unwrap();
    let (_, found) = provider.get(&format!("/v2/service/key?key={key}")).await;
    assert_eq!(found["data"]["valid"], true);
    let vxcs = found["data"]["productDto"]["associatedVxcs"].as_array().unwrap();
    let named = vxcs.iter().filter(|vxc| vxc["productName"] == "Aurora Render to Los Angeles 2");
    let vlans: Vec<&Value> = named.map(|vxc| &vxc["bEnd"]["vlan"]).collect();
    assert_eq!(vlans, [100, 101]);
}

#[tokio::test]
async fn an_untagged_connection_takes_the_whole_service() {
    let (simulator, provider) = provider().await;
    let (_, products) = provider.get("/v2/products").await;
    let member =
        find(&products["data"], "productName", "London LAG member 2")["productUid"].clone();
    let wish = |vlan: i64| json!({"productUid": member, "singleUse": true, "vlan": vlan});
    let (_, reply) = provider.post("/v2/service/key", wish(-1)).await;
    assert_eq!(reply["data"]["vlan"], -1);
    simulator.redeem(reply["data"]["key"].as_str().unwrap()).unwrap();
    let path = format!("/v2/product/port/{}/vlan?vlan=100", member.as_str().unwrap());
    assert_eq!(provider.get(&path).await.1["data"], json!([]));
    assert_eq!(provider.post("/v2/service/key", wish(100)).await.0, 400);
}

#[tokio::test]
async fn without_pre_approval_the_vxc_waits_for_the_provider() {
    let (simulator, provider) = provider().await;
    let wish = json!({"productUid": LA2, "singleUse": true, "vlan": 100, "preApproved": false});
    let (_, reply) = provider.post("/v2/service/key", wish).await;
    simulator.redeem(reply["data"]["key"].as_str().unwrap()).unwrap();
    let waiting = async || {
        let (_, port) = provider.get(&format!("/v2/product/{LA2}")).await;
        port["data"]["associatedVxcs"].as_array().unwrap().last().unwrap().clone()
    };
    let vxc = waiting().await;
    assert_eq!(vxc["vxcApproval"]["status"], "PENDING_EXTERNAL");
    assert_eq!(vxc["provisioningStatus"], "DEPLOYABLE");
    let path = format!("/v3/product/vxc/{}", vxc["productUid"].as_str().unwrap());
    let customer = ApiUser::of_customer(&simulator, 0).await;
    assert_eq!(customer.put_json(&path, json!({"isApproved": true})).await.0, 403);
    assert_eq!(provider.put_json(&path, json!({"isApproved": true})).await.0, 200);
    assert_eq!(waiting().await["provisioningStatus"], "LIVE");
    assert_eq!(
        provider.put_json(&path, json!({"isApproved": true})).await.0,
        400,
        "none is pending"
    );
}

#[tokio::test]
async fn the_scripted_customer_redeems_new_keys_after_its_time() {
    let options =
        Options { customer_after: Some(Duration::from_secs(20)), ..Options::quiet(World::demo()) };
    let simulator = start(options).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    let made = provider.new_key(100).await;
    let used = || {
        let key = simulator.keys().into_iter().find(|key| key["key"] == made["key"]).unwrap();
        key["lastUsed"].as_i64()
    };
    assert_eq!(used(), None);
    simulator.advance(Duration::from_secs(20));
    assert_eq!(used(), made["createDate"].as_i64().map(|made| made + 20_000));
}

/// Starts a simulator of the demo's world whose customer redeems keys after 20 s.
async fn with_customer() -> (Simulator, ApiUser) {
    let options =
        Options { customer_after: Some(Duration::from_secs(20)), ..Options::quiet(World::demo()) };
    let simulator = start(options).await.expect("it starts");
    let provider = ApiUser::of_provider(&simulator).await;
    (simulator, provider)
}

/// Returns which of `keys` were redeemed.
fn redeemed(simulator: &Simulator, keys: &[Value]) -> Vec<bool> {
    let all = simulator.keys();
    let is_used = |key: &Value| {
        let key = all.iter().find(|one| one["key"] == key["key"]).expect("it exists");
        key["lastUsed"].is_i64()
    };
    keys.iter().map(is_used).collect()
}

#[tokio::test]
async fn scripted_customer_redeems_every_kind_on_every_open_on_ramp() {
    let (simulator, provider) = with_customer().await;
    let (_, products) = provider.get("/v2/products").await;
    let mut keys = vec![];
    let mut zones = vec![];
    let carries_untagged = |on_ramp: &Value| {
        let circuits = on_ramp["associatedVxcs"].as_array().unwrap();
        circuits.iter().any(|circuit| circuit["bEnd"]["vlan"] == -1)
    };
    // The console creates no key beside an untagged circuit.
    let on_ramps = products["data"].as_array().unwrap().iter().filter(|one| !carries_untagged(one));
    for on_ramp in on_ramps {
        for mut body in [
            json!({"singleUse": true, "vlan": 1000, "maxSpeed": 500, "preApproved": true}),
            json!({"singleUse": true, "vlan": 1001, "maxSpeed": 10_000, "preApproved": false}),
            json!({"singleUse": false, "maxSpeed": 100}),
        ] {
            body["productUid"] = on_ramp["productUid"].clone();
            let (status, reply) = provider.post("/v2/service/key", body).await;
            if status == 200 {
                keys.push(reply["data"].clone());
                zones.push(on_ramp["diversityZone"].clone());
            }
        }
    }
    for zone in [json!("red"), json!("blue"), Value::Null] {
        assert!(zones.contains(&zone), "a key in zone {zone}");
    }
    assert_eq!(redeemed(&simulator, &keys), vec![false; keys.len()]);
    simulator.advance(Duration::from_secs(20));
    assert_eq!(redeemed(&simulator, &keys), vec![true; keys.len()]);
}

#[tokio::test]
async fn a_key_that_cannot_be_used_yet_is_redeemed_once_it_can_be() {
    let (simulator, provider) = with_customer().await;
    let wish = |vlan: i64| {
        json!({"productUid": LA2, "singleUse": true, "vlan": vlan, "maxSpeed": 500,
               "active": true, "preApproved": true})
    };
    let mut disabled = wish(1000);
    disabled["active"] = false.into();
    let mut later = wish(1001);
    later["validFor"] = json!({"start": simulator.now() + 3_600_000, "end": null});
    let mut ended = wish(1002);
    ended["validFor"] = json!({"start": null, "end": simulator.now() + 10_000});
    let mut keys = vec![];
    for body in [&disabled, &later, &ended] {
        let (status, reply) = provider.post("/v2/service/key", body.clone()).await;
        assert_eq!(status, 200, "{reply}");
        keys.push(reply["data"].clone());
    }
    simulator.advance(Duration::from_secs(20));
    assert_eq!(redeemed(&simulator, &keys), [false, false, false]);
    let mut enabled = wish(1000);
    enabled["key"] = keys[0]["key"].clone();
    assert_eq!(provider.put_json("/v2/service/key", enabled).await.0, 200);
    simulator.advance(Duration::from_secs(60));
    assert_eq!(redeemed(&simulator, &keys), [true, false, false]);
    simulator.advance(Duration::from_secs(3600));
    assert_eq!(redeemed(&simulator, &keys), [true, true, false]);
}
