//! Reads: what they bring, what they survive, and how often they are tried.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use onramp::{
    api::{Cause, Reply, Request, VlanAnswer},
    domain::{
        id::{KeyId, OnRampId},
        issuance::Doubt,
        vlan::VlanId,
    },
    simulator::{Act, Fault, Options, RetryAfter, World},
};
use tokio::net::TcpListener;

use crate::bench::{
    Bench, ClientRig, brisk, credentials, document, la2, parrot, patience_for, raw, response,
    status,
};

const PRODUCTS: &str = "GET /v2/products";

async fn products_struck(fault: Fault) -> (Bench, Result<Reply, Cause>) {
    let mut bench = Bench::with_timeouts(patience_for(&fault.act)).await;
    bench.simulator.push_fault(fault);
    let ended = bench.rig.ask(Request::Products).await.map_err(|failed| failed.cause);
    (bench, ended)
}

fn tries(bench: &Bench) -> usize {
    bench.simulator.count("GET", "/v2/products")
}

#[tokio::test]
async fn every_read_is_answered() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let one = on_ramps.iter().find(|one| one.id == la2()).expect("LA 2").clone();
    let reply = bench.rig.ask(Request::OnRamp(la2())).await;
    assert_eq!(reply, Ok(Reply::OnRamp(Box::new(one))));

    bench.simulator.other_agent(la2().as_str(), 950, "theirs").unwrap();
    let Ok(Reply::Keys(all)) = bench.rig.ask(Request::Keys).await else { panic!("no keys") };
    let Ok(Reply::KeysOf(id, some)) = bench.rig.ask(Request::KeysOf(la2())).await else {
        panic!("no keys of LA 2")
    };
    assert_eq!(id, la2());
    let ours: Vec<_> = all.entries.into_iter().filter(|key| key.on_ramp == la2()).collect();
    assert!(some.entries.iter().all(|key| ours.contains(key)) && some.entries.len() == ours.len());

    let key = ours.iter().find(|key| key.label.as_str() == "theirs").expect("the key");
    let reply = bench.rig.ask(Request::Key(key.id.clone())).await;
    assert_eq!(reply, Ok(Reply::Key(Box::new(key.clone()))));
    let reply = bench.rig.ask(Request::ValidateKey(key.id.clone())).await;
    assert_eq!(reply, Ok(Reply::KeyIsValid(true)));

    let vlan = |raw| VlanId::new(raw).unwrap();
    let reply = bench.rig.ask(Request::CheckVlan(la2(), vlan(951))).await;
    assert_eq!(reply, Ok(Reply::Vlan(VlanAnswer::Free)));
    match bench.rig.ask(Request::CheckVlan(la2(), vlan(950))).await {
        Ok(Reply::Vlan(VlanAnswer::Taken(others))) => assert!(!others.is_empty()),
        other => panic!("not taken: {other:?}"),
    }
    assert_eq!(bench.tokens(), 1);
    assert!(bench.rig.clock_offset.is_some_and(|offset| offset.abs() < 2000));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_in_each_of_its_forms() {
    let nowhere = OnRampId::new("00000000-0000-4000-8000-000000000000").unwrap();
    let no_key = KeyId::new("00000000-0000-4000-8000-000000000000").unwrap();
    for as_400 in [false, true] {
        let mut bench = Bench::with_timeouts(brisk()).await;
        bench.simulator.set_switches(|switches| switches.not_found_as_400 = as_400);
        let failed = bench.rig.failure(Request::OnRamp(nowhere.clone())).await;
        assert_eq!(failed.cause, Cause::NotFound, "{failed}");
        assert!(failed.trace.is_some());
    }
    let mut bench = Bench::with_timeouts(brisk()).await;
    assert_eq!(bench.rig.failure(Request::Key(no_key)).await.cause, Cause::NotFound);
    bench.fault("GET /v2/product/*", raw(document("product-null")));
    assert_eq!(bench.rig.failure(Request::OnRamp(la2())).await.cause, Cause::NotFound);
    bench.fault("GET /v2/product/*", raw(document("product-vxc")));
    assert_eq!(bench.rig.failure(Request::OnRamp(la2())).await.cause, Cause::NotFound);
}

#[tokio::test]
async fn what_may_pass_is_tried_four_times_in_all() {
    for act in [
        status(502),
        status(503),
        status(504),
        Act::TooMany { retry_after: vec![RetryAfter::Text("soon".to_owned())] },
        Act::TooMany { retry_after: vec![RetryAfter::Seconds(99_999)] },
        Act::Reset,
        Act::CutShort { after_bytes: 500 },
        Act::Html { code: 502 },
    ] {
        let (bench, ended) = products_struck(Fault::new(PRODUCTS, act.clone()).times(3)).await;
        assert!(matches!(ended, Ok(Reply::Products(_))), "{act:?}");
        assert_eq!(tries(&bench), 4, "{act:?}");
        let (bench, ended) = products_struck(Fault::new(PRODUCTS, act.clone()).times(0)).await;
        assert!(ended.is_err(), "{act:?}");
        assert_eq!(tries(&bench), 4, "{act:?}");
    }
}

#[tokio::test]
async fn what_will_not_pass_is_tried_once() {
    let to = "http://127.0.0.1:9/elsewhere".to_owned();
    for (act, cause) in [
        (status(500), Cause::Server),
        (status(403), Cause::Forbidden),
        (status(405), Cause::Refused),
        // A wait longer than the retries is reported at once.
        (Act::TooMany { retry_after: vec![RetryAfter::Seconds(300)] }, Cause::RateLimited),
        (Act::Html { code: 200 }, Cause::Intermediary),
        (Act::Redirect { code: 307, to }, Cause::Intermediary),
        (Act::Hang, Cause::ConnectionLost),
        (raw("{\"data\":[".to_owned()), Cause::Unreadable),
        (raw("{}".to_owned()), Cause::Unreadable),
        (raw("{\"data\":\"no\"}".to_owned()), Cause::Unreadable),
    ] {
        let (bench, ended) = products_struck(Fault::new(PRODUCTS, act.clone()).times(0)).await;
        assert_eq!(ended, Err(cause), "{act:?}");
        assert_eq!(tries(&bench), 1, "{act:?}");
    }
}

#[tokio::test]
async fn repetitions_stop_when_their_budget_is_spent() {
    let mut timeouts = brisk();
    timeouts.pace.burst = 2;
    let mut bench = Bench::with_timeouts(timeouts).await;
    bench.simulator.push_fault(Fault::new(PRODUCTS, status(503)).times(0));
    for _ in 0..5 {
        assert_eq!(bench.rig.failure(Request::Products).await.cause, Cause::Server);
    }
    assert_eq!(tries(&bench), 5 + 2);
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let elsewhere = Bench::with_timeouts(brisk()).await;
    let to = format!("{}/v2/products", elsewhere.simulator.base_url());
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.fault(PRODUCTS, Act::Redirect { code: 307, to });
    let failed = bench.rig.failure(Request::Products).await;
    assert!(failed.happened.as_str().contains("127.0.0.1"), "{failed}");
    assert_eq!(elsewhere.simulator.requests(), []);
}

#[tokio::test]
async fn a_page_is_named_by_its_title() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let page = "<html><title>Log in to \u{1b}[31mHotel\u{202e}</title>";
    let content_type = Some("text/html".to_owned());
    bench.fault(PRODUCTS, Act::Raw { code: 200, body: page.to_owned(), content_type });
    let failed = bench.rig.failure(Request::Products).await;
    assert_eq!(failed.cause, Cause::Intermediary);
    assert!(failed.happened.as_str().contains("Log in to ^[[31mHotel<U+202E>"), "{failed}");
}

#[tokio::test]
async fn an_answer_without_end_is_cut_at_its_cap() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.fault("GET /v2/service/key/validate", Act::Flood);
    let key = KeyId::new("106e38ae-eb59-415f-ac81-526a5299851d").unwrap();
    let failed = bench.rig.failure(Request::ValidateKey(key)).await;
    assert_eq!(failed.cause, Cause::Unreadable);
    assert!(failed.happened.as_str().contains("256 KiB"), "{failed}");
    assert!(!format!("{failed:?}").contains("106e38ae"), "a key is no part of a message");
}

/// `{"message":"m","data":true}`, compressed.
const SMALL: &str = "H4sIAAAAAAACA6tWyk0tLk5MT1WyUspV0lFKSSxJVLIqKSpNrQUAS1YrihsAAAA=";
/// The same followed by 300 KiB of spaces.
const LARGE: &str = "\
    H4sIAAAAAAACA+3BsQmAMBQFwFXk1U6QbQJ+rNKYWIm7O4dwd09GzdnPSsvInqOvnrauu94NAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAfugDmfEaYBuwBAA=";

async fn compressed(body: &str) -> Result<Reply, Cause> {
    let packed = STANDARD.decode(body).unwrap();
    let base = parrot(response("Content-Encoding: gzip\r\n", &packed)).await;
    let token = format!("{base}/oauth2/token");
    let mut rig = ClientRig::for_urls(&base, &token, credentials("a", "b"), brisk());
    let key = KeyId::new("106e38ae-eb59-415f-ac81-526a5299851d").unwrap();
    rig.ask(Request::ValidateKey(key)).await.map_err(|failed| failed.cause)
}

#[tokio::test]
async fn caps_are_measured_after_decompression() {
    assert_eq!(compressed(SMALL).await, Ok(Reply::KeyIsValid(true)));
    assert_eq!(compressed(LARGE).await, Err(Cause::Unreadable));
}

#[tokio::test]
async fn entries_that_can_not_be_read_are_counted() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.fault(PRODUCTS, raw(document("products-quirks")));
    match bench.rig.ask(Request::Products).await {
        Ok(Reply::Products(list)) => {
            let places: Vec<_> = list.unread.iter().map(|unread| unread.position).collect();
            assert_eq!((list.entries.len(), places), (3, vec![4, 5]));
        }
        other => panic!("no list: {other:?}"),
    }
}

#[tokio::test]
async fn keys_of_other_on_ramps_are_omitted_but_lag_members_kept() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let mut members = on_ramps.iter().filter(|one| one.lag.is_some()).map(|one| &one.id);
    let (one, two) = (members.next().expect("a LAG"), members.next().expect("its member"));
    let key = |n: u8, on_ramp: &OnRampId| {
        format!(r#"{{"key":"5a3c9e10-77b4-4d2e-9f61-c0ffee0000{n:02}","productUid":"{on_ramp}"}}"#)
    };
    let listed = [key(1, one), key(2, two), key(3, &la2())].join(",");
    bench.fault("GET /v2/service/key", raw(format!(r#"{{"message":"","data":[{listed}]}}"#)));
    match bench.rig.ask(Request::KeysOf(one.clone())).await {
        Ok(Reply::KeysOf(_, list)) => {
            let of: Vec<_> = list.entries.iter().map(|key| &key.on_ramp).collect();
            assert_eq!(of, [one, two]);
        }
        other => panic!("no list: {other:?}"),
    }
    let asked = bench.simulator.requests().into_iter().next_back().expect("a request");
    assert_eq!(asked.query, format!("productIdOrUid={one}"));
}

#[tokio::test]
async fn progress_is_reported_during_a_large_reply() {
    let mut timeouts = brisk();
    timeouts.pace.progress = std::time::Duration::ZERO;
    let mut bench =
        Bench::with_options(Options::quiet(World::generated(200, 20, 7)), timeouts).await;
    assert!(bench.rig.on_ramps().await.len() >= 200);
    assert!(bench.rig.progress.len() > 1);
    assert!(bench.rig.progress.is_sorted());
    // A slow receiver misses some steps, the last one included.
    let whole = bench.simulator.products_body().len() as u64;
    let last = bench.rig.progress.last().expect("more than one");
    assert!((whole / 10..=whole).contains(last), "{last} of {whole}");
}

#[tokio::test]
async fn the_servers_clock_is_told() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.simulator.set_switches(|switches| switches.clock_offset_ms = 3_600_000);
    bench.rig.on_ramps().await;
    let offset = bench.rig.clock_offset.expect("a Date header");
    assert!((offset - 3_600_000).abs() < 2000, "{offset}");
}

#[tokio::test]
async fn a_host_that_can_not_be_reached_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let base = format!("http://{free}");
    let token = format!("{base}/oauth2/token");
    let mut rig = ClientRig::for_urls(&base, &token, credentials("a", "b"), brisk());
    let failed = rig.failure(Request::Products).await;
    assert_eq!((failed.cause, failed.doubt), (Cause::Unreachable, Doubt::NotSent));
    assert!(failed.happened.as_str().contains("127.0.0.1"), "{failed}");
}

#[tokio::test]
async fn a_client_without_handles_answers_what_was_asked_and_ends() {
    let bench = Bench::with_timeouts(brisk()).await;
    let Bench { simulator, mut rig } = bench;
    let id = rig.send(Request::Products).await;
    let rig = {
        let (gone, _events) = onramp::client::start(
            onramp::client::Config::loopback(
                &simulator.base_url(),
                &simulator.token_url(),
                credentials("a", "b"),
            )
            .unwrap(),
        );
        rig.client = gone;
        &mut rig
    };
    rig.end_of(id).await.expect("the reply");
    assert!(rig.has_ended().await);
}
