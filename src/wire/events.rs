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
    /// One event of either kind.
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

/// Reads a list of planned work.
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
        if number.raw().is_empty() {
            return Entry::Unread("an event without a number");
        }
        let services = self.services.entries.iter();
        let (known, named): (Vec<_>, Vec<_>) =
            services.map(|text| ShortId::of(text.raw())).partition(Option::is_some);
        let odd = u32::try_from(named.len()).unwrap_or(u32::MAX);
        Entry::Read(Event {
            number: number.clean(),
            kind,
            state: state(self.state.raw()),
            from: moment(self.from.raw()),
            until: moment(self.until.raw()),
            purpose: self.purpose.clean(),
            impact: self.impact.clean(),
            notice: self.notices.entries.last().map_or_else(SafeText::default, Text::clean),
            services: known.into_iter().flatten().collect(),
            unread: odd.saturating_add(self.services.unread),
        })
    }
}

fn state(raw: &str) -> State {
    match raw.trim().to_ascii_lowercase().as_str() {
        "running" | "ongoing" => State::Now,
        "scheduled" => State::Scheduled,
        "completed" | "resolved" | "cancelled" => State::Over,
        _ => State::Other(SafeText::clean(raw)),
    }
}

/// A moment in ISO 8601, as events have it.
fn moment(raw: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = raw.trim().parse().ok()?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}
