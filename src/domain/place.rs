//! The place of an on-ramp: site, metro, country, and diversity zone.

use std::{cmp::Ordering, fmt, hash};

use crate::domain::{country::Country, text::SafeText};

/// The vendor's number of a data centre. Stable: it may be stored for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocationId(pub i64);

impl fmt::Display for LocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The name of a metro, the vendor's city group; empty where none was given.
///
/// Names that differ only in case, or in blanks around them, are one metro: records,
/// the list of data centres and the user's `regions.toml` each have their own spelling.
/// It is shown as it was read.
#[derive(Debug, Clone, Default)]
pub struct MetroName(SafeText);

impl MetroName {
    /// Reads a name.
    pub fn parse(raw: &str) -> Self {
        Self(SafeText::clean(raw.trim()))
    }

    /// Returns the name as it is shown.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns whether no name was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the name by which metros are compared.
    fn folded(&self) -> impl Iterator<Item = char> {
        self.as_str().chars().flat_map(char::to_lowercase)
    }
}

impl From<&str> for MetroName {
    fn from(raw: &str) -> Self {
        Self::parse(raw)
    }
}

impl fmt::Display for MetroName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl PartialEq for MetroName {
    fn eq(&self, other: &Self) -> bool {
        self.folded().eq(other.folded())
    }
}

impl Eq for MetroName {}

impl PartialOrd for MetroName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MetroName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl hash::Hash for MetroName {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.folded().for_each(|letter| letter.hash(state));
    }
}

/// A data centre, as a service's own record gives it, and else the list of data
/// centres.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// The vendor's number.
    pub id: Option<LocationId>,
    /// The data centre's name; empty where none was given.
    pub name: SafeText,
    /// The city group; empty where none was given.
    pub metro: MetroName,
    /// The country, under its one shown spelling.
    pub country: Option<Country>,
    /// The source of name, metro and country.
    pub from: PlaceFrom,
}

/// The source of a service's metro and country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlaceFrom {
    /// In its own record.
    #[default]
    Record,
    /// The vendor's list of data centres, as its record lacks them.
    Locations,
}

impl Site {
    /// Returns whether the list of data centres may add to it.
    pub fn lacks_place(&self) -> bool {
        let is_whole = !self.name.is_empty() && !self.metro.is_empty() && self.country.is_some();
        self.id.is_some() && !is_whole
    }

    /// Returns whether two records surely mean the same data centre.
    ///
    /// The number decides where both have one; else equal, non-empty names do.
    pub fn is_same_as(&self, other: &Self) -> bool {
        match (self.id, other.id) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => !self.name.is_empty() && self.name == other.name,
        }
    }
}

/// The diversity zone of a service: a group of devices within one site.
///
/// Two services in different zones of one site never share a device, and maintenance
/// affects one zone at a time. Zones mean nothing across sites. Source: the vendor's
/// pages on diversity; red and blue are documented, a third colour has been seen once
/// in a test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Zone {
    /// The blue side.
    Blue,
    /// The red side.
    Red,
    /// A colour that is not documented.
    Other(SafeText),
    /// No zone: the site has none, or the record does not say.
    #[default]
    Unstated,
}

impl Zone {
    /// Parses the vendor's word, in any case.
    pub fn parse(raw: &str) -> Self {
        match raw.trim() {
            "" => Self::Unstated,
            word if word.eq_ignore_ascii_case("red") => Self::Red,
            word if word.eq_ignore_ascii_case("blue") => Self::Blue,
            word => Self::Other(SafeText::clean(&word.to_uppercase())),
        }
    }

    /// Returns the word a screen shows, so that nothing is shown by colour alone.
    pub fn word(&self) -> &str {
        match self {
            Self::Blue => "BLUE",
            Self::Red => "RED",
            Self::Other(word) => word.as_str(),
            Self::Unstated => "–",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_colour_is_kept_and_a_missing_one_is_not_a_colour() {
        assert_eq!(Zone::parse("green"), Zone::Other("GREEN".into()));
        assert_eq!(Zone::parse("Blue"), Zone::Blue);
        assert_eq!(Zone::parse(""), Zone::Unstated);
    }

    #[test]
    fn nameless_sites_are_never_taken_for_the_same_one() {
        assert!(!Site::default().is_same_as(&Site::default()));
        let at = |id, name: &str| Site {
            id: Some(LocationId(id)),
            name: name.into(),
            ..Site::default()
        };
        assert!(at(59, "Equinix LA1").is_same_as(&at(59, "EQX LA1")));
        assert!(!at(59, "LA1").is_same_as(&at(60, "LA1")));
    }
}
