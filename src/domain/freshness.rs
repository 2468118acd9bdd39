//! The staleness of the data on the screen.

use std::time::Duration;

use super::time::Timestamp;

/// How long a list of on-ramps counts as current: a little longer than the longest time
/// between two readings while the user may be active.
pub const GOOD_FOR: Duration = Duration::from_secs(7 * 60);

/// The reason why the list of on-ramps is in doubt, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Staleness {
    /// An earlier session read it, and this one has not yet.
    Saved,
    /// The last attempts to read it failed, more than one.
    Failing,
    /// It lacks on-ramps that were there, and is not believed yet.
    Lacking,
    /// It was read too long ago.
    Old,
}

/// Returns why a list read at `read_at` is stale; `None` if it counts as current at
/// `now`.
pub fn staleness(
    read_at: Timestamp,
    saved: bool,
    failing: bool,
    lacking: bool,
    now: Timestamp,
) -> Option<Staleness> {
    match () {
        () if saved => Some(Staleness::Saved),
        () if failing => Some(Staleness::Failing),
        () if lacking => Some(Staleness::Lacking),
        () if now.since(read_at) >= GOOD_FOR => Some(Staleness::Old),
        () => None,
    }
}

/// Returns how long a list stays current.
pub fn good_for(read_at: Timestamp, now: Timestamp) -> Duration {
    GOOD_FOR.saturating_sub(now.since(read_at))
}

/// Returns the time until an age in whole minutes changes.
pub fn ages_in(read_at: Timestamp, now: Timestamp) -> Duration {
    let minute = Duration::from_secs(60);
    let over = now.since(read_at).as_millis() % minute.as_millis();
    minute.saturating_sub(Duration::from_millis(u64::try_from(over).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refresh_policy::{Feed, UserActivity, with_jitter};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    #[test]
    fn saved_data_and_old_data_are_always_stale() {
        assert_eq!(staleness(at(0), true, true, true, at(1)), Some(Staleness::Saved));
        assert_eq!(staleness(at(0), false, true, true, at(1)), Some(Staleness::Failing));
        assert_eq!(staleness(at(0), false, false, true, at(1)), Some(Staleness::Lacking));
        assert_eq!(staleness(at(0), false, false, false, at(419)), None);
        assert_eq!(staleness(at(0), false, false, false, at(420)), Some(Staleness::Old));
        assert_eq!(good_for(at(0), at(400)), Duration::from_secs(20));
    }

    #[test]
    fn a_list_that_is_read_as_often_as_it_should_never_gets_old() {
        for presence in [UserActivity::Looking, UserActivity::Idle] {
            let period = Feed::Products.period(presence).expect("it is read");
            for moment in 0..200 {
                assert!(with_jitter(period, 7, at(moment)) < GOOD_FOR);
            }
        }
    }

    #[test]
    fn an_age_changes_by_the_minute() {
        assert_eq!(ages_in(at(0), at(0)), Duration::from_secs(60));
        assert_eq!(ages_in(at(0), at(130)), Duration::from_secs(50));
    }
}
