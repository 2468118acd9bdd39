//! The answer to a circuit that waits for our approval.

use crate::{
    api::Failure,
    domain::id::{ConnectionId, OnRampId},
    engine::question::Asked,
};

/// The progress of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerStage {
    /// The user has not answered yet.
    Asking,
    /// The answer is journaled before it is sent: yes or no.
    Writing(bool),
    /// The answer was sent: yes or no.
    Sending(bool),
    /// The on-ramp is read again, with how the request failed, if it did.
    Reading(bool, Option<Failure>),
    /// It is not known yet whether the answer arrived: the on-ramp is read
    /// again as planned. With how the request failed, if it did.
    Searching(bool, Option<Failure>),
    /// The circuit no longer waits.
    Done(bool),
    /// It still waits, and why.
    Failed(Option<Failure>),
}

/// The answer to a circuit that awaits our approval.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) asked: Asked,
    pub(super) circuit: ConnectionId,
    pub(super) on_ramp: OnRampId,
    pub(super) stage: AnswerStage,
}

impl Answer {
    /// Returns the present question: whether to approve it, or to reject it.
    pub const fn asked(&self, approve: bool) -> Asked {
        let revision = self.asked.revision * 2;
        Asked { revision: if approve { revision } else { revision + 1 }, ..self.asked }
    }

    /// Returns the circuit.
    pub const fn circuit(&self) -> &ConnectionId {
        &self.circuit
    }

    /// Returns the on-ramp of the circuit.
    pub const fn on_ramp(&self) -> &OnRampId {
        &self.on_ramp
    }

    /// Returns its progress.
    pub const fn stage(&self) -> &AnswerStage {
        &self.stage
    }

    /// Returns whether it may be answered: for the first time, or once more.
    pub const fn may_answer(&self) -> bool {
        matches!(self.stage, AnswerStage::Asking | AnswerStage::Failed(_))
    }

    /// Returns whether a request is in progress.
    pub const fn is_under_way(&self) -> bool {
        matches!(
            self.stage,
            AnswerStage::Writing(_) | AnswerStage::Sending(_) | AnswerStage::Reading(..)
        )
    }
}
