//! Reads the text of `regions.toml` with the position of every word, for error messages.

use serde::Deserialize;
use serde_spanned::Spanned;

use crate::domain::{
    country::Country,
    place::{LocationId, MetroName},
    region::{Area, Region, Selector, UNMAPPED},
    text::SafeText,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    region: Vec<Entry>,
    #[serde(default)]
    unmapped: Places,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    locations: Vec<Spanned<i64>>,
    #[serde(default)]
    metros: Vec<Spanned<String>>,
    #[serde(default)]
    countries: Vec<Spanned<String>>,
    #[serde(default)]
    area: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: Spanned<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    locations: Vec<Spanned<i64>>,
    #[serde(default)]
    metros: Vec<Spanned<String>>,
    #[serde(default)]
    countries: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Places {
    #[serde(default)]
    locations: Vec<Spanned<i64>>,
    #[serde(default)]
    metros: Vec<Spanned<String>>,
    #[serde(default)]
    countries: Vec<Spanned<String>>,
}

/// An error, with its byte offset.
pub(super) type Wrong = (usize, String);

/// The claimant of a place: a region and its area by their indices; `None` is
/// `[unmapped]`.
pub(super) type Namer = Option<(usize, Option<usize>)>;

/// One place as the file names it.
#[derive(Debug)]
pub(super) struct Said {
    /// The byte where.
    pub(super) at: usize,
    /// The place.
    pub(super) place: Selector,
    /// By whom.
    pub(super) by: Namer,
}

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Its regions.
    pub(super) regions: Vec<Region>,
    /// The places without a region.
    pub(super) unmapped: Vec<Selector>,
    /// Every place it names, in its order within each kind.
    pub(super) said: Vec<Said>,
    /// The offsets of the regions' names, each followed by those of its areas.
    pub(super) names: Vec<(usize, Vec<usize>)>,
}

/// Reads a file's text.
pub(super) fn read(text: &str) -> Result<Read, Wrong> {
    let file: File = toml_edit::de::from_str(text)
        .map_err(|error| (error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let mut read = Read::default();
    for entry in file.region {
        let (at, name) = named(&entry.name)?;
        if read.regions.iter().any(|region| region.name == name) {
            return Err((at, format!("expected another name: {name} appears twice")));
        }
        let index = read.regions.len();
        let places =
            Places { locations: entry.locations, metros: entry.metros, countries: entry.countries };
        let claims = read.read_places(places, Some((index, None)))?;
        let (mut areas, mut spots): (Vec<Area>, _) = (vec![], vec![]);
        for part in entry.area {
            let (at, name) = named(&part.name)?;
            if areas.iter().any(|area| area.name == name) {
                return Err((at, format!("expected another name: the area {name} appears twice")));
            }
            let Part { locations, metros, countries, note, .. } = part;
            let places = Places { locations, metros, countries };
            let claims = read.read_places(places, Some((index, Some(areas.len()))))?;
            areas.push(Area { name, claims, note: words(&note) });
            spots.push(at);
        }
        read.regions.push(Region { name, claims, note: words(&entry.note), areas });
        read.names.push((at, spots));
    }
    read.unmapped = read.read_places(file.unmapped, None)?;
    Ok(read)
}

fn words(raw: &str) -> SafeText {
    SafeText::clean(raw.trim())
}

/// Returns a name, and the byte where it is.
fn named(raw: &Spanned<String>) -> Result<(usize, SafeText), Wrong> {
    let (at, name) = (raw.span().start, words(raw.get_ref()));
    if name.is_empty() {
        return Err((at, "expected a name, found an empty text".to_owned()));
    }
    if name.as_str() == UNMAPPED {
        return Err((at, format!("expected another name: {UNMAPPED} is reserved")));
    }
    Ok((at, name))
}

impl Read {
    /// Notes what `by` names.
    fn read_places(&mut self, places: Places, by: Namer) -> Result<Vec<Selector>, Wrong> {
        let mut all = vec![];
        for id in places.locations {
            all.push((id.span().start, Selector::Location(LocationId(*id.get_ref()))));
        }
        for name in places.metros {
            let (at, name) = (name.span().start, MetroName::parse(name.get_ref()));
            if name.is_empty() {
                return Err((at, "expected a metro's name, found an empty text".to_owned()));
            }
            all.push((at, Selector::Metro(name)));
        }
        for name in places.countries {
            let at = name.span().start;
            let country = Country::parse(name.get_ref());
            let empty = || (at, "expected a country's name, found an empty text".to_owned());
            all.push((at, Selector::Country(country.ok_or_else(empty)?)));
        }
        let claims = all.iter().map(|(_, place)| place.clone()).collect();
        self.said.extend(all.into_iter().map(|(at, place)| Said { at, place, by }));
        Ok(claims)
    }
}
