//! Data centres, as the vendor lists them: operator, address, and what is on sale in
//! their diversity zones.

mod round_trip;

pub use round_trip::{Month, RoundTrip, RoundTrips};

use std::collections::BTreeMap;

use super::{
    country::Country,
    place::{LocationId, MetroName, PlaceFrom, Site, Zone},
    text::SafeText,
    units::Mbps,
};

/// A data centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The vendor's number, the same that services carry.
    pub id: LocationId,
    /// Its name.
    pub name: SafeText,
    /// The city group.
    pub metro: MetroName,
    /// The company that operates it.
    pub operator: SafeText,
    /// Its address, in one line.
    pub address: SafeText,
    /// Whether it is for sale.
    pub status: LocationStatus,
    /// The vendor's note to read before ordering there.
    pub message: SafeText,
    /// The country of its address, where one is given.
    pub country: Option<Country>,
    /// The products on sale, by zone; empty where the site has no zones or the list
    /// states none.
    pub zones: Vec<OnSale>,
}

impl Location {
    /// Fills in what the record of the site with this number lacks; returns whether any
    /// changed. Values of the record stay.
    pub fn complete(&self, site: &mut Site) -> bool {
        let (name, metro) = (site.name.is_empty(), site.metro.is_empty());
        let name = Some(&self.name).filter(|new| name && !new.is_empty());
        let metro = Some(&self.metro).filter(|new| metro && !new.is_empty());
        let country = self.country.as_ref().filter(|_| site.country.is_none());
        if name.is_none() && metro.is_none() && country.is_none() {
            return false;
        }
        *site = Site {
            id: site.id,
            name: name.unwrap_or(&site.name).clone(),
            metro: metro.unwrap_or(&site.metro).clone(),
            country: country.or(site.country.as_ref()).cloned(),
            from: PlaceFrom::Locations,
        };
        true
    }
}

/// Fills in what the records of all sites lack; returns whether any changed.
pub fn complete_sites<'a>(
    locations: &BTreeMap<LocationId, Location>,
    sites: impl Iterator<Item = &'a mut Site>,
) -> bool {
    let complete = |site: &mut Site| {
        let location = site.id.and_then(|id| locations.get(&id));
        location.is_some_and(|location| location.complete(site))
    };
    sites.map(complete).fold(false, |any, one| any | one)
}

/// Whether services can be ordered at a data centre, by the vendor's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationStatus {
    /// Open.
    Active,
    /// Any other word: deployment, restricted, extended, new, expired, or one
    /// that is not documented.
    Other(SafeText),
}

impl LocationStatus {
    /// Parses the vendor's word, in any case.
    pub fn parse(raw: &str) -> Self {
        if raw.trim().eq_ignore_ascii_case("active") {
            return Self::Active;
        }
        Self::Other(SafeText::clean(raw))
    }
}

/// The products on sale in one zone of a data centre.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnSale {
    /// The zone.
    pub zone: Zone,
    /// The speeds of Ports.
    pub ports: Vec<Mbps>,
    /// The speeds of MCRs.
    pub mcrs: Vec<Mbps>,
    /// Whether MVEs are available, if the list states it.
    pub mves: Option<bool>,
}
