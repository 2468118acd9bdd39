//! Starting and stopping.

use onramp::simulator::{Options, StartError, World, start};

use crate::api_user::{client, quiet};

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let error = start(Options { listen, ..Options::quiet(World::demo()) }).await.unwrap_err();
    assert!(matches!(error, StartError::NotLoopback(_)));
    assert!(error.to_string().contains("use 127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_port_in_use_is_told_with_what_to_do() {
    let first = quiet().await;
    let listen = first.address();
    let error = start(Options { listen, ..Options::quiet(World::demo()) }).await.unwrap_err();
    assert!(error.to_string().contains("choose another port"), "{error}");
}

#[tokio::test]
async fn it_stops_serving_when_dropped() {
    let simulator = quiet().await;
    let url = simulator.base_url();
    assert!(client().get(&url).send().await.is_ok());
    drop(simulator);
    let deadline = std::time::Duration::from_secs(5);
    tokio::time::timeout(deadline, async { while client().get(&url).send().await.is_ok() {} })
        .await
        .unwrap();
}

#[tokio::test]
async fn secrets_are_new_with_each_start() {
    let (first, second) = (quiet().await, quiet().await);
    assert_ne!(first.client_secret(), second.client_secret());
    assert_ne!(first.customer(0), first.customer(1));
    assert!(first.customer(2).is_none());
}
