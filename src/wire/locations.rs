//! `GET /v3/locations`: the vendor's data centres.

use crate::domain::{
    country::Country,
    location::{Location, LocationStatus, OnSale},
    place::{LocationId, MetroName, Zone},
    text::SafeText,
    units::Mbps,
};

use super::{
    List, WireError,
    list::{Entry, read_list},
    numbers::{Flag, WholeNumber},
    record::{Nested, record},
    text_of,
    words::Text,
};

record! {
    /// An address.
    AddressRecord {
        street: Text<'a> = "street",
        suburb: Text<'a> = "suburb",
        city: Text<'a> = "city",
        state: Text<'a> = "state",
        postcode: Text<'a> = "postcode",
        country: Text<'a> = "country",
    }
}

record! {
    /// The operator of a data centre.
    OperatorRecord {
        name: Text<'a> = "name",
    }
}

record! {
    /// A diversity zone.
    ZoneRecord {
        ports: Nested<'a, WholeNumber> = "megaportSpeedMbps",
        mcrs: Nested<'a, WholeNumber> = "mcrSpeedMbps",
        mves: Flag = "mveAvailable",
    }
}

record! {
    /// The zones of a site. Two colours are documented.
    ZonesRecord {
        red: Option<ZoneRecord<'a>> = "red",
        blue: Option<ZoneRecord<'a>> = "blue",
    }
}

record! {
    /// A data centre.
    LocationRecord {
        id: WholeNumber = "id",
        name: Text<'a> = "name",
        metro: Text<'a> = "metro",
        status: Text<'a> = "status",
        address: AddressRecord<'a> = "address",
        operator: OperatorRecord<'a> = "dataCentre",
        message: Text<'a> = "orderingMessage",
        zones: ZonesRecord<'a> = "diversityZones",
    }
}

/// Reads the list of data centres.
pub fn read_locations(body: &[u8]) -> Result<List<Location>, WireError> {
    read_list(&text_of(body), |record: LocationRecord<'_>| match record.id.non_zero() {
        Some(id) => Entry::Read(record.read(LocationId(id))),
        None => Entry::Unread("a location without a number"),
    })
}

impl LocationRecord<'_> {
    fn read(self, id: LocationId) -> Location {
        let zones = [(Zone::Blue, self.zones.blue), (Zone::Red, self.zones.red)];
        Location {
            id,
            name: self.name.clean(),
            metro: MetroName::parse(self.metro.raw()),
            operator: self.operator.name.clean(),
            address: self.address.in_one_line(),
            status: LocationStatus::parse(self.status.raw()),
            message: self.message.clean(),
            country: Country::parse(self.address.country.raw()),
            zones: zones
                .into_iter()
                .filter_map(|(zone, record)| Some(record?.read(zone)))
                .collect(),
        }
    }
}

impl ZoneRecord<'_> {
    fn read(&self, zone: Zone) -> OnSale {
        let speeds = |list: &Nested<'_, WholeNumber>| {
            let mut speeds: Vec<Mbps> = list.entries.iter().filter_map(|n| n.rate()).collect();
            speeds.sort_unstable();
            speeds
        };
        OnSale { zone, ports: speeds(&self.ports), mcrs: speeds(&self.mcrs), mves: self.mves.0 }
    }
}

impl AddressRecord<'_> {
    /// Returns the parts that are there; the suburb is often the city once more.
    fn in_one_line(&self) -> SafeText {
        let suburb = if self.suburb.raw() == self.city.raw() { "" } else { self.suburb.raw() };
        let city = [self.city.raw(), self.state.raw(), self.postcode.raw()].map(str::trim);
        let city = city.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let parts = [self.street.raw(), suburb, &city, self.country.raw()].map(str::trim);
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        SafeText::clean(&parts.join(", "))
    }
}
