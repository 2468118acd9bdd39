//! The state of the engine, and the part of it that others may read.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    api::{Mode, Request, RequestId, Write, audit},
    domain::{
        audit::Act,
        fingerprint::Fingerprint,
        id::OnRampId,
        intent::{Intent, IntentId, Realm},
        inventory::Inventory,
        key_order::OrderUse,
        key_usage::{Reading, Remembered},
        ledger::State,
        service_key::ServiceKey,
        time::{ReadAt, Timestamp},
        vlan::VlanId,
        vlan_map::{Holder, VlanMap},
    },
    engine::{
        answer::Answer,
        attempt::{Attempt, AttemptStage},
        background::BackgroundReads,
        change_run::ChangeRun,
        drift::Drift,
        effect::{Effect, Event, Outcome, Output},
        journal::Journal,
        load::Load,
        open_change::PendingChange,
        plan::{Plan, PlannedKey},
        question::Asked,
        requests::{Purpose, Requests},
    },
};

/// The engine that decides about keys: see the module. Its state cannot be set from
/// outside; it changes only by inputs and calls.
///
/// ```
/// # use onramp::{
/// #     api::{self, journal::{Event, Opened}, *},
/// #     domain::{intent::*, key_order::*, time::Timestamp, units::Mbps, vlan::VlanId},
/// #     engine::{effect::{Effect, Outcome, Output}, question::Confirmed, *},
/// #     wire::products::read_product,
/// # };
/// # let port = read_product(br#"{"data": {"productUid": "la-1", "productName": "LA 1",
/// #     "productType": "MEGAPORT", "provisioningStatus": "LIVE", "portSpeed": 10000}}"#);
/// # let port = port.unwrap().expect("a Port");
/// # let (id, now) = (port.id.clone(), Timestamp::from_millis(1_795_442_551_000));
/// # fn list<T>(entries: Vec<T>) -> Listing<T> {
/// #     Listing { entries, unread: vec![], other: Default::default() }
/// # }
/// # let (ledger, others, seed, unusable, note) = Default::default();
/// # let opened = Opened { ledger, others, seed, damaged: 0, is_read: true, unusable, note };
/// # // Plays the server: answers every request with one Port that has no keys.
/// # let answer = |engine: &mut Engine, outcome: Outcome| for output in outcome.0 {
/// #     let Output::Effect(Effect::Ask(id, request)) = output else { continue };
/// #     let result = Ok(match request {
/// #         Request::Products => Reply::Products(list(vec![port.clone()])),
/// #         Request::Keys => Reply::Keys(list(vec![])),
/// #         Request::KeysOf(of) => Reply::KeysOf(of, list(vec![])),
/// #         _ => Reply::Vlan(VlanAnswer::Free),
/// #     });
/// #     let _ = engine.handle(Input::Api(api::Event::Done { id, result, clock_offset: None }));
/// # };
/// # let (usage, vlan, rate) = (Choice::Tagged, VlanId::new(142).ok(), Ok(Mbps::new(500)));
/// # let (label, lifetime) = ("Acme 4471".into(), Lifetime::OpenEnded);
/// # let draft =
/// #     Draft { label, usage, vlan, rate, lifetime, active: true, pre_approved: false };
/// let mut engine = Engine::new(Realm::default(), Mode::ReadWrite, now);
/// let _ = engine.start();
/// let _ = engine.handle(Input::Journal(Event::Opened(Box::new(opened))));
/// let lists = engine.refresh();
/// answer(&mut engine, lists);
///
/// let order = draft.check(&port, &engine.vlans(&id).expect("listed"), now).expect("legal");
/// let checks = engine.plan_keys(vec![order], ForWhom::default()).expect("a plan");
/// answer(&mut engine, checks);
///
/// // The user confirms: the order is journaled first, and nothing is sent.
/// let yes = Confirmed::by_flag(engine.plan().expect("a plan").asked());
/// let effects = engine.confirm(&yes).expect("confirmed").0;
/// let is_sent = |one: &Output| matches!(one, Output::Effect(Effect::Send(_)));
/// assert!(!effects.iter().any(is_sent));
/// let written = effects.iter().find_map(|one| match one {
///     Output::Effect(Effect::Write(id, Write::CreateKey { .. }, _)) => Some(*id),
///     _ => None,
/// });
///
/// // The journal has it on the disk: now it is sent.
/// let begun = Event::Begun(written.expect("a write"));
/// assert!(engine.handle(Input::Journal(begun)).0.iter().any(is_sent));
/// ```
#[derive(Debug)]
pub struct Engine {
    /// The time, as of the last tick.
    pub(super) now: Timestamp,
    /// The server's clock minus ours, in milliseconds.
    pub(super) clock_offset: i64,
    /// The API everything is for.
    pub(super) realm: Realm,
    /// Whether keys may be created.
    pub(super) mode: Mode,
    /// Until when Megaport asks to wait, by its last word on that.
    pub(super) wait_until: Option<Timestamp>,
    /// When the credentials are retried, after they were refused.
    pub(super) sign_in_from: Option<Timestamp>,
    /// The on-ramps and keys; empty until they were read.
    pub(super) inventory: Inventory,
    /// The state of reading the on-ramps.
    pub(super) products: Load,
    /// The state of reading the keys.
    pub(super) keys: Load,
    /// Keys that are remembered, whether a list has them or not.
    pub(super) remembered: BTreeMap<Fingerprint, Remembered>,
    /// The expected values of keys, and the keys that differ.
    pub(super) drift: Drift,
    /// VLANs that Megaport reported as taken when asked.
    pub(super) vlans_reported_taken: BTreeMap<OnRampId, BTreeSet<VlanId>>,
    /// The state of the journal.
    pub(super) journal: Journal,
    /// The state of the audit.
    pub(super) audit: audit::State,
    /// Keys that are being created, that may exist, or that the user has not seen.
    /// Their VLANs stay reserved.
    pub(super) attempts: Vec<Attempt>,
    /// Keys that other consoles of this user have created and no list has shown yet.
    /// Their VLANs stay reserved.
    pub(super) created_by_others: Vec<(Intent, Fingerprint)>,
    /// The plan to be confirmed.
    pub(super) plan: Option<Plan>,
    /// The second of a pair whose first key is created, while it is checked once more
    /// before it is sent.
    pub(super) second: Option<PlannedKey>,
    /// Runs of key changes that the user was asked about.
    pub(super) runs: Vec<ChangeRun>,
    /// The answer to a circuit that awaits our approval.
    pub(super) answer: Option<Answer>,
    /// The change in progress. One at a time.
    pub(super) altering: Option<Box<PendingChange>>,
    pub(super) watch: Watch,
    /// The background reads beside on-ramps and keys.
    pub(super) background: Box<BackgroundReads>,
    /// Whether the account is open: background reads need that.
    pub(super) is_open: bool,
    pub(super) requests: Requests,
    /// The number of the next question.
    pub(super) next_asked: u64,
    /// The outputs of the step in progress.
    pub(super) outputs: Vec<Output>,
}

/// The state of watching.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Keys that are not to be watched.
    pub(super) off: BTreeSet<Fingerprint>,
    /// The start of the last check, by this host's clock.
    pub(super) looked: Option<Timestamp>,
    /// The number of checks.
    pub(super) turn: usize,
    /// The reading of every watched key at the last check.
    pub(super) readings: BTreeMap<Fingerprint, Reading>,
}

impl Engine {
    /// Returns an engine that knows nothing yet.
    pub fn new(realm: Realm, mode: Mode, now: Timestamp) -> Self {
        Self {
            now,
            clock_offset: 0,
            realm,
            mode,
            wait_until: None,
            sign_in_from: None,
            inventory: Inventory::default(),
            products: Load::default(),
            keys: Load::default(),
            remembered: BTreeMap::new(),
            drift: Drift::default(),
            vlans_reported_taken: BTreeMap::new(),
            journal: Journal::default(),
            audit: audit::State::default(),
            attempts: vec![],
            created_by_others: vec![],
            plan: None,
            second: None,
            runs: vec![],
            answer: None,
            altering: None,
            watch: Watch::default(),
            background: Box::default(),
            is_open: false,
            requests: Requests::default(),
            next_asked: 0,
            outputs: vec![],
        }
    }

    /// Switches to another account: only the clock and the numbers of requests remain,
    /// so that no late reply is taken for one of this account.
    pub fn enter(&mut self, realm: Realm, mode: Mode) {
        let (requests, next_asked) = (self.requests.without_any(), self.next_asked);
        // What was asked of late came from the same address.
        let background = Box::new(self.background.for_another_account());
        *self = Self { background, requests, next_asked, ..Self::new(realm, mode, self.now) };
    }

    /// Leaves the account.
    pub fn leave(&mut self, nowhere: Realm) {
        (self.realm, self.is_open) = (nowhere, false);
    }

    /// Returns the time, as of the last tick.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the time by the server's clock, which decides about validity.
    pub const fn server_now(&self) -> Timestamp {
        self.now.shifted(self.clock_offset)
    }

    /// Returns the time of a reading that is taken now.
    pub(super) const fn read_at(&self) -> ReadAt {
        ReadAt { here: self.now, shown: self.server_now() }
    }

    /// Returns the server's clock minus ours, in milliseconds.
    pub const fn clock_offset(&self) -> i64 {
        self.clock_offset
    }

    /// Returns whether keys may be created.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Returns the on-ramps and keys; empty until they were read.
    pub const fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// Returns the state of reading the on-ramps.
    pub const fn products(&self) -> &Load {
        &self.products
    }

    /// Returns the state of reading the keys.
    pub const fn keys(&self) -> &Load {
        &self.keys
    }

    /// Returns remembered keys, listed or not.
    pub const fn remembered(&self) -> &BTreeMap<Fingerprint, Remembered> {
        &self.remembered
    }

    /// Returns the state of the journal.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Returns the state of the audit.
    pub const fn audit(&self) -> &audit::State {
        &self.audit
    }

    /// Requests that are not settled.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Returns a request that is not settled.
    pub fn attempt(&self, id: IntentId) -> Option<&Attempt> {
        self.attempts.iter().find(|one| one.standing.intent.id == id)
    }

    pub(super) fn attempt_mut(&mut self, id: IntentId) -> Option<&mut Attempt> {
        self.attempts.iter_mut().find(|one| one.standing.intent.id == id)
    }

    /// Returns the key that is being created. One at a time: while there is one, no
    /// other request to create a key can be sent.
    pub fn active_attempt(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|one| !one.is_set_aside)
    }

    /// Returns the plan to be confirmed.
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Returns the change in progress.
    pub fn altering(&self) -> Option<&PendingChange> {
        self.altering.as_deref()
    }

    /// Returns the stored facts of a listed key.
    pub fn memory_of(&self, key: &ServiceKey) -> Option<&Remembered> {
        // Nothing is worked out for accounts of which nothing is remembered.
        (!self.remembered.is_empty()).then(|| self.remembered.get(&Fingerprint::of_key(&key.id)))?
    }

    /// Returns whether anything has been read.
    pub const fn has_inventory(&self) -> bool {
        self.products.read_at.is_some()
    }

    /// Returns why no key can be created now, on any on-ramp; `None` where it can.
    pub fn unready(&self) -> Option<String> {
        self.journal.trouble().or_else(|| self.audit.blocks())
    }

    /// Returns how many entries of the vendor's lists could not be read, those within
    /// an on-ramp's record included.
    pub fn unread(&self) -> usize {
        let lists = self.products.unread.len() + self.keys.unread.len();
        let nested = self.inventory.on_ramps().iter().map(|o| o.unread as usize);
        let events = self.background.events.unread;
        lists + events + nested.sum::<usize>()
    }

    /// Returns whether VLANs of an on-ramp are taken that no list shows: by requests,
    /// or by Megaport's word.
    pub fn reserves_vlans(&self, id: &OnRampId) -> bool {
        let requests = self.attempts.iter().map(|one| &one.standing.intent);
        let mut intents = requests.chain(self.created_by_others.iter().map(|(intent, _)| intent));
        intents.any(|intent| intent.order.on_ramp() == id)
            || self.changed_vlans(id).next().is_some()
            || self.vlans_reported_taken.get(id).is_some_and(|said| !said.is_empty())
    }

    /// Returns the VLAN map of an on-ramp, keys that may exist included.
    pub fn vlans(&self, id: &OnRampId) -> Option<VlanMap> {
        self.vlans_without(id, None)
    }

    /// Returns the VLAN map without one intent that is about to be sent.
    pub fn vlans_without(&self, id: &OnRampId, but: Option<IntentId>) -> Option<VlanMap> {
        let mut map = self.inventory.vlan_map(id, self.server_now())?;
        let requests = self.attempts.iter().filter(|one| one.may_exist()).map(|one| {
            let (intent, label) = (&one.standing.intent, one.standing.intent.order.label().clone());
            let elsewhere = one.elsewhere.is_some();
            (intent, if elsewhere { Holder::Elsewhere(label) } else { Holder::Doubt(label) })
        });
        let created = self
            .created_by_others
            .iter()
            .map(|(intent, _)| (intent, Holder::Elsewhere(intent.order.label().clone())));
        let here = |intent: &Intent| intent.order.on_ramp() == id && Some(intent.id) != but;
        for (intent, holder) in requests.chain(created).filter(|(intent, _)| here(intent)) {
            match intent.order.usage() {
                OrderUse::Single(vlan) => map.reserve(vlan, &holder),
                OrderUse::Untagged => map.reserve_all(&holder),
                OrderUse::Multi => {}
            }
        }
        for (vlan, label) in self.changed_vlans(id) {
            map.reserve(vlan, &Holder::Changed(label.clone()));
        }
        for &vlan in self.vlans_reported_taken.get(id).into_iter().flatten() {
            map.mark_reported_taken(vlan);
        }
        Some(map)
    }

    /// Returns what this console has sent with an unknown outcome, by name: keys that
    /// may exist, and changes that may have been made. The work of another console is
    /// not included.
    pub fn in_doubt(&self) -> Vec<String> {
        let may_exist = |one: &&Attempt| {
            let is_known = matches!(one.standing.state, State::Created(_));
            let has_left = one.standing.attempts > 0 && one.is_in_doubt();
            has_left && !is_known && one.elsewhere.is_none()
        };
        let label = |one: &Attempt| format!("key {}", one.standing.intent.order.label());
        let keys = self.attempts.iter().filter(may_exist).map(label);
        let open = self.journal.changes.iter().filter(|open| open.elsewhere.is_none());
        let open = open.map(|open| format!("change of {}", open.change.alteration.name));
        let is_changing = |purpose| matches!(purpose, Purpose::Change | Purpose::Decide);
        let under_way = self.requests.awaits(is_changing).then(|| "change under way".to_owned());
        keys.chain(open).chain(under_way).collect()
    }

    /// Returns whether a request that creates or changes something is between the
    /// journal and its reply.
    pub fn is_writing(&self) -> bool {
        let create =
            |one: &Attempt| matches!(one.stage, AttemptStage::Writing(_) | AttemptStage::Sending);
        self.requests.awaits(|purpose| matches!(purpose, Purpose::Change | Purpose::Decide))
            || self.attempts.iter().any(create)
    }

    /// Returns whether a reply to a request of the engine's is waited for.
    pub fn is_waiting(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Returns an id for a request of the front end itself.
    pub const fn mint_request(&mut self) -> RequestId {
        self.requests.new_request_id()
    }

    /// Returns whether a request is one of the engine's, and its reply is waited for.
    pub fn awaits(&self, id: RequestId) -> bool {
        self.requests.purpose_of(id).is_some()
    }

    /// Returns the time until something is due; `None` if everything waits for replies
    /// or the user.
    pub fn due_in(&self) -> Option<Duration> {
        let requests = self.attempts.iter().filter_map(|one| one.acts_in(self.now));
        let checks = self.late_look_due_in().into_iter().chain(self.checks_due_in());
        let checks = checks.chain(self.countdown_due_in());
        requests.chain(checks).chain(self.change_search_due_in()).min()
    }

    /// Returns the outputs of the step in progress.
    pub(super) fn finish(&mut self) -> Outcome {
        Outcome(std::mem::take(&mut self.outputs))
    }

    pub(super) fn perform(&mut self, effect: Effect) {
        self.outputs.push(Output::Effect(effect));
    }

    pub(super) fn emit(&mut self, event: Event) {
        self.outputs.push(Output::Event(event));
    }

    /// Adds an event that is reported once for each step.
    pub(super) fn tell_once(&mut self, event: Event) {
        let event = Output::Event(event);
        if !self.outputs.contains(&event) {
            self.outputs.push(event);
        }
    }

    /// Asks for something that changes nothing.
    pub(super) fn ask(&mut self, request: Request, purpose: Purpose) -> RequestId {
        self.background.count(&request, self.now);
        let id = self.requests.mint_for(purpose);
        self.perform(Effect::Ask(id, request));
        id
    }

    /// Has a write journaled, to be sent after that.
    pub(super) fn write(&mut self, write: Write, purpose: Purpose) -> RequestId {
        self.background.count_write(self.now);
        let id = self.requests.mint_for(purpose);
        self.perform(Effect::Write(id, write, self.server_now()));
        id
    }

    /// Sends an action of the user, or its result, to the audit.
    pub(super) fn audit_act(&mut self, act: Act) {
        self.perform(Effect::Audit(self.server_now(), Box::new(act)));
    }

    /// Returns a new number for a question to the user.
    pub(super) const fn mint_asked(&mut self) -> Asked {
        self.next_asked += 1;
        Asked { id: self.next_asked, revision: 0 }
    }
}
