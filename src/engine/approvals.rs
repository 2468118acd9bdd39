//! Approvals: an answer to a circuit is asked for, journaled, sent once, and read back
//! from the on-ramp.

use crate::{
    api::{Failure, Mode, Reply, Request, Write},
    domain::{
        alteration::{ChangeStep, Subject},
        audit::{Act, Reached},
        id::{ConnectionId, OnRampId},
        issuance::Doubt,
        vxc::Vxc,
    },
    engine::{
        answer::{Answer, AnswerStage},
        change_search::{ChangeSearch, SearchedChange},
        effect::Outcome,
        not_now::NotNow,
        open_change::ChangeSubject,
        open_changes::NewChange,
        question::Confirmed,
        requests::Purpose,
        state::Engine,
    },
};

impl Engine {
    /// Opens the question about a circuit that awaits our approval.
    pub fn ask_about_circuit(&mut self, circuit: ConnectionId, on_ramp: OnRampId) {
        let (asked, stage) = (self.mint_asked(), AnswerStage::Asking);
        self.answer = Some(Answer { asked, circuit, on_ramp, stage });
    }

    /// Returns the answer to a circuit, as far as it has got.
    pub const fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// Returns the circuit in question, as it is listed now.
    pub fn answered_circuit(&self) -> Option<&Vxc> {
        let answer = self.answer.as_ref()?;
        let on_ramp = self.inventory.on_ramp(&answer.on_ramp)?;
        on_ramp.vxcs.iter().find(|vxc| vxc.id == answer.circuit)
    }

    /// Drops the question about the circuit. An answer already in progress continues.
    pub fn drop_answer(&mut self) {
        self.answer.take_if(|answer| !answer.is_under_way());
    }

    /// Answers a circuit that awaits our approval, on the user's decision.
    pub fn decide(&mut self, approve: bool, yes: &Confirmed) -> Result<Outcome, NotNow> {
        let answer = self.answer.as_ref().filter(|answer| answer.may_answer());
        let answer = answer.filter(|answer| yes.is_to(answer.asked(approve)));
        let answer = answer.ok_or(NotNow::OtherAnswer)?;
        if self.mode != Mode::ReadWrite {
            return Err(NotNow::ReadOnly);
        }
        let (id, on_ramp) = (answer.circuit.clone(), answer.on_ramp.clone());
        let name = self.answered_circuit().map(|vxc| vxc.name.clone());
        let new = NewChange {
            to: None,
            of: ChangeSubject::Circuit(id.clone()),
            subject: Subject::Circuit(id.clone(), on_ramp),
            name: name.unwrap_or_default(),
            what: if approve { "approve it" } else { "reject it" }.to_owned(),
            confirmed: self.act_of(answer, approve, Reached::Confirmed, None),
            purpose: Purpose::Decide,
        };
        let write = |change| Write::Decide { circuit: id, approve, change };
        self.begin_change(new, write)?;
        self.set_answer(AnswerStage::Writing(approve));
        Ok(self.finish())
    }

    fn set_answer(&mut self, stage: AnswerStage) {
        if let Some(answer) = &mut self.answer {
            answer.stage = stage;
            answer.asked.revision += 1;
        }
    }

    /// Notes that the answer is journaled and being sent.
    pub(super) fn note_decision_sent(&mut self) {
        let Some(AnswerStage::Writing(approve)) = self.answer.as_ref().map(|one| one.stage.clone())
        else {
            return;
        };
        self.set_answer(AnswerStage::Sending(approve));
        self.audit_answer(approve, Reached::Sent, None);
    }

    /// Audits the progress of the answer.
    fn audit_answer(&mut self, approve: bool, reached: Reached, failure: Option<&Failure>) {
        if let Some(answer) = &self.answer {
            self.audit_act(self.act_of(answer, approve, reached, failure));
        }
    }

    fn act_of(
        &self,
        answer: &Answer,
        approve: bool,
        reached: Reached,
        failure: Option<&Failure>,
    ) -> Act {
        let circuit = self.answered_circuit();
        let on_ramp = self.inventory.on_ramp(&answer.on_ramp);
        Act::Answered {
            circuit: circuit.map(|vxc| vxc.name.clone()).unwrap_or_default(),
            id: answer.circuit.clone(),
            on_ramp: answer.on_ramp.clone(),
            on_ramp_name: on_ramp.map(|on_ramp| on_ramp.name.clone()).unwrap_or_default(),
            vlan: circuit.map(|vxc| vxc.vlan),
            approve,
            reached,
            why: failure.map(|failure| failure.happened.clone()),
            trace: failure.and_then(|failure| failure.trace.clone()),
        }
    }

    /// Searches for an answer whose arrival is unknown: the on-ramp is read again as
    /// planned.
    fn search_answer(&mut self, approve: bool, failure: Option<Failure>) {
        let Some(answer) = self.answer.clone() else { return };
        let act = Box::new(self.act_of(&answer, approve, Reached::Unknown, failure.as_ref()));
        self.set_answer(AnswerStage::Searching(approve, failure.clone()));
        let Answer { circuit: id, on_ramp, .. } = answer;
        let wanted = SearchedChange::Circuit { id, on_ramp, act };
        self.search_change(ChangeSearch::new(wanted, failure, self.now));
    }

    /// Ends the search for an answer.
    pub(super) fn end_searched_answer(
        &mut self,
        circuit: &ConnectionId,
        failure: Option<Failure>,
        is_done: bool,
    ) {
        let Some(answer) = self.answer.as_ref().filter(|one| one.circuit == *circuit) else {
            return;
        };
        if let AnswerStage::Searching(approve, _) = answer.stage {
            self.set_answer(if is_done {
                AnswerStage::Done(approve)
            } else {
                AnswerStage::Failed(failure)
            });
        }
    }

    /// Takes a reply about an answer.
    pub(super) fn take_decision_reply(&mut self, purpose: Purpose, result: Result<Reply, Failure>) {
        let Some(Answer { circuit, on_ramp, stage, .. }) = self.answer.clone() else { return };
        match (purpose, stage, result) {
            (Purpose::Decide, AnswerStage::Writing(approve), Err(failure)) => {
                self.end_answer_unchanged(approve, failure);
            }
            (Purpose::Decide, AnswerStage::Sending(approve), result) => {
                self.set_answer(AnswerStage::Reading(approve, result.err()));
                self.ask(Request::OnRamp(on_ramp), Purpose::DecideRead);
            }
            (
                Purpose::DecideRead,
                AnswerStage::Reading(approve, failure),
                Ok(Reply::OnRamp(read)),
            ) => {
                let refused = failure.clone().filter(|one| one.doubt != Doubt::Unknown);
                match (read.has_waiting(&circuit), refused) {
                    (false, _) => {
                        self.set_answer(AnswerStage::Done(approve));
                        self.audit_answer(approve, Reached::Done, None);
                        self.settle_change(&ChangeStep::Done);
                    }
                    (true, Some(refused)) => self.end_answer_unchanged(approve, refused),
                    // The list may lag: that it still waits proves nothing yet.
                    (true, None) => self.search_answer(approve, failure),
                }
                self.take_on_ramp(*read);
                self.know_circuit(&circuit);
                self.tell_lists_read();
            }
            (Purpose::DecideRead, AnswerStage::Reading(approve, _), Err(failure)) => {
                self.search_answer(approve, Some(failure));
            }
            _ => {}
        }
    }

    /// Ends a search that found nothing changed: the circuit still waits.
    fn end_answer_unchanged(&mut self, approve: bool, failure: Failure) {
        self.audit_answer(approve, Reached::Failed, Some(&failure));
        self.set_answer(AnswerStage::Failed(Some(failure)));
        self.settle_change(&ChangeStep::NotDone);
    }
}
