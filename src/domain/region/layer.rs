//! One file of the map: its regions and the places they claim.

use crate::domain::text::SafeText;

use super::Selector;

/// The screen's name for unmapped places. No region may have it.
pub const UNMAPPED: &str = "(unmapped)";

/// A part of a region, with a name of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Area {
    /// Its name within its region.
    pub name: SafeText,
    /// The claims of its region.
    pub claims: Vec<Selector>,
    /// A note for the user; empty where there is none.
    pub note: SafeText,
}

/// A region and the places it claims.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    /// Its name, as the provider sells it.
    pub name: SafeText,
    /// Its claims: locations, then metros, then countries.
    pub claims: Vec<Selector>,
    /// A note for the user; empty where there is none.
    pub note: SafeText,
    /// Its parts, in the file's order.
    pub areas: Vec<Area>,
}

impl Region {
    /// Returns everything it claims, directly or through an area.
    pub fn all_claims(&self) -> impl Iterator<Item = (&Selector, Option<&Area>)> {
        let own = self.claims.iter().map(|one| (one, None));
        own.chain(self.areas.iter().flat_map(|a| a.claims.iter().map(move |one| (one, Some(a)))))
    }
}

/// The owner of a layer of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LayerOwner {
    /// Shared: `regions.path`, or `--regions`.
    Team,
    /// `regions.toml` in the user's own configuration.
    #[default]
    Own,
    /// No file: it exists only in memory.
    Memory,
}

/// The contents of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layer {
    /// The file, as a screen names it.
    pub file: SafeText,
    /// Its owner.
    pub whose: LayerOwner,
    /// Whether the console must not edit it.
    pub fixed: bool,
    /// Its regions, in its order.
    pub regions: Vec<Region>,
    /// Places that belong to no region, even if a wider claim names them.
    pub unmapped: Vec<Selector>,
}
