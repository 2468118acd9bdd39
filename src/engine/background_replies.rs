//! Takes the results of background reads.

use crate::{
    api::{Cause, Failure, Reply},
    domain::{event::Affected, location::RoundTrips},
};

use super::{background::Fetched, effect::Event, requests::Purpose, state::Engine};

impl Engine {
    /// Takes the end of a background request.
    pub(super) fn take_background_reply(
        &mut self,
        purpose: Purpose,
        result: Result<Reply, Failure>,
    ) {
        let now = self.read_at();
        let background = &mut self.background;
        let mut keep = false;
        match (purpose, result) {
            (Purpose::Events, Ok(Reply::Events(listing))) => {
                let unread = listing.unread.len();
                let mut events = listing.entries;
                events.sort_by_key(|event| (event.kind, event.from));
                keep = background.events.value() != Some(&events);
                background.events =
                    Fetched { known: Some((events, now)), unread, ..Fetched::default() };
                self.match_events();
            }
            (Purpose::Events, Err(failure)) => background.events.failure = Some(failure),
            (Purpose::Locations, Ok(Reply::Locations(listing))) => {
                let unread = listing.unread.len();
                let locations = listing.entries.into_iter().map(|one| (one.id, one)).collect();
                background.locations =
                    Fetched { known: Some((locations, now)), unread, ..Fetched::default() };
                keep = true;
                self.complete_sites();
            }
            (Purpose::Locations, Err(failure)) => background.locations.failure = Some(failure),
            (Purpose::Company, Ok(Reply::Company(name))) => {
                let known = Some((name.unwrap_or_default(), now));
                background.company = Fetched { known, ..Fetched::default() };
            }
            // Not every key may ask, and nothing turns on it.
            (Purpose::Company, Err(failure)) => background.company.failure = Some(failure),
            (Purpose::RoundTrips, Ok(Reply::RoundTrips(from, listing))) => {
                background.trips.insert(from, (RoundTrips::new(listing.entries), now.here));
            }
            (Purpose::RoundTrips, Err(failure)) => self.emit(Event::NoRoundTrips(failure)),
            (Purpose::Traffic, result) => self.take_telemetry(result),
            _ => {}
        }
        self.emit(Event::BackgroundRead { keep });
        self.emit(Event::KeepLists);
    }

    /// Fills in missing places of on-ramps from the list of data centres.
    pub(super) fn complete_sites(&mut self) {
        let Some(locations) = self.background.locations.value() else { return };
        if self.inventory.complete_sites(locations) {
            self.tell_once(Event::PlacesChanged);
        }
    }

    fn take_telemetry(&mut self, result: Result<Reply, Failure>) {
        let now = self.read_at();
        let Some(id) = self.background.measuring.take() else { return };
        let measured = self.background.measured.entry(id.clone()).or_default();
        match result {
            Ok(Reply::Traffic(of, traffic)) if of == id => {
                measured.traffic = Fetched { known: Some((*traffic, now)), ..Fetched::default() };
                measured.none_since = None;
            }
            Ok(Reply::PortHealth(of, line)) if of == id => {
                measured.port_health = Fetched { known: Some((*line, now)), ..Fetched::default() };
            }
            Ok(_) => {}
            Err(failure) => {
                if is_none(failure.cause) {
                    measured.none_since = Some(now.here);
                    measured.traffic.known = None;
                }
                measured.traffic.failure = Some(failure);
            }
        }
    }

    /// Matches the events to the on-ramps there are now.
    pub(super) fn match_events(&mut self) {
        let events = self.background.events.value().map_or(&[][..], Vec::as_slice);
        self.background.affected = Affected::match_events(events, self.inventory.on_ramps());
        // What may touch an on-ramp is part of what is asked about a key on it.
        self.judge_plans();
    }
}

/// Returns whether a failure means that telemetry does not exist, and not that it was
/// unavailable: 404 and 400, by the vendor's reference, and 403 for services of others.
const fn is_none(cause: Cause) -> bool {
    matches!(cause, Cause::NotFound | Cause::Refused | Cause::Forbidden)
}
