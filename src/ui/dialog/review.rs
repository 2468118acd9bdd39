//! What is about to be sent, checked once more, and the one question.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    api::Failure,
    domain::{
        id::KeyId,
        intent::{ForWhom, IntentId},
        key_order::{Fault, KeyOrder},
        time::Timestamp,
        vlan::VlanId,
    },
    engine::question::Question,
};

/// How old the checks may be when the key is made.
const FRESH: Duration = Duration::from_secs(60);

/// How one check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check<T> {
    /// Asked, not answered.
    Asking,
    /// Answered.
    Known(T),
    /// Not to be had.
    Failed(Failure),
}

/// What the vendor says of the VLAN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vlan {
    /// A multi-use key: Megaport assigns it.
    Assigned,
    /// The vendor does not check VLANs of MCRs and MVEs: the on-ramp was read
    /// again instead, and nothing on it takes this one.
    ReadAgain,
    /// Free.
    Free,
    /// Taken, with a few free ones.
    Taken(Vec<VlanId>),
}

/// The keys of the on-ramp just before ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before {
    /// Those that could be read.
    pub ids: BTreeSet<KeyId>,
    /// How many could not.
    pub unread: usize,
    /// How many are missing that were listed before: the list is doubtful.
    pub missing: usize,
}

/// One request that is reviewed, and how it was checked.
#[derive(Debug, Clone)]
pub struct Side {
    /// The intent that `y` makes of it, or sends once more.
    pub intent: IntentId,
    /// What will be sent.
    pub order: KeyOrder,
    /// The vendor's word on the VLAN.
    pub vlan: Check<Vlan>,
    /// The keys that are on the on-ramp before ours.
    pub before: Check<Before>,
    /// When they were read, by this host's clock.
    pub keys_read_at: Timestamp,
    /// What a fresh look found wrong with the order.
    pub faults: Vec<Fault>,
    /// Until when it waits, because a refused request for the same order may
    /// have created a key.
    pub held_until: Option<Timestamp>,
}

/// The review's state: one request, or the two of a pair.
#[derive(Debug, Clone)]
pub struct Review {
    /// What is reviewed, in the order in which it is sent.
    pub sides: Vec<Side>,
    /// Whether it was sent before, or written down to be.
    pub again: bool,
    /// For whom; not sent.
    pub for_whom: ForWhom,
    /// When the checks were started.
    pub checked_at: Timestamp,
    /// Whether `y` counts.
    pub question: Question,
}

impl Side {
    /// A request with every check still to come.
    pub const fn of(intent: IntentId, order: KeyOrder) -> Self {
        let (vlan, before, keys_read_at) =
            (Check::Asking, Check::Asking, Timestamp::from_millis(0));
        Self { intent, order, vlan, before, keys_read_at, faults: vec![], held_until: None }
    }

    /// The keys there before, if every check says that the order may go.
    ///
    /// A key that could not be read may hold the VLAN: then only the vendor's
    /// own word that it is free is enough.
    pub fn clear(&self) -> Option<&Before> {
        let (Check::Known(vlan), Check::Known(before)) = (&self.vlan, &self.before) else {
            return None;
        };
        let free = match vlan {
            Vlan::Assigned | Vlan::Free => true,
            Vlan::ReadAgain => before.unread == 0,
            Vlan::Taken(_) => false,
        };
        let believed = before.missing == 0 && self.held_until.is_none();
        (free && believed && self.faults.is_empty()).then_some(before)
    }

    /// Whether the keys that were read lack some that were there.
    pub const fn is_doubtful(&self) -> bool {
        matches!(&self.before, Check::Known(before) if before.missing > 0)
    }

    /// Whether a check is still under way.
    pub fn is_checking(&self) -> bool {
        self.vlan == Check::Asking || self.before == Check::Asking
    }
}

impl Review {
    /// Reviews requests, with every check still to come.
    pub const fn of(sides: Vec<Side>, for_whom: ForWhom, now: Timestamp) -> Self {
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
        let waits = |side: &Side| {
            let waiting = side.is_doubtful() || side.held_until.is_some();
            let vlan = !matches!(side.vlan, Check::Failed(_) | Check::Known(Vlan::Taken(_)));
            let keys = !matches!(side.before, Check::Failed(_));
            side.faults.is_empty() && vlan && keys && (waiting || side.clear().is_some())
        };
        !self.is_clear() && self.sides.iter().all(waits)
    }

    /// Whether a check is still under way.
    pub fn is_checking(&self) -> bool {
        self.sides.iter().any(Side::is_checking)
    }
}
