//! A client of the simulator, or of a server with fixed answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use onramp::{
    api::{Called, Event, Failure, KeyChange, Mode, Permit, Reply, Request, RequestId, Write},
    client::{self, Client, Config, Credentials, Timeouts},
    domain::{
        alteration::{Alteration, Subject},
        fingerprint::Fingerprint,
        id::OnRampId,
        intent::{ForWhom, Intent, IntentId, Realm},
        key_order::{Choice, Draft, KeyOrder, Lifetime},
        on_ramp::OnRamp,
        place::Zone,
        time::Timestamp,
        units::Mbps,
        vlan::VlanId,
        vlan_map::VlanMap,
    },
    simulator::{self, Act, Fault, Options, Simulator, World},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::Receiver,
};

pub(crate) const LA2: &str = "8611b645-ea50-46eb-b400-1c2fb858a303";

/// Waits of a few milliseconds, so that no test waits for long.
pub(crate) fn brisk() -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.pace.first = Duration::from_millis(1);
    timeouts.pace.longest = Duration::from_millis(5);
    timeouts
}

/// Like [`brisk`], but with a short timeout if `act` never ends. Any other act keeps
/// its time, so that a busy machine changes no outcome.
pub(crate) fn patience_for(act: &Act) -> Timeouts {
    let short = Duration::from_millis(400);
    match act {
        Act::Hang | Act::HangAfter { .. } => Timeouts { products: short, write: short, ..brisk() },
        _ => brisk(),
    }
}

pub(crate) fn credentials(id: &str, secret: &str) -> Credentials {
    Credentials { client_id: id.to_owned(), client_secret: secret.to_owned().into() }
}

/// A running client and its events.
#[derive(Debug)]
pub(crate) struct ClientRig {
    pub(crate) client: Client,
    events: Receiver<Event>,
    last: u64,
    /// Replies that came while another one was waited for.
    early: BTreeMap<RequestId, Result<Reply, Failure>>,
    pub(crate) progress: Vec<u64>,
    pub(crate) calls: Vec<Called>,
    pub(crate) waits: Vec<Duration>,
    /// The reported times for which refused credentials are not retried.
    pub(crate) sign_in_waits: Vec<Duration>,
    pub(crate) clock_offset: Option<i64>,
}

/// Something asked or changed.
pub(crate) enum Asked {
    Read(Request),
    Write(Write),
}

impl From<Request> for Asked {
    fn from(request: Request) -> Self {
        Self::Read(request)
    }
}

impl From<Write> for Asked {
    fn from(write: Write) -> Self {
        Self::Write(write)
    }
}

impl ClientRig {
    pub(crate) fn for_urls(
        api: &str,
        token: &str,
        credentials: Credentials,
        timeouts: Timeouts,
    ) -> Self {
        let config = Config::loopback(api, token, credentials).unwrap();
        Self::new(Config { timeouts, ..config })
    }

    pub(crate) fn new(config: Config) -> Self {
        let (client, events) = client::start(config);
        let early = BTreeMap::new();
        let (progress, calls) = (vec![], vec![]);
        let (waits, sign_in_waits) = (vec![], vec![]);
        let (last, clock_offset) = (0, None);
        Self { client, events, last, early, progress, calls, waits, sign_in_waits, clock_offset }
    }

    /// Hands a request over, or a change with a permit for it.
    pub(crate) async fn send(&mut self, asked: impl Into<Asked>) -> RequestId {
        self.last += 1;
        let id = RequestId(self.last);
        match asked.into() {
            Asked::Read(request) => self.client.send(id, request).await.unwrap(),
            Asked::Write(write) => {
                let permit = Permit::for_mode(Mode::ReadWrite).unwrap();
                self.client.writer(permit).try_send(id, write).unwrap();
            }
        }
        id
    }

    /// Waits for the end of a request.
    pub(crate) async fn end_of(&mut self, wanted: RequestId) -> Result<Reply, Failure> {
        loop {
            if let Some(result) = self.early.remove(&wanted) {
                return result;
            }
            match self.events.recv().await.expect("the client task lives") {
                Event::Progress { bytes, .. } => self.progress.push(bytes),
                Event::Called(called) => self.calls.push(called),
                Event::Wait(wait) => self.waits.push(wait),
                Event::SignInWaits(wait) => self.sign_in_waits.push(wait),
                Event::Done { id, result, clock_offset } => {
                    self.clock_offset = clock_offset.or(self.clock_offset);
                    assert!(self.early.insert(id, result).is_none(), "{id} ended twice");
                }
            }
        }
    }

    pub(crate) async fn ask(&mut self, request: impl Into<Asked>) -> Result<Reply, Failure> {
        let id = self.send(request).await;
        self.end_of(id).await
    }

    pub(crate) async fn on_ramps(&mut self) -> Vec<OnRamp> {
        match self.ask(Request::Products).await {
            Ok(Reply::Products(list)) => list.entries,
            other => panic!("no list of on-ramps: {other:?}"),
        }
    }

    /// Returns whether the client task ends without another word.
    pub(crate) async fn has_ended(&mut self) -> bool {
        self.events.recv().await.is_none()
    }

    pub(crate) async fn failure(&mut self, request: impl Into<Asked>) -> Failure {
        self.ask(request).await.expect_err("a failure")
    }
}

/// A client at a simulator.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) rig: ClientRig,
}

impl Bench {
    pub(crate) async fn with_timeouts(timeouts: Timeouts) -> Self {
        Self::with_options(Options::quiet(World::demo()), timeouts).await
    }

    pub(crate) async fn with_options(options: Options, timeouts: Timeouts) -> Self {
        let simulator = simulator::start(options).await.unwrap();
        let known = credentials(simulator.client_id(), simulator.client_secret());
        let rig =
            ClientRig::for_urls(&simulator.base_url(), &simulator.token_url(), known, timeouts);
        Self { simulator, rig }
    }

    pub(crate) fn fault(&self, pattern: &str, act: Act) {
        self.simulator.push_fault(Fault::new(pattern, act));
    }

    pub(crate) fn tokens(&self) -> usize {
        self.simulator.count("POST", "/oauth2/token")
    }

    pub(crate) fn posts(&self) -> usize {
        self.simulator.count("POST", "/v2/service/key")
    }
}

pub(crate) fn la2() -> OnRampId {
    OnRampId::new(LA2).unwrap()
}

/// Returns a single-use order for LA 2 on `vlan`.
pub(crate) fn order(on_ramps: &[OnRamp], vlan: u16) -> KeyOrder {
    let on_ramp = on_ramps.iter().find(|one| one.id == la2()).expect("LA 2");
    let now = Timestamp::from_millis(1_752_019_200_000);
    let draft = Draft {
        label: "Customer 9 #k7f3q9".to_owned(),
        usage: Choice::Tagged,
        vlan: VlanId::new(vlan).ok(),
        rate: Ok(Mbps::new(500)),
        lifetime: Lifetime::OpenEnded,
        active: true,
        pre_approved: true,
    };
    draft.check(on_ramp, &VlanMap::new(on_ramp, [], true, now), now).unwrap()
}

/// Returns an untagged order for an on-ramp with nothing on it; `None` where each has
/// something.
pub(crate) fn untagged(on_ramps: &[OnRamp]) -> Option<KeyOrder> {
    let now = Timestamp::from_millis(1_752_019_200_000);
    let draft = Draft {
        label: "Customer 9 #k7f3q9".to_owned(),
        usage: Choice::Untagged,
        vlan: None,
        rate: Ok(Mbps::new(500)),
        lifetime: Lifetime::OpenEnded,
        active: true,
        pre_approved: true,
    };
    let order =
        |on_ramp: &OnRamp| draft.check(on_ramp, &VlanMap::new(on_ramp, [], true, now), now).ok();
    on_ramps.iter().find_map(order)
}

/// Builds the request to create the key of `order`.
pub(crate) fn make(order: KeyOrder) -> Write {
    let intent = Intent {
        id: IntentId(1),
        realm: Realm::default(),
        on_ramp_name: "LA 2".into(),
        zone: Zone::Red,
        for_whom: ForWhom::default(),
        before: BTreeSet::new(),
        prepared_at: Timestamp::from_millis(1_752_019_200_000),
        part: None,
        order,
    };
    Write::CreateKey { intent: Box::new(intent), attempt: 1 }
}

/// Returns the request to change a key.
pub(crate) fn changing(change: KeyChange) -> Write {
    let subject = Subject::Key(Fingerprint::of_key(&change.key));
    let (name, what) = ("ACME".into(), "active → disabled".into());
    Write::UpdateKey(
        change,
        Box::new(Alteration { id: IntentId(2), subject, name, what, to: None }),
    )
}

pub(crate) fn status(code: u16) -> Act {
    Act::Status { code, shape: simulator::Shape::String, text: None, retry_after: vec![] }
}

/// Returns a document of `tests/contract`.
pub(crate) fn document(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    std::fs::read_to_string(folder.join(name).with_extension("json")).unwrap()
}

pub(crate) fn raw(body: String) -> Act {
    Act::Raw { code: 200, body, content_type: None }
}

/// Returns a server that issues tokens and answers everything else with `reply`, byte
/// for byte, then closes.
pub(crate) async fn parrot(reply: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, reply.clone()));
        }
    });
    format!("http://{address}")
}

async fn converse(mut stream: TcpStream, reply: Vec<u8>) {
    let mut heard = Vec::new();
    while !is_complete(&heard) {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(n) if n > 0 => heard.extend_from_slice(&piece[..n]),
            _ => return,
        }
    }
    let token = br#"{"access_token":"t","expires_in":86400}"#;
    let said = if heard.starts_with(b"POST /oauth2/token") { response("", token) } else { reply };
    _ = stream.write_all(&said).await;
    _ = stream.shutdown().await;
}

fn is_complete(heard: &[u8]) -> bool {
    let text = String::from_utf8_lossy(heard).to_ascii_lowercase();
    let Some((top, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = top.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
}

/// Returns a whole 200 with `headers`, each ended by a line break.
pub(crate) fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
