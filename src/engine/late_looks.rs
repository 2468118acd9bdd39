//! Searches of a list after a refusal or a reply was believed.
//!
//! A refused request may have created a key all the same: a gateway delivers it twice
//! and passes the second answer on, and the list lags. And a key that a reply has named
//! may not be listed yet. Both are searched in the background, whatever the user does.
//! While a refusal is investigated, a new order of the same kind waits, so that there
//! are never two keys for one.

use std::time::Duration;

use crate::{
    api::{Failure, Reply, Request},
    domain::{
        id::KeyId,
        intent::{Intent, IntentId},
        key_order::KeyOrder,
        time::Timestamp,
    },
};

use super::{
    effect::Event,
    late_look::{LateKey, LateLook},
    requests::Purpose,
    state::Engine,
};

/// The delay before a read that failed, or returned a list that does not count, is
/// repeated.
const AGAIN: Duration = Duration::from_secs(5);

/// How often it is repeated in one search, before the search relies on the background
/// lists.
const FAILURES: u32 = 12;

impl Engine {
    /// Starts the search for a key of a request that was refused at `since`; its first
    /// read is done.
    pub(super) fn look_into_refusal(&mut self, intent: &Intent, since: Timestamp) {
        self.begin_late_look(intent, LateKey::Refused, since, 1);
    }

    /// Starts the search for a key that its reply has named.
    pub(super) fn look_for_created(&mut self, intent: &Intent, key: KeyId) {
        self.begin_late_look(intent, LateKey::Created(key), self.now, 0);
        self.start_late_looks();
    }

    fn begin_late_look(
        &mut self,
        intent: &Intent,
        wanted: LateKey,
        since: Timestamp,
        planned: usize,
    ) {
        let (id, on_ramp) = (intent.id, intent.order.on_ramp().clone());
        let label = intent.order.typed_label().to_owned();
        let (next_at, failures) = (None, 0);
        let mut look =
            LateLook { intent: id, on_ramp, label, wanted, since, planned, next_at, failures };
        look.next_at = look.planned_at();
        self.journal.late_looks.retain(|one| one.intent != id);
        self.journal.late_looks.push(look);
    }

    /// Asks for the lists that are due.
    pub(super) fn start_late_looks(&mut self) {
        let now = self.now;
        let mut due = vec![];
        for look in &mut self.journal.late_looks {
            if look.next_at.is_some_and(|at| at <= now) {
                look.next_at = None;
                due.push((look.intent, look.on_ramp.clone()));
            }
        }
        for (id, on_ramp) in due {
            self.ask(Request::KeysOf(on_ramp), Purpose::LateLook(id));
        }
    }

    /// Returns the time until the next read.
    pub(super) fn late_look_due_in(&self) -> Option<Duration> {
        let next = self.journal.late_looks.iter().filter_map(|look| look.next_at).min()?;
        Some(next.since(self.now).max(Duration::from_millis(1)))
    }

    /// Takes a list, or the reason why there is none.
    pub(super) fn take_late_look(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        let counts = match result {
            Ok(Reply::KeysOf(of, list)) => {
                let whole = list.unread.is_empty();
                self.take_keys_of(&of, list);
                whole && self.inventory.missing_keys_of(&of) == 0
            }
            _ => false,
        };
        let now = self.now;
        if let Some(look) = self.journal.late_looks.iter_mut().find(|look| look.intent == id) {
            if counts {
                look.planned += 1;
                look.next_at = look.planned_at().map(|at| at.max(now));
            } else if look.failures < FAILURES {
                look.failures += 1;
                look.next_at = Some(now + AGAIN);
            }
        }
        let Self { journal, inventory, .. } = &mut *self;
        journal.late_looks.retain(|look| {
            let found = match &look.wanted {
                LateKey::Created(key) => !inventory.is_unlisted(key),
                LateKey::Refused => false,
            };
            !found && (look.intent != id || look.next_at.is_some())
        });
        if counts {
            self.emit(Event::Listed(id));
        }
        self.reconcile_all();
        self.judge_plans();
    }

    /// Ends the search: the key of this refusal is found.
    pub(super) fn end_late_look(&mut self, id: IntentId) {
        self.journal.late_looks.retain(|look| look.intent != id);
    }

    /// Returns until when a new order waits, because a refused request for the same may
    /// have created a key.
    pub(super) fn held_until(&self, order: &KeyOrder) -> Option<Timestamp> {
        let refused = self.journal.late_looks.iter().filter(|look| look.wanted == LateKey::Refused);
        let same = refused.filter(|look| look.is_same_order(order));
        same.map(LateLook::ends_at).max()
    }

    /// Returns until when a refused request is searched.
    pub fn looked_for_until(&self, id: IntentId) -> Option<Timestamp> {
        let one = self.journal.late_looks.iter().find(|look| look.intent == id)?;
        (one.wanted == LateKey::Refused).then(|| one.ends_at())
    }

    /// Drops plans for the same order when the key of a refused or closed request
    /// appears, before the user confirms one.
    pub(super) fn stop_same_order(&mut self, intent: &Intent) {
        let (on_ramp, label) = (intent.order.on_ramp(), intent.order.typed_label());
        let same = |order: &KeyOrder| {
            order.on_ramp() == on_ramp || (!label.is_empty() && order.typed_label() == label)
        };
        let plan = self.plan.as_ref().filter(|plan| !plan.again);
        let is_same = plan.is_some_and(|plan| plan.sides.iter().any(|side| same(&side.order)));
        if is_same {
            self.drop_plan();
        }
        self.emit(Event::OrderStopped(on_ramp.clone(), is_same));
    }
}
