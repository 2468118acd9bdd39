//! Regions: the provider's own names for groups of places.
//!
//! Megaport knows locations, metros and countries; a provider sells "US-West". A region
//! names any mix of those. The narrowest claim wins an on-ramp; of two equally narrow
//! ones the personal file's beats the team's. Two regions of one file that claim it
//! equally narrowly are a *tie*: the program does not guess, and the on-ramp is
//! *unmapped*, as one that no region claims. It stays on the screen.

mod edit;
mod layer;
mod selector;

use std::collections::BTreeMap;

use super::{place::Site, text::SafeText};

pub use edit::{Edit, Refused};
pub use layer::{Area, Layer, LayerOwner, Region, UNMAPPED};
use selector::Key;
pub use selector::{Level, Selector};

/// The region a site belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// To this region of [`RegionMap::regions`], and its area where one names it.
    Region(usize, Option<SafeText>),
    /// To none, by a file's own rule.
    Barred,
    /// To none: these claim it equally narrowly.
    Tied(Tie),
    /// No region claims it.
    Unclaimed,
}

/// A place that several regions of one file claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The claimed place.
    pub place: Selector,
    /// The claiming regions.
    pub names: Vec<SafeText>,
}

impl std::fmt::Display for Tie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.names.iter().map(SafeText::as_str).collect();
        let both = if names.len() == 2 { "both" } else { "all" };
        write!(f, "{} {both} claim {}", names.join(" and "), self.place)
    }
}

/// The regions that claim a place in one file; no region means `[unmapped]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Claim {
    region: Option<usize>,
    area: Option<SafeText>,
    place: Selector,
}

/// All regions, in the provider's order: the team's file, overlaid by the user's own.
///
/// The files are joined by region name. A region that both have claims the
/// places of both; the note of the later file counts where it has one. For one
/// and the same place the later file's word counts alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionMap {
    layers: Vec<Layer>,
    regions: Vec<Region>,
    claims: Vec<BTreeMap<Key, Vec<Claim>>>,
    ties: Vec<Tie>,
    empty: Vec<SafeText>,
}

impl RegionMap {
    /// Returns the map of `regions`, of one file.
    pub fn new(regions: Vec<Region>) -> Self {
        Self::from_layers(vec![Layer { regions, ..Layer::default() }])
    }

    /// Returns the map of these files, the one that counts more last.
    pub fn from_layers(layers: Vec<Layer>) -> Self {
        let (mut regions, mut claims) = (Vec::<Region>::new(), vec![]);
        for layer in &layers {
            let mut said = BTreeMap::<Key, Vec<Claim>>::new();
            let mut say = |place: &Selector, region, area: Option<&Area>| {
                let (area, place) = (area.map(|area| area.name.clone()), place.clone());
                said.entry(place.key()).or_default().push(Claim { region, area, place });
            };
            for region in &layer.regions {
                let known = regions.iter().position(|one| one.name == region.name);
                let at = known.unwrap_or(regions.len());
                match known {
                    Some(at) => join(&mut regions[at], region),
                    None => regions.push(region.clone()),
                }
                region.all_claims().for_each(|(place, area)| say(place, Some(at), area));
            }
            layer.unmapped.iter().for_each(|place| say(place, None, None));
            claims.push(said);
        }
        let empty = regions.iter().flat_map(empty).collect();
        let map = Self { layers, regions, claims, ties: vec![], empty };
        Self { ties: map.find_ties(), ..map }
    }

    /// Returns the files, the one that counts more last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Returns the regions, in the provider's order.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Returns the region of this name.
    pub fn region(&self, name: &SafeText) -> Option<&Region> {
        self.regions.iter().find(|region| region.name == *name)
    }

    /// Returns the region of `site`: the narrowest claim wins (location before metro
    /// before country), then the later file.
    pub fn home(&self, site: &Site) -> Home {
        for place in Selector::for_site(site) {
            let key = place.key();
            if let Some(claims) = self.claims.iter().rev().find_map(|said| said.get(&key)) {
                return self.judge(claims);
            }
        }
        Home::Unclaimed
    }

    /// Returns the index of the region that has `site`, if one has.
    pub fn find(&self, site: &Site) -> Option<usize> {
        match self.home(site) {
            Home::Region(index, _) => Some(index),
            Home::Barred | Home::Tied(_) | Home::Unclaimed => None,
        }
    }

    /// Decides between `claims`, all of one place in one file.
    fn judge(&self, claims: &[Claim]) -> Home {
        let Some((first, more)) = claims.split_first() else { return Home::Unclaimed };
        if more.iter().any(|claim| claim.region != first.region) {
            let mut names: Vec<SafeText> = vec![];
            for claim in claims {
                let name = claim.region.map_or("[unmapped]".into(), |at| self.name(at));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            return Home::Tied(Tie { place: first.place.clone(), names });
        }
        let Some(region) = first.region else { return Home::Barred };
        // Its areas do not share places either.
        let mut areas = claims.iter().filter_map(|claim| claim.area.as_ref());
        let area = areas.next().filter(|one| areas.all(|other| other == *one));
        Home::Region(region, area.cloned())
    }

    fn name(&self, at: usize) -> SafeText {
        self.regions[at].name.clone()
    }

    /// Returns every place that several regions of one file claim, and that no later
    /// file settles.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    fn find_ties(&self) -> Vec<Tie> {
        let mut ties = vec![];
        for (at, said) in self.claims.iter().enumerate() {
            let later = &self.claims[at + 1..];
            for (key, claims) in said {
                if let Home::Tied(tie) = self.judge(claims)
                    && !later.iter().any(|said| said.contains_key(key))
                {
                    ties.push(tie);
                }
            }
        }
        ties
    }

    /// Regions and areas that claim no place: `US-West`, `US-West > Bay Area`.
    pub fn empty(&self) -> &[SafeText] {
        &self.empty
    }

    /// Returns every place that is claimed or named as unmapped.
    pub fn places(&self) -> impl Iterator<Item = &Selector> {
        let said = self.claims.iter().flat_map(BTreeMap::values);
        said.filter_map(|claims| claims.first().map(|claim| &claim.place))
    }

    /// Returns the map with one of its files edited.
    pub fn edited(&self, layer: usize, edit: &Edit) -> Result<Self, Refused> {
        let mut layers = self.layers.clone();
        let file = layers.get_mut(layer).ok_or(Refused::NoFile)?;
        *file = file.edited(edit)?;
        Ok(Self::from_layers(layers))
    }

    /// Returns the edit by which `layer` takes `places`, which have these sites, out of
    /// their regions: it drops its claims, or, where others still claim them, bars them
    /// explicitly.
    pub fn unmapping<'a>(
        &self,
        layer: usize,
        places: &[Selector],
        sites: impl IntoIterator<Item = &'a Site>,
    ) -> Edit {
        let drop = Edit::Drop { places: places.to_vec() };
        let Ok(after) = self.edited(layer, &drop) else { return drop };
        let mut ours = sites.into_iter().filter(|site| places.iter().any(|one| one.has(site)));
        if ours.any(|site| after.home(site) != Home::Unclaimed) {
            return Edit::Bar { places: places.to_vec() };
        }
        drop
    }
}

/// Returns a region and its area, as a screen names both.
pub fn path(region: &SafeText, area: Option<&SafeText>) -> SafeText {
    area.map_or_else(|| region.clone(), |area| SafeText::clean(&format!("{region} > {area}")))
}

/// Returns the parts of a region that claim no place: itself, or areas.
fn empty(region: &Region) -> Vec<SafeText> {
    let itself = region.all_claims().next().is_none().then(|| region.name.clone());
    let areas = region.areas.iter().filter(|area| area.claims.is_empty());
    let areas = areas.map(|area| path(&region.name, Some(&area.name)));
    itself.into_iter().chain(areas).collect()
}

/// Joins a later file's claims of a region with the known ones.
fn join(region: &mut Region, later: &Region) {
    region.claims.extend(later.claims.iter().cloned());
    if !later.note.is_empty() {
        region.note.clone_from(&later.note);
    }
    for area in &later.areas {
        match region.areas.iter_mut().find(|one| one.name == area.name) {
            None => region.areas.push(area.clone()),
            Some(known) => {
                known.claims.extend(area.claims.iter().cloned());
                if !area.note.is_empty() {
                    known.note.clone_from(&area.note);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
