//! The claims a region can make: a data centre, a metro, or a whole country.

use std::fmt;

use crate::domain::{
    country::Country,
    place::{LocationId, MetroName, Site},
};

/// The precision of a claim. The narrower claim wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A data centre.
    Location,
    /// A metro.
    Metro,
    /// A country.
    Country,
}

/// A place that a region can claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// A data centre, by the vendor's number.
    Location(LocationId),
    /// A metro, by name, in any case; its namesakes abroad are included.
    Metro(MetroName),
    /// A whole country, by any of its spellings.
    Country(Country),
}

/// The key that all spellings of one place share.
pub(super) type Key = (Level, String);

impl Selector {
    /// Returns its precision.
    pub const fn level(&self) -> Level {
        match self {
            Self::Location(_) => Level::Location,
            Self::Metro(_) => Level::Metro,
            Self::Country(_) => Level::Country,
        }
    }

    pub(super) fn key(&self) -> Key {
        let word = match self {
            Self::Location(id) => id.to_string(),
            Self::Metro(name) => name.as_str().to_lowercase(),
            Self::Country(country) => country.name().to_owned(),
        };
        (self.level(), word)
    }

    /// Returns whether both name the same place.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.level() == other.level() && self.key() == other.key()
    }

    /// Returns whether `site` is there.
    pub fn has(&self, site: &Site) -> bool {
        Self::for_site(site).any(|one| one.is_same_as(self))
    }

    /// Returns the possible claims on `site`, the narrowest first.
    pub fn for_site(site: &Site) -> impl Iterator<Item = Self> {
        let location = site.id.map(Self::Location);
        let metro = (!site.metro.is_empty()).then(|| Self::Metro(site.metro.clone()));
        let country = site.country.clone().map(Self::Country);
        [location, metro, country].into_iter().flatten()
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Location(id) => write!(f, "location {id}"),
            Self::Metro(name) => write!(f, "metro {name}"),
            Self::Country(country) => write!(f, "country {}", country.name()),
        }
    }
}
