//! Whether an on-ramp may be the target of a new service key, and why not.

use thiserror::Error;

use crate::domain::{
    on_ramp::{Kind, OnRamp},
    status::Status,
    units::Mbps,
    vlan::{VlanId, VlanSet},
};

/// A reason why no new key can be created on an on-ramp.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Closed {
    /// It is not in service.
    #[error("{} is not in service", .0.word())]
    NotInService(Status),
    /// The vendor permits no new VXC (`vxcPermitted: false`).
    #[error("new circuits are not permitted on this on-ramp")]
    NotPermitted,
    /// Locked by us, and no Port: a locked Port may still take VXCs.
    #[error("locked by us")]
    Locked,
    /// A lock or a permit of it could not be read.
    #[error("some of its locks and permissions could not be read")]
    FlagsUnread,
    /// Locked by Megaport.
    #[error("locked by Megaport")]
    AdminLocked,
    /// An untagged VXC takes the whole on-ramp.
    #[error("an untagged circuit takes the whole on-ramp")]
    Untagged,
    /// No VLAN is free for a single-use key.
    #[error("no free VLAN")]
    NoFreeVlan,
}

impl Closed {
    /// Returns one or two words for a table cell.
    pub fn short(&self) -> &'static str {
        match self {
            Self::NotInService(_) => "not live",
            Self::NotPermitted => "no",
            Self::Locked => "locked",
            Self::FlagsUnread => "unread",
            Self::AdminLocked => "MP lock",
            Self::Untagged => "untagged",
            Self::NoFreeVlan => "no VLAN",
        }
    }
}

impl OnRamp {
    /// Returns why no new key can be created here; empty when one can.
    ///
    /// Source: the documented preconditions of a key target. A record that does not
    /// state whether VXCs are permitted counts as permitting them.
    pub fn closed(&self) -> Vec<Closed> {
        let mut reasons = Vec::new();
        if !self.status.is_usable() {
            reasons.push(Closed::NotInService(self.status.clone()));
        }
        if self.permits_vxcs == Some(false) {
            reasons.push(Closed::NotPermitted);
        }
        if self.locked && self.kind != Kind::Port {
            reasons.push(Closed::Locked);
        }
        if self.flags_unread {
            reasons.push(Closed::FlagsUnread);
        }
        if self.admin_locked {
            reasons.push(Closed::AdminLocked);
        }
        if self.carries_untagged() {
            reasons.push(Closed::Untagged);
        }
        if self.is_full() {
            reasons.push(Closed::NoFreeVlan);
        }
        reasons
    }

    /// Returns whether circuits take every VLAN. Keys are not counted: theirs come free
    /// when they expire.
    fn is_full(&self) -> bool {
        if self.vxcs.len() + self.ixs.len() < VlanId::COUNT {
            return false;
        }
        let vxcs = self.standing_vxcs().filter_map(|vxc| vxc.vlan.id());
        let ixs = self.standing_ixs().filter_map(|ix| ix.vlan.id());
        vxcs.chain(ixs).collect::<VlanSet>().len() == VlanId::COUNT
    }

    /// Returns whether a VXC of `rate` fits: within the largest VXC this on-ramp takes.
    /// Headroom does not refuse, since over-allocation is legal.
    pub fn takes(&self, rate: Mbps) -> bool {
        rate > Mbps::ZERO && self.max_vxc().is_none_or(|most| rate <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::on_ramp::samples::*, *};

    #[test]
    fn every_reason_is_given_not_only_the_first() {
        let mut port = port("p");
        assert_eq!(port.closed(), vec![]);
        port.status = Status::Configured;
        assert_eq!(port.closed(), vec![], "the API takes keys on a CONFIGURED on-ramp");
        (port.admin_locked, port.permits_vxcs) = (true, Some(false));
        port.vxcs = vec![vxc("v", 100, -1)];
        assert_eq!(
            port.closed(),
            vec![Closed::NotPermitted, Closed::AdminLocked, Closed::Untagged]
        );
    }

    #[test]
    fn an_on_ramp_without_a_free_vlan_is_closed() {
        let mut port = port("p");
        port.vxcs = (2..=4093).map(|n| vxc(&format!("v{n}"), 1, n)).collect();
        assert_eq!(port.closed(), vec![Closed::NoFreeVlan]);
        port.vxcs.pop();
        assert_eq!(port.closed(), vec![]);
    }

    #[test]
    fn silence_about_permission_is_not_a_refusal() {
        let mut port = port("p");
        port.permits_vxcs = None;
        assert_eq!(port.closed(), vec![]);
    }
}
