//! Changes to one file of the map by the console.

use thiserror::Error;

use super::{Layer, Region, Selector, UNMAPPED};
use crate::domain::text::SafeText;

/// One edit of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// These places belong to this region, which is created if it does not exist.
    Assign {
        /// The places that move.
        places: Vec<Selector>,
        /// The new region.
        region: SafeText,
    },
    /// These places belong to no region, even if a wider claim names them.
    Bar {
        /// The places that are unmapped.
        places: Vec<Selector>,
    },
    /// Removes every claim on these places from the file.
    Drop {
        /// The places whose claims are dropped.
        places: Vec<Selector>,
    },
    /// A region has another name from now on.
    Rename {
        /// Its name.
        from: SafeText,
        /// Its new name.
        to: SafeText,
    },
    /// Removes this region from the file.
    Remove {
        /// Its name.
        region: SafeText,
    },
}

/// The reason why a file cannot be edited so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// There is no such file.
    #[error("there is no such file")]
    NoFile,
    /// The file is only read.
    #[error("{0} is read-only here")]
    Fixed(SafeText),
    /// A region needs a name.
    #[error("a region needs a name")]
    NoName,
    /// That is what the screen calls what no region has.
    #[error("{UNMAPPED} cannot be the name of a region")]
    Reserved,
    /// There is another region of that name.
    #[error("region {0} already exists: assign places to it instead")]
    Taken(SafeText),
    /// The file has no such region.
    #[error("this file has no region {0}")]
    NoRegion(SafeText),
}

/// Returns whether a region may have this name.
fn check_name(name: &SafeText) -> Result<(), Refused> {
    match name.as_str().trim() {
        "" => Err(Refused::NoName),
        UNMAPPED => Err(Refused::Reserved),
        _ => Ok(()),
    }
}

impl Edit {
    /// Returns the places whose old claims it removes.
    pub fn places(&self) -> &[Selector] {
        match self {
            Self::Assign { places, .. } | Self::Bar { places } | Self::Drop { places } => places,
            Self::Rename { .. } | Self::Remove { .. } => &[],
        }
    }
}

impl Layer {
    /// Returns this file after `edit`.
    pub fn edited(&self, edit: &Edit) -> Result<Self, Refused> {
        if self.fixed {
            return Err(Refused::Fixed(self.file.clone()));
        }
        let mut after = self.clone();
        after.forget(edit.places());
        match edit {
            Edit::Assign { places, region } => {
                check_name(region)?;
                let known = after.regions.iter().position(|one| one.name == *region);
                let at = known.unwrap_or_else(|| {
                    after.regions.push(Region { name: region.clone(), ..Region::default() });
                    after.regions.len() - 1
                });
                add(&mut after.regions[at].claims, places);
            }
            Edit::Bar { places } => add(&mut after.unmapped, places),
            Edit::Drop { .. } => {}
            Edit::Rename { from, to } => {
                check_name(to)?;
                if self.regions.iter().any(|one| one.name == *to) {
                    return Err(Refused::Taken(to.clone()));
                }
                let found = after.regions.iter_mut().find(|one| one.name == *from);
                found.ok_or_else(|| Refused::NoRegion(from.clone()))?.name = to.clone();
            }
            Edit::Remove { region } => {
                let found = after.regions.iter().position(|one| one.name == *region);
                after.regions.remove(found.ok_or_else(|| Refused::NoRegion(region.clone()))?);
            }
        }
        Ok(after)
    }

    /// Takes every claim on `places` away.
    fn forget(&mut self, places: &[Selector]) {
        let kept = |one: &Selector| !places.iter().any(|place| place.is_same_as(one));
        self.unmapped.retain(kept);
        for region in &mut self.regions {
            region.claims.retain(kept);
            region.areas.iter_mut().for_each(|area| area.claims.retain(kept));
        }
    }
}

/// Adds `places`, each once and after those of its kind.
fn add(claims: &mut Vec<Selector>, places: &[Selector]) {
    for place in places {
        if !claims.iter().any(|one| one.is_same_as(place)) {
            let at = claims.partition_point(|one| one.level() <= place.level());
            claims.insert(at, place.clone());
        }
    }
}
