//! `GET /ens/v1/status/maintenance` and `…/outage`: what is planned and broken.

use crate::domain::{
    event::{Event, Kind, ShortId, State},
    text::SafeText,
    time::Timestamp,
};

use super::{
    List, WireError,
    list::{Entry, read_list},
    record::{Nested, record},
    text_of,
    words::Text,
};

record! {
    /// An event of either kind.
    EventRecord {
        number: Text<'a> = "eventId",
        outage: Text<'a> = "outageId",
        state: Text<'a> = "state",
        from: Text<'a> = "startTime",
        until: Text<'a> = "endTime",
        purpose: Text<'a> = "purpose",
        impact: Text<'a> = "impact",
        kind: Text<'a> = "eventType",
        services: Nested<'a, Text<'a>> = "services",
        notices: Nested<'a, Text<'a>> = "notices",
    }
}

/// Returns whether the vendor has given an event a number.
pub fn has_number(event: &Event) -> bool {
    event.number.as_str() != NO_NUMBER
}

/// Reads a list of maintenance events.
pub fn read_maintenance(body: &[u8]) -> Result<List<Event>, WireError> {
    read_list(&text_of(body), |record: EventRecord<'_>| {
        let is_emergency = record.kind.raw().trim().eq_ignore_ascii_case("emergency");
        record.read(if is_emergency { Kind::EmergencyWork } else { Kind::PlannedWork })
    })
}

/// Reads a list of outages.
pub fn read_outages(body: &[u8]) -> Result<List<Event>, WireError> {
    read_list(&text_of(body), |record: EventRecord<'_>| record.read(Kind::Outage))
}

impl EventRecord<'_> {
    fn read(self, kind: Kind) -> Entry<Event> {
        let number = if self.number.raw().is_empty() { &self.outage } else { &self.number };
        if number.raw().is_empty() && self.services.entries.is_empty() {
            return Entry::Unread("an event without a number and services");
        }
        let services = self.services.entries.iter();
        let (known, named): (Vec<_>, Vec<_>) =
            services.map(|text| ShortId::parse(text.raw())).partition(Option::is_some);
        let odd = u32::try_from(named.len()).unwrap_or(u32::MAX);
        let (from, until) = (Moment::parse(self.from.raw()), Moment::parse(self.until.raw()));
        let odd_times = [&from, &until].into_iter().filter(|one| **one == Moment::Odd).count();
        let odd = odd.saturating_add(u32::try_from(odd_times).unwrap_or(0));
        Entry::Read(Event {
            // An event that affects our services is shown, under any name.
            number: if number.raw().is_empty() { NO_NUMBER.into() } else { number.clean() },
            kind,
            state: read_state(self.state.raw()),
            from: from.known(),
            until: until.known(),
            purpose: self.purpose.clean(),
            impact: self.impact.clean(),
            notice: self.notices.entries.last().map_or_else(SafeText::default, Text::clean),
            services: known.into_iter().flatten().collect(),
            unread: odd.saturating_add(self.services.unread),
        })
    }
}

fn read_state(raw: &str) -> State {
    match raw.trim().to_ascii_lowercase().as_str() {
        "running" | "ongoing" => State::Now,
        "scheduled" => State::Scheduled,
        "completed" | "resolved" | "cancelled" => State::Over,
        _ => State::Other(SafeText::clean(raw)),
    }
}

/// The placeholder for an event without a number.
const NO_NUMBER: &str = "(no number)";

/// A moment, as an event has it.
#[derive(Debug, PartialEq, Eq)]
enum Moment {
    /// Not stated.
    Absent,
    /// In seconds or milliseconds, or in ISO 8601: without a zone it is UTC.
    Known(Timestamp),
    /// There, and none.
    Odd,
}

/// Numbers from here on are milliseconds: as seconds they are beyond the year 5000.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

impl Moment {
    fn parse(raw: &str) -> Self {
        let raw = raw.trim();
        if raw.is_empty() {
            return Self::Absent;
        }
        let number = raw.parse::<i64>().ok().filter(|number| *number > 0);
        let millis = match number {
            Some(seconds) if seconds < MILLISECONDS_FROM => seconds.checked_mul(1000),
            Some(millis) => Some(millis),
            None => parse_spoken_time(raw).map(jiff::Timestamp::as_millisecond),
        };
        millis.map_or(Self::Odd, |millis| Self::Known(Timestamp::from_millis(millis)))
    }

    const fn known(self) -> Option<Timestamp> {
        if let Self::Known(at) = self { Some(at) } else { None }
    }
}

/// Returns a moment in ISO 8601; one without a zone is in UTC.
fn parse_spoken_time(raw: &str) -> Option<jiff::Timestamp> {
    raw.parse().or_else(|_| format!("{raw}Z").parse()).ok()
}
