//! The access of a command: it reads the whole model, and changes it through these
//! methods.
//!
//! Features get this in place of the model itself, so that their possible changes are
//! listed in one file: dialogs, the view's own state, the message line, drafts,
//! requests of the screen, and the engine's decisions.

use std::ops::Deref;

use crate::{
    api::{Mode, Request, RequestId, account::Session},
    domain::{
        geography::Geography, id::KeyId, inventory::Inventory, preset::Settings, region::RegionMap,
        text::SafeText,
    },
    engine::{Engine, effect::Outcome, not_now::NotNow, question::Confirmed},
    ui::state::{
        access::Access, activity::Activity, browse::Browse, events::EventList,
        key_news::KeyNewsEntry, keys::KeyList, on_ramp::OnRampPage, view_id::ViewId,
    },
};

use super::{
    Model, Purpose,
    interface::Open,
    modal::{Modal, Modals},
    msg::Effect,
    realm_of,
};

/// Access to the model for a command, a reply, or an event of the engine.
#[derive(Debug)]
pub struct Context<'m>(&'m mut Model);

impl Deref for Context<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        self.0
    }
}

impl<'m> Context<'m> {
    /// Access to `model`.
    pub(in crate::ui) const fn new(model: &'m mut Model) -> Self {
        Self(model)
    }
}

impl Context<'_> {
    /// Shows a message on the message line, until the next key.
    pub(in crate::ui) fn say(&mut self, says: impl Into<String>) {
        self.0.notice = Some(says.into());
    }

    /// Returns the dialogs, to open and close them.
    pub(in crate::ui) fn modals_mut(&mut self) -> &mut Modals {
        &mut self.0.modals
    }

    /// Changes the dialog on top, which is of this kind in every scope of its commands.
    pub(in crate::ui) fn change_top<T: Modal>(
        &mut self,
        change: impl FnOnce(&mut T),
    ) -> Vec<Effect> {
        if let Some(top) = self.0.modals.on_top_mut() {
            change(top);
        }
        vec![]
    }

    /// Returns the dialogs, and the engine.
    pub(in crate::ui) fn modals_and_engine(&mut self) -> (&mut Modals, &mut Engine) {
        let Model { modals, engine, .. } = &mut *self.0;
        (modals, engine)
    }

    /// Puts this on the message line, or nothing.
    pub(in crate::ui) fn set_notice(&mut self, notice: Option<String>) {
        self.0.notice = notice;
    }

    /// Returns the engine, which itself decides what is allowed.
    pub(in crate::ui) fn engine_mut(&mut self) -> &mut Engine {
        &mut self.0.engine
    }

    /// Opens what another feature has.
    pub(in crate::ui) fn open(&mut self, open: Open) -> Vec<Effect> {
        (self.0.interface.open)(self, open)
    }

    /// Presents what came out of the engine.
    pub(in crate::ui) fn present(&mut self, outcome: Outcome) -> Vec<Effect> {
        (self.0.interface.present)(self, outcome)
    }

    /// Runs the engine, and presents its outputs.
    pub(in crate::ui) fn run(&mut self, act: impl FnOnce(&mut Engine) -> Outcome) -> Vec<Effect> {
        let outcome = act(&mut self.0.engine);
        self.present(outcome)
    }

    /// Runs an action that the engine may refuse; `words` explains the refusal.
    pub(in crate::ui) fn try_run(
        &mut self,
        act: impl FnOnce(&mut Engine) -> Result<Outcome, NotNow>,
        words: impl FnOnce(&Model, NotNow) -> Option<String>,
    ) -> Vec<Effect> {
        match act(&mut self.0.engine) {
            Ok(outcome) => self.present(outcome),
            Err(why) => {
                self.0.notice = words(self.0, why);
                vec![]
            }
        }
    }

    /// Returns the answer to the question on the screen, once, for the key that gave
    /// it.
    pub(in crate::ui) fn take_answer(&mut self) -> Option<Confirmed> {
        self.0.confirmed.take()
    }

    /// Sends a request of the screen, and notes the purpose of its reply.
    pub(in crate::ui) fn ask(&mut self, request: Request, purpose: Purpose) -> (RequestId, Effect) {
        self.0.ask(request, purpose)
    }

    /// Returns a new number for a request of the screen, whose reply `purpose` waits
    /// for.
    pub(in crate::ui) fn new_request_id(&mut self, purpose: Purpose) -> RequestId {
        self.0.new_request_id(purpose)
    }

    /// Removes a request from those whose replies are awaited; returns its purpose, or
    /// `None` if it is no longer awaited.
    pub(in crate::ui) fn end_request(&mut self, id: RequestId) -> Option<Purpose> {
        self.0.waiting.remove(&id)
    }

    /// Reads on-ramps and keys again, except those being read.
    pub(in crate::ui) fn refresh(&mut self) -> Vec<Effect> {
        self.0.refresh()
    }

    /// Goes to another view.
    pub(in crate::ui) fn go_to_view(&mut self, place: ViewId) {
        self.0.place = place;
    }

    /// Returns the browse view, and what it is about.
    pub(in crate::ui) fn browse_mut(&mut self) -> (&mut Browse, &Inventory, &Geography) {
        let Model { browse, engine, geography, .. } = &mut *self.0;
        (browse, engine.inventory(), geography)
    }

    /// Sorts and filters the browse view again.
    pub(in crate::ui) fn rearrange(&mut self) {
        let (browse, inventory, geography) = self.browse_mut();
        browse.arrange(inventory, geography);
    }

    /// Returns the opened on-ramp.
    pub(in crate::ui) fn visit_mut(&mut self) -> &mut Option<OnRampPage> {
        &mut self.0.visit
    }

    /// Returns the keys view.
    pub(in crate::ui) fn keys_mut(&mut self) -> &mut KeyList {
        &mut self.0.key_list
    }

    /// Returns the activity view.
    pub(in crate::ui) fn activity_mut(&mut self) -> &mut Activity {
        &mut self.0.activity
    }

    /// Returns the events view.
    pub(in crate::ui) fn events_mut(&mut self) -> &mut EventList {
        &mut self.0.event_list
    }

    /// Saves the form of a key that was closed with input.
    pub(in crate::ui) fn keep_draft(&mut self, draft: Option<Box<dyn Modal>>) {
        self.0.draft = draft;
    }

    /// Saves the form of a pair.
    pub(in crate::ui) fn keep_pair_draft(&mut self, draft: Option<Box<dyn Modal>>) {
        self.0.pair_draft = draft;
    }

    /// Takes the saved form of a pair.
    pub(in crate::ui) fn take_pair_draft(&mut self) -> Option<Box<dyn Modal>> {
        self.0.pair_draft.take()
    }

    /// Takes the saved form of a key.
    pub(in crate::ui) fn take_draft(&mut self) -> Option<Box<dyn Modal>> {
        self.0.draft.take()
    }

    /// Marks these keys as delivered.
    pub(in crate::ui) fn mark_delivered<'k>(&mut self, keys: impl IntoIterator<Item = &'k KeyId>) {
        for key in keys {
            self.0.never_copied.remove(key);
        }
    }

    /// Notes a key that became known in this session and is not delivered yet.
    pub(in crate::ui) fn note_created(&mut self, key: KeyId, label: SafeText) {
        self.0.never_copied.insert(key, label);
    }

    /// Notes which keys are being copied by a request.
    pub(in crate::ui) fn note_copying(&mut self, id: RequestId, keys: Vec<KeyId>) {
        self.0.copying = Some((id, keys));
    }

    /// Returns the keys that a request has copied, once.
    pub(in crate::ui) fn take_copied(&mut self, id: RequestId) -> Option<Vec<KeyId>> {
        self.0.copying.take_if(|(asked, _)| *asked == id).map(|(_, keys)| keys)
    }

    /// Keeps the news of a watched key until the user reads it.
    pub(in crate::ui) fn add_news(&mut self, seen: KeyNewsEntry) {
        self.0.seen.push(seen);
    }

    /// Marks all news as read, since the keys view is visible.
    pub(in crate::ui) fn mark_news_read(&mut self) {
        self.0.seen.iter_mut().for_each(|seen| seen.read = true);
    }

    /// Switches to another account with these settings.
    pub(in crate::ui) fn enter(
        &mut self,
        session: Session,
        mode: Mode,
        regions: RegionMap,
        settings: Settings,
    ) {
        self.0.enter(session, mode, regions);
        self.0.settings = settings;
    }

    /// Reads everything of the account in use.
    pub(in crate::ui) fn start(&mut self) -> Vec<Effect> {
        self.0.start()
    }

    /// Sets whether an account is in use.
    pub(in crate::ui) fn set_access(&mut self, access: Access) {
        self.0.access = access;
    }

    /// Closes the account, with the reason if something went wrong.
    pub(in crate::ui) fn leave_account(&mut self, why: Option<SafeText>) {
        self.0.access = Access::Closed(why);
        self.0.session = Session::nowhere();
        self.0.engine.leave(realm_of(&self.0.session));
    }

    /// Notes that the secret of the account was read again.
    pub(in crate::ui) const fn note_reread(&mut self) {
        self.0.reread = true;
    }

    /// Returns the model whole, for what is above the features: replies, events of the
    /// engine.
    pub(in crate::ui) const fn whole(&mut self) -> &mut Model {
        self.0
    }
}
