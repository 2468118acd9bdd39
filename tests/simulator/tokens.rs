//! Reference section 1, and the limits of 10.2.

use std::time::Duration;

use onramp::simulator::{Options, Switches, World, start};
use serde_json::{Value, json};

use crate::api_user::{ApiUser, client, provider, quiet, read};

#[tokio::test]
async fn grant_type_is_read_from_form_and_query_and_tokens_differ() {
    let simulator = quiet().await;
    let (id, secret) = (simulator.client_id(), Some(simulator.client_secret()));
    let form = [("grant_type", "client_credentials")];
    let in_form = client().post(simulator.token_url()).basic_auth(id, secret).form(&form);
    let in_query = client().post(simulator.token_url()).basic_auth(id, secret).query(&form);
    let credentials = [form[0], ("client_id", id), ("client_secret", simulator.client_secret())];
    let all_in_form = client().post(simulator.token_url()).form(&credentials);
    let mut tokens = Vec::new();
    for request in [in_form, in_query, all_in_form] {
        let (status, document) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 200);
        assert_eq!(document["expires_in"], 86_400);
        assert_eq!(document["token_type"], "Bearer");
        tokens.push(document["access_token"].as_str().unwrap().to_owned());
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3, "each token has a new text");
    assert!(simulator.requests().iter().all(|seen| seen.body.is_empty()), "no secret is kept");
}

#[tokio::test]
async fn wrong_credentials_are_a_400_without_the_envelope() {
    let simulator = quiet().await;
    let ask = || {
        let request = client().post(simulator.token_url());
        request.basic_auth("nobody", Some("nothing")).form(&[("grant_type", "client_credentials")])
    };
    let refused = json!({"error": "invalid_client"});
    assert_eq!(read(ask().send().await.unwrap()).await, (400, refused.clone()));
    simulator.set_switches(|switches| switches.bad_credentials_as_401 = true);
    assert_eq!(read(ask().send().await.unwrap()).await, (401, refused));
    let other = client().post(simulator.token_url()).form(&[("grant_type", "password")]);
    let refused = json!({"error": "unsupported_grant_type"});
    assert_eq!(read(other.send().await.unwrap()).await, (400, refused));
}

#[tokio::test]
async fn a_token_ends_after_its_lifetime() {
    let (simulator, provider) = provider().await;
    assert_eq!(provider.get("/v2/products").await.0, 200);
    simulator.advance(Duration::from_secs(24 * 3600 - 60));
    assert_eq!(provider.get("/v2/products").await.0, 200);
    simulator.advance(Duration::from_secs(60));
    let (status, document) = provider.get("/v2/products").await;
    assert_eq!(status, 401);
    assert!(document["terms"].is_string());
    assert_eq!(ApiUser::of_provider(&simulator).await.get("/v2/products").await.0, 200);
}

#[tokio::test]
async fn missing_or_expired_token_reveals_nothing() {
    let (simulator, provider) = provider().await;
    let bare = client().get(format!("{}/v2/products", simulator.base_url()));
    assert_eq!(read(bare.send().await.unwrap()).await.0, 401);
    simulator.expire_tokens();
    assert_eq!(provider.get("/v2/service/key").await.0, 401);
}

#[tokio::test]
async fn a_read_only_api_key_may_not_write() {
    let (simulator, provider) = provider().await;
    simulator.set_switches(|switches| switches.read_only = true);
    assert_eq!(provider.post("/v2/service/key", crate::api_user::wish(100)).await.0, 403);
    assert_eq!(provider.get("/v2/service/key").await.0, 200);
}

#[tokio::test]
async fn every_reply_carries_a_trace_id_and_the_servers_date() {
    let (simulator, provider) = provider().await;
    simulator.set_switches(|switches| switches.clock_offset_ms = 86_400_000);
    let first = provider.request("GET", "/v2/service/key").send().await.unwrap();
    let second = provider.request("GET", "/nowhere").send().await.unwrap();
    assert_ne!(first.headers()["trace-id"], second.headers()["trace-id"]);
    assert_eq!(first.headers()["trace-id"], first.headers()["x-correlation-id"]);
    let date = httpdate::parse_http_date(first.headers()["date"].to_str().unwrap()).unwrap();
    let ms = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert!(simulator.now().abs_diff(i64::try_from(ms).unwrap()) < 5000);
}

#[tokio::test]
async fn the_five_hundred_and_first_request_in_five_minutes_is_a_429() {
    let options = Options { switches: Switches::default(), ..Options::quiet(World::demo()) };
    let simulator = start(options).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    for n in 0..500 {
        assert_eq!(provider.get("/v2/service/key/validate").await.0, 400, "{n}");
    }
    let refused = provider.request("GET", "/v2/products").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((250..=300).contains(&wait), "{wait}");
    assert!(refused.json::<Value>().await.unwrap()["terms"].is_string());
    simulator.advance(Duration::from_secs(300));
    assert_eq!(provider.get("/v2/products").await.0, 200);
}
