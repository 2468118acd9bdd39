//! Diversity: whether two on-ramps fail apart, and which two to offer.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    id::OnRampId,
    inventory::Summary,
    on_ramp::OnRamp,
    place::{Site, Zone},
    text::SafeText,
    units::Mbps,
};

/// Whether two on-ramps are diverse, and why.
///
/// Two sites are diverse whatever their zones: a zone groups devices within
/// one site and says nothing across sites. Within one site only two different
/// zones that are both stated are. Source: the vendor's pages on diversity.
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
    /// One site, and a zone that is not stated.
    NoZone,
    /// A site that is not stated.
    NoSite,
}

impl Verdict {
    /// Judges two on-ramps.
    pub fn of(one: &OnRamp, other: &OnRamp) -> Self {
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

    /// Whether the two are surely diverse.
    pub const fn is_diverse(&self) -> bool {
        matches!(self, Self::SitesAndZones(..) | Self::Sites(..) | Self::Zones(..))
    }

    /// The verdict in one word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SitesAndZones(..) | Self::Sites(..) | Self::Zones(..) => "DIVERSE",
            Self::SameZone(_) | Self::SameOnRamp => "NOT DIVERSE",
            Self::NoZone | Self::NoSite => "UNKNOWN",
        }
    }

    /// Why.
    pub fn reason(&self) -> String {
        match self {
            Self::SitesAndZones(a, b) => {
                format!("different sites and zones ({} / {})", a.word(), b.word())
            }
            Self::Sites(a, b) if a == b && *a != Zone::Unstated => {
                format!("different sites; both {}, which counts only within one site", a.word())
            }
            Self::Sites(..) => "different sites; no zone is given for both".to_owned(),
            Self::Zones(a, b) => {
                format!("one site, different zones ({} / {})", a.word(), b.word())
            }
            Self::SameZone(zone) => format!("both are {} at one site", zone.word()),
            Self::SameOnRamp => "the same on-ramp twice".to_owned(),
            Self::NoZone => "one site, and no zone is given for both".to_owned(),
            Self::NoSite => "a site is not given".to_owned(),
        }
    }

    /// The better verdict first: a different site beats only another zone.
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

/// Whether a record says which site it means.
fn is_known(site: &Site) -> bool {
    site.id.is_some() || !site.name.is_empty()
}

/// An on-ramp that may be one half of a pair.
#[derive(Debug, Clone, Copy)]
pub struct Half<'a> {
    /// The on-ramp.
    pub on_ramp: &'a OnRamp,
    /// What is known of it in sum.
    pub summary: &'a Summary,
}

impl Half<'_> {
    /// Why no key of this rate can be made on it; `None` when one can.
    fn refusal(&self, rate: Mbps) -> Option<String> {
        if let Some(closed) = self.summary.closed.first() {
            return Some(closed.to_string());
        }
        let too_high = !self.on_ramp.takes(rate);
        self.on_ramp.max_vxc().filter(|_| too_high).map(|most| format!("at most {most}"))
    }

    /// The less it has sold, the better; what does not say comes last.
    fn load(&self) -> (u32, usize) {
        (self.summary.percent.unwrap_or(u32::MAX), self.summary.vxcs)
    }
}

/// Two diverse on-ramps on offer.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The two, BLUE before RED, else by name.
    pub halves: [Half<'a>; 2],
    /// Why they are diverse.
    pub verdict: Verdict,
}

impl Pair<'_> {
    /// The ids of the two.
    pub fn ids(&self) -> [OnRampId; 2] {
        self.halves.map(|half| half.on_ramp.id.clone())
    }

    /// Why these two, in words.
    pub fn why(&self) -> String {
        let sold = |half: &Half<'_>| match half.summary.percent {
            Some(percent) => format!("{} {percent}%", half.on_ramp.name),
            None => format!("{} unknown", half.on_ramp.name),
        };
        let [a, b] = &self.halves;
        format!("the least allocated of the most diverse: {}, {}", sold(a), sold(b))
    }
}

/// Why there is no diverse pair.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPair {
    /// Nothing is here.
    #[error("there is no on-ramp here")]
    Nothing,
    /// The on-ramp that was chosen takes no key.
    #[error("{0} takes no key: {1}")]
    Closed(SafeText, String),
    /// Fewer than two take a key of this rate.
    #[error("{open} of {all} on-ramps here can take a key of {rate}, and a pair needs two")]
    TooFew {
        /// How many do.
        open: usize,
        /// How many there are.
        all: usize,
        /// The rate.
        rate: Mbps,
    },
    /// No two of them are surely diverse.
    #[error("no two of the {0} open on-ramps here are surely diverse: {1}")]
    NotDiverse(usize, String),
}

/// How many of one site and zone are weighed against the others: more would
/// only be more of the same.
const OF_A_KIND: usize = 3;
/// How many halves are paired with one another at most.
const PAIRED: usize = 120;

/// The diverse pairs among `halves` for a key of `rate` on each, the best
/// first: the most diverse, then the least allocated, then the fewest VXCs,
/// then by name and id, so that equal pairs never trade places. With `fixed`,
/// only pairs that it is in.
pub fn pairs<'a>(
    halves: impl IntoIterator<Item = Half<'a>>,
    rate: Mbps,
    fixed: Option<&OnRampId>,
) -> Result<Vec<Pair<'a>>, NoPair> {
    let all: Vec<_> = halves.into_iter().collect();
    let fixed = fixed.and_then(|id| all.iter().find(|half| half.on_ramp.id == *id).copied());
    if let Some((half, why)) = fixed.and_then(|half| Some((half, half.refusal(rate)?))) {
        return Err(NoPair::Closed(half.on_ramp.name.clone(), why));
    }
    let mut open: Vec<_> =
        all.iter().copied().filter(|half| half.refusal(rate).is_none()).collect();
    if open.len() < 2 {
        let (open, all) = (open.len(), all.len());
        return Err(if all == 0 { NoPair::Nothing } else { NoPair::TooFew { open, all, rate } });
    }
    let count = open.len();
    open.sort_by(|a, b| a.load().cmp(&b.load()).then_with(|| by_name(a, b)));
    let open = fewer(open);
    let firsts = fixed.map_or_else(|| open.clone(), |half| vec![half]);
    let mut found = vec![];
    let mut nearest: Option<Verdict> = None;
    for (at, one) in firsts.iter().enumerate() {
        let others = if fixed.is_some() { &open[..] } else { &open[at + 1..] };
        for other in others.iter().filter(|other| other.on_ramp.id != one.on_ramp.id) {
            let pair = pair(*one, *other);
            if pair.verdict.is_diverse() {
                found.push(pair);
            } else if nearest.as_ref().is_none_or(|best| pair.verdict.rank() < best.rank()) {
                nearest = Some(pair.verdict);
            }
        }
    }
    if found.is_empty() {
        let why = nearest.map_or_else(String::new, |verdict| verdict.reason());
        return Err(NoPair::NotDiverse(count, why));
    }
    let key = |pair: &Pair<'_>| {
        let [a, b] = pair.halves.map(|half| half.load());
        (pair.verdict.rank(), a.0.max(b.0), a.0.saturating_add(b.0), a.1 + b.1)
    };
    found.sort_by(|a, b| {
        let names = by_name(&a.halves[0], &b.halves[0]);
        key(a).cmp(&key(b)).then(names).then_with(|| by_name(&a.halves[1], &b.halves[1]))
    });
    Ok(found)
}

fn pair<'a>(one: Half<'a>, other: Half<'a>) -> Pair<'a> {
    let zones = one.on_ramp.zone.cmp(&other.on_ramp.zone);
    let ordered = zones.then_with(|| by_name(&one, &other)).is_le();
    let halves = if ordered { [one, other] } else { [other, one] };
    Pair { verdict: Verdict::of(halves[0].on_ramp, halves[1].on_ramp), halves }
}

fn by_name(a: &Half<'_>, b: &Half<'_>) -> std::cmp::Ordering {
    let (a, b) = (a.on_ramp, b.on_ramp);
    super::text::by_name(a.name.as_str(), b.name.as_str()).then_with(|| a.id.cmp(&b.id))
}

/// The best few of each site and zone, so that thousands of on-ramps make no
/// millions of pairs.
fn fewer(sorted: Vec<Half<'_>>) -> Vec<Half<'_>> {
    let mut kinds: BTreeMap<(Option<i64>, SafeText, Zone), usize> = BTreeMap::new();
    let mut is_new = |half: &Half<'_>| {
        let OnRamp { site, zone, .. } = half.on_ramp;
        let kind = (site.id.map(|id| id.0), site.name.clone(), zone.clone());
        let seen = kinds.entry(kind).or_default();
        *seen += 1;
        *seen <= OF_A_KIND
    };
    sorted.into_iter().filter(|half| is_new(half)).take(PAIRED).collect()
}

#[cfg(test)]
mod tests;
