//! Regions: the provider's own names for groups of places.
//!
//! Megaport knows locations, metros and countries; a provider sells "US-West".
//! A region names any mix of those. The first region that claims an on-ramp
//! has it; one that none claims is *unmapped* and stays on the screen.

use super::{
    country::Country,
    place::{LocationId, Site},
    text::SafeText,
};

/// One region and the places it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name, as the provider sells it.
    pub name: SafeText,
    /// Data centres, by the vendor's number.
    pub locations: Vec<LocationId>,
    /// Metros, by name, whatever their case.
    pub metros: Vec<SafeText>,
    /// Whole countries, by any of their spellings.
    pub countries: Vec<Country>,
}

impl Region {
    fn claim(&self, site: &Site) -> Option<Claim> {
        if site.id.is_some_and(|id| self.locations.contains(&id)) {
            return Some(Claim::Location);
        }
        let metro = site.metro.as_str().to_lowercase();
        if !metro.is_empty() && self.metros.iter().any(|m| m.as_str().to_lowercase() == metro) {
            return Some(Claim::Metro);
        }
        let country = site.country.as_ref()?;
        self.countries.contains(country).then_some(Claim::Country)
    }
}

/// How narrowly a region names a place: the narrower claim wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Location,
    Metro,
    Country,
}

/// All regions, in the provider's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionMap {
    regions: Vec<Region>,
}

impl RegionMap {
    /// The map of `regions`.
    pub const fn new(regions: Vec<Region>) -> Self {
        Self { regions }
    }

    /// The regions, in the provider's order.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The index of the region that has `site`: the narrowest claim wins
    /// (location before metro before country), then the earlier region.
    pub fn find(&self, site: &Site) -> Option<usize> {
        let claims = self.regions.iter().enumerate();
        let claims = claims.filter_map(|(i, region)| Some((region.claim(site)?, i)));
        claims.min().map(|(_, i)| i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str, locations: &[i64], metros: &[&str], countries: &[&str]) -> Region {
        Region {
            name: name.into(),
            locations: locations.iter().map(|&id| LocationId(id)).collect(),
            metros: metros.iter().map(|&m| m.into()).collect(),
            countries: countries.iter().filter_map(|c| Country::read(c)).collect(),
        }
    }

    fn site(id: i64, metro: &str, country: &str) -> Site {
        let country = Country::read(country);
        Site { id: Some(LocationId(id)), metro: metro.into(), country, ..Site::default() }
    }

    #[test]
    fn the_narrower_claim_wins_over_the_earlier_one() {
        let map = RegionMap::new(vec![
            region("US", &[], &[], &["USA"]),
            region("US-West", &[], &["Los Angeles"], &[]),
            region("One building", &[60], &[], &[]),
        ]);
        assert_eq!(map.find(&site(1, "Dallas", "United States")), Some(0));
        assert_eq!(map.find(&site(59, "los angeles", "US")), Some(1));
        assert_eq!(map.find(&site(60, "Los Angeles", "US")), Some(2));
        assert_eq!(map.find(&site(9, "Paris", "France")), None);
    }

    #[test]
    fn of_two_equal_claims_the_earlier_region_has_the_place() {
        let map = RegionMap::new(vec![
            region("A", &[], &["London"], &[]),
            region("B", &[], &["London"], &[]),
        ]);
        assert_eq!(map.find(&site(1, "London", "UK")), Some(0));
    }
}
