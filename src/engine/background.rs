//! Background reads beside on-ramps and keys: their pace depends on user activity and
//! on Megaport's limits.

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
    /// The last value, and when it was read.
    pub known: Option<(T, ReadAt)>,
    /// The failure of the last attempt. The value read before stays.
    pub failure: Option<Failure>,
    /// The number of its entries that could not be read.
    pub unread: usize,
}

impl<T> Fetched<T> {
    /// Returns the last value.
    pub fn value(&self) -> Option<&T> {
        self.known.as_ref().map(|(value, _)| value)
    }
}

/// The telemetry of one on-ramp.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Its load.
    pub traffic: Fetched<Traffic>,
    /// The health of its link; only of opened Ports.
    pub port_health: Fetched<PortHealth>,
    /// The vendor has none, as of then.
    pub none_since: Option<Timestamp>,
}

/// The background reads beside on-ramps and keys, and their schedule.
#[derive(Debug, Default)]
pub struct BackgroundReads {
    /// The source of jitter; `None` where nothing is read unasked.
    pub(super) seed: Option<u64>,
    /// The recent requests.
    pub allowance: RequestBudget,
    /// The last key press.
    last_key: Option<Timestamp>,
    /// The last sign of the user: a key, the focus, another size, or an attached
    /// terminal.
    last_sign: Option<Timestamp>,
    /// Whether this is a tmux session, from which terminals can go away.
    pub(super) in_tmux: bool,
    /// The last reply of tmux.
    clients: Option<TmuxClients>,
    /// The time of the last query.
    pub(super) asked_clients: Option<Timestamp>,
    /// Whether on-ramps are to be read once tmux reports an attached client.
    pub(super) wants_products: bool,
    /// The last request of each feed.
    pub(super) asked: BTreeMap<Feed, Timestamp>,
    /// The last telemetry request of each on-ramp.
    pub(super) asked_traffic: BTreeMap<OnRampId, Timestamp>,
    /// The last request for the link health of each opened Port.
    pub(super) asked_port_health: BTreeMap<OnRampId, Timestamp>,
    /// The on-ramp whose telemetry is being read.
    pub(super) measuring: Option<OnRampId>,
    /// Maintenance and outages.
    pub events: Fetched<Vec<Event>>,
    /// The on-ramps they may affect.
    pub(super) affected: Affected,
    /// The vendor's data centres.
    pub locations: Fetched<BTreeMap<LocationId, Location>>,
    /// The name of our own company.
    pub company: Fetched<SafeText>,
    /// The round trips from the data centres the user asked about, and the time of
    /// their reading.
    pub trips: BTreeMap<LocationId, (RoundTrips, Timestamp)>,
    /// The load of on-ramps.
    pub measured: BTreeMap<OnRampId, Measured>,
}

impl BackgroundReads {
    /// Creates background reads, with jitter from `seed`, for a user who is active from
    /// `now` on.
    pub fn lively(seed: u64, now: Timestamp) -> Self {
        Self { seed: Some(seed), last_key: Some(now), last_sign: Some(now), ..Self::default() }
    }

    /// Adapts it to a tmux session.
    #[must_use]
    pub fn in_tmux(self, in_tmux: bool) -> Self {
        Self { in_tmux, ..self }
    }

    /// Resets it for another account: only the recent requests remain, since they came
    /// from the same address.
    pub(super) fn for_another_account(&mut self) -> Self {
        let allowance = std::mem::take(&mut self.allowance);
        let Self { seed, last_key, last_sign, in_tmux, .. } = *self;
        Self { seed, allowance, last_key, last_sign, in_tmux, ..Self::default() }
    }

    /// Returns whether background reads are enabled.
    pub const fn is_lively(&self) -> bool {
        self.seed.is_some()
    }

    /// Notes a key press.
    pub(super) const fn note_key(&mut self, now: Timestamp) {
        self.last_key = Some(now);
    }

    /// Notes a sign of the user; returns whether the user was away before.
    pub(super) fn note_sign(&mut self, now: Timestamp) -> bool {
        let was_gone = self.is_detached() || self.presence(now) == UserActivity::Away;
        self.last_sign = Some(now);
        if let Some(clients) = &mut self.clients {
            clients.attached = true;
        }
        was_gone
    }

    /// Takes a reply of tmux; returns whether a terminal was attached since the last
    /// one.
    pub(super) fn note_clients(&mut self, new: TmuxClients) -> bool {
        let before = self.clients.replace(new);
        new.attached && before.is_some_and(|before| before != new)
    }

    /// Returns whether no terminal was attached when tmux was asked last.
    pub fn is_detached(&self) -> bool {
        self.clients.is_some_and(|clients| !clients.attached)
    }

    /// Returns the user's activity.
    pub fn presence(&self, now: Timestamp) -> UserActivity {
        UserActivity::after(self.last_sign.map_or(Duration::ZERO, |last| now.since(last)))
    }

    /// Returns the activity at the keyboard: text that appears unasked is hidden when
    /// there is none.
    pub fn presence_at_keys(&self, now: Timestamp) -> UserActivity {
        UserActivity::after(self.last_key.map_or(Duration::ZERO, |last| now.since(last)))
    }

    /// Counts a request that is sent, for whatever reason.
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

    /// Returns whether the load of any on-ramp is known.
    pub fn is_measured(&self) -> bool {
        let has_samples =
            |traffic: &Traffic| !traffic.inward.is_empty() || !traffic.outward.is_empty();
        self.measured.values().any(|one| one.traffic.value().is_some_and(has_samples))
    }

    /// Returns the on-ramps that the event at `place` of the list may touch, and how.
    pub fn touched(&self, place: usize) -> impl Iterator<Item = (&OnRampId, Touch)> {
        self.affected.touched(place)
    }

    /// Returns how many on-ramps the event at `place` of the list may affect.
    pub fn affected_count(&self, place: usize) -> usize {
        self.affected.count(place)
    }

    /// Counts a change that is sent.
    pub(super) fn count_write(&mut self, now: Timestamp) {
        self.allowance.count(1, now);
    }
}

/// The terminals of a tmux session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TmuxClients {
    /// Whether any is attached.
    pub attached: bool,
    /// When a client was last attached, in seconds since 1970, if tmux reports it.
    pub last_attached: Option<i64>,
}

/// The part of the screen that background reads depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    /// Whether lists may change under the user's eyes: no dialog is open over them.
    pub undisturbed: bool,
    /// The on-ramps whose load is visible, by their index in the inventory; the one
    /// that keys act on comes first.
    pub visible: Vec<usize>,
    /// The one that was opened, where it is shown.
    pub opened: Option<usize>,
}

/// The condition of the next on-ramp refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingFor {
    /// It is in progress.
    Reply,
    /// Paused while a key is being created.
    Creation,
    /// Paused: data must not change under an open dialog.
    Dialog,
    /// The user has been inactive for long.
    Person,
    /// Its time.
    Time(Duration),
    /// The user's order: background reads are paused.
    Order,
}
