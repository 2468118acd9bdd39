//! The utilisation of an on-ramp, by measured load.

use crate::domain::{time::Timestamp, units::Mbps};

use super::{Series, Traffic};

/// The load against the capacity of the on-ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Bits per second in the busier direction.
    pub bits: i64,
    /// The speed it is measured against.
    pub of: Mbps,
}

impl Load {
    /// Returns the load as a whole percentage, rounded up: a sliver is not nothing.
    pub fn percent(self) -> u32 {
        let whole = i64::from(self.of.get()).saturating_mul(10_000).max(1);
        u32::try_from(self.bits.max(0).saturating_add(whole - 1) / whole).unwrap_or(u32::MAX)
    }
}

/// The utilisation of an on-ramp, now and over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utilisation {
    /// The last time both directions were measured.
    pub at: Timestamp,
    /// The load then.
    pub latest: Load,
    /// The highest load.
    pub peak: Load,
    /// The load that was not exceeded in 95 % of the samples of either direction.
    pub busy: Load,
}

impl Traffic {
    /// Returns the utilisation: the busier direction against the configured speed, else
    /// against `speed`. `None` where either is unknown.
    ///
    /// The latest load is that of the newest moment for which both directions
    /// are known: half a measurement would pass for a quiet line.
    pub fn utilisation(&self, speed: Option<Mbps>) -> Option<Utilisation> {
        let of = self.configured().or(speed).filter(|speed| *speed > Mbps::ZERO)?;
        let (at, inward, outward) =
            self.inward.samples().iter().rev().find_map(|(at, inward)| {
                self.outward.value_at(*at).map(|outward| (*at, *inward, outward))
            })?;
        let busier =
            |of_one: fn(&Series) -> Option<i64>| of_one(&self.inward).max(of_one(&self.outward));
        Some(Utilisation {
            at,
            latest: Load { bits: inward.max(outward), of },
            peak: Load { bits: busier(Series::peak)?, of },
            busy: Load { bits: busier(Series::percentile_95)?, of },
        })
    }

    /// Returns the newest known configured speed.
    pub fn configured(&self) -> Option<Mbps> {
        let (_, bits) = self.speed.latest()?;
        u32::try_from(bits / 1_000_000).ok().filter(|mbps| *mbps > 0).map(Mbps::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(samples: &[(i64, i64)]) -> Series {
        Series::new(
            samples.iter().map(|(at, mbps)| (Timestamp::from_millis(*at), mbps * 1_000_000)),
        )
    }

    #[test]
    fn latest_load_is_the_newest_known_in_both_directions() {
        let traffic = Traffic {
            inward: series(&[(0, 100), (5, 400), (10, 900)]),
            outward: series(&[(0, 100), (5, 500)]),
            ..Traffic::default()
        };
        let load = traffic.utilisation(Some(Mbps::new(1000))).unwrap();
        assert_eq!((load.at, load.latest.percent()), (Timestamp::from_millis(5), 50));
        assert_eq!(load.peak.percent(), 90, "the peak is one all the same");
    }

    #[test]
    fn nothing_measured_is_no_load_of_zero() {
        let speed = Some(Mbps::new(1000));
        assert_eq!(Traffic::default().utilisation(speed), None);
        let half = Traffic { inward: series(&[(0, 100)]), ..Traffic::default() };
        assert_eq!(half.utilisation(speed), None);
        let both = Traffic { outward: series(&[(0, 100)]), ..half };
        assert_eq!(both.utilisation(None), None, "without a speed there is no percentage");
    }

    #[test]
    fn configured_speed_is_the_ceiling_if_known() {
        let traffic = Traffic {
            inward: series(&[(0, 100)]),
            outward: series(&[(0, 0)]),
            speed: series(&[(0, 200)]),
            unread: 0,
        };
        let load = traffic.utilisation(Some(Mbps::new(1000))).unwrap();
        assert_eq!((load.latest.percent(), load.latest.of), (50, Mbps::new(200)));
    }

    #[test]
    fn tiny_load_is_not_zero_and_overload_is_shown() {
        let percent = |bits| Load { bits, of: Mbps::new(1000) }.percent();
        assert_eq!((percent(0), percent(1), percent(1_000_000_000)), (0, 1, 100));
        assert_eq!((percent(1_500_000_000), percent(-1)), (150, 0));
    }
}
