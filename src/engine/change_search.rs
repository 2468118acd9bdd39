//! The search for the outcome of a change.

use std::time::Duration;

use crate::{
    api::{Failure, Request, RequestId},
    domain::{
        audit::{Act, Reached},
        id::{ConnectionId, OnRampId},
        inventory::Inventory,
        time::Timestamp,
    },
    engine::{attempt::LOOKS, key_change::KeyChangeStatus},
};

/// The goal of a change.
#[derive(Debug, Clone)]
pub(super) enum SearchedChange {
    /// A key with its old values and the intended ones.
    Key(Box<KeyChangeStatus>),
    /// An answer to a circuit, as the audit knows it.
    Circuit { id: ConnectionId, on_ramp: OnRampId, act: Box<Act> },
}

/// The search for the outcome of a change.
#[derive(Debug, Clone)]
pub struct ChangeSearch {
    pub(super) wanted: SearchedChange,
    /// The failure of its request; `None` where Megaport accepted it.
    pub(super) failure: Option<Failure>,
    pub(super) since: Timestamp,
    /// The number of planned reads started.
    pub(super) planned: usize,
    /// The read in progress.
    pub(super) asking: Option<RequestId>,
}

impl ChangeSearch {
    /// Creates a search whose first read has just ended without showing the change.
    pub(super) const fn new(
        wanted: SearchedChange,
        failure: Option<Failure>,
        now: Timestamp,
    ) -> Self {
        Self { wanted, failure, since: now, planned: 1, asking: None }
    }

    /// Returns when the next read is due; `None` where one is in progress, or none is
    /// planned.
    pub fn due_at(&self) -> Option<Timestamp> {
        let after = LOOKS.get(self.planned).filter(|_| self.asking.is_none())?;
        Some(self.since + Duration::from_secs(*after))
    }

    /// Returns whether a read is in progress.
    pub const fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// Returns whether every planned read was started.
    pub(super) const fn is_over(&self) -> bool {
        self.planned >= LOOKS.len()
    }

    /// Returns the request of its reads.
    pub(super) fn request(&self) -> Request {
        match &self.wanted {
            SearchedChange::Key(step) => Request::Key(step.before.id.clone()),
            SearchedChange::Circuit { on_ramp, .. } => Request::OnRamp(on_ramp.clone()),
        }
    }

    /// Returns whether the lists show the change by now; `None` where they do not have
    /// its subject.
    pub(super) fn is_shown(&self, inventory: &Inventory) -> Option<bool> {
        match &self.wanted {
            SearchedChange::Key(step) => Some(step.is_met_by(inventory.key(&step.before.id)?)),
            SearchedChange::Circuit { id, on_ramp, .. } => {
                Some(!inventory.on_ramp(on_ramp)?.has_waiting(id))
            }
        }
    }

    /// Returns its act for the audit.
    pub(super) fn to_audit_act(&self, reached: Reached) -> Act {
        match &self.wanted {
            SearchedChange::Key(step) => step.to_audit_act(reached, self.failure.as_ref()),
            SearchedChange::Circuit { act, .. } => {
                with_outcome(act.as_ref().clone(), reached, self.failure.as_ref())
            }
        }
    }
}

/// Returns the act with its present progress.
fn with_outcome(mut act: Act, now: Reached, failure: Option<&Failure>) -> Act {
    if let Act::Answered { reached, why, trace, .. } = &mut act {
        *reached = now;
        let failure = failure.filter(|_| now != Reached::Done);
        *why = failure.map(|failure| failure.happened.clone());
        *trace = failure.and_then(|failure| failure.trace.clone());
    }
    act
}
