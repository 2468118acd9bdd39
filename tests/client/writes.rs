//! Writes: sent once, and judged by how they ended.

use onramp::{
    api::{Cause, Failure, KeyChange, Reply, Request},
    domain::{
        id::KeyId,
        issuance::Doubt,
        key_order::KeyOrder,
        service_key::{KeyUse, ServiceKey},
        vlan::VlanTag,
    },
    simulator::{Act, Commit, Fault, Options, Shape, World},
};
use tokio::net::TcpListener;

use crate::bench::{
    Bench, ClientRig, brisk, changing, credentials, document, make, order, parrot, patience_for,
    response, status, untagged,
};

async fn made(rig: &mut ClientRig, order: KeyOrder) -> ServiceKey {
    match rig.ask(make(order)).await {
        Ok(Reply::Created(key)) => *key,
        other => panic!("no key: {other:?}"),
    }
}

/// Strikes the next POST with `fault`; how it ended, after exactly one POST.
async fn struck(fault: Fault) -> (Bench, Failure) {
    let mut bench = Bench::with_timeouts(patience_for(&fault.act)).await;
    let on_ramps = bench.rig.on_ramps().await;
    bench.simulator.push_fault(fault);
    let failed = bench.rig.failure(make(order(&on_ramps, 900))).await;
    // A later read proves that no request is still in flight.
    bench.rig.on_ramps().await;
    assert_eq!(bench.posts(), 1, "{failed:?}");
    (bench, failed)
}

const POST: &str = "POST /v2/service/key";

#[tokio::test]
async fn a_key_is_made_as_ordered() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let before = bench.simulator.keys().len();
    let order = order(&on_ramps, 900);
    let key = made(&mut bench.rig, order.clone()).await;
    assert_eq!(bench.simulator.keys().len(), before + 1);
    assert_eq!((&key.on_ramp, key.label.as_str()), (order.on_ramp(), order.label().as_str()));
    assert_eq!((key.rate, key.active), (Some(order.rate()), true));
    assert_eq!(bench.rig.ask(Request::Key(key.id.clone())).await, Ok(Reply::Key(Box::new(key))));
}

#[tokio::test]
async fn an_untagged_key_is_made_where_nothing_else_is() {
    let mut world = World::demo();
    world.vxcs.clear();
    world.keys.clear();
    let mut bench = Bench::with_options(Options::quiet(world), brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let order = untagged(&on_ramps).expect("an empty on-ramp");
    let key = made(&mut bench.rig, order).await;
    assert_eq!(key.usage, KeyUse::Single(VlanTag::Untagged));
}

#[tokio::test]
async fn every_write_gets_a_connection_of_its_own() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    for vlan in [900, 901, 902] {
        made(&mut bench.rig, order(&on_ramps, vlan)).await;
    }
    let seen = bench.simulator.requests();
    let is_write = |post: &&onramp::simulator::LoggedRequest| post.path == "/v2/service/key";
    for post in seen.iter().filter(is_write) {
        let shared = seen.iter().filter(|other| other.connection == post.connection).count();
        assert_eq!(shared, 1);
    }
}

#[tokio::test]
async fn refusals_in_the_apis_own_words_are_refusals() {
    for (code, cause) in [
        (400, Cause::Refused),
        (403, Cause::Forbidden),
        (404, Cause::NotFound),
        (409, Cause::Refused),
        (422, Cause::Refused),
    ] {
        let (_, failed) = struck(Fault::new(POST, status(code))).await;
        assert_eq!((failed.doubt, failed.cause), (Doubt::Refused, cause), "{code}");
    }
}

#[tokio::test]
async fn a_taken_vlan_is_refused_in_the_vendors_words() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    made(&mut bench.rig, order(&on_ramps, 900)).await;
    let failed = bench.rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.doubt, failed.cause), (Doubt::Refused, Cause::Refused));
    assert!(failed.happened.as_str().contains("900"), "{failed}");
    assert!(failed.trace.is_some());
}

#[tokio::test]
async fn a_refusal_without_the_apis_envelope_proves_nothing() {
    for shape in [Shape::Plain, Shape::Html, Shape::Nothing] {
        for code in [400, 401, 403, 429] {
            let act = Act::Status { code, shape, text: None, retry_after: vec![] };
            let (_, failed) = struck(Fault::new(POST, act)).await;
            assert_eq!(failed.doubt, Doubt::Unknown, "{code} {shape:?}");
            let words = failed.happened.as_str();
            assert!(!words.contains("refused") && !words.contains("not allowed"), "{words}");
        }
    }
}

#[tokio::test]
async fn too_many_requests_means_not_processed() {
    let act = Act::TooMany { retry_after: vec![] };
    let (_, failed) = struck(Fault::new(POST, act)).await;
    assert_eq!((failed.doubt, failed.cause), (Doubt::NotProcessed, Cause::RateLimited));
}

#[tokio::test]
async fn a_refused_token_means_not_processed() {
    let (_, failed) = struck(Fault::new(POST, Act::Unauthorized)).await;
    assert_eq!((failed.doubt, failed.cause), (Doubt::NotProcessed, Cause::Credentials));
}

#[tokio::test]
async fn everything_else_may_have_made_the_key_and_is_sent_once() {
    let redirect = |code| Act::Redirect { code, to: "http://127.0.0.1:9/elsewhere".to_owned() };
    for (act, cause) in [
        (status(408), Cause::Server),
        (status(425), Cause::Server),
        (status(500), Cause::Server),
        (status(502), Cause::Server),
        (status(503), Cause::Server),
        (status(504), Cause::Server),
        (Act::Html { code: 200 }, Cause::Intermediary),
        (Act::Html { code: 502 }, Cause::Intermediary),
        (redirect(302), Cause::Intermediary),
        (redirect(307), Cause::Intermediary),
        (redirect(308), Cause::Intermediary),
        (Act::Reset, Cause::ConnectionLost),
        (Act::Close, Cause::ConnectionLost),
        (Act::Hang, Cause::ConnectionLost),
        (Act::HangAfter { bytes: 40 }, Cause::ConnectionLost),
        (Act::CutShort { after_bytes: 90 }, Cause::ConnectionLost),
        (Act::LostAfterCommit, Cause::ConnectionLost),
    ] {
        let (_, failed) = struck(Fault::new(POST, act.clone())).await;
        assert_eq!((failed.doubt, failed.cause), (Doubt::Unknown, cause), "{act:?}");
    }
}

#[tokio::test]
async fn a_key_whose_reply_is_lost_is_at_the_server_all_the_same() {
    for fault in [
        Fault::new(POST, Act::LostAfterCommit),
        Fault::new(POST, status(500)).commit(Commit::Before),
        Fault::new(POST, Act::Reset).commit(Commit::Before),
    ] {
        let (bench, failed) = struck(fault).await;
        assert_eq!(failed.doubt, Doubt::Unknown);
        let label = |key: &&serde_json::Value| key["description"] == "Customer 9 #k7f3q9";
        assert_eq!(bench.simulator.keys().iter().filter(label).count(), 1);
    }
}

#[tokio::test]
async fn an_odd_reply_with_one_whole_key_is_a_key() {
    for (find, replace) in [
        (r#""vlan":900"#, r#""vlan":"900""#),
        (r#""active":true"#, r#""active":1,"active":true,"surprise":[[]]"#),
        (r#""description":"#, r#""vlan":{"odd":1},"description":"#),
        (r#""maxSpeed":500"#, r#""maxSpeed":1e999"#),
    ] {
        let mut bench = Bench::with_timeouts(brisk()).await;
        let on_ramps = bench.rig.on_ramps().await;
        let (find, replace) = (find.to_owned(), replace.to_owned());
        bench.fault(POST, Act::Rewrite { find, replace: replace.clone() });
        let key = made(&mut bench.rig, order(&on_ramps, 900)).await;
        let exists = |known: &&serde_json::Value| known["key"] == key.id.reveal();
        assert_eq!(bench.simulator.keys().iter().filter(exists).count(), 1, "{replace}");
    }
}

async fn reply_to_an_order(reply: Vec<u8>) -> Result<Reply, Failure> {
    let on_ramps = Bench::with_timeouts(brisk()).await.rig.on_ramps().await;
    let base = parrot(reply).await;
    let token = format!("{base}/oauth2/token");
    let mut rig = ClientRig::for_urls(&base, &token, credentials("a", "b"), brisk());
    rig.ask(make(order(&on_ramps, 900))).await
}

#[tokio::test]
async fn a_whole_document_counts_though_the_line_broke_behind_it() {
    let body = document("key-create-reply");
    let promised = body.len() + 100;
    let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {promised}\r\n\r\n{body}");
    assert!(matches!(reply_to_an_order(reply.into_bytes()).await, Ok(Reply::Created(_))));
    let marked = [b"\xef\xbb\xbf", body.as_bytes()].concat();
    let reply = response("Content-Type: text/plain\r\n", &marked);
    assert!(matches!(reply_to_an_order(reply).await, Ok(Reply::Created(_))));
}

#[tokio::test]
async fn a_success_without_one_whole_key_is_unknown() {
    let whole = document("key-create-reply");
    let other = whole.replacen(
        r#""key": "106e38ae"#,
        r#""key": "206e38ae-eb59-415f-ac81-526a5299851d", "key": "106e38ae"#,
        1,
    );
    let partial = whole.replace("526a5299851d\"", "526a\"");
    let bodies = ["", "{}", r#"{"data":{}}"#, r#"{"data":null}"#, &other, &partial, &whole[..200]];
    for body in bodies {
        let failed = reply_to_an_order(response("", body.as_bytes())).await.expect_err("no key");
        assert_eq!((failed.doubt, failed.cause), (Doubt::Unknown, Cause::Unreadable), "{body}");
        assert!(!failed.happened.as_str().contains("06e38ae"), "prose is no key: {failed}");
    }
}

#[tokio::test]
async fn what_never_left_this_host_is_not_sent() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let known = credentials(bench.simulator.client_id(), bench.simulator.client_secret());
    let nowhere = format!("http://{free}");
    let mut rig = ClientRig::for_urls(&nowhere, &bench.simulator.token_url(), known, brisk());
    let failed = rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.doubt, failed.cause), (Doubt::NotSent, Cause::Unreachable));
}

#[tokio::test]
async fn a_host_that_does_not_speak_tls_is_sent_nothing() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let seen = bench.simulator.requests().len();
    let known = credentials(bench.simulator.client_id(), bench.simulator.client_secret());
    let encrypted = bench.simulator.base_url().replace("http:", "https:");
    let mut rig = ClientRig::for_urls(&encrypted, &bench.simulator.token_url(), known, brisk());
    let failed = rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.doubt, failed.cause), (Doubt::NotSent, Cause::Tls), "{failed}");
    assert!(bench.simulator.requests().len() <= seen + 1, "at most a token");
}

#[tokio::test]
async fn a_key_is_switched_off_and_nothing_else_changes() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let key = made(&mut bench.rig, order(&on_ramps, 900)).await;
    let off = KeyChange { active: Some(false), ..KeyChange::new(key.id.clone()) };
    let changed = match bench.rig.ask(changing(off)).await {
        Ok(Reply::Updated(changed)) => *changed,
        other => panic!("no change: {other:?}"),
    };
    let valid = changed.valid;
    assert_eq!(changed, ServiceKey { active: false, valid, ..key });
    assert_eq!(bench.simulator.count("PUT", "/v2/service/key"), 1);
}

#[tokio::test]
async fn a_change_that_goes_wrong_is_sent_once() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let key = made(&mut bench.rig, order(&on_ramps, 900)).await;
    let off = KeyChange { active: Some(false), ..KeyChange::new(key.id.clone()) };
    for (act, doubt) in [
        (status(500), Doubt::Unknown),
        (Act::Reset, Doubt::Unknown),
        (status(403), Doubt::Refused),
        (Act::TooMany { retry_after: vec![] }, Doubt::NotProcessed),
    ] {
        let before = bench.simulator.count("PUT", "/v2/service/key");
        bench.fault("PUT /v2/service/key", act.clone());
        let failed = bench.rig.failure(changing(off.clone())).await;
        assert_eq!(failed.doubt, doubt, "{act:?}");
        assert_eq!(bench.simulator.count("PUT", "/v2/service/key"), before + 1);
    }
}

#[tokio::test]
async fn f85_key_disabled_without_a_reply_is_disabled_when_reread() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let key = made(&mut bench.rig, order(&on_ramps, 900)).await;
    let fault = Fault::new("PUT /v2/service/key", Act::Reset).commit(Commit::Before);
    bench.simulator.push_fault(fault);
    let off = KeyChange { active: Some(false), ..KeyChange::new(key.id.clone()) };
    let failed = bench.rig.failure(changing(off.clone())).await;
    assert_eq!(failed.doubt, Doubt::Unknown, "{failed}");
    let read = match bench.rig.ask(Request::Key(key.id.clone())).await {
        Ok(Reply::Key(read)) => *read,
        other => panic!("no key: {other:?}"),
    };
    let off_now = ServiceKey { active: false, valid: read.valid, ..key };
    assert_eq!(read, off_now, "it is off, and nothing else has changed");
    assert_eq!(bench.simulator.count("PUT", "/v2/service/key"), 1);
    // Disabling it twice does no harm.
    let again = bench.rig.ask(changing(off)).await;
    assert_eq!(again, Ok(Reply::Updated(Box::new(off_now))));
    assert_eq!(bench.simulator.count("PUT", "/v2/service/key"), 2);
}

#[tokio::test]
async fn f86_change_sends_every_field_even_if_the_label_is_lost() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let key = made(&mut bench.rig, order(&on_ramps, 900)).await;
    bench.simulator.set_switches(|switches| switches.keep_description = false);
    let off = KeyChange { active: Some(false), ..KeyChange::new(key.id.clone()) };
    let changed = match bench.rig.ask(changing(off)).await {
        Ok(Reply::Updated(changed)) => *changed,
        other => panic!("no change: {other:?}"),
    };
    assert!(changed.label.is_empty(), "the server has lost it");
    let (label, valid) = (changed.label.clone(), changed.valid);
    assert_eq!(changed, ServiceKey { active: false, label, valid, ..key.clone() });
    let seen = bench.simulator.requests();
    let puts: Vec<_> = seen.iter().filter(|seen| seen.method == "PUT").collect();
    assert_eq!(puts.len(), 1);
    let body: serde_json::Value = serde_json::from_str(&puts[0].body).expect("JSON");
    assert_eq!(body["description"], key.label.as_str(), "it was not us");
    assert_eq!((&body["singleUse"], &body["active"]), (&true.into(), &false.into()));
}

#[tokio::test]
async fn a_change_of_a_key_that_is_not_there_sends_nothing() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let unknown = KeyId::new("00000000-0000-4000-8000-000000000000").unwrap();
    let failed = bench.rig.failure(changing(KeyChange::new(unknown))).await;
    assert_eq!((failed.cause, failed.doubt), (Cause::NotFound, Doubt::NotSent));
    assert_eq!(bench.simulator.count("PUT", "/v2/service/key"), 0);
}
