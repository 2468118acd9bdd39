//! Takes inputs and passes each to the part that waits for it.

use crate::{
    api::{self, Cause, Failure, Listing, Reply, RequestId, VlanAnswer, audit, journal},
    domain::{
        id::OnRampId, refresh_policy::DEFAULT_WAIT, snapshot::Snapshot, time::Timestamp,
        vlan::VlanId,
    },
    engine::{
        effect::{Event, Outcome},
        open_change::Refreshed,
        requests::Purpose,
        state::Engine,
    },
};

/// Something that happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The time.
    Tick(Timestamp),
    /// A message from the API. A reply without a waiting request is dropped: a later
    /// request has overtaken it, or it is of an account that was left.
    Api(api::Event),
    /// Something from the journal.
    Journal(journal::Event),
    /// The state of the audit.
    Audit(audit::State),
    /// Megaport's answer about a VLAN when the front end asked.
    Vlan(OnRampId, VlanId, VlanAnswer),
    /// The server's clock minus ours, by a reply to the front end.
    ClockOffset(i64),
    /// The snapshot saved by an earlier session. Anything read since stays.
    Saved(Box<Snapshot>),
}

impl Engine {
    /// Handles an input; returns the effects to carry out and the events to show.
    pub fn handle(&mut self, input: Input) -> Outcome {
        match input {
            Input::Tick(now) => {
                self.now = now;
                self.look_where_due();
                self.call_off_late_change();
                self.search_changes_where_due();
                self.look_at_watched_where_due();
            }
            Input::Api(event) => self.take_api_event(event),
            Input::Journal(event) => self.take_journal_event(event),
            Input::Audit(state) => self.audit = state,
            Input::Vlan(on_ramp, vlan, answer) => self.note_vlan(on_ramp, vlan, &answer),
            Input::ClockOffset(offset) => self.clock_offset = offset,
            Input::Saved(snapshot) => self.take_saved(*snapshot),
        }
        self.finish()
    }

    fn take_api_event(&mut self, event: api::Event) {
        match event {
            api::Event::Progress { id, bytes } => {
                for load in [&mut self.products, &mut self.keys] {
                    if let Some((asked, _, so_far)) = &mut load.asked
                        && *asked == id
                    {
                        *so_far = bytes;
                    }
                }
            }
            api::Event::Called(_) => {}
            api::Event::Wait(span) => {
                self.background.allowance.wait(span, self.now);
                self.wait_until = Some(self.now + span);
            }
            api::Event::SignInWaits(span) => self.sign_in_from = Some(self.now + span),
            api::Event::Done { id, result, clock_offset } => {
                if result.is_ok() {
                    self.sign_in_from = None;
                }
                if let Some(purpose) = self.requests.end(id) {
                    self.slow_down_after(&result);
                    self.clock_offset = clock_offset.unwrap_or(self.clock_offset);
                    self.take_reply(id, purpose, result);
                }
            }
        }
    }

    /// Reduces background requests for a while after Megaport has reported too many.
    pub fn slow_down_after(&mut self, result: &Result<Reply, Failure>) {
        if let Err(Failure { cause: Cause::RateLimited, .. }) = result
            && self.background.allowance.waits(self.now).is_none()
        {
            self.background.allowance.wait(DEFAULT_WAIT, self.now);
        }
    }

    fn take_reply(&mut self, id: RequestId, purpose: Purpose, result: Result<Reply, Failure>) {
        match (purpose, result) {
            (Purpose::Products, Ok(Reply::Products(listing))) => {
                self.take_products(listing);
                self.match_open_changes(Refreshed::OnRamps);
                self.reconcile_all();
                self.tell_lists_read();
                self.emit(Event::KeepLists);
            }
            (Purpose::Keys, Ok(Reply::Keys(Listing { entries, unread, .. }))) => {
                self.take_keys(entries, unread);
                self.match_open_changes(Refreshed::Keys);
                self.weigh_list_of_all();
                self.tell_lists_read();
            }
            (Purpose::Products | Purpose::Keys, Err(failure)) => {
                let refused = failure.cause == Cause::Credentials;
                let load = match purpose {
                    Purpose::Keys => &mut self.keys,
                    _ => &mut self.products,
                };
                (load.asked, load.failure) = (None, Some(failure));
                load.failures = load.failures.saturating_add(1);
                if refused {
                    self.emit(Event::CredentialsRefused);
                }
            }
            (Purpose::Products | Purpose::Keys, Ok(_)) => {}
            (Purpose::Decide | Purpose::DecideRead, result) => {
                self.take_decision_reply(purpose, result);
            }
            (Purpose::SearchChange, result) => self.take_change_search_reply(id, result),
            (Purpose::Change | Purpose::ReadBack, result) => {
                self.take_change_reply(purpose, result);
                self.tell_lists_read();
            }
            (Purpose::CheckVlan(id), result) => self.take_vlan_check(id, result),
            (Purpose::CheckKeys(id), result) => self.take_keys_check(id, result),
            (Purpose::Create(id), result) => self.take_create_reply(id, result),
            (Purpose::Look(id), result) => self.take_look(id, result),
            (Purpose::LookCircuits(id), result) => self.take_look_at_circuits(id, result),
            (Purpose::LookVlan(id), result) => self.take_look_at_vlan(id, &result),
            (Purpose::WatchOnRamp, result) => self.take_watched_on_ramp(result),
            (
                purpose @ (Purpose::Events
                | Purpose::Locations
                | Purpose::Company
                | Purpose::Traffic
                | Purpose::RoundTrips),
                result,
            ) => self.take_background_reply(purpose, result),
            (Purpose::LateLook(id), result) => self.take_late_look(id, result),
        }
    }
}
