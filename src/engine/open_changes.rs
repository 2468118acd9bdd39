//! Changes in progress: journaled before they are sent, settled by reading back, and
//! kept open while their outcome is unknown.

use crate::{
    api::{Failure, Mode, RequestId, Write, journal::Others},
    domain::{
        alteration::{Alteration, ChangeStep, Subject},
        audit::{Act, Reached},
        fingerprint::Fingerprint,
        intent::IntentId,
        key_values::KeyValues,
        ledger::{JournalStep, OpenChange, Record},
        text::SafeText,
        time::Timestamp,
    },
    engine::{
        attempt::WRITING,
        change_search::ChangeSearch,
        effect::{Effect, Event, Outcome},
        not_now::NotNow,
        open_change::{ChangeSubject, PendingChange, Refreshed, UnconfirmedChange},
        requests::Purpose,
        state::Engine,
    },
};

/// A change that is about to be journaled.
pub(super) struct NewChange {
    pub(super) of: ChangeSubject,
    pub(super) subject: Subject,
    /// The label of the key, or the name of the circuit.
    pub(super) name: SafeText,
    /// The intended differences, in words.
    pub(super) what: String,
    /// The values that a key is to have then.
    pub(super) to: Option<Box<KeyValues>>,
    /// The audited act of the confirmation.
    pub(super) confirmed: Act,
    pub(super) purpose: Purpose,
}

impl Engine {
    /// Journals a change, to be sent after that.
    pub(super) fn begin_change(
        &mut self,
        new: NewChange,
        write: impl FnOnce(Box<Alteration>) -> Write,
    ) -> Result<(), NotNow> {
        if let Some(why) = self.journal.trouble() {
            return Err(NotNow::Unready(why));
        }
        if self.altering.is_some() {
            return Err(NotNow::ChangeOpen);
        }
        let NewChange { of, subject, name, what, to, confirmed, purpose } = new;
        let id = IntentId(self.journal.seed.as_mut().ok_or(NotNow::NoNames)?.draw());
        let change = Alteration { id, subject, name, what: SafeText::clean(&what), to };
        self.audit_act(confirmed);
        let request = self.write(write(Box::new(change.clone())), purpose);
        let since = self.now;
        self.altering = Some(Box::new(PendingChange { change, of, request, since, sent: false }));
        Ok(())
    }

    /// Returns the subject of the change in progress.
    pub(super) fn altered(&self) -> Option<ChangeSubject> {
        self.altering.as_ref().map(|one| one.of.clone())
    }

    /// Sends a journaled request, if it is still wanted.
    pub(super) fn send_change(&mut self, request: RequestId) {
        let is_wanted = self.requests.purpose_of(request).is_some();
        let one = self.altering.as_mut().filter(|one| one.request == request && is_wanted);
        let Some(one) = one else { return self.perform(Effect::Withdraw(request)) };
        if self.mode == Mode::ReadOnly {
            // Withdrawn during the sync.
            self.perform(Effect::Withdraw(request));
            let happened = "The console is now read-only; nothing was sent";
            return self.hold_change_back(request, happened, ":rw allows changes.");
        }
        one.sent = true;
        match one.of.clone() {
            ChangeSubject::Key(run, key) => self.note_change_sent(run, &key),
            ChangeSubject::Circuit(_) => self.note_decision_sent(),
        }
        self.perform(Effect::Send(request));
    }

    /// Cancels a change that the journal does not have: nothing is sent.
    pub(super) fn call_off_change(&mut self, request: RequestId, why: &SafeText) {
        let happened = format!("Cannot record safely; nothing was sent: {why}");
        let advice = "Requests are sent only after they are recorded.";
        self.hold_change_back(request, &happened, advice);
    }

    fn hold_change_back(&mut self, request: RequestId, happened: &str, advice: &str) {
        let Some(purpose) = self.requests.end(request) else { return };
        let failure = Failure::unrecorded(happened, advice);
        match purpose {
            Purpose::Decide => self.take_decision_reply(purpose, Err(failure)),
            _ => self.take_change_reply(purpose, Err(failure)),
        }
    }

    /// Cancels a change when the disk does not answer in time.
    pub(super) fn call_off_late_change(&mut self) {
        let late = |one: &&PendingChange| !one.sent && self.now.since(one.since) > WRITING;
        if let Some(request) = self.altering.as_deref().filter(late).map(|one| one.request) {
            self.call_off_change(request, &"the disk did not respond within 10 s".into());
        }
    }

    /// Journals the end of the change in progress. One that was never sent needs no
    /// line.
    pub(super) fn settle_change(&mut self, turn: &ChangeStep) {
        let Some(one) = self.altering.take().filter(|one| one.sent) else { return };
        let at = self.server_now();
        self.record_turn(one.change.id, at, turn.clone());
        if *turn == ChangeStep::Done {
            self.expect_changed(&one.change);
            self.see_earlier_changes(&one.change, at);
        }
    }

    /// Keeps a change with an unknown outcome open, and searches its outcome.
    pub(super) fn search_change(&mut self, search: ChangeSearch) {
        self.audit_act(search.to_audit_act(Reached::Unknown));
        let Some(one) = self.altering.take().filter(|one| one.sent) else { return };
        let change =
            OpenChange { alteration: one.change, begun_at: self.server_now(), writer: None };
        let (search, elsewhere) = (Some(search), None);
        let open = UnconfirmedChange { change, key: None, read: false, search, elsewhere };
        self.journal.changes.push(open);
    }

    /// Settles earlier changes of the same subject when a later one was read back as
    /// done.
    pub(super) fn see_earlier_changes(&mut self, done: &Alteration, at: Timestamp) {
        let same = |open: &UnconfirmedChange| open.change.alteration.subject == done.subject;
        let earlier = self.journal.changes.extract_if(.., |open| same(open));
        let earlier: Vec<_> = earlier.map(|open| open.change.alteration.id).collect();
        for id in earlier {
            self.record_turn(id, at, ChangeStep::Seen);
        }
    }

    pub(super) fn record_turn(&mut self, change: IntentId, at: Timestamp, turn: ChangeStep) {
        self.perform(Effect::Record(Record::new(change, at, JournalStep::Change(turn))));
    }

    /// Takes the open changes of the journal, except the one in progress here; returns
    /// whether any is new, so that its subject has to be read again.
    pub(super) fn take_up_changes(&mut self, open: &[&OpenChange], others: &Others) -> bool {
        let here = self.altering.as_ref().map(|one| one.change.id);
        let known = std::mem::take(&mut self.journal.changes);
        let mut any_new = false;
        for one in open.iter().filter(|one| Some(one.alteration.id) != here) {
            let same = |old: &&UnconfirmedChange| old.change.alteration.id == one.alteration.id;
            let old = known.iter().find(same).cloned();
            any_new |= old.is_none();
            let new = || UnconfirmedChange {
                change: (*one).clone(),
                key: None,
                read: false,
                search: None,
                elsewhere: None,
            };
            let elsewhere = one.writer.and_then(|writer| others.get(&writer)).cloned();
            self.journal.changes.push(UnconfirmedChange { elsewhere, ..old.unwrap_or_else(new) });
        }
        any_new
    }

    /// Matches a new reading with the subjects of open changes, and with the searched
    /// ones.
    pub(super) fn match_open_changes(&mut self, what: Refreshed) {
        for open in &mut self.journal.changes {
            match open.change.alteration.subject {
                Subject::Key(print) if what == Refreshed::Keys => {
                    let key =
                        self.inventory.keys().find(|key| Fingerprint::of_key(&key.id) == print);
                    (open.key, open.read) = (key.map(|key| key.id.clone()), true);
                }
                Subject::Circuit(..) if what == Refreshed::OnRamps => open.read = true,
                Subject::Key(_) | Subject::Circuit(..) => {}
            }
        }
        self.weigh_change_searches(what);
    }

    /// Closes an open change, by its index in the list, after the user has seen the
    /// present state of its subject.
    pub fn see_change(&mut self, at: usize) -> Outcome {
        if let Some(open) = self.journal.changes.get(at) {
            if let Some(running) = &open.elsewhere {
                let says = running.to_string();
                self.emit(Event::Elsewhere(says));
                return self.finish();
            }
            match open.state_now(&self.inventory) {
                None => self.emit(Event::ChangeNotRead),
                Some(now) => {
                    let open = self.journal.changes.remove(at);
                    let Alteration { id, name, subject, .. } = open.change.alteration;
                    self.emit(Event::ChangeSeen(name, now));
                    self.expect_as_seen(&subject);
                    self.record_turn(id, self.server_now(), ChangeStep::Seen);
                }
            }
        }
        self.finish()
    }
}
