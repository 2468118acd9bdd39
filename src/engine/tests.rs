//! The engine played by hand: values in, values out, and nothing else.

mod drift;
mod followed;
mod warned;

use std::time::Duration;

use crate::{
    api::{
        self, Cause, Failure, KeyChange, Listing, Mode, Reply, Request, RequestId, VlanAnswer,
        Write,
        journal::{self, Opened, Others},
    },
    domain::{
        id::{ConnectionId, KeyId},
        intent::{ForWhom, IntentId, Realm, samples::THEN},
        issuance::Doubt,
        key_order::{Draft, KeyOrder, samples::draft},
        ledger::{Ledger, Record, State},
        on_ramp::{OnRamp, samples::port},
        service_key::{KeyUse, ServiceKey, samples::key},
        status::Status,
        time::Timestamp,
        units::Mbps,
        vlan::{VlanId, VlanTag},
        vxc::Vxc,
    },
    engine::{
        Engine, Input,
        attempt::AttemptStage,
        background::{Attention, BackgroundReads, WaitingFor},
        effect::{Effect, Event, Origin, Outcome, Output},
        key_change,
        not_now::NotNow,
        question::Confirmed,
    },
};

/// An engine with a disk that takes everything, and a server that a test plays.
struct World {
    engine: Engine,
    now: Timestamp,
    on_ramps: Vec<OnRamp>,
    keys: Vec<ServiceKey>,
    asked: Vec<(RequestId, Request)>,
    /// The requests sent, in order.
    sent: Vec<(RequestId, Write)>,
    written: Vec<(RequestId, Write)>,
    events: Vec<Event>,
    records: Vec<Record>,
}

impl World {
    /// Opens a world of two empty Ports, with everything read.
    fn open() -> Self {
        let engine = Engine::new(Realm::default(), Mode::ReadWrite, THEN);
        let mut world = Self {
            engine,
            now: THEN,
            on_ramps: vec![port("p"), port("q")],
            keys: vec![],
            asked: vec![],
            sent: vec![],
            written: vec![],
            events: vec![],
            records: vec![],
        };
        world.play(Engine::start);
        world.play(Engine::refresh);
        world.answer();
        world
    }

    fn play(&mut self, act: impl FnOnce(&mut Engine) -> Outcome) {
        let outcome = act(&mut self.engine);
        self.perform(outcome);
    }

    fn perform(&mut self, outcome: Outcome) {
        for output in outcome.0 {
            match output {
                Output::Event(event) => self.events.push(event),
                Output::Effect(Effect::Ask(id, request)) => self.asked.push((id, request)),
                Output::Effect(Effect::Write(id, write, _)) => {
                    self.written.push((id, write));
                    self.handle_input(Input::Journal(journal::Event::Begun(id)));
                }
                Output::Effect(Effect::Send(id)) => {
                    let at = self.written.iter().position(|(written, _)| *written == id);
                    self.sent.push(self.written.remove(at.expect("it is on the disk")));
                }
                Output::Effect(Effect::SetMode(_)) => {
                    let (ledger, seed) = (Ledger::default(), 7);
                    let (damaged, is_read, unusable, note) = (0, true, None, None);
                    let others = Others::new();
                    let opened = Opened { ledger, others, seed, damaged, is_read, unusable, note };
                    self.handle_input(Input::Journal(journal::Event::Opened(Box::new(opened))));
                }
                Output::Effect(Effect::Record(record)) => self.records.push(record),
                Output::Effect(_) => {}
            }
        }
    }

    fn handle_input(&mut self, input: Input) {
        self.play(|engine| engine.handle(input));
    }

    fn reply(&mut self, id: RequestId, result: Result<Reply, Failure>) {
        let clock_offset = None;
        self.handle_input(Input::Api(api::Event::Done { id, result, clock_offset }));
    }

    /// Answers what is asked, by what there is.
    fn answer(&mut self) {
        while let Some((id, request)) = self.asked.pop() {
            let reply = self.reply_to(&request);
            self.reply(id, Ok(reply));
        }
    }

    fn reply_to(&self, request: &Request) -> Reply {
        let all =
            |entries| Listing { entries, unread: vec![], other: std::collections::BTreeMap::new() };
        match request {
            Request::Products => Reply::Products(Listing {
                entries: self.on_ramps.clone(),
                unread: vec![],
                other: std::collections::BTreeMap::new(),
            }),
            Request::Keys => Reply::Keys(all(self.keys.clone())),
            Request::KeysOf(of) => {
                let keys = self.keys.iter().filter(|key| key.on_ramp == *of);
                Reply::KeysOf(of.clone(), all(keys.cloned().collect()))
            }
            Request::Key(id) => {
                let found = self.keys.iter().find(|key| key.id == *id);
                Reply::Key(Box::new(found.expect("there is one").clone()))
            }
            Request::OnRamp(of) => {
                let found = self.on_ramps.iter().find(|one| one.id == *of);
                Reply::OnRamp(Box::new(found.expect("there is one").clone()))
            }
            Request::CheckVlan(..) => Reply::Vlan(VlanAnswer::Free),
            other => panic!("the engine asks for {other:?}"),
        }
    }

    fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
        let now = self.now;
        self.handle_input(Input::Tick(now));
    }

    fn order(&self, at: usize) -> KeyOrder {
        let on_ramp = &self.on_ramps[at];
        let vlans = self.engine.vlans(&on_ramp.id).expect("it is listed");
        let draft = Draft { label: format!("ACME {at}"), ..draft() };
        draft.check(on_ramp, &vlans, self.now).expect("legal")
    }

    /// Plans these orders and has every check answered.
    fn plan(&mut self, orders: Vec<KeyOrder>) {
        let outcome = self.engine.plan_keys(orders, ForWhom::default()).expect("planned");
        self.perform(outcome);
        self.answer();
    }

    /// Returns the confirmation of the present plan.
    fn yes(&self) -> Confirmed {
        Confirmed::by_flag(self.engine.plan().expect("there is a plan").asked())
    }

    fn confirm(&mut self) {
        let yes = self.yes();
        let outcome = self.engine.confirm(&yes).expect("it may go");
        self.perform(outcome);
    }

    /// Creates the key of the last request at the server.
    fn create(&mut self) -> (RequestId, ServiceKey) {
        let (id, write) = self.sent.last().cloned().expect("something was sent");
        let Write::CreateKey { intent, .. } = write else { panic!("it creates nothing") };
        let order = &intent.order;
        let vlan = intent.vlan().expect("tagged");
        let created = ServiceKey {
            label: order.label().clone(),
            usage: KeyUse::Single(VlanTag::Tagged(vlan)),
            rate: Some(order.rate()),
            validity: order.validity(),
            created: Some(self.now),
            ..key(&format!("key-{}", id.0), order.on_ramp().as_str(), 142)
        };
        self.keys.push(created.clone());
        (id, created)
    }

    /// Returns the events that say that a key is known: of which request, and how.
    fn created(&self) -> Vec<(IntentId, Origin)> {
        let created = self.events.iter().filter_map(|event| match event {
            Event::Created { intent, origin, .. } => Some((*intent, *origin)),
            _ => None,
        });
        created.collect()
    }
}

/// Returns a live circuit of 500 Mbps.
fn circuit(id: &str, vlan: u16) -> Vxc {
    Vxc {
        id: ConnectionId::new(id).expect("legal"),
        name: "Acme".into(),
        status: Status::Live,
        rate: Some(Mbps::new(500)),
        vlan: VlanTag::Tagged(VlanId::new(vlan).expect("legal")),
        customer: None,
        far_end: "edge".into(),
        created: Some(THEN),
        awaits_approval: false,
        our_end: crate::domain::vxc::End::B,
        link: crate::domain::on_ramp::Link::Up,
        shut_down: false,
    }
}

fn lost() -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "The line dropped".into(),
        advice: "".into(),
        trace: None,
        doubt: Doubt::Unknown,
    }
}

#[test]
fn key_with_lost_reply_is_found_and_nothing_sent_twice() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.confirm();
    let [(id, _)] = world.sent.as_slice() else { panic!("one request leaves: {:?}", world.sent) };
    let id = *id;
    let intent = world.engine.attempts()[0].standing.intent.id;
    world.reply(id, Err(lost()));
    assert!(world.events.contains(&Event::InDoubt(intent)));
    world.answer(); // the first read does not see it
    assert_eq!(world.created(), []);
    world.create();
    world.pass(Duration::from_secs(2));
    world.answer();
    assert_eq!(world.created(), [(intent, Origin::Found)]);
    assert_eq!(world.sent.len(), 1);
    world.play(|engine| engine.acknowledge(intent));
    assert!(world.engine.attempts().is_empty());
}

#[test]
fn second_key_of_a_pair_is_sent_only_after_the_first() {
    let mut world = World::open();
    world.plan(vec![world.order(0), world.order(1)]);
    world.confirm();
    assert_eq!(world.sent.len(), 1, "the second waits for the first");
    let (id, first) = world.create();
    world.reply(id, Ok(Reply::Created(Box::new(first))));
    assert_eq!(world.sent.len(), 1, "it is checked once more before it leaves");
    world.answer();
    assert_eq!(world.sent.len(), 2);
    let (id, second) = world.create();
    world.reply(id, Ok(Reply::Created(Box::new(second))));
    let origins: Vec<_> = world.created().into_iter().map(|(_, origin)| origin).collect();
    assert_eq!(origins, [Origin::Made, Origin::Made]);
    let part = world.engine.attempts()[0].standing.intent.part.expect("of a pair");
    assert_eq!(world.engine.created_halves(part).len(), 2);
}

#[test]
fn where_the_first_of_a_pair_is_not_sent_the_second_is_closed() {
    let mut world = World::open();
    world.plan(vec![world.order(0), world.order(1)]);
    let outcome = world.engine.confirm(&world.yes()).expect("it may go");
    let write = outcome.0.iter().find_map(|output| match output {
        Output::Effect(Effect::Write(id, ..)) => Some(*id),
        _ => None,
    });
    let why = "the disk is full".into();
    let refused = journal::Event::NotBegun(write.expect("it is written first"), why, None);
    world.handle_input(Input::Journal(refused));
    assert_eq!(world.sent.len(), 0);
    let [one] = world.engine.attempts() else { panic!("one is left to be seen") };
    assert!(matches!(one.stage, AttemptStage::NotMade(_)));
}

#[test]
fn a_yes_counts_once_and_only_for_what_was_asked() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    let yes = world.yes();
    // A key takes the VLAN while the user reads the question.
    world.keys.push(key("other", "p", 142));
    world.play(Engine::refresh);
    world.answer();
    world.play(Engine::recheck);
    world.answer();
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer), "it has changed since");
    let yes = world.yes();
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::NotClear), "and may not go");
    world.keys.clear();
    world.pass(Duration::from_secs(10));
    world.plan(vec![world.order(1)]);
    world.confirm();
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer), "it was to another plan");
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn checks_that_are_old_are_made_again_and_nothing_is_sent() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.pass(Duration::from_secs(61));
    world.confirm();
    assert!(world.events.contains(&Event::CheckedAgain));
    assert!(world.sent.is_empty() && world.written.is_empty());
    world.answer();
    world.confirm();
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn while_a_key_may_exist_no_other_is_created() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.confirm();
    let id = world.sent[0].0;
    world.reply(id, Err(lost()));
    world.plan(vec![world.order(1)]);
    assert_eq!(world.engine.confirm(&world.yes()), Err(NotNow::NotClear));
    let intent = world.engine.attempts()[0].standing.intent.id;
    world.engine.set_aside(intent);
    world.confirm();
    assert_eq!(world.sent.len(), 2, "somebody has set it aside");
}

#[test]
fn change_is_settled_by_reading_back_and_not_by_the_reply() {
    for (reply, is_changed) in [(Ok(()), true), (Err(lost()), true), (Ok(()), false)] {
        let mut world = World::open();
        world.keys.push(key("k", "p", 142));
        world.play(Engine::refresh);
        world.answer();
        let id = KeyId::new("k").expect("legal");
        let change = KeyChange { active: Some(false), ..KeyChange::new(id) };
        let run = world.engine.plan_changes(vec![(world.keys[0].clone(), change)]);
        let asked = world.engine.changes(run).expect("it is planned").asked();
        let yes = Confirmed::by_flag(asked);
        let outcome = world.engine.confirm_changes(run, &yes).expect("it may go");
        world.perform(outcome);
        assert_eq!(world.engine.confirm_changes(run, &yes), Err(NotNow::OtherAnswer), "once");
        let (id, _) = world.sent.pop().expect("it left");
        world.keys[0].active = !is_changed;
        let updated = Box::new(world.keys[0].clone());
        world.reply(id, reply.map(|()| Reply::Updated(updated)));
        world.answer();
        let stage = world.engine.changes(run).expect("it is shown").steps()[0].stage.clone();
        // A list may lag: that the key is as it was proves nothing yet.
        let is_settled = matches!(stage, key_change::KeyChangeStage::Done(_));
        let is_searched = matches!(stage, key_change::KeyChangeStage::Searching(None));
        assert!(if is_changed { is_settled } else { is_searched }, "{stage:?}");
        let open = world.engine.journal().changes.len();
        assert_eq!(open, usize::from(!is_changed));
    }
}

#[test]
fn a_circuit_is_answered_once_and_read_back() {
    let mut world = World::open();
    let id = ConnectionId::new("c").expect("legal");
    world.on_ramps[0].vxcs.push(Vxc { awaits_approval: true, ..circuit("c", 100) });
    world.play(Engine::refresh);
    world.answer();
    world.engine.ask_about_circuit(id, world.on_ramps[0].id.clone());
    let answer = world.engine.answer().expect("it is asked");
    let (approve, reject) = (answer.asked(true), answer.asked(false));
    let other = world.engine.decide(true, &Confirmed::by_flag(reject));
    assert_eq!(other, Err(NotNow::OtherAnswer), "a yes to the rejection approves nothing");
    let yes = Confirmed::by_flag(approve);
    let outcome = world.engine.decide(true, &yes).expect("it may go");
    world.perform(outcome);
    assert_eq!(world.engine.decide(true, &yes), Err(NotNow::OtherAnswer), "once");
    let (id, _) = world.sent.pop().expect("it left");
    world.on_ramps[0].vxcs[0].awaits_approval = false;
    world.reply(id, Err(lost()));
    world.answer();
    let stage = world.engine.answer().expect("it is shown").stage();
    assert_eq!(*stage, super::answer::AnswerStage::Done(true));
}

#[test]
fn a_reply_of_the_account_before_is_dropped_and_numbers_go_on() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.confirm();
    let (id, created) = world.create();
    world.engine.enter(Realm::default(), Mode::ReadWrite);
    world.events.clear();
    world.reply(id, Ok(Reply::Created(Box::new(created))));
    assert_eq!(world.events, []);
    assert!(world.engine.attempts().is_empty());
    assert!(world.engine.mint_request() > id, "no number is given twice");
}

#[test]
fn request_withdrawn_during_the_sync_is_never_sent() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    let outcome = world.engine.confirm(&world.yes()).expect("it may go");
    let write = outcome.0.into_iter().find_map(|output| match output {
        Output::Effect(Effect::Write(id, ..)) => Some(id),
        _ => None,
    });
    let id = write.expect("it is written first");
    drop(world.engine.set_mode(Mode::ReadOnly, "asked for"));
    let outcome = world.engine.handle(Input::Journal(journal::Event::Begun(id)));
    assert_eq!(outcome.0.first(), Some(&Output::Effect(Effect::Withdraw(id))));
    assert!(!outcome.0.contains(&Output::Effect(Effect::Send(id))));
    assert_ne!(world.engine.attempts()[0].standing.state, State::Sending);
}

#[test]
fn on_ramps_of_watched_keys_are_read_until_circuits_appear() {
    let mut world = World::open();
    world.on_ramps.push(port("r"));
    let young = |id: &str, on_ramp| ServiceKey { created: Some(THEN), ..key(id, on_ramp, 142) };
    world.keys = vec![young("k-1", "p"), young("k-2", "q"), young("k-3", "r")];
    world.play(Engine::refresh);
    world.answer();
    for key in world.keys.clone() {
        world.play(|engine| engine.toggle_watch(&key));
    }
    world.pass(Duration::ZERO); // the first read counts from here
    let mut read = vec![];
    for _ in 0..3 {
        world.pass(Duration::from_secs(15));
        let records = world.asked.iter().filter_map(|(_, request)| match request {
            Request::OnRamp(id) => Some(id.to_string()),
            _ => None,
        });
        read.push(records.collect::<String>());
        assert!(world.asked.iter().any(|(_, request)| *request == Request::Keys));
        world.answer();
    }
    assert_eq!(read, ["pq", "rp", "qr"], "each in turn, and none is left out");
    world.on_ramps[2].vxcs.push(circuit("c", 142));
    world.pass(Duration::from_secs(15));
    world.answer();
    let news = world.events.iter().filter(|event| matches!(event, Event::KeyNews(..)));
    assert_eq!(news.count(), 0, "its record was not read");
    world.pass(Duration::from_secs(15));
    world.answer();
    let news = world.events.iter().filter(|event| matches!(event, Event::KeyNews(..)));
    assert_eq!(news.count(), 1);
}

#[test]
fn open_question_pauses_reads_and_visible_load_is_measured() {
    let mut world = World::open();
    world.engine.read_by_itself(BackgroundReads::lively(7, world.now));
    let read = |world: &mut World, attention: &Attention| {
        let now = world.now;
        world.play(|engine| engine.note_key(attention)); // the user is there
        world.handle_input(Input::Tick(now));
        world.asked.clear();
        world.play(|engine| engine.read_where_due(attention));
        world.asked.clone()
    };
    let busy = Attention { undisturbed: false, ..Attention::default() };
    let free = Attention { undisturbed: true, visible: vec![1], opened: None };
    // What is read once a day comes first; its replies are not played here.
    for wanted in [Request::Events, Request::Locations, Request::Company] {
        let asked = read(&mut world, &busy);
        assert_eq!(asked.iter().map(|(_, request)| request.clone()).collect::<Vec<_>>(), [wanted]);
    }
    world.pass(Duration::from_secs(600));
    assert_eq!(read(&mut world, &busy), [], "the lists are due, and a question stands on them");
    assert_eq!(world.engine.waiting_for(&busy), WaitingFor::Dialog);
    assert_eq!(world.engine.waiting_for(&free), WaitingFor::Time(Duration::ZERO));
    let first = read(&mut world, &free);
    assert_eq!(first[0].1, Request::Products);
    assert_eq!(world.engine.waiting_for(&free), WaitingFor::Reply);
    assert_eq!(read(&mut world, &free)[0].1, Request::Keys);
    let load = read(&mut world, &free);
    let q = world.on_ramps[1].id.clone();
    assert!(matches!(&load[0].1, Request::Traffic(id, _) if *id == q), "{load:?}");
    assert_eq!(read(&mut world, &free), [], "one after the other");
}

#[test]
fn while_a_key_is_being_created_nothing_else_is_read() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.confirm();
    world.engine.read_by_itself(BackgroundReads::lively(7, world.now));
    world.pass(Duration::from_secs(600));
    world.asked.clear();
    let free = Attention { undisturbed: true, visible: vec![0], opened: None };
    world.play(|engine| engine.read_where_due(&free));
    assert_eq!(world.asked, []);
    assert_eq!(world.engine.waiting_for(&free), WaitingFor::Creation);
}
