//! Changing keys: confirmed, journaled, sent one after the other, and read back.

use crate::{
    api::{Failure, KeyChange, Mode, Reply, Request, Write},
    domain::{
        alteration::{ChangeStep, Subject},
        audit::Reached,
        fingerprint::Fingerprint,
        id::KeyId,
        issuance::Doubt,
        service_key::ServiceKey,
    },
};

use super::{
    change_run::{ChangeId, ChangeRun},
    change_search::{ChangeSearch, SearchedChange},
    effect::{Event, Outcome},
    key_change::{KeyChangeStage, KeyChangeStatus},
    not_now::NotNow,
    open_change::ChangeSubject,
    open_changes::NewChange,
    question::Confirmed,
    requests::Purpose,
    state::Engine,
};

impl Engine {
    /// Plans changes of keys, for the user to confirm.
    pub fn plan_changes(&mut self, changes: Vec<(ServiceKey, KeyChange)>) -> ChangeId {
        let steps =
            changes.into_iter().map(|(key, change)| KeyChangeStatus::new(key, change)).collect();
        let run = ChangeRun { asked: self.mint_asked(), steps, confirmed: false };
        let id = run.id();
        self.runs.push(run);
        id
    }

    /// Returns a run of changes by its id.
    pub fn changes(&self, id: ChangeId) -> Option<&ChangeRun> {
        self.runs.iter().find(|run| run.id() == id)
    }

    fn run_mut(&mut self, id: ChangeId) -> Option<&mut ChangeRun> {
        self.runs.iter_mut().find(|run| run.id() == id)
    }

    /// Marks the key at this place of a change, or unmarks it.
    pub fn toggle_change(&mut self, id: ChangeId, at: usize) {
        let Some(run) = self.run_mut(id).filter(|run| !run.confirmed) else { return };
        if let Some(step) = run.steps.get_mut(at) {
            step.wanted = !step.wanted;
            run.asked.revision += 1;
        }
    }

    /// Renews the questions after keys were read again: each is about the present keys,
    /// and a confirmation of older ones is refused.
    pub(super) fn renew_changes(&mut self) {
        let inventory = &self.inventory;
        for run in self.runs.iter_mut().filter(|run| !run.confirmed) {
            for step in run.steps.iter_mut().filter(|step| step.stage == KeyChangeStage::Waiting) {
                let listed = inventory.key(&step.before.id).filter(|key| **key != step.before);
                if let Some(key) = listed {
                    step.before = key.clone();
                    run.asked.revision += 1;
                }
            }
        }
    }

    /// Drops a question about changes. A change in progress continues.
    pub fn drop_changes(&mut self, id: ChangeId) {
        self.runs.retain(|run| run.id() != id || run.is_under_way());
    }

    /// Confirms changes, or again the part of them that failed.
    pub fn confirm_changes(&mut self, id: ChangeId, yes: &Confirmed) -> Result<Outcome, NotNow> {
        let run = self.run_mut(id).ok_or(NotNow::OtherAnswer)?;
        if !yes.is_to(run.asked) {
            return Err(NotNow::OtherAnswer);
        }
        run.confirmed = true;
        for step in &mut run.steps {
            if matches!(step.stage, KeyChangeStage::Failed(_)) {
                step.stage = KeyChangeStage::Waiting;
            }
        }
        self.begin_next_change(id);
        Ok(self.finish())
    }

    fn set_stage(&mut self, id: ChangeId, key: &KeyId, stage: KeyChangeStage) {
        let Some(run) = self.run_mut(id) else { return };
        run.asked.revision += 1;
        if let Some(step) = run.step_mut(key) {
            step.stage = stage;
        }
    }

    /// Starts the next waiting change, unless one is in progress.
    fn begin_next_change(&mut self, id: ChangeId) {
        if self.mode != Mode::ReadWrite {
            return self.emit(Event::ChangeRefused(NotNow::ReadOnly));
        }
        let Some(run) = self.run_mut(id).filter(|run| run.confirmed && !run.is_under_way()) else {
            return;
        };
        let waits = |step: &&KeyChangeStatus| step.wanted && step.stage == KeyChangeStage::Waiting;
        let Some(step) = run.steps.iter().find(waits).cloned() else { return };
        let (key, wanted) = (step.before.id.clone(), step.change.clone());
        let print = Fingerprint::of_key(&key);
        let new = NewChange {
            of: ChangeSubject::Key(id, key.clone()),
            subject: Subject::Key(print),
            name: step.before.label.clone(),
            what: step.describe(),
            to: Some(Box::new(step.values_after(self.drift.expected.get(&print)))),
            confirmed: step.to_audit_act(Reached::Confirmed, None),
            purpose: Purpose::Change,
        };
        match self.begin_change(new, |change| Write::UpdateKey(wanted, change)) {
            Ok(()) => self.set_stage(id, &key, KeyChangeStage::Writing),
            Err(why) => {
                // The user who confirmed it sees this failure, and the change must not
                // be sent later unasked.
                if let Some(run) = self.run_mut(id) {
                    (run.confirmed, run.asked.revision) = (false, run.asked.revision + 1);
                }
                self.emit(Event::ChangeRefused(why));
            }
        }
    }

    /// Notes that the change is journaled and being sent.
    pub(super) fn note_change_sent(&mut self, id: ChangeId, key: &KeyId) {
        self.set_stage(id, key, KeyChangeStage::Sending);
        self.audit_change(id, key, Reached::Sent, None);
    }

    /// Takes a reply about a change.
    pub(super) fn take_change_reply(&mut self, purpose: Purpose, result: Result<Reply, Failure>) {
        let Some(ChangeSubject::Key(id, key)) = self.altered() else { return };
        match (purpose, result) {
            (Purpose::Change, Ok(_)) => self.read_back(id, &key, None),
            (Purpose::Change, Err(failure)) if failure.doubt == Doubt::Unknown => {
                self.read_back(id, &key, Some(failure));
            }
            (Purpose::ReadBack, Ok(Reply::Key(read))) => self.take_read_back(id, *read),
            // After a failed read the outcome is unknown.
            (Purpose::ReadBack, Err(failure)) => self.search_key(id, &key, Some(failure)),
            (Purpose::Change, Err(failure)) => {
                self.audit_change(id, &key, Reached::Failed, Some(&failure));
                // The user who confirmed several decides before the next one is sent.
                self.set_stage(id, &key, KeyChangeStage::Failed(failure));
                self.settle_change(&ChangeStep::NotDone);
            }
            _ => {}
        }
    }

    /// Reads the key again: only that shows the outcome.
    fn read_back(&mut self, id: ChangeId, key: &KeyId, failure: Option<Failure>) {
        self.set_stage(id, key, KeyChangeStage::Reading(failure));
        self.ask(Request::Key(key.clone()), Purpose::ReadBack);
    }

    /// Takes the key as it is now.
    fn take_read_back(&mut self, id: ChangeId, read: ServiceKey) {
        self.take_key(&read);
        let key = read.id.clone();
        let step = self
            .changes(id)
            .and_then(|run| run.steps.iter().find(|step| step.before.id == key).cloned());
        let failure = match &step {
            // The list may lag: that the key is as it was proves nothing yet.
            Some(KeyChangeStatus { stage: KeyChangeStage::Reading(failure), .. }) => {
                failure.clone()
            }
            _ => None,
        };
        if step.is_none_or(|step| !step.is_met_by(&read)) {
            return self.search_key(id, &key, failure);
        }
        self.set_stage(id, &key, KeyChangeStage::Done(Box::new(read)));
        self.audit_change(id, &key, Reached::Done, None);
        self.settle_change(&ChangeStep::Done);
        self.begin_next_change(id);
    }

    /// Searches the outcome of a change of a key: it is read again as planned.
    fn search_key(&mut self, id: ChangeId, key: &KeyId, failure: Option<Failure>) {
        let now = self.now;
        let Some(step) = self.run_mut(id).and_then(|run| run.step_mut(key).cloned()) else {
            return;
        };
        let wanted = SearchedChange::Key(Box::new(step));
        // The user who confirmed several decides before the next one is sent.
        self.set_stage(id, key, KeyChangeStage::Searching(failure.clone()));
        self.search_change(ChangeSearch::new(wanted, failure, now));
    }

    /// Ends the search for a change. A change that Megaport accepted and did not apply
    /// in full is shown as the key is now.
    pub(super) fn end_searched_key(
        &mut self,
        step: &mut KeyChangeStatus,
        failure: Option<&Failure>,
        is_done: bool,
    ) {
        let read = self.inventory.key(&step.before.id).cloned().map(Box::new);
        step.stage = match (read, failure) {
            (_, Some(failure)) if !is_done => KeyChangeStage::Failed(failure.clone()),
            (Some(read), _) => KeyChangeStage::Done(read),
            // It was weighed against the list, so it is listed.
            (None, _) => return,
        };
        let is_shown = |shown: &KeyChangeStatus| {
            shown.before.id == step.before.id && matches!(shown.stage, KeyChangeStage::Searching(_))
        };
        for run in &mut self.runs {
            for shown in run.steps.iter_mut().filter(|shown| is_shown(shown)) {
                shown.stage = step.stage.clone();
                run.asked.revision += 1;
            }
        }
    }

    /// Audits the progress of a key's change.
    fn audit_change(
        &mut self,
        id: ChangeId,
        key: &KeyId,
        reached: Reached,
        failure: Option<&Failure>,
    ) {
        let step = self.run_mut(id).and_then(|run| run.step_mut(key).cloned());
        if let Some(step) = step {
            self.audit_act(step.to_audit_act(reached, failure));
        }
    }
}
