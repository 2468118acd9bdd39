//! The simulator's clock: the only place here that asks what time it is.
//!
//! It runs with the machine's clock, moved by what a test has advanced it and
//! by the `clock_offset_ms` switch. It must not be read outside the state.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The server's time, in milliseconds since 1970, as the vendor counts (reference 0.2).
#[derive(Debug, Default)]
pub(super) struct Clock {
    advanced_ms: i64,
}

impl Clock {
    /// Returns the time now, moved by `offset_ms`.
    pub(super) fn now(&self, offset_ms: i64) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "the simulator's clock room")]
        let real = SystemTime::now();
        let ms = real.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        i64::try_from(ms).unwrap_or(i64::MAX).saturating_add(self.advanced_ms + offset_ms)
    }

    /// Moves the clock forward for good.
    pub(super) fn advance(&mut self, by: Duration) {
        self.advanced_ms = self.advanced_ms.saturating_add(millis(by));
    }
}

/// Returns `duration` in whole milliseconds.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Formats `ms` since 1970 as an HTTP date.
pub(super) fn http_date(ms: i64) -> String {
    let since = Duration::from_millis(u64::try_from(ms).unwrap_or_default());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}
