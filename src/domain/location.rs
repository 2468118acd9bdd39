//! Data centres, as the vendor's own list tells them: who runs them, where they
//! stand, and what is on sale in their diversity zones.

mod round_trip;

pub use round_trip::{Month, RoundTrip, RoundTrips};

use super::{
    place::{LocationId, MetroName, Zone},
    text::SafeText,
    units::Mbps,
};

/// One data centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The vendor's number, the same that services carry.
    pub id: LocationId,
    /// Its name.
    pub name: SafeText,
    /// The city group.
    pub metro: MetroName,
    /// Who runs it.
    pub operator: SafeText,
    /// Where it stands, in one line.
    pub address: SafeText,
    /// Whether it is for sale.
    pub status: LocationStatus,
    /// What the vendor asks to know before ordering there.
    pub message: SafeText,
    /// What is on sale, zone by zone; empty where the site has no zones, or
    /// where the list does not say.
    pub zones: Vec<OnSale>,
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
    /// Reads the vendor's word, whatever its case.
    pub fn read(raw: &str) -> Self {
        if raw.trim().eq_ignore_ascii_case("active") {
            return Self::Active;
        }
        Self::Other(SafeText::clean(raw))
    }
}

/// What is on sale in one zone of a data centre.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnSale {
    /// The zone.
    pub zone: Zone,
    /// The speeds of Ports.
    pub ports: Vec<Mbps>,
    /// The speeds of MCRs.
    pub mcrs: Vec<Mbps>,
    /// Whether MVEs can be had, where the list says.
    pub mves: Option<bool>,
}
