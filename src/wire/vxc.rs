//! `associatedVxcs`: the VXCs of an on-ramp, and which of their ends is ours.

use crate::domain::{
    id::{CompanyId, ConnectionId},
    status::Status,
    vlan::VlanTag,
    vxc::Vxc,
};

use super::{numbers::Whole, record::record, words::Text};

record! {
    /// One end of a VXC.
    EndRecord {
        product: Text<'a> = "productUid",
        owner: Text<'a> = "ownerUid",
        name: Text<'a> = "productName",
        secondary_name: Text<'a> = "secondaryName",
        location: Text<'a> = "location",
        vlan: Whole = "vlan",
    }
}

record! {
    /// An order that waits for an approval.
    ApprovalRecord {
        status: Text<'a> = "status",
    }
}

record! {
    /// A VXC.
    VxcRecord {
        uid: Text<'a> = "productUid",
        name: Text<'a> = "productName",
        status: Text<'a> = "provisioningStatus",
        rate: Whole = "rateLimit",
        a_end: EndRecord<'a> = "aEnd",
        b_end: EndRecord<'a> = "bEnd",
        created: Whole = "createDate",
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
        let (ours, theirs) = self.ends(product, company);
        if ours.vlan == Whole::Odd || self.rate == Whole::Odd {
            return None;
        }
        let far_names = [&theirs.name, &theirs.secondary_name, &theirs.location];
        let far_end = far_names.into_iter().find(|name| !name.raw().trim().is_empty());
        Some(Vxc {
            id,
            name: self.name.clean(),
            status: Status::read(self.status.raw()),
            rate: self.rate.rate().unwrap_or_default(),
            vlan: VlanTag::read(ours.vlan.number()),
            customer: CompanyId::new(theirs.owner.raw()).ok(),
            far_end: far_end.map(Text::clean).unwrap_or_default(),
            created: self.created.moment(),
            awaits_approval: self.awaits_approval(),
        })
    }

    /// Our end and the other one.
    ///
    /// Ours is the end on this on-ramp, else the end that our company owns (a
    /// VXC may be listed under a LAG member it does not hang on), else the
    /// B-End, which is where a redeemed key puts us. Where both ends qualify,
    /// the B-End is taken.
    fn ends(&self, product: &str, company: &str) -> (&EndRecord<'_>, &EndRecord<'_>) {
        let (a, b) = (&self.a_end, &self.b_end);
        let a_is_ours = if b.is_on(product) {
            false
        } else if a.is_on(product) {
            true
        } else {
            !b.belongs_to(company) && a.belongs_to(company)
        };
        if a_is_ours { (a, b) } else { (b, a) }
    }

    /// Whether the order is pending, and not with the company that placed it.
    fn awaits_approval(&self) -> bool {
        let status = self.approval.status.raw().to_ascii_uppercase();
        status.starts_with("PENDING") && status != "PENDING_INTERNAL"
    }
}
