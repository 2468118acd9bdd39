//! Everything the console knows, in one value.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    api::{Failure, Mode, Request, RequestId, Unread, Write, audit},
    domain::{
        audit::Act,
        fingerprint::Fingerprint,
        geography::Geography,
        id::{KeyId, OnRampId},
        intent::{IntentId, Realm},
        inventory::Inventory,
        key_order::OrderUse,
        key_usage::Remembered,
        on_ramp::OnRamp,
        preset::Settings,
        region::RegionMap,
        service_key::ServiceKey,
        text::SafeText,
        time::Timestamp,
        vlan::VlanId,
        vlan_map::VlanMap,
    },
    engine::{
        attempt::{Attempt, Stage},
        plan::PlannedKey,
    },
};

pub use super::account::{Access, Start};
pub use crate::api::account::Session;

use super::{
    account,
    activity::Activity,
    alter::Altering,
    approve,
    browse::Browse,
    change_search,
    dialog::{Dialog, new_key::NewKey, pair_form::PairForm},
    event_list::EventList,
    feeds::{self, Feeds},
    journal::Journal,
    key::{Code, Key},
    key_list::KeyList,
    late_looks, mapping,
    msg::Effect,
    place::Place,
    review_checks,
    saved::{self, Kept},
    stale,
    theme::Theme,
    visit::Visit,
    watch::{self, Watch},
};

/// Why a request was made: where its reply goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The on-ramps of the browse view.
    Products,
    /// The keys of the browse view.
    Keys,
    /// The review asks whether the VLAN is free.
    ReviewVlan(IntentId),
    /// The review reads the on-ramp's keys.
    ReviewKeys(IntentId),
    /// The one request that makes the key of an intent.
    Create(IntentId),
    /// The list is searched for an intent's key.
    Look(IntentId),
    /// The circuits are, in which it may be in use.
    LookCircuits(IntentId),
    /// Megaport is asked about its VLAN.
    LookVlan(IntentId),
    /// The list is searched in the background for a key of an intent that was
    /// refused, or that its reply has named.
    LateLook(IntentId),
    /// Something about accounts that a dialog shows.
    Accounts,
    /// An account is being opened.
    Opening,
    /// The audit is read back.
    Audit,
    /// Something is being copied, or the clipboard cleared.
    Clipboard,
    /// The secret of the account in use is read again from its store.
    Rereading,
    /// The VLAN map asks about one.
    MapVlan,
    /// An on-ramp on which a watched key waits.
    WatchOnRamp,
    /// Planned work and outages.
    Events,
    /// The data centres.
    Locations,
    /// What an on-ramp carries.
    Traffic,
    /// How far the data centres are from one.
    RoundTrips,
    /// The answer to a circuit that waits for us.
    Decide,
    /// Its on-ramp is read again.
    DecideRead,
    /// A change of a key.
    Change,
    /// What became of a change is read again, as planned.
    SearchChange,
    /// The region map is edited.
    Map,
    /// The key that was changed is read again.
    ReadBack,
    /// What was kept of an earlier session.
    Recall,
}

/// A list that the console keeps: when it was read, and how it is going.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// The request under way, since when, and how many bytes have come in.
    pub asked: Option<(RequestId, Timestamp, u64)>,
    /// Whether somebody asked for it, and waits.
    pub by_hand: bool,
    /// When what is on the screen was read.
    pub read_at: Option<Timestamp>,
    /// Whether an earlier session read it.
    pub saved: bool,
    /// How many attempts in a row have failed.
    pub failures: u32,
    /// The entries that could not be read.
    pub unread: Vec<Unread>,
    /// Why the last attempt failed. What was read before stays.
    pub failure: Option<Failure>,
    /// What has left the list in this session without an explanation: labels of
    /// keys, names of on-ramps.
    pub left: Vec<SafeText>,
}

/// How long a key must not have been pressed before it can confirm something
/// the second time. A key that is held repeats sooner, on every terminal.
const RELEASED: Duration = Duration::from_secs(1);

/// The console's whole state.
#[derive(Debug)]
pub struct Model {
    /// The time, as of the last tick.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The account in use.
    pub session: Session,
    /// Whether one is in use.
    pub access: Access,
    /// Whether its secret was read again since Megaport last took it.
    pub reread: bool,
    /// Whether keys may be made.
    pub mode: Mode,
    /// How the screen may look.
    pub theme: Theme,
    /// The provider's regions.
    pub regions: Box<RegionMap>,
    /// What is known of the files they come from.
    pub mapping: mapping::State,
    /// What new keys are proposed with.
    pub settings: Settings,
    /// What we own; empty until it was read.
    pub inventory: Inventory,
    /// Where it stands.
    pub geography: Box<Geography>,
    /// How reading the on-ramps goes.
    pub products: Load,
    /// How reading the keys goes.
    pub keys: Load,
    /// What is read by the console itself.
    pub feeds: Box<Feeds>,
    /// What was handed over for the next session.
    pub kept: Kept,
    /// The view that is shown.
    pub place: Place,
    /// The browse view.
    pub browse: Browse,
    /// The keys view.
    pub key_list: KeyList,
    /// The activity view.
    pub activity: Activity,
    /// The events view.
    pub event_list: EventList,
    /// The time zone of this host, by its IANA name; `None` where it is UTC or
    /// has no name.
    pub local_zone: Option<String>,
    /// What the audit is like.
    pub audit: audit::State,
    /// Keys that are remembered, whether a list has them or not.
    pub remembered: BTreeMap<Fingerprint, Remembered>,
    /// Keys that are watched until they are used.
    pub watch: Watch,
    /// The on-ramp that was opened, over the browse view.
    pub visit: Option<Visit>,
    /// The dialogs, the one with the focus last.
    pub dialogs: Vec<Dialog>,
    /// The form that was closed with something in it.
    pub draft: Option<NewKey>,
    /// The same for a pair.
    pub pair_draft: Option<Box<PairForm>>,
    /// The second of a pair whose first key is made, while it is checked once
    /// more before it is sent.
    pub next_half: Option<PlannedKey>,
    /// What the journal is like.
    pub journal: Journal,
    /// Keys that are being made, that may exist, or that nobody has seen. They
    /// stay on the screen, and their VLANs stay theirs.
    pub unfinished: Vec<Attempt>,
    /// VLANs that the vendor said are taken when it was asked.
    pub said_taken: BTreeMap<OnRampId, BTreeSet<VlanId>>,
    /// Keys that came to be in this session and were not handed over by it,
    /// with their labels.
    pub never_copied: BTreeMap<KeyId, SafeText>,
    /// Which keys are being copied, and by which request.
    pub copying: Option<(RequestId, Vec<KeyId>)>,
    /// The change that is under way. One at a time.
    pub altering: Option<Box<Altering>>,
    /// The key that it is of.
    pub changing: Option<KeyId>,
    /// A word about the last act, gone with the next key.
    pub notice: Option<String>,
    /// The key that was pressed last, and when.
    pub last_key: Option<(Key, Timestamp)>,
    /// Requests whose replies somebody waits for.
    pub waiting: BTreeMap<RequestId, Purpose>,
    /// The server's clock minus ours, in milliseconds.
    pub clock_offset: i64,
    next_request: u64,
}

impl Model {
    /// A console that knows nothing yet.
    pub fn new(
        session: Session,
        mode: Mode,
        regions: RegionMap,
        theme: Theme,
        now: Timestamp,
    ) -> Self {
        Self {
            now,
            size: (80, 24),
            session,
            access: Access::Open,
            reread: false,
            mode,
            theme,
            regions: Box::new(regions),
            mapping: mapping::State::default(),
            settings: Settings::default(),
            said_taken: BTreeMap::new(),
            inventory: Inventory::default(),
            geography: Box::default(),
            products: Load::default(),
            keys: Load::default(),
            feeds: Box::default(),
            kept: Kept::default(),
            place: Place::default(),
            browse: Browse::default(),
            key_list: KeyList::default(),
            activity: Activity::default(),
            event_list: EventList::default(),
            local_zone: None,
            audit: audit::State::default(),
            remembered: BTreeMap::new(),
            watch: Watch::default(),
            visit: None,
            dialogs: vec![],
            draft: None,
            pair_draft: None,
            next_half: None,
            journal: Journal::default(),
            unfinished: vec![],
            never_copied: BTreeMap::new(),
            copying: None,
            altering: None,
            changing: None,
            notice: None,
            last_key: None,
            waiting: BTreeMap::new(),
            clock_offset: 0,
            next_request: 0,
        }
    }

    /// A console that nobody has signed in to.
    pub fn signed_out(theme: Theme, now: Timestamp) -> Self {
        let nowhere = Session::nowhere();
        let model = Self::new(nowhere, Mode::ReadOnly, RegionMap::default(), theme, now);
        Self { access: Access::Closed(None), ..model }
    }

    /// What to do first.
    pub fn begin(&mut self, start: Start) -> Vec<Effect> {
        account::begin(self, start)
    }

    /// Goes over to another account: nothing of the one before stays but the
    /// clock, the screen, and the numbers of requests.
    pub(super) fn enter(&mut self, session: Session, mode: Mode, regions: RegionMap) {
        let new = Self::new(session, mode, regions, self.theme, self.now);
        let feeds = Box::new(self.feeds.anew());
        let local_zone = self.local_zone.take();
        *self = Self { size: self.size, next_request: self.next_request, feeds, local_zone, ..new };
    }

    /// What to do with an account that is open: read everything, in its mode.
    pub fn start(&mut self) -> Vec<Effect> {
        let started = Act::Started { writes: self.mode == Mode::ReadWrite };
        let mut effects = vec![self.audit_of(started), Effect::SetMode(self.mode)];
        effects.extend(saved::recall(self));
        effects.extend(self.refresh());
        effects
    }

    /// Reads on-ramps and keys anew, except what is being read already.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let mut effects = self.read_products();
        effects.extend(self.read_keys());
        (self.products.by_hand, self.keys.by_hand) = (true, true);
        effects
    }

    /// Reads the on-ramps anew, unless they are being read already.
    pub fn read_products(&mut self) -> Vec<Effect> {
        if self.products.asked.is_some() {
            return vec![];
        }
        let (id, effect) = self.ask(Request::Products, Purpose::Products);
        (self.products.asked, self.products.by_hand) = (Some((id, self.now, 0)), false);
        vec![effect]
    }

    /// Reads the keys anew, unless they are being read already.
    pub fn read_keys(&mut self) -> Vec<Effect> {
        if self.keys.asked.is_some() {
            return vec![];
        }
        let (id, effect) = self.ask(Request::Keys, Purpose::Keys);
        (self.keys.asked, self.keys.by_hand) = (Some((id, self.now, 0)), false);
        vec![effect]
    }

    /// What is remembered of a key of the list.
    pub fn memory_of(&self, key: &ServiceKey) -> Option<&Remembered> {
        // Nothing is worked out for accounts of which nothing is remembered.
        (!self.remembered.is_empty()).then(|| self.remembered.get(&Fingerprint::of(&key.id)))?
    }

    /// Mints an id for `request` and notes who waits for its reply.
    pub fn ask(&mut self, request: Request, purpose: Purpose) -> (RequestId, Effect) {
        self.feeds.note(&request, self.now);
        let id = self.mint(purpose);
        (id, Effect::Ask(id, request))
    }

    /// The same for a write, which is written down before it is sent.
    pub fn write(&mut self, write: Write, purpose: Purpose) -> (RequestId, Effect) {
        self.feeds.note_write(self.now);
        let id = self.mint(purpose);
        (id, Effect::Write(id, write, self.server_now()))
    }

    /// Says to the audit what somebody did, or what came of it.
    pub fn audit_of(&self, act: Act) -> Effect {
        Effect::Audit(self.server_now(), Box::new(act))
    }

    pub(super) fn mint(&mut self, purpose: Purpose) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.waiting.insert(id, purpose);
        id
    }

    /// Whether somebody waits for a reply to `purpose`.
    pub fn awaits(&self, purpose: Purpose) -> bool {
        self.waiting.values().any(|waits| *waits == purpose)
    }

    /// Stops waiting for every reply to `purpose`.
    pub fn forget(&mut self, purpose: Purpose) {
        self.waiting.retain(|_, p| *p != purpose);
    }

    /// The time by the server's clock, which decides about validity.
    pub const fn server_now(&self) -> Timestamp {
        self.now.shifted(self.clock_offset)
    }

    /// Why no key can be made now, on any on-ramp; `None` where it can.
    pub fn unready(&self) -> Option<String> {
        self.journal.trouble().or_else(|| self.audit.blocks())
    }

    /// Why no new key can be begun now: as before, or because the on-ramps on the
    /// screen may not be so. What is reviewed is read anew there, and goes on.
    pub fn unready_for_new(&self) -> Option<String> {
        self.unready().or_else(|| stale::why_not(self))
    }

    /// The on-ramp that keys act on: the opened one, else the one under the
    /// table's cursor.
    pub fn current(&self) -> Option<&OnRamp> {
        self.inventory.on_ramp(self.current_id()?)
    }

    /// The id of [`Self::current`].
    pub fn current_id(&self) -> Option<&OnRampId> {
        match &self.visit {
            Some(visit) => Some(&visit.on_ramp),
            None => self.browse.on_ramp.as_ref(),
        }
    }

    /// Whether anything has been read.
    pub const fn has_inventory(&self) -> bool {
        self.products.read_at.is_some()
    }

    /// What takes VLANs on an on-ramp, keys that may exist included.
    pub fn vlans(&self, id: &OnRampId) -> Option<VlanMap> {
        self.vlans_without(id, None)
    }

    /// The same, where one intent does not count: it is about to be sent.
    pub fn vlans_without(&self, id: &OnRampId, but: Option<IntentId>) -> Option<VlanMap> {
        let mut map = self.inventory.vlan_map(id, self.server_now())?;
        let others = self.unfinished.iter().filter(|one| one.may_come_true());
        let others = others.map(|one| &one.standing.intent).filter(|one| Some(one.id) != but);
        for intent in others.filter(|intent| intent.order.on_ramp() == id) {
            match intent.order.usage() {
                OrderUse::Single(vlan) => map.reserve(vlan, intent.order.label()),
                OrderUse::Untagged => map.reserve_all(intent.order.label()),
                OrderUse::Multi => {}
            }
        }
        for &vlan in self.said_taken.get(id).into_iter().flatten() {
            map.said_taken(vlan);
        }
        Some(map)
    }

    /// An unfinished intent.
    pub fn attempt(&self, id: IntentId) -> Option<&Attempt> {
        self.unfinished.iter().find(|one| one.standing.intent.id == id)
    }

    /// The same, to change it.
    pub fn attempt_mut(&mut self, id: IntentId) -> Option<&mut Attempt> {
        self.unfinished.iter_mut().find(|one| one.standing.intent.id == id)
    }

    /// The key that is being made. One at a time: while there is one, no other
    /// request to make a key can leave.
    pub fn active_attempt(&self) -> Option<&Attempt> {
        self.unfinished.iter().find(|one| !one.is_set_aside)
    }

    /// Whether a request to create a key is on its way, or was lost and is
    /// searched: not the card of one that was created.
    pub fn is_creating(&self) -> bool {
        self.active_attempt().is_some_and(|one| {
            matches!(one.stage, Stage::Writing(_) | Stage::Sending | Stage::Looking { .. })
                && one.needs_the_line()
        })
    }

    /// Whether the key at hand needs the line to the API for itself.
    pub fn needs_the_line(&self) -> bool {
        self.active_attempt().is_some_and(Attempt::needs_the_line)
    }

    /// How long until a question counts an answer, where it would by itself in
    /// `own`: a key that answers questions and was pressed last may be held.
    pub(super) fn arms_in(&self, own: Option<Duration>) -> Option<Duration> {
        // Asked once more whether to reject, only `y` is an answer, and an `R` was none.
        let answers = |c| c == 'y' || (c == 'R' && !approve::is_asked_again(self));
        let held = |key: Key| matches!(key.code, Code::Char(c) if answers(c)) && !key.ctrl;
        own.max(self.released_in(held))
    }

    /// How long until the last key counts as released, where it is `wanted`;
    /// `None` where it does.
    pub(super) fn released_in(&self, wanted: impl Fn(Key) -> bool) -> Option<Duration> {
        let (_, at) = self.last_key.filter(|(key, _)| wanted(*key))?;
        RELEASED.checked_sub(self.now.since(at)).filter(|left| !left.is_zero())
    }

    /// Whether a request that creates or changes something is between the
    /// journal and its reply.
    pub fn is_writing(&self) -> bool {
        let create = |one: &Attempt| matches!(one.stage, Stage::Writing(_) | Stage::Sending);
        self.awaits(Purpose::Change)
            || self.awaits(Purpose::Decide)
            || self.unfinished.iter().any(create)
    }

    /// Which API everything is for.
    pub fn realm(&self) -> Realm {
        let Session { fence, host, .. } = &self.session;
        Realm { environment: fence.to_string(), host: host.clone() }
    }

    /// A number that nobody foresees, for picking among equals.
    pub fn seed(&self) -> u64 {
        self.now.as_millis().unsigned_abs()
    }

    /// How many entries of the vendor's lists could not be read, those within
    /// an on-ramp's record included.
    pub fn unread(&self) -> usize {
        let lists = self.products.unread.len() + self.keys.unread.len();
        let nested = self.inventory.on_ramps().iter().map(|o| o.unread as usize);
        lists + nested.sum::<usize>()
    }

    /// In how long something is due that requests, changes and reviews under way
    /// wait for; `None` where they wait for nothing but replies and people.
    pub fn checks_due_in(&self) -> Option<Duration> {
        let requests = self.unfinished.iter().filter_map(|one| one.acts_in(self.now));
        let checks =
            late_looks::due_in(self).into_iter().chain(review_checks::review_changes_in(self));
        requests.chain(checks).chain(change_search::due_in(self)).min()
    }

    /// When to tick next, if the screen shows something that changes with
    /// time. At rest there is nothing, and the console sleeps.
    pub fn next_tick(&self) -> Option<Duration> {
        let second = Duration::from_secs(1);
        let quiet = match self.dialogs.last() {
            Some(Dialog::Review(review)) => self.arms_in(review.question.arms_in(self.now)),
            Some(Dialog::Card(card)) => card.takes_keys_in(self.now),
            Some(Dialog::Change(change)) => self.arms_in(change.arms_in(self.now)),
            Some(Dialog::Approval(open)) => self.arms_in(open.arms_in(self.now)),
            _ => None,
        };
        if quiet.is_some() {
            return quiet;
        }
        if let Some(left) = self.checks_due_in() {
            return Some(left.min(second));
        }
        // The keys view counts down to the next look.
        let next_look = watch::due_in(self);
        if self.place == Place::Keys && next_look.is_some() {
            return Some(second);
        }
        // A revealed key counts down to its mask, also below a dialog.
        let revealed =
            |open: &Dialog| matches!(open, Dialog::Card(card) if card.hides_in(self.now).is_some());
        let soon = !self.waiting.is_empty() || self.dialogs.iter().any(revealed);
        if soon {
            return Some(second);
        }
        let due = next_look.into_iter().chain(feeds::due_in(self)).chain(stale::changes_in(self));
        let next = due.min();
        next.map(|left| left.max(Duration::from_millis(1)))
    }
}
