//! The load of an on-ramp, as the vendor measured it.
//!
//! Measured every five minutes and published up to ten minutes later, so the newest
//! points are missing. A missing point is a gap and never a zero: an unmeasured on-ramp
//! is not an idle one. Source: the vendor's reference on telemetry. "In" is traffic
//! into Megaport, "Out" is traffic toward us.

mod series;
mod utilisation;

pub use series::Series;
pub use utilisation::{Load, Utilisation};

/// The time between two samples, in milliseconds.
pub const STEP_MS: i64 = 5 * 60 * 1000;

/// The traffic of one on-ramp, in bits per second.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Into Megaport.
    pub inward: Series,
    /// Out of Megaport, toward us.
    pub outward: Series,
    /// The speed that was configured at the time.
    pub speed: Series,
    /// The number of series or samples that could not be read.
    pub unread: u32,
}

impl Traffic {
    /// Describes what is missing; `None` where all of it could be read.
    pub fn missing(&self) -> Option<String> {
        let one = match (self.inward.latest().is_some(), self.outward.latest().is_some()) {
            (true, false) => Some("only inbound traffic was sampled"),
            (false, true) => Some("only outbound traffic was sampled"),
            _ => None,
        };
        let unread = (self.unread > 0).then(|| format!("{} not readable", self.unread));
        let all: Vec<_> = one.map(ToOwned::to_owned).into_iter().chain(unread).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// The health of a Port's link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortHealth {
    /// Light that Megaport sends, in hundredths of a dBm.
    pub sent: Series,
    /// Light that Megaport receives, in hundredths of a dBm.
    pub received: Series,
    /// Errors into Megaport, in thousandths per second.
    pub errors_in: Series,
    /// Errors out of Megaport, in thousandths per second.
    pub errors_out: Series,
    /// The number of series or samples that could not be read.
    pub unread: u32,
}

impl PortHealth {
    /// Returns the sum of the newest errors of both directions, in thousandths per
    /// second, and whether both were given; `None` where neither was.
    pub fn errors(&self) -> Option<(i64, bool)> {
        let newest = |series: &Series| series.latest().map(|(_, errors)| errors);
        match (newest(&self.errors_in), newest(&self.errors_out)) {
            (None, None) => None,
            (Some(one), Some(two)) => Some((one.saturating_add(two), true)),
            (one, two) => one.or(two).map(|known| (known, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn errors_nobody_counted_are_not_none_of_them() {
        assert_eq!(PortHealth::default().errors(), None);
        let counted = Series::new([(Timestamp::from_millis(0), 0)]);
        assert_eq!(
            PortHealth { errors_in: counted, ..PortHealth::default() }.errors(),
            Some((0, false))
        );
    }

    #[test]
    fn traffic_of_one_direction_or_with_odd_samples_says_so() {
        let sampled = || Series::new([(Timestamp::from_millis(0), 5)]);
        let both = Traffic { inward: sampled(), outward: sampled(), ..Traffic::default() };
        assert_eq!(both.missing(), None);
        let half = Traffic { inward: sampled(), unread: 2, ..Traffic::default() };
        assert_eq!(
            half.missing().as_deref(),
            Some("only inbound traffic was sampled, 2 not readable")
        );
    }
}
