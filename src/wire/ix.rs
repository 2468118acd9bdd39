//! `associatedIxs`: the IXs of a Port.

use crate::{
    domain::{id::ConnectionId, status::Status, vlan::VlanTag, vxc::Ix},
    wire::{numbers::WholeNumber, record::record, words::Text},
};

record! {
    /// An IX.
    IxRecord {
        uid: Text<'a> = "productUid",
        name: Text<'a> = "productName",
        status: Text<'a> = "provisioningStatus",
        rate: WholeNumber = "rateLimit",
        vlan: WholeNumber = "vlan",
    }
}

impl IxRecord<'_> {
    /// Reads the IX; `None` as for a VXC.
    pub(super) fn read(&self) -> Option<Ix> {
        if self.vlan == WholeNumber::Odd || self.rate.is_no_rate() {
            return None;
        }
        Some(Ix {
            id: ConnectionId::new(self.uid.raw()).ok()?,
            name: self.name.clean(),
            status: Status::parse(self.status.raw()),
            rate: self.rate.rate(),
            vlan: VlanTag::from_wire(self.vlan.number()),
        })
    }
}
