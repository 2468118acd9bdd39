//! The on-ramp that a command names, or the best one of a region.

use crate::{
    domain::{
        geography::{Geography, Scope},
        id::OnRampId,
        ranking::{self, Candidate, Want},
        text::SafeText,
        units::Mbps,
    },
    shell::exit::ExitError,
};

use super::engine_session::EngineSession;

/// Where a key is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceOption {
    /// On the on-ramp of this name or uid.
    OnRamp(String),
    /// On the best on-ramp of this region for the rate.
    Region(String),
}

/// The number of names that are shown for one that fits nothing.
const NEAREST: usize = 2;

/// Returns the on-ramp. A name that fits several is a usage error, one that fits none a
/// definite no.
pub(super) fn choose_on_ramp(
    session: &EngineSession,
    place: &PlaceOption,
    rate: Mbps,
) -> Result<OnRampId, ExitError> {
    let inventory = session.engine.inventory();
    let on_ramps = inventory.on_ramps();
    match place {
        PlaceOption::OnRamp(name) => {
            let is_it = |id: &OnRampId, of: &SafeText| {
                id.as_str() == name || of.as_str().eq_ignore_ascii_case(name)
            };
            let found: Vec<_> = on_ramps.iter().filter(|one| is_it(&one.id, &one.name)).collect();
            match found.as_slice() {
                [one] => Ok(one.id.clone()),
                [] => Err(no_such("on-ramp", name, on_ramps.iter().map(|one| one.name.as_str()))),
                several => {
                    let ids: Vec<_> = several.iter().map(|one| one.id.as_str()).collect();
                    let says =
                        format!("{name} is the name of several on-ramps: {}", ids.join(", "));
                    Err(ExitError::Usage(says))
                }
            }
        }
        PlaceOption::Region(name) => {
            let geography = Geography::new(on_ramps, &session.regions);
            let regions: Vec<_> =
                geography.regions(&Scope::default()).into_iter().filter_map(|one| one.0).collect();
            let region = regions.iter().find(|one| one.as_str().eq_ignore_ascii_case(name));
            if regions.is_empty() {
                let says = "there are no regions: write a regions file, or name the on-ramp";
                return Err(ExitError::Usage(says.to_owned()));
            }
            let Some(region) = region else {
                return Err(no_such("region", name, regions.iter().map(SafeText::as_str)));
            };
            let scope = Scope { region: Some(Some(region.clone())), ..Scope::default() };
            let candidates = geography
                .within(&scope)
                .map(|at| Candidate::new(&on_ramps[at], inventory.summary(at)));
            let ranking = ranking::rank(candidates, Want::for_rate(rate), session.settings.ranking);
            if let Some(best) = ranking.offers.first() {
                return Ok(best.candidate.on_ramp.id.clone());
            }
            let why: Vec<_> = ranking
                .refusals
                .iter()
                .map(|(candidate, why)| {
                    let why: Vec<_> = why.iter().map(ToString::to_string).collect();
                    format!("{}: {}", candidate.on_ramp.name, why.join(", "))
                })
                .collect();
            Err(ExitError::Refused(format!("no suitable on-ramp in {region}: {}", why.join("; "))))
        }
    }
}

/// Returns the exit for a name that fits nothing, with the nearest ones.
fn no_such<'n>(what: &str, name: &str, all: impl Iterator<Item = &'n str>) -> ExitError {
    let lower = name.to_lowercase();
    let mut near: Vec<_> = all.collect();
    near.sort_by_key(|one| strsim::damerau_levenshtein(&lower, &one.to_lowercase()));
    near.truncate(NEAREST);
    let name = SafeText::clean(name);
    let near =
        if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
    ExitError::Refused(format!("no {what} is called {name}{near}"))
}
