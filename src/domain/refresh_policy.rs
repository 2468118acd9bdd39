//! The refresh policy: how often the console sends requests unasked.
//!
//! The vendor allows 500 requests in five minutes to an address that a whole company
//! may share. So one console sends a small part of that, the less the longer its user
//! is inactive, and never while it was asked to wait. Requests of the user are counted
//! and never held back.

use std::{collections::VecDeque, time::Duration};

use super::time::Timestamp;

/// The span over which requests are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// Requests in one window, those of the user included.
pub const REQUESTS_PER_WINDOW: usize = 30;
/// How many of them are reserved for the user.
pub const RESERVE: usize = 6;
/// The wait where the vendor demands one without stating its length.
pub const DEFAULT_WAIT: Duration = Duration::from_secs(60);
/// The longest wait that is believed, in a reply or of a clock that stepped.
pub const WAIT_MAX: Duration = Duration::from_secs(3600);
/// The delay of a list's first retry after a failure, and the longest delay of a retry.
const FIRST_RETRY: Duration = Duration::from_secs(15);
const LAST_RETRY: Duration = Duration::from_secs(300);
/// The least time between two requests for telemetry.
pub const TELEMETRY_GAP: Duration = Duration::from_secs(1);

/// The user's activity, by the last sign of it, such as a key press; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserActivity {
    /// A sign in the last five minutes.
    Looking,
    /// None for five minutes.
    Idle,
    /// None for fifteen: background reads stop.
    Away,
}

impl UserActivity {
    /// Returns the activity after this `silence` since the last sign.
    pub const fn after(silence: Duration) -> Self {
        match silence.as_secs() {
            0..300 => Self::Looking,
            300..900 => Self::Idle,
            _ => Self::Away,
        }
    }
}

/// Data that is read in the background, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feed {
    /// The on-ramps.
    Products,
    /// The keys.
    Keys,
    /// Maintenance and outages.
    Events,
    /// The data centres.
    Locations,
    /// The name of our own company.
    Company,
    /// The load of one on-ramp.
    Traffic,
}

impl Feed {
    /// Returns how long a reading stays current; `None` where no user is active.
    pub const fn period(self, presence: UserActivity) -> Option<Duration> {
        let seconds = match (self, presence) {
            (_, UserActivity::Away) | (Self::Traffic, UserActivity::Idle) => return None,
            (Self::Products, UserActivity::Looking) => 60,
            (Self::Locations | Self::Company, _) => 24 * 60 * 60,
            (Self::Events, UserActivity::Idle) => 900,
            (_, UserActivity::Idle) | (Self::Keys | Self::Events | Self::Traffic, _) => 300,
        };
        Some(Duration::from_secs(seconds))
    }

    /// Returns the number of requests for one reading.
    pub const fn requests(self) -> usize {
        match self {
            Self::Events => 3,
            _ => 1,
        }
    }
}

/// `period` with up to 20 % more or less: consoles that were started together
/// do not ask together. The same `seed` and moment give the same jitter.
pub fn with_jitter(period: Duration, seed: u64, moment: Timestamp) -> Duration {
    let mut mixed = seed ^ moment.as_millis().unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let permille = 800 + (mixed >> 40) % 401;
    let millis = u64::try_from(period.as_millis()).unwrap_or(u64::MAX / 2000);
    Duration::from_millis(millis.saturating_mul(permille) / 1000)
}

/// Returns the delay before a list, otherwise read each `period`, is retried after so
/// many `failures` in a row: short at first, then doubled each time, up to five
/// minutes.
pub fn retried(period: Duration, failures: u32) -> Duration {
    let Some(doublings) = failures.checked_sub(1) else { return period };
    let wait = FIRST_RETRY.saturating_mul(1 << doublings.min(10));
    wait.min(LAST_RETRY)
}

/// The requests of the last minute, and whether more may be sent.
#[derive(Debug, Clone, Default)]
pub struct RequestBudget {
    left: VecDeque<Timestamp>,
    wait_until: Option<Timestamp>,
}

impl RequestBudget {
    /// Counts `requests` that are sent now.
    pub fn count(&mut self, requests: usize, now: Timestamp) {
        self.left.retain(|at| is_recent(*at, now));
        self.left.extend(std::iter::repeat_n(now, requests));
    }

    /// Notes that the vendor asks for no request for `span`. A wait is never shortened.
    pub fn wait(&mut self, span: Duration, now: Timestamp) {
        self.wait_until = self.wait_until.max(Some(now + span.min(WAIT_MAX)));
    }

    /// Returns how long the vendor still demands a wait.
    pub fn waits(&self, now: Timestamp) -> Option<Duration> {
        let left = self.wait_until?.since(now);
        (!left.is_zero() && left <= WAIT_MAX).then_some(left)
    }

    /// Returns the number of requests sent in the last minute.
    pub fn spent(&self, now: Timestamp) -> usize {
        self.left.iter().filter(|at| is_recent(**at, now)).count()
    }

    /// Returns the time until `requests` more background requests may be sent: zero
    /// where they may now.
    pub fn opens_in(&self, requests: usize, now: Timestamp) -> Duration {
        let wait = self.waits(now).unwrap_or_default();
        let room = REQUESTS_PER_WINDOW - RESERVE;
        let over = (self.spent(now) + requests).saturating_sub(room);
        let mut recent = self.left.iter().filter(|at| is_recent(**at, now));
        let freed = over.checked_sub(1).and_then(|nth| recent.nth(nth));
        wait.max(freed.map_or(Duration::ZERO, |at| (*at + WINDOW).since(now)))
    }
}

/// Returns whether a request counts at `now`. One from a future that a clock has
/// stepped back from does not: it would close the window for good.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < WINDOW
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn on_ramp_refresh_slows_and_stops_without_user_activity() {
        let period = |silence| Feed::Products.period(UserActivity::after(seconds(silence)));
        assert_eq!((period(0), period(299)), (Some(seconds(60)), Some(seconds(60))));
        assert_eq!((period(300), period(899)), (Some(seconds(300)), Some(seconds(300))));
        assert_eq!(period(900), None);
    }

    #[test]
    fn what_fails_is_tried_again_soon_and_then_less_and_less() {
        let period = seconds(60);
        let waits: Vec<_> = (0..8).map(|n| retried(period, n).as_secs()).collect();
        assert_eq!(waits, [60, 15, 30, 60, 120, 240, 300, 300]);
        assert_eq!(retried(period, u32::MAX), LAST_RETRY);
    }

    #[test]
    fn nothing_at_all_is_asked_for_nobody() {
        use Feed::{Company, Events, Keys, Locations, Products, Traffic};
        for feed in [Products, Keys, Events, Locations, Company, Traffic] {
            assert_eq!(feed.period(UserActivity::Away), None, "{feed:?}");
        }
    }

    #[test]
    fn jitter_stays_within_a_fifth_and_differs_between_consoles() {
        let spans: Vec<_> = (0..200).map(|seed| with_jitter(seconds(60), seed, at(7))).collect();
        assert!(spans.iter().all(|span| *span >= seconds(48) && *span <= seconds(72)));
        let (least, most) = (spans.iter().min().unwrap(), spans.iter().max().unwrap());
        assert!(*least < seconds(52) && *most > seconds(68), "{least:?} to {most:?}");
        assert_eq!(with_jitter(seconds(60), 3, at(7)), with_jitter(seconds(60), 3, at(7)));
    }

    #[test]
    fn background_requests_leave_budget_for_the_user() {
        let mut allowance = RequestBudget::default();
        let mut by_itself = 0;
        for second in 0..60 {
            if allowance.opens_in(1, at(second)).is_zero() {
                allowance.count(1, at(second));
                by_itself += 1;
            }
        }
        assert_eq!(by_itself, REQUESTS_PER_WINDOW - RESERVE);
        assert_eq!(allowance.opens_in(1, at(59)), seconds(1), "the first one leaves the window");
        assert_eq!(allowance.opens_in(3, at(59)), seconds(3));
        assert!(allowance.opens_in(1, at(60)).is_zero());
    }

    #[test]
    fn what_people_ask_counts_against_what_is_asked_by_itself() {
        let mut allowance = RequestBudget::default();
        allowance.count(REQUESTS_PER_WINDOW, at(0));
        assert_eq!(allowance.spent(at(1)), REQUESTS_PER_WINDOW);
        assert_eq!(allowance.opens_in(1, at(1)), seconds(59));
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept_and_never_shortened() {
        let mut allowance = RequestBudget::default();
        allowance.wait(seconds(120), at(0));
        allowance.wait(seconds(5), at(1));
        assert_eq!(allowance.waits(at(100)), Some(seconds(20)));
        assert_eq!(allowance.opens_in(1, at(100)), seconds(20));
        assert_eq!((allowance.waits(at(120)), allowance.opens_in(1, at(120))), (None, seconds(0)));
    }

    #[test]
    fn a_clock_that_steps_back_does_not_close_the_window() {
        let mut allowance = RequestBudget::default();
        allowance.count(REQUESTS_PER_WINDOW, at(1000));
        allowance.wait(seconds(60), at(9000));
        assert!(allowance.opens_in(1, at(10)).is_zero());
    }
}
