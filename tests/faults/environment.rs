//! The environment of one run: a simulator, its clock, disks, and the connection.

use std::{collections::BTreeSet, net::TcpListener, path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::{
    api::{
        Event,
        account::{EnvironmentKind, Session},
    },
    client::{Authority, Config, Credentials, Timeouts, Trust},
    domain::{ledger::Ledger, time::Timestamp},
    shell::{clock, store::journal},
    simulator::{self, Act, Fault, Options, Simulator, Switches, World},
};

use super::{
    disk::Disks,
    script::{ConnectionState, Run},
    tls::{TlsProxy, fixture},
};

/// The account of every user's journal.
pub(super) const JOURNAL: &str = "environment";

/// The world of one run.
pub(super) struct TestEnvironment {
    pub(super) simulator: Arc<Simulator>,
    pub(super) disks: Disks,
    /// Keys that existed at the start, or that another user has created.
    pub(super) others: BTreeSet<String>,
    /// The address that must never get a request.
    elsewhere: TcpListener,
    began: Timestamp,
    /// The shift of the clocks.
    ahead: Duration,
    state: TempDir,
    hangs: bool,
    proxy: Option<TlsProxy>,
}

impl TestEnvironment {
    pub(super) async fn open(run: &Run) -> Self {
        let mut options = Options::quiet(World::demo());
        options.switches = Switches { rate_limit: false, ..run.server.clone() };
        options.world.keys.extend(run.world_keys.iter().cloned());
        let simulator = Arc::new(simulator::start(options).await.expect("started"));
        let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
        elsewhere.set_nonblocking(true).expect("set");
        let endless = |fault: &Fault| matches!(fault.act, Act::Hang | Act::HangAfter { .. });
        let environment = Self {
            others: simulator.keys().iter().map(text_of).collect(),
            simulator,
            disks: Disks::default(),
            elsewhere,
            began: clock::now(),
            ahead: Duration::ZERO,
            state: TempDir::new().expect("a directory"),
            hangs: run.on.iter().any(endless),
            proxy: None,
        };
        run.on.iter().for_each(|fault| environment.goes_wrong(fault.clone()));
        environment
    }

    /// Injects a fault from now on. `{elsewhere}` stands for another host.
    pub(super) fn goes_wrong(&self, mut fault: Fault) {
        if let Act::Redirect { to, .. } = &mut fault.act {
            let other = self.elsewhere.local_addr().expect("bound");
            *to = to.replace("{elsewhere}", &format!("http://{other}"));
            *to = to.replace("{here}", &self.simulator.base_url());
        }
        self.simulator.push_fault(fault);
    }

    /// Returns whether the other host got a connection.
    pub(super) fn somebody_went_elsewhere(&self) -> bool {
        self.elsewhere.accept().is_ok()
    }

    /// Returns the time, by this host's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.began + self.ahead
    }

    /// Returns how far the host's clock is ahead of the client's.
    fn ahead_millis(&self) -> i64 {
        i64::try_from(self.ahead.as_millis()).expect("a short story")
    }

    /// Corrects the clock of an event: the client reads the real one, and the host's
    /// was moved since.
    pub(super) fn by_the_hosts_clock(&self, event: Event) -> Event {
        match event {
            Event::Done { id, result, clock_offset } => {
                let clock_offset = clock_offset.map(|offset| offset - self.ahead_millis());
                Event::Done { id, result, clock_offset }
            }
            other => other,
        }
    }

    /// Moves both clocks.
    pub(super) fn advance(&mut self, by: Duration) {
        self.ahead += by;
        self.simulator.advance(by);
    }

    /// Creates a key as another agent of the company.
    pub(super) fn other_agent(&mut self, on_ramp: &str, vlan: i64, label: &str) {
        let uid = World::demo().services.into_iter().find(|service| service.name == on_ramp);
        let uid = uid.unwrap_or_else(|| panic!("no on-ramp is called {on_ramp}")).uid;
        let made = self.simulator.other_agent(&uid, vlan, label).expect("it is free");
        self.others.insert(made);
    }

    /// Changes a key as another client of the account, which omits the fields it does
    /// not name.
    pub(super) async fn change_elsewhere(
        &self,
        on_ramp: &str,
        vlan: i64,
        sends: &serde_json::Map<String, Value>,
    ) {
        let service = World::demo().services.into_iter().find(|service| service.name == on_ramp);
        let uid = service.unwrap_or_else(|| panic!("no on-ramp is called {on_ramp}")).uid;
        let is_it = |key: &&Value| key["vlan"] == vlan && key["productUid"] == uid.as_str();
        let keys = self.simulator.keys();
        let key = keys.iter().find(is_it).unwrap_or_else(|| panic!("no key on VLAN {vlan}"));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let token = http
            .post(self.simulator.token_url())
            .basic_auth(self.simulator.client_id(), Some(self.simulator.client_secret()))
            .form(&[("grant_type", "client_credentials")])
            .send();
        let token: Value = token.await.expect("sent").json().await.expect("a token");
        let mut body = sends.clone();
        body.insert("key".to_owned(), key["key"].clone());
        body.insert("productUid".to_owned(), uid.into());
        let url = format!("{}/v2/service/key", self.simulator.base_url());
        let put = http.put(url).bearer_auth(token["access_token"].as_str().expect("text"));
        let body = Value::from(body).to_string();
        self.disks.slate().elsewhere.push(body.clone());
        let put = put.header("content-type", "application/json");
        let answer = put.body(body).send().await.expect("sent");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Returns the keys created by our requests.
    pub(super) fn ours(&self) -> Vec<Value> {
        let all = self.simulator.keys().into_iter();
        all.filter(|key| !self.others.contains(&text_of(key))).collect()
    }

    /// Returns the directory of a user's state.
    pub(super) fn directory(&self, user: &str) -> PathBuf {
        let directory = self.state.path().join(user);
        std::fs::create_dir_all(&directory).expect("made");
        directory
    }

    /// Returns every user's directory.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let all = std::fs::read_dir(self.state.path()).expect("listed");
        all.map(|entry| entry.expect("an entry").path()).collect()
    }

    /// Returns the contents of all journals.
    pub(super) fn ledgers(&self) -> Vec<Ledger> {
        let all = self.directories();
        all.iter().map(|user| journal::tests::ledger_in(user, JOURNAL)).collect()
    }

    /// Returns the configuration of a client on this connection.
    pub(super) fn config(&mut self, connection: &ConnectionState) -> Config {
        let credentials = Credentials {
            client_id: self.simulator.client_id().to_owned(),
            client_secret: self.simulator.client_secret().into(),
        };
        let (api, token) = (self.simulator.base_url(), self.simulator.token_url());
        let mut config = Config::loopback(&api, &token, credentials).expect("legal");
        config.timeouts = self.timeouts();
        let url = |text: &str| Url::parse(text).expect("a URL");
        match connection {
            ConnectionState::Well => {}
            ConnectionState::Refused => {
                let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
                let closed = closed.local_addr().expect("bound");
                config.api_url = url(&format!("http://{closed}"));
            }
            ConnectionState::NoName => {
                // No DNS query can be built from so long a name.
                config.api_url = url(&format!("http://{}.invalid", "a".repeat(64)));
            }
            ConnectionState::Tls(name) => {
                let proxy = TlsProxy::open(name, &self.simulator.address().to_string());
                config.api_url = url(&proxy.url);
                config.trust = if name == "good.pem" {
                    Trust::System
                } else {
                    let pem = std::fs::read(fixture("ca.pem")).expect("a certificate");
                    Trust::SystemAnd(Authority::parse("ca.pem", &pem).expect("one"))
                };
                self.proxy = Some(proxy);
            }
        }
        config
    }

    /// Returns the bytes sent to an untrusted server.
    pub(super) fn said_to_a_stranger(&self) -> u64 {
        self.proxy.as_ref().map_or(0, TlsProxy::said)
    }

    /// Waits of a few milliseconds; and where an answer never comes, the client
    /// gives up after a short while instead of a minute.
    fn timeouts(&self) -> Timeouts {
        let mut timeouts = Timeouts::default();
        timeouts.pace.first = Duration::from_millis(1);
        timeouts.pace.longest = Duration::from_millis(5);
        if self.hangs {
            timeouts.write = Duration::from_millis(400);
        }
        timeouts
    }
}

/// Returns a key's text.
pub(super) fn text_of(key: &Value) -> String {
    key["key"].as_str().expect("a key has a text").to_owned()
}

/// Returns the account shared by all users.
pub(super) fn session() -> Session {
    let host = "127.0.0.1:8080".to_owned();
    Session { environment: EnvironmentKind::Demo, host, ..Session::nowhere() }
}
