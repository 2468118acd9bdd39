//! Diversity: whether two on-ramps fail apart, and which two to offer.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    id::OnRampId,
    on_ramp::OnRamp,
    place::{Site, Zone},
    ranking::{self, Offer, Ranking},
    text::SafeText,
    units::Mbps,
};

/// Whether two on-ramps are diverse, and why.
///
/// Two sites are diverse with any zones: a zone groups devices within one site and
/// means nothing across sites. Within one site only two different zones that are both
/// stated are. Source: the vendor's pages on diversity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Two sites, and two zones.
    SitesAndZones(Zone, Zone),
    /// Two sites in the same zone, or with a zone that is not stated.
    Sites(Zone, Zone),
    /// One site, two zones.
    Zones(Zone, Zone),
    /// One site, one zone.
    SameZone(Zone),
    /// The same on-ramp twice.
    SameOnRamp,
    /// One site, and at least one zone is not stated.
    NoZone,
    /// A site that is not stated.
    NoSite,
}

impl Verdict {
    /// Judges two on-ramps.
    pub fn judge(one: &OnRamp, other: &OnRamp) -> Self {
        let (zone, its_zone) = (one.zone.clone(), other.zone.clone());
        let stated = zone != Zone::Unstated && its_zone != Zone::Unstated;
        if one.id == other.id {
            return Self::SameOnRamp;
        }
        if one.site.is_same_as(&other.site) {
            return match (stated, zone == its_zone) {
                (false, _) => Self::NoZone,
                (true, true) => Self::SameZone(zone),
                (true, false) => Self::Zones(zone, its_zone),
            };
        }
        match (is_known(&one.site), is_known(&other.site)) {
            (true, true) if stated && zone != its_zone => Self::SitesAndZones(zone, its_zone),
            (true, true) => Self::Sites(zone, its_zone),
            _ => Self::NoSite,
        }
    }

    /// Returns whether the two are surely diverse.
    pub const fn is_diverse(&self) -> bool {
        matches!(self, Self::SitesAndZones(..) | Self::Sites(..) | Self::Zones(..))
    }

    /// Returns the verdict in one word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SitesAndZones(..) | Self::Sites(..) | Self::Zones(..) => "DIVERSE",
            Self::SameZone(_) | Self::SameOnRamp => "NOT DIVERSE",
            Self::NoZone | Self::NoSite => "UNKNOWN",
        }
    }

    /// Explains the verdict.
    pub fn reason(&self) -> String {
        match self {
            Self::SitesAndZones(a, b) => {
                format!("different sites and zones ({} / {})", a.word(), b.word())
            }
            Self::Sites(a, b) if a == b && *a != Zone::Unstated => {
                format!("different sites; both {} (zones matter only within one site)", a.word())
            }
            Self::Sites(..) => "different sites; zones not reported".to_owned(),
            Self::Zones(a, b) => {
                format!("one site, different zones ({} / {})", a.word(), b.word())
            }
            Self::SameZone(zone) => format!("both are {} at one site", zone.word()),
            Self::SameOnRamp => "the same on-ramp twice".to_owned(),
            Self::NoZone => "one site; zones not reported".to_owned(),
            Self::NoSite => "a site is not reported".to_owned(),
        }
    }

    /// Ranks the better verdict first: a different site beats only another zone.
    const fn rank(&self) -> u8 {
        match self {
            Self::SitesAndZones(..) => 0,
            Self::Sites(..) => 1,
            Self::Zones(..) => 2,
            Self::NoZone | Self::NoSite => 3,
            Self::SameZone(_) => 4,
            Self::SameOnRamp => 5,
        }
    }
}

/// Returns whether a record identifies its site.
fn is_known(site: &Site) -> bool {
    site.id.is_some() || !site.name.is_empty()
}

/// Two diverse on-ramps on offer.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The two, BLUE before RED, else by name.
    pub halves: [Offer<'a>; 2],
    /// The verdict on their diversity.
    pub verdict: Verdict,
}

impl Pair<'_> {
    /// Returns the ids of the two.
    pub fn ids(&self) -> [OnRampId; 2] {
        self.halves.each_ref().map(|half| half.candidate.on_ramp.id.clone())
    }

    /// Explains the choice of these two, in words.
    pub fn why(&self) -> String {
        let sold = |half: &Offer<'_>| match half.candidate.summary.percent {
            Some(percent) => format!("{} {percent}%", half.candidate.on_ramp.name),
            None => format!("{} unknown", half.candidate.on_ramp.name),
        };
        let [a, b] = &self.halves;
        format!("most diverse pair with the most headroom: {}, {} allocated", sold(a), sold(b))
    }
}

/// The reason why there is no diverse pair.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPair {
    /// Nothing is here.
    #[error("there is no on-ramp here")]
    Nothing,
    /// The on-ramp that was chosen takes no key.
    #[error("no new key on {0}: {1}")]
    Closed(SafeText, String),
    /// Fewer than two take a key of this rate.
    #[error("only {open} of {all} on-ramps here can take a key of {rate}; a pair needs two")]
    TooFew {
        /// How many accept new keys.
        open: usize,
        /// How many there are in all.
        all: usize,
        /// The rate.
        rate: Mbps,
    },
    /// No two of them are surely diverse.
    #[error("no two of the {0} suitable on-ramps here are known to be diverse: {1}")]
    NotDiverse(usize, String),
}

/// How many of one site and zone are compared with the others: more would add nothing.
const OF_A_KIND: usize = 3;
/// The most halves that are compared with one another.
const PAIRED: usize = 120;

/// Returns the diverse pairs among the offers of a ranking, the best first: the most
/// diverse, then the best ranked, then the fewest VXCs, then by name and id, so that
/// equal pairs never trade places. With `fixed`, only pairs that it is in.
pub fn pairs<'a>(ranking: &Ranking<'a>, fixed: Option<&OnRampId>) -> Result<Vec<Pair<'a>>, NoPair> {
    let refused = |id: &OnRampId| ranking.refusals.iter().find(|(one, _)| one.on_ramp.id == *id);
    if let Some((one, why)) = fixed.and_then(refused) {
        let why: Vec<_> = why.iter().map(ToString::to_string).collect();
        return Err(NoPair::Closed(one.on_ramp.name.clone(), why.join(", ")));
    }
    let (open, all) = (ranking.offers.len(), ranking.offers.len() + ranking.refusals.len());
    if open < 2 {
        let rate = ranking.want.rate;
        return Err(if all == 0 { NoPair::Nothing } else { NoPair::TooFew { open, all, rate } });
    }
    let fixed =
        fixed.and_then(|id| ranking.offers.iter().find(|offer| offer.candidate.on_ramp.id == *id));
    let others = fewer(&ranking.offers);
    let firsts = fixed.map_or_else(|| others.clone(), |offer| vec![offer]);
    let mut found = vec![];
    let mut nearest: Option<Verdict> = None;
    for (at, one) in firsts.iter().enumerate() {
        let others = if fixed.is_some() { &others[..] } else { &others[at + 1..] };
        let id = &one.candidate.on_ramp.id;
        for other in others.iter().filter(|other| other.candidate.on_ramp.id != *id) {
            let pair = pair(one, other);
            if pair.verdict.is_diverse() {
                found.push(pair);
            } else if nearest.as_ref().is_none_or(|best| pair.verdict.rank() < best.rank()) {
                nearest = Some(pair.verdict);
            }
        }
    }
    if found.is_empty() {
        let why = nearest.map_or_else(String::new, |verdict| verdict.reason());
        return Err(NoPair::NotDiverse(open, why));
    }
    let mut names: Vec<_> = firsts.iter().chain(&others).map(|offer| &offer.candidate).collect();
    names.sort_by(|a, b| ranking::names(a, b));
    let places: BTreeMap<_, _> = names.iter().map(|one| &one.on_ramp.id).zip(0..).collect();
    let place = |half: &Offer<'_>| places.get(&half.candidate.on_ramp.id).copied().unwrap_or(0);
    found.sort_by_cached_key(|pair| {
        let [a, b] = &pair.halves;
        let vxcs = a.candidate.summary.vxcs + b.candidate.summary.vxcs;
        let costs = (a.cost.max(b.cost), a.cost + b.cost);
        (pair.verdict.rank(), costs, vxcs, place(a), place(b))
    });
    Ok(found)
}

fn pair<'a>(one: &Offer<'a>, other: &Offer<'a>) -> Pair<'a> {
    let (first, second) = (&one.candidate, &other.candidate);
    let zones = first.on_ramp.zone.cmp(&second.on_ramp.zone);
    let ordered = zones.then_with(|| ranking::names(first, second)).is_le();
    let halves = if ordered { [one.clone(), other.clone()] } else { [other.clone(), one.clone()] };
    let [a, b] = halves.each_ref().map(|half| half.candidate.on_ramp);
    Pair { verdict: Verdict::judge(a, b), halves }
}

/// Returns the best few of each site and zone, so that thousands of on-ramps make no
/// millions of pairs.
fn fewer<'o, 'a>(offers: &'o [Offer<'a>]) -> Vec<&'o Offer<'a>> {
    let mut kinds: BTreeMap<(Option<i64>, &SafeText, &Zone), usize> = BTreeMap::new();
    let mut is_new = |offer: &&Offer<'a>| {
        let OnRamp { site, zone, .. } = offer.candidate.on_ramp;
        let seen = kinds.entry((site.id.map(|id| id.0), &site.name, zone)).or_default();
        *seen += 1;
        *seen <= OF_A_KIND
    };
    offers.iter().filter(|offer| is_new(offer)).take(PAIRED).collect()
}

#[cfg(test)]
mod tests;
