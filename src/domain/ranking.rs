//! Best fit: on-ramps ranked for a rate, each with its reasons, and why the others are
//! refused.
//!
//! It weighs what the vendor's service-provider guide recommends (zone is for pairs,
//! see [`super::diversity`]): speed, allocation, VXCs, the largest VXC, whether new
//! ones are permitted; and what else is known: unused keys, measured load, maintenance,
//! outages, the on-ramp's end. One pure function; equal on-ramps never trade places.

#[cfg(test)]
mod tests;
mod words;

use crate::domain::{
    inventory::Summary,
    on_ramp::{Link, OnRamp},
    readiness::Closed,
    text::{SafeText, by_name},
    time::Timestamp,
    units::Mbps,
};

/// The requirements for an on-ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// The rate of the connection.
    pub rate: Mbps,
    /// Until when it may be redeemed; `None` is open-ended.
    pub until: Option<Timestamp>,
}

impl Want {
    /// Returns a connection of `rate`, whenever.
    pub const fn for_rate(rate: Mbps) -> Self {
        Self { rate, until: None }
    }
}

/// The provider's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Never above so many percent allocated; `None` allows overselling.
    pub cap: Option<u32>,
    /// The cost of a percent of allocation.
    pub allocated: u32,
    /// The cost of a percent of measured load; without a measurement, the allocation is
    /// used instead.
    pub measured: u32,
    /// The cost of a percent that unused keys would add.
    pub outstanding: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { cap: None, allocated: 3, measured: 2, outstanding: 1 }
    }
}

/// Maintenance or an outage that may affect an on-ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is a current outage; else maintenance.
    pub outage: bool,
    /// Its description, in a few words.
    pub says: SafeText,
}

/// An on-ramp that could be offered, with its data.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// The on-ramp.
    pub on_ramp: &'a OnRamp,
    /// The on-ramp's summary.
    pub summary: &'a Summary,
    /// The rates of its unused keys, summed: sold, and not yet used.
    pub outstanding: Mbps,
    /// Its measured load in percent, where it is known.
    pub measured: Option<u32>,
    /// Maintenance and outages that may affect it before the key ends.
    pub notices: Vec<Notice>,
}

impl<'a> Candidate<'a> {
    /// Returns an on-ramp of which only its record is known.
    pub fn new(on_ramp: &'a OnRamp, summary: &'a Summary) -> Self {
        let outstanding = summary.keys.map_or(Mbps::ZERO, |keys| keys.outstanding);
        Self { on_ramp, summary, outstanding, measured: None, notices: vec![] }
    }
}

/// A reason for, or a worry about, an on-ramp that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// So much is not committed, and so many percent would be.
    Headroom(Mbps, u32),
    /// Its capacity is unknown, and so is its headroom.
    NoCapacity,
    /// It would be sold more than once over.
    Oversold(u32),
    /// Its measured load.
    Load(u32),
    /// No load is measured: allocation is used instead.
    NoLoad,
    /// So many VXCs.
    Vxcs(usize),
    /// So many unused keys, of so much together.
    Outstanding(usize, Mbps),
    /// Maintenance may affect it.
    Planned(SafeText),
    /// Its link is down.
    Down,
    /// Not all of its record could be read.
    Unread(u32),
    /// So many of its circuits do not say their rate.
    RatesUnsaid(usize),
    /// Another reason against it.
    Warning(&'static str),
}

/// A reason why an on-ramp is not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It takes no key.
    Closed(Closed),
    /// The rate is over the largest VXC it takes.
    RateTooHigh(Mbps),
    /// It would be allocated over the cap: to so many percent of so many.
    OverCap(u32, u32),
    /// Circuits and unused keys take every VLAN.
    NoVlan,
    /// It ends before the key does.
    Ends(Timestamp),
    /// Something is broken on it now.
    Outage(SafeText),
}

/// An on-ramp on offer.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    /// The on-ramp.
    pub candidate: Candidate<'a>,
    /// Its total cost; the lower the better.
    pub cost: u64,
    /// The reasons, in words.
    pub reasons: Vec<Reason>,
}

/// Every candidate, offered or not.
#[derive(Debug, Clone)]
pub struct Ranking<'a> {
    /// The requirements.
    pub want: Want,
    /// The best first.
    pub offers: Vec<Offer<'a>>,
    /// The others, by name, each with every reason.
    pub refusals: Vec<(Candidate<'a>, Vec<Refusal>)>,
}

/// The cost of maintenance, in percent of load.
const PLANNED: u64 = 20;
/// The cost of a link that is down.
const DOWN: u64 = 30;
/// The cost of a record that could not be read whole.
const UNREAD: u64 = 10;

/// Ranks `candidates` for a connection as wanted.
///
/// The least loaded comes first, by the weights of `rules`; ties go to fewer VXCs, then
/// by name, then by id. On-ramps that may not be offered are refused with every reason.
pub fn rank<'a>(
    candidates: impl IntoIterator<Item = Candidate<'a>>,
    want: Want,
    rules: Rules,
) -> Ranking<'a> {
    let (mut offers, mut refusals) = (vec![], vec![]);
    for candidate in candidates {
        let why_not = refuse(&candidate, want, rules);
        if why_not.is_empty() {
            let (cost, reasons) = score(&candidate, want, rules);
            offers.push(Offer { candidate, cost, reasons });
        } else {
            refusals.push((candidate, why_not));
        }
    }
    // They mostly come sorted by name already, so that this compares each name once.
    offers.sort_by(|a, b| names(&a.candidate, &b.candidate));
    offers.sort_by_key(|offer| (offer.cost, offer.candidate.summary.vxcs));
    refusals.sort_by(|(a, _), (b, _)| names(a, b));
    Ranking { want, offers, refusals }
}

/// Compares by name, then by id.
pub(super) fn names(a: &Candidate<'_>, b: &Candidate<'_>) -> std::cmp::Ordering {
    let (a, b) = (a.on_ramp, b.on_ramp);
    by_name(a.name.as_str(), b.name.as_str()).then_with(|| a.id.cmp(&b.id))
}

/// Returns the allocation in percent including this connection.
fn after(candidate: &Candidate<'_>, want: Want) -> Option<u32> {
    let capacity = candidate.on_ramp.capacity()?;
    (candidate.summary.allocated + want.rate).percent_of(capacity)
}

fn refuse(candidate: &Candidate<'_>, want: Want, rules: Rules) -> Vec<Refusal> {
    let Candidate { on_ramp, summary, notices, .. } = candidate;
    let mut why: Vec<_> = summary.closed.iter().cloned().map(Refusal::Closed).collect();
    let too_high = !on_ramp.takes(want.rate);
    why.extend(on_ramp.max_vxc().filter(|_| too_high).map(Refusal::RateTooHigh));
    if let (Some(cap), Some(percent)) = (rules.cap, after(candidate, want))
        && percent > cap
    {
        why.push(Refusal::OverCap(percent, cap));
    }
    // Keys hold VLANs, too; before they were read nothing is known of that.
    if summary.keys.is_some() && summary.vlans.free == 0 {
        why.push(Refusal::NoVlan);
    }
    let ends = on_ramp.terminates.filter(|end| want.until.is_none_or(|until| *end < until));
    why.extend(ends.map(Refusal::Ends));
    let outages = notices.iter().filter(|notice| notice.outage);
    why.extend(outages.map(|notice| Refusal::Outage(notice.says.clone())));
    why
}

/// Returns the cost of an offer, and its reasons, the weightiest first.
fn score(candidate: &Candidate<'_>, want: Want, rules: Rules) -> (u64, Vec<Reason>) {
    let Candidate { on_ramp, summary, outstanding, measured, notices } = candidate;
    let (mut cost, mut reasons) = (0, vec![]);
    let unit = u64::from(rules.allocated) + u64::from(rules.measured);
    let known = (after(candidate, want), on_ramp.headroom(), on_ramp.capacity());
    if let (Some(percent), Some(headroom), Some(capacity)) = known {
        reasons.push(if percent > 100 {
            Reason::Oversold(percent)
        } else {
            Reason::Headroom(headroom, percent)
        });
        let load = measured.unwrap_or(percent);
        let keys = outstanding.percent_of(capacity).unwrap_or(0);
        cost += u64::from(percent) * u64::from(rules.allocated);
        cost += u64::from(load) * u64::from(rules.measured);
        cost += u64::from(keys) * u64::from(rules.outstanding);
    } else {
        // Its headroom is unknown: it ranks after all that state theirs.
        reasons.push(Reason::NoCapacity);
        cost += 1_000_000;
    }
    reasons.push(measured.map_or(Reason::NoLoad, Reason::Load));
    reasons.push(Reason::Vxcs(summary.vxcs));
    if let Some(keys) = summary.keys.filter(|keys| keys.unused > 0) {
        reasons.push(Reason::Outstanding(keys.unused, *outstanding));
    }
    for notice in notices.iter().filter(|notice| !notice.outage) {
        cost += PLANNED * unit;
        reasons.push(Reason::Planned(notice.says.clone()));
    }
    if on_ramp.link == Link::Down {
        cost += DOWN * unit;
        reasons.push(Reason::Down);
    }
    if on_ramp.unread > 0 {
        cost += UNREAD * unit;
        reasons.push(Reason::Unread(on_ramp.unread));
    }
    if summary.rates_unsaid > 0 {
        cost += UNREAD * unit;
        reasons.push(Reason::RatesUnsaid(summary.rates_unsaid));
    }
    if let Some(warning) = on_ramp.warning() {
        cost += DOWN * unit;
        reasons.push(Reason::Warning(warning));
    }
    (cost, reasons)
}
