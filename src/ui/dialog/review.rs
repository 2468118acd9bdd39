//! What is about to be sent, checked once more, and the one question.

use std::time::Duration;

use crate::{
    domain::{intent::ForWhom, time::Timestamp},
    engine::{
        plan::{Check, PlannedKey, VlanCheck},
        question::Question,
    },
};

/// How old the checks may be when the key is made.
const FRESH: Duration = Duration::from_secs(60);

/// The review's state: one request, or the two of a pair.
#[derive(Debug, Clone)]
pub struct Review {
    /// What is reviewed, in the order in which it is sent.
    pub sides: Vec<PlannedKey>,
    /// Whether it was sent before, or written down to be.
    pub again: bool,
    /// For whom; not sent.
    pub for_whom: ForWhom,
    /// When the checks were started.
    pub checked_at: Timestamp,
    /// Whether `y` counts.
    pub question: Question,
}

impl Review {
    /// Reviews requests, with every check still to come.
    pub const fn of(sides: Vec<PlannedKey>, for_whom: ForWhom, now: Timestamp) -> Self {
        Self { sides, again: false, for_whom, checked_at: now, question: Question::opened(now) }
    }

    /// The same for an intent that was confirmed before.
    #[must_use]
    pub const fn again(mut self) -> Self {
        self.again = true;
        self
    }

    /// Whether the checks are too old to act on.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.since(self.checked_at) > FRESH
    }

    /// Whether every check says that all of it may go.
    pub fn is_clear(&self) -> bool {
        !self.sides.is_empty() && self.sides.iter().all(|side| side.clear().is_some())
    }

    /// Whether nothing but time stands against it: a list that is read again, or
    /// a refused request that is looked for.
    pub fn waits(&self) -> bool {
        let waits = |side: &PlannedKey| {
            let waiting = side.is_doubtful() || side.held_until.is_some();
            let vlan = !matches!(side.vlan, Check::Failed(_) | Check::Known(VlanCheck::Taken(_)));
            let keys = !matches!(side.before, Check::Failed(_));
            side.faults.is_empty() && vlan && keys && (waiting || side.clear().is_some())
        };
        !self.is_clear() && self.sides.iter().all(waits)
    }

    /// Whether a check is still under way.
    pub fn is_checking(&self) -> bool {
        self.sides.iter().any(PlannedKey::is_checking)
    }
}
