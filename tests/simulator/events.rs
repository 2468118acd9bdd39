//! Reference section 8.

use std::time::Duration;

use onramp::simulator::{Options, World, start};
use serde_json::Value;

use crate::api_user::{ApiUser, provider};

async fn listed(provider: &ApiUser, kind: &str, state: &str) -> Vec<Value> {
    let (status, reply) = provider.get(&format!("/ens/v1/status/{kind}?state={state}")).await;
    assert_eq!(status, 200, "{reply}");
    reply["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn outage_begins_and_ends_and_maintenance_keeps_its_window() {
    let mut options = Options::quiet(World::demo());
    options.world.events = World::demo().events;
    let simulator = start(options).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    assert_eq!(listed(&provider, "outage", "Ongoing").await, Vec::<Value>::new(), "not yet");
    assert_eq!(listed(&provider, "maintenance", "Scheduled").await.len(), 1);
    simulator.advance(Duration::from_secs(6 * 60));
    let ongoing = listed(&provider, "outage", "Ongoing").await;
    assert_eq!(ongoing.len(), 1);
    assert!(ongoing[0].get("endTime").is_none(), "nobody knows when it ends");
    simulator.advance(Duration::from_secs(24 * 60 * 60));
    let provider = ApiUser::of_provider(&simulator).await;
    assert_eq!(listed(&provider, "outage", "Ongoing").await, Vec::<Value>::new());
    assert!(listed(&provider, "outage", "Resolved").await[0]["endTime"].is_string());
    simulator.advance(Duration::from_secs(30 * 24 * 60 * 60));
    let provider = ApiUser::of_provider(&simulator).await;
    assert_eq!(listed(&provider, "maintenance", "Completed").await.len(), 1);
}

#[tokio::test]
async fn event_state_needs_exact_case_and_tests_are_omitted() {
    let (_simulator, provider) = provider().await;
    assert_eq!(listed(&provider, "maintenance", "Scheduled").await, Vec::<Value>::new());
    for bad in ["maintenance", "maintenance?state=scheduled", "outage?state=Running"] {
        assert_eq!(provider.get(&format!("/ens/v1/status/{bad}")).await.0, 400, "{bad}");
    }
}
