//! Finds every mistake in a file of regions at once, for `onramp regions check`: the
//! console stops at the first one.

use std::path::Path;

use crate::{
    domain::{region::path, text::SafeText, words::count},
    shell::source_location,
};

use super::{
    disk,
    read::{self, Namer, Read, Wrong},
};

/// An error in a file: line and column, both from 1, and the expectation.
pub(in crate::shell) type Mistake = (usize, usize, SafeText);

/// Checks the file: returns its contents in words, or every mistake in it. An error
/// explains why the file could not be read.
pub(in crate::shell) fn check_file(file: &Path) -> Result<Result<String, Vec<Mistake>>, String> {
    let text =
        disk::read(file).and_then(|text| text.ok_or_else(|| "there is no such file".to_owned()))?;
    let mistake = |(at, what): &Wrong| {
        let (line, column) = source_location::line_and_column(&text, *at);
        (line, column, SafeText::clean(what))
    };
    Ok(check_text(&text).map_err(|all| all.iter().map(mistake).collect()))
}

/// Describes the contents of the file, or lists all its errors.
pub(super) fn check_text(text: &str) -> Result<String, Vec<Wrong>> {
    let read = read::read(text).map_err(|wrong| vec![wrong])?;
    let mut wrong = vec![];
    for (region, (at, areas)) in read.regions.iter().zip(&read.names) {
        if region.all_claims().next().is_none() {
            let what =
                "expected locations, metros, countries or areas: this region claims no place";
            wrong.push((*at, what.to_owned()));
            continue;
        }
        for (area, at) in region.areas.iter().zip(areas).filter(|(one, _)| one.claims.is_empty()) {
            let what = format!(
                "expected locations, metros or countries: the area {} claims no place",
                area.name
            );
            wrong.push((*at, what));
        }
    }
    for (index, one) in read.said.iter().enumerate() {
        let earlier = &read.said[..index];
        let same = |other: &&read::Said| other.place.is_same_as(&one.place);
        let clashes = |other: &&read::Said| !is_part_of(other.by, one.by);
        if let Some(other) = earlier.iter().filter(same).find(clashes) {
            let (line, _) = source_location::line_and_column(text, other.at);
            let (place, who) = (&one.place, namer_text(&read, other.by));
            let what = if one.by == other.by {
                format!("{place} appears twice: see line {line}")
            } else {
                format!("{place} is also claimed by {who} on line {line}: neither gets it")
            };
            wrong.push((one.at, what));
        }
    }
    if wrong.is_empty() {
        let regions = count(read.regions.len(), "region");
        return Ok(format!("{regions}, {}", count(read.said.len(), "place")));
    }
    wrong.sort();
    Err(wrong)
}

/// Returns whether one is an area of the other: a region and its own area may name the
/// same place.
const fn is_part_of(one: Namer, other: Namer) -> bool {
    match (one, other) {
        (Some((a, None)), Some((b, Some(_)))) | (Some((a, Some(_))), Some((b, None))) => a == b,
        _ => false,
    }
}

fn namer_text(read: &Read, by: Namer) -> SafeText {
    let Some((region, area)) = by else { return "[unmapped]".into() };
    let region = &read.regions[region];
    path(&region.name, area.map(|area| &region.areas[area].name))
}
