//! The simulator's documents, held to the vendor's in `tests/contract`: every
//! member it serves exists there, with the same JSON type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    time::Duration,
};

use onramp::simulator::{Options, World, start};
use serde_json::{Value, json};

use crate::api_user::{ApiUser, CUSTOMER_PORT, LA2, provider, wish};

/// The JSON types seen at each path; the elements of an array share one.
type Shape = BTreeMap<String, BTreeSet<&'static str>>;

fn document(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let text = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn learn(shape: &mut Shape, path: &str, value: &Value) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    shape.entry(path.to_owned()).or_default().insert(kind);
    match value {
        Value::Array(entries) => {
            for entry in entries {
                learn(shape, &format!("{path}[]"), entry);
            }
        }
        // Tags have names of the customer's own.
        Value::Object(members) if !path.ends_with(".attributeTags") => {
            for (name, member) in members {
                learn(shape, &format!("{path}.{name}"), member);
            }
        }
        _ => {}
    }
}

fn shape<'a>(values: impl IntoIterator<Item = &'a Value>) -> Shape {
    let mut shape = Shape::new();
    values.into_iter().for_each(|value| learn(&mut shape, "", value));
    shape
}

/// Returns members that are served but not documented, with their types.
fn strangers(served: &Value, known: &Shape) -> Vec<String> {
    let kinds = |path: &String| known.get(path).cloned().unwrap_or_default();
    let mut strangers = vec![];
    for (path, types) in shape([served]) {
        let unknown: Vec<_> = types.difference(&kinds(&path)).copied().collect();
        if !unknown.is_empty() {
            strangers.push(format!("{path}: {}", unknown.join(", ")));
        }
    }
    strangers
}

/// Returns every on-ramp of the documents, in lists, alone and behind keys.
fn on_ramps() -> Shape {
    let lists = ["products", "products-quirks"].map(document);
    let alone =
        [document("product")["data"].clone(), document("key")["data"]["productDto"].clone()];
    let listed = lists.iter().flat_map(|list| list["data"].as_array().unwrap());
    shape(listed.chain(&alone))
}

/// Returns every key that the documents show.
fn keys() -> Shape {
    let lists = ["keys", "keys-quirks"].map(document);
    let alone =
        ["key", "key-create-reply", "key-update-reply"].map(|n| document(n)["data"].clone());
    let listed = lists.iter().flat_map(|list| list["data"].as_array().unwrap());
    let mut shape = shape(listed.chain(&alone));
    let behind: Vec<_> =
        on_ramps().into_iter().map(|(path, types)| (format!(".productDto{path}"), types)).collect();
    shape.extend(behind);
    shape
}

#[tokio::test]
async fn every_on_ramp_served_is_one_the_vendor_could_serve() {
    let (_simulator, provider) = provider().await;
    let (_, list) = provider.get("/v2/products").await;
    let known = on_ramps();
    for on_ramp in list["data"].as_array().unwrap() {
        let strange = strangers(on_ramp, &known);
        assert!(strange.is_empty(), "{}: {strange:#?}", on_ramp["productName"]);
    }
    let (_, one) = provider.get(&format!("/v2/product/{LA2}")).await;
    assert_eq!(strangers(&one["data"], &known), Vec::<String>::new());
}

#[tokio::test]
async fn every_key_served_is_one_the_vendor_could_serve() {
    let (_simulator, provider) = provider().await;
    let made = provider.new_key(144).await;
    let known = keys();
    assert_eq!(strangers(&made, &known), Vec::<String>::new());
    let (_, list) = provider.get("/v2/service/key").await;
    for key in list["data"].as_array().unwrap() {
        assert_eq!(strangers(key, &known), Vec::<String>::new());
        assert!(key.get("productDto").is_none(), "lists do not carry the on-ramp");
    }
    let mut change = wish(144);
    change["key"] = made["key"].clone();
    let (status, changed) = provider.put_json("/v2/service/key", change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(strangers(&changed["data"], &known), Vec::<String>::new());
    let text = made["key"].as_str().unwrap();
    let (_, found) = provider.get(&format!("/v2/service/key?key={text}")).await;
    assert_eq!(strangers(&found["data"], &known), Vec::<String>::new());
}

#[tokio::test]
async fn every_answer_has_the_vendors_envelope() {
    let (_simulator, provider) = provider().await;
    let made = provider.new_key(145).await;
    let text = made["key"].as_str().unwrap();
    let vlan = |n: u16| format!("/v2/product/port/{LA2}/vlan?vlan={n}");
    let cases = [
        ("key-validate", format!("/v2/service/key/validate?key={text}")),
        ("vlan-free", vlan(3000)),
        ("vlan-taken", vlan(145)),
        ("error-not-found", "/v2/product/00000000-0000-4000-8000-000000000000".to_owned()),
        ("error-method", format!("/v2/product/mcr2/{LA2}")),
    ];
    for (name, path) in cases {
        let (_, served) = provider.get(&path).await;
        assert_eq!(strangers(&served, &shape([&document(name)])), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn an_order_is_answered_as_the_vendor_answers_it() {
    let (simulator, provider) = provider().await;
    let made = provider.new_key(146).await;
    let customer = ApiUser::of_customer(&simulator, 0).await;
    let mut order = document("buy-request");
    let design = &mut order["networkDesign"][0];
    design["productUid"] = json!(CUSTOMER_PORT);
    let vxc = &mut design["associatedVxcs"][0];
    vxc["serviceKey"] = made["key"].clone();
    vxc["bEnd"]["vlan"] = json!(146);
    vxc["aEnd"]["vlan"] = json!(2146);
    let (status, reply) = customer.post("/v4/networkdesign/buy", order).await;
    assert_eq!(status, 200, "{reply}");
    let known = shape([&document("buy-reply")]);
    assert_eq!(strangers(&reply, &known), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_is_answered_as_the_vendor_answers_it() {
    let (simulator, provider) = provider().await;
    let ask = |secret: &str| {
        let request = provider.client.post(simulator.token_url());
        let request = request.basic_auth(simulator.client_id(), Some(secret));
        request.form(&[("grant_type", "client_credentials")]).send()
    };
    let good: Value = ask(simulator.client_secret()).await.unwrap().json().await.unwrap();
    assert_eq!(strangers(&good, &shape([&document("token")])), Vec::<String>::new());
    let bad: Value = ask("wrong").await.unwrap().json().await.unwrap();
    assert_eq!(strangers(&bad, &shape([&document("token-error")])), Vec::<String>::new());
}

#[test]
fn a_member_that_no_document_shows_is_found() {
    let known = shape([&json!({"a": [{"b": 1}]})]);
    assert_eq!(strangers(&json!({"a": [{"b": 2}, {}]}), &known), Vec::<String>::new());
    assert_eq!(
        strangers(&json!({"a": [{"b": "2", "c": 1}]}), &known),
        [".a[].b: string", ".a[].c: number"]
    );
}

#[tokio::test]
async fn telemetry_is_served_as_the_vendor_serves_it() {
    let (_simulator, provider) = provider().await;
    for (name, query) in
        [("telemetry", "type=BITS"), ("telemetry-line", "type=OPTICAL&type=ERRORS")]
    {
        let path = format!("/v2/product/megaport/{LA2}/telemetry?{query}&days=1");
        let (status, served) = provider.get(&path).await;
        assert_eq!(status, 200);
        assert_eq!(strangers(&served, &shape([&document(name)])), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn events_are_served_as_the_vendor_serves_them() {
    let mut options = Options::quiet(World::demo());
    options.world.events = World::demo().events;
    let simulator = start(options).await.unwrap();
    simulator.advance(Duration::from_secs(6 * 60));
    let provider = ApiUser::of_provider(&simulator).await;
    for (kind, state) in [("maintenance", "Scheduled"), ("outage", "Ongoing")] {
        let (_, served) = provider.get(&format!("/ens/v1/status/{kind}?state={state}")).await;
        assert_eq!(served["data"].as_array().unwrap().len(), 1);
        assert_eq!(strangers(&served, &shape([&document(kind)])), Vec::<String>::new(), "{kind}");
    }
}

#[tokio::test]
async fn locations_and_round_trips_match_the_vendors() {
    let (_simulator, provider) = provider().await;
    let trips = "/v2/locations/rtt?srcLocation=60&year=25&month=6";
    for (name, path) in [("locations", "/v3/locations"), ("round-trips", trips)] {
        let (_, served) = provider.get(path).await;
        assert_eq!(strangers(&served, &shape([&document(name)])), Vec::<String>::new(), "{name}");
    }
}
