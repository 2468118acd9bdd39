//! Everything the console knows, in one value.

use std::{collections::BTreeMap, time::Duration};

use context::Context;
use interface::Interface;
use modal::{Modal, Modals};

use crate::{
    api::{Mode, Request, RequestId, account::EnvironmentKind},
    domain::{
        audit::Act,
        geography::Geography,
        id::{KeyId, OnRampId},
        intent::Realm,
        on_ramp::OnRamp,
        preset::Settings,
        region::RegionMap,
        text::SafeText,
        time::Timestamp,
    },
    engine::{Engine, effect::Effect as EngineEffect, question::Confirmed},
    ui::{
        model::msg::Effect,
        state::{
            activity::Activity,
            browse::Browse,
            events::EventList,
            kept::SavedListsState,
            key::{Code, Key},
            key_news::KeyNewsEntry,
            keys::KeyList,
            on_ramp::OnRampPage,
            regions,
            view_id::ViewId,
        },
        widget::theme::Theme,
    },
};

pub use crate::api::account::Session;
pub use crate::ui::state::access::{Access, Start};

pub mod command;
pub mod context;
pub mod interface;
pub mod keymap;
pub mod modal;
pub mod msg;
mod staleness;
pub mod view;

/// The purpose of a request of the screen: where its reply goes. The engine has its
/// own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
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
    /// The region map is edited.
    Map,
    /// The lists saved by an earlier session.
    Recall,
}

/// How long a key must be released before it can confirm a second time. A held key
/// repeats sooner, on every terminal.
const RELEASED: Duration = Duration::from_secs(1);

/// The console's whole state.
#[derive(Debug)]
pub struct Model {
    /// The parts of the screen above it.
    pub(in crate::ui) interface: &'static Interface,
    /// The engine, which decides about keys and holds the data.
    pub engine: Box<Engine>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The account in use.
    pub session: Session,
    /// Whether one is in use.
    pub access: Access,
    /// Whether its secret was read again since Megaport last took it.
    pub reread: bool,
    /// The theme of the screen.
    pub theme: Theme,
    /// The provider's regions.
    pub regions: Box<RegionMap>,
    /// The state of the region files.
    pub mapping: regions::State,
    /// The defaults for new keys.
    pub settings: Settings,
    /// The geography of the on-ramps.
    pub geography: Box<Geography>,
    /// The lists saved for the next session.
    pub kept: SavedListsState,
    /// The view that is shown.
    pub place: ViewId,
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
    /// The news of watched keys, the newest last.
    pub seen: Vec<KeyNewsEntry>,
    /// The on-ramp that was opened, over the browse view.
    pub visit: Option<OnRampPage>,
    /// The dialogs that are open.
    pub modals: Modals,
    /// The form for a key that was closed with something in it.
    pub draft: Option<Box<dyn Modal>>,
    /// The draft of a pair.
    pub pair_draft: Option<Box<dyn Modal>>,
    /// Keys that became known in this session and were not delivered by it, with their
    /// labels.
    pub never_copied: BTreeMap<KeyId, SafeText>,
    /// The keys being copied, and the request that copies them.
    pub copying: Option<(RequestId, Vec<KeyId>)>,
    /// The message about the last action; cleared on the next key press.
    pub notice: Option<String>,
    /// The key that was pressed last, and when.
    pub last_key: Option<(Key, Timestamp)>,
    /// The answer to the question on the screen, while its key is handled.
    pub(in crate::ui) confirmed: Option<Confirmed>,
    /// Requests of the screen whose replies are awaited.
    pub waiting: BTreeMap<RequestId, Purpose>,
}

impl Model {
    /// Returns a console that knows nothing yet.
    pub fn new(
        session: Session,
        mode: Mode,
        regions: RegionMap,
        theme: Theme,
        now: Timestamp,
        interface: &'static Interface,
    ) -> Self {
        Self {
            interface,
            engine: Box::new(Engine::new(realm_of(&session), mode, now)),
            size: (80, 24),
            session,
            access: Access::Open,
            reread: false,
            theme,
            regions: Box::new(regions),
            mapping: regions::State::default(),
            settings: Settings::default(),
            geography: Box::default(),
            kept: SavedListsState::default(),
            place: ViewId::default(),
            browse: Browse::default(),
            key_list: KeyList::default(),
            activity: Activity::default(),
            event_list: EventList::default(),
            local_zone: None,
            seen: vec![],
            visit: None,
            modals: Modals::default(),
            draft: None,
            pair_draft: None,
            never_copied: BTreeMap::new(),
            copying: None,
            notice: None,
            last_key: None,
            confirmed: None,
            waiting: BTreeMap::new(),
        }
    }

    /// Creates a console without an account.
    pub fn signed_out(theme: Theme, now: Timestamp, interface: &'static Interface) -> Self {
        let nowhere = Session::nowhere();
        let map = RegionMap::default();
        let model = Self::new(nowhere, Mode::ReadOnly, map, theme, now, interface);
        Self { access: Access::Closed(None), ..model }
    }

    /// Switches to another account: only the clock, the screen, and the numbers of
    /// requests remain.
    pub(in crate::ui) fn enter(&mut self, session: Session, mode: Mode, regions: RegionMap) {
        let new = Self::new(session, mode, regions, self.theme, self.now(), self.interface);
        self.engine.enter(realm_of(&new.session), mode);
        let local_zone = self.local_zone.take();
        let engine = std::mem::replace(&mut self.engine, new.engine);
        *self = Self { engine, size: self.size, local_zone, ..new };
    }

    /// Starts work on an opened account: reads everything, in its mode.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = Context::new(self).run(Engine::start);
        effects.extend(self.recall_saved_lists());
        effects.extend(self.refresh());
        effects
    }

    /// Asks for the saved lists. A demo has none.
    fn recall_saved_lists(&mut self) -> Option<Effect> {
        let kept = self.session.environment != EnvironmentKind::Demo;
        kept.then(|| Effect::Recall(self.new_request_id(Purpose::Recall)))
    }

    /// Reads on-ramps and keys again, except those being read.
    pub fn refresh(&mut self) -> Vec<Effect> {
        Context::new(self).run(Engine::refresh)
    }

    /// Reads the on-ramps again, unless they are being read.
    pub fn read_products(&mut self) -> Vec<Effect> {
        Context::new(self).run(Engine::read_products)
    }

    /// Reads the keys again, unless they are being read.
    pub fn read_keys(&mut self) -> Vec<Effect> {
        Context::new(self).run(Engine::read_keys)
    }

    /// Returns the time, as of the last tick.
    pub const fn now(&self) -> Timestamp {
        self.engine.now()
    }

    /// Returns the time by the server's clock, which decides about validity.
    pub const fn server_now(&self) -> Timestamp {
        self.engine.server_now()
    }

    /// Sends a request of the screen, and notes the purpose of its reply.
    pub fn ask(&mut self, request: Request, purpose: Purpose) -> (RequestId, Effect) {
        let (id, effect) = self.engine.request(request);
        self.waiting.insert(id, purpose);
        (id, Effect::Engine(effect))
    }

    /// Returns the effect that audits an action of the user.
    pub fn audit_of(&self, act: Act) -> Effect {
        Effect::Engine(EngineEffect::Audit(self.server_now(), Box::new(act)))
    }

    pub(in crate::ui) fn new_request_id(&mut self, purpose: Purpose) -> RequestId {
        let id = self.engine.mint_request();
        self.waiting.insert(id, purpose);
        id
    }

    /// Returns whether a reply to `purpose` is awaited.
    pub fn awaits(&self, purpose: Purpose) -> bool {
        self.waiting.values().any(|waits| *waits == purpose)
    }

    /// Returns the on-ramp that keys act on: the opened one, else the one under the
    /// table's cursor.
    pub fn current(&self) -> Option<&OnRamp> {
        self.engine.inventory().on_ramp(self.current_id()?)
    }

    /// Returns the id of [`Self::current`].
    pub fn current_id(&self) -> Option<&OnRampId> {
        match &self.visit {
            Some(visit) => Some(&visit.on_ramp),
            None => self.browse.on_ramp.as_ref(),
        }
    }

    /// Returns the time until a question accepts an answer, where its own wait is
    /// `own`: the answering key that was pressed last may still be held.
    pub(in crate::ui) fn arms_in(&self, own: Option<Duration>) -> Option<Duration> {
        // Asked once more whether to reject, only `y` is an answer, and an `R` was none.
        let again = self.modals.top().is_some_and(|top| top.asks_again(self));
        let answers = |c| c == 'y' || (c == 'R' && !again);
        let held = |key: Key| matches!(key.code, Code::Char(c) if answers(c)) && !key.ctrl;
        own.max(self.released_in(held))
    }

    /// Returns the time until the last key counts as released, if it is `wanted`;
    /// `None` where it does.
    pub(in crate::ui) fn released_in(&self, wanted: impl Fn(Key) -> bool) -> Option<Duration> {
        let (_, at) = self.last_key.filter(|(key, _)| wanted(*key))?;
        RELEASED.checked_sub(self.now().since(at)).filter(|left| !left.is_zero())
    }

    /// Returns an unpredictable number, for picking among equals.
    pub fn seed(&self) -> u64 {
        self.now().as_millis().unsigned_abs()
    }
}

/// Returns the API an account is for.
pub(in crate::ui) fn realm_of(session: &Session) -> Realm {
    let Session { environment, host, .. } = session;
    Realm { environment: environment.to_string(), host: host.clone() }
}
