//! The client's clocks: the only file of the client that reads them.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Returns the monotonic clock: for deadlines.
#[expect(clippy::disallowed_methods, reason = "this file is the client's clock")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// Returns the wall clock, in milliseconds since the epoch: for comparing with the
/// server's.
#[expect(clippy::disallowed_methods, reason = "this file is the client's clock")]
pub(super) fn unix_ms_now() -> i64 {
    unix_ms(SystemTime::now())
}

/// Returns `moment` in milliseconds since the epoch.
pub(super) fn unix_ms(moment: SystemTime) -> i64 {
    let since = |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    }
}
