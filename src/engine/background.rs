//! What is read beside on-ramps and keys, and how politely: by whether somebody
//! looks, and within what Megaport allows.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{Failure, Request},
    domain::{
        event::{Affected, Event, Touch},
        id::OnRampId,
        location::{Location, RoundTrips},
        place::LocationId,
        refresh_policy::{Feed, RequestBudget, UserActivity},
        telemetry::{PortHealth, Traffic},
        text::SafeText,
        time::{ReadAt, Timestamp},
    },
};

/// Something that was read beside on-ramps and keys.
#[derive(Debug, Clone, Default)]
pub struct Fetched<T> {
    /// What was read last, and when.
    pub known: Option<(T, ReadAt)>,
    /// Why the last attempt failed. What was read before stays.
    pub failure: Option<Failure>,
    /// How many entries of it could not be read.
    pub unread: usize,
}

impl<T> Fetched<T> {
    /// What was read last.
    pub fn value(&self) -> Option<&T> {
        self.known.as_ref().map(|(value, _)| value)
    }
}

/// What the telemetry of one on-ramp says.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// What it carried.
    pub traffic: Fetched<Traffic>,
    /// How its line is; of Ports that were opened.
    pub port_health: Fetched<PortHealth>,
    /// The vendor has none of it, as of then.
    pub none_since: Option<Timestamp>,
}

/// What is read beside on-ramps and keys, when by itself, and how politely.
#[derive(Debug, Default)]
pub struct BackgroundReads {
    /// What the jitter comes from; `None` where nothing is asked by itself.
    pub(super) seed: Option<u64>,
    /// What was asked of late.
    pub allowance: RequestBudget,
    /// When somebody last pressed a key.
    last_key: Option<Timestamp>,
    /// When something last showed that somebody is there: a key, the focus, another
    /// size, a terminal that was attached.
    last_sign: Option<Timestamp>,
    /// Whether this is a tmux session, from which terminals can go away.
    pub(super) in_tmux: bool,
    /// What tmux said last.
    clients: Option<TmuxClients>,
    /// When it was last asked.
    pub(super) asked_clients: Option<Timestamp>,
    /// Whether on-ramps are to be read once tmux says that somebody is attached.
    pub(super) wants_products: bool,
    /// When each feed was last asked for.
    pub(super) asked: BTreeMap<Feed, Timestamp>,
    /// When the telemetry of each on-ramp was.
    pub(super) asked_traffic: BTreeMap<OnRampId, Timestamp>,
    /// When the line of each opened Port was.
    pub(super) asked_port_health: BTreeMap<OnRampId, Timestamp>,
    /// The on-ramp whose telemetry is under way.
    pub(super) measuring: Option<OnRampId>,
    /// Planned work and outages.
    pub events: Fetched<Vec<Event>>,
    /// Which on-ramps they may touch.
    pub(super) affected: Affected,
    /// The vendor's data centres.
    pub locations: Fetched<BTreeMap<LocationId, Location>>,
    /// The name of our own company.
    pub company: Fetched<SafeText>,
    /// How far data centres are from those that somebody asked about, and when
    /// that was read.
    pub trips: BTreeMap<LocationId, (RoundTrips, Timestamp)>,
    /// What on-ramps carry.
    pub measured: BTreeMap<OnRampId, Measured>,
}

impl BackgroundReads {
    /// Reads made by themselves, with jitter from `seed`, for somebody who looks
    /// from `now` on.
    pub fn lively(seed: u64, now: Timestamp) -> Self {
        Self { seed: Some(seed), last_key: Some(now), last_sign: Some(now), ..Self::default() }
    }

    /// The same in a tmux session.
    #[must_use]
    pub fn in_tmux(self, in_tmux: bool) -> Self {
        Self { in_tmux, ..self }
    }

    /// The same for another account: nothing of the one before but what was
    /// asked of late, since that came from the same address.
    pub(super) fn for_another_account(&mut self) -> Self {
        let allowance = std::mem::take(&mut self.allowance);
        let Self { seed, last_key, last_sign, in_tmux, .. } = *self;
        Self { seed, allowance, last_key, last_sign, in_tmux, ..Self::default() }
    }

    /// Whether anything is asked by itself at all.
    pub const fn is_lively(&self) -> bool {
        self.seed.is_some()
    }

    /// Somebody pressed a key.
    pub(super) const fn note_key(&mut self, now: Timestamp) {
        self.last_key = Some(now);
    }

    /// Somebody is there; whether nobody was before.
    pub(super) fn note_sign(&mut self, now: Timestamp) -> bool {
        let was_gone = self.is_detached() || self.presence(now) == UserActivity::Away;
        self.last_sign = Some(now);
        if let Some(clients) = &mut self.clients {
            clients.attached = true;
        }
        was_gone
    }

    /// Takes in what tmux says; whether a terminal was attached since it was asked
    /// last.
    pub(super) fn note_clients(&mut self, new: TmuxClients) -> bool {
        let before = self.clients.replace(new);
        new.attached && before.is_some_and(|before| before != new)
    }

    /// Whether no terminal was attached when tmux was asked last.
    pub fn is_detached(&self) -> bool {
        self.clients.is_some_and(|clients| !clients.attached)
    }

    /// Whether somebody looks.
    pub fn presence(&self, now: Timestamp) -> UserActivity {
        UserActivity::after(self.last_sign.map_or(Duration::ZERO, |last| now.since(last)))
    }

    /// Whether somebody is at the keys: what is shown by itself is secret to others.
    pub fn presence_at_keys(&self, now: Timestamp) -> UserActivity {
        UserActivity::after(self.last_key.map_or(Duration::ZERO, |last| now.since(last)))
    }

    /// Counts a request that leaves, whoever asked for it.
    pub(super) fn count(&mut self, request: &Request, now: Timestamp) {
        let feed = match request {
            Request::Products => Some(Feed::Products),
            Request::Keys => Some(Feed::Keys),
            Request::Events => Some(Feed::Events),
            Request::Locations => Some(Feed::Locations),
            Request::Company => Some(Feed::Company),
            Request::Traffic(id, _) => {
                self.asked_traffic.insert(id.clone(), now);
                Some(Feed::Traffic)
            }
            Request::PortHealth(id) => {
                self.asked_port_health.insert(id.clone(), now);
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
        let has_samples =
            |traffic: &Traffic| !traffic.inward.is_empty() || !traffic.outward.is_empty();
        self.measured.values().any(|one| one.traffic.value().is_some_and(has_samples))
    }

    /// The on-ramps that the event at `place` of the list may touch, and how.
    pub fn touched(&self, place: usize) -> impl Iterator<Item = (&OnRampId, Touch)> {
        self.affected.touched(place)
    }

    /// How many on-ramps the event at `place` of the list may touch.
    pub fn affected_count(&self, place: usize) -> usize {
        self.affected.count(place)
    }

    /// Counts a change that leaves.
    pub(super) fn count_write(&mut self, now: Timestamp) {
        self.allowance.count(1, now);
    }
}

/// The terminals of a tmux session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TmuxClients {
    /// Whether any is attached.
    pub attached: bool,
    /// When one last was, in seconds since 1970, where tmux says.
    pub last_attached: Option<i64>,
}

/// What somebody has on a screen now, as far as it turns on that what is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    /// Whether lists may change under whoever reads the screen: no dialog stands
    /// on them.
    pub undisturbed: bool,
    /// The on-ramps whose load is shown, by their places in the inventory; the one
    /// that keys act on comes first.
    pub visible: Vec<usize>,
    /// The one that was opened, where it is shown.
    pub opened: Option<usize>,
}

/// What the next reading of the on-ramps waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingFor {
    /// It is under way.
    Reply,
    /// Paused while a key is being created.
    Creation,
    /// Paused: data must not change under an open dialog.
    Dialog,
    /// Nobody has looked for long.
    Person,
    /// Its time.
    Time(Duration),
    /// Somebody's order: nothing is read by itself.
    Order,
}
