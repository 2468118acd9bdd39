//! Every fault has its effect on the network, not only in the log.

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use onramp::simulator::{Act, Commit, Fault, RetryAfter, Shape, Simulator, faults_from_json};
use serde_json::{Value, json};

use crate::api_user::{ApiUser, provider, wish};

const KEYS: &str = "/v2/service/key";

fn post(act: Act) -> Fault {
    Fault::new("POST /v2/service/key", act)
}

fn get(act: Act) -> Fault {
    Fault::new("GET /v2/service/key", act)
}

/// Returns the result of a POST: the error, or status and body as text.
async fn create(provider: &ApiUser, vlan: i64) -> Result<(u16, String), reqwest::Error> {
    let response = provider.request("POST", KEYS).json(&wish(vlan)).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

fn exists(simulator: &Simulator, vlan: i64) -> bool {
    simulator.keys().iter().any(|key| key["vlan"] == vlan && key["description"] == "Customer 1")
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

#[tokio::test]
async fn reset_commits_only_when_scripted() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(post(Act::Reset));
    simulator.push_fault(post(Act::Reset).commit(Commit::Before).nth(2));
    for (vlan, made) in [(301, false), (302, true)] {
        let error = create(&provider, vlan).await.unwrap_err();
        assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionReset), "{error:?}");
        assert_eq!(exists(&simulator, vlan), made);
    }
    assert_eq!(create(&provider, 303).await.unwrap().0, 200, "a fault strikes once");
    let statuses: Vec<_> = simulator.requests().iter().skip(1).map(|seen| seen.status).collect();
    assert_eq!(statuses, [None, None, Some(200)]);
    assert_eq!(simulator.count("POST", KEYS), 3);
}

#[tokio::test]
async fn a_lost_reply_leaves_a_key_and_a_closed_connection() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(post(Act::LostAfterCommit));
    let error = create(&provider, 301).await.unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert_ne!(io_kind(&error), Some(io::ErrorKind::ConnectionReset), "{error:?}");
    assert!(exists(&simulator, 301));
}

#[tokio::test]
async fn a_hung_call_never_answers_and_may_commit_later() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(post(Act::Hang).commit(Commit::AfterMs(30_000)));
    let request = provider.request("POST", KEYS).json(&wish(301));
    let error = request.timeout(Duration::from_secs(1)).send().await.unwrap_err();
    assert!(error.is_timeout());
    assert!(!exists(&simulator, 301));
    simulator.advance(Duration::from_secs(30));
    assert!(exists(&simulator, 301));
}

#[tokio::test]
async fn a_hung_call_ends_when_the_simulator_is_dropped() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(get(Act::Hang));
    let request = provider.request("GET", KEYS).send();
    let drop_when_seen = async {
        while simulator.count("GET", KEYS) == 0 {
            tokio::task::yield_now().await;
        }
        drop(simulator);
    };
    let (outcome, ()) = tokio::join!(request, drop_when_seen);
    assert!(!outcome.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_reply_can_stop_after_its_head() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(post(Act::HangAfter { bytes: 0 }));
    let request = provider.request("POST", KEYS).json(&wish(301)).timeout(Duration::from_secs(1));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap_err().is_timeout());
    assert!(exists(&simulator, 301));
}

#[tokio::test]
async fn a_body_cut_short_is_shorter_than_its_length() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(post(Act::CutShort { after_bytes: 60 }));
    let mut response = provider.request("POST", KEYS).json(&wish(301)).send().await.unwrap();
    assert!(response.content_length().unwrap() > 1000);
    let mut got = Vec::new();
    let error = loop {
        match response.chunk().await {
            Ok(Some(piece)) => got.extend_from_slice(&piece),
            Ok(None) => panic!("the body looked whole"),
            Err(error) => break error,
        }
    };
    assert_eq!(got.len(), 60, "{error:?}");
    assert!(exists(&simulator, 301));
}

#[tokio::test]
async fn a_slow_drip_comes_in_pieces_and_whole() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(get(Act::SlowDrip { bytes: 1000, every_ms: 20 }));
    #[expect(clippy::disallowed_methods, reason = "the test measures how long the reply took")]
    let started = Instant::now();
    let mut response = provider.request("GET", KEYS).send().await.unwrap();
    let (mut pieces, mut got) = (0, Vec::new());
    while let Some(piece) = response.chunk().await.unwrap() {
        pieces += 1;
        got.extend_from_slice(&piece);
    }
    assert!(pieces >= 3, "{pieces}");
    assert!(started.elapsed() >= Duration::from_millis(20 * 4));
    assert!(serde_json::from_slice::<Value>(&got).unwrap()["data"].is_array());
}

#[tokio::test]
async fn a_flood_has_no_end() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(get(Act::Flood));
    let mut response = provider.request("GET", KEYS).send().await.unwrap();
    assert_eq!(response.content_length(), None);
    let mut got = 0;
    while got < 4 << 20 {
        got += response.chunk().await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn errors_come_in_every_shape() {
    let (simulator, provider) = provider().await;
    let text = "no";
    let shapes = [
        (Shape::String, Some(json!("no"))),
        (Shape::Strings, Some(json!(["no", "A second complaint"]))),
        (Shape::Objects, Some(json!([{"message": "no", "field": "vlan"}]))),
        (Shape::Object, Some(json!({"message": "no"}))),
        (Shape::True, Some(json!(true))),
        (Shape::Null, Some(Value::Null)),
        (Shape::Empty, Some(json!(""))),
        (Shape::Absent, None),
    ];
    for (shape, expected) in shapes {
        let text = Some(text.to_owned());
        simulator.push_fault(post(Act::Status { code: 500, shape, text, retry_after: vec![] }));
        let (status, body) = create(&provider, 301).await.unwrap();
        let document: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, document.get("data")), (500, expected.as_ref()), "{shape:?}");
    }
    for (shape, starts) in
        [(Shape::Plain, "no"), (Shape::Html, "<!DOCTYPE html>"), (Shape::Nothing, "")]
    {
        let text = Some(text.to_owned());
        simulator.push_fault(post(Act::Status { code: 503, shape, text, retry_after: vec![] }));
        let (status, body) = create(&provider, 301).await.unwrap();
        assert!(status == 503 && body.starts_with(starts), "{shape:?} {body}");
        assert_eq!(body.is_empty(), shape == Shape::Nothing);
    }
    assert!(!exists(&simulator, 301));
}

#[tokio::test]
async fn html_stands_where_the_api_should_be() {
    let (simulator, provider) = provider().await;
    for code in [200, 502] {
        simulator.push_fault(get(Act::Html { code }));
        let response = provider.request("GET", KEYS).send().await.unwrap();
        assert_eq!(response.status(), code);
        assert_eq!(response.headers()["content-type"], "text/html");
        assert!(response.text().await.unwrap().starts_with('<'));
    }
}

#[tokio::test]
async fn a_401_in_mid_session_ends_that_token_only() {
    let (simulator, provider) = provider().await;
    let other = ApiUser::of_provider(&simulator).await;
    simulator.push_fault(get(Act::Unauthorized));
    assert_eq!(provider.get(KEYS).await.0, 401);
    assert_eq!(provider.get(KEYS).await.0, 401, "the token is revoked");
    assert_eq!(other.get(KEYS).await.0, 200);
}

#[tokio::test]
async fn a_429_says_when_to_come_back_in_any_manner() {
    let (simulator, provider) = provider().await;
    let in_30_s = RetryAfter::DateInS(30);
    let nonsense = RetryAfter::Text("soon".to_owned());
    simulator.push_fault(get(Act::TooMany { retry_after: vec![RetryAfter::Seconds(7)] }));
    simulator.push_fault(get(Act::TooMany { retry_after: vec![in_30_s] }).nth(2));
    simulator
        .push_fault(get(Act::TooMany { retry_after: vec![nonsense.clone(), nonsense] }).nth(3));
    simulator.push_fault(get(Act::TooMany { retry_after: vec![] }).nth(4));
    let mut headers = Vec::new();
    for _ in 0..4 {
        let response = provider.request("GET", KEYS).send().await.unwrap();
        assert_eq!(response.status(), 429);
        let found = response.headers().get_all("retry-after").iter();
        headers.push(found.map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>());
    }
    assert_eq!(headers[0], ["7"]);
    assert!(httpdate::parse_http_date(&headers[1][0]).is_ok());
    assert_eq!(headers[2], ["soon", "soon"]);
    assert!(headers[3].is_empty());
}

#[tokio::test]
async fn a_redirect_names_another_place() {
    let (simulator, provider) = provider().await;
    let to = "http://127.0.0.1:9/elsewhere".to_owned();
    simulator.push_fault(post(Act::Redirect { code: 307, to: to.clone() }));
    let response = provider.request("POST", KEYS).json(&wish(301)).send().await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], to);
    assert!(!exists(&simulator, 301));
}

#[tokio::test]
async fn replies_can_be_replaced_or_rewritten() {
    let (simulator, provider) = provider().await;
    let raw = Act::Raw { code: 204, body: String::new(), content_type: None };
    simulator.push_fault(post(raw).commit(Commit::Before));
    let rewrite =
        Act::Rewrite { find: "\"vlan\":302".to_owned(), replace: "\"vlan\":\"302\"".to_owned() };
    simulator.push_fault(post(rewrite).nth(2));
    assert_eq!(create(&provider, 301).await.unwrap(), (204, String::new()));
    assert!(exists(&simulator, 301));
    let (_, body) = create(&provider, 302).await.unwrap();
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(document["data"]["vlan"], "302");
}

#[tokio::test]
async fn a_fault_can_strike_for_ever_and_choose_by_query() {
    let (simulator, provider) = provider().await;
    let fault = Fault::new("GET /v2/service/key?key=", Act::Html { code: 502 });
    simulator.push_fault(fault.times(0));
    for _ in 0..3 {
        let lookup = provider.request("GET", "/v2/service/key?key=1").send().await.unwrap();
        assert_eq!(lookup.status(), 502);
    }
    assert_eq!(provider.get(KEYS).await.0, 200);
}

#[tokio::test]
async fn faults_queue_up_and_count_from_when_they_were_pushed() {
    let (simulator, provider) = provider().await;
    simulator.push_fault(get(Act::Html { code: 503 }).nth(3).times(2));
    simulator.push_fault(get(Act::Html { code: 501 }));
    simulator.push_fault(get(Act::Html { code: 502 }));
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let reply = provider.request("GET", KEYS).send().await.unwrap();
        statuses.push(reply.status().as_u16());
    }
    assert_eq!(statuses, [501, 502, 503, 503, 200, 200]);
    simulator.push_fault(get(Act::Html { code: 502 }).times(0));
    simulator.clear_faults();
    assert_eq!(provider.get(KEYS).await.0, 200);
}

#[test]
fn invalid_fault_file_is_reported_with_reason_and_place() {
    for (text, says) in [
        (r#"[{"match":"GET /x","act":"lost_after_comit"}]"#, "did you mean `lost_after_commit`?"),
        (r#"[{"match":"GET","act":"hang"}]"#, "expected a method and a path"),
        (r#"[{"match":"FETCH /x","act":"hang"}]"#, "expected a method and a path"),
        (r#"[{"match":"GET /x","act":{"status":503}}]"#, "an object with the members of `status`"),
        (r#"[{"act":"hang"}]"#, "missing field `match`"),
        (r#"{"match":"GET /x","act":"hang"}"#, "expected an array, found an object"),
        (r#"[{"match":"GET /x","act":"hang","nth":0}]"#, "a call, counted from 1"),
        (r#"[{"match":"GET /x","#, "the file ends before its JSON does"),
    ] {
        let wrong = faults_from_json(text, "f.json").expect_err("it is wrong").to_string();
        assert!(wrong.starts_with("f.json:1:") && wrong.contains(says), "{wrong}");
        assert!(!wrong.contains("Act::") && !wrong.contains("EOF"), "{wrong}");
    }
}
