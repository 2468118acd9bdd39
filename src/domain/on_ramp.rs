//! On-ramps: the Ports, MCRs and MVEs that customers connect to.

use std::fmt;

use crate::domain::{
    id::{ConnectionId, OnRampId},
    place::{Site, Zone},
    status::Status,
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
    vxc::{Ix, Vxc},
};

pub use crate::domain::link::Link;

/// The kind of an on-ramp: Port, MCR or MVE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A physical Port.
    Port,
    /// A Megaport Cloud Router.
    Mcr,
    /// A Megaport Virtual Edge.
    Mve,
}

impl Kind {
    /// Returns whether the vendor can check single VLANs of it: for Ports only.
    pub const fn answers_vlans(self) -> bool {
        matches!(self, Self::Port)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Port => "Port",
            Self::Mcr => "MCR",
            Self::Mve => "MVE",
        })
    }
}

/// The reading that a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOf {
    /// In the last reading.
    #[default]
    Now,
    /// An earlier one: the last reading lacks it.
    Before,
}

/// Membership of a LAG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// The group shared by all members.
    pub group: Group,
    /// Whether this member was marked primary.
    pub primary: bool,
    /// The members, primary first: itself alone on a record as it was read,
    /// all of them once grouped. A service key may name any of them.
    pub members: Vec<Member>,
    /// The disagreement of records that share the number; then each stays separate.
    pub apart: Option<Disagreement>,
}

/// The number by which the vendor marks the Ports of one LAG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `aggregationId`.
    Aggregation(i64),
    /// `lagId`, of a record without the other.
    Lag(i64),
}

/// The field in which the members of one LAG must not differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disagreement {
    /// Port, MCR or MVE.
    Kind,
    /// The data centre.
    Site,
    /// The diversity zone.
    Zone,
}

impl Disagreement {
    /// Returns its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Site => "site",
            Self::Zone => "zone",
        }
    }
}

/// Whether a LAG's member carries traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// It does, see [`OnRamp::is_in_service`].
    Now,
    /// It will, once it is built.
    WhenBuilt,
    /// It does not, and will not as far as known.
    Never,
}

/// The part of a LAG member's record that counts for the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its identity.
    pub id: OnRampId,
    /// Its speed: no single VXC is faster.
    pub speed: Option<Mbps>,
    /// Whether its speed counts.
    pub service: Service,
    /// Locked by us.
    pub locked: bool,
    /// Locked by Megaport.
    pub admin_locked: bool,
    /// Whether one of its locks and permits could not be read.
    pub flags_unread: bool,
    /// Whether new VXCs may attach, if its record states it.
    pub permits_vxcs: Option<bool>,
    /// The number of VXCs and IXs of its record that could not be read.
    pub unread: u32,
}

impl Lag {
    /// Returns its speed once every member is in service; `None` if none states a
    /// speed.
    pub fn when_built(&self) -> Option<Mbps> {
        self.speed_of(|member| member.service != Service::Never)
    }

    /// Returns the speeds of those members, summed.
    pub fn speed_of(&self, counts: impl Fn(&Member) -> bool) -> Option<Mbps> {
        let speeds: Vec<_> =
            self.members.iter().filter(|one| counts(one)).filter_map(|one| one.speed).collect();
        (!speeds.is_empty()).then(|| speeds.into_iter().sum())
    }

    /// Returns the ids of the members.
    pub fn ids(&self) -> impl Iterator<Item = &OnRampId> {
        self.members.iter().map(|member| &member.id)
    }
}

/// An on-ramp with everything that belongs to it.
///
/// A LAG is one on-ramp: its members are folded into the primary, see
/// [`super::lag`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRamp {
    /// Its identity; of a LAG, the primary's.
    pub id: OnRampId,
    /// Its name.
    pub name: SafeText,
    /// Port, MCR or MVE.
    pub kind: Kind,
    /// Its status.
    pub status: Status,
    /// Its site.
    pub site: Site,
    /// Its diversity zone.
    pub zone: Zone,
    /// Whether its record still states it.
    pub zone_as_of: AsOf,
    /// The speed of the Port (of a LAG, the sum), the routing capacity of the
    /// MCR; an MVE has none.
    pub speed: Option<Mbps>,
    /// The largest VXC it takes, where the record states one.
    pub stated_max_vxc: Option<Mbps>,
    /// Whether new VXCs may attach, if the record states it.
    pub permits_vxcs: Option<bool>,
    /// Whether incoming VXCs start without our approval.
    pub auto_approval: Option<bool>,
    /// Locked by us.
    pub locked: bool,
    /// Locked by Megaport.
    pub admin_locked: bool,
    /// Whether one of its locks and permits could not be read.
    pub flags_unread: bool,
    /// Up or down.
    pub link: Link,
    /// The LAG it is or belongs to.
    pub lag: Option<Lag>,
    /// Its VXCs, ended ones included as long as the vendor lists them.
    pub vxcs: Vec<Vxc>,
    /// Its IXs.
    pub ixs: Vec<Ix>,
    /// The number of VXCs and IXs of its record that could not be read. While there are
    /// any, its free VLANs and its allocation are uncertain.
    pub unread: u32,
    /// The time of its order.
    pub created: Option<Timestamp>,
    /// Its end, where one is set.
    pub terminates: Option<Timestamp>,
}

impl OnRamp {
    /// Returns its zone in a word, with `?` if its record no longer states it.
    pub fn zone_word(&self) -> String {
        let mark = if self.zone_as_of == AsOf::Before { "?" } else { "" };
        format!("{}{mark}", self.zone.word())
    }

    /// Keeps the zone of an earlier reading where this one has none: cables are seldom
    /// moved, and the two halves of a pair must not meet in one zone.
    pub fn keep_zone_of(&mut self, before: &Self) {
        if self.zone == Zone::Unstated && before.zone != Zone::Unstated {
            (self.zone, self.zone_as_of) = (before.zone.clone(), AsOf::Before);
        }
    }

    /// Returns a reason against a new key on it that does not forbid one.
    pub fn warning(&self) -> Option<&'static str> {
        let locked = self.locked && self.kind == Kind::Port;
        locked.then_some("locked by us; Megaport may accept or refuse new circuits")
    }

    /// Returns whether it carries traffic: it is live, or built and up, or its end has
    /// not come yet. For undocumented statuses this is unknown.
    pub fn is_in_service(&self) -> bool {
        match self.status {
            Status::Live | Status::Cancelled | Status::CancelledParent => true,
            Status::Configured => self.link == Link::Up,
            _ => false,
        }
    }

    /// Returns the same on-ramp without its circuits and keys.
    #[must_use]
    pub fn without_circuits(&self) -> Self {
        let (vxcs, ixs) = (vec![], vec![]);
        Self {
            vxcs,
            ixs,
            id: self.id.clone(),
            name: self.name.clone(),
            status: self.status.clone(),
            site: self.site.clone(),
            zone: self.zone.clone(),
            lag: self.lag.clone(),
            ..*self
        }
    }

    /// Returns the part of it that counts for its LAG.
    pub fn as_member(&self) -> Member {
        Member {
            id: self.id.clone(),
            speed: self.speed,
            service: match self.is_in_service() {
                true => Service::Now,
                false if self.status.holds_capacity() => Service::WhenBuilt,
                false => Service::Never,
            },
            locked: self.locked,
            admin_locked: self.admin_locked,
            flags_unread: self.flags_unread,
            permits_vxcs: self.permits_vxcs,
            unread: self.unread,
        }
    }

    /// Returns the base of its allocation: the speed, or for an on-ramp without one (an
    /// MVE) the largest VXC it takes.
    pub fn capacity(&self) -> Option<Mbps> {
        self.speed.or(self.stated_max_vxc).filter(|&speed| speed > Mbps::ZERO)
    }

    /// Returns the largest single VXC: as stated, else the speed (of one LAG member).
    pub fn max_vxc(&self) -> Option<Mbps> {
        let one_member = match &self.lag {
            Some(lag) => {
                let in_service = lag.members.iter().filter(|member| member.service == Service::Now);
                in_service.filter_map(|member| member.speed).max()
            }
            None => self.speed,
        };
        self.stated_max_vxc.or(one_member).filter(|&speed| speed > Mbps::ZERO)
    }

    /// Returns the VXCs that still count against it.
    pub fn standing_vxcs(&self) -> impl Iterator<Item = &Vxc> {
        self.vxcs.iter().filter(|vxc| vxc.status.holds_vlan())
    }

    /// Returns whether this circuit waits for our approval.
    pub fn has_waiting(&self, circuit: &ConnectionId) -> bool {
        self.vxcs.iter().any(|vxc| vxc.id == *circuit && vxc.awaits_approval)
    }

    /// Returns the IXs that still count against it.
    pub fn standing_ixs(&self) -> impl Iterator<Item = &Ix> {
        self.ixs.iter().filter(|ix| ix.status.holds_vlan())
    }

    /// Returns the sum of the committed rates of its VXCs and IXs.
    ///
    /// It may exceed the capacity: over-allocation is legal.
    pub fn allocated(&self) -> Mbps {
        self.committed().flatten().sum()
    }

    /// Returns how many of its VXCs and IXs state no rate: [`Self::allocated`] is then
    /// a lower bound.
    pub fn rates_unsaid(&self) -> usize {
        self.committed().filter(Option::is_none).count()
    }

    /// Returns the rates of all that counts against its capacity.
    fn committed(&self) -> impl Iterator<Item = Option<Mbps>> {
        let vxcs = self.vxcs.iter().filter(|v| v.status.holds_capacity()).map(|v| v.rate);
        let ixs = self.ixs.iter().filter(|i| i.status.holds_capacity()).map(|i| i.rate);
        vxcs.chain(ixs)
    }

    /// Returns the allocation in whole percent, where a capacity is known.
    pub fn allocation_percent(&self) -> Option<u32> {
        self.allocated().percent_of(self.capacity()?)
    }

    /// Returns the rate that is not allocated yet, where a capacity is known.
    pub fn headroom(&self) -> Option<Mbps> {
        Some(self.capacity()?.less(self.allocated()))
    }

    /// Returns whether an untagged VXC takes the on-ramp for itself.
    pub fn carries_untagged(&self) -> bool {
        self.standing_vxcs().any(|vxc| vxc.vlan == VlanTag::Untagged)
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::domain::{id::ConnectionId, vxc::End};

    /// Returns a LIVE 10 Gbps Port, open for new connections, with nothing on it.
    pub(crate) fn port(id: &str) -> OnRamp {
        OnRamp {
            id: OnRampId::new(id).expect("a legal id"),
            name: id.into(),
            kind: Kind::Port,
            status: Status::Live,
            site: Site::default(),
            zone: Zone::Unstated,
            zone_as_of: AsOf::Now,
            speed: Some(Mbps::new(10_000)),
            stated_max_vxc: None,
            permits_vxcs: Some(true),
            auto_approval: None,
            locked: false,
            admin_locked: false,
            flags_unread: false,
            link: Link::Up,
            lag: None,
            vxcs: vec![],
            ixs: vec![],
            unread: 0,
            created: None,
            terminates: None,
        }
    }

    /// Builds the same on-ramp as a member of a LAG of that number.
    pub(crate) fn lag_member(port: OnRamp, group: i64, primary: bool) -> OnRamp {
        let (members, group) = (vec![port.as_member()], Group::Aggregation(group));
        OnRamp { lag: Some(Lag { group, primary, members, apart: None }), ..port }
    }

    /// Returns a LIVE VXC of `rate` Mbps on `vlan`.
    pub(crate) fn vxc(id: &str, rate: u32, vlan: i64) -> Vxc {
        Vxc {
            id: ConnectionId::new(id).expect("a legal id"),
            name: id.into(),
            status: Status::Live,
            rate: Some(Mbps::new(rate)),
            vlan: VlanTag::from_wire(Some(vlan)),
            customer: None,
            far_end: SafeText::default(),
            created: None,
            awaits_approval: false,
            our_end: End::B,
            link: Link::Up,
            shut_down: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::*, *};

    #[test]
    fn allocation_sums_reserved_rates_and_may_exceed_100_percent() {
        let mut port = port("p");
        port.vxcs = vec![vxc("a", 9_000, 100), vxc("b", 3_000, 101), vxc("c", 5_000, 102)];
        port.vxcs[2].status = Status::Decommissioned;
        assert_eq!(port.allocated(), Mbps::new(12_000));
        assert_eq!(port.allocation_percent(), Some(120));
        assert_eq!(port.headroom(), Some(Mbps::ZERO));
    }

    #[test]
    fn an_mve_without_a_speed_is_measured_against_its_largest_vxc() {
        let mut mve = port("m");
        (mve.kind, mve.speed, mve.stated_max_vxc) = (Kind::Mve, None, Some(Mbps::new(10_000)));
        assert_eq!(mve.capacity(), Some(Mbps::new(10_000)));
        mve.stated_max_vxc = None;
        assert_eq!(mve.allocation_percent(), None);
    }
}
