//! Looks at a list after something was believed: a refusal, or a reply.
//!
//! A refused request may have created a key all the same: a gateway delivers it
//! twice and passes the second answer on, and the list lags. And a key that a
//! reply has named may not be listed yet. Both are looked for in the background,
//! whatever is on the screen. While a refusal is looked into, a new order of the
//! same kind waits with its `y`, so that there are never two keys for one.

use std::time::Duration;

use crate::{
    api::{Failure, Reply, Request},
    domain::{
        id::{KeyId, OnRampId},
        intent::{Intent, IntentId},
        key_order::KeyOrder,
        time::Timestamp,
    },
    engine::attempt::{LOOKS, LOOKS_REFUSED},
};

use super::{
    dialog::{Dialog, card::differences},
    issue,
    model::{Model, Purpose},
    msg::Effect,
    reconcile, review_checks,
};

/// How soon a look that failed, or read a list that does not count, is repeated.
const AGAIN: Duration = Duration::from_secs(5);

/// How often that is done in one search, before it is left to the lists that
/// are read anyway.
const FAILURES: u32 = 12;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// Any key of a refused request.
    Refused,
    /// This key, which its reply has named.
    Created(KeyId),
}

/// A search in the background.
#[derive(Debug, Clone)]
pub struct LateLook {
    intent: IntentId,
    on_ramp: OnRampId,
    /// The label without its tag: what tells an order that is begun again.
    label: String,
    wanted: Wanted,
    since: Timestamp,
    planned: usize,
    next_at: Option<Timestamp>,
    failures: u32,
}

impl LateLook {
    const fn schedule(&self) -> &'static [u64] {
        match self.wanted {
            Wanted::Refused => &LOOKS_REFUSED,
            Wanted::Created(_) => &LOOKS,
        }
    }

    fn planned_at(&self) -> Option<Timestamp> {
        let after = self.schedule().get(self.planned)?;
        Some(self.since + Duration::from_secs(*after))
    }

    /// When the last look is planned.
    fn ends_at(&self) -> Timestamp {
        let last = self.schedule().last().copied().unwrap_or_default();
        let planned = self.since + Duration::from_secs(last);
        self.next_at.map_or(planned, |next| next.max(planned))
    }

    fn is_same_order(&self, order: &KeyOrder) -> bool {
        let label = untagged(order);
        self.on_ramp == *order.on_ramp() || (!label.is_empty() && label == self.label)
    }
}

/// A label as a person typed it.
fn untagged(order: &KeyOrder) -> String {
    let label = order.label().as_str();
    label.rsplit_once(" #").map_or(label, |(label, _)| label).to_owned()
}

/// Begins to look for a key of a request that was refused `since`; its first
/// look has been.
pub(super) fn after_refusal(model: &mut Model, intent: &Intent, since: Timestamp) {
    begin(model, intent, Wanted::Refused, since, 1);
}

/// Begins to look for a key that its reply has named.
pub(super) fn after_creation(model: &mut Model, intent: &Intent, key: KeyId) -> Vec<Effect> {
    let now = model.now;
    begin(model, intent, Wanted::Created(key), now, 0);
    tick(model)
}

fn begin(model: &mut Model, intent: &Intent, wanted: Wanted, since: Timestamp, planned: usize) {
    let (id, on_ramp) = (intent.id, intent.order.on_ramp().clone());
    let label = untagged(&intent.order);
    let (next_at, failures) = (None, 0);
    let mut look =
        LateLook { intent: id, on_ramp, label, wanted, since, planned, next_at, failures };
    look.next_at = look.planned_at();
    model.journal.late_looks.retain(|one| one.intent != id);
    model.journal.late_looks.push(look);
}

/// Asks for the lists that are due.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let mut due = vec![];
    for look in &mut model.journal.late_looks {
        if look.next_at.is_some_and(|at| at <= now) {
            look.next_at = None;
            due.push((look.intent, look.on_ramp.clone()));
        }
    }
    let ask = |(id, on_ramp)| model.ask(Request::KeysOf(on_ramp), Purpose::LateLook(id)).1;
    due.into_iter().map(ask).collect()
}

/// In how long the next look is due.
pub(super) fn due_in(model: &Model) -> Option<Duration> {
    let next = model.journal.late_looks.iter().filter_map(|look| look.next_at).min()?;
    Some(next.since(model.now).max(Duration::from_millis(1)))
}

/// Takes in a list, or why there is none.
pub(super) fn apply_late_list(
    model: &mut Model,
    id: IntentId,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    let counts = match result {
        Ok(Reply::KeysOf(of, list)) => {
            let whole = list.unread.is_empty();
            issue::take_keys(model, &of, list);
            whole && model.inventory.missing_keys_of(&of) == 0
        }
        _ => false,
    };
    let now = model.now;
    if let Some(look) = model.journal.late_looks.iter_mut().find(|look| look.intent == id) {
        if counts {
            look.planned += 1;
            look.next_at = look.planned_at().map(|at| at.max(now));
        } else if look.failures < FAILURES {
            look.failures += 1;
            look.next_at = Some(now + AGAIN);
        }
    }
    let Model { journal, inventory, .. } = &mut *model;
    journal.late_looks.retain(|look| {
        let found = match &look.wanted {
            Wanted::Created(key) => !inventory.is_unlisted(key),
            Wanted::Refused => false,
        };
        !found && (look.intent != id || look.next_at.is_some())
    });
    if counts {
        say_differences(model, id);
    }
    let effects = reconcile::weigh_all(model);
    review_checks::judge_again(model);
    effects
}

/// Says on the open card of a new key what the list has of it otherwise than it
/// was ordered.
fn say_differences(model: &mut Model, id: IntentId) {
    let Model { dialogs, unfinished, inventory, .. } = model;
    let Some(one) = unfinished.iter().find(|one| one.standing.intent.id == id) else { return };
    let faces = dialogs.iter_mut().filter_map(|open| match open {
        Dialog::Card(card) => Some(&mut card.faces),
        _ => None,
    });
    for face in faces.flatten().filter(|face| face.intent == Some(id)) {
        if let Some(key) = inventory.key(&face.key.id).filter(|key| !inventory.is_unlisted(&key.id))
        {
            (face.key, face.differs) = (key.clone(), differences(key, &one.standing.intent));
        }
    }
}

/// Nothing is looked for any more: the key of this refusal is found.
pub(super) fn end(model: &mut Model, id: IntentId) {
    model.journal.late_looks.retain(|look| look.intent != id);
}

/// Until when a new order waits, because a refused request for the same may have
/// created a key.
pub(super) fn held_until(model: &Model, order: &KeyOrder) -> Option<Timestamp> {
    let refused = model.journal.late_looks.iter().filter(|look| look.wanted == Wanted::Refused);
    let same = refused.filter(|look| look.is_same_order(order));
    same.map(LateLook::ends_at).max()
}

/// Until when a refused request is looked for.
pub(super) fn looked_for_until(model: &Model, id: IntentId) -> Option<Timestamp> {
    let one = model.journal.late_looks.iter().find(|look| look.intent == id)?;
    (one.wanted == Wanted::Refused).then(|| one.ends_at())
}

/// A key of a request has appeared that was refused or given up: whatever was
/// begun since for the same order is stopped before its `y`.
pub(super) fn stop_same_order(model: &mut Model, intent: &Intent) {
    let (on_ramp, label) = (intent.order.on_ramp(), untagged(&intent.order));
    let same = |order: &KeyOrder| {
        order.on_ramp() == on_ramp || (!label.is_empty() && untagged(order) == label)
    };
    let before = model.dialogs.len();
    let mut stopped = false;
    model.dialogs.retain(|dialog| match dialog {
        Dialog::Review(review) if !review.again => {
            let is_same = review.sides.iter().any(|side| same(&side.order));
            stopped |= is_same;
            !is_same
        }
        _ => true,
    });
    // A review lies on its form.
    model.dialogs.retain(|dialog| match dialog {
        Dialog::NewKey(form) => !(stopped || form.on_ramp == *on_ramp) || form.editing.is_some(),
        Dialog::Pair(_) => !stopped,
        _ => true,
    });
    if model.dialogs.len() != before {
        review_checks::forget_checks(model);
        model.notice = Some("Stopped: the refused request has created a key after all.".to_owned());
    }
}
