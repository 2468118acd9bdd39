//! Takes in what the feeds brought.

use crate::{
    api::{Cause, Failure, Reply},
    domain::{event::Affected, location::RoundTrips},
    ui::model::{Model, Purpose},
};

use super::Told;

/// Takes in the end of a request that the console made by itself.
pub(in crate::ui) fn apply_feed_reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) {
    let now = model.server_now();
    let feeds = &mut model.feeds;
    match (purpose, result) {
        (Purpose::Events, Ok(Reply::Events(listing))) => {
            let mut events = listing.entries;
            events.sort_by_key(|event| (event.kind, event.from));
            let changed = feeds.events.value() != Some(&events);
            feeds.events = Told { known: Some((events, now)), failure: None };
            model.kept.changed |= changed;
            match_events(model);
        }
        (Purpose::Events, Err(failure)) => feeds.events.failure = Some(failure),
        (Purpose::Locations, Ok(Reply::Locations(listing))) => {
            let locations = listing.entries.into_iter().map(|one| (one.id, one)).collect();
            feeds.locations = Told { known: Some((locations, now)), failure: None };
            model.kept.changed = true;
        }
        (Purpose::Locations, Err(failure)) => feeds.locations.failure = Some(failure),
        (Purpose::RoundTrips, Ok(Reply::RoundTrips(from, listing))) => {
            feeds.trips.insert(from, (RoundTrips::of(listing.entries), now));
        }
        (Purpose::RoundTrips, Err(failure)) => {
            model.browse.trips_from = None;
            model.notice = Some(format!("Round-trip times could not be read: {failure}"));
        }
        (Purpose::Traffic, result) => {
            let Some(id) = feeds.measuring.take() else { return };
            let measured = feeds.measured.entry(id.clone()).or_default();
            match result {
                Ok(Reply::Traffic(of, traffic)) if of == id => {
                    measured.traffic = Told { known: Some((*traffic, now)), failure: None };
                    measured.none_since = None;
                }
                Ok(Reply::Line(of, line)) if of == id => {
                    measured.line = Told { known: Some((*line, now)), failure: None };
                }
                Ok(_) => {}
                Err(failure) => {
                    if is_none(failure.cause) {
                        measured.none_since = Some(now);
                        measured.traffic.known = None;
                    }
                    measured.traffic.failure = Some(failure);
                }
            }
        }
        _ => {}
    }
}

/// Whether a failure says that there is no telemetry, and not that it could not
/// be had: 404 and 400, by the vendor's reference, and 403 where it is not ours
/// to see.
const fn is_none(cause: Cause) -> bool {
    matches!(cause, Cause::NotFound | Cause::Refused | Cause::Forbidden)
}

/// Matches the events to the on-ramps there are now.
pub(in crate::ui) fn match_events(model: &mut Model) {
    let events = model.feeds.events.value().map_or(&[][..], Vec::as_slice);
    model.feeds.affected = Affected::by(events, model.engine.inventory().on_ramps());
}
