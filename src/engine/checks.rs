//! The checks of planned keys: the keys of their on-ramps, the vendor's answer about
//! each VLAN, and the present errors of an order.

use std::time::Duration;

use crate::{
    api::{Failure, Listing, Reply, Request, VlanAnswer},
    domain::{
        id::OnRampId,
        intent::IntentId,
        key_order::{Fault, KeyOrder, OrderUse},
        service_key::ServiceKey,
        time::Timestamp,
    },
};

use super::{
    effect::Outcome,
    plan::{Check, KeysBefore, PlannedKey, VlanCheck},
    requests::Purpose,
    state::Engine,
};

/// The delay before a list that lacks keys is read again: a little more than two
/// readings need to count as two.
const AGAIN: Duration = Duration::from_secs(6);

impl Engine {
    /// Repeats the checks of the plan.
    pub fn recheck(&mut self) -> Outcome {
        self.check_plan();
        self.finish()
    }

    pub(super) fn check_plan(&mut self) {
        self.forget_checks();
        let now = self.now;
        let Some(plan) = &mut self.plan else { return };
        plan.checked_at = now;
        let sides: Vec<_> =
            plan.sides.iter().map(|side| (side.intent, side.order.clone())).collect();
        for (id, order) in sides {
            let vlan = self.start_checks(id, &order);
            self.change_planned(id, |side| {
                (side.vlan, side.before, side.faults) = (vlan, Check::Asking, vec![]);
            });
        }
    }

    /// Asks for an on-ramp's keys, and about the VLAN: at the vendor or (for an
    /// MCR or MVE, which it does not check) by a fresh record.
    pub(super) fn start_checks(&mut self, id: IntentId, order: &KeyOrder) -> Check<VlanCheck> {
        let on_ramp = order.on_ramp().clone();
        let is_port = self.inventory.on_ramp(&on_ramp).is_some_and(|o| o.kind.answers_vlans());
        self.ask(Request::KeysOf(on_ramp.clone()), Purpose::CheckKeys(id));
        let request = match order.usage() {
            OrderUse::Multi => return Check::Known(VlanCheck::Assigned),
            OrderUse::Single(vlan) if is_port => Request::CheckVlan(on_ramp, vlan),
            OrderUse::Single(_) | OrderUse::Untagged => Request::OnRamp(on_ramp),
        };
        self.ask(request, Purpose::CheckVlan(id));
        Check::Asking
    }

    pub(super) fn forget_checks(&mut self) {
        let is_check = |purpose| matches!(purpose, Purpose::CheckVlan(_) | Purpose::CheckKeys(_));
        self.requests.forget(is_check);
    }

    /// Reads the keys under review again whose list lacks known ones: two readings that
    /// agree, some time apart, are believed.
    pub(super) fn read_doubtful_again(&mut self) {
        let now = self.now;
        let due = self.planned().filter(|side| side.is_doubtful());
        let due = due.filter(|side| now.since(side.keys_read_at) >= AGAIN);
        let due: Vec<_> = due.map(|side| (side.intent, side.order.on_ramp().clone())).collect();
        for (id, on_ramp) in due {
            if let Some(side) = self.planned_mut(id) {
                side.keys_read_at = now;
            }
            if !self.requests.awaits(|purpose| purpose == Purpose::CheckKeys(id)) {
                self.ask(Request::KeysOf(on_ramp), Purpose::CheckKeys(id));
            }
        }
    }

    /// Returns the time until a check is due.
    pub(super) fn checks_due_in(&self) -> Option<Duration> {
        let doubtful = self.planned().filter(|side| side.is_doubtful());
        let again = doubtful.map(|side| (side.keys_read_at + AGAIN).since(self.now));
        again.min().map(|left| left.max(Duration::from_millis(1)))
    }

    /// Judges the plans again: on-ramps close, and VLANs get taken, while the user
    /// reads the review.
    pub(super) fn judge_plans(&mut self) {
        let sides: Vec<_> = self.planned().map(|side| (side.intent, side.order.clone())).collect();
        let for_whom = self.plan.as_ref().map(|plan| plan.for_whom.clone()).unwrap_or_default();
        for (id, order) in sides {
            let (faults, held_until) = self.faults_now(id, &order);
            let warnings = self.warnings_about(&order, &for_whom);
            let place = self.place_of(&order);
            self.change_planned(id, |side| {
                (side.faults, side.warnings, side.held_until) = (faults, warnings, held_until);
                side.place = place;
            });
        }
    }

    /// Returns what is wrong with an order now, and until when it waits.
    fn faults_now(&self, id: IntentId, order: &KeyOrder) -> (Vec<Fault>, Option<Timestamp>) {
        let vlans = self.vlans_without(order.on_ramp(), Some(id)).unwrap_or_default();
        let on_ramp = self.inventory.on_ramp(order.on_ramp());
        let listed = on_ramp.filter(|on_ramp| !self.inventory.lacks(&on_ramp.id));
        let mut faults = order.faults(listed, &vlans);
        let end = order.validity().and_then(|window| window.end);
        faults.extend(end.filter(|end| *end <= self.server_now()).map(|_| Fault::Over));
        (faults, self.held_until(order))
    }

    /// Returns the orders to check: the plan, and the second of a pair.
    fn planned(&self) -> impl Iterator<Item = &PlannedKey> {
        self.plan.iter().flat_map(|plan| &plan.sides).chain(&self.second)
    }

    fn planned_mut(&mut self, id: IntentId) -> Option<&mut PlannedKey> {
        let sides = self.plan.iter_mut().flat_map(|plan| &mut plan.sides);
        sides.chain(&mut self.second).find(|side| side.intent == id)
    }

    /// Changes a planned order. If that changes anything, the question changes too: an
    /// answer to the old one is refused.
    fn change_planned(&mut self, id: IntentId, change: impl FnOnce(&mut PlannedKey)) {
        let Some(side) = self.planned_mut(id) else { return };
        let before = side.clone();
        change(side);
        if *side == before {
            return;
        }
        if let Some(plan) = &mut self.plan {
            plan.asked.revision += 1;
        }
    }

    pub(super) fn take_vlan_check(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        let check = match result {
            Ok(Reply::Vlan(answer)) => {
                if let Some(side) = self.planned_mut(id)
                    && let OrderUse::Single(vlan) = side.order.usage()
                {
                    let on_ramp = side.order.on_ramp().clone();
                    self.note_vlan(on_ramp, vlan, &answer);
                }
                match answer {
                    VlanAnswer::Free => Check::Known(VlanCheck::Free),
                    VlanAnswer::Taken(others) => Check::Known(VlanCheck::Taken(others)),
                }
            }
            Ok(Reply::OnRamp(on_ramp)) => {
                self.take_on_ramp(*on_ramp);
                Check::Known(VlanCheck::ReadAgain)
            }
            Err(failure) => Check::Failed(failure),
            Ok(_) => return self.go_on_if_clear(id),
        };
        self.change_planned(id, |side| side.vlan = check);
        self.judge_plans();
        self.go_on_if_clear(id);
    }

    pub(super) fn take_keys_check(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        match result {
            Ok(Reply::KeysOf(of, listing)) => {
                self.take_keys_before(id, &of, listing);
                self.reconcile_all();
            }
            Err(failure) => self.change_planned(id, |side| side.before = Check::Failed(failure)),
            Ok(_) => {}
        }
        self.go_on_if_clear(id);
    }

    /// The on-ramp's keys as they are now: the ground against which a lost key
    /// will be recognised, and a last check of the VLAN.
    fn take_keys_before(&mut self, id: IntentId, of: &OnRampId, listing: Listing<ServiceKey>) {
        if self.planned_mut(id).is_none_or(|side| side.order.on_ramp() != of) {
            return;
        }
        let ids = listing.entries.iter().map(|key| key.id.clone()).collect();
        let unread = listing.unread.len();
        self.take_keys_of(of, listing);
        let (missing, now) = (self.inventory.missing_keys_of(of), self.now);
        self.change_planned(id, |side| {
            side.before = Check::Known(KeysBefore { ids, unread, missing });
            side.keys_read_at = now;
        });
        self.judge_plans();
    }
}
