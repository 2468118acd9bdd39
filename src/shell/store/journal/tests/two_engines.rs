//! Two engines on one journal, and a vendor that creates a key late, twice or never,
//! independent of its reply.
//!
//! In any order of both consoles' steps: no request is sent that is not on the disk,
//! none for an intent that another console is sending, and each of them needs a
//! confirmation of its own, given when the engine allowed one. In the end no key is
//! lost. `ONRAMP_SEEDS=50 cargo test --lib two_engines` plays fifty seeds.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{
        self, Cause, Failure, Listing, Mode, Reply, Request, RequestId, VlanAnswer, Write, journal,
    },
    domain::{
        fingerprint::Fingerprint,
        id::OnRampId,
        intent::{ForWhom, Intent, IntentId, Realm},
        issuance::Doubt,
        key_order::{Draft, samples::draft},
        ledger::State,
        on_ramp::{OnRamp, samples::port},
        service_key::{KeyUse, ServiceKey, samples::key},
        time::Timestamp,
        vlan::{VlanId, VlanTag},
    },
    engine::{
        Engine, Input,
        effect::{Effect, Outcome, Output},
        question::Question,
    },
    shell::store::journal::{Job, JournalReport, JournalWorker, OtherConsoles, Receipt},
};

use super::*;

/// The number of steps in one run.
const LENGTH: usize = 160;

/// A disk that two consoles open.
struct Shared(Disk);

impl Opener for Shared {
    fn media(&mut self, _: Mode) -> Result<JournalFiles, String> {
        Ok(JournalFiles::single(Box::new(self.0.clone())))
    }

    fn session(&mut self) -> Result<Box<dyn Sessions>, String> {
        Ok(self.0.session())
    }
}

/// One console: its engine, its journal, and its pending work.
struct Console {
    engine: Engine,
    worker: JournalWorker,
    asked: Vec<(RequestId, Request)>,
    written: Vec<(RequestId, Receipt)>,
}

/// A request to create a key that was sent, and is not answered.
struct Post {
    console: usize,
    id: RequestId,
    intent: Intent,
}

struct World {
    random: fastrand::Rng,
    disk: Disk,
    now: Timestamp,
    port: OnRamp,
    consoles: Vec<Console>,
    posts: Vec<Post>,
    /// The keys at the vendor, and from when a list shows them.
    keys: Vec<(ServiceKey, Timestamp)>,
    /// How often the user has confirmed a request, and how often it was sent.
    yes: BTreeMap<IntentId, usize>,
    left: BTreeMap<IntentId, usize>,
    /// Whether the performed effects follow a confirmation.
    confirming: bool,
    made: u64,
}

impl World {
    fn open(seed: u64) -> Self {
        let mut world = Self {
            random: fastrand::Rng::with_seed(seed),
            disk: Disk::default(),
            now: THEN,
            port: port("p"),
            consoles: vec![],
            posts: vec![],
            keys: vec![],
            yes: BTreeMap::new(),
            left: BTreeMap::new(),
            confirming: false,
            made: 0,
        };
        for at in 0..2 {
            let console = world.console();
            world.consoles.push(console);
            world.start(at);
        }
        world
    }

    fn console(&self) -> Console {
        let opener = Box::new(Shared(self.disk.clone()));
        Console {
            engine: Engine::new(Realm::default(), Mode::ReadWrite, self.now),
            worker: JournalWorker { opener, file: None, reported: OtherConsoles::default() },
            asked: vec![],
            written: vec![],
        }
    }

    fn start(&mut self, at: usize) {
        self.play(at, Engine::start);
        self.play(at, Engine::refresh);
        self.answer_all(at);
    }

    fn play(&mut self, at: usize, act: impl FnOnce(&mut Engine) -> Outcome) {
        let outcome = act(&mut self.consoles[at].engine);
        self.perform(at, outcome);
    }

    fn perform(&mut self, at: usize, outcome: Outcome) {
        for output in outcome.0 {
            match output {
                Output::Effect(Effect::Ask(id, request)) => {
                    self.consoles[at].asked.push((id, request));
                }
                Output::Effect(Effect::Write(id, write, now)) => {
                    if let (true, Write::CreateKey { intent, .. }) = (self.confirming, &write) {
                        *self.yes.entry(intent.id).or_default() += 1;
                    }
                    self.journal(at, Job::Begin(id, write, now));
                }
                Output::Effect(Effect::Send(id)) => self.send(at, id),
                Output::Effect(Effect::Withdraw(id)) => {
                    let written = &mut self.consoles[at].written;
                    if let Some(one) = written.iter().position(|(known, _)| *known == id) {
                        let named = written.remove(one).1.intent_id();
                        self.journal(at, Job::Withdraw(named, self.now));
                    }
                }
                Output::Effect(Effect::Record(record)) => self.journal(at, Job::Record(record)),
                Output::Effect(Effect::SetMode(mode)) => self.journal(at, Job::Open(mode)),
                Output::Effect(_) | Output::Event(_) => {}
            }
        }
    }

    fn journal(&mut self, at: usize, job: Job) {
        for report in self.consoles[at].worker.perform(job) {
            let event = match report {
                JournalReport::Event(event) => event,
                JournalReport::Begun(receipt) => {
                    let id = receipt.id();
                    self.consoles[at].written.push((id, receipt));
                    journal::Event::Begun(id)
                }
            };
            self.play(at, |engine| engine.handle(Input::Journal(event)));
        }
    }

    /// Sends a request: it is on the disk, the user wants it, and no other running
    /// console is sending one for the same intent.
    fn send(&mut self, at: usize, id: RequestId) {
        let written = &mut self.consoles[at].written;
        let one = written.iter().position(|(known, _)| *known == id).expect("it is on the disk");
        let Write::CreateKey { intent, .. } = written.remove(one).1.write() else {
            panic!("nothing else is written here")
        };
        let under_way = self.posts.iter().any(|post| post.intent.id == intent.id);
        assert!(!under_way, "two requests of {} under way", intent.order.label());
        let left = self.left.entry(intent.id).or_default();
        *left += 1;
        let yes = self.yes.get(&intent.id).copied().unwrap_or_default();
        assert!(*left <= yes, "{} left {left} times, by {yes} yes", intent.order.label());
        self.posts.push(Post { console: at, id, intent: *intent });
    }

    /// Decides the vendor's action on the oldest request in flight, and its reply.
    fn fate(&mut self) {
        if self.posts.is_empty() {
            return;
        }
        let Post { console, id, intent } = self.posts.remove(0);
        let (lag, lost) = (self.random.u64(0..40), self.random.bool());
        let (times, refused) = match self.random.u8(0..10) {
            0..=3 => (1, false),
            4..=5 => (2, false),
            6..=7 => (0, false),
            8 => (0, true),
            _ => (1, true),
        };
        let created: Vec<_> = (0..times).map(|_| self.create(&intent, lag)).collect();
        let failed = |doubt| Failure {
            cause: if doubt == Doubt::Refused { Cause::Refused } else { Cause::ConnectionLost },
            happened: "it failed".into(),
            advice: "Look.".into(),
            trace: None,
            doubt,
        };
        let result = match created.first() {
            _ if refused => Err(failed(Doubt::Refused)),
            Some(key) if !lost => Ok(Reply::Created(Box::new(key.clone()))),
            _ => Err(failed(Doubt::Unknown)),
        };
        self.reply(console, id, result);
    }

    fn create(&mut self, intent: &Intent, lag: u64) -> ServiceKey {
        self.made += 1;
        let order = &intent.order;
        let created = ServiceKey {
            label: order.label().clone(),
            usage: KeyUse::Single(VlanTag::Tagged(intent.vlan().expect("tagged"))),
            rate: Some(order.rate()),
            validity: order.validity(),
            created: Some(self.now),
            ..key(&format!("key-{}", self.made), "p", 142)
        };
        self.keys.push((created.clone(), self.now + Duration::from_secs(lag)));
        created
    }

    fn reply(&mut self, at: usize, id: RequestId, result: Result<Reply, Failure>) {
        let done = api::Event::Done { id, result, clock_offset: None };
        self.play(at, |engine| engine.handle(Input::Api(done)));
    }

    fn answer_all(&mut self, at: usize) {
        while !self.consoles[at].asked.is_empty() {
            self.answer(at);
        }
    }

    /// Answers the oldest question, by what a list shows now.
    fn answer(&mut self, at: usize) {
        if self.consoles[at].asked.is_empty() {
            return;
        }
        let (id, request) = self.consoles[at].asked.remove(0);
        let listed = self.keys.iter().filter(|(_, from)| *from <= self.now);
        let listed: Vec<_> = listed.map(|(key, _)| key.clone()).collect();
        let keys = || Listing { entries: listed.clone(), unread: vec![], other: BTreeMap::new() };
        let ports =
            || Listing { entries: vec![self.port.clone()], unread: vec![], other: BTreeMap::new() };
        let reply = match request {
            Request::Products => Reply::Products(ports()),
            Request::Keys => Reply::Keys(keys()),
            Request::KeysOf(of) => Reply::KeysOf(of, keys()),
            Request::OnRamp(_) => Reply::OnRamp(Box::new(self.port.clone())),
            Request::CheckVlan(_, vlan) => {
                let tag = KeyUse::Single(VlanTag::Tagged(vlan));
                let taken = listed.iter().any(|key| key.usage == tag);
                Reply::Vlan(if taken { VlanAnswer::Taken(vec![]) } else { VlanAnswer::Free })
            }
            other => panic!("the engine asks for {other:?}"),
        };
        self.reply(at, id, Ok(reply));
    }

    fn tick(&mut self, at: usize, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
        let now = self.now;
        self.play(at, |engine| engine.handle(Input::Tick(now)));
    }

    /// Orders a key, on the VLAN that the console proposes.
    fn order(&mut self, at: usize) {
        let engine = &mut self.consoles[at].engine;
        let Some(vlans) = engine.vlans(&OnRampId::new("p").expect("legal")) else { return };
        let label = format!("ACME-{}", self.random.u32(..));
        let draft = Draft { label, vlan: vlans.suggest(VlanId::FIRST), ..draft() };
        let Ok(order) = draft.check(&self.port, &vlans, self.now) else { return };
        if let Ok(outcome) = engine.plan_keys(vec![order], ForWhom::default()) {
            self.perform(at, outcome);
            self.answer_all(at);
            self.confirm(at);
        }
    }

    /// Sends the same order once more, if the console allows it.
    fn send_again(&mut self, at: usize) {
        // A request that waits to be allowed has finished its planned reads.
        for _ in 0..self.random.u8(0..12) {
            self.tick(at, 20);
            self.answer_all(at);
        }
        let engine = &mut self.consoles[at].engine;
        let ids: Vec<_> = engine.attempts().iter().map(|one| one.standing.intent.id).collect();
        let Some(id) = self.random.choice(ids) else { return };
        if let Ok(outcome) = engine.plan_again(id) {
            let one = engine.attempt(id).expect("it is planned");
            assert!(one.may_be_sent() && one.elsewhere.is_none(), "nobody was others");
            self.perform(at, outcome);
            self.answer_all(at);
            self.confirm(at);
        }
    }

    /// Reads the review, and confirms the drawn one.
    fn confirm(&mut self, at: usize) {
        let engine = &mut self.consoles[at].engine;
        let Some(plan) = engine.plan().filter(|plan| plan.is_clear()) else { return };
        let mut question = Question::opened(self.now - Duration::from_secs(1));
        question.drawn(Some(plan.asked()), self.now);
        let yes = question.answer().expect("it was quiet");
        // Something may come between the frame and the key.
        if self.random.u8(0..4) == 0 {
            self.journal(at, Job::Follow);
        }
        self.confirming = true;
        if let Ok(outcome) = self.consoles[at].engine.confirm(&yes) {
            self.perform(at, outcome);
        }
        self.confirming = false;
    }

    fn acknowledge(&mut self, at: usize) {
        let engine = &self.consoles[at].engine;
        let created = engine.attempts().iter().find_map(|one| match one.standing.state {
            State::Created(_) => Some(one.standing.intent.id),
            _ => None,
        });
        if let Some(id) = created {
            self.play(at, |engine| engine.acknowledge(id));
        }
    }

    fn set_aside(&mut self, at: usize) {
        let active = self.consoles[at].engine.active_attempt();
        if let Some(id) = active.map(|one| one.standing.intent.id) {
            self.consoles[at].engine.set_aside(id);
        }
    }

    /// Kills a console with its requests in flight, and starts another one. The vendor
    /// handles the sent ones at random.
    fn restart(&mut self, at: usize) {
        let (died, rest) = std::mem::take(&mut self.posts)
            .into_iter()
            .partition::<Vec<_>, _>(|post| post.console == at);
        self.posts = rest;
        for Post { intent, .. } in died {
            if self.random.bool() {
                let lag = self.random.u64(0..60);
                self.create(&intent, lag);
            }
        }
        self.consoles[at] = self.console();
        self.start(at);
    }

    fn happen(&mut self) {
        let at = self.random.usize(0..2);
        match self.random.u8(0..100) {
            0..=11 => self.order(at),
            12..=31 => self.fate(),
            32..=55 => self.answer(at),
            56..=73 => {
                let seconds = self.random.u64(0..45);
                self.tick(at, seconds);
            }
            74..=81 => self.journal(at, Job::Follow),
            82..=89 => self.send_again(at),
            90..=93 => self.acknowledge(at),
            94..=96 => self.set_aside(at),
            _ => self.restart(at),
        }
    }

    /// Answers everything, lets time pass, and keeps both consoles running.
    fn settle(&mut self) {
        while !self.posts.is_empty() {
            self.fate();
        }
        for _ in 0..30 {
            for at in 0..2 {
                self.journal(at, Job::Follow);
                self.tick(at, 20);
                self.answer_all(at);
            }
            while !self.posts.is_empty() {
                self.fate();
            }
        }
        for at in 0..2 {
            self.play(at, Engine::refresh);
            self.answer_all(at);
        }
    }

    /// Every key that there is is known: its request is open or has it, and a second
    /// one of the same request is an alarm.
    fn loses_nothing(&self) {
        let ledger = self.disk.ledger();
        for (key, _) in &self.keys {
            let label = key.label.as_str();
            let mut of_it = ledger.all().filter(|one| one.intent.tag().is_in(label));
            let standing = of_it.next().expect("no request leaves that is not on the disk");
            let print = Fingerprint::of_key(&key.id);
            let is_settled_with = match standing.state {
                State::Created(known) | State::Acknowledged(known) => Some(known == print),
                _ => None,
            };
            let alarm = self.consoles.iter().any(|console| {
                let second = &console.engine.journal().second;
                second.iter().any(|one| one.key.id == key.id || one.settled == print)
            });
            let open = standing.is_open() && is_settled_with != Some(false);
            let several = self.consoles.iter().any(|console| {
                let attempt = console.engine.attempt(standing.intent.id);
                attempt.is_some_and(|one| one.standing.is_open())
            });
            assert!(
                is_settled_with == Some(true) || alarm || open || several,
                "{label}: {} is lost; its request is {:?}",
                key.id.masked(),
                standing.state,
            );
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn seeds() -> u64 {
    let wanted = std::env::var("ONRAMP_SEEDS").ok();
    wanted.map_or(3, |text| text.parse().expect("a number of seeds"))
}

#[test]
fn every_request_needs_its_own_confirmation_and_no_key_is_lost() {
    let (mut left, mut again) = (0, 0);
    // A run takes milliseconds: forty of them make a seed.
    for seed in 0..seeds() * 40 {
        let mut world = World::open(seed);
        for _ in 0..LENGTH {
            world.happen();
        }
        world.settle();
        world.loses_nothing();
        left += world.left.values().sum::<usize>();
        again += world.left.values().filter(|times| **times > 1).count();
    }
    assert!(left > 200 && again > 5, "the storms are too calm: {left} sent, {again} again");
}
