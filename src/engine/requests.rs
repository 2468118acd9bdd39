//! The one allocator of request ids, and who waits for the replies.

use std::collections::BTreeMap;

use crate::{api::RequestId, domain::intent::IntentId};

/// The purpose of a request: where its reply goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The on-ramps.
    Products,
    /// The keys of the company.
    Keys,
    /// Whether the VLAN of a planned key is free.
    CheckVlan(IntentId),
    /// The keys of the on-ramp of a planned key.
    CheckKeys(IntentId),
    /// The one request that creates the key of an intent.
    Create(IntentId),
    /// The list is searched for an intent's key.
    Look(IntentId),
    /// The circuits are, in which it may be in use.
    LookCircuits(IntentId),
    /// Megaport is asked about its VLAN.
    LookVlan(IntentId),
    /// The list is searched in the background for a key of an intent that was
    /// refused, or that its reply has named.
    LateLook(IntentId),
    /// The answer to a circuit that awaits our approval.
    Decide,
    /// Its on-ramp is read again.
    DecideRead,
    /// A change of a key.
    Change,
    /// The key that was changed is read again.
    ReadBack,
    /// The planned read after a change with an unknown outcome.
    SearchChange,
    /// An on-ramp on which a watched key waits.
    WatchOnRamp,
    /// Maintenance and outages.
    Events,
    /// The data centres.
    Locations,
    /// The name of our own company.
    Company,
    /// The load of an on-ramp.
    Traffic,
    /// The round trips from one data centre.
    RoundTrips,
}

/// Requests that are out, the engine's own with their purposes.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    next: u64,
    waiting: BTreeMap<RequestId, Purpose>,
}

impl Requests {
    /// Returns an id that no other request of this process has.
    pub(crate) const fn new_request_id(&mut self) -> RequestId {
        let id = RequestId(self.next);
        self.next += 1;
        id
    }

    /// Returns a new id for a request of the engine.
    pub(super) fn mint_for(&mut self, purpose: Purpose) -> RequestId {
        let id = self.new_request_id();
        self.waiting.insert(id, purpose);
        id
    }

    /// Forgets all awaited replies; the numbers continue.
    pub(super) fn without_any(&self) -> Self {
        Self { next: self.next, waiting: BTreeMap::new() }
    }

    /// Returns the purpose of a request whose reply is awaited.
    pub(super) fn purpose_of(&self, id: RequestId) -> Option<Purpose> {
        self.waiting.get(&id).copied()
    }

    /// Ends the wait for a reply, which is here or no longer awaited.
    pub(super) fn end(&mut self, id: RequestId) -> Option<Purpose> {
        self.waiting.remove(&id)
    }

    /// Returns whether a reply is waited for.
    pub(super) fn awaits(&self, wanted: impl Fn(Purpose) -> bool) -> bool {
        self.waiting.values().any(|purpose| wanted(*purpose))
    }

    /// Stops waiting for replies.
    pub(super) fn forget(&mut self, unwanted: impl Fn(Purpose) -> bool) {
        self.waiting.retain(|_, purpose| !unwanted(*purpose));
    }

    /// Returns whether no reply is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
