//! Country, metro and region of every on-ramp, as small numbers.
//!
//! The panes ask "how many, and which?" on every move of their cursor, so the names are
//! resolved once per inventory and then only numbers are compared.

use std::collections::BTreeMap;

use super::{
    country::Country,
    on_ramp::OnRamp,
    place::{MetroName, Site},
    region::{Home, RegionMap},
    text::SafeText,
};

/// A metro, distinguished from its namesake in another country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metro {
    /// The country it is in, where one was given.
    pub country: Option<Country>,
    /// Its name; empty where none was given.
    pub name: MetroName,
}

impl Metro {
    /// Returns the metro that a site is in.
    pub fn of_site(site: &Site) -> Self {
        Self { country: site.country.clone(), name: site.metro.clone() }
    }
}

/// The filter on a set of on-ramps. `None` means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// A country; the inner `None` is "no country given".
    pub country: Option<Option<Country>>,
    /// A metro.
    pub metro: Option<Metro>,
    /// A region by name; the inner `None` is "unmapped".
    pub region: Option<Option<SafeText>>,
}

#[derive(Debug, Clone, Copy)]
struct Spot {
    country: u32,
    metro: u32,
    region: u32,
}

/// The geography of one inventory under one set of regions.
#[derive(Debug, Clone, Default)]
pub struct Geography {
    countries: Vec<Option<Country>>,
    metros: Vec<Metro>,
    /// The provider's regions in order, and `None` (unmapped) last.
    regions: Vec<Option<SafeText>>,
    spots: Vec<Spot>,
    areas: Vec<Option<SafeText>>,
}

/// A scope as numbers. `Some(u32::MAX)` matches nothing: the named place is
/// not in this inventory.
#[derive(Clone, Copy, Default)]
struct Narrow {
    country: Option<u32>,
    metro: Option<u32>,
    region: Option<u32>,
}

impl Narrow {
    fn fits(self, spot: Spot) -> bool {
        self.country.is_none_or(|n| n == spot.country)
            && self.metro.is_none_or(|n| n == spot.metro)
            && self.region.is_none_or(|n| n == spot.region)
    }
}

impl Geography {
    /// Computes the geography of every one of `on_ramps`, in their order.
    pub fn new(on_ramps: &[OnRamp], map: &RegionMap) -> Self {
        let country = |o: &OnRamp| o.site.country.clone();
        let metro = |o: &OnRamp| Metro::of_site(&o.site);
        let countries = number(on_ramps.iter().map(country));
        let metros = number(on_ramps.iter().map(metro));
        let unmapped = map.regions().len();
        let home = |o: &OnRamp| match map.home(&o.site) {
            Home::Region(region, area) => (region, area),
            Home::Barred | Home::Tied(_) | Home::Unclaimed => (unmapped, None),
        };
        let (homes, areas): (Vec<_>, _) = on_ramps.iter().map(home).unzip();
        let spots = on_ramps.iter().zip(homes).map(|(o, region)| Spot {
            country: countries[&country(o)],
            metro: metros[&metro(o)],
            region: u32::try_from(region).unwrap_or(u32::MAX),
        });
        let names = map.regions().iter().map(|r| Some(r.name.clone()));
        Self {
            spots: spots.collect(),
            areas,
            regions: names.chain([None]).collect(),
            countries: countries.into_keys().collect(),
            metros: metros.into_keys().collect(),
        }
    }

    fn narrow(&self, scope: &Scope) -> Narrow {
        fn place<T: PartialEq>(all: &[T], wanted: &T) -> u32 {
            let found = all.iter().position(|one| one == wanted);
            found.and_then(|i| u32::try_from(i).ok()).unwrap_or(u32::MAX)
        }
        Narrow {
            country: scope.country.as_ref().map(|c| place(&self.countries, c)),
            metro: scope.metro.as_ref().map(|m| place(&self.metros, m)),
            region: scope.region.as_ref().map(|r| place(&self.regions, r)),
        }
    }

    /// Returns the countries with their on-ramp counts, by name.
    pub fn countries(&self) -> Vec<(Option<Country>, usize)> {
        let counts = self.count(self.countries.len(), Narrow::default(), |spot| spot.country);
        self.countries.iter().cloned().zip(counts).collect()
    }

    /// Returns the metros within the country of `scope`, with their counts, by name.
    pub fn metros(&self, scope: &Scope) -> Vec<(Metro, usize)> {
        let within = Narrow { country: self.narrow(scope).country, ..Narrow::default() };
        let counts = self.count(self.metros.len(), within, |spot| spot.metro);
        let mut metros: Vec<_> =
            self.metros.iter().cloned().zip(counts).filter(|&(_, n)| n > 0).collect();
        metros.sort_by(|(a, _), (b, _)| (&a.name, &a.country).cmp(&(&b.name, &b.country)));
        metros
    }

    /// Returns the regions within the country and metro of `scope`, with their counts,
    /// in the provider's order; *unmapped* comes last and is always there.
    pub fn regions(&self, scope: &Scope) -> Vec<(Option<SafeText>, usize)> {
        let within = Narrow { region: None, ..self.narrow(scope) };
        let counts = self.count(self.regions.len(), within, |spot| spot.region);
        let all = self.regions.iter().cloned().zip(counts);
        all.filter(|(name, n)| *n > 0 || name.is_none()).collect()
    }

    /// Returns the indices, in the inventory's order, of the on-ramps within `scope`.
    pub fn within<'a>(&'a self, scope: &Scope) -> impl Iterator<Item = usize> + 'a {
        let narrow = self.narrow(scope);
        self.spots.iter().enumerate().filter(move |(_, spot)| narrow.fits(**spot)).map(|(i, _)| i)
    }

    /// Returns whether the on-ramp at `index` of the inventory is within `scope`.
    pub fn filter<'a>(&'a self, scope: &Scope) -> impl Fn(usize) -> bool + 'a {
        let narrow = self.narrow(scope);
        move |index| self.spots.get(index).is_some_and(|&spot| narrow.fits(spot))
    }

    /// Returns the region of the on-ramp at `index`; `None` is unmapped.
    pub fn region_of(&self, index: usize) -> Option<&SafeText> {
        let spot = self.spots.get(index)?;
        self.regions.get(spot.region as usize)?.as_ref()
    }

    /// Returns the area of its region that the on-ramp at `index` is in, if one names
    /// it.
    pub fn area_of(&self, index: usize) -> Option<&SafeText> {
        self.areas.get(index)?.as_ref()
    }

    fn count(&self, slots: usize, within: Narrow, slot: fn(&Spot) -> u32) -> Vec<usize> {
        let mut counts = vec![0; slots];
        for spot in self.spots.iter().filter(|&&spot| within.fits(spot)) {
            counts[slot(spot) as usize] += 1;
        }
        counts
    }
}

/// Numbers distinct values in their order.
fn number<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u32> {
    let mut all: BTreeMap<T, u32> = values.map(|value| (value, 0)).collect();
    for (number, slot) in (0..).zip(all.values_mut()) {
        *slot = number;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{super::on_ramp::samples::port, *};
    use crate::domain::region::{Region, Selector};

    fn at(id: &str, metro: &str, country: &str) -> OnRamp {
        let mut port = port(id);
        port.site =
            Site { metro: metro.into(), country: Country::parse(country), ..Site::default() };
        port
    }

    fn sample() -> Geography {
        let on_ramps = [
            at("a", "London", "UK"),
            at("b", "London", "Canada"),
            at("c", "", ""),
            at("d", "LA", "US"),
        ];
        let west = Region {
            name: "US-West".into(),
            claims: vec![Selector::Metro("LA".into())],
            ..Region::default()
        };
        Geography::new(&on_ramps, &RegionMap::new(vec![west]))
    }

    #[test]
    fn no_on_ramp_is_invisible() {
        let geography = sample();
        assert_eq!(geography.countries().iter().map(|(_, n)| n).sum::<usize>(), 4);
        assert_eq!(geography.metros(&Scope::default()).iter().map(|(_, n)| n).sum::<usize>(), 4);
        let regions = geography.regions(&Scope::default());
        assert_eq!(regions, vec![(Some("US-West".into()), 1), (None, 3)]);
    }

    #[test]
    fn namesake_metros_in_two_countries_are_two_metros() {
        let geography = sample();
        let london = geography.metros(&Scope::default());
        assert_eq!(london.iter().filter(|(m, _)| m.name == "London".into()).count(), 2);
        let uk = Scope { country: Some(Country::parse("GB")), ..Scope::default() };
        assert_eq!(geography.metros(&uk).len(), 1);
        assert_eq!(geography.within(&uk).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn one_metro_under_several_spellings_is_one_metro() {
        let spelt = ["Los Angeles", " los angeles", "LOS ANGELES "];
        let on_ramps: Vec<OnRamp> = spelt.map(|metro| at("p", metro, "USA")).into();
        let claims = vec![Selector::Metro("los Angeles".into())];
        let west = Region { name: "West".into(), claims, ..Region::default() };
        let geography = Geography::new(&on_ramps, &RegionMap::new(vec![west]));
        let metros = geography.metros(&Scope::default());
        assert_eq!(metros, [(Metro::of_site(&on_ramps[0].site), 3)]);
        assert_eq!(geography.regions(&Scope::default()), [(Some("West".into()), 3), (None, 0)]);
    }

    #[test]
    fn a_place_that_is_gone_holds_nothing() {
        let gone = Scope { country: Some(Country::parse("Japan")), ..Scope::default() };
        assert_eq!(sample().within(&gone).count(), 0);
    }
}
