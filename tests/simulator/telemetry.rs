//! Reference section 6.

use std::time::Duration;

use serde_json::Value;

use crate::api_user::{ApiUser, LA2, provider};

const NEW_YORK_MCR: &str = "f220e83d";

fn path(kind: &str, uid: &str, query: &str) -> String {
    format!("/v2/product/{kind}/{uid}/telemetry?{query}")
}

fn newest(series: &Value) -> i64 {
    series["samples"].as_array().unwrap().last().unwrap()[0].as_i64().unwrap()
}

async fn whole(provider: &ApiUser, start: &str) -> String {
    let (_, list) = provider.get("/v2/products").await;
    let uids = list["data"].as_array().unwrap().iter().map(|p| p["productUid"].as_str().unwrap());
    uids.into_iter().find(|uid| uid.starts_with(start)).unwrap().to_owned()
}

#[tokio::test]
async fn a_day_has_five_minute_samples_and_a_gap_at_its_newest_end() {
    let (simulator, provider) = provider().await;
    let (status, reply) = provider.get(&path("megaport", LA2, "type=BITS&days=1")).await;
    assert_eq!(status, 200, "{reply}");
    assert!(reply.get("terms").is_none(), "no envelope");
    for series in reply["data"].as_array().unwrap() {
        let samples = series["samples"].as_array().unwrap();
        assert!((284..=287).contains(&samples.len()), "{}", samples.len());
        assert!(simulator.now() - newest(series) >= 600_000, "the newest points are missing");
    }
    simulator.advance(Duration::from_secs(300));
    let (_, later) = provider.get(&path("megaport", LA2, "type=BITS&days=1")).await;
    assert_eq!(newest(&later["data"][0]) - newest(&reply["data"][0]), 300_000);
    assert_eq!(
        later["data"][0]["samples"][0], reply["data"][0]["samples"][1],
        "the past does not change"
    );
}

#[tokio::test]
async fn it_takes_a_known_type_and_one_way_to_say_when() {
    let (simulator, provider) = provider().await;
    let now = simulator.now();
    let good = format!("type=bits&type=ERRORS&from={}&to={now}", now - 3_600_000);
    assert_eq!(provider.get(&path("megaport", LA2, &good)).await.0, 200);
    for bad in ["days=1", "type=BITS", "type=BITS&days=181", "type=BITS&from=1", "type=X&days=1"] {
        assert_eq!(provider.get(&path("megaport", LA2, bad)).await.0, 400, "{bad}");
    }
    assert_eq!(provider.get(&path("vxc", LA2, "type=BITS&days=1")).await.0, 404, "it is a Port");
    let customer = ApiUser::of_customer(&simulator, 1).await;
    assert_eq!(customer.get(&path("megaport", LA2, "type=BITS&days=1")).await.0, 403);
    simulator.set_switches(|switches| switches.telemetry = false);
    assert_eq!(provider.get(&path("megaport", LA2, "type=BITS&days=1")).await.0, 404);
}

#[tokio::test]
async fn only_ports_have_light() {
    let (_simulator, provider) = provider().await;
    let both = "type=OPTICAL&type=ERRORS&days=1";
    let (_, port) = provider.get(&path("megaport", LA2, both)).await;
    assert_eq!(port["data"].as_array().unwrap().len(), 4);
    let router = whole(&provider, NEW_YORK_MCR).await;
    let (status, router) = provider.get(&path("mcr2", &router, both)).await;
    assert_eq!((status, router["data"].as_array().unwrap().len()), (200, 2));
}
