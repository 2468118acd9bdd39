//! Reading the lists, and taking over what was read.

use crate::{
    api::{Listing, Mode, Request, Unread, VlanAnswer},
    domain::{
        absence::Shrinkage, audit::Act, id::OnRampId, inventory::Inventory, key_usage::Remembered,
        location::complete_sites, on_ramp::OnRamp, service_key::ServiceKey, snapshot::Snapshot,
        vlan::VlanId,
    },
};

use super::{
    background::Fetched,
    effect::{Effect, Event, Outcome},
    journal::Readiness,
    load::Load,
    requests::Purpose,
    state::Engine,
};

impl Engine {
    /// Starts work on an opened account, before its lists are read: opens its journal
    /// in its mode.
    pub fn start(&mut self) -> Outcome {
        self.is_open = true;
        self.audit_act(Act::Started { writes: self.mode == Mode::ReadWrite });
        self.perform(Effect::SetMode(self.mode));
        self.finish()
    }

    /// Uses the account in its mode once more: its key pair was read again.
    pub fn restart(&mut self) -> Outcome {
        self.perform(Effect::SetMode(self.mode));
        self.finish()
    }

    /// Changes whether keys may be created; `why` is for the audit.
    pub fn set_mode(&mut self, mode: Mode, why: &str) -> Outcome {
        self.change_mode(mode, why);
        self.finish()
    }

    pub(super) fn change_mode(&mut self, mode: Mode, why: &str) {
        if self.mode == mode {
            return;
        }
        self.mode = mode;
        if mode == Mode::ReadWrite {
            // It is opened again, for writing.
            self.journal.readiness = Readiness::Opening;
        }
        self.emit(Event::ModeChanged(mode));
        self.audit_act(Act::Mode { writes: mode == Mode::ReadWrite, why: why.into() });
        self.perform(Effect::SetMode(mode));
    }

    /// Reads on-ramps and keys again at the user's request, except those being read.
    pub fn refresh(&mut self) -> Outcome {
        self.read_both();
        self.finish()
    }

    pub(super) fn read_both(&mut self) {
        self.ask_for_products();
        self.ask_for_keys();
        (self.products.by_hand, self.keys.by_hand) = (true, true);
    }

    /// Reads the on-ramps again, unless they are being read.
    pub fn read_products(&mut self) -> Outcome {
        self.ask_for_products();
        self.finish()
    }

    /// Reads the keys again, unless they are being read.
    pub fn read_keys(&mut self) -> Outcome {
        self.ask_for_keys();
        self.finish()
    }

    pub(super) fn ask_for_products(&mut self) {
        if self.products.asked.is_none() {
            let id = self.ask(Request::Products, Purpose::Products);
            (self.products.asked, self.products.by_hand) = (Some((id, self.now, 0)), false);
        }
    }

    pub(super) fn ask_for_keys(&mut self) {
        if self.keys.asked.is_none() {
            let id = self.ask(Request::Keys, Purpose::Keys);
            (self.keys.asked, self.keys.by_hand) = (Some((id, self.now, 0)), false);
        }
    }

    pub(super) fn take_products(&mut self, mut listing: Listing<OnRamp>) {
        let now = self.read_at();
        if let Some(locations) = self.background.locations.value() {
            complete_sites(locations, listing.entries.iter_mut().map(|one| &mut one.site));
        }
        let older = std::mem::take(&mut self.inventory);
        let before = older.on_ramps().to_vec();
        let unread = listing.unread.len();
        let (new, shrinkage) = Inventory::read_again(older, listing.entries, unread, now);
        let changed = before != new.on_ramps();
        self.inventory = new;
        let mut left = std::mem::take(&mut self.products.left);
        let gone = shrinkage.gone.len();
        left.extend(shrinkage.gone.into_iter().map(|one| one.name));
        self.products = Load {
            read_at: Some(now),
            unread: listing.unread,
            other: listing.other,
            left,
            ..Load::default()
        };
        // Connectivity is back: retry the failed key list soon.
        self.keys.failures = self.keys.failures.min(1);
        self.match_events();
        self.judge_plans();
        self.emit(Event::OnRampsRead { left: gone, changed });
    }

    /// Takes the snapshot of an earlier session: it is shown, and is no evidence.
    pub(super) fn take_saved(&mut self, saved: Snapshot) {
        let Snapshot { on_ramps, read_at, locations, events } = saved;
        if !self.has_inventory() {
            let older = std::mem::replace(&mut self.inventory, Inventory::saved(on_ramps));
            self.inventory.inherit_keys(older, self.server_now());
            (self.products.read_at, self.products.saved) = (Some(read_at.into()), true);
            self.emit(Event::OnRampsSaved);
        }
        if let (None, Some((all, at))) = (&self.background.locations.known, locations) {
            let all = all.into_iter().map(|one| (one.id, one)).collect();
            self.background.locations =
                Fetched { known: Some((all, at.into())), ..Fetched::default() };
        }
        if let (None, Some((all, at))) = (&self.background.events.known, events) {
            self.background.events =
                Fetched { known: Some((all, at.into())), ..Fetched::default() };
        }
        self.complete_sites();
        self.match_events();
    }

    /// Takes the list of all keys.
    pub(super) fn take_keys(&mut self, entries: Vec<ServiceKey>, unread: Vec<Unread>) {
        let now = self.read_at();
        let shrinkage = self.inventory.set_keys(entries, unread.len(), now);
        let left = std::mem::take(&mut self.keys.left);
        self.keys = Load { read_at: Some(now), unread, left, ..Load::default() };
        self.take_shrinkage(&shrinkage);
        self.forget_listed_of_others();
        self.tell_once(Event::OnRampsChanged);
        self.tell_once(Event::KeysChanged);
    }

    /// Takes the list of the keys of one on-ramp.
    pub(super) fn take_keys_of(&mut self, of: &OnRampId, listing: Listing<ServiceKey>) {
        let (now, unread) = (self.read_at(), listing.unread.len());
        let shrinkage = self.inventory.set_keys_of(of, listing.entries, unread, now);
        self.take_shrinkage(&shrinkage);
        self.forget_listed_of_others();
        self.tell_once(Event::KeysChanged);
    }

    /// Takes the record of one on-ramp.
    pub(super) fn take_on_ramp(&mut self, on_ramp: OnRamp) {
        self.inventory.put_on_ramp(on_ramp, self.server_now());
        self.complete_sites();
        self.tell_once(Event::OnRampsChanged);
    }

    /// Takes a key that was read alone.
    pub(super) fn take_key(&mut self, read: &ServiceKey) {
        self.inventory.put_key(read.clone(), self.server_now());
        self.know_key(read);
        self.emit(Event::KeyRead(Box::new(read.clone())));
        self.tell_once(Event::OnRampsChanged);
        self.tell_once(Event::KeysChanged);
    }

    /// Remembers the keys that left the list for good, and reports those that left
    /// without an explanation.
    fn take_shrinkage(&mut self, shrinkage: &Shrinkage<ServiceKey>) {
        for key in &shrinkage.gone {
            let memory = Remembered::of_key(key);
            self.remembered.entry(memory.print).or_insert(memory);
        }
        if shrinkage.unexplained > 0 {
            let labels = shrinkage.gone.iter().map(|key| key.label.clone());
            self.keys.left.extend(labels);
            self.emit(Event::KeysLeft(shrinkage.unexplained));
        }
    }

    /// Remembers Megaport's answer about a VLAN, until a later one differs.
    pub(super) fn note_vlan(&mut self, on_ramp: OnRampId, vlan: VlanId, answer: &VlanAnswer) {
        let said = self.vlans_reported_taken.entry(on_ramp).or_default();
        match answer {
            VlanAnswer::Free => said.remove(&vlan),
            VlanAnswer::Taken(_) => said.insert(vlan),
        };
    }
}
