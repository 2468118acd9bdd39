//! Times on the clocks of a zone.

use jiff::{ZonedDateTime, tz::TimeZone};

use crate::domain::time::Timestamp;

/// A moment for a customer: in UTC, and first in the customer's zone where one is
/// set: `2 Dec 2026, 14:50 in Los Angeles (22:50 UTC)`. Where the day differs it is
/// given twice. Zones are named by their city, since abbreviations mean several.
pub(in crate::ui) fn moment(at: Timestamp, zone: Option<&str>) -> String {
    let Some(utc) = on_clocks_of(at, "UTC") else { return crate::domain::words::date_time(at) };
    match zone.and_then(|zone| Some((on_clocks_of(at, zone)?, city(zone)))) {
        Some((there, city)) if there.date() == utc.date() => {
            format!("{} in {city} ({} UTC)", there.strftime(DATE_TIME), utc.strftime("%H:%M"))
        }
        Some((there, city)) => {
            format!("{} in {city} ({} UTC)", there.strftime(DATE_TIME), utc.strftime(SHORT))
        }
        None => format!("{} UTC", utc.strftime(DATE_TIME)),
    }
}

/// `2 Dec 2026, 14:50`.
const DATE_TIME: &str = "%-d %b %Y, %H:%M";

/// `2 Dec, 14:50`.
const SHORT: &str = "%-d %b, %H:%M";

/// `06:02 PST` on the clocks of a zone.
pub(in crate::ui) fn local_clock(at: Timestamp, zone: &str) -> Option<String> {
    Some(on_clocks_of(at, zone)?.strftime("%H:%M %Z").to_string())
}

/// The city that names a zone: `America/Los_Angeles` is Los Angeles.
fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

fn on_clocks_of(at: Timestamp, zone: &str) -> Option<ZonedDateTime> {
    let zone = TimeZone::get(zone).ok()?;
    Some(jiff::Timestamp::from_millisecond(at.as_millis()).ok()?.to_zoned_datetime(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moment_is_in_the_customers_zone_and_in_utc() {
        let at = Timestamp::from_millis(1_795_442_551_000);
        assert_eq!(moment(at, None), "23 Nov 2026, 14:02 UTC");
        let there = moment(at, Some("America/Los_Angeles"));
        assert_eq!(there, "23 Nov 2026, 06:02 in Los Angeles (14:02 UTC)");
        let there = moment(at, Some("Australia/Sydney"));
        assert_eq!(there, "24 Nov 2026, 01:02 in Sydney (23 Nov, 14:02 UTC)");
        assert_eq!(moment(at, Some("Atlantis/Poseidonis")), "23 Nov 2026, 14:02 UTC");
    }
}
