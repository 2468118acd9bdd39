//! What the console reads by itself: when, and what came of it.
//!
//! One place decides what is asked next, `tick`, and one counts what was
//! asked, `Feeds::note`. Nothing is asked while somebody reads a question, and
//! nothing of what is on the screen moves when something comes in.

pub(super) mod chart;
mod next;
mod replies;
pub(super) mod says;

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{Failure, Request},
    domain::{
        event::{Affected, Event, Touch},
        id::OnRampId,
        location::{Location, RoundTrips},
        place::LocationId,
        politeness::{Allowance, Feed, Presence},
        telemetry::{Line, Traffic, Utilisation},
        time::Timestamp,
    },
};

use super::model::Model;

pub(super) use next::{Awaits, attached, awaits, due_in, tick};
pub(super) use replies::{apply_feed_reply, match_events};

/// Something that was read beside on-ramps and keys.
#[derive(Debug, Clone, Default)]
pub struct Told<T> {
    /// What was read last, and when by the server's clock.
    pub known: Option<(T, Timestamp)>,
    /// Why the last attempt failed. What was read before stays.
    pub failure: Option<Failure>,
}

impl<T> Told<T> {
    /// What was read last.
    pub fn value(&self) -> Option<&T> {
        self.known.as_ref().map(|(value, _)| value)
    }
}

/// What the telemetry of one on-ramp says.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// What it carried.
    pub traffic: Told<Traffic>,
    /// How its line is; of Ports that were opened.
    pub line: Told<Line>,
    /// The vendor has none of it, as of then.
    pub none_since: Option<Timestamp>,
}

/// What is read by the console itself, and how politely.
#[derive(Debug, Default)]
pub struct Feeds {
    /// What the jitter comes from; `None` where nothing is asked by itself.
    seed: Option<u64>,
    /// What was asked of late.
    pub allowance: Allowance,
    /// When somebody last pressed a key.
    last_key: Option<Timestamp>,
    /// Whether this is a tmux session, from which terminals can go away.
    in_tmux: bool,
    /// None is attached to it, as of the last look.
    detached: bool,
    /// When each feed was last asked for.
    asked: BTreeMap<Feed, Timestamp>,
    /// When the telemetry of each on-ramp was.
    asked_traffic: BTreeMap<OnRampId, Timestamp>,
    /// When the line of each opened Port was.
    asked_line: BTreeMap<OnRampId, Timestamp>,
    /// The on-ramp whose telemetry is under way.
    pub(super) measuring: Option<OnRampId>,
    /// Planned work and outages.
    pub events: Told<Vec<Event>>,
    /// Which on-ramps they may touch.
    affected: Affected,
    /// The vendor's data centres.
    pub locations: Told<BTreeMap<LocationId, Location>>,
    /// How far data centres are from those that somebody asked about, and when
    /// that was read.
    pub trips: BTreeMap<LocationId, (RoundTrips, Timestamp)>,
    /// What on-ramps carry.
    pub measured: BTreeMap<OnRampId, Measured>,
}

impl Feeds {
    /// Feeds that ask by themselves, with jitter from `seed`, for somebody who
    /// looks from `now` on.
    pub fn lively(seed: u64, now: Timestamp) -> Self {
        Self { seed: Some(seed), last_key: Some(now), ..Self::default() }
    }

    /// The same in a tmux session.
    #[must_use]
    pub fn in_tmux(self, in_tmux: bool) -> Self {
        Self { in_tmux, ..self }
    }

    /// The feeds for another account: nothing of the one before but what was
    /// asked of late, since that came from the same address.
    pub(super) fn anew(&mut self) -> Self {
        let allowance = std::mem::take(&mut self.allowance);
        let (seed, last_key, in_tmux) = (self.seed, self.last_key, self.in_tmux);
        Self { seed, allowance, last_key, in_tmux, ..Self::default() }
    }

    /// Whether anything is asked by itself at all.
    pub const fn is_lively(&self) -> bool {
        self.seed.is_some()
    }

    /// Somebody pressed a key.
    pub(super) const fn pressed(&mut self, now: Timestamp) {
        self.last_key = Some(now);
        self.detached = false;
    }

    /// Whether somebody looks.
    pub fn presence(&self, now: Timestamp) -> Presence {
        Presence::after(self.last_key.map_or(Duration::ZERO, |last| now.since(last)))
    }

    /// Counts a request that leaves, whoever asked for it.
    pub(super) fn note(&mut self, request: &Request, now: Timestamp) {
        let feed = match request {
            Request::Products => Some(Feed::Products),
            Request::Keys => Some(Feed::Keys),
            Request::Events => Some(Feed::Events),
            Request::Locations => Some(Feed::Locations),
            Request::Traffic(id, _) => {
                self.asked_traffic.insert(id.clone(), now);
                Some(Feed::Traffic)
            }
            Request::Line(id) => {
                self.asked_line.insert(id.clone(), now);
                Some(Feed::Traffic)
            }
            _ => None,
        };
        self.allowance.count(feed.map_or(1, Feed::requests), now);
        if let Some(feed) = feed {
            self.asked.insert(feed, now);
        }
    }

    /// Whether the load of any on-ramp is known.
    pub fn is_measured(&self) -> bool {
        let told = |traffic: &Traffic| !traffic.inward.is_empty() || !traffic.outward.is_empty();
        self.measured.values().any(|one| one.traffic.value().is_some_and(told))
    }

    /// The on-ramps that the event at `place` of the list may touch, and how.
    pub fn touched(&self, place: usize) -> impl Iterator<Item = (&OnRampId, Touch)> {
        self.affected.touched(place)
    }

    /// Counts a change that leaves.
    pub(super) fn note_write(&mut self, now: Timestamp) {
        self.allowance.count(1, now);
    }
}

impl Model {
    /// How full an on-ramp is, by its telemetry; `None` where there is none, and
    /// then its allocation is all that is known.
    pub fn load(&self, id: &OnRampId) -> Option<Utilisation> {
        let traffic = self.feeds.measured.get(id)?.traffic.value()?;
        traffic.utilisation(self.engine.inventory().on_ramp(id)?.capacity())
    }

    /// Whether the vendor has no telemetry of an on-ramp.
    pub fn has_no_load(&self, id: &OnRampId) -> bool {
        self.feeds.measured.get(id).is_some_and(|one| one.none_since.is_some())
    }

    /// The events that may touch an on-ramp and still matter, the worst first.
    pub fn events_for(&self, id: &OnRampId) -> Vec<(&Event, Touch)> {
        let now = self.server_now();
        let events = self.feeds.events.value().map_or(&[][..], Vec::as_slice);
        let touches = self.feeds.affected.of(id).iter();
        let mut found: Vec<_> = touches
            .filter_map(|touch| Some((events.get(touch.event)?, *touch)))
            .filter(|(event, _)| event.matters(now))
            .collect();
        found.sort_by_key(|(event, _)| (!event.is_on(now), event.kind, event.from));
        found
    }

    /// The vendor's record of an on-ramp's data centre.
    pub fn location_of(&self, id: &OnRampId) -> Option<&Location> {
        let site = self.engine.inventory().on_ramp(id)?.site.id?;
        self.feeds.locations.value()?.get(&site)
    }
}
