//! A change in progress, and one with an unknown outcome.

use crate::{
    api::{RequestId, journal::Running},
    domain::{
        alteration::{Alteration, Subject},
        id::{ConnectionId, KeyId},
        intent::IntentId,
        inventory::Inventory,
        key_difference::summarize,
        ledger::OpenChange,
        time::Timestamp,
    },
    engine::{change_run::ChangeId, change_search::ChangeSearch},
};

/// The subject of a change in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ChangeSubject {
    /// A key, within the run of changes that the user was asked about.
    Key(ChangeId, KeyId),
    /// A circuit.
    Circuit(ConnectionId),
}

/// The change in progress. One at a time.
#[derive(Debug, Clone)]
pub struct PendingChange {
    pub(super) change: Alteration,
    pub(super) of: ChangeSubject,
    pub(super) request: RequestId,
    pub(super) since: Timestamp,
    /// Whether it was sent; until then it is being journaled.
    pub(super) sent: bool,
}

impl PendingChange {
    /// Returns its name.
    pub const fn id(&self) -> IntentId {
        self.change.id
    }
}

/// A change that was sent and whose outcome is unknown.
#[derive(Debug, Clone)]
pub struct UnconfirmedChange {
    /// The change.
    pub change: OpenChange,
    /// Its key, where that is listed.
    pub(super) key: Option<KeyId>,
    /// Whether its subject was read since.
    pub(super) read: bool,
    /// The other console of this user that has started it, while it runs.
    pub elsewhere: Option<Running>,
    /// The search for its outcome, if this session knows its goal.
    pub(super) search: Option<ChangeSearch>,
}

/// The subject that was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refreshed {
    /// The keys.
    Keys,
    /// The on-ramps.
    OnRamps,
}

impl UnconfirmedChange {
    /// Returns the search for its outcome, if this session knows its goal.
    pub const fn search(&self) -> Option<&ChangeSearch> {
        self.search.as_ref()
    }

    /// Describes the present state of its subject; `None` where it was not read since.
    pub fn state_now(&self, inventory: &Inventory) -> Option<String> {
        if !self.read {
            return None;
        }
        match &self.change.alteration.subject {
            Subject::Key(_) => {
                let key = self.key.as_ref().and_then(|id| inventory.key(id));
                Some(key.map_or_else(|| "no longer listed".to_owned(), summarize))
            }
            Subject::Circuit(id, on_ramp) => {
                let on_ramp = inventory.on_ramp(on_ramp);
                let circuit = on_ramp.and_then(|one| one.vxcs.iter().find(|vxc| vxc.id == *id));
                Some(match circuit {
                    Some(vxc) if vxc.awaits_approval => "still awaiting our approval".to_owned(),
                    Some(_) => "no longer waiting".to_owned(),
                    None => "no longer listed".to_owned(),
                })
            }
        }
    }
}
