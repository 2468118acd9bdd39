//! The clock: the only module of the shell that asks for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::time::Timestamp;

/// Returns the time now, by this host's clock.
#[expect(clippy::disallowed_methods, reason = "this is the room that holds the clock")]
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Returns the time zone of this host, by its IANA name; nothing where it is UTC, which
/// is shown anyway, or has no name.
pub(super) fn local_zone() -> Option<String> {
    let zone = jiff::tz::TimeZone::try_system().ok()?;
    let name = zone.iana_name()?;
    let utc = ["UTC", "Etc/UTC", "Etc/Unknown", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu"];
    (!utc.contains(&name)).then(|| name.to_owned())
}
