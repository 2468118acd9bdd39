//! From an order to the one request that creates its key.
//!
//! Two rules decide every doubtful case: nothing lost, and never two keys for one
//! intent. `hand_over` is the only place that requests a key; nothing gets there while
//! another one is in progress.

use crate::{
    api::{Mode, Write},
    domain::{
        audit::{Act, Happened},
        id::OnRampId,
        intent::{ForWhom, Intent, IntentId, Part},
        key_order::KeyOrder,
        ledger::IntentStatus,
        place::Zone,
    },
};

use super::{
    attempt::{Attempt, AttemptStage, Search},
    effect::{Effect, Event, Outcome},
    not_now::NotNow,
    plan::{Plan, PlannedKey},
    question::Confirmed,
    requests::Purpose,
    state::Engine,
};

impl Engine {
    /// Plans to create keys of these orders, one or the two of a pair, and starts
    /// the checks. A plan before it is dropped.
    pub fn plan_keys(
        &mut self,
        orders: Vec<KeyOrder>,
        for_whom: ForWhom,
    ) -> Result<Outcome, NotNow> {
        let mut sides = vec![];
        for order in orders {
            let id = self.mint_intent(order.on_ramp()).ok_or(NotNow::NoNames)?;
            sides.push(PlannedKey::new(id, order.tagged(id.tag())));
        }
        Ok(self.open_plan(sides, for_whom, false))
    }

    /// Plans to send a request that was never sent, or whose key was not found.
    pub fn plan_again(&mut self, id: IntentId) -> Result<Outcome, NotNow> {
        let one = self.attempt(id).ok_or(NotNow::NotClear)?;
        if let Some(running) = &one.elsewhere {
            return Err(NotNow::Elsewhere(running.to_string()));
        }
        let one = Some(one).filter(|one| one.may_be_sent()).ok_or(NotNow::NotClear)?;
        let intent = &one.standing.intent;
        if intent.realm != self.realm {
            return Err(NotNow::OtherRealm);
        }
        if let Some(first) = self.first_to_settle(intent) {
            return Err(NotNow::FirstOfPairOpen(first.standing.intent.order.label().clone()));
        }
        if let Some(from) = self.may_be_sent_from(id) {
            return Err(NotNow::Waits(from));
        }
        if let Some(active) = self.active_attempt().filter(|one| one.standing.intent.id != id) {
            return Err(NotNow::Busy(active.standing.intent.order.label().clone()));
        }
        let (order, for_whom) = (intent.order.clone(), intent.for_whom.clone());
        Ok(self.open_plan(vec![PlannedKey::new(id, order)], for_whom, true))
    }

    fn open_plan(&mut self, sides: Vec<PlannedKey>, for_whom: ForWhom, again: bool) -> Outcome {
        let (asked, checked_at) = (self.mint_asked(), self.now);
        self.plan = Some(Plan { asked, sides, again, for_whom, checked_at });
        self.recheck()
    }

    /// Drops the plan: nothing was sent.
    pub fn drop_plan(&mut self) {
        if self.plan.take().is_some() {
            self.forget_checks();
        }
    }

    /// Returns a name for a new intent, with a tag that nothing on the on-ramp carries.
    fn mint_intent(&mut self, on_ramp: &OnRampId) -> Option<IntentId> {
        loop {
            let id = IntentId(self.journal.seed.as_mut()?.draw());
            let tag = id.tag();
            let listed = self.inventory.keys_of(on_ramp).any(|key| tag.is_in(key.label.as_str()));
            let known = self.attempts.iter().any(|one| one.standing.intent.tag() == tag);
            if !listed && !known && !self.journal.settled.contains_key(&tag) {
                return Some(id);
            }
        }
    }

    /// Confirms the plan: has its request journaled, to be sent when the journal has
    /// it. Checks that are too old are repeated, and nothing is sent.
    pub fn confirm(&mut self, yes: &Confirmed) -> Result<Outcome, NotNow> {
        let now = self.now;
        let plan = self.plan.as_ref().ok_or(NotNow::OtherAnswer)?;
        if !yes.is_to(plan.asked) {
            return Err(NotNow::OtherAnswer);
        }
        if plan.is_stale(now) {
            self.emit(Event::CheckedAgain);
            self.check_plan();
            return Ok(self.finish());
        }
        self.judge_plans();
        let plan = self.plan.as_ref().ok_or(NotNow::OtherAnswer)?;
        let again = plan.again;
        let id = plan.sides.first().map(|side| side.intent).ok_or(NotNow::NotClear)?;
        if let Some(why) = self.unready() {
            return Err(NotNow::Unready(why));
        }
        if self.mode != Mode::ReadWrite {
            return Err(NotNow::ReadOnly);
        }
        let active = self.active_attempt().filter(|one| !again || one.standing.intent.id != id);
        if active.is_some() || !plan.is_clear() {
            return Err(NotNow::NotClear);
        }
        if again {
            self.attempt(id).filter(|one| one.may_be_sent()).ok_or(NotNow::NotClear)?;
            self.drop_plan();
            self.mark_unknown(id);
        } else {
            let intents = self.intents_of(plan);
            self.drop_plan();
            self.prepare(id, intents);
        }
        self.hand_over(id);
        self.emit(Event::Submitted(id, again));
        Ok(self.finish())
    }

    /// Takes up what was confirmed; `first` is sent now, and the second of a pair
    /// waits for the key of the first.
    fn prepare(&mut self, first: IntentId, intents: Vec<Intent>) {
        for intent in &intents {
            self.audit_act(Act::order(intent, Happened::Prepared));
        }
        for intent in intents.iter().skip(1) {
            self.perform(Effect::Record(super::pair::prepared(intent.clone())));
        }
        for intent in intents {
            self.attempts.push(Attempt {
                is_set_aside: intent.id != first,
                standing: IntentStatus::new(intent),
                from_previous_session: false,
                elsewhere: None,
                since: self.now,
                stage: AttemptStage::Waiting,
                search: Search::default(),
            });
        }
    }

    /// Asks the journal to write an intent; it is sent when that is done. The only
    /// place that requests the creation of a key.
    pub(super) fn hand_over(&mut self, id: IntentId) {
        let Some(one) = self.attempt(id).filter(|one| one.may_be_sent()) else { return };
        let (intent, attempt) = (Box::new(one.standing.intent.clone()), one.standing.attempts + 1);
        let request = self.write(Write::CreateKey { intent, attempt }, Purpose::Create(id));
        let now = self.now;
        if let Some(one) = self.attempt_mut(id) {
            (one.stage, one.since, one.is_set_aside) = (AttemptStage::Writing(request), now, false);
            one.from_previous_session = false;
        }
    }

    /// Returns the intents that confirming the plan creates; those of a pair are one
    /// order.
    fn intents_of(&self, plan: &Plan) -> Vec<Intent> {
        let of = u8::try_from(plan.sides.len()).unwrap_or(1);
        let order = plan.sides.first().map_or(0, |side| side.intent.0);
        let part = |number| (of > 1).then_some(Part { order, number, of });
        let sides = (1u8..).zip(&plan.sides);
        sides.map(|(number, side)| self.intent_of(plan, side, part(number))).collect()
    }

    fn intent_of(&self, plan: &Plan, side: &PlannedKey, part: Option<Part>) -> Intent {
        let on_ramp = self.inventory.on_ramp(side.order.on_ramp());
        let keys = self.inventory.keys_of(side.order.on_ramp());
        let before = side.clear().map(|before| &before.ids);
        let keys = keys.filter(|key| before.is_some_and(|ids| ids.contains(&key.id)));
        Intent {
            id: side.intent,
            realm: self.realm.clone(),
            on_ramp_name: on_ramp.map(|o| o.name.clone()).unwrap_or_default(),
            zone: on_ramp.map_or(Zone::Unstated, |o| o.zone.clone()),
            for_whom: plan.for_whom.clone(),
            before: Intent::mistakable(&side.order, keys),
            order: side.order.clone(),
            prepared_at: self.server_now(),
            part,
        }
    }
}
