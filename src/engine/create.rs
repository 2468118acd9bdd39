//! The life of a request to create a key: journaled, sent, answered, settled.
//!
//! Nothing in here sends unasked. A request is sent only after the user's confirmation,
//! and only once the journal reports that it is on the disk.

use std::time::Duration;

use crate::{
    api::{Failure, Mode, Reply, RequestId, journal::Others},
    domain::{
        audit::{Act, Happened, KeyMark},
        drift::against_order,
        fingerprint::Fingerprint,
        intent::{Intent, IntentId},
        inventory::Inventory,
        issuance::Doubt,
        key_difference::Difference,
        key_order::OrderUse,
        key_usage::Remembered,
        key_values::KeyValues,
        ledger::{IntentStatus, JournalStep, State},
        service_key::ServiceKey,
        text::SafeText,
        time::Timestamp,
    },
    engine::{
        attempt::{Attempt, AttemptStage, Search, WRITING, Window},
        effect::{Effect, Event, Origin, Outcome},
        followed::writer_of,
        requests::Purpose,
        state::Engine,
    },
};

/// The longest plausible wait that Megaport may ask for. A longer one is taken for an
/// error, and the search waits this long.
const LONGEST_WISH: Duration = Duration::from_secs(3600);
const AFTER_A_MISHAP: Duration = Duration::from_secs(120);

/// The audit detail of a step of an intent.
#[derive(Default)]
pub(super) struct Said {
    happened: Option<Happened>,
    key: Option<KeyMark>,
    why: Option<SafeText>,
    trace: Option<SafeText>,
}

impl Said {
    pub(super) fn from_failure(failure: &Failure) -> Self {
        let (why, trace) = (Some(failure.happened.clone()), failure.trace.clone());
        Self { why, trace, ..Self::default() }
    }
}

impl Engine {
    /// Takes up an intent of an earlier session, or of another console that runs.
    pub(super) fn take_up(&mut self, standing: IntentStatus, others: &Others) {
        let now = self.now;
        self.attempts.push(Attempt {
            elsewhere: writer_of(&standing, others),
            stage: AttemptStage::of_earlier(&standing, now),
            standing,
            is_set_aside: true,
            from_previous_session: true,
            since: now,
            search: Search::default(),
        });
    }

    /// Journals a step of an intent. A step that cannot follow changes nothing.
    pub(super) fn journal_step(&mut self, id: IntentId, step: &JournalStep) {
        self.note_with(id, step, Said::default());
    }

    /// Journals and audits a step, with details.
    pub(super) fn note_with(&mut self, id: IntentId, step: &JournalStep, said: Said) {
        let at = self.server_now();
        let Some(one) = self.attempt_mut(id) else { return };
        let record = one.standing.record(step.clone(), at);
        if one.standing.apply_record(&record).is_err() {
            return;
        }
        let happened = said.happened.unwrap_or(match step {
            JournalStep::Prepared(_) => Happened::Prepared,
            JournalStep::Sending => Happened::Sent,
            JournalStep::Created(_) => Happened::Created,
            JournalStep::Refused => Happened::Refused,
            JournalStep::NotSent => Happened::NotSent,
            JournalStep::Unknown => Happened::Unknown,
            JournalStep::Acknowledged => Happened::Seen,
            JournalStep::Closed(_) | JournalStep::Change(_) => Happened::Closed,
        });
        let why = match &step {
            JournalStep::Closed(why) => Some(why.clone()),
            _ => said.why,
        };
        let intent = Box::new(one.standing.intent.clone());
        self.perform(Effect::Record(record));
        self.audit_act(Act::Order { intent, happened, key: said.key, why, trace: said.trace });
    }

    /// Does the work that time alone makes due: the next read for a key in doubt, and
    /// the timeout of a disk that does not answer.
    pub(super) fn look_where_due(&mut self) {
        let now = self.now;
        let (mut due, mut late) = (vec![], vec![]);
        let Self { attempts, inventory, .. } = &mut *self;
        for one in attempts {
            let order = &one.standing.intent.order;
            let on_ramp = inventory.on_ramp(order.on_ramp());
            let is_port = on_ramp.is_some_and(|on_ramp| on_ramp.kind.answers_vlans());
            one.search.vlan_can_be_asked = is_port && matches!(order.usage(), OrderUse::Single(_));
            if one.is_due(now) {
                one.search.planned += 1;
                due.push(one.standing.intent.id);
            }
            match one.stage {
                AttemptStage::Writing(request) if now.since(one.since) > WRITING => {
                    late.push(request);
                }
                _ => {}
            }
        }
        for request in late {
            self.call_off_attempt(request, &"the disk did not respond within 10 s".into());
        }
        for id in due {
            self.start_look(id);
        }
        self.start_late_looks();
        self.read_doubtful_again();
    }

    /// Sends a journaled request, if it is still wanted.
    pub(super) fn send_attempt(&mut self, request: RequestId) {
        let (now, at) = (self.now, self.server_now());
        let Some(Purpose::Create(id)) = self.requests.purpose_of(request) else {
            return self.perform(Effect::Withdraw(request));
        };
        if self.mode == Mode::ReadOnly {
            // Withdrawn during the sync.
            self.perform(Effect::Withdraw(request));
            let happened = "The console is now read-only; nothing was sent";
            return self.cancel_unsent(request, happened, ":rw allows creating keys.");
        }
        let Some(one) = self.attempt_mut(id) else {
            return self.perform(Effect::Withdraw(request));
        };
        let sending = one.standing.record(JournalStep::Sending, at);
        if one.standing.apply_record(&sending).is_err() {
            return self.perform(Effect::Withdraw(request));
        }
        (one.stage, one.since) = (AttemptStage::Sending, now);
        let sent = Act::order(&one.standing.intent, Happened::Sent);
        self.audit_act(sent);
        self.perform(Effect::Send(request));
    }

    /// Cancels an attempt that the journal does not have: nothing is sent.
    pub(super) fn call_off_attempt(&mut self, request: RequestId, why: &SafeText) {
        let before = match self.requests.purpose_of(request) {
            Some(Purpose::Create(id)) => self.attempt(id).map_or(0, |one| one.standing.attempts),
            _ => 0,
        };
        let nothing = if before > 0 { "nothing more was sent" } else { "nothing was sent" };
        let happened = format!("Cannot record safely; {nothing}: {why}");
        self.cancel_unsent(request, &happened, "Requests are sent only after they are recorded.");
    }

    /// Takes the state of an intent that another session has moved on, so that nothing
    /// continues from the old state.
    pub(super) fn take_over(&mut self, request: RequestId, why: &SafeText, standing: IntentStatus) {
        let Some(Purpose::Create(id)) = self.requests.end(request) else { return };
        let (now, state) = (self.now, standing.state.clone());
        let happened = format!("This console sent nothing: {why}");
        let failure = Failure::unrecorded(&happened, "The console searches for the key.");
        self.audit_not_sent(&standing.intent, &failure);
        let Some(one) = self.attempt_mut(id) else { return };
        one.standing = standing;
        (one.from_previous_session, one.since, one.search) = (true, now, Search::default());
        match state {
            State::Prepared => one.stage = AttemptStage::Waiting,
            State::Sending | State::Unknown | State::Created(_) => {
                one.stage = AttemptStage::Looking { failure: Some(failure), since: now };
                self.emit(Event::TakenOver(id));
                self.look_where_due();
            }
            State::Refused | State::NotSent => one.stage = AttemptStage::NotMade(failure),
            State::Acknowledged(_) | State::Closed(_) => {
                self.remove_attempt(id);
                self.emit(Event::SettledElsewhere(happened));
            }
        }
    }

    fn audit_not_sent(&mut self, intent: &Intent, failure: &Failure) {
        self.audit_act(Act::Order {
            intent: Box::new(intent.clone()),
            happened: Happened::NotSent,
            key: None,
            why: Some(failure.happened.clone()),
            trace: None,
        });
    }

    /// Cancels a request before it is sent, because of something here.
    fn cancel_unsent(&mut self, request: RequestId, happened: &str, advice: &str) {
        let Some(Purpose::Create(id)) = self.requests.end(request) else { return };
        let failure = Failure::unrecorded(happened, advice);
        let now = self.now;
        let Some(one) = self.attempt_mut(id) else { return };
        let intent = one.standing.intent.clone();
        mark_not_created(one, failure.clone(), now);
        self.audit_not_sent(&intent, &failure);
        self.call_off_second(id);
    }

    /// Handles a request that ended without a key.
    fn on_failed(&mut self, id: IntentId, failure: Failure) {
        let (now, wait_until) = (self.now, self.wait_until);
        let Some(one) = self.attempt_mut(id) else { return };
        let window = match failure.doubt {
            Doubt::NotSent => return self.end_unsent(id, failure),
            Doubt::NotProcessed => Window::NotProcessed,
            // After a doubtful attempt a refusal is evidence, and no answer.
            Doubt::Refused if !one.standing.doubted => Window::Refused,
            Doubt::Refused | Doubt::Unknown => Window::Lost,
        };
        let said = Said::from_failure(&failure);
        one.search = Search::after(window);
        let since = match (window, wait_until) {
            (Window::NotProcessed, Some(until)) if until.since(now) > LONGEST_WISH => {
                now + AFTER_A_MISHAP
            }
            (Window::NotProcessed, Some(until)) => until.max(now),
            _ => now,
        };
        one.stage = AttemptStage::Looking { failure: Some(failure), since };
        // A refusal is neither reported nor journaled before a list was read.
        if window != Window::Refused {
            self.note_with(id, &JournalStep::Unknown, said);
        }
        self.emit(Event::InDoubt(id));
        self.look_where_due();
    }

    /// Ends an attempt of which nothing was sent.
    fn end_unsent(&mut self, id: IntentId, failure: Failure) {
        let now = self.now;
        let Some(one) = self.attempt_mut(id) else { return };
        let step = one.standing.end(Doubt::NotSent);
        self.note_with(id, &step, Said::from_failure(&failure));
        let Some(one) = self.attempt_mut(id) else { return };
        mark_not_created(one, failure, now);
        let (is_over, in_doubt) =
            (matches!(one.stage, AttemptStage::NotMade(_)), one.is_in_doubt());
        if is_over {
            self.call_off_second(id);
        }
        if in_doubt {
            self.emit(Event::InDoubt(id));
        }
        self.look_where_due();
    }

    /// Takes a reply that names a key: it is ours if nothing speaks against it, and is
    /// then searched in the list.
    pub(super) fn take_create_reply(&mut self, id: IntentId, result: Result<Reply, Failure>) {
        let key = match result {
            Ok(Reply::Created(key)) => *key,
            Ok(_) => return,
            Err(failure) => return self.on_failed(id, failure),
        };
        if let Some(why) = self.why_not_ours(id, &key) {
            return self.on_failed(id, Failure::of_another_key(&why));
        }
        let named = key.id.clone();
        self.take_created(id, key, Origin::Made, Happened::Created);
        if let Some(intent) = self.attempt(id).map(|one| one.standing.intent.clone()) {
            self.look_for_created(&intent, named);
        }
    }

    /// Takes the key of a request, and journals it.
    pub(super) fn take_created(
        &mut self,
        id: IntentId,
        key: ServiceKey,
        origin: Origin,
        happened: Happened,
    ) {
        let print = Fingerprint::of_key(&key.id);
        let said = Said {
            happened: Some(happened),
            key: Some(KeyMark::new(&key)),
            why: self
                .attempt(id)
                .and_then(|one| differences(&self.inventory, &key, &one.standing.intent)),
            trace: None,
        };
        self.note_with(id, &JournalStep::Created(print), said);
        self.requests.forget(|purpose| purpose == Purpose::Look(id));
        if let Some(one) = self.attempt(id) {
            let memory = Remembered::of_intent(&one.standing.intent, print);
            let values = KeyValues::of_order(&one.standing.intent);
            self.remembered.insert(print, Remembered { created: key.created, ..memory });
            self.drift.expected.insert(print, values);
        }
        self.inventory.put_key(key.clone(), self.server_now());
        self.tell_once(Event::OnRampsChanged);
        let Some(one) = self.attempt_mut(id) else { return };
        one.stage = AttemptStage::Made(Box::new(key));
        let (at_hand, intent) = (!one.is_set_aside, one.standing.intent.clone());
        if matches!(origin, Origin::Late | Origin::Refused) {
            self.end_late_look(id);
            self.stop_same_order(&intent);
        }
        let second = self.start_second_key(id);
        self.emit(Event::Created { intent: id, origin, at_hand, second });
    }

    /// Notes that the user has seen the key of a request.
    pub fn acknowledge(&mut self, id: IntentId) -> Outcome {
        if !self.refuse_elsewhere(id) {
            self.expect_as_created(id);
            self.journal_step(id, &JournalStep::Acknowledged);
            self.remove_attempt(id);
        }
        self.finish()
    }

    /// Takes an intent off the list.
    pub(super) fn remove_attempt(&mut self, id: IntentId) {
        let Some(at) = self.attempts.iter().position(|one| one.standing.intent.id == id) else {
            return;
        };
        let standing = self.attempts.remove(at).standing;
        let looks = [Purpose::Look(id), Purpose::LookCircuits(id), Purpose::LookVlan(id)];
        self.requests.forget(|purpose| looks.contains(&purpose));
        if standing.may_yield_late_key() {
            self.journal.settled.insert(standing.intent.tag(), standing);
        }
        self.emit(Event::Settled(id));
    }

    /// Adopts one of the found keys as that of the request, on the user's decision.
    pub fn adopt(&mut self, id: IntentId, key: ServiceKey) -> Outcome {
        if self.refuse_elsewhere(id) {
            return self.finish();
        }
        let found = self.attempt(id).is_some_and(|one| match &one.stage {
            AttemptStage::Maybe(keys) | AttemptStage::Several(keys) => keys.contains(&key),
            _ => false,
        });
        if found {
            self.take_created(id, key, Origin::Found, Happened::Adopted);
        }
        self.finish()
    }

    /// Sets a key in doubt aside, so that others can be created.
    pub fn set_aside(&mut self, id: IntentId) {
        if let Some(one) = self.attempt_mut(id) {
            one.is_set_aside = true;
        }
    }

    /// Closes a request after the user has seen that it created nothing.
    pub fn close_not_created(&mut self, id: IntentId) -> Outcome {
        if self.attempt(id).is_some_and(|one| matches!(one.stage, AttemptStage::NotMade(_))) {
            self.journal_step(id, &JournalStep::Closed("nothing was sent".into()));
            self.remove_attempt(id);
        }
        self.finish()
    }

    /// Closes a request for good, with the user's reason.
    pub fn close(&mut self, id: IntentId, why: &str) -> Outcome {
        if !self.refuse_elsewhere(id) {
            self.close_attempt(id, why);
        }
        self.finish()
    }

    pub(super) fn close_attempt(&mut self, id: IntentId, why: &str) {
        self.mark_unknown(id);
        self.journal_step(id, &JournalStep::Closed(why.into()));
        self.remove_attempt(id);
    }

    /// Marks a request that was being sent when an earlier session ended as in doubt.
    pub(super) fn mark_unknown(&mut self, id: IntentId) {
        if self.attempt(id).is_some_and(|one| one.standing.state == State::Sending) {
            self.journal_step(id, &JournalStep::Unknown);
        }
    }
}

/// Marks an attempt as one that created nothing. After a doubtful one the search
/// continues.
fn mark_not_created(one: &mut Attempt, failure: Failure, now: Timestamp) {
    one.stage = if one.standing.doubted {
        one.search = Search::default();
        AttemptStage::Looking { failure: Some(failure), since: now }
    } else {
        AttemptStage::NotMade(failure)
    };
}

/// Returns how a key differs from its order, for the audit.
fn differences(inventory: &Inventory, key: &ServiceKey, intent: &Intent) -> Option<SafeText> {
    let differs = against_order(inventory, intent, key);
    let differs: Vec<_> = differs.iter().map(Difference::against_order).collect();
    (!differs.is_empty()).then(|| SafeText::clean(&differs.join("; ")))
}
