//! Reads `regions.toml`: the provider's own names for groups of places.

use std::path::Path;

use serde::Deserialize;
use serde_spanned::Spanned;

use crate::domain::{
    country::Country,
    place::LocationId,
    region::{Region, RegionMap},
    text::SafeText,
};

use super::{config, exit::Ending, spot};

/// The demo's regions.
const DEMO: &str = include_str!("../../assets/regions.demo.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    region: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    #[serde(default)]
    locations: Vec<i64>,
    #[serde(default)]
    metros: Vec<String>,
    #[serde(default)]
    countries: Vec<String>,
}

/// The regions of the demo.
pub fn demo() -> Result<RegionMap, Ending> {
    parse(DEMO, "the demo's regions")
}

/// The regions in `file`, or in `regions.toml` of the configuration directory.
/// No file there means no regions: everything is unmapped.
pub fn load(file: Option<&Path>) -> Result<RegionMap, Ending> {
    let (path, named) = match file {
        Some(path) => (path.to_owned(), true),
        None => match config::directory() {
            Some(directory) => (directory.join("regions.toml"), false),
            None => return Ok(RegionMap::default()),
        },
    };
    let name = SafeText::clean(&path.display().to_string());
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text, name.as_str()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => {
            Ok(RegionMap::default())
        }
        Err(error) => Err(Ending::Usage(format!("{name} could not be read: {error}"))),
    }
}

/// Reads regions; an error names file, line, column and what was expected.
fn parse(text: &str, file: &str) -> Result<RegionMap, Ending> {
    let wrong = |at: usize, what: &str| spot::wrong(text, file, at, what);
    let read: File = toml_edit::de::from_str(text)
        .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message()))?;
    let mut regions: Vec<Region> = vec![];
    for entry in read.region {
        let at = entry.name.span().start;
        let name = SafeText::clean(entry.name.get_ref().trim());
        if name.is_empty() {
            return Err(wrong(at, "expected a region's name, found an empty text"));
        }
        if regions.iter().any(|region| region.name == name) {
            return Err(wrong(at, &format!("expected another name: {name} stands twice")));
        }
        let region = Region {
            locations: entry.locations.into_iter().map(LocationId).collect(),
            metros: entry.metros.iter().map(|m| SafeText::clean(m.trim())).collect(),
            countries: entry.countries.iter().filter_map(|c| Country::read(c)).collect(),
            name,
        };
        if region.locations.is_empty() && region.metros.is_empty() && region.countries.is_empty() {
            let what = "expected locations, metros or countries: this region claims no place";
            return Err(wrong(at, what));
        }
        regions.push(region);
    }
    Ok(RegionMap::new(regions))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        parse(text, "regions.toml").expect_err("not a legal file").to_string()
    }

    #[test]
    fn the_files_we_ship_are_legal() {
        assert_eq!(demo().expect("legal").regions().len(), 4);
        let example = include_str!("../../assets/regions.example.toml");
        assert_eq!(parse(example, "example").expect("legal").regions().len(), 3);
    }

    #[test]
    fn a_corrupt_file_is_told_with_line_column_and_what_was_expected() {
        let region = "[[region]]\nname = \"A\"\n";
        let told = [
            (
                format!("{region}metros = \"LA\"\n"),
                "line 3, column 10: invalid type: string \"LA\", expected a sequence",
            ),
            (
                format!("{region}metro = [\"LA\"]\n"),
                "line 3, column 1: unknown field `metro`, expected one of `name`, `locations`, `metros`, `countries`",
            ),
            ("[[region]\n".to_owned(), "line 1, column 10: unclosed array table, expected `]`"),
            (
                region.to_owned(),
                "line 2, column 8: expected locations, metros or countries: this region claims no place",
            ),
            (
                format!("{region}metros = [\"LA\"]\n{region}"),
                "line 5, column 8: expected another name: A stands twice",
            ),
        ];
        for (text, expected) in told {
            assert_eq!(complaint(&text), format!("regions.toml, {expected}"));
        }
    }
}
