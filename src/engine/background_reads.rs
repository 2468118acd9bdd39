//! The schedule of background reads.
//!
//! One place decides, `next_read`, and one counts what was asked,
//! `BackgroundReads::count`. They pause while a question is open, and while a key is
//! being created.

use std::time::Duration;

use crate::{
    api::Request,
    domain::{
        event::{Event as Notice, Touch},
        id::OnRampId,
        location::{Location, Month},
        on_ramp::{Kind, OnRamp},
        place::LocationId,
        refresh_policy::{self, Feed, TELEMETRY_GAP, UserActivity, with_jitter},
        telemetry::Utilisation,
        time::Timestamp,
    },
};

use super::{
    attempt::{Attempt, AttemptStage},
    background::{Attention, BackgroundReads, TmuxClients, WaitingFor},
    effect::{Effect, Event, Outcome},
    requests::Purpose,
    state::Engine,
};

/// The delay before a list that lacks entries is read again: a little more than two
/// readings need to count as two.
const AGAIN: Duration = Duration::from_secs(6);

/// The delay before tmux is asked again for attached clients, while there are none, and
/// while one is attached that shows no activity.
const NEXT_LOOK: Duration = Duration::from_secs(5);
const NEXT_LOOK_AWAY: Duration = Duration::from_secs(30);

/// Requests needed by all lists together: telemetry leaves budget for them.
const LISTS: usize = 7;

/// How long "there is no telemetry of this on-ramp" is believed.
const NONE_FOR: Duration = Duration::from_secs(3600);

/// How long round-trip times stay current: they are medians of a month.
const ROUND_TRIPS_FOR: Duration = Duration::from_secs(24 * 3600);

/// Everything that may be due, the most important first.
const FEEDS: [Feed; 5] = [Feed::Products, Feed::Keys, Feed::Events, Feed::Locations, Feed::Company];

/// A possible next read.
enum Read {
    Feed(Feed),
    /// The attached clients of tmux.
    Clients,
    Traffic(OnRampId, Kind),
    PortHealth(OnRampId),
}

impl Engine {
    /// Returns the background reads.
    pub fn background(&self) -> &BackgroundReads {
        &self.background
    }

    /// Enables background reads as configured in `background`.
    pub fn read_by_itself(&mut self, background: BackgroundReads) {
        *self.background = background;
    }

    /// Notes a key press.
    pub fn note_key(&mut self, attention: &Attention) -> Outcome {
        self.background.note_key(self.now);
        self.note_sign(attention)
    }

    /// Notes a sign of the user: after an absence, on-ramps are read at once.
    pub fn note_sign(&mut self, attention: &Attention) -> Outcome {
        if self.background.note_sign(self.now) {
            self.read_for_somebody(attention);
        }
        self.finish()
    }

    fn read_for_somebody(&mut self, attention: &Attention) {
        if !self.background.is_lively() {
            return;
        }
        let free = self.is_open && self.has_inventory() && !self.needs_the_line();
        let allowed = self.background.allowance.opens_in(1, self.now).is_zero();
        if free && allowed && self.is_free(Feed::Products, attention) {
            self.ask_for_products();
        } else {
            self.background.asked.remove(&Feed::Products);
        }
    }

    /// Sends a request of the front end: returns its id, and the effects.
    pub fn request(&mut self, request: Request) -> (crate::api::RequestId, Effect) {
        self.background.count(&request, self.now);
        let id = self.mint_request();
        (id, Effect::Ask(id, request))
    }

    /// Returns whether a request to create a key is in flight, or was lost and is
    /// searched: not one whose key is known.
    pub fn is_creating(&self) -> bool {
        self.active_attempt().is_some_and(|one| {
            matches!(
                one.stage,
                AttemptStage::Writing(_) | AttemptStage::Sending | AttemptStage::Looking { .. }
            ) && one.needs_the_line()
        })
    }

    /// Returns whether the active key needs the API for itself.
    pub fn needs_the_line(&self) -> bool {
        self.active_attempt().is_some_and(Attempt::needs_the_line)
    }

    /// Reads the events at the user's request, unless they are being read.
    pub fn read_events(&mut self) -> Outcome {
        if self.is_open && !self.awaits_purpose(Purpose::Events) {
            self.ask(Request::Events, Purpose::Events);
        }
        self.finish()
    }

    /// Reads the round trips from one data centre, unless they are known or being read.
    pub fn read_round_trips(&mut self, from: LocationId) -> Outcome {
        let read = self.background.trips.get(&from);
        let is_known = read.is_some_and(|(_, read)| *read + ROUND_TRIPS_FOR > self.now);
        if self.is_open && !is_known && !self.awaits_purpose(Purpose::RoundTrips) {
            self.ask(
                Request::RoundTrips(from, Month::before(self.server_now())),
                Purpose::RoundTrips,
            );
        }
        self.finish()
    }

    /// Sends what is due: at most one request for each tick.
    pub fn read_where_due(&mut self, attention: &Attention) -> Outcome {
        if let Some((Duration::ZERO, what)) = self.next_read(attention) {
            self.read(what);
        }
        self.finish()
    }

    fn read(&mut self, what: Read) {
        match what {
            // In tmux the user may be detached: that is checked before each reading.
            Read::Feed(Feed::Products) if self.background.in_tmux => {
                self.background.asked.insert(Feed::Products, self.now);
                self.background.wants_products = true;
                self.ask_for_clients();
            }
            Read::Clients => self.ask_for_clients(),
            Read::Feed(Feed::Products) => self.ask_for_products(),
            Read::Feed(Feed::Keys) => self.ask_for_keys(),
            Read::Feed(Feed::Events) => {
                self.ask(Request::Events, Purpose::Events);
            }
            Read::Feed(Feed::Locations) => {
                self.ask(Request::Locations, Purpose::Locations);
            }
            Read::Feed(Feed::Company) => {
                self.ask(Request::Company, Purpose::Company);
            }
            Read::Feed(Feed::Traffic) => {}
            Read::Traffic(id, kind) => {
                self.background.measuring = Some(id.clone());
                self.ask(Request::Traffic(id, kind), Purpose::Traffic);
            }
            Read::PortHealth(id) => {
                self.background.measuring = Some(id.clone());
                self.ask(Request::PortHealth(id), Purpose::Traffic);
            }
        }
    }

    fn ask_for_clients(&mut self) {
        self.background.asked_clients = Some(self.now);
        self.emit(Event::AskWhoLooks);
    }

    /// Takes the attached terminals: without any nothing is read, and a new one
    /// refreshes on-ramps at once.
    pub fn take_who_looks(&mut self, clients: TmuxClients, attention: &Attention) -> Outcome {
        let was_wanted = std::mem::take(&mut self.background.wants_products);
        let came = self.background.note_clients(clients);
        if came {
            self.background.note_sign(self.now);
        }
        if came || (was_wanted && clients.attached) {
            self.read_for_somebody(attention);
        }
        self.finish()
    }

    /// Returns the time until something is due; `None` where only an event can start a
    /// read.
    pub fn read_due_in(&self, attention: &Attention) -> Option<Duration> {
        Some(self.next_read(attention)?.0)
    }

    /// Returns what the next reading of the on-ramps waits for.
    pub fn waiting_for(&self, attention: &Attention) -> WaitingFor {
        let due = self.background.seed.map(|seed| self.feed_due_in(Feed::Products, seed));
        match due {
            _ if self.products.asked.is_some() => WaitingFor::Reply,
            None => WaitingFor::Order,
            Some(_) if self.is_creating() => WaitingFor::Creation,
            Some(None) => WaitingFor::Person,
            // The card of a key that was created holds it up, too.
            Some(_) if !attention.undisturbed || self.needs_the_line() => WaitingFor::Dialog,
            Some(Some(left)) => WaitingFor::Time(left),
        }
    }

    /// Returns whether the last list lacks entries that were there: it is read again
    /// soon, until it is believed or has them again.
    fn is_list_doubtful(&self, feed: Feed) -> bool {
        match feed {
            Feed::Products => {
                self.inventory.missing_on_ramps() > 0 && self.products.failure.is_none()
            }
            Feed::Keys => {
                let whole = self.keys.unread.is_empty() && self.keys.failure.is_none();
                self.inventory.missing_keys() > 0 && whole
            }
            Feed::Events | Feed::Locations | Feed::Company | Feed::Traffic => false,
        }
    }

    /// Returns when a feed is due; `None` where no user is active.
    fn feed_due_in(&self, feed: Feed, seed: u64) -> Option<Duration> {
        let asked = self.background.asked.get(&feed);
        let presence = self.background.presence(self.now);
        let presence = match (feed, asked) {
            // The screen names the time of the next refresh: it does not move because
            // the user has become inactive meanwhile.
            (Feed::Products, Some(asked)) => presence.min(self.background.presence(*asked)),
            _ => presence,
        };
        let period = feed.period(presence)?;
        if self.is_list_doubtful(feed) {
            return Some(asked.map_or(Duration::ZERO, |asked| left_of(*asked, AGAIN, self.now)));
        }
        let allowed = self.background.allowance.opens_in(feed.requests(), self.now);
        let left = asked.map_or(Duration::ZERO, |asked| {
            let period = with_jitter(self.retry_period(feed, period), seed, *asked);
            left_of(*asked, period, self.now)
        });
        Some(left.max(allowed))
    }

    /// Returns the read that is due first, and in how long.
    fn next_read(&self, attention: &Attention) -> Option<(Duration, Read)> {
        let seed = self.background.seed.filter(|_| self.is_open && self.has_inventory())?;
        // A key that is being created has the API for itself.
        if self.needs_the_line() {
            return None;
        }
        let presence = self.background.presence(self.now);
        let mut due: Vec<(Duration, Read)> = vec![];
        for feed in FEEDS.into_iter().filter(|feed| self.is_free(*feed, attention)) {
            let Some(left) = self.feed_due_in(feed, seed) else { continue };
            due.push((left, Read::Feed(feed)));
        }
        let next_look = self.next_look_in(presence);
        if self.background.is_detached() {
            // Only the next query of tmux.
            return next_look.map(|left| (left, Read::Clients));
        }
        due.extend(next_look.map(|left| (left, Read::Clients)));
        self.add_telemetry(&mut due, presence, attention);
        // The first of those that are equally due.
        due.into_iter().min_by_key(|(left, _)| *left)
    }

    /// Returns when tmux is next asked for attached clients: while there is no other
    /// sign of the user, and a client may attach without one.
    fn next_look_in(&self, presence: UserActivity) -> Option<Duration> {
        let background = &self.background;
        let every = match presence {
            _ if !background.in_tmux => return None,
            _ if background.is_detached() => NEXT_LOOK,
            UserActivity::Away => NEXT_LOOK_AWAY,
            UserActivity::Looking | UserActivity::Idle => return None,
        };
        let asked = background.asked_clients;
        Some(asked.map_or(Duration::ZERO, |asked| left_of(asked, every, self.now)))
    }

    fn add_telemetry(
        &self,
        due: &mut Vec<(Duration, Read)>,
        presence: UserActivity,
        attention: &Attention,
    ) {
        let Some(period) = Feed::Traffic.period(presence) else { return };
        if self.background.measuring.is_some() {
            return;
        }
        let now = self.now;
        let last = self.background.asked.get(&Feed::Traffic);
        let gap = last.map_or(Duration::ZERO, |last| left_of(*last, TELEMETRY_GAP, now));
        let gap = gap.max(self.background.allowance.opens_in(1 + LISTS, now));
        let at = |place: &usize| self.inventory.on_ramps().get(*place);
        due.extend(attention.visible.iter().filter_map(at).map(|on_ramp| {
            let left = self.measured_in(&on_ramp.id, period);
            (left.max(gap), Read::Traffic(on_ramp.id.clone(), on_ramp.kind))
        }));
        // Light levels and errors only of opened Ports.
        let opened: Option<&OnRamp> = attention.opened.as_ref().and_then(at);
        if let Some(on_ramp) = opened
            && on_ramp.kind == Kind::Port
            && !self.has_no_load(&on_ramp.id)
        {
            let asked = self.background.asked_port_health.get(&on_ramp.id);
            let left = asked.map_or(Duration::ZERO, |asked| left_of(*asked, period, now));
            due.push((left.max(gap), Read::PortHealth(on_ramp.id.clone())));
        }
    }

    /// A list that failed is tried again by a rule of its own; one that is good
    /// for a day sooner than that.
    fn retry_period(&self, feed: Feed, period: Duration) -> Duration {
        match feed {
            Feed::Locations if self.background.locations.failure.is_some() => {
                period.min(Duration::from_secs(600))
            }
            Feed::Products => refresh_policy::retried(period, self.products.failures),
            Feed::Keys => refresh_policy::retried(period, self.keys.failures),
            _ => period,
        }
    }

    /// Returns whether a feed may be requested now: it is not in progress, and it does
    /// not change lists under an open dialog, where the user would read one thing and
    /// answer another.
    fn is_free(&self, feed: Feed, attention: &Attention) -> bool {
        match feed {
            Feed::Products => self.products.asked.is_none() && attention.undisturbed,
            Feed::Keys => self.keys.asked.is_none() && attention.undisturbed,
            Feed::Events => !self.awaits_purpose(Purpose::Events),
            Feed::Locations => !self.awaits_purpose(Purpose::Locations),
            Feed::Company => !self.awaits_purpose(Purpose::Company),
            Feed::Traffic => false,
        }
    }

    fn awaits_purpose(&self, wanted: Purpose) -> bool {
        self.requests.awaits(|purpose| purpose == wanted)
    }

    /// Returns when the telemetry of an on-ramp is due.
    fn measured_in(&self, id: &OnRampId, period: Duration) -> Duration {
        let Some(asked) = self.background.asked_traffic.get(id) else { return Duration::ZERO };
        let none = self.has_no_load(id);
        left_of(*asked, if none { NONE_FOR } else { period }, self.now)
    }

    /// Returns the utilisation of an on-ramp, by its telemetry; `None` where there is
    /// none, and then only its allocation is known.
    pub fn load(&self, id: &OnRampId) -> Option<Utilisation> {
        let traffic = self.background.measured.get(id)?.traffic.value()?;
        traffic.utilisation(self.inventory.on_ramp(id)?.capacity())
    }

    /// Returns whether the vendor has no telemetry of an on-ramp.
    pub fn has_no_load(&self, id: &OnRampId) -> bool {
        self.background.measured.get(id).is_some_and(|one| one.none_since.is_some())
    }

    /// Returns the events that may touch an on-ramp and still matter, the worst first.
    pub fn events_for(&self, id: &OnRampId) -> Vec<(&Notice, Touch)> {
        let now = self.server_now();
        let events = self.background.events.value().map_or(&[][..], Vec::as_slice);
        let touches = self.background.affected.touches_of(id).iter();
        let mut found: Vec<_> = touches
            .filter_map(|touch| Some((events.get(touch.event)?, *touch)))
            .filter(|(event, _)| event.matters(now))
            .collect();
        found.sort_by_key(|(event, _)| (!event.is_on(now), event.kind, event.from));
        found
    }

    /// Returns the vendor's record of an on-ramp's data centre.
    pub fn location_of(&self, id: &OnRampId) -> Option<&Location> {
        let site = self.inventory.on_ramp(id)?.site.id?;
        self.background.locations.value()?.get(&site)
    }
}

/// Returns the rest of a span. It is zero after the clock stepped back: a feed must not
/// wait until the clock has caught up.
fn left_of(since: Timestamp, span: Duration, now: Timestamp) -> Duration {
    if since > now { Duration::ZERO } else { (since + span).since(now) }
}
