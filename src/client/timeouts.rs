//! Deadlines, and how often and after which delay a read is repeated.

use std::time::Duration;

/// The longest each kind of call may take, and how calls are repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// Name resolution, connection and TLS together: 5 s.
    pub connect: Duration,
    /// The list of on-ramps, from the first byte sent to the last one read: 120 s.
    /// Source: the vendor states 50 s for a very large company.
    pub products: Duration,
    /// A list of keys: 60 s.
    pub keys: Duration,
    /// Any other read: 30 s.
    pub other: Duration,
    /// A write: 60 s.
    pub write: Duration,
    /// A token: 30 s.
    pub token: Duration,
    /// The pace of retries and token renewals.
    pub pace: Pace,
}

/// The pace of retries and token renewals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Retries of a read: 3. Source: the vendor's own CLI.
    pub retries: u32,
    /// The wait before the first retry, which then doubles: 1 s.
    pub first: Duration,
    /// The longest wait, even if the server asks for more: 30 s.
    pub longest: Duration,
    /// Retries shared by all requests before they are limited to one for every ten
    /// requests: 10.
    pub burst: u32,
    /// The shortest time between two reports of progress: 100 ms.
    pub progress: Duration,
    /// The shortest time a token is used, even if it states a shorter lifetime, unless
    /// it is refused: 30 s.
    pub token_floor: Duration,
    /// The period after a refusal in which only two token requests are sent: 5 min. It
    /// keeps a wrong secret from locking the account.
    pub refusal_window: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            products: Duration::from_secs(120),
            keys: Duration::from_secs(60),
            other: Duration::from_secs(30),
            write: Duration::from_secs(60),
            token: Duration::from_secs(30),
            pace: Pace::default(),
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retries: 3,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            burst: 10,
            progress: Duration::from_millis(100),
            token_floor: Duration::from_secs(30),
            refusal_window: Duration::from_secs(300),
        }
    }
}

impl Pace {
    /// Returns the wait before retry `number`, counted from 0, with 10 to 25 % of
    /// jitter; `asked` is the server's wait, and wins if it is longer.
    pub(super) fn wait(&self, number: u32, asked: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(number));
        let wait = doubled.max(asked.unwrap_or_default()).min(self.longest);
        wait + wait / 100 * fastrand::u32(10..=25)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_with_some_jitter_and_stay_below_the_longest() {
        let pace = Pace::default();
        for (number, least) in [(0, 1), (1, 2), (2, 4), (9, 30), (40, 30)] {
            let wait = pace.wait(number, None);
            let least = Duration::from_secs(least);
            assert!(wait >= least + least / 10 && wait <= least + least / 4, "{number}: {wait:?}");
        }
    }

    #[test]
    fn the_servers_wish_wins_but_never_past_the_longest_wait() {
        let pace = Pace::default();
        assert!(pace.wait(0, Some(Duration::from_secs(7))) >= Duration::from_secs(7));
        assert!(pace.wait(0, Some(Duration::from_secs(99_999))) <= Duration::from_secs(38));
    }
}
