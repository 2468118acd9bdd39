//! Texts about the region map.

use std::collections::BTreeSet;

use crate::{
    domain::{
        on_ramp::OnRamp,
        region::{Home, Selector, Tie, path},
    },
    ui::{
        model::Model,
        widget::{text::count, theme::Role},
    },
};

/// Returns a message for the message line that stays until it was read.
pub(in crate::ui) fn banner(model: &Model) -> Option<(Role, String)> {
    if let Some(why) = model.mapping.bad.as_ref().filter(|_| !model.mapping.seen) {
        let more = model.keyed("{key:problems}: more");
        return Some((Role::Bad, format!("! The region map is unchanged: {why}. {more}")));
    }
    None
}

/// Returns whether the map needs attention.
pub(in crate::ui) fn has_problem(model: &Model) -> bool {
    let map = &model.regions;
    model.mapping.bad.is_some() || !map.ties().is_empty() || !map.empty().is_empty()
}

/// Returns the problems of the map, the worst first.
pub(in crate::ui) fn troubles(model: &Model) -> Vec<(Role, String)> {
    let mut says = vec![];
    if let Some(why) = &model.mapping.bad {
        let what = format!("A regions file is invalid; the previous map stays in use: {why}.");
        says.push((Role::Bad, what));
    }
    let on_ramps = model.engine.inventory().on_ramps();
    for tie in model.regions.ties() {
        let here = on_ramps.iter().filter(|one| is_tied(model, one, tie)).count();
        let here = count(here, "on-ramp");
        says.push((Role::Warn, format!("{tie}, so none of them gets it: {here} unmapped.")));
    }
    for place in unknown(model) {
        says.push((Role::Warn, format!("The map names {place}, which Megaport does not list.")));
    }
    for name in model.regions.empty() {
        says.push((Role::Warn, format!("{name} claims no place.")));
    }
    says
}

fn is_tied(model: &Model, on_ramp: &OnRamp, tie: &Tie) -> bool {
    matches!(model.regions.home(&on_ramp.site), Home::Tied(found) if found == *tie)
}

/// Places of the map that Megaport does not have: numbers by its list of data
/// centres and the on-ramps, names by both too, once both were read.
fn unknown(model: &Model) -> Vec<&Selector> {
    let Some(listed) = model.engine.background().locations.value() else { return vec![] };
    // A place may be one that only an on-ramp's record has.
    if !model.engine.has_inventory() {
        return vec![];
    }
    let on_ramps = model.engine.inventory().on_ramps();
    let metros: BTreeSet<_> = listed
        .values()
        .map(|location| &location.metro)
        .chain(on_ramps.iter().map(|on_ramp| &on_ramp.site.metro))
        .collect();
    let is_known = |place: &&Selector| match place {
        Selector::Location(id) => {
            listed.contains_key(id) || on_ramps.iter().any(|one| one.site.id == Some(*id))
        }
        Selector::Metro(name) => metros.contains(name),
        // Not every address has its country.
        Selector::Country(_) => true,
    };
    let mut all: Vec<&Selector> = vec![];
    for place in model.regions.places().filter(|place| !is_known(place)) {
        if !all.iter().any(|one| one.is_same_as(place)) {
            all.push(place);
        }
    }
    all
}

/// Describes the region of an on-ramp: its area and notes, or why it has none though
/// regions claim it.
pub(in crate::ui) fn region_note(model: &Model, on_ramp: &OnRamp) -> Option<(Role, String)> {
    match model.regions.home(&on_ramp.site) {
        Home::Region(at, area) => {
            let region = &model.regions.regions()[at];
            let part = region.areas.iter().find(|one| Some(&one.name) == area.as_ref());
            let notes = [part.map(|part| &part.note), Some(&region.note)];
            let notes: Vec<_> = notes.into_iter().flatten().filter(|one| !one.is_empty()).collect();
            if part.is_none() && notes.is_empty() {
                return None;
            }
            let name = path(&region.name, area.as_ref());
            let words: Vec<_> = notes.iter().map(|one| one.as_str()).collect();
            let words = words.join(" · ");
            let gap = if words.is_empty() { "" } else { ": " };
            Some((Role::Plain, format!("{name}{gap}{words}")))
        }
        Home::Tied(tie) => Some((Role::Warn, format!("unmapped: {tie}"))),
        Home::Barred | Home::Unclaimed => None,
    }
}
