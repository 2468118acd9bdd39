//! `GET /v2/product/{type}/{uid}/telemetry`: the measured load of a service.
//!
//! There is no envelope, `In` is also written `IN`, and a sample is a pair of a moment
//! and a value. A moment without a value is a gap. The readable part of an answer is
//! returned with the number of unreadable entries.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess},
};

use crate::{
    domain::{
        telemetry::{PortHealth, Series, Traffic},
        time::Timestamp,
    },
    wire::{
        WireError,
        lenient::{Lenient, deserialize_lenient as read_any},
        list::{Entry, read_list},
        numbers::{Decimal, WholeNumber},
        record::{Nested, record},
        text_of,
        words::Text,
    },
};

record! {
    /// The unit of a series.
    UnitRecord {
        name: Text<'a> = "name",
    }
}

record! {
    /// A measured series.
    SeriesRecord {
        kind: Text<'a> = "type",
        subtype: Text<'a> = "subtype",
        samples: Nested<'a, Pair> = "samples",
        unit: UnitRecord<'a> = "unit",
    }
}

/// A moment and what was measured then.
#[derive(Default)]
pub(super) struct Pair {
    at: Option<Timestamp>,
    value: Decimal,
    /// Whether it is a moment without a value, on purpose.
    is_gap: bool,
}

impl<'de> Lenient<'de> for Pair {
    fn absent() -> Self {
        Self::default()
    }

    fn array<A: SeqAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
        let at = entries.next_element::<WholeNumber>()?.and_then(WholeNumber::moment);
        let value = entries.next_element::<Option<Decimal>>()?;
        while entries.next_element::<IgnoredAny>()?.is_some() {}
        let is_gap = at.is_some() && matches!(value, Some(None));
        Ok(Self { at, value: value.flatten().unwrap_or_default(), is_gap })
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read_any(from)
    }
}

/// A series with its two names in small letters, and the number of its unread samples.
struct NamedSeries {
    name: (String, String),
    samples: Vec<(Timestamp, i64)>,
    unread: u32,
}

/// Reads the traffic of a service.
pub fn read_traffic(body: &[u8]) -> Result<Traffic, WireError> {
    let (series, unread) = read_series(body)?;
    let of = |subtype| find_series(&series, "bits", subtype);
    Ok(Traffic {
        inward: of("in"),
        outward: of("out"),
        speed: of("configured speed"),
        unread: unread + series.iter().map(|series| series.unread).sum::<u32>(),
    })
}

/// Reads the light and the errors of a Port.
pub fn read_line(body: &[u8]) -> Result<PortHealth, WireError> {
    let (series, unread) = read_series(body)?;
    Ok(PortHealth {
        sent: find_series(&series, "optical", "tx power"),
        received: find_series(&series, "optical", "rx power"),
        errors_in: find_series(&series, "errors", "in"),
        errors_out: find_series(&series, "errors", "out"),
        unread: unread + series.iter().map(|series| series.unread).sum::<u32>(),
    })
}

fn find_series(series: &[NamedSeries], kind: &str, subtype: &str) -> Series {
    let wanted = series.iter().filter(|one| one.name.0 == kind && one.name.1 == subtype);
    Series::new(wanted.flat_map(|one| one.samples.iter().copied()))
}

fn read_series(body: &[u8]) -> Result<(Vec<NamedSeries>, u32), WireError> {
    let list = read_list(&text_of(body), |record: SeriesRecord<'_>| record.read())?;
    Ok((list.entries, u32::try_from(list.unread.len()).unwrap_or(u32::MAX)))
}

impl SeriesRecord<'_> {
    fn read(self) -> Entry<NamedSeries> {
        let word = |text: &Text<'_>| text.raw().trim().to_lowercase();
        let name = (word(&self.kind), word(&self.subtype));
        if name.0.is_empty() {
            return Entry::Unread("a series without a type");
        }
        let unit = word(&self.unit.name);
        let (parts, least) = match (name.0.as_str(), unit.as_str()) {
            ("bits", "" | "mbps") => (1_000_000, 0),
            ("bits", "gbps") => (1_000_000_000, 0),
            ("bits", "kbps") | ("errors", _) => (1000, 0),
            ("bits", "bps") => (1, 0),
            ("bits", _) => return Entry::Unread("traffic in an unknown unit"),
            ("optical", "" | "dbm") => (100, i64::MIN),
            ("optical", _) => return Entry::Unread("light in an unknown unit"),
            _ => return Entry::Skipped,
        };
        let mut unread = self.samples.unread;
        let mut samples = Vec::with_capacity(self.samples.entries.len());
        for pair in self.samples.entries {
            match (pair.at, pair.value.times(parts).filter(|value| *value >= least)) {
                (Some(at), Some(value)) => samples.push((at, value)),
                _ if pair.is_gap => {}
                _ => unread += 1,
            }
        }
        Entry::Read(NamedSeries { name, samples, unread })
    }
}
