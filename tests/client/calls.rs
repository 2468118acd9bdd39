//! Reports of calls, for the log.

use onramp::{
    api::{CallEnd, Called, Cause, KeyChange, Request},
    domain::vlan::VlanId,
    simulator::Act,
};

use crate::bench::{Bench, brisk, changing, la2, make, order, patience_for, status};

fn paths(calls: &[Called]) -> Vec<(&'static str, &'static str)> {
    calls.iter().map(|called| (called.verb, called.path)).collect()
}

#[tokio::test]
async fn every_call_is_logged_by_a_template_without_keys() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let key = bench.simulator.keys()[0]["key"].as_str().expect("a text").to_owned();
    let id = onramp::domain::id::KeyId::new(&key).expect("a key");
    let vlan = VlanId::new(900).expect("legal");
    for request in [
        Request::OnRamp(la2()),
        Request::Keys,
        Request::KeysOf(la2()),
        Request::Key(id.clone()),
        Request::ValidateKey(id.clone()),
        Request::CheckVlan(la2(), vlan),
    ] {
        bench.rig.ask(request).await.expect("a reply");
    }
    bench.rig.ask(make(order(&on_ramps, 900))).await.expect("a key");
    let change = KeyChange { active: Some(false), ..KeyChange::new(id) };
    bench.rig.ask(changing(change)).await.expect("a change");
    let calls = &bench.rig.calls;
    assert_eq!(
        paths(calls),
        [
            ("POST", "(token)"),
            ("GET", "/v2/products"),
            ("GET", "/v2/product/{id}"),
            ("GET", "/v2/service/key"),
            ("GET", "/v2/service/key?productIdOrUid={id}"),
            ("GET", "/v2/service/key?key={key}"),
            ("GET", "/v2/service/key/validate?key={key}"),
            ("GET", "/v2/product/port/{id}/vlan?vlan={vlan}"),
            ("POST", "/v2/service/key"),
            ("GET", "/v2/service/key?key={key}"),
            ("PUT", "/v2/service/key"),
        ]
    );
    assert!(calls.iter().all(|called| matches!(called.end, CallEnd::Whole(200..=201))));
    assert!(calls.iter().all(|called| called.bytes > 0));
    let debug = format!("{calls:?}");
    for secret in [key.as_str(), bench.simulator.client_secret(), LABEL] {
        assert!(!debug.contains(secret), "{secret} is in {debug}");
    }
}

/// The customer's label in the order.
const LABEL: &str = "Customer 9";

#[tokio::test]
async fn failed_call_is_logged_with_each_try() {
    let mut bench = Bench::with_timeouts(patience_for(&Act::Hang)).await;
    bench.rig.on_ramps().await;
    bench.fault("GET /v2/products", status(503));
    bench.rig.on_ramps().await;
    bench.fault("GET /v2/products", Act::Hang);
    bench.rig.failure(Request::Products).await;
    let ends: Vec<_> = bench.rig.calls.iter().skip(2).map(|called| called.end).collect();
    let expected =
        [CallEnd::Whole(503), CallEnd::Whole(200), CallEnd::Unanswered(Cause::ConnectionLost)];
    assert_eq!(ends, expected);
    assert!(bench.rig.calls[0].request.is_none(), "a token serves them all");
    assert!(bench.rig.calls[1].request.is_some());
}
