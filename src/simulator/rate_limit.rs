//! The rate limit: 500 requests in any 5 minutes for each client address.
//!
//! Reference 10.2. Counts calls and knows nothing about them.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

/// Requests allowed in one window.
pub(super) const REQUESTS_PER_WINDOW: usize = 500;
const WINDOW_MS: i64 = 5 * 60 * 1000;

/// The times of each client's calls, within the window.
#[derive(Debug, Default)]
pub(super) struct RateLimit {
    calls: BTreeMap<IpAddr, VecDeque<i64>>,
}

impl RateLimit {
    /// Counts a call of `client`; over the limit, the seconds to wait.
    pub(super) fn admit(&mut self, client: IpAddr, now: i64) -> Result<(), i64> {
        let calls = self.calls.entry(client).or_default();
        while calls.front().is_some_and(|at| now - at >= WINDOW_MS) {
            calls.pop_front();
        }
        match calls.front() {
            Some(oldest) if calls.len() >= REQUESTS_PER_WINDOW => {
                Err(((WINDOW_MS - (now - oldest)) / 1000).max(1))
            }
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn the_window_rolls_and_each_address_has_its_own() {
        let mut limit = RateLimit::default();
        let here = IpAddr::from(Ipv4Addr::LOCALHOST);
        for n in 0..500 {
            assert_eq!(limit.admit(here, n), Ok(()));
        }
        assert_eq!(limit.admit(here, 60_000), Err(240));
        assert_eq!(limit.admit(IpAddr::from([127, 0, 0, 2]), 60_000), Ok(()));
        assert_eq!(limit.admit(here, 300_000), Ok(()), "the first call has left the window");
        assert!(limit.admit(here, 300_000).is_err());
    }
}
