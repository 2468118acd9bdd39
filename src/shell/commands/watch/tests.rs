//! Watching, against a simulator in this process.

use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

use crate::{
    shell::{account, simulator::SimulatorOptions},
    simulator::{Simulator, faults_from_json},
};

use super::*;

/// A key on an on-ramp that is no LAG.
const LABEL: &str = "Giga Lighting, US-West, red";

/// The path that lists keys.
const KEYS: &str = "/v2/service/key";

async fn open() -> (ReadSession, Simulator) {
    let mut account = account::open_demo(&SimulatorOptions::default()).await.expect("a simulator");
    let simulator = account.simulator.take().expect("the demo's");
    simulator.set_switches(|switches| switches.rate_limit = false);
    (ReadSession::from_account(account), simulator)
}

fn plan(until: Until) -> WatchOptions {
    let timeout = Some(Duration::from_secs(20));
    WatchOptions { until, json: true, names: vec![LABEL.to_owned()], timeout }
}

/// Watches while `meanwhile` runs; returns the result and the output.
async fn watch_while(
    session: ReadSession,
    plan: &WatchOptions,
    meanwhile: impl Future<Output = ()>,
) -> (Result<(), ExitError>, Vec<Json>) {
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    let mut watching = Watch {
        session,
        reopen: None,
        plan,
        journal: JournalContent::default(),
        made: BTreeMap::new(),
        keys: None,
        real_delay: |wait| wait / 5_000,
        out: Box::new(move |text| {
            heard.lock().expect("ours").push_str(text);
            Ok(())
        }),
    };
    // The other tasks end with the watch.
    let meanwhile = async {
        meanwhile.await;
        std::future::pending().await
    };
    let ended = tokio::select! {
        ended = watching.run_with_timeout() => ended,
        ended = meanwhile => ended,
    };
    let said = said.lock().expect("ours");
    (ended, said.lines().map(|line| serde_json::from_str(line).expect("an object")).collect())
}

/// Waits until the keys were listed once more than so often.
async fn looked(simulator: &Simulator, after: usize) {
    while simulator.count("GET", KEYS) <= after {
        tokio::task::yield_now().await;
    }
}

/// Redeems the key as the customer.
fn redeem(simulator: &Simulator) {
    let keys = simulator.keys();
    let ours = keys.iter().find(|key| key["description"] == LABEL).expect("it is there");
    simulator.redeem(ours["key"].as_str().expect("its text")).expect("by the rules");
}

#[tokio::test]
async fn watch_until_used_reads_one_list_and_one_record_per_check() {
    let (session, simulator) = open().await;
    let plan = plan(Until::Used);
    let (ended, said) = watch_while(session, &plan, async {
        looked(&simulator, 2).await;
        redeem(&simulator);
    })
    .await;
    assert!(ended.is_ok(), "{ended:?}");
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((&said[0]["event"], &said[0]["done"]), (&"used".into(), &true.into()));
    assert_eq!(said[0]["label"], LABEL);
    assert!(said[0]["circuit_uid"].is_string(), "{said:?}");
    assert_eq!(simulator.count("GET", "/v2/products"), 1, "the whole list once");
    let seen = simulator.requests();
    let records = seen.iter().filter(|seen| seen.path.starts_with("/v2/product/")).count();
    assert_eq!(records, simulator.count("GET", KEYS) - 1, "one record a look");
    assert!(seen.iter().all(|seen| seen.method == "GET" || seen.path == "/oauth2/token"));
}

#[tokio::test]
async fn until_live_goes_on_to_the_circuit_that_is_live() {
    let (session, simulator) = open().await;
    let plan = plan(Until::Live);
    let (ended, said) = watch_while(session, &plan, async {
        looked(&simulator, 1).await;
        redeem(&simulator);
        looked(&simulator, simulator.count("GET", KEYS) + 1).await;
        simulator.advance(Duration::from_secs(3600));
    })
    .await;
    assert!(ended.is_ok(), "{ended:?}");
    assert_eq!((&said[0]["event"], &said[0]["done"]), (&"used".into(), &false.into()), "{said:?}");
    let last = said.last().expect("news");
    assert_eq!(
        (&last["circuit_status"], &last["done"]),
        (&"LIVE".into(), &true.into()),
        "{said:?}"
    );
}

#[tokio::test]
async fn failed_looks_are_survived() {
    let (session, simulator) = open().await;
    let plan = plan(Until::Used);
    let (ended, said) = watch_while(session, &plan, async {
        looked(&simulator, 0).await;
        let acts = r#"[{"match": "GET /v2/service/key", "act": {"status": {"code": 500}}},
                       {"match": "GET /v2/service/key", "act": {"html": {"code": 200}}}]"#;
        for fault in faults_from_json(acts, "test").expect("legal") {
            simulator.push_fault(fault);
        }
        looked(&simulator, 3).await;
        redeem(&simulator);
    })
    .await;
    assert!(ended.is_ok(), "{ended:?}");
    assert_eq!(said.len(), 1, "{said:?}");
}

#[tokio::test]
async fn unused_key_exits_124_at_the_timeout() {
    let (session, simulator) = open().await;
    let plan = WatchOptions { timeout: Some(Duration::from_millis(300)), ..plan(Until::Used) };
    let (ended, said) = watch_while(session, &plan, async {}).await;
    let ending = ended.expect_err("not used");
    assert_eq!(ending.code(), 124);
    assert_eq!(ending.to_string(), "1 key not used in time");
    assert!(said.is_empty() && simulator.count("GET", KEYS) > 0);
}

#[tokio::test]
async fn a_refused_key_pair_ends_it_with_3() {
    let (session, simulator) = open().await;
    let plan = plan(Until::Used);
    let (ended, _) = watch_while(session, &plan, async {
        looked(&simulator, 0).await;
        simulator.rotate_secret("another-secret");
    })
    .await;
    assert_eq!(ended.expect_err("refused").code(), 3);
}
