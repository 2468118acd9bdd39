//! A key that is planned: what will be ordered, and how it was checked just
//! before.

use std::collections::BTreeSet;

use crate::{
    api::Failure,
    domain::{
        id::KeyId,
        intent::IntentId,
        key_order::{Fault, KeyOrder},
        time::Timestamp,
        vlan::VlanId,
    },
};

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
    /// How many could not.
    pub unread: usize,
    /// How many are missing that were listed before: the list is doubtful.
    pub missing: usize,
}

/// One request that is reviewed, and how it was checked.
#[derive(Debug, Clone)]
pub struct PlannedKey {
    /// The intent that `y` makes of it, or sends once more.
    pub intent: IntentId,
    /// What will be sent.
    pub order: KeyOrder,
    /// The vendor's word on the VLAN.
    pub vlan: Check<VlanCheck>,
    /// The keys that are on the on-ramp before ours.
    pub before: Check<KeysBefore>,
    /// When they were read, by this host's clock.
    pub keys_read_at: Timestamp,
    /// What a fresh look found wrong with the order.
    pub faults: Vec<Fault>,
    /// Until when it waits, because a refused request for the same order may
    /// have created a key.
    pub held_until: Option<Timestamp>,
}

impl PlannedKey {
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

    /// Whether the keys that were read lack some that were there.
    pub const fn is_doubtful(&self) -> bool {
        matches!(&self.before, Check::Known(before) if before.missing > 0)
    }

    /// Whether a check is still under way.
    pub fn is_checking(&self) -> bool {
        self.vlan == Check::Asking || self.before == Check::Asking
    }
}
