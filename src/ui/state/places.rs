//! Finding a place by typing a part of its name: `usw` is US-West.

use crate::{
    domain::geography::{Geography, Scope},
    ui::widget::fuzzy,
};

/// A place with a name: a region, a metro or a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The scope of its on-ramps.
    pub scope: Scope,
    /// The number of its on-ramps.
    pub count: usize,
}

/// Returns every named place: regions first, since they are the provider's own words,
/// then metros, then countries.
pub(in crate::ui) fn all(geography: &Geography) -> Vec<Named> {
    let everywhere = Scope::default();
    let regions = geography.regions(&everywhere).into_iter().filter_map(|(name, count)| {
        let scope = Scope { region: Some(Some(name.clone()?)), ..Scope::default() };
        Some(Named { name: name?.to_string(), scope, count })
    });
    let metros = geography.metros(&everywhere).into_iter().map(|(metro, count)| {
        let name = metro.name.to_string();
        Named { name, scope: Scope { metro: Some(metro), ..Scope::default() }, count }
    });
    let countries = geography.countries().into_iter().filter_map(|(country, count)| {
        let name = country.clone()?.name().to_string();
        Some(Named { name, scope: Scope { country: Some(country), ..Scope::default() }, count })
    });
    let named = |one: &Named| !one.name.is_empty() && one.count > 0;
    regions.chain(metros).chain(countries).filter(named).collect()
}

/// Finds the places whose names have the typed letters in their order, the best first;
/// all of them while nothing is typed.
pub(in crate::ui) fn find(places: &[Named], typed: &str) -> Vec<Named> {
    fuzzy::find(places, |place| &place.name, typed)
        .into_iter()
        .map(|at| places[at].clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Named {
        Named { name: name.to_owned(), scope: Scope::default(), count: 1 }
    }

    #[test]
    fn a_few_letters_in_their_order_find_a_place() {
        let places = ["US-West", "US-East", "Europe", "Los Angeles", "USA"].map(place);
        let first = |typed| find(&places, typed).first().map(|found| found.name.clone());
        assert_eq!(first("usw").as_deref(), Some("US-West"));
        assert_eq!(first("use").as_deref(), Some("US-East"));
        assert_eq!(first("eur").as_deref(), Some("Europe"));
        assert_eq!(first("la").as_deref(), Some("Los Angeles"));
        assert_eq!(first("USA").as_deref(), Some("USA"));
        assert_eq!(first("xyz"), None);
        assert_eq!(find(&places, "  ").len(), places.len());
    }
}
