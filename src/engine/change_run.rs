//! A run of key changes that the user is asked about.

use crate::domain::id::KeyId;

use super::{key_change::KeyChangeStatus, question::Asked};

/// The identity of a run of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeId(u64);

/// A change of one key or several, confirmed by one yes and sent one after the
/// other.
#[derive(Debug, Clone)]
pub struct ChangeRun {
    pub(super) asked: Asked,
    pub(super) steps: Vec<KeyChangeStatus>,
    /// Whether the user has confirmed it.
    pub(super) confirmed: bool,
}

impl ChangeRun {
    /// Returns the present question about it.
    pub const fn asked(&self) -> Asked {
        self.asked
    }

    /// Returns the keys of the run.
    pub fn steps(&self) -> &[KeyChangeStatus] {
        &self.steps
    }

    /// Returns whether the user has confirmed it.
    pub const fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Returns whether any of it is in progress.
    pub fn is_under_way(&self) -> bool {
        self.steps.iter().any(KeyChangeStatus::is_under_way)
    }

    /// Returns whether confirming would do anything: it was not confirmed yet, or a
    /// part of it was not done.
    pub fn may_go(&self) -> bool {
        !self.is_under_way() && self.steps.iter().any(KeyChangeStatus::is_left)
    }

    /// Returns its name.
    pub(super) const fn id(&self) -> ChangeId {
        ChangeId(self.asked.id)
    }

    pub(super) fn step_mut(&mut self, key: &KeyId) -> Option<&mut KeyChangeStatus> {
        self.steps.iter_mut().find(|step| step.before.id == *key)
    }
}
