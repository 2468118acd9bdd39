//! `locationDetail`, and the flat members beside it.

use crate::domain::{
    country::Country,
    place::{LocationId, MetroName, PlaceFrom, Site},
};

use super::{numbers::WholeNumber, record::record, words::Text};

record! {
    /// The details of a data centre.
    LocationRecord {
        name: Text<'a> = "name",
        metro: Text<'a> = "metro",
        country: Text<'a> = "country",
    }
}

/// Builds the site of a service from its three members.
///
/// The data centre's name occurs twice; the detailed one is used first.
pub(super) fn build_site(
    id: WholeNumber,
    location: &Text<'_>,
    detail: &LocationRecord<'_>,
) -> Site {
    let name = if detail.name.raw().is_empty() { location } else { &detail.name };
    Site {
        id: id.non_zero().map(LocationId),
        name: name.clean(),
        metro: MetroName::parse(detail.metro.raw()),
        country: Country::parse(detail.country.raw()),
        from: PlaceFrom::Record,
    }
}
