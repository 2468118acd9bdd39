//! `GET /v2/products` and `GET /v2/product/{uid}`: our on-ramps.

use std::collections::BTreeSet;

use crate::{
    domain::{
        id::{ConnectionId, OnRampId},
        lag::Lag,
        on_ramp::{AsOf, Group, Kind, Link, OnRamp},
        place::Zone,
        status::Status,
    },
    wire::{
        List, WireError,
        envelope::Envelope,
        ix::IxRecord,
        list::{Entry, read_list},
        numbers::{Flag, WholeNumber},
        record::{Nested, Several, record},
        site::{LocationRecord, build_site},
        text_of,
        vxc::VxcRecord,
        words::Text,
    },
};

record! {
    /// A part of a service that states whether it is up.
    PartRecord {
        up: Flag = "up",
    }
}

record! {
    /// The resources of a service.
    ResourcesRecord {
        interfaces: Several<PartRecord<'a>> = "interface",
        machines: Several<PartRecord<'a>> = "virtual_machine",
    }
}

record! {
    /// A service of the company.
    ProductRecord {
        uid: Text<'a> = "productUid",
        name: Text<'a> = "productName",
        kind: Text<'a> = "productType",
        status: Text<'a> = "provisioningStatus",
        company: Text<'a> = "companyUid",
        location_id: WholeNumber = "locationId",
        location: Text<'a> = "location",
        location_detail: LocationRecord<'a> = "locationDetail",
        zone: Text<'a> = "diversityZone",
        speed: WholeNumber = "portSpeed",
        max_vxc: WholeNumber = "maxVxcSpeed",
        permits: Flag = "vxcpermitted",
        permits_too: Flag = "vxcPermitted",
        auto_approval: Flag = "vxcAutoApproval",
        locked: Flag = "locked",
        admin_locked: Flag = "adminLocked",
        up: Flag = "up",
        is_virtual: Flag = "virtual",
        aggregation: WholeNumber = "aggregationId",
        lag_id: WholeNumber = "lagId",
        primary: Flag = "lagPrimary",
        vxcs: Nested<'a, VxcRecord<'a>> = "associatedVxcs",
        ixs: Nested<'a, IxRecord<'a>> = "associatedIxs",
        resources: ResourcesRecord<'a> = "resources",
        created: WholeNumber = "createDate",
        terminates: WholeNumber = "terminateDate",
    }
}

/// Reads the list of services: the on-ramps among them, as they are listed
/// (LAG members apart). Services of other types are counted by their names.
pub fn read_products(body: &[u8]) -> Result<List<OnRamp>, WireError> {
    let list = read_list(&text_of(body), |record: ProductRecord<'_>| record.read())?;
    Ok(list.without_repeats("productUid", |one| one.id.clone(), merge_on_ramps))
}

/// Merges a second record of an on-ramp into the first: everything counts that takes a
/// VLAN or capacity, or forbids a new key.
fn merge_on_ramps(first: &mut OnRamp, second: OnRamp) {
    first.locked |= second.locked;
    first.admin_locked |= second.admin_locked;
    first.flags_unread |= second.flags_unread;
    if second.permits_vxcs == Some(false) {
        first.permits_vxcs = second.permits_vxcs;
    }
    first.unread += second.unread;
    let known: Vec<_> = first.vxcs.iter().map(|vxc| vxc.id.clone()).collect();
    first.vxcs.extend(second.vxcs.into_iter().filter(|vxc| !known.contains(&vxc.id)));
    let known: Vec<_> = first.ixs.iter().map(|ix| ix.id.clone()).collect();
    first.ixs.extend(second.ixs.into_iter().filter(|ix| !known.contains(&ix.id)));
    let member = first.as_member();
    if let Some(lag) = &mut first.lag {
        lag.members = vec![member];
    }
}

/// Reads one service; `None` where there is none, or where it is no on-ramp.
pub fn read_product(body: &[u8]) -> Result<Option<OnRamp>, WireError> {
    let text = text_of(body);
    let Some(value) = Envelope::read(&text)?.value_or_none()? else {
        return Ok(None);
    };
    match serde_json::from_str::<ProductRecord<'_>>(value)?.read() {
        Entry::Read(on_ramp) => Ok(Some(on_ramp)),
        Entry::Skipped | Entry::Other(_) => Ok(None),
        Entry::Unread(why) => Err(WireError::Shape(why)),
    }
}

impl ProductRecord<'_> {
    fn read(&self) -> Entry<OnRamp> {
        let Some(kind) = self.kind() else {
            let unsaid = self.kind.raw().trim().is_empty();
            return if unsaid {
                Entry::Unread("no productType")
            } else {
                Entry::Other(self.kind.clean())
            };
        };
        let id = match OnRampId::new(self.uid.raw()) {
            Ok(id) => id,
            Err(_) if self.uid.raw().is_empty() => return Entry::Unread("no productUid"),
            Err(_) => return Entry::Unread("a productUid that is not an identifier"),
        };
        let is_lag_odd = [self.aggregation, self.lag_id].contains(&WholeNumber::Odd);
        if is_lag_odd || self.speed.is_no_rate() || self.max_vxc.is_no_rate() {
            return Entry::Unread("an invalid speed or LAG number");
        }
        let speed = self.speed.rate();
        let mut unread = self.vxcs.unread + self.ixs.unread;
        let (product, company) = (self.uid.raw(), self.company.raw());
        let vxcs = self.vxcs.entries.iter().map(|vxc| vxc.read(product, company));
        let vxcs = without_repeats(collect_readable(vxcs, &mut unread), |vxc| &vxc.id, &mut unread);
        let ixs = collect_readable(self.ixs.entries.iter().map(IxRecord::read), &mut unread);
        let ixs = without_repeats(ixs, |ix| &ix.id, &mut unread);
        let mut on_ramp = OnRamp {
            name: self.name.clean(),
            kind,
            status: Status::parse(self.status.raw()),
            site: build_site(self.location_id, &self.location, &self.location_detail),
            zone: Zone::parse(self.zone.raw()),
            zone_as_of: AsOf::Now,
            speed,
            stated_max_vxc: self.max_vxc.rate(),
            permits_vxcs: self.permits_vxcs(),
            auto_approval: self.auto_approval.0,
            locked: self.locked.0 == Some(true),
            admin_locked: self.admin_locked.0 == Some(true),
            flags_unread: self.flags().iter().any(|flag| flag.is_odd()),
            link: self.link(),
            lag: None,
            vxcs,
            ixs,
            unread,
            created: self.created.moment(),
            terminates: self.terminates.moment(),
            id,
        };
        on_ramp.lag = self.lag(&on_ramp);
        Entry::Read(on_ramp)
    }

    /// Returns its LAG: by `aggregationId`, else by `lagId`; 0 and less are none.
    fn lag(&self, on_ramp: &OnRamp) -> Option<Lag> {
        let by_aggregation = self.aggregation.positive().map(Group::Aggregation);
        let group = by_aggregation.or_else(|| self.lag_id.positive().map(Group::Lag))?;
        let members = vec![on_ramp.as_member()];
        Some(Lag { group, primary: self.primary.0 == Some(true), members, apart: None })
    }

    /// Returns the locks and permits: if one cannot be read, no key is created.
    const fn flags(&self) -> [Flag; 4] {
        [self.locked, self.admin_locked, self.permits, self.permits_too]
    }

    /// Returns the kind, where it is an on-ramp at all. A virtual Port is the long
    /// retired first generation of MCR.
    fn kind(&self) -> Option<Kind> {
        let virtual_port = self.is_virtual.0 == Some(true);
        match self.kind.raw().trim().to_ascii_uppercase().as_str() {
            "MEGAPORT" if virtual_port => Some(Kind::Mcr),
            "MEGAPORT" => Some(Kind::Port),
            "MCR2" => Some(Kind::Mcr),
            "MVE" => Some(Kind::Mve),
            _ => None,
        }
    }

    /// Returns whether new VXCs may attach. The member has two spellings; where both
    /// are there and disagree, the answer is no.
    fn permits_vxcs(&self) -> Option<bool> {
        match (self.permits.0, self.permits_too.0) {
            (Some(one), Some(other)) => Some(one && other),
            (one, other) => one.or(other),
        }
    }

    /// Returns up or down, if all parts that state it agree.
    fn link(&self) -> Link {
        let parts = self.resources.interfaces.0.iter().chain(&self.resources.machines.0);
        let mut said = parts.map(|part| part.up).chain([self.up]).filter_map(|up| up.0);
        let Some(first) = said.next() else {
            return Link::Unknown;
        };
        match (said.all(|up| up == first), first) {
            (false, _) => Link::Unknown,
            (true, true) => Link::Up,
            (true, false) => Link::Down,
        }
    }
}

/// Keeps each circuit once. A repetition with other content is counted as unreadable.
fn without_repeats<T: PartialEq>(
    entries: Vec<T>,
    id: fn(&T) -> &ConnectionId,
    unread: &mut u32,
) -> Vec<T> {
    let distinct: BTreeSet<_> = entries.iter().map(id).collect();
    if distinct.len() == entries.len() {
        return entries;
    }
    let mut kept: Vec<T> = Vec::with_capacity(distinct.len());
    for entry in entries {
        match kept.iter().find(|one| id(one) == id(&entry)) {
            None => kept.push(entry),
            Some(same) => *unread += u32::from(*same != entry),
        }
    }
    kept
}

/// Returns the entries that could be read, in a vector of their exact size.
fn collect_readable<T>(
    entries: impl ExactSizeIterator<Item = Option<T>>,
    unread: &mut u32,
) -> Vec<T> {
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry {
            Some(entry) => kept.push(entry),
            None => *unread += 1,
        }
    }
    kept
}
