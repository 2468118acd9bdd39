//! A key that is planned: what will be ordered, and how it was checked just
//! before.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    api::Failure,
    domain::{
        id::KeyId,
        intent::{ForWhom, IntentId},
        key_order::{Fault, KeyOrder},
        text::SafeText,
        time::Timestamp,
        vlan::VlanId,
    },
};

use super::question::Asked;

/// How old the checks may be when a key is created.
const FRESH: Duration = Duration::from_secs(60);

/// The state of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check<T> {
    /// Asked, not answered.
    Asking,
    /// Answered.
    Known(T),
    /// Not to be had.
    Failed(Failure),
}

/// Megaport's answer about the VLAN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VlanCheck {
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
pub struct KeysBefore {
    /// Those that could be read.
    pub ids: BTreeSet<KeyId>,
    /// The number of entries that could not.
    pub unread: usize,
    /// The number of keys listed before that are missing: the list is doubtful.
    pub missing: usize,
}

/// A planned request, with its checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedKey {
    /// The intent that a confirmation creates, or sends once more.
    pub intent: IntentId,
    /// The order to send.
    pub order: KeyOrder,
    /// The vendor's word on the VLAN.
    pub vlan: Check<VlanCheck>,
    /// The keys that are on the on-ramp before ours.
    pub before: Check<KeysBefore>,
    /// The time they were read, by this host's clock.
    pub keys_read_at: Timestamp,
    /// The errors that a new check found in the order.
    pub faults: Vec<Fault>,
    /// Its destination, in words: on-ramp, site and zone, and so the diversity of two,
    /// are part of the question.
    pub place: SafeText,
    /// Reasons against it that do not forbid it, in words.
    pub warnings: Vec<SafeText>,
    /// Until when it waits, because a refused request for the same order may
    /// have created a key.
    pub held_until: Option<Timestamp>,
}

impl PlannedKey {
    /// Returns a request with every check still to come.
    pub fn new(intent: IntentId, order: KeyOrder) -> Self {
        let (vlan, before, keys_read_at) =
            (Check::Asking, Check::Asking, Timestamp::from_millis(0));
        Self {
            intent,
            order,
            vlan,
            before,
            keys_read_at,
            faults: vec![],
            place: SafeText::default(),
            warnings: vec![],
            held_until: None,
        }
    }

    /// Returns the earlier keys, if every check allows the order.
    ///
    /// A key that could not be read may hold the VLAN: then only the vendor's own
    /// answer that it is free is enough.
    pub fn clear(&self) -> Option<&KeysBefore> {
        let (Check::Known(vlan), Check::Known(before)) = (&self.vlan, &self.before) else {
            return None;
        };
        let free = match vlan {
            VlanCheck::Assigned | VlanCheck::Free => true,
            VlanCheck::ReadAgain => before.unread == 0,
            VlanCheck::Taken(_) => false,
        };
        let believed = before.missing == 0 && self.held_until.is_none();
        (free && believed && self.faults.is_empty()).then_some(before)
    }

    /// Returns whether the keys that were read lack some that were there.
    pub const fn is_doubtful(&self) -> bool {
        matches!(&self.before, Check::Known(before) if before.missing > 0)
    }

    /// Returns whether a check is in progress.
    pub fn is_checking(&self) -> bool {
        self.vlan == Check::Asking || self.before == Check::Asking
    }
}

/// The plan to be confirmed: one request, or the two of a pair.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The question.
    pub(super) asked: Asked,
    /// The requests, in the order in which they are sent.
    pub(super) sides: Vec<PlannedKey>,
    /// Whether it was sent or journaled before.
    pub(super) again: bool,
    /// For whom; not sent.
    pub(super) for_whom: ForWhom,
    /// The start of the checks.
    pub(super) checked_at: Timestamp,
}

impl Plan {
    /// Returns the present question about it.
    pub const fn asked(&self) -> Asked {
        self.asked
    }

    /// Returns the requests, in the order in which they are sent.
    pub fn sides(&self) -> &[PlannedKey] {
        &self.sides
    }

    /// Returns whether it was sent or journaled before.
    pub const fn is_again(&self) -> bool {
        self.again
    }

    /// Returns whether it is about this request.
    pub(super) fn is_of(&self, id: IntentId) -> bool {
        self.sides.iter().any(|side| side.intent == id)
    }

    /// Returns the customer; not sent.
    pub const fn for_whom(&self) -> &ForWhom {
        &self.for_whom
    }

    /// Returns whether the checks are too old to act on.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.since(self.checked_at) > FRESH
    }

    /// Returns whether every check allows all of it.
    pub fn is_clear(&self) -> bool {
        !self.sides.is_empty() && self.sides.iter().all(|side| side.clear().is_some())
    }

    /// Returns whether only time stands against it: a list that is read again, or a
    /// refused request that is searched.
    pub fn waits(&self) -> bool {
        let waits = |side: &PlannedKey| {
            let waiting = side.is_doubtful() || side.held_until.is_some();
            let vlan = !matches!(side.vlan, Check::Failed(_) | Check::Known(VlanCheck::Taken(_)));
            let keys = !matches!(side.before, Check::Failed(_));
            side.faults.is_empty() && vlan && keys && (waiting || side.clear().is_some())
        };
        !self.is_clear() && self.sides.iter().all(waits)
    }

    /// Returns whether a check is in progress.
    pub fn is_checking(&self) -> bool {
        self.sides.iter().any(PlannedKey::is_checking)
    }
}
