//! The access token: one for all, fetched by one.

use std::time::Duration;

use onramp::{
    api::{Cause, Request},
    domain::issuance::Doubt,
    simulator::{self, Act, Fault, Options, World},
};

use crate::bench::{Bench, ClientRig, brisk, credentials, la2, make, order, raw, status};

#[tokio::test]
async fn twenty_calls_with_a_dead_token_renew_it_once() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.rig.on_ramps().await;
    bench.simulator.expire_tokens();
    let mut sent = Vec::new();
    for _ in 0..20 {
        sent.push(bench.rig.send(Request::OnRamp(la2())).await);
    }
    for id in sent {
        bench.rig.end_of(id).await.expect("an on-ramp");
    }
    assert_eq!(bench.tokens(), 2, "one at the start, one for all twenty");
}

#[tokio::test]
async fn twenty_first_calls_fetch_one_token() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let mut sent = Vec::new();
    for _ in 0..20 {
        sent.push(bench.rig.send(Request::OnRamp(la2())).await);
    }
    for id in sent {
        bench.rig.end_of(id).await.expect("an on-ramp");
    }
    assert_eq!(bench.tokens(), 1);
}

#[tokio::test]
async fn token_refused_mid_session_is_renewed_and_read_repeated() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.rig.on_ramps().await;
    bench.fault("GET /v2/products", Act::Unauthorized);
    bench.rig.on_ramps().await;
    assert_eq!((bench.tokens(), bench.simulator.count("GET", "/v2/products")), (2, 3));
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_ends_in_few_token_requests() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.simulator.push_fault(Fault::new("GET /**", Act::Unauthorized).times(0));
    for _ in 0..5 {
        let failed = bench.rig.failure(Request::Products).await;
        assert_eq!(failed.cause, Cause::Credentials);
    }
    assert_eq!(bench.tokens(), 2);
    let waits = &bench.rig.sign_in_waits;
    let within = Duration::from_secs(290)..=Duration::from_secs(300);
    assert!(!waits.is_empty() && waits.iter().all(|wait| within.contains(wait)), "{waits:?}");
}

#[tokio::test]
async fn a_write_without_a_token_is_not_sent() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    bench.simulator.push_fault(Fault::new("GET /**", Act::Unauthorized).times(0));
    bench.rig.failure(Request::Products).await;
    let failed = bench.rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.cause, failed.doubt), (Cause::Credentials, Doubt::NotSent));
    assert_eq!(bench.posts(), 0);
}

#[tokio::test]
async fn wrong_credentials_are_reported_and_rarely_retried() {
    for as_401 in [false, true] {
        let simulator = simulator::start(Options::quiet(World::demo())).await.unwrap();
        simulator.set_switches(|switches| switches.bad_credentials_as_401 = as_401);
        let wrong = credentials(simulator.client_id(), "canary-secret");
        let mut rig =
            ClientRig::for_urls(&simulator.base_url(), &simulator.token_url(), wrong, brisk());
        for _ in 0..5 {
            let failed = rig.failure(Request::Products).await;
            assert_eq!((failed.cause, failed.doubt), (Cause::Credentials, Doubt::NotSent));
            assert!(failed.advice.as_str().contains("created in"), "{failed:?}");
            assert!(!format!("{failed:?}").contains("canary"));
        }
        assert_eq!(simulator.count("POST", "/oauth2/token"), 2);
        assert_eq!(simulator.count("GET", "/v2/products"), 0);
    }
}

#[tokio::test]
async fn callers_who_wait_for_one_refusal_share_it() {
    let simulator = simulator::start(Options::quiet(World::demo())).await.unwrap();
    let wrong = credentials("nobody", "nothing");
    let mut rig =
        ClientRig::for_urls(&simulator.base_url(), &simulator.token_url(), wrong, brisk());
    let mut sent = Vec::new();
    for _ in 0..20 {
        sent.push(rig.send(Request::Products).await);
    }
    for id in sent {
        rig.end_of(id).await.expect_err("refused");
    }
    assert!(simulator.count("POST", "/oauth2/token") <= 2);
}

#[tokio::test]
async fn a_token_host_in_trouble_is_asked_again() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.simulator.push_fault(Fault::new("POST /oauth2/token", status(503)).times(2));
    bench.rig.on_ramps().await;
    assert_eq!(bench.tokens(), 3);
}

#[tokio::test]
async fn a_page_in_place_of_a_token_is_not_taken_for_a_refusal() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.fault("POST /oauth2/token", Act::Html { code: 200 });
    let failed = bench.rig.failure(Request::Products).await;
    assert_eq!((failed.cause, failed.doubt), (Cause::Intermediary, Doubt::NotSent));
    bench.rig.on_ramps().await;
}

#[tokio::test]
async fn nonsense_token_lifetime_costs_no_further_requests() {
    for expires_in in ["", r#","expires_in":0"#, r#","expires_in":-5"#, r#","expires_in":1e12"#] {
        let mut bench = Bench::with_timeouts(brisk()).await;
        let token = format!(r#"{{"access_token":"unknown"{expires_in}}}"#);
        bench.fault("POST /oauth2/token", raw(token));
        bench.rig.on_ramps().await;
        for _ in 0..3 {
            bench.rig.on_ramps().await;
        }
        assert_eq!(bench.tokens(), 2, "the first one is made up and refused: {expires_in}");
    }
}

#[tokio::test]
async fn write_with_a_dead_token_is_not_resent_and_next_renews_it() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    bench.simulator.expire_tokens();
    let failed = bench.rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.cause, failed.doubt), (Cause::Credentials, Doubt::NotProcessed));
    assert_eq!((bench.posts(), bench.tokens()), (1, 1));
    bench.rig.ask(make(order(&on_ramps, 900))).await.expect("a key");
    assert_eq!((bench.posts(), bench.tokens()), (2, 2));
}
