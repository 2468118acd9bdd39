//! Round-trip times between two data centres.

use std::{collections::BTreeMap, fmt};

use crate::domain::{place::LocationId, time::Timestamp};

/// The median of one month to one data centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTrip {
    /// The far end.
    pub to: LocationId,
    /// The time in microseconds.
    pub micros: u32,
}

/// Written as `68.2 ms`.
impl fmt::Display for RoundTrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.micros.saturating_add(50)) / 100;
        f.pad(&format!("{}.{} ms", tenths / 10, tenths % 10))
    }
}

/// The round trips from one data centre.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoundTrips(BTreeMap<LocationId, u32>);

impl RoundTrips {
    /// Collects them; of two to one place, the longer one counts.
    pub fn new(trips: impl IntoIterator<Item = RoundTrip>) -> Self {
        let mut all = BTreeMap::new();
        for RoundTrip { to, micros } in trips {
            let longest = all.entry(to).or_insert(micros);
            *longest = micros.max(*longest);
        }
        Self(all)
    }

    /// Returns the round trip to a data centre, where it was measured.
    pub fn round_trip_to(&self, to: LocationId) -> Option<RoundTrip> {
        self.0.get(&to).map(|&micros| RoundTrip { to, micros })
    }

    /// Returns whether none was measured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year, in four digits.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
}

impl Month {
    /// Returns the month before the one of `now`: the running one is not reliable yet.
    pub fn before(now: Timestamp) -> Self {
        let moment = jiff::Timestamp::from_millisecond(now.as_millis());
        let moment = moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let date = jiff::tz::Offset::UTC.to_datetime(moment);
        match date.month() {
            1 => Self { year: date.year() - 1, month: 12 },
            month => Self { year: date.year(), month: month - 1 },
        }
    }

    /// Returns the year as the vendor counts it: two digits.
    pub const fn short_year(self) -> i16 {
        self.year.rem_euclid(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_before_january_is_in_another_year() {
        let at = |ms| Month::before(Timestamp::from_millis(ms));
        assert_eq!(at(1_767_225_600_000), Month { year: 2025, month: 12 }, "the first of January");
        assert_eq!(at(1_767_225_599_999), Month { year: 2025, month: 11 }, "a moment before");
        assert_eq!(at(1_767_225_600_000).short_year(), 25);
    }

    #[test]
    fn round_trips_are_shown_to_a_tenth_of_a_millisecond() {
        let show = |micros| RoundTrip { to: LocationId(1), micros }.to_string();
        assert_eq!(
            (show(68_249), show(50), show(49)),
            ("68.2 ms".into(), "0.1 ms".into(), "0.0 ms".into())
        );
    }

    #[test]
    fn a_place_that_was_not_measured_is_not_near() {
        let trips = RoundTrips::new([RoundTrip { to: LocationId(2), micros: 9 }]);
        assert_eq!(trips.round_trip_to(LocationId(3)), None);
        assert_eq!(trips.round_trip_to(LocationId(2)).map(|trip| trip.micros), Some(9));
    }
}
