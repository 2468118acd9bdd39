//! `Retry-After`, in seconds or as a date, and the server's own clock.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::clock;

/// Reads how long the server asks us to wait. A date counts from the reply's own
/// `Date`, since our clock may be wrong; nonsense and past dates are ignored.
pub(super) fn read_retry_after(headers: &HeaderMap) -> Option<Duration> {
    let mut values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    let wait = |value: &str| {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
        }
        let until = clock::unix_ms(httpdate::parse_http_date(value).ok()?);
        let now = server_time(headers).unwrap_or_else(clock::unix_ms_now);
        u64::try_from(until.saturating_sub(now)).ok().map(Duration::from_millis)
    };
    values.find_map(wait).filter(|wait| !wait.is_zero())
}

/// Returns the server's clock by its `Date`, in milliseconds since the epoch.
fn server_time(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    Some(clock::unix_ms(httpdate::parse_http_date(date).ok()?))
}

/// Returns the server's clock minus ours, in milliseconds. A `Date` is cut to whole
/// seconds, so half a second is added.
pub(super) fn clock_offset(headers: &HeaderMap) -> Option<i64> {
    Some(server_time(headers)?.saturating_add(500).saturating_sub(clock::unix_ms_now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(&'static str, &'static str)]) -> Option<Duration> {
        let pairs = pairs.iter().map(|(name, value)| {
            (name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap())
        });
        let mut headers = HeaderMap::new();
        pairs.for_each(|(name, value): (_, reqwest::header::HeaderValue)| {
            headers.append(name, value);
        });
        read_retry_after(&headers)
    }

    #[test]
    fn seconds_are_taken_and_nonsense_is_not() {
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            wait(&[("retry-after", "99999999999999999999")]).map(|w| w.as_secs()),
            Some(u64::MAX)
        );
        for nonsense in ["-1", "soon", "", "0", "1.5"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        assert_eq!(
            wait(&[("retry-after", "soon"), ("retry-after", "3")]),
            Some(Duration::from_secs(3))
        );
    }

    #[test]
    fn a_date_counts_from_the_servers_own_clock() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let later = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(wait(&[date, later]), Some(Duration::from_secs(30)));
        assert_eq!(wait(&[date, ("retry-after", date.1)]), None);
        assert_eq!(wait(&[later]), None, "long past by our clock");
    }
}
