//! Times on the clocks of a zone.

use jiff::tz::TimeZone;

use crate::{domain::time::Timestamp, ui::widget::text::date_time};

/// Returns the end of something: in UTC, and in the customer's zone if one is set.
pub(in crate::ui) fn moment(at: Timestamp, zone: Option<&str>) -> String {
    let utc = date_time(at);
    match zone.and_then(|zone| local(at, zone)) {
        Some(local) => format!("{utc} ({local})"),
        None => utc,
    }
}

/// Formats `06:02 PST` on the clocks of a zone.
pub(in crate::ui) fn local_clock(at: Timestamp, zone: &str) -> Option<String> {
    let there = TimeZone::get(zone).ok()?;
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?.to_zoned_datetime(there);
    Some(at.strftime("%H:%M %Z").to_string())
}

/// Formats `2026-12-22 06:02 PST, America/Los_Angeles`.
fn local(at: Timestamp, zone: &str) -> Option<String> {
    let there = TimeZone::get(zone).ok()?;
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?.to_zoned_datetime(there);
    Some(format!("{}, {zone}", at.strftime("%Y-%m-%d %H:%M %Z")))
}
