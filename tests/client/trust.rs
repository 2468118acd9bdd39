//! The servers that the client trusts: nothing is sent to any other.

use onramp::{
    api::{Cause, Failure, Request},
    client::{self, Authority, Config},
    domain::issuance::Doubt,
    simulator::{self, Options, Simulator, World},
};

use crate::{
    bench::{ClientRig, brisk, credentials, make, order},
    tls::{TlsProxy, fixture},
};

/// Creates a client that connects through `proxy`, and trusts `file` if given.
fn rig(simulator: &Simulator, proxy: &TlsProxy, file: Option<&str>) -> ClientRig {
    let known = credentials(simulator.client_id(), simulator.client_secret());
    let config = Config::for_urls(&proxy.url, &proxy.token_url(), known).unwrap();
    let read = |name| Authority::parse(name, &std::fs::read(fixture(name)).unwrap()).unwrap();
    let config = config.trusting(file.map(read));
    ClientRig::new(Config { timeouts: brisk(), ..config })
}

async fn simulator() -> Simulator {
    simulator::start(Options::quiet(World::demo())).await.unwrap()
}

async fn refused(simulator: &Simulator, name: &str, file: Option<&str>) -> Failure {
    let proxy = TlsProxy::open(name, &simulator.address().to_string());
    let failed = rig(simulator, &proxy, file).failure(Request::Products).await;
    assert!(proxy.came() > 0, "it was tried");
    assert_eq!(proxy.said(), 0, "and nothing was sent: {failed}");
    assert_eq!((failed.cause, failed.doubt), (Cause::Tls, Doubt::NotSent), "{failed}");
    failed
}

#[tokio::test]
async fn an_unknown_authority_gets_nothing_unless_its_file_is_named() {
    let simulator = simulator().await;
    let failed = refused(&simulator, "good.pem", None).await;
    let says = "its certificate is not signed by a CA that this host trusts";
    assert!(failed.happened.as_str().ends_with(says), "{failed}");
    assert!(failed.advice.as_str().contains("ca_file"), "{}", failed.advice);

    let proxy = TlsProxy::open("good.pem", &simulator.address().to_string());
    let mut rig = rig(&simulator, &proxy, Some("ca.pem"));
    let on_ramps = rig.on_ramps().await;
    rig.ask(make(order(&on_ramps, 900))).await.expect("writes believe it, too");
    assert!(proxy.said() > 0);
}

#[tokio::test]
async fn each_other_fault_of_a_certificate_has_words_of_its_own() {
    let simulator = simulator().await;
    for (name, says) in [
        ("other-name.pem", "its certificate is for another host name (other.example)"),
        ("expired.pem", "its certificate expired on 2020-02-01"),
        ("early.pem", "its certificate is valid from 2110-01-01"),
    ] {
        let failed = refused(&simulator, name, Some("ca.pem")).await;
        assert!(failed.happened.as_str().contains(says), "{name}: {failed}");
    }
}

#[tokio::test]
async fn write_to_an_untrusted_server_is_not_sent() {
    let simulator = simulator().await;
    let good = TlsProxy::open("good.pem", &simulator.address().to_string());
    let on_ramps = rig(&simulator, &good, Some("ca.pem")).on_ramps().await;
    let proxy = TlsProxy::open("expired.pem", &simulator.address().to_string());
    let mut rig = rig(&simulator, &proxy, Some("ca.pem"));
    let failed = rig.failure(make(order(&on_ramps, 900))).await;
    assert_eq!((failed.doubt, proxy.said()), (Doubt::NotSent, 0), "{failed}");
    assert_eq!(simulator.count("POST", "/v2/service/key"), 0);
}

#[tokio::test]
async fn what_is_only_tried_out_believes_the_same() {
    let simulator = simulator().await;
    let proxy = TlsProxy::open("good.pem", &simulator.address().to_string());
    let known = || credentials(simulator.client_id(), simulator.client_secret());
    let config = || Config::for_urls(&proxy.url, &proxy.token_url(), known()).unwrap();
    let failed = client::verify_credentials(config()).await.expect_err("unknown");
    assert_eq!((failed.cause, proxy.said()), (Cause::Tls, 0));
    let pem = std::fs::read(fixture("ca.pem")).unwrap();
    let config = config().trusting(Some(Authority::parse("ca.pem", &pem).unwrap()));
    client::verify_credentials(config).await.expect("believed");
}
