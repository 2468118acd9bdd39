//! No byte of a request is sent before its record is on the disk.

mod account_change;

use std::{
    collections::BTreeSet,
    io,
    sync::mpsc::{Receiver, Sender, channel},
};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::{
    api::{Event, KeyChange, Mode, Reply, Request, account::Session},
    client::{Config, Credentials},
    domain::{
        alteration::{Alteration, Subject},
        fingerprint::Fingerprint,
        id::KeyId,
        intent::{ForWhom, Intent, IntentId, Realm},
        key_order::{Choice, Draft, Lifetime},
        on_ramp::OnRamp,
        units::Mbps,
        vlan::VlanId,
        vlan_map::VlanMap,
    },
    shell::store::journal::{
        session::Sessions,
        storage::{JournalFiles, Opener, Storage},
        tests::Disk,
    },
    simulator::{self, Options, Simulator, World},
};

use super::*;

/// A disk of which every sync waits for the test.
struct Gated {
    disk: Disk,
    gate: Receiver<()>,
}

impl Storage for Gated {
    fn lock(&mut self) -> Result<(), String> {
        self.disk.lock()
    }

    fn unlock(&mut self) {
        self.disk.unlock();
    }

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        self.disk.read(at)
    }

    fn reserve(&mut self) -> io::Result<()> {
        self.disk.reserve()
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.disk.append(line)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.gate.recv().map_err(io::Error::other)?;
        self.disk.sync()
    }

    fn cut(&mut self, at: u64, torn: &[u8]) -> io::Result<()> {
        self.disk.cut(at, torn)
    }

    fn name(&self) -> String {
        self.disk.name()
    }
}

/// Opens such a disk once.
struct GatedOnce(Disk, Option<Receiver<()>>);

impl Opener for GatedOnce {
    fn media(&mut self, _: Mode) -> Result<JournalFiles, String> {
        let gate = self.1.take().ok_or("opened twice")?;
        Ok(JournalFiles::single(Box::new(Gated { disk: self.0.clone(), gate })))
    }

    fn session(&mut self) -> Result<Box<dyn Sessions>, String> {
        Ok(self.0.session())
    }
}

struct PortsRig {
    simulator: Simulator,
    ports: Ports,
    reports: UnboundedReceiver<PortReport>,
    /// Puts a report where the ports put theirs.
    report: Arc<dyn Fn(PortReport) + Send + Sync>,
    /// Events that arrived while another one was awaited.
    early: Vec<Event>,
    words: Vec<journal::Event>,
    disk: Disk,
    /// The sender that allows one sync.
    syncs: Sender<()>,
    on_ramps: Vec<OnRamp>,
}

impl PortsRig {
    async fn open() -> Self {
        let simulator = simulator::start(Options::quiet(World::demo())).await.expect("started");
        let credentials = Credentials {
            client_id: simulator.client_id().to_owned(),
            client_secret: simulator.client_secret().into(),
        };
        let (api, token) = (simulator.base_url(), simulator.token_url());
        let config = Config::loopback(&api, &token, credentials).expect("legal");
        let (sender, reports) = unbounded_channel();
        let for_task = sender.clone();
        let report: Arc<dyn Fn(PortReport) + Send + Sync> =
            Arc::new(move |report| drop(sender.send(report)));
        let from_task = Arc::new(move |report| -> Sending {
            drop(for_task.send(report));
            Box::pin(std::future::ready(()))
        });
        let mut ports = Ports::new(Reporter { from_thread: Arc::clone(&report), from_task });
        let (disk, (syncs, gate)) = (Disk::default(), channel());
        ports.use_account(&demo(), config, audit::AuditSetting::default(), None);
        ports.journal = Some((JournalLocation::Memory, journal_on(&disk, gate, 9, &report)));
        // The first line states the format.
        syncs.send(()).expect("the journal lives");
        let (early, words, on_ramps) = (vec![], vec![], vec![]);
        let mut bench =
            Self { simulator, ports, reports, report, early, words, disk, syncs, on_ramps };
        bench.perform(Effect::SetMode(Mode::ReadWrite));
        assert!(
            matches!(bench.journal_event().await, journal::Event::Opened(opened) if opened.unusable.is_none())
        );
        bench.on_ramps = bench.read().await;
        bench
    }

    fn perform(&mut self, effect: Effect) -> Option<Event> {
        self.ports.perform(effect).expect("performed")
    }

    /// Receives the next report.
    async fn receive_report(&mut self) {
        let report = self.reports.recv().await.expect("a report");
        match self.ports.take_report(report) {
            Some(FrontEndEvent::Journal(event)) => self.words.push(event),
            Some(FrontEndEvent::Api(event)) => self.early.push(event),
            Some(FrontEndEvent::Audit(_)) | None => {}
        }
    }

    /// Returns the next word of the journal.
    async fn journal_event(&mut self) -> journal::Event {
        while self.words.is_empty() {
            self.receive_report().await;
        }
        self.words.remove(0)
    }

    async fn done(&mut self, wanted: RequestId) -> Result<Reply, Failure> {
        loop {
            let is = |event: &Event| matches!(event, Event::Done { id, .. } if *id == wanted);
            match self.early.iter().position(is).map(|at| self.early.remove(at)) {
                Some(Event::Done { result, .. }) => return result,
                _ => self.receive_report().await,
            }
        }
    }

    /// Reads once: all earlier requests have reached the server by then.
    async fn read(&mut self) -> Vec<OnRamp> {
        let id = RequestId(1_000 + u64::from(fastrand::u32(..)));
        self.perform(Effect::Ask(id, Request::Products));
        match self.done(id).await {
            Ok(Reply::Products(list)) => list.entries,
            other => panic!("no list: {other:?}"),
        }
    }

    /// Asks for a key on VLAN 900.
    fn order(&mut self, id: RequestId) {
        let on_ramp = self.on_ramps.iter().find(|one| one.id.as_str() == LA2).expect("LA 2");
        let at = Timestamp::from_millis(self.simulator.now());
        let draft = Draft {
            label: "ACME".to_owned(),
            usage: Choice::Tagged,
            vlan: VlanId::new(900).ok(),
            rate: Ok(Mbps::new(100)),
            lifetime: Lifetime::OpenEnded,
            active: true,
            pre_approved: false,
        };
        let order = draft.check(on_ramp, &VlanMap::new(on_ramp, [], true, at), at).expect("legal");
        let intent = Intent {
            id: IntentId(id.0),
            realm: Realm::default(),
            order: order.tagged(IntentId(id.0).tag()),
            on_ramp_name: on_ramp.name.clone(),
            zone: on_ramp.zone.clone(),
            for_whom: ForWhom::default(),
            before: BTreeSet::new(),
            prepared_at: at,
            part: None,
        };
        let write = Write::CreateKey { intent: Box::new(intent), attempt: 1 };
        assert_eq!(self.perform(Effect::Write(id, write, at)), None);
    }

    /// Returns the reporter of the test's own audit.
    fn audit_reporter(&self) -> impl Fn(audit::AuditReport) + Send + use<> {
        let report = Arc::clone(&self.report);
        move |event| report(PortReport::Audit(1, event))
    }

    fn posts(&self) -> usize {
        self.simulator.count("POST", "/v2/service/key")
    }
}

/// Returns the session of a demo.
fn demo() -> Session {
    Session { environment: EnvironmentKind::Demo, ..Session::nowhere() }
}

/// Opens a journal on this disk, whose syncs wait at the gate.
fn journal_on(
    disk: &Disk,
    gate: Receiver<()>,
    number: u64,
    report: &Arc<dyn Fn(PortReport) + Send + Sync>,
) -> Journal {
    let report = Arc::clone(report);
    let report = move |event| report(PortReport::Journal(number, event));
    Journal::start_with(GatedOnce(disk.clone(), Some(gate)), number, report)
}

const ID: RequestId = RequestId(1);
const LA2: &str = "8611b645-ea50-46eb-b400-1c2fb858a303";

#[tokio::test]
async fn request_waits_for_both_synced_records_and_the_model() {
    let mut rig = PortsRig::open().await;
    rig.order(ID);
    rig.read().await;
    assert_eq!(rig.posts(), 0, "nothing is synced yet");
    rig.syncs.send(()).expect("the journal lives"); // PREPARED
    rig.read().await;
    assert_eq!(rig.posts(), 0, "only the first record is");
    assert!(rig.perform(Effect::Send(ID)).is_some(), "no receipt, no request");
    rig.syncs.send(()).expect("the journal lives"); // SENDING
    assert_eq!(rig.journal_event().await, journal::Event::Begun(ID));
    let written = rig.disk.platter().bytes.len();
    assert_eq!(rig.disk.platter().synced, written, "all of it is on the disk");
    rig.read().await;
    assert_eq!(rig.posts(), 0, "it waits for the model");
    assert_eq!(rig.perform(Effect::Send(ID)), None);
    assert!(matches!(rig.done(ID).await, Ok(Reply::Created(_))));
    assert!(rig.perform(Effect::Send(ID)).is_some(), "a receipt sends once");
    rig.read().await;
    assert_eq!(rig.posts(), 1);
}

#[tokio::test]
async fn a_disk_that_fails_lets_nothing_out() {
    for nth in 1..=7 {
        let mut rig = PortsRig::open().await;
        drop(std::mem::replace(&mut rig.syncs, channel().0)); // every sync fails
        let now = rig.disk.platter().operations;
        rig.disk.platter().fails = Some((now + nth, true));
        rig.order(ID);
        assert!(
            matches!(rig.journal_event().await, journal::Event::NotBegun(ID, ..)),
            "operation {nth}"
        );
        assert!(rig.perform(Effect::Send(ID)).is_some());
        rig.read().await;
        assert_eq!(rig.posts(), 0, "operation {nth}");
    }
}

#[tokio::test]
async fn cancelled_request_is_never_sent_and_journaled_as_not_sent() {
    let mut rig = PortsRig::open().await;
    rig.order(ID);
    for _ in 0..3 {
        rig.syncs.send(()).expect("the journal lives");
    }
    assert_eq!(rig.journal_event().await, journal::Event::Begun(ID));
    rig.perform(Effect::Withdraw(ID));
    assert!(rig.perform(Effect::Send(ID)).is_some());
    rig.read().await;
    assert_eq!(rig.posts(), 0);
    drop(rig.ports); // what was asked of the journal is done first
    let text = String::from_utf8(rig.disk.platter().bytes.clone()).expect("text");
    assert!(text.contains(r#""step":"not_sent""#), "{text}");
}

#[tokio::test]
async fn full_required_audit_stops_the_order_before_the_journal() {
    let mut rig = PortsRig::open().await;
    for (required, asked) in [(true, false), (false, true)] {
        let report = rig.audit_reporter();
        rig.ports.audit = Some(Box::new(audit::tests::on_a_full_disk(required, report)));
        let act = crate::domain::audit::Act::Started { writes: true };
        rig.perform(Effect::Audit(Timestamp::from_millis(0), Box::new(act)));
        rig.order(ID);
        if asked {
            rig.syncs.send(()).expect("the journal lives");
            rig.syncs.send(()).expect("the journal lives");
            assert_eq!(rig.journal_event().await, journal::Event::Begun(ID));
        } else {
            let event = rig.journal_event().await;
            assert!(
                matches!(&event, journal::Event::NotBegun(ID, why, _) if why.as_str().contains("required"))
            );
            assert_eq!(rig.disk.platter().bytes.len(), 0);
        }
        rig.read().await;
        assert_eq!(rig.posts(), 0);
    }
}

/// Builds a change that disables a key of the demo.
fn switching() -> Write {
    let key = KeyId::new("x").expect("legal");
    let subject = Subject::Key(Fingerprint::of_key(&key));
    let (name, what) = ("ACME".into(), "active → disabled".into());
    let change = Alteration { id: IntentId(8), subject, name, what, to: None };
    Write::UpdateKey(KeyChange { active: Some(false), ..KeyChange::new(key) }, Box::new(change))
}

#[tokio::test]
async fn change_is_synced_before_sending_and_can_be_cancelled() {
    let mut rig = PortsRig::open().await;
    let at = Timestamp::from_millis(0);
    let asked = |rig: &PortsRig| rig.simulator.count("GET", "/v2/service/key");
    let before = asked(&rig);
    assert_eq!(rig.perform(Effect::Write(ID, switching(), at)), None);
    rig.read().await;
    assert!(rig.perform(Effect::Send(ID)).is_some(), "no receipt, no request");
    rig.syncs.send(()).expect("the journal lives");
    assert_eq!(rig.journal_event().await, journal::Event::Begun(ID));
    let written = rig.disk.platter().bytes.len();
    assert_eq!(rig.disk.platter().synced, written, "all of it is on the disk");
    assert_eq!(asked(&rig), before, "it waits for the model");
    assert_eq!(rig.perform(Effect::Send(ID)), None);
    rig.done(ID).await.expect_err("there is no such key");
    assert!(asked(&rig) > before, "it was read before it is sent");
    let other = RequestId(2);
    assert_eq!(rig.perform(Effect::Write(other, renamed(), at)), None);
    rig.syncs.send(()).expect("the journal lives");
    assert_eq!(rig.journal_event().await, journal::Event::Begun(other));
    rig.perform(Effect::Withdraw(other));
    rig.syncs.send(()).expect("the journal lives");
    drop(rig.ports); // what was asked of the journal is done first
    let text = String::from_utf8(rig.disk.platter().bytes.clone()).expect("text");
    assert_eq!(text.matches(r#""step":"changing""#).count(), 2, "{text}");
    assert_eq!(text.matches(r#""step":"not_changed""#).count(), 1, "{text}");
}

/// Builds another change.
fn renamed() -> Write {
    let Write::UpdateKey(change, alteration) = switching() else { panic!("a change") };
    Write::UpdateKey(change, Box::new(Alteration { id: IntentId(9), ..*alteration }))
}

#[tokio::test]
async fn full_required_audit_stops_key_changes_too() {
    let mut rig = PortsRig::open().await;
    let report = rig.audit_reporter();
    rig.ports.audit = Some(Box::new(audit::tests::on_a_full_disk(true, report)));
    let change = switching();
    let at = Timestamp::from_millis(0);
    let act = crate::domain::audit::Act::Started { writes: true };
    rig.perform(Effect::Audit(at, Box::new(act)));
    assert_eq!(rig.perform(Effect::Write(ID, change, at)), None);
    let event = rig.journal_event().await;
    assert!(
        matches!(&event, journal::Event::NotBegun(ID, why, _) if why.as_str().contains("required"))
    );
    assert_eq!(rig.disk.platter().bytes.len(), 0);
    assert!(rig.perform(Effect::Send(ID)).is_some(), "no receipt, no request");
}

#[tokio::test]
async fn in_read_only_mode_no_request_is_even_written_down() {
    let mut rig = PortsRig::open().await;
    rig.perform(Effect::SetMode(Mode::ReadOnly));
    let at = Timestamp::from_millis(0);
    assert!(rig.perform(Effect::Write(ID, switching(), at)).is_some());
    rig.read().await;
    assert_eq!(rig.disk.platter().bytes.len(), 0);
}
