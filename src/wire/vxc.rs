//! `associatedVxcs`: the VXCs of an on-ramp, and which of their ends is ours.

use crate::{
    domain::{
        id::{CompanyId, ConnectionId},
        link::Link,
        status::Status,
        vlan::VlanTag,
        vxc::{End, Vxc},
    },
    wire::{
        numbers::{Flag, WholeNumber},
        record::{Several, record},
        words::Text,
    },
};

record! {
    /// An end of a VXC.
    EndRecord {
        product: Text<'a> = "productUid",
        owner: Text<'a> = "ownerUid",
        name: Text<'a> = "productName",
        secondary_name: Text<'a> = "secondaryName",
        location: Text<'a> = "location",
        vlan: WholeNumber = "vlan",
    }
}

record! {
    /// An order that waits for an approval.
    ApprovalRecord {
        status: Text<'a> = "status",
    }
}

record! {
    /// The `vll` of a VXC.
    VllRecord {
        up: Flag = "up",
        shutdown: Flag = "shutdown",
    }
}

record! {
    /// The resources of a VXC. Once ended, its `vll` is an empty list.
    ResourcesRecord {
        vll: Several<VllRecord<'a>> = "vll",
    }
}

record! {
    /// A VXC.
    VxcRecord {
        uid: Text<'a> = "productUid",
        name: Text<'a> = "productName",
        status: Text<'a> = "provisioningStatus",
        rate: WholeNumber = "rateLimit",
        a_end: EndRecord<'a> = "aEnd",
        b_end: EndRecord<'a> = "bEnd",
        created: WholeNumber = "createDate",
        up: Flag = "up",
        shutdown: Flag = "shutdown",
        resources: ResourcesRecord<'a> = "resources",
        approval: ApprovalRecord<'a> = "vxcApproval",
    }
}

impl EndRecord<'_> {
    fn is_on(&self, product: &str) -> bool {
        !product.is_empty() && self.product.raw() == product
    }

    fn belongs_to(&self, company: &str) -> bool {
        !company.is_empty() && self.owner.raw() == company
    }
}

impl VxcRecord<'_> {
    /// Reads the VXC as seen from the on-ramp `product` of `company`.
    ///
    /// `None` where it has no usable identity, or where its VLAN or its rate
    /// is there but no number: then what it takes from the on-ramp is unknown.
    pub(super) fn read(&self, product: &str, company: &str) -> Option<Vxc> {
        let id = ConnectionId::new(self.uid.raw()).ok()?;
        let our_end = self.our_end(product, company);
        let (ours, theirs) = match our_end {
            End::A => (&self.a_end, &self.b_end),
            End::B => (&self.b_end, &self.a_end),
        };
        if ours.vlan == WholeNumber::Odd || self.rate.is_no_rate() {
            return None;
        }
        let far_names = [&theirs.name, &theirs.secondary_name, &theirs.location];
        let far_end = far_names.into_iter().find(|name| !name.raw().trim().is_empty());
        Some(Vxc {
            id,
            name: self.name.clean(),
            status: Status::parse(self.status.raw()),
            rate: self.rate.rate(),
            our_end,
            link: self.link(),
            shut_down: self.parts().any(|(_, shutdown)| shutdown.0 == Some(true)),
            vlan: VlanTag::from_wire(ours.vlan.number()),
            customer: CompanyId::new(theirs.owner.raw()).ok(),
            far_end: far_end.map(Text::clean).unwrap_or_default(),
            created: self.created.moment(),
            awaits_approval: self.awaits_approval(),
        })
    }

    /// Returns whether it and its carriers are up, and whether they are shut down.
    fn parts(&self) -> impl Iterator<Item = (Flag, Flag)> {
        let carriers = self.resources.vll.0.iter().map(|vll| (vll.up, vll.shutdown));
        carriers.chain([(self.up, self.shutdown)])
    }

    /// Returns down if any part is down: then it carries no traffic.
    fn link(&self) -> Link {
        let said = self.parts().filter_map(|(up, _)| up.0);
        Link::from_up(said.reduce(|one, other| one && other))
    }

    /// Returns the end that is ours.
    ///
    /// It is the end on this on-ramp, else the end that our company owns (a VXC may be
    /// listed under a LAG member it is not attached to), else the B-End, which is where
    /// a redeemed key puts us. Where both ends qualify, the B-End is taken.
    fn our_end(&self, product: &str, company: &str) -> End {
        let (a, b) = (&self.a_end, &self.b_end);
        let a_is_ours = if b.is_on(product) {
            false
        } else if a.is_on(product) {
            true
        } else {
            !b.belongs_to(company) && a.belongs_to(company)
        };
        if a_is_ours { End::A } else { End::B }
    }

    /// Returns whether the order is pending, and not with the company that placed it.
    fn awaits_approval(&self) -> bool {
        let status = self.approval.status.raw().to_ascii_uppercase();
        status.starts_with("PENDING") && status != "PENDING_INTERNAL"
    }
}
