//! The services attached to an on-ramp: VXCs and IXs.

use std::time::Duration;

use crate::domain::{
    id::{CompanyId, ConnectionId},
    link::Link,
    status::Status,
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
};

/// The tolerated difference between the clocks of a key's record and a circuit's.
const SLACK: Duration = Duration::from_secs(120);

/// The end of a VXC that is on our on-ramp. The company that orders a VXC owns its
/// A-End; a redeemed key puts us at the B-End.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum End {
    /// The A-End: the VXC is our own and starts at the on-ramp. No key created it.
    A,
    /// The B-End: it comes to the on-ramp.
    #[default]
    B,
}

/// A VXC as seen from one of our on-ramps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vxc {
    /// Its identity; one VXC between two of our on-ramps appears under both.
    pub id: ConnectionId,
    /// Its name, chosen by the company that ordered it.
    pub name: SafeText,
    /// Its status.
    pub status: Status,
    /// The committed rate, where the record gives one.
    pub rate: Option<Mbps>,
    /// The end that is ours.
    pub our_end: End,
    /// Whether it is up. `status` is about the order alone.
    pub link: Link,
    /// Whether its traffic was shut down.
    pub shut_down: bool,
    /// The VLAN on our end.
    pub vlan: VlanTag,
    /// The company at the far end, usually the customer.
    pub customer: Option<CompanyId>,
    /// The far end's own name: the closest available text to a customer's name.
    pub far_end: SafeText,
    /// The time of its order.
    pub created: Option<Timestamp>,
    /// Whether it waits for our approval.
    pub awaits_approval: bool,
}

impl Vxc {
    /// Returns whether it may have been created from a key: it comes to the on-ramp.
    pub fn comes_here(&self) -> bool {
        self.our_end == End::B
    }

    /// Returns whether it may have been created from a key of that time: it comes to
    /// the on-ramp, and is not older than the key.
    pub fn may_come_of_key(&self, made: Option<Timestamp>) -> bool {
        let is_older = match (self.created, made) {
            (Some(ordered), Some(made)) => ordered + SLACK < made,
            _ => false,
        };
        self.comes_here() && !is_older
    }

    /// Returns whether it awaits no approval, is not shut down, and is up: an order
    /// that is LIVE guarantees none of that.
    pub fn carries_traffic(&self) -> bool {
        let is_live = self.status == Status::Live && !self.awaits_approval;
        is_live && !self.shut_down && self.link == Link::Up
    }

    /// Describes its state: the order's state, and whatever keeps a live one from
    /// carrying traffic.
    pub fn state_in_words(&self) -> String {
        let is_live = self.status == Status::Live;
        let shut_down = self.shut_down.then_some("shut down");
        let link = match self.link {
            Link::Down if is_live => Some("not up"),
            Link::Unknown if is_live => Some("not reported as up"),
            _ => None,
        };
        let more: Vec<_> = shut_down.into_iter().chain(link).collect();
        match more.as_slice() {
            [] => self.status.word().to_owned(),
            more => format!("{}, but {}", self.status.word(), more.join(" and ")),
        }
    }
}

/// An IX service: it takes both capacity and a VLAN on its Port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ix {
    /// Its identity.
    pub id: ConnectionId,
    /// Its name.
    pub name: SafeText,
    /// Its status.
    pub status: Status,
    /// The committed rate, where the record gives one.
    pub rate: Option<Mbps>,
    /// Its VLAN on the Port.
    pub vlan: VlanTag,
}
