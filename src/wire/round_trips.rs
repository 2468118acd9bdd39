//! `GET /v2/locations/rtt`: the monthly medians from one data centre.

use crate::domain::{location::RoundTrip, place::LocationId};

use super::{
    List, WireError,
    list::{Entry, read_list},
    numbers::{Decimal, WholeNumber},
    record::record,
    text_of,
};

record! {
    /// The median between two data centres.
    TripRecord {
        from: WholeNumber = "srcLocation",
        to: WholeNumber = "dstLocation",
        median: Decimal = "medianRTT",
    }
}

/// Reads the round trips from `from`; those from elsewhere are passed over.
pub fn read_round_trips(body: &[u8], from: LocationId) -> Result<List<RoundTrip>, WireError> {
    read_list(&text_of(body), |record: TripRecord<'_>| {
        if record.from.number().is_some_and(|number| LocationId(number) != from) {
            return Entry::Skipped;
        }
        let Some(to) = record.to.non_zero() else {
            return Entry::Unread("a round trip without a destination");
        };
        if record.median.0.is_none() {
            return Entry::Skipped;
        }
        let micros = record.median.times(1000).and_then(|micros| u32::try_from(micros).ok());
        match micros {
            Some(micros) => Entry::Read(RoundTrip { to: LocationId(to), micros }),
            None => Entry::Unread("a round trip that is not a time"),
        }
    })
}
