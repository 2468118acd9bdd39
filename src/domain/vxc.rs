//! The services that hang on an on-ramp: VXCs and IXs.

use super::{
    id::{CompanyId, ConnectionId},
    status::Status,
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
};

/// A VXC as seen from one of our on-ramps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vxc {
    /// Its identity; one VXC between two of our on-ramps appears under both.
    pub id: ConnectionId,
    /// Its name, chosen by whoever ordered it.
    pub name: SafeText,
    /// Where it stands.
    pub status: Status,
    /// The committed rate, zero where the record gives none.
    pub rate: Mbps,
    /// The VLAN on our end.
    pub vlan: VlanTag,
    /// The company at the far end, usually the customer.
    pub customer: Option<CompanyId>,
    /// The far end's own name: the nearest thing to a customer's name there is.
    pub far_end: SafeText,
    /// When it was ordered.
    pub created: Option<Timestamp>,
    /// Whether it waits for our approval.
    pub awaits_approval: bool,
}

/// An IX service: it takes both capacity and a VLAN on its Port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ix {
    /// Its identity.
    pub id: ConnectionId,
    /// Its name.
    pub name: SafeText,
    /// Where it stands.
    pub status: Status,
    /// The committed rate, zero where the record gives none.
    pub rate: Mbps,
    /// Its VLAN on the Port.
    pub vlan: VlanTag,
}
