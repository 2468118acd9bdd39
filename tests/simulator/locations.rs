//! Reference section 7.

use serde_json::Value;

use crate::api_user::{client, provider};

/// Returns the entry whose `member` is `number`.
fn find<'a>(list: &'a Value, member: &str, number: u64) -> &'a Value {
    let entries = list.as_array().unwrap();
    entries.iter().find(|entry| entry[member] == number).expect("the entry")
}

#[tokio::test]
async fn locations_are_told_to_anybody() {
    let (simulator, provider) = provider().await;
    let url = format!("{}/v3/locations", simulator.base_url());
    let reply: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    let site = find(&reply["data"], "id", 60);
    assert_eq!(site["dataCentre"]["name"], "CoreSite");
    assert!(site["diversityZones"]["red"]["megaportSpeedMbps"].is_array());
    let (_, some) = provider.get("/v3/locations?metro=Osaka&locationStatuses=Active").await;
    assert_eq!(some["data"].as_array().unwrap().len(), 1);
    let (_, products) = provider.get("/v2/products").await;
    for product in products["data"].as_array().unwrap() {
        find(&reply["data"], "id", product["locationId"].as_u64().unwrap());
    }
}

#[tokio::test]
async fn round_trips_grow_with_the_distance_and_have_a_month() {
    let (simulator, provider) = provider().await;
    let ask = |query: &str| format!("/v2/locations/rtt?srcLocation=59&{query}");
    let (status, reply) = provider.get(&ask("year=25&month=6")).await;
    assert_eq!(status, 200, "{reply}");
    let to = |id: u64| find(&reply["data"], "dstLocation", id)["medianRTT"].as_f64().unwrap();
    assert!(to(60) < 2.0 && to(60) < to(62) && to(62) < to(90), "same metro, same coast, abroad");
    for bad in ["year=2025&month=6", "year=25&month=13", "year=25"] {
        assert_eq!(provider.get(&ask(bad)).await.0, 400, "{bad}");
    }
    let (_, future) = provider.get(&ask("year=99&month=1")).await;
    assert_eq!(future["data"], serde_json::json!([]));
    simulator.set_switches(|switches| switches.round_trips = false);
    let (_, none) = provider.get(&ask("year=25&month=6")).await;
    assert_eq!(none["data"], serde_json::json!([]), "staging has no data");
}

#[tokio::test]
async fn countries_are_public_with_their_sites_and_own_names() {
    let (simulator, _desk) = provider().await;
    let url = format!("{}/v2/networkRegions", simulator.base_url());
    let reply: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    let region = &reply["data"][0];
    assert_eq!(region["networkRegion"], "MP1");
    let countries = region["countries"].as_array().unwrap();
    assert!(countries.iter().any(|country| country["name"] == "United Kingdom"), "{reply}");
    assert!(countries.iter().all(|country| country["siteCount"].as_u64() > Some(0)));
}
